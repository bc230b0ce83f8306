//! A write on trial: at its deadline all that it wrote goes back, unless it was confirmed before.
//!
//! ```text
//!  begin:  record + what stood before  ->  the keeper is there  ->  the write
//!  then, whichever comes first:  confirm()  or  give_back() by the keeper at the deadline
//! ```
//!
//! The record lies in a folder of our own and never changes. What becomes of the trial is the file `decision`, which only one
//! can make: a confirmation and the deadline at the same moment cannot both win. What goes back is what still has the hash
//! that was written; where anything else stands, nothing is touched and the result says so.

mod clock;

pub use clock::{Deadline, Moment, wait};

use crate::store::{self, Kind, Private, Read, StoreError};
use crate::text::{Lang, Said, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::Duration;

const RECORD: &str = "record.json";
const DECISION: &str = "decision";
const RESULT: &str = "result";
const ARMED: &str = "armed";

/// How many trials that are over are remembered.
const REMEMBERED: usize = 10;

/// A file that a write puts in the place of another.
pub struct Written<'a> {
    /// The file.
    pub path: &'a Path,
    /// What stands there before; none where nothing does.
    pub before: Option<&'a Read>,
    /// What stands there after.
    pub after: &'a [u8],
}

/// What is kept of a trial, for whoever decides on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The config that the write is about.
    pub config: PathBuf,
    /// When all goes back.
    pub deadline: Deadline,
    /// The revision of the config that the gateway had in force before; none where none answered, or nothing changes for it.
    pub revision: Option<String>,
    files: Vec<FileRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileRecord {
    path: PathBuf,
    /// Where its bytes lie beside the record, their hash, and the mode; none where there was no file.
    before: Option<Before>,
    wrote: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    saved: String,
    hash: String,
    mode: u32,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Decision {
    /// It stays; how access was proved, none where it was confirmed without proof.
    Confirmed { proof: Option<String> },
    /// It goes back.
    Return,
}

/// What became of it, once it goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    Returned,
    /// Nothing was touched, or not all: why, in both languages.
    Stopped {
        en: String,
        ja: String,
    },
}

/// How a trial stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It waits for this long yet; nothing left means that its time is over and nobody has acted.
    Waiting(Duration),
    /// It stays; how access was proved, none where it was confirmed without proof.
    Confirmed(Option<String>),
    /// Everything is as it was before.
    Returned,
    /// It was to go back, and did not, or not all of it.
    Stopped(String),
}

/// The trials of this user.
pub struct Trials {
    folder: Private,
}

/// Who keeps the time of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// A transient service of systemd.
    Service,
    /// A process of its own session.
    Process,
}

impl Keeper {
    /// Is its name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Keeper::Service => "service",
            Keeper::Process => "process",
        }
    }

    /// Is what it outlives, and what it does not.
    pub const fn limits(self) -> Text {
        match self {
            Keeper::Service => Text {
                en: "A service of systemd keeps the time: it outlives this terminal and your logout, and puts everything back at once when the machine shuts down. A power cut is not covered: then openclaw-harden confirm puts it back.",
                ja: "systemd のサービスが時間を計ります。端末を閉じてもログアウトしても動き続け、シャットダウン時にはすぐ元に戻します。停電には対応できません。その場合は openclaw-harden confirm で元に戻ります。",
            },
            Keeper::Process => Text {
                en: "A process of its own keeps the time: it outlives this terminal, and puts everything back at once when a logout or a shutdown ends it. kill -9 and a power cut are not covered: then openclaw-harden confirm puts it back.",
                ja: "独立したプロセスが時間を計ります。端末を閉じても動き続け、ログアウトやシャットダウンで終了するときはすぐ元に戻します。kill -9 と停電には対応できません。その場合は openclaw-harden confirm で元に戻ります。",
            },
        }
    }
}

/// A trial as it is told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnTrial {
    /// When all goes back, as in `2026-11-22 16:52:06 UTC`.
    pub until: String,
    /// The command that confirms it.
    pub confirm: String,
    /// Who keeps the time.
    pub keeper: Keeper,
}

