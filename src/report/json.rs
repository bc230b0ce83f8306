//! JSON, with the keys of `openclaw security audit --json` where it has them. Nothing in it is translated.

use super::{Applied, Audit, Fault, Fix, Found, Restored, Summary};
use crate::checks::Severity;
use crate::document::Path;
use crate::plan::DiffKind;
use crate::store::{Backup, Written};
use crate::text::Lang;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Is one audit, or `{files: [...]}` for several.
pub fn audits(audits: &[Audit]) -> String {
    match audits {
        [one] => line(one_audit(one)),
        many => {
            let files: Vec<Value> = many
                .iter()
                .map(|audit| {
                    let mut file = json!({ "path": audit.path });
                    if let (Value::Object(file), Value::Object(inner)) = (&mut file, one_audit(audit)) {
                        file.extend(inner);
                    }
                    file
                })
                .collect();
            line(json!({ "files": files }))
        }
    }
}

fn one_audit(audit: &Audit) -> Value {
    let ts = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    json!({
        "ts": ts,
        "summary": summary(Summary::of(audit.findings.iter().map(|found| &found.finding))),
        "valid": audit.issues.is_empty(),
        "issues": audit.issues.iter().map(issue).collect::<Vec<_>>(),
        "findings": audit.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn issue(fault: &Fault) -> Value {
    let Fault { issue, place, group } = fault;
    let mut value = json!({
        "path": issue.path.to_string(),
        "message": issue.message.of(Lang::En),
        "line": place.line,
        "column": place.column,
        "group": group.name(),
    });
    if !issue.allowed.is_empty() {
        value["allowedValues"] = json!(issue.allowed);
    }
    value
}

fn summary(summary: Summary) -> Value {
    json!({ "critical": summary.critical, "warn": summary.warn, "info": summary.info })
}

fn finding(found: &Found) -> Value {
    let check = found.finding.check;
    let hit = &found.finding.hit;
    let mut value = json!({
        "checkId": found.finding.id,
        "severity": severity(found.finding.severity),
        "title": check.title.en,
        "detail": check.why.en,
        "remediation": check.mend.text().en,
        "paths": hit.paths.iter().map(Path::to_string).collect::<Vec<_>>(),
        "fix": match found.fix { Fix::Safe => "safe", Fix::Ask => "ask", Fix::Manual => "manual" },
    });
    if let Some(place) = found.place {
        value["line"] = json!(place.line);
    }
    for (key, known) in [("actual", &hit.actual), ("expected", &hit.expected)] {
        if let Some(known) = known {
            value[key] = json!(known);
        }
    }
    if let Some(why) = &hit.unknown {
        value["unknown"] = json!(why.of(Lang::En));
    }
    value
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Warn => "warn",
        Severity::Info => "info",
    }
}

/// Is what `apply` did.
pub fn applied(applied: &Applied) -> String {
    let edits: Vec<Value> = applied
        .changes
        .iter()
        .flat_map(|change| {
            change.places.iter().map(|place| {
                json!({ "path": place.path.to_string(), "before": place.before, "after": place.after, "closes": change.closes })
            })
        })
        .collect();
    line(json!({
        "changed": applied.written.is_some() && applied.differs,
        "path": applied.path,
        "backup": applied.written.as_ref().and_then(|written| written.backup.as_ref()),
        "warnings": warnings(applied.written.as_ref()),
        "edits": edits,
        "before": { "summary": summary(applied.before) },
        "after": { "summary": summary(applied.after) },
        "left": applied.left.iter().map(finding).collect::<Vec<_>>(),
        "untaken": applied.untaken.iter().map(|(_, key)| key).collect::<Vec<_>>(),
        "diff": diff(applied),
    }))
}

fn diff(applied: &Applied) -> String {
    let lines = applied.diff.iter().map(|line| {
        let mark = match line.kind {
            DiffKind::Hunk => "",
            DiffKind::Context => " ",
            DiffKind::Removed => "-",
            DiffKind::Added => "+",
        };
        format!("{mark}{}\n", line.text)
    });
    lines.collect()
}

fn warnings(written: Option<&Written>) -> Vec<String> {
    written.iter().flat_map(|written| &written.warnings).map(|said| said.of(Lang::En)).collect()
}

/// Is what `restore` did.
pub fn restored(restored: &Restored) -> String {
    let reopens = restored.reopens.as_ref().map(|findings| {
        findings
            .iter()
            .map(|finding| json!({ "checkId": finding.id, "severity": severity(finding.severity) }))
            .collect::<Vec<_>>()
    });
    line(json!({
        "changed": restored.written.is_some(),
        "path": restored.path,
        "restored": restored.backup,
        "backup": restored.written.as_ref().and_then(|written| written.backup.as_ref()),
        "warnings": warnings(restored.written.as_ref()),
        "reopens": reopens,
    }))
}

/// Is the backups, newest first.
pub fn backups(backups: &[Backup]) -> String {
    let list: Vec<Value> = backups
        .iter()
        .map(|backup| json!({ "path": backup.path, "time": backup.utc(), "size": backup.size }))
        .collect();
    line(json!({ "backups": list }))
}

fn line(value: Value) -> String {
    format!("{value:#}\n")
}
