use super::*;
use crate::posture::testing::{GATEWAY_SECRET, HOOKS_SECRET, case, recommended};
use crate::posture::{KEEP, Weight};
use crate::text::Lang;

const STRONG: &str = "f3a9c1d07be24865a1b2c3d4e5f60718293a4b5c6d7e8f90";
const OTHER: &str = "a0f9e8d7c6b5a4938271605f4e3d2c1b0a9f8e7d6c5b4a39";

/// A gateway that is fine, with changes.
fn gateway(changes: Value) -> Value {
    let mut gateway = json!({"mode": "local", "bind": "loopback", "auth": {"mode": "token", "token": STRONG}});
    merge(&mut gateway, &changes);
    json!({ "gateway": gateway })
}

fn merge(into: &mut Value, changes: &Value) {
    for (key, value) in changes.as_object().into_iter().flatten() {
        match into.get_mut(key) {
            Some(inner) if inner.is_object() && value.is_object() => merge(inner, value),
            _ => into[key] = value.clone(),
        }
    }
}

#[test]
fn an_empty_config_gets_a_mode_and_a_token_and_all_of_it_is_safe() {
    let result = case(json!({})).only_safe().result();
    assert_eq!(result["gateway"]["mode"], "local");
    assert_eq!(result["gateway"]["auth"], json!({"mode": "token", "token": GATEWAY_SECRET}));
}

#[test]
fn a_fine_gateway_stays_as_it_is_for_a_person() {
    assert_eq!(case(gateway(json!({}))).result()["gateway"], gateway(json!({}))["gateway"]);
}

#[test]
fn shared_and_public_always_limit_failed_attempts_and_close_the_terminal() {
    for posture in [Posture::Shared, Posture::Public] {
        let case = case(gateway(json!({}))).posture(posture);
        assert_eq!(case.becomes("gateway.auth.rateLimit.maxAttempts"), Some(10.into()));
        assert_eq!(case.becomes("gateway.terminal.enabled"), Some(false.into()));
    }
}

#[test]
fn an_open_bind_becomes_loopback_when_it_is_asked_for() {
    for bind in ["lan", "auto", "tailnet", "custom"] {
        let case = case(gateway(json!({"bind": bind, "customBindHost": "10.0.0.5"})));
        let row = case.row("gateway.bind@gateway.bind").expect("a row");
        assert_eq!(row.row.choices[row.row.recommended].weight, Weight::Ask, "{bind}");
        assert_eq!(case.becomes("gateway.bind"), Some("loopback".into()));
        assert_eq!(case.becomes("gateway.customBindHost"), None);
    }
}

#[test]
fn old_names_of_addresses_are_understood() {
    for (bind, weight) in
        [("127.0.0.1", Weight::Safe), ("[::1]", Weight::Safe), ("0.0.0.0", Weight::Ask), ("*", Weight::Ask)]
    {
        let row = case(gateway(json!({ "bind": bind }))).row("gateway.bind@gateway.bind").expect("a row");
        assert_eq!(
            (recommended(&row.row), row.row.choices[row.row.recommended].weight),
            ("loopback", weight),
            "{bind}"
        );
    }
}

#[test]
fn a_custom_bind_to_this_machine_is_loopback_already() {
    let case = case(gateway(json!({"bind": "custom", "customBindHost": "127.0.0.1"}))).only_safe();
    assert_eq!(case.becomes("gateway.bind"), Some("loopback".into()));
}

#[test]
fn tailnet_is_offered_only_where_it_is_narrower() {
    let offers = |changes: Value| {
        let row = case(gateway(changes)).row("gateway.bind@gateway.bind").expect("a row");
        row.row.choices.iter().any(|choice| choice.value == "tailnet")
    };
    assert!(offers(json!({"bind": "lan"})));
    assert!(!offers(json!({"bind": "auto"})), "outside a container, auto listens on loopback");
    assert!(!offers(json!({"bind": "loopback"})));
    assert!(!offers(json!({"bind": "tailnet"})));
}

