//! `audit`: what is wrong, with nothing touched.

use super::{Context, Failure, accept, print};
use crate::checks::Severity;
use crate::host::{self, Asked, Boxes, Installation};
use crate::parallel;
use crate::report::{self, Audit, Baseline, Unread};
use crate::store;
use crate::text::Text;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct AuditArgs {
    /// The config files; the installation's own where none is given
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: AuditFormat,
    /// The severity from which the exit code is 1
    #[arg(long, value_name = "SEVERITY", default_value = "critical")]
    fail_on: FailOn,
    /// An earlier audit in JSON: only what it does not have fails
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum, PartialEq, Eq)]
enum AuditFormat {
    Text,
    Json,
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum FailOn {
    Critical,
    Warn,
    Info,
    Never,
}

impl FailOn {
    pub(super) fn fails(self, severity: Severity) -> bool {
        match self {
            FailOn::Critical => severity >= Severity::Critical,
            FailOn::Warn => severity >= Severity::Warn,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

impl AuditArgs {
    /// Is the config files that are named.
    pub(super) fn files(&self) -> &[PathBuf] {
        &self.files
    }
}

pub(super) fn run(args: &AuditArgs, context: &Context) -> Result<ExitCode, Failure> {
    let baseline = args.baseline.as_deref().map(|path| read_baseline(path, context)).transpose()?;
    let ledger = accept::kept(context)?;
    let today = accept::today();
    let audit = |file: Option<&Path>, engine: Asked| -> Result<Audit, Failure> {
        let installation = Installation::look(&context.selection(None), file, &context.env, engine, &context.cwd)
            .map_err(|error| Failure(error.of(context.lang)))?;
        context.settle(file.map(Path::to_owned).as_ref(), false)?;
        let look = if args.format == AuditFormat::Json { Audit::of } else { Audit::without_chains };
        let mut audit = look(&installation, file);
        audit.accept(ledger.of(&installation.places.config), &today);
        Ok(audit)
    };
    let is_only = args.files.len() < 2;
    let mut told = Told::new(args.format, is_only, context.style());
    let mut tell = |mut audits: Vec<Result<Audit, Unread>>| {
        if let Some(baseline) = &baseline {
            audits.iter_mut().flatten().for_each(|audit| baseline.mark(audit, is_only));
        }
        told.next(audits);
    };
    match args.files.as_slice() {
        [] => tell(vec![Ok(audit(None, context.engine())?)]),
        [one] => tell(vec![Ok(audit(Some(one), context.engine())?)]),
        many => {
            // The engine is the machine's: it is asked once.
            let engine = Asked::Fixed(host::engine(context.engine(), &context.env, &Boxes::default()).engine);
            for some in many.chunks(AT_ONCE) {
                tell(parallel::each(some, |file| {
                    audit(Some(file), engine).map_err(|Failure(error)| Unread { path: file.clone(), error })
                }));
            }
        }
    }
    let (worst, unread) = told.end();
    for error in &unread {
        eprintln!("{error}");
    }
    let failed = worst.is_some_and(|severity| args.fail_on.fails(severity));
    Ok(ExitCode::from(if unread.is_empty() { u8::from(failed) } else { 2 }))
}

/// How many audits are held before they are printed: any number of files takes the memory of these.
const AT_ONCE: usize = 32;

/// What has been said so far.
struct Told {
    format: AuditFormat,
    is_only: bool,
    style: report::text::Style,
    files: report::json::Files,
    /// Audits that can only be printed together.
    kept: Vec<Result<Audit, Unread>>,
    begun: bool,
    worst: Option<Severity>,
    unread: Vec<String>,
}

impl Told {
    fn new(format: AuditFormat, is_only: bool, style: report::text::Style) -> Self {
        let files = report::json::Files::default();
        Told { format, is_only, style, files, kept: Vec::new(), begun: false, worst: None, unread: Vec::new() }
    }

    fn next(&mut self, audits: Vec<Result<Audit, Unread>>) {
        self.worst = self.worst.max(audits.iter().flatten().filter_map(Audit::worst).max());
        self.unread.extend(audits.iter().filter_map(|audit| audit.as_ref().err()).map(|unread| unread.error.clone()));
        match self.format {
            AuditFormat::Json if self.is_only => print(&report::json::audits(&audits)),
            AuditFormat::Json => print(&self.files.next(&audits)),
            AuditFormat::Sarif => self.kept.extend(audits),
            AuditFormat::Text => {
                let text = report::text::audits(audits.iter().flatten(), self.style);
                print(if self.begun && !text.is_empty() { "\n" } else { "" });
                print(&text);
                self.begun |= !text.is_empty();
            }
        }
    }

    /// Ends the report. Is the worst finding, and what could not be read.
    fn end(self) -> (Option<Severity>, Vec<String>) {
        match self.format {
            AuditFormat::Json if !self.is_only => print(self.files.end()),
            AuditFormat::Sarif => print(&report::sarif::audits(&self.kept)),
            AuditFormat::Json | AuditFormat::Text => {}
        }
        (self.worst, self.unread)
    }
}

fn read_baseline(path: &Path, context: &Context) -> Result<Baseline, Failure> {
    const ABSENT: Text =
        Text { en: "There is no baseline {path}.", ja: "ベースライン {path} がありません。" };
    let read = store::look(path).map_err(|error| Failure(error.of(context.lang)))?;
    let read = read.ok_or_else(|| Failure(ABSENT.with("path", path.display()).of(context.lang)))?;
    Baseline::parse(&read.bytes).map_err(|said| Failure(said.of(context.lang)))
}
