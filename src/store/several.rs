//! Several files that change together: all of them or none, after a crash too.
//!
//! Before the first file is replaced a journal beside the backups says what stands where and what is to stand there:
//! `openclaw.json.harden-20261122-165206.begun`. It goes when the last one is. What it names when a program starts is finished
//! where one of its files is the new one, and undone where none is or another program wrote since. Which backups belong together is
//! kept in `openclaw.json.harden-20261122-165206.files`.

use super::backups::{self, Stamp, make_at, next};
use super::claim::Claim;
use super::folder::{Draft, Folder, Lock, Owner, cannot_write, is_draft};
use super::{Kind, MODE, Read, StoreError, UNSYNCED, Written, put_config, split};
use crate::text::{Said, Text};
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};

#[cfg(test)]
mod tests;

/// One of several files to write.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The file.
    pub path: &'a Path,
    /// What it was when it was read; none where there was none.
    pub read: Option<&'a Read>,
    /// What is to stand in it; none where it stays, and is only watched for changes.
    pub bytes: Option<&'a [u8]>,
}

/// What became of a write that was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The files that were still old are new now.
    Finished,
    /// The files that were new already are old again.
    Undone,
}

#[derive(Serialize, Deserialize)]
struct Journal {
    files: Vec<Entry>,
}

/// What a write does to a file.
#[derive(Serialize, Deserialize)]
struct Entry {
    /// The file, as seen from the config's folder.
    path: String,
    /// The name of its backup, beside it.
    backup: String,
    /// The name of the draft that takes its place, beside it.
    draft: String,
    /// What is to stand in it.
    new: String,
}

/// Which backups were made together with the one that bears the same name.
#[derive(Serialize, Deserialize)]
struct Together {
    files: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    path: String,
    backup: String,
}

const BEGUN: &str = ".begun";
const FILES: &str = ".files";

/// Puts new content into several files, the config first, as [`super::write()`] does for one: all of them, or none.
///
/// The config is backed up with the others even where it stays as it is, so that its backup stands for them all.
///
/// # Errors
/// As [`super::write()`]; [`Kind::Changed`] where any of the files is not as it was read, those included that stay. A file that is
/// not below the config's folder is refused.
pub fn write_all(parts: &[Part<'_>], keep: usize) -> Result<Written, StoreError> {
    match parts {
        [] => Ok(Written::default()),
        [Part { path, read, bytes: Some(bytes) }] => super::write(path, *read, bytes, keep),
        _ => Several::lock(parts).and_then(|several| several.write(keep)).map_err(StoreError::with_outcome),
    }
}

/// The folders of the files that are written together, each once.
struct Folders(Vec<(PathBuf, Folder)>);

impl Folders {
    fn of<'p>(paths: impl Iterator<Item = &'p Path>) -> Result<Self, StoreError> {
        let mut folders: Vec<(PathBuf, Folder)> = Vec::new();
        for path in paths {
            let (parent, _) = split(path)?;
            let (folder, _) = Folder::open(parent, false)?;
            let real = parent.canonicalize().map_err(|error| cannot_write(path, error))?;
            if !folders.iter().any(|(known, _)| *known == real) {
                folders.push((real, folder));
            }
        }
        Ok(Folders(folders))
    }

    /// Locks them all, in an order that is the same for every program of ours.
    fn lock(&self) -> Result<Vec<Lock<'_>>, StoreError> {
        let mut sorted: Vec<&(PathBuf, Folder)> = self.0.iter().collect();
        sorted.sort_by_key(|(path, _)| path);
        sorted.into_iter().map(|(_, folder)| folder.lock()).collect()
    }

    fn find(&self, path: &Path) -> Result<(&Folder, OsString), StoreError> {
        let (parent, name) = split(path)?;
        let real = parent.canonicalize().map_err(|error| cannot_write(path, error))?;
        let known = self.0.iter().find(|(known, _)| *known == real).map(|(_, folder)| folder);
        let gone = || cannot_write(path, io::ErrorKind::NotFound.into());
        Ok((known.ok_or_else(gone)?, name.to_owned()))
    }

    fn sync(&self) -> io::Result<()> {
        self.0.iter().try_for_each(|(_, folder)| folder.sync())
    }
}