impl OnTrial {
    /// Is when it goes back, and what keeps it.
    pub fn goes_back(&self) -> Said {
        const ON_TRIAL: Text = Text {
            en: "On trial: goes back at {until} unless you confirm it: {confirm}",
            ja: "試行中: {until} までに確認しなければ元に戻ります。確認するコマンド: {confirm}",
        };
        ON_TRIAL.with("until", &self.until).with("confirm", &self.confirm)
    }
}

/// One trial.
pub struct Trial {
    folder: Private,
    /// What is kept of it.
    pub record: Record,
}

impl Trials {
    /// Opens the folder of trials below our own state folder.
    ///
    /// # Errors
    /// As [`Private::open`].
    pub fn open(own_state: &Path) -> Result<Trials, StoreError> {
        Private::open(&own_state.join("trials")).map(|folder| Trials { folder })
    }

    /// Is the last trial of a config; none where there was none.
    ///
    /// # Errors
    /// Where a record cannot be read.
    pub fn last(&self, config: &Path) -> Result<Option<Trial>, StoreError> {
        for name in self.folder.names()?.into_iter().rev() {
            let trial = Trial::open(&self.folder.path().join(name))?;
            if let Some(trial) = trial.filter(|trial| trial.record.config == config) {
                return Ok(Some(trial));
            }
        }
        Ok(None)
    }

    /// Sees to it that no trial of a config waits: one whose time is over goes back now.
    ///
    /// # Errors
    /// Refuses where one still has time, and where a record cannot be read.
    pub fn settle(&self, config: &Path, now: &Moment) -> Result<(), StoreError> {
        const UNDECIDED: Text = Text {
            en: "An earlier write of {path} is still on trial: confirm it first (openclaw-harden confirm), or wait until it goes back.",
            ja: "{path} の前回の書き込みがまだ試行中です。先に確認する (openclaw-harden confirm) か、元に戻るまで待ってください。",
        };
        let Some(last) = self.last(config)? else {
            return Ok(());
        };
        match last.fate(now)? {
            Fate::Waiting(left) if left.is_zero() => last.give_back(now, false).map(drop),
            Fate::Waiting(_) => {
                let said = UNDECIDED.with("path", config.display());
                Err(StoreError::new(Kind::Refused, said).with_outcome())
            }
            _ => Ok(()),
        }
    }

    /// Keeps what is needed to take a write back, before it is made.
    ///
    /// # Errors
    /// Refuses while another trial of the config is undecided; then, and where the system refuses, nothing is kept.
    pub fn begin(
        &self,
        config: &Path,
        files: &[Written],
        within: Duration,
        now: &Moment,
        revision: Option<String>,
    ) -> Result<Trial, StoreError> {
        self.settle(config, now)?;
        self.forget(config, now)?;
        let mut name = format!("{:012}", now.wall);
        while self.folder.path().join(&name).exists() {
            name.push('x');
        }
        let folder = self.folder.below(&name)?;
        let made = (|| {
            let mut records = Vec::new();
            for (n, file) in files.iter().enumerate() {
                let before = match file.before {
                    None => None,
                    Some(read) => {
                        let saved = n.to_string();
                        folder.create(&saved, &read.bytes)?;
                        Some(Before { saved, hash: hash(&read.bytes), mode: read.mode })
                    }
                };
                records.push(FileRecord { path: file.path.to_owned(), before, wrote: hash(file.after) });
            }
            let deadline = Deadline::after(now, within);
            let record = Record { config: config.to_owned(), deadline, revision, files: records };
            let bytes = serde_json::to_vec_pretty(&record).map_err(|_| not_unicode(config))?;
            folder.create(RECORD, &bytes)?;
            Ok(record)
        })();
        match made {
            Ok(record) => Ok(Trial { folder, record }),
            Err(error) => {
                // What could not be begun leaves nothing behind; the reason is what matters.
                let _ = folder.discard();
                Err(error)
            }
        }
    }

