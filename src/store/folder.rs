//! The folder of a file, held by one descriptor, and the steps of a write below it.

use super::{Kind, LIMIT, Read, StoreError};
use crate::text::{Said, Text};
use rustix::fs::{
    AtFlags, CWD, FlockOperation, Mode, OFlags, RenameFlags, fchmod, fchown, flock, fsync, mkdirat, openat, renameat,
    renameat_with, statat, unlinkat,
};
use rustix::io::Errno;
use rustix::process::{Gid, Uid, geteuid};
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How long another writer of ours is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The age from which a draft can only be what a crash left.
const STALE: Duration = Duration::from_secs(60 * 60);

/// How often a race with another program is fought before it is left to it.
const ROUNDS: usize = 8;

/// Whether a path may be a link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Refuse,
    Follow,
}

/// Reads the regular file at `name` below `dir`; `shown` names it in messages.
pub(super) fn read(dir: impl AsFd, name: &Path, shown: &Path, links: Links) -> Result<Option<Read>, StoreError> {
    const UNSTEADY: Text = Text {
        en: "{path} is being written by another program: try again when it is done.",
        ja: "別のプログラムが {path} に書き込んでいます。終わってから、もう一度実行してください。",
    };
    let cannot = |error: io::Error| {
        const CANNOT: Text = Text { en: "Cannot read {path}.", ja: "{path} を読み取れません。" };
        StoreError::failed(CANNOT.with("path", shown.display()), error)
    };
    let (at, open) = match links {
        Links::Refuse => (AtFlags::SYMLINK_NOFOLLOW, OFlags::NOFOLLOW),
        Links::Follow => (AtFlags::empty(), OFlags::empty()),
    };
    // Opening a device or a FIFO can itself do something, so the kind is looked at first, and again by descriptor.
    let kind = match statat(&dir, name, at) {
        Ok(stat) => rustix::fs::FileType::from_raw_mode(stat.st_mode as _),
        Err(Errno::NOENT) => return Ok(None),
        Err(error) => return Err(cannot(error.into())),
    };
    if kind.is_symlink() {
        return Err(linked(shown));
    }
    if !kind.is_file() {
        return Err(irregular(shown));
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC | open;
    let mut file = match openat(&dir, name, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP) if links == Links::Refuse => return Err(linked(shown)),
        Err(error) => return Err(cannot(error.into())),
    };
    for _ in 0..ROUNDS {
        let before = file.metadata().map_err(cannot)?;
        check(&before, shown, links)?;
        let mut bytes = Vec::with_capacity(before.len() as usize + 1);
        io::Seek::rewind(&mut file).map_err(cannot)?;
        (&mut file).take(LIMIT + 1).read_to_end(&mut bytes).map_err(cannot)?;
        let after = file.metadata().map_err(cannot)?;
        if stamp(&before) == stamp(&after) && bytes.len() as u64 == after.len() {
            return Ok(Some(Read { bytes, mode: after.mode() & 0o7777, uid: after.uid(), gid: after.gid() }));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(StoreError::new(Kind::Refused, UNSTEADY.with("path", shown.display())))
}

fn stamp(file: &Metadata) -> (u64, i64, i64) {
    (file.len(), file.mtime(), file.mtime_nsec())
}

fn check(file: &Metadata, shown: &Path, links: Links) -> Result<(), StoreError> {
    const HARD_LINKED: Text = Text {
        en: "{path} has {n} hard links: replacing it would leave the other names at the old content. Remove them first.",
        ja: "{path} にはハードリンクが{n}個あります。置き換えると、ほかの名前には古い内容が残ります。先に削除してください。",
    };
    const TOO_LARGE: Text = Text {
        en: "{path} is larger than 64 MiB, which no config is.",
        ja: "{path} は 64 MiB を超えており、設定ファイルではありません。",
    };
    if !file.is_file() {
        return Err(irregular(shown));
    }
    let refused = |said: Said| Err(StoreError::new(Kind::Refused, said));
    if links == Links::Refuse && file.nlink() > 1 {
        return refused(HARD_LINKED.with("path", shown.display()).with("n", file.nlink()));
    }
    if file.len() > LIMIT {
        return refused(TOO_LARGE.with("path", shown.display()));
    }
    Ok(())
}

fn linked(shown: &Path) -> StoreError {
    const LINKED: Text = Text {
        en: "{path} is a symbolic link: OpenClaw replaces the link by a file when it writes, and the target stays old. Put the file itself there, or name the target: --config {target}",
        ja: "{path} はシンボリックリンクです。OpenClaw が書き込むとリンクはファイルに置き換わり、リンク先は古いままになります。ファイル自体を置くか、リンク先を指定してください: --config {target}",
    };
    let target = std::fs::canonicalize(shown).unwrap_or_else(|_| shown.to_owned());
    StoreError::new(Kind::Refused, LINKED.with("path", shown.display()).with("target", target.display()))
}

fn irregular(shown: &Path) -> StoreError {
    const IRREGULAR: Text =
        Text { en: "{path} is not a regular file.", ja: "{path} は通常のファイルではありません。" };
    const FOLDER: Text = Text {
        en: "{path} is a folder: name the config file in it.",
        ja: "{path} はフォルダーです。中の設定ファイルを指定してください。",
    };
    let what = if shown.is_dir() { FOLDER } else { IRREGULAR };
    StoreError::new(Kind::Refused, what.with("path", shown.display()))
}

/// The folder of a file.
pub(super) struct Folder {
    fd: OwnedFd,
    pub(super) path: PathBuf,
}

impl Folder {
    /// Opens it; where it is absent and may be made, makes it with mode 0700.
    pub(super) fn open(path: &Path, make: bool) -> Result<(Folder, Made), StoreError> {
        let mut made = Made::default();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = match openat(CWD, path, flags, Mode::empty()) {
            Err(Errno::NOENT) if make => {
                made.make(path)?;
                openat(CWD, path, flags, Mode::empty())
            }
            opened => opened,
        };
        let fd = fd.map_err(|error| {
            const CANNOT: Text =
                Text { en: "Cannot open the folder {path}.", ja: "フォルダー {path} を開けません。" };
            StoreError::failed(CANNOT.with("path", path.display()), error)
        })?;
        let path = path.to_owned();
        Ok((Folder { fd, path }, made))
    }

    /// Keeps other writers of ours out until it is dropped.
    ///
    /// Where the file system has no such locks there is none: the check of what comes out of the exchange still holds.
    pub(super) fn lock(&self) -> Result<Lock<'_>, StoreError> {
        const BUSY: Text = Text {
            en: "Another openclaw-harden is writing in {path}: try again when it is done.",
            ja: "別の openclaw-harden が {path} に書き込んでいます。終わってから、もう一度実行してください。",
        };
        let since = Instant::now();
        while flock(&self.fd, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
            if since.elapsed() > PATIENCE {
                let said = BUSY.with("path", self.path.display());
                return Err(StoreError::new(Kind::Busy, said));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Lock(self))
    }

    /// Demands that a file is as it was read, or still absent.
    pub(super) fn expect(&self, name: &OsStr, read: Option<&Read>) -> Result<(), StoreError> {
        if self.read(name)?.as_ref() == read {
            return Ok(());
        }
        Err(self.changed(name))
    }

    fn changed(&self, name: &OsStr) -> StoreError {
        const CHANGED: Text = Text {
            en: "{path} was changed by another program since it was read.",
            ja: "{path} は、読み取った後に別のプログラムが変更しました。",
        };
        let path = self.path.join(name);
        StoreError::new(Kind::Changed, CHANGED.with("path", path.display()))
    }

    pub(super) fn read(&self, name: &OsStr) -> Result<Option<Read>, StoreError> {
        let shown = self.path.join(name);
        read(&self.fd, name.as_ref(), &shown, Links::Refuse)
    }

    /// Is what the descriptor itself leads to.
    pub(super) fn this(&self) -> Result<rustix::fs::Stat, Errno> {
        rustix::fs::fstat(&self.fd)
    }

    pub(super) fn stat(&self, name: &OsStr) -> Result<rustix::fs::Stat, Errno> {
        statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW)
    }

    /// Is every name in it.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.fd)? {
            names.push(OsString::from_vec(entry?.file_name().to_bytes().to_vec()));
        }
        Ok(names)
    }

    pub(super) fn remove(&self, name: &OsStr) -> Result<(), Errno> {
        unlinkat(&self.fd, name, AtFlags::empty())
    }

    /// Removes the drafts that a crash left: ours by name and owner, and older than an hour.
    pub(super) fn sweep(&self, name: &OsStr) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
        for draft in self.names().unwrap_or_default() {
            let is_stale = is_draft(&draft, name)
                && self.stat(&draft).is_ok_and(|file| {
                    rustix::fs::FileType::from_raw_mode(file.st_mode as _).is_file()
                        && (file.st_uid == geteuid().as_raw() || geteuid().is_root())
                        && now - file.st_mtime > STALE.as_secs() as i64
                });
            if is_stale {
                // What cannot be removed does no harm: OpenClaw reads no file of this name.
                let _ = self.remove(&draft);
            }
        }
    }

    /// Gives a file a name that must be free; says whether it was.
    pub(super) fn move_to(&self, from: &OsStr, to: &OsStr) -> Result<bool, StoreError> {
        match self.rename(from, to, Rename::Fresh) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(cannot_write(&self.path.join(from), error.into())),
        }
    }

    /// Makes what was renamed survive a power cut.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(fsync(&self.fd)?)
    }

    fn rename(&self, from: &OsStr, to: &OsStr, how: Rename) -> Result<(), Errno> {
        match how {
            Rename::Over => renameat(&self.fd, from, &self.fd, to),
            Rename::Exchange => renameat_with(&self.fd, from, &self.fd, to, RenameFlags::EXCHANGE),
            Rename::Fresh => match renameat_with(&self.fd, from, &self.fd, to, RenameFlags::NOREPLACE) {
                Err(error) if is_unsupported(error) => {
                    rustix::fs::linkat(&self.fd, from, &self.fd, to, AtFlags::empty())?;
                    self.remove(from)
                }
                renamed => renamed,
            },
        }
    }
}

