//! The terminal: the pages of the wizard, and the only place that knows ratatui.
//!
//! ```text
//!  openclaw-harden  ~/.openclaw/openclaw.json    critical 5 -> 0  warn 3 -> 1   frame.rs
//!  OpenClaw 2026.9.6  posture personal                             4/9 Tools
//!  -------------+------------------------------------------------------------
//!    1 Start    | the screen of the page:                                     screens/
//!  > 4 Tools    | what it says and what its keys do
//!  -------------+------------------------------------------------------------
//!  Enter Accept  Space Change  Esc Back  ? Help  q Quit                       Screen::keys
//! ```
//!
//! An event goes to the popup if one is open, else to the screen over the page, such as the checkup, else to the page's own; that
//! answers with a [`screens::Go`]. The app alone moves between pages and asks the [`Disk`] to write. What the screens draw and
//! change is the [`Session`].

mod app;
mod frame;
mod history;
pub mod keys;
mod plain;
mod popup;
pub mod print;
pub mod screens;
pub mod session;
mod terminal;
pub mod theme;
pub mod widgets;
pub mod words;

pub use app::{App, Next, drive};
pub use session::{Backup, Found, Reread, Session};

use crate::accepted::Acceptance;
use crate::checkup::Row;
use crate::document::Path as Key;
use crate::findings::Report;
use crate::host::{self, gateway_log::Progress};
use crate::plan::{Answers, Plan};
use crate::report::secrets::Moved;
use crate::skills::state::Review;
use crate::text::{Lang, Said, Text, harmless};
use crate::trial::{Fate, OnTrial};
use crate::walk::Walk;
use crossterm::event::Event;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The file.
    pub path: PathBuf,
    /// The backup of what it held; none where there was no file.
    pub backup: Option<PathBuf>,
    /// The other files that were written with it, each with its backup.
    pub others: Vec<(PathBuf, PathBuf)>,
    /// The command that undoes it, where there is a backup.
    pub restore: String,
    /// What did not go as it should, though the file is written.
    pub warnings: Vec<Said>,
    /// How it goes back by itself; none where it stays.
    pub trial: Option<OnTrial>,
}

impl Done {
    /// Is how it is undone; a file that was not there before has no backup to go back to.
    pub fn undo(&self, lang: Lang) -> String {
        const DELETE: Text = Text {
            en: "delete {path} (there was none before)",
            ja: "{path} を削除 (以前はありませんでした)",
        };
        match self.backup {
            Some(_) => harmless(&self.restore),
            None => DELETE.with("path", self.path.display()).of(lang),
        }
    }
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It was written.
    Written(Done),
    /// The file is not as it was read: nothing was written.
    ChangedOnDisk,
}

/// The file as the wizard may touch it. The only way out of the wizard to a disk.
pub trait Disk {
    /// Writes a plan's candidate, with a backup first; `within` a time it goes back unless it is confirmed. A refusal says why;
    /// nothing was written then.
    fn commit(&mut self, plan: &Plan, within: Option<Duration>) -> Result<Committed, Said>;
    /// Waits meanwhile until another program that writes the config is done; none where none writes it. A refusal says that it still
    /// does after [`PATIENCE`](crate::store::PATIENCE).
    fn writer(&mut self) -> Option<Receiver<Result<(), Said>>> {
        None
    }
    /// Confirms what is on trial, after proving that the administrator gets in where that is asked for. A refusal says why.
    fn confirm(&mut self, prove: bool) -> Result<Fate, Said>;
    /// How what is on trial stands.
    fn fate(&mut self) -> Fate;
    /// Reads the file again.
    fn reread(&mut self) -> Result<Reread, Said>;
    /// Has the sandbox engine looked for meanwhile, and calls `wake` once it is known; none where it is known already.
    fn engine(&mut self, _wake: fn()) -> Option<Receiver<host::Found>> {
        None
    }
    /// Has the skills looked at meanwhile, and calls `wake` once they are; none where there are none to look at.
    fn skills(&mut self, _wake: fn()) -> Option<Receiver<Result<Review, Said>>> {
        None
    }
    /// Remembers the skills in these folders as reviewed, and those that are gone as gone; gives the review that is left.
    fn remember(&mut self, review: &Review, _skills: &[PathBuf]) -> Result<Review, Said> {
        Ok(review.clone())
    }
    /// Reads a file of a skill, to show it.
    fn look_at(&mut self, _file: &Path) -> Result<String, Said> {
        Ok(String::new())
    }
    /// Goes on in another language.
    fn speak(&mut self, _lang: Lang) {}
    /// Saves the answers for other machines; is the file.
    fn save_answers(&mut self, plan: &Plan, answers: &Answers) -> Result<PathBuf, Said>;
    /// Looks at the secrets that stand in the config in plain text.
    fn secrets(&mut self) -> Result<Moved, Said> {
        Err(NO_INSTALLATION.into())
    }
    /// Moves the secrets at these keys out of the config. A refusal says why; nothing was written then.
    fn move_secrets(&mut self, _keys: &[Key]) -> Result<Moved, Said> {
        Err(NO_INSTALLATION.into())
    }
    /// Removes the old copies of the config that hold the secrets that were looked at last.
    fn purge_secrets(&mut self) -> Result<Moved, Said> {
        Err(NO_INSTALLATION.into())
    }
    /// Keeps what was accepted for this config.
    fn accept(&mut self, _: &[Acceptance]) -> Result<(), Said> {
        Ok(())
    }
    /// Writes what came of the walk to the file that was named for it, where one was.
    fn report(&mut self, _walk: &Walk, _plan: &Plan, _done: Option<&Done>, _real: Option<&Report>) -> Result<(), Said> {
        Ok(())
    }
    /// Is the command that runs OpenClaw's own audit; it is not run.
    fn real_audit(&mut self) -> Result<Vec<String>, Said> {
        Err(NO_INSTALLATION.into())
    }
    /// Runs OpenClaw's own audit, in a thread of its own.
    fn run_real_audit(&mut self) -> Result<RealRun, Said> {
        Err(NO_INSTALLATION.into())
    }
    /// Begins to look at what has happened to the installation, in a thread of its own.
    fn checkup(&mut self) -> Result<Looking, Said> {
        Err(NO_INSTALLATION.into())
    }
}