    /// Removes the oldest trials of a config that are over, and what a crash left before it became a trial.
    fn forget(&self, config: &Path, now: &Moment) -> Result<(), StoreError> {
        let mut over = Vec::new();
        for name in self.folder.names()? {
            let path = self.folder.path().join(&name);
            let began: u64 = name.get(..12).and_then(|began| began.parse().ok()).unwrap_or(now.wall);
            match Trial::open(&path)? {
                Some(trial) if trial.record.config == config => over.push(trial),
                Some(_) => {}
                None if began.saturating_add(60) < now.wall => Private::open(&path)?.discard()?,
                None => {}
            }
        }
        let extra = over.len().saturating_sub(REMEMBERED - 1);
        over.into_iter().take(extra).try_for_each(|trial| trial.folder.discard())
    }
}

impl Trial {
    /// Opens a trial by its folder; none where no record is there.
    ///
    /// # Errors
    /// As [`Private::open`], and where the record is not one.
    pub fn open(path: &Path) -> Result<Option<Trial>, StoreError> {
        let folder = Private::open(path)?;
        let Some(bytes) = folder.read(RECORD)? else {
            return Ok(None);
        };
        let record = serde_json::from_slice(&bytes).map_err(|error| not_a_record(path, &error.to_string()))?;
        Ok(Some(Trial { folder, record }))
    }

    /// Is its folder, by which the keeper finds it.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Says that a keeper waits for the deadline.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn arm(&self) -> Result<(), StoreError> {
        self.folder.create(ARMED, b"").map(drop)
    }

    /// Whether a keeper has said so.
    pub fn is_armed(&self) -> bool {
        matches!(self.folder.read(ARMED), Ok(Some(_)))
    }

    /// Removes it, where the write was not made after all.
    pub fn withdraw(self) {
        // Left behind it does no harm: what was not written is not taken back.
        let _ = self.folder.discard();
    }

    /// Is how it stands.
    ///
    /// # Errors
    /// Where the record cannot be read.
    pub fn fate(&self, now: &Moment) -> Result<Fate, StoreError> {
        match self.decision()? {
            None => Ok(Fate::Waiting(self.record.deadline.left(now))),
            Some(Decision::Confirmed { proof }) => Ok(Fate::Confirmed(proof)),
            Some(Decision::Return) => Ok(match self.result()? {
                // Whoever decided was ended before it could act, or is at it.
                None => Fate::Waiting(Duration::ZERO),
                Some(Outcome::Returned) => Fate::Returned,
                Some(Outcome::Stopped { en, .. }) => Fate::Stopped(en),
            }),
        }
    }

    /// Is why it stopped, in one language.
    pub fn why_stopped(&self, lang: Lang) -> Option<String> {
        match self.result().ok()?? {
            Outcome::Returned => None,
            Outcome::Stopped { en, ja } => Some(if lang == Lang::Ja { ja } else { en }),
        }
    }

    /// Confirms it; gives how it stands then, which is not confirmed where the deadline was first.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn confirm(&self, proof: Option<String>, now: &Moment) -> Result<Fate, StoreError> {
        if !self.record.deadline.left(now).is_zero() {
            self.decide(&Decision::Confirmed { proof })?;
        }
        let fate = self.fate(now)?;
        if matches!(fate, Fate::Confirmed(_)) {
            self.forget_secrets()?;
        }
        Ok(fate)
    }

    /// Puts everything back, unless it was confirmed. Done twice, or after an interruption, it finishes what is left. With
    /// `insist`, a lock of OpenClaw's that does not go away is passed over: nobody is to stay locked out by it.
    ///
    /// # Errors
    /// Where the record cannot be read or written, and where another program writes the config: try again then. What else went wrong
    /// with the files is the fate.
    pub fn give_back(&self, now: &Moment, insist: bool) -> Result<Fate, StoreError> {
        self.decide(&Decision::Return)?;
        // Two keepers of one trial take turns: the second finds it done.
        let _turn = self.folder.lock()?;
        if self.decision()? == Some(Decision::Return) && self.result()?.is_none() {
            let outcome = match self.put_back(insist) {
                Ok(()) => Outcome::Returned,
                Err(why) if why.kind() == Kind::Busy => return Err(why),
                Err(why) => Outcome::Stopped { en: why.of(Lang::En), ja: why.of(Lang::Ja) },
            };
            self.put(RESULT, &outcome)?;
            // What could not go back is still needed by whoever sorts it out.
            if outcome == Outcome::Returned {
                self.forget_secrets()?;
            }
        }
        self.fate(now)
    }

    fn put_back(&self, insist: bool) -> Result<(), StoreError> {
        let mut todo = Vec::new();
        for file in &self.record.files {
            let current = store::read(&file.path)?;
            if file.is_before(current.as_ref()) {
                continue;
            }
            match current {
                Some(current) if hash(&current.bytes) == file.wrote => todo.push((file, current)),
                _ => return Err(changed(&file.path, self.path())),
            }
        }
        for (file, current) in todo {
            let before = match &file.before {
                None => None,
                Some(before) => {
                    let bytes = self.folder.read(&before.saved)?.filter(|bytes| hash(bytes) == before.hash);
                    Some((bytes.ok_or_else(|| not_a_record(self.path(), &before.saved))?, before.mode))
                }
            };
            let before = before.as_ref().map(|(bytes, mode)| (bytes.as_slice(), *mode));
            store::give_back(&file.path, &current, before, insist)?;
        }
        Ok(())
    }

    /// Removes what stood before: it may hold secrets, and is no longer needed.
    fn forget_secrets(&self) -> Result<(), StoreError> {
        let saved = self.record.files.iter().filter_map(|file| file.before.as_ref());
        saved.into_iter().try_for_each(|before| self.folder.remove(&before.saved))
    }

    fn decide(&self, decision: &Decision) -> Result<(), StoreError> {
        self.put(DECISION, decision)
    }

    /// Writes a file of the trial, unless it is there.
    fn put(&self, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(value).map_err(|error| not_a_record(self.path(), &error.to_string()))?;
        self.folder.create(name, &bytes).map(drop)
    }

    fn decision(&self) -> Result<Option<Decision>, StoreError> {
        self.get(DECISION)
    }

    fn result(&self) -> Result<Option<Outcome>, StoreError> {
        self.get(RESULT)
    }

    fn get<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let Some(bytes) = self.folder.read(name)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| not_a_record(self.path(), &error.to_string()))
    }
}

