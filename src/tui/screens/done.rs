//! Done: what was written, where the backup is, how to undo it.

use super::diff::diff;
use super::review::heaviest;
use super::{Go, Hint, Mouse, picture, secrets};
use crate::text::wrap::{pad, wrap};
use crate::text::{Text, harmless};
use crate::tui::screens::trial::TrialLine;
use crate::tui::screens::walk::push_result;
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crate::tui::{Disk, Done};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use std::time::Duration;

const WRITTEN: Text = Text { en: "Written: {n} {n|change|changes}", ja: "書き込み完了: 変更 {n}件" };
const WENT_BACK: Text =
    Text { en: "Put back: nothing is changed", ja: "元に戻しました: 変更はありません" };
const DEMO: Text = Text {
    en: "This is the demo: nothing was written. {n} {n|change|changes} would have been written:",
    ja: "デモのため、何も書き込んでいません。実際には次の{n}件を書き込みます:",
};
const NOTHING_WRITTEN: Text =
    Text { en: "The config stays as it is", ja: "設定ファイルは変更していません" };
const FINDINGS: Text = Text { en: "Findings", ja: "検出事項" };
const COUNTS: Text = Text {
    en: "critical {c} -> {c2}, warn {w} -> {w2}, info {i} -> {i2}",
    ja: "重大 {c} -> {c2}、警告 {w} -> {w2}、情報 {i} -> {i2}",
};
const FILE: Text = Text { en: "Config", ja: "設定ファイル" };
const BACKUP: Text = Text { en: "Backup", ja: "バックアップ" };
const UNDO: Text = Text { en: "Undo", ja: "元に戻す" };
const WARNING: Text = Text { en: "Note", ja: "注" };
const CHECK: Text = Text { en: "Check", ja: "確認" };
const CHECK_HOW: Text = Text {
    en: "openclaw config validate, then openclaw security audit",
    ja: "openclaw config validate と openclaw security audit",
};
const CHANGED: Text = Text { en: "What was changed", ja: "変更した内容" };
const NO_CHANGE: Text = Text { en: "Nothing was changed.", ja: "変更はありません。" };
const CLOSE: Text = Text { en: "Close", ja: "終了" };
const REAL_AUDIT: Text = Text { en: "OpenClaw's audit", ja: "OpenClaw の監査" };

/// The last screen.
#[derive(Default)]
pub struct DoneScreen {
    /// What was written; none in the demo.
    pub done: Option<Done>,
    trial: Option<TrialLine>,
    scroll: usize,
}

impl DoneScreen {
    /// Is the screen for what was written.
    pub fn new(done: Option<Done>) -> Self {
        let trial = done.as_ref().and_then(|done| done.trial.clone()).map(TrialLine::new);
        DoneScreen { done, trial, scroll: 0 }
    }

    /// How long to wait for an event at most; none where nothing changes by itself.
    pub fn patience(&self) -> Option<Duration> {
        self.trial.as_ref().and_then(TrialLine::patience)
    }

    /// Looks at how a write on trial stands, and confirms it where a key asked for that.
    pub fn tick(&mut self, disk: &mut dyn Disk) {
        if let Some(trial) = &mut self.trial {
            trial.tick(disk);
        }
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        let page = isize::try_from(session.body.height).unwrap_or(1);
        let by = match key.code {
            KeyCode::Enter => return Go::Next,
            KeyCode::Char('m') if self.done.is_some() => return Go::Secrets,
            KeyCode::Char(c @ ('c' | 'n')) => {
                if let Some(trial) = &mut self.trial {
                    trial.ask(c == 'c');
                }
                return Go::Stay;
            }
            KeyCode::Char('a') if session.walk.is_some() && !session.found.demo => return Go::RealAudit,
            KeyCode::Esc | KeyCode::BackTab if self.done.is_none() => return Go::Back,
            KeyCode::Up | KeyCode::Char('k') => -1,
            KeyCode::Down | KeyCode::Char('j') => 1,
            KeyCode::PageUp => -page,
            KeyCode::PageDown | KeyCode::Char(' ') => page,
            KeyCode::Home => isize::MIN,
            KeyCode::End => isize::MAX,
            _ => return Go::Stay,
        };
        self.scroll_by(by, session);
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        if let Mouse::Wheel(_, by) = mouse {
            self.scroll_by(by, session);
        }
        Go::Stay
    }

