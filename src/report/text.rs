//! Text for people, as wide as their terminal.

mod audit;

pub(super) use audit::padded;
pub use audit::{acceptances, audits};

use super::{Applied, Found, Restored, Summary};
use crate::checks::Severity;
use crate::plan::{Access, Change, DiffKind, DiffLine, Stop};
use crate::posture::Weight;
use crate::store::{Backup, Written};
use crate::text::wrap::{pad, wrap};
use crate::text::{Lang, Text, harmless};
use std::fmt::Write;
use std::path::Path;

/// How text is laid out.
#[derive(Clone, Copy)]
pub struct Style {
    /// The language.
    pub lang: Lang,
    /// Whether colours are used.
    pub coloured: bool,
    /// The columns there are.
    pub columns: usize,
}

const CRITICAL: Text = Text { en: "CRITICAL", ja: "重大" };
const WARN: Text = Text { en: "WARN", ja: "警告" };
const INFO: Text = Text { en: "INFO", ja: "情報" };
const COUNTS: Text = Text { en: "critical {c}  warn {w}  info {i}", ja: "重大 {c}件  警告 {w}件  情報 {i}件" };

pub(super) const RED: &str = "31";
pub(super) const YELLOW: &str = "33";
pub(super) const CYAN: &str = "36";
pub(super) const GREEN: &str = "32";
pub(super) const BOLD: &str = "1";
pub(super) const DIM: &str = "2";

impl Style {
    pub(super) fn say(&self, text: Text) -> &'static str {
        text.of(self.lang)
    }

    pub(super) fn paint(&self, text: &str, colour: &str) -> String {
        if self.coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Is a paragraph, every line of it behind `indent` blanks.
    pub(super) fn paragraph(&self, text: &str, indent: usize) -> String {
        let lines = wrap(text, self.columns.saturating_sub(indent).max(20));
        lines.iter().map(|line| format!("{:indent$}{line}\n", "")).collect()
    }

    fn counts(&self, summary: Summary) -> String {
        COUNTS.with("c", summary.critical).with("w", summary.warn).with("i", summary.info).of(self.lang)
    }
}

pub(super) const fn severity(severity: Severity) -> (Text, &'static str) {
    match severity {
        Severity::Critical => (CRITICAL, RED),
        Severity::Warn => (WARN, YELLOW),
        Severity::Info => (INFO, CYAN),
    }
}

