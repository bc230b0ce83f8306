use super::*;
use crate::posture::testing::{Case, case, recommended};
use crate::posture::{KEEP, Weight};
use crate::text::Lang;
use serde_json::json;

fn channel(id: &str, channel: Value) -> Value {
    json!({"channels": {id: channel}})
}

fn telegram(config: Value) -> Value {
    channel("telegram", config)
}

fn telegram_of(case: &Case) -> Value {
    case.result()["channels"]["telegram"].clone()
}

#[test]
fn senders_get_conversations_of_their_own_when_it_is_asked_for() {
    for source in [json!({}), json!({"session": {"dmScope": "main"}})] {
        for posture in Posture::ALL {
            assert_eq!(
                case(source.clone()).posture(posture).becomes("session.dmScope"),
                Some("per-channel-peer".into())
            );
        }
        assert_eq!(case(source.clone()).only_safe().result()["session"], source["session"]);
    }
}

#[test]
fn a_stricter_session_scope_stays_and_only_stricter_ones_are_offered() {
    for scope in ["per-peer", "per-channel-peer", "per-account-channel-peer"] {
        let case = case(json!({"session": {"dmScope": scope}}));
        assert_eq!(case.becomes("session.dmScope"), Some(scope.into()));
        let row = case.row("session.dmScope@session.dmScope").expect("a row").row;
        assert!(row.choices.iter().all(|choice| choice.value != "main" && choice.value != scope));
    }
}

#[test]
fn bindings_are_held_to_the_same() {
    let source = json!({
        "agents": {"entries": {"main": {}}},
        "session": {"dmScope": "per-peer", "groupScope": "main"},
        "bindings": [
            {"agentId": "main", "match": {"channel": "telegram"}},
            {"agentId": "main", "match": {"channel": "slack"}, "session": {"dmScope": "main", "groupScope": "main"}},
        ],
    });
    let result = case(source).result();
    assert_eq!(result["session"], json!({"dmScope": "per-peer", "groupScope": "per-group"}));
    assert_eq!(result["bindings"][0].get("session"), None);
    assert_eq!(result["bindings"][1]["session"], json!({"dmScope": "per-channel-peer", "groupScope": "per-group"}));
}

#[test]
fn core_policies_always_make_a_row_and_absent_flags_none() {
    let plan = case(telegram(json!({"enabled": false}))).plan();
    let keys: Vec<String> =
        plan.rows.iter().filter(|row| row.control.step == Step::Pairing).map(crate::plan::Planned::key).collect();
    assert_eq!(
        keys,
        [
            "session.dmScope@session.dmScope",
            "pairing.dmPolicy@channels.telegram.dmPolicy",
            "pairing.groupPolicy@channels.telegram.groupPolicy"
        ]
    );
}

#[test]
fn an_open_dm_policy_becomes_pairing_everywhere() {
    let source = telegram(json!({
        "enabled": false, "dmPolicy": "open", "allowFrom": ["*"],
        "accounts": {"two": {"dmPolicy": "open"}},
        "direct": {"5": {"dmPolicy": "open", "allowFrom": ["*"]}},
    }));
    for posture in Posture::ALL {
        let result = telegram_of(&case(source.clone()).posture(posture));
        assert_eq!(result["dmPolicy"], "pairing");
        assert_eq!(result["accounts"]["two"]["dmPolicy"], "pairing");
        assert_eq!(result["direct"]["5"]["dmPolicy"], "pairing");
    }
    assert_eq!(telegram_of(&case(source.clone()).only_safe()), source["channels"]["telegram"]);
}

#[test]
fn matrix_has_its_policy_within_dm() {
    let source = channel("matrix", json!({"dm": {"policy": "open", "allowFrom": ["*"]}}));
    let result = case(source).result();
    assert_eq!(result["channels"]["matrix"]["dm"], json!({"policy": "pairing", "allowFrom": []}));
}

#[test]
fn open_without_a_wildcard_admits_the_listed_alone_so_pairing_would_loosen_it() {
    let case = case(telegram(json!({"dmPolicy": "open", "allowFrom": ["7"]})));
    assert_eq!(telegram_of(&case), json!({"dmPolicy": "allowlist", "allowFrom": ["7"]}));
    let row = case.row("pairing.dmPolicy@channels.telegram.dmPolicy").expect("a row").row;
    assert!(row.choices.iter().all(|choice| choice.value != "pairing"));
    assert!(row.field.is_none());
}

