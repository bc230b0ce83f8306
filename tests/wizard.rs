//! The wizard through its real loop: keys in, frames and decisions out.

use crate::stage::{DEMO, FakeDisk, Stage, document, found, session};
use openclaw_harden::checks::Severity;
use openclaw_harden::checkup::{Row, State, Topic};
use openclaw_harden::plan::Pick;
use openclaw_harden::posture::{Posture, Step};
use openclaw_harden::report::secrets::{self, Moved};
use openclaw_harden::settings::{FileFact, FileRole, Version};
use openclaw_harden::text::{Lang, Text};
use openclaw_harden::trial::Fate;
use openclaw_harden::tui::session::Counts;
use openclaw_harden::tui::theme::{Background, Depth, Look};
use openclaw_harden::tui::{Committed, Done, Outcome, Session, keys, words};
use ratatui::style::Color;
use std::path::Path;
use std::time::Duration;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (160, 50);

fn lang_name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Ja => "ja",
    }
}

/// Is the page of a step that has open Asks in the demo.
fn page_with_asks(session: &Session) -> usize {
    let has_asks = |step: &Step| session.open_asks(*step).next().is_some();
    words::STEPS.iter().position(has_asks).expect("the demo has Asks") + 1
}

#[test]
fn every_page_looks_as_it_did() {
    let pages = [
        ("start", ""),
        ("sandbox", "2"),
        ("workspace", "3"),
        ("tools", "4"),
        ("network", "5"),
        ("pairing", "6"),
        ("remaining", "7"),
        ("review", "2<space>8"),
        ("review_diff", "2<space>8<tab>"),
        ("review_stays", "2<space>8<tab><tab>"),
        ("review_stops", "2<space>8<tab><tab><tab>"),
        ("review_ways", "2<space>8<tab><tab><tab><tab>"),
        ("matrix", "2<space>4m"),
        ("done", "2<space>8w<enter>"),
        ("asks", "4<enter>"),
        ("field", "4<end>e"),
        ("help", "?"),
        ("help_on", "?<pgdn>"),
        ("quit", "4<space>q"),
        ("write", "2<space>8w"),
    ];
    for lang in [Lang::En, Lang::Ja] {
        for size in [SMALL, MIDDLE] {
            for (name, keys) in pages {
                let mut disk = FakeDisk::default();
                let mut stage = Stage::new(session(lang), &mut disk, size);
                let name = format!("{name}_{}_{}x{}", lang_name(lang), size.0, size.1);
                insta::assert_snapshot!(name, stage.play(keys).snapshot());
            }
        }
    }
}

#[test]
fn on_every_page_the_keys_end_with_the_way_out_and_the_help() {
    let pages =
        ["", "2", "4", "4m", "4<enter>", "7", "8", "8<tab>", "8<tab><tab>", "8<tab><tab><tab>", "c", "2<space>8w"];
    for lang in [Lang::En, Lang::Ja] {
        for keys in pages {
            let mut disk = FakeDisk { rows: checkup_rows(), ..FakeDisk::default() };
            let text = Stage::new(session(lang), &mut disk, SMALL).play(keys).text();
            let line = text.lines().last().unwrap_or_default();
            assert!(keys.is_empty() || line.contains(" Esc "), "{keys} {line}");
            let quit = words::QUIT.of(lang);
            // What stands over a page has no help of its own.
            assert!(
                (keys.ends_with('w') || line.contains(" ? ")) && line.trim_end().ends_with(&format!(" q {quit}")),
                "{keys} {line}"
            );
        }
    }
}

fn checkup_rows() -> Vec<Row> {
    const LOOKED: Text = Text { en: "container {name}", ja: "コンテナ {name}" };
    const SOCKET: Text =
        Text { en: "The engine's socket is mounted.", ja: "ソケットがマウントされています。" };
    const QUIET: Text = Text { en: "No connection was refused.", ja: "拒否された接続はありません。" };
    const LOOK: Text = Text { en: "Stop it, then look at it:", ja: "停止してから確認してください:" };
    let row = |topic, state, found: Text| Row {
        id: "test",
        topic,
        state,
        looked: LOOKED.with("name", "one\u{1b}[2J"),
        found: found.into(),
        evidence: vec!["/var/run/docker.sock -> /x (rw)".to_owned().into()],
        todo: vec![LOOK.into()],
        commands: vec![["docker", "stop", "one\u{1b}[2J"].map(str::to_owned).into()],
    };
    vec![row(Topic::Log, State::Fine, QUIET), row(Topic::Containers, State::Attention(Severity::Critical), SOCKET)]
}

