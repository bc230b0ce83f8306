//! The settings of one agent put together: layers of policy, sandbox, exec.

use super::known::{Tool, ToolSet};
use super::permissions::BySender;
use super::policy::{Layer, List, Policy, View, entries, profile_policy, sandbox_policy};
use crate::document::{Path, member};
use crate::settings::{Limit, Settings, strings};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which sessions of an agent are sandboxed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// None.
    #[default]
    Off,
    /// All but the agent's main session.
    NonMain,
    /// All.
    All,
}

impl Mode {
    /// Is the value as OpenClaw writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Off => "off",
            Mode::NonMain => "non-main",
            Mode::All => "all",
        }
    }
}

/// `sandbox.docker`, the agent's keys over the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docker {
    /// The network mode; `none` by default.
    pub network: String,
    /// The capabilities that are dropped; `ALL` by default.
    pub cap_drop: BTreeSet<String>,
    /// Whether the root file system is read-only; it is by default.
    pub read_only_root: bool,
    /// The user in the container.
    pub user: Option<String>,
    /// The seccomp profile.
    pub seccomp_profile: Option<String>,
    /// The AppArmor profile.
    pub apparmor_profile: Option<String>,
    /// The bind mounts, of the defaults and of the agent.
    pub binds: Vec<String>,
    /// The `dangerouslyAllow...` keys that are `true`.
    pub dangerous: BTreeSet<String>,
}

/// An agent's sandbox settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    /// Which sessions are sandboxed.
    pub mode: Mode,
    /// `session`, `agent` (the default) or `shared`.
    pub scope: String,
    /// `none` (the default), `ro` or `rw`.
    pub workspace_access: String,
    /// `docker` (the default) or another engine.
    pub backend: String,
    /// What the container may do.
    pub docker: Docker,
    /// Whether the browser tool runs in a container of its own.
    pub browser: bool,
    /// Whether a sandboxed session may drive the browser of the host.
    pub browser_on_host: bool,
}

/// `tools.exec.security`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Security {
    /// Nothing runs.
    Deny,
    /// Approved programs run.
    Allowlist,
    /// Everything runs.
    Full,
}

impl Security {
    pub(in crate::settings) fn read(value: Option<&Value>) -> Option<Self> {
        Some(match value?.as_str()? {
            "deny" => Security::Deny,
            "allowlist" => Security::Allowlist,
            "full" => Security::Full,
            _ => return None,
        })
    }
}

/// `tools.exec.ask`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// Nobody is asked.
    Off,
    /// Somebody is asked before a command that is not approved.
    OnMiss,
    /// Somebody is asked before each command.
    Always,
}

impl Ask {
    pub(in crate::settings) fn read(value: Option<&Value>) -> Option<Self> {
        Some(match value?.as_str()? {
            "off" => Ask::Off,
            "on-miss" => Ask::OnMiss,
            "always" => Ask::Always,
            _ => return None,
        })
    }
}

/// `tools.exec.mode`: one word for `security` and `ask`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecMode {
    /// Nothing runs.
    Deny,
    /// Approved programs run, nobody is asked.
    Allowlist,
    /// Approved programs run, for others somebody is asked.
    Ask,
    /// Approved programs run, others go by a reviewing model.
    Auto,
    /// Everything runs.
    Full,
}

impl ExecMode {
    fn read(value: Option<&Value>) -> Option<Self> {
        Some(match value?.as_str()? {
            "deny" => ExecMode::Deny,
            "allowlist" => ExecMode::Allowlist,
            "ask" => ExecMode::Ask,
            "auto" => ExecMode::Auto,
            "full" => ExecMode::Full,
            _ => return None,
        })
    }

    fn security(self) -> Security {
        match self {
            ExecMode::Deny => Security::Deny,
            ExecMode::Allowlist | ExecMode::Ask | ExecMode::Auto => Security::Allowlist,
            ExecMode::Full => Security::Full,
        }
    }

