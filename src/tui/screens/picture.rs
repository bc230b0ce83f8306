//! A small picture of the findings by area, before -> after: a bar an area, as long as its findings are many.

use super::ARROW;
use crate::checks::{Finding, Severity};
use crate::posture::Step;
use crate::text::Text;
use crate::text::wrap::{pad, width};
use crate::tui::session::Session;
use crate::tui::words;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// What the signs of a bar mean.
pub(super) const LEGEND: Text = Text { en: "(# stays, - closed)", ja: "(# 残る、- 解消)" };

/// The cells of the longest bar.
const BAR: usize = 16;
/// The columns of `[`, `]`, a blank, and the numbers.
const NUMBERS: usize = 3 + 8;
/// The columns between two areas beside each other.
const GAP: usize = 3;
/// The areas: the steps that deal with findings.
const AREAS: [Step; 6] = words::STEPS;

/// What was found in an area.
#[derive(Clone, Copy, Default)]
struct Area {
    before: usize,
    after: usize,
    /// The worst that stays.
    worst: Option<Severity>,
}

/// Is the lines of the picture: two areas beside each other, or one where only that fits.
pub(super) fn lines(session: &Session, columns: usize) -> Vec<Line<'static>> {
    let areas = areas(session);
    let most = areas.iter().map(|area| area.before.max(area.after)).max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let name = AREAS.iter().map(|step| width(name(*step, session))).max().unwrap_or(0) + 1;
    let one = name + BAR + NUMBERS;
    let bar = if 2 * one + GAP <= columns { BAR } else { columns.saturating_sub(GAP + 2 * (name + NUMBERS)) / 2 };
    // A bar of fewer cells says nothing.
    let beside = if bar < 6 { 1 } else { 2 };
    let bar = if beside == 1 { BAR.min(columns.saturating_sub(name + NUMBERS)) } else { bar };
    let rows = AREAS.len() / beside;
    (0..rows)
        .map(|n| {
            let mut spans = Vec::new();
            for column in 0..beside {
                let at = n + column * rows;
                if column > 0 {
                    spans.push(Span::raw(" ".repeat(GAP)));
                }
                spans.extend(drawn(AREAS[at], areas[at], most, (name, bar), session));
            }
            Line::from(spans)
        })
        .collect()
}

fn name(step: Step, session: &Session) -> &'static str {
    session.say(words::page(words::page_of(step)))
}

fn drawn(
    step: Step,
    area: Area,
    most: usize,
    (name_width, bar): (usize, usize),
    session: &Session,
) -> Vec<Span<'static>> {
    let theme = session.look.theme;
    let (stays, closed) = cells(area, most, bar);
    let style = area.worst.map_or(theme.plain, |severity| theme.severity(severity));
    let blank = bar - stays - closed;
    let numbers = format!(" {}{ARROW}{}", area.before, area.after);
    let numbers_style = match area {
        Area { before: 0, after: 0, .. } => theme.quiet,
        Area { after: 0, .. } => theme.safe,
        _ => Style::new(),
    };
    vec![
        Span::raw(pad(name(step, session), name_width)),
        Span::styled("[", theme.quiet),
        Span::styled("#".repeat(stays), style),
        Span::styled("-".repeat(closed), theme.safe),
        Span::raw(" ".repeat(blank)),
        Span::styled("]", theme.quiet),
        Span::styled(pad(&numbers, NUMBERS - 2), numbers_style),
    ]
}

/// Is how many cells stand for what stays, and for what is closed. What is there has one at least.
fn cells(area: Area, most: usize, bar: usize) -> (usize, usize) {
    let scaled = |count: usize| (count * bar + most / 2) / most.max(1);
    let long = scaled(area.before.max(area.after)).clamp(usize::from(area.before.max(area.after) > 0), bar);
    let stays = scaled(area.after).clamp(usize::from(area.after > 0), long);
    let stays = if area.after < area.before && stays == long && long > 1 { long - 1 } else { stays };
    (stays, long - stays)
}

fn areas(session: &Session) -> [Area; 6] {
    let mut areas = [Area::default(); 6];
    let row_for = session.row_finder();
    // The step that deals with it, the last area where none does.
    let area_of = |finding: &Finding| {
        let step = row_for(finding).map(|row| row.control.step);
        step.and_then(|step| AREAS.iter().position(|area| *area == step)).unwrap_or(AREAS.len() - 1)
    };
    let is_accepted =
        |finding: &Finding| session.found.acceptances.iter().any(|one| one.covers(finding, &session.found.today));
    for finding in session.plan.before.iter().filter(|finding| !is_accepted(finding)) {
        areas[area_of(finding)].before += 1;
    }
    for finding in session.plan.after.iter().filter(|finding| !is_accepted(finding)) {
        let area = &mut areas[area_of(finding)];
        area.after += 1;
        area.worst = area.worst.max(Some(finding.severity));
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(before: usize, after: usize) -> Area {
        Area { before, after, worst: None }
    }

    #[test]
    fn a_bar_is_as_long_as_there_are_findings_and_shows_what_is_left() {
        assert_eq!(cells(area(10, 5), 10, 16), (8, 8));
        assert_eq!(cells(area(10, 0), 10, 16), (0, 16));
        assert_eq!(cells(area(5, 5), 10, 16), (8, 0));
        assert_eq!(cells(area(0, 0), 10, 16), (0, 0));
    }

    #[test]
    fn what_is_there_has_a_cell_however_little_it_is() {
        assert_eq!(cells(area(1, 1), 90, 16), (1, 0));
        assert_eq!(cells(area(90, 1), 90, 16), (1, 15));
        assert_eq!(cells(area(90, 89), 90, 16), (15, 1));
        assert_eq!(cells(area(0, 3), 90, 16), (1, 0));
    }
}
