//! Lists of tool names, and the layers that they make.

use super::catalogue::catalogue;
use super::known::{Tool, ToolSet};
use crate::document::Path;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, OnceLock};

/// Which names policy entries are matched against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As the audit does: the names of plugins and `group:plugins` match nothing.
    Audit,
    /// As the gateway does once plugins and MCP servers are loaded.
    Running,
}

/// Whether any of the patterns (names, aliases, groups, globs) means the tool, as the running gateway matches.
pub fn matches<'p>(patterns: impl IntoIterator<Item = &'p str>, tool: &str) -> bool {
    let tool = Tool::of(tool);
    patterns.into_iter().any(|pattern| Names::read(pattern).means(&tool.name, View::Running))
}

#[derive(Clone, Debug, PartialEq)]
enum Pattern {
    All,
    Exact(String),
    /// The parts between the stars.
    Glob(Vec<String>),
}

impl Pattern {
    fn read(name: String) -> Self {
        if name == "*" {
            Pattern::All
        } else if name.contains('*') {
            Pattern::Glob(name.split('*').map(str::to_owned).collect())
        } else {
            Pattern::Exact(name)
        }
    }

    fn means(&self, tool: &str) -> bool {
        match self {
            Pattern::All => true,
            Pattern::Exact(name) => name == tool,
            Pattern::Glob(parts) => glob(parts, tool),
        }
    }

    /// Is the known tools that it means.
    fn tools(&self) -> ToolSet {
        match self {
            Pattern::All => ToolSet::ALL,
            Pattern::Exact(name) => ToolSet::one(name),
            Pattern::Glob(parts) => ToolSet::matching(|tool| glob(parts, tool)),
        }
    }
}

fn glob(parts: &[String], tool: &str) -> bool {
    let [first, inner @ .., last] = parts else {
        return false;
    };
    let Some(rest) = tool.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
        return false;
    };
    for part in inner {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// An entry of a list, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Entry<'p> {
    /// The list that it stands in.
    pub key: &'p Path,
    names: &'p Names,
}

impl<'p> Entry<'p> {
    /// Is the entry as written.
    pub fn written(self) -> &'p str {
        &self.names.written
    }
}

/// What an entry means, wherever it stands.
#[derive(Debug, PartialEq)]
struct Names {
    written: String,
    plain: Vec<Pattern>,
    loaded: Vec<Pattern>,
}

impl Names {
    fn read(written: &str) -> Self {
        let patterns = |names: Vec<String>| names.into_iter().map(Pattern::read).collect();
        Names {
            written: written.to_owned(),
            plain: patterns(catalogue().expand(written)),
            loaded: patterns(catalogue().expand_loaded(written)),
        }
    }

    /// Is the same; of what OpenClaw itself names, and most lists do, it is read once.
    fn shared(written: &str) -> Arc<Self> {
        static OF_OPENCLAW: LazyLock<HashMap<&'static str, OnceLock<Arc<Names>>>> = LazyLock::new(|| {
            let names =
                catalogue().tools.iter().chain(catalogue().groups.keys()).chain(catalogue().plugin_tools.keys());
            names.map(|name| (name.as_str(), OnceLock::new())).collect()
        });
        let read = || Arc::new(Names::read(written));
        OF_OPENCLAW.get(written).map_or_else(read, |known| known.get_or_init(read).clone())
    }

    /// Whether the tool is meant, given by its normal name.
    fn means(&self, tool: &str, view: View) -> bool {
        self.plain.iter().any(|pattern| pattern.means(tool))
            || view == View::Running && self.loaded.iter().any(|pattern| pattern.means(tool))
    }

    fn is_blank(&self) -> bool {
        self.plain.is_empty()
    }
}

/// Entries as they stand under one key. Shared: a profile has fifty, and each agent has a profile.
#[derive(Debug)]
struct Part {
    names: Vec<Arc<Names>>,
    /// The known tools that any of them means, in the audit's view and in the running gateway's.
    tools: [ToolSet; 2],
}

