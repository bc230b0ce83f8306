//! What a plan changes, told for people: before and after, what it closes, what happens to the running gateway.

use super::{Plan, Planned, mask};
use crate::checks::{Finding, audit};
use crate::document::{Change as Edited, Edit, Path};
use crate::posture::Weight;
use crate::settings::Settings;
use crate::text::{Said, Text};
use std::collections::BTreeSet;

/// One change that a plan makes: a row whose answer is not to keep.
pub struct Change {
    /// The name under which its answer is kept.
    pub key: String,
    /// The label of its row.
    pub label: Text,
    /// Whose it is; none where it is global.
    pub whose: Option<Said>,
    /// The key that the question is about.
    pub path: Path,
    /// Every place that it changes, with the value before and after; secrets are masked.
    pub places: Vec<Place>,
    /// Whether it may be taken unseen.
    pub weight: Weight,
    /// The findings that it closes, by id.
    pub closes: Vec<String>,
    /// What it does.
    pub effect: Said,
    /// What the running gateway does about it.
    pub reload: Reload,
}

/// A place that changes.
pub struct Place {
    /// Where.
    pub path: Path,
    /// The value before; none where nothing stood.
    pub before: Option<String>,
    /// The value after; none where nothing stands.
    pub after: Option<String>,
}

/// What a running gateway does when it sees a change (OpenClaw 2026.9.6, `gateway.reload.mode` hybrid).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reload {
    /// It applies within a second.
    Hot,
    /// It applies at once; affected connections are closed and come back.
    Reconnect,
    /// The channel starts anew, or the change waits for the next message.
    Channel,
    /// New containers have it; running ones keep the old settings until they are made anew.
    Recreate,
    /// The gateway restarts by itself.
    Restart,
}

impl Reload {
    /// Is what happens, for people.
    pub const fn text(self) -> Text {
        match self {
            Reload::Hot => Text { en: "applies within a second", ja: "1秒ほどで反映" },
            Reload::Reconnect => {
                Text { en: "applies at once, connections reopen", ja: "すぐに反映、接続は張り直し" }
            }
            Reload::Channel => {
                Text { en: "the channel may start anew", ja: "チャンネルが再起動することあり" }
            }
            Reload::Recreate => Text { en: "for new containers only", ja: "新しいコンテナから反映" },
            Reload::Restart => Text { en: "the gateway restarts", ja: "Gateway が再起動" },
        }
    }

    fn of(path: &Path) -> Self {
        let within = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.is_within(&Path::from(*prefix)));
        if within(&[
            "gateway.trustedProxies",
            "gateway.controlUi",
            "gateway.auth.allowTailscale",
            "gateway.auth.token",
            "gateway.auth.password",
        ]) {
            Reload::Reconnect
        } else if within(&["gateway.auth.rateLimit", "gateway.tools", "gateway.nodes"]) {
            Reload::Hot
        } else if within(&["gateway"]) {
            Reload::Restart
        } else if within(&["channels"]) {
            Reload::Channel
        } else if path.segs().iter().any(|seg| matches!(seg, crate::document::Seg::Key(key) if key == "sandbox"))
            && !within(&["tools"])
        {
            Reload::Recreate
        } else {
            Reload::Hot
        }
    }
}

impl Plan {
    /// Is every change that the plan makes, in the order of the steps.
    pub fn changes(&self) -> Vec<Change> {
        self.rows.iter().filter(|planned| !planned.edits.is_empty()).map(|planned| self.change(planned)).collect()
    }

    fn change(&self, planned: &Planned) -> Change {
        let mut paths: Vec<&Path> = planned.edits.iter().map(|edit| &edit.path).collect();
        paths.dedup();
        let places: Vec<Place> = planned.edits.iter().map(|edit| self.place(edit)).collect();
        let reload = paths.iter().map(|path| Reload::of(path)).max().unwrap_or(Reload::Hot);
        let effect = match planned.taken {
            Some(taken) => planned.row.choices[taken].effect.clone(),
            None => Text { en: "As you typed it.", ja: "入力したとおりにします。" }.into(),
        };
        Change {
            key: planned.key(),
            label: planned.label(),
            whose: planned.row.whose.clone(),
            path: planned.row.path.clone(),
            places,
            weight: planned.weight(),
            closes: self.closes(planned),
            effect,
            reload,
        }
    }

    /// Shows what an edit does by itself: of a list, the entries that come and go.
    fn place(&self, edit: &Edit) -> Place {
        let old = edit.path.of(&self.source);
        match &edit.change {
            Edited::Add(new) => Place {
                path: edit.path.clone(),
                before: None,
                after: Some(format!("+ {}", mask::shown(&edit.path, new))),
            },
            Edited::Set(new) => Place {
                path: edit.path.clone(),
                before: old.map(|old| mask::shown(&edit.path, old)),
                after: Some(mask::shown_new(&edit.path, old, new)),
            },
            Edited::Remove | Edited::Comment(_) => {
                Place { path: edit.path.clone(), before: old.map(|old| mask::shown(&edit.path, old)), after: None }
            }
        }
    }

    /// The findings that the change closes: those that go when it alone is made, and those that come back when it alone is not.
    fn closes(&self, planned: &Planned) -> Vec<String> {
        let mut alone = self.source.clone();
        planned.edits.iter().for_each(|edit| edit.apply(&mut alone));
        let mut without = self.source.clone();
        for edit in self.rows.iter().filter(|other| !std::ptr::eq(*other, planned)).flat_map(|other| &other.edits) {
            edit.apply(&mut without);
        }
        let alone = audit(&Settings::load(alone, self.facts.clone()));
        let without = audit(&Settings::load(without, self.written.clone()));
        let closed = gone(&self.before, &alone);
        let back = gone(&without, &self.after);
        let ids: BTreeSet<String> = closed.into_iter().chain(back).collect();
        ids.into_iter().collect()
    }
}

/// The ids of which there are fewer findings in `after` than in `before`.
fn gone(before: &[Finding], after: &[Finding]) -> Vec<String> {
    let count = |findings: &[Finding], id: &str| findings.iter().filter(|finding| finding.id == id).count();
    before
        .iter()
        .filter(|finding| count(before, &finding.id) > count(after, &finding.id))
        .map(|finding| finding.id.clone())
        .collect()
}
