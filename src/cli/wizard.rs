//! The wizard, where no command is named.

use super::findings::{self, FindingsArgs};
use super::restore::{self, RestoreArgs};
use super::{Context, Failure, accept, print, secrets, skills, trial};
use crate::accepted::Acceptance;
use crate::document::{Document, Path as Key};
use crate::findings::Report;
use crate::host::gateway_log::Progress;
use crate::host::{self, Asked, Installation, RealAudit, checkup};
use crate::plan::{Answers, Plan};
use crate::posture::{Engine, Means};
use crate::report::remediation::After;
use crate::report::secrets::Moved;
use crate::settings::Facts;
use crate::skills::state::Review;
use crate::store;
use crate::text::{Lang, Said, Text};
use crate::trial::{Fate, Moment, Trial};
use crate::tui::theme::{Background, Depth, Look};
use crate::tui::{self, Backup, Committed, Disk, Done, Found, Looking, Options, Outcome, RealRun, Reread, Session};
use crate::walk::Walk;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// The config of the demo: realistic, bad, and nobody's.
const DEMO: &[u8] = include_bytes!("../../assets/demo.json5");

#[derive(Args)]
pub(super) struct WizardArgs {
    /// Opens a bad example and writes nothing
    #[arg(long)]
    demo: bool,
    /// Plays keys, as in "<enter><space>j", then goes on
    #[arg(long, value_name = "KEYS")]
    keys: Option<String>,
    /// Prints the last frame and ends
    #[arg(long)]
    print: bool,
    /// The size of the frame to print, as in 100x30
    #[arg(long, value_name = "WxH")]
    size: Option<String>,
    /// The background of the terminal, which the colours are chosen for; auto goes by COLORFGBG
    #[arg(long, value_name = "BACKGROUND", default_value = "auto")]
    background: BackgroundArg,
    /// Asks line by line, without a screen: for screen readers, and for TERM=dumb, where it is the default
    #[arg(long, conflicts_with_all = ["keys", "print", "size"])]
    plain: bool,
    /// Takes every write back after this time, as in 60s or 5m, unless it is confirmed
    #[arg(long, value_name = "TIME", value_parser = trial::time)]
    confirm_within: Option<Duration>,
    /// Where the answers are saved: on writing, and by `s` on Review
    #[arg(long, value_name = "FILE")]
    save_answers: Option<PathBuf>,
    #[command(flatten)]
    findings: FindingsArgs,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum BackgroundArg {
    Auto,
    Dark,
    Light,
}

impl WizardArgs {
    /// Whether it is the demo, which looks at no file.
    pub(super) fn is_demo(&self) -> bool {
        self.demo
    }

