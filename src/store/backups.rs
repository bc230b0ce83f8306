//! Our backups of a file: `openclaw.json.harden-20261122-165206`, time in UTC, beside it.
//!
//! The name is ours alone: OpenClaw's ring of five (`.bak`, `.bak.1` ... `.bak.4`) does not rotate it away.

use super::folder::{Draft, Folder, Owner, cannot_write};
use super::{Kind, Part, Read, StoreError, Written, several, split, write_all};
use crate::text::time::{civil, days_before};
use crate::text::{Said, Text};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A backup of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// When it was made, to the second.
    pub time: SystemTime,
    /// Its size in bytes.
    pub size: u64,
}

impl Backup {
    /// Is its time as in `2026-11-22 16:52:06 UTC`.
    pub fn utc(&self) -> String {
        utc(self.time)
    }
}

/// Is a time as in `2026-11-22 16:52:06 UTC`.
pub fn utc(time: SystemTime) -> String {
    let [year, month, day, hour, minute, second] = civil(seconds(time));
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Is every backup of ours of a file, newest first; none where the folder is absent.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn backups(path: &Path) -> Result<Vec<Backup>, StoreError> {
    let (parent, name) = split(path)?;
    if !parent.exists() {
        return Ok(Vec::new());
    }
    let (folder, _) = Folder::open(parent, false)?;
    let found = list(&folder, name).map_err(|error| cannot_list(&folder, error))?;
    Ok(found
        .into_iter()
        .map(|(stamp, backup, size)| Backup {
            path: folder.path.join(backup),
            time: SystemTime::UNIX_EPOCH + Duration::from_secs(stamp.time.max(0) as u64),
            size,
        })
        .collect())
}

/// Puts a backup in the place of the file that was `current`, which is itself backed up; no backup is removed. The other files
/// that were written together with this one go back with it.
///
/// # Errors
/// As [`write()`]; and refuses what is not a backup that we made of this file, or is empty.
pub fn restore(path: &Path, current: Option<&Read>, backup: &Path) -> Result<Written, StoreError> {
    const NOT_OURS: Text = Text {
        en: "{path} is not a backup that openclaw-harden made of this file: restore --list names those.",
        ja: "{path} は、openclaw-harden が作成したこのファイルのバックアップではありません。restore --list で一覧を表示できます。",
    };
    const EMPTY: Text = Text {
        en: "The backup {path} is absent or empty, so it is not restored.",
        ja: "バックアップ {path} は存在しないか空のため、復元しません。",
    };
    let refused = |text: Text| {
        let said = text.with("path", backup.display());
        StoreError::new(Kind::Refused, said).with_outcome()
    };
    let (parent, name) = split(path)?;
    let (beside, stamp) = split(backup)?;
    let same_folder = parent.canonicalize().ok() == beside.canonicalize().ok();
    if !same_folder || Stamp::parse(stamp, name).is_none() {
        return Err(refused(NOT_OURS));
    }
    let saved = super::read(backup)
        .map_err(StoreError::with_outcome)?
        .filter(|saved| !saved.bytes.is_empty())
        .ok_or_else(|| refused(EMPTY))?;
    let others = several::written_with(backup).map_err(StoreError::with_outcome)?;
    let mut now = Vec::new();
    for (path, saved) in &others {
        now.push((path, super::read(path).map_err(StoreError::with_outcome)?, saved));
    }
    let root = Part { path, read: current, bytes: Some(&saved.bytes) };
    let parts = now.iter().map(|(path, read, saved)| Part { path, read: read.as_ref(), bytes: Some(saved) });
    write_all(&std::iter::once(root).chain(parts).collect::<Vec<_>>(), usize::MAX)
}

/// A backup that goes again unless the write that it was made for succeeds.
pub(super) struct Made<'a> {
    folder: &'a Folder,
    name: OsString,
    stays: bool,
}

impl Made<'_> {
    pub(super) fn keep(mut self) -> PathBuf {
        self.stays = true;
        self.folder.path.join(&self.name)
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        if !self.stays {
            let _ = self.folder.remove(&self.name);
        }
    }
}

