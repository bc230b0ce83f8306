//! The sandbox engine is looked for while the wizard goes on: no key waits for it, nothing is decided without it, and in the end
//! all is as if it had been known from the beginning.

use crate::stage::{DEMO, FakeDisk, Stage, document, found};
use openclaw_harden::findings::parse;
use openclaw_harden::host::{self, Asked, Installation, Selection};
use openclaw_harden::posture::Engine;
use openclaw_harden::text::{Lang, Text};
use openclaw_harden::tui::theme::Look;
use openclaw_harden::tui::{Outcome, Session, words};
use serde_json::json;
use std::sync::mpsc::{Sender, channel};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 60);
const WHY: Text = Text { en: "the daemon answers", ja: "デーモンが応答しました" };
const IMAGE: &str = "openclaw-sandbox:bookworm-slim";
const BOXED: &str =
    "{gateway: {mode: 'local'}, agents: {defaults: {sandbox: {mode: 'all'}}}, tools: {exec: {mode: 'full'}}}";

/// A session of a config that does not know its engine yet, or that knew it from the beginning.
fn session(config: &str, lang: Lang, engine: Option<&host::Found>) -> Session {
    let mut found = found(lang);
    found.source = document(config).into();
    match engine {
        Some(engine) => {
            found.means = engine.means(found.means);
            found.engine_reason = engine.why.clone();
        }
        None => found.means.engine = Engine::Unknown,
    }
    Session::new(found, Look::default()).expect("it can be planned")
}

fn late() -> (FakeDisk, Sender<host::Found>) {
    let (tell, engine) = channel();
    (FakeDisk { engine: Some(engine), ..FakeDisk::default() }, tell)
}

fn docker() -> host::Found {
    host::Found { engine: Engine::Docker, both: false, images: vec![(IMAGE.to_owned(), Some(true))], why: WHY.into() }
}

#[test]
fn the_first_frame_does_not_wait_for_the_engine_and_says_so_until_it_is_known() {
    for (lang, looking) in [(Lang::En, "looking ..."), (Lang::Ja, "確認中...")] {
        let (mut disk, tell) = late();
        let mut stage = Stage::early(session(DEMO, lang, None), &mut disk, SMALL);
        let first = stage.play("").snapshot();
        assert!(first.contains(looking) && !first.contains(WHY.of(lang)), "{first}");
        insta::assert_snapshot!(format!("start_{lang:?}"), first);
        insta::assert_snapshot!(format!("sandbox_{lang:?}"), stage.play("2").snapshot());
        tell.send(docker()).expect("it is listened to");
        let known = stage.play("1").text();
        assert!(!known.contains(looking) && known.contains(WHY.of(lang)) && known.contains(IMAGE), "{known}");
    }
}

#[test]
fn a_look_that_was_put_off_is_taken_once_and_only_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let env: host::Env = [("HOME", String::new()), ("DOCKER_HOST", "unix://".to_owned())]
        .map(|(name, before)| (name.to_owned(), format!("{before}{}", folder.path().join("none").display())))
        .into();
    let look = |asked| {
        let selection = Selection { state_dir: Some(folder.path().to_owned()), ..Selection::default() };
        Installation::look(&selection, None, &env, asked, folder.path()).expect("an installation")
    };
    let later = look(Asked::Later);
    assert_eq!((later.engine.engine, later.means.engine), (Engine::Unknown, Engine::Unknown));
    assert_eq!(later.engine_look(&env).map(|look| look()), Some(look(Asked::Auto).engine));
    for asked in [Asked::Auto, Asked::Fixed(Engine::Docker)] {
        assert!(look(asked).engine_look(&env).is_none());
    }
}

#[test]
fn in_the_end_every_page_is_as_if_the_engine_had_been_known_from_the_beginning() {
    let podman = host::Found {
        engine: Engine::Podman,
        both: true,
        images: vec![(IMAGE.to_owned(), Some(false))],
        why: WHY.into(),
    };
    for engine in [docker(), podman, host::Found::none(WHY)] {
        for config in [DEMO, BOXED] {
            let (mut disk, tell) = late();
            let mut stage = Stage::early(session(config, Lang::En, None), &mut disk, LARGE);
            // What is decided before the answer is there, stays.
            stage.play("1<down><space>4<enter><enter>1");
            tell.send(engine.clone()).expect("it is listened to");
            let mut disk = FakeDisk::default();
            let mut known = Stage::new(session(config, Lang::En, Some(&engine)), &mut disk, LARGE);
            known.play("1<down><space>4<enter><enter>1");
            if config == BOXED {
                // The step of what the engine decides could not be accepted before.
                stage.play("4<enter><enter>1");
            }
            for page in 1..=8 {
                let key = page.to_string();
                assert_eq!(stage.play(&key).text(), known.play(&key).text(), "{engine:?}");
            }
            let (stage, known) = (stage.app.session(), known.app.session());
            assert!(stage.decisions() == known.decisions());
            assert_eq!(stage.plan.candidate.root().bytes(), known.plan.candidate.root().bytes());
            assert_eq!(stage.diff(), known.diff());
            assert_eq!(stage.stops().len(), known.stops().len());
        }
    }
}

#[test]
fn nothing_that_hangs_on_the_engine_is_offered_recommended_or_told_before_it_is_known() {
    for config in [DEMO, BOXED] {
        let session = session(config, Lang::En, None);
        let waiting: Vec<_> = session.plan.rows.iter().filter(|row| row.row.awaits.is_some()).collect();
        assert!(!waiting.is_empty());
        assert!(
            waiting.iter().all(|row| row.row.choices.len() == 1 && row.row.recommended == 0 && row.edits.is_empty())
        );
        assert!(session.stops().iter().all(|stop| !stop.id.starts_with("sandbox.engine")));
    }
}

