//! What the wizard works on: what was found, what was answered, and the plan that follows from both.

mod deciding;
mod rows;
mod walk;

pub use deciding::Decisions;
pub use rows::{spoken_of, typed};

use crate::accepted::Acceptance;
use crate::chains::{Chain, chains};
use crate::checks::{Finding, Severity, plain_secrets};
use crate::findings::Report;
use crate::host;
use crate::plan::{Access, Answers, Change, DiffLine, Pick, Plan, Stop, Undecided};
use crate::posture::{Engine, Means, Posture, Step};
use crate::settings::schema::Issue;
use crate::settings::{Facts, Shape, Version};
use crate::skills::state::Review;
use crate::source::Source;
use crate::text::{Lang, Said, Text, harmless};
use crate::tui::theme::Look;
use crate::tui::words;
use crate::walk::{View, Walk};
use ratatui::layout::Rect;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What was found before the first screen.
pub struct Found {
    /// The language of the screens.
    pub lang: Lang,
    /// The config file, there or not.
    pub path: PathBuf,
    /// Whether the file exists.
    pub exists: bool,
    /// What it holds; `{}` where there is none.
    pub source: Source,
    /// What is known of the machine.
    pub facts: Arc<Facts>,
    /// What a plan can count on.
    pub means: Means,
    /// Why that sandbox engine: what answered, or why none is usable.
    pub engine_reason: Said,
    /// The answers to begin with.
    pub answers: Answers,
    /// The OpenClaw that it is for: what was found, and the version that it is judged by. None where it was not looked for.
    pub openclaw_version: Option<Said>,
    /// The other configs of the same user. They are not touched.
    pub others: Vec<PathBuf>,
    /// The backups of the file, newest first.
    pub backups: Vec<Backup>,
    /// The risks that the administrator has accepted for this config.
    pub acceptances: Vec<Acceptance>,
    /// The day, as an ISO date: an acceptance holds until its last one.
    pub today: String,
    /// Whether this is the demo: nothing is written.
    pub demo: bool,
    /// Whether writing saves the answers too.
    pub saves_answers: bool,
    /// Why nothing may be written, where that is so.
    pub read_only: Option<Said>,
    /// How long every write is on trial; none: only where it is asked for.
    pub confirm_within: Option<Duration>,
}

/// A backup that can be restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// When it was made, as in `2026-11-22 16:52`.
    pub when: String,
}

/// What is known of the skills.
#[derive(Clone, Debug, Default)]
pub enum Skills {
    /// Nobody looks.
    #[default]
    Absent,
    /// Somebody looks, since then.
    Looking(Instant),
    /// They could not be looked at.
    Failed(Said),
    /// This was found.
    Found(Arc<Review>),
}

/// What was decided on a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It stays as it is.
    Keep,
    /// It stays, without the tools that it wants.
    Deny,
    /// It is switched off.
    Off,
}

/// What the screens draw and change.
pub struct Session {
    /// What was found.
    pub found: Found,
    /// What was decided.
    pub answers: Answers,
    /// What follows.
    pub plan: Plan,
    /// How it is drawn.
    pub look: Look,
    /// The part of the screen that the current screen draws on.
    pub body: Rect,
    /// What is known of the skills.
    pub skills: Skills,
    /// What was decided on skills, by their folder.
    pub verdicts: BTreeMap<PathBuf, Verdict>,
    /// The way through a report, where there is one: then nothing but its decisions changes the config.
    pub walk: Option<Walk>,
    /// What the real audit says of the written config, once it was asked.
    pub real_after: Option<Report>,
    views: RefCell<BTreeMap<String, Rc<View>>>,
    /// The version that runs the config, where it is not planned for the newest.
    runs: Version,
    accepted: BTreeSet<Step>,
    by_enter: BTreeSet<String>,
    /// What was accepted under the other postures: it comes back with them.
    set_aside: BTreeMap<Posture, (BTreeSet<Step>, BTreeMap<String, Pick>)>,
    // Asked for several times a frame, and dear.
    changes: OnceCell<Vec<Change>>,
    diff: OnceCell<Vec<DiffLine>>,
    unmended: OnceCell<Vec<Issue>>,
    access: OnceCell<Option<Access>>,
    stops: OnceCell<Vec<Stop>>,
    /// By step.
    risks: [OnceCell<Vec<Option<Severity>>>; Step::COUNT],
    chains: OnceCell<Vec<Chain>>,
    /// Those of the file: they outlive a plan.
    chains_before: OnceCell<Vec<Chain>>,
}

/// The config, read again.
pub struct Reread {
    /// What it holds; an empty object where there is none.
    pub source: Source,
    /// What is known beside it.
    pub facts: Arc<Facts>,
    /// Whether the file exists.
    pub exists: bool,
}

