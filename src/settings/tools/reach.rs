//! What an agent can really call, where it runs and who is asked: for one tool, and compared before and after a change.

use super::catalogue::{MCP_TOOL, PLUGIN_TOOL, catalogue};
use super::context::{Ask, ExecMode, Mode, Security, ToolContext};
use super::known::Tool;
use super::policy::{Layer, Policy, Verdict, View};
use crate::document::Path;
use crate::settings::Settings;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A kind of session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Session {
    /// The agent's main session.
    Main,
    /// Any other: groups, threads, sub-agents, hooks.
    Other,
}

impl Session {
    /// Both kinds.
    pub const ALL: [Session; 2] = [Session::Main, Session::Other];
}

/// Where a tool does its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// In the sandbox.
    Sandbox,
    /// On the machine of the gateway.
    Gateway,
    /// On a paired device.
    Node,
}

/// Who is asked before a tool works. For tools other than exec nobody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Approval {
    /// Every call is refused.
    Denied,
    /// Approved commands run; others are refused.
    Listed,
    /// Somebody is asked before each command.
    Always,
    /// Approved commands run; somebody is asked before others.
    OnMiss,
    /// Approved commands run; others go by a reviewing model.
    Reviewed,
    /// Nobody is asked.
    None,
}

impl Approval {
    /// Whether everything that runs under it ran under `before` with no more asking.
    pub fn no_looser_than(self, before: Approval) -> bool {
        match (self, before) {
            // Those who are asked may let a command through that the list refuses, and the list lets through unasked.
            (Approval::Listed, Approval::Always) | (Approval::Always, Approval::Listed) => false,
            _ => self <= before,
        }
    }
}

/// The files that a tool touches, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Files {
    /// None.
    None,
    /// A folder of the sandbox's own.
    Own,
    /// That, and the agent's workspace for reading.
    ReadOnly,
    /// The agent's workspace.
    Workspace,
    /// Whatever the gateway's user can touch.
    Host,
}

/// What one tool can do in one kind of session of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it can be called and does something.
    pub allowed: bool,
    /// The layer that decides: the first that refuses it, or the last that names it.
    pub layer: Layer,
    /// The loaded key that decides. With [`Layer::None`], the key that would.
    pub key: Path,
    /// The entry of that list which decides, as written: a name, a group, a pattern. None where it is no list, or
    /// where the list refuses it by leaving it out.
    pub entry: Option<String>,
    /// Where it works.
    pub place: Place,
    /// Who is asked first.
    pub approval: Approval,
    /// The files that it touches.
    pub files: Files,
}

/// How far one tool reaches: the part of a [`Decision`] that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// It cannot be called.
    Nowhere,
    /// It can be called.
    At(Place, Approval, Files),
}

impl Reach {
    /// Whether everything that it can do could be done before, on no closer a host and with no less approval.
    pub fn no_looser_than(self, before: Reach) -> bool {
        match (self, before) {
            (Reach::Nowhere, _) => true,
            (_, Reach::Nowhere) => false,
            (Reach::At(place, approval, files), Reach::At(was_place, was_approval, was_files)) => {
                (place == was_place || place == Place::Sandbox)
                    && approval.no_looser_than(was_approval)
                    && files <= was_files
            }
        }
    }
}

impl From<&Decision> for Reach {
    fn from(decision: &Decision) -> Self {
        match decision.allowed {
            true => Reach::At(decision.place, decision.approval, decision.files),
            false => Reach::Nowhere,
        }
    }
}

/// Whose reach it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReachKey {
    /// The agent.
    pub agent: String,
    /// The kind of session.
    pub session: Session,
    /// The provider or model, as in `openai` or `openai/gpt-5`; none for one that no `byProvider` names.
    pub provider: Option<String>,
    /// The tool.
    pub tool: String,
}

/// The tools that touch files.
const FILE_TOOLS: [&str; 6] = ["ls", "read", "write", "edit", "apply_patch", "view_image"];
/// The tools that change files.
const WRITING_TOOLS: [&str; 3] = ["write", "edit", "apply_patch"];
/// The tools that work on paired devices.
const NODE_TOOLS: [&str; 3] = ["nodes", "mobile_ui", "canvas"];

