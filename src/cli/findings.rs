//! `--findings` and `--report`: a report of an audit in, and what came of it out.

use super::usage::Unusable;
use super::{Context, Failure, save};
use crate::findings::{self, Report};
use crate::host::{Places, RealAudit};
use crate::plan::Plan;
use crate::report::remediation::{After, Remediation, markdown};
use crate::store;
use crate::text::Text;
use crate::walk::Walk;
use clap::Args;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// The most that is read from standard input, in bytes; more than any audit has.
const MOST: u64 = 16 << 20;
/// The name of standard input.
const STDIN: &str = "-";

#[derive(Args)]
pub(super) struct FindingsArgs {
    /// The JSON of an audit to walk through (of OpenClaw's security audit, secrets audit or doctor --lint, or of ours);
    /// - reads it from standard input
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// Where what came of the findings is written: FILE.md or FILE.json
    #[arg(long, value_name = "FILE", requires = "findings", value_parser = report_name)]
    report: Option<PathBuf>,
    /// Runs openclaw security audit on the result too, for the report
    #[arg(long, requires = "report")]
    real_audit: bool,
}

fn report_name(name: &str) -> Result<PathBuf, Unusable> {
    const ENDING: Unusable = Unusable(Text {
        en: "a report is FILE.md or FILE.json",
        ja: "FILE.md または FILE.json を指定してください",
    });
    let path = PathBuf::from(name);
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("md" | "json")) { Ok(path) } else { Err(ENDING) }
}

impl FindingsArgs {
    /// Whether any was given.
    pub(super) fn is_given(&self) -> bool {
        self.findings.is_some()
    }

    /// Whether standard input is the report, and so no keyboard.
    pub(super) fn takes_stdin(&self) -> bool {
        self.findings.as_deref() == Some(Path::new(STDIN))
    }

    /// Where what came of the findings goes.
    pub(super) fn report(&self) -> Option<&Path> {
        self.report.as_deref()
    }

    /// Reads the report that is named.
    pub(super) fn read(&self, context: &Context) -> Result<Option<Report>, Failure> {
        const ABSENT: Text = Text { en: "There is no report {path}.", ja: "レポート {path} がありません。" };
        const UNREAD: Text = Text { en: "{path} cannot be read: {why}", ja: "{path} を読み取れません: {why}" };
        let lang = context.lang;
        let Some(path) = &self.findings else {
            return Ok(None);
        };
        let bytes = if self.takes_stdin() {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().take(MOST).read_to_end(&mut bytes);
            read.map_err(|error| Failure(UNREAD.with("path", "stdin").with("why", error).of(lang)))?;
            bytes
        } else {
            let read = store::look(path).map_err(|error| Failure(error.of(lang)))?;
            read.ok_or_else(|| Failure(ABSENT.with("path", path.display()).of(lang)))?.bytes
        };
        const AT: Text = Text { en: "{path}: {why}", ja: "{path}: {why}" };
        let failed = |why: crate::text::Said| {
            let name = if self.takes_stdin() { "stdin".to_owned() } else { path.display().to_string() };
            Failure(AT.with("path", name).with_said("why", why).of(lang))
        };
        findings::parse(&bytes).map(Some).map_err(failed)
    }

    /// Runs OpenClaw's own audit on the result, where that is asked for.
    pub(super) fn real(&self, places: &Places, context: &Context) -> Result<Option<Report>, Failure> {
        if !self.real_audit {
            return Ok(None);
        }
        let said = |why: crate::text::Said| Failure(why.of(context.lang));
        let bytes =
            RealAudit::find(&context.env, places).and_then(|audit| audit.run(&AtomicBool::new(false))).map_err(said)?;
        findings::parse(&bytes).map(Some).map_err(said)
    }
}

/// Writes what came of a walk to a file, as its ending says.
pub(super) fn write_report(
    path: &Path,
    walk: &Walk,
    plan: &Plan,
    config: &Path,
    after: After,
    context: &Context,
) -> Result<(), Failure> {
    let remediation = Remediation::new(walk, plan, config.to_owned(), after);
    let is_json = path.extension().is_some_and(|ending| ending == "json");
    let text = if is_json { remediation.json() } else { markdown(&remediation, context.lang) };
    save(path, text.as_bytes(), context)
}