    fn ask(self) -> Ask {
        match self {
            ExecMode::Ask | ExecMode::Auto => Ask::OnMiss,
            ExecMode::Deny | ExecMode::Allowlist | ExecMode::Full => Ask::Off,
        }
    }
}

/// An agent's exec settings, its own over the global ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exec {
    /// `auto` (the default: the sandbox if there is one, else the gateway), `sandbox`, `gateway` or `node`.
    pub host: String,
    /// The key that decides on `host`, or where it would stand.
    pub host_key: Path,
    /// What may run, where anything says so. On the gateway and on nodes the running program takes `full` otherwise,
    /// in the sandbox it lets everything run; the audit takes `deny`.
    pub security: Option<Security>,
    /// The mode that says so, if it is a mode.
    pub mode: Option<ExecMode>,
    /// The key that decides on `security`, or where it would stand.
    pub key: Path,
    /// `safeBins`: the programs that run unapproved when they only filter their input.
    pub safe_bins: BTreeSet<String>,
    /// `safeBinTrustedDirs`: where those programs may lie, beside the system's folders.
    pub safe_bin_dirs: BTreeSet<String>,
    /// `applyPatch.workspaceOnly`; unset counts as true.
    pub patches_workspace_only: bool,
    /// Who is asked.
    pub(super) ask: Ask,
}

impl Exec {
    /// Is what the audit takes for the security: `deny` where nothing is set.
    pub fn audited(&self) -> Security {
        self.security.unwrap_or(Security::Deny)
    }
}

/// Who may run exec on the host from a sandboxed session, by saying so in the chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elevated {
    /// Whether it is possible at all; it is unless switched off.
    pub enabled: bool,
    /// The senders, by channel, in the global list.
    pub allow_from: BTreeMap<String, BTreeSet<String>>,
    /// The senders in the agent's own list, which narrows the global one.
    pub agent_allow_from: Option<BTreeMap<String, BTreeSet<String>>>,
}

/// The settings of one agent, or the defaults, put together.
#[derive(Clone, Debug)]
pub struct ToolContext {
    /// The agent; none for the defaults, as the audit looks at them.
    pub agent: Option<String>,
    /// Where the agent's tools are loaded, as in `agents.entries.main.tools`; `tools` for the defaults.
    pub at: Path,
    /// The profile in force, the agent's before the global one.
    pub profile: Option<String>,
    /// The sandbox.
    pub sandbox: Sandbox,
    /// Exec.
    pub exec: Exec,
    /// What the exec approvals leave of it; nothing less where they are not known.
    pub limit: Limit,
    /// `tools.fs.workspaceOnly`, the agent's before the global one; unset counts as false.
    pub workspace_only: bool,
    /// Elevated exec.
    pub elevated: Elevated,
    /// The layers that hold for every session.
    pub(super) layers: Vec<Arc<Policy>>,
    /// The layer that holds for sandboxed sessions alone.
    pub(super) sandbox_layer: Arc<Policy>,
    pub(super) sandbox_at: Path,
    /// The layers that hold for single senders.
    pub(super) by_sender: BySender,
}

/// The layers that every agent has which sets nothing of its own there.
struct Common {
    profile: Option<Arc<Policy>>,
    global: Option<Arc<Policy>>,
    sandbox: Arc<Policy>,
}

impl Common {
    fn of(global: Option<&Value>) -> Self {
        let at = Path::from("tools");
        let profile = present(global, "profile").and_then(Value::as_str).map(|profile| (profile, at.key("profile")));
        let also_allow = global.and_then(|global| entries(at.key("alsoAllow"), member(global, "alsoAllow")));
        Common {
            profile: profile_policy(Layer::Profile, profile, also_allow).map(Arc::new),
            global: Policy::of_section(Layer::Global, &at, global).map(Arc::new),
            sandbox: Arc::new(sandbox_policy(global, None, None)),
        }
    }
}

