use super::*;
use crate::document::Document;
use crate::plan::{Answers, Pick, Undecided};
use crate::posture::Posture;
use crate::text::Lang;
use serde_json::json;
use std::sync::Arc;

fn means(engine: Engine) -> Means {
    Means { engine, gateway_secret: "5e".repeat(24), hooks_secret: "a7".repeat(24), ..Means::default() }
}

fn planned(config: &Value, posture: Posture, engine: Engine, picks: &[(&str, &str)]) -> (Plan, Means) {
    let document = Document::parse(config.to_string().as_bytes()).expect("a config");
    let means = means(engine);
    let picks = picks.iter().map(|(key, value)| ((*key).to_owned(), Pick::Choice((*value).to_owned())));
    let answers = Answers { posture, undecided: Undecided::All, picks: picks.collect() };
    let plan = Plan::new(&document, &Arc::default(), &means, &answers).expect("it can be planned");
    (plan, means)
}

/// Is the stops of a kind when everything is taken that a posture recommends.
fn stops(config: Value, posture: Posture, id: &str) -> Vec<Stop> {
    let (plan, means) = planned(&config, posture, Engine::Docker, &[]);
    plan.stops(&means).into_iter().filter(|stop| stop.id == id).collect()
}

/// Is the stops of a kind between two configs, whatever plan there is.
fn between(before: Value, after: Value, engine: Engine, id: &str) -> Vec<String> {
    let load = |value: &Value| Settings::load(value.clone(), Arc::default());
    let edits: Vec<Edit> = after
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| before.get(key) != Some(value))
        .flat_map(|(key, value)| leaves(&Path::root().key(key.as_str()), value))
        .collect();
    let (before, after) = (load(&before), load(&after));
    let scene = Scene { before: &before, after: &after, means: &means(engine), edits: &edits };
    let kinds =
        lost::CONSEQUENCES.iter().chain(channels::CONSEQUENCES).chain(CONSEQUENCES).filter(|kind| kind.id == id);
    kinds.flat_map(|kind| (kind.find)(&scene)).map(|found| found.what.of(Lang::En)).collect()
}

fn leaves(at: &Path, value: &Value) -> Vec<Edit> {
    match value.as_object() {
        Some(map) => map.iter().flat_map(|(key, value)| leaves(&at.key(key.as_str()), value)).collect(),
        None => vec![Edit::set(at, value.clone())],
    }
}

#[track_caller]
fn one(found: Vec<String>, part: &str) {
    assert!(found.len() == 1 && found[0].contains(part), "{found:?}");
}

#[test]
fn tools_that_a_list_takes_away_are_named_with_the_row_that_does_it() {
    let stops = stops(json!({"gateway": {"mode": "local"}}), Posture::Shared, "tools.lost");
    let runtime = stops.iter().find(|stop| stop.what.of(Lang::En).contains("secrets")).expect("it is lost");
    assert!(runtime.causes.iter().any(|cause| cause.path.to_string() == "tools.deny"), "{:?}", runtime.causes);
    assert_eq!(runtime.causes.len(), 1, "{:?}", runtime.causes);
    assert!(!runtime.keep.of(Lang::Ja).is_empty());
}

#[test]
fn tools_that_the_sandbox_takes_away_are_told_apart() {
    let boxed = json!({"agents": {"defaults": {"sandbox": {"mode": "all"}}}});
    let found = between(json!({}), boxed.clone(), Engine::Docker, "sandbox.tools");
    assert!(found.iter().any(|said| said.contains("web_fetch")), "{found:?}");
    assert!(between(json!({}), boxed, Engine::Docker, "tools.lost").is_empty());
}

#[test]
fn mcp_servers_vanish_in_the_sandbox_unless_they_are_allowed_there() {
    let config = |sandbox: Value, tools: Value| {
        json!({"mcp": {"servers": {"github": {}, "old": {"enabled": false}}}, "tools": tools,
            "agents": {"defaults": {"sandbox": sandbox}}})
    };
    let before = config(json!({}), json!({}));
    let after = config(json!({"mode": "all"}), json!({}));
    one(between(before.clone(), after, Engine::Docker, "sandbox.mcp"), "github");
    let kept = config(json!({"mode": "all"}), json!({"sandbox": {"tools": {"alsoAllow": ["bundle-mcp"]}}}));
    assert!(between(before, kept, Engine::Docker, "sandbox.mcp").is_empty());
}

#[test]
fn tools_of_plugins_vanish_in_the_sandbox() {
    let config = |mode: &str| json!({"plugins": {"entries": {"my-plugin": {}}}, "agents": {"defaults": {"sandbox": {"mode": mode}}}});
    one(between(config("off"), config("all"), Engine::Docker, "sandbox.plugins"), "my-plugin");
}

