//! The app: one page after the other, one event after the other.

mod meanwhile;
mod over;
mod popups;
mod writing;

use crate::posture::Step;
use crate::text::Said;
use crate::tui::frame::{self, Layout};
use crate::tui::history::History;
use crate::tui::popup::{Held, Popup};
use crate::tui::screens::done::DoneScreen;
use crate::tui::screens::review::Review;
use crate::tui::screens::skills::SkillsScreen;
use crate::tui::screens::start::Start;
use crate::tui::screens::step::StepScreen;
use crate::tui::screens::walk::WalkScreen;
use crate::tui::screens::{Go, Hint, Mouse};
use crate::tui::session::Session;
use crate::tui::{Disk, Outcome, words};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use meanwhile::News;
use over::Over;
use ratatui::backend::Backend;
use ratatui::layout::Position;
use ratatui::{Frame, Terminal};
use std::time::Duration;

/// How often the screen is drawn anew while a look in view goes on; otherwise nothing happens without an event.
const TICK: Duration = Duration::from_millis(100);

/// What comes next to an app that waits.
pub enum Next {
    /// An event.
    Event(Event),
    /// Nothing, for as long as it wanted to wait.
    Tick,
    /// The screen is blank, and has to be drawn anew.
    Redraw,
    /// Nothing any more: the terminal is gone.
    End,
}

impl From<Option<Event>> for Next {
    fn from(event: Option<Event>) -> Self {
        event.map_or(Next::End, Next::Event)
    }
}

/// Draws, waits, updates, until the app is over or the events are. What is next is asked with the longest wait, where there is one.
pub fn drive<B: Backend>(
    terminal: &mut Terminal<B>,
    app: &mut App,
    mut next: impl FnMut(Option<Duration>) -> Next,
) -> Result<(), B::Error> {
    while app.outcome.is_none() {
        app.hear();
        terminal.draw(|frame| app.draw(frame))?;
        match next(app.patience()) {
            Next::Event(event) => app.update(event),
            Next::Tick => app.tick(),
            // Nothing was drawn before, as far as the next frame knows. Terminal::clear would ask where the cursor is.
            Next::Redraw => terminal.swap_buffers(),
            Next::End => break,
        }
    }
    app.end_audit();
    Ok(())
}

/// The wizard.
pub struct App<'d> {
    session: Session,
    disk: &'d mut dyn Disk,
    page: usize,
    start: Start,
    steps: Vec<StepScreen>,
    mend: StepScreen,
    skills: SkillsScreen,
    news: News,
    review: Review,
    done: DoneScreen,
    over: Option<Over>,
    walk: WalkScreen,
    waits: bool,
    popup: Option<Popup>,
    layout: Option<Layout>,
    history: History,
    /// What came of the last key.
    note: Option<Said>,
    outcome: Option<Outcome>,
}

impl<'d> App<'d> {
    /// Begins at Start.
    pub fn new(session: Session, disk: &'d mut dyn Disk) -> Self {
        App {
            start: Start::new(session.answers.posture),
            page: if session.walk.is_some() { words::WALK } else { 0 },
            history: History::new(&session),
            note: None,
            session,
            disk,
            steps: words::STEPS.into_iter().map(StepScreen::new).collect(),
            mend: StepScreen::new(Step::Mend),
            skills: SkillsScreen::default(),
            news: News::default(),
            review: Review::default(),
            done: DoneScreen::default(),
            over: None,
            walk: WalkScreen::default(),
            waits: false,
            popup: None,
            layout: None,
            outcome: None,
        }
    }

    /// Is how the wizard ended.
    pub fn outcome(&self) -> Outcome {
        match (&self.outcome, &self.done.done) {
            (_, Some(done)) => Outcome::Written(done.clone()),
            (Some(outcome), None) => outcome.clone(),
            (None, None) => Outcome::Left,
        }
    }

    /// Is what the screens work on.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Is the number of the page in view, from 0.
    pub fn page(&self) -> usize {
        self.page
    }