struct Several<'a> {
    parts: &'a [Part<'a>],
    folders: Folders,
}

impl<'a> Several<'a> {
    fn lock(parts: &'a [Part<'a>]) -> Result<Self, StoreError> {
        Ok(Several { parts, folders: Folders::of(parts.iter().map(|part| part.path))? })
    }

    fn write(&self, keep: usize) -> Result<Written, StoreError> {
        let _locks = self.folders.lock()?;
        for part in self.parts {
            let (folder, name) = self.folders.find(part.path)?;
            folder.expect(&name, part.read)?;
        }
        let root = self.parts[0];
        let changed: Vec<(Part<'_>, &[u8])> = self
            .parts
            .iter()
            .filter_map(|part| Some((*part, part.bytes?)))
            .filter(|(part, bytes)| !part.read.is_some_and(|read| read.is(bytes)))
            .collect();
        match changed.as_slice() {
            [] => Ok(Written::default()),
            [(one, bytes)] if one.path == root.path => {
                let (folder, name) = self.folders.find(root.path)?;
                put_config(folder, &name, root.read, bytes, keep)
            }
            changed => {
                // OpenClaw holds the config's lock whichever of its files it writes.
                let (folder, name) = self.folders.find(root.path)?;
                let _claim = Claim::take(folder, &name, Owner::of(root.read, folder)?)?;
                self.begin(changed)?.run(keep)
            }
        }
    }

    /// Makes drafts, backups and journal; no file is touched.
    fn begin(&self, changed: &[(Part<'a>, &'a [u8])]) -> Result<Begun<'_>, StoreError> {
        let root = self.parts[0];
        let (root_folder, root_name) = self.folders.find(root.path)?;
        let mut steps = Vec::new();
        for (part, bytes) in changed {
            let (folder, name) = self.folders.find(part.path)?;
            folder.sweep(&name);
            let owner = Owner::of(part.read, folder)?;
            let draft = Draft::new(folder, &name, bytes, MODE, owner)?;
            steps.push(Step { folder, name, draft: Some(draft), old: None, part: *part, bytes });
        }
        let named: Vec<(&Folder, &OsStr)> = steps
            .iter()
            .map(|step| (step.folder, step.name.as_os_str()))
            .chain([(root_folder, root_name.as_os_str())])
            .collect();
        let stamp = next(&named)?;
        let mut made = Vec::new();
        for step in &steps {
            made.extend(backup_of(step.folder, &step.name, step.part.read, stamp)?);
        }
        if !changed.iter().any(|(part, _)| part.path == root.path) {
            made.extend(backup_of(root_folder, &root_name, root.read, stamp)?);
        }
        let owner = Owner::of(root.read, root_folder)?;
        let entries = steps.iter().map(|step| self.entry(step, stamp)).collect::<Result<Vec<_>, _>>()?;
        let together = Together {
            files: entries
                .iter()
                .filter(|entry| *entry.path != *root_name)
                .map(|entry| Kept { path: entry.path.clone(), backup: entry.backup.clone() })
                .collect(),
        };
        let beside = |ending: &str| {
            let mut name = stamp.name(&root_name);
            name.push(ending);
            name
        };
        let text = |text: serde_json::Result<Vec<u8>>| text.map_err(|error| cannot_write(root.path, error.into()));
        let together = text(serde_json::to_vec(&together))?;
        made.push(make_at(root_folder, beside(FILES), &root_name, &together, owner)?);
        let journal = text(serde_json::to_vec(&Journal { files: entries }))?;
        let journal = make_at(root_folder, beside(BEGUN), &root_name, &journal, owner)?;
        let backup = root_folder.path.join(stamp.name(&root_name));
        Ok(Begun { steps, made, journal: Some(journal), folders: &self.folders, stamp, root: root.path, backup })
    }

    fn entry(&self, step: &Step<'_>, stamp: Stamp) -> Result<Entry, StoreError> {
        const OUTSIDE: Text = Text {
            en: "{path} does not lie below the config's folder under a name of plain text, so it cannot be written together with the config.",
            ja: "{path} は設定のフォルダーの中にないか、名前がテキストではないため、設定と一緒に書き込めません。",
        };
        let refused = || StoreError::new(Kind::Refused, OUTSIDE.with("path", step.part.path.display()));
        let (root, _) = split(self.parts[0].path)?;
        let (own, name) = split(step.part.path)?;
        let real = |path: &Path| path.canonicalize().map_err(|error| cannot_write(path, error));
        let path = real(own)?.strip_prefix(real(root)?).map_err(|_| refused())?.join(name);
        let string = |name: &OsStr| name.to_str().map(str::to_owned).ok_or_else(refused);
        Ok(Entry {
            path: string(path.as_os_str())?,
            backup: string(&stamp.name(name))?,
            draft: string(step.draft.as_ref().map_or(OsStr::new(""), Draft::name))?,
            new: String::from_utf8(step.bytes.to_vec()).map_err(|_| refused())?,
        })
    }
}