/// Backs up what was read: whole and synced before it bears its name.
pub(super) fn make<'a>(
    folder: &'a Folder,
    name: &OsStr,
    read: &Read,
    owner: Option<Owner>,
) -> Result<Made<'a>, StoreError> {
    let stamp = next(&[(folder, name)])?;
    make_at(folder, stamp.name(name), name, &read.bytes, owner)
}

/// Is the stamp for the backups that several files get now: later than any of them has, and free for all.
pub(super) fn next(files: &[(&Folder, &OsStr)]) -> Result<Stamp, StoreError> {
    let mut newest = None;
    for (folder, name) in files {
        let found = list(folder, name).map_err(|error| cannot_list(folder, error))?;
        newest = newest.max(found.first().map(|(stamp, ..)| *stamp));
    }
    let mut stamp = Stamp::after(newest, SystemTime::now());
    let is_free =
        |stamp: Stamp| files.iter().all(|(folder, name)| matches!(folder.stat(&stamp.name(name)), Err(Errno::NOENT)));
    while !is_free(stamp) {
        stamp.count += 1;
    }
    Ok(stamp)
}

/// Writes a file that goes again unless it is kept: whole and synced before it bears its name.
pub(super) fn make_at<'a>(
    folder: &'a Folder,
    name: OsString,
    of: &OsStr,
    bytes: &[u8],
    owner: Option<Owner>,
) -> Result<Made<'a>, StoreError> {
    let draft = Draft::new(folder, of, bytes, 0o600, owner)?;
    draft.appear(&name)?;
    let made = Made { folder, name, stays: false };
    // The name must outlive a power cut before the new file may stand.
    match folder.sync() {
        Ok(()) => Ok(made),
        Err(error) => Err(cannot_write(&folder.path.join(&made.name), error)),
    }
}

/// Gives the file itself the name of a backup, so that it no longer stands under its own.
pub(super) fn take_away(folder: &Folder, name: &OsStr, read: &Read) -> Result<PathBuf, StoreError> {
    let newest = list(folder, name).map_err(|error| cannot_list(folder, error))?;
    let mut stamp = Stamp::after(newest.first().map(|(stamp, ..)| *stamp), SystemTime::now());
    loop {
        let backup = stamp.name(name);
        if folder.move_to(name, &backup)? {
            if let Err(error) = folder.expect(&backup, Some(read)) {
                // Another program's version goes back under its name; where a newer one stands there already, both stay.
                folder.move_to(&backup, name)?;
                return Err(error);
            }
            let path = folder.path.join(&backup);
            return folder.sync().map(|()| path.clone()).map_err(|error| cannot_write(&path, error));
        }
        stamp.count += 1;
    }
}

/// Removes the oldest of our backups down to `keep`, the newest never; says what could not be removed.
pub(super) fn prune(folder: &Folder, name: &OsStr, keep: usize) -> Option<Said> {
    const LEFT: Text = Text {
        en: "Old backups in {path} could not be removed: {why}.",
        ja: "{path} の古いバックアップを削除できませんでした: {why}。",
    };
    let removed = list(folder, name).and_then(|found| {
        for (_, backup, _) in found.into_iter().skip(keep.max(1)) {
            folder.remove(&backup)?;
            several::forget(folder, &backup);
        }
        Ok(())
    });
    let path = folder.path.display();
    removed.err().map(|error| LEFT.with("path", path).with("why", error))
}

/// Is every backup, newest first, with its size.
fn list(folder: &Folder, name: &OsStr) -> io::Result<Vec<(Stamp, OsString, u64)>> {
    let mut found: Vec<_> = folder
        .names()?
        .into_iter()
        .filter_map(|backup| {
            let stamp = Stamp::parse(&backup, name)?;
            let stat = folder.stat(&backup).ok()?;
            rustix::fs::FileType::from_raw_mode(stat.st_mode as _).is_file().then_some((
                stamp,
                backup,
                stat.st_size as u64,
            ))
        })
        .collect();
    found.sort_by_key(|(stamp, ..)| std::cmp::Reverse(*stamp));
    Ok(found)
}

fn cannot_list(folder: &Folder, error: io::Error) -> StoreError {
    const CANNOT: Text = Text {
        en: "Cannot list the folder {path}.",
        ja: "フォルダー {path} の一覧を取得できません。",
    };
    StoreError::failed(CANNOT.with("path", folder.path.display()), error)
}

/// When a backup was made, and its number within the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    time: i64,
    count: u32,
}