/// Is what `apply` did, or would do.
pub fn applied(applied: &Applied, style: Style) -> String {
    const NOTHING: Text = Text { en: "Nothing to change.", ja: "変更はありません。" };
    const WOULD: Text = Text {
        en: "Would change, {n} in all (nothing was written):",
        ja: "変更の予定: {n}件 (まだ書き込んでいません)",
    };
    const DID: Text = Text { en: "Changed, {n} in all:", ja: "変更: {n}件" };
    const COUNTED: Text = Text { en: "Findings  {before}  ->  {after}", ja: "検出事項  {before}  ->  {after}" };
    const MODE: Text = Text { en: "File mode", ja: "パーミッション" };
    const UNUSED: Text = Text {
        en: "Answers to questions that do not arise here:",
        ja: "この設定には当てはまらない回答:",
    };
    const LEFT: Text = Text { en: "Left:", ja: "残った検出事項:" };
    const UNTAKEN: Text = Text {
        en: "Not taken: needs your OK, as it may cut someone or something off (--yes takes it):",
        ja: "適用していない変更 (要確認: 使えなくなるものがあるかもしれません。--yes で適用):",
    };
    const ACCEPTED: Text = Text { en: "Accepted:", ja: "受容済みの検出事項:" };
    const ACCEPTS: Text = Text { en: "Accepted by the answers from now on:", ja: "回答により新しく受容:" };
    const UNTIL: Text = Text { en: "{id} until {until}: {reason}", ja: "{id} {until} まで: {reason}" };
    const SAVED: Text = Text { en: "Answers  {path}", ja: "回答の保存先  {path}" };
    let mut out = format!("{}\n\n", style.paint(&shown(&applied.path), BOLD));
    let count = applied.changes.len() + applied.modes.len();
    if count == 0 {
        out.push_str(&style.paragraph(style.say(NOTHING), 0));
    } else {
        let head = if applied.written.is_none() { WOULD } else { DID };
        let _ = writeln!(out, "{}", head.with("n", count).of(style.lang));
        for change in &applied.changes {
            out.push_str(&one_change(change, style));
        }
        for mode in &applied.modes {
            let values = format!("{:04o} -> {:04o}  {}", mode.before, mode.after, shown(&mode.path));
            let values = style.paragraph(&values, INDENT);
            let _ = write!(out, "  {}{}\n{}", word(Weight::Safe, style), style.say(MODE), style.paint(&values, DIM));
        }
    }
    if let Some(access) = &applied.access {
        out.push_str(&access_lines(access, style));
    }
    if applied.written.is_none() {
        out.push('\n');
        for line in &applied.diff {
            out.push_str(&diff_line(line, style));
        }
    }
    out.push('\n');
    let counted = COUNTED.with("before", style.counts(applied.before)).with("after", style.counts(applied.after));
    let _ = writeln!(out, "{}", style.paint(&counted.of(style.lang), BOLD));
    const WAYS: Text =
        Text { en: "Ways in   {before}  ->  {after}", ja: "外部からの経路  {before}件  ->  {after}件" };
    let ways = WAYS.with("before", applied.chains.0.len()).with("after", applied.chains.1.len());
    let _ = writeln!(out, "{}", ways.of(style.lang));
    out.push_str(&stops(&applied.stops, style));
    if !applied.untaken.is_empty() {
        let _ = writeln!(out, "{}", style.say(UNTAKEN));
        for (label, key) in &applied.untaken {
            let _ = writeln!(out, "  {}  {}", style.say(*label), style.paint(&harmless(key), DIM));
        }
    }
    if !applied.unused.is_empty() {
        let _ = writeln!(out, "{}", style.say(UNUSED));
        for key in &applied.unused {
            let _ = writeln!(out, "  {}", harmless(key));
        }
    }
    let left: Vec<&Found> = applied.left.iter().filter(|found| found.finding.severity > Severity::Info).collect();
    if !left.is_empty() {
        let _ = writeln!(out, "{}", style.say(LEFT));
        for found in left {
            let (word, colour) = severity(found.finding.severity);
            let line = format!("{}  {}", style.say(found.finding.check.title), style.paint(&found.finding.id, DIM));
            let _ = writeln!(out, "  {}  {line}", style.paint(style.say(word), colour));
        }
    }
    for (heading, lines) in [
        (ACCEPTED, applied.accepted.iter().map(|(found, one)| (&found.finding.id, one)).collect::<Vec<_>>()),
        (ACCEPTS, applied.accepts.iter().map(|one| (&one.check_id, one)).collect()),
    ] {
        if !lines.is_empty() {
            let _ = writeln!(out, "{}", style.say(heading));
        }
        for (id, one) in lines {
            let line = UNTIL.with("id", id).with("until", &one.until).with("reason", &one.reason).of(style.lang);
            out.push_str(&style.paragraph(&line, 2));
        }
    }
    if let Some(saved) = &applied.saved {
        let _ = writeln!(out, "{}", SAVED.with("path", saved.display()).of(style.lang));
    }
    if let Some(written) = &applied.written {
        out.push_str(&written_lines(&applied.path, written, applied.differs, &applied.undo, style));
    }
    if let Some(trial) = &applied.trial {
        let _ = writeln!(out, "{}", style.paint(&trial.goes_back().of(style.lang), BOLD));
        out.push_str(&style.paragraph(style.say(trial.keeper.limits()), 0));
    }
    out
}

/// Is what stops working, each with what causes it and how to keep it.
fn stops(stops: &[Stop], style: Style) -> String {
    const HEAD: Text = Text { en: "What stops working:", ja: "使えなくなるもの:" };
    const BY: Text = Text { en: "By: {causes}", ja: "原因: {causes}" };
    const KEEP: Text = Text { en: "To keep it: {keep}", ja: "残すには: {keep}" };
    if stops.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", style.say(HEAD));
    for stop in stops {
        out.push_str(&style.paragraph(&stop.what.of(style.lang), 2));
        let paths: Vec<String> = stop.causes.iter().map(|cause| cause.path.to_string()).collect();
        if !paths.is_empty() {
            let by = BY.with("causes", paths.join(", ")).of(style.lang);
            out.push_str(&style.paint(&style.paragraph(&by, 4), DIM));
        }
        let keep = KEEP.with("keep", stop.keep.of(style.lang)).of(style.lang);
        out.push_str(&style.paint(&style.paragraph(&keep, 4), DIM));
    }
    out
}

/// Where the lines below a change begin: under its label.
const INDENT: usize = 17;

/// Is whether a change may be taken unseen, as wide as every such word.
fn word(weight: Weight, style: Style) -> String {
    const SAFE: Text = Text { en: "safe", ja: "安全" };
    const ASK: Text = Text { en: "needs your OK", ja: "要確認" };
    let word = if weight == Weight::Safe { SAFE } else { ASK };
    pad(style.say(word), INDENT - 2)
}

