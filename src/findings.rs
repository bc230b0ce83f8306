//! What an audit reported, in the words of the program that made it: OpenClaw's audits and its doctor's lint, or our own audit.
//!
//! The shapes are those of OpenClaw 2026.9.6: `security audit --json` (with `--deep` and `suppressedFindings`), the error that
//! stands in its place where the config is refused, `secrets audit --json`, and `doctor --lint --json`.

use crate::checks::{Check, Finding, Severity, meant_by};
use crate::text::{Said, Text, harmless};
use serde::Deserialize;
use serde_json::Value;

#[cfg(test)]
mod tests;

/// The id under which the reasons stand for which OpenClaw refuses a config; no check has it.
pub const REFUSED: &str = "config.invalid";
/// The inventory that stands in every audit: it names no fault.
const INVENTORY: &str = "summary.attack_surface";
/// The id of the secrets audit for a secret in plain text.
const PLAINTEXT: &str = "PLAINTEXT_FOUND";
/// What the ids of our checks of secrets in the config have in common.
const SECRETS: &str = "secrets.";
/// The most characters of a text that are kept: nobody reads on, and a report may come from anywhere.
const MOST: usize = 4000;

/// Which program and command made a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `openclaw security audit --json`.
    Audit,
    /// The same on a config that OpenClaw refuses: it audited nothing.
    Refused,
    /// `openclaw secrets audit --json`.
    Secrets,
    /// `openclaw doctor --lint --json`.
    Lint,
    /// `openclaw-harden audit --format json`.
    Ours,
}

impl Kind {
    /// Is the command that makes such a report.
    pub const fn command(self) -> &'static str {
        match self {
            Kind::Audit | Kind::Refused => "openclaw security audit --json",
            Kind::Secrets => "openclaw secrets audit --json",
            Kind::Lint => "openclaw doctor --lint --json",
            Kind::Ours => "openclaw-harden audit --format json",
        }
    }
}

/// What was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who made it.
    pub kind: Kind,
    /// What it names, in its order; the inventory is left out.
    pub findings: Vec<Reported>,
}

/// One finding of a report. All its texts are harmless; the detail may have several lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Its id there.
    pub id: String,
    /// How much it matters there.
    pub severity: Severity,
    /// What is wrong, in one sentence; empty where the report has none.
    pub title: String,
    /// What was seen.
    pub detail: String,
    /// What that program says to do; empty where it says nothing.
    pub remediation: String,
    /// The key of the config that it names.
    pub key: Option<String>,
    /// Whether the config suppresses it, with the reason that stands there.
    pub suppressed: Option<String>,
}

impl Reported {
    /// Is the check of ours that looks for the same, where one bears this id.
    pub fn check(&self) -> Option<&'static Check> {
        meant_by(&self.id)
    }

    /// Whether a finding of our audit is the same thing.
    pub fn is(&self, finding: &Finding) -> bool {
        if self.id == PLAINTEXT {
            let key = self.key.as_deref();
            return finding.id.contains(SECRETS)
                && finding.hit.paths.iter().any(|path| Some(path.to_string().as_str()) == key);
        }
        finding.id == self.id
    }
}

/// Reads a report.
///
/// # Errors
/// Where the bytes are none of these reports: one sentence with line and column.
pub fn parse(bytes: &[u8]) -> Result<Report, Said> {
    const UNKNOWN: Text = Text {
        en: "This is no report that is known here (line 1, column 1): give the JSON of openclaw security audit, secrets audit or doctor --lint, or of openclaw-harden audit --format json.",
        ja: "対応していない形式です (1行1列)。openclaw security audit、secrets audit、doctor --lint の JSON か、openclaw-harden audit --format json の出力を指定してください。",
    };
    const SEVERAL: Text = Text {
        en: "This audit is of {n} configs (line 1, column 1): give that of one.",
        ja: "この監査結果は{n}個の設定ファイルのものです (1行1列)。1個分を指定してください。",
    };
    // Windows programs and editors put a mark before the text.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
    let has = |key: &str| value.get(key).is_some();
    if has("checksRun") && has("findings") {
        return Ok(lint(read(bytes)?));
    }
    if has("filesScanned") && has("findings") {
        return Ok(secrets(read(bytes)?));
    }
    if has("findings") && (has("summary") || has("ts")) {
        let kind = if has("notMade") || has("chains") { Kind::Ours } else { Kind::Audit };
        return Ok(audit(read(bytes)?, kind));
    }
    if value.get("ok") == Some(&Value::Bool(false)) && has("error") {
        return refused(read(bytes)?);
    }
    match value.get("files").and_then(Value::as_array).map(Vec::as_slice) {
        Some([one]) => Ok(audit(read(one.to_string().as_bytes())?, Kind::Ours)),
        Some(files) => Err(SEVERAL.with("n", files.len())),
        None => Err(UNKNOWN.into()),
    }
}

fn read<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, Said> {
    serde_json::from_slice(bytes).map_err(|error| unread(&error))
}

