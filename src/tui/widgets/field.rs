//! A value that is typed: one line, or one entry a line.

use crate::text::wrap::{clip, wrap};
use crate::text::{Lang, Said, Text, harmless};
use crate::tui::theme::Look;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea};

const ONE: Text = Text {
    en: "Enter accepts. Esc leaves the value unchanged.",
    ja: "Enter で確定、Esc で変更せずに戻ります。",
};
const LIST: Text = Text {
    en: "One entry a line: Enter begins a line. Tab accepts. Esc leaves the list unchanged.",
    ja: "1行に1件です。Enter で改行、Tab で確定、Esc で変更せずに戻ります。",
};

/// What a key did to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It is still open.
    Open,
    /// It was left; nothing changes.
    Left,
    /// This text was accepted.
    Accepted(String),
}

/// A field that is being edited.
pub struct FieldEditor {
    /// The key of the row that it belongs to.
    pub key: String,
    heading: String,
    list: bool,
    hint: Text,
    initial: String,
    area: TextArea<'static>,
    refused: Option<Said>,
}

impl FieldEditor {
    /// Opens a field on a text; the cursor stands at its end.
    pub fn new(key: String, heading: String, text: &str, list: bool, hint: Text) -> Self {
        let area = if list { area(text.lines().map(harmless).collect()) } else { one_line(text) };
        FieldEditor { key, heading, list, hint, initial: area.lines().join("\n"), area, refused: None }
    }

    /// Says why the text cannot be taken; the next key clears it.
    pub fn refuse(&mut self, why: impl Into<Said>) {
        self.refused = Some(why.into());
    }

    /// Types a key.
    pub fn on_key(&mut self, key: KeyEvent) -> Typed {
        self.refused = None;
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let ends = match key.code {
            KeyCode::Esc => return Typed::Left,
            KeyCode::Tab => true,
            KeyCode::Char('s') => control,
            // Ctrl-M and Ctrl-J are what a terminal sends for Enter and for a typed line feed.
            KeyCode::Enter => !self.list,
            KeyCode::Char('m' | 'j') => control && !self.list,
            _ => false,
        };
        if ends {
            let text = self.text();
            return if text == self.initial { Typed::Left } else { Typed::Accepted(text) };
        }
        if key.code == KeyCode::Char('m') && control {
            self.area.insert_newline();
        } else {
            self.area.input(key);
        }
        Typed::Open
    }

    /// Pastes a text; a single line takes no line breaks from it.
    pub fn on_paste(&mut self, text: &str) {
        self.refused = None;
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let kept: String = text.chars().filter(|c| !c.is_control() || (self.list && *c == '\n')).collect();
        self.area.insert_str(kept);
    }

    /// Is the text as typed, one line an entry.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Draws the field in a box; gives the place of the cursor.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, look: &Look, lang: Lang) -> Position {
        let theme = look.theme;
        let heading = Span::styled(clip(&self.heading, area.width.into()), theme.heading);
        buf.set_line(area.x, area.y, &Line::from(heading), area.width);
        let below = match &self.refused {
            Some(why) => (why.clone(), theme.critical),
            None if self.list => (LIST.into(), theme.quiet),
            None => (ONE.into(), theme.quiet),
        };
        let words = wrap(&below.0.of(lang), area.width.into());
        let hint = wrap(self.hint.of(lang), area.width.into());
        let lines = |lines: &[String]| u16::try_from(lines.len()).unwrap_or(4);
        for (y, line) in (area.y + 1..area.bottom()).zip(&hint) {
            buf.set_string(area.x, y, line, theme.plain);
        }
        let above = 2 + lines(&hint);
        let text_area =
            Rect { y: area.y + above, height: area.height.saturating_sub(above + 1 + lines(&words)).max(1), ..area };
        self.area.render(text_area, buf);
        for (y, line) in (text_area.bottom() + 1..area.bottom()).zip(&words) {
            buf.set_string(area.x, y, line, below.1);
        }
        // The cursor counts from the start of the text; the view may have scrolled.
        let cursor = self.area.screen_cursor();
        let (top, left) = self.area.scroll_offset();
        let column = u16::try_from(cursor.col).unwrap_or(u16::MAX).saturating_sub(left);
        let row = u16::try_from(cursor.row).unwrap_or(u16::MAX).saturating_sub(top);
        Position::new(
            (text_area.x + column).min(text_area.right().saturating_sub(1)),
            (text_area.y + row).min(text_area.bottom().saturating_sub(1)),
        )
    }

    /// Whether each line is an entry of a list.
    pub fn is_list(&self) -> bool {
        self.list
    }

    /// Is the height that the field asks for.
    pub fn height(&self, columns: usize, lang: Lang) -> usize {
        wrap(self.hint.of(lang), columns).len() + if self.list { 13 } else { 6 }
    }
}

/// Is a line to type in, with the cursor at its end.
pub fn one_line(text: &str) -> TextArea<'static> {
    area(vec![harmless(text)])
}

/// The terminal's own cursor stands in it, so none is drawn.
fn area(lines: Vec<String>) -> TextArea<'static> {
    let mut area = TextArea::new(lines);
    area.set_cursor_line_style(Style::default());
    area.set_cursor_style(Style::default());
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    const HINT: Text = Text { en: "i", ja: "i" };

    fn field(text: &str, list: bool) -> FieldEditor {
        FieldEditor::new("k".to_owned(), "h".to_owned(), text, list, HINT)
    }

    fn cursor(field: &FieldEditor) -> Position {
        let area = Rect::new(0, 0, 20, 9);
        field.draw(area, &mut Buffer::empty(area), &Look::default(), Lang::En)
    }

    #[test]
    fn esc_leaves_and_enter_accepts() {
        let mut one = field("a", false);
        assert_eq!(one.on_key(key(KeyCode::Char('b'))), Typed::Open);
        assert_eq!(one.on_key(key(KeyCode::Enter)), Typed::Accepted("ab".to_owned()));
        assert_eq!(one.on_key(key(KeyCode::Esc)), Typed::Left);
    }

    #[test]
    fn enter_begins_a_line_in_a_list_and_tab_accepts_it() {
        let mut list = field("a", true);
        list.on_key(key(KeyCode::Enter));
        list.on_key(key(KeyCode::Char('b')));
        assert_eq!(list.on_key(key(KeyCode::Tab)), Typed::Accepted("a\nb".to_owned()));
    }

    #[test]
    fn a_paste_loses_its_line_breaks_in_a_single_line() {
        let mut one = field("", false);
        one.on_paste("/srv/\r\nclaw\u{1b}\n");
        assert_eq!(one.text(), "/srv/claw");
        let mut list = field("", true);
        list.on_paste("a\r\nb");
        assert_eq!(list.text(), "a\nb");
    }

    #[test]
    fn a_typed_line_feed_does_not_split_a_single_line() {
        let mut one = field("", false);
        one.on_key(key(KeyCode::Char('a')));
        let feed = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL);
        assert_eq!(one.on_key(feed), Typed::Accepted("a".to_owned()));
    }

    #[test]
    fn the_cursor_counts_wide_characters_and_follows_the_scroll() {
        assert_eq!(cursor(&field("日本語ab", false)), Position::new(8, 3));
        let long = field(&"日".repeat(40), false);
        assert!(cursor(&long).x < 20 && cursor(&long).x >= 18);
    }
}
