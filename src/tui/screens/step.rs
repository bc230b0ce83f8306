//! One of the six steps: its rows, and below or beside them what the row under the cursor is about.

use super::{ARROW, Go, Hint, Mouse, also, asks::Asks, fitted, matrix::Matrix, moved, shown_key};
use crate::plan::{Pick, Planned};
use crate::posture::{Choice, Step, Weight};
use crate::text::Text;
use crate::text::wrap::{clip, clip_middle, pad, width, wrap};
use crate::tui::session::{Session, spoken_of, typed};
use crate::tui::theme::{Look, Theme};
use crate::tui::widgets::field::FieldEditor;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const NOTHING: Text = Text {
    en: "There is nothing to decide here. Enter goes on.",
    ja: "このステップで決めることはありません。Enter で次へ進みます。",
};
const IF_CHOSEN: Text = Text { en: "{value}: {effect}", ja: "{value}: {effect}" };
const TYPED_VALUE: Text = Text { en: "typed: {value}", ja: "入力: {value}" };
const KEY: Text = Text { en: "Key", ja: "キー" };
const WHY: Text = Text { en: "Why", ja: "理由" };
const FINDING: Text = Text { en: "Finding", ja: "検出事項" };
const CLOSED: Text = Text { en: "{id} (closed)", ja: "{id} (解消)" };
const STAYS: Text = Text { en: "{id} (open)", ja: "{id} (未解消)" };
const FIELD: Text = Text { en: "e: type a value of your own", ja: "e: 値を入力" };
const FOUND: Text = Text { en: "Found", ja: "現在の値" };
const PROPOSED: Text = Text {
    en: "Proposed, not taken yet: Space takes it.",
    ja: "提案です。まだ適用していません (Space で適用)。",
};
const NO_CHOICE: Text = Text { en: "Nothing to change here.", ja: "ここで変更することはありません。" };
const TYPE: Text = Text { en: "Type", ja: "入力" };
const RESET: Text = Text { en: "Reset", ja: "取り消し" };
const SEE_ASKS: Text = Text { en: "Show what needs OK", ja: "要確認の一覧" };
const DETAIL: Text = Text { en: "Explain", ja: "説明" };
const WHO_MAY: Text = Text { en: "Who may", ja: "使える人" };
const ROWS: Text = Text { en: "Rows", ja: "一覧" };

const TAKEN: Text = Text { en: "taken", ja: "適用" };
const LEFT: Text = Text { en: "left", ja: "見送り" };
const TYPED: Text = Text { en: "typed", ja: "入力" };
const REFUSED: Text = Text { en: "refused", ja: "却下" };

/// Below this width the explanation stands under the rows.
const BESIDE: u16 = 110;
/// From this height on a blank line follows the heading.
const AIRY: u16 = 28;
/// The most columns that a found value takes.
const LONGEST: usize = 200;
/// The most that a label takes.
const LABEL: usize = 24;
/// The width of the last column.
const MARK: usize = 8;

/// A step's screen.
pub struct StepScreen {
    step: Step,
    cursor: usize,
    /// How far the explanation is scrolled, while it has the focus.
    reading: Option<usize>,
    asks: Option<Asks>,
    /// Who may call what, on the step that decides it.
    matrix: Option<Matrix>,
}

struct Parts {
    heading: Rect,
    list: Rect,
    rule: Rect,
    detail: Rect,
}

impl StepScreen {
    /// Is the screen of a step.
    pub fn new(step: Step) -> Self {
        StepScreen { step, cursor: 0, reading: None, asks: None, matrix: None }
    }

    /// Whether the Asks stand in view together.
    pub fn shows_asks(&self) -> bool {
        self.asks.is_some()
    }

