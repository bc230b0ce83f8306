//! `audit`: what is wrong, with nothing touched.

use super::{Context, Failure, print};
use crate::checks::Severity;
use crate::report;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct AuditArgs {
    /// The config files; the installation's own where none is given
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// The severity from which the exit code is 1
    #[arg(long, value_name = "SEVERITY", default_value = "critical")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, ValueEnum, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Critical,
    Warn,
    Info,
    Never,
}

impl FailOn {
    fn fails(self, severity: Severity) -> bool {
        match self {
            FailOn::Critical => severity >= Severity::Critical,
            FailOn::Warn => severity >= Severity::Warn,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

pub(super) fn run(args: &AuditArgs, context: &Context) -> Result<ExitCode, Failure> {
    let files: Vec<Option<&PathBuf>> =
        if args.files.is_empty() { vec![None] } else { args.files.iter().map(Some).collect() };
    let mut audits = Vec::new();
    for file in files {
        let installation = context.open(file)?;
        audits.push(report::Audit::of(&installation).map_err(|error| Failure(error.what.of(context.lang)))?);
    }
    let worst = audits.iter().flat_map(|audit| &audit.findings).map(|found| found.finding.severity).max();
    print(&match args.format {
        Format::Json => report::json::audits(&audits),
        Format::Text => report::text::audits(&audits, context.style()),
    });
    let failed = worst.is_some_and(|severity| args.fail_on.fails(severity));
    Ok(ExitCode::from(u8::from(failed)))
}