#[test]
fn a_step_that_hangs_on_the_engine_is_not_accepted_before_and_asks_for_it_after() {
    let (mut disk, tell) = late();
    let mut stage = Stage::early(session(DEMO, Lang::En, None), &mut disk, SMALL);
    let said = stage.play("2<enter>").text();
    assert!(said.contains("still being looked for"), "{said}");
    assert_eq!(stage.app.page(), 1);
    stage.play("<esc>");
    // The key that was on its way when the answer came decides on what was shown before.
    tell.send(docker()).expect("it is listened to");
    stage.play("<enter>");
    assert_eq!(stage.app.page(), 1);
    assert!(stage.app.session().answers.picks.is_empty(), "nothing is taken by the first Enter");
    assert!(stage.text().contains("Needs your OK"), "{}", stage.text());
}

#[test]
fn an_engine_that_hangs_holds_no_key_up_but_writing_waits_for_it() {
    for (keys, lang, said) in [
        ("w", Lang::En, "still being looked for"),
        ("t", Lang::En, "still being looked for"),
        ("s", Lang::En, "still being looked for"),
        ("w", Lang::Ja, "コンテナエンジンを確認しています"),
    ] {
        let (mut disk, _tell) = late();
        let mut stage = Stage::early(session(DEMO, lang, None), &mut disk, SMALL);
        let text = stage.play("4<space>8").play(keys).text();
        assert!(text.contains(said), "{text}");
        assert_eq!(stage.play("<enter><enter>").app.page(), words::REVIEW);
        assert!(!stage.app.session().answers.picks.is_empty());
        drop(stage);
        assert_eq!(disk.writes, 0);
    }
    for keys in ["q", "<c-c>"] {
        let (mut disk, _tell) = late();
        let mut stage = Stage::early(session(DEMO, Lang::En, None), &mut disk, SMALL);
        stage.play(keys);
        assert_eq!(stage.app.outcome(), Outcome::Left);
    }
}

#[test]
fn the_cursor_of_review_stays_on_its_change_and_no_key_is_said_to_have_brought_the_engine() {
    let (mut disk, tell) = late();
    let mut stage = Stage::early(session(DEMO, Lang::En, None), &mut disk, (80, 50));
    stage.play("8<end>");
    let under = |stage: &mut Stage| {
        let text = stage.text();
        text.lines().find(|line| line.contains("> ") && line.contains('[')).map(str::to_owned).expect("a cursor")
    };
    let before = under(&mut stage);
    tell.send(docker()).expect("it is listened to");
    let rows = stage.app.session().waiting();
    stage.play("");
    assert_eq!(stage.app.session().waiting(), rows + 1, "the sandbox waits for an OK now");
    assert_eq!(under(&mut stage), before);
    let said = stage.play("4<space>").text();
    assert!(said.contains("This key:") && !said.contains("OK? +"), "{said}");
}

#[test]
fn the_cursor_of_a_walk_stays_on_its_finding_and_on_the_way_that_it_stood_on() {
    let findings = ["security.exposure.open_groups_with_elevated", "harden.sandbox.off"]
        .map(|id| json!({"checkId": id, "severity": "critical"}));
    let report = json!({"ts": 1, "summary": {}, "findings": findings}).to_string();
    let shown = |stage: &mut Stage| {
        let text = stage.text();
        let finding = text.lines().find(|line| line.contains("Finding ")).expect("a finding").to_owned();
        let ways: Vec<String> = text.lines().filter(|line| line.contains("( )")).map(str::to_owned).collect();
        let under = ways.iter().find(|way| way.contains("> ( )")).expect("a cursor");
        (finding, under.clone(), ways.len())
    };
    let mut more = 0;
    for keys in ["", "<down>", "<right>", "<right><down>", "<right><up>"] {
        let (mut disk, tell) = late();
        let mut session = session(DEMO, Lang::En, None);
        session.begin_walk(parse(report.as_bytes()).expect("a report")).expect("a walk");
        let mut stage = Stage::early(session, &mut disk, SMALL);
        let (finding, under, count) = shown(stage.play(keys));
        tell.send(docker()).expect("it is listened to");
        let now = shown(stage.play(""));
        assert_eq!((now.0, now.1), (finding, under), "{keys}");
        more += usize::from(now.2 > count);
    }
    assert!(more > 0, "the engine brings ways that were not there before");
}

#[test]
fn what_the_engine_adds_to_start_pushes_no_cursor_out_of_view() {
    let (mut disk, tell) = late();
    let mut stage = Stage::early(session(DEMO, Lang::En, None), &mut disk, SMALL);
    assert!(stage.play("<down><down>").points_at("( ) public"));
    tell.send(host::Found { images: vec![(IMAGE.to_owned(), Some(false))], ..docker() }).expect("it is listened to");
    assert!(stage.play("").points_at("( ) public"), "{}", stage.text());
}

#[test]
fn a_look_that_is_lost_ends_as_no_engine() {
    for has_begun in [true, false] {
        let (mut disk, tell) = late();
        drop(tell);
        disk.engine = disk.engine.filter(|_| has_begun);
        let mut stage = Stage::early(session(DEMO, Lang::En, None), &mut disk, SMALL);
        let text = stage.play("").text();
        assert!(text.contains("none: Whether an engine answers could not"), "{text}");
        assert!(!stage.app.session().awaits_engine());
    }
}
