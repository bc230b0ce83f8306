//! `--confirm-within` and `confirm`: a write on trial, who keeps its time, and the proof that the administrator gets in.

use super::audit::Format;
use super::usage::Unusable;
use super::{Context, Failure, modes, print};
use crate::host::gateway::{Answer, Door};
use crate::host::{self, Installation};
use crate::plan::{Closing, Plan};
use crate::store::{self, StoreError};
use crate::text::{Said, Text};
use crate::trial::{self, Fate, Keeper, Moment, OnTrial, Trial, Trials, Written};
use clap::Args;
use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

/// How long a gateway is asked before a write, for the revision that it has in force.
const GLANCE: Duration = Duration::from_millis(800);
/// How long a keeper may take to be there.
const ARMING: Duration = Duration::from_secs(5);
/// How long `confirm` waits for a gateway that restarts.
const RESTART: Duration = Duration::from_secs(20);
/// The longest trial.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Args)]
pub(super) struct ConfirmArgs {
    /// Confirms without asking the gateway, where none runs here; the record says so
    #[arg(long)]
    without_proof: bool,
    /// Puts everything back now
    #[arg(long, conflicts_with = "without_proof")]
    undo: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Reads a time as in `60s`, `5m` or `1h`; seconds where there is no unit.
pub(super) fn time(text: &str) -> Result<Duration, Unusable> {
    const FORM: Unusable = Unusable(Text {
        en: "write a time as in 60s, 5m or 1h",
        ja: "60s、5m、1h のように指定してください",
    });
    const RANGE: Unusable = Unusable(Text {
        en: "write a time between 1s and 24h, as in 60s",
        ja: "1s から 24h までの時間を 60s のように指定してください",
    });
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        _ => return Err(FORM),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    let time = seconds.map(Duration::from_secs).filter(|time| !time.is_zero() && *time <= LONGEST);
    time.ok_or(RANGE)
}

/// A trial that has begun.
pub(super) struct Begun {
    trial: Trial,
    keeper: Keeper,
}

impl Begun {
    /// Is the trial, and what to tell of it.
    pub(super) fn told(self, context: &Context, file: Option<&PathBuf>) -> (Trial, OnTrial) {
        let record = &self.trial.record;
        let until = store::utc(UNIX_EPOCH + Duration::from_secs(record.deadline.wall));
        let confirm = context.command("confirm", file, &record.config);
        let told = OnTrial { until, confirm, keeper: self.keeper };
        (self.trial, told)
    }
}

/// Makes a write of a plan, on trial where a time is given.
///
/// # Errors
/// Those of the write; and where no record can be kept or nobody would take the write back, before anything is written.
pub(super) fn write(
    context: &Context,
    installation: &Installation,
    plan: &Plan,
    within: Option<Duration>,
) -> Result<(store::Written, Option<Begun>), StoreError> {
    const NOT_ON_TRIAL: Text = Text {
        en: "The modes of the other files stay as they are: they do not change on trial. The next write changes them.",
        ja: "ほかのファイルのパーミッションは、試行では変更しません。次の書き込みで変更します。",
    };
    let Some(within) = within else {
        settle(&installation.places.config)?;
        let mut written = context.write(installation, plan)?;
        written.warnings.extend(modes::close(&installation.places.config, &plan.closings()));
        return Ok((written, None));
    };
    let begun = begin(context, installation, plan, within)?;
    match context.write(installation, plan) {
        Ok(mut written) => {
            // Modes do not go back by themselves, so they are no part of a trial.
            let is_other = |closing: &Closing| !closing.is_config;
            written.warnings.extend(plan.closings().iter().any(is_other).then(|| NOT_ON_TRIAL.into()));
            Ok((written, Some(begun)))
        }
        Err(error) => {
            begun.trial.withdraw();
            Err(error)
        }
    }
}

/// Sees to it that no write to a config is on trial any more.
///
/// # Errors
/// Where one is, and its time is not over.
pub(super) fn settle(config: &Path) -> Result<(), StoreError> {
    // Without a record of any trial there is none to wait for, and no folder is made to find that out.
    match there().and_then(|own| Trials::open(&own).ok()) {
        Some(trials) => trials.settle(config, &Moment::now()).map(drop),
        None => Ok(()),
    }
}

fn begin(context: &Context, installation: &Installation, plan: &Plan, within: Duration) -> Result<Begun, StoreError> {
    const NO_KEEPER: Text = Text {
        en: "Nobody could be started who would take the write back in time ({why}), so nothing was written.",
        ja: "時間内に元に戻すプロセスを起動できなかったため ({why})、何も書き込んでいません。",
    };
    let no_keeper =
        |why: &dyn std::fmt::Display| StoreError::new(store::Kind::Refused, NO_KEEPER.with("why", why.to_string()));
    // Where the gateway reads the same as before, its revision stays and tells nothing.
    let revision = (plan.source.value() != plan.candidate.value())
        .then_some(&installation.settings)
        .and_then(|settings| Door::of(settings).ok())
        .and_then(|door| match door.knock(GLANCE) {
            Answer::In { revision, .. } => revision,
            Answer::Out(_) => None,
        });
    let config = &installation.places.config;
    let parts = installation.parts(&plan.candidate);
    let files: Vec<Written> = parts
        .iter()
        .filter_map(|part| Some(Written { path: part.path, before: part.read, after: part.bytes? }))
        .collect();
    let trial = trials()?.begin(config, &files, within, &Moment::now(), revision)?;
    let started = start_keeper(&trial, context);
    let end = Instant::now() + ARMING;
    while started.is_ok() && !trial.is_armed() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
    }
    match started {
        Ok(keeper) if trial.is_armed() => Ok(Begun { trial, keeper }),
        Ok(_) => {
            trial.withdraw();
            Err(no_keeper(&"it does not answer"))
        }
        Err(error) => {
            trial.withdraw();
            Err(no_keeper(&error))
        }
    }
}

