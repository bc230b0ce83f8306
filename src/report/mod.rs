//! The same facts as text, as JSON and as SARIF.

mod baseline;
pub mod checkup;
pub mod explain;
pub mod fleet;
pub mod json;
pub mod permissions;
pub mod remediation;
pub mod sarif;
pub mod secrets;
pub mod skills;
pub mod text;

pub use baseline::Baseline;

use crate::accepted::{Acceptance, Idle};
use crate::chains::{Chain, chains};
use crate::checks::{Check, Finding, Made, Severity, audit, catalogue};
use crate::document::{Document, Path as Key, Position};
use crate::host::{Installation, OpenClaw};
use crate::parallel::beside;
use crate::plan::{Access, Answers, Change, Closing, DiffLine, Plan, Recommended, Stop};
use crate::posture::Posture;
use crate::posture::mend::{Group, is_foreign};
use crate::settings::Settings;
use crate::settings::schema::{self, Issue};
use crate::source::Source;
use crate::store::{self, Written};
use crate::text::Said;
use crate::trial::OnTrial;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

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
            summary.count(finding.severity);
        }
        summary
    }

    fn count(&mut self, severity: Severity) {
        *match severity {
            Severity::Critical => &mut self.critical,
            Severity::Warn => &mut self.warn,
            Severity::Info => &mut self.info,
        } += 1;
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

/// Where something shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The included file that has it; none: the config file itself.
    pub file: Option<PathBuf>,
    /// Where it stands there.
    pub at: Position,
}

impl Spot {
    /// Finds a key. Files below the config's folder bear the name that the config was given.
    fn of(source: &Source, key: &Key, config: &Path) -> Self {
        let (file, at) = source.locate(key);
        let root = &source.files()[0];
        let shown = || {
            let folder = root.path.parent().map(|folder| folder.canonicalize().unwrap_or(folder.to_owned()));
            match folder.and_then(|folder| file.path.strip_prefix(folder).ok()) {
                Some(name) => config.parent().map_or(name.to_owned(), |folder| folder.join(name)),
                None => file.path.clone(),
            }
        };
        Spot { file: (!std::ptr::eq(file, root)).then(shown), at }
    }
}

/// A finding with its place in the file and who can mend it.
#[derive(Clone)]
pub struct Found {
    /// The finding.
    pub finding: Finding,
    /// Where a file shows it; none where none does.
    pub place: Option<Spot>,
    /// Who can mend it.
    pub fix: Fix,
    /// Whether the baseline has it too.
    pub known: bool,
}

/// A reason why OpenClaw refuses a config, with its place.
pub struct Refusal {
    /// What is wrong.
    pub issue: Issue,
    /// Where.
    pub place: Spot,
    /// What kind of fault it is.
    pub group: Group,
    /// Whether the baseline has it too.
    pub known: bool,
}

/// What is wrong with one config.
pub struct Audit {
    /// The config; as it was named, where it was.
    pub path: PathBuf,
    /// Whether the command line named it, so that it must name it again to have it mended.
    pub named: bool,
    /// The OpenClaw that it is for.
    pub openclaw: OpenClaw,
    /// The other configs of the same user, which were not looked at.
    pub others: Vec<PathBuf>,
    /// Whether there is such a file; if not, OpenClaw's defaults were audited.
    pub exists: bool,
    /// Why OpenClaw refuses it, a kind of fault after the other; none if it accepts it.
    pub issues: Vec<Refusal>,
    /// Whether the file is no OpenClaw config at all, so that its issues mean nothing.
    pub is_foreign: bool,
    /// The findings that count, critical ones first.
    pub findings: Vec<Found>,
    /// What the config's own `security.audit.suppressions` keep out of the count, with their reason.
    pub suppressed: Vec<(Found, Option<String>)>,
    /// What the administrator accepted.
    pub accepted: Vec<(Found, Acceptance)>,
    /// Acceptances that do nothing, and why.
    pub idle: Vec<(Acceptance, Idle)>,
    /// How much of the baseline is gone; none where there was no baseline.
    pub gone: Option<usize>,
    /// The checks that were not made, and why: what they look for may be there.
    pub not_made: Vec<(&'static Check, Said)>,
    /// The ways in from outside, the most direct first, where they were looked for.
    pub chains: Vec<Chain>,
}

/// A config that could not be audited.
pub struct Unread {
    /// The config as it was named.
    pub path: PathBuf,
    /// Why, in one sentence.
    pub error: String,
}

impl Audit {
    /// Audits an installation, or a file that was `named`.
    pub fn of(installation: &Installation, named: Option<&Path>) -> Self {
        Self::with(installation, named, chains)
    }

    /// Does the same without the ways in, for a report that does not name them.
    pub fn without_chains(installation: &Installation, named: Option<&Path>) -> Self {
        Self::with(installation, named, |_| Vec::new())
    }

