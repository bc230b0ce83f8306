//! Checkup: what has happened since somebody last looked. A look beside the steps: it changes nothing.

use super::{Go, Hint, Mouse};
use crate::checks::Severity;
use crate::checkup::{Row, State};
use crate::report::checkup::shell;
use crate::text::wrap::{pad, wrap};
use crate::text::{Said, Text, harmless};
use crate::tui::Looking;
use crate::tui::session::Session;
use crate::tui::widgets::list::List;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use std::sync::atomic::Ordering;
use std::sync::mpsc::TryRecvError;
use std::time::Instant;

const HEADING: Text =
    Text { en: "Checkup: what has happened here?", ja: "定期点検: このホストで起きたこと" };
const LOOKING: Text = Text {
    en: "Looking at the log, the containers, the approved users and the port ... {seconds} s",
    ja: "ログ、コンテナ、承認済みユーザー、ポートを確認しています... {seconds}秒",
};
const READ: Text = Text { en: "log: {percent} % of {size} MB", ja: "ログ: {size} MB のうち {percent} %" };
const COUNTED: Text = Text {
    en: "Need attention: {attention}. Could not be checked: {unknown}. Nothing was changed.",
    ja: "対応が必要: {attention}件、確認できない項目: {unknown}件。何も変更していません。",
};
const BROKEN: Text =
    Text { en: "The checkup ended without a result.", ja: "定期点検が結果なしで終了しました。" };
const LOOKED: Text = Text { en: "Looked at", ja: "確認対象" };
const EVIDENCE: Text = Text { en: "Evidence", ja: "根拠" };
const TODO: Text = Text { en: "To do", ja: "対処方法" };
const COMMAND: Text = Text { en: "Command", ja: "コマンド" };
const FOUND: Text = Text { en: "{topic}: {found}", ja: "{topic}: {found}" };
/// How wide the states are.
const LABEL: usize = 10;

/// The screen of one checkup.
pub struct CheckupScreen {
    stage: Stage,
    list: List,
}

enum Stage {
    Looking(Looking, Instant),
    Seen(Vec<Row>),
    Failed(Said),
}

impl CheckupScreen {
    /// Is the screen of a checkup that has begun.
    pub fn new(looking: Looking) -> Self {
        CheckupScreen { stage: Stage::Looking(looking, Instant::now()), list: List::default() }
    }

    /// Whether it is still being looked.
    pub fn is_looking(&self) -> bool {
        matches!(self.stage, Stage::Looking(..))
    }

    /// Takes what was found, if it is there; with `waits`, once it is.
    pub fn hear(&mut self, waits: bool) {
        let Stage::Looking(looking, _) = &self.stage else {
            return;
        };
        let heard = match waits {
            true => looking.rows.recv().map_err(|_| TryRecvError::Disconnected),
            false => looking.rows.try_recv(),
        };
        self.stage = match heard {
            Ok(Ok(mut rows)) => {
                rows.sort_by_key(|row| rank(row.state));
                Stage::Seen(rows)
            }
            Ok(Err(why)) => Stage::Failed(why),
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => Stage::Failed(BROKEN.into()),
        };
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        match key.code {
            KeyCode::Esc | KeyCode::BackTab | KeyCode::Enter => {
                if let Stage::Looking(looking, _) = &self.stage {
                    looking.progress.cancelled.store(true, Ordering::Relaxed);
                }
                return Go::Back;
            }
            code => {
                let code = if code == KeyCode::Char(' ') { KeyCode::PageDown } else { code };
                let count = if let Stage::Seen(rows) = &self.stage { rows.len() } else { 0 };
                self.list = self.list.after_key(code, count, session.body.height, |at| self.pane(at, session));
            }
        }
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        self.list = self.list.after_mouse(mouse, session.body, &self.pane(self.list.cursor, session));
        Go::Stay
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        self.list.draw(&self.pane(self.list.cursor, session), session.body, buf, &session.look);
    }

    /// Is the keys that work now.
    pub fn keys(&self) -> Vec<Hint> {
        match &self.stage {
            Stage::Looking(..) => vec![("Esc", words::CANCEL)],
            Stage::Seen(_) => vec![("Up Down", words::MOVE), ("Esc", words::BACK)],
            Stage::Failed(_) => vec![("Esc", words::BACK)],
        }
    }

