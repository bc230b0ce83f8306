//! What is wrong with each config: why OpenClaw refuses it, the findings by severity, what is set apart, and what to do first.

use super::{BOLD, CRITICAL, CYAN, DIM, GREEN, RED, Style, severity, shown};
use crate::accepted::{Acceptance, Idle};
use crate::checks::{Finding, Severity};
use crate::host::at;
use crate::posture::mend::Group;
use crate::report::{Audit, Fix, Found, Spot};
use crate::text::wrap::{pad, width};
use crate::text::{Said, Text, harmless};
use std::fmt::Write;
use std::path::Path;

const UNKNOWN: Text = Text { en: "UNKNOWN", ja: "不明" };

/// Is what is wrong with each config, critical findings first.
pub fn audits<'a>(audits: impl IntoIterator<Item = &'a Audit>, style: Style) -> String {
    audits.into_iter().map(|audit| one(audit, style)).collect::<Vec<_>>().join("\n")
}

fn one(audit: &Audit, style: Style) -> String {
    const ABSENT: Text = Text {
        en: "There is no such file yet. This is what OpenClaw's defaults leave open.",
        ja: "このファイルはまだありません。OpenClaw の既定値での検出事項を示します。",
    };
    const COUNTED: Text = Text { en: "{counts}  unknown {n}", ja: "{counts}  不明 {n}件" };
    const OPENCLAW: Text = Text { en: "OpenClaw: {said}", ja: "OpenClaw: {said}" };
    let openclaw = OPENCLAW.with("said", audit.openclaw.said().of(style.lang)).of(style.lang);
    let mut out = format!("{}\n{}\n", style.paint(&shown(&audit.path), BOLD), style.paragraph(&openclaw, 0));
    if !audit.others.is_empty() {
        const OTHERS: Text = Text {
            en: "Also here, not looked at: {paths}",
            ja: "ほかにもあります (確認していません): {paths}",
        };
        let paths: Vec<String> = audit.others.iter().map(|path| shown(path)).collect();
        let _ = writeln!(out, "{}", style.paragraph(&OTHERS.with("paths", paths.join(", ")).of(style.lang), 0));
    }
    if !audit.exists {
        let _ = writeln!(out, "{}", style.paragraph(style.say(ABSENT), 0));
    }
    out.push_str(&refusals(audit, style));
    let new = audit.findings.iter().filter(|found| !found.known);
    // What could not be known is no weakness yet: it comes last.
    let (open, unknown): (Vec<_>, Vec<_>) = new.partition(|found| found.finding.hit.unknown.is_none());
    for group in alike(open.into_iter().chain(unknown)) {
        out.push_str(&finding(&group, &audit.path, style));
    }
    out.push_str(&set_apart(audit, style));
    let unknown = audit.findings.iter().filter(|found| found.finding.hit.unknown.is_some()).count();
    let counts = match (style.counts(audit.summary()), unknown) {
        (counts, 0) => counts,
        (counts, n) => COUNTED.with("counts", counts).with("n", n).of(style.lang),
    };
    let _ = writeln!(out, "{}", style.paint(&counts, BOLD));
    if !audit.not_made.is_empty() {
        const NOT_MADE: Text = Text {
            en: "Not checked: {n} points that stand in OpenClaw's state database or in Docker (listed with --format json).",
            ja: "確認していない項目: {n}件 (状態データベースと Docker の内容。一覧は --format json)",
        };
        out.push_str(&style.paragraph(&NOT_MADE.with("n", audit.not_made.len()).of(style.lang), 0));
    }
    out.push_str(&known(audit, style));
    out.push_str(&first(audit, style));
    out
}

