//! The wizard, where no command is named.

use super::{Context, Failure};
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct WizardArgs {
    /// Opens a bad example and writes nothing
    #[arg(long)]
    demo: bool,
    /// Plays keys, as in "<enter><space>j", then goes on
    #[arg(long, value_name = "KEYS")]
    keys: Option<String>,
    /// Prints the last frame and ends
    #[arg(long)]
    print: bool,
    /// The size of the frame to print, as in 100x30
    #[arg(long, value_name = "WxH")]
    size: Option<String>,
}

pub(super) fn run(_args: &WizardArgs, _context: &Context) -> Result<ExitCode, Failure> {
    Ok(ExitCode::SUCCESS)
}
