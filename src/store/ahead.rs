//! Files that must stand before the config leads to them, and files that must go.

use super::folder::{Draft, Folder, Owner};
use super::{MODE, Part, Read, StoreError, UNSYNCED, Written, several, split, write_all};
use crate::text::Said;
use std::path::Path;

/// Puts new content into `ahead`, and then into the config and its other files, as [`write_all`] does.
///
/// What stands ahead only adds to what stood there, so at any moment, a crash included, the config finds all that it leads to. No
/// backup is made of it: that would be one more copy of secrets. Where the config cannot be written it is taken back.
///
/// # Errors
/// As [`write_all`]; nothing is changed then.
pub fn write_ahead(ahead: &[Part<'_>], parts: &[Part<'_>], keep: usize) -> Result<Written, StoreError> {
    let mut warnings = Vec::new();
    let mut done: Vec<&Part<'_>> = Vec::new();
    let mut failed = None;
    for part in ahead {
        match place(part) {
            Ok(warning) => {
                warnings.extend(warning);
                done.push(part);
            }
            Err(error) => {
                failed = Some(error.with_outcome());
                break;
            }
        }
    }
    let error = match failed {
        Some(error) => error,
        None => match write_all(parts, keep) {
            Ok(mut written) => {
                written.warnings.extend(warnings);
                return Ok(written);
            }
            Err(error) => error,
        },
    };
    for part in done {
        // What cannot be taken back is an addition that nothing leads to; the next write uses it.
        let _ = take_back(part);
    }
    Err(error)
}

fn place(part: &Part<'_>) -> Result<Option<Said>, StoreError> {
    let Some(bytes) = part.bytes else {
        return Ok(None);
    };
    let (parent, name) = split(part.path)?;
    let (folder, made) = Folder::open(parent, part.read.is_none())?;
    let _lock = folder.lock()?;
    folder.expect(name, part.read)?;
    if part.read.is_some_and(|read| read.is(bytes)) {
        return Ok(None);
    }
    folder.sweep(name);
    let draft = Draft::new(&folder, name, bytes, MODE, Owner::of(part.read, &folder)?)?;
    match part.read {
        Some(read) => drop(draft.replace(name, read)?),
        None => draft.appear(name)?,
    }
    made.keep();
    Ok(folder.sync().err().map(|error| UNSYNCED.with("why", error)))
}

/// Puts back what stood there before; what another program has written since stays.
fn take_back(part: &Part<'_>) -> Result<(), StoreError> {
    let (parent, name) = split(part.path)?;
    let (folder, _) = Folder::open(parent, false)?;
    let _lock = folder.lock()?;
    let Some(now) = folder.read(name)?.filter(|now| part.bytes.is_some_and(|bytes| now.is(bytes))) else {
        return Ok(());
    };
    match part.read {
        Some(read) => {
            let owner = Owner::of(Some(read), &folder)?;
            Draft::new(&folder, name, &read.bytes, read.mode, owner)?.replace(name, &now).map(drop)
        }
        None => folder.remove(name).map_err(|error| super::folder::cannot_write(part.path, error.into())),
    }
}

/// Removes a file that is as it was read, for good.
///
/// # Errors
/// Where it is not as it was read, or the system refuses it; it stays then.
pub fn purge(path: &Path, read: &Read) -> Result<(), StoreError> {
    let (parent, name) = split(path)?;
    let (folder, _) = Folder::open(parent, false)?;
    let _lock = folder.lock()?;
    folder.expect(name, Some(read))?;
    folder.remove(name).map_err(|error| super::folder::cannot_write(path, error.into()))?;
    several::forget(&folder, name);
    folder.sync().map_err(|error| super::folder::cannot_write(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Kind, read};
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn part<'a>(path: &'a Path, read: &'a Option<Read>, bytes: &'a [u8]) -> Part<'a> {
        Part { path, read: read.as_ref(), bytes: Some(bytes) }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").mode() & 0o777
    }

    #[test]
    fn what_stands_ahead_is_closed_and_has_no_backup() {
        let home = tempfile::tempdir().expect("a folder");
        let (env, config) = (home.path().join(".env"), home.path().join("openclaw.json"));
        fs::write(&env, "A=1\n").expect("written");
        fs::set_permissions(&env, Permissions::from_mode(0o644)).expect("a mode");
        fs::write(&config, "{}").expect("written");
        let (was, is) = (read(&env).expect("read"), read(&config).expect("read"));
        let written = write_ahead(&[part(&env, &was, b"A=1\nB=2\n")], &[part(&config, &is, b"{b: 1}")], 10);
        assert!(written.expect("written").backup.is_some());
        assert_eq!((fs::read(&env).expect("read").as_slice(), mode(&env)), (b"A=1\nB=2\n".as_slice(), 0o600));
        let names = fs::read_dir(home.path()).expect("listed").flatten().map(|entry| entry.file_name());
        assert!(!names.into_iter().any(|name| name.to_string_lossy().starts_with(".env.")));
    }

    #[test]
    fn a_config_that_cannot_be_written_takes_back_what_stood_ahead() {
        let home = tempfile::tempdir().expect("a folder");
        let (env, new, config) =
            (home.path().join(".env"), home.path().join("secrets.json"), home.path().join("openclaw.json"));
        fs::write(&env, "A=1\n").expect("written");
        fs::set_permissions(&env, Permissions::from_mode(0o640)).expect("a mode");
        fs::write(&config, "{}").expect("written");
        let (was, is) = (read(&env).expect("read"), read(&config).expect("read"));
        fs::write(&config, "{other: 1}").expect("written");
        let ahead = [part(&env, &was, b"A=1\nB=2\n"), part(&new, &None, b"{}")];
        let error = write_ahead(&ahead, &[part(&config, &is, b"{b: 1}")], 10).expect_err("changed");
        assert_eq!(error.kind(), Kind::Changed);
        assert_eq!((fs::read(&env).expect("read").as_slice(), mode(&env)), (b"A=1\n".as_slice(), 0o640));
        assert!(!new.exists());
        assert_eq!(fs::read(&config).expect("read"), b"{other: 1}");
    }

    #[test]
    fn a_file_that_was_changed_or_is_a_link_is_not_purged() {
        let home = tempfile::tempdir().expect("a folder");
        let (backup, link) = (home.path().join("openclaw.json.bak"), home.path().join("openclaw.json.bak.1"));
        fs::write(&backup, "{a: 1}").expect("written");
        let was = read(&backup).expect("read").expect("there");
        symlink("openclaw.json.bak", &link).expect("a link");
        assert!(purge(&link, &was).is_err());
        fs::write(&backup, "{b: 1}").expect("written");
        assert!(purge(&backup, &was).is_err() && backup.exists());
        let now = read(&backup).expect("read").expect("there");
        assert!(purge(&backup, &now).is_ok() && !backup.exists());
    }
}
