//! JSON, with the keys of `openclaw security audit --json` where it has them. Nothing in it is translated.

use super::{Applied, Audit, Fix, Found, Refusal, Restored, Spot, Summary, Unread};
use crate::accepted::{Acceptance, Idle};
use crate::chains::Chain;
use crate::document::Path;
use crate::host::{OpenClaw, Origin};
use crate::plan::{Access, Closing, DiffKind, Stop};
use crate::store::{Backup, Written};
use crate::text::Lang;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Is one audit, or `{files: [...]}` for several, those that could not be read in their place.
pub fn audits(audits: &[Result<Audit, Unread>]) -> String {
    match audits {
        [audit] => line(one(audit)),
        many => {
            let [before, between, behind] = FILES;
            let items: Vec<String> = many.iter().map(item).collect();
            format!("{before}{}{behind}", items.join(between))
        }
    }
}

/// The text of `{files: [...]}` before its first item, between two, and behind the last.
pub const FILES: [&str; 3] = ["{\n  \"files\": [\n    ", ",\n    ", "\n  ]\n}\n"];

/// Is the text of an audit as an item of `{files: [...]}`.
pub fn item(audit: &Result<Audit, Unread>) -> String {
    format!("{:#}", one(audit)).replace('\n', "\n    ")
}

fn one(audit: &Result<Audit, Unread>) -> Value {
    match audit {
        Ok(audit) => one_audit(audit),
        Err(unread) => json!({ "path": unread.path, "error": unread.error }),
    }
}

fn one_audit(audit: &Audit) -> Value {
    let compared = audit.gone.is_some();
    let mut value = json!({
        "path": audit.path,
        "ts": now(),
        "openclaw": openclaw(&audit.openclaw),
        "otherConfigs": audit.others,
        "summary": summary(audit.summary()),
        "valid": audit.issues.is_empty(),
        "issues": audit.issues.iter().map(|refusal| with_state(issue(refusal), refusal.known, compared)).collect::<Vec<_>>(),
        "findings": audit.findings.iter().map(|found| with_state(finding(found), found.known, compared)).collect::<Vec<_>>(),
    });
    // OpenClaw has this key only where there is something in it.
    if !audit.suppressed.is_empty() {
        let suppressed = audit.suppressed.iter().map(|(found, reason)| {
            let mut value = evidence(found);
            value["suppression"] = reason.as_ref().map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
            value
        });
        value["suppressedFindings"] = suppressed.collect();
    }
    value["accepted"] = accepted(&audit.accepted);
    let idle = audit.idle.iter().map(|(acceptance, why)| {
        let mut value = json!(acceptance);
        value["why"] = json!(match why {
            Idle::Expired => "expired",
            Idle::Worse => "worse",
            Idle::Unused => "unused",
        });
        value
    });
    value["idleAcceptances"] = idle.collect();
    let not_made = audit.not_made.iter().map(|(check, why)| json!({ "checkId": check.id, "why": why.of(Lang::En) }));
    value["notMade"] = not_made.collect();
    value["chains"] = audit.chains.iter().map(chain).collect();
    if let Some(gone) = audit.gone {
        let known = audit.findings.iter().filter(|found| found.known).count();
        value["baseline"] = json!({ "known": known, "new": audit.findings.len() - known, "gone": gone });
    }
    value
}

fn accepted(accepted: &[(Found, Acceptance)]) -> Value {
    let one = |(found, acceptance): &(Found, Acceptance)| {
        let mut value = finding(found);
        value["acceptance"] = json!({ "reason": acceptance.reason, "until": acceptance.until });
        value
    };
    accepted.iter().map(one).collect()
}

/// Adds what SARIF calls the state against a baseline.
fn with_state(mut value: Value, known: bool, compared: bool) -> Value {
    if compared {
        value["baselineState"] = json!(if known { "unchanged" } else { "new" });
    }
    value
}

