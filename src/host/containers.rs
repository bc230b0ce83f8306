//! OpenClaw's containers, asked of the `docker` and `podman` programs, so that contexts and rootless engines work.

use super::Env;
use super::engine::program;
use crate::checkup::containers::{Answer, Container, Engine, LABEL, NAME};
use crate::text::{Said, Text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The longest answer that is read.
const MAX_ANSWER: u64 = 64 << 20;

/// Asks every engine. One that does not answer a question in time is asked no further.
pub(super) fn look(env: &Env, patience: Duration) -> Vec<Engine> {
    ["docker", "podman"]
        .into_iter()
        .map(|name| {
            let answer = match program(name, env) {
                None => Answer::Absent,
                Some(program) => ask(&program, env, patience).map_or_else(Answer::Failed, Answer::Containers),
            };
            Engine { program: name.to_owned(), answer }
        })
        .collect()
}

fn ask(program: &Path, env: &Env, patience: Duration) -> Result<Vec<Container>, Said> {
    const NO_JSON: Text = Text {
        en: "The answer of {program} cannot be understood.",
        ja: "{program} の応答を解釈できません。",
    };
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for filter in [format!("label={LABEL}=1"), format!("name={NAME}")] {
        let listed = run(program, &["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter], env, patience)?;
        ids.extend(
            listed
                .lines()
                .map(str::trim)
                .filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .map(str::to_owned),
        );
    }
    ids.remove("");
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut words = vec!["container", "inspect"];
    words.extend(ids.iter().map(String::as_str));
    let inspected: Value = serde_json::from_str(&run(program, &words, env, patience)?)
        .map_err(|_| NO_JSON.with("program", program.display()))?;
    Ok(inspected.as_array().into_iter().flatten().map(Container::parse).collect())
}

/// Runs a program and is what it prints, unless it fails or is not done in time.
fn run(program: &Path, words: &[&str], env: &Env, patience: Duration) -> Result<String, Said> {
    const CANNOT: Text =
        Text { en: "{program} does not start: {why}", ja: "{program} を起動できません: {why}" };
    const DENIED: Text = Text {
        en: "This user may not ask {program}: {why}",
        ja: "このユーザーには {program} を使う権限がありません: {why}",
    };
    const FAILED: Text = Text { en: "{program} failed: {why}", ja: "{program} が失敗しました: {why}" };
    const HANGS: Text = Text {
        en: "{program} did not answer within {n} seconds.",
        ja: "{program} が{n}秒以内に応答しませんでした。",
    };
    let said = |text: Text| text.with("program", program.display());
    let until = Instant::now() + patience;
    let mut child = Command::new(program)
        .args(words)
        .env_clear()
        .envs(env)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| said(CANNOT).with("why", error))?;
    let (out, err) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let rest = || until.saturating_duration_since(Instant::now());
    let text = |part: &mpsc::Receiver<Vec<u8>>| {
        part.recv_timeout(rest()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let answer = text(&out).and_then(|out| Ok((out, text(&err)?)));
    let ended = answer.as_ref().is_ok_and(|_| wait(&mut child, until));
    let (Ok((out, err)), true) = (answer, ended) else {
        // Whoever hangs is ended; where even that does not work, it is left behind.
        let _ = child.kill();
        let _ = child.try_wait();
        return Err(said(HANGS).with("n", patience.as_secs()));
    };
    match child.wait() {
        Ok(status) if status.success() => Ok(out),
        _ => {
            let why = err.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("-").to_owned();
            let is_denied = err.to_lowercase().contains("permission denied");
            Err(said(if is_denied { DENIED } else { FAILED }).with("why", why))
        }
    }
}

/// Reads to the end in a thread of its own, which can be left behind.
fn reader(from: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read: io::Result<usize> = from.map_or(Ok(0), |from| from.take(MAX_ANSWER).read_to_end(&mut bytes));
        // Whoever waited may have gone.
        let _ = read.map(|_| send.send(bytes));
    });
    receive
}

/// Whether a program has ended by then. Both its outputs are closed, so it ends at once or not at all.
fn wait(child: &mut Child, until: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);
    use crate::text::Lang;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// A program that answers as a script says.
    fn engine(script: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("docker");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        (folder, path)
    }

    fn answer(script: &str, patience: Duration) -> Result<Vec<Container>, String> {
        let (_folder, path) = engine(script);
        let env = Env::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
        ask(&path, &env, patience).map_err(|why| why.of(Lang::En))
    }

    #[test]
    fn containers_are_listed_by_label_and_by_name_and_inspected_once() {
        let script = r#"case "$*" in
            *label=*) echo aaaa;; *name=*) echo aaaa; echo bbbb; echo 'not an id';;
            'container inspect aaaa bbbb') echo '[{"Name":"/one"},{"Name":"/two"}]';; *) exit 3;; esac"#;
        let found = answer(script, PATIENCE).expect("an answer");
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn no_containers_and_no_permission_and_a_broken_answer_are_told_apart() {
        assert_eq!(answer("true", PATIENCE), Ok(Vec::new()));
        let denied = answer("echo 'permission denied while trying to connect' >&2; exit 1", PATIENCE);
        assert!(denied.is_err_and(|why| why.contains("may not ask")));
        let broken = answer("case $1 in ps) echo aa;; *) echo '[';; esac", PATIENCE);
        assert!(broken.is_err_and(|why| why.contains("cannot be understood")));
    }

    #[test]
    fn an_engine_that_hangs_is_not_waited_for() {
        let began = Instant::now();
        let hangs = answer("exec sleep 60", Duration::from_millis(300));
        assert!(hangs.is_err_and(|why| why.contains("did not answer")));
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
