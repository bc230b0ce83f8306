//! Review: every change, to be taken or left; the diff; what stays.

mod changes;

use super::diff::diff;
use super::{ARROW, Go, Hint, Mouse, consequences, moved, secrets, shown_key};
use crate::plan::{Change, Pick, Reload};
use crate::posture::Weight;
use crate::text::Text;
use crate::text::wrap::{width, wrap};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use changes::{Entry, LeftOut, State, detail, list};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

const SUMMARY: Text = Text {
    en: "{n} {n|change|changes}: {safe} safe, {asks} with your OK. Gateway: {reload}",
    ja: "変更 {n}件: 安全 {safe}件、要確認 {asks}件。Gateway: {reload}",
};
const MODE_ONLY: Text = Text {
    en: "Only the mode of the file changes.",
    ja: "ファイルのパーミッションだけを変更します。",
};
const NO_CHANGE: Text = Text {
    en: "Nothing would change: the file is as this posture wants it.",
    ja: "変更はありません。設定ファイルはこの態勢に合っています。",
};
const NONE_ON: Text = Text { en: "No change is switched on.", ja: "適用する変更はまだありません。" };
const UNDECIDED: Text = Text {
    en: "{n} more {n|needs|need} your OK, marked [ ] below: nothing changes there until then.",
    ja: "未決定の要確認が{n}件あり、そのまま残ります (下の [ ])。",
};
const REREAD: Text = Text {
    en: "The file was changed by someone else and was read again. Your answers were kept: look through the changes once more.",
    ja: "設定ファイルが別のプログラムに変更されたため、読み直しました。回答はそのままです。変更をもう一度確認してください。",
};
const CHANGES: Text = Text { en: "Changes", ja: "変更" };
const DIFF: Text = Text { en: "Diff", ja: "差分" };
const STAYS: Text = Text { en: "What stays", ja: "残る検出事項" };
const STOPS: Text = Text { en: "What stops", ja: "使えなくなるもの" };
const WAYS: Text = Text { en: "Ways in", ja: "経路" };
const REFUSED: Text = Text {
    en: "Nothing can be written: OpenClaw would refuse the result ({path}: {why}). Start lists all that must be mended first.",
    ja: "OpenClaw が受け付けない設定になるため、書き込めません ({path}: {why})。先に直すものは「開始」に一覧があります。",
};
const NOT_YET: Text = Text {
    en: "Nothing can be written yet: OpenClaw would refuse the result as decided so far ({path}: {why}). What is marked [ ] below mends it.",
    ja: "ここまでの回答では OpenClaw が受け付けない設定になるため、まだ書き込めません ({path}: {why})。下の [ ] を適用すると直ります。",
};
const SAVE_ANSWERS: Text = Text { en: "Save answers", ja: "回答を保存" };
const WRITE: Text = Text { en: "Write", ja: "書き込み" };
const ON_TRIAL: Text = Text { en: "Trial", ja: "試行" };
const ON_OFF: Text = Text { en: "On/off", ja: "切替" };
const READ_ON: Text = Text { en: "More", ja: "続き" };

/// From here on the changes and the diff stand side by side.
const BESIDE: u16 = 110;
/// From here on they stand one above the other.
const ABOVE: u16 = 24;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum View {
    #[default]
    Changes,
    Diff,
    Stays,
    Stops,
    Ways,
}

const VIEWS: [(View, Text); 5] =
    [(View::Changes, CHANGES), (View::Diff, DIFF), (View::Stays, STAYS), (View::Stops, STOPS), (View::Ways, WAYS)];

/// The screen before writing.
#[derive(Default)]
pub struct Review {
    view: View,
    cursor: usize,
    scroll: usize,
    /// How far the explanation of the change under the cursor is scrolled.
    reading: usize,
    left_out: LeftOut,
    reread: bool,
}

struct Parts {
    tabs: Rect,
    list: Rect,
    detail: Rect,
    other: Option<Rect>,
}

impl Review {
    /// Says that the file was read again because it had changed on disk.
    pub fn was_reread(&mut self) {
        self.reread = true;
        self.view = View::Changes;
    }

    /// Is the key of the change that the cursor stands on.
    pub fn under_cursor(&self, session: &Session) -> Option<String> {
        let entries = self.entries(session);
        let entry = entries.get(self.at(&entries)).filter(|_| self.view == View::Changes)?;
        Some(entry.key.clone())
    }