impl Settings {
    /// Is the contexts that the audit looks at: the defaults, then each agent. Put together once: most checks ask for them.
    pub fn tool_contexts(&self) -> &[ToolContext] {
        self.contexts.of(&self.reads, || {
            let common = Common::of(self.get("tools"));
            let defaults = std::iter::once(self.tool_context(None, None, &common));
            let agents = self.agents();
            let agents = agents.iter().map(|agent| {
                let at = Path::from("agents.entries").key(agent.id);
                self.tool_context(Some((agent.id, agent.entry, at)), None, &common)
            });
            defaults.chain(agents).collect()
        })
    }

    /// Puts the contexts of some agents together anew, whose own entries changed and nothing else that they depend on.
    pub(in crate::settings) fn renew_contexts(&mut self, agents: &BTreeSet<String>) {
        if agents.is_empty() {
            return;
        }
        let mut contexts = std::mem::take(&mut self.contexts);
        let common = Common::of(self.get("tools"));
        for context in contexts.get_mut().into_iter().flatten() {
            let entries = self.get("agents.entries").and_then(Value::as_object);
            if let Some(agent) = context.agent.clone().filter(|agent| agents.contains(agent))
                && let Some(entry) = entries.and_then(|entries| entries.get(&agent))
            {
                let at = Path::from("agents.entries").key(agent.as_str());
                *context = self.tool_context(Some((&agent, entry, at)), None, &common);
            }
        }
        self.contexts = contexts;
    }

    /// Is the context of an agent that uses this model, as in `openai/gpt-5`; none where there is no such agent.
    pub fn tool_context_for(&self, agent: &str, model: Option<&str>) -> Option<ToolContext> {
        let at = Path::from("agents.entries").key(agent);
        let entry = self.at(&at).filter(|entry| entry.is_object())?;
        Some(self.tool_context(Some((agent, entry, at)), model, &Common::of(self.get("tools"))))
    }

    /// Is the context of the defaults with this model.
    pub fn default_tool_context(&self, model: Option<&str>) -> ToolContext {
        self.tool_context(None, model, &Common::of(self.get("tools")))
    }

    fn tool_context(&self, agent: Option<(&str, &Value, Path)>, model: Option<&str>, common: &Common) -> ToolContext {
        let global_at = Path::from("tools");
        let global = self.get("tools");
        let entry = agent.as_ref().map(|(_, entry, _)| *entry);
        let entry_at = agent.as_ref().map(|(_, _, at)| at.clone());
        let own = entry.and_then(|entry| present(Some(entry), "tools"));
        let own_at = entry_at.as_ref().map(|at| at.key("tools"));

        let mut layers = Vec::new();
        let profile = own_before_global("profile", own, own_at.as_ref(), global, &global_at)
            .and_then(|(profile, key)| Some((profile.as_str()?, key)));
        let own_section = own_at.as_ref().zip(own);
        let also_allow = own_section.and_then(|(at, own)| entries(at.key("alsoAllow"), member(own, "alsoAllow")));
        if also_allow.is_none() && present(own, "profile").is_none() {
            layers.extend(common.profile.clone());
        } else {
            let also_allow = also_allow.or_else(|| entries(global_at.key("alsoAllow"), member(global?, "alsoAllow")));
            layers.extend(profile_policy(Layer::Profile, profile.clone(), also_allow).map(Arc::new));
        }
        layers.extend(common.global.clone());
        if let Some(own_at) = &own_at {
            layers.extend(Policy::of_section(Layer::Agent, own_at, own).map(Arc::new));
        }
        if let Some(model) = model {
            let mut by_provider = vec![provider_section(&global_at, global, model)];
            if let Some(own_at) = &own_at {
                by_provider.push(provider_section(own_at, own, model));
            }
            layers.extend(provider_layers(by_provider).into_iter().map(Arc::new));
        }
        ToolContext {
            agent: agent.as_ref().map(|(id, ..)| (*id).to_owned()),
            profile: profile.map(|(profile, _)| profile.to_owned()),
            sandbox: sandbox(self.get("agents.defaults.sandbox"), entry),
            exec: exec(global, own, own_at.as_ref()),
            limit: self
                .facts
                .approvals
                .as_ref()
                .map_or_else(Limit::default, |approvals| approvals.limit(agent.as_ref().map(|(id, ..)| *id))),
            workspace_only: [own, global]
                .into_iter()
                .flatten()
                .find_map(|tools| present(present(Some(tools), "fs"), "workspaceOnly"))
                == Some(&Value::Bool(true)),
            elevated: elevated(global, own),
            sandbox_layer: match own.and_then(|own| Path::from("sandbox.tools").of(own)) {
                Some(_) => Arc::new(sandbox_policy(global, own, own_at.as_ref())),
                None => common.sandbox.clone(),
            },
            by_sender: BySender::read([(own_at.as_ref(), own), (Some(&global_at), global)]),
            sandbox_at: entry_at
                .filter(|_| entry.is_some_and(|entry| entry.get("sandbox").is_some()))
                .unwrap_or_else(|| Path::from("agents.defaults"))
                .key("sandbox"),
            at: own_at.unwrap_or(global_at),
            layers,
        }
    }

