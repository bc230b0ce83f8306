//! Runs OpenClaw's own audit, where that was asked for: in a process group of its own, for a minute at most, and all of it ends
//! with the wait.

use super::version::{foreign, programs};
use super::{Env, Places};
use crate::text::{Said, Text};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long it may take; 5 to 10 s are usual (2026.9.6).
pub const LIMIT: Duration = Duration::from_secs(60);
/// The most that is read of its answer, in bytes.
const MOST: u64 = 16 << 20;

/// The command that is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealAudit {
    program: PathBuf,
    /// What it is told of the place of the config: the variables beside those of this process.
    places: Vec<(&'static str, String)>,
}

impl RealAudit {
    /// Finds the `openclaw` on PATH, and nothing more: it is not started.
    ///
    /// # Errors
    /// Where there is none, or root would start another user's.
    pub fn find(env: &Env, places: &Places) -> Result<Self, Said> {
        const ABSENT: Text = Text {
            en: "There is no openclaw on PATH to ask. Elsewhere: openclaw security audit --json > FILE, then openclaw-harden --findings FILE",
            ja: "PATH に openclaw がありません。別の環境では openclaw security audit --json > FILE のあと openclaw-harden --findings FILE を実行してください。",
        };
        let program = programs(env).find(|program| !foreign(program)).ok_or(Said::from(ABSENT))?;
        let mut named = vec![("OPENCLAW_CONFIG_PATH", places.config.display().to_string())];
        named.push(("OPENCLAW_STATE_DIR", places.state_dir.display().to_string()));
        Ok(RealAudit { program, places: named })
    }

    /// Is the whole command, as it could be typed.
    pub fn words(&self) -> Vec<String> {
        let set = self.places.iter().map(|(name, value)| format!("{name}={value}"));
        let program = self.program.display().to_string();
        let words = [program.as_str(), "security", "audit", "--json"].map(str::to_owned);
        std::iter::once("env".to_owned()).chain(set).chain(words).collect()
    }

    /// Runs it and waits, for a minute at most or until it is cancelled; is what it printed.
    ///
    /// # Errors
    /// Where it cannot be started, is cancelled, takes too long, or prints nothing.
    pub fn run(&self, cancelled: &AtomicBool) -> Result<Vec<u8>, Said> {
        const FAILED: Text =
            Text { en: "{path} cannot be started: {why}", ja: "{path} を起動できません: {why}" };
        const CANCELLED: Text = Text {
            en: "The audit was cancelled and ended.",
            ja: "監査をキャンセルし、終了させました。",
        };
        const LATE: Text = Text {
            en: "{path} did not answer in {seconds} s and was ended.",
            ja: "{path} が{seconds}秒以内に応答しなかったため、終了させました。",
        };
        const SILENT: Text =
            Text { en: "{path} printed nothing ({why}).", ja: "{path} の出力がありません ({why})。" };
        let path = || self.program.display();
        let mut child = Command::new(&self.program)
            .args(["security", "audit", "--json"])
            .envs(self.places.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| FAILED.with("path", path()).with("why", error))?;
        let (send, answer) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            // What it printed is read meanwhile: it would wait for its reader otherwise.
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let read = stdout.take(MOST).read_to_end(&mut bytes);
                let _ = send.send(read.map(|_| bytes));
            });
        }
        let since = Instant::now();
        // Its entry in the table of processes stays until all of its group is ended: no other can take the number meanwhile.
        while !has_ended(&child) {
            if cancelled.load(Ordering::Relaxed) || since.elapsed() > LIMIT {
                end(&mut child);
                let late = LATE.with("path", path()).with("seconds", LIMIT.as_secs());
                return Err(if cancelled.load(Ordering::Relaxed) { CANCELLED.into() } else { late });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // Its children may hold the pipe: they end with it.
        let heard = answer.recv_timeout(Duration::from_secs(2));
        let status = end(&mut child);
        match heard {
            Ok(Ok(bytes)) if !bytes.is_empty() => Ok(bytes),
            _ => Err(SILENT.with("path", path()).with("why", status)),
        }
    }
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Whether a process has ended; it is still to be waited for.
fn has_ended(child: &Child) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // Who cannot be asked for is not there any more.
    pid(child).is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), options), Ok(None)))
}

/// Ends a process and all that it started; is how it ended.
fn end(child: &mut Child) -> String {
    if let Some(group) = pid(child) {
        // It may have ended meanwhile.
        let _ = kill_process_group(group, Signal::KILL);
    }
    child.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::sync::Arc;

    fn audit(script: &str) -> (tempfile::TempDir, RealAudit) {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("openclaw");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("a file");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        let places = vec![("OPENCLAW_CONFIG_PATH", folder.path().join("a config").display().to_string())];
        (folder, RealAudit { program, places })
    }

    #[test]
    fn it_is_asked_of_the_config_and_its_answer_is_what_it_prints() {
        let (_folder, audit) = audit("echo \"$@ $OPENCLAW_CONFIG_PATH\"; exit 1");
        let said = audit.run(&AtomicBool::new(false)).expect("an answer");
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.starts_with("security audit --json /") && said.trim().ends_with("a config"), "{said}");
        assert_eq!(audit.words()[0], "env");
    }

    #[test]
    fn silence_is_an_error() {
        let (_folder, audit) = audit("exit 3");
        let why = audit.run(&AtomicBool::new(false)).expect_err("no answer").of(Lang::En);
        assert!(why.contains("3"), "{why}");
    }

    #[test]
    fn cancelling_ends_it_with_all_that_it_started() {
        let (folder, audit) = audit("sleep 300 & echo $! > \"$(dirname \"$0\")/child\"; wait");
        let cancelled = Arc::new(AtomicBool::new(false));
        let (shared, child) = (cancelled.clone(), folder.path().join("child"));
        let began = Instant::now();
        let running = std::thread::spawn(move || audit.run(&shared));
        while std::fs::read_to_string(&child).unwrap_or_default().trim().is_empty() {
            assert!(began.elapsed() < Duration::from_secs(30), "the script did not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        cancelled.store(true, Ordering::Relaxed);
        assert!(running.join().expect("no panic").is_err());
        let pid = std::fs::read_to_string(&child).expect("a number").trim().to_owned();
        // What was ended may stand in the table until its new parent has looked.
        let is_gone = || {
            let stat = std::fs::read_to_string(Path::new("/proc").join(&pid).join("stat")).unwrap_or_default();
            stat.is_empty() || stat.contains(") Z ")
        };
        while !is_gone() {
            assert!(began.elapsed() < Duration::from_secs(30), "{pid} lives on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
