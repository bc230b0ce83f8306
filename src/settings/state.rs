//! What OpenClaw's audit reads outside its config and its files: the state database, and Docker. Plain data, gathered by `host`.

use super::tools::{Ask, Security};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The exec approvals (`exec_approvals_config` of the state database).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvals {
    /// The places where `autoAllowSkills` is on, as in `agents.main.autoAllowSkills`.
    pub auto_allow_skills: Vec<String>,
    /// The patterns of programs that run unasked, by agent; `*` stands for every agent.
    pub allowlists: BTreeMap<String, Vec<String>>,
    /// What may run and who is asked, by place: `defaults`, `agents.*`, `agents.main`.
    limits: BTreeMap<String, (Option<Security>, Option<Ask>)>,
}

/// What the approvals let an agent do on the host at most, each with the place that says so; none where nothing does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// What may run.
    pub security: Option<(Security, String)>,
    /// Who is asked at least.
    pub ask: Option<(Ask, String)>,
}

impl Approvals {
    /// Reads them as they are kept. What OpenClaw 2026.9.6 would call malformed lets nothing run, as there.
    pub fn parse(kept: &str) -> Self {
        match serde_json::from_str(kept) {
            Ok(kept) if is_valid(&kept) => Approvals::read(&kept),
            _ => Approvals::read(&json!({"defaults": {"security": "deny"}})),
        }
    }

    /// Reads them as OpenClaw 2026.9.6 keeps them: `{defaults, agents: {<id>: {autoAllowSkills, security, ask, allowlist:
    /// [{pattern}]}}}`. An agent `default` is an old name of `main`.
    pub fn read(kept: &Value) -> Self {
        let mut approvals = Approvals::default();
        if let Some(defaults) = kept.get("defaults") {
            approvals.take("defaults".to_owned(), defaults);
        }
        let agents = kept.get("agents").and_then(Value::as_object);
        for (id, agent) in agents.into_iter().flatten().filter(|(id, _)| *id != "default") {
            approvals.take_agent(id, agent);
        }
        if let Some(old) = agents.and_then(|agents| agents.get("default")) {
            approvals.take_agent("main", old);
        }
        approvals
    }

    fn take_agent(&mut self, id: &str, agent: &Value) {
        self.take(format!("agents.{id}"), agent);
        let list = agent.get("allowlist").and_then(Value::as_array).into_iter().flatten();
        let patterns = list.filter_map(|entry| entry.as_str().or_else(|| entry.get("pattern")?.as_str()));
        self.allowlists.entry(id.to_owned()).or_default().extend(patterns.map(str::to_owned));
    }

    /// Takes one place's word, where nothing is known of it yet.
    fn take(&mut self, place: String, section: &Value) {
        let auto = format!("{place}.autoAllowSkills");
        if section.get("autoAllowSkills") == Some(&Value::Bool(true)) && !self.auto_allow_skills.contains(&auto) {
            self.auto_allow_skills.push(auto);
        }
        let (security, ask) = self.limits.entry(place).or_default();
        *security = security.or_else(|| Security::read(section.get("security")));
        *ask = ask.or_else(|| Ask::read(section.get("ask")));
    }

    /// Is the limit for an agent: its own word, before that for all agents, before the defaults.
    pub fn limit(&self, agent: Option<&str>) -> Limit {
        let own = agent.map(|agent| format!("agents.{agent}"));
        let places = own.into_iter().chain(["agents.*".to_owned(), "defaults".to_owned()]);
        let mut limit = Limit::default();
        for place in places {
            let Some((security, ask)) = self.limits.get(&place) else {
                continue;
            };
            limit.security = limit.security.or_else(|| Some(((*security)?, format!("{place}.security"))));
            limit.ask = limit.ask.or_else(|| Some(((*ask)?, format!("{place}.ask"))));
        }
        limit
    }
}

