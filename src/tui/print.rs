//! A frame as plain text: for `--print` and the tests.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// Is a frame as text, a line each, without blanks at line ends and without the cells hidden by wide characters.
pub fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width()).unwrap_or(1).max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn wide_characters_take_their_two_cells_and_no_more() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
        buffer.set_string(0, 0, "日本a", Style::new());
        buffer.set_string(1, 1, "b", Style::new());
        assert_eq!(text(&buffer), "日本a\n b\n");
    }
}
