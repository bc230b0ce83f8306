//! The app: one page after the other, one event after the other.

use crate::plan::Pick;
use crate::posture::Step;
use crate::skills::state::Review as SkillReview;
use crate::text::{Said, Text};
use crate::tui::frame::{self, Layout};
use crate::tui::popup::Popup;
use crate::tui::screens::checkup::CheckupScreen;
use crate::tui::screens::done::DoneScreen;
use crate::tui::screens::review::Review;
use crate::tui::screens::skills::SkillsScreen;
use crate::tui::screens::start::Start;
use crate::tui::screens::step::StepScreen;
use crate::tui::screens::{Go, Hint, Mouse, moved};
use crate::tui::session::{Session, Skills};
use crate::tui::widgets::field::{FieldEditor, Typed};
use crate::tui::{Committed, Disk, Outcome, words};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::backend::Backend;
use ratatui::layout::Position;
use ratatui::{Frame, Terminal};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::Duration;

const NO_CHANGE: Text =
    Text { en: "There is nothing to write: no change is switched on.", ja: "書き込む変更がありません。" };

const REFUSED: Text = Text {
    en: "OpenClaw would refuse the file, so it is not written. {path}: {why}",
    ja: "OpenClaw が受け付けない設定になるため、書き込みません。{path}: {why}",
};
const REFUSED_AND_MORE: Text = Text {
    en: "OpenClaw would refuse the file, so it is not written. {path}: {why} (and {more} more: see Start)",
    ja: "OpenClaw が受け付けない設定になるため、書き込みません。{path}: {why} (ほか{more}件。「開始」に一覧があります)",
};

/// How often the screen is drawn anew while a checkup looks; otherwise nothing happens without an event.
const TICK: Duration = Duration::from_millis(100);

const SAVED: Text = Text {
    en: "The answers are saved in {path}. On another machine: openclaw-harden apply --answers FILE",
    ja: "回答を {path} に保存しました。別のマシンで適用: openclaw-harden apply --answers FILE",
};

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
    news: Option<Receiver<Result<SkillReview, Said>>>,
    review: Review,
    done: DoneScreen,
    checkup: Option<CheckupScreen>,
    waits: bool,
    popup: Option<Popup>,
    layout: Option<Layout>,
    outcome: Option<Outcome>,
}

impl<'d> App<'d> {
    /// Begins at Start.
    pub fn new(session: Session, disk: &'d mut dyn Disk) -> Self {
        App {
            start: Start::new(session.answers.posture),
            session,
            disk,
            page: 0,
            steps: words::STEPS.into_iter().map(StepScreen::new).collect(),
            mend: StepScreen::new(Step::Mend),
            skills: SkillsScreen::default(),
            news: None,
            review: Review::default(),
            done: DoneScreen::default(),
            checkup: None,
            waits: false,
            popup: None,
            layout: None,
            outcome: None,
        }
    }

    /// Has the skills looked at meanwhile; `wake` is called once they are.
    pub fn look_at_skills(&mut self, wake: fn()) {
        self.news = self.disk.skills(wake);
        if self.news.is_some() {
            self.session.skills = Skills::Looking;
        }
    }

    /// Waits for what is looked at before anything else happens: keys that are played see the same each time.
    pub fn wait_for_all(&mut self) {
        self.waits = true;
    }

