//! Reads, backs up, replaces and restores a file, and loses nothing doing so. Knows bytes and paths, not settings.
//!
//! At any moment, a crash included, the file is the old one or the new one, whole; and the backup is whole whenever the new
//! one stands. Several files are written together by [`write_all`], which keeps a journal meanwhile: what a crash left half done
//! is finished or undone by [`mend`]. The order of [`write()`] sees to it: draft beside the file, synced; backup, synced; then one
//! step that puts the draft in the file's place. OpenClaw's own lock is held meanwhile, so it writes before or after. Everything
//! happens below one descriptor of the folder, so a path that is turned elsewhere meanwhile changes nothing.

mod ahead;
mod backups;
mod claim;
mod error;
mod folder;
mod modes;
mod private;
mod several;
#[cfg(test)]
mod tests;

pub use ahead::{purge, write_ahead};
pub use backups::{Backup, backups, date, minute, restore, utc};
pub use claim::{PATIENCE, is_claimed, wait_until_free};
pub use error::{Kind, StoreError};
pub use modes::{close_mode, reopen_mode};
pub use private::Private;
pub use several::{Half, Part, mend, unfinished, write_all, written_with};

use crate::text::{Said, Text};
use claim::Claim;
use folder::{Draft, Folder, Links, Owner};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
pub const LIMIT: u64 = 64 << 20;

/// How many backups are kept where nothing else is asked.
pub const KEEP: usize = 10;

/// A file as it was when it was read. What makes it another file later is other bytes, another owner or other mode bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Read {
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// Its permission bits, as in 0o600.
    pub mode: u32,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
}

impl Read {
    /// Whether it already is what writing `bytes` would make it.
    fn is(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes && self.mode & 0o077 == 0
    }
}

/// Shows no content: it holds secrets.
impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read")
            .field("bytes", &self.bytes.len())
            .field("mode", &format_args!("{:o}", self.mode))
            .field("uid", &self.uid)
            .field("gid", &self.gid)
            .finish()
    }
}

/// What a write left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The backup of what stood there before; none for a new file, or where nothing had to change.
    pub backup: Option<PathBuf>,
    /// The other files that were written together with it, each with its backup.
    pub others: Vec<(PathBuf, PathBuf)>,
    /// What went wrong after the new file stood.
    pub warnings: Vec<Said>,
}

/// Reads a file that may be written later; none where it is absent.
///
/// # Errors
/// Refuses what cannot be replaced without harm: a symbolic link, a file with a second hard link, anything but a
/// regular file, and files over [`LIMIT`].
pub fn read(path: &Path) -> Result<Option<Read>, StoreError> {
    folder::read(rustix::fs::CWD, path, path, Links::Refuse)
}

/// Reads a file that is only looked at; none where it is absent. Follows links, as OpenClaw does when it loads.
///
/// # Errors
/// Refuses anything but a regular file, and files over [`LIMIT`].
pub fn look(path: &Path) -> Result<Option<Read>, StoreError> {
    folder::read(rustix::fs::CWD, path, path, Links::Follow)
}

/// Whether this installation's config may be written at all.
///
/// OpenClaw 2026.9.6 refuses every write of its own where `OPENCLAW_CONFIG_READONLY` or `OPENCLAW_NIX_MODE` is exactly `1`
/// in the process environment; neither `.env` files nor the config count.
///
/// # Errors
/// Names the variable, or the option `--read-only`, that forbids it.
pub fn writable(env: &BTreeMap<String, String>, read_only: bool) -> Result<(), StoreError> {
    let is_set = |name: &str| env.get(name).is_some_and(|value| value == "1");
    let why = if read_only {
        Text {
            en: "--read-only was given, so nothing is written.",
            ja: "--read-only が指定されているため、書き込みません。",
        }
    } else if is_set("OPENCLAW_NIX_MODE") {
        Text {
            en: "Nix manages this config (OPENCLAW_NIX_MODE=1): change programs.openclaw.config in the Nix source and rebuild.",
            ja: "この設定は Nix が管理しています (OPENCLAW_NIX_MODE=1)。Nix の programs.openclaw.config を変更して再ビルドしてください。",
        }
    } else if is_set("OPENCLAW_CONFIG_READONLY") {
        Text {
            en: "This config is managed elsewhere (OPENCLAW_CONFIG_READONLY=1): change it at its source and deploy it again.",
            ja: "この設定は外部で管理されています (OPENCLAW_CONFIG_READONLY=1)。管理元で変更し、配備し直してください。",
        }
    } else {
        return Ok(());
    };
    Err(StoreError::new(Kind::ReadOnly, why))
}

/// Puts `bytes` in the place of the config that was `read`, or where none was, and backs up what stood there.
///
/// The new file has mode 0600, as OpenClaw writes it, and the old one's owner. Of our backups the newest `keep` stay, the one
/// just made in any case. Where the file already holds `bytes` and nobody else can read it, nothing is done.
///
/// # Errors
/// [`Kind::Changed`] where the file is not as it was read: the caller reads and plans anew. [`Kind::Busy`] where another program
/// writes it. After any error the file, and the folder beside it, are as they were; the one exception says so.
pub fn write(path: &Path, read: Option<&Read>, bytes: &[u8], keep: usize) -> Result<Written, StoreError> {
    in_folder(path, read, |folder, name| put_config(folder, name, read, bytes, keep))
}

