//! The lines of a skill's file, each with how it is meant, and what belongs together.

use super::views::pattern;

/// The longest piece of a line that is looked at as one, in bytes.
const LONGEST_LINE: usize = 4096;
/// The most lines that are joined to one command.
const MOST_JOINED: usize = 8;

/// How a file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Script,
}

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Prose,
    Code,
    Comment,
    Hidden,
}

/// A line of a file.
pub(super) struct Line<'t> {
    /// Its number, from 1.
    pub(super) number: usize,
    pub(super) text: &'t str,
    pub(super) part: Part,
}

/// Is how a file is read, by its name and its beginning.
pub(super) fn kind(file: &str, text: &str) -> Kind {
    let name = file.rsplit('/').next().unwrap_or(file).to_lowercase();
    let is_text = [".md", ".markdown", ".mdx", ".txt", ".rst", ".html", ".htm", ".adoc", ".org"]
        .iter()
        .any(|ending| name.ends_with(ending))
        || !name.contains('.')
            && !text.starts_with("#!")
            && !matches!(name.as_str(), "makefile" | "dockerfile" | "justfile");
    if is_text { Kind::Text } else { Kind::Script }
}

/// Is the lines of a file, each with how it is meant.
pub(super) fn lines(text: &str, kind: Kind) -> Vec<Line<'_>> {
    let mut fence: Option<&str> = None;
    let mut is_hidden = false;
    let mut front = kind == Kind::Text && text.trim_start_matches('\u{feff}').starts_with("---");
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let mut part = match kind {
            Kind::Script if trimmed.starts_with("#!") => Part::Code,
            Kind::Script
                if ["#", "//", "/*", "* ", "<!--", "-- ", "REM ", "\"\"\""]
                    .iter()
                    .any(|mark| trimmed.starts_with(mark)) =>
            {
                Part::Comment
            }
            Kind::Script => Part::Code,
            Kind::Text => Part::Prose,
        };
        if kind == Kind::Text {
            if front {
                front = at == 0 || line.trim_end() != "---";
                part = Part::Prose;
            } else if let Some(mark) = fence {
                let is_end = trimmed.starts_with(mark) && trimmed.trim_end().chars().all(|c| mark.starts_with(c));
                part = if is_end { Part::Prose } else { Part::Code };
                fence = fence.filter(|_| !is_end);
            } else if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(*mark)) {
                fence = Some(mark);
            } else {
                let opens = line.contains("<!--") || pattern!(r"^\s*\[[^\]]{0,40}\]:\s*(#|<>)").is_match(line);
                if is_hidden || opens {
                    part = Part::Hidden;
                }
                is_hidden = match (line.rfind("<!--"), line.rfind("-->")) {
                    (Some(open), Some(close)) => open > close,
                    (Some(_), None) => true,
                    (None, Some(_)) => false,
                    (None, None) => is_hidden,
                };
                if part == Part::Prose
                    && (line.starts_with("    ") || line.starts_with('\t'))
                    && !trimmed.starts_with(['-', '*', '+', '>'])
                    && !trimmed.starts_with(|c: char| c.is_ascii_digit())
                {
                    part =
                        if pattern!(r"^\s+[$./~a-z]\S*\s.*[-/|=$>]").is_match(line) { Part::Code } else { Part::Prose };
                }
            }
        }
        lines.push(Line { number: at + 1, text: line, part });
    }
    lines
}

/// Is a line with those that go on with it: a command over several lines, an open bracket, a sentence that wraps; and how many bytes of
/// that are the line's own.
pub(super) fn joined(line: &Line, rest: &[Line], kind: Kind) -> Option<(String, usize)> {
    if line.text.len() > LONGEST_LINE || line.text.trim().is_empty() {
        return None;
    }
    let mut whole = line.text.trim_end().to_owned();
    let mut own = whole.len();
    let mut count = 0;
    for next in rest.iter().take(MOST_JOINED) {
        if next.part != line.part || next.text.trim().is_empty() || whole.len() > LONGEST_LINE {
            break;
        }
        let follows = next.text.trim_start();
        let goes_on = match line.part {
            Part::Code => {
                whole.ends_with(['\\', '|', ',', '(', '{', '[', '`', '+', '^'])
                    || whole.ends_with("&&")
                    || follows.starts_with(['|', '.', ')', '+'])
                    || follows.starts_with("&&")
                    || kind == Kind::Script && depth(&whole) > 0
            }
            _ => count < 2 && !follows.starts_with(['#', '-', '*', '|']),
        };
        if !goes_on {
            break;
        }
        whole.truncate(whole.trim_end_matches(['\\', '`', '^']).len());
        own = own.min(whole.len());
        whole.push(' ');
        whole.push_str(follows);
        count += 1;
    }
    (count > 0).then_some((whole, own))
}

fn depth(text: &str) -> i32 {
    text.bytes().fold(0, |depth, c| match c {
        b'(' | b'[' => depth + 1,
        b')' | b']' => depth - 1,
        _ => depth,
    })
}

/// Is a line in pieces that are short enough to be looked at.
pub(super) fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while rest.len() > LONGEST_LINE {
        let (piece, tail) = rest.split_at(floor(rest, LONGEST_LINE));
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

/// Is the last place at or before `at` where a character begins.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
