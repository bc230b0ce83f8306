//! The binary in a real pty: what it sends, what it leaves behind, and what a whole run writes.

use openclaw_harden::plan::{Answers, Plan};
use openclaw_harden::text::{Lang, Said};
use openclaw_harden::trial::Fate;
use openclaw_harden::tui::{self, Committed, Disk, Options, Reread};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// The program in a pty, with an emulator that reads all it sends.
struct Run {
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the modes can be read after the end.
    _slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    seen: Arc<Mutex<Seen>>,
    modes_before: String,
    _home: tempfile::TempDir,
}

struct Seen {
    emulator: vt100::Parser,
    bytes: Vec<u8>,
}

fn nonzero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("not zero")
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Run {
    fn start(args: &[&str]) -> Self {
        Run::of(Path::new(env!("CARGO_BIN_EXE_openclaw-harden")), args, &[])
    }

    fn of(program: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(80, 24)).expect("a pty");
        let home = tempfile::tempdir().expect("a folder");
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        for (name, value) in env {
            command.env(name, value);
        }
        command.args(args);
        let modes_before = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keyboard = pair.master.take_writer().expect("a writer");
        let seen =
            Arc::new(Mutex::new(Seen { emulator: vt100::Parser::new(nonzero(24), nonzero(80), 0), bytes: Vec::new() }));
        let shared = seen.clone();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                let mut seen = shared.lock().expect("no panic in the reader");
                seen.emulator.process(&chunk[..count]);
                seen.bytes.extend(&chunk[..count]);
            }
        });
        Run { master: pair.master, _slave: pair.slave, child, keyboard, seen, modes_before, _home: home }
    }

    fn screen(&self) -> String {
        self.seen.lock().expect("no panic in the reader").emulator.screen().contents()
    }

    /// Waits until the screen shows a text.
    fn until(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.screen().contains(text) {
            assert!(Instant::now() < end, "no {text:?} in\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the pty takes keys");
        self.keyboard.flush().expect("the pty takes keys");
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.process_id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        kill_process(id.expect("it runs"), signal).expect("it can be signalled");
    }

    /// Waits for the end, and holds that the terminal is as it was; gives the exit code.
    fn ended_cleanly(self) -> u32 {
        self.end().0
    }

    /// As [`Run::ended_cleanly`], with what stands on the ordinary screen then.
    fn end(mut self) -> (u32, String) {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(Instant::now() < end, "it does not end\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        };
        // What was sent last may still be on its way.
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(modes(&*self.master), self.modes_before, "raw mode stays");
        let seen = self.seen.lock().expect("no panic in the reader");
        let screen = seen.emulator.screen();
        assert!(!screen.alternate_screen(), "the alternate screen stays");
        assert!(!screen.hide_cursor(), "the cursor stays hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste stays on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse stays on");
        (status.exit_code(), screen.contents())
    }
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

#[test]
fn a_key_ends_it_and_the_terminal_is_as_it_was() {
    for keys in ["q", "\u{3}"] {
        let mut run = Run::start(&["--demo"]);
        run.until("Who uses this installation?");
        run.press(keys);
        assert_eq!(run.ended_cleanly(), 0);
    }
}

#[test]
fn a_signal_ends_it_with_128_and_its_number_and_the_terminal_is_as_it_was() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let run = Run::start(&["--demo"]);
        run.until("Who uses this installation?");
        run.signal(signal);
        assert_eq!(run.ended_cleanly(), code);
    }
}

#[test]
fn nothing_is_asked_of_the_terminal_and_no_movement_of_the_mouse() {
    let mut run = Run::start(&["--demo"]);
    run.until("Who uses this installation?");
    let sent = String::from_utf8_lossy(&run.seen.lock().expect("no panic in the reader").bytes).into_owned();
    for query in ["\u{1b}[6n", "\u{1b}[c", "\u{1b}[0c", "\u{1b}[>c", "\u{1b}[?u", "\u{1b}]11;?", "\u{1b}[?1003h"] {
        assert!(!sent.contains(query), "sends {query:?}");
    }
    assert!(sent.contains("\u{1b}[?1000h") && sent.contains("\u{1b}[?1006h") && sent.contains("\u{1b}[?2004h"));
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);
}

#[test]
fn it_follows_the_size_of_the_window() {
    let mut run = Run::start(&["--demo"]);
    run.until("Who uses this installation?");
    run.seen.lock().expect("no panic in the reader").emulator.screen_mut().set_size(nonzero(10), nonzero(60));
    run.master.resize(size(60, 10)).expect("a size");
    run.until("The window is 60x10");
    run.seen.lock().expect("no panic in the reader").emulator.screen_mut().set_size(nonzero(40), nonzero(120));
    run.master.resize(size(120, 40)).expect("a size");
    run.until("Who uses this installation?");
    run.until("9 Done");
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);
}