impl Stamp {
    /// Is the stamp for now, later than the newest in any case: a clock that was set back must not hide the last backup.
    fn after(newest: Option<Stamp>, now: SystemTime) -> Stamp {
        let time = seconds(now);
        match newest {
            Some(newest) if newest.time >= time => Stamp { count: newest.count.saturating_add(1), ..newest },
            _ => Stamp { time, count: 0 },
        }
    }

    pub(super) fn name(self, config: &OsStr) -> OsString {
        let [year, month, day, hour, minute, second] = civil(self.time);
        let mut name = config.as_bytes().to_vec();
        name.extend(format!(".harden-{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}").bytes());
        if self.count > 0 {
            name.extend(format!("-{}", self.count).bytes());
        }
        OsString::from_vec(name)
    }

    /// Reads a name back; only names that we could have given count.
    pub(super) fn parse(name: &OsStr, config: &OsStr) -> Option<Stamp> {
        let stamp = name.as_bytes().strip_prefix(config.as_bytes())?.strip_prefix(b".harden-")?;
        let stamp = std::str::from_utf8(stamp).ok()?;
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = stamp.get(range)?;
            let all = digits.bytes().all(|byte| byte.is_ascii_digit());
            all.then(|| digits.parse().ok()).flatten()
        };
        let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
        let (hour, minute, second) = (number(9..11)?, number(11..13)?, number(13..15)?);
        let count = match stamp.get(15..)? {
            "" => 0,
            count => count.strip_prefix('-')?.parse().ok()?,
        };
        let days = days_before(year, month, day);
        let time = ((days * 24 + hour) * 60 + minute) * 60 + second;
        let stamp = Stamp { time, count };
        (stamp.name(config) == name).then_some(stamp)
    }
}

/// Is the date of a time in UTC, as in `2027-03-31`.
pub fn date(time: SystemTime) -> String {
    let [year, month, day, ..] = civil(seconds(time));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Is a time in UTC to the minute, as in `2026-11-22 16:52`.
pub fn minute(time: SystemTime) -> String {
    let [year, month, day, hour, minute, _] = civil(seconds(time));
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

/// Is a time in seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> i64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: i64, count: u32) -> Stamp {
        Stamp { time, count }
    }

    #[test]
    fn a_name_tells_the_time_in_utc_and_reads_back() {
        let config = OsStr::new("openclaw.json");
        for (stamp, name) in [
            (at(1_795_366_326, 0), "openclaw.json.harden-20261122-165206"),
            (at(1_795_366_326, 12), "openclaw.json.harden-20261122-165206-12"),
            (at(951_782_400, 0), "openclaw.json.harden-20000229-000000"),
            (at(4_107_542_399, 0), "openclaw.json.harden-21000228-235959"),
            (at(0, 0), "openclaw.json.harden-19700101-000000"),
        ] {
            assert_eq!(stamp.name(config), OsStr::new(name));
            assert_eq!(Stamp::parse(OsStr::new(name), config), Some(stamp), "{name}");
        }
    }

    #[test]
    fn what_we_could_not_have_named_is_not_ours() {
        let config = OsStr::new("openclaw.json");
        for name in [
            "openclaw.json.bak",
            "openclaw.json.bak.1",
            "openclaw.json.harden-",
            "openclaw.json.harden-20261322-165206",
            "openclaw.json.harden-20260230-165206",
            "openclaw.json.harden-20261122-165260",
            "openclaw.json.harden-20261122-165206-0",
            "openclaw.json.harden-20261122-165206-01",
            "openclaw.json.harden-20261122-165206-+1",
            "openclaw.json.harden-20261122-165206.txt",
            "openclaw.json.harden-20261122x165206",
            "other.json.harden-20261122-165206",
            ".openclaw.json.harden-0123456789abcdef.tmp",
        ] {
            assert_eq!(Stamp::parse(OsStr::new(name), config), None, "{name}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_hide_the_last_backup() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        assert_eq!(Stamp::after(None, now), at(100, 0));
        assert_eq!(Stamp::after(Some(at(99, 7)), now), at(100, 0));
        assert_eq!(Stamp::after(Some(at(100, 0)), now), at(100, 1));
        assert_eq!(Stamp::after(Some(at(500, 3)), now), at(500, 4));
    }
}