    /// Puts the cursor on a change.
    pub fn point_at(&mut self, key: &str, session: &Session) {
        if let Some(at) = self.entries(session).iter().position(|entry| entry.key == key) {
            self.cursor = at;
        }
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        match key.code {
            KeyCode::Char('w') => return Go::Write { on_trial: false },
            KeyCode::Char('t') => return Go::Write { on_trial: true },
            KeyCode::Char('s') => return Go::SaveAnswers,
            KeyCode::Char('m') => return Go::Secrets,
            KeyCode::Esc | KeyCode::BackTab => return Go::Back,
            KeyCode::Tab => self.show(next_view(self.view)),
            KeyCode::Char('d') => self.show(View::Diff),
            KeyCode::Up | KeyCode::Char('k') => self.go_by(-1, session),
            KeyCode::Down | KeyCode::Char('j') => self.go_by(1, session),
            KeyCode::PageUp if self.view == View::Changes => self.read_by(-3, session),
            KeyCode::PageDown if self.view == View::Changes => self.read_by(3, session),
            KeyCode::PageUp => self.go_by(-10, session),
            KeyCode::PageDown => self.go_by(10, session),
            KeyCode::Home => self.go_by(isize::MIN, session),
            KeyCode::End => self.go_by(isize::MAX, session),
            KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right if self.view == View::Changes => {
                return self.toggle(session);
            }
            KeyCode::Char(' ') => self.go_by(10, session),
            _ => {}
        }
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        let parts = self.parts(session);
        match mouse {
            Mouse::Wheel(place, by) => {
                if parts.detail.contains(place) {
                    self.read_by(by, session);
                    return Go::Stay;
                }
                let over_other = parts.other.is_some_and(|other| other.contains(place));
                if over_other && self.view == View::Changes {
                    self.show(View::Diff);
                }
                self.go_by(by, session);
            }
            Mouse::Click(place) if parts.tabs.contains(place) => {
                let mut x = parts.tabs.x;
                for (view, text) in VIEWS {
                    let end = x + tab_width(&tab(view, text, session));
                    if (x..end).contains(&place.x) {
                        self.show(view);
                    }
                    x = end;
                }
            }
            Mouse::Click(place) => {
                let entries = self.entries(session);
                let pane = list(&entries, self.cursor, session, parts.list.width);
                let scroll = pane.centred(&self.at(&entries), parts.list.height);
                if let Some(at) = pane.at(parts.list, scroll, place) {
                    self.view = View::Changes;
                    if at == self.at(&entries) {
                        return self.toggle(session);
                    }
                    self.cursor = at;
                    self.reading = 0;
                }
            }
        }
        Go::Stay
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let look = &session.look;
        let body = session.body;
        let parts = self.parts(session);
        let head = self.head(session, usize::from(body.width));
        for (y, (line, style)) in (body.y..parts.tabs.y).zip(head) {
            buf.set_string(body.x, y, line, style);
        }
        self.draw_tabs(parts.tabs, buf, session);
        if parts.list.height > 0 {
            let entries = self.entries(session);
            let pane = list(&entries, self.cursor, session, parts.list.width);
            pane.draw(parts.list, buf, pane.centred(&self.at(&entries), parts.list.height), look);
            let y = parts.list.bottom();
            let rule = look.symbols.across.repeat(parts.list.width.into());
            buf.set_string(parts.list.x, y, rule, look.theme.quiet);
            if let Some(entry) = entries.get(self.at(&entries)) {
                let pane = detail(entry, session, parts.detail);
                pane.draw(parts.detail, buf, pane.clamped(self.reading, parts.detail.height), look);
            }
        }
        if let Some(other) = parts.other {
            if other.x > body.x {
                for y in other.y..other.bottom() {
                    buf.set_string(other.x - 2, y, look.symbols.down, look.theme.quiet);
                }
            } else if other.y > parts.tabs.bottom() {
                let rule = look.symbols.across.repeat(other.width.into());
                buf.set_string(other.x, other.y - 1, rule, look.theme.quiet);
            }
            let pane = self.other(session, other.width);
            let scroll = if self.view == View::Changes { 0 } else { self.scroll };
            pane.draw(other, buf, pane.clamped(scroll, other.height), look);
        }
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        let mut keys = vec![("w", WRITE), ("t", ON_TRIAL)];
        if self.view == View::Changes {
            keys.push(("Space", ON_OFF));
            let area = self.parts(session).detail;
            if self.explanation(session).is_some_and(|pane| pane.len() > usize::from(area.height)) {
                keys.push(("PgDn", READ_ON));
            }
        }
        let (_, next) = VIEWS[(index(self.view) + 1) % VIEWS.len()];
        keys.push(("Tab", next));
        if self.view != View::Changes {
            keys.push(("Up Down", words::SCROLL));
        }
        keys.push(("Esc", words::BACK));
        keys.push(("s", SAVE_ANSWERS));
        if session.change_count() == 0 && session.has_plain_secrets() {
            keys.insert(0, ("m", secrets::NAME));
        }
        keys
    }

