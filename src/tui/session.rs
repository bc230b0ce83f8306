//! What the wizard works on: what was found, what was answered, and the plan that follows from both.

mod walk;

use crate::accepted::Acceptance;
use crate::chains::{Chain, chains};
use crate::checks::{Finding, Severity, plain_secrets};
use crate::findings::Report;
use crate::plan::{Access, Answers, Change, DiffLine, Pick, Plan, Planned, Stop, Undecided};
use crate::posture::{Means, Posture, Step, Weight, skills};
use crate::settings::schema::Issue;
use crate::settings::{Facts, Settings, Shape, Version};
use crate::skills::Skill;
use crate::skills::state::Review;
use crate::source::Source;
use crate::text::{Lang, Said, Text, harmless};
use crate::tui::theme::Look;
use crate::tui::words;
use crate::walk::{Decided, View, Walk};
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

/// All that was decided: what undo and redo go between.
#[derive(Clone, Debug, PartialEq)]
pub struct Decisions {
    /// On the rows.
    pub answers: Answers,
    verdicts: BTreeMap<PathBuf, Verdict>,
    accepted: BTreeSet<Step>,
    by_enter: BTreeSet<String>,
    set_aside: BTreeMap<Posture, (BTreeSet<Step>, BTreeMap<String, Pick>)>,
    openclaw: Version,
    walk: Option<Decided>,
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
    risks: OnceCell<Vec<Option<Severity>>>,
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

/// How long a chain of Asks may be of which each brings the next.
const MOST_LINKS: usize = 8;

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
            risks: OnceCell::new(),
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

    /// Is the rows of a step.
    pub fn rows(&self, step: Step) -> impl Iterator<Item = &Planned> {
        self.plan.rows.iter().filter(move |row| row.control.step == step)
    }

    /// Is the pages, in order.
    pub fn pages(&self) -> Vec<usize> {
        if self.walk.is_some() {
            return vec![0, words::WALK, words::REVIEW, words::DONE];
        }
        let mend = self.rows(Step::Mend).next().map(|_| words::MEND);
        std::iter::once(0).chain(mend).chain(1..=words::DONE).collect()
    }

    /// Is the rows of a step that recommend an Ask on which nobody decided.
    pub fn open_asks(&self, step: Step) -> impl Iterator<Item = &Planned> {
        self.rows(step).filter(|row| row.is_open_ask())
    }

