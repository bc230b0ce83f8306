//! Start: what was found, whom the installation serves, what can be done.

use super::{Go, Hint, Mouse, moved};
use crate::posture::{Engine, Posture};
use crate::text::Text;
use crate::text::wrap::{clip_path, pad, wrap};
use crate::tui::session::{Counts, Session};
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

const FOUND: Text = Text { en: "What was found", ja: "確認した内容" };
const FILE: Text = Text { en: "Config", ja: "設定ファイル" };
const NO_FILE: Text = Text {
    en: "{path} (not there yet: the smallest hardened one will be made)",
    ja: "{path} (まだありません。強化した最小の設定を作成します)",
};
const VERSION: Text = Text { en: "OpenClaw", ja: "OpenClaw" };
const NO_VERSION: Text = Text { en: "planned for 2026.9.6", ja: "2026.9.6 として計画します" };
const ENGINE: Text = Text { en: "Sandbox engine", ja: "コンテナエンジン" };
const ENGINE_LINE: Text = Text { en: "{engine}: {reason}", ja: "{engine}: {reason}" };
const NO_ENGINE: Text = Text { en: "none", ja: "なし" };
const FINDINGS: Text = Text { en: "Findings", ja: "検出事項" };
const FINDINGS_LINE: Text = Text {
    en: "critical {critical}, warn {warn}, info {info}",
    ja: "重大 {critical}件、警告 {warn}件、情報 {info}件",
};
const BACKUPS: Text = Text { en: "Backups", ja: "バックアップ" };
const BACKUPS_LINE: Text = Text { en: "{n}, the newest of {when}", ja: "{n}件 (最新 {when})" };
const NO_BACKUPS: Text = Text {
    en: "none yet; one is made before writing",
    ja: "まだありません。書き込む前に作成します",
};
const PROBLEM: Text = Text { en: "Problem", ja: "問題" };
const REFUSED: Text = Text {
    en: "OpenClaw refuses this file as it is, at {n} places. First: {path}: {why}",
    ja: "OpenClaw はこの設定を受け付けません ({n}か所)。最初: {path}: {why}",
};
const WHO: Text = Text { en: "Who uses this installation?", ja: "誰が使いますか?" };
const PROMISE: Text = Text {
    en: "Six steps follow, then a review of every change. Nothing is written before you confirm there.",
    ja: "このあと6つのステップで設定を見直し、最後に変更を確認します。そこで確定するまで何も書き込みません。",
};
const CHOOSE: Text = Text { en: "Choose", ja: "選択" };
const RESTORE: Text = Text { en: "Restore a backup", ja: "復元" };

/// The first screen.
#[derive(Default)]
pub struct Start;

impl Start {
    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        let by = match key.code {
            KeyCode::Enter => return Go::Next,
            KeyCode::Char('b') if !session.found.backups.is_empty() => return Go::Restore,
            KeyCode::Up | KeyCode::Left | KeyCode::Char('k') => -1,
            KeyCode::Down | KeyCode::Right | KeyCode::Char('j') => 1,
            KeyCode::Home => -3,
            KeyCode::End => 3,
            KeyCode::Char(' ') => {
                let next = (index(session) + 1) % Posture::ALL.len();
                return session.set_posture(Posture::ALL[next]).into();
            }
            _ => return Go::Stay,
        };
        let next = moved(index(session), by, Posture::ALL.len());
        session.set_posture(Posture::ALL[next]).into()
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        let Mouse::Click(place) = mouse else {
            return Go::Stay;
        };
        let body = session.body;
        match pane(session, body.width).at(body, 0, place) {
            Some(posture) => session.set_posture(posture).into(),
            None => Go::Stay,
        }
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let area = session.body;
        let pane = pane(session, area.width);
        let scroll = pane.centred(&session.answers.posture, area.height);
        pane.draw(area, buf, scroll, &session.look);
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        let mut keys = vec![("Enter", words::NEXT), ("Space", CHOOSE)];
        if !session.found.backups.is_empty() {
            keys.push(("b", RESTORE));
        }
        keys
    }
}

fn index(session: &Session) -> usize {
    let is = |posture: &Posture| *posture == session.answers.posture;
    Posture::ALL.iter().position(is).unwrap_or(0)
}

fn pane(session: &Session, width: u16) -> Pane<Posture> {
    let theme = session.look.theme;
    let width = usize::from(width).min(110);
    let mut pane = Pane::default();
    let heading = |text: Text| Line::from(Span::styled(session.say(text), theme.heading));

    pane.push(heading(FOUND));
    for (name, value) in facts(session, width.saturating_sub(20)) {
        for (n, line) in wrap(&value, width.saturating_sub(20)).into_iter().enumerate() {
            let name = if n == 0 { session.say(name) } else { "" };
            pane.push(Line::from(vec![Span::styled(format!("  {}", pad(name, 18)), theme.quiet), Span::raw(line)]));
        }
    }
    pane.push("");
    pane.push(heading(WHO));
    for posture in Posture::ALL {
        let chosen = posture == session.answers.posture;
        let (mark, style) = if chosen { ("> (*) ", theme.cursor) } else { ("  ( ) ", theme.plain) };
        let name = pad(session.say(words::posture(posture)), 10);
        let meaning = wrap(session.say(words::posture_meaning(posture)), width.saturating_sub(18));
        for (n, line) in meaning.into_iter().enumerate() {
            let head = if n == 0 { Span::styled(format!("{mark}{name}"), style) } else { Span::raw(" ".repeat(16)) };
            pane.push_for(Line::from(vec![head, Span::raw("  "), Span::raw(line)]), posture);
        }
    }
    pane.push("");
    for line in wrap(session.say(PROMISE), width.saturating_sub(2)) {
        pane.push(Line::from(Span::styled(line, theme.quiet)));
    }
    pane
}

fn facts(session: &Session, width: usize) -> Vec<(Text, String)> {
    let found = &session.found;
    let lang = session.lang();
    let path = session.shown_path();
    let file = if found.exists { clip_path(&path, width) } else { NO_FILE.with("path", path).of(lang) };
    let version = match &found.openclaw_version {
        Some(version) => crate::text::harmless(version),
        None => session.say(NO_VERSION).to_owned(),
    };
    let engine = match found.means.engine {
        Engine::Docker => "Docker",
        Engine::Podman => "Podman",
        Engine::None => session.say(NO_ENGINE),
    };
    let engine = ENGINE_LINE.with("engine", engine).with("reason", found.engine_reason.of(lang));
    let counts = Counts::of(&session.plan.before);
    let findings = FINDINGS_LINE.with("critical", counts.critical).with("warn", counts.warn).with("info", counts.info);
    let backups = match found.backups.first() {
        Some(newest) => BACKUPS_LINE.with("n", found.backups.len()).with("when", &newest.when).of(lang),
        None => session.say(NO_BACKUPS).to_owned(),
    };
    let mut facts = vec![
        (FILE, file),
        (VERSION, version),
        (ENGINE, engine.of(lang)),
        (FINDINGS, findings.of(lang)),
        (BACKUPS, backups),
    ];
    if let Some(issue) = session.plan.issues.first() {
        let said =
            REFUSED.with("n", session.plan.issues.len()).with("path", &issue.path).with("why", issue.message.of(lang));
        facts.insert(1, (PROBLEM, said.of(lang)));
    }
    facts
}