/// Whether OpenClaw 2026.9.6 would read approvals that are kept so.
fn is_valid(kept: &Value) -> bool {
    let is_policy = |section: &Value| {
        let security = |key| section.get(key).is_none_or(|value| Security::read(Some(value)).is_some());
        section.is_object()
            && security("security")
            && security("askFallback")
            && section.get("ask").is_none_or(|ask| Ask::read(Some(ask)).is_some())
            && section.get("autoAllowSkills").is_none_or(Value::is_boolean)
    };
    let is_entry = |entry: &Value| {
        let pattern = if entry.is_string() { Some(entry) } else { entry.get("pattern") };
        pattern.and_then(Value::as_str).is_some_and(|pattern| !pattern.trim().is_empty())
    };
    let is_agent = |agent: &Value| {
        let list = agent.get("allowlist");
        is_policy(agent) && list.is_none_or(|list| list.as_array().is_some_and(|list| list.iter().all(is_entry)))
    };
    let agents = kept.get("agents");
    kept.get("version").and_then(Value::as_f64) == Some(1.0)
        && kept.get("defaults").is_none_or(is_policy)
        && agents.is_none_or(|agents| agents.as_object().is_some_and(|agents| agents.values().all(is_agent)))
}

/// A plugin or a pack of hooks that came from npm, as the state database records it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Install {
    /// Its id.
    pub id: String,
    /// What was asked for, as in `@scope/name@1.2.3`.
    pub spec: Option<String>,
    /// The hash of what came.
    pub integrity: Option<String>,
    /// The version that was recorded.
    pub recorded: Option<String>,
    /// Where it was recorded to lie; below the state folder by default.
    pub path: Option<String>,
    /// The version in the `package.json` that lies there; none where there is none to be read.
    pub installed: Option<String>,
}

impl Install {
    /// Reads the record of an id; none where it did not come from npm. What is installed must be looked up.
    pub fn read(id: &str, record: &Value) -> Option<Self> {
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
        (record.get("source").and_then(Value::as_str) == Some("npm")).then(|| Install {
            id: id.to_owned(),
            spec: text("spec"),
            integrity: text("integrity"),
            recorded: text("resolvedVersion").or_else(|| text("version")).filter(|version| !version.is_empty()),
            path: text("installPath"),
            installed: None,
        })
    }

    /// Whether what was asked for is one exact version (the rule of OpenClaw 2026.9.6).
    pub fn is_pinned(&self) -> bool {
        let Some(spec) = &self.spec else {
            return true;
        };
        let version = match spec.trim().rsplit_once('@') {
            Some((name, version)) if !name.is_empty() => version.trim(),
            _ => return false,
        };
        let version = version.strip_prefix('v').unwrap_or(version);
        let (version, build) =
            version.split_once('+').map_or((version, None), |(version, build)| (version, Some(build)));
        let (numbers, early) =
            version.split_once('-').map_or((version, None), |(numbers, early)| (numbers, Some(early)));
        let is_label =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
        let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        numbers.split('.').count() == 3
            && numbers.split('.').all(is_number)
            && [build, early].into_iter().flatten().all(is_label)
    }
}

/// The containers of sandboxed browsers: those with the label `openclaw.sandboxBrowser=1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BrowserContainers {
    /// Those that were looked at.
    pub containers: Vec<BrowserContainer>,
    /// Whether Docker did not answer in time (OpenClaw waits 5 seconds), so that some may be missing here.
    pub timed_out: bool,
}

/// A container of a sandboxed browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BrowserContainer {
    /// Its name.
    pub name: String,
    /// Its label `openclaw.configHash`.
    pub config_hash: Option<String>,
    /// Its label `openclaw.browserConfigEpoch`.
    pub epoch: Option<String>,
    /// The lines of `docker port`, as in `6080/tcp -> 127.0.0.1:49153`.
    pub ports: Vec<String>,
}

impl BrowserContainer {
    /// Is the ports that others than this machine can reach.
    pub fn exposed(&self) -> Vec<&str> {
        let is_exposed = |line: &&str| published_host(line).is_some_and(|host| !is_loopback(host));
        self.ports.iter().map(String::as_str).filter(is_exposed).collect()
    }
}

