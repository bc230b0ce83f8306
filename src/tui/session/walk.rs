//! The way through a report, as the screens take it.

use super::Session;
use crate::findings::Report;
use crate::plan::Undecided;
use crate::text::Said;
use crate::walk::{Decision, Item, View, Walk, acceptance};
use std::rc::Rc;

impl Session {
    /// Begins to walk through a report. What was decided stays decided; what was not is left as it is from now on.
    pub fn begin_walk(&mut self, report: Report) -> Result<(), Said> {
        let walk = Walk::new(report, &self.plan, &self.answers);
        self.replan(walk.answers())?;
        self.walk = Some(walk);
        Ok(())
    }

    /// Goes back to the steps; what the walk decided stays decided.
    pub fn end_walk(&mut self) -> Result<(), Said> {
        let mut answers = self.answers.clone();
        answers.undecided = Undecided::Safe;
        self.replan(answers)?;
        self.walk = None;
        Ok(())
    }

    /// Is the items of the walk.
    pub fn items(&self) -> &[Item] {
        self.walk.as_ref().map_or(&[], Walk::items)
    }

    /// Is what can be done about an item.
    pub fn view(&self, item: &Item) -> Option<Rc<View>> {
        if let Some(known) = self.views.borrow().get(&item.id) {
            return Some(Rc::clone(known));
        }
        // What cannot be worked out here is refused again, with its reason, once it is decided.
        let view = Rc::new(self.walk.as_ref()?.view(item, &self.plan, &self.found.means).ok()?);
        self.views.borrow_mut().insert(item.id.clone(), Rc::clone(&view));
        Some(view)
    }

    /// Decides on an item; no decision takes it back.
    pub fn settle(&mut self, id: &str, decision: Option<Decision>) -> Result<(), Said> {
        let Some(walk) = &mut self.walk else {
            return Ok(());
        };
        match decision {
            Some(decision) => walk.decide(id, decision),
            None => walk.undo(id),
        }
        let answers = walk.answers();
        let planned = self.planned(&answers);
        let Some(walk) = &mut self.walk else {
            return Ok(());
        };
        let plan = match planned {
            Ok(plan) => plan,
            Err(why) => {
                walk.undo(id);
                return Err(why);
            }
        };
        walk.learn(id, &self.plan, &plan);
        self.answers = answers;
        self.take(plan);
        Ok(())
    }

    /// Accepts an item as it was typed: the last day, then the reason.
    pub fn accept_typed(&mut self, id: &str, typed: &str) -> Result<(), Said> {
        let decision = acceptance(typed, &self.found.today)?;
        self.settle(id, Some(decision))
    }
}
