//! How many colours a terminal has, what is behind its text, and which colours can be read there.
//!
//! No terminal is asked: an answer can come late and be taken for keys. Where the background is not known, the colours are of
//! a middle brightness, that is read on dark and on light.

use ratatui::style::Color;
use std::collections::BTreeMap;

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// None are wanted.
    None,
    /// The 16 that the terminal's owner chose.
    #[default]
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// 24 bits.
    True,
}

impl Depth {
    /// Is what the environment says: `COLORTERM` and `TERM`.
    pub fn of(env: &BTreeMap<String, String>) -> Self {
        let named = |name: &str| env.get(name).map(String::as_str).unwrap_or_default();
        match (named("COLORTERM"), named("TERM")) {
            ("truecolor" | "24bit", _) => Depth::True,
            (_, term) if term.ends_with("-direct") => Depth::True,
            (_, term) if term.contains("256color") => Depth::Indexed,
            _ => Depth::Sixteen,
        }
    }
}

/// What is behind the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// Nobody says.
    #[default]
    Unknown,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Background {
    /// Is what the environment says: the last number of `COLORFGBG`, as rxvt and Konsole set it; the Linux console is dark.
    pub fn of(env: &BTreeMap<String, String>) -> Self {
        let number = env.get("COLORFGBG").and_then(|value| value.rsplit(';').next()?.trim().parse::<u8>().ok());
        match number {
            Some(7 | 9..=15) => Background::Light,
            Some(0..=6 | 8) => Background::Dark,
            _ if env.get("TERM").is_some_and(|term| term == "linux") => Background::Dark,
            _ => Background::Unknown,
        }
    }
}

/// The colours that the roles are made of. `Reset` is the colour of ordinary text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Palette {
    pub red: Color,
    pub amber: Color,
    pub green: Color,
    pub violet: Color,
    pub blue: Color,
    pub grey: Color,
}

impl Palette {
    /// Is the colours that can be read on a background.
    pub const fn of(depth: Depth, background: Background) -> Self {
        let [red, amber, green, violet, blue, grey] = match (depth, background) {
            (Depth::None, _) => [Color::Reset; 6],
            (Depth::Sixteen, Background::Dark) => {
                [Color::LightRed, Color::LightYellow, Color::LightGreen, Color::LightMagenta, Color::LightCyan, GREY]
            }
            (Depth::Sixteen, Background::Light) => {
                [Color::Red, Color::Magenta, Color::Reset, Color::Magenta, Color::Blue, GREY]
            }
            (Depth::Sixteen, Background::Unknown) => {
                [Color::Red, Color::Magenta, Color::Reset, Color::Magenta, Color::Reset, GREY]
            }
            (Depth::Indexed, Background::Dark) => indexed([210, 179, 114, 177, 80, 248]),
            (Depth::Indexed, Background::Light) => indexed([124, 94, 22, 91, 25, 240]),
            (Depth::Indexed, Background::Unknown) => indexed([196, 166, 64, 133, 31, 243]),
            (Depth::True, Background::Dark) => {
                rgb([0x00ff_8b82, 0x00e3_b341, 0x007e_e787, 0x00d2_a8ff, 0x0076_e3ea, 0x00a0_a8b4])
            }
            (Depth::True, Background::Light) => {
                rgb([0x00c0_1c28, 0x007d_4e00, 0x0011_6329, 0x006e_39c9, 0x000b_5c8a, 0x0057_606a])
            }
            (Depth::True, Background::Unknown) => {
                rgb([0x00e0_352f, 0x00b3_6200, 0x0020_8a3c, 0x00a8_55d8, 0x0000_81b3, 0x0076_7676])
            }
        };
        Palette { red, amber, green, violet, blue, grey }
    }
}

/// A terminal of 16 colours has no grey that is read on every background: what is quiet is dimmed there.
const GREY: Color = Color::Reset;

const fn indexed(numbers: [u8; 6]) -> [Color; 6] {
    let [a, b, c, d, e, f] = numbers;
    [Color::Indexed(a), Color::Indexed(b), Color::Indexed(c), Color::Indexed(d), Color::Indexed(e), Color::Indexed(f)]
}