/// Is the address of a line of `docker port`; none where it is no such line.
fn published_host(line: &str) -> Option<&str> {
    let line = line.trim();
    let at = line.rsplit_once("->").map_or(line, |(_, at)| at.trim());
    let (host, port) = at.rsplit_once(':')?;
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = bare.unwrap_or(host);
    (is_port && !host.is_empty() && (bare.is_some() || !host.contains(':'))).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    matches!(host.to_lowercase().as_str(), "127.0.0.1" | "::1" | "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn approvals_are_read_as_they_are_kept() {
        let kept = json!({
            "defaults": {"autoAllowSkills": true},
            "agents": {"main": {"autoAllowSkills": "yes", "allowlist": [{"pattern": "/usr/bin/git"}, {}]}, "*": {"autoAllowSkills": true}},
        });
        let approvals = Approvals::read(&kept);
        assert_eq!(approvals.auto_allow_skills, ["defaults.autoAllowSkills", "agents.*.autoAllowSkills"]);
        assert_eq!(approvals.allowlists["main"], ["/usr/bin/git"]);
        assert_eq!(Approvals::read(&json!([])), Approvals::default());
    }

    #[test]
    fn an_agents_own_limit_counts_before_that_of_all_agents_and_the_defaults() {
        let approvals = Approvals::read(&json!({
            "defaults": {"security": "deny", "ask": "on-miss"},
            "agents": {"*": {"security": "allowlist"}, "work": {"security": "full"}, "default": {"ask": "always"}},
        }));
        let limit = |agent| {
            let limit = approvals.limit(agent);
            let place = |place: Option<String>| place.unwrap_or_default();
            (place(limit.security.map(|found| found.1)), place(limit.ask.map(|found| found.1)))
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(limit(Some("work")), pair("agents.work.security", "defaults.ask"));
        assert_eq!(limit(Some("main")), pair("agents.*.security", "agents.main.ask"));
        assert_eq!(limit(None), pair("agents.*.security", "defaults.ask"));
        assert_eq!(Approvals::default().limit(Some("main")), Limit::default());
    }

    #[test]
    fn malformed_approvals_let_nothing_run() {
        let security = |kept: &str| Approvals::parse(kept).limit(Some("main")).security.map(|found| found.0);
        for kept in [
            "{",
            "[]",
            r#"{"version": 2}"#,
            r#"{"version": 1, "defaults": {"security": "some"}}"#,
            r#"{"version": 1, "agents": {"main": {"ask": 1}}}"#,
            r#"{"version": 1, "agents": {"main": {"allowlist": [" "]}}}"#,
        ] {
            assert_eq!(security(kept), Some(Security::Deny), "{kept}");
        }
        assert_eq!(security(r#"{"version": 1, "agents": {"main": {"allowlist": ["ls", {"pattern": "a"}]}}}"#), None);
    }

    #[test]
    fn only_an_exact_version_is_pinned() {
        let is_pinned = |spec: &str| Install { spec: Some(spec.to_owned()), ..Install::default() }.is_pinned();
        for spec in ["a@1.2.3", "@s/a@v1.2.3", "a@1.2.3-beta.1+b7", " a@1.2.3 "] {
            assert!(is_pinned(spec), "{spec}");
        }
        for spec in ["a", "@s/a", "a@latest", "a@^1.2.3", "a@1.2", "a@1.2.3-", "a@1.2.3+x-y_", "", "@1.2.3"] {
            assert!(!is_pinned(spec), "{spec}");
        }
        assert!(Install::default().is_pinned());
    }

    #[test]
    fn only_npm_installs_are_kept_and_the_resolved_version_counts() {
        let record = json!({"source": "npm", "version": "1", "resolvedVersion": "2"});
        assert_eq!(Install::read("a", &record).and_then(|install| install.recorded).as_deref(), Some("2"));
        assert_eq!(Install::read("a", &json!({"source": "path"})), None);
    }

    #[test]
    fn ports_of_this_machine_alone_are_not_exposed() {
        let ports =
            ["1/tcp -> 127.0.0.1:5", "1/tcp -> [::1]:5", "2/tcp -> 0.0.0.0:5", "2/tcp -> [::]:5", "", "::5", "x"];
        let container = BrowserContainer { ports: ports.map(str::to_owned).into(), ..BrowserContainer::default() };
        assert_eq!(container.exposed(), ["2/tcp -> 0.0.0.0:5", "2/tcp -> [::]:5"]);
    }
}
