//! Secrets: which ones leave the config, where they go, and which old copies still hold them. A write of its own, after the rest.

use super::{Go, Hint, Mouse, shown_key};
use crate::document::Path as Key;
use crate::report::secrets::{Moved, NO_RESTART, PURGE, RESTART, ROTATE};
use crate::text::wrap::wrap;
use crate::text::{Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::list::List;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use std::collections::BTreeSet;

/// The word for the key that leads here.
pub const NAME: Text = Text { en: "Secrets", ja: "シークレット" };
/// Why it does not lead here yet.
pub const FIRST: Text = Text {
    en: "Write these changes first. Moving secrets is a write of its own, after the rest.",
    ja: "先にこの変更を書き込んでください。シークレットの移動は、そのあとに別の書き込みとして行います。",
};
const HEADING: Text =
    Text { en: "Which secrets leave the config?", ja: "設定ファイルの外に移すシークレット" };
const WHY: Text = Text {
    en: "They go to a file that only you can read. The config then only names them, so a copy of it gives nothing away.",
    ja: "自分だけが読めるファイルに移します。設定には名前だけが残るため、コピーが渡っても値は漏れません。",
};
const NONE: Text = Text {
    en: "No secret stands in the config in plain text.",
    ja: "設定に平文のシークレットはありません。",
};
const DONE: Text =
    Text { en: "Moved: {n} {n|secret|secrets}.", ja: "シークレット{n}件を移動しました。" };
const STAYS: Text = Text { en: "To be moved by hand", ja: "手作業で移すもの" };
const LINGERS: Text = Text {
    en: "A value also stands in line {line} of {path}, as in a comment: take it out by hand.",
    ja: "{path} の{line}行目 (コメントなど) にも値が残っています。手作業で消してください。",
};
const COPIES: Text = Text { en: "Old copies that hold them", ja: "値が残っている古いコピー" };
const REMOVED: Text = Text { en: "removed", ja: "削除済み" };
const UNREAD: Text = Text { en: "could not be read", ja: "読み取れません" };
const ASK_MOVE: Text = Text {
    en: "Move {n} {n|secret|secrets} now? A backup of the config is made first. Enter moves, Esc does not.",
    ja: "シークレット{n}件を移動しますか? 先に設定のバックアップを作成します。Enter で移動、Esc で中止します。",
};
const ASK_PURGE: Text = Text {
    en: "Remove {n} old {n|copy|copies} for good? Enter removes, Esc does not.",
    ja: "古いコピー{n}件を完全に削除しますか? Enter で削除、Esc で中止します。",
};
const MOVE: Text = Text { en: "Move them", ja: "移動" };
const REMOVE: Text = Text { en: "Remove copies", ja: "コピーを削除" };
const YES: Text = Text { en: "Yes", ja: "はい" };
const NO: Text = Text { en: "No", ja: "いいえ" };

/// The screen of the secrets of one config.
pub struct SecretsScreen {
    moved: Moved,
    /// What the administrator leaves in the config.
    off: BTreeSet<Key>,
    asks: Option<Asks>,
    list: List,
}

/// What it asks before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Move,
    Purge,
}

impl SecretsScreen {
    /// Is the screen for what would move, or has.
    pub fn new(moved: Moved) -> Self {
        SecretsScreen { moved, off: BTreeSet::new(), asks: None, list: List::default() }
    }

    /// Whether secrets have moved, so that the config is not what it was.
    pub fn is_done(&self) -> bool {
        self.moved.written.is_some()
    }

    fn chosen(&self) -> Vec<Key> {
        self.moved.steps.iter().map(|step| step.path.clone()).filter(|path| !self.off.contains(path)).collect()
    }

    fn held(&self) -> usize {
        self.moved.copies.iter().filter(|copy| copy.is_read && !copy.purged).count()
    }