/// Is why OpenClaw refuses the config, a reason a line.
fn refusals(audit: &Audit, style: Style) -> String {
    const REFUSED: Text = Text {
        en: "OpenClaw refuses this config and does not start with it: {n} to mend first. The findings below are of what can be read.",
        ja: "OpenClaw はこの設定を受け付けず、起動しません (先に直す箇所: {n}件)。以下は、読み取れる範囲の検出事項です。",
    };
    let new: Vec<_> = audit.issues.iter().filter(|refusal| !refusal.known).collect();
    if new.is_empty() {
        return String::new();
    }
    if audit.is_foreign {
        return format!("{}\n", style.paragraph(style.say(Group::FOREIGN), 0));
    }
    let head = style.paragraph(&REFUSED.with("n", new.len()).of(style.lang), 0);
    let mut out = format!("{}\n\n", style.paint(head.trim_end(), RED));
    let mut group = None;
    for refusal in new {
        if group.replace(refusal.group) != Some(refusal.group) {
            out.push_str(&style.paragraph(style.say(refusal.group.label()), 2));
        }
        let place = refusal.place.at;
        let file = refusal.place.file.as_ref().unwrap_or(&audit.path);
        let name = file.file_name().map_or(file.as_path(), Path::new);
        let line = at(name, place.line, place.column, &refusal.issue.message, style.lang);
        out.push_str(&style.paragraph(&line, 4));
    }
    out.push('\n');
    out
}

fn indent(style: Style) -> usize {
    width(style.say(CRITICAL)) + 2
}

/// Puts findings together that differ in their place alone, so what they have in common is said once.
fn alike<'f>(findings: impl Iterator<Item = &'f Found>) -> Vec<Vec<&'f Found>> {
    let mut groups: Vec<Vec<&Found>> = Vec::new();
    for found in findings {
        let is_alike = |group: &&mut Vec<&Found>| {
            let first = group[0];
            std::ptr::eq(first.finding.check, found.finding.check)
                && (first.finding.severity, first.fix) == (found.finding.severity, found.fix)
                && first.finding.may_be_suppressed == found.finding.may_be_suppressed
                && first.finding.hit.unknown == found.finding.hit.unknown
        };
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(found),
            None => groups.push(vec![found]),
        }
    }
    groups
}

/// Is the title behind its severity, and below it where each finding shows.
fn head(group: &[&Found], path: &Path, style: Style) -> String {
    let first = &group[0].finding;
    let (word, colour) = match first.hit.unknown {
        Some(_) => (UNKNOWN, DIM),
        None => severity(first.severity),
    };
    let (word, indent) = (style.say(word), indent(style));
    let mut title = style.paragraph(style.say(first.check.title), indent);
    title.replace_range(..indent, &pad(word, indent));
    let mut out = title.replacen(word, &style.paint(word, colour), 1);
    let mut lines = String::new();
    let mut said = "";
    for found in group {
        let (id, evidence) = (found.finding.id.as_str(), evidence(&found.finding, path, found.place.as_ref()));
        let line = format!("{id}   {evidence}");
        if group.len() == 1 && !evidence.is_empty() && indent + width(&line) <= style.columns {
            lines.push_str(&line);
        } else {
            if said != id {
                lines.push_str(&style.paragraph(id, indent));
            }
            lines.push_str(&style.paragraph(&evidence, indent));
        }
        said = id;
    }
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(out, "{:indent$}{}", "", style.paint(line.trim_start(), DIM));
    }
    out
}

fn finding(group: &[&Found], path: &Path, style: Style) -> String {
    const SAFE: Text = Text { en: "Fix: apply --only-safe", ja: "修正: apply --only-safe" };
    const ASK: Text = Text {
        en: "Fix: apply --yes (may cut someone or something off)",
        ja: "修正: apply --yes (使えなくなるものがあるかもしれません)",
    };
    const MANUAL: Text = Text { en: "By hand: {how}", ja: "対処方法: {how}" };
    let found = group[0];
    let check = found.finding.check;
    let indent = indent(style);
    let mut out = head(group, path, style);
    if let Some(why) = &found.finding.hit.unknown {
        out.push_str(&style.paragraph(&why.of(style.lang), indent));
    }
    out.push_str(&style.paragraph(style.say(check.why), indent));
    if group.iter().any(|found| found.finding.may_be_suppressed) {
        const MAYBE: Text = Text {
            en: "OpenClaw's own audit may leave it out: security.audit.suppressions names words of OpenClaw's text.",
            ja: "security.audit.suppressions が OpenClaw の文言を指定しているため、OpenClaw の監査では抑制されることがあります。",
        };
        out.push_str(&style.paragraph(style.say(MAYBE), indent));
    }
    let (fix, colour) = match found.fix {
        Fix::Safe => (style.say(SAFE).to_owned(), Some(GREEN)),
        Fix::Ask => (style.say(ASK).to_owned(), Some(CYAN)),
        Fix::Manual => (MANUAL.with("how", style.say(check.mend.text())).of(style.lang), None),
    };
    for line in style.paragraph(&fix, indent).lines() {
        let line = line.trim_start();
        let _ = writeln!(out, "{:indent$}{}", "", colour.map_or(line.to_owned(), |colour| style.paint(line, colour)));
    }
    out.push('\n');
    out
}