enum Rename {
    Over,
    Exchange,
    Fresh,
}

/// Whether a file system, or a sandbox around us, does not know this way of renaming.
fn is_unsupported(error: Errno) -> bool {
    matches!(error, Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP)
}

/// The right to write in a folder.
pub(super) struct Lock<'a>(&'a Folder);

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        let _ = flock(&self.0.fd, FlockOperation::Unlock);
    }
}

/// The folders that were made for a file; they go again where the file never stands.
#[derive(Default)]
pub(super) struct Made(Vec<PathBuf>);

impl Made {
    fn make(&mut self, path: &Path) -> Result<(), StoreError> {
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let parent = parent.unwrap_or(Path::new("."));
        let above = match parent.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound && parent != path => {
                self.make(parent)?;
                parent.metadata()
            }
            found => found,
        };
        let made = above.and_then(|above| {
            match mkdirat(CWD, path, Mode::RWXU) {
                Ok(()) => self.0.push(path.to_owned()),
                Err(Errno::EXIST) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            if geteuid().is_root() && above.uid() != 0 {
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let folder = openat(CWD, path, flags, Mode::empty())?;
                give(&folder, above.uid(), above.gid())?;
            }
            Ok(())
        });
        made.map_err(|error| {
            const CANNOT: Text =
                Text { en: "Cannot make the folder {path}.", ja: "フォルダー {path} を作成できません。" };
            StoreError::failed(CANNOT.with("path", path.display()), error)
        })
    }

    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            let _ = std::fs::remove_dir(path);
        }
    }
}

