//! JSON, with the keys of `openclaw security audit --json` where it has them. Nothing in it is translated.

use super::{Applied, Audit, Fix, Found, Refusal, Restored, Summary, Unread};
use crate::accepted::{Acceptance, Idle};
use crate::chains::Chain;
use crate::document::Path as Key;
use crate::host::{OpenClaw, Origin};
use crate::plan::{Access, Closing, DiffKind, Stop};
use crate::store::{Backup, Written};
use crate::text::Lang;
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Is one audit, or `{files: [...]}` for several, those that could not be read in their place.
pub fn audits(audits: &[Result<Audit, Unread>]) -> String {
    match audits {
        [audit] => pretty(&One::of(audit)) + "\n",
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
    #[derive(Serialize)]
    struct Files<'a> {
        files: [One<'a>; 1],
    }
    let [before, _, behind] = FILES;
    let text = pretty(&Files { files: [One::of(audit)] });
    text.strip_prefix(before).and_then(|text| text.strip_suffix(behind.trim_end())).unwrap_or(&text).to_owned()
}

/// An audit, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum One<'a> {
    Audit(Box<OneAudit<'a>>),
    Unread { path: Cow<'a, str>, error: &'a str },
}

impl<'a> One<'a> {
    fn of(audit: &'a Result<Audit, Unread>) -> Self {
        match audit {
            Ok(audit) => One::Audit(Box::new(OneAudit::of(audit))),
            Err(Unread { path, error }) => One::Unread { path: path.to_string_lossy(), error },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneAudit<'a> {
    path: Cow<'a, str>,
    ts: u64,
    openclaw: Value,
    other_configs: Vec<Cow<'a, str>>,
    summary: Value,
    valid: bool,
    issues: Vec<OneIssue<'a>>,
    findings: Vec<Evidence<'a>>,
    // OpenClaw has this key only where there is something in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed_findings: Vec<Evidence<'a>>,
    accepted: Vec<Evidence<'a>>,
    idle_acceptances: Vec<Value>,
    not_made: Vec<Value>,
    chains: Vec<OneChain<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Value>,
}

impl<'a> OneAudit<'a> {
    fn of(audit: &'a Audit) -> Self {
        let compared = audit.gone.is_some();
        let suppressed = audit.suppressed.iter().map(|(found, reason)| Evidence {
            suppression: Some(reason.as_ref().map_or_else(|| json!({}), |reason| json!({ "reason": reason }))),
            ..Evidence::of(found)
        });
        let idle = audit.idle.iter().map(|(acceptance, why)| {
            let mut value = json!(acceptance);
            value["why"] = json!(match why {
                Idle::Expired => "expired",
                Idle::Worse => "worse",
                Idle::Unused => "unused",
            });
            value
        });
        let not_made =
            audit.not_made.iter().map(|(check, why)| json!({ "checkId": check.id, "why": why.of(Lang::En) }));
        OneAudit {
            path: audit.path.to_string_lossy(),
            ts: now(),
            openclaw: openclaw(&audit.openclaw),
            other_configs: names(&audit.others),
            summary: summary(audit.summary()),
            valid: audit.issues.is_empty(),
            issues: audit.issues.iter().map(|refusal| OneIssue::of(refusal, compared)).collect(),
            findings: audit
                .findings
                .iter()
                .map(|found| Evidence { baseline_state: state(found.known, compared), ..Evidence::with_fix(found) })
                .collect(),
            suppressed_findings: suppressed.collect(),
            accepted: accepted(&audit.accepted),
            idle_acceptances: idle.collect(),
            not_made: not_made.collect(),
            chains: audit.chains.iter().map(OneChain::of).collect(),
            baseline: audit.gone.map(|gone| {
                let known = audit.findings.iter().filter(|found| found.known).count();
                json!({ "known": known, "new": audit.findings.len() - known, "gone": gone })
            }),
        }
    }
}

fn accepted(accepted: &[(Found, Acceptance)]) -> Vec<Evidence<'_>> {
    fn one((found, acceptance): &(Found, Acceptance)) -> Evidence<'_> {
        let acceptance = json!({ "reason": acceptance.reason, "until": acceptance.until });
        Evidence { acceptance: Some(acceptance), ..Evidence::with_fix(found) }
    }
    accepted.iter().map(one).collect()
}

/// Is what SARIF calls the state against a baseline; none where there is no baseline.
fn state(known: bool, compared: bool) -> Option<&'static str> {
    compared.then_some(if known { "unchanged" } else { "new" })
}