    /// Goes back to the rows.
    pub fn leave(&mut self) {
        self.asks = None;
        self.reading = None;
        self.matrix = None;
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        if let Some(matrix) = &mut self.matrix {
            let go = matrix.on_key(key, session);
            if go.is_none() {
                self.matrix = None;
            }
            return go.unwrap_or(Go::Stay);
        }
        if let Some(asks) = &mut self.asks {
            return match key.code {
                KeyCode::Enter if asks.go_on(session) => self.accept(session),
                KeyCode::Enter => Go::Stay,
                KeyCode::Esc | KeyCode::BackTab => {
                    self.asks = None;
                    Go::Stay
                }
                _ => asks.on_key(key, session),
            };
        }
        if let Some(scroll) = self.reading {
            return self.read_on(key, scroll, session);
        }
        match key.code {
            KeyCode::Enter => {
                if session.open_asks(self.step).next().is_none() {
                    return self.accept(session);
                }
                return self.show_asks(session);
            }
            KeyCode::Esc | KeyCode::BackTab => return Go::Back,
            KeyCode::Tab => self.reading = Some(0),
            KeyCode::Up | KeyCode::Char('k') => self.step_by(-1, session),
            KeyCode::Down | KeyCode::Char('j') => self.step_by(1, session),
            KeyCode::PageUp => self.step_by(-self.page(session), session),
            KeyCode::PageDown => self.step_by(self.page(session), session),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.count(session).saturating_sub(1),
            KeyCode::Char(' ') | KeyCode::Right => return self.turn(true, session),
            KeyCode::Left => return self.turn(false, session),
            KeyCode::Char('r') => return self.decide(None, session),
            KeyCode::Char('e') => return self.edit(session),
            KeyCode::Char('m') if self.step == Step::Tools => self.matrix = Some(Matrix::new(session)),
            _ => {}
        }
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        if let Some(matrix) = &mut self.matrix {
            return matrix.on_mouse(mouse, session);
        }
        if let Some(asks) = &mut self.asks {
            return asks.on_mouse(mouse, session);
        }
        let parts = self.parts(session);
        match mouse {
            Mouse::Wheel(place, by) if parts.detail.contains(place) => {
                let pane = self.detail(session, parts.detail);
                let scroll = self.reading.unwrap_or(0).saturating_add_signed(by);
                self.reading = Some(pane.clamped(scroll, parts.detail.height));
                Go::Stay
            }
            Mouse::Wheel(_, by) => {
                self.step_by(by, session);
                Go::Stay
            }
            Mouse::Click(place) => {
                let list = self.list(session, parts.list.width);
                let scroll = list.centred(&self.cursor(session), parts.list.height);
                if let Some(row) = list.at(parts.list, scroll, place) {
                    self.cursor = row;
                    self.reading = None;
                    return Go::Stay;
                }
                let detail = self.detail(session, parts.detail);
                let scroll = self.detail_scroll(&detail, &parts);
                match detail.at(parts.detail, scroll, place) {
                    Some(choice) => self.choose(choice, session),
                    None => Go::Stay,
                }
            }
        }
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let look = &session.look;
        let parts = self.parts(session);
        let heading = Span::styled(session.say(words::question(self.step)), look.theme.heading);
        buf.set_line(parts.heading.x, parts.heading.y, &Line::from(heading), parts.heading.width);
        if let Some(matrix) = &self.matrix {
            return matrix.draw(buf, session);
        }
        if let Some(asks) = &self.asks {
            return asks.draw(buf, session);
        }
        let list = self.list(session, parts.list.width);
        if list.is_empty() {
            for (y, line) in (parts.list.y..).zip(wrap(session.say(NOTHING), parts.list.width.into())) {
                buf.set_string(parts.list.x, y, line, look.theme.plain);
            }
            return;
        }
        let scroll = list.centred(&self.cursor(session), parts.list.height);
        list.draw(parts.list, buf, scroll, look);
        self.draw_rule(&parts, buf, session);
        let detail = self.detail(session, parts.detail);
        detail.draw(parts.detail, buf, self.detail_scroll(&detail, &parts), look);
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        if let Some(matrix) = &self.matrix {
            return matrix.keys();
        }
        if let Some(asks) = &self.asks {
            return asks.keys(session);
        }
        if self.reading.is_some() {
            return vec![("Up Down", words::MOVE), ("Tab", ROWS), ("Esc", words::BACK)];
        }
        let enter = match session.open_asks(self.step).next() {
            Some(_) => SEE_ASKS,
            None if session.rows(self.step).all(is_manual) => words::NEXT,
            None => words::ACCEPT,
        };
        let mut keys = vec![("Enter", enter)];
        if self.step == Step::Tools {
            keys.push(("m", WHO_MAY));
        }
        if let Some(row) = self.row(session) {
            if row.row.choices.len() > 1 && !is_manual(row) {
                keys.push(("Space", words::CHANGE));
            }
            if row.row.field.is_some() {
                keys.push(("e", TYPE));
            }
            if row.decided {
                keys.push(("r", RESET));
            }
            keys.push(("Tab", DETAIL));
        }
        keys.push(("Esc", words::BACK));
        keys
    }