#[test]
fn a_checkup_shows_first_what_needs_attention_and_esc_leads_back_to_start() {
    for lang in [Lang::En, Lang::Ja] {
        let mut disk = FakeDisk { rows: checkup_rows(), ..FakeDisk::default() };
        let mut stage = Stage::new(session(lang), &mut disk, (80, 24));
        insta::assert_snapshot!(format!("checkup-{}", lang_name(lang)), stage.play("c").snapshot());
        assert!(!stage.text().contains('\u{1b}'));
        let start = Stage::new(session(lang), &mut FakeDisk::default(), (80, 24)).text();
        assert_eq!(stage.play("<esc>").text(), start);
    }
}

#[test]
fn enter_on_a_step_with_unseen_asks_shows_them_and_does_not_advance() {
    let session = session(Lang::En);
    let page = page_with_asks(&session);
    let asked = session.open_asks(words::STEPS[page - 1]).count();
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session, &mut disk, LARGE);
    stage.play(&format!("{}<enter>", page + 1));
    assert_eq!(stage.app.page(), page);
    assert!(stage.app.session().answers.picks.is_empty(), "nothing is taken by the first Enter");
    assert!(stage.text().contains(&format!("Needs your OK: {asked}.")));
    stage.play("<enter>");
    assert_eq!(stage.app.page(), page + 1);
    let left = stage.app.session().open_asks(words::STEPS[page - 1]).count();
    assert_eq!(left, 0);
}

#[test]
fn asks_that_do_not_fit_are_paged_and_only_the_last_page_accepts() {
    let session = session(Lang::En);
    let asks = session.open_asks(Step::Tools).count();
    assert!(asks >= 5, "{asks} Asks are too few for this test");
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session, &mut disk, SMALL);
    stage.play("4<enter>");
    let mut pages = 1;
    while stage.text().contains("Enter Show the rest") {
        assert!(stage.app.session().answers.picks.is_empty(), "taken before all were shown");
        stage.play("<enter>");
        assert_eq!(stage.app.page(), 3, "left before all were shown");
        pages += 1;
        assert!(pages < 100, "the pages do not end");
    }
    assert!(pages > 1);
    stage.play("<enter>");
    assert_eq!(stage.app.session().open_asks(Step::Tools).count(), 0);
    assert_eq!(stage.app.page(), 4);
}

#[test]
fn asks_that_a_smaller_window_hides_are_shown_before_they_are_accepted() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    stage.play("4<enter>").resize(80, 24).play("<enter>");
    assert_eq!(stage.app.page(), 3);
    assert!(stage.app.session().answers.picks.is_empty());
}

#[test]
fn accepting_everything_takes_one_enter_a_step_and_one_more_where_there_are_asks() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    stage.play("<enter>");
    for (n, step) in words::STEPS.into_iter().enumerate() {
        assert_eq!(stage.app.page(), n + 1);
        let asks = stage.app.session().open_asks(step).next().is_some();
        stage.play(if asks { "<enter><enter>" } else { "<enter>" });
    }
    assert_eq!(stage.app.page(), words::REVIEW);
    assert!(!stage.app.session().plan.rows.iter().any(|row| row.is_open_ask()));
}

#[test]
fn nothing_is_taken_that_was_not_in_view_with_its_value() {
    for lang in [Lang::En, Lang::Ja] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(session(lang), &mut disk, (160, 90));
        stage.play("<enter>");
        for _ in words::STEPS {
            let page = stage.app.page();
            let before = stage.app.session().answers.picks.clone();
            let shown = stage.play("<enter>").text();
            if stage.app.page() == page {
                stage.play("<enter>");
            }
            let session = stage.app.session();
            for (key, _) in session.answers.picks.iter().filter(|(key, _)| !before.contains_key(*key)) {
                let row = session.row(key).expect("what was decided is there");
                let value = row.taken.map(|taken| row.row.choices[taken].shown(lang)).expect("a choice");
                let line = shown.lines().find(|line| line.contains(&format!("[x] {}", session.title(row))));
                assert!(line.is_some_and(|line| line.contains(&format!("-> {value}"))), "{key} {value}\n{shown}");
            }
        }
        assert_eq!(stage.app.page(), words::REVIEW);
    }
}

#[test]
fn an_ask_can_be_left_where_the_asks_are_shown() {
    let session = session(Lang::En);
    let page = page_with_asks(&session);
    let step = words::STEPS[page - 1];
    let key = session.open_asks(step).next().map(|row| row.key()).expect("an Ask");
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session, &mut disk, LARGE);
    stage.play(&format!("{}<enter><space>", page + 1));
    assert!(stage.text().contains("> [ ]"));
    stage.play("<enter>");
    let row = stage.app.session().row(&key).expect("the row stays");
    assert!(row.decided && row.taken == Some(0));
    assert_eq!(stage.app.page(), page + 1);
}