/// Is the OpenClaw that a config is for, where that was learned, and the held version that it is judged by.
fn openclaw(openclaw: &OpenClaw) -> Value {
    let (from, package) = match &openclaw.origin {
        Origin::Named => ("named", None),
        Origin::Said => ("asked", None),
        Origin::Installed(folder) => ("installed", Some(folder.to_string_lossy())),
        Origin::Config => ("config", None),
        Origin::Nowhere => ("unknown", None),
    };
    json!({
        "version": openclaw.found.as_ref().map(ToString::to_string), "from": from, "package": package,
        "judgedAs": openclaw.planned().shape().held().to_string(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneIssue<'a> {
    path: String,
    message: String,
    group: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Cow<'a, str>>,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    allowed_values: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
}

impl<'a> OneIssue<'a> {
    fn of(refusal: &'a Refusal, compared: bool) -> Self {
        let Refusal { issue, place, group, known } = refusal;
        OneIssue {
            path: issue.path.to_string(),
            message: issue.message.of(Lang::En),
            group: group.name(),
            file: place.file.as_deref().map(Path::to_string_lossy),
            line: place.at.line,
            column: place.at.column,
            allowed_values: &issue.allowed,
            nearest: issue.nearest.as_deref(),
            baseline_state: state(*known, compared),
        }
    }
}

pub(super) fn summary(summary: Summary) -> Value {
    json!({ "critical": summary.critical, "warn": summary.warn, "info": summary.info })
}

/// A finding, and what is known of it where it stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evidence<'f> {
    check_id: &'f str,
    severity: &'static str,
    title: &'static str,
    detail: &'static str,
    remediation: &'static str,
    paths: Vec<String>,
    /// The file where it is not the config file itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Cow<'f, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    may_be_suppressed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acceptance: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
}

impl<'f> Evidence<'f> {
    fn of(found: &'f Found) -> Self {
        let Found { finding, place, .. } = found;
        let (check, hit) = (finding.check, &finding.hit);
        Evidence {
            check_id: &finding.id,
            severity: finding.severity.name(),
            title: check.title.en,
            detail: check.why.en,
            remediation: check.mend.text().en,
            paths: hit.paths.iter().map(Key::to_string).collect(),
            file: place.as_ref().and_then(|place| place.file.as_deref()).map(Path::to_string_lossy),
            line: place.as_ref().map(|place| place.at.line),
            column: place.as_ref().map(|place| place.at.column),
            actual: hit.actual.as_deref(),
            expected: hit.expected.as_deref(),
            unknown: hit.unknown.as_ref().map(|why| why.of(Lang::En)),
            may_be_suppressed: finding.may_be_suppressed,
            suppression: None,
            fix: None,
            acceptance: None,
            baseline_state: None,
        }
    }

    fn with_fix(found: &'f Found) -> Self {
        let fix = match found.fix {
            Fix::Safe => "safe",
            Fix::Ask => "ask",
            Fix::Manual => "manual",
        };
        Evidence { fix: Some(fix), ..Evidence::of(found) }
    }
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
        "path": applied.path.to_string_lossy(),
        "backup": applied.written.as_ref().and_then(backup_of),
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
        "left": applied.left.iter().map(Evidence::with_fix).collect::<Vec<_>>(),
        "accepted": accepted(&applied.accepted),
        "accepts": applied.accepts,
        "savedAnswers": applied.saved.as_deref().map(Path::to_string_lossy),
        "untaken": applied.untaken.iter().map(|(_, key)| key).collect::<Vec<_>>(),
        "posture": applied.answers.0.name(),
        "answers": applied.answers.1,
        "unusedAnswers": applied.unused,
        "stops": applied.stops.iter().map(stop).collect::<Vec<_>>(),
        "chains": {
            "before": applied.chains.0.iter().map(OneChain::of).collect::<Vec<_>>(),
            "after": applied.chains.1.iter().map(OneChain::of).collect::<Vec<_>>(),
        },
        "diff": diff(applied),
    }))
}