#[test]
fn a_storm_of_sizes_down_to_a_single_cell_ends_in_a_whole_screen() {
    let mut run = Run::start(&["--demo"]);
    run.until("Who uses this installation?");
    for n in 0..200_u16 {
        run.master.resize(size(1 + n * 7 % 160, 1 + n * 11 % 50)).expect("a size");
    }
    run.master.resize(size(1, 1)).expect("a size");
    run.press("jj");
    run.master.resize(size(80, 24)).expect("a size");
    run.until("q Quit");
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);
}

#[test]
fn stopped_it_leaves_the_terminal_as_it_was_and_comes_back_whole() {
    let mut run = Run::start(&["--demo"]);
    run.until("Who uses this installation?");
    run.signal(Signal::TSTP);
    let end = Instant::now() + PATIENCE;
    while run.seen.lock().expect("no panic in the reader").emulator.screen().alternate_screen() {
        assert!(Instant::now() < end, "the alternate screen stays");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(modes(&*run.master), run.modes_before, "raw mode stays");
    assert!(!run.seen.lock().expect("no panic in the reader").emulator.screen().hide_cursor());
    run.signal(Signal::CONT);
    run.until("Who uses this installation?");
    run.until("q Quit");
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);
}

#[test]
fn no_colour_is_sent_where_none_is_wanted() {
    let program = Path::new(env!("CARGO_BIN_EXE_openclaw-harden"));
    let mut run = Run::of(program, &["--demo"], &[("NO_COLOR", "1")]);
    run.until("Who uses this installation?");
    run.press("\r");
    run.until("Where do tools run?");
    let sent = String::from_utf8_lossy(&run.seen.lock().expect("no panic in the reader").bytes).into_owned();
    for colours in sent.split("\u{1b}[").skip(1).filter_map(|code| code.split_once('m')).map(|(codes, _)| codes) {
        if colours.bytes().all(|byte| byte.is_ascii_digit() || byte == b';') {
            let is_colour = |code: &str| matches!(code.parse::<u32>(), Ok(30..=38 | 40..=48 | 90..=97 | 100..=107));
            assert!(!colours.split(';').any(is_colour), "sends {colours:?}");
        }
    }
    run.press("q\r");
    assert_eq!(run.ended_cleanly(), 0);
}

#[test]
fn an_engine_that_never_answers_holds_neither_a_key_nor_the_end_up_and_is_told_without_a_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("silent.sock");
    // Nobody takes what comes in.
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let program = Path::new(env!("CARGO_BIN_EXE_openclaw-harden"));
    let host = format!("unix://{}", socket.display());
    for waits in [false, true] {
        let mut run = Run::of(program, &["--lang", "en"], &[("DOCKER_HOST", &host)]);
        run.until("Who uses this installation?");
        if waits {
            run.until("none: The Docker daemon does not answer");
        }
        run.press("q");
        assert_eq!(run.ended_cleanly(), 0);
    }
}

#[test]
fn a_terminal_without_a_cursor_is_asked_line_by_line() {
    let program = Path::new(env!("CARGO_BIN_EXE_openclaw-harden"));
    let mut run = Run::of(program, &["--engine", "docker", "--lang", "en"], &[("TERM", "dumb")]);
    let config = run._home.path().join(".openclaw/openclaw.json");
    run.until("Number [1]:");
    let end = Instant::now() + PATIENCE;
    let mut answered = 0;
    while !run.screen().contains("Write this?") {
        assert!(Instant::now() < end, "it does not come to the end\n{}", run.screen());
        let sent = String::from_utf8_lossy(&run.seen.lock().expect("no panic in the reader").bytes).into_owned();
        if sent.matches("]: ").count() > answered {
            answered += 1;
            run.press("\n");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!config.exists(), "something was written before the confirmation");
    run.press("y\n");
    let seen = run.seen.clone();
    let (code, screen) = run.end();
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("Written:"), "{screen}");
    assert!(!seen.lock().expect("no panic in the reader").bytes.contains(&0x1b), "sends escape sequences");
}

#[test]
fn no_core_can_be_written_while_it_runs() {
    let mut run = Run::start(&["--demo"]);
    run.until("Who uses this installation?");
    let id = run.child.process_id().expect("it runs");
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);
}

#[test]
fn a_click_reaches_it() {
    let mut run = Run::start(&["--demo"]);
    run.until("( ) shared");
    let line = run.screen().lines().position(|line| line.contains("( ) shared")).expect("the line") + 1;
    run.press(&format!("\u{1b}[<0;10;{line}M\u{1b}[<0;10;{line}m"));
    run.until("(*) shared");
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);
}

/// Is the files of a folder with their bytes, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("a file")))
        .collect();
    files.sort();
    files
}

