//! OpenClaw's tool policy: who can call which tool, where it runs, and who is asked first.
//!
//! A tool can be called when every layer of policy lets it through: the profile (widened by `alsoAllow`), the global
//! lists, the agent's lists, those for the model's provider, and in sandboxed sessions the sandbox's own lists
//! ([`policy`]). An agent's settings put together are a [`ToolContext`]; what follows from them for one tool in one
//! kind of session is a [`Decision`], and over all tools the [`Reach`], which can be compared before and after a change.

mod catalogue;
mod context;
mod known;
mod loosened;
mod permissions;
mod policy;
mod reach;
mod unknown;
mod words;

pub use catalogue::{Catalogue, GROUPS, Group, MCP_TOOL, PLUGIN_TOOL, Risk, catalogue, risk};
pub use context::{Ask, Docker, Elevated, Exec, ExecMode, Mode, Sandbox, Security, ToolContext};
pub use known::ToolSet;
pub use loosened::{Loosened, loosened};
pub use permissions::{Caller, Permission, Sender};
pub use policy::{Layer, Policy, View, matches};
pub use reach::{Approval, Decision, Files, Place, Reach, ReachKey, Session, effective};
pub use unknown::UnknownName;
