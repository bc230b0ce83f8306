//! Text for people, as wide as their terminal.

use super::{Applied, Audit, Fix, Found, Restored, Summary};
use crate::checks::{Finding, Severity};
use crate::document::Position;
use crate::host::at;
use crate::plan::{Change, DiffKind, DiffLine};
use crate::posture::Weight;
use crate::store::{Backup, Written};
use crate::text::wrap::{pad, width, wrap};
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
const UNKNOWN: Text = Text { en: "UNKNOWN", ja: "不明" };
const COUNTS: Text = Text { en: "critical {c}  warn {w}  info {i}", ja: "重大 {c}件  警告 {w}件  情報 {i}件" };

const RED: &str = "31";
const YELLOW: &str = "33";
const CYAN: &str = "36";
const GREEN: &str = "32";
const BOLD: &str = "1";
const DIM: &str = "2";

impl Style {
    fn say(&self, text: Text) -> &'static str {
        text.of(self.lang)
    }

    fn paint(&self, text: &str, colour: &str) -> String {
        if self.coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Is a paragraph, every line of it behind `indent` blanks.
    fn paragraph(&self, text: &str, indent: usize) -> String {
        let lines = wrap(text, self.columns.saturating_sub(indent).max(20));
        lines.iter().map(|line| format!("{:indent$}{line}\n", "")).collect()
    }

    fn counts(&self, summary: Summary) -> String {
        COUNTS.with("c", summary.critical).with("w", summary.warn).with("i", summary.info).of(self.lang)
    }
}

const fn severity(severity: Severity) -> (Text, &'static str) {
    match severity {
        Severity::Critical => (CRITICAL, RED),
        Severity::Warn => (WARN, YELLOW),
        Severity::Info => (INFO, CYAN),
    }
}

/// Is the findings of each config, critical ones first.
pub fn audits(audits: &[Audit], style: Style) -> String {
    audits.iter().map(|audit| one_audit(audit, style)).collect::<Vec<_>>().join("\n")
}

/// What is said of a file that is no config, instead of a complaint about each of its keys.
pub const FOREIGN: Text = Text {
    en: "This is no OpenClaw config: OpenClaw knows none of its keys. Look whether it belongs to another program.",
    ja: "OpenClaw の設定ファイルではありません。OpenClaw が知っているキーが1つもありません。別のプログラムのファイルでないか確認してください。",
};

fn one_audit(audit: &Audit, style: Style) -> String {
    const REFUSED: Text = Text {
        en: "OpenClaw refuses this config; its own audit would say nothing more. What can be read was audited all the same.",
        ja: "OpenClaw はこの設定を受け付けません (OpenClaw の監査では、これ以上何も表示されません)。読み取れる範囲を監査しました。",
    };
    let mut out = format!("{}\n\n", style.paint(&shown(&audit.path), BOLD));
    if audit.is_foreign {
        out.push_str(&style.paragraph(style.say(FOREIGN), 0));
        out.push('\n');
    } else if !audit.issues.is_empty() {
        out.push_str(&style.paragraph(style.say(REFUSED), 0));
        let mut group = None;
        for fault in &audit.issues {
            if group.replace(fault.group) != Some(fault.group) {
                out.push_str(&style.paragraph(style.say(fault.group.label()), 2));
            }
            let said = at(&audit.path, fault.place.line, fault.place.column, &fault.issue.message, style.lang);
            out.push_str(&style.paragraph(&said, 4));
        }
        out.push('\n');
    }
    for found in &audit.findings {
        out.push_str(&finding(found, &audit.path, style));
    }
    let summary = Summary::of(audit.findings.iter().map(|found| &found.finding));
    let _ = writeln!(out, "{}", style.paint(&style.counts(summary), BOLD));
    out
}

fn finding(found: &Found, path: &Path, style: Style) -> String {
    const SAFE: Text =
        Text { en: "Fix: apply --only-safe does it.", ja: "修正: apply --only-safe で修正できます。" };
    const ASK: Text = Text {
        en: "Fix: apply --yes does it, and may cut someone or something off.",
        ja: "修正: apply --yes で修正できます (使えなくなるものがあるかもしれません)。",
    };
    const MANUAL: Text = Text { en: "By hand: {how}", ja: "対処方法: {how}" };
    let check = found.finding.check;
    let (word, colour) = match &found.finding.hit.unknown {
        Some(_) => (UNKNOWN, DIM),
        None => severity(found.finding.severity),
    };
    let word = style.say(word);
    let indent = width(style.say(CRITICAL)) + 2;
    let mut title = style.paragraph(style.say(check.title), indent);
    title.replace_range(..indent, &pad(word, indent));
    let mut out = title.replacen(word, &style.paint(word, colour), 1);
    let evidence = format!("{}   {}", found.finding.id, evidence(&found.finding, path, found.place));
    out.push_str(&style.paint(&style.paragraph(evidence.trim_end(), indent), DIM));
    if let Some(why) = &found.finding.hit.unknown {
        out.push_str(&style.paragraph(&why.of(style.lang), indent));
    }
    out.push_str(&style.paragraph(style.say(check.why), indent));
    let fix = match found.fix {
        Fix::Safe => style.say(SAFE).to_owned(),
        Fix::Ask => style.say(ASK).to_owned(),
        Fix::Manual => MANUAL.with("how", style.say(check.mend.text())).of(style.lang),
    };
    out.push_str(&style.paragraph(&fix, indent));
    out.push('\n');
    out
}

