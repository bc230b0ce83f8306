//! The named starting points, and what each recommends: one literal a control.
//!
//! A control answers one question of one step. It reads the settings and gives rows: one for each place
//! (the defaults, an agent, a channel, an account) where the question arises.

use crate::document::{Edit, Path};
use crate::settings::Settings;
use crate::text::{Said, Text};

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

/// The wizard's steps that hold settings, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
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
    /// What no other step covers.
    Remaining,
}

/// The sandbox engine that the plan may count on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The Docker daemon answers.
    Docker,
    /// Podman answers.
    Podman,
    /// None is usable here.
    #[default]
    None,
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
    /// The posture to reach.
    pub posture: Posture,
    /// The sandbox engine to plan for.
    pub engine: Engine,
}

/// A question at one place.
#[derive(Clone, Debug)]
pub struct Row {
    /// The key that the question is about, as the file has or would have it.
    pub path: Path,
    /// Whose it is, as in `agent work` or `telegram, account two`; none where it is global.
    pub whose: Option<String>,
    /// The value in the file, or the default with the word for it.
    pub current: Said,
    /// What can be chosen. The first keeps the file as it is.
    pub choices: Vec<Choice>,
    /// Which of the choices the posture recommends; 0 where nothing needs to change.
    pub recommended: usize,
    /// The text field that the row offers beside its choices.
    pub field: Option<Field>,
}

/// One possible answer.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is shown and kept in an answers file: OpenClaw's own value where there is one.
    pub value: String,
    /// What it changes; none for keeping.
    pub edits: Vec<Edit>,
    /// Whether it may be taken unseen.
    pub weight: Weight,
    /// What this choice does: the consequence, then the way out.
    pub effect: Said,
}

/// Whether a change may be taken unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// Changes nothing.
    Keep,
    /// Keeps a working setup working.
    Safe,
    /// May cut someone or something off: never taken silently.
    Ask,
    /// Only the administrator can do it; `effect` says exactly how.
    Manual,
}

/// A value that is typed.
#[derive(Clone, Debug)]
pub struct Field {
    /// What stands in it at first; one line an entry.
    pub text: String,
    /// Whether several lines make a list.
    pub list: bool,
    /// What a typed text becomes, or the sentence that refuses it.
    pub read: fn(&Path, &str) -> Result<Vec<Edit>, Text>,
}
