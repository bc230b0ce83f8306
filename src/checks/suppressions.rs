//! Findings that the config itself keeps out of the count: `security.audit.suppressions`.

use super::{Audit, Check, Finding, Hit, Mend, Severity, when};
use crate::settings::Settings;
use crate::text::{Lang, Text};
use serde_json::Value;

const KEY: &str = "security.audit.suppressions";

pub(super) const CHECKS: &[Check] = &[Check {
    id: "security.audit.suppressions.active",
    severity: Severity::Info,
    title: Text {
        en: "The config keeps findings out of the audit", ja: "一部の検出事項を監査から外す設定があります"
    },
    why: Text {
        en: "A suppressed finding is still there; it is only not counted. Whoever can write the config can hide a weakness this way.",
        ja: "抑制した検出事項は、件数から外れるだけで解消していません。設定を書き換えられる人は、この方法で弱点を隠せます。",
    },
    test: |settings| {
        let count = entries(settings).len();
        when(count > 0, || Hit::at(KEY).found(count).wanted(0))
    },
    mend: Mend::Manual(Text {
        en: "Read the reason of each entry of security.audit.suppressions, and delete those that no longer hold.",
        ja: "security.audit.suppressions の各エントリの理由を確認し、該当しなくなったものを削除してください。",
    }),
    risky: r#"{security: {audit: {suppressions: [{checkId: "gateway.trusted_proxies_missing"}]}}}"#,
    safe: "{security: {audit: {suppressions: []}}}",
    reference: "https://docs.openclaw.ai/gateway/security/audit-checks",
}];

fn entries(settings: &Settings) -> &[Value] {
    settings.get(KEY).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Sets the suppressed findings apart. The finding that there are suppressions cannot be suppressed.
pub(super) fn set_apart(settings: &Settings, findings: Vec<Finding>) -> Audit {
    let entries = entries(settings);
    let mut audit = Audit::default();
    for finding in findings {
        let suppression = entries.iter().find(|entry| finding.check.id != CHECKS[0].id && matches(&finding, entry));
        match suppression {
            None => audit.findings.push(finding),
            Some(entry) => {
                let reason = text(entry, "reason").filter(|reason| !reason.is_empty());
                audit.suppressed.push((finding, reason.map(str::to_owned)));
            }
        }
    }
    audit
}

/// Whether an entry means a finding: the id is the same, and each `...Includes` is found without regard to case.
///
/// OpenClaw looks for those in its own English title and detail. Ours differ in wording but name the same keys and values, which is
/// what such entries single out; so they are looked for in our title, reason, keys and values together. One that is not found there
/// leaves the finding in the count: a risk too much is shown rather than one too few.
fn matches(finding: &Finding, entry: &Value) -> bool {
    let id = text(entry, "checkId");
    if id != Some(finding.id.as_str()) {
        return false;
    }
    let needles = ["titleIncludes", "detailIncludes"].map(|key| text(entry, key).unwrap_or(""));
    if needles.iter().all(|needle| needle.is_empty()) {
        return true;
    }
    let hit = &finding.hit;
    let mut said = format!("{}\n{}\n", finding.check.title.of(Lang::En), finding.check.why.of(Lang::En));
    for path in &hit.paths {
        let value = hit.actual.as_deref().unwrap_or_default();
        said.push_str(&format!("{path}={value}\n{path}=\"{value}\"\n"));
    }
    said.push_str(hit.actual.as_deref().unwrap_or_default());
    let said = said.to_lowercase();
    needles.iter().all(|needle| said.contains(&needle.to_lowercase()))
}

fn text<'v>(entry: &'v Value, key: &str) -> Option<&'v str> {
    entry.get(key)?.as_str().map(str::trim)
}

#[cfg(test)]
mod tests {
    use crate::checks::{audit_all, example};

    fn suppressed(suppression: &str) -> Vec<String> {
        let config = format!(
            r#"{{hooks: {{allowRequestSessionKey: true}}, browser: {{ssrfPolicy: {{dangerouslyAllowPrivateNetwork: true}}}},
                security: {{audit: {{suppressions: [{suppression}]}}}}}}"#
        );
        let audit = audit_all(&example(&config).expect("a config"));
        let active = "security.audit.suppressions.active";
        assert!(audit.findings.iter().any(|finding| finding.id == active));
        let ids = audit.suppressed.iter();
        ids.map(|(finding, _)| finding.hit.paths[0].to_string()).collect()
    }

    #[test]
    fn the_id_alone_takes_every_finding_of_it() {
        let all = suppressed(r#"{checkId: " config.insecure_or_dangerous_flags "}"#);
        assert_eq!(all.len(), 3);
        assert!(suppressed(r#"{checkId: "config.insecure"}"#).is_empty());
    }

    #[test]
    fn a_detail_singles_out_by_key_and_value() {
        let entry = |detail: &str| {
            suppressed(&format!(r#"{{checkId: "config.insecure_or_dangerous_flags", detailIncludes: "{detail}"}}"#))
        };
        assert_eq!(entry("HOOKS.allowRequestSessionKey=true"), ["hooks.allowRequestSessionKey"]);
        assert!(entry("of another flag").is_empty());
    }

    #[test]
    fn the_suppressions_cannot_suppress_themselves() {
        assert!(suppressed(r#"{checkId: "security.audit.suppressions.active"}"#).is_empty());
    }
}
