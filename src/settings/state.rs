//! What OpenClaw's audit reads outside its config and its files: the state database, and Docker. Plain data, gathered by `host`.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The exec approvals (`exec_approvals_config` of the state database).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvals {
    /// The places where `autoAllowSkills` is on, as in `agents.main.autoAllowSkills`.
    pub auto_allow_skills: Vec<String>,
    /// The patterns of programs that run unasked, by agent; `*` stands for every agent.
    pub allowlists: BTreeMap<String, Vec<String>>,
}

impl Approvals {
    /// Reads them as OpenClaw 2026.9.6 keeps them: `{defaults, agents: {<id>: {autoAllowSkills, allowlist: [{pattern}]}}}`.
    pub fn read(kept: &Value) -> Self {
        let is_on = |section: &Value| section.get("autoAllowSkills") == Some(&Value::Bool(true));
        let mut approvals = Approvals::default();
        if kept.get("defaults").is_some_and(is_on) {
            approvals.auto_allow_skills.push("defaults.autoAllowSkills".to_owned());
        }
        for (id, agent) in kept.get("agents").and_then(Value::as_object).into_iter().flatten() {
            if is_on(agent) {
                approvals.auto_allow_skills.push(format!("agents.{id}.autoAllowSkills"));
            }
            let list = agent.get("allowlist").and_then(Value::as_array).into_iter().flatten();
            let patterns = list.filter_map(|entry| entry.get("pattern")?.as_str());
            approvals.allowlists.insert(id.clone(), patterns.map(str::to_owned).collect());
        }
        approvals
    }
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
