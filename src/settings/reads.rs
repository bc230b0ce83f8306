//! Which sections of a config were read: what follows from some of them stays as it is while others change.

use crate::document::{Edit, Path, Seg};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

/// A set of sections, the keys at the root of a config. It may hold more than was put in, never less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sections(u32);

/// The sections that are told apart: those that plans change. All others count as one.
const APART: [&str; 15] = [
    "agents",
    "channels",
    "tools",
    "gateway",
    "hooks",
    "session",
    "plugins",
    "skills",
    "browser",
    "commands",
    "discovery",
    "logging",
    "bindings",
    "security",
    "approvals",
];

impl Sections {
    /// Every section, and the files.
    pub const ALL: Sections = Sections(u32::MAX);
    /// No section, but the files of the installation, which plans close.
    pub const FILES: Sections = Sections(1 << (APART.len() + 1));

    fn named(name: &str) -> Self {
        Sections(1 << APART.iter().position(|apart| *apart == name).unwrap_or(APART.len()))
    }

    /// Is the section in which a place lies.
    fn around(path: &Path) -> Self {
        match path.segs() {
            [Seg::Key(name), ..] => Self::named(name),
            _ => Self::ALL,
        }
    }

    /// Is the sections that read otherwise after edits.
    pub(super) fn changed_by<'e>(edits: impl IntoIterator<Item = &'e Edit>) -> Self {
        edits.into_iter().map(|edit| section_of(edit).map_or(Self::ALL, Self::named)).fold(Self::default(), Self::or)
    }

    /// Whether any section is in both.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Is the sections of either.
    pub fn or(self, other: Self) -> Self {
        Sections(self.0 | other.0)
    }
}

/// Is the only section that reads otherwise after an edit; none where several may: a variable may stand in any of them.
pub(super) fn section_of(edit: &Edit) -> Option<&str> {
    match edit.path.segs() {
        [Seg::Key(name), ..] if name != "env" && name != "__proto__" => Some(name),
        _ => None,
    }
}

/// The sections that were read of late. A copy begins anew.
#[derive(Debug, Default)]
pub(super) struct Reads(AtomicU32);

impl Clone for Reads {
    fn clone(&self) -> Self {
        Reads::default()
    }
}

impl Reads {
    /// Notes that a text names the place that is read.
    pub fn note_text(&self, path: &str) {
        let name = path.split(['.', '[']).find(|part| !part.is_empty());
        self.note(name.map_or(Sections::ALL, Sections::named));
    }

    /// Notes that a place is read.
    pub fn note_path(&self, path: &Path) {
        self.note(Sections::around(path));
    }

    /// Notes that sections are read.
    pub fn note(&self, sections: Sections) {
        // Most reads are of what was read before, and need not write.
        if self.0.load(Ordering::Relaxed) & sections.0 != sections.0 {
            self.0.fetch_or(sections.0, Ordering::Relaxed);
        }
    }

    /// Is what somebody works out, and the sections that were read for it.
    pub fn of<T>(&self, work_out: impl FnOnce() -> T) -> (T, Sections) {
        let outer = self.0.swap(0, Ordering::Relaxed);
        let done = work_out();
        let inner = Sections(self.0.swap(0, Ordering::Relaxed));
        self.note(inner.or(Sections(outer)));
        (done, inner)
    }
}

/// What is worked out from settings once somebody asks for it, and stays as long as the sections that were read for it. Copies
/// share it.
#[derive(Clone, Debug)]
pub(super) struct Kept<T>(OnceLock<(Arc<T>, Sections)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept(OnceLock::new())
    }
}

impl<T: Clone> Kept<T> {
    /// Is what is kept, worked out now if it is not known; either way its sections are read.
    pub fn of(&self, reads: &Reads, work_out: impl FnOnce() -> T) -> &T {
        let (kept, read) = self.0.get_or_init(|| {
            let (kept, read) = reads.of(work_out);
            (Arc::new(kept), read)
        });
        reads.note(*read);
        kept
    }

    /// Is what is kept, to be changed as the settings have.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut().map(|(kept, _)| Arc::make_mut(kept))
    }

    /// Forgets what was worked out from a section that changed.
    pub fn forget(&mut self, changed: Sections) {
        if self.0.get().is_some_and(|(_, read)| read.meets(changed)) {
            *self = Kept::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_within_is_told_apart_from_what_was_read_before() {
        let reads = Reads::default();
        reads.note_text("tools.deny");
        let ((), within) = reads.of(|| reads.note_path(&Path::from("agents.list[0].tools")));
        assert_eq!(within, Sections::named("agents"));
        let ((), all) = reads.of(|| reads.note_text(""));
        assert_eq!(all, Sections::ALL);
        assert!(Sections(reads.0.into_inner()).meets(Sections::named("tools")));
    }

    #[test]
    fn edits_change_the_sections_that_they_lie_in_and_variables_all() {
        let changed = Sections::changed_by(&[Edit::remove("hooks.token"), Edit::set("gateway.bind", "loopback")]);
        for (name, is_changed) in [("hooks", true), ("gateway", true), ("agents", false), ("unheard.of", false)] {
            assert_eq!(changed.meets(Sections::named(name)), is_changed, "{name}");
        }
        for edit in [Edit::set("env.vars.A", "b"), Edit::remove(Path::root()), Edit::remove("__proto__")] {
            assert_eq!(Sections::changed_by(&[edit]), Sections::ALL);
        }
        assert!(!Sections::changed_by(&[]).meets(Sections::ALL));
    }
}