    /// Is every model or provider that a `byProvider` section names, in the lists of any agent or the global ones.
    pub(super) fn tool_providers(&self) -> BTreeSet<String> {
        let own = self.agents();
        let sections = own.iter().map(|agent| agent.entry.get("tools"));
        sections
            .chain([self.get("tools")])
            .filter_map(|tools| tools?.get("byProvider")?.as_object())
            .flat_map(|providers| providers.keys())
            .map(|key| key.trim().to_lowercase())
            .filter(|key| !key.is_empty())
            .collect()
    }
}

impl ToolContext {
    /// Is the section that is the context's own: the agent's `tools`, or the global ones.
    pub fn tools<'s>(&self, settings: &'s Settings) -> Option<&'s Value> {
        settings.at(&self.at)
    }

    /// Is the label that the audit gives it, as in `agents.entries.main`.
    pub fn label(&self) -> String {
        match &self.agent {
            Some(agent) => format!("agents.entries.{agent}"),
            None => "agents.defaults".to_owned(),
        }
    }

    /// Is the known tools that the layers for every session let through, whatever the sandbox does.
    pub fn policy_open(&self) -> ToolSet {
        self.layers.iter().map(|policy| policy.open(View::Running)).fold(ToolSet::ALL, ToolSet::and)
    }

    /// Whether the audit takes the tool for callable: the layers for every session, and the sandbox's with mode `all` only.
    pub fn audit_allows(&self, tool: &str) -> bool {
        let tool = Tool::of(tool);
        self.layers
            .iter()
            // The audit does not look at the profile of a provider.
            .filter(|policy| policy.layer != Layer::ProviderProfile)
            .chain((self.sandbox.mode == Mode::All).then_some(&self.sandbox_layer))
            .all(|policy| policy.lets_through(&tool, View::Audit))
    }
}

fn present<'v>(value: Option<&'v Value>, key: &str) -> Option<&'v Value> {
    member(value?, key).filter(|value| !value.is_null())
}

fn own_before_global<'v>(
    key: &str,
    own: Option<&'v Value>,
    own_at: Option<&Path>,
    global: Option<&'v Value>,
    global_at: &Path,
) -> Option<(&'v Value, Path)> {
    let own = present(own, key).zip(own_at.map(|at| at.key(key)));
    own.or_else(|| Some((present(global, key)?, global_at.key(key))))
}