    fn with(installation: &Installation, named: Option<&Path>, chains: fn(&Settings) -> Vec<Chain>) -> Self {
        let source = &installation.source;
        let path = named.map_or_else(|| installation.places.config.clone(), Path::to_owned);
        let settings = &installation.settings;
        let found = |mut finding: Finding, fix| {
            // A file that was named bears that name throughout, so two audits of it are the same from any folder.
            if let (Some(named), Some(actual)) = (named, &mut finding.hit.actual) {
                let whole = installation.places.config.display().to_string();
                *actual = actual.replace(&whole, &named.display().to_string());
            }
            Found { place: place(source, &finding, &path), fix, finding, known: false }
        };
        let issues = schema::validate(source.value(), &settings.facts);
        // What both halves ask for is put together once.
        settings.tool_contexts();
        let before = settings.for_another_thread();
        let (then, (made, chains)) = beside(
            || Recommended::of(source, &before, !issues.is_empty(), &installation.means),
            || (Made::of(settings, catalogue()), chains(settings)),
        );
        // Whether a finding goes is a matter of its own check.
        let found_something = made.with_findings();
        let again = |settings, known: &[_]| Made::knowing(settings, found_something.checks(), known);
        let by_safe = again(&then.safe, &[(&made, then.safe_changes)]);
        let by_all = again(&then.all, &[(&by_safe, then.between), (&made, then.all_changes)]);
        let (by_safe, by_all) = (by_safe.audit(&then.safe).findings, by_all.audit(&then.all).findings);
        let [left_by_safe, left_by_all] = [&by_safe, &by_all].map(|after| Left::of(after));
        let audit = made.audit(settings);
        let findings = audit.findings.into_iter().map(|finding| {
            let fix = if !left_by_safe.has(&finding) {
                Fix::Safe
            } else if !left_by_all.has(&finding) {
                Fix::Ask
            } else {
                Fix::Manual
            };
            found(finding, fix)
        });
        let is_foreign = is_foreign(source.value(), &issues);
        let refusal = |issue: Issue| Refusal {
            place: Spot::of(source, &issue.path, &path),
            group: if is_foreign { Group::Foreign } else { Group::of(source.value(), &issue) },
            issue,
            known: false,
        };
        let mut issues: Vec<Refusal> = issues.into_iter().map(refusal).collect();
        issues.sort_by_key(|refusal| refusal.group);
        Audit {
            named: named.is_some(),
            openclaw: installation.openclaw.clone(),
            others: installation.others.clone(),
            exists: installation.read.is_some(),
            findings: findings.collect(),
            issues,
            is_foreign,
            suppressed: audit.suppressed.into_iter().map(|(finding, why)| (found(finding, Fix::Manual), why)).collect(),
            accepted: Vec::new(),
            idle: Vec::new(),
            gone: None,
            not_made: audit.not_made,
            chains,
            path,
        }
    }

    /// Sets apart what was accepted and still is on the day `today`, an ISO date.
    pub fn accept(&mut self, acceptances: &[Acceptance], today: &str) {
        let findings = self.findings.iter().map(|found| &found.finding);
        let idle = |one: &Acceptance| one.idle(findings.clone(), today).map(|why| (one.clone(), why));
        self.idle = acceptances.iter().filter_map(idle).collect();
        for found in std::mem::take(&mut self.findings) {
            match acceptances.iter().find(|one| one.covers(&found.finding, today)) {
                Some(acceptance) => self.accepted.push((found, acceptance.clone())),
                None => self.findings.push(found),
            }
        }
    }

    /// How many findings count, of each severity.
    pub fn summary(&self) -> Summary {
        Summary::of(self.findings.iter().map(|found| &found.finding))
    }

    /// The worst finding that the baseline does not have. A config that OpenClaw refuses is critical: nothing starts with it.
    pub fn worst(&self) -> Option<Severity> {
        let refused = self.issues.iter().any(|refusal| !refusal.known).then_some(Severity::Critical);
        let new = self.findings.iter().filter(|found| !found.known && found.finding.hit.unknown.is_none());
        new.map(|found| found.finding.severity).chain(refused).max()
    }
}

fn place(source: &Source, finding: &Finding, config: &Path) -> Option<Spot> {
    finding.hit.paths.first().map(|path| Spot::of(source, path, config))
}

/// The findings of a list by id and keys, each with its highest severity.
struct Left<'f>(BTreeMap<(&'f str, &'f [Key]), Severity>);

impl<'f> Left<'f> {
    fn of(after: &'f [Finding]) -> Self {
        let mut left = BTreeMap::new();
        for finding in after {
            let highest = left.entry((finding.id.as_str(), finding.hit.paths.as_slice())).or_insert(finding.severity);
            *highest = finding.severity.max(*highest);
        }
        Left(left)
    }