#[test]
fn a_whole_run_writes_the_file_once_with_a_backup_and_a_run_that_is_left_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("openclaw.json");
    std::fs::write(&config, crate::stage::DEMO).expect("the config");
    let before = files(folder.path());
    let args = ["--config", config.to_str().expect("a path"), "--engine", "docker"];

    for end in ["\u{3}\r", "q\r"] {
        let mut run = Run::start(&args);
        run.until("Who uses this installation?");
        run.press("\r ");
        run.until("Where do tools run?");
        run.press(end);
        assert_eq!(run.ended_cleanly(), 0);
        assert_eq!(files(folder.path()), before, "a run that was left wrote something");
    }

    let mut run = Run::start(&args);
    run.until("Who uses this installation?");
    run.press("\r");
    run.until("Where do tools run?");
    // One setting is changed by hand, and the way back is gone once.
    run.press(" ");
    run.press("\u{1b}[Z");
    run.until("Who uses this installation?");
    run.press("\r");
    run.until("Where do tools run?");
    run.press(&"\r".repeat(40));
    run.until("8/9 Review");
    assert_eq!(files(folder.path()), before, "something was written before the confirmation");
    run.press("w");
    run.until("A backup is made first.");
    run.press("y");
    run.until("openclaw-harden restore");
    run.press("q");
    assert_eq!(run.ended_cleanly(), 0);

    let after = files(folder.path());
    assert_eq!(after.len(), 2, "the config and one backup");
    assert!(after.iter().any(|(name, bytes)| name.ends_with("/openclaw.json") && *bytes != before[0].1));
    assert!(after.iter().any(|(name, bytes)| !name.ends_with("/openclaw.json") && *bytes == before[0].1));
}

/// Says to [`a_wizard_that_panics`] where.
const PANIC_IN: &str = "PANIC_IN";

/// A disk that panics with a secret in its message.
struct Panicking;

impl Disk for Panicking {
    fn commit(&mut self, _: &Plan, _: Option<Duration>) -> Result<Committed, Said> {
        panic!("secret {}", "hunter2")
    }

    fn confirm(&mut self, _: bool) -> Result<Fate, Said> {
        panic!("secret {}", "hunter2")
    }

    fn fate(&mut self) -> Fate {
        panic!("secret {}", "hunter2")
    }

    fn reread(&mut self) -> Result<Reread, Said> {
        panic!("secret {}", "hunter2")
    }

    fn save_answers(&mut self, _: &Plan, _: &Answers) -> Result<PathBuf, Said> {
        panic!("secret {}", "hunter2")
    }
}

#[test]
#[ignore = "it is run in a pty by the next test"]
fn a_wizard_that_panics() {
    if std::env::var(PANIC_IN).as_deref() == Ok("thread") {
        std::thread::spawn(|| {
            std::thread::sleep(Duration::from_secs(2));
            panic!("secret {}", "hunter2");
        });
    }
    let session = crate::stage::session(Lang::En);
    let ended = tui::run(session, &mut Panicking, Options::default());
    assert!(ended.is_ok());
}

#[test]
fn a_panic_in_any_thread_ends_it_restores_the_terminal_and_tells_no_secret() {
    let program = std::env::current_exe().expect("the tests");
    let args = ["--exact", "terminal::a_wizard_that_panics", "--ignored", "--nocapture"];
    for place in ["thread", "wizard"] {
        let mut run = Run::of(&program, &args, &[(PANIC_IN, place)]);
        run.until("Who uses this installation?");
        if place == "wizard" {
            run.press("2 8w");
            run.until("A backup is made first.");
            run.press("y");
        }
        let (code, screen) = run.end();
        assert_eq!(code, 101, "{place}\n{screen}");
        let said = screen.replace('\n', "");
        assert!(said.contains("internal error at tests/terminal.rs:"), "{place}\n{screen}");
        assert!(!said.contains("hunter2"), "{screen}");
    }
}

#[test]
fn a_write_on_trial_goes_back_though_the_terminal_is_closed_or_the_wizard_killed() {
    for ends in ["closed", "killed"] {
        let mut run = Run::start(&["--confirm-within", "3s", "--engine", "none"]);
        let config = run._home.path().join(".openclaw/openclaw.json");
        run.until("Who uses this installation?");
        run.press("8w");
        run.until("On trial: unless you confirm within 3 s");
        run.press("\r");
        run.until("everything goes back in");
        assert!(config.exists());
        let id = run.child.process_id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw).expect("it runs");
        match ends {
            // As the kernel does where a terminal goes: to all that run in its foreground.
            "closed" => kill_process_group(id, Signal::HUP),
            _ => kill_process(id, Signal::KILL),
        }
        .expect("it can be signalled");
        let end = Instant::now() + PATIENCE;
        while config.exists() {
            assert!(Instant::now() < end, "{ends}: the write stays");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(run.child.wait().is_ok());
    }
}
