//! A list that may be longer than the screen: the cursor in it, and how far it is scrolled.

use super::Mouse;
use super::pane::Pane;
use crate::tui::theme::Look;
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Where one stands in a list. Its lines are a [`Pane`] of the things' numbers, which may tell more of the one under the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The thing under the cursor.
    pub cursor: usize,
    /// The wished first line; drawing keeps it within the lines.
    pub scroll: usize,
}

impl List {
    /// Is where a key leads among `count` things on `height` lines; `pane` gives the lines with the cursor on a thing.
    #[must_use]
    pub fn after_key(self, code: KeyCode, count: usize, height: u16, pane: impl Fn(usize) -> Pane<usize>) -> Self {
        let page = isize::try_from(height).unwrap_or(1);
        let by = match code {
            KeyCode::PageUp => return self.scrolled(-page, height, &pane(self.cursor)),
            KeyCode::PageDown => return self.scrolled(page, height, &pane(self.cursor)),
            KeyCode::Up | KeyCode::Char('k') => -1,
            KeyCode::Down | KeyCode::Char('j') => 1,
            KeyCode::Home => isize::MIN,
            KeyCode::End => isize::MAX,
            _ => return self,
        };
        let cursor = moved(self.cursor, by, count);
        List { cursor, scroll: pane(cursor).followed(&cursor, self.scroll, height) }
    }

    /// Is where the mouse leads: the wheel may get the cursor out of view, and a click beside the things does nothing.
    #[must_use]
    pub fn after_mouse(self, mouse: Mouse, area: Rect, pane: &Pane<usize>) -> Self {
        match mouse {
            Mouse::Wheel(_, by) => self.scrolled(by, area.height, pane),
            Mouse::Click(place) => {
                let at = pane.at(area, pane.clamped(self.scroll, area.height), place);
                List { cursor: at.unwrap_or(self.cursor), ..self }
            }
        }
    }

    fn scrolled(self, by: isize, height: u16, pane: &Pane<usize>) -> Self {
        List { scroll: pane.clamped(self.scroll.saturating_add_signed(by), height), ..self }
    }

    /// Draws the lines from where it is scrolled to.
    pub fn draw(self, pane: &Pane<usize>, area: Rect, buf: &mut Buffer, look: &Look) {
        pane.draw(area, buf, pane.clamped(self.scroll, area.height), look);
    }
}

/// Moves a position by a number of lines within `count` things.
pub fn moved(at: usize, by: isize, count: usize) -> usize {
    at.saturating_add_signed(by).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Position;

    /// Five things below a heading, with one line more under the cursor.
    fn lines(cursor: usize) -> Pane<usize> {
        let mut pane = Pane::default();
        pane.push("heading");
        for at in 0..5 {
            pane.push_for("thing", at);
            if at == cursor {
                pane.push_for("more", at);
            }
        }
        pane
    }

    fn after(list: List, codes: &[KeyCode]) -> List {
        codes.iter().fold(list, |list, code| list.after_key(*code, 5, 3, lines))
    }

    #[test]
    fn the_cursor_stays_among_the_things_and_in_view() {
        let down = after(List::default(), &[KeyCode::Down, KeyCode::Char('j')]);
        assert_eq!(down, List { cursor: 2, scroll: 2 });
        assert_eq!(after(down, &[KeyCode::Up]), List { cursor: 1, scroll: 2 });
        assert_eq!(after(down, &[KeyCode::End, KeyCode::Down]), List { cursor: 4, scroll: 4 });
        assert_eq!(after(down, &[KeyCode::Home, KeyCode::Up]), List { cursor: 0, scroll: 1 });
        assert_eq!(down.after_key(KeyCode::Down, 0, 3, |_| Pane::default()).cursor, 0);
    }

    #[test]
    fn scrolling_leaves_the_cursor_and_ends_with_the_lines() {
        assert_eq!(after(List::default(), &[KeyCode::PageDown]), List { cursor: 0, scroll: 3 });
        assert_eq!(after(List::default(), &[KeyCode::PageDown; 3]), List { cursor: 0, scroll: 4 });
        assert_eq!(after(List { cursor: 0, scroll: 2 }, &[KeyCode::PageUp]), List::default());
    }

    #[test]
    fn a_click_finds_what_is_drawn_there() {
        let clicked = |y| {
            let (list, area) = (List { cursor: 0, scroll: 3 }, Rect::new(0, 0, 10, 3));
            list.after_mouse(Mouse::Click(Position::new(1, y)), area, &lines(0)).cursor
        };
        assert_eq!((clicked(1), clicked(9)), (2, 0));
    }
}