const fn rgb(numbers: [u32; 6]) -> [Color; 6] {
    let [a, b, c, d, e, f] = numbers;
    [
        Color::from_u32(a),
        Color::from_u32(b),
        Color::from_u32(c),
        Color::from_u32(d),
        Color::from_u32(e),
        Color::from_u32(f),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;

    type Rgb = (u8, u8, u8);

    const BLACK: Rgb = (0, 0, 0);
    const WHITE: Rgb = (255, 255, 255);
    /// The backgrounds of the common dark schemes: black, VS Code, One Dark, Solarized, Ubuntu, Nord.
    const DARK: [Rgb; 6] =
        [BLACK, (0x1e, 0x1e, 0x1e), (0x28, 0x2c, 0x34), (0x00, 0x2b, 0x36), (0x30, 0x0a, 0x24), (0x2e, 0x34, 0x40)];
    /// The backgrounds of the common light schemes: white, One Light, Solarized, grey.
    const LIGHT: [Rgb; 4] = [WHITE, (0xfa, 0xfa, 0xfa), (0xfd, 0xf6, 0xe3), (0xee, 0xee, 0xee)];

    /// Is what xterm shows for a colour; none for that of ordinary text.
    fn shown(color: Color) -> Option<Rgb> {
        const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
        Some(match color {
            Color::Reset => return None,
            Color::Red => (205, 0, 0),
            Color::Magenta => (205, 0, 205),
            Color::Blue => (0, 0, 238),
            Color::LightRed => (255, 0, 0),
            Color::LightYellow => (255, 255, 0),
            Color::LightGreen => (0, 255, 0),
            Color::LightMagenta => (255, 0, 255),
            Color::LightCyan => (0, 255, 255),
            Color::Rgb(r, g, b) => (r, g, b),
            Color::Indexed(n @ 232..) => {
                let level = 8 + 10 * (n - 232);
                (level, level, level)
            }
            Color::Indexed(n @ 16..) => {
                let level = |n: u8| LEVELS[usize::from(n % 6)];
                (level((n - 16) / 36), level((n - 16) / 6), level(n - 16))
            }
            other => panic!("{other:?} is in no palette"),
        })
    }

    fn brightness((r, g, b): Rgb) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    /// Is the contrast of two colours as WCAG 2 defines it, 1 to 21.
    fn contrast(one: Rgb, two: Rgb) -> f64 {
        let (one, two) = (brightness(one), brightness(two));
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn least(depth: Depth, background: Background, behind: &[Rgb]) -> f64 {
        let theme = Theme::of(depth, background);
        let colours = theme.roles().into_iter().filter_map(|style| shown(style.fg.unwrap_or(Color::Reset)));
        let ratios = colours.flat_map(|colour| behind.iter().map(move |behind| contrast(colour, *behind)));
        ratios.fold(21.0, f64::min)
    }

    #[test]
    fn contrast_is_measured_as_wcag_does() {
        assert!((contrast(BLACK, WHITE) - 21.0).abs() < 0.001);
        assert!((contrast((0x76, 0x76, 0x76), WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_role_is_read_on_the_background_that_is_known() {
        for depth in [Depth::Indexed, Depth::True] {
            for (background, behind) in [(Background::Dark, &DARK[..]), (Background::Light, &LIGHT[..])] {
                let least = least(depth, background, behind);
                assert!(least >= 4.5, "{depth:?} on {background:?}: {least:.2}");
            }
        }
        // Of 16 colours the owner chose each, and the background; xterm's own is the one that is measured.
        assert!(least(Depth::Sixteen, Background::Dark, &[BLACK]) >= 4.5);
        assert!(least(Depth::Sixteen, Background::Light, &[WHITE]) >= 4.5);
    }

    #[test]
    fn where_the_background_is_not_known_every_role_is_read_on_black_and_on_white() {
        for (depth, wanted) in [(Depth::Sixteen, 3.5), (Depth::Indexed, 3.8), (Depth::True, 4.2)] {
            let least = least(depth, Background::Unknown, &[BLACK, WHITE]);
            assert!(least >= wanted, "{depth:?}: {least:.2}");
        }
        for depth in [Depth::Indexed, Depth::True] {
            // What WCAG asks of signs and of large letters, on all that are common but the palest of the dark.
            let least = least(depth, Background::Unknown, &[&DARK[..5], &LIGHT[..]].concat());
            assert!(least >= 3.0, "{depth:?}: {least:.2}");
        }
    }

    fn env(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        for (entries, depth) in [
            (&[("TERM", "xterm")][..], Depth::Sixteen),
            (&[("TERM", "tmux-256color")], Depth::Indexed),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
            (&[("TERM", "xterm-direct")], Depth::True),
            (&[], Depth::Sixteen),
        ] {
            assert_eq!(Depth::of(&env(entries)), depth, "{entries:?}");
        }
    }

    #[test]
    fn the_environment_says_what_is_behind_the_text_or_nothing_does() {
        for (value, background) in [
            ("15;0", Background::Dark),
            ("0;15", Background::Light),
            ("0;default;15", Background::Light),
            ("0;7", Background::Light),
            ("default;default", Background::Unknown),
            ("", Background::Unknown),
        ] {
            assert_eq!(Background::of(&env(&[("COLORFGBG", value)])), background, "{value}");
        }
        assert_eq!(Background::of(&env(&[("TERM", "linux")])), Background::Dark);
        assert_eq!(Background::of(&env(&[])), Background::Unknown);
    }
}