#[test]
fn in_a_container_an_open_bind_stays_and_is_guarded_instead() {
    let case = case(gateway(json!({"bind": "lan"}))).in_container();
    let gateway = &case.result()["gateway"];
    assert_eq!(gateway["bind"], "lan");
    assert_eq!(gateway["controlUi"]["allowedOrigins"], json!(["http://localhost:18789", "http://127.0.0.1:18789"]));
    assert!(gateway["auth"]["rateLimit"].is_object());
    let row = case.row("gateway.bind@gateway.bind").expect("a row").row;
    assert!(row.choices[0].effect.of(Lang::En).contains("published ports"));
}

#[test]
fn in_a_container_a_bind_that_is_not_set_counts_as_open() {
    let source = json!({"gateway": {"mode": "local", "auth": {"mode": "token", "token": STRONG}}});
    let case = case(source).in_container();
    assert_eq!(case.becomes("gateway.bind"), None);
    assert!(case.becomes("gateway.controlUi.allowedOrigins").is_some());
}

#[test]
fn in_a_container_a_new_token_is_asked_for_since_a_variable_may_hold_one() {
    let case = case(json!({"gateway": {"mode": "local", "bind": "lan"}})).in_container().only_safe();
    assert_eq!(
        case.becomes("gateway.auth"),
        Some(json!({"rateLimit": {"maxAttempts": 10, "windowMs": 60000, "lockoutMs": 300000}}))
    );
}

#[test]
fn a_funnel_becomes_serve_for_a_person_and_goes_off_for_others() {
    let source = gateway(
        json!({"tailscale": {"mode": "funnel", "preserveFunnel": true}, "auth": {"mode": "password", "password": OTHER}}),
    );
    let personal = case(source.clone()).result();
    assert_eq!(personal["gateway"]["tailscale"], json!({"mode": "serve", "preserveFunnel": false}));
    assert_eq!(personal["gateway"]["auth"]["mode"], "password");
    for posture in [Posture::Shared, Posture::Public] {
        assert_eq!(case(source.clone()).posture(posture).becomes("gateway.tailscale.mode"), Some("off".into()));
    }
}

#[test]
fn leaving_the_funnel_lets_nobody_in_by_tailscale_who_needed_the_token() {
    let case = case(gateway(json!({"tailscale": {"mode": "funnel"}})));
    assert_eq!(case.becomes("gateway.auth.allowTailscale"), Some(false.into()));
}

#[test]
fn a_funnel_that_stays_gets_a_password_and_never_a_token() {
    let source = json!({"gateway": {"mode": "local", "tailscale": {"mode": "funnel"}, "auth": {"mode": "none"}}});
    let case = case(source).choose("gateway.tailscale.mode@gateway.tailscale.mode", KEEP);
    let auth = &case.result()["gateway"]["auth"];
    assert_eq!((&auth["mode"], &auth["password"]), (&"password".into(), &GATEWAY_SECRET.into()));
    assert_eq!(auth.get("token"), None);
}

#[test]
fn a_funnel_on_an_open_bind_can_only_go_off() {
    let case = case(gateway(
        json!({"bind": "lan", "tailscale": {"mode": "funnel"}, "auth": {"mode": "password", "password": OTHER}}),
    ))
    .choose("gateway.bind@gateway.bind", KEEP);
    let row = case.row("gateway.tailscale.mode@gateway.tailscale.mode").expect("a row").row;
    assert_eq!(row.choices.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>(), [KEEP, "off"]);
}

#[test]
fn tailscale_identities_need_the_token_too_where_several_people_are() {
    let source = gateway(json!({"tailscale": {"mode": "serve"}}));
    assert_eq!(case(source.clone()).becomes("gateway.auth.allowTailscale"), None);
    assert_eq!(case(source).posture(Posture::Shared).becomes("gateway.auth.allowTailscale"), Some(false.into()));
}