fn backup_of<'f>(
    folder: &'f Folder,
    name: &OsStr,
    read: Option<&Read>,
    stamp: Stamp,
) -> Result<Option<backups::Made<'f>>, StoreError> {
    let Some(read) = read else {
        return Ok(None);
    };
    let owner = Owner::of(Some(read), folder)?;
    make_at(folder, stamp.name(name), name, &read.bytes, owner).map(Some)
}

/// A write of several files whose journal stands.
struct Begun<'a> {
    steps: Vec<Step<'a>>,
    made: Vec<backups::Made<'a>>,
    journal: Option<backups::Made<'a>>,
    folders: &'a Folders,
    stamp: Stamp,
    root: &'a Path,
    backup: PathBuf,
}

/// One file of it.
struct Step<'a> {
    folder: &'a Folder,
    name: OsString,
    part: Part<'a>,
    bytes: &'a [u8],
    /// What is to stand there.
    draft: Option<Draft<'a>>,
    /// What stood there, once it does not any more.
    old: Option<Draft<'a>>,
}

impl Step<'_> {
    fn replace(&mut self) -> Result<(), StoreError> {
        let Some(draft) = self.draft.take() else {
            return Ok(());
        };
        match self.part.read {
            Some(read) => self.old = Some(draft.replace(&self.name, read)?),
            None => draft.appear(&self.name)?,
        }
        Ok(())
    }

    /// Puts back what stood there.
    fn back(&mut self) -> Result<(), StoreError> {
        let Some(old) = self.old.take() else {
            return Ok(());
        };
        let ours = self.folder.read(&self.name)?.filter(|now| now.is(self.bytes));
        match ours {
            Some(ours) => old.exchange(&self.name, &ours).map(drop),
            // Another program wrote since: what it wrote stays.
            None => Ok(()),
        }
    }
}

