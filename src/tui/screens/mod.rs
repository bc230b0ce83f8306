//! One file a screen.
//!
//! A screen is three functions: `on_key`, `draw`, `keys` (and `on_mouse`, for what was clicked). It draws on the session's `body`,
//! and reads keys and clicks by the same measures. Screens never navigate and never write: they return a [`Go`], and the app moves.

pub mod access;
mod asks;
pub mod checkup;
mod consequences;
mod diff;
pub mod done;
pub mod help;
mod matrix;
mod picture;
pub mod real_audit;
pub mod review;
pub mod search;
pub mod secrets;
pub mod skills;
pub mod start;
pub mod step;
mod trial;
pub mod walk;

pub use crate::tui::widgets::Mouse;

use crate::document::{Edit, Path};
use crate::plan::{Place, Plan, Planned};
use crate::text::wrap::{clip, clip_middle, pad, width};
use crate::text::{Said, Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::field::FieldEditor;
use crate::tui::widgets::list::moved;
use std::path::PathBuf;

/// What a key asks the app to do.
pub enum Go {
    /// Stay.
    Stay,
    /// To the next page.
    Next,
    /// To the page before.
    Back,
    /// To a page.
    To(usize),
    /// Show a sentence.
    Say(Said),
    /// Open a field.
    Edit(Box<FieldEditor>),
    /// Look at what has happened.
    Checkup,
    /// Look at the secrets of the config.
    Secrets,
    /// Move these secrets out of it.
    MoveSecrets(Vec<Path>),
    /// Remove the old copies that hold secrets.
    PurgeSecrets,
    /// Ask whether to run OpenClaw's own audit.
    RealAudit,
    /// Run OpenClaw's own audit.
    RunRealAudit,
    /// Leave the walk through a report for the steps.
    EndWalk,
    /// Choose a backup to restore.
    Restore,
    /// Ask whether to write.
    Write {
        /// Whether it goes back by itself unless it is confirmed.
        on_trial: bool,
    },
    /// Ask whether to remember what was decided on skills.
    Remember,
    /// Show a file of a skill.
    LookAt(PathBuf),
    /// Save the answers for other machines.
    SaveAnswers,
}

impl From<Result<(), Said>> for Go {
    fn from(done: Result<(), Said>) -> Self {
        match done {
            Ok(()) => Go::Stay,
            Err(why) => Go::Say(why),
        }
    }
}

impl From<Result<Option<Said>, Said>> for Go {
    fn from(done: Result<Option<Said>, Said>) -> Self {
        match done {
            Ok(None) => Go::Stay,
            Ok(Some(said)) | Err(said) => Go::Say(said),
        }
    }
}

/// A key that works now, and the word for what it does.
pub type Hint = (&'static str, Text);

/// What stands between a value and the one that follows it.
const ARROW: &str = " -> ";

/// Cuts two values so that they fit a width with the arrow between; the first gives way down to half.
fn fitted(before: &str, after: &str, columns: usize) -> (String, String) {
    let room = columns.saturating_sub(ARROW.len());
    let before = clip(before, room.saturating_sub(width(after).min(room / 2)));
    let after = pad(after, room.saturating_sub(width(&before)));
    (before, after)
}

const ALSO: Text = Text { en: "also {path}: {before} -> {after}", ja: "あわせて {path}: {before} -> {after}" };
const NOTHING: Text = Text { en: "unset", ja: "未設定" };
const REMOVED: Text = Text { en: "removed", ja: "削除" };
/// The most columns that a key may take that nobody would read to its end.
const LONGEST_KEY: usize = 200;

/// Is what a row's edits change beside the key that the row is about, a line each.
fn also(plan: &Plan, row: &Planned, edits: &[Edit], session: &Session) -> Vec<String> {
    plan.linked(&row.row, edits).iter().map(|place| place_line(ALSO, place, session)).collect()
}

/// Is a place with its value before and after, in the words of a text.
fn place_line(text: Text, place: &Place, session: &Session) -> String {
    let shown = |value: &Option<String>, none: Text| match value {
        Some(value) => harmless(value),
        None => session.say(none).to_owned(),
    };
    text.with("path", shown_key(&place.path))
        .with("before", shown(&place.before, NOTHING))
        .with("after", shown(&place.after, REMOVED))
        .of(session.lang())
}

/// Is a key as it is shown: whole, but for one that fills a screen.
fn shown_key(path: &Path) -> String {
    clip_middle(&harmless(&path.to_string()), LONGEST_KEY)
}