#[test]
fn a_channel_without_pairing_gets_an_allowlist() {
    let source = channel("synology-chat", json!({"dmPolicy": "open", "allowedUserIds": ["*", "7"]}));
    let result = case(source).result();
    assert_eq!(result["channels"]["synology-chat"], json!({"dmPolicy": "allowlist", "allowedUserIds": ["7"]}));
}

#[test]
fn stricter_dm_policies_stay_and_nothing_looser_is_offered() {
    let offered = |policy: &str| {
        let case = case(telegram(json!({"dmPolicy": policy, "allowFrom": ["7"]})));
        assert_eq!(case.becomes("channels.telegram.dmPolicy"), Some(policy.into()));
        let row = case.row("pairing.dmPolicy@channels.telegram.dmPolicy").expect("a row").row;
        row.choices.iter().map(|choice| choice.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(offered("pairing"), [KEEP, "allowlist", "disabled"]);
    assert_eq!(offered("allowlist"), [KEEP, "disabled"]);
    assert_eq!(offered("disabled"), [KEEP]);
}

#[test]
fn typed_ids_make_an_allowlist() {
    let key = "pairing.dmPolicy@channels.telegram.dmPolicy";
    let source = telegram(json!({"dmPolicy": "open", "allowFrom": ["*"]}));
    let typed = case(source.clone()).type_in(key, "7\n 8 ");
    assert_eq!(telegram_of(&typed), json!({"dmPolicy": "allowlist", "allowFrom": ["7", "8"]}));
    assert!(typed.becomes("commands").is_none(), "real ids need no guard");
    for wrong in ["", "*", "7\n*"] {
        assert!(case(source.clone()).type_in(key, wrong).row(key).is_some_and(|row| row.refused.is_some()), "{wrong}");
    }
}

#[test]
fn open_groups_are_listed_and_for_the_public_shut() {
    for (id, open) in [("telegram", "open"), ("feishu", "allowall"), ("discord", "open"), ("defaults", "open")] {
        let path = format!("channels.{id}.groupPolicy");
        let source = channel(id, json!({ "groupPolicy": open }));
        for (posture, policy) in Posture::ALL.into_iter().zip(["allowlist", "allowlist", "disabled"]) {
            assert_eq!(case(source.clone()).posture(posture).becomes(&path), Some(policy.into()), "{id}");
        }
        assert_eq!(case(source).only_safe().becomes(&path), Some(open.into()));
    }
}

#[test]
fn groups_topics_and_accounts_are_held_to_the_same() {
    let source = telegram(json!({
        "groups": {"-1": {"groupPolicy": "open", "topics": {"7": {"groupPolicy": "open", "requireMention": false}}}},
        "accounts": {"two": {"groupPolicy": "open", "groups": {"*": {"requireMention": false}}}},
    }));
    let result = telegram_of(&case(source));
    assert_eq!(result["groups"]["-1"]["groupPolicy"], "allowlist");
    assert_eq!(result["groups"]["-1"]["topics"]["7"], json!({"groupPolicy": "allowlist", "requireMention": true}));
    assert_eq!(result["accounts"]["two"]["groupPolicy"], "allowlist");
    assert_eq!(result["accounts"]["two"]["groups"]["*"]["requireMention"], true);
}

#[test]
fn typed_ids_go_to_the_list_that_the_schema_has() {
    let typed = |source: Value, path: &str| {
        let case = case(source).type_in(&format!("pairing.groupPolicy@{path}.groupPolicy"), "7");
        let result = case.result();
        Path::from(path).of(&result).cloned().unwrap_or_default()
    };
    let open = json!({"groupPolicy": "open"});
    let listed = json!({"groupPolicy": "allowlist", "groupAllowFrom": ["7"]});
    assert_eq!(typed(telegram(open.clone()), "channels.telegram"), listed);
    assert_eq!(typed(telegram(json!({"accounts": {"two": open}})), "channels.telegram.accounts.two"), listed);
    let in_group = typed(telegram(json!({"groups": {"g": open}})), "channels.telegram.groups.g");
    assert_eq!(in_group, json!({"groupPolicy": "allowlist", "allowFrom": ["7"]}));
    let row = case(channel("discord", open)).row("pairing.groupPolicy@channels.discord.groupPolicy").expect("a row");
    assert!(row.row.field.is_none(), "Discord lists guilds, not senders");
}

#[test]
fn a_wildcard_goes_and_the_ids_beside_it_stay() {
    let source = telegram(
        json!({"allowFrom": ["*", 7], "groupAllowFrom": [8, "*"], "groups": {"-1": {"allowFrom": ["*", "9"]}}}),
    );
    let case = case(source);
    assert_eq!(
        telegram_of(&case),
        json!({"allowFrom": [7], "groupAllowFrom": [8], "groups": {"-1": {"allowFrom": ["9"]}}})
    );
    assert_eq!(case.becomes("commands"), None);
}

#[test]
fn an_empty_list_closes_slash_commands_too() {
    for source in [
        telegram(json!({"allowFrom": ["*"]})),
        telegram(json!({"groupAllowFrom": ["*"]})),
        telegram(json!({"groups": {"-1": {"allowFrom": ["*"]}}})),
    ] {
        let case = case(source);
        assert_eq!(case.becomes("commands.allowFrom"), Some(json!({"telegram": []})));
        assert_eq!(case.only_safe().becomes("commands"), None);
    }
}

#[test]
fn the_effect_says_that_slash_commands_close() {
    let row = case(telegram(json!({"allowFrom": ["*"]})))
        .row("pairing.allowFrom@channels.telegram.allowFrom")
        .expect("a row");
    let choice = &row.row.choices[row.row.recommended];
    assert_eq!(choice.weight, Weight::Ask);
    for lang in [Lang::En, Lang::Ja] {
        assert!(choice.effect.of(lang).contains("commands.allowFrom.telegram"));
    }
}

#[test]
fn commands_that_something_else_decides_need_no_guard() {
    for commands in [
        json!({"allowFrom": {"telegram": ["7"]}}),
        json!({"allowFrom": {"*": ["7"]}}),
        json!({"ownerAllowFrom": ["telegram:7"]}),
        json!({"ownerAllowFrom": ["7"]}),
    ] {
        let mut source = telegram(json!({"allowFrom": ["*"]}));
        source["commands"] = commands.clone();
        assert_eq!(case(source).becomes("commands"), Some(commands));
    }
    let mut source = telegram(json!({"allowFrom": ["*"]}));
    source["commands"] = json!({"ownerAllowFrom": ["discord:7", "*"]});
    assert_eq!(case(source).becomes("commands.allowFrom.telegram"), Some(json!([])), "no owner here");
}

#[test]
fn members_of_a_guild_lose_slash_commands_and_listed_senders_keep_them() {
    let source = channel("discord", json!({"allowFrom": ["7"], "guilds": {"1": {"users": ["*"]}}}));
    let case = case(source);
    assert_eq!(case.becomes("channels.discord.guilds.1.users"), Some(json!([])));
    assert_eq!(case.becomes("commands.allowFrom.discord"), Some(json!(["7"])));
}

#[test]
fn ids_of_one_account_get_no_commands_in_another() {
    let source = channel(
        "discord",
        json!({"accounts": {"a": {"allowFrom": ["7"], "guilds": {"1": {"users": ["*"]}}}, "b": {"allowFrom": ["8"]}}}),
    );
    assert_eq!(case(source).becomes("commands.allowFrom.discord"), Some(json!([])));
}

#[test]
fn a_wildcard_for_commands_leaves_its_list_in_place() {
    let mut source = telegram(json!({}));
    source["commands"] = json!({"allowFrom": {"*": ["7", "*"], "telegram": ["*"]}});
    assert_eq!(case(source.clone()).becomes("commands.allowFrom"), Some(json!({"*": ["7"], "telegram": []})));
    let typed = case(source).type_in("commands.allowFrom@commands.allowFrom.telegram", "9");
    assert_eq!(typed.becomes("commands.allowFrom.telegram"), Some(json!(["9"])));
}

#[test]
fn a_policy_that_was_kept_open_closes_with_its_wildcard() {
    let source = telegram(json!({"dmPolicy": "open", "allowFrom": ["*"], "accounts": {"two": {"dmPolicy": "open"}}}));
    let result = telegram_of(
        &case(source)
            .choose("pairing.dmPolicy@channels.telegram.dmPolicy", KEEP)
            .choose("pairing.dmPolicy@channels.telegram.accounts.two.dmPolicy", KEEP),
    );
    assert_eq!((&result["dmPolicy"], &result["accounts"]["two"]["dmPolicy"]), (&"pairing".into(), &"pairing".into()));
}

#[test]
fn channels_no_longer_change_the_config_nor_skip_their_guards() {
    let source = json!({"channels": {
        "discord": {"configWrites": true, "dangerouslyAllowNameMatching": true, "accounts": {"a": {"dangerouslyAllowNameMatching": true}}},
        "mattermost": {"network": {"dangerouslyAllowPrivateNetwork": true}},
    }});
    let result = case(source.clone()).result();
    let discord = &result["channels"]["discord"];
    assert_eq!((&discord["configWrites"], &discord["dangerouslyAllowNameMatching"]), (&false.into(), &false.into()));
    assert_eq!(discord["accounts"]["a"]["dangerouslyAllowNameMatching"], false);
    assert_eq!(result["channels"]["mattermost"]["network"]["dangerouslyAllowPrivateNetwork"], false);
    assert_eq!(case(source.clone()).only_safe().result()["channels"], source["channels"]);
}

#[test]
fn an_ask_is_recommended_and_named_for_its_place() {
    let source = telegram(json!({"accounts": {"two": {"dmPolicy": "open", "allowFrom": ["*"]}}}));
    let row = case(source).row("pairing.dmPolicy@channels.telegram.accounts.two.dmPolicy").expect("a row").row;
    assert_eq!(recommended(&row), "pairing");
    assert_eq!(row.whose.as_ref().map(|whose| whose.of(Lang::En)), Some("telegram.accounts.two".to_owned()));
}

#[test]
fn every_channel_takes_what_is_written_to_it() {
    for id in WITH_PAIRING.into_iter().filter(|id| *id != "matrix") {
        let source = channel(id, json!({"dmPolicy": "open", "allowFrom": ["*"]}));
        let key = format!("pairing.dmPolicy@channels.{id}.dmPolicy");
        assert_eq!(case(source.clone()).plan().issues, [], "{id}");
        assert_eq!(case(source.clone()).becomes(&format!("channels.{id}.dmPolicy")), Some("pairing".into()));
        for choice in ["allowlist", "disabled"] {
            case(source.clone()).choose(&key, choice).result();
        }
        case(source).type_in(&key, "7").result();
    }
    // The channel for OpenClaw's own tests is in the schema, but not in what is installed.
    for id in WITH_GROUP_SENDERS.into_iter().filter(|id| *id != "qa-channel").chain(["discord", "slack"]) {
        let source = channel(id, json!({"groupPolicy": "open"}));
        let key = format!("pairing.groupPolicy@channels.{id}.groupPolicy");
        assert_eq!(case(source.clone()).plan().issues, [], "{id}");
        for choice in ["allowlist", "disabled"] {
            case(source.clone()).choose(&key, choice).result();
        }
        if WITH_GROUP_SENDERS.contains(&id) {
            let typed = case(source).type_in(&key, "7").becomes(&format!("channels.{id}.groupAllowFrom"));
            assert_eq!(typed, Some(json!(["7"])), "{id}");
        }
    }
}

#[test]
fn ids_with_blanks_quotes_or_commas_are_refused() {
    for typed in ["my friend", "\"111\"", "111,222", "it's", "111\n2 2"] {
        assert!(read_ids(typed).is_err(), "{typed}");
    }
    assert_eq!(
        read_ids(" 111 \n\n+15551234567\n@you:example.org"),
        Ok(vec!["111", "+15551234567", "@you:example.org"])
    );
}

#[test]
fn what_closes_with_a_wildcard_is_named() {
    let open = |ids: Value| telegram(json!({"dmPolicy": "open", "allowFrom": ids}));
    for ids in [json!(["111", "*"]), json!(["*"])] {
        let row = case(open(ids.clone())).choose("pairing.dmPolicy@channels.telegram.dmPolicy", KEEP);
        let row = row.row("pairing.allowFrom@channels.telegram.allowFrom").expect("a row");
        let effect = row.row.choices[row.row.recommended].effect.of(Lang::En);
        assert!(effect.contains("channels.telegram.dmPolicy = "), "{ids}: {effect}");
    }
    let closed = case(telegram(json!({"dmPolicy": "pairing", "allowFrom": ["111", "*"]})));
    let row = closed.row("pairing.allowFrom@channels.telegram.allowFrom").expect("a row");
    assert!(!row.row.choices[row.row.recommended].effect.of(Lang::En).contains("dmPolicy"));
}
