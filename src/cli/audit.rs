//! `audit`: what is wrong, with nothing touched.

use super::{Context, Failure, accept, complain, print};
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
    let is_only = args.files.len() < 2;
    let audit = |file: Option<&Path>, engine: Asked| -> Result<Audit, Failure> {
        let installation = Installation::look(&context.selection(None), file, &context.env, engine, &context.cwd)
            .map_err(|error| Failure(error.of(context.lang)))?;
        // Of a write to several files that was interrupted some may be new and some old; one file alone is whole.
        if installation.source.has_includes() {
            context.settle(file.map(Path::to_owned).as_ref(), false)?;
        }
        let look = if args.format == AuditFormat::Json { Audit::of } else { Audit::without_chains };
        let mut audit = look(&installation, file);
        audit.accept(ledger.of(&installation.places.config), &today);
        if let Some(baseline) = &baseline {
            baseline.mark(&mut audit, is_only);
        }
        Ok(audit)
    };
    let how = How { format: args.format, is_only, style: context.style() };
    let mut told = Told { how, begun: false, worst: None, unread: Vec::new(), kept: Vec::new() };
    match args.files.as_slice() {
        many @ [_, _, ..] => {
            // The engine is the machine's: it is asked once.
            let engine = Asked::Fixed(host::engine(context.engine(), &context.env, &Boxes::default()).engine);
            let one = |file: &PathBuf| {
                let audit = audit(Some(file), engine);
                how.piece(audit.map_err(|Failure(error)| Unread { path: file.clone(), error }))
            };
            for some in many.chunks(AT_ONCE) {
                parallel::each(some, one).into_iter().for_each(|piece| told.next(piece));
            }
        }
        file => {
            let audit = audit(file.first().map(PathBuf::as_path), context.engine())?;
            told.next(how.piece(Ok(audit)));
        }
    }
    told.end();
    for error in &told.unread {
        complain(error);
    }
    let failed = told.worst.is_some_and(|severity| args.fail_on.fails(severity));
    Ok(ExitCode::from(if told.unread.is_empty() { u8::from(failed) } else { 2 }))
}

/// How many audits are held before they are printed: any number of files takes the memory of these.
const AT_ONCE: usize = 32;

/// What is said of one file.
struct Piece {
    text: String,
    worst: Option<Severity>,
    unread: Option<String>,
    /// What can only be printed together with all others.
    kept: Option<Result<Audit, Unread>>,
}

/// How audits are printed.
#[derive(Clone, Copy)]
struct How {
    format: AuditFormat,
    is_only: bool,
    style: report::text::Style,
}

impl How {
    /// Is what stands before the first piece, between two, and behind the last.
    fn frame(self) -> [&'static str; 3] {
        match self.format {
            AuditFormat::Json if !self.is_only => report::json::FILES,
            AuditFormat::Text => ["", "\n", ""],
            AuditFormat::Json | AuditFormat::Sarif => [""; 3],
        }
    }

    fn piece(self, audit: Result<Audit, Unread>) -> Piece {
        Piece {
            text: match self.format {
                AuditFormat::Json if self.is_only => report::json::audits(std::slice::from_ref(&audit)),
                AuditFormat::Json => report::json::item(&audit),
                AuditFormat::Text => report::text::audits(&audit, self.style),
                AuditFormat::Sarif => String::new(),
            },
            worst: audit.as_ref().ok().and_then(Audit::worst),
            unread: audit.as_ref().err().map(|unread| unread.error.clone()),
            kept: (self.format == AuditFormat::Sarif).then_some(audit),
        }
    }
}

/// What has been said so far.
struct Told {
    how: How,
    begun: bool,
    worst: Option<Severity>,
    unread: Vec<String>,
    kept: Vec<Result<Audit, Unread>>,
}

impl Told {
    fn next(&mut self, piece: Piece) {
        self.worst = self.worst.max(piece.worst);
        self.unread.extend(piece.unread);
        self.kept.extend(piece.kept);
        if piece.text.is_empty() {
            return;
        }
        let [before, between, _] = self.how.frame();
        print(if std::mem::replace(&mut self.begun, true) { between } else { before });
        print(&piece.text);
    }

    fn end(&self) {
        let [_, _, behind] = self.how.frame();
        print(behind);
        if self.how.format == AuditFormat::Sarif {
            print(&report::sarif::audits(&self.kept));
        }
    }
}

fn read_baseline(path: &Path, context: &Context) -> Result<Baseline, Failure> {
    const ABSENT: Text =
        Text { en: "There is no baseline {path}.", ja: "ベースライン {path} がありません。" };
    let read = store::look(path).map_err(|error| Failure(error.of(context.lang)))?;
    let read = read.ok_or_else(|| Failure(ABSENT.with("path", path.display()).of(context.lang)))?;
    Baseline::parse(&read.bytes).map_err(|said| Failure(said.of(context.lang)))
}
