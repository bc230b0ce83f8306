//! Review: every change, to be taken or left; the diff; what stays.

use super::step::weight_style;
use super::{ARROW, Go, Hint, Mouse, fitted, moved};
use crate::checks::Finding;
use crate::document::Path;
use crate::plan::{Change, DiffKind, DiffLine, Pick, Place, Planned, Reload};
use crate::posture::Weight;
use crate::text::wrap::{clip, pad, width, wrap};
use crate::text::{Said, Text, harmless};
use crate::tui::session::Session;
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
    en: "{n} changes: {safe} safe, {asks} asks. Once written: {reload}",
    ja: "変更 {n}件: 安全 {safe}件、要確認 {asks}件。書き込み後: {reload}",
};
const NO_CHANGE: Text = Text {
    en: "Nothing would change: the file is as this posture wants it.",
    ja: "変更はありません。設定ファイルはこの態勢に合っています。",
};
const NONE_ON: Text = Text { en: "No change is switched on.", ja: "適用する変更はまだありません。" };
const UNDECIDED: Text = Text {
    en: "{n} asks are undecided and stay as they are: marked [ ] below.",
    ja: "未決定の要確認が{n}件あり、そのまま残ります (下の [ ])。",
};
const REREAD: Text = Text {
    en: "The file was changed by someone else and was read again. Your answers were kept: look through the changes once more.",
    ja: "設定ファイルが別のプログラムに変更されたため、読み直しました。回答はそのままです。変更をもう一度確認してください。",
};
const CHANGES: Text = Text { en: "Changes", ja: "変更" };
const DIFF: Text = Text { en: "Diff", ja: "差分" };
const STAYS: Text = Text { en: "What stays", ja: "残る検出事項" };
const SAFE_GROUP: Text =
    Text { en: "Safe: a working setup keeps working", ja: "安全: 今の使い方はそのままです" };
const ASK_GROUP: Text = Text {
    en: "Asks: may cut someone or something off",
    ja: "要確認: 使えなくなるものがあるかもしれません",
};
const OPEN: Text = Text { en: "undecided", ja: "未決定" };
const OUT: Text = Text { en: "left", ja: "見送り" };
const CLOSES: Text = Text { en: "Closes", ja: "解消" };
const EFFECT: Text = Text { en: "Effect", ja: "影響" };
const RELOAD: Text = Text { en: "When", ja: "反映" };
const KEY: Text = Text { en: "Key", ja: "キー" };
const PLACE: Text = Text { en: "{path}: {before} -> {after}", ja: "{path}: {before} -> {after}" };
const NOTHING: Text = Text { en: "unset", ja: "未設定" };
const REMOVED: Text = Text { en: "removed", ja: "削除" };
const AS_TYPED: Text = Text { en: "As you typed it.", ja: "入力したとおりにします。" };
const REFUSED: Text = Text {
    en: "OpenClaw would refuse the result, so it cannot be written. {path}: {why}",
    ja: "OpenClaw が受け付けない設定になるため、書き込めません。{path}: {why}",
};
const NOTHING_STAYS: Text = Text { en: "No finding stays.", ja: "残る検出事項はありません。" };
const NO_DIFF: Text = Text { en: "The file stays as it is.", ja: "設定ファイルは変わりません。" };
const WRITE: Text = Text { en: "Write", ja: "書き込み" };
const ON_OFF: Text = Text { en: "Take or leave", ja: "適用・見送り" };
const READ_ON: Text = Text { en: "Read on", ja: "説明の続き" };
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
}