fn plan(found: &Found, answers: &Answers) -> Result<Plan, Said> {
    Plan::new(&found.source, &found.facts, &found.means, answers).map_err(|error| error.what)
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Must be mended.
    pub critical: usize,
    /// Should be mended.
    pub warn: usize,
    /// Worth knowing.
    pub info: usize,
    /// Those that the administrator has accepted, of every severity; they are counted here alone.
    pub accepted: usize,
}

impl Counts {
    /// Counts findings; what was accepted and still is on the day `today` counts apart.
    pub fn of(findings: &[Finding], acceptances: &[Acceptance], today: &str) -> Self {
        let mut counts = Counts::default();
        for finding in findings {
            let is_accepted = acceptances.iter().any(|one| one.covers(finding, today));
            *match (is_accepted, finding.severity) {
                (true, _) => &mut counts.accepted,
                (false, Severity::Critical) => &mut counts.critical,
                (false, Severity::Warn) => &mut counts.warn,
                (false, Severity::Info) => &mut counts.info,
            } += 1;
        }
        counts
    }
}

impl Session {
    /// Plans for the first time.
    pub fn new(found: Found, look: Look) -> Result<Self, Said> {
        let answers = found.answers.clone();
        let plan = plan(&found, &answers)?;
        Ok(Session {
            runs: found.facts.openclaw.clone(),
            found,
            answers,
            plan,
            look,
            body: Rect::default(),
            skills: Skills::Absent,
            verdicts: BTreeMap::new(),
            walk: None,
            real_after: None,
            views: RefCell::default(),
            accepted: BTreeSet::new(),
            by_enter: BTreeSet::new(),
            set_aside: BTreeMap::new(),
            changes: OnceCell::new(),
            diff: OnceCell::new(),
            unmended: OnceCell::new(),
            access: OnceCell::new(),
            stops: OnceCell::new(),
            risks: Default::default(),
            chains: OnceCell::new(),
            chains_before: OnceCell::new(),
        })
    }

    /// Counts findings as the audit does.
    pub fn count(&self, findings: &[Finding]) -> Counts {
        Counts::of(findings, &self.found.acceptances, &self.found.today)
    }

    /// Is the language of the screens.
    pub fn lang(&self) -> Lang {
        self.found.lang
    }