/// Is our state folder, where it holds trials.
fn there() -> Option<PathBuf> {
    host::private_state_dir().filter(|own| own.join("trials").is_dir())
}

fn trials() -> Result<Trials, StoreError> {
    const NO_HOME: Text = Text {
        en: "There is no home folder, so no record of the trial can be kept.",
        ja: "ホームフォルダーがないため、試行の記録を残せません。",
    };
    let own = host::private_state_dir().ok_or_else(|| StoreError::new(store::Kind::Refused, NO_HOME))?;
    Trials::open(&own)
}

/// Starts the one who waits for the deadline.
fn start_keeper(trial: &Trial, context: &Context) -> std::io::Result<Keeper> {
    let program = std::env::current_exe()?;
    let root = rustix::process::geteuid().is_root();
    // Without lingering a user's services end soon after the last logout: just when the connection was cut off.
    let user = context.env.get("USER").filter(|user| !user.contains('/'));
    let lingers = user.is_some_and(|user| Path::new("/var/lib/systemd/linger").join(user).exists());
    if Path::new("/run/systemd/system").is_dir() && (root || lingers) && by_systemd(&program, trial.path(), root) {
        return Ok(Keeper::Service);
    }
    let null = Stdio::null;
    Command::new(program)
        .arg("keep-trial")
        .arg(trial.path())
        .current_dir("/")
        .stdin(null())
        .stdout(null())
        .stderr(null())
        .spawn()?;
    Ok(Keeper::Process)
}