#[test]
fn skills_and_commands_lose_sight_of_the_host() {
    let config = |mode: &str| {
        json!({"skills": {"entries": {"gifgrep": {}}, "load": {"extraDirs": ["~/skills"]}},
            "agents": {"defaults": {"sandbox": {"mode": mode}}}})
    };
    let found = between(config("off"), config("all"), Engine::Docker, "sandbox.skills");
    assert!(found.len() == 2 && found[0].contains("gifgrep") && found[1].contains("~/skills"), "{found:?}");
    one(between(config("off"), config("all"), Engine::Docker, "sandbox.commands"), "main");
}

#[test]
fn strangers_meet_a_pairing_code_or_silence() {
    let config =
        |policy: &str, allow: Value| json!({"channels": {"telegram": {"dmPolicy": policy, "allowFrom": allow}}});
    let before = config("open", json!(["*"]));
    let code = between(before.clone(), config("pairing", json!(["1"])), Engine::Docker, "channel.pairing");
    one(code, "pairing code");
    let silent = between(before.clone(), config("allowlist", json!(["1"])), Engine::Docker, "channel.silence");
    one(silent, "silence");
    assert!(between(before, config("allowlist", json!(["1"])), Engine::Docker, "channel.pairing").is_empty());
}

#[test]
fn groups_that_fall_silent_are_told() {
    let config = |policy: &str| json!({"channels": {"telegram": {"groupPolicy": policy}}});
    one(between(config("open"), config("allowlist"), Engine::Docker, "channel.groups"), "not listed");
    one(between(config("open"), config("disabled"), Engine::Docker, "channel.groups"), "every group");
    assert!(between(config("allowlist"), config("disabled"), Engine::Docker, "channel.groups").is_empty());
}

#[test]
fn an_allowlist_that_comes_out_empty_is_told() {
    let before = json!({"channels": {"telegram": {"groupPolicy": "open"}}});
    let empty = json!({"channels": {"telegram": {"groupPolicy": "allowlist"}}});
    one(between(before.clone(), empty, Engine::Docker, "channel.empty_allowlist"), "groupPolicy");
    let listed = json!({"channels": {"telegram": {"groupPolicy": "allowlist", "groupAllowFrom": ["1"]}}});
    assert!(between(before, listed, Engine::Docker, "channel.empty_allowlist").is_empty());
}

#[test]
fn a_channel_that_nobody_reaches_is_told() {
    let before = json!({"channels": {"telegram": {"dmPolicy": "open", "allowFrom": ["*"]}}});
    let after = json!({"channels": {"telegram": {"dmPolicy": "allowlist", "allowFrom": []}}});
    one(between(before.clone(), after, Engine::Docker, "channel.nobody"), "nobody");
    let pairing = json!({"channels": {"telegram": {"dmPolicy": "pairing", "allowFrom": []}}});
    assert!(between(before, pairing, Engine::Docker, "channel.nobody").is_empty());
}

#[test]
fn an_empty_list_that_opens_slash_commands_is_told_unless_commands_have_a_list() {
    let before = json!({"channels": {"telegram": {"dmPolicy": "pairing", "allowFrom": ["*"]}}});
    let after = json!({"channels": {"telegram": {"dmPolicy": "pairing", "allowFrom": []}}});
    one(between(before.clone(), after, Engine::Docker, "commands.opened"), "slash commands");
    let guarded = json!({"channels": {"telegram": {"dmPolicy": "pairing", "allowFrom": []}}, "commands": {"allowFrom": {"*": ["1"]}}});
    assert!(between(before, guarded, Engine::Docker, "commands.opened").is_empty());
}

#[test]
fn nodes_that_are_cut_off_are_told() {
    let config = |commands: Value, nets: Value| json!({"gateway": {"nodes": {"commands": {"allow": commands}, "pairing": {"autoApproveCidrs": nets}}}});
    let found = between(
        config(json!(["sms.send", "canvas.present"]), json!(["10.0.0.0/8"])),
        config(json!(["canvas.present"]), json!([])),
        Engine::Docker,
        "nodes.cut",
    );
    assert!(found.len() == 2 && found[0].contains("sms.send") && found[1].contains("10.0.0.0/8"), "{found:?}");
}

#[test]
fn hook_callers_that_are_cut_off_are_told() {
    let config = |token: &str, path: &str| json!({"hooks": {"enabled": true, "token": token, "path": path}});
    let found = between(config("a", "/"), config("b", "/hooks"), Engine::Docker, "hooks.cut");
    assert!(found.len() == 2 && found[0].contains("old token") && found[1].contains("/hooks"), "{found:?}");
    assert!(between(config("a", "/hooks"), config("a", "/hooks"), Engine::Docker, "hooks.cut").is_empty());
    assert!(found.iter().all(|said| !said.contains("\"b\"")), "a secret is told");
}