    fn show(&mut self, view: View) {
        self.view = view;
        self.scroll = 0;
    }

    fn at(&self, entries: &[Entry]) -> usize {
        self.cursor.min(entries.len().saturating_sub(1))
    }

    fn go_by(&mut self, by: isize, session: &Session) {
        let parts = self.parts(session);
        if self.view == View::Changes {
            let entries = self.entries(session);
            self.cursor = moved(self.at(&entries), by, entries.len());
            self.reading = 0;
        } else if let Some(other) = parts.other {
            let pane = self.other(session, other.width);
            self.scroll = pane.clamped(self.scroll.saturating_add_signed(by), other.height);
        }
    }

    fn explanation(&self, session: &Session) -> Option<Pane<usize>> {
        let entries = self.entries(session);
        let entry = entries.get(self.at(&entries))?;
        Some(detail(entry, session, self.parts(session).detail))
    }

    fn read_by(&mut self, by: isize, session: &Session) {
        let height = self.parts(session).detail.height;
        if let Some(pane) = self.explanation(session) {
            self.reading = pane.clamped(self.reading.saturating_add_signed(by), height);
        }
    }

    /// Switches the change under the cursor off, or on again.
    fn toggle(&mut self, session: &mut Session) -> Go {
        let entries = self.entries(session);
        let Some(entry) = entries.get(self.at(&entries)) else {
            return Go::Stay;
        };
        let key = entry.key.clone();
        let Some(row) = session.row(&key) else {
            return Go::Say(changes::MODE_EFFECT.into());
        };
        if entry.state == State::Made {
            let keep = Pick::Choice(row.row.choices[0].value.clone());
            let pick = session.answers.picks.get(&key).cloned();
            self.left_out.insert(key.clone(), pick);
            return self.decide(&key, Some(keep), session);
        }
        let recommended = Pick::Choice(row.row.choices[row.row.recommended].value.clone());
        let pick = self.left_out.remove(&key).unwrap_or(Some(recommended));
        self.decide(&key, pick, session)
    }

    /// Decides, and follows the line to where it stands then.
    fn decide(&mut self, key: &str, pick: Option<Pick>, session: &mut Session) -> Go {
        if let Err(why) = session.decide(key, pick) {
            return Go::Say(why);
        }
        if let Some(at) = self.entries(session).iter().position(|entry| entry.key == key) {
            self.cursor = at;
        }
        Go::Stay
    }

    fn entries(&self, session: &Session) -> Vec<Entry> {
        changes::entries(&self.left_out, session)
    }

    fn head(&self, session: &Session, columns: usize) -> Vec<(String, Style)> {
        let theme = session.look.theme;
        let lang = session.lang();
        let changes = session.changes();
        let asks = changes.iter().filter(|change| change.weight == Weight::Ask).count();
        let issue = session.plan.issues_after.first();
        let said = match heaviest(changes) {
            _ if issue.is_some() => String::new(),
            None if !session.plan.closings().is_empty() => session.say(MODE_ONLY).to_owned(),
            None if self.entries(session).is_empty() => session.say(NO_CHANGE).to_owned(),
            None => session.say(NONE_ON).to_owned(),
            Some(reload) => SUMMARY
                .with("n", session.change_count())
                .with("safe", session.change_count() - asks)
                .with("asks", asks)
                .with("reload", session.say(reload.text()))
                .of(lang),
        };
        let mut head: Vec<(String, Style)> =
            wrap(&said, columns).into_iter().map(|line| (line, theme.heading)).collect();
        if let Some(issue) = issue {
            let text = if session.unmended().is_empty() { NOT_YET } else { REFUSED };
            let said = text.with("path", shown_key(&issue.path)).with("why", issue.message.of(lang)).of(lang);
            head = wrap(&said, columns).into_iter().map(|line| (line, theme.critical)).collect();
        }
        let open = session.waiting();
        if open > 0 {
            let said = UNDECIDED.with("n", open).of(lang);
            head.extend(wrap(&said, columns).into_iter().map(|line| (line, theme.ask)));
        }
        if self.reread {
            let lines = wrap(session.say(REREAD), columns);
            head.extend(lines.into_iter().map(|line| (line, theme.critical)));
        }
        head
    }