#[test]
fn esc_goes_back_and_loses_nothing() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("<enter>4<space>j<space>2<space><home>");
    let picks = stage.app.session().answers.picks.clone();
    assert!(!picks.is_empty());
    let frame = stage.text();
    stage.play("<esc><s-tab><esc>");
    assert_eq!(stage.app.page(), 0);
    assert_eq!(stage.app.session().answers.picks, picks);
    assert_eq!(stage.play("2").text(), frame);
}

/// The demo with a workspace that is a whole home folder, so that Workspace offers a field for another one.
fn broad_session() -> Session {
    let mut broad = found(Lang::En);
    broad.source = document(&DEMO.replace("\"~/.openclaw/workspace\"", "\"~/\"")).into();
    Session::new(broad, Look::default()).expect("planned")
}

fn texts(stage: &Stage) -> Vec<String> {
    let texts = stage.app.session().answers.picks.values().filter_map(|pick| match pick {
        Pick::Text(text) => Some(text.clone()),
        Pick::Choice(_) => None,
    });
    texts.collect()
}

#[test]
fn esc_in_a_field_leaves_the_value_unchanged_and_enter_takes_it() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(broad_session(), &mut disk, SMALL);
    stage.play("3eclaw<esc>");
    assert!(stage.app.session().answers.picks.is_empty());
    stage.play("eclaw<paste:/x\ny><enter>");
    assert_eq!(texts(&stage), ["~/claw/xy"]);
    assert!(stage.text().contains("~/ -> ~/claw/xy"));
}

#[test]
fn a_text_that_is_refused_says_why_and_the_field_stays_open() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(broad_session(), &mut disk, SMALL);
    stage.play("3e<backspace><backspace>x<enter>");
    assert!(stage.text().contains("must begin with /"));
    assert!(texts(&stage).is_empty());
    stage.play("<backspace>~/claw<enter>");
    assert_eq!(texts(&stage), ["~/claw"]);
}

#[test]
fn a_list_takes_one_entry_a_line_and_tab_accepts_it() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("4<end>");
    while !stage.text().contains("e Type") {
        let before = stage.text();
        assert_ne!(stage.play("k").text(), before, "no row of Tools has a field");
    }
    stage.play("eexec<enter>browser<tab>");
    assert_eq!(texts(&stage), ["exec\nbrowser"]);
}

#[test]
fn the_real_cursor_stands_in_the_field_where_the_next_letter_goes() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(broad_session(), &mut disk, SMALL);
    stage.play("3e\u{65e5}\u{672c}");
    let text = stage.text();
    let (row, line) = text.lines().enumerate().find(|(_, line)| line.contains("~/\u{65e5}")).expect("the field");
    let before: String = line.chars().take_while(|c| *c != '\u{672c}').collect();
    let column = openclaw_harden::text::wrap::width(&before) + 2;
    assert_eq!(stage.cursor(), (u16::try_from(column).unwrap_or(0), u16::try_from(row).unwrap_or(0)));
}

#[test]
fn quitting_anywhere_writes_nothing() {
    for keys in [
        "q",
        "<c-c>",
        "4q",
        "4<space>q<enter>",
        "4<space><c-c><c-c>",
        "3e<c-c>",
        "3e<c-c><c-c>",
        "8q",
        "8<space>w<c-c><c-c>",
        "8<space>w<c-c><enter>",
        "4<enter>q",
        "?<c-c>",
        "b<c-c>",
        "<enter><enter><enter>q<enter>",
        "8<space>qq",
    ] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
        let outcome = stage.play(keys).app.outcome();
        assert_eq!(outcome, Outcome::Left, "{keys}");
        assert_eq!(disk.writes, 0, "{keys}");
    }
}

#[test]
fn quitting_asks_only_where_something_was_decided() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("4<space>q");
    assert!(stage.text().contains("Quit without writing?"));
    stage.play("<esc>");
    assert!(!stage.text().contains("Quit without writing?"));
    assert_eq!(stage.app.page(), 3);
}

#[test]
fn w_asks_once_and_then_writes() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("2<space>8w");
    assert!(stage.text().contains("Nothing has been written so far."));
    stage.play("<esc>w<enter>");
    assert_eq!(stage.app.page(), words::DONE);
    let text = stage.text();
    assert!(text.contains("openclaw-harden restore") && text.contains("harden-1"), "{text}");
    assert!(matches!(stage.play("5<esc>q").app.outcome(), Outcome::Written(_)));
    assert_eq!(disk.writes, 1);
}

