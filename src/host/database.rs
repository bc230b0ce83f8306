//! OpenClaw's state database, read and left as it is.
//!
//! It is another program's and in use. It is opened read-only, for one short transaction, and only where that leaves no file
//! behind that was not there.

use crate::text::{Said, Text};
use rusqlite::{Connection, OpenFlags, Row};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The form of the database that is understood (OpenClaw 2026.9.6).
pub(super) const KNOWN_VERSION: i64 = 18;
/// How long a writer is waited for.
const PATIENCE: Duration = Duration::from_millis(250);

/// What came of reading it.
#[derive(Debug)]
pub(super) enum Opened<T> {
    /// There is none: OpenClaw has not run here.
    Absent,
    /// It is there and could not be read.
    Unknown(Said),
    /// What was read.
    Read(T),
}

/// Is where the database of an installation lies.
pub(super) fn place(state_dir: &Path) -> PathBuf {
    state_dir.join("state/openclaw.sqlite")
}

/// Reads a database in one transaction.
pub(super) fn read<T>(path: &Path, look: impl Fn(&Connection) -> rusqlite::Result<T>) -> Opened<T> {
    const CANNOT: Text = Text {
        en: "OpenClaw's database cannot be read: {why}",
        ja: "OpenClaw のデータベースを読み取れません: {why}",
    };
    const IN_USE: Text = Text {
        en: "It belongs to user id {uid} and is in use: run this as that user.",
        ja: "ユーザー ID {uid} が所有し、使用中です。そのユーザーで実行してください。",
    };
    const CHANGING: Text = Text {
        en: "It changed while it was read: try again.",
        ja: "読み取り中に変更されました。もう一度実行してください。",
    };
    const UNSETTLED: Text = Text {
        en: "Changes wait beside OpenClaw's database, and reading them would write a file: start OpenClaw, then try again.",
        ja: "OpenClaw のデータベースに未反映の変更があり、読み取るとファイルが作られます。OpenClaw を起動してから、もう一度実行してください。",
    };
    let before = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Opened::Absent,
        Err(error) => return Opened::Unknown(CANNOT.with("why", error)),
        Ok(meta) => meta,
    };
    // SQLite would wait for whoever opens the other end of a FIFO.
    if !(before.is_file() && ["-wal", "-shm", "-journal"].iter().all(|ending| is_file_or_absent(path, ending))) {
        return Opened::Unknown(IRREGULAR.into());
    }
    let judged = |outcome: Result<T, Unread>| match outcome {
        Ok(found) => Opened::Read(found),
        Err(Unread::Sqlite(error)) => Opened::Unknown(CANNOT.with("why", error)),
        Err(Unread::Version(found)) => Opened::Unknown(VERSION.with("version", found).with("known", KNOWN_VERSION)),
    };
    let is_settled = || size(path, "-wal").unwrap_or(0) == 0;
    // Two tries: OpenClaw may start between the look and the opening.
    for _ in 0..2 {
        let outcome = if is_settled() {
            // Nothing waits to be written, so the file alone tells all, and opening it so leaves no side files.
            open(&format!("{}?mode=ro&immutable=1", uri(path)), &look)
        } else if before.uid() != rustix::process::geteuid().as_raw() {
            // Side files that another user made would keep OpenClaw out.
            return Opened::Unknown(IN_USE.with("uid", before.uid()));
        } else if size(path, "-shm").is_none() {
            return Opened::Unknown(UNSETTLED.into());
        } else {
            return judged(open(&format!("{}?mode=ro", uri(path)), &look));
        };
        let same = |after: Metadata| {
            (after.len(), after.mtime(), after.mtime_nsec()) == (before.len(), before.mtime(), before.mtime_nsec())
        };
        if is_settled() && fs::metadata(path).is_ok_and(same) {
            return judged(outcome);
        }
    }
    Opened::Unknown(CHANGING.into())
}

/// Is every row of a query.
pub(super) fn all<T>(
    connection: &Connection,
    query: &str,
    one: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare(query)?.query_map([], one)?.collect()
}

const VERSION: Text = Text {
    en: "The form of OpenClaw's database is {version}; only {known} (OpenClaw 2026.9.6) is understood.",
    ja: "OpenClaw のデータベースの形式は {version} です。対応しているのは {known} (OpenClaw 2026.9.6) だけです。",
};

const IRREGULAR: Text = Text {
    en: "OpenClaw's database, or what lies beside it, is not a regular file: it was not read.",
    ja: "OpenClaw のデータベースかその付属ファイルが通常のファイルではないため、読み取っていません。",
};

/// Why a database was not read.
enum Unread {
    /// SQLite says why.
    Sqlite(rusqlite::Error),
    /// It has another form.
    Version(i64),
}

impl From<rusqlite::Error> for Unread {
    fn from(error: rusqlite::Error) -> Self {
        Unread::Sqlite(error)
    }
}

fn open<T>(uri: &str, look: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T, Unread> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(uri, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "query_only", true)?;
    let reading = connection.transaction()?;
    let version = reading.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != KNOWN_VERSION {
        return Err(Unread::Version(version));
    }
    Ok(look(&reading)?)
}

fn is_file_or_absent(path: &Path, ending: &str) -> bool {
    let mut beside = path.as_os_str().to_owned();
    beside.push(ending);
    fs::symlink_metadata(beside).map_or(true, |meta| meta.is_file())
}

/// Is the size of a file beside the database; none where there is none.
fn size(path: &Path, ending: &str) -> Option<u64> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(ending);
    fs::metadata(beside).ok().map(|meta| meta.len())
}

/// Is a path as SQLite's URIs have it.
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn state(version: i64) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("openclaw.sqlite");
        let connection = Connection::open(&path).expect("a database");
        connection.execute_batch("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)").expect("a table");
        connection.pragma_update(None, "user_version", version).expect("a version");
        (folder, path)
    }

    fn count(path: &Path) -> Opened<i64> {
        read(path, |reading| reading.query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0)))
    }

    #[test]
    fn another_form_or_no_database_at_all_is_unknown() {
        let (folder, path) = state(19);
        let Opened::Unknown(why) = count(&path) else {
            panic!("read");
        };
        assert!(why.of(Lang::En).contains("19"));
        let broken = folder.path().join("broken.sqlite");
        fs::write(&broken, "not a database, but longer than a header of one would be".repeat(20)).expect("a file");
        assert!(matches!(count(&broken), Opened::Unknown(_)));
        assert!(matches!(count(&folder.path().join("none")), Opened::Absent));
    }

    #[test]
    fn what_waits_beside_a_database_is_read_only_where_that_makes_no_file() {
        let (folder, path) = state(KNOWN_VERSION);
        let writer = Connection::open(&path).expect("a database");
        writer.pragma_update(None, "journal_mode", "wal").expect("a mode");
        writer.execute_batch("INSERT INTO t VALUES (2)").expect("a row");
        assert!(matches!(count(&path), Opened::Read(2)));
        // A copy of what somebody took along, without the file that every reader shares.
        let copy = folder.path().join("copy");
        fs::create_dir(&copy).expect("a folder");
        for ending in ["", "-wal"] {
            let name = format!("openclaw.sqlite{ending}");
            fs::copy(folder.path().join(&name), copy.join(&name)).expect("a copy");
        }
        assert!(matches!(count(&copy.join("openclaw.sqlite")), Opened::Unknown(_)));
        assert_eq!(fs::read_dir(&copy).expect("a folder").count(), 2);
    }
}