impl ToolContext {
    /// Whether sessions of this kind run in a sandbox.
    pub fn is_sandboxed(&self, session: Session) -> bool {
        match self.sandbox.mode {
            Mode::Off => false,
            Mode::NonMain => session == Session::Other,
            Mode::All => true,
        }
    }

    /// Decides on one tool in one kind of session, as the running gateway does.
    ///
    /// What only the running program knows (plugins that are not installed, sub-agents' narrower
    /// lists, rules for single senders and groups) is left out; all of it can only take away.
    pub fn decide(&self, tool: &str, session: Session) -> Decision {
        self.decide_with(tool, session, &[])
    }

    /// Decides with the lists for a group or a sender beside those for all.
    pub(super) fn decide_with(&self, tool: &str, session: Session, more: &[&Policy]) -> Decision {
        let known = Tool::of(tool);
        let tool = known.name.as_ref();
        let sandboxed = self.is_sandboxed(session);
        let mut decision = Decision {
            allowed: true,
            layer: Layer::None,
            key: self.at.key("deny"),
            entry: None,
            place: self.place(tool, sandboxed),
            approval: Approval::None,
            files: self.files(tool, sandboxed),
        };
        self.decide_by_lists(&mut decision, &known, sandboxed, more);
        if let Some((layer, key)) = self.refused_by_sandbox(tool, sandboxed).filter(|_| decision.allowed) {
            decision.allowed = false;
            decision.layer = layer;
            decision.key = self.sandbox_at.key(key);
            decision.entry = None;
        }
        if decision.allowed && tool == "exec" {
            self.decide_by_exec(&mut decision, sandboxed);
        }
        if !decision.allowed {
            decision.approval = Approval::Denied;
        }
        decision
    }

    /// Whether the tool can be called in any session of these kinds: what [`ToolContext::decide`] says, without saying why.
    pub fn allows(&self, tool: &str, sessions: &[Session]) -> bool {
        let known = Tool::of(tool);
        let mut sessions = sessions.iter();
        if known.name == "exec" {
            return sessions.any(|session| self.decide(tool, *session).allowed);
        }
        self.layers.iter().all(|policy| policy.lets_through(&known, View::Running))
            && sessions.any(|session| {
                !self.is_sandboxed(*session)
                    || self.sandbox_layer.lets_through(&known, View::Running)
                        && self.refused_by_sandbox(&known.name, true).is_none()
            })
    }

    fn decide_by_lists(&self, decision: &mut Decision, tool: &Tool, sandboxed: bool, more: &[&Policy]) {
        let layers = self.layers.iter().map(Arc::as_ref).chain(more.iter().copied());
        let mut decides = None;
        for policy in layers.chain(sandboxed.then_some(self.sandbox_layer.as_ref())) {
            let (allowed, entry, named) = match policy.verdict(tool, View::Running) {
                Verdict::Silent => continue,
                Verdict::Allowed(entry) => (true, entry, true),
                Verdict::Denied(entry) => (false, entry, true),
                Verdict::NotAllowed(first) => (false, first, false),
            };
            decides = Some((policy.layer, entry, named));
            decision.allowed = allowed;
            if !allowed {
                break;
            }
        }
        let Some((layer, entry, named)) = decides else {
            return;
        };
        let is_list = entry.key.last_key() != Some("profile");
        let widened = layer == Layer::Profile && is_list;
        decision.layer = if widened && decision.allowed { Layer::AlsoAllow } else { layer };
        decision.key = entry.key.clone();
        decision.entry = (named && is_list).then(|| entry.written().to_owned());
    }

    /// Is what else of a sandbox refuses a tool, and the key that says so.
    fn refused_by_sandbox(&self, tool: &str, sandboxed: bool) -> Option<(Layer, &'static str)> {
        let sandbox = &self.sandbox;
        if !sandboxed {
            None
        } else if sandbox.workspace_access == "ro" && WRITING_TOOLS.contains(&tool) {
            Some((Layer::ReadOnly, "workspaceAccess"))
        } else if tool == "browser" && !sandbox.browser && !sandbox.browser_on_host {
            Some((Layer::Sandbox, "browser"))
        } else {
            None
        }
    }

