//! Questions that people ask, answered from the frames alone.

use crate::stage::{FakeDisk, Stage, document, found};
use openclaw_harden::text::Lang;
use openclaw_harden::tui::Session;
use openclaw_harden::tui::theme::Look;

const CONFIG: &str = r#"{
  // the family's gateway
  gateway: { mode: "local" },
  agents: {
    ownership: "explicit",
    entries: {
      main: {},
      family: { tools: { deny: ["exec"] } },
    },
  },
  bindings: [{ agentId: "family", match: { channel: "telegram" } }],
  channels: { telegram: { dmPolicy: "open", allowFrom: ["*"] } },
  mcp: { servers: { github: {} } },
}
"#;

/// Is a frame after some keys, its lines put together where the screen wraps them.
fn frame(keys: &str, lang: Lang, size: (u16, u16)) -> String {
    let mut found = found(lang);
    found.source = document(CONFIG).into();
    let session = Session::new(found, Look::default()).expect("it can be planned");
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(session, &mut disk, size);
    stage.play(keys).text()
}

/// Is a text without what wraps and frames it.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"┃│━─".contains(*c)).collect()
}

/// Asks in both languages and sizes: every part of the answer must stand in the frame.
fn asked(title: &str, keys: &str, answers: &[(Lang, &[&str])]) {
    for (lang, parts) in answers {
        let frame = frame(keys, *lang, (80, 24));
        for part in *parts {
            assert!(squeezed(&frame).contains(&squeezed(part)), "{part:?} is not in the frame:\n{frame}");
        }
        insta::assert_snapshot!(format!("question_{}_{}", title, if *lang == Lang::En { "en" } else { "ja" }), frame);
    }
}

#[test]
fn why_is_exec_blocked_for_family() {
    asked(
        "why_is_exec_blocked",
        "4m<tab><enter><down>",
        &[
            (
                Lang::En,
                &[
                    "agent family (2 of 2)",
                    "exec: main session, owner",
                    "agents.entries.family.tools.deny denies it by \"exec\"",
                ],
            ),
            (
                Lang::Ja,
                &["エージェント family (2/2)", "agents.entries.family.tools.deny の \"exec\" で拒否されています"],
            ),
        ],
    );
}

#[test]
fn why_is_gateway_blocked_for_those_who_write_to_main() {
    asked(
        "why_is_gateway_blocked",
        "4m<down><enter><down><down><down><right>",
        &[
            (Lang::En, &["gateway: main session, others", "OpenClaw keeps it for owners; commands.ownerAllowFrom"]),
            (Lang::Ja, &["所有者専用のツールです", "commands.ownerAllowFrom"]),
        ],
    );
}

/// Public, and everything accepted that it recommends, however many screens that takes; then Review.
fn public() -> String {
    format!("<down><down><space>{}8", "<enter>".repeat(60))
}

#[test]
fn what_does_public_lose() {
    asked(
        "what_does_public_lose",
        &format!("{}<tab><tab><tab>", public()),
        &[
            (Lang::En, &["[What stops ", "can no longer call", "By", "To keep it"]),
            (Lang::Ja, &["[使えなくなるもの ", "で使えなくなるツール", "原因", "残すには"]),
        ],
    );
}

#[test]
fn who_gets_in_now() {
    asked(
        "who_gets_in",
        "",
        &[
            (Lang::En, &["Ways in", " now -> ", "Most direct: a stranger's DM -> telegram"]),
            (Lang::Ja, &["外部からの経路", "第三者の DM -> telegram"]),
        ],
    );
}

#[test]
fn does_public_leave_a_way_in() {
    asked(
        "does_public_leave_a_way",
        &format!("{}<tab><tab><tab><tab>", public()),
        &[
            (Lang::En, &["[Ways in ", "Ways in: ", "with the changes that are on."]),
            (Lang::Ja, &["[経路 ", "外部からの経路: 今 "]),
        ],
    );
}

#[test]
fn the_matrix_reaches_every_cell_and_closes_again() {
    let opened = frame("4m", Lang::En, (80, 24));
    assert!(opened.contains("agent main (1 of 2)") && opened.contains("+ Run programs"), "{opened}");
    let last = frame("4m<end><right><right><right><right>", Lang::En, (80, 24));
    assert!(last.contains("> + Plugins and MCP"), "{last}");
    let servers = frame("4m<end><enter><down>", Lang::En, (160, 50));
    assert!(servers.contains("github__*"), "{servers}");
    assert!(frame("4m<esc>", Lang::En, (80, 24)).contains("What can an agent call?"));
    let reason = frame("4m<enter><down><enter>", Lang::Ja, (80, 24));
    assert!(reason.contains("exec: メインセッション"), "{reason}");
}

#[test]
fn a_decision_shows_in_the_matrix_as_before_and_after() {
    let decided = frame("4<space>m", Lang::En, (80, 24));
    assert!(decided.contains(" -> "), "{decided}");
}
