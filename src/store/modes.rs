//! Permission bits, changed by descriptor: no link is followed on the way.

use super::{Kind, StoreError, split};
use crate::text::Text;
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, FileType, Mode, OFlags, fchmod, fstat, openat};
use rustix::io::Errno;
use std::path::{Component, Path};

/// Takes bits away from a file or folder whose bits are `before`.
///
/// # Errors
/// Refuses a link, on the way too, a file with a second hard link, what is neither file nor folder, other bits than `before`, and an
/// `after` that has a bit more; and where the system does.
pub fn close_mode(path: &Path, before: u32, after: u32) -> Result<(), StoreError> {
    const WIDER: Text = Text {
        en: "{path} would be opened to others, which is not done here.",
        ja: "{path} のパーミッションが広がるため、変更しません。",
    };
    if after & !before != 0 {
        return Err(StoreError::new(Kind::Refused, WIDER.with("path", path.display())));
    }
    change(path, before, after)
}

/// Gives a file or folder whose bits are `after` the bits that it had before they were taken away.
///
/// # Errors
/// As [`close_mode`], but for wider bits.
pub fn reopen_mode(path: &Path, after: u32, before: u32) -> Result<(), StoreError> {
    change(path, after, before)
}

fn change(path: &Path, from: u32, to: u32) -> Result<(), StoreError> {
    const CHANGED: Text = Text {
        en: "The mode of {path} is {mode} and not {before} as it was, so it stays.",
        ja: "{path} のパーミッションが {before} から {mode} に変わっているため、変更しません。",
    };
    const ODD: Text = Text {
        en: "{path} is neither a folder nor a file with one name, so its mode stays.",
        ja: "{path} はフォルダーでも、名前が1つだけのファイルでもないため、パーミッションを変更しません。",
    };
    const CANNOT: Text = Text {
        en: "Cannot change the mode of {path}.",
        ja: "{path} のパーミッションを変更できません。",
    };
    let cannot = |error: Errno| StoreError::failed(CANNOT.with("path", path.display()), error);
    let file = open(path)?;
    let stat = fstat(&file).map_err(cannot)?;
    let kind = FileType::from_raw_mode(stat.st_mode as _);
    if !(kind.is_dir() || kind.is_file() && stat.st_nlink == 1) {
        return Err(StoreError::new(Kind::Refused, ODD.with("path", path.display())));
    }
    let mode = stat.st_mode as u32 & 0o7777;
    if mode == to {
        return Ok(());
    }
    if mode != from {
        let said = CHANGED.with("path", path.display()).with("mode", format!("{mode:04o}"));
        return Err(StoreError::new(Kind::Changed, said.with("before", format!("{from:04o}"))));
    }
    fchmod(&file, Mode::from_raw_mode(to as _)).map_err(cannot)
}

/// Opens what a path names, from the root on, a folder at a time.
fn open(path: &Path) -> Result<OwnedFd, StoreError> {
    const LED: Text = Text {
        en: "{path} is reached through a symbolic link or cannot be opened, so its mode stays.",
        ja: "{path} は、途中にシンボリックリンクがあるか、開けないため、パーミッションを変更しません。",
    };
    let led = |error: Errno| StoreError::failed(LED.with("path", path.display()), error);
    let (parent, name) = split(path)?;
    let step = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    // Links above the installation are the system's; what follows the real path has none, unless one is put there meanwhile.
    let real = parent.canonicalize().map_err(|error| StoreError::failed(LED.with("path", path.display()), error))?;
    let mut folder = openat(CWD, "/", step, Mode::empty()).map_err(led)?;
    for part in real.components() {
        if let Component::Normal(part) = part {
            folder = openat(&folder, part, step, Mode::empty()).map_err(led)?;
        }
    }
    let last = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    openat(&folder, name, last, Mode::empty()).map_err(led)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").mode() & 0o7777
    }

    #[test]
    fn bits_go_and_come_back_where_nobody_else_changed_them() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("x");
        fs::write(&file, "").expect("written");
        fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("a mode");
        assert!(close_mode(&file, 0o644, 0o600).is_ok() && mode(&file) == 0o600);
        assert!(close_mode(&file, 0o644, 0o600).is_ok());
        assert!(close_mode(&file, 0o600, 0o640).is_err() && mode(&file) == 0o600);
        assert!(reopen_mode(&file, 0o600, 0o644).is_ok() && mode(&file) == 0o644);
        assert!(close_mode(&file, 0o664, 0o600).is_err() && mode(&file) == 0o644);
        let folder = home.path().join("f");
        fs::create_dir(&folder).expect("made");
        fs::set_permissions(&folder, Permissions::from_mode(0o775)).expect("a mode");
        assert!(close_mode(&folder, 0o775, 0o700).is_ok() && mode(&folder) == 0o700);
    }

    #[test]
    fn no_link_is_followed_and_no_second_name_is_touched() {
        let home = tempfile::tempdir().expect("a folder");
        let (file, link, second) = (home.path().join("x"), home.path().join("l"), home.path().join("h"));
        fs::write(&file, "").expect("written");
        fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("a mode");
        symlink("x", &link).expect("a link");
        assert!(close_mode(&link, 0o644, 0o600).is_err());
        fs::hard_link(&file, &second).expect("a name");
        assert!(close_mode(&file, 0o644, 0o600).is_err());
        assert_eq!(mode(&file), 0o644);
    }
}