#[test]
fn the_demo_writes_nothing_and_shows_what_it_would_write() {
    let mut disk = FakeDisk::default();
    let mut demo = found(Lang::En);
    demo.demo = true;
    let session = Session::new(demo, Look::default()).expect("planned");
    let mut stage = Stage::new(session, &mut disk, SMALL);
    stage.play("8w");
    assert!(stage.text().contains("nothing was written"));
    stage.play("<enter>");
    assert_eq!(stage.app.outcome(), Outcome::Left);
    assert_eq!(disk.writes, 0);
}

#[test]
fn a_read_only_session_says_why_and_writes_nothing() {
    const WHY: Text =
        Text { en: "OPENCLAW_CONFIG_READONLY is set.", ja: "OPENCLAW_CONFIG_READONLY が設定されています。" };
    let mut disk = FakeDisk::default();
    let mut locked = found(Lang::En);
    locked.read_only = Some(WHY.into());
    let session = Session::new(locked, Look::default()).expect("planned");
    let mut stage = Stage::new(session, &mut disk, SMALL);
    assert!(stage.play("8w").text().contains(WHY.en));
    stage.play("<enter>");
    assert_eq!(disk.writes, 0);
}

#[test]
fn a_file_that_changed_on_disk_is_read_again_and_the_answers_stay() {
    let mut disk = FakeDisk { content: DEMO.replace("18789", "18800"), ..FakeDisk::default() };
    disk.answers.push_back(Ok(Committed::ChangedOnDisk));
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("2<space>8w<enter>");
    let session = stage.app.session();
    assert_eq!(session.answers.picks.len(), 1);
    assert_eq!(session.found.source.value()["gateway"]["port"], 18800);
    assert_eq!(stage.app.page(), words::REVIEW);
    assert!(stage.text().contains("was read again"));
    stage.play("w<enter>");
    assert_eq!(stage.app.page(), words::DONE);
    assert_eq!(disk.writes, 1);
}

#[test]
fn a_refused_write_is_said_and_nothing_is_lost() {
    const WHY: Text = Text { en: "No permission to write.", ja: "書き込む権限がありません。" };
    let mut disk = FakeDisk::default();
    disk.answers.push_back(Err(WHY.into()));
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    assert!(stage.play("2<space>8w<enter>").text().contains(WHY.en));
    stage.play("<enter>");
    assert_eq!(stage.app.page(), words::REVIEW);
    assert_eq!(stage.app.session().answers.picks.len(), 1);
}

#[test]
fn a_change_is_switched_off_and_on_again_on_review() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("2<space>8");
    let keys = |stage: &Stage| -> Vec<String> {
        stage.app.session().changes().iter().map(|change| change.key.clone()).collect()
    };
    let all = keys(&stage);
    stage.play("<space>");
    assert_eq!(keys(&stage).len(), all.len() - 1);
    assert!(stage.text().contains("> [ ]"), "what was switched off stays in view");
    stage.play("<space>");
    assert_eq!(keys(&stage), all);
}

#[test]
fn an_explanation_that_does_not_fit_can_be_read_to_its_end() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play(&format!("{}<home>", "<enter>".repeat(40)));
    while !stage.text().contains("PgDn More") {
        let before = stage.text();
        assert_ne!(stage.play("j").text(), before, "every explanation fits");
    }
    let before = stage.text();
    assert!(!before.contains("\n Key  "));
    let mut read = before.clone();
    for _ in 0..9 {
        read = stage.play("<pgdn>").text();
    }
    assert!(read.contains("\n Key  "), "{read}");
    let listed = |text: &str| text.lines().find(|line| line.starts_with(" > ")).map(str::to_owned);
    assert_eq!(listed(&read), listed(&before));
}

#[test]
fn a_typed_value_is_switched_off_and_on_again_on_review() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(broad_session(), &mut disk, SMALL);
    stage.play("3eclaw<enter>8");
    while !stage.text().contains("> [x] Workspace folder") {
        let before = stage.text();
        assert_ne!(stage.play("j").text(), before, "the typed value is not listed");
    }
    stage.play("<space>");
    assert!(texts(&stage).is_empty() && stage.text().contains("[ ] Workspace folder"));
    assert!(stage.text().contains("~/ -> ~/claw"));
    stage.play("<space>");
    assert_eq!(texts(&stage), ["~/claw"]);
}

#[test]
fn an_ask_that_a_later_answer_brings_opens_an_accepted_step_again() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    stage.play("3<enter><enter>");
    assert!(stage.app.session().is_done(Step::Workspace));
    stage.play("2<space>");
    assert!(!stage.app.session().is_done(Step::Workspace), "the sandbox asks what becomes of the workspace");
    assert!(stage.app.session().open_asks(Step::Workspace).next().is_some());
}