impl FileRecord {
    /// Whether a file is as it was before the write, its mode included.
    fn is_before(&self, current: Option<&Read>) -> bool {
        match (&self.before, current) {
            (None, None) => true,
            (Some(before), Some(current)) => before.hash == hash(&current.bytes) && before.mode == current.mode,
            _ => false,
        }
    }
}

/// Is the SHA-256 of bytes in hexadecimal digits.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn changed(path: &Path, saved: &Path) -> StoreError {
    const CHANGED: Text = Text {
        en: "{path} is no longer as it was written, so nothing was put back. What stood before the write is kept in {saved}.",
        ja: "{path} が書き込み後に変更されているため、元に戻していません。書き込み前の内容は {saved} にあります。",
    };
    StoreError::new(Kind::Changed, CHANGED.with("path", path.display()).with("saved", saved.display()))
}

fn not_a_record(path: &Path, why: &str) -> StoreError {
    const NOT: Text = Text {
        en: "The record in {path} cannot be used ({why}).",
        ja: "{path} の記録を使えません ({why})。",
    };
    StoreError::new(Kind::Refused, NOT.with("path", path.display()).with("why", why))
}

fn not_unicode(path: &Path) -> StoreError {
    const NOT: Text = Text {
        en: "{path} has a name that is not Unicode, so no record of it can be kept: write without a trial.",
        ja: "{path} の名前が Unicode ではないため、記録を残せません。試行なしで書き込んでください。",
    };
    StoreError::new(Kind::Refused, Said::from(NOT).with("path", path.display()))
}

#[cfg(test)]
mod tests;
