//! What lies over a page until one goes back: the checkup, the secrets, OpenClaw's own audit.

use super::App;
use crate::document::Path as Key;
use crate::findings;
use crate::report::secrets::Moved;
use crate::text::Said;
use crate::tui::popup::Popup;
use crate::tui::screens::checkup::CheckupScreen;
use crate::tui::screens::real_audit::RealAuditScreen;
use crate::tui::screens::secrets::{self, SecretsScreen};
use crate::tui::screens::walk::WalkScreen;
use crate::tui::screens::{Go, Hint, Mouse};
use crate::tui::session::Session;
use crate::tui::words;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;

/// A screen over the page.
pub(super) enum Over {
    Checkup(CheckupScreen),
    Secrets(SecretsScreen),
    RealAudit(RealAuditScreen),
}

impl Over {
    pub(super) fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        match self {
            Over::Checkup(checkup) => checkup.on_key(key, session),
            Over::Secrets(secrets) => secrets.on_key(key, session),
            Over::RealAudit(audit) => audit.on_key(key),
        }
    }

    pub(super) fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        match self {
            Over::Checkup(checkup) => checkup.on_mouse(mouse, session),
            Over::Secrets(secrets) => secrets.on_mouse(mouse, session),
            Over::RealAudit(_) => Go::Stay,
        }
    }

    pub(super) fn draw(&self, buf: &mut Buffer, session: &Session) {
        match self {
            Over::Checkup(checkup) => checkup.draw(buf, session),
            Over::Secrets(secrets) => secrets.draw(buf, session),
            Over::RealAudit(audit) => audit.draw(buf, session),
        }
    }

    pub(super) fn keys(&self) -> Vec<Hint> {
        match self {
            Over::Checkup(checkup) => checkup.keys(),
            Over::Secrets(secrets) => secrets.keys(),
            Over::RealAudit(audit) => audit.keys(),
        }
    }

    /// Whether something goes on in it.
    pub(super) fn is_busy(&self) -> bool {
        match self {
            Over::Checkup(checkup) => checkup.is_looking(),
            Over::Secrets(_) => false,
            Over::RealAudit(audit) => audit.is_running(),
        }
    }
}

impl App<'_> {
    /// Takes in what it heard meanwhile.
    pub(super) fn hear_over(&mut self) {
        match &mut self.over {
            Some(Over::Checkup(checkup)) => checkup.hear(self.waits),
            Some(Over::RealAudit(audit)) => {
                if let Some(bytes) = audit.hear(self.waits) {
                    self.learn_audit(&bytes);
                }
            }
            Some(Over::Secrets(_)) | None => {}
        }
    }

    /// Goes back to the page.
    pub(super) fn close_over(&mut self) {
        match self.over.take() {
            // Where secrets have moved the config is not what the plan was made for.
            Some(Over::Secrets(secrets)) if secrets.is_done() && self.page != words::DONE => {
                let reread = self.disk.reread().and_then(|again| self.session.reread(again));
                self.popup = reread.err().map(Popup::Say);
            }
            Some(Over::RealAudit(audit)) => audit.cancel(),
            _ => {}
        }
    }

    pub(super) fn open_checkup(&mut self) {
        match self.disk.checkup() {
            Ok(looking) => self.over = Some(Over::Checkup(CheckupScreen::new(looking))),
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    pub(super) fn open_secrets(&mut self) {
        if self.page == words::REVIEW && self.session.change_count() > 0 {
            self.popup = Some(Popup::Say(secrets::FIRST.into()));
            return;
        }
        let looked = self.disk.secrets();
        self.show_secrets(looked);
    }

    pub(super) fn move_secrets(&mut self, keys: &[Key]) {
        let moved = match &self.session.found.read_only {
            Some(why) => Err(why.clone()),
            None => self.disk.move_secrets(keys),
        };
        self.show_secrets(moved);
    }

    pub(super) fn purge_secrets(&mut self) {
        let purged = self.disk.purge_secrets();
        self.show_secrets(purged);
    }

    fn show_secrets(&mut self, looked: Result<Moved, Said>) {
        match looked {
            Ok(moved) => self.over = Some(Over::Secrets(SecretsScreen::new(moved))),
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    pub(super) fn open_audit(&mut self) {
        match self.disk.real_audit() {
            Ok(command) => self.over = Some(Over::RealAudit(RealAuditScreen::new(command))),
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    pub(super) fn begin_audit(&mut self) {
        let run = self.disk.run_real_audit();
        if let Some(Over::RealAudit(audit)) = &mut self.over {
            audit.begin(run);
        }
    }

    /// Takes in what OpenClaw's own audit printed: a report to walk through, or what is left after writing.
    fn learn_audit(&mut self, bytes: &[u8]) {
        let report = findings::parse(bytes);
        let learned = match report {
            Ok(report) if self.page == words::DONE => {
                self.session.real_after = Some(report);
                self.report();
                Ok(())
            }
            Ok(report) => self.session.begin_walk(report).map(|()| {
                self.history.clear(&self.session);
                self.walk = WalkScreen::default();
                self.page = words::WALK;
            }),
            Err(why) => Err(why),
        };
        match (learned, &mut self.over) {
            (Err(why), Some(Over::RealAudit(audit))) => audit.fail(why),
            _ => self.over = None,
        }
    }

    /// Ends OpenClaw's own audit, if it runs: it must not outlive the wizard.
    pub(super) fn end_audit(&mut self) {
        if let Some(Over::RealAudit(audit)) = &mut self.over
            && audit.is_running()
        {
            audit.cancel();
            audit.hear(true);
        }
    }
}
