//! Every colour and every symbol of the screen, by role.
//!
//! No meaning hangs on a colour: each has a word or a sign beside it.

mod colours;

pub use colours::{Background, Depth};

use crate::checks::Severity;
use crate::posture::Weight;
use colours::Palette;
use ratatui::style::{Modifier, Style};

/// How the screen is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The styles.
    pub theme: Theme,
    /// The frames and bars.
    pub symbols: Symbols,
}

impl Look {
    /// Is the look for a terminal of so many colours on a background, with or without frames of its own.
    pub const fn new(depth: Depth, background: Background, ascii: bool) -> Self {
        Look { theme: Theme::of(depth, background), symbols: if ascii { ASCII } else { LINES } }
    }
}

impl Default for Look {
    fn default() -> Self {
        Look::new(Depth::Sixteen, Background::Unknown, false)
    }
}

/// The styles, by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Ordinary text.
    pub plain: Style,
    /// The name of the program, and headings.
    pub heading: Style,
    /// What is there to be looked up, not to be read each time; frames.
    pub quiet: Style,
    /// The line under the cursor.
    pub cursor: Style,
    /// A key that works now.
    pub key: Style,
    /// A value that is proposed or chosen.
    pub new_value: Style,
    /// A change that keeps a working setup working, and what is done.
    pub safe: Style,
    /// A change that may cut someone off, as long as nobody decided.
    pub ask: Style,
    /// What only the administrator can do.
    pub manual: Style,
    /// Severity critical, and what is refused.
    pub critical: Style,
    /// Severity warn.
    pub warn: Style,
    /// Severity info.
    pub info: Style,
    /// A line of the diff that goes.
    pub removed: Style,
    /// A line of the diff that comes.
    pub added: Style,
    /// A line of the diff that heads a hunk.
    pub hunk: Style,
}

impl Theme {
    /// Is the styles for a terminal of so many colours on a background.
    pub const fn of(depth: Depth, background: Background) -> Self {
        let Palette { red, amber, green, violet, blue, grey } = Palette::of(depth, background);
        let quiet = match depth {
            Depth::None | Depth::Sixteen => DIM,
            Depth::Indexed | Depth::True => NONE.fg(grey),
        };
        Theme {
            plain: NONE,
            heading: BOLD,
            quiet,
            cursor: NONE.add_modifier(Modifier::REVERSED),
            key: BOLD.fg(blue),
            new_value: BOLD,
            safe: NONE.fg(green),
            ask: BOLD.fg(violet),
            manual: NONE.fg(blue),
            critical: BOLD.fg(red),
            warn: NONE.fg(amber),
            info: NONE.fg(blue),
            removed: NONE.fg(red),
            added: BOLD.fg(green),
            hunk: quiet,
        }
    }

    /// Is the styles of all roles.
    #[cfg(test)]
    fn roles(&self) -> [Style; 15] {
        [
            self.plain,
            self.heading,
            self.quiet,
            self.cursor,
            self.key,
            self.new_value,
            self.safe,
            self.ask,
            self.manual,
            self.critical,
            self.warn,
            self.info,
            self.removed,
            self.added,
            self.hunk,
        ]
    }

    /// Is the style of a weight.
    pub fn weight(&self, weight: Weight) -> Style {
        match weight {
            Weight::Keep => self.plain,
            Weight::Safe => self.safe,
            Weight::Ask => self.ask,
            Weight::Manual => self.manual,
        }
    }

    /// Is the style of a severity.
    pub fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Critical => self.critical,
            Severity::Warn => self.warn,
            Severity::Info => self.info,
        }
    }
}

const NONE: Style = Style::new();
const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const DIM: Style = Style::new().add_modifier(Modifier::DIM);

/// The only symbols that are not ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbols {
    /// A rule from left to right.
    pub across: &'static str,
    /// A rule from top to bottom.
    pub down: &'static str,
    /// Where the rule down hangs from the rule across.
    pub down_from: &'static str,
    /// Where the rule down stands on the rule across.
    pub down_to: &'static str,
    /// The corners of a box: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// The part of a scroll bar that is in view.
    pub thumb: &'static str,
    /// The rest of a scroll bar.
    pub track: &'static str,
}

const LINES: Symbols = Symbols {
    across: "─",
    down: "│",
    down_from: "┬",
    down_to: "┴",
    corners: ["┌", "┐", "└", "┘"],
    thumb: "┃",
    track: "│",
};

const ASCII: Symbols = Symbols {
    across: "-",
    down: "|",
    down_from: "+",
    down_to: "+",
    corners: ["+", "+", "+", "+"],
    thumb: "#",
    track: "|",
};
