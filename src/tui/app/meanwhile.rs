//! What is looked at while the wizard goes on: the sandbox engine and the skills.

use super::App;
use crate::host;
use crate::skills::state::Review as SkillReview;
use crate::text::{Said, Text};
use crate::tui::session::Skills;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// How long an engine is looked for: its parts have shorter limits, but a disk of theirs may hang.
const LONGEST: Duration = Duration::from_secs(10);

/// What is still to come.
#[derive(Default)]
pub(super) struct News {
    pub(super) engine: Option<(Receiver<host::Found>, Instant)>,
    pub(super) skills: Option<Receiver<Result<SkillReview, Said>>>,
}

impl App<'_> {
    /// Has the sandbox engine and the skills looked at meanwhile; `wake` is called whenever one of them is known.
    pub fn look_meanwhile(&mut self, wake: fn()) {
        let engine = self.disk.engine(wake).map(|news| (news, Instant::now()));
        self.news = News { engine, skills: self.disk.skills(wake) };
        if self.news.skills.is_some() {
            self.session.skills = Skills::Looking(Instant::now());
        }
    }

    /// Waits for what is looked at before anything else happens: keys that are played see the same each time.
    pub fn wait_for_all(&mut self) {
        self.waits = true;
    }

    /// Takes in what was found meanwhile, if it is there. Only ever before a frame: a key decides on what was shown.
    pub(super) fn hear(&mut self) {
        self.hear_over();
        self.hear_writer();
        let (engine, skills) = (self.heard_of_engine(), self.heard_of_skills());
        if engine.is_none() && skills.is_none() {
            return;
        }
        let pointed = self.review.under_cursor(&self.session);
        let way = self.walk.under_cursor(&self.session);
        let was_shown = self.layout.is_some() && self.start.shows_cursor(&self.session);
        if let Some(Err(why)) = engine.map(|found| self.session.learn_engine(&found)) {
            self.note = Some(why);
        }
        if let Some(heard) = skills {
            self.session.learn_skills(heard);
        }
        // What came of it is not what the next key does, and the cursors stay where they stood, and in view.
        self.history.learn(&self.session);
        if was_shown {
            self.start.follow(&self.session);
        }
        if let Some(key) = pointed {
            self.review.point_at(&key, &self.session);
        }
        if let Some(way) = way {
            self.walk.point_at(&way, &self.session);
        }
    }

    fn heard_of_engine(&self) -> Option<host::Found> {
        const LOST: Text = Text {
            en: "Whether an engine answers could not be looked at.",
            ja: "コンテナエンジンが応答するかを確認できませんでした。",
        };
        if !self.session.awaits_engine() {
            return None;
        }
        let lost = || Some(host::Found::none(LOST));
        let Some((news, since)) = &self.news.engine else {
            return lost();
        };
        match heard(news, self.waits) {
            Err(TryRecvError::Empty) if since.elapsed() < LONGEST => None,
            Err(_) => lost(),
            Ok(found) => Some(found),
        }
    }

    fn heard_of_skills(&mut self) -> Option<Result<SkillReview, Said>> {
        let heard = heard(self.news.skills.as_ref()?, self.waits).ok()?;
        self.news.skills = None;
        Some(heard)
    }
}

pub(super) fn heard<T>(news: &Receiver<T>, waits: bool) -> Result<T, TryRecvError> {
    if waits { news.recv().map_err(TryRecvError::from) } else { news.try_recv() }
}
