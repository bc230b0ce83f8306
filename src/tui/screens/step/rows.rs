//! The rows of a step: the risk, the label, whose it is, the value now -> the value proposed, and the word for its state.

use crate::checks::Severity;
use crate::plan::Planned;
use crate::posture::{Step, Weight};
use crate::text::Text;
use crate::text::wrap::{clip_key, clip_middle, pad, width};
use crate::tui::screens::{ARROW, fitted};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const TAKEN: Text = Text { en: "taken", ja: "適用" };
const LEFT: Text = Text { en: "left", ja: "見送り" };
const TYPED: Text = Text { en: "typed", ja: "入力" };
const REFUSED: Text = Text { en: "refused", ja: "却下" };

/// The most that a label takes.
const LABEL: usize = 24;
/// The width of the sign for the risk, with a blank.
const RISK: usize = 3;
/// The width of the last column.
pub(super) const MARK: usize = 8;

/// Is the rows of a step, the one under the cursor marked; `is_read` where its explanation has the focus.
pub(super) fn list(step: Step, cursor: usize, is_read: bool, session: &Session, columns: u16) -> Pane<usize> {
    let Columns { label: label_width, whose, values } = Columns::of(step, session, columns.into());
    let (rows, risks): (Vec<&Planned>, Vec<Option<Severity>>) = session.risks(step).unzip();
    let theme = session.look.theme;
    let mut pane = Pane::default();
    for (n, row) in rows.iter().enumerate() {
        let under = n == cursor;
        let same = n > 0 && rows[n - 1].label() == row.label() && std::ptr::eq(rows[n - 1].control, row.control);
        let label = if same && !under { "" } else { session.say(row.label()) };
        let (mark, mark_style) = mark(row, session);
        let style = match (under, is_read) {
            (true, false) => theme.cursor,
            (true, true) => theme.heading,
            (false, _) => theme.plain,
        };
        let mut spans = vec![
            Span::styled(if under { "> " } else { "  " }, style),
            risk(risks[n], style, under, session),
            Span::styled(pad(label, label_width), style),
            Span::styled(" ", style),
        ];
        if whose > 0 {
            let clip = if step == Step::Mend { clip_key } else { clip_middle };
            let named = pad(&clip(&session.whose(row), whose), whose);
            spans.push(Span::styled(format!("{named} "), style));
        }
        if values > 0 {
            spans.extend(value_spans(row, values, session, style, under));
        }
        let mark_style = if under { style } else { mark_style };
        spans.push(Span::styled(format!(" {}", pad(mark, MARK)), mark_style));
        pane.push_for(Line::from(spans), n);
    }
    pane
}

/// Is the width that the rows of a step would take with nothing clipped.
pub(super) fn wanted(step: Step, session: &Session) -> usize {
    let natural = Columns::natural(step, session);
    natural.label + natural.whose + natural.values + Columns::REST
}

/// The widths of the columns of a list: the label, whose it is, the values.
struct Columns {
    label: usize,
    whose: usize,
    values: usize,
}

impl Columns {
    /// What is neither: the cursor, the risk, the blanks between, the mark, and the bar at the edge.
    const REST: usize = 2 + RISK + 1 + 1 + 1 + MARK + 2;

    /// Is what the rows of a step would take with nothing clipped.
    fn natural(step: Step, session: &Session) -> Self {
        let most = |of: &dyn Fn(&Planned) -> usize| session.rows(step).map(of).max().unwrap_or(0);
        let label = most(&|row| width(session.say(row.label())));
        // What is mended by hand is named in whole sentences and becomes nothing.
        if step == Step::Remaining {
            return Columns { label, whose: 0, values: 0 };
        }
        let values = most(&|row| {
            let after = session.value_after(row).map_or(0, |after| ARROW.len() + width(&after));
            width(&row.row.current.of(session.lang())) + after
        });
        Columns { label: label.min(LABEL), whose: most(&|row| width(&session.whose(row))), values }
    }

    /// Divides the columns of a list. Where they are too few, whose it is gives way first, down to a third; in Mend down to a half, since
    /// there it is the key that OpenClaw refuses.
    fn of(step: Step, session: &Session, columns: usize) -> Self {
        let natural = Self::natural(step, session);
        let room = columns.saturating_sub(Self::REST);
        let label = natural.label.min(room);
        if step == Step::Remaining {
            return Columns { label: room, whose: 0, values: 0 };
        }
        let room = room - label;
        let least = if step == Step::Mend { room / 2 } else { room / 3 };
        let whose = natural.whose.min(least.max(room.saturating_sub(natural.values)));
        Columns { label, whose, values: room - whose }
    }
}

/// Is the sign for what stays open without the row's recommendation.
fn risk(risk: Option<Severity>, style: Style, under: bool, session: &Session) -> Span<'static> {
    let sign = match risk {
        Some(Severity::Critical) => "!! ",
        Some(Severity::Warn) => "!  ",
        Some(Severity::Info) | None => "   ",
    };
    let own = risk.filter(|_| !under).map_or(style, |severity| session.look.theme.severity(severity));
    Span::styled(sign, own)
}

/// Whether all that a row offers is to be done by hand.
pub(super) fn is_manual(row: &Planned) -> bool {
    row.row.choices.len() > 1 && row.row.choices[1..].iter().all(|choice| choice.weight == Weight::Manual)
}

/// Is the word for the state of a row.
fn mark(row: &Planned, session: &Session) -> (&'static str, Style) {
    let theme = session.look.theme;
    let recommended = row.row.choices[row.row.recommended].weight;
    let (word, style) = match row.taken {
        _ if row.refused.is_some() => (REFUSED, theme.critical),
        None => (TYPED, theme.safe),
        Some(_) if row.is_open_ask() => (words::weight(Weight::Ask), theme.ask),
        Some(0) if recommended == Weight::Manual || is_manual(row) => (words::weight(Weight::Manual), theme.manual),
        Some(0) if row.row.recommended == 0 => return ("", theme.plain),
        Some(0) => (LEFT, theme.warn),
        Some(taken) => match row.row.choices[taken].weight {
            Weight::Ask => (TAKEN, theme.safe),
            weight => (words::weight(weight), theme.safe),
        },
    };
    (session.say(word), style)
}

fn value_spans(row: &Planned, columns: usize, session: &Session, style: Style, under: bool) -> Vec<Span<'static>> {
    let lang = session.lang();
    let before = row.row.current.of(lang);
    let after = session.value_after(row);
    let Some(after) = after else {
        return vec![Span::styled(pad(&before, columns), style)];
    };
    let (before, after) = fitted(&before, &after, columns);
    let strong = if under { style } else { session.look.theme.new_value };
    vec![Span::styled(before, style), Span::styled(ARROW, style), Span::styled(after, strong)]
}