/// Is a file that is closed, with its permission bits.
fn bits(mode: &Closing) -> Value {
    json!({ "path": mode.path.to_string_lossy(), "before": format!("{:04o}", mode.before), "after": format!("{:04o}", mode.after) })
}

fn access(access: &Access) -> Value {
    let ways = access.ways.iter().map(|way| json!({ "what": way.what.of(Lang::En), "command": way.command }));
    json!({
        "cut": access.cut.iter().map(|said| said.of(Lang::En)).collect::<Vec<_>>(),
        "ways": ways.collect::<Vec<_>>(),
        "own": { "what": access.own.of(Lang::En), "dependsOnGateway": access.own_depends },
    })
}

/// A way in, with the setting that cuts it.
#[derive(Serialize)]
struct OneChain<'c> {
    from: &'static str,
    channel: Option<&'c str>,
    key: String,
    agents: &'c [String],
    tools: &'c [String],
    to: &'static str,
    links: Vec<String>,
    cut: OneCut,
}

#[derive(Serialize)]
struct OneCut {
    setting: String,
    paths: Vec<String>,
    ends: usize,
}

impl<'c> OneChain<'c> {
    fn of(chain: &'c Chain) -> Self {
        OneChain {
            from: chain.outsider.name(),
            channel: chain.channel.as_deref(),
            key: chain.at.to_string(),
            agents: &chain.agents,
            tools: &chain.tools,
            to: chain.harm.name(),
            links: chain.links(Lang::En),
            cut: OneCut {
                setting: chain.cut.shown(),
                paths: chain.cut.edits.iter().map(|edit| edit.path.to_string()).collect(),
                ends: chain.cut.ends,
            },
        }
    }
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
    others.map(|(path, backup)| json!({ "path": path.to_string_lossy(), "backup": backup.to_string_lossy() })).collect()
}

fn backup_of(written: &Written) -> Option<Cow<'_, str>> {
    written.backup.as_deref().map(Path::to_string_lossy)
}

/// Is names of files as JSON can have them: one that is no UTF-8 shows what of it is.
pub(super) fn names(paths: &[PathBuf]) -> Vec<Cow<'_, str>> {
    paths.iter().map(|path| path.to_string_lossy()).collect()
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
        "path": restored.path.to_string_lossy(),
        "restored": restored.backup.to_string_lossy(),
        "backup": restored.written.as_ref().and_then(backup_of),
        "others": others(restored.written.as_ref()),
        "warnings": warnings(restored.written.as_ref()),
        "reopens": reopens,
    }))
}

/// Is the backups, newest first.
pub fn backups(backups: &[Backup]) -> String {
    let list: Vec<Value> = backups
        .iter()
        .map(|backup| json!({ "path": backup.path.to_string_lossy(), "time": backup.utc(), "size": backup.size }))
        .collect();
    line(json!({ "backups": list }))
}

/// Is what was accepted for a config.
pub fn acceptances(config: &Path, acceptances: &[Acceptance]) -> String {
    line(json!({ "path": config.to_string_lossy(), "acceptances": acceptances }))
}

/// Is the time in milliseconds since 1970, as OpenClaw's audit gives it.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

pub(super) fn line(value: Value) -> String {
    format!("{value:#}\n")
}

/// Is something as JSON on several lines. Nothing fails: all keys are texts, and so are the names of files.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