    /// Whether the old copies can be removed: once the config itself has no secret to move.
    fn may_purge(&self) -> bool {
        self.held() > 0 && (self.is_done() || self.moved.steps.is_empty())
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        if let Some(asks) = self.asks {
            match key.code {
                KeyCode::Enter | KeyCode::Char('y') => self.asks = None,
                KeyCode::Esc | KeyCode::Char('n') => {
                    self.asks = None;
                    return Go::Stay;
                }
                _ => return Go::Stay,
            }
            return match asks {
                Asks::Move => Go::MoveSecrets(self.chosen()),
                Asks::Purge => Go::PurgeSecrets,
            };
        }
        match key.code {
            KeyCode::Esc | KeyCode::BackTab => return Go::Back,
            KeyCode::Char('w') if !self.is_done() && !self.chosen().is_empty() => self.ask(Asks::Move),
            KeyCode::Char('p') if self.may_purge() => self.ask(Asks::Purge),
            KeyCode::Char(' ') if !self.is_done() => self.switch(self.list.cursor),
            code => {
                let (count, height) = (self.moved.steps.len(), session.body.height);
                self.list = self.list.after_key(code, count, height, |at| self.pane(at, session));
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
        if self.asks.is_some() {
            return vec![("Enter", YES), ("Esc", NO)];
        }
        let mut keys = Vec::new();
        if !self.is_done() && !self.moved.steps.is_empty() {
            keys.extend([("w", MOVE), ("Space", words::CHANGE)]);
        }
        if self.may_purge() {
            keys.push(("p", REMOVE));
        }
        keys.extend([("Up Down", words::MOVE), ("Esc", words::BACK)]);
        keys
    }

    /// The question stands at the top.
    fn ask(&mut self, asks: Asks) {
        self.asks = Some(asks);
        self.list.scroll = 0;
    }

    fn switch(&mut self, at: usize) {
        if let Some(step) = self.moved.steps.get(at)
            && !self.off.remove(&step.path)
        {
            self.off.insert(step.path.clone());
        }
    }

    fn pane(&self, cursor: usize, session: &Session) -> Pane<usize> {
        let theme = session.look.theme;
        let lang = session.lang();
        let width = usize::from(session.body.width).saturating_sub(3).min(110);
        let mut pane = Pane::default();
        let shown = |path: &std::path::Path| harmless(&path.display().to_string());
        let moved = &self.moved;
        pane.say(session.say(HEADING), width, 0, theme.heading);
        match self.asks {
            Some(Asks::Move) => pane.say(&ASK_MOVE.with("n", self.chosen().len()).of(lang), width, 0, theme.ask),
            Some(Asks::Purge) => pane.say(&ASK_PURGE.with("n", self.held()).of(lang), width, 0, theme.ask),
            None if self.is_done() => pane.say(&DONE.with("n", moved.steps.len()).of(lang), width, 0, theme.safe),
            None if moved.steps.is_empty() && moved.stay.is_empty() => {
                pane.say(session.say(NONE), width, 0, theme.safe)
            }
            None => pane.say(session.say(WHY), width, 0, theme.quiet),
        }
        pane.push("");
        for (at, step) in moved.steps.iter().enumerate() {
            let is_on = !self.off.contains(&step.path);
            let is_here = at == cursor;
            let (mark, own) = if is_here { (">", theme.cursor) } else { (" ", theme.plain) };
            let state = if is_on { "[x]" } else { "[ ]" };
            for (n, line) in wrap(&shown_key(&step.path), width.saturating_sub(6)).into_iter().enumerate() {
                let (mark, state) = if n == 0 { (mark, state) } else { (" ", "   ") };
                let spans = vec![Span::raw(format!("{mark} {state} ")), Span::styled(line, own)];
                pane.push_for(Line::from(spans), at);
            }
            let place = format!("-> {}  {}", shown(&step.file), harmless(&step.name));
            for line in wrap(&place, width.saturating_sub(6)).into_iter().filter(|_| is_here) {
                pane.push_for(Line::from(Span::styled(format!("      {line}"), theme.quiet)), at);
            }
        }
        let restart = moved.steps.iter().any(|step| step.restart && !self.off.contains(&step.path));
        if !moved.steps.is_empty() {
            pane.push("");
            let (what, style) = if restart { (RESTART, theme.ask) } else { (NO_RESTART, theme.quiet) };
            pane.say(session.say(what), width, 0, style);
        }
        if !moved.stay.is_empty() {
            pane.push("");
            pane.say(session.say(STAYS), width, 0, theme.heading);
            for (path, why) in &moved.stay {
                pane.say(&shown_key(path), width, 2, theme.plain);
                pane.say(&why.of(lang), width, 4, theme.manual);
            }
        }
        for (path, line) in &moved.lingers {
            let said = LINGERS.with("line", line).with("path", path.display());
            pane.say(&said.of(lang), width, 0, theme.manual);
        }
        if !moved.copies.is_empty() {
            pane.push("");
            pane.say(session.say(COPIES), width, 0, theme.heading);
            for copy in &moved.copies {
                let state = match (copy.purged, copy.is_read) {
                    (true, _) => format!("  ({})", session.say(REMOVED)),
                    (false, true) => String::new(),
                    (false, false) => format!("  ({})", session.say(UNREAD)),
                };
                pane.say(&format!("{}{state}", shown(&copy.path)), width, 2, theme.plain);
            }
            if self.may_purge() {
                pane.say(session.say(PURGE), width, 0, theme.ask);
            }
            pane.say(session.say(ROTATE), width, 0, theme.quiet);
        }
        let written = moved.written.iter().flat_map(|written| &written.warnings);
        for warning in written.chain(&moved.warnings) {
            pane.say(&warning.of(lang), width, 0, theme.critical);
        }
        pane
    }
}
