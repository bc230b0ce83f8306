//! The same facts as text and as JSON.

pub mod json;
pub mod text;

use crate::checks::{Finding, Severity, audit};
use crate::document::{Document, EditError, Position};
use crate::host::Installation;
use crate::plan::{Answers, Change, DiffLine, Plan, Undecided};
use crate::posture::mend::{Group, is_foreign};
use crate::settings::Settings;
use crate::settings::schema::Issue;
use crate::store::Written;
use std::path::{Path, PathBuf};

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Must be mended.
    pub critical: usize,
    /// Should be mended.
    pub warn: usize,
    /// Worth knowing.
    pub info: usize,
}

impl Summary {
    /// Counts findings; those that could not be known count apart and not here.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut summary = Summary::default();
        for finding in findings.into_iter().filter(|finding| finding.hit.unknown.is_none()) {
            *match finding.severity {
                Severity::Critical => &mut summary.critical,
                Severity::Warn => &mut summary.warn,
                Severity::Info => &mut summary.info,
            } += 1;
        }
        summary
    }
}

/// Who can mend a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fix {
    /// `apply` does, and keeps a working setup working.
    Safe,
    /// `apply` does, and may cut someone or something off.
    Ask,
    /// Only the administrator can.
    Manual,
}

/// A finding with its place in the file and who can mend it.
pub struct Found {
    /// The finding.
    pub finding: Finding,
    /// Where the file shows it; none where it shows nothing.
    pub place: Option<Position>,
    /// Who can mend it.
    pub fix: Fix,
}

/// A reason why OpenClaw refuses a config.
pub struct Fault {
    /// The reason.
    pub issue: Issue,
    /// Its place in the file.
    pub place: Position,
    /// What kind of fault it is.
    pub group: Group,
}

/// What is wrong with one config.
pub struct Audit {
    /// The config.
    pub path: PathBuf,
    /// Why OpenClaw refuses it, a kind of fault after the other; none if it accepts it.
    pub issues: Vec<Fault>,
    /// Whether the file is no OpenClaw config at all, so that its issues mean nothing.
    pub is_foreign: bool,
    /// The findings, critical ones first.
    pub findings: Vec<Found>,
}

impl Audit {
    /// Audits an installation.
    ///
    /// # Errors
    /// When it cannot be worked out what would mend the findings.
    pub fn of(installation: &Installation) -> Result<Self, EditError> {
        let plan = |undecided| {
            let answers = Answers { undecided, ..Answers::default() };
            Plan::new(&installation.document, &installation.facts, &installation.means, &answers)
        };
        let (safe, all) = (plan(Undecided::Safe)?, plan(Undecided::All)?);
        let document = &installation.document;
        let found = safe.before.iter().map(|finding| Found {
            place: place(document, finding),
            fix: if !stays(finding, &safe.after) {
                Fix::Safe
            } else if !stays(finding, &all.after) {
                Fix::Ask
            } else {
                Fix::Manual
            },
            finding: finding.clone(),
        });
        let is_foreign = is_foreign(document.value(), &safe.issues);
        let mut faults: Vec<Fault> =
            safe.issues.iter().map(|issue| Fault::of(document, issue.clone(), is_foreign)).collect();
        faults.sort_by_key(|fault| fault.group);
        Ok(Audit { path: installation.places.config.clone(), findings: found.collect(), is_foreign, issues: faults })
    }
}

impl Fault {
    fn of(document: &Document, issue: Issue, is_foreign: bool) -> Self {
        let group = if is_foreign { Group::Foreign } else { Group::of(document.value(), &issue) };
        Fault { place: document.locate(&issue.path), group, issue }
    }
}

fn place(document: &Document, finding: &Finding) -> Option<Position> {
    finding.hit.paths.first().map(|path| document.locate(path))
}

fn stays(finding: &Finding, after: &[Finding]) -> bool {
    let same = |left: &Finding| left.id == finding.id && left.hit.paths == finding.hit.paths;
    after.iter().any(|left| same(left) && left.severity >= finding.severity)
}

/// What `apply` did, or would do.
pub struct Applied {
    /// The config.
    pub path: PathBuf,
    /// Whether nothing was written because that was asked for.
    pub dry_run: bool,
    /// What the write left behind; none where nothing was written.
    pub written: Option<Written>,
    /// Whether the candidate differs from the file.
    pub differs: bool,
    /// The changes.
    pub changes: Vec<Change>,
    /// Asks that were recommended and not taken: their labels and keys.
    pub untaken: Vec<(crate::text::Text, String)>,
    /// The findings before.
    pub before: Summary,
    /// The findings after.
    pub after: Summary,
    /// The findings that stay.
    pub left: Vec<Found>,
    /// The diff, secrets masked.
    pub diff: Vec<DiffLine>,
}

impl Applied {
    /// Puts together what a plan did.
    pub fn new(installation: &Installation, plan: &Plan, written: Option<&Written>, dry_run: bool) -> Self {
        let left = plan.after.iter().map(|finding| Found {
            place: place(&plan.candidate, finding),
            fix: Fix::Manual,
            finding: finding.clone(),
        });
        let open = plan.rows.iter().filter(|planned| planned.is_open_ask() && planned.edits.is_empty());
        Applied {
            path: installation.places.config.clone(),
            dry_run,
            written: written.cloned(),
            differs: plan.candidate.bytes() != plan.document.bytes()
                || installation.read.as_ref().is_none_or(|read| read.mode & 0o077 != 0),
            changes: plan.changes(),
            untaken: open.map(|planned| (planned.label(), planned.key())).collect(),
            before: Summary::of(&plan.before),
            after: Summary::of(&plan.after),
            left: left.collect(),
            diff: plan.diff(),
        }
    }

    /// Whether something is left that was asked to be closed: an Ask that was not taken, or a critical finding.
    pub fn has_left(&self) -> bool {
        !self.untaken.is_empty() || self.after.critical > 0
    }
}

/// What restoring a backup did, or would do.
pub struct Restored {
    /// The config.
    pub path: PathBuf,
    /// The backup.
    pub backup: PathBuf,
    /// The findings that it brings back; none can be told where one of the two cannot be read.
    pub reopens: Option<Vec<Finding>>,
    /// What the write left behind; none where nothing was written.
    pub written: Option<Written>,
}

impl Restored {
    /// Works out what a backup would open again.
    pub fn compare(installation: Option<&Installation>, path: &Path, backup: &Path, bytes: &[u8]) -> Self {
        let reopens = installation.and_then(|installation| {
            let wanted = Document::parse(bytes).ok()?;
            let facts = &installation.facts;
            let now = audit(&Settings::load(installation.document.value().clone(), facts.clone()));
            let then = audit(&Settings::load(wanted.value().clone(), facts.clone()));
            Some(then.into_iter().filter(|finding| !stays(finding, &now)).collect())
        });
        Restored { path: path.to_owned(), backup: backup.to_owned(), reopens, written: None }
    }
}