#[test]
fn containers_and_conversations_that_keep_their_old_settings_are_told() {
    let config =
        |network: &str| json!({"agents": {"defaults": {"sandbox": {"mode": "all", "docker": {"network": network}}}}});
    one(between(config("bridge"), config("none"), Engine::Docker, "sandbox.running"), "made anew");
    let exec = |mode: &str| json!({"tools": {"exec": {"mode": mode}}});
    one(between(exec("full"), exec("deny"), Engine::Docker, "sessions.running"), "started anew");
    let scope = |scope: &str| json!({"session": {"dmScope": scope}});
    one(between(scope("main"), scope("per-channel-peer"), Engine::Docker, "sessions.new"), "anew");
}

#[test]
fn mode_non_main_says_what_stays_on_the_host() {
    let config = |mode: &str| json!({"agents": {"defaults": {"sandbox": {"mode": mode}}}});
    one(between(config("off"), config("non-main"), Engine::Docker, "sandbox.non_main"), "stay on the host");
    assert!(between(config("off"), config("all"), Engine::Docker, "sandbox.non_main").is_empty());
}

#[test]
fn a_sandbox_without_engine_or_image_is_told() {
    let config = |mode: &str| json!({"agents": {"defaults": {"sandbox": {"mode": mode}}}});
    one(between(config("off"), config("all"), Engine::None, "sandbox.engine"), "fail");
    assert!(between(config("off"), config("all"), Engine::Docker, "sandbox.engine").is_empty());
    one(between(config("off"), config("all"), Engine::Docker, "sandbox.image"), "openclaw-sandbox:bookworm-slim");
}

#[test]
fn files_approval_and_elevated_that_are_narrowed_are_told() {
    let only = |only: bool| json!({"tools": {"fs": {"workspaceOnly": only}}});
    one(between(only(false), only(true), Engine::Docker, "files.narrowed"), "outside the workspace");
    let exec = |mode: &str| json!({"tools": {"exec": {"mode": mode}}});
    one(between(exec("full"), exec("ask"), Engine::Docker, "exec.asks"), "wait for approval");
    let elevated =
        |enabled: bool| json!({"tools": {"elevated": {"enabled": enabled, "allowFrom": {"telegram": ["1"]}}}});
    one(between(elevated(true), elevated(false), Engine::Docker, "elevated.off"), "telegram");
}

#[test]
fn agents_that_lose_the_same_stand_in_one_sentence() {
    let entries = json!({"a": {}, "b": {}, "c": {"tools": {"deny": ["group:fs"]}}});
    let before = json!({"agents": {"ownership": "explicit", "entries": entries}, "tools": {"deny": []}});
    let after = json!({"agents": {"ownership": "explicit", "entries": entries}, "tools": {"deny": ["read"]}});
    one(between(before, after, Engine::Docker, "tools.lost"), "a, b can no longer call read.");
}

#[test]
fn a_plan_that_changes_nothing_stops_nothing() {
    let keep: Vec<Stop> = {
        let document = Document::parse(b"{}").expect("a config");
        let answers = Answers { undecided: Undecided::Safe, ..Answers::default() };
        let plan = Plan::new(&document, &Arc::default(), &means(Engine::Docker), &answers).expect("it can be planned");
        plan.stops(&means(Engine::Docker))
    };
    assert!(keep.iter().all(|stop| stop.id != "tools.lost"), "{keep:?}");
}

#[test]
fn every_stop_of_a_whole_plan_names_its_change() {
    let config = json!({
        "gateway": {"mode": "local", "nodes": {"commands": {"allow": ["sms.send"]}}},
        "channels": {"telegram": {"dmPolicy": "open", "allowFrom": ["*"], "groupPolicy": "open"}},
        "hooks": {"enabled": true, "token": "short", "path": "/"},
        "tools": {"elevated": {"allowFrom": {"telegram": ["*"]}}},
        "mcp": {"servers": {"github": {}}},
        "skills": {"entries": {"gifgrep": {}}},
    });
    for posture in Posture::ALL {
        let (plan, means) = planned(&config, posture, Engine::Docker, &[]);
        let stops = plan.stops(&means);
        assert!(stops.len() >= 8, "{stops:?}");
        for stop in stops {
            assert!(!stop.causes.is_empty(), "{posture:?} {}: {}", stop.id, stop.what.of(Lang::En));
        }
    }
}
