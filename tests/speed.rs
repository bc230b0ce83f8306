//! How long functions take: `cargo test --release --test suite speed -- --ignored --nocapture`
//!
//! They print figures and assert none: a time says as much of the machine as of the program. Tests of our own and no benchmark
//! library: what is measured is a wizard on its stage, whose keys come in an order, not one function over and over.

use crate::stage::{FakeDisk, document, found};
use crate::support::facts;
use openclaw_harden::checks::audit;
use openclaw_harden::document::{Document, Edit};
use openclaw_harden::settings::Settings;
use openclaw_harden::text::Lang;
use openclaw_harden::tui::theme::Look;
use openclaw_harden::tui::{App, Session, drive, keys};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::fmt::Write;
use std::time::{Duration, Instant};

const CHANNELS: [&str; 20] = [
    "telegram",
    "discord",
    "slack",
    "signal",
    "whatsapp",
    "imessage",
    "irc",
    "line",
    "mattermost",
    "msteams",
    "googlechat",
    "feishu",
    "matrix",
    "zalo",
    "zalouser",
    "nextcloud-talk",
    "twitch",
    "nostr",
    "tlon",
    "synology-chat",
];

/// A config of about so many bytes, with so many agents and every channel.
fn config(agents: usize, bytes: usize) -> String {
    let mut text =
        String::from("{\n  gateway: {mode: \"local\", bind: \"lan\", auth: {mode: \"token\", token: \"short\"}},\n");
    text.push_str("  tools: {profile: \"full\"},\n  agents: {ownership: \"explicit\", entries: {\n");
    let about = "what it is for, and who asked for it, ".repeat(bytes / agents / 2 / 38);
    for n in 0..agents {
        let mode = if n % 3 == 0 { "off" } else { "non-main" };
        let _ = writeln!(
            text,
            "    // {about}\n    team{n}: {{name: \"Team {n}\", sandbox: {{mode: \"{mode}\", workspaceAccess: \"rw\"}}, \
             tools: {{profile: \"coding\", deny: [\"browser\"], exec: {{security: \"allowlist\", ask: \"on-miss\"}}}}}},",
        );
    }
    text.push_str("  }},\n  channels: {\n");
    let more = "and of the members of its groups ".repeat(bytes / CHANNELS.len() / 2 / 33);
    for (n, channel) in CHANNELS.iter().enumerate() {
        let policy = if n % 4 == 0 { "open" } else { "pairing" };
        let _ = writeln!(
            text,
            "    // {more}\n    \"{channel}\": {{enabled: true, dmPolicy: \"{policy}\", allowFrom: [\"*\"], groupPolicy: \"open\"}},"
        );
    }
    text + "  },\n}\n"
}

fn shown(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{what}: median {:.2?}, p99 {:.2?}, longest {:.2?} of {}", at(50), at(99), at(100), times.len());
}

/// From each key to the finished frame, in the real loop: a choice brings the audit, the matrix and the diff anew.
#[test]
#[ignore = "measures"]
fn a_key_press_with_200_kb_100_agents_and_20_channels() {
    let text = config(100, 200_000);
    let mut found = found(Lang::En);
    found.source = document(&text).into();
    let began = Instant::now();
    let session = Session::new(found, Look::default()).expect("it can be planned");
    println!("{} bytes, the first plan: {:.2?}", text.len(), began.elapsed());
    for (name, prepare, again) in [
        ("a choice on Sandbox", "2", "<space>"),
        ("a choice on Tools", "4", "<space><down>"),
        ("a choice on Pairing", "6", "<space><down>"),
        ("the matrix of an agent", "4m", "<tab>"),
        ("a change switched on Review, with the diff", "8", "<space><down>"),
    ] {
        let mut disk = FakeDisk::default();
        let mut found = crate::stage::found(Lang::En);
        found.source = session.found.source.clone();
        let session = Session::new(found, Look::default()).expect("it can be planned");
        let mut app = App::new(session, &mut disk);
        let mut screen = Terminal::new(TestBackend::new(160, 50)).expect("no terminal, no error");
        let first = keys::parse(prepare).expect("known keys");
        let played = first.iter().cloned().chain(keys::parse(again).expect("known keys").into_iter().cycle());
        let mut played = played.take(first.len() + 400);
        let (mut times, mut pressed) = (Vec::new(), None::<Instant>);
        drive(&mut screen, &mut app, |_| {
            times.extend(pressed.map(|pressed| pressed.elapsed()));
            pressed = Some(Instant::now());
            played.next().into()
        })
        .expect("no terminal, no error");
        times.drain(..=first.len().min(times.len() - 1));
        shown(name, times);
    }
}

/// A large file costs as much for each of its bytes as a small one, however its lines are.
#[test]
#[ignore = "measures"]
fn ten_megabytes_with_few_and_many_keys_on_one_line_and_on_many() {
    let item = |n: usize| format!("\"n{n}\": {{\"name\": \"Team {n}\", \"workspace\": \"~/agents/{n}\"}},");
    let of_small = |bytes: usize, end: &str| {
        let items = (0..).map(|n| item(n) + end).scan(0, |size, item| {
            *size += item.len();
            (*size < bytes).then_some(item)
        });
        format!("{{\"agents\": {{\"entries\": {{{end}{}}}}}}}", items.collect::<String>())
    };
    let texts: [(&str, &dyn Fn(usize) -> String); 3] = [
        ("an agent for each 2 KB", &|bytes| config(bytes / 2000, bytes)),
        ("small agents on many lines", &|bytes| of_small(bytes, "\n")),
        ("small agents on one line", &|bytes| of_small(bytes, " ")),
    ];
    for (name, text) in texts {
        for bytes in [1_000_000, 10_000_000] {
            let text = text(bytes);
            let began = Instant::now();
            let document = Document::parse(text.as_bytes()).expect("a config");
            let parsed = began.elapsed();
            let settings = Settings::load(document.shared(), facts());
            let findings = audit(&settings).len();
            let audited = began.elapsed();
            let edited = document.edit(&[Edit::set("gateway.bind", "loopback")]).expect("an edit");
            let done = began.elapsed();
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("openclaw.json"), edited.bytes()).expect("a file");
            println!(
                "{} MB, {name}: parsed {parsed:.2?}, audited {:.2?} ({findings} findings), edited {:.2?}, in all {:.2?}",
                bytes / 1_000_000,
                audited - parsed,
                done - audited,
                began.elapsed()
            );
        }
    }
}
