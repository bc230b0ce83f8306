//! Review: every change, to be taken or left; the diff; what stays.

use super::step::weight_style;
use super::{ARROW, Go, Hint, Mouse, also, consequences, fitted, moved, place_line, secrets, shown_key};
use crate::checks::Finding;
use crate::document::Path;
use crate::plan::{Change, Closing, DiffKind, DiffLine, Pick, Planned, Reload};
use crate::posture::Weight;
use crate::text::wrap::{broken, clip, clip_middle, pad, width, wrap};
use crate::text::{Said, Text, harmless};
use crate::tui::session::{Session, typed};
use crate::tui::theme::Theme;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::collections::BTreeMap;

const SUMMARY: Text = Text {
    en: "{n} {n|change|changes}: {safe} safe, {asks} with your OK. Gateway: {reload}",
    ja: "変更 {n}件: 安全 {safe}件、要確認 {asks}件。Gateway: {reload}",
};
const MODE_ONLY: Text = Text {
    en: "Only the mode of the file changes.",
    ja: "ファイルのパーミッションだけを変更します。",
};
const MODE: Text = Text { en: "File mode", ja: "パーミッション" };
const MODE_EFFECT: Text = Text {
    en: "Nobody but the owner of the file can open it any more. This goes with writing and cannot be switched off.",
    ja: "ファイルの所有者だけが開けるようになります。書き込みと同時に変わり、個別には外せません。",
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
const SAFE_GROUP: Text =
    Text { en: "Safe: a working setup keeps working", ja: "安全: 今の使い方はそのままです" };
const ASK_GROUP: Text = Text {
    en: "Needs your OK: may cut someone or something off",
    ja: "要確認: 使えなくなるものがあるかもしれません",
};
const LEFT_GROUP: Text = Text {
    en: "Left as they are: Space takes one after all",
    ja: "見送り: そのまま残します (Space で適用)",
};
const OPEN: Text = Text { en: "undecided", ja: "未決定" };
const OUT: Text = Text { en: "left", ja: "見送り" };
const CLOSES: Text = Text { en: "Closes", ja: "解消" };
const EFFECT: Text = Text { en: "Effect", ja: "影響" };
const KEY: Text = Text { en: "Key", ja: "キー" };
const PLACE: Text = Text { en: "{path}: {before} -> {after}", ja: "{path}: {before} -> {after}" };
const AS_TYPED: Text = Text { en: "As you typed it.", ja: "入力したとおりにします。" };
const REFUSED: Text = Text {
    en: "Nothing can be written: OpenClaw would refuse the result ({path}: {why}). Start lists all that must be mended first.",
    ja: "OpenClaw が受け付けない設定になるため、書き込めません ({path}: {why})。先に直すものは「開始」に一覧があります。",
};
const NOT_YET: Text = Text {
    en: "Nothing can be written yet: OpenClaw would refuse the result as decided so far ({path}: {why}). What is marked [ ] below mends it.",
    ja: "ここまでの回答では OpenClaw が受け付けない設定になるため、まだ書き込めません ({path}: {why})。下の [ ] を適用すると直ります。",
};
const NOTHING_STAYS: Text = Text { en: "No finding stays.", ja: "残る検出事項はありません。" };
const NO_DIFF: Text = Text { en: "The file stays as it is.", ja: "設定ファイルは変わりません。" };
const SAVE_ANSWERS: Text = Text { en: "Save answers", ja: "回答を保存" };
const WRITE: Text = Text { en: "Write", ja: "書き込み" };
const ON_TRIAL: Text = Text { en: "Trial", ja: "試行" };
const ON_OFF: Text = Text { en: "On/off", ja: "切替" };
const READ_ON: Text = Text { en: "More", ja: "続き" };
const SCROLL: Text = Text { en: "Scroll", ja: "スクロール" };

/// From here on the changes and the diff stand side by side.
const BESIDE: u16 = 110;
/// From here on they stand one above the other.
const ABOVE: u16 = 24;
const MARK: usize = 9;

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
    left_out: BTreeMap<String, Option<Pick>>,
    reread: bool,
}

/// A line of the list: a change that is made, was switched off here, or waits for a decision.
struct Entry {
    key: String,
    title: String,
    before: String,
    after: String,
    group: Group,
    effect: Said,
    /// What else it changes, a line each.
    also: Vec<String>,
    path: Path,
    state: State,
}

