//! The keys of what stands over the screen: questions, typed values, the search, the help.

use super::App;
use crate::plan::Pick;
use crate::tui::popup::Popup;
use crate::tui::screens::search::Searched;
use crate::tui::screens::walk::ACCEPT_KEY;
use crate::tui::widgets::field::{FieldEditor, Typed};
use crate::tui::widgets::list::moved;
use crate::tui::{Outcome, words};
use crate::walk::Decision;
use crossterm::event::{KeyCode, KeyEvent};

/// More lines than the help has; drawing cuts it to what there is.
const MOST_HELP: usize = 1000;

impl App<'_> {
    pub(super) fn ask_to_quit(&mut self, under: Option<Box<Popup>>) {
        let has_finished = self.page == words::DONE && !self.session.found.demo;
        if has_finished || !self.session.has_decisions() {
            self.outcome = Some(Outcome::Left);
        } else {
            self.popup = Some(Popup::Quit { under });
        }
    }

    /// A popup that is not answered yet is put back.
    pub(super) fn on_popup_key(&mut self, popup: Popup, key: KeyEvent, control_c: bool) {
        let yes = matches!(key.code, KeyCode::Enter | KeyCode::Char('y'));
        match popup {
            Popup::Quit { .. } if yes || control_c || key.code == KeyCode::Char('q') => {
                self.outcome = Some(Outcome::Left);
            }
            Popup::Quit { under } if is_no(key) => self.popup = under.map(|popup| *popup),
            popup if control_c || (key.code == KeyCode::Char('q') && !popup.takes_text()) => {
                self.ask_to_quit(Some(Box::new(popup)));
            }
            Popup::Field(field) => self.on_field_key(field, key),
            Popup::Search(mut search) => match search.on_key(key, &self.session) {
                Searched::Open => self.popup = Some(Popup::Search(search)),
                Searched::Left => {}
                Searched::Found(page, row) => self.find(page, row.as_deref()),
            },
            popup if key.code == KeyCode::Char('L') => {
                self.speak_the_other();
                self.popup = Some(popup);
            }
            Popup::Write { within, .. } if yes || matches!(key.code, KeyCode::Char('w' | 't')) => self.write(within),
            Popup::Say(_) | Popup::Help { .. } if yes || is_no(key) || key.code == KeyCode::Char('?') => {}
            Popup::Write { .. } | Popup::Remember | Popup::Restore { .. } if is_no(key) => {}
            Popup::Busy(busy) if is_no(key) => self.note = Some(busy.then.given_up().into()),
            Popup::Write { scroll, within } => {
                let scroll = scroll.saturating_add_signed(lines(key)).min(MOST_HELP);
                self.popup = Some(Popup::Write { scroll, within });
            }
            Popup::Remember if yes => {
                self.remember(&self.session.kept_skills());
                self.turn_to(if self.session.verdicts.is_empty() { 0 } else { words::REVIEW });
            }
            Popup::Restore { cursor } if key.code == KeyCode::Enter => {
                let backup = self.session.found.backups.get(cursor);
                self.outcome = backup.map(|backup| Outcome::Restore(backup.path.clone()));
            }
            Popup::Restore { cursor } => {
                let cursor = moved(cursor, lines(key), self.session.found.backups.len());
                self.popup = Some(Popup::Restore { cursor });
            }
            Popup::Help { scroll, about } => {
                let scroll = scroll.saturating_add_signed(lines(key)).min(MOST_HELP);
                self.popup = Some(Popup::Help { scroll, about });
            }
            other => self.popup = Some(other),
        }
    }

    fn on_field_key(&mut self, mut field: Box<FieldEditor>, key: KeyEvent) {
        let text = match field.on_key(key) {
            Typed::Left => return,
            Typed::Open => {
                self.popup = Some(Popup::Field(field));
                return;
            }
            Typed::Accepted(text) => text,
        };
        if let Some(id) = field.key.strip_prefix(ACCEPT_KEY) {
            match self.session.accept_typed(id, &text) {
                Ok(()) => {
                    let go = self.walk.go_on(&self.session);
                    self.go(go);
                }
                Err(why) => {
                    field.refuse(why);
                    self.popup = Some(Popup::Field(field));
                }
            }
            return;
        }
        let Some(row) = self.session.row(&field.key) else {
            return;
        };
        let refused = row.row.field.as_ref().and_then(|field| (field.read)(&row.row.today, &text).err());
        if let Some(why) = refused {
            field.refuse(why);
            self.popup = Some(Popup::Field(field));
        } else if self.page == words::WALK {
            let id = self.walk.current(&self.session);
            let decision = Decision::Fix(vec![(field.key.clone(), Pick::Text(text))]);
            if let Err(why) = self.session.settle(&id, Some(decision)) {
                self.popup = Some(Popup::Say(why));
            }
        } else if let Err(why) = self.session.decide(&field.key, Some(Pick::Text(text))) {
            self.popup = Some(Popup::Say(why));
        }
    }
}

fn is_no(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::Esc | KeyCode::BackTab | KeyCode::Char('n'))
}

fn lines(key: KeyEvent) -> isize {
    match key.code {
        KeyCode::Up | KeyCode::Char('k') => -1,
        KeyCode::Down | KeyCode::Char('j') => 1,
        KeyCode::PageUp => -10,
        KeyCode::PageDown => 10,
        KeyCode::Home => isize::MIN,
        KeyCode::End => isize::MAX,
        _ => 0,
    }
}