const VIEWS: [(View, Text); 3] = [(View::Changes, CHANGES), (View::Diff, DIFF), (View::Stays, STAYS)];

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
    weight: Weight,
    effect: Said,
    path: Path,
    state: State,
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
            KeyCode::Char('w') => return Go::Write,
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
                    let end = x + tab_width(session.say(text));
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
        let mut keys = vec![("w", WRITE)];
        if self.view == View::Changes {
            keys.push(("Space", ON_OFF));
            let area = self.parts(session).detail;
            if self.explanation(session).is_some_and(|pane| pane.len() > usize::from(area.height)) {
                keys.push(("PgDn", READ_ON));
            }
        } else {
            keys.push(("Up Down", SCROLL));
        }
        let (_, next) = VIEWS[(index(self.view) + 1) % VIEWS.len()];
        keys.push(("Tab", next));
        keys.push(("Esc", words::BACK));
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
            return Go::Stay;
        };
        if entry.state == State::Made {
            let keep = Pick::Choice(row.row.choices[0].value.clone());
            let pick = session.answers.picks.get(&key).cloned();
            self.left_out.insert(key.clone(), pick);
            return session.decide(&key, Some(keep)).into();
        }
        let recommended = Pick::Choice(row.row.choices[row.row.recommended].value.clone());
        let pick = self.left_out.remove(&key).unwrap_or(Some(recommended));
        session.decide(&key, pick).into()
    }

    /// Is the changes that are made, were switched off here, or wait for a decision: the Safe ones first.
    fn entries(&self, session: &Session) -> Vec<Entry> {
        let mut entries: Vec<Entry> = session.plan.rows.iter().filter_map(|row| self.entry(row, session)).collect();
        entries.sort_by_key(|entry| entry.weight);
        entries
    }

    fn entry(&self, row: &Planned, session: &Session) -> Option<Entry> {
        let key = row.key();
        let picked = session.answers.picks.get(&key);
        let (state, pick) = if !row.edits.is_empty() {
            (State::Made, picked)
        } else if row.is_open_ask() {
            (State::Open, None)
        } else if row.taken == Some(0) {
            (State::Out, self.left_out.get(&key)?.as_ref())
        } else {
            return None;
        };
        let typed = match pick {
            Some(Pick::Text(text)) => Some(harmless(&text.replace('\n', ", "))),
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
            weight: if typed.is_some() { Weight::Ask } else { choice.weight },
            effect: if typed.is_some() { AS_TYPED.into() } else { choice.effect.clone() },
            after: typed.unwrap_or_else(|| harmless(&choice.value)),
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
        let said = match heaviest(changes) {
            None if self.entries(session).is_empty() => session.say(NO_CHANGE).to_owned(),
            None => session.say(NONE_ON).to_owned(),
            Some(reload) => SUMMARY
                .with("n", changes.len())
                .with("safe", changes.len() - asks)
                .with("asks", asks)
                .with("reload", session.say(reload.text()))
                .of(lang),
        };
        let mut head: Vec<(String, Style)> =
            wrap(&said, columns).into_iter().map(|line| (line, theme.heading)).collect();
        let open = session.plan.rows.iter().filter(|row| row.is_open_ask()).count();
        if open > 0 {
            let said = UNDECIDED.with("n", open).of(lang);
            head.extend(wrap(&said, columns).into_iter().map(|line| (line, theme.ask)));
        }
        if let Some(issue) = session.plan.issues_after.first() {
            let said = REFUSED.with("path", &issue.path).with("why", issue.message.of(lang)).of(lang);
            head.extend(wrap(&said, columns).into_iter().map(|line| (line, theme.critical)));
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
            let name = session.say(text);
            let (shown, style) = if view == self.view {
                (format!("[{name}]"), theme.heading)
            } else {
                (format!(" {name} "), theme.quiet)
            };
            buf.set_string(x, area.y, shown, style);
            x += tab_width(name);
        }
    }

    fn other(&self, session: &Session, columns: u16) -> Pane<usize> {
        let columns = usize::from(columns).saturating_sub(2);
        match self.view {
            View::Stays => stays(&session.plan.after, session, columns),
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
    let widest = entries.iter().map(|entry| width(&entry.title)).max().unwrap_or(0);
    let title = (widest + 1).clamp(20, columns * 2 / 5);
    let values = columns.saturating_sub(6 + title + 1 + MARK);
    let mut pane = Pane::default();
    let mut group = None;
    for (n, entry) in entries.iter().enumerate() {
        let heading = if entry.weight == Weight::Ask { ASK_GROUP } else { SAFE_GROUP };
        if group != Some(heading) {
            group = Some(heading);
            let style = weight_style(entry.weight, theme);
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
                Span::styled(pad(&entry.title, title), style),
                Span::styled(change, if on { style } else { quiet }),
                Span::styled(pad(mark, MARK), quiet),
            ]),
            n,
        );
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
    add(EFFECT, &entry.effect.of(session.lang()));
    let Some(change) = session.changes().iter().find(|change| change.key == entry.key) else {
        add(KEY, &harmless(&entry.path.to_string()));
        return pane;
    };
    if !change.closes.is_empty() {
        add(CLOSES, &harmless(&change.closes.join(", ")));
    }
    add(RELOAD, session.say(change.reload.text()));
    for place in &change.places {
        add(KEY, &place_line(place, session));
    }
    pane
}

fn place_line(place: &Place, session: &Session) -> String {
    let shown = |value: &Option<String>, none: Text| match value {
        Some(value) => harmless(value),
        None => session.say(none).to_owned(),
    };
    PLACE
        .with("path", &place.path)
        .with("before", shown(&place.before, NOTHING))
        .with("after", shown(&place.after, REMOVED))
        .of(session.lang())
}

/// Is the lines of a diff, with the line numbers of both sides.
pub(super) fn diff(lines: &[DiffLine], session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if lines.is_empty() {
        pane.push(Line::from(session.say(NO_DIFF)));
    }
    for line in lines {
        let (sign, style) = sign(line.kind, theme);
        if line.kind == DiffKind::Hunk {
            pane.push(Line::from(Span::styled(clip(&line.text, columns), style)));
            continue;
        }
        let number = line.new_line.or(line.old_line).map(|n| n.to_string()).unwrap_or_default();
        pane.push(Line::from(vec![
            Span::styled(format!("{number:>4} "), theme.quiet),
            Span::styled(format!("{sign} {}", clip(&line.text, columns.saturating_sub(7))), style),
        ]));
    }
    pane
}

fn sign(kind: DiffKind, theme: Theme) -> (&'static str, Style) {
    match kind {
        DiffKind::Context => (" ", theme.plain),
        DiffKind::Removed => ("-", theme.removed),
        DiffKind::Added => ("+", theme.added),
        DiffKind::Hunk => ("", theme.hunk),
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