#[test]
fn authentication_that_is_off_is_asked_for_and_one_that_is_implied_is_stated() {
    let none = case(json!({"gateway": {"mode": "local", "auth": {"mode": "none"}}}));
    assert_eq!(none.becomes("gateway.auth"), Some(json!({"mode": "token", "token": GATEWAY_SECRET})));
    let row = none.row("gateway.auth.mode@gateway.auth.mode").expect("a row").row;
    assert_eq!(row.choices[row.recommended].weight, Weight::Ask);
    let unset = case(json!({"gateway": {"mode": "local", "auth": {"token": STRONG}}})).only_safe();
    assert_eq!(unset.becomes("gateway.auth"), Some(json!({"token": STRONG, "mode": "token"})));
}

#[test]
fn a_mode_that_follows_from_a_password_is_left_alone() {
    let source = json!({"gateway": {"mode": "local", "auth": {"password": STRONG}}});
    assert_eq!(case(source.clone()).becomes("gateway.auth"), Some(source["gateway"]["auth"].clone()));
    let unset = case(json!({"gateway": {"mode": "local"}})).env("OPENCLAW_GATEWAY_PASSWORD", STRONG);
    assert_eq!(unset.becomes("gateway.auth"), None);
}

#[test]
fn a_trusted_proxy_without_proxies_gives_way_to_a_token() {
    let proxy = |proxies: Value| {
        gateway(
            json!({"trustedProxies": proxies, "auth": {"mode": "trusted-proxy", "token": null, "trustedProxy": {"userHeader": "x-user"}}}),
        )
    };
    let without = case(proxy(json!([])));
    assert_eq!(without.plan().candidate.value()["gateway"]["auth"]["mode"], "token");
    let with = case(proxy(json!(["10.0.0.2"])));
    assert_eq!(with.plan().candidate.value()["gateway"]["auth"]["mode"], "trusted-proxy");
    assert!(
        with.row("gateway.auth.secret@gateway.auth.token").is_none(),
        "a token would keep the gateway from starting"
    );
}

#[test]
fn a_token_that_stands_elsewhere_gets_no_rival() {
    let source = json!({"gateway": {"mode": "local", "auth": {"mode": "token"}}});
    let token = "gateway.auth.token";
    assert_eq!(case(source.clone()).env("OPENCLAW_GATEWAY_TOKEN", STRONG).becomes(token), None);
    assert_eq!(case(source.clone()).state_env("OPENCLAW_GATEWAY_TOKEN", STRONG).becomes(token), None);
    let mut config = source.clone();
    config["env"] = json!({"vars": {"OPENCLAW_GATEWAY_TOKEN": STRONG}});
    assert_eq!(case(config).becomes(token), None);
    assert_eq!(case(source).becomes(token), Some(GATEWAY_SECRET.into()));
}

#[test]
fn references_are_never_replaced() {
    let env_ref = json!({"source": "env", "provider": "default", "id": "T"});
    for token in [json!("${T}"), env_ref] {
        let source = gateway(json!({"auth": {"token": token}}));
        for case in [case(source.clone()), case(source.clone()).env("T", "short"), case(source).env("T", STRONG)] {
            assert_eq!(case.plan().candidate.value()["gateway"]["auth"]["token"], token);
        }
    }
}

#[test]
fn a_weak_secret_behind_a_reference_is_for_the_administrator() {
    let row = case(gateway(json!({"auth": {"token": "${T}"}})))
        .env("T", "short")
        .row("gateway.auth.secret@gateway.auth.token");
    let row = row.expect("a row").row;
    assert_eq!(row.recommended, 0);
    assert_eq!(row.choices.last().map(|choice| choice.weight), Some(Weight::Manual));
}

#[test]
fn weak_and_published_secrets_are_replaced_when_it_is_asked_for() {
    for token in ["short", "undefined", "change-me-to-a-long-random-token"] {
        let weak = case(gateway(json!({"auth": {"token": token}})));
        assert_eq!(weak.becomes("gateway.auth.token"), Some(GATEWAY_SECRET.into()), "{token}");
        assert_eq!(weak.only_safe().becomes("gateway.auth.token"), Some(token.into()));
    }
    let reused = case(gateway(json!({"auth": {"password": STRONG}})));
    assert_eq!(reused.becomes("gateway.auth.token"), Some(GATEWAY_SECRET.into()));
}