    /// Takes in what was found meanwhile, if it is there.
    fn hear(&mut self) {
        if let Some(checkup) = &mut self.checkup {
            checkup.hear(self.waits);
        }
        let heard = match &self.news {
            Some(news) if self.waits => news.recv().ok(),
            Some(news) => news.try_recv().ok(),
            None => None,
        };
        if let Some(heard) = heard {
            self.news = None;
            self.session.learn_skills(heard);
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
        match self.page {
            _ if self.checkup.is_some() => self.checkup.iter().for_each(|checkup| checkup.draw(buf, &self.session)),
            0 => self.start.draw(buf, &self.session),
            words::REVIEW => self.review.draw(buf, &self.session),
            words::DONE => self.done.draw(buf, &self.session),
            words::MEND => self.mend.draw(buf, &self.session),
            words::SKILLS => self.skills.draw(buf, &self.session),
            step => self.steps[step - 1].draw(buf, &self.session),
        }
        if let Some(popup) = &mut self.popup
            && let Some(cursor) = popup.draw(area, buf, &self.session)
        {
            frame.set_cursor_position(cursor);
        }
    }

    /// Does what an event asks for.
    pub fn update(&mut self, event: Event) {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.on_key(key),
            Event::Mouse(mouse) => self.on_mouse(mouse),
            Event::Paste(text) => {
                if let Some(Popup::Field(field)) = &mut self.popup {
                    field.on_paste(&text);
                }
            }
            _ => {}
        }
    }

    /// How long to wait for an event: without end, but for a countdown in view.
    fn patience(&self) -> Option<Duration> {
        if self.checkup.as_ref().is_some_and(CheckupScreen::is_looking) {
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
            return popup.keys();
        }
        if let Some(checkup) = &self.checkup {
            return checkup.keys();
        }
        match self.page {
            0 => self.start.keys(&self.session),
            words::REVIEW => self.review.keys(&self.session),
            words::DONE => self.done.keys(&self.session),
            words::MEND => self.mend.keys(&self.session),
            words::SKILLS => self.skills.keys(&self.session),
            step => self.steps[step - 1].keys(&self.session),
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
            None if key.modifiers.contains(KeyModifiers::CONTROL) => {}
            None => self.on_page_key(key),
        }
    }

    fn on_page_key(&mut self, key: KeyEvent) {
        let go = match key.code {
            KeyCode::Char('q') => return self.ask_to_quit(None),
            KeyCode::Char('?') => {
                self.popup = Some(Popup::Help { scroll: 0 });
                return;
            }
            KeyCode::Char(c @ '1'..='9') => {
                self.session.pages().get(usize::from(c as u8 - b'1')).map_or(Go::Stay, |page| Go::To(*page))
            }
            _ => {
                let session = &mut self.session;
                match self.page {
                    _ if self.checkup.is_some() => {
                        self.checkup.as_mut().map_or(Go::Stay, |checkup| checkup.on_key(key, session))
                    }
                    0 => self.start.on_key(key, session),
                    words::REVIEW => self.review.on_key(key, session),
                    words::DONE => self.done.on_key(key, session),
                    words::MEND => self.mend.on_key(key, session),
                    words::SKILLS => self.skills.on_key(key, session),
                    step => self.steps[step - 1].on_key(key, session),
                }
            }
        };
        self.go(go);
    }

