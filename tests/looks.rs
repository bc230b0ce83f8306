//! The comforts of the wizard: undo, search, help on a row, the other language, what a key did, the mouse on the keys.

use crate::stage::{FakeDisk, Stage, found, session};
use openclaw_harden::plan::Pick;
use openclaw_harden::posture::Posture;
use openclaw_harden::text::Lang;
use openclaw_harden::tui::theme::{Background, Depth, Look};
use openclaw_harden::tui::{Outcome, Session, words};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (160, 50);

#[test]
fn undo_takes_each_decision_back_and_redo_takes_it_again() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let mut states = vec![stage.app.session().decisions()];
    for keys in ["4<space>", "jj<space>", "2<enter><enter>", "1<down><space>"] {
        stage.play(keys).play("<esc>");
        states.push(stage.app.session().decisions());
    }
    assert!(states.windows(2).all(|pair| pair[0] != pair[1]));
    for state in states.iter().rev().skip(1) {
        stage.play("u");
        while stage.app.session().decisions() != *state {
            let before = stage.app.session().decisions();
            assert_ne!(stage.play("u").app.session().decisions(), before, "an undo leads nowhere");
        }
    }
    assert!(stage.play("u").text().contains("Nothing to undo."));
    let last = states.last().expect("several");
    for _ in 0..20 {
        stage.play("<c-r>");
    }
    assert_eq!(stage.app.session().decisions(), *last);
    assert!(stage.text().contains("Nothing to redo."));
    assert_eq!(stage.app.session().answers.posture, Posture::Shared);
}

#[test]
fn undo_goes_to_the_page_of_the_decision_and_names_it() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("4<space>6");
    let said = stage.play("u").text();
    assert_eq!(stage.app.page(), 3);
    assert!(said.contains("Undone: Run programs"), "{said}");
    assert!(stage.app.session().answers.picks.is_empty());
    assert!(stage.play("<c-z>").text().contains("Nothing to undo."));
}

#[test]
fn a_decision_after_an_undo_ends_what_could_be_done_again() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let said = stage.play("4<space>uj<space><c-r>").text();
    assert!(said.contains("Nothing to redo."), "{said}");
}

#[test]
fn what_is_written_is_not_undone_by_a_key() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("4<space>8w<enter>u<c-z>/");
    assert_eq!(stage.app.page(), words::DONE);
    assert!(matches!(stage.app.outcome(), Outcome::Written(_)));
}

#[test]
fn each_key_says_what_came_of_it_and_the_next_one_clears_that() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let counts = |stage: &Stage| stage.app.session().count(&stage.app.session().plan.after);
    stage.play("4");
    let before = counts(&stage);
    let said = stage.play("<space>").text();
    let closed = before.critical - counts(&stage).critical;
    assert!(closed > 0 && said.contains(&format!("This key: critical -{closed}")), "{said}");
    assert!(said.contains("changes +1"), "{said}");
    assert!(!stage.play("j").text().contains("This key:"));
}

#[test]
fn search_finds_settings_findings_and_pages_and_enter_goes_there() {
    for (typed, page, title) in [
        ("elevated mode", 3, "Elevated mode"),
        ("tools.elevated.enabled", 3, "Elevated mode"),
        ("gateway.bind_no_auth", 4, "Listening address"),
        ("昇格モード", 3, "Elevated mode"),
    ] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
        let listed = stage.play(&format!("/{typed}")).text();
        assert!(listed.contains("Search settings and findings"), "{listed}");
        stage.play("<enter>");
        let text = stage.text();
        assert_eq!(stage.app.page(), page, "{typed}");
        assert!(text.lines().any(|line| line.contains("> ") && line.contains(title)), "{typed}: {text}");
    }
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    assert!(stage.play("/no such thing").text().contains("Nothing has these words."));
    stage.play("<enter><esc>");
    assert_eq!(stage.app.page(), 0);
    assert_eq!(stage.play("/6. who may<enter>").app.page(), 0, "the words of a page are its name, not its question");
    assert_eq!(stage.play("<esc>/pairing<home><enter>").app.page(), 5);
}

#[test]
fn what_is_typed_into_the_search_decides_nothing() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    stage.play("4/q w u L 8 <paste:a\nb>");
    let session = stage.app.session();
    assert!(session.answers.picks.is_empty() && session.lang() == Lang::En && stage.app.page() == 3);
    assert!(stage.text().contains("/ q w u L 8 ab"));
    let (column, _) = stage.cursor();
    let line = stage.text().lines().find(|line| line.contains("/ q w")).map(str::to_owned).unwrap_or_default();
    let typed = line.find("/ q w u L 8 ab").map(|at| line[..at].chars().count() + "/ q w u L 8 ab".len());
    assert_eq!(typed, Some(usize::from(column)));
}