impl Part {
    fn of(names: Vec<Arc<Names>>) -> Self {
        let tools = |patterns: fn(&Names) -> &[Pattern]| {
            let patterns = names.iter().flat_map(|names| patterns(names));
            patterns.map(Pattern::tools).fold(ToolSet::default(), ToolSet::or)
        };
        let plain = tools(|names| &names.plain);
        Part { tools: [plain, plain.or(tools(|names| &names.loaded))], names }
    }

    fn read<'w>(written: impl IntoIterator<Item = &'w str>) -> Self {
        Part::of(written.into_iter().map(Names::shared).collect())
    }
}

/// The entries of one list or of several, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct List(Vec<(Path, Arc<Part>)>);

impl List {
    fn one(key: Path, written: &str) -> Self {
        List(vec![(key, Arc::new(Part::read([written])))])
    }

    fn and(mut self, more: List) -> Self {
        self.0.extend(more.0);
        self
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, part)| part.names.is_empty())
    }

    fn entries(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> {
        self.0.iter().flat_map(|(key, part)| part.names.iter().map(move |names| Entry { key, names }))
    }

    /// Is the known tools that any entry means.
    fn tools(&self, view: View) -> ToolSet {
        self.0.iter().map(|(_, part)| part.tools[view as usize]).fold(ToolSet::default(), ToolSet::or)
    }

    /// Whether any entry means the tool.
    fn means(&self, tool: &Tool, view: View) -> bool {
        self.0.iter().any(|(_, part)| match part.tools[view as usize].has(tool) {
            Some(is_meant) => is_meant,
            None => part.names.iter().any(|names| names.means(&tool.name, view)),
        })
    }
}

/// Reads a list of names; none where there is no list.
pub(super) fn entries(key: Path, list: Option<&Value>) -> Option<List> {
    let items = list?.as_array()?.iter().filter_map(Value::as_str);
    Some(List(vec![(key, Arc::new(Part::read(items)))]))
}

/// Which layer of policy decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// No layer says anything.
    None,
    /// `tools.profile`, of the agent or global.
    Profile,
    /// `alsoAllow`, which widens a profile.
    AlsoAllow,
    /// `tools.byProvider.<provider>.profile`.
    ProviderProfile,
    /// The global `tools.allow` or `tools.deny`.
    Global,
    /// `tools.byProvider`, global or of the agent.
    Provider,
    /// The agent's own `allow` or `deny`.
    Agent,
    /// The `tools` of a group in a channel.
    Group,
    /// `toolsBySender`, global or of the agent.
    Sender,
    /// The tool policy of sandboxed sessions.
    Sandbox,
    /// `workspaceAccess: "ro"`, which takes the writing tools away.
    ReadOnly,
    /// `tools.exec`.
    Exec,
    /// The exec approvals, which OpenClaw keeps beside its config.
    Approvals,
    /// OpenClaw keeps the tool for owners: `commands.ownerAllowFrom`.
    Owner,
    /// `tools.elevated`, which takes exec out of the sandbox.
    Elevated,
}

/// A layer of policy. Every layer must let a tool through; `deny` beats `allow`; an empty `allow` lets everything through.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Which layer it is.
    pub layer: Layer,
    allow: List,
    deny: List,
    /// Whether `allow` names anything, so that what it does not mean is refused.
    narrows: bool,
    /// The known tools that it lets through, in the audit's view and in the running gateway's.
    open: [ToolSet; 2],
}