/// Is where a finding shows: `openclaw.json:12  gateway.bind = lan`.
fn evidence(finding: &Finding, path: &Path, place: Option<Position>) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut parts = Vec::new();
    if let Some(place) = place {
        parts.push(format!("{}:{}", harmless(&name), place.line));
    }
    if let Some(key) = finding.hit.paths.first() {
        parts.push(match &finding.hit.actual {
            Some(actual) => format!("{} = {}", harmless(&key.to_string()), harmless(actual)),
            None => harmless(&key.to_string()),
        });
    }
    parts.join("  ")
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
    const LEFT: Text = Text { en: "Left:", ja: "残った検出事項:" };
    const UNTAKEN: Text = Text {
        en: "Not taken, as it may cut someone or something off (--yes takes it):",
        ja: "適用していない変更 (使えなくなるものがあるかもしれません。--yes で適用):",
    };
    let mut out = format!("{}\n\n", style.paint(&shown(&applied.path), BOLD));
    if applied.changes.is_empty() {
        out.push_str(&style.paragraph(style.say(NOTHING), 0));
    } else {
        let head = if applied.dry_run { WOULD } else { DID };
        let _ = writeln!(out, "{}", head.with("n", applied.changes.len()).of(style.lang));
        for change in &applied.changes {
            out.push_str(&one_change(change, style));
        }
    }
    if applied.dry_run {
        out.push('\n');
        for line in &applied.diff {
            out.push_str(&diff_line(line, style));
        }
    }
    out.push('\n');
    let counted = COUNTED.with("before", style.counts(applied.before)).with("after", style.counts(applied.after));
    let _ = writeln!(out, "{}", style.paint(&counted.of(style.lang), BOLD));
    if !applied.untaken.is_empty() {
        let _ = writeln!(out, "{}", style.say(UNTAKEN));
        for (label, key) in &applied.untaken {
            let _ = writeln!(out, "  {}  {}", style.say(*label), style.paint(&harmless(key), DIM));
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
    if let Some(written) = &applied.written {
        out.push_str(&written_lines(&applied.path, written, applied.differs, style));
    }
    out
}

fn one_change(change: &Change, style: Style) -> String {
    const SAFE: Text = Text { en: "safe", ja: "安全" };
    const ASK: Text = Text { en: "ask", ja: "要確認" };
    let word = if change.weight == Weight::Safe { SAFE } else { ASK };
    let whose = change.whose.as_ref().map(|whose| format!(" ({})", whose.of(style.lang))).unwrap_or_default();
    let word = pad(style.say(word), 8);
    let mut out = format!("  {word}{}{whose}\n", style.say(change.label));
    for place in &change.places {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let line = format!("{}: {} -> {}", place.path, shown(&place.before), shown(&place.after));
        out.push_str(&style.paint(&style.paragraph(&harmless(&line), 10), DIM));
    }
    if change.weight != Weight::Safe {
        out.push_str(&style.paragraph(&change.effect.of(style.lang), 10));
    }
    out
}

/// Is one line of a diff.
pub fn diff_line(line: &DiffLine, style: Style) -> String {
    let (mark, colour) = match line.kind {
        DiffKind::Hunk => ("", CYAN),
        DiffKind::Context => (" ", DIM),
        DiffKind::Removed => ("-", RED),
        DiffKind::Added => ("+", GREEN),
    };
    format!("{}\n", style.paint(&format!("{mark}{}", line.text), colour))
}

fn written_lines(path: &Path, written: &Written, differs: bool, style: Style) -> String {
    const WRITTEN: Text = Text { en: "Written  {path}", ja: "書き込み完了  {path}" };
    const BACKUP: Text = Text { en: "Backup   {path}", ja: "バックアップ  {path}" };
    const UNDO: Text = Text {
        en: "Undo     openclaw-harden restore --config {path}",
        ja: "元に戻す      openclaw-harden restore --config {path}",
    };
    let mut out = String::new();
    if differs {
        let _ = writeln!(out, "{}", WRITTEN.with("path", path.display()).of(style.lang));
    }
    if let Some(backup) = &written.backup {
        let _ = writeln!(out, "{}", BACKUP.with("path", backup.display()).of(style.lang));
        let _ = writeln!(out, "{}", UNDO.with("path", path.display()).of(style.lang));
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
        out.push_str(&written_lines(&restored.path, written, true, style));
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