#[test]
fn every_page_speaks_the_other_language_after_one_key_and_keeps_what_was_decided() {
    for keys in ["", "2", "3", "4", "5", "6", "7", "8", "8<tab>", "8<tab><tab>", "8w", "?", "4<space>q", "8w<enter>"] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
        let english = stage.play("2<space>1").play(keys).text();
        let picks = stage.app.session().answers.picks.clone();
        let japanese = stage.play("L").text();
        assert!(japanese.contains("態勢") && !japanese.contains("posture "), "{keys}: {japanese}");
        let mut other = FakeDisk::default();
        let mut native = Stage::new(session(Lang::Ja), &mut other, LARGE);
        native.play("2<space>1").play(keys);
        assert_eq!(japanese, native.play("LL").text(), "{keys}");
        assert_eq!(stage.play("L").text(), english, "{keys}");
        assert_eq!(stage.app.session().answers.picks, picks);
    }
}

#[test]
fn help_begins_with_the_row_under_the_cursor() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    let help = stage.play("4?").text();
    assert!(help.contains("Whatever the agent may call") && help.contains("Keys and words"), "{help}");
    assert!(help.contains("(OK?)"), "the weight of each choice is named: {help}");
    let start = Stage::new(session(Lang::En), &mut FakeDisk::default(), LARGE).play("?").text();
    assert!(!start.contains("Whatever the agent may call"));
}

#[test]
fn a_click_on_a_key_presses_it() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let column = |stage: &mut Stage, key: &str| {
        let text = stage.text();
        let line = text.lines().last().unwrap_or_default().to_owned();
        line.find(key).unwrap_or_else(|| panic!("no {key} in {line}"))
    };
    let at = column(&mut stage, "Enter Next");
    stage.play(&format!("<click:{},23>", at + 2));
    assert_eq!(stage.app.page(), 1);
    let at = column(&mut stage, "? Help");
    assert!(stage.play(&format!("<click:{at},23>")).text().contains("Esc Close"));
    let at = column(&mut stage, "Esc Close");
    assert!(!stage.play(&format!("<click:{at},23>")).text().contains("Esc Close"));
    let at = column(&mut stage, "q Quit");
    stage.play(&format!("<click:{at},23>"));
    assert_eq!(stage.app.outcome(), Outcome::Left);
}

#[test]
fn start_and_done_draw_the_findings_by_area() {
    let bars = |text: &str| text.lines().filter(|line| line.contains(" [#") && line.contains("->")).count();
    for lang in [Lang::En, Lang::Ja] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(session(lang), &mut disk, SMALL);
        assert!(bars(&stage.text()) >= 2, "{}", stage.text());
        let sum = |text: &str, side: usize| -> usize {
            let areas = text.lines().flat_map(|line| line.split('[').skip(1)).filter(|area| area.contains("->"));
            let numbers = areas.filter_map(|area| {
                let (before, after) = area.split_once(']')?.1.split_once("->")?;
                let number = if side == 0 { before.trim() } else { after.split_whitespace().next()? };
                number.parse::<usize>().ok()
            });
            numbers.sum()
        };
        let text = stage.text();
        let plan = &stage.app.session().plan;
        assert_eq!((sum(&text, 0), sum(&text, 1)), (plan.before.len(), plan.after.len()), "{text}");
        let done = stage.play("2<space>8w<enter>").text();
        assert!(bars(&done) >= 2, "{done}");
    }
}

#[test]
fn nothing_is_told_by_colour_alone() {
    for keys in ["", "2", "4", "4<enter>", "7", "8", "8<tab>", "8w<enter>", "/", "?"] {
        let text = |depth, background| {
            let mut disk = FakeDisk::default();
            let look = Look::new(depth, background, false);
            let session = Session::new(found(Lang::En), look).expect("planned");
            Stage::new(session, &mut disk, SMALL).play(keys).text()
        };
        assert_eq!(text(Depth::None, Background::Unknown), text(Depth::True, Background::Light), "{keys}");
    }
}

#[test]
fn a_posture_that_was_undone_leaves_no_pick_behind() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session(Lang::En), &mut disk, LARGE);
    stage.play("4<space>1<down><down><space>");
    assert_eq!(stage.app.session().answers.posture, Posture::Public);
    stage.play("<esc>u");
    let session = stage.app.session();
    assert_eq!(session.answers.posture, Posture::Personal);
    assert_eq!(session.answers.picks.values().collect::<Vec<_>>().len(), 1);
    assert!(session.answers.picks.values().all(|pick| matches!(pick, Pick::Choice(_))));
}