    /// Brings the Asks of the step into view.
    fn show_asks(&mut self, session: &Session) -> Go {
        match Asks::new(self.step, session) {
            Ok(asks) => self.asks = Some(asks),
            Err(why) => return Go::Say(why),
        }
        Go::Stay
    }

    /// Accepts the step with the Asks that were shown; where others are open then, they are shown, and the step is not left.
    fn accept(&mut self, session: &mut Session) -> Go {
        let answers = self.asks.take().map_or_else(|| session.answers.clone(), |asks| asks.answers());
        if let Err(why) = session.accept(self.step, answers) {
            return Go::Say(why);
        }
        match session.open_asks(self.step).next() {
            Some(_) => self.show_asks(session),
            None => Go::Next,
        }
    }

    fn count(&self, session: &Session) -> usize {
        session.rows(self.step).count()
    }

    /// An answer elsewhere may have taken rows away, so the cursor is always read through this.
    fn cursor(&self, session: &Session) -> usize {
        self.cursor.min(self.count(session).saturating_sub(1))
    }

    fn row<'s>(&self, session: &'s Session) -> Option<&'s Planned> {
        session.rows(self.step).nth(self.cursor(session))
    }

    fn step_by(&mut self, by: isize, session: &Session) {
        self.cursor = moved(self.cursor(session), by, self.count(session));
    }

    fn page(&self, session: &Session) -> isize {
        isize::try_from(self.parts(session).list.height).unwrap_or(1).max(1)
    }

    fn read_on(&mut self, key: KeyEvent, scroll: usize, session: &Session) -> Go {
        let parts = self.parts(session);
        let pane = self.detail(session, parts.detail);
        let page = isize::try_from(parts.detail.height).unwrap_or(1);
        let by = match key.code {
            KeyCode::Up | KeyCode::Char('k') => -1,
            KeyCode::Down | KeyCode::Char('j') => 1,
            KeyCode::PageUp => -page,
            KeyCode::PageDown | KeyCode::Char(' ') => page,
            KeyCode::Home => isize::MIN,
            KeyCode::End => isize::MAX,
            _ => {
                self.reading = None;
                return Go::Stay;
            }
        };
        self.reading = Some(pane.clamped(scroll.saturating_add_signed(by), parts.detail.height));
        Go::Stay
    }

    /// Turns the row to its next or previous choice. From an Ask that is open, forward is what it recommends.
    fn turn(&mut self, forward: bool, session: &mut Session) -> Go {
        let Some(row) = self.row(session) else {
            return Go::Stay;
        };
        let count = row.row.choices.len();
        let next = match row.taken {
            None => 0,
            Some(_) if forward && row.is_open_ask() => row.row.recommended,
            Some(taken) if forward => (taken + 1) % count,
            Some(taken) => (taken + count - 1) % count,
        };
        if count < 2 && row.taken.is_some() {
            return Go::Stay;
        }
        self.choose(next, session)
    }

    fn choose(&mut self, choice: usize, session: &mut Session) -> Go {
        let value = self.row(session).and_then(|row| row.row.choices.get(choice)).map(|choice| choice.value.clone());
        match value {
            Some(value) => self.decide(Some(Pick::Choice(value)), session),
            None => Go::Stay,
        }
    }

    fn decide(&mut self, pick: Option<Pick>, session: &mut Session) -> Go {
        match self.row(session).map(Planned::key) {
            Some(key) => session.decide(&key, pick).into(),
            None => Go::Stay,
        }
    }

    fn edit(&self, session: &Session) -> Go {
        let Some(row) = self.row(session) else {
            return Go::Stay;
        };
        let Some(field) = &row.row.field else {
            return Go::Stay;
        };
        let text = match session.answers.picks.get(&row.key()) {
            Some(Pick::Text(text)) => text,
            _ => &field.text,
        };
        let heading = session.title(row);
        Go::Edit(Box::new(FieldEditor::new(row.key(), heading, text, field.list, field.hint)))
    }

    fn parts(&self, session: &Session) -> Parts {
        let body = session.body;
        let airy = body.height >= AIRY;
        let heading = Rect { height: if airy { 2 } else { 1 }, ..body };
        let rest = Rect { y: body.y + heading.height, height: body.height - heading.height, ..body };
        if body.width >= BESIDE {
            let wanted = u16::try_from(Columns::wanted(self.step, session)).unwrap_or(u16::MAX);
            let list = Rect { width: wanted.clamp(body.width / 2, body.width * 2 / 3), ..rest };
            let rule = Rect { x: list.right() + 1, width: 1, ..list };
            let x = rule.right() + 1;
            let detail = Rect { x, width: body.right().saturating_sub(x), ..list };
            return Parts { heading, list, rule, detail };
        }
        let rows = u16::try_from(self.count(session).max(1)).unwrap_or(u16::MAX);
        let list = Rect { height: rows.min(rest.height * 2 / 5).max(1), ..rest };
        let rule = Rect { y: list.bottom(), height: 1, ..rest };
        let y = rule.bottom();
        let detail = Rect { y, height: rest.bottom().saturating_sub(y), ..rest };
        Parts { heading, list, rule, detail }
    }

    fn draw_rule(&self, parts: &Parts, buf: &mut Buffer, session: &Session) {
        let Look { theme, symbols } = session.look;
        let rule = parts.rule;
        if rule.width == 1 {
            for y in rule.y..rule.bottom() {
                buf.set_string(rule.x, y, symbols.down, theme.quiet);
            }
            return;
        }
        buf.set_string(rule.x, rule.y, symbols.across.repeat(rule.width.into()), theme.quiet);
    }

    fn detail_scroll(&self, detail: &Pane<usize>, parts: &Parts) -> usize {
        detail.clamped(self.reading.unwrap_or(0), parts.detail.height)
    }

    fn list(&self, session: &Session, columns: u16) -> Pane<usize> {
        let Columns { label: label_width, whose, values } = Columns::of(self.step, session, columns.into());
        let rows: Vec<&Planned> = session.rows(self.step).collect();
        let cursor = self.cursor(session);
        let theme = session.look.theme;
        let mut pane = Pane::default();
        for (n, row) in rows.iter().enumerate() {
            let under = n == cursor;
            let same = n > 0 && rows[n - 1].label() == row.label() && std::ptr::eq(rows[n - 1].control, row.control);
            let label = if same && !under { "" } else { session.say(row.label()) };
            let (mark, mark_style) = mark(row, session);
            let style = match (under, self.reading) {
                (true, None) => theme.cursor,
                (true, Some(_)) => theme.heading,
                (false, _) => theme.plain,
            };
            let mut spans = vec![
                Span::styled(if under { "> " } else { "  " }, style),
                Span::styled(pad(label, label_width), style),
                Span::styled(" ", style),
            ];
            if whose > 0 {
                let named = pad(&clip_middle(&session.whose(row), whose), whose);
                spans.push(Span::styled(format!("{named} "), style));
            }
            if values > 0 {
                spans.extend(value_spans(row, values, session, style, under));
            }
            let mark_style = if under { style } else { mark_style };
            spans.push(Span::styled(format!(" {}", pad(mark, MARK)), mark_style));
            pane.push_for(Line::from(spans), n);
        }
        pane
    }

    fn detail(&self, session: &Session, area: Rect) -> Pane<usize> {
        match self.row(session) {
            Some(row) => detail(row, session, area, self.reading.is_some()),
            None => Pane::default(),
        }
    }
}

