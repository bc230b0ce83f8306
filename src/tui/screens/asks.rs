//! The Asks of a step, in view together: Enter accepts only after the last of them was shown.

use super::{ARROW, Go, Hint, Mouse, also, fitted, moved};
use crate::plan::{Answers, Pick};
use crate::posture::Step;
use crate::text::wrap::{clip_middle, width, wrap};
use crate::text::{Said, Text};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::collections::BTreeSet;

const HEADING: Text = Text {
    en: "Needs your OK: {n}. Each may cut someone or something off. [x] is taken with Enter; Space leaves one as it is.",
    ja: "次の{n}件は、使えなくなるものがあるかもしれません。[x] は Enter で適用、Space で見送ります。",
};
const MORE: Text = Text { en: "Show the rest", ja: "続きを表示" };
const TAKE: Text = Text { en: "Accept these", ja: "確定" };
const LEAVE: Text = Text { en: "Leave or take", ja: "見送り・適用" };

/// The Asks of a step, as they are when all of them are taken.
pub struct Asks {
    step: Step,
    listed: Vec<Listed>,
    /// What the step comes to with those that are not left.
    answers: Answers,
    /// Which were in view, each with its value: another recommendation is another question.
    seen: BTreeSet<(String, String)>,
    cursor: usize,
    scroll: usize,
}

struct Listed {
    key: String,
    title: String,
    before: String,
    value: String,
    effect: String,
    /// What goes with it.
    also: Vec<String>,
    left: bool,
}

impl Asks {
    /// Lists the open Asks of a step, and those that they bring.
    pub fn new(step: Step, session: &Session) -> Result<Self, Said> {
        let (listed, answers) = listed(step, &BTreeSet::new(), session)?;
        Ok(Asks { step, listed, answers, seen: BTreeSet::new(), cursor: 0, scroll: 0 })
    }

    /// Is the key of the Ask that the cursor stands on.
    pub fn under_cursor(&self) -> Option<String> {
        self.listed.get(self.cursor).map(|listed| listed.key.clone())
    }

    /// Is the answers that the step comes to.
    pub fn answers(&self) -> Answers {
        self.answers.clone()
    }

    /// Goes on to what was not in view yet; true once all were.
    pub fn go_on(&mut self, session: &Session) -> bool {
        self.note_seen(session);
        let Some(unseen) = (0..self.listed.len()).find(|n| !self.is_seen(*n)) else {
            return true;
        };
        let (area, pane) = view(self, session);
        let (first, last) = pane.span(&unseen).unwrap_or((0, 0));
        let height = usize::from(area.height);
        // One that is taller than the page is gone through a page at a time.
        let within = (first..last).contains(&self.scroll);
        self.scroll = if within && last - first > height {
            pane.clamped(self.scroll + height, area.height)
        } else {
            pane.clamped(first, area.height)
        };
        self.cursor = unseen;
        false
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        self.note_seen(session);
        let page = isize::try_from(self.listed.len()).unwrap_or(1);
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => self.step_by(-1, session),
            KeyCode::Down | KeyCode::Char('j') => self.step_by(1, session),
            KeyCode::Home => self.step_by(-page, session),
            KeyCode::End => self.step_by(page, session),
            KeyCode::PageUp => self.scroll_by(-1, session),
            KeyCode::PageDown => self.scroll_by(1, session),
            KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right => {
                return self.toggle(self.cursor, session);
            }
            _ => {}
        }
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        self.note_seen(session);
        let (area, pane) = view(self, session);
        match mouse {
            Mouse::Wheel(_, by) => {
                self.scroll = pane.clamped(self.scroll.saturating_add_signed(by), area.height);
                Go::Stay
            }
            Mouse::Click(place) => match pane.at(area, pane.clamped(self.scroll, area.height), place) {
                Some(at) if at == self.cursor => self.toggle(at, session),
                Some(at) => {
                    self.cursor = at;
                    Go::Stay
                }
                None => Go::Stay,
            },
        }
    }

    /// Draws the list.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let (area, pane) = view(self, session);
        pane.draw(area, buf, pane.clamped(self.scroll, area.height), &session.look);
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        let all = (0..self.listed.len()).all(|n| self.is_seen(n) || self.in_view(n, session));
        let enter = if all { TAKE } else { MORE };
        vec![("Enter", enter), ("Space", LEAVE), ("Esc", words::BACK)]
    }

    /// What the frame before this key showed counts as seen.
    fn note_seen(&mut self, session: &Session) {
        let seen: Vec<_> = (0..self.listed.len()).filter(|n| self.in_view(*n, session)).map(|n| self.name(n)).collect();
        self.seen.extend(seen);
    }

    fn is_seen(&self, ask: usize) -> bool {
        self.seen.contains(&self.name(ask))
    }

    fn name(&self, ask: usize) -> (String, String) {
        let ask = &self.listed[ask];
        (ask.key.clone(), ask.value.clone())
    }

    fn in_view(&self, ask: usize, session: &Session) -> bool {
        let (area, pane) = view(self, session);
        let Some((first, last)) = pane.span(&ask) else {
            return true;
        };
        let height = usize::from(area.height);
        let top = pane.clamped(self.scroll, area.height);
        let end_in_view = last > top && last <= top + height;
        end_in_view && (first >= top || last - first > height)
    }

    fn step_by(&mut self, by: isize, session: &Session) {
        self.cursor = moved(self.cursor, by, self.listed.len());
        let (area, pane) = view(self, session);
        self.scroll = pane.followed(&self.cursor, self.scroll, area.height);
    }

    fn scroll_by(&mut self, pages: isize, session: &Session) {
        let (area, pane) = view(self, session);
        let by = pages * isize::try_from(area.height.max(1)).unwrap_or(1);
        self.scroll = pane.clamped(self.scroll.saturating_add_signed(by), area.height);
    }

    /// Leaves an Ask as it is, or takes that back. What hangs on it is listed anew.
    fn toggle(&mut self, at: usize, session: &mut Session) -> Go {
        let Some(ask) = self.listed.get(at) else {
            return Go::Stay;
        };
        let key = ask.key.clone();
        let keep = session.row(&key).map(|row| Pick::Choice(row.row.choices[0].value.clone()));
        let pick = if ask.left { None } else { keep };
        if let Err(why) = session.decide(&key, pick) {
            return Go::Say(why);
        }
        let mut left: BTreeSet<String> = self.listed.iter().filter(|ask| ask.left).map(|ask| ask.key.clone()).collect();
        if !left.remove(&key) {
            left.insert(key.clone());
        }
        match listed(self.step, &left, session) {
            Ok((listed, answers)) => {
                self.cursor = listed.iter().position(|ask| ask.key == key).unwrap_or(0);
                (self.listed, self.answers) = (listed, answers);
                Go::Stay
            }
            Err(why) => Go::Say(why),
        }
    }
}

