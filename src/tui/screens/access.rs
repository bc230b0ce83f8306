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
    let said = |text: &str, mark: &'static str, style: Style| {
        let wrapped = wrap(text, columns.saturating_sub(mark.len()));
        let lines = wrapped.into_iter().enumerate().map(move |(n, line)| {
            let mark = if n == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
            Line::from(Span::styled(format!("{mark}{line}"), style))
        });
        lines.collect::<Vec<_>>()
    };
    let mut lines = said(session.say(TITLE), "", theme.heading);
    lines.extend(said(&access.own.of(lang), "", if access.own_depends { theme.critical } else { theme.plain }));
    lines.extend(said(session.say(CUT), "", theme.heading));
    for cut in &access.cut {
        lines.extend(said(&cut.of(lang), "- ", theme.plain));
    }
    lines.extend(said(session.say(WAYS), "", theme.heading));
    for way in &access.ways {
        lines.extend(said(&way.what.of(lang), "- ", theme.plain));
        for line in way.command.iter().flat_map(|command| broken(command, columns.saturating_sub(4))) {
            lines.push(Line::from(Span::styled(format!("    {line}"), theme.heading)));
        }
    }
    lines
}