/// The widths of the columns of a list: the label, whose it is, the values.
struct Columns {
    label: usize,
    whose: usize,
    values: usize,
}

impl Columns {
    /// What is neither: the cursor, the blanks between, the mark, and the bar at the edge.
    const REST: usize = 2 + 1 + 1 + 1 + MARK + 2;

    /// Is what the rows of a step would take with nothing clipped.
    fn natural(step: Step, session: &Session) -> Self {
        let most = |of: &dyn Fn(&Planned) -> usize| session.rows(step).map(of).max().unwrap_or(0);
        let label = most(&|row| width(session.say(row.label())));
        // What is mended by hand is named in whole sentences and becomes nothing.
        if step == Step::Remaining {
            return Columns { label, whose: 0, values: 0 };
        }
        let values = most(&|row| {
            let after = session.value_after(row).map_or(0, |after| ARROW.len() + width(&after));
            width(&row.row.current.of(session.lang())) + after
        });
        Columns { label: label.min(LABEL), whose: most(&|row| width(&session.whose(row))), values }
    }

    fn wanted(step: Step, session: &Session) -> usize {
        let natural = Self::natural(step, session);
        natural.label + natural.whose + natural.values + Self::REST
    }

    /// Divides the columns of a list. Where they are too few, whose it is gives way first, down to a third.
    fn of(step: Step, session: &Session, columns: usize) -> Self {
        let natural = Self::natural(step, session);
        let room = columns.saturating_sub(Self::REST);
        let label = natural.label.min(room);
        if step == Step::Remaining {
            return Columns { label: room, whose: 0, values: 0 };
        }
        let room = room - label;
        let whose = natural.whose.min((room / 3).max(room.saturating_sub(natural.values)));
        Columns { label, whose, values: room - whose }
    }
}