fn sandbox(defaults: Option<&Value>, entry: Option<&Value>) -> Sandbox {
    let own = present(entry, "sandbox");
    let word = |key: &str, default: &str| {
        let word = [own, defaults].into_iter().find_map(|section| present(section, key)?.as_str());
        word.unwrap_or(default).to_owned()
    };
    let backend = [own, defaults].into_iter().find_map(|section| {
        let backend = present(section, "backend")?.as_str()?.trim();
        (!backend.is_empty()).then(|| backend.to_owned())
    });
    let scope = word("scope", "agent");
    let own_part = |key: &str| (scope != "shared").then(|| present(own, key)).flatten();
    let browser_is = |key: &str| {
        let value = present(own_part("browser"), key).or_else(|| present(present(defaults, "browser"), key));
        value == Some(&Value::Bool(true))
    };
    Sandbox {
        mode: match word("mode", "off").as_str() {
            "all" => Mode::All,
            "non-main" => Mode::NonMain,
            _ => Mode::Off,
        },
        workspace_access: word("workspaceAccess", "none"),
        backend: backend.unwrap_or_else(|| "docker".to_owned()),
        docker: docker(present(defaults, "docker"), own_part("docker")),
        browser: browser_is("enabled"),
        browser_on_host: browser_is("allowHostControl"),
        scope,
    }
}

fn docker(defaults: Option<&Value>, own: Option<&Value>) -> Docker {
    let pick = |key: &str| present(own, key).or_else(|| present(defaults, key));
    let word = |key: &str| pick(key).and_then(Value::as_str).map(str::to_owned);
    let binds = |section: Option<&Value>| -> Vec<String> {
        let binds = present(section, "binds").and_then(Value::as_array);
        let binds = binds.into_iter().flatten().filter_map(Value::as_str);
        binds.map(str::to_owned).collect()
    };
    Docker {
        network: word("network").unwrap_or_else(|| "none".to_owned()),
        cap_drop: match pick("capDrop") {
            Some(list) => strings(Some(list)).into_iter().map(str::to_owned).collect(),
            None => BTreeSet::from(["ALL".to_owned()]),
        },
        read_only_root: pick("readOnlyRoot") != Some(&Value::Bool(false)),
        user: word("user"),
        seccomp_profile: word("seccompProfile"),
        apparmor_profile: word("apparmorProfile"),
        binds: [binds(defaults), binds(own)].concat(),
        dangerous: [
            "dangerouslyAllowReservedContainerTargets",
            "dangerouslyAllowExternalBindSources",
            "dangerouslyAllowContainerNamespaceJoin",
        ]
        .into_iter()
        .filter(|key| pick(key) == Some(&Value::Bool(true)))
        .map(str::to_owned)
        .collect(),
    }
}

fn exec(global: Option<&Value>, own: Option<&Value>, own_at: Option<&Path>) -> Exec {
    let global_at = Path::from("tools.exec");
    let own_at = own_at.map(|at| at.key("exec"));
    let mut exec = Exec {
        host: "auto".to_owned(),
        host_key: global_at.key("host"),
        security: None,
        mode: None,
        key: global_at.key("mode"),
        safe_bins: BTreeSet::new(),
        safe_bin_dirs: BTreeSet::new(),
        patches_workspace_only: true,
        ask: Ask::Off,
    };
    let own = present(own, "exec").zip(own_at);
    let sections = present(global, "exec").zip(Some(global_at));
    for (section, at) in sections.into_iter().chain(own) {
        if let Some(host) = present(Some(section), "host").and_then(Value::as_str) {
            exec.host = host.to_owned();
            exec.host_key = at.key("host");
        }
        let names = |key: &str| strings(member(section, key)).into_iter().map(str::to_owned);
        if member(section, "safeBins").is_some_and(Value::is_array) {
            exec.safe_bins = names("safeBins").map(|bin| bin.to_lowercase()).collect();
        }
        exec.safe_bin_dirs.extend(names("safeBinTrustedDirs"));
        let patches = present(member(section, "applyPatch"), "workspaceOnly");
        exec.patches_workspace_only = match patches {
            Some(only) => *only != Value::Bool(false),
            None => exec.patches_workspace_only,
        };
        if let Some(mode) = ExecMode::read(member(section, "mode")) {
            exec.mode = Some(mode);
            exec.security = Some(mode.security());
            exec.ask = mode.ask();
            exec.key = at.key("mode");
            continue;
        }
        let security = Security::read(member(section, "security"));
        let ask = Ask::read(member(section, "ask"));
        if security.is_some() || ask.is_some() {
            exec.mode = None;
        }
        if security.is_some() {
            exec.security = security;
            exec.key = at.key("security");
        }
        exec.ask = ask.unwrap_or(exec.ask);
    }
    exec
}