/// Is where a finding shows: `openclaw.json:12  gateway.bind = lan`.
fn evidence(finding: &Finding, path: &Path, place: Option<&Spot>) -> String {
    let file = place.and_then(|place| place.file.as_deref()).unwrap_or(path);
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut parts = Vec::new();
    if let Some(place) = place {
        parts.push(format!("{}:{}", harmless(&name), place.at.line));
    }
    let key = finding.hit.paths.first().map(|key| harmless(&key.to_string()));
    match (key, &finding.hit.actual) {
        (Some(key), Some(actual)) => parts.push(format!("{key} = {}", harmless(actual))),
        (Some(key), None) => parts.push(key),
        (None, Some(actual)) => parts.push(harmless(actual)),
        (None, None) => {}
    }
    parts.join("  ")
}

/// Is what was accepted or suppressed, and the acceptances that do nothing.
fn set_apart(audit: &Audit, style: Style) -> String {
    const ACCEPTED: Text =
        Text { en: "Accepted, not counted:", ja: "受容済みリスク (件数に含みません):" };
    const SUPPRESSED: Text = Text {
        en: "Suppressed by the config itself (security.audit.suppressions), not counted:",
        ja: "設定の security.audit.suppressions で抑制 (件数に含みません):",
    };
    const IDLE: Text = Text { en: "Acceptances that do nothing:", ja: "効力のないリスク受容:" };
    const UNTIL: Text = Text { en: "until {until}: {reason}", ja: "有効期限 {until}: {reason}" };
    const EXPIRED: Text = Text { en: "expired on {until}", ja: "{until} に期限切れ" };
    const WORSE: Text =
        Text { en: "worse now than what was accepted", ja: "受容時より重大度が上がっています" };
    const UNUSED: Text = Text { en: "no such finding any more", ja: "該当する検出事項がありません" };
    const AGAIN: Text = Text {
        en: "Take it back with: openclaw-harden accept --remove ID",
        ja: "取り消すコマンド: openclaw-harden accept --remove ID",
    };
    let mut out = String::new();
    let mut section = |title: Text, entries: Vec<String>, last: String| {
        if !entries.is_empty() {
            let _ = writeln!(out, "{}\n{}{last}", style.paint(style.say(title), BOLD), entries.concat());
        }
    };
    let entry =
        |found: &Found, why: &str| head(&[found], &audit.path, style) + &style.paragraph(&harmless(why), indent(style));
    let accepted = audit
        .accepted
        .iter()
        .map(|(found, one)| entry(found, &UNTIL.with("until", &one.until).with("reason", &one.reason).of(style.lang)));
    section(ACCEPTED, accepted.collect(), String::new());
    let suppressed = audit.suppressed.iter().map(|(found, reason)| match reason {
        Some(reason) => entry(found, reason),
        None => head(&[found], &audit.path, style),
    });
    section(SUPPRESSED, suppressed.collect(), String::new());
    let idle = audit.idle.iter().map(|(one, why)| {
        let why = match why {
            Idle::Expired => EXPIRED.with("until", &one.until),
            Idle::Worse => WORSE.into(),
            Idle::Unused => UNUSED.into(),
        };
        style.paragraph(&format!("{}: {}", name(one), why.of(style.lang)), 2)
    });
    section(IDLE, idle.collect(), style.paragraph(style.say(AGAIN), 2));
    out
}

fn name(acceptance: &Acceptance) -> String {
    let path = acceptance.path.iter().map(|path| format!(" ({})", harmless(path)));
    harmless(&acceptance.check_id) + &path.collect::<String>()
}