/// Whether all that a row offers is to be done by hand.
fn is_manual(row: &Planned) -> bool {
    row.row.choices.len() > 1 && row.row.choices[1..].iter().all(|choice| choice.weight == Weight::Manual)
}

/// Is the word for the state of a row.
fn mark(row: &Planned, session: &Session) -> (&'static str, Style) {
    let theme = session.look.theme;
    let recommended = row.row.choices[row.row.recommended].weight;
    let (word, style) = match row.taken {
        _ if row.refused.is_some() => (REFUSED, theme.critical),
        None => (TYPED, theme.safe),
        Some(_) if row.is_open_ask() => (words::weight(Weight::Ask), theme.ask),
        Some(0) if recommended == Weight::Manual || is_manual(row) => (words::weight(Weight::Manual), theme.manual),
        Some(0) if row.row.recommended == 0 => return ("", theme.plain),
        Some(0) => (LEFT, theme.warn),
        Some(taken) => match row.row.choices[taken].weight {
            Weight::Ask => (TAKEN, theme.safe),
            weight => (words::weight(weight), theme.safe),
        },
    };
    (session.say(word), style)
}

fn value_spans(row: &Planned, columns: usize, session: &Session, style: Style, under: bool) -> Vec<Span<'static>> {
    let lang = session.lang();
    let before = row.row.current.of(lang);
    let after = session.value_after(row);
    let Some(after) = after else {
        return vec![Span::styled(pad(&before, columns), style)];
    };
    let (before, after) = fitted(&before, &after, columns);
    let strong = if under { style } else { session.look.theme.new_value };
    vec![Span::styled(before, style), Span::styled(ARROW, style), Span::styled(after, strong)]
}

/// Is the explanation of a row: its choices, what is chosen does, why, and where. With air between, where there is room.
fn detail(row: &Planned, session: &Session, area: Rect, has_focus: bool) -> Pane<usize> {
    let columns = usize::from(area.width).saturating_sub(2).min(96);
    let sections =
        [choices(row, session, columns, has_focus), consequence(row, session, columns), reasons(row, session, columns)];
    let mut pane = Pane::default();
    let lines: usize = sections.iter().map(Pane::len).sum();
    let airy = lines + sections.len() <= usize::from(area.height);
    for (n, section) in sections.into_iter().enumerate() {
        if airy && n > 0 && !section.is_empty() {
            pane.push("");
        }
        pane.append(section);
    }
    pane
}

fn choices(row: &Planned, session: &Session, columns: usize, has_focus: bool) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    let style = if has_focus { theme.cursor } else { theme.heading };
    pane.push(Line::from(Span::styled(clip(&session.title(row), columns), style)));
    if is_manual(row) {
        return pane;
    }
    if row.row.choices.len() > 1 {
        push_choices(&mut pane, row, session, columns);
    } else if row.row.field.is_none() {
        pane.push(Line::from(session.say(NO_CHOICE)));
    }
    if row.is_open_ask() {
        push_text(&mut pane, session.say(PROPOSED), columns, theme.ask);
    }
    pane
}

fn consequence(row: &Planned, session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if let (None, Some(Pick::Text(text))) = (row.taken, session.answers.picks.get(&row.key())) {
        let typed = TYPED_VALUE.with("value", typed(text)).of(session.lang());
        push_text(&mut pane, &typed, columns, theme.new_value);
    }
    if let Some(why) = row.refused {
        push_text(&mut pane, session.say(why), columns, theme.critical);
    }
    if is_manual(row) {
        for choice in &row.row.choices[1..] {
            push_text(&mut pane, &choice.effect.of(session.lang()), columns, theme.plain);
        }
    } else if let Some(choice) = spoken_of(row).filter(|n| *n > 0).map(|n| &row.row.choices[n]) {
        push_text(&mut pane, &effect(choice, session), columns, theme.plain);
        for line in also(&session.plan, row, &choice.edits, session) {
            push_text(&mut pane, &line, columns, theme.plain);
        }
    }
    pane
}