    fn pane(&self, cursor: usize, session: &Session) -> Pane<usize> {
        let theme = session.look.theme;
        let lang = session.lang();
        let width = usize::from(session.body.width).saturating_sub(3).min(110);
        let mut pane = Pane::default();
        pane.push(Line::from(Span::styled(session.say(HEADING), theme.heading)));
        match &self.stage {
            Stage::Failed(why) => pane.say(&why.of(lang), width, 0, theme.critical),
            Stage::Looking(looking, since) => {
                let said = LOOKING.with("seconds", since.elapsed().as_secs());
                pane.say(&said.of(lang), width, 0, theme.plain);
                let (read, total) = (&looking.progress.read, &looking.progress.total);
                let (read, total) = (read.load(Ordering::Relaxed), total.load(Ordering::Relaxed));
                if let Some(percent) = read.saturating_mul(100).checked_div(total) {
                    let bar = usize::try_from(percent).unwrap_or(0) * (width.min(50)) / 100;
                    let read = READ.with("percent", percent).with("size", total / 1_000_000);
                    pane.say(&read.of(lang), width, 0, theme.quiet);
                    pane.say(&format!("[{}]", pad(&"#".repeat(bar), width.min(50))), width, 0, theme.plain);
                }
            }
            Stage::Seen(rows) => {
                let count = |is: fn(State) -> bool| rows.iter().filter(|row| is(row.state)).count();
                let counted = COUNTED
                    .with("attention", count(|state| matches!(state, State::Attention(_))))
                    .with("unknown", count(|state| state == State::Unknown));
                pane.say(&counted.of(lang), width, 0, theme.quiet);
                pane.push("");
                for (at, row) in rows.iter().enumerate() {
                    push_row(&mut pane, (at, row), at == cursor, width, session);
                }
            }
        }
        pane
    }
}

fn rank(state: State) -> u8 {
    match state {
        State::Attention(Severity::Critical) => 0,
        State::Attention(_) => 1,
        State::Unknown => 2,
        State::Note => 3,
        State::Fine => 4,
    }
}

/// Adds a row; the one under the cursor with all that is known of it.
fn push_row(pane: &mut Pane<usize>, (at, row): (usize, &Row), is_here: bool, width: usize, session: &Session) {
    let theme = session.look.theme;
    let lang = session.lang();
    let style = match row.state {
        State::Attention(Severity::Critical) => theme.critical,
        State::Attention(_) => theme.warn,
        State::Unknown => theme.info,
        State::Note => theme.quiet,
        State::Fine => theme.safe,
    };
    let (mark, own) = if is_here { (">", theme.cursor) } else { (" ", theme.plain) };
    let found = FOUND.with("topic", row.topic.name().of(lang)).with("found", row.found.of(lang)).of(lang);
    for (n, line) in wrap(&found, width.saturating_sub(LABEL + 3)).into_iter().enumerate() {
        let (mark, label) = if n == 0 { (mark, session.say(row.state.label())) } else { (" ", "") };
        let spans =
            vec![Span::raw(format!("{mark} ")), Span::styled(pad(label, LABEL), style), Span::styled(line, own)];
        pane.push_for(Line::from(spans), at);
    }
    if !is_here {
        return;
    }
    let mut detail = |name: Text, texts: Vec<String>| {
        let mut name = session.say(name);
        for text in texts {
            for line in wrap(&text, width.saturating_sub(LABEL + 5)) {
                let head = format!("    {}", pad(name, LABEL + 1));
                pane.push_for(Line::from(vec![Span::styled(head, theme.quiet), Span::raw(line)]), at);
                name = "";
            }
        }
    };
    let said = |list: &[Said]| list.iter().map(|said| said.of(lang)).collect::<Vec<_>>();
    detail(LOOKED, vec![row.looked.of(lang)]);
    detail(EVIDENCE, said(&row.evidence));
    detail(TODO, said(&row.todo));
    detail(COMMAND, row.commands.iter().map(|command| harmless(&shell(command))).collect());
}
