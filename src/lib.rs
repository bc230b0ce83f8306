//! Hardens an OpenClaw installation: a wizard, a command line, and the core that both stand on.
//!
//! # The screen
//!
//! ```text
//!  openclaw-harden  ~/.openclaw/openclaw.json       critical 4 -> 0  warn 1 -> 0   tui/frame.rs: the live count
//!  posture personal                                              4/9 Tools
//! ------------------------------------------------------------------------------
//!  What can an agent call?                                                        tui/screens/step.rs
//!  > Run programs              allowed -> deny                     ask            posture/: one control, its rows
//!    Elevated mode             unset (true) -> false               safe
//! ------------------------------------------------------------------------------
//!  ( ) leave as it is                                                             posture/row.rs: the choices
//!  (*) deny       ask   recommended
//!  deny: The agent can no longer run programs ...                                 what a choice does
//!  Finding   security.exposure.open_groups_with_runtime_or_fs                     checks/: what it closes
//!  Key       tools.deny
//! ------------------------------------------------------------------------------
//!  Enter Show asks  Space Change  Esc Back  ? Help  q Quit                        tui/screens/: keys of this screen
//! ```
//!
//! # The data's way
//!
//! ```text
//!  bytes -> Document -> Source -> Settings -> Finding   what is wrong
//!           document    source    settings    checks
//!                                    |
//!                                    v
//!                                 Control -> Row -> Choice -> Edit   what could be done, and what it breaks
//!                                 posture                      |
//!  bytes <- backup <- Plan  <- candidate Source  <- Draft   <--+     what is done, the diff, what stays
//!           store     plan     source
//! ```
//!
//! Only the first and the last arrow touch the disk (`host` and `store`); all others are pure. A module may use
//! those further down in this list, never those further up.

// What people meet: the command line, the terminal, the reports.
pub mod cli;

pub mod tui;

pub mod report;

// What touches the machine and the disk.
pub mod host;

pub mod store;

pub mod trial;

// What is pure: no terminal, no environment, no file.
pub mod plan;

pub mod accepted;

pub mod walk;

pub mod posture;

pub mod chains;
pub mod checkup;
pub mod findings;

pub mod checks;

pub mod settings;

pub mod skills;

pub mod source;

pub mod document;

pub mod text;

pub mod parallel;
