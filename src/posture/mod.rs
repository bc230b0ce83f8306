//! The named starting points, and what each recommends: one literal a control, a file a step.
//!
//! A control answers one question of one step. It reads the settings and gives rows: one for each place
//! (the defaults, an agent, a channel, an account) where the question arises. Controls are asked in order, and each sees
//! the answers to all earlier ones, so linked changes go together. No choice ever loosens what the file has.

mod early;
mod exec;
mod hooks;
pub mod mend;
mod network;
mod pairing;
mod remaining;
mod row;
mod sandbox;
mod shapes;
pub mod skills;
mod surfaces;
#[cfg(test)]
mod testing;
mod tools;
mod workspace;

pub use row::{Choice, Field, KEEP, Row, Weight, agent, as_written, unset_means};

use crate::checks::{Finding, audit};
use crate::document::Path;
use crate::settings::schema::{self, Issue, IssueKind};
use crate::settings::{Sections, Settings};
use crate::text::Text;
use std::cell::OnceCell;

/// Whom the installation serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Posture {
    /// One owner: the hardening guide's recommendation.
    #[default]
    Personal,
    /// Several people may write to it.
    Shared,
    /// Strangers may reach it: the strictest.
    Public,
}

impl Posture {
    /// Is every posture, the mildest first.
    pub const ALL: [Posture; 3] = [Posture::Personal, Posture::Shared, Posture::Public];

    /// Is its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Posture::Personal => "personal",
            Posture::Shared => "shared",
            Posture::Public => "public",
        }
    }
}

/// The wizard's steps that hold settings, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// What OpenClaw refuses in the file.
    Mend,
    /// Where tools run.
    Sandbox,
    /// Which files an agent sees.
    Workspace,
    /// What an agent can call.
    Tools,
    /// Who reaches the gateway.
    Network,
    /// Who may talk to the agents.
    Pairing,
    /// What skills may do.
    Skills,
    /// What no other step covers.
    Remaining,
}

impl Step {
    /// How many there are.
    pub const COUNT: usize = Step::Remaining as usize + 1;
}

/// The sandbox engine that a plan may count on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The Docker daemon answers.
    Docker,
    /// Podman answers.
    Podman,
    /// None is usable here.
    #[default]
    None,
    /// It is still looked for. What hangs on it is not offered until it is known.
    Unknown,
}

/// What a plan may count on beside the config.
#[derive(Clone, Default, PartialEq)]
pub struct Means {
    /// The sandbox engine.
    pub engine: Engine,
    /// Whether the other of Docker and Podman is usable as well.
    pub both_engines: bool,
    /// The sandbox images of the config, each with whether the engine has it; none where that could not be seen.
    pub images: Vec<(String, Option<bool>)>,
    /// Whether the gateway runs in a container, where loopback would cut off its published ports.
    pub in_container: bool,
    /// A fresh random secret for the gateway: 48 hexadecimal digits. Made once, so that a plan stays the same as it is redone.
    pub gateway_secret: String,
    /// A fresh random secret for hooks, another one.
    pub hooks_secret: String,
}

/// One question of one step.
pub struct Control {
    /// A stable name, as in `gateway.bind`; answers files use it.
    pub id: &'static str,
    /// The step that shows it.
    pub step: Step,
    /// The label on the screen, 24 columns at most.
    pub label: Text,
    /// Why it matters and what happens if nothing is done.
    pub why: Text,
    /// The places where the question arises, each with its choices.
    pub rows: fn(&Scene) -> Vec<Row>,
}

/// What a control looks at.
pub struct Scene<'a> {
    /// The settings as the file has them.
    pub before: &'a Settings,
    /// The settings with the answers to all earlier controls in them.
    pub now: &'a Settings,
    /// What was found in `now`, once somebody has asked.
    pub seen: &'a Seen,
    /// Whether OpenClaw refuses the file as it is.
    pub is_refused: bool,
    /// What the step Mend asked before of the same config, beside the same facts.
    pub mends: &'a mend::Mends,
    /// The faults for which the step Mend has an answer that is not taken.
    pub unmended: &'a [(Path, IssueKind)],
    /// The posture to reach.
    pub posture: Posture,
    /// What can be counted on.
    pub means: &'a Means,
}

/// What was found in the settings as they are now, once somebody has asked.
#[derive(Default)]
pub struct Seen {
    findings: OnceCell<Vec<Finding>>,
    issues: OnceCell<Vec<Issue>>,
}

impl Seen {
    /// Is what was found so far, and why OpenClaw refuses these settings.
    pub fn new(findings: Vec<Finding>, issues: Vec<Issue>) -> Self {
        Seen { findings: findings.into(), issues: issues.into() }
    }

    /// Is the issues, if somebody has asked.
    pub fn into_issues(self) -> Option<Vec<Issue>> {
        self.issues.into_inner()
    }
}

impl Scene<'_> {
    /// Is the findings that the answers to all earlier controls leave.
    pub fn findings(&self) -> &[Finding] {
        self.now.note(Sections::ALL);
        self.seen.findings.get_or_init(|| audit(self.now))
    }

    /// Is why OpenClaw refuses the config with the answers to all earlier controls in it; nothing where it takes the file.
    pub fn issues(&self) -> &[Issue] {
        if !self.is_refused {
            return &[];
        }
        self.now.note(Sections::ALL);
        self.seen.issues.get_or_init(|| schema::validate(self.now.written(), &self.now.facts))
    }
}

/// Is every control, in the order in which they are asked.
pub fn controls() -> impl Iterator<Item = &'static Control> {
    changing_controls().chain(telling_controls())
}

/// Is every control that may change something, in their order.
pub fn changing_controls() -> impl Iterator<Item = &'static Control> {
    [
        mend::CONTROLS,
        sandbox::CONTROLS,
        workspace::CONTROLS,
        tools::CONTROLS,
        network::CONTROLS,
        surfaces::CONTROLS,
        hooks::CONTROLS,
        pairing::CONTROLS,
        skills::CONTROLS,
        early::CONTROLS,
        mend::LEFT,
    ]
    .into_iter()
    .flatten()
}

/// Is every control that tells what only the administrator can mend, and changes nothing.
pub fn telling_controls() -> impl Iterator<Item = &'static Control> {
    remaining::CONTROLS.iter()
}
