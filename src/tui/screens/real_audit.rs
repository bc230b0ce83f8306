//! OpenClaw's own audit, run from here: first what is run and what it does, then the wait, which a key ends.

use super::{Go, Hint};
use crate::report::checkup::shell;
use crate::text::wrap::broken;
use crate::text::{Said, Text, harmless};
use crate::tui::RealRun;
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use std::sync::atomic::Ordering;
use std::sync::mpsc::TryRecvError;

const HEADING: Text = Text { en: "Run OpenClaw's own audit?", ja: "OpenClaw の監査を実行しますか?" };
const COMMAND: Text =
    Text { en: "This is run, and nothing else:", ja: "実行するコマンド (これだけです):" };
const WHAT: Text = Text {
    en: "It loads OpenClaw with this config. That writes to the state folder (databases, logs), and it may install a channel's plugin from npm. It does not change the config.",
    ja: "この設定で OpenClaw を読み込みます。状態フォルダーにデータベースやログが書き込まれ、チャンネルのプラグインが npm からインストールされることがあります。設定ファイルは変更されません。",
};
const TIME: Text = Text {
    en: "It takes 5 to 10 seconds, and is ended after 60, with everything that it started.",
    ja: "通常は5-10秒かかります。60秒を超えると、起動したものをすべて終了します。",
};
const RUNNING: Text = Text {
    en: "{spinner} OpenClaw audits: {seconds} s. Esc ends it.",
    ja: "{spinner} OpenClaw が監査しています: {seconds}秒 (Esc で終了)",
};
const BROKEN: Text =
    Text { en: "The audit ended without a result.", ja: "監査が結果なしで終了しました。" };
const RUN: Text = Text { en: "Run it", ja: "実行" };
const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

/// The screen of one run.
pub struct RealAuditScreen {
    stage: Stage,
}

enum Stage {
    Asking(Vec<String>),
    Running(RealRun),
    Failed(Said),
}

impl RealAuditScreen {
    /// Is the screen that asks whether to run a command.
    pub fn new(command: Vec<String>) -> Self {
        RealAuditScreen { stage: Stage::Asking(command) }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running(_))
    }

    /// Notes that it runs, or why it does not.
    pub fn begin(&mut self, run: Result<RealRun, Said>) {
        self.stage = run.map_or_else(Stage::Failed, Stage::Running);
    }

    /// Says why there is no result.
    pub fn fail(&mut self, why: Said) {
        self.stage = Stage::Failed(why);
    }

    /// Is what it printed, once it has ended; with `waits`, that is waited for.
    pub fn hear(&mut self, waits: bool) -> Option<Vec<u8>> {
        let Stage::Running(run) = &self.stage else {
            return None;
        };
        let heard = match waits {
            true => run.answer.recv().map_err(|_| TryRecvError::Disconnected),
            false => run.answer.try_recv(),
        };
        match heard {
            Ok(Ok(bytes)) => return Some(bytes),
            Ok(Err(why)) => self.stage = Stage::Failed(why),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.stage = Stage::Failed(BROKEN.into()),
        }
        None
    }

    /// Ends what runs.
    pub fn cancel(&self) {
        if let Stage::Running(run) = &self.stage {
            run.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent) -> Go {
        match (key.code, &self.stage) {
            (KeyCode::Enter | KeyCode::Char('y'), Stage::Asking(_)) => Go::RunRealAudit,
            (KeyCode::Enter, Stage::Failed(_)) => Go::Back,
            (KeyCode::Esc | KeyCode::BackTab | KeyCode::Char('n'), stage) => {
                // What runs is waited for: it says itself that it has ended.
                if matches!(stage, Stage::Running(_)) {
                    self.cancel();
                    return Go::Stay;
                }
                Go::Back
            }
            _ => Go::Stay,
        }
    }

    /// Is the keys that work now.
    pub fn keys(&self) -> Vec<Hint> {
        match &self.stage {
            Stage::Asking(_) => vec![("Enter", RUN), ("Esc", words::BACK)],
            Stage::Running(_) => vec![("Esc", words::CANCEL)],
            Stage::Failed(_) => vec![("Esc", words::BACK)],
        }
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let (theme, lang) = (session.look.theme, session.lang());
        let columns = usize::from(session.body.width).saturating_sub(3).min(110);
        let mut pane: Pane<usize> = Pane::default();
        match &self.stage {
            Stage::Asking(command) => {
                pane.say(session.say(HEADING), columns, 0, theme.heading);
                pane.say(session.say(COMMAND), columns, 0, theme.plain);
                for line in broken(&harmless(&shell(command)), columns.saturating_sub(4)) {
                    pane.push(Line::from(Span::styled(format!("    {line}"), theme.heading)));
                }
                for text in [WHAT, TIME] {
                    pane.push("");
                    pane.say(session.say(text), columns, 0, theme.plain);
                }
            }
            Stage::Running(run) => {
                let since = run.since.elapsed();
                let spinner = SPINNER[usize::try_from(since.as_millis() / 200).unwrap_or(0) % SPINNER.len()];
                let said = RUNNING.with("spinner", spinner).with("seconds", since.as_secs());
                pane.say(&said.of(lang), columns, 0, theme.heading);
            }
            Stage::Failed(why) => pane.say(&why.of(lang), columns, 0, theme.critical),
        }
        pane.draw(session.body, buf, 0, &session.look);
    }
}