#[test]
fn another_posture_opens_what_was_only_accepted_and_keeps_what_was_chosen() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    stage.play("4<space>");
    let chosen = stage.app.session().answers.picks.clone();
    stage.play("2<enter><enter>");
    assert!(stage.app.session().answers.picks.len() > chosen.len());
    let accepted = stage.app.session().answers.picks.clone();
    stage.play("1<down>");
    assert_eq!(stage.app.session().answers.posture, Posture::Personal, "moving chooses nothing");
    let said = stage.play("<space>").text();
    assert!(said.contains("set aside"), "{said}");
    let session = stage.play("<enter>").app.session();
    assert_eq!(session.answers.posture, Posture::Shared);
    assert_eq!(session.answers.picks, chosen);
    assert!(!session.is_done(Step::Sandbox));
    let session = stage.play("<up><space>").app.session();
    assert_eq!(session.answers.picks, accepted, "what was set aside comes back");
    assert!(session.is_done(Step::Sandbox));
}

#[test]
fn an_ask_that_was_left_stays_on_review_and_can_be_taken_there() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    stage.play("6<enter><space><enter>8");
    assert!(stage.text().contains("Left as they are"));
    let left = |stage: &Stage| {
        stage.app.session().rows(Step::Pairing).filter(|row| row.decided && row.taken == Some(0)).count()
    };
    assert_eq!(left(&stage), 1);
    stage.play("<end><space>");
    assert_eq!(left(&stage), 0);
    assert!(!stage.text().contains("Left as they are"));
}

/// A session on another config than the demo's.
fn on(config: &str) -> Session {
    let mut other = found(Lang::En);
    other.source = document(config).into();
    Session::new(other, Look::default()).expect("planned")
}

#[test]
fn a_change_that_goes_with_another_is_named_beside_it() {
    let mut disk = FakeDisk::default();
    let config = r#"{channels: {telegram: {dmPolicy: "open", allowFrom: ["111", "*"]}}}"#;
    let mut stage = Stage::new(on(config), &mut disk, LARGE);
    stage.play("6");
    while !stage.points_at("Everybody listed") {
        let before = stage.text();
        assert_ne!(stage.play("j").text(), before, "the list has a row");
    }
    stage.play("<space>");
    let key = "pairing.dmPolicy@channels.telegram.dmPolicy";
    assert!(stage.app.session().row(key).is_some_and(|row| !row.decided));
    let step = stage.text();
    assert!(step.contains("channels.telegram.dmPolicy = pairing"), "{step}");
    let review = stage.play("8").text();
    assert!(review.contains("also channels.telegram.dmPolicy: open -> pairing"), "{review}");
}

#[test]
fn ids_are_refused_that_no_channel_has() {
    let mut disk = FakeDisk::default();
    let config = r#"{channels: {telegram: {dmPolicy: "open", allowFrom: ["*"]}}}"#;
    let mut stage = Stage::new(on(config), &mut disk, SMALL);
    stage.play("6");
    while !stage.points_at("Everybody listed") {
        let before = stage.text();
        assert_ne!(stage.play("j").text(), before, "the list has a row");
    }
    let asked = stage.play("e").text();
    assert!(asked.contains("An entry is the id"), "{asked}");
    stage.play("my friend<tab>");
    assert!(stage.text().contains("An id has no blanks") && texts(&stage).is_empty());
    stage.play(&"<backspace>".repeat(9)).play("<enter>111<enter><enter>222<tab>");
    assert!(stage.text().contains("111, 222") && !stage.text().contains(", ,"), "{}", stage.text());
}

#[test]
fn a_file_that_others_can_open_is_closed_by_writing_and_listed() {
    let mut disk = FakeDisk::default();
    let mut open = found(Lang::En);
    let mut facts = (*open.facts).clone();
    facts.files.push(FileFact { role: FileRole::Config, path: open.path.clone(), mode: 0o644, symlink: false });
    open.facts = facts.into();
    let session = Session::new(open, Look::default()).expect("planned");
    let count = session.changes().len() + 1;
    assert_eq!(session.change_count(), count);
    let mut stage = Stage::new(session, &mut disk, LARGE);
    let review = stage.play("8").text();
    assert!(review.contains("File mode") && review.contains("0644 -> 0600"), "{review}");
    assert!(stage.play("w").text().contains(&format!("Write {count} changes")));
}