/// Is the OpenClaw that a config is for, where that was learned, and the held version that it is judged by.
fn openclaw(openclaw: &OpenClaw) -> Value {
    let (from, package) = match &openclaw.origin {
        Origin::Named => ("named", None),
        Origin::Said => ("asked", None),
        Origin::Installed(folder) => ("installed", Some(folder)),
        Origin::Config => ("config", None),
        Origin::Nowhere => ("unknown", None),
    };
    json!({
        "version": openclaw.found.as_ref().map(ToString::to_string), "from": from, "package": package,
        "judgedAs": openclaw.planned().shape().held().to_string(),
    })
}

fn issue(refusal: &Refusal) -> Value {
    let issue = &refusal.issue;
    let mut value = json!({
        "path": issue.path.to_string(), "message": issue.message.of(Lang::En), "group": refusal.group.name(),
    });
    locate(&mut value, &refusal.place);
    if !issue.allowed.is_empty() {
        value["allowedValues"] = json!(issue.allowed);
    }
    if let Some(nearest) = &issue.nearest {
        value["nearest"] = json!(nearest);
    }
    value
}

pub(super) fn summary(summary: Summary) -> Value {
    json!({ "critical": summary.critical, "warn": summary.warn, "info": summary.info })
}

fn finding(found: &Found) -> Value {
    let mut value = evidence(found);
    value["fix"] = json!(match found.fix {
        Fix::Safe => "safe",
        Fix::Ask => "ask",
        Fix::Manual => "manual",
    });
    value
}

/// Adds where something stands, and the file where it is not the config file itself.
fn locate(value: &mut Value, place: &Spot) {
    if let Some(file) = &place.file {
        value["file"] = json!(file);
    }
    value["line"] = json!(place.at.line);
    value["column"] = json!(place.at.column);
}

/// Is a finding without who can mend it.
fn evidence(found: &Found) -> Value {
    let check = found.finding.check;
    let hit = &found.finding.hit;
    let mut value = json!({
        "checkId": found.finding.id,
        "severity": found.finding.severity.name(),
        "title": check.title.en,
        "detail": check.why.en,
        "remediation": check.mend.text().en,
        "paths": hit.paths.iter().map(Path::to_string).collect::<Vec<_>>(),
    });
    if let Some(place) = &found.place {
        locate(&mut value, place);
    }
    for (key, known) in [("actual", &hit.actual), ("expected", &hit.expected)] {
        if let Some(known) = known {
            value[key] = json!(known);
        }
    }
    if let Some(why) = &hit.unknown {
        value["unknown"] = json!(why.of(Lang::En));
    }
    if found.finding.may_be_suppressed {
        value["mayBeSuppressed"] = json!(true);
    }
    value
}

/// Is what `apply` did.
pub fn applied(applied: &Applied) -> String {
    let edits: Vec<Value> = applied
        .changes
        .iter()
        .flat_map(|change| {
            change.values.iter().map(|(path, before, after)| {
                json!({ "path": path.to_string(), "before": before, "after": after, "closes": change.closes })
            })
        })
        .collect();
    line(json!({
        "changed": applied.differs || !applied.accepts.is_empty(),
        "written": applied.written.is_some(),
        "path": applied.path,
        "backup": applied.written.as_ref().and_then(|written| written.backup.as_ref()),
        "others": others(applied.written.as_ref()),
        "warnings": warnings(applied.written.as_ref()),
        "trial": applied.trial.as_ref().map(|trial| {
            json!({ "until": trial.until, "confirm": trial.confirm, "keeper": trial.keeper.name() })
        }),
        "edits": edits,
        "mode": applied.modes.iter().find(|mode| mode.path == applied.path).map(bits),
        "modes": applied.modes.iter().map(bits).collect::<Vec<_>>(),
        "access": applied.access.as_ref().map(access),
        "before": { "summary": summary(applied.before) },
        "after": { "summary": summary(applied.after) },
        "left": applied.left.iter().map(finding).collect::<Vec<_>>(),
        "accepted": accepted(&applied.accepted),
        "accepts": applied.accepts,
        "savedAnswers": applied.saved,
        "untaken": applied.untaken.iter().map(|(_, key)| key).collect::<Vec<_>>(),
        "posture": applied.answers.0.name(),
        "answers": applied.answers.1,
        "unusedAnswers": applied.unused,
        "stops": applied.stops.iter().map(stop).collect::<Vec<_>>(),
        "chains": {
            "before": applied.chains.0.iter().map(chain).collect::<Vec<_>>(),
            "after": applied.chains.1.iter().map(chain).collect::<Vec<_>>(),
        },
        "diff": diff(applied),
    }))
}

