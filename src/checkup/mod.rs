//! What has happened to an installation since somebody last looked: a judgement of facts that `host` gathers.
//!
//! Every part has the facts it needs as plain data and one function that makes rows of them, so that it is tested without a
//! log, a Docker daemon or a Gateway. What could not be looked at is said in a row of its own, never passed over.

pub mod access;
pub mod address;
pub mod containers;
pub mod known;
pub mod listeners;
pub mod log;
mod log_rows;
pub mod policy;
mod skills;
#[cfg(test)]
mod testing;

pub use known::Known;

use crate::checks::Severity;
use crate::settings::Settings;
use crate::text::{Said, Text};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The Gateway's log.
    Log,
    /// The sandbox's containers.
    Containers,
    /// Approved users and devices.
    Access,
    /// What listens on the Gateway's port.
    Listeners,
    /// The config and what belongs to it.
    Policy,
}

impl Topic {
    /// Is its name in reports for machines.
    pub fn id(self) -> &'static str {
        match self {
            Topic::Log => "log",
            Topic::Containers => "containers",
            Topic::Access => "access",
            Topic::Listeners => "listeners",
            Topic::Policy => "policy",
        }
    }

    /// Is its name for people.
    pub fn name(self) -> Text {
        match self {
            Topic::Log => Text { en: "Log", ja: "ログ" },
            Topic::Containers => Text { en: "Containers", ja: "コンテナ" },
            Topic::Access => Text { en: "Approved users and devices", ja: "承認済みユーザーとデバイス" },
            Topic::Listeners => Text { en: "Listeners", ja: "待ち受けポート" },
            Topic::Policy => Text { en: "Policy", ja: "ポリシー" },
        }
    }
}

/// What came of looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Somebody should act.
    Attention(Severity),
    /// It could not be looked at.
    Unknown,
    /// Worth knowing, nothing to do.
    Note,
    /// Looked at, and as it should be.
    Fine,
}

impl State {
    /// Is its name in reports for machines.
    pub fn id(self) -> &'static str {
        match self {
            State::Attention(_) => "attention",
            State::Unknown => "unknown",
            State::Note => "note",
            State::Fine => "ok",
        }
    }

    /// Is what stands before a row.
    pub fn label(self) -> Text {
        match self {
            State::Attention(Severity::Critical) => Text { en: "CRITICAL", ja: "重大" },
            State::Attention(_) => Text { en: "WARN", ja: "警告" },
            State::Unknown => Text { en: "UNKNOWN", ja: "不明" },
            State::Note => Text { en: "note", ja: "参考" },
            State::Fine => Text { en: "ok", ja: "正常" },
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in reports for machines, as in `containers.docker_socket`.
    pub id: &'static str,
    /// What it is about.
    pub topic: Topic,
    /// What came of looking.
    pub state: State,
    /// What was looked at.
    pub looked: Said,
    /// What was found, in one sentence.
    pub found: Said,
    /// What shows it.
    pub evidence: Vec<Said>,
    /// What to do.
    pub todo: Vec<Said>,
    /// The commands that do it, run by nobody unless asked: program and arguments.
    pub commands: Vec<Vec<String>>,
}

impl Row {
    fn new(id: &'static str, topic: Topic, state: State, looked: impl Into<Said>, found: impl Into<Said>) -> Self {
        let (looked, found) = (looked.into(), found.into());
        Row { id, topic, state, looked, found, evidence: Vec::new(), todo: Vec::new(), commands: Vec::new() }
    }

    fn evidence(mut self, lines: impl IntoIterator<Item = Said>) -> Self {
        self.evidence.extend(lines);
        self
    }

    fn todo(mut self, what: impl Into<Said>) -> Self {
        self.todo.push(what.into());
        self
    }

    fn command(mut self, words: &[&str]) -> Self {
        self.commands.push(words.iter().map(|word| (*word).to_owned()).collect());
        self
    }

    /// Whether somebody should act.
    pub fn needs_attention(&self) -> bool {
        matches!(self.state, State::Attention(_))
    }
}

/// The facts of one checkup.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The Gateway's log.
    pub log: log::Looked,
    /// The sandbox's containers, by engine.
    pub engines: Vec<containers::Engine>,
    /// Who is approved.
    pub access: access::Access,
    /// What listens.
    pub listeners: listeners::Looked,
    /// The config and what belongs to it.
    pub policy: policy::Looked,
    /// When the facts were gathered, in seconds since 1970.
    pub now: i64,
}

/// Judges the facts, with what the last checkup knew.
pub fn judge(evidence: &Evidence, settings: &Settings, known: &Known) -> Vec<Row> {
    let mut rows = log_rows::rows(&evidence.log, settings, known);
    rows.extend(access::exec_rows(&evidence.access));
    rows.extend(containers::rows(&evidence.engines, settings));
    rows.extend(access::rows(&evidence.access, settings, known));
    rows.extend(listeners::rows(&evidence.listeners, settings));
    rows.extend(policy::rows(&evidence.policy, &evidence.access, settings, known));
    rows.sort_by_key(|row| row.topic);
    rows
}

/// How many lines of evidence a row has at most.
const MAX_EVIDENCE: usize = 12;

/// Is the first lines, and how many more there are.
fn first<T>(all: &[T], line: impl Fn(&T) -> Said) -> Vec<Said> {
    const MORE: Text = Text { en: "and {n} more", ja: "ほか{n}件" };
    let mut lines: Vec<Said> = all.iter().take(MAX_EVIDENCE).map(line).collect();
    if all.len() > MAX_EVIDENCE {
        lines.push(MORE.with("n", all.len() - MAX_EVIDENCE));
    }
    lines
}