/// Does the same with a file of our own, which OpenClaw does not write; one backup stays.
///
/// # Errors
/// As [`write()`].
pub fn save(path: &Path, read: Option<&Read>, bytes: &[u8]) -> Result<(), StoreError> {
    in_folder(path, read, |folder, name| put(folder, name, read, bytes, MODE, Some(1))).map(drop)
}

/// Does the same with a file whose earlier content is worth no backup.
///
/// # Errors
/// As [`write()`].
pub fn renew(path: &Path, read: Option<&Read>, bytes: &[u8]) -> Result<(), StoreError> {
    in_folder(path, read, |folder, name| put(folder, name, read, bytes, MODE, None)).map(drop)
}

/// Puts a config back as it was `before` in the place of what is there, which is itself backed up: bytes and mode, or its
/// absence where it was not there. No backup is removed. With `insist`, a lock of OpenClaw's that does not go away is passed over:
/// what is replaced is what was read all the same.
///
/// # Errors
/// As [`write()`].
pub fn give_back(
    path: &Path,
    current: &Read,
    before: Option<(&[u8], u32)>,
    insist: bool,
) -> Result<Written, StoreError> {
    in_folder(path, Some(current), |folder, name| {
        let _claim = match Claim::take(folder, name, Owner::of(Some(current), folder)?) {
            Err(error) if insist && error.kind() == Kind::Busy => None,
            claim => Some(claim?),
        };
        match before {
            Some((bytes, mode)) => put(folder, name, Some(current), bytes, mode & 0o7777, Some(usize::MAX)),
            None => {
                // Under the name of a backup, so that what another program slipped in is not lost.
                let backup = backups::take_away(folder, name, current)?;
                Ok(Written { backup: Some(backup), ..Written::default() })
            }
        }
    })
}

/// Does something in the folder of a file, which is locked meanwhile, where the file is as it was read.
fn in_folder<T>(
    path: &Path,
    read: Option<&Read>,
    act: impl FnOnce(&Folder, &OsStr) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let done = || {
        let (parent, name) = split(path)?;
        let (folder, made) = Folder::open(parent, read.is_none())?;
        let _lock = folder.lock()?;
        folder.expect(name, read)?;
        let done = act(&folder, name)?;
        made.keep();
        Ok(done)
    };
    done().map_err(StoreError::with_outcome)
}

/// Does the write of a config while OpenClaw writes none; where nothing is to be written, nobody is waited for.
fn put_config(
    folder: &Folder,
    name: &OsStr,
    read: Option<&Read>,
    bytes: &[u8],
    keep: usize,
) -> Result<Written, StoreError> {
    let claim = || Claim::take(folder, name, Owner::of(read, folder)?);
    let _claim = (!stands(read, bytes, MODE)).then(claim).transpose()?;
    put(folder, name, read, bytes, MODE, Some(keep))
}

/// Whether a file already is what it is to be.
fn stands(read: Option<&Read>, bytes: &[u8], mode: u32) -> bool {
    read.is_some_and(|read| read.bytes == bytes && read.mode & 0o077 == mode & 0o077)
}

/// Does the write in a folder that is locked, over a file that is as it was read. `keep` backups stay; without, none is made.
fn put(
    folder: &Folder,
    name: &OsStr,
    read: Option<&Read>,
    bytes: &[u8],
    mode: u32,
    keep: Option<usize>,
) -> Result<Written, StoreError> {
    if stands(read, bytes, mode) {
        return Ok(Written::default());
    }
    folder.sweep(name);

    let owner = Owner::of(read, folder)?;
    let draft = Draft::new(folder, name, bytes, mode, owner)?;
    let mut written = Written::default();
    let old = match read {
        Some(read) => {
            let backup = keep.map(|_| backups::make(folder, name, read, owner)).transpose()?;
            let old = draft.replace(name, read)?;
            written.backup = backup.map(|backup| backup.keep());
            Some(old)
        }
        None => {
            draft.appear(name)?;
            None
        }
    };

    // The old file goes only after the new one is sure to stand.
    if let Err(error) = folder.sync() {
        written.warnings.push(UNSYNCED.with("why", error));
    }
    drop(old);
    if let (Some(_), Some(keep)) = (&written.backup, keep) {
        written.warnings.extend(backups::prune(folder, name, keep));
    }
    Ok(written)
}

const UNSYNCED: Text = Text {
    en: "The new file stands, but the disk did not confirm it ({why}): check it after the next restart of this machine.",
    ja: "新しいファイルはありますが、ディスクの確認が取れませんでした ({why})。マシンの再起動後に確認してください。",
};

/// The mode of every file that is written, as OpenClaw has it.
const MODE: u32 = 0o600;

/// Is a path as folder and name.
fn split(path: &Path) -> Result<(&Path, &OsStr), StoreError> {
    const NO_NAME: Text =
        Text { en: "{path} does not name a file.", ja: "{path} はファイル名ではありません。" };
    let name = path.file_name().ok_or_else(|| StoreError::new(Kind::Refused, NO_NAME.with("path", path.display())))?;
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    Ok((parent.unwrap_or(Path::new(".")), name))
}