/// Under which heading a line stands, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Safe,
    Ask,
    Left,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Made,
    Out,
    Open,
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
            keys.push(("Up Down", SCROLL));
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
            return Go::Say(MODE_EFFECT.into());
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

    /// Is the changes that are made, were left, or wait for a decision: the Safe ones first.
    fn entries(&self, session: &Session) -> Vec<Entry> {
        let closings = session.plan.closings();
        let modes = closings.iter().map(|mode| mode_entry(mode, session));
        let rows = session.plan.rows.iter().filter_map(|row| self.entry(row, session));
        let mut entries: Vec<Entry> = rows.chain(modes).collect();
        entries.sort_by_key(|entry| entry.group);
        entries
    }

    fn entry(&self, row: &Planned, session: &Session) -> Option<Entry> {
        let key = row.key();
        let picked = session.answers.picks.get(&key);
        let (state, pick) = if !row.edits.is_empty() {
            (State::Made, picked)
        } else if row.is_open_ask() {
            (State::Open, None)
        } else if row.taken == Some(0) && self.left_out.contains_key(&key) {
            (State::Out, self.left_out.get(&key).and_then(Option::as_ref))
        } else if is_left(row) {
            (State::Out, None)
        } else {
            return None;
        };
        let typed = match pick {
            Some(Pick::Text(text)) => Some(typed(text)),
            _ => None,
        };
        let choice = match pick {
            Some(Pick::Choice(value)) => row.row.choices.iter().find(|choice| choice.value == *value),
            _ => None,
        };
        let choice = choice.unwrap_or(&row.row.choices[row.row.recommended]);
        Some(Entry {
            title: session.title(row),
            before: row.row.current.of(session.lang()),
            group: match state {
                State::Out if !self.left_out.contains_key(&key) => Group::Left,
                _ if typed.is_some() || choice.weight == Weight::Ask => Group::Ask,
                _ => Group::Safe,
            },
            effect: if typed.is_some() { AS_TYPED.into() } else { choice.effect.clone() },
            also: match (state, &typed) {
                (State::Made, _) => also(&session.plan, row, &row.edits, session),
                (_, None) => also(&session.plan, row, &choice.edits, session),
                (_, Some(_)) => Vec::new(),
            },
            after: typed.unwrap_or_else(|| choice.shown(session.lang())),
            path: row.row.path.clone(),
            state,
            key,
        })
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
        let open = session.plan.rows.iter().filter(|row| row.is_open_ask()).count();
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
            View::Stays => stays(&session.plan.after, session, columns),
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

fn list(entries: &[Entry], cursor: usize, session: &Session, columns: u16) -> Pane<usize> {
    let theme = session.look.theme;
    let columns = usize::from(columns).saturating_sub(2);
    let cursor = cursor.min(entries.len().saturating_sub(1));
    let most = |of: &dyn Fn(&Entry) -> usize| entries.iter().map(of).max().unwrap_or(0);
    let mark_width = if entries.iter().all(|entry| entry.state == State::Made) { 0 } else { MARK };
    let room = columns.saturating_sub(6 + 1 + 1 + mark_width);
    let wanted = most(&|entry| width(&entry.before) + ARROW.len() + width(&entry.after));
    let title = most(&|entry| width(&entry.title)).min((room * 2 / 5).max(room.saturating_sub(wanted)));
    let values = room.saturating_sub(title);
    let mut pane = Pane::default();
    let mut group = None;
    for (n, entry) in entries.iter().enumerate() {
        if group != Some(entry.group) {
            group = Some(entry.group);
            let (heading, style) = match entry.group {
                Group::Safe => (SAFE_GROUP, weight_style(Weight::Safe, theme)),
                Group::Ask => (ASK_GROUP, weight_style(Weight::Ask, theme)),
                Group::Left => (LEFT_GROUP, theme.heading),
            };
            pane.push(Line::from(Span::styled(clip(session.say(heading), columns), style)));
        }
        let under = n == cursor;
        let style = if under { theme.cursor } else { theme.plain };
        let quiet = if under { style } else { theme.quiet };
        let on = entry.state == State::Made;
        let mark = match entry.state {
            State::Open => session.say(OPEN),
            State::Out => session.say(OUT),
            State::Made => "",
        };
        let (before, after) = fitted(&entry.before, &entry.after, values);
        let change = format!("{before}{ARROW}{after} ");
        pane.push_for(
            Line::from(vec![
                Span::styled(if under { "> " } else { "  " }, style),
                Span::styled(if on { "[x] " } else { "[ ] " }, style),
                Span::styled(format!("{} ", pad(&clip_middle(&entry.title, title), title)), style),
                Span::styled(change, if on { style } else { quiet }),
                Span::styled(pad(mark, mark_width), quiet),
            ]),
            n,
        );
        for line in entry.also.iter().flat_map(|also| wrap(also, columns.saturating_sub(8))) {
            pane.push_for(Line::from(Span::styled(format!("        {line}"), theme.quiet)), n);
        }
    }
    pane
}

fn detail(entry: &Entry, session: &Session, area: Rect) -> Pane<usize> {
    const NAME: usize = 9;
    let columns = usize::from(area.width).saturating_sub(2);
    let mut pane = Pane::default();
    let mut add = |name: Text, text: &str| {
        for (n, line) in wrap(text, columns.saturating_sub(NAME)).into_iter().enumerate() {
            let name = if n == 0 { session.say(name) } else { "" };
            pane.push(Line::from(vec![Span::styled(pad(name, NAME), session.look.theme.quiet), Span::raw(line)]));
        }
    };
    let Some(change) = session.changes().iter().find(|change| change.key == entry.key) else {
        add(EFFECT, &entry.effect.of(session.lang()));
        if !entry.path.segs().is_empty() {
            add(KEY, &shown_key(&entry.path));
        }
        return pane;
    };
    add(EFFECT, &change.effect.of(session.lang()));
    if !change.closes.is_empty() {
        add(CLOSES, &harmless(&change.closes.join(", ")));
    }
    add(words::GATEWAY, session.say(change.reload.text()));
    for place in &change.places {
        add(KEY, &place_line(PLACE, place, session));
    }
    pane
}

/// Is the line for the mode that a file gets with writing.
fn mode_entry(mode: &Closing, session: &Session) -> Entry {
    let own = mode.path.file_name().filter(|_| mode.path != session.found.path);
    let of = own.map(|name| format!(": {}", harmless(&name.to_string_lossy()))).unwrap_or_default();
    Entry {
        key: String::new(),
        title: format!("{}{of}", session.say(MODE)),
        before: format!("{:04o}", mode.before),
        after: format!("{:04o}", mode.after),
        group: Group::Safe,
        effect: MODE_EFFECT.into(),
        also: Vec::new(),
        path: Path::root(),
        state: State::Made,
    }
}

/// Whether something is recommended for a row, and was decided against.
fn is_left(row: &Planned) -> bool {
    let recommended = row.row.choices[row.row.recommended].weight;
    row.decided && row.taken == Some(0) && row.refused.is_none() && matches!(recommended, Weight::Safe | Weight::Ask)
}

/// Is the lines of a diff, with the line numbers of both sides.
pub(super) fn diff(lines: &[DiffLine], session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if lines.is_empty() {
        pane.push(Line::from(session.say(NO_DIFF)));
    }
    for (at, line) in lines.iter().enumerate() {
        let (sign, style) = sign(line.kind, theme);
        if matches!(line.kind, DiffKind::File | DiffKind::Hunk) {
            pane.push(Line::from(Span::styled(clip(&line.text, columns), style)));
            continue;
        }
        let number = line.new_line.or(line.old_line).map(|n| n.to_string()).unwrap_or_default();
        let room = columns.saturating_sub(7);
        let shown = if width(&line.text) > LONG * room { around_change(lines, at, room) } else { line.text.clone() };
        for (n, part) in broken_line(&shown, room).into_iter().enumerate() {
            let (number, sign) = if n == 0 { (number.as_str(), sign) } else { ("", " ") };
            pane.push(Line::from(vec![
                Span::styled(format!("{number:>4} "), theme.quiet),
                Span::styled(format!("{sign} {part}"), style),
            ]));
        }
    }
    pane
}

/// From this many lines of the screen on a line of the diff is cut to what is around the change.
const LONG: usize = 6;

/// Breaks a line of the diff; what continues it is indented.
fn broken_line(text: &str, columns: usize) -> Vec<String> {
    let mut lines = broken(text, columns);
    if lines.len() > 1 {
        let rest: String = lines.split_off(1).concat();
        lines.extend(broken(&rest, columns.saturating_sub(2)).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// Is a long line without what it shares with the line that it replaces or is replaced by, but for a little on both sides.
fn around_change(lines: &[DiffLine], at: usize, columns: usize) -> String {
    let run = |kind: DiffKind, from: usize| lines[from..].iter().take_while(|line| line.kind == kind).count();
    let first = lines[..at].iter().rposition(|line| !matches!(line.kind, DiffKind::Removed | DiffKind::Added));
    let first = first.map_or(0, |n| n + 1);
    let removed = run(DiffKind::Removed, first);
    let added = run(DiffKind::Added, first + removed);
    let other = match lines[at].kind {
        DiffKind::Removed if at - first < added => lines.get(at + removed),
        DiffKind::Added if at >= first + removed && at - first - removed < removed => lines.get(at - removed),
        _ => None,
    };
    let text: Vec<char> = lines[at].text.chars().collect();
    let Some(other) = other else {
        return clip_middle(&lines[at].text, LONG * columns);
    };
    let other: Vec<char> = other.text.chars().collect();
    let same = text.iter().zip(&other).take_while(|(one, two)| one == two).count();
    let left = text.len().min(other.len()) - same;
    let same_end = text.iter().rev().zip(other.iter().rev()).take(left).take_while(|(one, two)| one == two).count();
    let begin = same.saturating_sub(columns);
    let end = (text.len() - same_end + columns).min(text.len());
    let cut = |is_cut: bool| if is_cut { "..." } else { "" };
    format!("{}{}{}", cut(begin > 0), text[begin..end].iter().collect::<String>(), cut(end < text.len()))
}

fn sign(kind: DiffKind, theme: Theme) -> (&'static str, Style) {
    match kind {
        DiffKind::Context => (" ", theme.plain),
        DiffKind::Removed => ("-", theme.removed),
        DiffKind::Added => ("+", theme.added),
        DiffKind::Hunk => ("", theme.hunk),
        DiffKind::File => ("", theme.heading),
    }
}

fn stays(findings: &[Finding], session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if findings.is_empty() {
        pane.push(Line::from(session.say(NOTHING_STAYS)));
    }
    for finding in findings {
        let style = match finding.severity {
            crate::checks::Severity::Critical => theme.critical,
            crate::checks::Severity::Warn => theme.warn,
            crate::checks::Severity::Info => theme.info,
        };
        let severity = pad(session.say(words::severity(finding.severity)), 9);
        let title = wrap(session.say(finding.check.title), columns.saturating_sub(9));
        for (n, line) in title.into_iter().enumerate() {
            let severity = if n == 0 { severity.clone() } else { " ".repeat(9) };
            pane.push(Line::from(vec![Span::styled(severity, style), Span::raw(line)]));
        }
        let id =
            Span::styled(format!("         {}", clip(&harmless(&finding.id), columns.saturating_sub(9))), theme.quiet);
        pane.push(Line::from(id));
        let said: Option<Said> = match (&finding.hit.unknown, finding.check.mend) {
            (Some(unknown), _) => Some(unknown.clone()),
            (None, mend) => Some(mend.text().into()),
        };
        for line in said.iter().flat_map(|said| wrap(&said.of(session.lang()), columns.saturating_sub(9))) {
            pane.push(Line::from(format!("         {line}")));
        }
    }
    pane
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: DiffKind, text: &str) -> DiffLine {
        DiffLine { kind, text: text.to_owned(), old_line: Some(1), new_line: Some(1) }
    }

    #[test]
    fn a_long_line_is_cut_to_what_is_around_its_change() {
        let (before, after) = ("a".repeat(500), "z".repeat(500));
        let lines = [
            line(DiffKind::Removed, &format!("{before}off{after}")),
            line(DiffKind::Added, &format!("{before}deny{after}")),
        ];
        let (near, far) = ("a".repeat(20), "z".repeat(20));
        assert_eq!(around_change(&lines, 0, 20), format!("...{near}off{far}..."));
        assert_eq!(around_change(&lines, 1, 20), format!("...{near}deny{far}..."));
    }

    #[test]
    fn a_line_without_another_to_compare_keeps_its_ends() {
        let shown = around_change(&[line(DiffKind::Added, &format!("begin{}end", "-".repeat(500)))], 0, 20);
        assert!(shown.starts_with("begin") && shown.ends_with("end") && width(&shown) <= LONG * 20, "{shown}");
    }

    #[test]
    fn a_broken_line_loses_nothing_and_is_indented_where_it_goes_on() {
        assert_eq!(broken_line("abc  defghij", 5), ["abc  ", "  def", "  ghi", "  j"]);
        assert_eq!(broken_line("abc", 5), ["abc"]);
    }
}