fn unread(error: &serde_json::Error) -> Said {
    const UNREAD: Text = Text {
        en: "The report cannot be read (line {line}, column {column}): {why}.",
        ja: "レポートを読み取れません ({line}行{column}列): {why}",
    };
    // The parser names the place behind its reason: it stands before it here.
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    UNREAD.with("line", error.line()).with("column", error.column()).with("why", why)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuditJson {
    findings: Vec<FindingJson>,
    #[serde(default)]
    suppressed_findings: Vec<FindingJson>,
    /// Ours alone: why OpenClaw would refuse the config.
    #[serde(default)]
    issues: Vec<IssueJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FindingJson {
    check_id: String,
    severity: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    remediation: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    suppression: Option<SuppressionJson>,
}

#[derive(Deserialize)]
struct SuppressionJson {
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Deserialize)]
struct IssueJson {
    path: String,
    message: String,
}

#[derive(Deserialize)]
struct RefusedJson {
    error: ErrorJson,
    #[serde(default)]
    issues: Vec<IssueJson>,
}

#[derive(Deserialize)]
struct ErrorJson {
    message: String,
}

#[derive(Deserialize)]
struct SecretsJson {
    findings: Vec<SecretJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecretJson {
    code: String,
    severity: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    json_path: Option<String>,
    message: String,
}

#[derive(Deserialize)]
struct LintJson {
    findings: Vec<LintFindingJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LintFindingJson {
    check_id: String,
    severity: String,
    message: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    requirement: Option<String>,
    #[serde(default)]
    fix_hint: Option<String>,
}

fn audit(json: AuditJson, kind: Kind) -> Report {
    let one = |finding: FindingJson| Reported {
        id: shown(&finding.check_id),
        severity: severity(&finding.severity),
        title: shown(&finding.title),
        detail: shown(&finding.detail),
        remediation: shown(&finding.remediation.unwrap_or_default()),
        key: finding.paths.first().map(|path| shown(path)),
        suppressed: finding.suppression.map(|said| shown(&said.reason.unwrap_or_default())),
    };
    let findings = json.findings.into_iter().map(one).filter(|finding| finding.id != INVENTORY);
    // What is listed as suppressed is so, whatever it says of the reason.
    let suppressed = json.suppressed_findings.into_iter().map(one).map(|mut finding| {
        finding.suppressed.get_or_insert_default();
        finding
    });
    let findings = json.issues.into_iter().map(issue).chain(findings).chain(suppressed).collect();
    Report { kind, findings }
}

fn issue(issue: IssueJson) -> Reported {
    Reported {
        id: REFUSED.to_owned(),
        severity: Severity::Critical,
        title: String::new(),
        detail: shown(&issue.message),
        remediation: String::new(),
        key: Some(shown(&issue.path)),
        suppressed: None,
    }
}

fn refused(json: RefusedJson) -> Result<Report, Said> {
    const FAILED: Text = Text {
        en: "The report says that OpenClaw failed (line 1, column 1): {why}",
        ja: "OpenClaw がエラーで終了したレポートです (1行1列): {why}",
    };
    if json.issues.is_empty() {
        return Err(FAILED.with("why", shown(&json.error.message)));
    }
    Ok(Report { kind: Kind::Refused, findings: json.issues.into_iter().map(issue).collect() })
}

fn secrets(json: SecretsJson) -> Report {
    let one = |finding: SecretJson| Reported {
        id: shown(&finding.code),
        severity: severity(&finding.severity),
        title: shown(&finding.message),
        detail: shown(&finding.file),
        remediation: String::new(),
        key: finding.json_path.as_deref().map(shown),
        suppressed: None,
    };
    Report { kind: Kind::Secrets, findings: json.findings.into_iter().map(one).collect() }
}

fn lint(json: LintJson) -> Report {
    const VALIDATION: &str = "core/doctor/final-config-validation";
    let one = |finding: LintFindingJson| {
        if finding.check_id == VALIDATION {
            return issue(IssueJson { path: finding.path.unwrap_or_default(), message: finding.message });
        }
        let requirement = finding.requirement.map(|requirement| shown(&requirement));
        let id = shown(&finding.check_id);
        let message = shown(&finding.message);
        let (title, detail) = message.split_once('\n').unwrap_or((&message, ""));
        Reported {
            // A requirement that bears the name of a check is that check.
            id: match requirement {
                Some(requirement) if meant_by(&requirement).is_some() => requirement,
                Some(requirement) => format!("{id}: {requirement}"),
                None => id,
            },
            severity: severity(&finding.severity),
            title: title.strip_prefix("WARNING: ").unwrap_or(title).to_owned(),
            detail: if detail.is_empty() {
                finding.path.as_deref().map(shown).unwrap_or_default()
            } else {
                detail.to_owned()
            },
            remediation: finding.fix_hint.as_deref().map(shown).unwrap_or_default(),
            key: None,
            suppressed: None,
        }
    };
    Report { kind: Kind::Lint, findings: json.findings.into_iter().map(one).collect() }
}

/// Is a severity by any of the names that these programs have for it; what is not known matters.
fn severity(name: &str) -> Severity {
    match name {
        "error" => Severity::Critical,
        "warning" => Severity::Warn,
        name => Severity::named(name).unwrap_or(Severity::Warn),
    }
}

/// Is a text as it can be shown: harmless line by line, and no longer than anybody reads.
fn shown(text: &str) -> String {
    let kept: String = text.chars().take(MOST).collect();
    let lines: Vec<String> = kept.lines().map(harmless).collect();
    lines.join("\n")
}