    fn on_mouse(&mut self, mouse: MouseEvent) {
        let Some(layout) = self.layout.filter(|_| self.popup.is_none()) else {
            return;
        };
        let place = Position::new(mouse.column, mouse.row);
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
                match (&mut self.checkup, self.page) {
                    (Some(checkup), _) => checkup.on_mouse(mouse, session),
                    (_, 0) => self.start.on_mouse(mouse, session),
                    (_, words::REVIEW) => self.review.on_mouse(mouse, session),
                    (_, words::DONE) => self.done.on_mouse(mouse, session),
                    (_, words::MEND) => self.mend.on_mouse(mouse, session),
                    (_, words::SKILLS) => self.skills.on_mouse(mouse, session),
                    (_, step) => self.steps[step - 1].on_mouse(mouse, session),
                }
            }
        };
        self.go(go);
    }

    fn go(&mut self, go: Go) {
        match go {
            Go::Stay => {}
            Go::Back if self.checkup.is_some() => self.checkup = None,
            Go::Checkup => match self.disk.checkup() {
                Ok(looking) => self.checkup = Some(CheckupScreen::new(looking)),
                Err(why) => self.popup = Some(Popup::Say(why)),
            },
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
            Go::SaveAnswers => {
                let saved = self.disk.save_answers(&self.session.plan, &self.session.answers);
                let said = saved.map(|path| SAVED.with("path", path.display()));
                self.popup = Some(Popup::Say(said.unwrap_or_else(|why| why)));
            }
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
        for step in self.steps.iter_mut().chain([&mut self.mend]) {
            step.leave();
        }
        self.checkup = None;
        self.page = page;
    }

    fn ask_to_quit(&mut self, under: Option<Box<Popup>>) {
        if self.done.done.is_some() || !self.session.has_decisions() {
            self.outcome = Some(Outcome::Left);
        } else {
            self.popup = Some(Popup::Quit { under });
        }
    }

    fn ask_to_write(&mut self, on_trial: bool) {
        if self.session.found.demo {
            self.done = DoneScreen::new(None);
            self.page = words::DONE;
        } else if let Some(why) = &self.session.found.read_only {
            self.popup = Some(Popup::Say(why.clone()));
        } else if let [issue, rest @ ..] = self.session.plan.issues_after.as_slice() {
            let text = if rest.is_empty() { REFUSED } else { REFUSED_AND_MORE };
            let said = text.with("path", &issue.path).with("why", issue.message.of(self.session.lang()));
            self.popup = Some(Popup::Say(said.with("more", rest.len())));
        } else if self.session.change_count() == 0 {
            self.popup = Some(Popup::Say(NO_CHANGE.into()));
        } else {
            let within = self.session.found.confirm_within.or(on_trial.then_some(TRIAL));
            self.popup = Some(Popup::Write { scroll: 0, within });
        }
    }

    /// Remembers skills as reviewed; those whose change is not written yet are not among them.
    fn remember(&mut self, paths: &[PathBuf]) {
        let Some(review) = self.session.review().cloned().filter(|_| !paths.is_empty()) else {
            return;
        };
        match self.disk.remember(&review, paths) {
            Ok(review) => self.session.remembered(review),
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    fn write(&mut self, within: Option<Duration>) {
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
                self.tick();
            }
            Ok(Committed::ChangedOnDisk) => {
                let reread = self.disk.reread().and_then(|again| self.session.reread(again));
                match reread {
                    Ok(()) => self.review.was_reread(),
                    Err(why) => self.popup = Some(Popup::Say(why)),
                }
            }
            Err(why) => self.popup = Some(Popup::Say(why)),
        }
    }

    /// A popup that is not answered yet is put back.
    fn on_popup_key(&mut self, popup: Popup, key: KeyEvent, control_c: bool) {
        let yes = matches!(key.code, KeyCode::Enter | KeyCode::Char('y'));
        match popup {
            Popup::Quit { .. } if yes || control_c || key.code == KeyCode::Char('q') => {
                self.outcome = Some(Outcome::Left);
            }
            Popup::Quit { under } if is_no(key) => self.popup = under.map(|popup| *popup),
            popup if control_c => self.ask_to_quit(Some(Box::new(popup))),
            Popup::Field(field) => self.on_field_key(field, key),
            Popup::Write { within, .. } if yes || matches!(key.code, KeyCode::Char('w' | 't')) => self.write(within),
            Popup::Say(_) | Popup::Help { .. } if yes || is_no(key) || key.code == KeyCode::Char('?') => {}
            Popup::Write { .. } | Popup::Remember | Popup::Restore { .. } if is_no(key) => {}
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
            Popup::Help { scroll } => {
                let scroll = scroll.saturating_add_signed(lines(key)).min(MOST_HELP);
                self.popup = Some(Popup::Help { scroll });
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
        let Some(row) = self.session.row(&field.key) else {
            return;
        };
        let refused = row.row.field.as_ref().and_then(|field| (field.read)(&row.row.today, &text).err());
        if let Some(why) = refused {
            field.refuse(why);
            self.popup = Some(Popup::Field(field));
        } else if let Err(why) = self.session.decide(&field.key, Some(Pick::Text(text))) {
            self.popup = Some(Popup::Say(why));
        }
    }
}

/// How long a write is on trial where nothing else is asked.
const TRIAL: Duration = Duration::from_secs(60);

/// More lines than the help has; drawing cuts it to what there is.
const MOST_HELP: usize = 1000;

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