/// Whose a new file has to be.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    uid: u32,
    gid: u32,
}

impl Owner {
    /// Is the old file's owner; for a new file that root makes, the folder's: OpenClaw must be able to read it.
    pub(super) fn of(read: Option<&Read>, folder: &Folder) -> Result<Option<Owner>, StoreError> {
        if let Some(read) = read {
            let (uid, gid) = (read.uid, read.gid);
            return Ok(Some(Owner { uid, gid }));
        }
        if !geteuid().is_root() {
            return Ok(None);
        }
        match rustix::fs::fstat(&folder.fd) {
            Ok(stat) => Ok(Some(Owner { uid: stat.st_uid, gid: stat.st_gid })),
            Err(error) => Err(cannot_write(&folder.path, error.into())),
        }
    }
}

fn give(file: impl AsFd, uid: u32, gid: u32) -> Result<(), Errno> {
    fchown(file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
}

pub(super) fn cannot_write(path: &Path, error: io::Error) -> StoreError {
    const CANNOT: Text = Text { en: "Cannot write {path}.", ja: "{path} に書き込めません。" };
    StoreError::failed(CANNOT.with("path", path.display()), error)
}

/// A whole and synced file that stands nowhere yet, or what a replaced file has become. Goes when it is dropped.
pub(super) struct Draft<'a> {
    folder: &'a Folder,
    name: OsString,
    stays: bool,
}

