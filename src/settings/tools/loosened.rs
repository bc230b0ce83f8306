//! What a change would loosen: the reach of tools, the walls of sandboxes, the view into other sessions.

use super::context::{Docker, Elevated, Mode, ToolContext};
use super::reach::{Reach, Session, tools};
use crate::settings::Settings;
use std::collections::{BTreeMap, BTreeSet};

/// Something that a change would loosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// The agent; none where it is all of them.
    pub agent: Option<String>,
    /// What: a tool with its session, or a key.
    pub what: String,
    /// How it was.
    pub before: String,
    /// How it would be.
    pub after: String,
}

/// Is everything about tools and sandboxes that the second settings let through and the first did not.
///
/// An agent that is new is measured against one that has no settings of its own.
pub fn loosened(before: &Settings, after: &Settings) -> Vec<Loosened> {
    let mut found = Vec::new();
    let universe: BTreeSet<String> = tools(before).union(&tools(after)).cloned().collect();
    let providers: BTreeSet<String> = before.tool_providers().union(&after.tool_providers()).cloned().collect();
    for agent in after.agents() {
        for provider in std::iter::once(None).chain(providers.iter().map(Some)) {
            let provider = provider.map(String::as_str);
            let was =
                before.tool_context_for(agent.id, provider).unwrap_or_else(|| before.default_tool_context(provider));
            let Some(now) = after.tool_context_for(agent.id, provider) else {
                continue;
            };
            let mut say = |what: String, before: String, after: String| {
                found.push(Loosened { agent: Some(agent.id.to_owned()), what, before, after });
            };
            for session in Session::ALL {
                for tool in &universe {
                    let old = Reach::from(&was.decide(tool, session));
                    let new = Reach::from(&now.decide(tool, session));
                    if !new.no_looser_than(old) {
                        let what = format!("{tool} in {session:?}");
                        say(what, format!("{old:?}"), format!("{new:?}"));
                    }
                }
            }
            if provider.is_none() {
                compare_contexts(&was, &now, &mut say);
            }
        }
    }
    compare_sessions(before, after, &mut found);
    found
}

fn compare_contexts(was: &ToolContext, now: &ToolContext, say: &mut impl FnMut(String, String, String)) {
    if !elevated_no_looser(&now.elevated, &was.elevated) {
        let old = format!("{:?}", was.elevated);
        say("tools.elevated".into(), old, format!("{:?}", now.elevated));
    }
    for (key, new, old) in [
        ("safeBins", &now.exec.safe_bins, &was.exec.safe_bins),
        ("safeBinTrustedDirs", &now.exec.safe_bin_dirs, &was.exec.safe_bin_dirs),
    ] {
        if !new.is_subset(old) {
            let what = format!("tools.exec.{key}");
            say(what, format!("{old:?}"), format!("{new:?}"));
        }
    }
    // Where no session was in a sandbox, any sandbox is tighter.
    if was.sandbox.mode == Mode::Off || now.sandbox.mode == Mode::Off {
        return;
    }
    let scope = |scope: &str| ["session", "agent", "shared"].iter().position(|s| *s == scope);
    if scope(&now.sandbox.scope) > scope(&was.sandbox.scope) {
        let (old, new) = (was.sandbox.scope.clone(), now.sandbox.scope.clone());
        say("sandbox.scope".into(), old, new);
    }
    if now.sandbox.backend != was.sandbox.backend {
        let (old, new) = (was.sandbox.backend.clone(), now.sandbox.backend.clone());
        say("sandbox.backend".into(), old, new);
    }
    if let Some(key) = looser_container(&now.sandbox.docker, &was.sandbox.docker) {
        let old = format!("{:?}", was.sandbox.docker);
        let new = format!("{:?}", now.sandbox.docker);
        say(format!("sandbox.docker.{key}"), old, new);
    }
}

/// Is the first key of the container that lets more through than before.
fn looser_container(now: &Docker, was: &Docker) -> Option<&'static str> {
    let joins = |network: &str| {
        let network = network.trim().to_lowercase();
        network == "host" || network.starts_with("container:")
    };
    let unconfined = |profile: &Option<String>| profile.as_deref() == Some("unconfined");
    let is_root =
        |user: &Option<String>| matches!(user.as_deref().map(str::trim), None | Some("" | "root" | "0" | "0:0"));
    let had = |bind: &String| {
        let bare = bind.strip_suffix(":ro").unwrap_or(bind);
        let writable = format!("{bare}:rw");
        let known = |spec: &str| was.binds.iter().any(|old| old == spec);
        known(bind) || bare != bind && (known(bare) || known(&writable))
    };
    let network = now.network == was.network || now.network == "none" || joins(&was.network) && !joins(&now.network);
    let cap_drop = now.cap_drop.contains("ALL") || now.cap_drop.is_superset(&was.cap_drop);
    let user = now.user == was.user || is_root(&was.user);
    let seccomp = now.seccomp_profile == was.seccomp_profile || unconfined(&was.seccomp_profile);
    let apparmor = now.apparmor_profile == was.apparmor_profile || unconfined(&was.apparmor_profile);
    [
        (network, "network"),
        (cap_drop, "capDrop"),
        (now.read_only_root || !was.read_only_root, "readOnlyRoot"),
        (user, "user"),
        (seccomp, "seccompProfile"),
        (apparmor, "apparmorProfile"),
        (now.binds.iter().all(had), "binds"),
        (now.dangerous.is_subset(&was.dangerous), "dangerouslyAllow"),
    ]
    .into_iter()
    .find_map(|(fine, key)| (!fine).then_some(key))
}