    /// Draws everything.
    pub fn draw(&mut self, frame: &mut Frame) {
        let area = frame.area();
        self.layout = Layout::of(area);
        let Some(layout) = self.layout else {
            return frame::draw_too_small(area, frame.buffer_mut(), &self.session);
        };
        self.session.body = layout.body;
        let buf = frame.buffer_mut();
        layout.draw(buf, &self.session, self.page, &self.keys());
        if let Some(note) = &self.note {
            layout.draw_note(buf, &self.session, note);
        }
        match (&self.over, self.page) {
            (Some(over), _) => over.draw(buf, &self.session),
            (None, words::WALK) => self.walk.draw(buf, &self.session),
            (None, 0) => self.start.draw(buf, &self.session),
            (None, words::REVIEW) => self.review.draw(buf, &self.session),
            (None, words::DONE) => self.done.draw(buf, &self.session),
            (None, words::MEND) => self.mend.draw(buf, &self.session),
            (None, words::SKILLS) => self.skills.draw(buf, &self.session),
            (None, step) => self.steps[step - 1].draw(buf, &self.session),
        }
        if let Some(popup) = &mut self.popup
            && let Some(cursor) = popup.draw(area, buf, &self.session)
        {
            frame.set_cursor_position(cursor);
        }
    }

    /// Does what an event asks for.
    pub fn update(&mut self, event: Event) {
        let page = self.page;
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                self.note = None;
                self.on_key(key);
            }
            Event::Mouse(mouse) => {
                self.note = None;
                self.on_mouse(mouse);
            }
            Event::Paste(text) => match &mut self.popup {
                Some(Popup::Field(field)) => field.on_paste(&text),
                Some(Popup::Search(search)) => search.on_paste(&text),
                _ => {}
            },
            _ => {}
        }
        self.note_decision(page);
    }

    /// Notes what was decided on a page, and says what came of it.
    fn note_decision(&mut self, page: usize) {
        if let Some(said) = self.history.note(&self.session, page) {
            self.note = Some(said);
        }
    }

    /// How long to wait for an event: without end, but for a countdown in view.
    fn patience(&self) -> Option<Duration> {
        let is_busy = match (&self.popup, &self.over) {
            (Some(Popup::Busy(_)), _) => true,
            (_, Some(over)) => over.is_busy(),
            (_, None) => self.page == 0 && self.news.skills.is_some(),
        };
        if is_busy {
            Some(TICK)
        } else if self.page == words::DONE {
            self.done.patience()
        } else {
            None
        }
    }

    /// Looks at what goes on without a key: how a write on trial stands.
    pub fn tick(&mut self) {
        if self.page == words::DONE {
            self.done.tick(self.disk);
        }
    }

    fn keys(&self) -> Vec<Hint> {
        if let Some(popup) = &self.popup {
            let mut keys = popup.keys();
            if !popup.takes_text() {
                keys.push(("q", words::QUIT));
            }
            return keys;
        }
        let mut keys = self.page_keys();
        if self.can_search() {
            keys.push(("/", words::SEARCH));
        }
        if self.done.done.is_none() && self.history.has_past() {
            keys.push(("u", words::UNDO));
        }
        keys.extend([("L", words::LANGUAGE), ("?", words::HELP), ("q", words::QUIT)]);
        keys
    }

    /// Whether the steps can be gone to: not after writing, and not on a walk, which has pages of its own.
    fn can_search(&self) -> bool {
        self.done.done.is_none() && self.session.walk.is_none()
    }

    fn page_keys(&self) -> Vec<Hint> {
        match (&self.over, self.page) {
            (Some(over), _) => over.keys(),
            (None, words::WALK) => self.walk.keys(&self.session),
            (None, 0) => self.start.keys(&self.session),
            (None, words::REVIEW) => self.review.keys(&self.session),
            (None, words::DONE) => self.done.keys(&self.session),
            (None, words::MEND) => self.mend.keys(&self.session),
            (None, words::SKILLS) => self.skills.keys(&self.session),
            (None, step) => self.steps[step - 1].keys(&self.session),
        }
    }

    fn on_key(&mut self, key: KeyEvent) {
        let control_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
        // What cannot be seen cannot be decided.
        if self.layout.is_none() {
            if control_c || key.code == KeyCode::Char('q') {
                self.outcome = Some(Outcome::Left);
            }
            return;
        }
        match self.popup.take() {
            Some(popup) => self.on_popup_key(popup, key, control_c),
            None if control_c => self.ask_to_quit(None),
            None if key.modifiers.contains(KeyModifiers::CONTROL) => match key.code {
                KeyCode::Char('z') => self.turn_back(true),
                KeyCode::Char('r' | 'y') => self.turn_back(false),
                _ => {}
            },
            None => self.on_page_key(key),
        }
    }

    fn on_page_key(&mut self, key: KeyEvent) {
        let go = match key.code {
            KeyCode::Char('q') => return self.ask_to_quit(None),
            KeyCode::Char('?') => {
                self.popup = Some(Popup::Help { scroll: 0, about: self.under_cursor() });
                return;
            }
            KeyCode::Char('/') if self.can_search() => {
                self.popup = Some(Popup::Search(Box::default()));
                return;
            }
            KeyCode::Char('u') => return self.turn_back(true),
            KeyCode::Char('L') => return self.speak_the_other(),
            KeyCode::Char(c @ '1'..='9') => {
                self.session.pages().get(usize::from(c as u8 - b'1')).map_or(Go::Stay, |page| Go::To(*page))
            }
            _ => {
                let session = &mut self.session;
                match (&mut self.over, self.page) {
                    (Some(over), _) => over.on_key(key, session),
                    (None, words::WALK) => self.walk.on_key(key, session),
                    (None, 0) => self.start.on_key(key, session),
                    (None, words::REVIEW) => self.review.on_key(key, session),
                    (None, words::DONE) => self.done.on_key(key, session),
                    (None, words::MEND) => self.mend.on_key(key, session),
                    (None, words::SKILLS) => self.skills.on_key(key, session),
                    (None, step) => self.steps[step - 1].on_key(key, session),
                }
            }
        };
        self.go(go);
    }

    fn on_mouse(&mut self, mouse: MouseEvent) {
        let Some(layout) = self.layout else {
            return;
        };
        let place = Position::new(mouse.column, mouse.row);
        let pressed = match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => layout.key_at(place, &self.session, &self.keys()),
            MouseEventKind::ScrollUp if self.popup.is_some() => Some(KeyCode::Up),
            MouseEventKind::ScrollDown if self.popup.is_some() => Some(KeyCode::Down),
            _ => None,
        };
        if let Some(code) = pressed {
            return self.on_key(KeyEvent::new(code, KeyModifiers::NONE));
        }
        if self.popup.is_some() {
            return;
        }
        let mouse = match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Mouse::Click(place),
            MouseEventKind::ScrollUp => Mouse::Wheel(place, -1),
            MouseEventKind::ScrollDown => Mouse::Wheel(place, 1),
            _ => return,
        };
        let go = match (mouse, layout.page_at(place, &self.session)) {
            (Mouse::Click(_), Some(page)) => Go::To(page),
            _ => {
                let session = &mut self.session;
                match (&mut self.over, self.page) {
                    (Some(over), _) => over.on_mouse(mouse, session),
                    (None, words::WALK) => self.walk.on_mouse(mouse, session),
                    (None, 0) => self.start.on_mouse(mouse, session),
                    (None, words::REVIEW) => self.review.on_mouse(mouse, session),
                    (None, words::DONE) => self.done.on_mouse(mouse, session),
                    (None, words::MEND) => self.mend.on_mouse(mouse, session),
                    (None, words::SKILLS) => self.skills.on_mouse(mouse, session),
                    (None, step) => self.steps[step - 1].on_mouse(mouse, session),
                }
            }
        };
        self.go(go);
    }

    /// Is the key of the row that the cursor stands on.
    fn under_cursor(&self) -> Option<String> {
        match self.page {
            _ if self.over.is_some() => None,
            words::REVIEW => self.review.under_cursor(&self.session),
            words::MEND => self.mend.under_cursor(&self.session),
            step => self.steps.get(step.checked_sub(1)?)?.under_cursor(&self.session),
        }
    }

    /// Goes to a page, and there to a row.
    fn find(&mut self, page: usize, key: Option<&str>) {
        self.turn_to(page);
        let step = match page {
            words::MEND => Some(&mut self.mend),
            _ => page.checked_sub(1).and_then(|step| self.steps.get_mut(step)),
        };
        if let (Some(step), Some(key)) = (step, key) {
            step.point_at(key, &self.session);
        }
    }

    /// Takes the last decision back, or decides again what was taken back. What is written is written.
    fn turn_back(&mut self, back: bool) {
        if self.done.done.is_some() {
            return;
        }
        let turned = if back { self.history.undo(&mut self.session) } else { self.history.redo(&mut self.session) };
        match turned {
            Ok((said, page)) => {
                self.note = Some(said);
                if let Some(page) = page {
                    self.turn_to(page);
                }
            }
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    /// Goes on in the other language.
    fn speak_the_other(&mut self) {
        self.session.found.lang = self.session.lang().other();
        self.disk.speak(self.session.lang());
        // What they list was put into words in the language before.
        self.leave_steps();
    }

    fn leave_steps(&mut self) {
        for step in self.steps.iter_mut().chain([&mut self.mend]) {
            step.leave();
        }
    }

    fn go(&mut self, go: Go) {
        match go {
            Go::Stay => {}
            Go::Back if self.over.is_some() => self.close_over(),
            Go::Secrets => self.open_secrets(),
            Go::MoveSecrets(keys) => self.once_free(Held::MoveSecrets(keys)),
            Go::PurgeSecrets => self.purge_secrets(),
            Go::RealAudit => self.open_audit(),
            Go::RunRealAudit => self.begin_audit(),
            Go::EndWalk => {
                if let Err(why) = self.session.end_walk() {
                    self.popup = Some(Popup::Say(why));
                }
                self.history.clear(&self.session);
            }
            Go::Checkup => self.open_checkup(),
            Go::Next if self.page == words::DONE => self.outcome = Some(Outcome::Left),
            Go::Next => self.turn_by(1),
            Go::Back => self.turn_by(-1),
            Go::To(page) => self.turn_to(page),
            Go::Say(said) => self.popup = Some(Popup::Say(said)),
            Go::Edit(field) => self.popup = Some(Popup::Field(field)),
            Go::Restore => self.popup = Some(Popup::Restore { cursor: 0 }),
            Go::Write { on_trial } => self.ask_to_write(on_trial),
            Go::Remember => self.popup = Some(Popup::Remember),
            Go::LookAt(file) => match self.disk.look_at(&file) {
                Ok(text) => self.skills.show(&text),
                Err(why) => {
                    self.skills.close();
                    self.popup = Some(Popup::Say(why));
                }
            },
            Go::SaveAnswers => self.save_answers(),
        }
    }

    fn turn_by(&mut self, by: isize) {
        let pages = self.session.pages();
        let here = pages.iter().position(|page| *page == self.page).unwrap_or(0);
        if let Some(page) = pages.get(here.saturating_add_signed(by)) {
            self.turn_to(*page);
        }
    }

    /// After writing there is no way back to the steps: what they plan with is no longer in the file. Done is reached by writing only.
    fn turn_to(&mut self, page: usize) {
        if page == words::DONE || self.done.done.is_some() {
            return;
        }
        self.leave_steps();
        self.close_over();
        self.page = page;
    }
}