/// What a layer says of a tool.
#[derive(Clone, Copy)]
pub(super) enum Verdict<'p> {
    /// The layer has no `allow` and does not deny it.
    Silent,
    /// An entry allows it.
    Allowed(Entry<'p>),
    /// An entry denies it.
    Denied(Entry<'p>),
    /// The layer allows other tools only. The list is that of the first entry.
    NotAllowed(Entry<'p>),
}

impl Policy {
    fn new(layer: Layer, allow: List, deny: List) -> Self {
        let narrows = allow.entries().any(|entry| !entry.names.is_blank());
        let open = [View::Audit, View::Running].map(|view| {
            let mut allowed = if narrows { allow.tools(view) } else { ToolSet::ALL };
            if allowed.contains("write") {
                allowed = allowed.or(ToolSet::one("apply_patch"));
            }
            allowed.without(deny.tools(view))
        });
        Policy { layer, allow, deny, narrows, open }
    }

    /// Reads the lists of a section; none where it has none.
    pub fn read(layer: Layer, at: &Path, section: &Value) -> Option<Policy> {
        Policy::of_section(layer, at, Some(section))
    }

    /// Reads `allow`, `alsoAllow` and `deny` of a section; none where neither list is there.
    pub(super) fn of_section(layer: Layer, at: &Path, section: Option<&Value>) -> Option<Policy> {
        let section = section?;
        let read = |key: &str| entries(at.key(key), section.get(key));
        let also = read("alsoAllow").unwrap_or_default();
        let allow = match read("allow") {
            Some(allow) if !allow.is_empty() || also.is_empty() => Some(allow),
            None if also.is_empty() => None,
            // Widening nothing leaves everything allowed.
            _ => Some(List::one(at.key("alsoAllow"), "*")),
        };
        let allow = allow.map(|allow| allow.and(also));
        let deny = read("deny");
        (allow.is_some() || deny.is_some())
            .then(|| Policy::new(layer, allow.unwrap_or_default(), deny.unwrap_or_default()))
    }

    /// Is what the layer says of a tool.
    pub(super) fn verdict(&self, tool: &Tool, view: View) -> Verdict<'_> {
        let means = |entry: &Entry| entry.names.means(&tool.name, view);
        if self.deny.means(tool, view)
            && let Some(entry) = self.deny.entries().find(means)
        {
            return Verdict::Denied(entry);
        }
        let Some(first) = self.allow.entries().find(|entry| !entry.names.is_blank()) else {
            return Verdict::Silent;
        };
        let allowed = self.allow.entries().rfind(means).or_else(|| match tool.name.as_ref() {
            "apply_patch" => self.allow.entries().rfind(|entry| entry.names.means("write", view)),
            _ => None,
        });
        allowed.map_or(Verdict::NotAllowed(first), Verdict::Allowed)
    }

    /// Whether the layer lets a tool through.
    pub fn allows(&self, tool: &str, view: View) -> bool {
        self.lets_through(&Tool::of(tool), view)
    }

    /// Whether the layer lets a tool through: what [`Policy::verdict`] says, without saying why.
    pub(super) fn lets_through(&self, tool: &Tool, view: View) -> bool {
        // A tool that is not known is in no set: it is looked for by name.
        self.open[view as usize]
            .has(tool)
            .unwrap_or_else(|| !self.deny.means(tool, view) && (!self.narrows || self.allow.means(tool, view)))
    }

    /// Is the known tools that the layer lets through.
    pub(super) fn open(&self, view: View) -> ToolSet {
        self.open[view as usize]
    }
}

/// Lists of OpenClaw's own, read once: they are long, and every agent has them.
struct Standard {
    profiles: BTreeMap<&'static str, Arc<Part>>,
    sandbox_allow: Arc<Part>,
    sandbox_deny: Arc<Part>,
}

impl Standard {
    fn get() -> &'static Standard {
        static STANDARD: OnceLock<Standard> = OnceLock::new();
        STANDARD.get_or_init(|| {
            let read = |tools: &[String]| Arc::new(Part::read(tools.iter().map(String::as_str)));
            let catalogue = catalogue();
            Standard {
                profiles: catalogue.profiles.iter().map(|(name, tools)| (name.as_str(), read(tools))).collect(),
                sandbox_allow: read(&catalogue.sandbox.allow),
                sandbox_deny: read(&catalogue.sandbox.deny),
            }
        })
    }
}