    pub(super) fn decide_by_exec(&self, decision: &mut Decision, sandboxed: bool) {
        let exec = &self.exec;
        let homeless = exec.host == "sandbox" && !sandboxed;
        let own = exec.security.unwrap_or(Security::Full);
        let auto = exec.mode == Some(ExecMode::Auto);
        decision.approval = match (exec.security, decision.place) {
            _ if homeless => Approval::Denied,
            (Some(Security::Deny), _) => Approval::Denied,
            // In a sandbox only a plain refusal counts.
            (_, Place::Sandbox) => Approval::None,
            _ => approval(own, exec.ask, auto),
        };
        if decision.approval == Approval::Denied {
            decision.allowed = false;
            decision.layer = Layer::Exec;
            decision.entry = None;
            decision.key = match homeless {
                true => exec.host_key.clone(),
                false => exec.key.clone(),
            };
        } else if decision.place != Place::Sandbox {
            self.decide_by_approvals(decision, own, auto);
        }
    }

    /// Lets the exec approvals narrow what the config lets run on a host: the stricter of the two counts.
    fn decide_by_approvals(&self, decision: &mut Decision, own: Security, auto: bool) {
        let exec = &self.exec;
        let security = self.limit.security.as_ref().filter(|(security, _)| *security < own);
        let ask = self.limit.ask.as_ref().filter(|(ask, _)| *ask > exec.ask);
        let narrowed = approval(
            security.map_or(own, |(security, _)| *security),
            ask.map_or(exec.ask, |(ask, _)| *ask),
            auto && ask.is_none(),
        );
        if narrowed == decision.approval {
            return;
        }
        let places = security.map(|(_, place)| place).into_iter().chain(ask.map(|(_, place)| place));
        decision.entry = Some(places.map(String::as_str).collect::<Vec<_>>().join(", "));
        decision.key = exec.key.clone();
        decision.layer = Layer::Approvals;
        decision.approval = narrowed;
        decision.allowed = narrowed != Approval::Denied;
    }

    fn place(&self, tool: &str, sandboxed: bool) -> Place {
        match tool {
            "exec" | "process" => match self.exec.host.as_str() {
                "node" => Place::Node,
                "auto" | "sandbox" if sandboxed => Place::Sandbox,
                _ => Place::Gateway,
            },
            "browser" if sandboxed && !self.sandbox.browser_on_host => Place::Sandbox,
            tool if sandboxed && FILE_TOOLS.contains(&tool) => Place::Sandbox,
            tool if NODE_TOOLS.contains(&tool) => Place::Node,
            _ => Place::Gateway,
        }
    }

    fn files(&self, tool: &str, sandboxed: bool) -> Files {
        let runs = matches!(tool, "exec" | "process");
        if !runs && !FILE_TOOLS.contains(&tool) {
            return Files::None;
        }
        if self.place(tool, sandboxed) == Place::Sandbox {
            return match self.sandbox.workspace_access.as_str() {
                "rw" => Files::Workspace,
                "ro" => Files::ReadOnly,
                _ => Files::Own,
            };
        }
        let kept_in = !runs && self.workspace_only || tool == "apply_patch" && self.exec.patches_workspace_only;
        if kept_in { Files::Workspace } else { Files::Host }
    }
}

/// Is who is asked before a command runs on a host.
fn approval(security: Security, ask: Ask, auto: bool) -> Approval {
    match (security, ask) {
        (Security::Deny, _) => Approval::Denied,
        (_, Ask::Always) => Approval::Always,
        (Security::Full, _) => Approval::None,
        (Security::Allowlist, _) if auto => Approval::Reviewed,
        (Security::Allowlist, Ask::OnMiss) => Approval::OnMiss,
        (Security::Allowlist, Ask::Off) => Approval::Listed,
    }
}

/// Is how far every tool of every agent reaches: built-in ones, those of the plugins that come with OpenClaw, a stand-in
/// for any other plugin's and any MCP server's, and whatever else the lists name.
pub fn effective(settings: &Settings) -> BTreeMap<ReachKey, Reach> {
    reach_of(settings, &tools(settings), &settings.tool_providers())
}