const NO_INSTALLATION: Text =
    Text { en: "There is no installation here to look at.", ja: "確認するインストールがありません。" };

/// A checkup that has begun.
pub struct Looking {
    /// How far it is, and the way to end it early.
    pub progress: Arc<Progress>,
    /// Brings what was found.
    pub rows: Receiver<Result<Vec<Row>, Said>>,
}

/// OpenClaw's own audit, as it runs.
pub struct RealRun {
    /// The way to end it early.
    pub cancelled: Arc<AtomicBool>,
    /// When it began.
    pub since: Instant,
    /// Brings what it printed.
    pub answer: Receiver<Result<Vec<u8>, Said>>,
}

/// How the wizard ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was left; nothing was written.
    Left,
    /// A write was refused, and why was told; nothing was written.
    Refused,
    /// The file was written.
    Written(Done),
    /// This backup is to be restored: a task of its own, that shows first what it would open again.
    Restore(PathBuf),
}

/// How the wizard runs.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Events to play before the keyboard is read.
    pub keys: Vec<Event>,
    /// Whether to play the keys without a terminal and give the last frame as text.
    pub print: bool,
    /// The size to print in: columns, lines. 80x24 unless told.
    pub size: Option<(u16, u16)>,
    /// Whether standard input was read for something else: then the keys come from the terminal itself.
    pub stdin_is_taken: bool,
    /// Whether to ask line by line: for a terminal that places no cursor, and for who has the screen read aloud.
    pub plain: bool,
}

const NO_TERMINAL: Text = Text {
    en: "The wizard needs a terminal. Without one: openclaw-harden apply --posture personal",
    ja: "ウィザードには端末が必要です。端末なしで使う場合: openclaw-harden apply --posture personal",
};

/// Runs the wizard. With `print` the last frame comes back as text.
pub fn run(session: Session, disk: &mut dyn Disk, options: Options) -> anyhow::Result<(Outcome, Option<String>)> {
    let mut keys = VecDeque::from(options.keys);
    if options.print {
        let (width, height) = options.size.unwrap_or((80, 24));
        let mut screen = Terminal::new(TestBackend::new(width, height))?;
        let mut app = App::new(session, disk);
        app.look_meanwhile(|| {});
        app.wait_for_all();
        drive(&mut screen, &mut app, |_| keys.pop_front().into())?;
        // The frame's own buffer: a backend that stands in for a terminal keeps what wide characters have covered.
        let text = print::text(screen.draw(|frame| app.draw(frame))?.buffer);
        return Ok((app.outcome(), Some(text)));
    }
    if options.plain {
        let outcome = plain::run(session, disk, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())?;
        return Ok((outcome, None));
    }
    if !terminal::is_there(options.stdin_is_taken) {
        anyhow::bail!(NO_TERMINAL.of(session.lang()));
    }
    let mut guard = terminal::Guard::enter(session.lang())?;
    let mut app = App::new(session, disk);
    app.look_meanwhile(terminal::wake);
    let mut screen = guard.screen()?;
    drive(&mut screen, &mut app, |most| match keys.pop_front() {
        Some(key) => Next::Event(key),
        None => guard.wait(most),
    })?;
    let outcome = app.outcome();
    drop(screen);
    drop(guard);
    Ok((outcome, None))
}
