//! The wizard on a stage: the demo config, a disk that counts, keys as text, the frame as text.

use openclaw_harden::accepted::Acceptance;
use openclaw_harden::checkup::Row;
use openclaw_harden::document::{Document, Path as Key};
use openclaw_harden::findings::Report;
use openclaw_harden::host;
use openclaw_harden::plan::{Answers, Plan};
use openclaw_harden::posture::{Engine, Means};
use openclaw_harden::report::secrets::Moved;
use openclaw_harden::settings::Facts;
use openclaw_harden::store::Written;
use openclaw_harden::text::{Lang, Said, Text};
use openclaw_harden::trial::{Fate, Keeper, OnTrial};
use openclaw_harden::tui::theme::Look;
use openclaw_harden::tui::{App, Backup, Committed, Disk, Done, Found, Looking, RealRun, Reread, Session};
use openclaw_harden::tui::{drive, keys, print};
use openclaw_harden::walk::Walk;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// The config of the demo.
pub const DEMO: &str = include_str!("../assets/demo.json5");

/// A disk that counts the writes and answers as told.
#[derive(Default)]
pub struct FakeDisk {
    /// How often something was written.
    pub writes: usize,
    /// Answers other than a plain write.
    pub answers: VecDeque<Result<Committed, Said>>,
    /// How a write on trial stands, each time it is looked at; the last stays.
    pub fates: VecDeque<Fate>,
    /// Whether no gateway answers.
    pub no_gateway: bool,
    /// What a checkup finds.
    pub rows: Vec<Row>,
    /// The secrets that could leave the config.
    pub secrets: Option<Moved>,
    /// What OpenClaw's own audit prints, each time it is run.
    pub audits: VecDeque<Result<Vec<u8>, Said>>,
    /// What was accepted.
    pub accepted: Vec<Acceptance>,
    /// How often what came of a walk was reported.
    pub reports: usize,
    /// What stands in the file when it is read again.
    pub content: String,
    /// Brings the sandbox engine, where it is looked for meanwhile.
    pub engine: Option<Receiver<host::Found>>,
    /// Brings the end of another program's write, each time that one is about to write.
    pub writers: VecDeque<Receiver<Result<(), Said>>>,
}

impl Disk for FakeDisk {
    fn commit(&mut self, _: &Plan, within: Option<Duration>) -> Result<Committed, Said> {
        let answer = self.answers.pop_front().unwrap_or_else(|| {
            Ok(Committed::Written(Done {
                others: Vec::new(),
                path: "/home/lobster/.openclaw/openclaw.json".into(),
                backup: Some("/home/lobster/.openclaw/openclaw.json.harden-1".into()),
                restore: "openclaw-harden restore".to_owned(),
                warnings: Vec::new(),
                trial: within.map(|_| OnTrial {
                    until: "2026-11-22 16:53:06 UTC".to_owned(),
                    confirm: "openclaw-harden confirm".to_owned(),
                    keeper: Keeper::Process,
                }),
            }))
        });
        if matches!(answer, Ok(Committed::Written(_))) {
            self.writes += 1;
        }
        answer
    }

    fn writer(&mut self) -> Option<Receiver<Result<(), Said>>> {
        self.writers.pop_front()
    }

    fn confirm(&mut self, prove: bool) -> Result<Fate, Said> {
        if prove && self.no_gateway {
            return Err(Text { en: "Nothing answers.", ja: "応答がありません。" }.into());
        }
        self.fates = vec![Fate::Confirmed(prove.then(|| "127.0.0.1:18789".to_owned()))].into();
        Ok(self.fate())
    }

    fn fate(&mut self) -> Fate {
        match self.fates.len() {
            0 => Fate::Waiting(Duration::from_secs(60)),
            1 => self.fates[0].clone(),
            _ => self.fates.pop_front().expect("several"),
        }
    }

    fn checkup(&mut self) -> Result<Looking, Said> {
        let (send, rows) = mpsc::channel();
        send.send(Ok(self.rows.clone())).expect("it is listened to");
        Ok(Looking { progress: Arc::default(), rows })
    }

    fn secrets(&mut self) -> Result<Moved, Said> {
        self.secrets.clone().ok_or_else(|| Text { en: "No installation.", ja: "ありません。" }.into())
    }

    fn move_secrets(&mut self, keys: &[Key]) -> Result<Moved, Said> {
        let mut moved = self.secrets()?;
        moved.steps.retain(|step| keys.contains(&step.path));
        moved.written = Some(Written::default());
        self.writes += 1;
        self.secrets = Some(moved.clone());
        Ok(moved)
    }

    fn purge_secrets(&mut self) -> Result<Moved, Said> {
        let mut moved = self.secrets()?;
        moved.copies.iter_mut().for_each(|copy| copy.purged = copy.is_read);
        Ok(moved)
    }

    fn accept(&mut self, accepted: &[Acceptance]) -> Result<(), Said> {
        self.accepted.extend_from_slice(accepted);
        Ok(())
    }

    fn report(&mut self, _: &Walk, _: &Plan, _: Option<&Done>, _: Option<&Report>) -> Result<(), Said> {
        self.reports += 1;
        Ok(())
    }

    fn real_audit(&mut self) -> Result<Vec<String>, Said> {
        Ok(["env", "OPENCLAW_STATE_DIR=/home/lobster/.openclaw", "openclaw", "security", "audit", "--json"]
            .map(str::to_owned)
            .into())
    }