#[test]
fn without_a_config_nothing_is_backed_up_and_undoing_is_deleting() {
    let mut disk = FakeDisk::default();
    let path = "/home/lobster/.openclaw/openclaw.json";
    disk.answers.push_back(Ok(Committed::Written(Done {
        others: Vec::new(),
        path: path.into(),
        backup: None,
        restore: "openclaw-harden restore".to_owned(),
        warnings: Vec::new(),
        trial: None,
    })));
    let mut none = found(Lang::En);
    none.source = document("{}").into();
    none.exists = false;
    none.backups.clear();
    let mut stage = Stage::new(Session::new(none, Look::default()).expect("planned"), &mut disk, SMALL);
    assert!(stage.text().contains("nothing to back up"));
    assert!(stage.play("8w").text().contains("A new config is made"));
    let done = stage.play("<enter>").text();
    assert!(done.contains(&format!("delete {path}")) && !done.contains("restore"), "{done}");
}

#[test]
fn what_only_the_administrator_can_mend_is_said_first() {
    let mut disk = FakeDisk::default();
    let session = on("{\n  gateway: {port: \"x\"},\n}\n");
    assert!(!session.plan.issues.is_empty());
    let unmended = session.unmended().len();
    let mut stage = Stage::new(session, &mut disk, SMALL);
    let start = stage.text();
    assert_eq!(start.contains("Nothing can be written until these are mended"), unmended > 0, "{start}");
    assert_eq!(start.contains("line 2: \"gateway.port\""), unmended > 0, "{start}");
}

#[test]
fn the_count_follows_each_key() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("2");
    for _ in 0..8 {
        let text = stage.play("<space>j").text();
        let plan = &stage.app.session().plan;
        let (before, after) = (Counts::of(&plan.before, &[], ""), Counts::of(&plan.after, &[], ""));
        let said =
            format!("critical {} -> {}  warn {} -> {}", before.critical, after.critical, before.warn, after.warn);
        assert!(text.lines().next().is_some_and(|line| line.ends_with(&said)), "{said} in\n{text}");
    }
}

#[test]
fn the_mouse_chooses_steps_rows_and_choices() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, MIDDLE);
    stage.play("<click:5,7>");
    assert_eq!(stage.app.page(), 3, "the fourth page stands in the fourth line of the steps");
    let text = stage.text();
    let line = |part: &str| {
        let at = text.lines().position(|line| line.contains(part));
        at.unwrap_or_else(|| panic!("no {part} in\n{text}"))
    };
    let choice = line("recommended");
    stage.play(&format!("<click:40,{choice}>"));
    assert_eq!(stage.app.session().answers.picks.len(), 1);
    let before = stage.text();
    assert_ne!(stage.play("<wheel-down:60,6>").text(), before);
}

#[test]
fn a_window_that_is_too_small_says_so_and_comes_back() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let before = stage.play("5").text();
    for (width, height) in [(79, 24), (80, 23), (20, 5), (1, 1), (3, 2)] {
        stage.resize(width, height).play("<enter><space>w<click:0,0>");
    }
    let said = stage.resize(60, 10).text();
    let said = said.replace('\n', " ");
    assert!(said.contains("60x10") && said.contains("80x24"), "{said}");
    assert_eq!(stage.resize(80, 24).text(), before);
}

#[test]
fn a_resize_redraws_and_keeps_the_place() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::Ja), &mut disk, LARGE);
    let before = stage.play("5jj").text();
    stage.resize(80, 24).play("<resize:80x24>").text();
    assert_eq!(stage.resize(160, 50).text(), before);
}

#[test]
fn no_size_and_no_page_breaks_the_drawing() {
    for lang in [Lang::En, Lang::Ja] {
        for keys in ALL_PAGES {
            let mut disk = FakeDisk::default();
            let mut stage = Stage::new(session(lang), &mut disk, SMALL);
            stage.play(keys);
            for (width, height) in
                [(80, 31), (80, 70), (109, 24), (110, 24), (111, 31), (139, 40), (160, 24), (240, 70)]
            {
                let text = stage.resize(width, height).play("<down><end><pgup>").text();
                assert_eq!(text.lines().count(), usize::from(height));
            }
        }
    }
}

const ALL_PAGES: [&str; 14] =
    ["", "2", "3", "4", "5", "6", "7", "8", "8<tab>", "8<tab><tab>", "4<enter>", "?", "3e", "8w<enter>"];

#[test]
fn without_colour_there_is_none() {
    for keys in ALL_PAGES {
        let mut disk = FakeDisk::default();
        let session = Session::new(found(Lang::En), Look::new(Depth::None, Background::Dark, false)).expect("planned");
        let frame = Stage::new(session, &mut disk, MIDDLE).play(keys).frame();
        assert!(frame.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset), "{keys}");
    }
}

