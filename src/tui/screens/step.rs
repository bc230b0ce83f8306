//! One of the six steps: its rows, and below or beside them what the row under the cursor is about.

mod detail;
mod rows;

use super::{Go, Hint, Mouse, asks::Asks, matrix::Matrix, moved};
use crate::plan::{Pick, Planned};
use crate::posture::Step;
use crate::text::Text;
use crate::text::wrap::wrap;
use crate::tui::session::Session;
use crate::tui::theme::Look;
use crate::tui::widgets::field::FieldEditor;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use rows::is_manual;

const NOTHING: Text = Text {
    en: "There is nothing to decide here. Enter goes on.",
    ja: "このステップで決めることはありません。Enter で次へ進みます。",
};
const TYPE: Text = Text { en: "Type", ja: "入力" };
const RESET: Text = Text { en: "Reset", ja: "取り消し" };
const SEE_ASKS: Text = Text { en: "Show what needs OK", ja: "要確認の一覧" };
const DETAIL: Text = Text { en: "Explain", ja: "説明" };
const WHO_MAY: Text = Text { en: "Who may", ja: "使える人" };
const ROWS: Text = Text { en: "Rows", ja: "一覧" };

/// Below this width the explanation stands under the rows.
const BESIDE: u16 = 110;
/// From this height on a blank line follows the heading.
const AIRY: u16 = 28;

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

    /// Is the key of the row that the cursor stands on.
    pub fn under_cursor(&self, session: &Session) -> Option<String> {
        match &self.asks {
            Some(asks) => asks.under_cursor(),
            None => self.row(session).map(Planned::key),
        }
    }

    /// Puts the cursor on a row.
    pub fn point_at(&mut self, key: &str, session: &Session) {
        if let Some(at) = session.rows(self.step).position(|row| row.key() == key) {
            self.cursor = at;
        }
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
                if let Some(awaited) = session.awaited(self.step) {
                    return Go::Say(awaited.into());
                }
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
            let wanted = u16::try_from(rows::wanted(self.step, session)).unwrap_or(u16::MAX);
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
        rows::list(self.step, self.cursor(session), self.reading.is_some(), session, columns)
    }

    fn detail(&self, session: &Session, area: Rect) -> Pane<usize> {
        match self.row(session) {
            Some(row) => detail::detail(row, session, area, self.reading.is_some()),
            None => Pane::default(),
        }
    }
}