    /// Whether any was given.
    pub(super) fn is_given(&self) -> bool {
        let wizard = self.save_answers.is_some() || self.confirm_within.is_some() || self.plain;
        let wizard = wizard || self.background != BackgroundArg::Auto;
        self.demo || self.keys.is_some() || self.print || self.size.is_some() || wizard || self.findings.is_given()
    }
}

pub(super) fn run(args: &WizardArgs, context: &Context) -> Result<ExitCode, Failure> {
    let fail = |said: Said| Failure(said.of(context.lang));
    let mut options = options(args).map_err(fail)?;
    options.plain |= !args.print && context.env.get("TERM").is_some_and(|term| term == "dumb");
    const NO_SCREEN: Text = Text {
        en: "A report is walked through on a screen. Without one: openclaw-harden apply --findings FILE --dry-run",
        ja: "レポートの案内には画面が必要です。画面なしの場合: openclaw-harden apply --findings FILE --dry-run",
    };
    if options.plain && args.findings.is_given() {
        return Err(fail(NO_SCREEN.into()));
    }
    let report = args.findings.read(context)?;
    let begin = |mut session: Session| match report {
        Some(report) => session.begin_walk(report).map(|()| session),
        None => Ok(session),
    };
    let look = look(args, context);
    if args.demo {
        let session = Session::new(demo(context)?, look).and_then(begin).map_err(fail)?;
        return end(tui::run(session, &mut NoDisk, options), None, context.lang, context);
    }
    context.settle(None, !args.print)?;
    // Whoever plays keys, wants one frame, listens to lines or walks through a report meets the same each time.
    let is_same = args.keys.is_some() || args.print || options.plain || args.findings.is_given();
    let asked = match context.engine() {
        Asked::Auto if !is_same => Asked::Later,
        asked => asked,
    };
    let mut disk = ConfigDisk {
        installation: context.open_or_mend_for(None, false, asked)?,
        context,
        answers: args.save_answers.as_deref(),
        findings: &args.findings,
        secrets: None,
        trial: None,
        lang: context.lang,
    };
    let mut found = disk.found()?;
    found.confirm_within = args.confirm_within;
    let session = Session::new(found, look).and_then(begin).map_err(fail)?;
    let ended = tui::run(session, &mut disk, options);
    let fate = disk.trial.is_some().then(|| disk.fate());
    end(ended, fate, disk.lang, context)
}

fn end(
    ended: anyhow::Result<(Outcome, Option<String>)>,
    fate: Option<Fate>,
    lang: Lang,
    context: &Context,
) -> Result<ExitCode, Failure> {
    let (outcome, frame) = ended.map_err(|error| Failure(format!("{error:#}")))?;
    match (outcome, frame) {
        (_, Some(frame)) => print(&frame),
        (Outcome::Restore(backup), None) => return restore::run(&RestoreArgs::of(backup), context),
        (Outcome::Written(done), None) => print(&written(&done, fate, lang)),
        (Outcome::Left, None) => {}
        (Outcome::Refused, None) => return Ok(ExitCode::from(2)),
    }
    Ok(ExitCode::SUCCESS)
}

/// What stays on the terminal after the screen is gone: where the backup is, and the way back.
fn written(done: &Done, fate: Option<Fate>, lang: Lang) -> String {
    const RETURNED: Text = Text {
        en: "It was not confirmed in time and went back: {path}\n",
        ja: "時間内に確定しなかったため、元に戻しました: {path}\n",
    };
    if fate == Some(Fate::Returned) {
        return RETURNED.with("path", done.path.display()).of(lang);
    }
    const WRITTEN: Text =
        Text { en: "Written: {path}\nUndo: {undo}\n", ja: "書き込みました: {path}\n元に戻す: {undo}\n" };
    let undo = done.undo(lang);
    let mut said = WRITTEN.with("path", done.path.display()).with("undo", undo).of(lang);
    match (&done.trial, fate) {
        (Some(trial), Some(Fate::Waiting(_))) => {
            said.push_str(&format!("{}\n", trial.goes_back().of(lang)));
        }
        (_, Some(Fate::Stopped(why))) => said.push_str(&format!("{why}\n")),
        _ => {}
    }
    said
}

fn look(args: &WizardArgs, context: &Context) -> Look {
    let depth = if context.style().coloured { Depth::of(&context.env) } else { Depth::None };
    let background = match args.background {
        BackgroundArg::Auto => Background::of(&context.env),
        BackgroundArg::Dark => Background::Dark,
        BackgroundArg::Light => Background::Light,
    };
    Look::new(depth, background, context.global.ascii)
}

fn options(args: &WizardArgs) -> Result<Options, Said> {
    const SIZE: Text = Text {
        en: "\"{size}\" is no size: write columns and lines as in 100x30.",
        ja: "\"{size}\" は大きさではありません。100x30 のように桁数と行数を指定してください。",
    };
    let size = match &args.size {
        Some(text) => Some(tui::keys::size(text).ok_or_else(|| SIZE.with("size", text))?),
        None => None,
    };
    let keys = args.keys.as_deref().map(tui::keys::parse).transpose()?.unwrap_or_default();
    Ok(Options { keys, print: args.print, size, plain: args.plain, stdin_is_taken: args.findings.takes_stdin() })
}

/// The demo looks at no file and at no engine, so it is the same everywhere.
fn demo(context: &Context) -> Result<Found, Failure> {
    const WHY: Text = Text { en: "assumed for the demo", ja: "デモ用の想定です" };
    let document = Document::parse(DEMO).map_err(|error| Failure(error.what.of(context.lang)))?;
    Ok(Found {
        lang: context.lang,
        path: "demo/openclaw.json".into(),
        exists: true,
        source: document.into(),
        facts: Arc::new(Facts::default()),
        means: Means {
            engine: Engine::Docker,
            both_engines: false,
            images: Vec::new(),
            in_container: false,
            gateway_secret: "5e".repeat(24),
            hooks_secret: "a7".repeat(24),
        },
        engine_reason: WHY.into(),
        answers: Answers::default(),
        openclaw_version: None,
        others: Vec::new(),
        backups: Vec::new(),
        acceptances: Vec::new(),
        today: String::new(),
        demo: true,
        saves_answers: false,
        read_only: None,
        confirm_within: None,
    })
}

/// Looks in a thread of its own, and calls `wake` once that is done; none where no thread is to be had.
fn meanwhile<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static, wake: fn()) -> Option<Receiver<T>> {
    let (tell, news) = mpsc::channel();
    let started = thread::Builder::new().spawn(move || {
        // Whoever quit meanwhile does not ask any more.
        let _ = tell.send(look());
        wake();
    });
    started.is_ok().then_some(news)
}

