use super::*;
use crate::text::Lang;
use serde_json::json;

fn issues(source: Value) -> Vec<Issue> {
    validate(&source, &Facts::default())
}

fn said(source: Value) -> Vec<String> {
    issues(source).iter().map(|issue| issue.message.of(Lang::En)).collect()
}

#[test]
fn an_unknown_key_is_named_whole_with_the_nearest_one() {
    let found = issues(json!({"gateway": {"bnid": "lan"}}));
    assert_eq!(found[0].kind, IssueKind::UnknownKey);
    assert_eq!(found[0].path.to_string(), "gateway.bnid");
    assert_eq!(found[0].nearest.as_deref(), Some("gateway.bind"));
    assert_eq!(found[0].message.of(Lang::En), "unknown key \"gateway.bnid\". Closest: gateway.bind");
    assert_eq!(found[0].message.of(Lang::Ja), "未知のキー \"gateway.bnid\"。近いキー: gateway.bind");
    assert_eq!(said(json!({"zzz": 1})), ["unknown key \"zzz\""]);
}

#[test]
fn a_value_that_is_not_allowed_is_shown_with_those_that_are() {
    let found = issues(json!({"gateway": {"bind": "lann"}}));
    assert_eq!(found[0].allowed, ["auto", "lan", "loopback", "custom", "tailnet"]);
    assert_eq!(found[0].nearest.as_deref(), Some("lan"));
    assert_eq!(said(json!({"gateway": {"port": 0}})), ["\"gateway.port\" cannot be 0. Allowed: >= 1, <= 65535"]);
}

#[test]
fn a_wrong_type_and_a_missing_key_are_told() {
    assert_eq!(said(json!({"gateway": {"port": "80"}})), ["\"gateway.port\" must be integer, not string"]);
    let found = issues(json!({"auth": {"profiles": {"a": {"mode": "token"}}}}));
    assert_eq!((found[0].kind, found[0].path.to_string()), (IssueKind::Missing, "auth.profiles.a.provider".into()));
}

#[test]
fn of_several_shapes_the_one_that_is_meant_speaks() {
    let found =
        issues(json!({"gateway": {"auth": {"token": {"source": "env", "provider": "default", "id": "lower"}}}}));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path.to_string(), "gateway.auth.token.id");
}

#[test]
fn a_secret_is_never_shown() {
    for source in [
        json!({"gateway": {"auth": {"token": {"source": "env", "provider": "default", "id": "hunter2"}}}}),
        json!({"hooks": {"token": ["hunter2"]}}),
        json!({"proxy": {"proxyUrl": 5}}),
        json!({"mcp": {"servers": {"a": {"env": {"KEY": ["hunter2"]}}}}}),
    ] {
        for sentence in said(source) {
            assert!(!sentence.contains("hunter2"), "{sentence}");
        }
    }
}

#[test]
fn paths_lead_to_the_text_of_an_old_roster() {
    let found = issues(json!({"agents": {"list": [{"id": "a"}, {"id": "b", "default": true, "tols": {}}]}}));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path.to_string(), "agents.list[1].tols");
    assert_eq!(found[0].nearest.as_deref(), Some("agents.list[1].tools"));
}

#[test]
fn what_other_plugins_may_know_is_not_judged() {
    let known = json!({"channels": {"telegram": {"nope": 1}, "mine": {}}});
    assert_eq!(issues(known.clone()).len(), 2);
    let mut open = known;
    open["plugins"] = json!({"load": {"paths": ["/opt/plugin"]}});
    assert_eq!(issues(open), []);
}

#[test]
fn variables_count_as_their_values() {
    let source = json!({"gateway": {"bind": "${BIND}"}});
    assert_eq!(issues(source.clone()).len(), 1);
    let mut facts = Facts::default();
    facts.env.insert("BIND".into(), "loopback".into());
    assert_eq!(validate(&source, &facts), []);
}

#[test]
fn whole_numbers_may_be_written_with_a_point() {
    assert_eq!(issues(json!({"gateway": {"port": 18789.0}})), []);
    assert_eq!(issues(json!({"gateway": {"port": 18789.5}})).len(), 1);
}

#[test]
fn anything_at_all_is_judged_without_a_panic() {
    for source in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"agents": null}),
        json!({"agents": {"list": 5}}),
        json!({"channels": []}),
    ] {
        assert!(!issues(source).is_empty());
    }
}

#[test]
fn secrets_are_known_by_schema_and_by_name() {
    for path in [
        "gateway.auth.token",
        "channels.telegram.botToken",
        "channels.discord.accounts.x.token",
        "models.providers.p.apiKey",
        "models.providers.p.headers.Authorization",
        "env.vars.ANYTHING",
        "mcp.servers.s.env.KEY",
        "skills.entries.s.apiKey",
        "hooks.token",
        "channels.whatever.appSecret",
        "gateway.remote.edgeAuth.X-Key",
        "talk.providers.p.apiKey",
    ] {
        assert!(is_secret(&Path::from(path)), "{path}");
    }
    for path in [
        "gateway.auth.mode",
        "gateway.port",
        "models.providers.p.maxTokens",
        "gateway.auth.token.source",
        "tools.exec.mode",
        "desktop.host.passwordFile",
        "agents.defaults.model",
    ] {
        assert!(!is_secret(&Path::from(path)), "{path}");
    }
}

#[test]
fn the_nearest_name_is_near() {
    let names = ["bind", "port", "auth", "controlUi"];
    assert_eq!(nearest("bnid", names), Some("bind"));
    assert_eq!(nearest("controlui", names), Some("controlUi"));
    assert_eq!(nearest("host", names), None);
    assert_eq!(nearest("", names), None);
}