    fn has(&self, finding: &Finding) -> bool {
        let left = self.0.get(&(finding.id.as_str(), finding.hit.paths.as_slice()));
        left.is_some_and(|severity| *severity >= finding.severity)
    }
}

/// What `apply` did, or would do.
pub struct Applied {
    /// The config.
    pub path: PathBuf,
    /// What the write left behind; none where nothing was written.
    pub written: Option<Written>,
    /// Whether the candidate differs from the file.
    pub differs: bool,
    /// The changes.
    pub changes: Vec<Change>,
    /// The files of the installation that others can open, and that writing closes.
    pub modes: Vec<Closing>,
    /// Asks that were recommended and not taken: their labels and keys.
    pub untaken: Vec<(crate::text::Text, String)>,
    /// What changes for those who connect; none where nothing does.
    pub access: Option<Access>,
    /// The findings before.
    pub before: Summary,
    /// The findings after.
    pub after: Summary,
    /// The findings that stay.
    pub left: Vec<Found>,
    /// What stops working.
    pub stops: Vec<Stop>,
    /// The ways in before and after.
    pub chains: (Vec<Chain>, Vec<Chain>),
    /// The diff, secrets masked.
    pub diff: Vec<DiffLine>,
    /// The posture, and the answers that were taken, as an answers file has them.
    pub answers: (Posture, Value),
    /// The keys of answers to questions that do not arise here.
    pub unused: Vec<String>,
    /// The findings that stay and are accepted.
    pub accepted: Vec<(Found, Acceptance)>,
    /// What the answers accept and was not accepted before.
    pub accepts: Vec<Acceptance>,
    /// The file to which the answers were saved.
    pub saved: Option<PathBuf>,
    /// The command that undoes the write.
    pub undo: String,
    /// How the write goes back by itself; none where it stays.
    pub trial: Option<OnTrial>,
}

impl Applied {
    /// Puts together what a plan did.
    pub fn new(
        installation: &Installation,
        plan: &Plan,
        answers: &Answers,
        acceptances: &[Acceptance],
        written: Option<Written>,
    ) -> Self {
        let today = store::date(SystemTime::now());
        let accepted_by = |finding: &Finding| acceptances.iter().find(|one| one.covers(finding, &today));
        let (mut left, mut accepted) = (Vec::new(), Vec::new());
        for finding in &plan.after {
            let place = place(&plan.candidate, finding, &installation.places.config);
            let found = Found { place, fix: Fix::Manual, finding: finding.clone(), known: false };
            match accepted_by(finding) {
                Some(acceptance) => accepted.push((found, acceptance.clone())),
                None => left.push(found),
            }
        }
        let open = plan.rows.iter().filter(|planned| planned.is_open_ask() && planned.edits.is_empty());
        Applied {
            path: installation.places.config.clone(),
            written,
            differs: !plan.changed_files().is_empty() || !plan.closings().is_empty() || installation.read.is_none(),
            changes: plan.changes(),
            modes: plan.closings(),
            untaken: open.map(|planned| (planned.label(), planned.key())).collect(),
            access: plan.access(),
            before: Summary::of(plan.before.iter().filter(|finding| accepted_by(finding).is_none())),
            after: Summary::of(left.iter().map(|found| &found.finding)),
            left,
            stops: plan.stops(&installation.means),
            chains: (chains(&plan.settings), chains(&plan.settings_after)),
            diff: plan.diff(),
            answers: (answers.posture, plan.answers(answers)),
            unused: plan.unused_answers(answers),
            accepted,
            accepts: Vec::new(),
            saved: None,
            undo: String::new(),
            trial: None,
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
    /// The command that undoes the write.
    pub undo: String,
}

impl Restored {
    /// Works out what a backup would open again: what is `saved` of the config, and of the files that were written with it.
    pub fn compare(
        installation: Option<&Installation>,
        path: &Path,
        backup: &Path,
        saved: &[(PathBuf, Vec<u8>)],
    ) -> Self {
        let reopens = installation.and_then(|installation| {
            let parse = |(path, bytes): &(PathBuf, Vec<u8>)| Some((path.clone(), Document::parse(bytes).ok()?));
            let wanted = installation.source.with(&saved.iter().map(parse).collect::<Option<Vec<_>>>()?)?;
            let now = audit(&installation.settings);
            let then = audit(&Settings::load(wanted.shared(), installation.settings.facts.clone()));
            let left = Left::of(&now);
            Some(then.into_iter().filter(|finding| !left.has(finding)).collect())
        });
        Restored { path: path.to_owned(), backup: backup.to_owned(), reopens, written: None, undo: String::new() }
    }
}