fn reasons(row: &Planned, session: &Session, columns: usize) -> Pane<usize> {
    let mut pane = Pane::default();
    let is_finding = row.control.step == Step::Remaining;
    let findings = if is_finding {
        let found = row.row.current.of(session.lang());
        push_named(&mut pane, WHY, &row.row.choices[0].effect.of(session.lang()), session, columns);
        if row.row.part != Some(found.as_str()) {
            push_named(&mut pane, FOUND, &clip_middle(&found, LONGEST), session, columns);
        }
        row.row.part.iter().map(|id| ((*id).to_owned(), false)).collect()
    } else {
        push_named(&mut pane, WHY, session.say(row.control.why), session, columns);
        session.findings_of(row)
    };
    let findings: Vec<String> = findings
        .into_iter()
        .map(|(id, closed)| if closed { CLOSED } else { STAYS }.with("id", id).of(session.lang()))
        .collect();
    if !findings.is_empty() {
        push_named(&mut pane, FINDING, &findings.join("\n"), session, columns);
    }
    if !row.row.path.segs().is_empty() {
        push_named(&mut pane, KEY, &shown_key(&row.row.path), session, columns);
    }
    if row.row.field.is_some() {
        push_text(&mut pane, session.say(FIELD), columns, session.look.theme.key);
    }
    pane
}

/// Is what a choice does, with its value in front.
fn effect(choice: &Choice, session: &Session) -> String {
    let lang = session.lang();
    IF_CHOSEN.with("value", clip(&choice.shown(lang), 40)).with("effect", choice.effect.of(lang)).of(lang)
}

fn push_choices(pane: &mut Pane<usize>, row: &Planned, session: &Session, columns: usize) {
    let theme = session.look.theme;
    let name = |n: usize| match n {
        0 => session.say(words::KEEP).to_owned(),
        _ => row.row.choices[n].shown(session.lang()),
    };
    let widest = (0..row.row.choices.len()).map(|n| width(&name(n))).max().unwrap_or(0);
    let names = widest.min(columns.saturating_sub(6 + MARK)).max(8);
    let word = session.say(words::RECOMMENDED);
    let fits = 6 + names + MARK + width(word) <= columns;
    for (n, choice) in row.row.choices.iter().enumerate() {
        let taken = row.taken == Some(n);
        let weight = if n == 0 { "" } else { session.say(words::weight(choice.weight)) };
        let recommended = n == row.row.recommended;
        let style = if taken { theme.new_value } else { theme.plain };
        let line = Line::from(vec![
            Span::styled(if taken { "(*) " } else { "( ) " }, style),
            Span::styled(pad(&name(n), names), style),
            Span::styled(format!("  {}", pad(weight, MARK)), weight_style(choice.weight, theme)),
            Span::styled(if recommended && fits { word } else { "" }, theme.heading),
        ]);
        pane.push_for(line, n);
        if recommended && !fits {
            pane.push_for(Line::from(Span::styled(format!("    {word}"), theme.heading)), n);
        }
    }
}

/// Is the style of a weight.
pub(super) fn weight_style(weight: Weight, theme: Theme) -> Style {
    match weight {
        Weight::Keep => theme.plain,
        Weight::Safe => theme.safe,
        Weight::Ask => theme.ask,
        Weight::Manual => theme.manual,
    }
}

fn push_text(pane: &mut Pane<usize>, text: &str, columns: usize, style: Style) {
    for line in wrap(text, columns) {
        pane.push(Line::from(Span::styled(line, style)));
    }
}

fn push_named(pane: &mut Pane<usize>, name: Text, text: &str, session: &Session, columns: usize) {
    const NAME: usize = 10;
    for (n, line) in wrap(text, columns.saturating_sub(NAME)).into_iter().enumerate() {
        let name = if n == 0 { session.say(name) } else { "" };
        pane.push(Line::from(vec![Span::styled(pad(name, NAME), session.look.theme.quiet), Span::raw(line)]));
    }
}
