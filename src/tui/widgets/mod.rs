//! What the screens are drawn with.

pub mod field;
pub mod list;
pub mod pane;

use ratatui::layout::Position;

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// A click.
    Click(Position),
    /// The wheel, up or down by lines.
    Wheel(Position, isize),
}
