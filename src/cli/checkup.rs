//! `checkup`: what has happened since somebody last looked.

use super::audit::Format;
use super::usage::Unusable;
use super::{Context, EngineArg, Failure, accept, print, progress, save};
use crate::checkup::known::Seen;
use crate::host::checkup::{self, PATIENCE, Wanted};
use crate::host::gateway_log::Progress;
use crate::host::{Asked, Installation};
use crate::posture::Engine;
use crate::report;
use crate::report::checkup::{Checkup, shell};
use crate::text::Text;
use crate::text::time::to_the_minute;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

const SERVICE: &str = include_str!("../../assets/systemd/openclaw-harden-checkup.service");
const TIMER: &str = include_str!("../../assets/systemd/openclaw-harden-checkup.timer");
const CRON: &str = include_str!("../../assets/openclaw-harden-checkup.cron");
const UNIT: &str = "openclaw-harden-checkup";
/// What they start where the program was installed as a package.
const PACKAGED: &str = "/usr/bin/openclaw-harden checkup --quiet";

#[derive(Args)]
pub(super) struct CheckupArgs {
    /// The Gateway's log, instead of the one that the config names
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Accepts what was found: devices, users, addresses and the config as they are now
    #[arg(long)]
    accept: bool,
    /// How long docker and podman may take to answer a question, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = seconds)]
    engine_timeout: u64,
    /// Prints nothing where nothing needs attention
    #[arg(long)]
    quiet: bool,
    /// Prints the systemd units and the cron line of a daily checkup
    #[arg(long, conflicts_with_all = ["log", "accept", "quiet", "install_timer"])]
    print_timer: bool,
    /// Puts the systemd units into this user's folder
    #[arg(long, conflicts_with_all = ["log", "accept", "quiet"])]
    install_timer: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &CheckupArgs, context: &Context) -> Result<ExitCode, Failure> {
    let lang = context.lang;
    if args.print_timer {
        let [service, timer, cron] = units(context);
        print(&format!("# {UNIT}.service\n{service}\n# {UNIT}.timer\n{timer}\n# crontab\n{cron}"));
        return Ok(ExitCode::SUCCESS);
    }
    if args.install_timer {
        return install(context);
    }
    if args.accept {
        context.may_keep()?;
    }
    // What a plan could use is nothing to a checkup.
    let asked = Asked::Fixed(Engine::None);
    let installation = Installation::look(&context.selection(None), None, &context.env, asked, &context.cwd)
        .map_err(|error| Failure(error.of(lang)))?;
    let config = &installation.places.config;
    let mut wanted = wanted(args.log.clone(), context)?;
    wanted.patience = Duration::from_secs(args.engine_timeout);
    let known = checkup::known(config).map_err(|why| Failure(why.of(lang)))?;
    let progress = Progress::default();
    let evidence = shown(&progress, context, || checkup::look(&installation, &context.env, &wanted, &progress));
    let rows = checkup::rows(&installation, &evidence, &known);
    let last = known.last.as_ref().map(|seen: &Seen| to_the_minute(seen.at));
    let done = Checkup { config, rows, last };
    let silent = args.quiet && !done.needs_attention();
    if !silent {
        print(&match args.format {
            Format::Json => report::checkup::json(&done),
            Format::Text => report::checkup::text(&done, context.style()),
        });
    }
    if !context.global.read_only {
        checkup::remember(config, |known| known.after(&evidence, args.accept)).map_err(|why| Failure(why.of(lang)))?;
    }
    Ok(ExitCode::from(u8::from(done.needs_attention() && !args.accept)))
}

/// Reads how long to wait for an engine.
fn seconds(text: &str) -> Result<u64, Unusable> {
    const RANGE: Text = Text {
        en: "write a number of seconds from 1 to 600",
        ja: "1 から 600 までの秒数を指定してください",
    };
    text.parse().ok().filter(|seconds| (1..=600).contains(seconds)).ok_or(Unusable(RANGE))
}