fn by_systemd(program: &Path, trial: &Path, root: bool) -> bool {
    let name = trial.file_name().unwrap_or_default().to_string_lossy();
    let mut run = Command::new("systemd-run");
    if !root {
        run.arg("--user");
    }
    // Type=exec: it is an error where the program cannot be run. What is over leaves no unit behind.
    run.args(["--quiet", "--collect", "--property=Type=exec"])
        .arg(format!("--unit=openclaw-harden-trial-{name}"))
        .arg("--")
        .arg(program)
        .arg("keep-trial")
        .arg(trial)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = run.spawn() else {
        return false;
    };
    let end = Instant::now() + ARMING;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// Waits for the deadline of a trial and takes its write back, unless it is confirmed by then.
pub(super) fn keep(path: &Path) -> ExitCode {
    // In a session of its own the end of the terminal does not reach it; under systemd it has one already.
    let _ = rustix::process::setsid();
    let Ok(Some(trial)) = Trial::open(path) else {
        return ExitCode::from(2);
    };
    let Ok(mut signals) = Signals::new([SIGTERM, SIGHUP, SIGINT]) else {
        return ExitCode::from(2);
    };
    let folder = path.to_owned();
    std::thread::spawn(move || {
        // Whoever ends the keeper ends the wait: unconfirmed, the state before is the one to be left with.
        if signals.forever().next().is_some() {
            std::process::exit(i32::from(take_back(&folder)));
        }
    });
    if trial.arm().is_err() {
        return ExitCode::from(2);
    }
    while let Ok(Fate::Waiting(left)) = trial.fate(&Moment::now()) {
        if left.is_zero() {
            break;
        }
        // Not in one piece, so that it goes soon after a confirmation.
        trial::wait(left.min(Duration::from_secs(30)));
    }
    ExitCode::from(take_back(path))
}

/// Takes a write back; tries again where the system refuses, as with a full disk. Gives the exit code.
fn take_back(path: &Path) -> u8 {
    for round in 0..60 {
        match Trial::open(path) {
            // A lock that stands for so long was left behind.
            Ok(Some(trial)) => match trial.give_back(&Moment::now(), round >= 5) {
                Ok(Fate::Stopped(_)) => return 1,
                Ok(_) => return 0,
                Err(_) if !path.exists() => return 0,
                Err(_) => std::thread::sleep(Duration::from_secs(5)),
            },
            // It was withdrawn: nothing was written.
            _ => return 0,
        }
    }
    2
}

/// Proves that the administrator gets in; gives the address.
///
/// # Errors
/// What the gateway answered last, or why it cannot be asked.
pub(super) fn prove(context: &Context, trial: &Trial, patience: Duration) -> Result<String, Said> {
    const OLD: Text = Text {
        en: "The gateway at {at} lets you in, but still runs the config from before: wait until it has restarted.",
        ja: "{at} の Gateway に接続できましたが、まだ以前の設定で動いています。再起動を待ってください。",
    };
    let installation = context.open(None).map_err(|Failure(why)| Said::from(why))?;
    let settings = &installation.settings;
    let door = Door::of(settings)?;
    let end = Instant::now() + patience;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let said = match door.knock(left.clamp(Duration::from_millis(200), Duration::from_secs(5))) {
            Answer::In { at, revision } if trial.record.revision.is_some() && revision == trial.record.revision => {
                OLD.with("at", at)
            }
            Answer::In { at, .. } => return Ok(at.to_string()),
            Answer::Out(said) => said,
        };
        if Instant::now() + Duration::from_millis(500) >= end {
            return Err(said);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

pub(super) fn run(args: &ConfirmArgs, context: &Context) -> Result<ExitCode, Failure> {
    const NONE: Text =
        Text { en: "No write to {path} is on trial.", ja: "{path} に試行中の書き込みはありません。" };
    const UNPROVED: Text = Text {
        en: "Not confirmed, as it could not be shown that you get in: {why} It goes back in {left} s. Where no gateway runs here, and you are sure: {confirm} --without-proof",
        ja: "接続できることを確認できなかったため、確定していません: {why} {left}秒後に元に戻ります。ここで Gateway が動いておらず、問題ないと分かっている場合: {confirm} --without-proof",
    };
    let lang = context.lang;
    let failed = |error: StoreError| Failure(error.of(lang));
    let config = context.places()?.config;
    let trial = trials().and_then(|trials| trials.last(&config)).map_err(failed)?;
    let trial = trial.ok_or_else(|| Failure(NONE.with("path", config.display()).of(lang)))?;
    let fate = match trial.fate(&Moment::now()).map_err(failed)? {
        Fate::Waiting(left) if left.is_zero() || args.undo => trial.give_back(&Moment::now(), false).map_err(failed)?,
        Fate::Waiting(left) => {
            let proof = if args.without_proof {
                None
            } else {
                let patience = RESTART.min(left.saturating_sub(Duration::from_secs(1)));
                let proof = prove(context, &trial, patience).map_err(|why| {
                    let left = trial.record.deadline.left(&Moment::now()).as_secs();
                    let confirm = context.command("confirm", None, &config);
                    Failure(UNPROVED.with("why", why.of(lang)).with("left", left).with("confirm", confirm).of(lang))
                })?;
                Some(proof)
            };
            match trial.confirm(proof, &Moment::now()).map_err(failed)? {
                Fate::Waiting(_) => trial.give_back(&Moment::now(), false).map_err(failed)?,
                fate => fate,
            }
        }
        fate => fate,
    };
    told(&fate, args, &trial, context)
}

fn told(fate: &Fate, args: &ConfirmArgs, trial: &Trial, context: &Context) -> Result<ExitCode, Failure> {
    const PROVED: Text = Text {
        en: "Confirmed: the gateway at {at} lets you in. What was written stays.",
        ja: "確定しました。{at} の Gateway に接続できます。書き込んだ内容はそのまま残ります。",
    };
    const UNPROVED: Text = Text {
        en: "Confirmed without proof that you get in. What was written stays.",
        ja: "接続を確認せずに確定しました。書き込んだ内容はそのまま残ります。",
    };
    const RETURNED: Text = Text {
        en: "It went back: everything is as it was before the write.",
        ja: "元に戻しました。すべて書き込み前の状態です。",
    };
    const TOO_LATE: Text = Text {
        en: "Too late: it was not confirmed in time, and everything is as it was before the write.",
        ja: "時間内に確認されなかったため、すべて書き込み前の状態に戻しました。",
    };
    let lang = context.lang;
    let (state, said, proof) = match fate {
        Fate::Confirmed(Some(at)) => ("confirmed", PROVED.with("at", at).of(lang), Some(at)),
        Fate::Confirmed(None) => ("confirmed", UNPROVED.of(lang).to_owned(), None),
        Fate::Returned if args.undo => ("returned", RETURNED.of(lang).to_owned(), None),
        Fate::Returned | Fate::Waiting(_) => return Err(Failure(TOO_LATE.of(lang).to_owned())),
        Fate::Stopped(why) => return Err(Failure(trial.why_stopped(lang).unwrap_or_else(|| why.clone()))),
    };
    print(&match args.format {
        Format::Text => format!("{said}\n"),
        Format::Json => {
            format!("{:#}\n", json!({ "path": trial.record.config.to_string_lossy(), "state": state, "proof": proof }))
        }
    });
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_a_unit_or_seconds() {
        assert_eq!(time("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(time("90"), Ok(Duration::from_secs(90)));
        assert_eq!(time("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(time("1h"), Ok(Duration::from_secs(3600)));
        for wrong in ["", "s", "0s", "-5", "1d", "25h", "5 m", "99999999999999999999s", "5000000000000000m"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
