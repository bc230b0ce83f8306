//! The terminal, put back as it was however the program ends: by a key, a signal, or a panic in any thread.
//!
//! One lock says who may speak to the terminal. The wizard holds it except while it waits for a key, so a signal never
//! cuts a frame or a write in two: it waits, restores, and ends the process.

use crate::text::{Lang, Text};
use crate::tui::Next;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use std::fs::File;
use std::io::{self, IsTerminal, Stdout};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// Buttons and the wheel in the modern coding. Not 1003: there every movement is an event.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";
/// How long the end of a frame or of a write is waited for before the terminal is taken by force.
const PATIENCE: Duration = Duration::from_secs(5);
/// The exit code of a panic, as Rust's own.
const PANICKED: i32 = 101;

const PANIC: Text = Text {
    en: "openclaw-harden: internal error at {place}. Nothing more was written. Please report it with this line.",
    ja: "openclaw-harden: 内部エラー ({place})。これ以降は何も書き込んでいません。この行を添えて報告してください。",
};

static SCREEN: Mutex<()> = Mutex::new(());

/// Whether the program talks to a terminal at both ends; where standard input is taken, whether it has one to read from.
pub fn is_there(stdin_is_taken: bool) -> bool {
    let has_keys = if stdin_is_taken { File::open("/dev/tty").is_ok() } else { io::stdin().is_terminal() };
    has_keys && io::stdout().is_terminal()
}

/// Has [`Guard::wait`] return though no key was pressed: for crossterm it is as if the window had another size.
pub fn wake() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::WINCH);
}

type PanicHook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// The terminal in the wizard's hands; dropping it puts it back.
pub struct Guard {
    held: Option<MutexGuard<'static, ()>>,
    ours: Arc<AtomicBool>,
    signals: Handle,
    hook: Option<PanicHook>,
}

impl Guard {
    /// Takes the terminal: signals and panics first, so there is no moment in which they would not be heard.
    pub fn enter(lang: Lang) -> io::Result<Self> {
        let ours = Arc::new(AtomicBool::new(true));
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT])?;
        let handle = signals.handle();
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                let _held = hold_for(PATIENCE);
                restore();
                std::process::exit(128 + signal);
            }
        });
        let hook = std::panic::take_hook();
        std::panic::set_hook(panic_hook(ours.clone(), thread::current().id(), lang));
        let guard = Guard { held: Some(hold()), ours, signals: handle, hook: Some(hook) };
        terminal::enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Print(MOUSE_ON))?;
        // Sets up crossterm's reader now, so that a resize between the first frame and the first wait is not missed.
        crossterm::event::poll(Duration::ZERO)?;
        Ok(guard)
    }

    /// Is the screen to draw on.
    pub fn screen(&self) -> io::Result<Terminal<CrosstermBackend<Stdout>>> {
        Terminal::new(CrosstermBackend::new(io::stdout()))
    }

    /// Waits for the next event, without polling, and no longer than asked.
    pub fn wait(&mut self, most: Option<Duration>) -> Next {
        self.held = None;
        let is_there = most.map_or(Ok(true), crossterm::event::poll);
        let event = is_there.and_then(|is_there| is_there.then(crossterm::event::read).transpose());
        self.held = Some(hold());
        match event {
            Ok(None) => Next::Tick,
            Ok(Some(event)) => Next::Event(event),
            Err(_) => Next::End,
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.signals.close();
        // Once only: leaving the alternate screen twice would put the cursor back over what was said since.
        if self.ours.swap(false, Ordering::SeqCst) {
            restore();
        }
        // A panicking thread may not touch the hook.
        if !thread::panicking()
            && let Some(hook) = self.hook.take()
        {
            std::panic::set_hook(hook);
        }
    }
}

fn hold() -> MutexGuard<'static, ()> {
    SCREEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn hold_for(patience: Duration) -> Option<MutexGuard<'static, ()>> {
    let end = Instant::now() + patience;
    loop {
        match SCREEN.try_lock() {
            Ok(held) => return Some(held),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Puts the terminal back. What fails here cannot be helped, and the rest must still be tried.
fn restore() {
    let _ = execute!(io::stdout(), Print(MOUSE_OFF), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
}

/// Restores the terminal and says where it happened. Not what: a panic's message can hold a piece of the config.
fn panic_hook(ours: Arc<AtomicBool>, ui: ThreadId, lang: Lang) -> PanicHook {
    Box::new(move |info| {
        let is_ui = thread::current().id() == ui;
        let _held = if is_ui { None } else { hold_for(PATIENCE) };
        if ours.swap(false, Ordering::SeqCst) {
            restore();
        }
        let place = info.location().map_or_else(|| "?".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
        eprintln!("{}", PANIC.with("place", place).of(lang));
        // The wizard would go on in a terminal that is no longer its own. And what aborts may leave its memory, with the config's
        // secrets, in a file.
        if !is_ui || cfg!(panic = "abort") {
            std::process::exit(PANICKED);
        }
    })
}