/// Lists what taking a step's Asks decides beyond what is decided, and those that were left here.
fn listed(step: Step, left: &BTreeSet<String>, session: &Session) -> Result<(Vec<Listed>, Answers), Said> {
    let (answers, plan) = session.with_asks_taken(step)?;
    let listed = plan.rows.iter().filter(|row| row.control.step == step).filter_map(|row| {
        let key = row.key();
        let pick = answers.picks.get(&key);
        let is_left = left.contains(&key);
        if !is_left && pick == session.answers.picks.get(&key) {
            return None;
        }
        let choice = match row.taken {
            Some(taken) if !is_left => &row.row.choices[taken],
            _ => &row.row.choices[row.row.recommended],
        };
        Some(Listed {
            title: session.title(row),
            before: row.row.current.of(session.lang()),
            value: choice.shown(session.lang()),
            effect: choice.effect.of(session.lang()),
            also: also(&plan, row, &choice.edits, session),
            left: is_left,
            key,
        })
    });
    Ok((listed.collect(), answers))
}

/// Is where the list stands, and its lines.
fn view(asks: &Asks, session: &Session) -> (Rect, Pane<usize>) {
    let body = session.body;
    let area = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
    (area, pane(asks, session, usize::from(area.width).saturating_sub(2)))
}

fn pane(asks: &Asks, session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let lang = session.lang();
    let mut pane = Pane::default();
    let columns = columns.min(100);
    pane.say(&HEADING.with("n", asks.listed.len()).of(lang), columns, 0, theme.ask);
    for (n, ask) in asks.listed.iter().enumerate() {
        pane.push("");
        let mark = if ask.left { "[ ]" } else { "[x]" };
        let style = if n == asks.cursor { theme.cursor } else { theme.heading };
        let at = if n == asks.cursor { ">" } else { " " };
        let head = format!("{at} {mark} {}", clip_middle(&ask.title, columns * 3 / 5));
        let (before, after) = fitted(&ask.before, &ask.value, columns.saturating_sub(width(&head) + 2));
        let head = Span::styled(head, style);
        let values = Span::styled(format!("{before}{ARROW}{after}"), theme.new_value);
        pane.push_for(Line::from(vec![head, Span::raw("  "), values]), n);
        for line in wrap(&ask.effect, columns.saturating_sub(6)) {
            pane.push_for(Line::from(format!("      {line}")), n);
        }
        for line in ask.also.iter().flat_map(|also| wrap(also, columns.saturating_sub(6))) {
            pane.push_for(Line::from(Span::styled(format!("      {line}"), theme.quiet)), n);
        }
    }
    pane
}
