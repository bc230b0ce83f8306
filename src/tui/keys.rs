//! Keys as text: `--keys`, the tests and reports of faults speak one language.
//!
//! Characters stand for themselves; `<enter>`, `<c-c>`, `<s-tab>`, `<lt>` (for `<`), `<paste:text>`, `<click:COLUMN,LINE>`,
//! `<wheel-down:COLUMN,LINE>` and `<resize:WIDTHxHEIGHT>` for the rest. Columns and lines count from 0.

use crate::text::{Said, Text};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

const UNKNOWN: Text = Text {
    en: "unknown key <{name}>. Known: enter, space, esc, tab, s-tab, up, down, left, right, home, end, pgup, pgdn, backspace, del, lt, c-LETTER, paste:TEXT, click:COLUMN,LINE, wheel-up:COLUMN,LINE, wheel-down:COLUMN,LINE, resize:WIDTHxHEIGHT",
    ja: "未知のキー <{name}>。使えるキー: enter, space, esc, tab, s-tab, up, down, left, right, home, end, pgup, pgdn, backspace, del, lt, c-文字, paste:文字列, click:桁,行, wheel-up:桁,行, wheel-down:桁,行, resize:幅x高さ",
};

/// Reads keys from a text.
pub fn parse(text: &str) -> Result<Vec<Event>, Said> {
    let mut events = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|tail| tail.split_once('>'));
        match named {
            Some((name, tail)) => {
                events.push(named_event(name).ok_or_else(|| UNKNOWN.with("name", name))?);
                rest = tail;
            }
            None => {
                events.push(key(KeyCode::Char(c), KeyModifiers::NONE));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Ok(events)
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn named_event(name: &str) -> Option<Event> {
    let plain = |code| Some(key(code, KeyModifiers::NONE));
    if let Some((kind, value)) = name.split_once(':') {
        return match kind {
            "paste" => Some(Event::Paste(value.to_owned())),
            "click" => mouse(MouseEventKind::Down(MouseButton::Left), value),
            "wheel-up" => mouse(MouseEventKind::ScrollUp, value),
            "wheel-down" => mouse(MouseEventKind::ScrollDown, value),
            "resize" => {
                let (width, height) = size(value)?;
                Some(Event::Resize(width, height))
            }
            _ => None,
        };
    }
    match name {
        "enter" => plain(KeyCode::Enter),
        "space" => plain(KeyCode::Char(' ')),
        "esc" => plain(KeyCode::Esc),
        "tab" => plain(KeyCode::Tab),
        "s-tab" => Some(key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        "up" => plain(KeyCode::Up),
        "down" => plain(KeyCode::Down),
        "left" => plain(KeyCode::Left),
        "right" => plain(KeyCode::Right),
        "home" => plain(KeyCode::Home),
        "end" => plain(KeyCode::End),
        "pgup" => plain(KeyCode::PageUp),
        "pgdn" => plain(KeyCode::PageDown),
        "backspace" => plain(KeyCode::Backspace),
        "del" => plain(KeyCode::Delete),
        "lt" => plain(KeyCode::Char('<')),
        _ => {
            let letter = name.strip_prefix("c-")?;
            let mut chars = letter.chars();
            let c = chars.next().filter(|c| c.is_ascii_alphabetic())?;
            chars.next().is_none().then(|| key(KeyCode::Char(c), KeyModifiers::CONTROL))
        }
    }
}

fn mouse(kind: MouseEventKind, place: &str) -> Option<Event> {
    let (column, row) = place.split_once(',')?;
    Some(Event::Mouse(MouseEvent {
        kind,
        column: column.parse().ok()?,
        row: row.parse().ok()?,
        modifiers: KeyModifiers::NONE,
    }))
}

/// Reads a size as in `100x30`: columns, lines.
pub fn size(text: &str) -> Option<(u16, u16)> {
    let (width, height) = text.split_once('x')?;
    let size = (width.parse().ok()?, height.parse().ok()?);
    (1..=1000).contains(&size.0).then_some(())?;
    (1..=1000).contains(&size.1).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn names_and_characters_mix() {
        let events = parse("j<enter><c-c><lt>語").expect("known keys");
        assert_eq!(
            events,
            [
                key(KeyCode::Char('j'), KeyModifiers::NONE),
                key(KeyCode::Enter, KeyModifiers::NONE),
                key(KeyCode::Char('c'), KeyModifiers::CONTROL),
                key(KeyCode::Char('<'), KeyModifiers::NONE),
                key(KeyCode::Char('語'), KeyModifiers::NONE),
            ]
        );
    }

    #[test]
    fn an_unknown_name_is_refused_by_name() {
        let refused = parse("j<entre>").expect_err("no such key");
        assert!(refused.of(Lang::En).starts_with("unknown key <entre>"));
        assert!(parse("<c-ab>").is_err());
        assert!(parse("<click:x,1>").is_err());
    }

    #[test]
    fn sizes_are_read_and_nonsense_is_not() {
        assert_eq!(size("100x30"), Some((100, 30)));
        for bad in ["100", "0x30", "99999x2", "ax2"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }
}
