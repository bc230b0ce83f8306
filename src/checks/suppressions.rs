//! Findings that the config itself keeps out of the count: `security.audit.suppressions`.

use super::{Audit, Check, Finding, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::Settings;
use crate::text::Text;
use serde_json::Value;

const KEY: &str = "security.audit.suppressions";
const REFERENCE: &str = "https://docs.openclaw.ai/gateway/security/audit-checks";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "security.audit.suppressions.active",
        severity: Severity::Info,
        title: Text {
            en: "The config keeps findings out of the audit",
            ja: "一部の検出事項を監査から外す設定があります",
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
        reference: REFERENCE,
    },
    Check {
        id: "harden.audit.critical_suppressed",
        severity: Severity::Warn,
        title: Text {
            en: "A critical finding is kept out of the audit", ja: "重大な検出事項が監査から外されています"
        },
        why: Text {
            en: "Whoever reads the audit takes the installation for safe while a stranger may still come in by this way.",
            ja: "監査の結果では安全に見えても、第三者が侵入できる経路が残っているおそれがあります。",
        },
        test: |settings| {
            let hidden = entries(settings).iter().enumerate().filter_map(|(index, entry)| {
                let id = text(entry, "checkId")?;
                is_critical(id).then(|| Hit::at(Path::from(KEY).index(index).key("checkId")).found(id))
            });
            hidden.collect()
        },
        mend: Mend::Manual(Text {
            en: "Mend the finding, then delete the entry. Keep an entry only with a reason and a date to look again.",
            ja: "検出事項を解消してから、エントリを削除してください。残す場合は、理由と見直す日付を書いてください。",
        }),
        risky: r#"{security: {audit: {suppressions: [{checkId: "gateway.bind_no_auth", reason: "test"}]}}}"#,
        safe: r#"{security: {audit: {suppressions: [{checkId: "gateway.trusted_proxies_missing", reason: "no proxy"}]}}}"#,
        reference: REFERENCE,
    },
    Check {
        id: "harden.audit.suppression_without_reason",
        severity: Severity::Info,
        title: Text {
            en: "Nobody can tell why a finding is kept out of the audit",
            ja: "監査から外した理由が書かれていません",
        },
        why: Text {
            en: "Whoever weakens the config and hides it this way looks like an administrator who accepted a risk.",
            ja: "設定を弱めてこの方法で隠した人と、リスクを受容した管理者とを区別できません。",
        },
        test: |settings| {
            let bare = entries(settings).iter().enumerate().filter(|(_, entry)| {
                text(entry, "reason").is_none_or(str::is_empty) && text(entry, "checkId").is_some()
            });
            let bare = bare.map(|(index, entry)| {
                Hit::at(Path::from(KEY).index(index)).found(text(entry, "checkId").unwrap_or_default())
            });
            bare.collect()
        },
        mend: Mend::Manual(Text {
            en: "Write a reason into the entry, or delete it.",
            ja: "エントリに reason を書くか、エントリを削除してください。",
        }),
        risky: r#"{security: {audit: {suppressions: [{checkId: "gateway.trusted_proxies_missing"}]}}}"#,
        safe: r#"{security: {audit: {suppressions: [{checkId: "gateway.trusted_proxies_missing", reason: "no proxy"}]}}}"#,
        reference: REFERENCE,
    },
];

/// Whether a finding of this id is usually critical; places such as `<provider>` stand for anything.
fn is_critical(id: &str) -> bool {
    super::catalogue().filter(|check| check.severity == Severity::Critical).any(|check| {
        match check.id.split_once('<') {
            Some((head, rest)) => {
                let tail = rest.split_once('>').map_or("", |(_, tail)| tail);
                id.strip_prefix(head).is_some_and(|filled| filled.ends_with(tail))
            }
            None => check.id == id,
        }
    })
}

fn entries(settings: &Settings) -> &[Value] {
    settings.get(KEY).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Sets the suppressed findings apart. The finding that there are suppressions cannot be suppressed.
pub(super) fn set_apart(settings: &Settings, findings: Vec<Finding>) -> Audit {
    let entries = entries(settings);
    let mut audit = Audit::default();
    for mut finding in findings {
        let meant = |wanted: Meant| {
            let entry = entries.iter().find(|entry| meant(&finding, entry) == wanted);
            entry.filter(|_| finding.check.id != CHECKS[0].id)
        };
        match (meant(Meant::Yes), meant(Meant::Maybe)) {
            (None, maybe) => {
                finding.may_be_suppressed = maybe.is_some();
                audit.findings.push(finding);
            }
            (Some(entry), _) => {
                let reason = text(entry, "reason").filter(|reason| !reason.is_empty());
                audit.suppressed.push((finding, reason.map(str::to_owned)));
            }
        }
    }
    audit
}

/// Whether an entry means a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    No,
    /// OpenClaw's own words decide.
    Maybe,
    Yes,
}

/// Whether an entry means a finding: the id is the same, and each `...Includes` stands in OpenClaw's title or detail, without
/// regard to case.
///
/// Those are OpenClaw's own English words, and ours differ. But a detail names the keys and values, which is what an entry
/// singles out by: what is found there is meant. All else leaves the finding in the count, and says that it may be suppressed:
/// a risk too much is shown rather than one too few.
fn meant(finding: &Finding, entry: &Value) -> Meant {
    if text(entry, "checkId") != Some(finding.id.as_str()) {
        return Meant::No;
    }
    let [title, detail] = ["titleIncludes", "detailIncludes"].map(|key| text(entry, key).unwrap_or(""));
    let hit = &finding.hit;
    let value = hit.actual.as_deref().unwrap_or_default();
    let is_named = |needle: &str| {
        let keys = hit.paths.iter().map(|path| format!("{path}={value}\n{path}=\"{value}\""));
        let said: Vec<String> = keys.chain([value.to_owned()]).collect();
        said.join("\n").to_lowercase().contains(&needle.to_lowercase())
    };
    if title.is_empty() && (detail.is_empty() || is_named(detail)) { Meant::Yes } else { Meant::Maybe }
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
    fn words_of_openclaws_own_text_leave_the_finding_in_the_count_and_say_so() {
        for key in ["titleIncludes", "detailIncludes"] {
            let config = format!(
                r#"{{hooks: {{allowRequestSessionKey: true}},
                    security: {{audit: {{suppressions: [{{checkId: "config.insecure_or_dangerous_flags", {key}: "risky"}}]}}}}}}"#
            );
            let audit = audit_all(&example(&config).expect("a config"));
            let doubtful = audit.findings.iter().filter(|finding| finding.may_be_suppressed);
            let ids: Vec<&str> = doubtful.map(|finding| finding.id.as_str()).collect();
            assert_eq!(ids, ["config.insecure_or_dangerous_flags"; 2], "{key}");
            assert!(audit.suppressed.is_empty(), "{key}");
        }
    }

    #[test]
    fn the_suppressions_cannot_suppress_themselves() {
        assert!(suppressed(r#"{checkId: "security.audit.suppressions.active"}"#).is_empty());
    }
}
