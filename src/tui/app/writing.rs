//! What goes to a disk: the config, what was decided on skills, the answers, and what came of a walk.

use super::App;
use super::meanwhile::heard;
use crate::plan::Closing;
use crate::text::Text;
use crate::tui::popup::{Busy, Held, Popup};
use crate::tui::screens::done::DoneScreen;
use crate::tui::{Committed, words};
use std::path::PathBuf;
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

const NO_CHANGE: Text =
    Text { en: "There is nothing to write: no change is switched on.", ja: "書き込む変更がありません。" };

const ENGINE_AWAITED: Text = Text {
    en: "The sandbox engine is still being looked for, and the plan depends on it. Nothing was written: try again in a moment.",
    ja: "コンテナエンジンを確認しています。結果によって変更の内容が変わるため、まだ何も書き込んでいません。少し待ってから、もう一度操作してください。",
};

const REFUSED: Text = Text {
    en: "OpenClaw would refuse the file, so it is not written. {path}: {why}",
    ja: "OpenClaw が受け付けない設定になるため、書き込みません。{path}: {why}",
};
const REFUSED_AND_MORE: Text = Text {
    en: "OpenClaw would refuse the file, so it is not written. {path}: {why} (and {more} more: see Start)",
    ja: "OpenClaw が受け付けない設定になるため、書き込みません。{path}: {why} (ほか{more}件。「開始」に一覧があります)",
};

const SAVED: Text = Text {
    en: "The answers are saved in {path}. On another machine: openclaw-harden apply --answers FILE",
    ja: "回答を {path} に保存しました。別のマシンで適用: openclaw-harden apply --answers FILE",
};

/// How long a write is on trial where nothing else is asked.
const TRIAL: Duration = Duration::from_secs(60);

impl App<'_> {
    pub(super) fn ask_to_write(&mut self, on_trial: bool) {
        if self.session.found.demo {
            self.done = DoneScreen::new(None);
            self.page = words::DONE;
        } else if let Some(why) = &self.session.found.read_only {
            self.popup = Some(Popup::Say(why.clone()));
        } else if self.session.awaits_engine() {
            self.popup = Some(Popup::Say(ENGINE_AWAITED.into()));
        } else if let [issue, rest @ ..] = self.session.plan.issues_after.as_slice() {
            let text = if rest.is_empty() { REFUSED } else { REFUSED_AND_MORE };
            let said = text.with("path", &issue.path).with("why", issue.message.of(self.session.lang()));
            self.popup = Some(Popup::Say(said.with("more", rest.len())));
        } else if self.session.change_count() == 0 && self.session.walk.is_none() {
            self.popup = Some(Popup::Say(NO_CHANGE.into()));
        } else {
            let within = self.session.found.confirm_within.or(on_trial.then_some(TRIAL));
            self.popup = Some(Popup::Write { scroll: 0, within });
        }
    }

    /// Remembers skills as reviewed; those whose change is not written yet are not among them.
    pub(super) fn remember(&mut self, paths: &[PathBuf]) {
        let Some(review) = self.session.review().cloned().filter(|_| !paths.is_empty()) else {
            return;
        };
        match self.disk.remember(&review, paths) {
            Ok(review) => self.session.remembered(review),
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    pub(super) fn write(&mut self, within: Option<Duration>) {
        if self.session.change_count() == 0 {
            // The walk changed nothing: what was accepted is kept, and reported.
            return self.finish_walk();
        }
        let is_of_config = |closing: &Closing| closing.is_config;
        if self.session.changes().is_empty() && !self.session.plan.closings().iter().any(is_of_config) {
            return self.commit(within);
        }
        self.once_free(Held::Write(within));
    }

    /// Does what writes the config, once no other program does.
    pub(super) fn once_free(&mut self, then: Held) {
        match self.disk.writer() {
            Some(freed) => self.popup = Some(Popup::Busy(Busy { since: Instant::now(), freed, then })),
            None => self.perform(then),
        }
    }

    /// Goes on with what waits for another program, once that is done.
    pub(super) fn hear_writer(&mut self) {
        let Some(Popup::Busy(busy)) = self.popup.take_if(|popup| matches!(popup, Popup::Busy(_))) else {
            return;
        };
        match heard(&busy.freed, self.waits) {
            Err(TryRecvError::Empty) => self.popup = Some(Popup::Busy(busy)),
            Ok(Err(why)) => self.popup = Some(Popup::Say(why)),
            // Who was to look is gone: the write itself waits.
            Ok(Ok(())) | Err(TryRecvError::Disconnected) => {
                let page = self.page;
                match busy.then {
                    // What stands there now is not what was looked at, for all that is known here.
                    Held::MoveSecrets(_) => self.open_secrets(),
                    held => self.perform(held),
                }
                self.note_decision(page);
            }
        }
    }

    fn perform(&mut self, held: Held) {
        match held {
            Held::Write(within) => self.commit(within),
            Held::MoveSecrets(keys) => self.move_secrets(&keys),
        }
    }

    fn commit(&mut self, within: Option<Duration>) {
        match self.disk.commit(&self.session.plan, within) {
            Ok(Committed::Written(mut done)) => {
                if self.session.found.saves_answers {
                    let saved = self.disk.save_answers(&self.session.plan, &self.session.answers);
                    done.warnings.extend(saved.err());
                }
                self.done = DoneScreen::new(Some(done));
                self.page = words::DONE;
                let decided: Vec<PathBuf> = self.session.verdicts.keys().cloned().collect();
                self.remember(&decided);
                if self.session.walk.is_some() {
                    self.finish_walk();
                }
                self.tick();
            }
            Ok(Committed::ChangedOnDisk) => {
                let reread = self.disk.reread().and_then(|again| self.session.reread(again));
                self.history.clear(&self.session);
                match reread {
                    Ok(()) => self.review.was_reread(),
                    Err(why) => self.popup = Some(Popup::Say(why)),
                }
            }
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    /// Keeps what the walk accepted, and reports what came of it.
    fn finish_walk(&mut self) {
        let Some(walk) = &self.session.walk else {
            return;
        };
        let accepted = walk.acceptances(&self.session.plan);
        if let Err(why) = self.disk.accept(&accepted) {
            self.popup = Some(Popup::Say(why));
            if self.done.done.is_none() {
                return;
            }
        }
        self.session.found.acceptances.extend(accepted);
        self.page = words::DONE;
        self.report();
    }

    /// Writes what came of the walk, where a file was named for it.
    pub(super) fn report(&mut self) {
        let Some(walk) = &self.session.walk else {
            return;
        };
        let real = self.session.real_after.as_ref();
        if let Err(why) = self.disk.report(walk, &self.session.plan, self.done.done.as_ref(), real) {
            self.popup = Some(Popup::Say(why));
        }
    }

    /// Saves the answers for other machines.
    pub(super) fn save_answers(&mut self) {
        if self.session.awaits_engine() {
            self.popup = Some(Popup::Say(ENGINE_AWAITED.into()));
            return;
        }
        let saved = self.disk.save_answers(&self.session.plan, &self.session.answers);
        let said = saved.map(|path| SAVED.with("path", path.display()));
        self.popup = Some(Popup::Say(said.unwrap_or_else(|why| why)));
    }
}