/// Is what a checkup of this installation looks at.
pub(super) fn wanted(log: Option<PathBuf>, context: &Context) -> Result<Wanted, Failure> {
    Ok(Wanted {
        log,
        profile: context.global.profile.clone().or_else(|| context.env.get("OPENCLAW_PROFILE").cloned()),
        cwd: context.cwd.clone(),
        patience: PATIENCE,
        skip_engines: matches!(context.global.engine, EngineArg::None),
        ledger: accept::kept(context)?.ledger,
        keeps: !context.global.read_only,
        lang: context.lang,
    })
}

/// Works, and says on a terminal how far a large log has been read.
fn shown<T>(progress: &Progress, context: &Context, work: impl FnOnce() -> T) -> T {
    const LOOKING: Text = Text {
        en: "looking at log, containers and users ... {seconds} s",
        ja: "ログ、コンテナ、ユーザーを確認しています... {seconds}秒",
    };
    const READING: Text = Text {
        en: "reading the log: {percent} %, {seconds} s",
        ja: "ログを読んでいます: {percent} %、{seconds}秒",
    };
    let said = |since: Duration| {
        let (read, total) = (progress.read.load(Ordering::Relaxed), progress.total.load(Ordering::Relaxed));
        let said = match read.saturating_mul(100).checked_div(total) {
            Some(percent) if read < total => READING.with("percent", percent),
            _ => LOOKING.into(),
        };
        said.with("seconds", since.as_secs()).of(context.lang)
    };
    progress::shown(said, work)
}

/// Is service, timer and cron line for this program and this installation.
fn units(context: &Context) -> [String; 3] {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("openclaw-harden"));
    let mut words = vec![program.display().to_string(), "checkup".to_owned(), "--quiet".to_owned()];
    let global = &context.global;
    let paths = [("--config", &global.config), ("--state-dir", &global.state_dir)];
    for (name, path) in paths.into_iter().filter_map(|(name, path)| Some((name, path.as_ref()?))) {
        words.extend([name.to_owned(), context.cwd.join(path).display().to_string()]);
    }
    if let Some(profile) = &global.profile {
        words.extend(["--profile".to_owned(), profile.clone()]);
    }
    // Both systemd and cron read "%" as something of their own.
    let command = shell(&words);
    let in_unit = |text: &str| text.replace(PACKAGED, &command.replace('%', "%%"));
    [in_unit(SERVICE), in_unit(TIMER), CRON.replace(PACKAGED, &command.replace('%', "\\%"))]
}

fn install(context: &Context) -> Result<ExitCode, Failure> {
    const NO_HOME: Text = Text {
        en: "There is no home folder for the units: set HOME.",
        ja: "ユニットの保存先のホームフォルダーがありません。HOME を設定してください。",
    };
    const PUT: Text = Text { en: "Written: {path}", ja: "書き込み完了: {path}" };
    const ENABLE: Text = Text {
        en: "Start it with:\n  systemctl --user daemon-reload\n  systemctl --user enable --now {unit}.timer\nSo that it runs while you are logged out: loginctl enable-linger\nResults: journalctl --user -u {unit}; a checkup that needs attention shows in systemctl --user --failed",
        ja: "次のコマンドで有効にしてください:\n  systemctl --user daemon-reload\n  systemctl --user enable --now {unit}.timer\nログアウト中も実行するには: loginctl enable-linger\n結果: journalctl --user -u {unit}。対応が必要な場合は systemctl --user --failed に表示されます。",
    };
    let lang = context.lang;
    context.may_keep()?;
    let folder = directories::BaseDirs::new().map(|dirs| dirs.config_dir().join("systemd/user"));
    let folder = folder.ok_or_else(|| Failure(NO_HOME.of(lang).to_owned()))?;
    let [service, timer, _] = units(context);
    for (ending, text) in [("service", service), ("timer", timer)] {
        let path = folder.join(format!("{UNIT}.{ending}"));
        save(&path, text.as_bytes(), context)?;
        print(&format!("{}\n", PUT.with("path", path.display()).of(lang)));
    }
    // The text is ours and has lines of its own.
    print(&format!("{}\n", ENABLE.of(lang).replace("{unit}", UNIT)));
    Ok(ExitCode::SUCCESS)
}