impl<'a> Draft<'a> {
    /// Writes it beside `target`, under a name that no program takes for a config.
    pub(super) fn new(
        folder: &'a Folder,
        target: &OsStr,
        bytes: &[u8],
        mode: u32,
        owner: Option<Owner>,
    ) -> Result<Self, StoreError> {
        let cannot = |error: io::Error| cannot_write(&folder.path.join(target), error);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for _ in 0..ROUNDS {
            let name = draft_name(target).map_err(cannot)?;
            let fd = match openat(&folder.fd, &name, flags, Mode::RUSR | Mode::WUSR) {
                Err(Errno::EXIST) => continue,
                opened => opened.map_err(|error| cannot(error.into()))?,
            };
            let draft = Draft { folder, name, stays: false };
            draft.fill(File::from(fd), bytes, mode, owner).map_err(cannot)?;
            return Ok(draft);
        }
        Err(cannot(Errno::EXIST.into()))
    }

    fn fill(&self, mut file: File, bytes: &[u8], mode: u32, owner: Option<Owner>) -> io::Result<()> {
        if let Some(owner) = owner {
            let is = file.metadata()?;
            if (is.uid(), is.gid()) != (owner.uid, owner.gid) {
                match give(&file, owner.uid, owner.gid) {
                    // Nobody but the owner can read it, so a group that we may not give matters to nobody.
                    Err(_) if is.uid() == owner.uid => {}
                    given => given?,
                }
            }
        }
        file.write_all(bytes)?;
        fchmod(&file, Mode::from_raw_mode(mode as _))?;
        file.sync_all()
    }

    /// Gives it a name that must be free.
    pub(super) fn appear(mut self, name: &OsStr) -> Result<(), StoreError> {
        match self.folder.rename(&self.name, name, Rename::Fresh) {
            Ok(()) => {
                self.stays = true;
                Ok(())
            }
            Err(Errno::EXIST) => Err(self.folder.changed(name)),
            Err(error) => Err(cannot_write(&self.folder.path.join(name), error.into())),
        }
    }

    /// Puts it in the place of the file that was `read`, and of no other. What comes back is the old file.
    pub(super) fn replace(self, name: &OsStr, read: &Read) -> Result<Self, StoreError> {
        self.folder.expect(name, Some(read))?;
        self.exchange(name, read)
    }