/// Is how the audit stands against the baseline.
fn known(audit: &Audit, style: Style) -> String {
    const KNOWN: Text = Text {
        en: "Against the baseline: {new} new, {known} known (not listed), {gone} gone.",
        ja: "ベースラインとの比較: 新規 {new}件、既知 {known}件 (一覧では省略)、解消 {gone}件",
    };
    let Some(gone) = audit.gone else {
        return String::new();
    };
    let known = audit.findings.iter().filter(|found| found.known).count()
        + audit.issues.iter().filter(|refusal| refusal.known).count();
    let new = audit.findings.len() + audit.issues.len() - known;
    style.paragraph(&KNOWN.with("new", new).with("known", known).with("gone", gone).of(style.lang), 0)
}

/// Is what to do now, the safest first.
fn first(audit: &Audit, style: Style) -> String {
    const MEND: Text = Text {
        en: "OpenClaw refuses this config: apply mends what it can, and writes nothing that OpenClaw would refuse.",
        ja: "OpenClaw はこの設定を受け付けません。apply は直せる箇所を直し、受け付けられないファイルは書き込みません。",
    };
    const SAFE: Text = Text {
        en: "Closes {n} and keeps everything working:",
        ja: "{n}件を修正します (動作中のものはそのままです):",
    };
    const ASK: Text = Text {
        en: "Closes {n} more and may cut someone or something off (--dry-run shows it first):",
        ja: "さらに{n}件を修正します (使えなくなるものがあるかもしれません。確認は --dry-run):",
    };
    const MANUAL: Text = Text { en: "{n} to mend by hand.", ja: "手作業での対処が必要: {n}件" };
    if !audit.issues.is_empty() {
        return style.paragraph(style.say(MEND), 0);
    }
    let counted = |fix: Fix| {
        let matters = |found: &&Found| found.fix == fix && found.finding.hit.unknown.is_none() && !found.known;
        audit.findings.iter().filter(matters).count()
    };
    let file = if audit.named { format!(" {}", quoted(&audit.path)) } else { String::new() };
    let mut out = String::new();
    let mut step = |label: Text, n: usize, option: &str| {
        if n > 0 {
            let label: Said = label.with("n", n);
            let _ = writeln!(out, "{}\n  openclaw-harden apply {option}{file}", label.of(style.lang));
        }
    };
    step(SAFE, counted(Fix::Safe), "--only-safe");
    step(ASK, counted(Fix::Ask), "--yes");
    let by_hand = |found: &&Found| found.fix == Fix::Manual && found.finding.severity > Severity::Info;
    match audit.findings.iter().filter(by_hand).filter(|found| !found.known).count() {
        0 => {}
        n => out.push_str(&style.paragraph(&MANUAL.with("n", n).of(style.lang), 0)),
    }
    out
}

/// Is a path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = shown(path);
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@".contains(c);
    if path.chars().all(plain) && !path.starts_with('-') { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// Is what was accepted for a config, as `accept --list` shows it.
pub fn acceptances(acceptances: &[Acceptance], today: &str, style: Style) -> String {
    const NONE: Text = Text { en: "Nothing is accepted.", ja: "受容済みリスクはありません。" };
    const UNTIL: Text = Text { en: "until {until}", ja: "有効期限 {until}" };
    const EXPIRED: Text = Text { en: "expired on {until}", ja: "{until} に期限切れ" };
    if acceptances.is_empty() {
        return format!("{}\n", style.say(NONE));
    }
    let mut out = String::new();
    for one in acceptances {
        let until = if today > one.until.as_str() { EXPIRED } else { UNTIL };
        let until = until.with("until", &one.until).of(style.lang);
        let _ = writeln!(out, "{}{}   {until}", padded(one.severity, style), name(one));
        out.push_str(&style.paragraph(&harmless(&one.reason), indent(style)));
    }
    out
}

/// Is a severity as a word, padded so that what follows stands in a column.
pub(in crate::report) fn padded(of: Severity, style: Style) -> String {
    let (word, colour) = severity(of);
    let word = style.say(word);
    pad(word, indent(style)).replacen(word, &style.paint(word, colour), 1)
}