fn elevated_no_looser(now: &Elevated, was: &Elevated) -> bool {
    type Senders = BTreeMap<String, BTreeSet<String>>;
    let within = |now: &Senders, was: &Senders| {
        now.iter().all(|(channel, senders)| {
            let old = was.get(channel);
            senders.is_empty() || old.is_some_and(|old| old.contains("*") || senders.is_subset(old))
        })
    };
    let agent_within = match (&now.agent_allow_from, &was.agent_allow_from) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(now), Some(was)) => within(now, was),
    };
    !now.enabled || was.enabled && within(&now.allow_from, &was.allow_from) && agent_within
}

/// Compares which other sessions can be looked into.
fn compare_sessions(before: &Settings, after: &Settings, found: &mut Vec<Loosened>) {
    let visibility = |settings: &Settings| {
        let word = settings.str("tools.sessions.visibility").unwrap_or("all");
        let word = word.trim().to_lowercase();
        ["self", "tree", "agent"].iter().position(|w| *w == word).unwrap_or(3)
    };
    let unclamped = |settings: &Settings| settings.str("agents.defaults.sandbox.sessionToolsVisibility") == Some("all");
    let to_agents = |settings: &Settings| !settings.is_false("tools.agentToAgent.enabled");
    let named = |settings: &Settings| -> Option<BTreeSet<String>> {
        let list = settings.list("tools.agentToAgent.allow");
        (!list.is_empty()).then(|| list.into_iter().map(str::to_owned).collect())
    };
    let allowed = match (named(after), named(before)) {
        (_, None) => true,
        (None, Some(_)) => !to_agents(after),
        (Some(now), Some(was)) => was.contains("*") || now.is_subset(&was),
    };
    for (fine, what) in [
        (visibility(after) <= visibility(before), "tools.sessions.visibility"),
        (!unclamped(after) || unclamped(before), "agents.defaults.sandbox.sessionToolsVisibility"),
        (to_agents(before) || !to_agents(after), "tools.agentToAgent.enabled"),
        (allowed, "tools.agentToAgent.allow"),
    ] {
        if !fine {
            let shown = |settings: &Settings| format!("{:?}", settings.get(what));
            found.push(Loosened { agent: None, what: what.to_owned(), before: shown(before), after: shown(after) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn load(source: Value) -> Settings {
        Settings::load(source, Default::default())
    }

    fn loosens(before: Value, after: Value) -> Vec<String> {
        let found = loosened(&load(before), &load(after));
        found.into_iter().map(|loosened| loosened.what).collect()
    }

    #[test]
    fn tightening_loosens_nothing() {
        let none = Vec::<String>::new();
        for after in [
            json!({"tools": {"deny": ["exec"]}}),
            json!({"tools": {"profile": "messaging"}}),
            json!({"tools": {"exec": {"mode": "ask"}, "fs": {"workspaceOnly": true}}}),
            json!({"agents": {"defaults": {"sandbox": {"mode": "all", "workspaceAccess": "rw"}}}}),
            json!({"tools": {"elevated": {"enabled": false}, "sessions": {"visibility": "self"}}}),
        ] {
            assert_eq!(loosens(json!({}), after.clone()), none, "{after}");
        }
    }

    #[test]
    fn another_profile_is_not_simply_tighter() {
        let profile = |name: &str| json!({"tools": {"profile": name}});
        let found = loosens(profile("coding"), profile("messaging"));
        assert_eq!(found, ["message in Main", "message in Other"]);
    }

    #[test]
    fn what_is_loosened_is_found_wherever_it_is() {
        let sandboxed = |docker: Value| json!({"agents": {"defaults": {"sandbox": {"mode": "all", "docker": docker}}}});
        let one = |before, after| loosens(before, after).first().cloned();
        assert_eq!(
            one(sandboxed(json!({})), sandboxed(json!({"network": "bridge"}))).as_deref(),
            Some("sandbox.docker.network")
        );
        assert_eq!(
            one(sandboxed(json!({})), sandboxed(json!({"binds": ["/a:/a"]}))).as_deref(),
            Some("sandbox.docker.binds")
        );
        let by = |deny: Value| json!({"tools": {"byProvider": {"openai": {"deny": deny}}}});
        assert_eq!(one(by(json!(["exec"])), by(json!([]))).as_deref(), Some("exec in Main"));
        assert_eq!(one(json!({"tools": {"deny": ["my_tool"]}}), json!({})).as_deref(), Some("my_tool in Main"));
        assert_eq!(
            one(json!({"tools": {"elevated": {"enabled": false}}}), json!({})).as_deref(),
            Some("tools.elevated")
        );
    }

    #[test]
    fn a_bind_that_becomes_read_only_is_no_looser() {
        let with =
            |bind: &str| json!({"agents": {"defaults": {"sandbox": {"mode": "all", "docker": {"binds": [bind]}}}}});
        assert_eq!(loosens(with("/a:/a"), with("/a:/a:ro")), Vec::<String>::new());
        assert_eq!(loosens(with("/a:/a:ro"), with("/a:/a")), ["sandbox.docker.binds"]);
    }
}