#[test]
fn with_ascii_every_cell_is_ascii() {
    for keys in ALL_PAGES {
        for size in [SMALL, LARGE] {
            let mut disk = FakeDisk::default();
            let session =
                Session::new(found(Lang::En), Look::new(Depth::True, Background::Light, true)).expect("planned");
            let text = Stage::new(session, &mut disk, size).play(keys).text();
            assert!(text.is_ascii(), "{keys}: {text}");
        }
    }
}

/// Frames, bars and the like are ambiguous in width; the table in `theme.rs` alone has them.
#[test]
fn only_the_symbol_table_holds_symbols_of_doubtful_width() {
    fn is_japanese(c: char) -> bool {
        matches!(c, '\u{3001}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}')
    }
    fn look_through(folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                look_through(&path);
            } else if path.file_name().is_some_and(|name| name != "theme.rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let odd = text.chars().find(|c| !c.is_ascii() && !is_japanese(*c));
                assert_eq!(odd, None, "{}", path.display());
            }
        }
    }
    look_through(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui"));
}

#[test]
fn keys_that_are_not_known_are_refused() {
    assert!(keys::parse("<entre>").is_err());
}

/// A config of early 2026, which OpenClaw refuses: retired keys, a moved one, a note, a guess.
pub const OLD: &str = r#"{
  "_comment": "the house bot",
  "meta": { "lastTouchedAt": "2026-03-01" },
  "gateway": {
    "mode": "local",
    "host": "0.0.0.0",
    "nodes": { "denyCommands": ["camera.snap"] },
    "controlUi": { "allowInsecureAuth": true }
  }
}
"#;

fn old(lang: Lang) -> Session {
    let found = openclaw_harden::tui::Found { source: document(OLD).into(), ..found(lang) };
    Session::new(found, Look::default()).expect("a plan")
}

#[test]
fn a_refused_file_is_mended_in_a_step_of_its_own() {
    for lang in [Lang::En, Lang::Ja] {
        for size in [SMALL, MIDDLE] {
            let mut disk = FakeDisk::default();
            let mut stage = Stage::new(old(lang), &mut disk, size);
            let name = format!("mend_{}_{}x{}", lang_name(lang), size.0, size.1);
            insta::assert_snapshot!(name, stage.play("<enter>").snapshot());
            assert_eq!(stage.app.page(), words::MEND);
        }
    }
}

#[test]
fn the_step_mend_stands_after_start_and_is_passed_both_ways() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(old(Lang::En), &mut disk, LARGE);
    stage.play("2");
    assert_eq!(stage.app.page(), words::MEND);
    assert!(stage.app.session().open_asks(Step::Mend).count() >= 2);
    stage.play("<enter><enter>");
    assert_eq!((stage.app.page(), stage.app.session().open_asks(Step::Mend).count()), (1, 0));
    assert!(stage.app.session().is_done(Step::Mend));
    assert!(stage.app.session().plan.issues_after.is_empty());
    stage.play("<esc><esc>");
    assert_eq!(stage.app.page(), 0);
    assert_eq!(session(Lang::En).pages(), (0..=words::DONE).collect::<Vec<_>>(), "an accepted file has no such step");
}

#[test]
fn a_write_on_trial_counts_down_and_is_confirmed_by_a_key() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, (80, 24));
    stage.play("8t");
    assert!(stage.text().contains("unless you confirm within 60 s"), "{}", stage.text());
    stage.play("<enter>");
    assert!(stage.text().contains("everything goes back in 60 s"), "{}", stage.text());
    assert!(stage.play("n").tick().text().contains("goes back in 60 s"), "n works only after a failed proof");
    stage.play("c");
    assert!(stage.text().contains("Asking the Gateway"), "{}", stage.text());
    assert!(stage.tick().text().contains("the Gateway at 127.0.0.1:18789 lets you in"), "{}", stage.text());
}

#[test]
fn without_a_gateway_the_proof_fails_and_a_second_key_confirms_without() {
    let mut disk = FakeDisk { no_gateway: true, ..FakeDisk::default() };
    let mut stage = Stage::new(session(Lang::En), &mut disk, (80, 24));
    stage.play("8t<enter>c").tick();
    assert!(stage.text().contains("Not confirmed: Nothing answers."), "{}", stage.text());
    assert!(stage.play("n").tick().text().contains("Confirmed without proof"), "{}", stage.text());
}

