//! `completions` and `man`: what is made from the command line's definition by the tests, and installed with the program.

use super::{Context, print};
use crate::text::Lang;
use clap::{Args, ValueEnum};
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

pub(super) fn completions(args: &CompletionsArgs) -> ExitCode {
    print(match args.shell {
        Shell::Bash => include_str!("../../assets/completions/openclaw-harden.bash"),
        Shell::Zsh => include_str!("../../assets/completions/_openclaw-harden"),
        Shell::Fish => include_str!("../../assets/completions/openclaw-harden.fish"),
    });
    ExitCode::SUCCESS
}

pub(super) fn man(context: &Context) -> ExitCode {
    print(match context.lang {
        Lang::En => include_str!("../../assets/man/openclaw-harden.1"),
        Lang::Ja => include_str!("../../assets/man/ja/openclaw-harden.1"),
    });
    ExitCode::SUCCESS
}
