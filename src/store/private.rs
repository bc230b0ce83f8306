//! A folder for our own records: mode 0700, ours, and below no folder that another user could turn elsewhere.

use super::folder::{Draft, Folder};
use super::{Kind, StoreError};
use crate::text::{Said, Text};
use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use rustix::io::Errno;
use rustix::process::geteuid;
use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A folder that only this user reads and writes, held by descriptor.
pub struct Private {
    folder: Folder,
}

impl Private {
    /// Opens it, and makes it where it is absent.
    ///
    /// # Errors
    /// Refuses a folder that is a link, is not this user's, can be entered by others, or lies where others can move it.
    pub fn open(path: &Path) -> Result<Private, StoreError> {
        const OPEN_TO_OTHERS: Text = Text {
            en: "{path} is not yours alone, so no record with secrets is kept there: own it, and set its mode to 0700.",
            ja: "{path} はほかのユーザーも使えるため、シークレットを含む記録を置けません。所有者を自分にし、パーミッションを 0700 にしてください。",
        };
        const MOVABLE: Text = Text {
            en: "{path} can be changed by other users, so no record is kept below it.",
            ja: "{path} はほかのユーザーが変更できるため、その下には記録を置けません。",
        };
        let refused = |text: Text, path: &Path| StoreError::new(Kind::Refused, text.with("path", path.display()));
        let (folder, made) = Folder::open(path, true)?;
        made.keep();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if openat(CWD, path, flags, Mode::empty()).is_err() {
            return Err(refused(OPEN_TO_OTHERS, path));
        }
        let me = geteuid().as_raw();
        let own = folder.this().map_err(|error| cannot(path, error))?;
        if own.st_uid != me || own.st_mode & 0o077 != 0 {
            return Err(refused(OPEN_TO_OTHERS, path));
        }
        let real = path.canonicalize().map_err(|error| cannot(path, error))?;
        for above in real.ancestors().skip(1) {
            let found = above.metadata().map_err(|error| cannot(above, error))?;
            let is_shared = found.mode() & 0o022 != 0 && found.mode() & 0o1000 == 0;
            if is_shared || (found.uid() != me && found.uid() != 0) {
                return Err(refused(MOVABLE, above));
            }
        }
        Ok(Private { folder })
    }

    /// Opens a folder in it, and makes it where it is absent.
    ///
    /// # Errors
    /// As [`Private::open`].
    pub fn below(&self, name: &str) -> Result<Private, StoreError> {
        let path = self.path().join(name);
        match mkdirat(CWD, &path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => Private::open(&path),
            Err(error) => Err(cannot(&path, error)),
        }
    }

    /// Keeps others who ask for it waiting until it is dropped.
    ///
    /// # Errors
    /// Where another holds it for longer than two seconds.
    pub fn lock(&self) -> Result<impl Drop + '_, StoreError> {
        self.folder.lock()
    }

    /// Is where it is.
    pub fn path(&self) -> &Path {
        &self.folder.path
    }

    /// Writes a file, whole or not at all, unless one of the name is there; says whether it was written.
    ///
    /// # Errors
    /// Where the system refuses it.
    pub fn create(&self, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let name = OsStr::new(name);
        match Draft::new(&self.folder, name, bytes, 0o600, None)?.appear(name) {
            Ok(()) => self.folder.sync().map(|()| true).map_err(|error| cannot(self.path(), error)),
            Err(error) if error.kind() == Kind::Changed => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads a file of ours; none where it is absent.
    ///
    /// # Errors
    /// Refuses what is a link, is no regular file, or is not this user's alone.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        const NOT_OURS: Text = Text {
            en: "{path} is not a record of yours alone, so it is not believed.",
            ja: "{path} は自分だけの記録ではないため、使いません。",
        };
        let Some(read) = self.folder.read(OsStr::new(name))? else {
            return Ok(None);
        };
        if read.uid != geteuid().as_raw() || read.mode & 0o077 != 0 {
            let said: Said = NOT_OURS.with("path", self.path().join(name).display());
            return Err(StoreError::new(Kind::Refused, said));
        }
        Ok(Some(read.bytes))
    }

    /// Removes a file; one that is absent is no error.
    ///
    /// # Errors
    /// Where the system refuses it.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self.folder.remove(OsStr::new(name)) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(cannot(&self.path().join(name), error)),
        }
    }

    /// Is every name in it, in order.
    ///
    /// # Errors
    /// Where it cannot be listed.
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let names = self.folder.names().map_err(|error| cannot(self.path(), error))?;
        let mut names: Vec<String> = names
            .into_iter()
            .filter_map(|name| name.into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        Ok(names)
    }

    /// Removes it with all that is in it.
    ///
    /// # Errors
    /// Where the system refuses it.
    pub fn discard(self) -> Result<(), StoreError> {
        for name in self.names()? {
            self.remove(&name)?;
        }
        let path: PathBuf = self.path().to_owned();
        std::fs::remove_dir(&path).map_err(|error| cannot(&path, error))
    }
}

fn cannot(path: &Path, error: impl Into<std::io::Error>) -> StoreError {
    const CANNOT: Text = Text { en: "Cannot use {path}.", ja: "{path} を使えません。" };
    StoreError::failed(CANNOT.with("path", path.display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_record_is_ours_alone_and_written_once() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Private::open(&home.path().join("state/trials")).expect("a folder of ours");
        assert!(folder.create("record", b"one").expect("written"));
        assert!(!folder.create("record", b"two").expect("asked"));
        assert_eq!(folder.read("record").expect("read").as_deref(), Some(b"one".as_slice()));
        let mode = |path: PathBuf| fs::metadata(path).expect("there").mode() & 0o777;
        assert_eq!((mode(folder.path().join("record")), mode(folder.path().to_owned())), (0o600, 0o700));
        assert_eq!(folder.names().expect("listed"), ["record"]);
    }

    #[test]
    fn a_folder_that_others_enter_and_a_link_are_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let open = home.path().join("open");
        fs::create_dir(&open).expect("made");
        fs::set_permissions(&open, Permissions::from_mode(0o755)).expect("a mode");
        assert!(Private::open(&open).is_err());
        fs::set_permissions(&open, Permissions::from_mode(0o700)).expect("a mode");
        let link = home.path().join("link");
        symlink(&open, &link).expect("a link");
        assert!(Private::open(&link).is_err() && Private::open(&open).is_ok());
    }

    #[test]
    fn a_folder_below_one_that_others_can_change_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let shared = home.path().join("shared");
        fs::create_dir(&shared).expect("made");
        fs::set_permissions(&shared, Permissions::from_mode(0o777)).expect("a mode");
        assert!(Private::open(&shared.join("trials")).is_err());
    }

    #[test]
    fn a_record_that_others_can_read_or_that_is_a_link_is_not_believed() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Private::open(&home.path().join("trials")).expect("a folder of ours");
        fs::write(folder.path().join("record"), "{}").expect("written");
        fs::set_permissions(folder.path().join("record"), Permissions::from_mode(0o644)).expect("a mode");
        assert!(folder.read("record").is_err());
        symlink("record", folder.path().join("link")).expect("a link");
        assert!(folder.read("link").is_err());
    }
}