impl Begun<'_> {
    fn run(mut self, keep: usize) -> Result<Written, StoreError> {
        for n in 0..self.steps.len() {
            if let Err(why) = self.steps[n].replace() {
                return Err(self.undo(n, why));
            }
        }
        Ok(self.end(keep))
    }

    /// Puts back the first `done` files. Where that fails the journal stays, and the next start sees to it.
    fn undo(mut self, done: usize, why: StoreError) -> StoreError {
        const HALF: Text = Text {
            en: "Some files are new and some are not: the next start of openclaw-harden finishes or undoes that.",
            ja: "新しいファイルと古いファイルが混在しています。次に openclaw-harden を起動すると、完了または取り消されます。",
        };
        for step in self.steps[..done].iter_mut().rev() {
            if step.back().is_err() {
                self.journal.take().map(backups::Made::keep);
                self.made.drain(..).for_each(|made| drop(made.keep()));
                return why.astray(HALF.into());
            }
        }
        why
    }

    fn end(mut self, keep: usize) -> Written {
        let mut written = Written::default();
        // The old files go only after the new ones are sure to stand.
        if let Err(error) = self.folders.sync() {
            written.warnings.push(UNSYNCED.with("why", error));
        }
        self.made.drain(..).for_each(|made| drop(made.keep()));
        // It goes by itself.
        drop(self.journal.take());
        written.backup = Some(self.backup.clone());
        for step in &mut self.steps {
            drop(step.old.take());
            if step.part.path != self.root {
                let backup = step.folder.path.join(self.stamp.name(&step.name));
                written.others.push((step.part.path.to_owned(), backup));
            }
            written.warnings.extend(backups::prune(step.folder, &step.name, keep));
        }
        written
    }
}

/// Is the other files that were written together with the config when this backup of it was made, each with what stood in it.
///
/// # Errors
/// Where that is known and their backups cannot be read.
pub fn written_with(backup: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, StoreError> {
    const GONE: Text = Text {
        en: "The backup {path} belongs to this one and is absent or empty, so nothing is restored.",
        ja: "一緒に作成されたバックアップ {path} が存在しないか空のため、復元しません。",
    };
    let (parent, name) = split(backup)?;
    let mut list = name.to_owned();
    list.push(FILES);
    let list = parent.join(list);
    let Some(read) = super::read(&list)? else {
        return Ok(Vec::new());
    };
    let together: Together = serde_json::from_slice(&read.bytes).map_err(|why| unreadable(&list, why))?;
    let mut files = Vec::new();
    for kept in together.files {
        let path = below(parent, &kept.path).ok_or_else(|| unreadable(&list, &kept.path))?;
        let saved = path.with_file_name(&kept.backup);
        let is_ours = Stamp::parse(OsStr::new(&kept.backup), path.file_name().unwrap_or_default()).is_some();
        let read = super::read(&saved)?.filter(|read| is_ours && !read.bytes.is_empty());
        let gone = || StoreError::new(Kind::Refused, GONE.with("path", saved.display()));
        files.push((path, read.ok_or_else(gone)?.bytes));
    }
    Ok(files)
}

/// Removes what says which backups belong to one that goes.
pub(super) fn forget(folder: &Folder, backup: &OsStr) {
    let mut list = backup.to_owned();
    list.push(FILES);
    // Most backups stand alone.
    let _ = folder.remove(&list);
}

/// Is the journal of a write to this config and its includes that was interrupted.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn unfinished(config: &Path) -> Result<Option<PathBuf>, StoreError> {
    let (parent, name) = split(config)?;
    if !parent.exists() {
        return Ok(None);
    }
    let (folder, _) = Folder::open(parent, false)?;
    let names = folder.names().map_err(|error| cannot_write(config, error))?;
    let is_journal = |found: &&OsString| {
        found
            .to_str()
            .and_then(|found| found.strip_suffix(BEGUN))
            .is_some_and(|stamp| Stamp::parse(OsStr::new(stamp), name).is_some())
    };
    Ok(names.iter().find(is_journal).map(|journal| parent.join(journal)))
}

