//! The lines of a diff, as Review shows them before writing and Done after it.

use crate::plan::{DiffKind, DiffLine};
use crate::text::Text;
use crate::text::wrap::{broken, clip, clip_middle, width};
use crate::tui::session::Session;
use crate::tui::theme::Theme;
use crate::tui::widgets::pane::Pane;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const NO_DIFF: Text = Text { en: "The file stays as it is.", ja: "設定ファイルは変わりません。" };

/// From this many lines of the screen on a line of the diff is cut to what is around the change.
const LONG: usize = 6;

/// Is the lines of a diff, with the line numbers of both sides.
pub(super) fn diff(lines: &[DiffLine], session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if lines.is_empty() {
        pane.push(Line::from(session.say(NO_DIFF)));
    }
    for (at, line) in lines.iter().enumerate() {
        let (sign, style) = sign(line.kind, theme);
        if matches!(line.kind, DiffKind::File | DiffKind::Hunk) {
            pane.push(Line::from(Span::styled(clip(&line.text, columns), style)));
            continue;
        }
        let number = line.new_line.or(line.old_line).map(|n| n.to_string()).unwrap_or_default();
        let room = columns.saturating_sub(7);
        let shown = if width(&line.text) > LONG * room { around_change(lines, at, room) } else { line.text.clone() };
        for (n, part) in broken_line(&shown, room).into_iter().enumerate() {
            let (number, sign) = if n == 0 { (number.as_str(), sign) } else { ("", " ") };
            pane.push(Line::from(vec![
                Span::styled(format!("{number:>4} "), theme.quiet),
                Span::styled(format!("{sign} {part}"), style),
            ]));
        }
    }
    pane
}

/// Breaks a line of the diff; what continues it is indented.
fn broken_line(text: &str, columns: usize) -> Vec<String> {
    let mut lines = broken(text, columns);
    if lines.len() > 1 {
        let rest: String = lines.split_off(1).concat();
        lines.extend(broken(&rest, columns.saturating_sub(2)).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// Is a long line without what it shares with the line that it replaces or is replaced by, but for a little on both sides.
fn around_change(lines: &[DiffLine], at: usize, columns: usize) -> String {
    let run = |kind: DiffKind, from: usize| lines[from..].iter().take_while(|line| line.kind == kind).count();
    let first = lines[..at].iter().rposition(|line| !matches!(line.kind, DiffKind::Removed | DiffKind::Added));
    let first = first.map_or(0, |n| n + 1);
    let removed = run(DiffKind::Removed, first);
    let added = run(DiffKind::Added, first + removed);
    let other = match lines[at].kind {
        DiffKind::Removed if at - first < added => lines.get(at + removed),
        DiffKind::Added if at >= first + removed && at - first - removed < removed => lines.get(at - removed),
        _ => None,
    };
    let text: Vec<char> = lines[at].text.chars().collect();
    let Some(other) = other else {
        return clip_middle(&lines[at].text, LONG * columns);
    };
    let other: Vec<char> = other.text.chars().collect();
    let same = text.iter().zip(&other).take_while(|(one, two)| one == two).count();
    let left = text.len().min(other.len()) - same;
    let same_end = text.iter().rev().zip(other.iter().rev()).take(left).take_while(|(one, two)| one == two).count();
    let begin = same.saturating_sub(columns);
    let end = (text.len() - same_end + columns).min(text.len());
    let cut = |is_cut: bool| if is_cut { "..." } else { "" };
    format!("{}{}{}", cut(begin > 0), text[begin..end].iter().collect::<String>(), cut(end < text.len()))
}

fn sign(kind: DiffKind, theme: Theme) -> (&'static str, Style) {
    match kind {
        DiffKind::Context => (" ", theme.plain),
        DiffKind::Removed => ("-", theme.removed),
        DiffKind::Added => ("+", theme.added),
        DiffKind::Hunk => ("", theme.hunk),
        DiffKind::File => ("", theme.heading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: DiffKind, text: &str) -> DiffLine {
        DiffLine { kind, text: text.to_owned(), old_line: Some(1), new_line: Some(1) }
    }

    #[test]
    fn a_long_line_is_cut_to_what_is_around_its_change() {
        let (before, after) = ("a".repeat(500), "z".repeat(500));
        let lines = [
            line(DiffKind::Removed, &format!("{before}off{after}")),
            line(DiffKind::Added, &format!("{before}deny{after}")),
        ];
        let (near, far) = ("a".repeat(20), "z".repeat(20));
        assert_eq!(around_change(&lines, 0, 20), format!("...{near}off{far}..."));
        assert_eq!(around_change(&lines, 1, 20), format!("...{near}deny{far}..."));
    }

    #[test]
    fn a_line_without_another_to_compare_keeps_its_ends() {
        let shown = around_change(&[line(DiffKind::Added, &format!("begin{}end", "-".repeat(500)))], 0, 20);
        assert!(shown.starts_with("begin") && shown.ends_with("end") && width(&shown) <= LONG * 20, "{shown}");
    }

    #[test]
    fn a_broken_line_loses_nothing_and_is_indented_where_it_goes_on() {
        assert_eq!(broken_line("abc  defghij", 5), ["abc  ", "  def", "  ghi", "  j"]);
        assert_eq!(broken_line("abc", 5), ["abc"]);
    }
}
