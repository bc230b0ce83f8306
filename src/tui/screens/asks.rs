//! The Asks of a step, in view together: Enter accepts only after the last of them was shown.

use super::{Go, Hint, Mouse, moved};
use crate::plan::{Pick, Planned};
use crate::posture::Step;
use crate::text::wrap::{clip, wrap};
use crate::text::{Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::collections::BTreeSet;

const HEADING: Text = Text {
    en: "These {n} may cut someone or something off. [x] is taken with Enter; Space leaves one as it is.",
    ja: "次の{n}件は、使えなくなるものがあるかもしれません。[x] は Enter で適用、Space で見送ります。",
};
const MORE: Text = Text { en: "Show the rest", ja: "続きを表示" };
const TAKE: Text = Text { en: "Accept these", ja: "確定" };
const LEAVE: Text = Text { en: "Leave or take", ja: "見送り・適用" };

/// The Asks that were open when the list was opened.
pub struct Asks {
    /// Each with the value that it recommended, since another recommendation is another question.
    listed: Vec<(String, String)>,
    seen: BTreeSet<usize>,
    cursor: usize,
    scroll: usize,
}

impl Asks {
    /// Lists the open Asks of a step.
    pub fn new(step: Step, session: &Session) -> Self {
        Asks { listed: session.open_asks(step).map(named).collect(), seen: BTreeSet::new(), cursor: 0, scroll: 0 }
    }

    /// Whether a row was in view with what it recommends now.
    pub fn has_shown(&self, row: &Planned) -> bool {
        let at = self.listed.iter().position(|listed| *listed == named(row));
        at.is_some_and(|at| self.seen.contains(&at))
    }

    /// Goes on to what was not in view yet; true once all were.
    pub fn go_on(&mut self, session: &Session) -> bool {
        self.note_seen(session);
        let Some(unseen) = (0..self.listed.len()).find(|n| !self.seen.contains(n)) else {
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
        let all = (0..self.listed.len()).all(|n| self.seen.contains(&n) || self.in_view(n, session));
        let enter = if all { TAKE } else { MORE };
        vec![("Enter", enter), ("Space", LEAVE), ("Esc", words::BACK)]
    }

    /// What the frame before this key showed counts as seen.
    fn note_seen(&mut self, session: &Session) {
        let seen: Vec<usize> = (0..self.listed.len()).filter(|n| self.in_view(*n, session)).collect();
        self.seen.extend(seen);
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
        let Some((first, last)) = pane.span(&self.cursor) else {
            return;
        };
        let height = usize::from(area.height);
        if first < self.scroll {
            self.scroll = first;
        } else if last > self.scroll + height {
            self.scroll = last.saturating_sub(height).min(first);
        }
    }

    fn scroll_by(&mut self, pages: isize, session: &Session) {
        let (area, pane) = view(self, session);
        let by = pages * isize::try_from(area.height.max(1)).unwrap_or(1);
        self.scroll = pane.clamped(self.scroll.saturating_add_signed(by), area.height);
    }

    /// Leaves an Ask as it is, or takes that back.
    fn toggle(&mut self, at: usize, session: &mut Session) -> Go {
        let Some((key, _)) = self.listed.get(at) else {
            return Go::Stay;
        };
        let Some(row) = session.row(key) else {
            return Go::Stay;
        };
        let pick = if row.decided { None } else { Some(Pick::Choice(row.row.choices[0].value.clone())) };
        session.decide(key, pick).into()
    }
}

fn named(row: &Planned) -> (String, String) {
    let recommended = &row.row.choices[row.row.recommended];
    (row.key(), recommended.value.clone())
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
    for line in wrap(&HEADING.with("n", asks.listed.len()).of(lang), columns) {
        pane.push(Line::from(Span::styled(line, theme.ask)));
    }
    for (n, (key, _)) in asks.listed.iter().enumerate() {
        let Some(row) = session.row(key) else {
            continue;
        };
        pane.push("");
        let leaves = row.decided && row.taken == Some(0);
        let choice = &row.row.choices[row.row.recommended];
        let mark = if leaves { "[ ]" } else { "[x]" };
        let style = if n == asks.cursor { theme.cursor } else { theme.heading };
        let at = if n == asks.cursor { ">" } else { " " };
        let before = row.row.current.of(lang);
        let values = format!("{} -> {}", clip(&before, 30), harmless(&choice.value));
        let head = format!("{at} {mark} {}", session.title(row));
        pane.push_for(
            Line::from(vec![
                Span::styled(head, style),
                Span::raw("  "),
                Span::styled(clip(&values, columns.saturating_sub(34)), theme.new_value),
            ]),
            n,
        );
        for line in wrap(&choice.effect.of(lang), columns.saturating_sub(6)) {
            pane.push_for(Line::from(format!("      {line}")), n);
        }
    }
    pane
}
