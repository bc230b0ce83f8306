//! The checkup as text and as JSON.

use super::text::Style;
use super::text::{BOLD, CYAN, DIM, GREEN, RED, YELLOW};
use crate::checks::Severity;
use crate::checkup::{Row, State};
use crate::text::wrap::pad;
use crate::text::{Lang, Text, harmless};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// What a checkup came to.
#[derive(Clone, Debug)]
pub struct Checkup<'c> {
    /// The config of the installation.
    pub config: &'c Path,
    /// Everything that was looked at, by topic.
    pub rows: Vec<Row>,
    /// When the last one was made, in words; none: never.
    pub last: Option<String>,
}

impl Checkup<'_> {
    /// Whether somebody should act.
    pub fn needs_attention(&self) -> bool {
        self.rows.iter().any(Row::needs_attention)
    }

    fn count(&self, is: impl Fn(State) -> bool) -> usize {
        self.rows.iter().filter(|row| is(row.state)).count()
    }
}

/// Is the checkup for people.
pub fn text(checkup: &Checkup, style: Style) -> String {
    const SINCE: Text = Text { en: "last checkup: {last}", ja: "前回の確認: {last}" };
    const NEVER: Text = Text { en: "first checkup", ja: "初回の確認" };
    const COUNTED: Text = Text {
        en: "{attention} need attention, {unknown} could not be checked",
        ja: "対応が必要 {attention}件、確認できない項目 {unknown}件",
    };
    let lang = style.lang;
    let last = checkup.last.as_ref().map_or(NEVER.into(), |last| SINCE.with("last", last)).of(lang);
    let path = harmless(&checkup.config.display().to_string());
    let mut out = format!("{}  {}\n", style.paint(&path, BOLD), style.paint(&last, DIM));
    let mut topic = None;
    for row in &checkup.rows {
        if topic != Some(row.topic) {
            topic = Some(row.topic);
            let _ = write!(out, "\n{}\n", style.paint(row.topic.name().of(lang), BOLD));
        }
        one_row(row, style, &mut out);
    }
    let counted = COUNTED
        .with("attention", checkup.count(|state| matches!(state, State::Attention(_))))
        .with("unknown", checkup.count(|state| state == State::Unknown));
    let _ = write!(out, "\n{}\n", style.paint(&counted.of(lang), BOLD));
    out
}

fn one_row(row: &Row, style: Style, out: &mut String) {
    let lang = style.lang;
    let colour = match row.state {
        State::Attention(Severity::Critical) => RED,
        State::Attention(_) => YELLOW,
        State::Unknown => CYAN,
        State::Note => DIM,
        State::Fine => GREEN,
    };
    let label = pad(row.state.label().of(lang), LABEL);
    let found = style.paragraph(&row.found.of(lang), LABEL + 4);
    let _ = write!(out, "  {}  {}", style.paint(&label, colour), found.trim_start());
    let indent = |text: &str| style.paragraph(text, LABEL + 4);
    let looked = format!("{} ({})", row.looked.of(lang), row.id);
    let _ = write!(out, "{}", dimmed(&indent(&looked), style));
    // What is as it should be needs no proof on the screen; JSON has it.
    for line in row.evidence.iter().filter(|_| row.state != State::Fine) {
        let _ = write!(out, "{}", indent(&format!("- {}", line.of(lang))));
    }
    for line in &row.todo {
        let _ = write!(out, "{}", dimmed_first(&indent(&line.of(lang)), row, style));
    }
    for command in &row.commands {
        // A command is copied, so it stands on one line.
        let _ = writeln!(out, "{:width$}{}", "", style.paint(&harmless(&shell(command)), BOLD), width = LABEL + 6);
    }
}

/// How wide the states are.
const LABEL: usize = 8;

fn dimmed(text: &str, style: Style) -> String {
    text.lines().map(|line| format!("{}\n", style.paint(line, DIM))).collect()
}

fn dimmed_first(text: &str, row: &Row, style: Style) -> String {
    if row.needs_attention() { text.to_owned() } else { dimmed(text, style) }
}

/// Is a command as a shell takes it.
pub fn shell(words: &[String]) -> String {
    let quoted = words.iter().map(|word| {
        let is_plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@%:=,".contains(c));
        if is_plain { word.clone() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// Is the checkup for programs; texts are English.
pub fn json(checkup: &Checkup) -> String {
    let said = |list: &[crate::text::Said]| list.iter().map(|said| said.of(Lang::En)).collect::<Vec<_>>();
    let rows = checkup.rows.iter().map(|row| {
        let mut value = json!({
            "id": row.id,
            "topic": row.topic.id(),
            "state": row.state.id(),
            "looked": row.looked.of(Lang::En),
            "found": row.found.of(Lang::En),
            "evidence": said(&row.evidence),
            "todo": said(&row.todo),
            "commands": row.commands,
        });
        if let State::Attention(severity) = row.state {
            value["severity"] = json!(severity.name());
        }
        value
    });
    super::json::line(json!({
        "path": checkup.config.to_string_lossy(),
        "ts": super::json::now(),
        "last": checkup.last,
        "attention": checkup.count(|state| matches!(state, State::Attention(_))),
        "unknown": checkup.count(|state| state == State::Unknown),
        "rows": rows.collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_quoted_where_a_shell_would_take_it_apart() {
        let words = ["openclaw", "devices", "remove", "a b'c"].map(str::to_owned);
        assert_eq!(shell(&words), "openclaw devices remove 'a b'\\''c'");
    }
}
