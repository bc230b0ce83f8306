//! Another program writes the config just when the wizard is about to: the wizard waits, stays alive and can be told to stop.

use crate::stage::{DEMO, FakeDisk, Stage, session};
use crate::wizard::secrets;
use openclaw_harden::text::{Lang, Said, Text};
use openclaw_harden::tui::{Committed, words};
use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

const SMALL: (u16, u16) = (80, 24);
/// Decides something, goes to Review and writes.
const WRITE: &str = "4<space>8w<enter>";

fn written_by_another() -> (FakeDisk, Sender<Result<(), Said>>) {
    let (tell, freed) = channel();
    (FakeDisk { writers: [freed].into(), ..FakeDisk::default() }, tell)
}

#[test]
fn the_wait_is_shown_and_the_write_follows_once_the_other_program_is_done() {
    for (lang, name) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let (mut disk, tell) = written_by_another();
        let mut stage = Stage::early(session(lang), &mut disk, SMALL);
        insta::assert_snapshot!(format!("busy_{name}"), stage.play(WRITE).snapshot());
        // No other key does anything meanwhile.
        stage.play("<enter><down>w");
        assert_eq!(stage.app.page(), words::REVIEW);
        tell.send(Ok(())).expect("it is listened to");
        assert_eq!(stage.play("").app.page(), words::DONE);
        drop(stage);
        assert_eq!(disk.writes, 1);
    }
}

#[test]
fn a_wait_that_is_given_up_writes_nothing_and_loses_nothing() {
    let (mut disk, tell) = written_by_another();
    let mut stage = Stage::early(session(Lang::En), &mut disk, SMALL);
    let said = stage.play(WRITE).play("<esc>").text();
    assert!(said.contains("Nothing was written.") && stage.app.page() == words::REVIEW, "{said}");
    assert!(!stage.app.session().answers.picks.is_empty());
    // What ends later than the wait is heard by nobody.
    assert!(tell.send(Ok(())).is_err());
    stage.play("");
    drop(stage);
    assert_eq!(disk.writes, 0);
}

#[test]
fn nothing_is_written_while_it_is_asked_whether_to_quit() {
    for (answer, writes) in [("<c-c>", 0), ("<esc>", 1)] {
        let (mut disk, tell) = written_by_another();
        let mut stage = Stage::early(session(Lang::En), &mut disk, SMALL);
        stage.play(WRITE).play("<c-c>");
        tell.send(Ok(())).expect("it is listened to");
        assert!(stage.play("").text().contains("Quit without writing?"));
        stage.play(answer);
        drop(stage);
        assert_eq!(disk.writes, writes, "{answer}");
    }
}

#[test]
fn what_does_not_end_is_said_and_what_changed_meanwhile_is_read_again() {
    const WHY: Text = Text { en: "It still writes.", ja: "まだ書き込んでいます。" };
    let (mut disk, tell) = written_by_another();
    let mut stage = Stage::early(session(Lang::En), &mut disk, SMALL);
    stage.play(WRITE);
    tell.send(Err(WHY.into())).expect("it is listened to");
    assert!(stage.play("").text().contains(WHY.en));
    drop(stage);
    assert_eq!(disk.writes, 0);

    let (mut disk, tell) = written_by_another();
    disk.answers = [Ok(Committed::ChangedOnDisk)].into();
    disk.content = DEMO.to_owned();
    let mut stage = Stage::early(session(Lang::En), &mut disk, SMALL);
    stage.play(WRITE);
    tell.send(Ok(())).expect("it is listened to");
    let said = stage.play("").text();
    assert!(said.contains("changed") && stage.app.page() == words::REVIEW, "{said}");
    drop(stage);
    assert_eq!(disk.writes, 0);
}

/// Has the program write into a folder in which this process holds OpenClaw's lock, for so long.
fn write_beside(held: Duration, args: &[&str], typed: &str) -> (Output, Duration, Vec<u8>) {
    let home = tempfile::tempdir().expect("a folder");
    let state = home.path().join(".openclaw");
    fs::create_dir(&state).expect("a folder");
    let (config, lock) = (state.join("openclaw.json"), state.join("openclaw.json.lock"));
    fs::write(&config, DEMO).expect("a config");
    fs::write(&lock, format!("{{\"pid\": {}}}", std::process::id())).expect("a lock");
    let began = Instant::now();
    let run = std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let mut program = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
            program.env_clear().env("HOME", home.path()).args(["--lang", "en", "--engine", "none"]);
            let program = program.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut running = program.spawn().expect("the program starts");
            running.stdin.take().expect("a pipe").write_all(typed.as_bytes()).expect("it reads");
            running.wait_with_output().expect("it ends")
        });
        while began.elapsed() < held && !run.is_finished() {
            std::thread::sleep(Duration::from_millis(10));
        }
        // It may have been given up by then.
        let _ = fs::remove_file(&lock);
        run.join().expect("no panic")
    });
    (run, began.elapsed(), fs::read(&config).expect("the config"))
}

#[test]
fn the_program_waits_for_a_lock_that_goes_and_refuses_where_it_stays() {
    let held = Duration::from_secs(2);
    let screen = ["--keys", "8w<enter>", "--print"];
    let (run, took, config) = write_beside(held, &screen, "");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("Written") && config != DEMO.as_bytes(), "{said}");
    assert!(took >= held);

    // Line by line nobody sees the sentence again: the exit code says it too.
    let (run, ..) = write_beside(Duration::ZERO, &["--plain"], &"\n".repeat(60));
    let questions = String::from_utf8_lossy(&run.stdout).matches("Number [").count();
    let typed = "\n".repeat(questions) + "y\n";
    for (args, typed, code) in [(&screen[..], "", 0), (&["--plain"], typed.as_str(), 2)] {
        let (run, took, config) = write_beside(Duration::from_secs(60), args, typed);
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(said.contains("openclaw.json.lock") && config == DEMO.as_bytes(), "{said}");
        assert_eq!(run.status.code(), Some(code), "{said}");
        assert!(took >= Duration::from_secs(5));
    }
}

#[test]
fn secrets_are_looked_at_again_after_a_wait() {
    let (mut disk, tell) = written_by_another();
    let (tell_again, freed) = channel();
    disk.writers.push_back(freed);
    disk.secrets = Some(secrets());
    let mut stage = Stage::early(session(Lang::En), &mut disk, SMALL);
    stage.play(WRITE);
    tell.send(Ok(())).expect("it is listened to");
    let waits = stage.play("").play("mw<enter>").text();
    assert!(waits.contains("No secret has been moved."), "{waits}");
    tell_again.send(Ok(())).expect("it is listened to");
    let looked = stage.play("").text();
    assert!(looked.contains("channels.telegram.botToken") && !looked.contains("Moved:"), "{looked}");
    assert!(stage.play("w<enter>").text().contains("Moved:"));
    drop(stage);
    assert_eq!(disk.writes, 2);
}
