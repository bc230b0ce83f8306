//! What keeps a file from being read or written, in both languages: what failed, where, why, and how the file stands.

use crate::text::{Lang, Said, Text};
use rustix::io::Errno;
use std::{fmt, io};

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file is not as it was read: read it again and plan anew.
    Changed,
    /// Another program is writing it: try again when it is done.
    Busy,
    /// Somebody else manages the config, or asked not to write.
    ReadOnly,
    /// The path is not something that is read or replaced.
    Refused,
    /// The system said no.
    Failed,
    /// The system said no while another program's version was being put back: it may lie beside the file.
    Astray,
}

/// Why a file could not be read or written.
#[derive(Debug)]
pub struct StoreError {
    kind: Kind,
    said: Vec<Said>,
    source: Option<io::Error>,
}

impl StoreError {
    pub(crate) fn new(kind: Kind, said: impl Into<Said>) -> Self {
        StoreError { kind, said: vec![said.into()], source: None }
    }

    /// Is an act that the system refused.
    pub(super) fn failed(said: Said, error: impl Into<io::Error>) -> Self {
        let source = error.into();
        StoreError { kind: Kind::Failed, said: vec![said, why(&source)], source: Some(source) }
    }

    /// Says how the file stands, where the reason alone does not.
    pub(crate) fn with_outcome(mut self) -> Self {
        const UNCHANGED: Text = Text { en: "Nothing was changed.", ja: "何も変更していません。" };
        if matches!(self.kind, Kind::Failed | Kind::Refused | Kind::Changed | Kind::Busy) {
            self.said.push(UNCHANGED.into());
        }
        self
    }

    /// Says that another program's version may lie beside the file.
    pub(super) fn astray(mut self, said: Said) -> Self {
        self.kind = Kind::Astray;
        self.said.push(said);
        self
    }

    /// Is what the caller can do about it.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Is the whole message, to be said as part of another.
    pub fn said(&self) -> Said {
        let mut said = self.said.iter().cloned();
        let first = said.next().unwrap_or_else(|| String::new().into());
        said.fold(first, Said::then)
    }

    /// Is the whole message in one language.
    pub fn of(&self, lang: Lang) -> String {
        self.said().of(lang)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of(Lang::En))
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}

/// Is the system's reason with what to do about it.
fn why(error: &io::Error) -> Said {
    let text = match Errno::from_io_error(error) {
        Some(Errno::NOSPC | Errno::DQUOT) => Text {
            en: "The disk is full: free some space, then run this again.",
            ja: "ディスクに空きがありません。空きを作ってから、もう一度実行してください。",
        },
        Some(Errno::ACCESS | Errno::PERM) => Text {
            en: "This user may not do that: check who owns the file and its folder, and their modes.",
            ja: "このユーザーには権限がありません。ファイルとフォルダーの所有者とパーミッションを確認してください。",
        },
        Some(Errno::ROFS) => Text {
            en: "The file system is mounted read-only: mount it writable, or run where the config is kept.",
            ja: "ファイルシステムが読み取り専用です。書き込める状態でマウントしてから実行してください。",
        },
        Some(Errno::IO) => Text {
            en: "The disk reports an input/output error: check it before anything else.",
            ja: "ディスクが入出力エラーを返しました。先にディスクを確認してください。",
        },
        Some(Errno::NOENT) => Text { en: "It does not exist.", ja: "存在しません。" },
        Some(Errno::NOTDIR) => Text {
            en: "A part of its path is a file, not a folder.",
            ja: "パスの途中がフォルダーではなくファイルです。",
        },
        _ => {
            return Text { en: "The system says: {why}.", ja: "システムの応答: {why}。" }.with("why", error);
        }
    };
    text.into()
}
