//! Who may call what: one tool for every kind of caller, and the key that decides.

use super::catalogue::catalogue;
use super::context::ToolContext;
use super::policy::{Layer, Policy};
use super::reach::{Approval, Decision, Place, Session};
use crate::document::Path;
use crate::settings::Settings;
use serde_json::Value;
use std::collections::BTreeMap;

/// Who speaks to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sender {
    /// Somebody in `commands.ownerAllowFrom`, or the operator at the Control UI.
    Owner,
    /// Anybody else who is let in.
    Other,
    /// Somebody whom `toolsBySender` names, as in `id:42`; no owner.
    Listed(String),
    /// Somebody on this channel whom `tools.elevated.allowFrom` lets ask for elevated exec; no owner.
    Elevated(String),
}

/// One who calls a tool, and from where.
#[derive(Clone, Copy)]
pub struct Caller<'c> {
    /// The kind of session.
    pub session: Session,
    /// Who writes in it.
    pub sender: &'c Sender,
    /// The `tools` of the group that it is, where the channel has any for it.
    pub group: Option<&'c Policy>,
}

/// What one tool does for one kind of caller of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The agent.
    pub agent: String,
    /// The kinds of session for which it is the same.
    pub sessions: Vec<Session>,
    /// Whether they run in a sandbox.
    pub sandboxed: bool,
    /// The senders for whom it is the same.
    pub senders: Vec<Sender>,
    /// The provider or model, as `byProvider` has it; none for any other.
    pub provider: Option<String>,
    /// What is decided, its key as the file has it.
    pub decision: Decision,
}

/// `toolsBySender`: the agent's entries, then the global ones, by the key under which a sender is found.
#[derive(Clone, Debug, Default)]
pub(super) struct BySender {
    sections: Vec<BTreeMap<String, Option<Policy>>>,
}

impl BySender {
    /// Reads the sections of an agent's tools and of the global ones.
    pub fn read(sections: [(Option<&Path>, Option<&Value>); 2]) -> Self {
        let sections = sections.into_iter().filter_map(|(at, tools)| {
            let at = at?.key("toolsBySender");
            let entries = tools?.get("toolsBySender")?.as_object()?;
            let mut found = BTreeMap::new();
            for (key, section) in entries.iter().filter(|(_, section)| section.is_object()) {
                let sender = sender_key(key);
                let policy = Policy::of_section(Layer::Sender, &at.key(key.as_str()), Some(section));
                // Of several spellings of one sender the first counts, of the wildcard the last.
                if sender == "*" || !found.contains_key(&sender) {
                    found.insert(sender, policy);
                }
            }
            Some(found)
        });
        BySender { sections: sections.collect() }
    }

    /// Is the layer for a sender: the first section that has one decides, its wildcard included.
    fn policy(&self, sender: &Sender) -> Option<&Policy> {
        let named = match sender {
            Sender::Listed(key) => Some(key.as_str()),
            _ => None,
        };
        let of = |section: &'_ BTreeMap<String, Option<Policy>>| {
            named.is_some_and(|key| section.contains_key(key)) || section.contains_key("*")
        };
        let section = self.sections.iter().find(|section| of(section))?;
        named.and_then(|key| section.get(key)).or_else(|| section.get("*"))?.as_ref()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().flat_map(BTreeMap::keys).map(String::as_str).filter(|key| *key != "*")
    }
}

/// Is the form in which a key of `toolsBySender` is compared: without a prefix it is an id.
fn sender_key(key: &str) -> String {
    const KINDS: [&str; 5] = ["channel:", "id:", "e164:", "username:", "name:"];
    let key = key.trim().to_lowercase();
    if key == "*" || KINDS.iter().any(|kind| key.starts_with(kind)) {
        return key.replace("username:@", "username:");
    }
    format!("id:{}", key.trim_start_matches('@'))
}

impl ToolContext {
    /// Decides on one tool for one caller, as the running gateway does.
    pub fn decide_for(&self, tool: &str, caller: Caller) -> Decision {
        let tool = catalogue().normal_name(tool);
        let more: Vec<&Policy> = caller.group.into_iter().chain(self.by_sender.policy(caller.sender)).collect();
        let mut decision = self.decide_with(&tool, caller.session, &more);
        if !decision.allowed {
            return decision;
        }
        if *caller.sender != Sender::Owner && catalogue().owner_only.iter().any(|owned| *owned == tool) {
            decision.allowed = false;
            decision.approval = Approval::Denied;
            decision.layer = Layer::Owner;
            decision.key = Path::from("commands.ownerAllowFrom");
            decision.entry = None;
        }
        if let Sender::Elevated(channel) = caller.sender
            && tool == "exec"
            && decision.place == Place::Sandbox
        {
            self.elevate(&mut decision, channel);
        }
        decision
    }

