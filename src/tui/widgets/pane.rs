//! Lines that scroll and know what was clicked.

use crate::text::wrap::wrap;
use crate::tui::theme::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Lines, each with what a click on it means.
pub struct Pane<T> {
    lines: Vec<(Line<'static>, Option<T>)>,
}

impl<T> Default for Pane<T> {
    fn default() -> Self {
        Pane { lines: Vec::new() }
    }
}

impl<T: Clone + PartialEq> Pane<T> {
    /// Adds a line that a click does nothing on.
    pub fn push(&mut self, line: impl Into<Line<'static>>) {
        self.lines.push((line.into(), None));
    }

    /// Adds a line that stands for something.
    pub fn push_for(&mut self, line: impl Into<Line<'static>>, what: T) {
        self.lines.push((line.into(), Some(what)));
    }

    /// Adds a text, wrapped within `columns` of which the first `indent` stay blank.
    pub fn say(&mut self, text: &str, columns: usize, indent: usize, style: Style) {
        for line in wrap(text, columns.saturating_sub(indent)) {
            self.push(Line::from(Span::styled(format!("{:indent$}{line}", ""), style)));
        }
    }

    /// Adds the lines of another.
    pub fn append(&mut self, mut other: Pane<T>) {
        self.lines.append(&mut other.lines);
    }

    /// Is the number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Is the lines that stand for something: the first, and one past the last.
    pub fn span(&self, what: &T) -> Option<(usize, usize)> {
        let is = |(_, for_what): &(Line, Option<T>)| for_what.as_ref() == Some(what);
        let first = self.lines.iter().position(is)?;
        let last = self.lines.iter().rposition(is)?;
        Some((first, last + 1))
    }

    /// Is the scroll position that keeps something in the middle of `height` lines.
    pub fn centred(&self, what: &T, height: u16) -> usize {
        let height = usize::from(height);
        let Some((first, last)) = self.span(what) else {
            return 0;
        };
        let middle = first + (last - first).min(height) / 2;
        middle.saturating_sub(height / 2).min(self.len().saturating_sub(height))
    }

    /// Is the scroll position nearest to `scroll` that keeps something in view, its beginning where it is taller than `height` lines.
    pub fn followed(&self, what: &T, scroll: usize, height: u16) -> usize {
        let height = usize::from(height);
        let keep = |(first, last): (usize, usize)| scroll.clamp(last.saturating_sub(height).min(first), first);
        self.span(what).map_or(scroll, keep)
    }

    /// Is a wished scroll position, kept within the lines.
    pub fn clamped(&self, scroll: usize, height: u16) -> usize {
        scroll.min(self.len().saturating_sub(usize::from(height)))
    }

    /// Draws from line `scroll` on; a bar at the right edge shows that there is more.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, scroll: usize, look: &Look) {
        let height = usize::from(area.height);
        let shown = self.lines.iter().skip(scroll).take(height);
        for (y, (line, _)) in (area.y..).zip(shown) {
            buf.set_line(area.x, y, line, area.width);
        }
        if self.len() > height && area.width > 2 && height > 1 {
            let thumb = (height * height / self.len()).max(1);
            let room = self.len() - height;
            let at = (scroll * (height - thumb)).div_ceil(room.max(1));
            for y in 0..height {
                let is_thumb = (at..at + thumb).contains(&y);
                let (symbol, style) = if is_thumb {
                    (look.symbols.thumb, look.theme.plain)
                } else {
                    (look.symbols.track, look.theme.quiet)
                };
                buf.set_string(area.right() - 1, area.y + y as u16, symbol, style);
            }
        }
    }

    /// Is what stands under a place of the screen.
    pub fn at(&self, area: Rect, scroll: usize, place: Position) -> Option<T> {
        if !area.contains(place) {
            return None;
        }
        self.lines.get(scroll + usize::from(place.y - area.y)).and_then(|(_, what)| what.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Pane<usize> {
        let mut pane = Pane::default();
        for n in 0..count {
            pane.push_for(n.to_string(), n);
        }
        pane
    }

    #[test]
    fn the_cursor_stays_in_the_middle_and_the_ends_are_filled() {
        let pane = numbers(20);
        assert_eq!(pane.centred(&0, 6), 0);
        assert_eq!(pane.centred(&10, 6), 7);
        assert_eq!(pane.centred(&19, 6), 14);
        assert_eq!(numbers(3).centred(&2, 6), 0);
    }

    #[test]
    fn a_click_finds_the_line_after_scrolling() {
        let area = Rect::new(2, 3, 10, 4);
        assert_eq!(numbers(9).at(area, 2, Position::new(5, 4)), Some(3));
        assert_eq!(numbers(9).at(area, 2, Position::new(5, 9)), None);
    }
}