/// Finishes or undoes a write that was interrupted.
///
/// It is finished where one of its files is new and the others are as they were; it is undone where none is new, or another
/// program has written one of them since: that one stays as it is.
///
/// # Errors
/// Where the journal cannot be read, or a file cannot be written; the journal stays then.
pub fn mend(config: &Path, journal: &Path) -> Result<Half, StoreError> {
    let (parent, config_name) = split(config)?;
    let (_, name) = split(journal)?;
    let read = super::read(journal)?.ok_or_else(|| unreadable(journal, "-"))?;
    let entries: Journal = serde_json::from_slice(&read.bytes).map_err(|why| unreadable(journal, why))?;
    let paths: Option<Vec<PathBuf>> = entries.files.iter().map(|entry| below(parent, &entry.path)).collect();
    let paths = paths.ok_or_else(|| unreadable(journal, "path"))?;
    let folders = Folders::of(paths.iter().map(PathBuf::as_path).chain([journal]))?;
    let _locks = folders.lock()?;
    let (folder, _) = folders.find(journal)?;
    let _claim = Claim::take(folder, config_name, Owner::of(Some(&read), folder)?)?;
    let mut states = Vec::new();
    for (path, entry) in paths.iter().zip(&entries.files) {
        let (folder, name) = folders.find(path)?;
        let now = folder.read(&name)?;
        let backup = OsStr::new(&entry.backup);
        let is_ours = Stamp::parse(backup, &name).is_some();
        let old = if is_ours { folder.read(backup)? } else { None };
        states.push(State { folder, name, now, old, entry });
    }
    let finish = states.iter().any(State::is_new) && states.iter().all(|state| state.is_new() || state.is_old());
    let is_untouched = states.iter().all(State::is_old);
    for state in &states {
        if finish && state.is_old() {
            state.put(state.entry.new.as_bytes())?;
        } else if !finish && state.is_new() {
            state.put(&state.old.as_ref().ok_or_else(|| unreadable(journal, &state.entry.backup))?.bytes)?;
        }
        // What the draft holds stands in the file or in the backup.
        let draft = OsStr::new(&state.entry.draft);
        if is_draft(draft, &state.name) {
            let _ = state.folder.remove(draft);
        }
    }
    folders.sync().map_err(|error| cannot_write(config, error))?;
    folder.remove(name).map_err(|error| cannot_write(journal, error.into()))?;
    if is_untouched {
        // Backups of a write that never was would hide the last one that was.
        for state in &states {
            let _ = state.folder.remove(OsStr::new(&state.entry.backup));
        }
        let backup = OsString::from(name.to_string_lossy().trim_end_matches(BEGUN));
        let (_, config) = split(config)?;
        let same = folder.read(&backup)?.zip(folder.read(config)?).is_some_and(|(saved, now)| saved.bytes == now.bytes);
        if same {
            let _ = folder.remove(&backup);
        }
        forget(folder, &backup);
    }
    Ok(if finish { Half::Finished } else { Half::Undone })
}

/// How a file of an interrupted write stands.
struct State<'a> {
    folder: &'a Folder,
    name: OsString,
    now: Option<Read>,
    old: Option<Read>,
    entry: &'a Entry,
}

impl State<'_> {
    fn is_new(&self) -> bool {
        self.now.as_ref().is_some_and(|now| now.bytes == self.entry.new.as_bytes())
    }

    fn is_old(&self) -> bool {
        let bytes = |read: &Option<Read>| read.as_ref().map(|read| read.bytes.clone());
        !self.is_new() && bytes(&self.now) == bytes(&self.old)
    }

    fn put(&self, bytes: &[u8]) -> Result<(), StoreError> {
        let owner = Owner::of(self.now.as_ref(), self.folder)?;
        let draft = Draft::new(self.folder, &self.name, bytes, MODE, owner)?;
        match &self.now {
            Some(now) => draft.replace(&self.name, now).map(drop),
            None => draft.appear(&self.name),
        }
    }
}

fn unreadable(path: &Path, why: impl std::fmt::Display) -> StoreError {
    const UNREADABLE: Text = Text {
        en: "{path} cannot be understood ({why}): compare the files with their backups, then remove it.",
        ja: "{path} を読み取れません ({why})。各ファイルをバックアップと比べてから、削除してください。",
    };
    let said: Said = UNREADABLE.with("path", path.display()).with("why", why);
    StoreError::new(Kind::Refused, said)
}

/// Is a path below a folder, where it is one.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (is_plain && path.file_name().is_some()).then(|| folder.join(path))
}