    /// Changes places with the file in one step, and looks afterwards at what came out: a version that another program
    /// slipped in since the last check goes back, so none is ever lost.
    pub(super) fn exchange(mut self, name: &OsStr, read: &Read) -> Result<Self, StoreError> {
        let cannot = |error: Errno| cannot_write(&self.folder.path.join(name), io::Error::from(error));
        let mut ours = self.folder.stat(&self.name).map_err(cannot)?;
        match self.folder.rename(&self.name, name, Rename::Exchange) {
            Ok(()) => {}
            Err(error) if is_unsupported(error) => {
                self.folder.rename(&self.name, name, Rename::Over).map_err(cannot)?;
                self.stays = true;
                return Ok(self);
            }
            Err(Errno::NOENT) => return Err(self.folder.changed(name)),
            Err(error) => return Err(cannot(error)),
        }
        if self.folder.expect(&self.name, Some(read)).is_ok() {
            return Ok(self);
        }
        for _ in 0..ROUNDS {
            // Putting theirs back can itself take out a still newer version, which then has to go back in turn.
            let put_back = self.folder.stat(&self.name);
            let swapped = put_back.and_then(|_| {
                self.folder.rename(&self.name, name, Rename::Exchange)?;
                self.folder.stat(&self.name)
            });
            match (put_back, swapped) {
                (Ok(_), Ok(out)) if is_same(&out, &ours) => return Err(self.folder.changed(name)),
                (Ok(theirs), Ok(_)) => ours = theirs,
                (_, Err(error)) | (Err(error), _) => return Err(self.leave(cannot(error))),
            }
        }
        Err(self.leave(cannot(Errno::AGAIN)))
    }

    /// Leaves another program's version where it can be found.
    fn leave(&mut self, error: StoreError) -> StoreError {
        const ASTRAY: Text = Text {
            en: "Another program wrote at the same moment, and its version lies in {path}: compare both files before you go on.",
            ja: "同時に別のプログラムが書き込み、その内容は {path} にあります。続ける前に両方のファイルを比べてください。",
        };
        self.stays = true;
        let path = self.folder.path.join(&self.name);
        error.astray(ASTRAY.with("path", path.display()))
    }
}

impl Draft<'_> {
    /// Is the name under which it lies.
    pub(super) fn name(&self) -> &OsStr {
        &self.name
    }

    /// Is what the system knows of it.
    pub(super) fn stat(&self) -> Result<rustix::fs::Stat, StoreError> {
        let cannot = |error: Errno| cannot_write(&self.folder.path.join(&self.name), error.into());
        self.folder.stat(&self.name).map_err(cannot)
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if !self.stays {
            let _ = self.folder.remove(&self.name);
        }
    }
}

/// Whether both are of one file, whatever its name.
pub(super) fn is_same(one: &rustix::fs::Stat, other: &rustix::fs::Stat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}

const DRAFT_END: &[u8] = b".tmp";
const DRAFT_MARK: &[u8] = b".harden-";

/// Is a new name like `.openclaw.json.harden-0123456789abcdef.tmp`.
fn draft_name(target: &OsStr) -> io::Result<OsString> {
    let random = getrandom::u64().map_err(|error| io::Error::other(error.to_string()))?;
    let mut name = [b".", target.as_bytes(), DRAFT_MARK].concat();
    name.extend(format!("{random:016x}").bytes());
    name.extend(DRAFT_END);
    Ok(OsString::from_vec(name))
}

pub(super) fn is_draft(name: &OsStr, target: &OsStr) -> bool {
    name.as_bytes()
        .strip_prefix(b".")
        .and_then(|rest| rest.strip_prefix(target.as_bytes()))
        .and_then(|rest| rest.strip_prefix(DRAFT_MARK))
        .and_then(|rest| rest.strip_suffix(DRAFT_END))
        .is_some_and(|random| random.len() == 16 && random.iter().all(u8::is_ascii_hexdigit))
}