#[test]
fn what_went_back_by_itself_is_said() {
    let left = Fate::Waiting(Duration::from_secs(2));
    let mut disk = FakeDisk { fates: vec![left, Fate::Returned].into(), ..FakeDisk::default() };
    let mut stage = Stage::new(session(Lang::Ja), &mut disk, (80, 24));
    stage.play("8t<enter>");
    assert!(stage.text().contains("あと2秒"), "{}", stage.text());
    assert!(stage.tick().text().contains("書き込み前の状態に戻しました"), "{}", stage.text());
}

#[test]
fn before_writing_the_card_says_how_to_get_back_in() {
    for (lang, title) in [(Lang::En, "How you get back in"), (Lang::Ja, "変更後の接続方法")] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(session(lang), &mut disk, (80, 24));
        stage.play("5<enter><enter><enter><enter>8w");
        assert!(stage.text().contains(title), "{}", stage.text());
        stage.play("<pgdn><pgdn><pgdn>");
        assert!(stage.text().contains("ssh -N -L 18789:127.0.0.1:18789"), "{}", stage.text());
        stage.play("<enter>");
    }
}

#[test]
fn an_early_config_is_prepared_for_the_newest_version_and_left_at_its_own_again() {
    let mut found = found(Lang::En);
    found.source = document(r#"{gateway: {mode: "local", nodes: {denyCommands: ["camera.snap"]}}}"#).into();
    std::sync::Arc::make_mut(&mut found.facts).openclaw = Version::EARLY;
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(Session::new(found, Look::default()).expect("a plan"), &mut disk, SMALL);
    for (keys, top, said) in [
        ("", "OpenClaw 2026.3.7", "Its keys stay"),
        ("v", "OpenClaw 2026.9.6", "Now prepared for"),
        ("v", "OpenClaw 2026.3.7", "Its keys stay"),
    ] {
        let shown = stage.play(keys).snapshot();
        assert!(shown.contains(top) && shown.contains(said), "{keys}: {shown}");
    }
}

/// Two secrets that move, one that stays, and copies.
pub fn secrets() -> Moved {
    let state = Path::new("/home/lobster/.openclaw");
    let step = |path: &str, file: &str, name: &str, restart| secrets::Step {
        path: path.into(),
        file: state.join(file),
        name: name.to_owned(),
        restart,
    };
    let copy = |name: &str, is_read| secrets::Copy { path: state.join(name), is_read, purged: false };
    Moved {
        path: state.join("openclaw.json"),
        steps: vec![
            step("channels.telegram.botToken", "secrets.json", "/channels.telegram.botToken", false),
            step("hooks.token", ".env", "OPENCLAW_SECRET_HOOKS_TOKEN", true),
        ],
        stay: vec![(
            "env.vars.OPENAI_API_KEY".into(),
            Text { en: "It is also set in the environment.", ja: "環境変数でも設定されています。" }.into(),
        )],
        lingers: vec![(state.join("openclaw.json"), 12)],
        copies: vec![copy("openclaw.json.bak", true), copy("openclaw.json.last-good", false)],
        written: None,
        warnings: Vec::new(),
    }
}

#[test]
fn secrets_are_shown_chosen_moved_after_asking_and_their_copies_removed_after_asking() {
    for lang in [Lang::En, Lang::Ja] {
        let name = |what: &str| format!("secrets-{what}-{}", lang_name(lang));
        let mut disk = FakeDisk { secrets: Some(secrets()), ..FakeDisk::default() };
        let mut stage = Stage::new(session(lang), &mut disk, SMALL);
        insta::assert_snapshot!(name("look"), stage.play("2<space>8w<enter>m").snapshot());
        insta::assert_snapshot!(name("ask"), stage.play("w").snapshot());
        insta::assert_snapshot!(name("left"), stage.play("<esc><down><space>").snapshot());
        insta::assert_snapshot!(name("moved"), stage.play("w<enter>").snapshot());
        insta::assert_snapshot!(name("removed"), stage.play("p<enter><end>").snapshot());
        let done = stage.play("<esc>").text();
        assert!(done.contains("openclaw.json.harden-1"), "{done}");
        drop(stage);
        assert_eq!(disk.writes, 2);
        assert_eq!(disk.secrets.map(|moved| moved.steps.len()), Some(1));
    }
}

#[test]
fn secrets_wait_until_the_changes_are_written() {
    let mut disk = FakeDisk { secrets: Some(secrets()), ..FakeDisk::default() };
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let said = stage.play("2<space>8m").text();
    assert!(said.contains("Write these changes first"), "{said}");
}

#[test]
fn nothing_moves_without_a_yes() {
    let mut disk = FakeDisk { secrets: Some(secrets()), ..FakeDisk::default() };
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("2<space>8w<enter>mwn<space><down><space>w");
    drop(stage);
    assert_eq!(disk.writes, 1);
}