    /// How many Asks wait for a decision. On a walk none does: what the report does not name was not asked about.
    pub fn waiting(&self) -> usize {
        if self.walk.is_some() { 0 } else { self.plan.rows.iter().filter(|row| row.is_open_ask()).count() }
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

    /// Is a row by its key.
    pub fn row(&self, key: &str) -> Option<&Planned> {
        self.plan.rows.iter().find(|row| row.key() == key)
    }

    /// Whether the step was accepted and nothing in it waits for a decision again.
    pub fn is_done(&self, step: Step) -> bool {
        self.accepted.contains(&step) && self.open_asks(step).next().is_none()
    }

    /// Whether anything was decided that quitting would lose.
    pub fn has_decisions(&self) -> bool {
        let has_walked = self.walk.as_ref().is_some_and(Walk::has_decisions);
        has_walked || !(self.answers.picks.is_empty() && self.accepted.is_empty())
    }

    /// Is all that was decided so far.
    pub fn decisions(&self) -> Decisions {
        Decisions {
            answers: self.answers.clone(),
            verdicts: self.verdicts.clone(),
            accepted: self.accepted.clone(),
            by_enter: self.by_enter.clone(),
            set_aside: self.set_aside.clone(),
            openclaw: self.found.facts.openclaw.clone(),
            walk: self.walk.as_ref().map(Walk::decided),
        }
    }

    /// Goes to other decisions, as they were.
    pub fn return_to(&mut self, decisions: Decisions) -> Result<(), Said> {
        let Decisions { answers, verdicts, accepted, by_enter, set_aside, openclaw, walk } = decisions;
        if openclaw != self.found.facts.openclaw {
            self.prepare()?;
        }
        self.replan(answers)?;
        (self.verdicts, self.accepted, self.by_enter, self.set_aside) = (verdicts, accepted, by_enter, set_aside);
        if let (Some(walk), Some(decided)) = (&mut self.walk, walk) {
            walk.return_to(decided);
        }
        Ok(())
    }

    /// Decides a row; none takes the decision back.
    pub fn decide(&mut self, key: &str, pick: Option<Pick>) -> Result<(), Said> {
        if let Some(walk) = &mut self.walk {
            walk.decide_beside(key, pick);
            let answers = walk.answers();
            return self.replan(answers);
        }
        let mut answers = self.answers.clone();
        match pick {
            Some(pick) => answers.picks.insert(key.to_owned(), pick),
            None => answers.picks.remove(key),
        };
        self.by_enter.remove(key);
        self.replan(answers)
    }

    /// Changes the posture. What was chosen by hand stays. What was only accepted was accepted for the old posture: it is set aside
    /// and comes back with that. Gives the sentence that says so, where anything was set aside.
    pub fn set_posture(&mut self, posture: Posture) -> Result<Option<Said>, Said> {
        const SET_ASIDE: Text = Text {
            en: "What you gave your OK to was meant for {old}. It is set aside ({n}) and comes back when you choose {old} again; {new} asks anew. What you chose row by row stays.",
            ja: "態勢「{old}」で確定した{n}件は、その態勢のための回答なので取り置きます。「{old}」に戻すと元どおりになります。「{new}」では改めて確認します。個別に選んだ値はそのままです。",
        };
        let old = self.answers.posture;
        if posture == old {
            return Ok(None);
        }
        if let Some(walk) = &mut self.walk {
            walk.set_posture(posture);
            let answers = walk.answers();
            return self.replan(answers).map(|()| None);
        }
        let mut answers = self.answers.clone();
        answers.posture = posture;
        let (aside, kept) = answers.picks.into_iter().partition(|(key, _)| self.by_enter.contains(key));
        let (accepted, back) = self.set_aside.get(&posture).cloned().unwrap_or_default();
        let back: BTreeMap<String, Pick> = back;
        answers.picks = kept;
        let by_enter: BTreeSet<String> = back.keys().filter(|key| !answers.picks.contains_key(*key)).cloned().collect();
        for (key, pick) in back {
            answers.picks.entry(key).or_insert(pick);
        }
        self.replan(answers)?;
        let aside: BTreeMap<String, Pick> = aside;
        let said = (!aside.is_empty()).then(|| {
            let named = |posture| self.say(words::posture(posture));
            SET_ASIDE.with("n", aside.len()).with("old", named(old)).with("new", named(posture))
        });
        self.set_aside.insert(old, (std::mem::replace(&mut self.accepted, accepted), aside));
        self.by_enter = by_enter;
        Ok(said)
    }

    /// Works out what taking every open Ask of a step comes to. One may bring or change another, so this goes on until none is open.
    pub fn with_asks_taken(&self, step: Step) -> Result<(Answers, Plan), Said> {
        let mut answers = self.answers.clone();
        let mut planned = self.planned(&answers)?;
        for _ in 0..MOST_LINKS {
            let open: Vec<(String, Pick)> = planned
                .rows
                .iter()
                .filter(|row| row.control.step == step && row.is_open_ask())
                .map(|row| (row.key(), Pick::Choice(row.row.choices[row.row.recommended].value.clone())))
                .collect();
            if open.is_empty() {
                break;
            }
            answers.picks.extend(open);
            planned = self.planned(&answers)?;
        }
        Ok((answers, planned))
    }

    /// Accepts a step with the answers that its Asks came to. What is Safe is taken without a decision, so that it still follows
    /// the answers to other steps.
    pub fn accept(&mut self, step: Step, answers: Answers) -> Result<(), Said> {
        let is_new = |(key, pick): &(&String, &Pick)| self.answers.picks.get(*key) != Some(*pick);
        let taken: Vec<String> = answers.picks.iter().filter(is_new).map(|(key, _)| key.clone()).collect();
        if let Some(walk) = &mut self.walk {
            taken.iter().for_each(|key| walk.decide_beside(key, answers.picks.get(key).cloned()));
        }
        self.replan(answers)?;
        self.by_enter.extend(taken);
        self.accepted.insert(step);
        Ok(())
    }

    /// Is the review of the skills, once they were looked at.
    pub fn review(&self) -> Option<&Arc<Review>> {
        match &self.skills {
            Skills::Found(review) => Some(review),
            _ => None,
        }
    }

    /// Is the settings as the plan leaves them.
    pub fn settings(&self) -> Settings {
        Settings::load(self.plan.candidate.value().clone(), self.found.facts.clone())
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

    /// Is the folders of the skills that stay as they are.
    pub fn kept_skills(&self) -> Vec<PathBuf> {
        let kept = self.verdicts.iter().filter(|(_, verdict)| **verdict == Verdict::Keep);
        kept.map(|(path, _)| path.clone()).collect()
    }

    /// Notes that skills are remembered; what was decided on others stays in the plan.
    pub fn remembered(&mut self, review: Review) {
        self.verdicts.retain(|path, _| review.open().any(|item| item.skill.path == *path));
        self.skills = Skills::Found(Arc::new(review));
    }

    /// Decides on skills, and picks the choice of that value in their rows; no verdict takes both back.
    pub fn judge_skills(
        &mut self,
        skills: &[&Skill],
        verdict: Option<Verdict>,
        value: Option<&str>,
    ) -> Result<(), Said> {
        let mut answers = self.answers.clone();
        for skill in skills {
            let key = skills::row_key(skill);
            let pick = value.filter(|_| self.row(&key).is_some()).map(|value| Pick::Choice(value.to_owned()));
            if let Some(walk) = &mut self.walk {
                walk.decide_beside(&key, pick.clone());
            }
            match pick {
                Some(pick) => answers.picks.insert(key, pick),
                None => answers.picks.remove(&key),
            };
        }
        self.replan(answers)?;
        for skill in skills {
            match verdict {
                Some(verdict) => self.verdicts.insert(skill.path.clone(), verdict),
                None => self.verdicts.remove(&skill.path),
            };
        }
        Ok(())
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
        self.risks = OnceCell::new();
        self.chains = OnceCell::new();
        self.views.borrow_mut().clear();
    }

    /// Is the row that a finding of the file is dealt with in: the one that names it, else the first whose key it speaks of.
    pub fn row_for(&self, finding: &Finding) -> Option<&Planned> {
        let names =
            |row: &&Planned| row.row.part == Some(finding.id.as_str()) || row.row.part == Some(finding.check.id);
        let remaining = self.rows(Step::Remaining).find(names);
        remaining.or_else(|| self.plan.rows.iter().find(|row| speaks_of(finding, row)))
    }

    /// Is the rows of a step, each with the worst that stays open as long as its recommendation is not taken.
    pub fn risks(&self, step: Step) -> impl Iterator<Item = (&Planned, Option<Severity>)> {
        let risks = self.risks.get_or_init(|| self.plan.rows.iter().map(|row| self.risk(row)).collect());
        self.plan.rows.iter().zip(risks.iter().copied()).filter(move |(row, _)| row.control.step == step)
    }

    fn risk(&self, row: &Planned) -> Option<Severity> {
        // What is mended by hand recommends nothing to choose.
        if row.row.recommended == 0 && row.control.step != Step::Remaining {
            return None;
        }
        let speaks = |finding: &&Finding| match row.control.step {
            Step::Remaining => row.row.part == Some(finding.id.as_str()) || row.row.part == Some(finding.check.id),
            _ => row.taken == Some(0) && speaks_of(finding, row),
        };
        self.plan.after.iter().filter(speaks).map(|finding| finding.severity).max()
    }

    /// Is the findings in the file that speak of a row's key, the worst first, each with whether the plan closes it.
    pub fn findings_of(&self, row: &Planned) -> Vec<(&Finding, bool)> {
        let mut found: Vec<(&Finding, bool)> = Vec::new();
        for finding in &self.plan.before {
            if speaks_of(finding, row) && found.iter().all(|(known, _)| known.id != finding.id) {
                let closed = self.plan.after.iter().all(|left| left.id != finding.id);
                found.push((finding, closed));
            }
        }
        found.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
        found
    }

    /// Is what a row is called: its label, and whose it is.
    pub fn title(&self, row: &Planned) -> String {
        match self.whose(row) {
            whose if whose.is_empty() => self.say(row.label()).to_owned(),
            whose => format!("{} - {whose}", self.say(row.label())),
        }
    }

    /// Is whose a row is; empty where it is global.
    pub fn whose(&self, row: &Planned) -> String {
        row.row.whose.as_ref().map(|whose| whose.of(self.lang())).unwrap_or_default()
    }

    /// Is the value that a row gets; none where it keeps what it has. For an Ask that waits, what it would get, with a question mark.
    pub fn value_after(&self, row: &Planned) -> Option<String> {
        match spoken_of(row) {
            Some(0) => None,
            Some(n) if row.row.choices[n].weight == Weight::Manual => None,
            Some(n) if row.is_open_ask() => Some(format!("{}?", row.row.choices[n].shown(self.lang()))),
            Some(n) => Some(row.row.choices[n].shown(self.lang())),
            None => match self.answers.picks.get(&row.key())? {
                Pick::Text(text) => Some(typed(text)),
                Pick::Choice(_) => None,
            },
        }
    }
}

fn speaks_of(finding: &Finding, row: &Planned) -> bool {
    let path = &row.row.path;
    finding.hit.paths.iter().any(|seen| seen.is_within(path) || path.is_within(seen))
}

/// Is a typed text on one line: its entries, without blank ones.
pub fn typed(text: &str) -> String {
    let entries: Vec<&str> = text.lines().map(str::trim).filter(|entry| !entry.is_empty()).collect();
    harmless(&entries.join(", "))
}

/// Is the choice to speak of: what is taken, or what is recommended and waits; none where a text was typed.
pub fn spoken_of(row: &Planned) -> Option<usize> {
    let recommended = row.row.choices[row.row.recommended].weight;
    let waits = row.is_open_ask() || (!row.decided && recommended == Weight::Manual);
    if waits { Some(row.row.recommended) } else { row.taken }
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