#[test]
fn no_row_shows_a_secret() {
    let source = json!({
        "gateway": {"mode": "local", "auth": {"mode": "token", "token": "hunter2hunter2", "password": "hunter2"}, "remote": {"token": "hunter2"}},
        "hooks": {"enabled": true, "token": "hunter2hunter2"},
    });
    for row in case(source).plan().rows {
        let shown =
            [row.row.current.clone()].into_iter().chain(row.row.choices.iter().map(|choice| choice.effect.clone()));
        for said in shown {
            for lang in [Lang::En, Lang::Ja] {
                let said = said.of(lang);
                assert!(
                    !said.contains("hunter2") && !said.contains(GATEWAY_SECRET) && !said.contains(HOOKS_SECRET),
                    "{said}"
                );
            }
        }
    }
}

#[test]
fn without_a_fresh_secret_none_is_written() {
    let case = case(json!({"gateway": {"mode": "local"}})).without_secrets();
    assert_eq!(case.becomes("gateway.auth.token"), None);
    let row = case.row("gateway.auth.secret@gateway.auth.token").expect("a row").row;
    assert_eq!(row.choices.last().map(|choice| choice.weight), Some(Weight::Manual));
}

#[test]
fn a_gateway_elsewhere_has_no_listener_to_guard() {
    let source =
        json!({"gateway": {"mode": "remote", "bind": "lan", "remote": {"url": "wss://gw.example", "token": "short"}}});
    let remote = case(source.clone()).posture(Posture::Public);
    assert_eq!(remote.becomes("gateway"), Some(source["gateway"].clone()));
    let row = remote.row("gateway.auth.secret@gateway.remote.token").expect("a row").row;
    assert_eq!(row.choices.last().map(|choice| choice.weight), Some(Weight::Manual));
    assert!(remote.row("gateway.bind@gateway.bind").is_none());
}

#[test]
fn a_limit_that_is_set_stays() {
    let limit = json!({"maxAttempts": 3});
    let case = case(gateway(json!({"auth": {"rateLimit": limit}}))).posture(Posture::Public);
    assert_eq!(case.becomes("gateway.auth.rateLimit"), Some(limit));
}

#[test]
fn trusted_proxies_are_never_invented_nor_changed() {
    let case = case(gateway(json!({"trustedProxies": ["0.0.0.0/0"]})));
    assert_eq!(case.becomes("gateway.trustedProxies"), Some(json!(["0.0.0.0/0"])));
    let row = case.row("gateway.trustedProxies@gateway.trustedProxies").expect("a row").row;
    assert_eq!(row.choices.last().map(|choice| choice.weight), Some(Weight::Manual));
}

#[test]
fn devices_that_are_approved_unseen_lose_admin_rights_silently_and_the_rest_when_asked() {
    let approve = json!({"enabled": true, "scopes": ["operator.read", "operator.admin"]});
    let source = gateway(json!({"trustedProxies": ["10.0.0.2"], "auth": {"mode": "trusted-proxy", "token": null,
        "trustedProxy": {"userHeader": "x-user", "deviceAutoApprove": approve}}}));
    let at = |case: crate::posture::testing::Case| {
        case.plan().candidate.value()["gateway"]["auth"]["trustedProxy"]["deviceAutoApprove"].clone()
    };
    assert_eq!(at(case(source.clone()).only_safe()), json!({"enabled": true, "scopes": ["operator.read"]}));
    assert_eq!(at(case(source)), json!({"enabled": false, "scopes": ["operator.read"]}));
}

#[test]
fn the_real_ip_header_is_ignored() {
    let case = case(gateway(json!({"allowRealIpFallback": true})));
    assert_eq!(case.becomes("gateway.allowRealIpFallback"), Some(false.into()));
}