fn reach_of(settings: &Settings, tools: &BTreeSet<String>, providers: &BTreeSet<String>) -> BTreeMap<ReachKey, Reach> {
    let mut reach = BTreeMap::new();
    for agent in settings.agents() {
        for provider in std::iter::once(None).chain(providers.iter().map(Some)) {
            let provider = provider.map(String::as_str);
            let Some(context) = settings.tool_context_for(agent.id, provider) else {
                continue;
            };
            for session in Session::ALL {
                for tool in tools {
                    let key = ReachKey {
                        agent: agent.id.to_owned(),
                        session,
                        provider: provider.map(str::to_owned),
                        tool: tool.clone(),
                    };
                    reach.insert(key, Reach::from(&context.decide(tool, session)));
                }
            }
        }
    }
    reach
}

/// Is every tool that is worth looking at. A pattern stands for the name with its stars left out.
pub(super) fn tools(settings: &Settings) -> BTreeSet<String> {
    let catalogue = catalogue();
    let mut tools: BTreeSet<String> = catalogue.tools.iter().cloned().collect();
    tools.extend(catalogue.plugin_tools.values().flatten().cloned());
    tools.extend([PLUGIN_TOOL.to_owned(), MCP_TOOL.to_owned()]);
    let named = settings.tool_lists().into_iter().flat_map(|list| list.1);
    tools.extend(
        named
            .map(|name| catalogue.normal(name).replace('*', ""))
            .filter(|name| !name.is_empty() && !name.starts_with("group:")),
    );
    tools
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Approvals, Facts};
    use serde_json::{Value, json};

    fn load(source: Value) -> Settings {
        Settings::load(source, Default::default())
    }

    fn decide(source: Value, tool: &str, session: Session) -> Decision {
        let settings = load(source);
        let context = settings.tool_context_for("main", None).expect("it is there");
        context.decide(tool, session)
    }

    fn decided(source: Value, tool: &str) -> (bool, Layer, String, Option<String>) {
        let decision = decide(source, tool, Session::Main);
        let key = decision.key.to_string();
        (decision.allowed, decision.layer, key, decision.entry)
    }

    #[test]
    fn whether_a_tool_is_allowed_is_told_as_it_is_decided() {
        let policies = [
            json!({}),
            json!({"profile": "coding", "deny": ["group:web", "sess*"]}),
            json!({"allow": ["write", "group:plugins", "own_*"], "exec": {"mode": "deny"}}),
            json!({"sandbox": {"tools": {"allow": ["*"], "deny": ["bundle-mcp", "read"]}}, "exec": {"host": "sandbox"}}),
        ];
        let sandboxes = ["off", "non-main", "all"].map(|mode| json!({"mode": mode, "workspaceAccess": "ro"}));
        for (tools_of, sandbox) in policies.iter().flat_map(|tools| sandboxes.iter().map(move |s| (tools, s))) {
            let settings = load(json!({"tools": tools_of, "agents": {"defaults": {"sandbox": sandbox}}}));
            let context = settings.tool_context_for("main", None).expect("it is there");
            for tool in tools(&settings).iter().map(String::as_str).chain(["own_tool", " BASH ", ""]) {
                for session in Session::ALL {
                    let decided = context.decide(tool, session).allowed;
                    assert_eq!(context.allows(tool, &[session]), decided, "{tool} {session:?} {tools_of} {sandbox}");
                }
            }
        }
    }

    #[test]
    fn nothing_configured_means_that_everything_runs_on_the_gateway_unasked() {
        let decision = decide(json!({}), "exec", Session::Main);
        assert!(decision.allowed);
        assert_eq!(decision.layer, Layer::None);
        assert_eq!(decision.place, Place::Gateway);
        assert_eq!(decision.approval, Approval::None);
        assert_eq!(decision.files, Files::Host);
    }

    #[test]
    fn the_first_layer_that_refuses_is_named_with_its_entry() {
        let deny = json!({"tools": {"profile": "coding", "deny": ["group:runtime"]}});
        let by_deny = (false, Layer::Global, "tools.deny".into(), Some("group:runtime".into()));
        assert_eq!(decided(deny, "exec"), by_deny);
        let profile = json!({"tools": {"profile": "messaging"}});
        let by_profile = (false, Layer::Profile, "tools.profile".into(), None);
        assert_eq!(decided(profile, "exec"), by_profile);
        let own = json!({"agents": {"entries": {"main": {"tools": {"allow": ["read"]}}}}});
        let key = "agents.entries.main.tools.allow".to_owned();
        assert_eq!(decided(own, "exec"), (false, Layer::Agent, key, None));
    }

    #[test]
    fn the_last_layer_that_names_an_allowed_tool_is_named() {
        let also = json!({"tools": {"profile": "minimal", "alsoAllow": ["group:fs"]}});
        let key = "tools.alsoAllow".to_owned();
        let (allowed, layer, at, entry) = decided(also, "read");
        assert!(allowed);
        assert_eq!((at, entry.as_deref()), (key, Some("group:fs")));
        assert!(matches!(layer, Layer::AlsoAllow | Layer::Global));
    }

    #[test]
    fn a_sandboxed_session_runs_its_own_tools_inside_and_the_rest_on_the_gateway() {
        let source = json!({"agents": {"defaults": {"sandbox": {"mode": "non-main"}}},
            "tools": {"sandbox": {"tools": {"alsoAllow": ["message"]}}}});
        let main = decide(source.clone(), "exec", Session::Main);
        let other = decide(source.clone(), "exec", Session::Other);
        assert_eq!((main.place, other.place), (Place::Gateway, Place::Sandbox));
        assert_eq!((main.files, other.files), (Files::Host, Files::Own));
        let message = decide(source.clone(), "message", Session::Other);
        assert_eq!((message.allowed, message.place), (true, Place::Gateway));
        assert!(!decide(source.clone(), "gateway", Session::Other).allowed);
        assert!(decide(source, "gateway", Session::Main).allowed);
    }

    #[test]
    fn a_read_only_workspace_takes_the_writing_tools_away() {
        let source = json!({"agents": {"defaults": {"sandbox": {"mode": "all", "workspaceAccess": "ro"}}}});
        let decision = decide(source.clone(), "apply_patch", Session::Main);
        assert_eq!((decision.allowed, decision.layer), (false, Layer::ReadOnly));
        let key = "agents.defaults.sandbox.workspaceAccess";
        assert_eq!(decision.key.to_string(), key);
        assert!(decide(source, "read", Session::Main).allowed);
    }

    #[test]
    fn exec_modes_decide_who_is_asked() {
        for (exec, approval) in [
            (json!({"mode": "deny"}), Approval::Denied),
            (json!({"mode": "allowlist"}), Approval::Listed),
            (json!({"mode": "ask"}), Approval::OnMiss),
            (json!({"mode": "auto"}), Approval::Reviewed),
            (json!({"mode": "full"}), Approval::None),
            (json!({"security": "full", "ask": "on-miss"}), Approval::None),
            (json!({"security": "full", "ask": "always"}), Approval::Always),
            (json!({"ask": "always"}), Approval::Always),
            (json!({"security": "allowlist", "ask": "always"}), Approval::Always),
        ] {
            let decision = decide(json!({"tools": {"exec": exec}}), "exec", Session::Main);
            assert_eq!(decision.approval, approval, "{exec}");
            assert_eq!(decision.allowed, approval != Approval::Denied);
        }
    }

    fn approved(config: Value, approvals: Value, session: Session) -> Decision {
        let facts = Facts { approvals: Some(Approvals::read(&approvals)), ..Facts::default() };
        let settings = Settings::load(config, Arc::new(facts));
        settings.tool_context_for("main", None).expect("it is there").decide("exec", session)
    }

    #[test]
    fn the_exec_approvals_narrow_what_the_config_lets_run_and_never_widen_it() {
        let full = json!({});
        for (exec, approvals, approval, entry) in [
            (json!({}), full.clone(), Approval::None, None),
            (json!({}), json!({"defaults": {"security": "deny"}}), Approval::Denied, Some("defaults.security")),
            (
                json!({}),
                json!({"agents": {"*": {"security": "allowlist", "ask": "on-miss"}}}),
                Approval::OnMiss,
                Some("agents.*.security, agents.*.ask"),
            ),
            (json!({}), json!({"defaults": {"ask": "on-miss"}}), Approval::None, None),
            (json!({}), json!({"agents": {"main": {"ask": "always"}}}), Approval::Always, Some("agents.main.ask")),
            (json!({"mode": "ask"}), json!({"defaults": {"security": "full", "ask": "off"}}), Approval::OnMiss, None),
            (json!({"mode": "auto"}), json!({"defaults": {"ask": "on-miss"}}), Approval::Reviewed, None),
            (json!({"mode": "auto"}), json!({"defaults": {"ask": "always"}}), Approval::Always, Some("defaults.ask")),
            (json!({"mode": "deny"}), json!({"defaults": {"security": "full"}}), Approval::Denied, None),
            (json!({}), json!({"agents": {"work": {"security": "deny"}}}), Approval::None, None),
        ] {
            let decision = approved(json!({"tools": {"exec": exec}}), approvals.clone(), Session::Main);
            assert_eq!((decision.approval, decision.entry.as_deref()), (approval, entry), "{exec} {approvals}");
            assert_eq!(decision.layer == Layer::Approvals, entry.is_some());
            assert_eq!(decision.allowed, approval != Approval::Denied);
        }
    }

    #[test]
    fn the_exec_approvals_say_nothing_about_the_sandbox() {
        let config = json!({"agents": {"defaults": {"sandbox": {"mode": "non-main"}}}});
        let deny = json!({"defaults": {"security": "deny"}});
        assert!(approved(config.clone(), deny.clone(), Session::Other).allowed);
        assert!(!approved(config, deny, Session::Main).allowed);
    }

    #[test]
    fn exec_for_a_sandbox_that_is_off_is_refused() {
        let source = json!({"tools": {"exec": {"host": "sandbox"}}});
        let decision = decide(source, "exec", Session::Main);
        assert_eq!((decision.allowed, decision.layer), (false, Layer::Exec));
        assert_eq!(decision.key.to_string(), "tools.exec.host");
    }

    #[test]
    fn in_a_sandbox_only_a_plain_deny_stops_exec() {
        let with = |exec: Value| json!({"tools": {"exec": exec}, "agents": {"defaults": {"sandbox": {"mode": "all"}}}});
        assert!(decide(with(json!({})), "exec", Session::Main).allowed);
        assert!(decide(with(json!({"mode": "ask"})), "exec", Session::Main).allowed);
        assert!(!decide(with(json!({"mode": "deny"})), "exec", Session::Main).allowed);
        let gateway = decide(with(json!({"host": "gateway"})), "exec", Session::Main);
        assert_eq!(gateway.place, Place::Gateway);
    }

    #[test]
    fn plugins_and_mcp_servers_tools_are_covered() {
        let key =
            |tool: &str| ReachKey { agent: "main".into(), session: Session::Main, provider: None, tool: tool.into() };
        let open = effective(&load(json!({"tools": {"profile": "coding"}})));
        assert_eq!(open[&key(PLUGIN_TOOL)], Reach::Nowhere);
        assert_ne!(open[&key(MCP_TOOL)], Reach::Nowhere);
        let denied = effective(&load(json!({"tools": {"deny": ["bundle-mcp"]}})));
        assert_eq!(denied[&key(MCP_TOOL)], Reach::Nowhere);
        assert_ne!(denied[&key(PLUGIN_TOOL)], Reach::Nowhere);
    }

    #[test]
    fn approvals_are_ordered_but_for_the_two_that_cannot_be() {
        use Approval::{Always, Denied, Listed, None, OnMiss};
        assert!(Denied.no_looser_than(Listed) && OnMiss.no_looser_than(None));
        assert!(Always.no_looser_than(OnMiss) && Listed.no_looser_than(OnMiss));
        assert!(!Always.no_looser_than(Listed) && !Listed.no_looser_than(Always));
        assert!(!None.no_looser_than(OnMiss));
    }

    #[test]
    fn moving_into_the_sandbox_is_no_looser_and_out_of_it_is() {
        let inside = Reach::At(Place::Sandbox, Approval::None, Files::Workspace);
        let outside = Reach::At(Place::Gateway, Approval::None, Files::Host);
        let node = Reach::At(Place::Node, Approval::None, Files::Host);
        assert!(inside.no_looser_than(outside) && !outside.no_looser_than(inside));
        assert!(!node.no_looser_than(outside) && !outside.no_looser_than(node));
    }
}
