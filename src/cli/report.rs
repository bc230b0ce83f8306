//! `report`: what many machines said, put together.

use super::audit::FailOn;
use super::{Context, Failure, print};
use crate::report::fleet::{Fleet, markdown, page, text};
use crate::store;
use crate::text::{Said, Text};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct ReportArgs {
    /// What audit, apply --dry-run and checkup printed with --format json; web1.audit.json is about the host web1
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
    /// The severity from which the exit code is 1
    #[arg(long, value_name = "SEVERITY", default_value = "critical")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    Text,
    Markdown,
    Json,
    Html,
}

pub(super) fn run(args: &ReportArgs, context: &Context) -> Result<ExitCode, Failure> {
    const ABSENT: Text = Text { en: "{path} does not exist", ja: "{path} がありません" };
    let lang = context.lang;
    let mut fleet = Fleet::default();
    for path in &args.files {
        match store::look(path) {
            Ok(Some(read)) => fleet.add(path, &read.bytes),
            Ok(None) => fleet.unreadable(path, ABSENT.with("path", path.display())),
            Err(error) => fleet.unreadable(path, Said::from(error.of(lang))),
        }
    }
    print(&match args.format {
        ReportFormat::Text => text(&fleet, context.style()),
        ReportFormat::Markdown => markdown(&fleet, lang),
        ReportFormat::Json => fleet.json(),
        ReportFormat::Html => page(&fleet, lang),
    });
    let failed = fleet.worst().is_some_and(|severity| args.fail_on.fails(severity));
    Ok(ExitCode::from(u8::from(failed)))
}