fn elevated(global: Option<&Value>, own: Option<&Value>) -> Elevated {
    let read = |tools: Option<&Value>| {
        let section = present(tools, "elevated");
        let enabled = present(section, "enabled") != Some(&Value::Bool(false));
        let allow_from = present(section, "allowFrom").and_then(Value::as_object);
        let senders = allow_from.map(|channels| {
            let lists = channels.iter().map(|(channel, list)| {
                let ids = list.as_array().into_iter().flatten();
                let ids = ids.map(|id| match id.as_str() {
                    Some(text) => text.trim().to_owned(),
                    None => id.to_string(),
                });
                (channel.clone(), ids.collect())
            });
            lists.collect()
        });
        (enabled, senders)
    };
    let (global_enabled, allow_from) = read(global);
    let (own_enabled, agent_allow_from) = read(own);
    Elevated { enabled: global_enabled && own_enabled, allow_from: allow_from.unwrap_or_default(), agent_allow_from }
}

/// Is the section of `byProvider` for a model: that of the model itself before that of its provider.
fn provider_section<'v>(at: &Path, tools: Option<&'v Value>, model: &str) -> Option<(Path, &'v Value)> {
    let model = model.trim().to_lowercase();
    let provider = model.split('/').next().unwrap_or_default();
    let sections = present(tools, "byProvider")?.as_object()?;
    let find = |wanted: &str| {
        let known =
            sections.iter().filter(|(_, section)| section.is_object()).filter(|(key, _)| provider_key(key) == wanted);
        // A key that is already in its normal form stands before one that only comes to it.
        let (key, section) = known.min_by_key(|(key, _)| key.trim().to_lowercase() != wanted)?;
        Some((at.key("byProvider").key(key.as_str()), section))
    };
    find(&model).or_else(|| find(provider))
}

fn provider_key(key: &str) -> String {
    let key = key.trim().to_lowercase();
    match key.split_once('/') {
        Some((provider, model)) if !provider.is_empty() && !model.is_empty() => {
            format!("{}/{model}", provider.trim())
        }
        Some((provider, "")) => provider.trim().to_owned(),
        _ => key,
    }
}

