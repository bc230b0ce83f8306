//! The fleet as Markdown, for a wiki or a pull request.

use super::{Fleet, words};
use crate::text::{Lang, harmless};
use std::fmt::Write;

/// Is the report as Markdown.
pub fn markdown(fleet: &Fleet, lang: Lang) -> String {
    let mut out = format!("# {}\n\n{}\n", words::TITLE.of(lang), fleet.counted(lang));
    if let Some(oldest) = fleet.oldest(lang) {
        let _ = write!(out, "{}\n\n", cell(&oldest));
    }
    let heads = [
        words::HOST,
        words::CRITICAL,
        words::WARN,
        words::INFO,
        words::ACCEPTED,
        words::DRIFT,
        words::AUDITED,
        words::CHECKUP,
    ];
    row(&mut out, heads.iter().map(|head| head.of(lang).to_owned()));
    row(&mut out, heads.iter().map(|_| "---".to_owned()));
    for cells in fleet.cells(lang) {
        let count =
            |of: fn(&super::Summary) -> usize| cells.counts.as_ref().map_or("-".to_owned(), |c| of(c).to_string());
        let host = match cells.refused {
            true => format!("{} ({})", cells.host, words::REFUSED.of(lang)),
            false => cells.host.clone(),
        };
        let numbers = [count(|c| c.critical), count(|c| c.warn), count(|c| c.info)];
        let rest = [cells.accepted, cells.drift, cells.audited, cells.checkup];
        row(&mut out, [host].into_iter().chain(numbers).chain(rest));
    }
    out.push('\n');
    row(&mut out, [words::FINDING, words::HOSTS].iter().map(|head| head.of(lang).to_owned()));
    row(&mut out, ["---".to_owned(), "---".to_owned()]);
    for one in fleet.findings(lang) {
        let finding = format!("{}: {} ({})", one.severity.name(), one.title, one.id);
        row(&mut out, [finding, one.hosts.iter().map(|host| harmless(host)).collect::<Vec<_>>().join(", ")]);
    }
    for (heading, lines) in fleet.details(lang) {
        let _ = write!(out, "\n## {heading}\n\n");
        for (host, line) in lines {
            let _ = writeln!(out, "- {}: {}", cell(&host), cell(&line));
        }
    }
    out
}

/// Adds a row of a table.
pub(in crate::report) fn row(out: &mut String, cells: impl IntoIterator<Item = String>) {
    for text in cells {
        let _ = write!(out, "| {} ", cell(&text));
    }
    out.push_str("|\n");
}

/// Is a text that stays within its cell and is no markup.
pub(in crate::report) fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '!' => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    safe
}