    /// Is a text in the language of the screens.
    pub fn say(&self, text: Text) -> &'static str {
        text.of(self.found.lang)
    }

    /// Is the config file as it is shown: harmless, and with `~` for the home folder.
    pub fn shown_path(&self) -> String {
        self.shown(&self.found.path)
    }

    /// Is a path as it is shown: harmless, and with `~` for the home folder.
    pub fn shown(&self, path: &std::path::Path) -> String {
        let home = self.found.facts.home.as_ref();
        let shown = match home.and_then(|home| path.strip_prefix(home).ok()) {
            Some(rest) => format!("~/{}", rest.display()),
            None => path.display().to_string(),
        };
        harmless(&shown)
    }

    /// Is the pages, in order.
    pub fn pages(&self) -> Vec<usize> {
        if self.walk.is_some() {
            return vec![0, words::WALK, words::REVIEW, words::DONE];
        }
        let mend = self.rows(Step::Mend).next().map(|_| words::MEND);
        std::iter::once(0).chain(mend).chain(1..=words::DONE).collect()
    }

    /// Is what the plan changes.
    pub fn changes(&self) -> &[Change] {
        self.changes.get_or_init(|| self.plan.changes())
    }

    /// Whether secrets stand in plain text in the config as it will be.
    pub fn has_plain_secrets(&self) -> bool {
        !plain_secrets(&self.plan.settings_after).is_empty()
    }

    /// Is how many changes writing makes: those of the plan, and the file's own mode where others can open it.
    pub fn change_count(&self) -> usize {
        self.changes().len() + self.plan.closings().len()
    }

    /// Is why OpenClaw would refuse the file even with everything taken: only the administrator can mend that.
    pub fn unmended(&self) -> &[Issue] {
        self.unmended.get_or_init(|| {
            if self.plan.issues.is_empty() {
                return Vec::new();
            }
            let all = Answers { undecided: Undecided::All, ..self.answers.clone() };
            let planned = self.plan.again(&self.found.means, &all);
            planned.map_or_else(|_| self.plan.issues.clone(), |plan| plan.issues_after)
        })
    }

    /// Is the plan's diff.
    pub fn diff(&self) -> &[DiffLine] {
        self.diff.get_or_init(|| self.plan.diff())
    }

    /// Is how the administrator gets back in once the plan is written; none where that stays as it is.
    pub fn access(&self) -> Option<&Access> {
        self.access.get_or_init(|| self.plan.access()).as_ref()
    }

    /// Is what stops working.
    pub fn stops(&self) -> &[Stop] {
        self.stops.get_or_init(|| self.plan.stops(&self.found.means))
    }

    /// Is the ways in that the plan leaves.
    pub fn chains(&self) -> &[Chain] {
        self.chains.get_or_init(|| chains(&self.plan.settings_after))
    }

    /// Is the ways in that the file has.
    pub fn chains_before(&self) -> &[Chain] {
        self.chains_before.get_or_init(|| chains(&self.plan.settings))
    }

    /// Is the review of the skills, once they were looked at.
    pub fn review(&self) -> Option<&Arc<Review>> {
        match &self.skills {
            Skills::Found(review) => Some(review),
            _ => None,
        }
    }

    /// Whether the sandbox engine is still looked for.
    pub fn awaits_engine(&self) -> bool {
        self.found.means.engine == Engine::Unknown
    }

    /// Takes in which sandbox engine there is, and plans with it; the answers stay.
    pub fn learn_engine(&mut self, found: &host::Found) -> Result<(), Said> {
        self.found.means = found.means(std::mem::take(&mut self.found.means));
        self.found.engine_reason = found.why.clone();
        self.take(self.planned(&self.answers)?);
        Ok(())
    }

    /// Takes in what was found of the skills, and plans with it.
    pub fn learn_skills(&mut self, heard: Result<Review, Said>) {
        self.skills = match heard {
            Ok(review) => Skills::Found(Arc::new(review)),
            Err(why) => Skills::Failed(why),
        };
        if let Skills::Found(review) = &self.skills {
            self.found.facts = Arc::new(Facts { skills: Some(review.clone()), ..(*self.found.facts).clone() });
        }
        if let Ok(plan) = plan(&self.found, &self.answers) {
            self.take(plan);
        }
    }

    /// Is the version that is planned for, where the config could be prepared for the newest instead; none where it is for that anyway.
    pub fn planned_for(&self) -> Option<&Version> {
        (self.runs.shape() == Shape::Early).then_some(&self.found.facts.openclaw)
    }

    /// Plans for the newest version in place of the early one that runs the config, or the other way round.
    pub fn prepare(&mut self) -> Result<(), Said> {
        let is_early = self.found.facts.openclaw.shape() == Shape::Early;
        let openclaw = if is_early { Version::CURRENT } else { self.runs.clone() };
        let before = self.found.facts.clone();
        Arc::make_mut(&mut self.found.facts).openclaw = openclaw;
        match plan(&self.found, &self.answers) {
            Ok(plan) => {
                self.chains_before = OnceCell::new();
                self.take(plan);
            }
            Err(why) => {
                self.found.facts = before;
                return Err(why);
            }
        }
        self.accepted.clear();
        Ok(())
    }

    /// Plans again on a document that was read again; the answers stay.
    pub fn reread(&mut self, again: Reread) -> Result<(), Said> {
        let openclaw = self.found.facts.openclaw.clone();
        // The skills that were decided on stay in the plan.
        let skills = self.found.facts.skills.clone();
        self.found.source = again.source;
        self.found.facts = Arc::new(Facts { openclaw, skills, ..(*again.facts).clone() });
        self.found.exists = again.exists;
        self.chains_before = OnceCell::new();
        self.take(plan(&self.found, &self.answers)?);
        Ok(())
    }

    /// Plans for the same file with other answers.
    fn planned(&self, answers: &Answers) -> Result<Plan, Said> {
        self.plan.again(&self.found.means, answers).map_err(|error| error.what)
    }

    /// Takes other answers; those that cannot be planned with are not taken.
    fn replan(&mut self, answers: Answers) -> Result<(), Said> {
        let plan = self.planned(&answers)?;
        self.answers = answers;
        self.take(plan);
        Ok(())
    }

    fn take(&mut self, plan: Plan) {
        self.plan = plan;
        self.changes = OnceCell::new();
        self.diff = OnceCell::new();
        self.unmended = OnceCell::new();
        self.access = OnceCell::new();
        self.stops = OnceCell::new();
        self.risks = Default::default();
        self.chains = OnceCell::new();
        self.views.borrow_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{audit, example};

    #[test]
    fn what_was_accepted_counts_apart_until_its_last_day() {
        let findings = audit(&example("{gateway: {bind: \"lan\"}}").expect("a config"));
        let all = Counts::of(&findings, &[], "2026-11-22");
        let acceptance = Acceptance {
            check_id: "gateway.bind_no_auth".to_owned(),
            path: None,
            severity: Severity::Critical,
            reason: "behind a wall".to_owned(),
            until: "2026-11-22".to_owned(),
        };
        let then = Counts::of(&findings, std::slice::from_ref(&acceptance), "2026-11-22");
        assert_eq!(then, Counts { critical: all.critical - 1, accepted: 1, ..all });
        assert_eq!(Counts::of(&findings, &[acceptance], "2026-11-23"), all);
    }
}