/// Is the layers of the sections for a provider, global then agent.
fn provider_layers(sections: Vec<Option<(Path, &Value)>>) -> Vec<Policy> {
    let mut layers = Vec::new();
    let mut profile = None;
    let mut also_allow: Option<List> = None;
    for (at, section) in sections.iter().flatten() {
        layers.extend(Policy::of_section(Layer::Provider, at, Some(section)));
        if let Some(name) = present(Some(section), "profile").and_then(Value::as_str) {
            profile = Some((name, at.key("profile")));
        }
        also_allow = entries(at.key("alsoAllow"), member(section, "alsoAllow")).or(also_allow);
    }
    layers.extend(profile_policy(Layer::ProviderProfile, profile, also_allow));
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn load(source: Value) -> Settings {
        Settings::load(source, Default::default())
    }

    fn agent(source: Value) -> (Sandbox, Exec, bool) {
        let settings = load(source);
        let context = settings.tool_context_for("main", None).expect("it is there");
        (context.sandbox, context.exec, context.workspace_only)
    }

    #[test]
    fn defaults_are_openclaws() {
        let (sandbox, exec, workspace_only) = agent(json!({}));
        assert_eq!(sandbox.mode, Mode::Off);
        assert_eq!(sandbox.scope, "agent");
        assert_eq!(sandbox.workspace_access, "none");
        assert_eq!(sandbox.backend, "docker");
        assert_eq!(sandbox.docker.network, "none");
        assert!(sandbox.docker.read_only_root);
        assert_eq!(exec.host, "auto");
        assert_eq!(exec.security, None);
        assert_eq!(exec.audited(), Security::Deny);
        assert!(!workspace_only);
    }

    #[test]
    fn an_agents_sandbox_goes_over_the_defaults_key_by_key() {
        let (sandbox, ..) = agent(json!({"agents": {
            "defaults": {"sandbox": {"mode": "all", "docker": {"network": "bridge", "binds": ["/a:/a"]}}},
            "entries": {"main": {"sandbox": {"scope": "session", "docker": {"user": "1000", "binds": ["/b:/b"]}}}},
        }}));
        assert_eq!(sandbox.mode, Mode::All);
        assert_eq!(sandbox.scope, "session");
        assert_eq!(sandbox.docker.network, "bridge");
        assert_eq!(sandbox.docker.user.as_deref(), Some("1000"));
        assert_eq!(sandbox.docker.binds, ["/a:/a", "/b:/b"]);
    }

    #[test]
    fn with_a_shared_scope_the_agents_container_keys_do_not_count() {
        let (sandbox, ..) = agent(json!({"agents": {"entries": {"main": {"sandbox": {
            "scope": "shared", "docker": {"network": "bridge"}}}}}}));
        assert_eq!(sandbox.docker.network, "none");
    }

    #[test]
    fn an_agents_security_beats_a_global_mode_deny() {
        let (_, exec, _) = agent(json!({
            "tools": {"exec": {"mode": "deny"}},
            "agents": {"entries": {"main": {"tools": {"exec": {"security": "full"}}}}},
        }));
        assert_eq!(exec.security, Some(Security::Full));
        assert_eq!(exec.mode, None);
        assert_eq!(exec.key.to_string(), "agents.entries.main.tools.exec.security");
    }

    #[test]
    fn a_mode_forgets_the_ask_of_the_layer_below() {
        let (_, exec, _) = agent(json!({
            "tools": {"exec": {"security": "allowlist", "ask": "always"}},
            "agents": {"entries": {"main": {"tools": {"exec": {"mode": "full"}}}}},
        }));
        assert_eq!((exec.security, exec.ask), (Some(Security::Full), Ask::Off));
    }

    #[test]
    fn an_agents_profile_and_also_allow_stand_before_the_global_ones() {
        let settings = load(json!({
            "tools": {"profile": "coding", "alsoAllow": ["browser"]},
            "agents": {"entries": {"main": {"tools": {"profile": "minimal", "alsoAllow": ["read"]}}}},
        }));
        let context = settings.tool_context_for("main", None).expect("it is there");
        assert!(context.audit_allows("read"));
        assert!(!context.audit_allows("browser"));
        assert!(!context.audit_allows("exec"));
        let defaults = settings.default_tool_context(None);
        assert!(defaults.audit_allows("browser"));
        assert!(defaults.audit_allows("exec"));
    }

    #[test]
    fn a_models_own_section_stands_before_its_providers() {
        let settings = load(json!({"tools": {"byProvider": {
            "OpenAI": {"deny": ["exec"]}, "openai/small": {"deny": ["browser"]}}}}));
        let denies = |model, tool| !settings.default_tool_context(model).audit_allows(tool);
        assert!(denies(Some("openai/gpt-5"), "exec"));
        assert!(denies(Some("openai/small"), "browser"));
        assert!(!denies(Some("openai/small"), "exec"));
        assert!(!denies(Some("anthropic/x"), "exec"));
        assert!(!denies(None, "exec"));
    }

    #[test]
    fn the_sandboxes_lists_count_for_the_audit_with_mode_all_alone() {
        for (mode, allowed) in [("off", true), ("non-main", true), ("all", false)] {
            let settings = load(json!({"agents": {"defaults": {"sandbox": {"mode": mode}}}}));
            let context = settings.default_tool_context(None);
            assert_eq!(context.audit_allows("gateway"), allowed, "{mode}");
        }
    }
}