    /// Takes exec out of the sandbox, onto the gateway's machine.
    fn elevate(&self, decision: &mut Decision, channel: &str) {
        let outside = ToolContext { sandbox: Default::default(), ..self.clone() };
        let mut elevated = outside.decide_with("exec", Session::Main, &[]);
        elevated.allowed = true;
        elevated.place = Place::Gateway;
        outside.decide_by_exec(&mut elevated, false);
        if elevated.allowed {
            elevated.layer = Layer::Elevated;
            elevated.key = Path::from("tools.elevated.allowFrom").key(channel);
            elevated.entry = None;
        }
        *decision = elevated;
    }

    /// Is the channels on which somebody may ask for elevated exec.
    pub fn elevated_channels(&self) -> impl Iterator<Item = &str> {
        let elevated = &self.elevated;
        let own = elevated.agent_allow_from.as_ref();
        let lets =
            move |channel: &str| own.is_none_or(|own| own.get(channel).is_some_and(|senders| !senders.is_empty()));
        let channels = elevated.allow_from.iter().filter(|(_, senders)| !senders.is_empty());
        channels.map(|(channel, _)| channel.as_str()).filter(move |channel| elevated.enabled && lets(channel))
    }

    /// Is everybody who may be treated otherwise than others, owners first.
    pub fn senders(&self) -> Vec<Sender> {
        let mut senders = vec![Sender::Owner, Sender::Other];
        for name in self.by_sender.names() {
            let listed = Sender::Listed(name.to_owned());
            if !senders.contains(&listed) {
                senders.push(listed);
            }
        }
        senders.extend(self.elevated_channels().map(|channel| Sender::Elevated(channel.to_owned())));
        senders
    }
}

impl Settings {
    /// Is what one tool does for every kind of caller of an agent; none where there is no such agent. Callers for whom
    /// it is the same stand together.
    pub fn permissions(&self, agent: &str, tool: &str) -> Option<Vec<Permission>> {
        let mut found: Vec<Permission> = Vec::new();
        let providers = self.providers_of(agent);
        for provider in std::iter::once(None).chain(providers.iter().map(Some)) {
            let context = self.tool_context_for(agent, provider.map(String::as_str))?;
            let mut own: Vec<Permission> = Vec::new();
            for session in Session::ALL {
                let sandboxed = context.is_sandboxed(session);
                for sender in context.senders() {
                    if matches!(sender, Sender::Elevated(_)) && (!sandboxed || tool != "exec") {
                        continue;
                    }
                    let mut decision = context.decide_for(tool, Caller { session, sender: &sender, group: None });
                    decision.key = self.file_path(&decision.key);
                    let same = |known: &&mut Permission| known.decision == decision && known.sessions == [session];
                    match own.iter_mut().find(same) {
                        Some(known) => known.senders.push(sender),
                        None => own.push(Permission {
                            agent: agent.to_owned(),
                            sessions: vec![session],
                            sandboxed,
                            senders: vec![sender],
                            provider: provider.cloned(),
                            decision,
                        }),
                    }
                }
            }
            // What holds for the same senders in both kinds of session is said once.
            for permission in own {
                let same = |known: &&mut Permission| {
                    known.provider == permission.provider
                        && known.senders == permission.senders
                        && known.sandboxed == permission.sandboxed
                        && known.decision == permission.decision
                };
                match found.iter_mut().find(same) {
                    Some(known) => known.sessions.extend(permission.sessions),
                    None => found.push(permission),
                }
            }
        }
        // A provider is worth a line where it changes something.
        let general: Vec<Permission> = found.iter().filter(|one| one.provider.is_none()).cloned().collect();
        found.retain(|one| {
            one.provider.is_none()
                || !general.iter().any(|known| Permission { provider: one.provider.clone(), ..known.clone() } == *one)
        });
        Some(found)
    }