    fn scroll_by(&mut self, by: isize, session: &Session) {
        let pane = self.pane(session, session.body.width);
        self.scroll = pane.clamped(self.scroll.saturating_add_signed(by), session.body.height);
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let area = session.body;
        let pane = self.pane(session, area.width);
        pane.draw(area, buf, pane.clamped(self.scroll, area.height), &session.look);
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        let mut keys = vec![("Enter", CLOSE)];
        keys.extend(self.trial.iter().flat_map(TrialLine::keys));
        if session.walk.is_some() && !session.found.demo {
            keys.push(("a", REAL_AUDIT));
        }
        if self.done.is_some() && session.has_plain_secrets() {
            keys.push(("m", secrets::NAME));
        }
        if self.pane(session, session.body.width).len() > usize::from(session.body.height) {
            keys.push(("Up Down", words::SCROLL));
        }
        if self.done.is_none() {
            keys.push(("Esc", words::BACK));
        }
        keys
    }

    fn pane(&self, session: &Session, columns: u16) -> Pane<usize> {
        let theme = session.look.theme;
        let lang = session.lang();
        let columns = usize::from(columns).saturating_sub(2);
        let mut pane = Pane::default();
        let heading = match self.done {
            Some(_) if self.trial.as_ref().is_some_and(TrialLine::went_back) => WENT_BACK,
            Some(_) => WRITTEN,
            None if session.found.demo => DEMO,
            None => NOTHING_WRITTEN,
        };
        pane.say(&heading.with("n", session.change_count()).of(lang), columns, 0, theme.heading);
        for (line, style) in self.trial.iter().flat_map(|trial| trial.lines(session, columns)) {
            pane.push(Line::from(Span::styled(line, style)));
        }
        pane.push("");
        for (name, text) in self.facts(session) {
            for (n, line) in wrap(&text, columns.saturating_sub(16)).into_iter().enumerate() {
                let name = if n == 0 { session.say(name) } else { "" };
                let name = Span::styled(format!("  {}", pad(name, 14)), theme.quiet);
                pane.push(Line::from(vec![name, Span::raw(line)]));
            }
        }
        push_result(&mut pane, session, columns);
        pane.push("");
        pane.push(Line::from(Span::styled(format!("  {}", session.say(picture::LEGEND)), theme.quiet)));
        for line in picture::lines(session, columns.saturating_sub(2)) {
            pane.push(Line::from_iter(std::iter::once(Span::raw("  ")).chain(line.spans)));
        }
        pane.push("");
        let what = if session.change_count() == 0 { NO_CHANGE } else { CHANGED };
        pane.push(Line::from(Span::styled(session.say(what), theme.heading)));
        pane.append(diff(session.diff(), session, columns));
        pane
    }

    fn facts(&self, session: &Session) -> Vec<(Text, String)> {
        let (before, after) = (session.count(&session.plan.before), session.count(&session.plan.after));
        let counts = COUNTS
            .with("c", before.critical)
            .with("c2", after.critical)
            .with("w", before.warn)
            .with("w2", after.warn)
            .with("i", before.info)
            .with("i2", after.info);
        let mut facts = vec![(FINDINGS, counts.of(session.lang()))];
        if let Some(done) = &self.done {
            facts.push((FILE, harmless(&done.path.display().to_string())));
            if let Some(backup) = &done.backup {
                facts.push((BACKUP, harmless(&backup.display().to_string())));
            }
            for (path, backup) in &done.others {
                facts.push((FILE, harmless(&path.display().to_string())));
                facts.push((BACKUP, harmless(&backup.display().to_string())));
            }
            facts.push((UNDO, done.undo(session.lang())));
            facts.extend(done.warnings.iter().map(|warning| (WARNING, warning.of(session.lang()))));
        }
        if let Some(reload) = heaviest(session.changes()) {
            facts.push((words::GATEWAY, session.say(reload.text()).to_owned()));
        }
        if self.done.is_some() {
            facts.push((CHECK, session.say(CHECK_HOW).to_owned()));
        }
        facts
    }
}