fn one_change(change: &Change, style: Style) -> String {
    let whose = change.whose.as_ref().map(|whose| format!(" ({})", whose.of(style.lang))).unwrap_or_default();
    let word = word(change.weight, style);
    let mut out = format!("  {word}{}{whose}\n", style.say(change.label));
    for place in &change.places {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let line = format!("{}: {} -> {}", place.path, shown(&place.before), shown(&place.after));
        out.push_str(&style.paint(&style.paragraph(&harmless(&line), INDENT), DIM));
    }
    if change.weight != Weight::Safe {
        out.push_str(&style.paragraph(&change.effect.of(style.lang), INDENT));
    }
    out
}

fn access_lines(access: &Access, style: Style) -> String {
    const TITLE: Text = Text { en: "How you get back in", ja: "変更後の接続方法" };
    let mut out = format!("\n{}\n", style.paint(style.say(TITLE), BOLD));
    let said = std::iter::once(&access.own).chain(&access.cut);
    said.for_each(|said| out.push_str(&style.paragraph(&said.of(style.lang), 2)));
    for way in &access.ways {
        out.push_str(&style.paragraph(&way.what.of(style.lang), 2));
        if let Some(command) = &way.command {
            let _ = writeln!(out, "    {command}");
        }
    }
    out
}

/// Is one line of a diff.
pub fn diff_line(line: &DiffLine, style: Style) -> String {
    let (mark, colour) = match line.kind {
        DiffKind::File => ("", BOLD),
        DiffKind::Hunk => ("", CYAN),
        DiffKind::Context => (" ", DIM),
        DiffKind::Removed => ("-", RED),
        DiffKind::Added => ("+", GREEN),
    };
    format!("{}\n", style.paint(&format!("{mark}{}", line.text), colour))
}

fn written_lines(path: &Path, written: &Written, differs: bool, undo: &str, style: Style) -> String {
    const WRITTEN: Text = Text { en: "Written  {path}", ja: "書き込み完了  {path}" };
    const BACKUP: Text = Text { en: "Backup   {path}", ja: "バックアップ  {path}" };
    const UNDO: Text = Text { en: "Undo     {undo}", ja: "元に戻す      {undo}" };
    let mut out = String::new();
    if differs {
        let _ = writeln!(out, "{}", WRITTEN.with("path", path.display()).of(style.lang));
    }
    if let Some(backup) = &written.backup {
        let _ = writeln!(out, "{}", BACKUP.with("path", backup.display()).of(style.lang));
        for (path, backup) in &written.others {
            let _ = writeln!(out, "{}", WRITTEN.with("path", path.display()).of(style.lang));
            let _ = writeln!(out, "{}", BACKUP.with("path", backup.display()).of(style.lang));
        }
        let _ = writeln!(out, "{}", UNDO.with("undo", undo).of(style.lang));
    }
    for warning in &written.warnings {
        out.push_str(&style.paragraph(&warning.of(style.lang), 0));
    }
    out
}

/// Is what `restore` did, or would do.
pub fn restored(restored: &Restored, style: Style) -> String {
    const WOULD: Text = Text { en: "Would restore  {path}", ja: "復元の予定  {path}" };
    const DID: Text = Text { en: "Restored  {path}", ja: "復元完了  {path}" };
    const SAME: Text = Text {
        en: "It opens nothing that is closed now.",
        ja: "閉じた項目が再び開くことはありません。",
    };
    const OPENS: Text = Text { en: "It opens again:", ja: "再び開く項目:" };
    const UNTOLD: Text = Text {
        en: "What it opens again cannot be told: one of the two files cannot be read.",
        ja: "どちらかのファイルを読み取れないため、再び開く項目は確認できませんでした。",
    };
    let head = if restored.written.is_some() { DID } else { WOULD };
    let mut out = format!("{}\n", head.with("path", restored.backup.display()).of(style.lang));
    match &restored.reopens {
        None => out.push_str(&style.paragraph(style.say(UNTOLD), 0)),
        Some(findings) if findings.is_empty() => out.push_str(&style.paragraph(style.say(SAME), 0)),
        Some(findings) => {
            let _ = writeln!(out, "{}", style.say(OPENS));
            for finding in findings {
                let (word, colour) = severity(finding.severity);
                let _ = writeln!(
                    out,
                    "  {}  {}  {}",
                    style.paint(style.say(word), colour),
                    style.say(finding.check.title),
                    style.paint(&finding.id, DIM)
                );
            }
        }
    }
    if let Some(written) = &restored.written {
        out.push_str(&written_lines(&restored.path, written, true, &restored.undo, style));
    }
    out
}

/// Is the backups, newest first.
pub fn backups(backups: &[Backup], style: Style) -> String {
    const NONE: Text = Text { en: "No backups.", ja: "バックアップはありません。" };
    if backups.is_empty() {
        return format!("{}\n", style.say(NONE));
    }
    backups.iter().map(|backup| format!("{}  {:>9}  {}\n", backup.utc(), backup.size, shown(&backup.path))).collect()
}

fn shown(path: &Path) -> String {
    harmless(&path.display().to_string())
}