    /// Is the providers and models that the `byProvider` sections name that hold for an agent.
    pub fn providers_of(&self, agent: &str) -> Vec<String> {
        let own = Path::from("agents.entries").key(agent).join("tools.byProvider");
        let sections = [Path::from("tools.byProvider"), own];
        let mut keys: Vec<String> = Vec::new();
        for key in sections.iter().filter_map(|at| self.at(at)?.as_object()).flat_map(|section| section.keys()) {
            let key = key.trim().to_lowercase();
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn load(source: Value) -> Settings {
        Settings::load(source, Default::default())
    }

    fn decided(source: Value, tool: &str, sender: Sender) -> (bool, Layer, String) {
        let settings = load(source);
        let context = settings.tool_context_for("main", None).expect("it is there");
        let decision = context.decide_for(tool, Caller { session: Session::Other, sender: &sender, group: None });
        (decision.allowed, decision.layer, decision.key.to_string())
    }

    fn listed(key: &str) -> Sender {
        Sender::Listed(key.to_owned())
    }

    #[test]
    fn what_controls_the_gateway_is_kept_for_owners() {
        for tool in ["gateway", "plugins", "cron", "nodes", "terminal"] {
            assert!(decided(json!({}), tool, Sender::Owner).0, "{tool}");
            let refused = (false, Layer::Owner, "commands.ownerAllowFrom".to_owned());
            assert_eq!(decided(json!({}), tool, Sender::Other), refused, "{tool}");
        }
        assert!(decided(json!({}), "exec", Sender::Other).0);
    }

    #[test]
    fn a_senders_own_lists_stand_before_the_wildcard() {
        let source =
            json!({"tools": {"toolsBySender": {"*": {"deny": ["exec"]}, "id:42": {"deny": ["read"]}, "@7": {}}}});
        let by = |sender| decided(source.clone(), "exec", sender);
        assert_eq!(
            by(Sender::Other),
            (false, Layer::Sender, r#"tools.toolsBySender["*"].deny"#.replace("[\"*\"]", ".*"))
        );
        assert!(by(listed("id:42")).0 && by(listed("id:7")).0);
        assert!(!decided(source.clone(), "read", listed("id:42")).0);
    }

    #[test]
    fn an_agents_wildcard_hides_the_global_senders() {
        let source = json!({
            "tools": {"toolsBySender": {"id:42": {"deny": ["exec"]}}},
            "agents": {"entries": {"main": {"tools": {"toolsBySender": {"*": {"deny": ["read"]}}}}}},
        });
        assert!(decided(source.clone(), "exec", listed("id:42")).0);
        assert!(!decided(source, "read", listed("id:42")).0);
    }

    #[test]
    fn elevated_takes_exec_out_of_the_sandbox_for_those_who_are_listed() {
        let source = json!({
            "agents": {"defaults": {"sandbox": {"mode": "all"}}},
            "tools": {"elevated": {"allowFrom": {"telegram": ["42"], "slack": []}}, "exec": {"mode": "ask"}},
        });
        let settings = load(source);
        let permissions = settings.permissions("main", "exec").expect("it is there");
        let elevated: Vec<&Permission> =
            permissions.iter().filter(|one| one.decision.layer == Layer::Elevated).collect();
        assert_eq!(elevated.len(), 1);
        assert_eq!(elevated[0].senders, [Sender::Elevated("telegram".into())]);
        let decision = &elevated[0].decision;
        assert_eq!((decision.place, decision.approval), (Place::Gateway, Approval::OnMiss));
        assert_eq!(decision.key.to_string(), "tools.elevated.allowFrom.telegram");
    }

    #[test]
    fn callers_for_whom_it_is_the_same_stand_together() {
        let one = load(json!({})).permissions("main", "exec").expect("it is there");
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].sessions, Session::ALL);
        assert_eq!(one[0].senders, [Sender::Owner, Sender::Other]);
        let boxed = load(json!({"agents": {"defaults": {"sandbox": {"mode": "non-main"}}}}));
        assert_eq!(boxed.permissions("main", "exec").expect("it is there").len(), 2);
        let owner = load(json!({})).permissions("main", "gateway").expect("it is there");
        assert_eq!(owner.len(), 2);
        assert!(load(json!({})).permissions("nobody", "exec").is_none());
    }

    #[test]
    fn a_provider_is_told_apart_where_it_changes_something() {
        let settings = load(json!({"tools": {"byProvider": {"openai": {"deny": ["exec"]}}}}));
        let exec = settings.permissions("main", "exec").expect("it is there");
        assert_eq!(exec.iter().map(|one| one.provider.as_deref()).collect::<Vec<_>>(), [None, Some("openai")]);
        assert_eq!(settings.permissions("main", "read").expect("it is there").len(), 1);
    }

    #[test]
    fn a_key_is_told_as_the_file_has_it() {
        let settings = load(json!({"agents": {"list": [{"id": "family", "tools": {"deny": ["exec"]}}]}}));
        let exec = settings.permissions("family", "exec").expect("it is there");
        assert_eq!(exec[0].decision.key.to_string(), "agents.list[0].tools.deny");
    }
}