/// Is a file that is closed, with its permission bits.
fn bits(mode: &Closing) -> Value {
    json!({ "path": mode.path, "before": format!("{:04o}", mode.before), "after": format!("{:04o}", mode.after) })
}

fn access(access: &Access) -> Value {
    let ways = access.ways.iter().map(|way| json!({ "what": way.what.of(Lang::En), "command": way.command }));
    json!({
        "cut": access.cut.iter().map(|said| said.of(Lang::En)).collect::<Vec<_>>(),
        "ways": ways.collect::<Vec<_>>(),
        "own": { "what": access.own.of(Lang::En), "dependsOnGateway": access.own_depends },
    })
}

/// Is a way in, with the setting that cuts it.
fn chain(chain: &Chain) -> Value {
    json!({
        "from": chain.outsider.name(),
        "channel": chain.channel,
        "key": chain.at.to_string(),
        "agents": chain.agents,
        "tools": chain.tools,
        "to": chain.harm.name(),
        "links": chain.links(Lang::En),
        "cut": {
            "setting": chain.cut.shown(),
            "paths": chain.cut.edits.iter().map(|edit| edit.path.to_string()).collect::<Vec<_>>(),
            "ends": chain.cut.ends,
        },
    })
}

fn stop(stop: &Stop) -> Value {
    let causes = stop.causes.iter().map(|cause| json!({ "key": cause.key, "path": cause.path.to_string() }));
    json!({
        "id": stop.id,
        "what": stop.what.of(Lang::En),
        "keep": stop.keep.of(Lang::En),
        "causes": causes.collect::<Vec<_>>(),
    })
}

fn diff(applied: &Applied) -> String {
    let lines = applied.diff.iter().map(|line| {
        let mark = match line.kind {
            DiffKind::File => return format!("--- {0}\n+++ {0}\n", line.text),
            DiffKind::Hunk => "",
            DiffKind::Context => " ",
            DiffKind::Removed => "-",
            DiffKind::Added => "+",
        };
        format!("{mark}{}\n", line.text)
    });
    lines.collect()
}

/// Is the other files that were written, each with its backup.
fn others(written: Option<&Written>) -> Vec<Value> {
    let others = written.iter().flat_map(|written| &written.others);
    others.map(|(path, backup)| json!({ "path": path, "backup": backup })).collect()
}

fn warnings(written: Option<&Written>) -> Vec<String> {
    written.iter().flat_map(|written| &written.warnings).map(|said| said.of(Lang::En)).collect()
}

/// Is what `restore` did.
pub fn restored(restored: &Restored) -> String {
    let reopens = restored.reopens.as_ref().map(|findings| {
        findings
            .iter()
            .map(|finding| json!({ "checkId": finding.id, "severity": finding.severity.name() }))
            .collect::<Vec<_>>()
    });
    line(json!({
        "changed": restored.written.is_some(),
        "path": restored.path,
        "restored": restored.backup,
        "backup": restored.written.as_ref().and_then(|written| written.backup.as_ref()),
        "others": others(restored.written.as_ref()),
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

/// Is what was accepted for a config.
pub fn acceptances(config: &std::path::Path, acceptances: &[Acceptance]) -> String {
    line(json!({ "path": config, "acceptances": acceptances }))
}

/// Is the time in milliseconds since 1970, as OpenClaw's audit gives it.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

pub(super) fn line(value: Value) -> String {
    format!("{value:#}\n")
}
