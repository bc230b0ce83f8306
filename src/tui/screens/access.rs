//! The card before writing: what no longer connects, what does, and whether this very session is among it.

use crate::plan::Access;
use crate::text::Text;
use crate::text::wrap::{broken, wrap};
use crate::tui::session::Session;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const TITLE: Text = Text { en: "How you get back in", ja: "変更後の接続方法" };
const CUT: Text = Text { en: "What changes for those who connect:", ja: "接続する人にとって変わること:" };
const WAYS: Text = Text { en: "What connects from then on:", ja: "変更後に接続する方法:" };

/// Is the card's lines.
pub fn lines(access: &Access, session: &Session, columns: usize) -> Vec<Line<'static>> {
    let theme = session.look.theme;
    let lang = session.lang();
    let mut lines = Vec::new();
    let mut push = |text: &str, mark: &'static str, style: Style| {
        for (n, line) in wrap(text, columns.saturating_sub(mark.len())).into_iter().enumerate() {
            let mark = if n == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
            lines.push(Line::from(Span::styled(format!("{mark}{line}"), style)));
        }
    };
    push(session.say(TITLE), "", theme.heading);
    push(&access.own.of(lang), "", if access.own_depends { theme.critical } else { theme.plain });
    push(session.say(CUT), "", theme.heading);
    for cut in &access.cut {
        push(&cut.of(lang), "- ", theme.plain);
    }
    push(session.say(WAYS), "", theme.heading);
    let mut lines = lines;
    for way in &access.ways {
        for (n, line) in wrap(&way.what.of(lang), columns.saturating_sub(2)).into_iter().enumerate() {
            lines.push(Line::from(format!("{}{line}", if n == 0 { "- " } else { "  " })));
        }
        for line in way.command.iter().flat_map(|command| broken(command, columns.saturating_sub(4))) {
            lines.push(Line::from(Span::styled(format!("    {line}"), theme.heading)));
        }
    }
    lines
}