/// Is a list of OpenClaw's own as if it stood at a key.
fn standing_at(key: Path, list: &Arc<Part>) -> List {
    List(vec![(key, list.clone())])
}

/// Is the tool policy of sandboxed sessions. An agent's list stands in for the global one, list by list.
pub(super) fn sandbox_policy(global: Option<&Value>, agent: Option<&Value>, agent_at: Option<&Path>) -> Policy {
    let inner = |section: Option<&Value>, key: &str| {
        Path::from("sandbox.tools").key(key).of(section?).filter(|list| list.is_array()).cloned()
    };
    let default_at = Path::from("tools.sandbox.tools");
    let read = |key: &str| {
        let own = agent_at.and_then(|at| {
            let list = inner(agent, key)?;
            entries(at.join("sandbox.tools").key(key), Some(&list))
        });
        own.or_else(|| {
            let list = inner(global, key)?;
            entries(default_at.key(key), Some(&list))
        })
    };
    let standard = Standard::get();
    let also = read("alsoAllow").unwrap_or_default();
    let configured = read("allow");
    let named = configured.clone().unwrap_or_default().and(also.clone());

    let mut deny = read("deny").unwrap_or_else(|| {
        let kept = standard.sandbox_deny.names.iter();
        let kept = kept.filter(|names| !named.entries().any(|allow| allow.names.means(&names.written, View::Audit)));
        let part =
            if named.is_empty() { standard.sandbox_deny.clone() } else { Arc::new(Part::of(kept.cloned().collect())) };
        standing_at(default_at.key("deny"), &part)
    });
    let mut allow = match configured {
        Some(allow) if allow.is_empty() => allow,
        Some(allow) => allow.and(also),
        None => standing_at(default_at.key("allow"), &standard.sandbox_allow).and(also),
    };
    // `image` is the old name: a policy that denies it denies the tool, and one that allows anything allows the tool.
    let denies = |deny: &List, tool| deny.entries().any(|entry| entry.names.means(tool, View::Audit));
    if denies(&deny, "image") && !denies(&deny, "view_image") {
        deny = deny.and(List::one(default_at.key("deny"), "view_image"));
    }
    let names = |list: &List| {
        let exact = Pattern::Exact("view_image".into());
        list.entries().any(|entry| entry.names.plain.contains(&exact))
    };
    if allow.entries().any(|entry| !entry.names.is_blank()) && !names(&deny) && !names(&allow) {
        allow = allow.and(List::one(default_at.key("allow"), "view_image"));
    }
    Policy::new(Layer::Sandbox, allow, deny)
}