const NO_TRIAL: Text = Text { en: "Nothing is on trial.", ja: "試行中の書き込みはありません。" };

/// The demo's disk: there is none.
struct NoDisk;

const NO_DISK: Text = Text { en: "The demo writes nothing.", ja: "デモでは書き込みません。" };

impl Disk for NoDisk {
    fn confirm(&mut self, _: bool) -> Result<Fate, Said> {
        Err(NO_TRIAL.into())
    }

    fn fate(&mut self) -> Fate {
        Fate::Confirmed(None)
    }

    fn commit(&mut self, _: &Plan, _: Option<Duration>) -> Result<Committed, Said> {
        Err(NO_DISK.into())
    }

    fn reread(&mut self) -> Result<Reread, Said> {
        Err(NO_DISK.into())
    }

    fn save_answers(&mut self, _: &Plan, _: &Answers) -> Result<PathBuf, Said> {
        Err(NO_DISK.into())
    }
}

/// The installation's config.
struct ConfigDisk<'c> {
    installation: Installation,
    context: &'c Context,
    trial: Option<Trial>,
    /// Where the answers are to be saved; none: where this program keeps its own files, and only when asked.
    answers: Option<&'c Path>,
    findings: &'c FindingsArgs,
    /// The language of the screen.
    lang: Lang,
    /// The secrets that were looked at last.
    secrets: Option<secrets::Job>,
}

impl ConfigDisk<'_> {
    fn found(&self) -> Result<Found, Failure> {
        let (installation, context) = (&self.installation, self.context);
        let path = installation.places.config.clone();
        let backups = store::backups(&path).map_err(|error| Failure(error.of(context.lang)))?;
        Ok(Found {
            lang: context.lang,
            exists: installation.read.is_some(),
            source: installation.source.clone(),
            facts: installation.settings.facts.clone(),
            means: installation.means.clone(),
            engine_reason: installation.engine.why.clone(),
            answers: Answers::default(),
            openclaw_version: Some(installation.openclaw.said()),
            others: installation.others.clone(),
            backups: backups.into_iter().map(|b| Backup { when: b.utc(), path: b.path }).collect(),
            acceptances: accept::kept(context)?.of(&path).to_vec(),
            today: accept::today(),
            demo: false,
            saves_answers: self.answers.is_some(),
            read_only: self.writable().err(),
            confirm_within: None,
            path,
        })
    }

    fn job(&self, keys: &[Key]) -> Result<secrets::Job, Said> {
        let said = |Failure(why)| Said::from(why);
        let keys: Vec<String> = keys.iter().map(Key::to_string).collect();
        secrets::Job::look(secrets::open(self.context).map_err(said)?, &keys, self.context).map_err(said)
    }

    fn writable(&self) -> Result<(), Said> {
        store::writable(&self.context.env, self.context.global.read_only).map_err(|error| self.said(&error))
    }

    fn said(&self, error: &store::StoreError) -> Said {
        Said::from(error.of(self.lang))
    }
}