    fn run_real_audit(&mut self) -> Result<RealRun, Said> {
        let (send, answer) = mpsc::channel();
        if let Some(audit) = self.audits.pop_front() {
            send.send(audit).expect("it is listened to");
        }
        Ok(RealRun { cancelled: Arc::default(), since: Instant::now(), answer })
    }

    fn engine(&mut self, _: fn()) -> Option<Receiver<host::Found>> {
        self.engine.take()
    }

    fn save_answers(&mut self, _: &Plan, _: &Answers) -> Result<PathBuf, Said> {
        Ok("/home/lobster/.local/state/openclaw-harden/answers.json5".into())
    }

    fn reread(&mut self) -> Result<Reread, Said> {
        Ok(Reread { source: document(&self.content).into(), facts: facts(), exists: true })
    }
}

/// Reads a config.
pub fn document(text: &str) -> Document {
    Document::parse(text.as_bytes()).expect("a config of the tests")
}

fn facts() -> Arc<Facts> {
    Arc::new(Facts { home: Some("/home/lobster".into()), ..Facts::default() })
}

/// What the stage shows of the demo config.
pub fn found(lang: Lang) -> Found {
    Found {
        lang,
        path: "/home/lobster/.openclaw/openclaw.json".into(),
        exists: true,
        source: document(DEMO).into(),
        facts: facts(),
        means: Means {
            engine: Engine::Docker,
            both_engines: false,
            images: Vec::new(),
            in_container: false,
            gateway_secret: "5e".repeat(24),
            hooks_secret: "a7".repeat(24),
        },
        engine_reason: Text { en: "the daemon answers", ja: "デーモンが応答しました" }.into(),
        answers: Answers::default(),
        others: Vec::new(),
        openclaw_version: Some("2026.9.6".to_owned().into()),
        backups: vec![Backup {
            path: "/home/lobster/.openclaw/openclaw.json.harden-20261120".into(),
            when: "2026-11-20 09:00".to_owned(),
        }],
        acceptances: Vec::new(),
        today: "2026-11-22".to_owned(),
        demo: false,
        saves_answers: false,
        read_only: None,
        confirm_within: None,
    }
}

/// The demo config in a language.
pub fn session(lang: Lang) -> Session {
    Session::new(found(lang), Look::default()).expect("the demo can be planned")
}

/// The wizard on a terminal that is none.
pub struct Stage<'d> {
    /// The wizard.
    pub app: App<'d>,
    terminal: Terminal<TestBackend>,
}

impl<'d> Stage<'d> {
    /// Opens the wizard in a size.
    pub fn new(session: Session, disk: &'d mut FakeDisk, (width, height): (u16, u16)) -> Self {
        let mut app = App::new(session, disk);
        app.wait_for_all();
        Stage { app, terminal: Terminal::new(TestBackend::new(width, height)).expect("no terminal, no error") }
    }

    /// Opens the wizard while the sandbox engine is still looked for.
    pub fn early(session: Session, disk: &'d mut FakeDisk, (width, height): (u16, u16)) -> Self {
        let mut app = App::new(session, disk);
        app.look_meanwhile(|| {});
        Stage { app, terminal: Terminal::new(TestBackend::new(width, height)).expect("no terminal, no error") }
    }

    /// Plays keys through the real loop.
    pub fn play(&mut self, text: &str) -> &mut Self {
        let mut events = VecDeque::from(keys::parse(text).expect("known keys"));
        drive(&mut self.terminal, &mut self.app, |_| events.pop_front().into()).expect("no terminal, no error");
        self
    }

    /// Lets the time of a wait go by.
    pub fn tick(&mut self) -> &mut Self {
        self.app.tick();
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.terminal.backend_mut().resize(width, height);
        self
    }

    /// Is the frame.
    pub fn frame(&mut self) -> Buffer {
        let drawn = self.terminal.draw(|frame| self.app.draw(frame));
        drawn.expect("no terminal, no error").buffer.clone()
    }

    /// Is where the terminal's own cursor stands: column, line.
    pub fn cursor(&mut self) -> (u16, u16) {
        self.frame();
        let place = self.terminal.get_cursor_position().expect("no terminal, no error");
        (place.x, place.y)
    }

    /// Is the frame as text.
    pub fn text(&mut self) -> String {
        print::text(&self.frame())
    }

    /// Whether the cursor of a list stands on what begins so, whatever risk is signed before it.
    pub fn points_at(&mut self, name: &str) -> bool {
        let begins = |line: &str| {
            let (_, row) = line.split_once("> ")?;
            Some(row.trim_start_matches(['!', ' ']).starts_with(name))
        };
        self.text().lines().any(|line| begins(line) == Some(true))
    }

    /// Is the frame as text, and a line that changes with any style in it.
    pub fn snapshot(&mut self) -> String {
        let frame = self.frame();
        format!("{}styles {:016x}\n", print::text(&frame), styles(&frame))
    }
}

/// FNV-1a over the styles of all cells, spelled out so that it does not change with a compiler.
fn styles(buffer: &Buffer) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for cell in &buffer.content {
        for byte in format!("{:?}{:?}{}", cell.fg, cell.bg, cell.modifier.bits()).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
