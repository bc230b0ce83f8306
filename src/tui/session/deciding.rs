//! What the administrator decides, and what a decision does to the plan.

use super::{Session, Skills, Verdict};
use crate::plan::{Answers, Pick, Plan};
use crate::posture::{Posture, Step, skills};
use crate::settings::Version;
use crate::skills::Skill;
use crate::skills::state::Review;
use crate::text::{Said, Text};
use crate::tui::words;
use crate::walk::{Decided, Walk};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

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

/// How long a chain of Asks may be of which each brings the next.
const MOST_LINKS: usize = 8;

impl Session {
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
}