impl Disk for ConfigDisk<'_> {
    fn speak(&mut self, lang: Lang) {
        self.lang = lang;
    }

    fn accept(&mut self, accepted: &[Acceptance]) -> Result<(), Said> {
        if accepted.is_empty() {
            return Ok(());
        }
        let said = |Failure(why)| Said::from(why);
        self.context.may_keep().map_err(said)?;
        accept::keep(accepted, &self.installation.places.config, self.context).map_err(said)
    }

    fn report(&mut self, walk: &Walk, plan: &Plan, done: Option<&Done>, real: Option<&Report>) -> Result<(), Said> {
        let Some(path) = self.findings.report() else {
            return Ok(());
        };
        let config = &self.installation.places.config;
        let after = After {
            is_written: done.is_some(),
            backup: done.and_then(|done| done.backup.clone()),
            undo: done.map(|done| done.restore.clone()).unwrap_or_default(),
            real: real.cloned(),
        };
        findings::write_report(path, walk, plan, config, after, self.context).map_err(|Failure(why)| Said::from(why))
    }

    fn real_audit(&mut self) -> Result<Vec<String>, Said> {
        RealAudit::find(&self.context.env, &self.installation.places).map(|audit| audit.words())
    }

    fn run_real_audit(&mut self) -> Result<RealRun, Said> {
        let audit = RealAudit::find(&self.context.env, &self.installation.places)?;
        let cancelled = Arc::new(AtomicBool::new(false));
        let (send, answer) = mpsc::channel();
        let shared = Arc::clone(&cancelled);
        thread::spawn(move || {
            // Who left the screen has cancelled it, and does not wait for it any more.
            let _ = send.send(audit.run(&shared));
        });
        Ok(RealRun { cancelled, since: Instant::now(), answer })
    }

    fn checkup(&mut self) -> Result<Looking, Said> {
        let context = self.context;
        let wanted = super::checkup::wanted(None, context).map_err(|Failure(why)| Said::from(why))?;
        let (selection, env, cwd) = (context.selection(None), context.env.clone(), context.cwd.clone());
        let lang = self.lang;
        let progress = Arc::new(Progress::default());
        let shared = Arc::clone(&progress);
        let (send, rows) = mpsc::channel();
        std::thread::spawn(move || {
            let look = || {
                let installation = Installation::look(&selection, None, &env, Asked::Fixed(Engine::None), &cwd)
                    .map_err(|error| Said::from(error.of(lang)))?;
                let known = checkup::known(&installation.places.config)?;
                let evidence = checkup::look(&installation, &env, &wanted, &shared);
                Ok(checkup::rows(&installation, &evidence, &known))
            };
            // Who left the screen does not wait for it any more.
            let _ = send.send(look());
        });
        Ok(Looking { progress, rows })
    }

    fn secrets(&mut self) -> Result<Moved, Said> {
        let job = self.job(&[])?;
        Ok(self.secrets.insert(job).moved.clone())
    }

    fn move_secrets(&mut self, keys: &[Key]) -> Result<Moved, Said> {
        self.writable()?;
        let mut job = self.job(keys)?;
        job.write(self.context).map_err(|error| self.said(&error))?;
        Ok(self.secrets.insert(job).moved.clone())
    }

    fn purge_secrets(&mut self) -> Result<Moved, Said> {
        self.writable()?;
        // Those that were looked at last tell what to look for: the config does not hold them any more.
        let mut job = match self.secrets.take() {
            Some(job) => job,
            None => self.job(&[])?,
        };
        job.purge(self.context);
        Ok(self.secrets.insert(job).moved.clone())
    }

    fn commit(&mut self, plan: &Plan, within: Option<Duration>) -> Result<Committed, Said> {
        self.writable()?;
        let context = self.context;
        let path = &self.installation.places.config;
        match trial::write(context, &self.installation, plan, within) {
            Ok((written, begun)) => {
                let (kept, shown) = begun.map(|begun| begun.told(context, None)).unzip();
                let done = Done {
                    path: path.clone(),
                    backup: written.backup,
                    others: written.others,
                    restore: context.undo(None, path),
                    warnings: written.warnings,
                    trial: shown,
                };
                self.trial = kept;
                Ok(Committed::Written(done))
            }
            Err(error) if error.kind() == store::Kind::Changed => Ok(Committed::ChangedOnDisk),
            Err(error) => Err(self.said(&error)),
        }
    }

    fn writer(&mut self) -> Option<Receiver<Result<(), Said>>> {
        let config = self.installation.places.config.clone();
        let wait = move || store::wait_until_free(&config).map_err(|error| error.said());
        store::is_claimed(&self.installation.places.config).then(|| meanwhile(wait, || {}))?
    }

    fn confirm(&mut self, prove: bool) -> Result<Fate, Said> {
        let Some(trial) = &self.trial else {
            return Err(NO_TRIAL.into());
        };
        // The screen stands still meanwhile, so a slow gateway is asked again by the next key.
        let proof = match prove {
            true => Some(trial::prove(self.context, trial, Duration::from_secs(4))?),
            false => None,
        };
        trial.confirm(proof, &Moment::now()).map_err(|error| self.said(&error))
    }

    fn fate(&mut self) -> Fate {
        let now = Moment::now();
        let is_free = || !store::is_claimed(&self.installation.places.config);
        let fate = self.trial.as_ref().and_then(|trial| match trial.fate(&now).ok()? {
            // The keeper does it as well; whoever is second finds it done. While another program writes, it waits, and not this screen.
            Fate::Waiting(left) if left.is_zero() && is_free() => {
                trial.give_back(&now, false).ok().or(Some(Fate::Waiting(left)))
            }
            fate => Some(fate),
        });
        match (fate, &self.trial) {
            (Some(Fate::Stopped(why)), Some(trial)) => Fate::Stopped(trial.why_stopped(self.lang).unwrap_or(why)),
            (fate, _) => fate.unwrap_or(Fate::Confirmed(None)),
        }
    }

    fn save_answers(&mut self, plan: &Plan, answers: &Answers) -> Result<PathBuf, Said> {
        const NO_HOME: Text = Text {
            en: "There is no home folder to save the answers in: set HOME, or use --save-answers FILE.",
            ja: "回答を保存するホームフォルダーがありません。HOME を設定するか、--save-answers FILE を指定してください。",
        };
        let own = || host::own_state_dir().map(|folder| folder.join("answers.json5"));
        let path = self.answers.map(Path::to_owned).or_else(own).ok_or(NO_HOME)?;
        let said = |failure: Failure| Said::from(failure.0);
        let kept = accept::kept(self.context).map_err(said)?;
        let accepted = kept.of(&self.installation.places.config);
        let home = self.installation.settings.facts.home.as_ref().and_then(|home| home.to_str());
        let file = plan.answers_file(answers, accepted, home, self.lang);
        super::save(&path, file.as_bytes(), self.context).map_err(said)?;
        Ok(path)
    }

    fn reread(&mut self) -> Result<Reread, Said> {
        let context = self.context;
        self.installation =
            self.installation.reopen(&context.env, &context.cwd).map_err(|error| Said::from(error.of(self.lang)))?;
        Ok(Reread {
            source: self.installation.source.clone(),
            facts: self.installation.settings.facts.clone(),
            exists: self.installation.read.is_some(),
        })
    }

    fn engine(&mut self, wake: fn()) -> Option<Receiver<host::Found>> {
        meanwhile(self.installation.engine_look(&self.context.env)?, wake)
    }

    fn skills(&mut self, wake: fn()) -> Option<Receiver<Result<Review, Said>>> {
        let look = skills::Look::new(&self.installation, self.context);
        meanwhile(move || look.take(), wake)
    }

    fn remember(&mut self, review: &Review, paths: &[PathBuf]) -> Result<Review, Said> {
        skills::remember(review, self.context, |path| paths.contains(path), true)
    }

    fn look_at(&mut self, file: &Path) -> Result<String, Said> {
        const ABSENT: Text = Text { en: "There is no file {path}.", ja: "ファイル {path} がありません。" };
        const MOST: usize = 1 << 20;
        let read = store::look(file).map_err(|error| self.said(&error))?;
        let read = read.ok_or_else(|| ABSENT.with("path", file.display()))?;
        Ok(String::from_utf8_lossy(&read.bytes[..read.bytes.len().min(MOST)]).into_owned())
    }
}