/// Is the policy of a profile, widened by `alsoAllow`; none where OpenClaw has no such profile.
pub(super) fn profile_policy(layer: Layer, profile: Option<(&str, Path)>, also_allow: Option<List>) -> Option<Policy> {
    let (name, key) = profile?;
    let allow = standing_at(key, Standard::get().profiles.get(name)?);
    Some(Policy::new(layer, allow.and(also_allow.unwrap_or_default()), List::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn allows(section: Value, tool: &str) -> bool {
        Policy::of_section(Layer::Global, &Path::from("tools"), Some(&section))
            .is_none_or(|policy| policy.allows(tool, View::Audit))
    }

    #[test]
    fn names_are_trimmed_lowered_and_unaliased() {
        assert!(matches([" BASH "], "exec"));
        assert!(matches(["exec"], "bash"));
        assert!(matches(["apply-patch"], "apply_patch"));
        assert!(!matches(["exe"], "exec"));
        assert!(!matches([""], ""));
    }

    #[test]
    fn groups_and_globs_are_matched() {
        assert!(matches(["group:runtime"], "exec"));
        assert!(matches(["sessions_*"], "sessions_list"));
        assert!(matches(["*_list"], "sessions_list"));
        assert!(matches(["s*_*t"], "sessions_list"));
        assert!(!matches(["a*a"], "a"));
        assert!(!matches(["sessions_*"], "sessions"));
        assert!(matches(["*"], "anything"));
    }

    #[test]
    fn deny_wins_and_an_empty_allow_allows_all() {
        assert!(!allows(json!({"allow": ["exec"], "deny": ["exec"]}), "exec"));
        assert!(allows(json!({"allow": []}), "exec"));
        assert!(allows(json!({"allow": [" "]}), "exec"));
        assert!(!allows(json!({"allow": ["read"]}), "exec"));
    }

    #[test]
    fn an_allow_of_unknown_names_allows_nothing() {
        assert!(!allows(json!({"allow": ["group:nonsense"]}), "exec"));
    }

    #[test]
    fn write_allows_apply_patch_too() {
        assert!(allows(json!({"allow": ["write"]}), "apply_patch"));
        assert!(!allows(json!({"allow": ["write"], "deny": ["apply_patch"]}), "apply_patch"));
        assert!(!allows(json!({"allow": ["edit"]}), "apply_patch"));
    }

    #[test]
    fn also_allow_alone_restricts_nothing() {
        assert!(allows(json!({"alsoAllow": ["read"]}), "exec"));
        assert!(allows(json!({"allow": [], "alsoAllow": ["read"]}), "exec"));
        assert!(!allows(json!({"allow": ["ls"], "alsoAllow": ["read"]}), "exec"));
    }

    #[test]
    fn plugin_groups_mean_tools_only_when_running() {
        let section = json!({"deny": ["group:plugins"]});
        let policy = Policy::of_section(Layer::Global, &Path::from("tools"), Some(&section));
        let policy = policy.expect("it has a list");
        assert!(policy.allows("browser", View::Audit));
        assert!(!policy.allows("browser", View::Running));
        assert!(!policy.allows(super::super::MCP_TOOL, View::Running));
        assert!(policy.allows("exec", View::Running));
    }

    fn sandbox(global: Value, agent: Value) -> Policy {
        let at = Path::from("agents.entries.a.tools");
        sandbox_policy(Some(&global), Some(&agent), Some(&at))
    }

    #[test]
    fn the_default_sandbox_policy_takes_the_control_plane_and_the_web_away() {
        let policy = sandbox(json!({}), json!({}));
        for (tool, allowed) in
            [("exec", true), ("view_image", true), ("gateway", false), ("web_fetch", false), ("browser", false)]
        {
            assert_eq!(policy.allows(tool, View::Audit), allowed, "{tool}");
        }
    }

    #[test]
    fn an_explicit_allow_lifts_the_default_deny_but_not_an_own_one() {
        let also = json!({"sandbox": {"tools": {"alsoAllow": ["browser"]}}});
        assert!(sandbox(also.clone(), json!({})).allows("browser", View::Audit));
        let deny = json!({"sandbox": {"tools": {"deny": ["browser"]}}});
        assert!(!sandbox(also, deny).allows("browser", View::Audit));
        let all = json!({"sandbox": {"tools": {"allow": []}}});
        assert!(sandbox(all.clone(), json!({})).allows("web_fetch", View::Audit));
        assert!(!sandbox(all, json!({})).allows("gateway", View::Audit));
    }

    #[test]
    fn an_agents_sandbox_list_stands_in_for_the_global_one() {
        let global = json!({"sandbox": {"tools": {"allow": ["read"], "deny": ["write"]}}});
        let agent = json!({"sandbox": {"tools": {"allow": ["write", "exec"]}}});
        let policy = sandbox(global, agent);
        assert!(policy.allows("exec", View::Audit));
        assert!(!policy.allows("read", View::Audit));
        assert!(!policy.allows("write", View::Audit));
    }
}
