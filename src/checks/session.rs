//! Who shares a conversation with whom.

use super::pairing::is_enabled;
use super::tools::one_hit;
use super::{Check, Mend, Severity};
use crate::document::Path;
use crate::settings::{Settings, is_open, is_wildcard};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const CHECKS: &[Check] = &[Check {
    id: "harden.session.dm_shared",
    severity: Severity::Warn,
    title: Text {
        en: "Everyone who writes in private shares one conversation",
        ja: "DM の送信者全員が1つの会話を共有しています",
    },
    why: Text {
        en: "What one person writes or attaches comes up in the answers to another, and each can steer what the agent does for the others.",
        ja: "ある人の文章や添付ファイルの内容が、別の人への返答に出ます。ほかの人のための動作に干渉することもできます。",
    },
    test: |settings| {
        let shared = shared_scopes(settings);
        let admitted = admitted(settings);
        if shared.is_empty() || admitted == Admitted::One {
            return Vec::new();
        }
        one_hit(settings, shared, |hit| {
            hit.found("main").wanted("per-channel-peer").info_if(admitted == Admitted::Unknown)
        })
    },
    mend: Mend::ByPlan(Text {
        en: "Set session.dmScope to \"per-channel-peer\"; session.identityLinks joins the accounts of one person again.",
        ja: "session.dmScope を \"per-channel-peer\" にしてください。同じ人のアカウントは session.identityLinks でまとめられます。",
    }),
    risky: r#"{channels: {telegram: {allowFrom: ["1234567", "7654321"]}}}"#,
    safe: r#"{channels: {telegram: {allowFrom: ["1234567", "7654321"]}}, session: {dmScope: "per-channel-peer"}}"#,
    reference: "https://docs.openclaw.ai/gateway/security/access-control",
}];

/// Is where private messages are put into one session: for all, or by a binding.
fn shared_scopes(settings: &Settings) -> Vec<Path> {
    let is_main = |place: &Path| settings.at(place).and_then(Value::as_str) == Some("main");
    let global = Path::from("session.dmScope");
    let mut shared: Vec<Path> = Vec::new();
    if settings.at(&global).is_none() || is_main(&global) {
        shared.push(global);
    }
    let bindings = settings.get("bindings").and_then(Value::as_array).map_or(0, Vec::len);
    let bindings = (0..bindings).map(|index| Path::from("bindings").index(index).join("session.dmScope"));
    shared.extend(bindings.filter(is_main));
    shared
}

/// How many people may write in private.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Admitted {
    /// One at most.
    One,
    /// More may have been approved by pairing, which the config does not say.
    Unknown,
    /// Several.
    Several,
}

/// Is how many people one channel admits at most. Ids in several channels may be the same person's.
fn admitted(settings: &Settings) -> Admitted {
    let nodes = settings.channel_nodes();
    let inboxes = nodes.iter().filter(|node| node.depth == 0 && node.channel != "defaults");
    let counts = inboxes.filter(|node| is_enabled(settings, node.path)).map(|node| {
        let own = node.object.get("dmPolicy").or_else(|| node.object.get("dm")?.get("policy"));
        let channel = Path::from("channels").key(node.channel);
        let policy = own.or_else(|| settings.at(&channel.key("dmPolicy")));
        let legacy = node.object.get("dm").and_then(|dm| dm.get("allowFrom")?.as_array());
        let ids = settings.senders(node).iter().chain(legacy.into_iter().flatten());
        let ids: BTreeSet<String> = ids.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect();
        let anyone = ids.iter().any(|id| is_wildcard(&id.as_str().into())) || is_open(policy);
        match policy.and_then(Value::as_str) {
            Some("disabled") => Admitted::One,
            _ if anyone || ids.len() > 1 => Admitted::Several,
            Some("pairing") => Admitted::Unknown,
            _ => Admitted::One,
        }
    });
    counts.max().unwrap_or(Admitted::One)
}

#[cfg(test)]
mod tests {
    use crate::checks::{Severity, audit, example};

    fn found(config: &str) -> Option<(Severity, Vec<String>)> {
        let findings = audit(&example(config).expect("a config"));
        let finding = findings.into_iter().find(|finding| finding.id == "harden.session.dm_shared")?;
        Some((finding.severity, finding.hit.paths.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn one_sender_shares_with_nobody() {
        assert_eq!(found("{}"), None);
        assert_eq!(found(r#"{channels: {telegram: {dmPolicy: "allowlist", allowFrom: [7, "7"]}}}"#), None);
        let off = r#"{channels: {telegram: {enabled: false, allowFrom: ["1", "2"]}}}"#;
        assert_eq!(found(off), None);
    }

    #[test]
    fn several_senders_are_a_warning_and_pairing_leaves_it_open() {
        let severity = |channel: &str| found(&format!("{{channels: {{{channel}}}}}")).map(|found| found.0);
        assert_eq!(severity(r#"telegram: {allowFrom: ["*"]}"#), Some(Severity::Warn));
        assert_eq!(
            severity(r#"matrix: {dm: {policy: "allowlist", allowFrom: ["@a:x", "@b:x"]}}"#),
            Some(Severity::Warn)
        );
        assert_eq!(severity("telegram: {}"), Some(Severity::Info));
    }

    #[test]
    fn a_binding_that_shares_is_found_beside_a_global_scope_that_does_not() {
        let config = r#"{channels: {telegram: {allowFrom: ["1", "2"]}}, session: {dmScope: "per-peer"},
            bindings: [{agentId: "main", match: {channel: "telegram"}, session: {dmScope: "main"}}]}"#;
        assert_eq!(found(config).map(|found| found.1), Some(vec!["bindings[0].session.dmScope".to_owned()]));
    }
}