    fn parts(&self, session: &Session) -> Parts {
        let body = session.body;
        let head = self.head(session, usize::from(body.width)).len();
        let head = u16::try_from(head).unwrap_or(1).min(body.height / 2);
        let tabs = Rect { y: body.y + head, height: 1, ..body };
        let y = tabs.bottom();
        let rest = Rect { y, height: body.bottom().saturating_sub(y), ..body };
        let none = Rect { height: 0, ..rest };
        let split = |area: Rect| {
            let detail = (area.height * 2 / 5).clamp(3, 9).min(area.height.saturating_sub(3));
            let list = Rect { height: area.height.saturating_sub(detail + 1), ..area };
            let detail = Rect { y: list.bottom() + 1, height: detail, ..area };
            (list, detail)
        };
        if rest.width >= BESIDE {
            let left = Rect { width: rest.width * 11 / 20, ..rest };
            let other = Rect { x: left.right() + 3, width: rest.width - left.width - 3, ..rest };
            let (list, detail) = split(left);
            return Parts { tabs, list, detail, other: Some(other) };
        }
        if rest.height >= ABOVE {
            let above = Rect { height: rest.height * 3 / 5, ..rest };
            let y = above.bottom() + 1;
            let other = Rect { y, height: rest.bottom().saturating_sub(y), ..rest };
            let (list, detail) = split(above);
            return Parts { tabs, list, detail, other: Some(other) };
        }
        match self.view {
            View::Changes => {
                let (list, detail) = split(rest);
                Parts { tabs, list, detail, other: None }
            }
            _ => Parts { tabs, list: none, detail: none, other: Some(rest) },
        }
    }

    fn draw_tabs(&self, area: Rect, buf: &mut Buffer, session: &Session) {
        let theme = session.look.theme;
        let mut x = area.x;
        for (view, text) in VIEWS {
            let name = tab(view, text, session);
            let (shown, style) = if view == self.view {
                (format!("[{name}]"), theme.heading)
            } else {
                (format!(" {name} "), theme.quiet)
            };
            buf.set_string(x, area.y, shown, style);
            x += tab_width(&name);
        }
    }

    fn other(&self, session: &Session, columns: u16) -> Pane<usize> {
        let columns = usize::from(columns).saturating_sub(2);
        match self.view {
            View::Stays => consequences::stays(&session.plan.after, session, columns),
            View::Stops => consequences::stops(session, columns),
            View::Ways => consequences::ways(session, columns),
            _ => diff(session.diff(), session, columns),
        }
    }
}

fn index(view: View) -> usize {
    VIEWS.iter().position(|(known, _)| *known == view).unwrap_or(0)
}

fn next_view(view: View) -> View {
    VIEWS[(index(view) + 1) % VIEWS.len()].0
}

/// Is the name of a view, with how much is in it where that is worth watching.
fn tab(view: View, text: Text, session: &Session) -> String {
    let name = session.say(text);
    match view {
        View::Stops => format!("{name} {}", session.stops().len()),
        View::Ways => format!("{name} {}{ARROW}{}", session.chains_before().len(), session.chains().len()),
        _ => name.to_owned(),
    }
}

fn tab_width(name: &str) -> u16 {
    u16::try_from(width(name)).unwrap_or(10) + 4
}

/// Is what the gateway does with all changes together.
pub(super) fn heaviest(changes: &[Change]) -> Option<Reload> {
    changes.iter().map(|change| change.reload).max()
}
