//! The fleet as text, as wide as the terminal.

use super::{Fleet, words};
use crate::report::text::{BOLD, DIM, RED, Style, severity};
use crate::text::harmless;
use crate::text::wrap::{pad, width};
use std::fmt::Write;

/// Is the report as text.
pub fn text(fleet: &Fleet, style: Style) -> String {
    let lang = style.lang;
    let mut out = style.paragraph(&fleet.counted(lang), 0);
    if fleet.hosts.is_empty() {
        return format!("{}\n", style.say(words::NO_HOST));
    }
    if let Some(oldest) = fleet.oldest(lang) {
        out.push_str(&style.paragraph(&oldest, 0));
    }
    out.push('\n');
    let cells = fleet.cells(lang);
    let widest = cells.iter().map(|cells| width(&cells.host)).chain([width(words::HOST.of(lang))]).max();
    let column = widest.unwrap_or_default().min(style.columns / 3);
    let heads = [words::CRITICAL, words::WARN, words::INFO, words::ACCEPTED].map(|head| head.of(lang));
    let numbers = heads.map(|head| width(head).max(4));
    let mut head = pad(words::HOST.of(lang), column);
    for (text, columns) in heads.iter().zip(numbers) {
        let _ = write!(head, "  {}", right(text, columns));
    }
    let tail = [words::DRIFT, words::AUDITED, words::CHECKUP].map(|head| head.of(lang));
    let _ = write!(head, "  {}  {}  {}", pad(tail[0], 10), pad(tail[1], 16), tail[2]);
    let _ = writeln!(out, "{}", style.paint(&head, BOLD));
    for one in &cells {
        let count =
            |of: fn(&super::Summary) -> usize| one.counts.as_ref().map_or("-".to_owned(), |c| of(c).to_string());
        let values = [count(|c| c.critical), count(|c| c.warn), count(|c| c.info), one.accepted.clone()];
        let mut line = pad(&one.host, column);
        for (value, columns) in values.iter().zip(numbers) {
            let _ = write!(line, "  {}", right(value, columns));
        }
        let _ = write!(line, "  {}  {}  {}", pad(&one.drift, 10), pad(&one.audited, 16), one.checkup);
        let bad = one.refused || one.counts.is_some_and(|counts| counts.critical > 0);
        let _ = writeln!(out, "{}", if bad { style.paint(&line, RED) } else { line });
        if one.refused {
            let _ = writeln!(out, "{:column$}  {}", "", style.say(words::REFUSED));
        }
    }
    let findings = fleet.findings(lang);
    if !findings.is_empty() {
        out.push('\n');
    }
    for one in findings {
        let (word, colour) = severity(one.severity);
        let word = style.paint(style.say(word), colour);
        let _ = writeln!(out, "{word}  {}  {}", one.title, style.paint(&harmless(one.id), DIM));
        let hosts: Vec<String> = one.hosts.iter().map(|host| harmless(host)).collect();
        out.push_str(&style.paragraph(&format!("{}: {}", hosts.len(), hosts.join(", ")), 4));
    }
    for (heading, lines) in fleet.details(lang) {
        let _ = writeln!(out, "\n{}", style.paint(&heading, BOLD));
        for (host, line) in lines {
            out.push_str(&style.paragraph(&format!("{host}: {line}"), 2));
        }
    }
    out
}

fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}
