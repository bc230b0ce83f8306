//! The files in which this program keeps what it knows: read, changed, and written again, though others write them meanwhile.

use super::own_state_dir;
use crate::accepted::Ledger;
use crate::checkup::known::Book;
use crate::skills::state::Accepted;
use crate::store;
use crate::text::{Said, Text};
use std::path::PathBuf;

/// How often a change is tried again because the file has changed.
const TRIES: usize = 4;

/// What is kept in one file of our own state folder.
pub trait Record: Default {
    /// The name of the file.
    const FILE: &str;
    /// Whether the file as it was before a change is worth a backup.
    const HAS_BACKUP: bool = true;
    /// Says, with `{path}` and `{why}`, that the file cannot be understood.
    const UNREADABLE: Text;
    /// Says that the file keeps changing on disk.
    const BUSY: Text;

    /// Reads what the file holds, or says why it cannot be understood.
    fn parse(bytes: &[u8]) -> Result<Self, String>;

    /// Is what the file is to hold.
    fn bytes(&self) -> Result<Vec<u8>, String>;
}

impl Record for Ledger {
    const FILE: &str = "accepted.json";
    const UNREADABLE: Text = Text {
        en: "{path} cannot be understood ({why}): mend it, or delete it and accept the findings anew.",
        ja: "{path} を読み取れません ({why})。修正するか、削除して受容し直してください。",
    };
    const BUSY: Text = Text {
        en: "What is accepted keeps changing on disk: try again.",
        ja: "受容済みリスクのファイルが更新され続けています。もう一度実行してください。",
    };

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        Ledger::parse(bytes)
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        self.bytes()
    }
}

impl Record for Accepted {
    const FILE: &str = "skills.json";
    const UNREADABLE: Text = Text {
        en: "{path} cannot be understood ({why}): mend it, or delete it and review the skills anew.",
        ja: "{path} を読み取れません ({why})。修正するか、削除してスキルを確認し直してください。",
    };
    const BUSY: Text = Text {
        en: "What is accepted keeps changing on disk: try again.",
        ja: "確認済みスキルのファイルが更新され続けています。もう一度実行してください。",
    };

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        Accepted::parse(bytes)
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        self.bytes()
    }
}

impl Record for Book {
    const FILE: &str = "checkup.json";
    /// It changes with every write of a config, and the next checkup finds most of it anew.
    const HAS_BACKUP: bool = false;
    const UNREADABLE: Text = Text {
        en: "{path} cannot be understood ({why}): delete it, and the next checkup begins anew.",
        ja: "{path} を読み取れません ({why})。削除すると、次回の確認から記録し直します。",
    };
    const BUSY: Text = Text {
        en: "What the checkup knows keeps changing on disk: try again.",
        ja: "確認結果のファイルが更新され続けています。もう一度実行してください。",
    };

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        Book::parse(bytes)
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        self.bytes()
    }
}

/// Is what is kept; nothing where there is no file yet, or no home folder for one.
///
/// # Errors
/// Where the file is there and cannot be read or understood.
pub fn kept<R: Record>() -> Result<R, Said> {
    read().map(|(held, _)| held)
}

/// Changes what is kept, by way of what is kept now, and gives it as it is then. A change that says no is not written.
///
/// # Errors
/// What the change says; or where there is no home folder, or the file cannot be read or written: nothing is changed then.
pub fn change<R: Record>(mut change: impl FnMut(&mut R) -> Result<bool, Said>) -> Result<R, Said> {
    const NO_HOME: Text = Text {
        en: "There is no home folder to keep it in: set HOME.",
        ja: "保存先のホームフォルダーがありません。HOME を設定してください。",
    };
    const UNWRITABLE: Text = Text {
        en: "{path} cannot hold this and stays as it is ({why}): give the file or folder a name in Unicode.",
        ja: "{path} に記録できないため、変更していません ({why})。ファイルやフォルダーの名前を Unicode にしてください。",
    };
    for _ in 0..TRIES {
        let (mut held, file) = read::<R>()?;
        if !change(&mut held)? {
            return Ok(held);
        }
        let (path, read) = file.ok_or(NO_HOME)?;
        let bytes = held.bytes().map_err(|why| UNWRITABLE.with("path", path.display()).with("why", why))?;
        let save = if R::HAS_BACKUP { store::save } else { store::renew };
        match save(&path, read.as_ref(), &bytes) {
            Ok(_) => return Ok(held),
            Err(error) if error.kind() == store::Kind::Changed => {}
            Err(error) => return Err(error.said()),
        }
    }
    Err(R::BUSY.into())
}

/// Where a record lies, and how it was read; none where there is no home folder.
type File = Option<(PathBuf, Option<store::Read>)>;

fn read<R: Record>() -> Result<(R, File), Said> {
    let Some(path) = own_state_dir().map(|folder| folder.join(R::FILE)) else {
        return Ok((R::default(), None));
    };
    let read = store::read(&path).map_err(|error| error.said())?;
    let held = match &read {
        None => R::default(),
        Some(read) => {
            R::parse(&read.bytes).map_err(|why| R::UNREADABLE.with("path", path.display()).with("why", why))?
        }
    };
    Ok((held, Some((path, read))))
}
