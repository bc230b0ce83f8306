//! What moves, where to, and what becomes of the files.

use super::*;

fn beside() -> Beside {
    Beside {
        file: "~/.openclaw/secrets.json".into(),
        file_path: "/h/.openclaw/secrets.json".into(),
        ..Beside::default()
    }
}

fn plan_with(config: &str, facts: Facts, beside: &Beside) -> SecretsPlan {
    let source: Source = Document::parse(config.as_bytes()).expect("a config").into();
    SecretsPlan::new(&source, &Arc::new(facts), beside, |_| true).expect("a plan")
}

fn plan(config: &str) -> SecretsPlan {
    plan_with(config, Facts::default(), &beside())
}

fn text(bytes: &Option<Vec<u8>>) -> String {
    String::from_utf8(bytes.clone().unwrap_or_default()).expect("text")
}

fn places(plan: &SecretsPlan) -> Vec<String> {
    let place = |step: &Move| match &step.to {
        To::File(id) => format!("{} file {id}", step.path),
        To::Env(name) => format!("{} env {name}", step.path),
        To::Variable(name) => format!("{} variable {name}", step.path),
    };
    plan.moves.iter().map(place).collect()
}

fn needs_restart(plan: &SecretsPlan) -> bool {
    plan.moves.iter().any(|step| step.to.needs_restart())
}

#[test]
fn a_secret_goes_to_the_file_where_a_reference_is_taken_and_to_the_variables_elsewhere() {
    let plan = plan(
        r#"{
  // mine
  gateway: { mode: 'local', auth: { token: "t0k-t0k-t0k", }, },
  hooks: { enabled: true, token: "h00k-h00k-h00k" },
  env: { vars: { GEMINI_API_KEY: "g3m-g3m-g3m", EDITOR: "vi" } },
}
"#,
    );
    assert_eq!(
        places(&plan),
        [
            "gateway.auth.token file /gateway.auth.token",
            "hooks.token env OPENCLAW_SECRET_HOOKS_TOKEN",
            "env.vars.GEMINI_API_KEY variable GEMINI_API_KEY",
        ]
    );
    assert_eq!(text(&plan.file), "{\n  \"gateway.auth.token\": \"t0k-t0k-t0k\"\n}\n");
    assert_eq!(text(&plan.env), "OPENCLAW_SECRET_HOOKS_TOKEN=h00k-h00k-h00k\nGEMINI_API_KEY=g3m-g3m-g3m\n");
    let config = String::from_utf8_lossy(plan.candidate.root().bytes()).into_owned();
    assert!(config.contains("// mine") && config.contains("EDITOR: \"vi\""), "{config}");
    assert!(config.contains("${OPENCLAW_SECRET_HOOKS_TOKEN}") && !config.contains("GEMINI"), "{config}");
    for value in ["t0k-t0k-t0k", "h00k-h00k-h00k", "g3m-g3m-g3m"] {
        assert!(!config.contains(value) && !format!("{plan:?}").contains(value));
    }
    assert!(needs_restart(&plan) && plan.stay.is_empty());
}

#[test]
fn a_move_to_the_file_alone_needs_no_restart() {
    let plan = plan(r#"{channels: {telegram: {botToken: "1:abcdefgh"}}}"#);
    assert_eq!(places(&plan), ["channels.telegram.botToken file /channels.telegram.botToken"]);
    assert!(!needs_restart(&plan) && plan.env.is_none());
    let providers = Path::from("secrets.providers").of(plan.candidate.value()).cloned();
    let wanted = json!({"local": {"source": "file", "path": "~/.openclaw/secrets.json", "mode": "json"}});
    assert_eq!(providers, Some(wanted));
}

#[test]
fn what_is_there_stays_and_a_second_move_adds_to_it() {
    let config = r#"{
        secrets: {providers: {mine: {source: "file", path: "/h/.openclaw/secrets.json"}, local: {source: "env"}}},
        channels: {telegram: {botToken: "1:abcdefgh"}, discord: {token: "d1sc0rd-d1sc0rd"}},
    }"#;
    let file = br#"{"other": 1, "channels.discord.token": "an older one"}"#.to_vec();
    let plan = plan_with(config, Facts::default(), &Beside { file_text: Some(file), ..beside() });
    assert_eq!(
        places(&plan),
        [
            "channels.telegram.botToken file /channels.telegram.botToken",
            "channels.discord.token file /channels.discord.token_2"
        ]
    );
    let entries: Value = serde_json::from_str(&text(&plan.file)).expect("JSON");
    assert_eq!(
        entries,
        json!({
            "other": 1, "channels.discord.token": "an older one", "channels.telegram.botToken": "1:abcdefgh",
            "channels.discord.token_2": "d1sc0rd-d1sc0rd",
        })
    );
    assert_eq!(Path::from("channels.telegram.botToken.provider").of(plan.candidate.value()), Some(&json!("mine")));
}

#[test]
fn a_name_that_something_else_sets_is_not_used() {
    let config = r#"{hooks: {token: "h00k-h00k-h00k"}}"#;
    let name = "OPENCLAW_SECRET_HOOKS_TOKEN".to_owned();
    let next = ["hooks.token env OPENCLAW_SECRET_HOOKS_TOKEN_2"];
    let mut env = Facts::default();
    env.env.insert(name.clone(), "another".into());
    assert_eq!(places(&plan_with(config, env, &beside())), next);
    let mut state = Facts::default();
    state.state_env.insert(name.clone(), "another".into());
    assert_eq!(places(&plan_with(config, state, &beside())), next);
    let service = Beside { service: BTreeSet::from([name.clone()]), ..beside() };
    assert_eq!(places(&plan_with(config, Facts::default(), &service)), next);
    let inside = format!(r#"{{hooks: {{token: "h00k-h00k-h00k"}}, env: {{vars: {{{name}: "x y"}}}}}}"#);
    assert_eq!(places(&plan(&inside))[0], next[0]);
}

#[test]
fn a_name_that_holds_the_value_already_is_used_again() {
    let mut facts = Facts::default();
    facts.state_env.insert("OPENCLAW_SECRET_HOOKS_TOKEN".into(), "h00k-h00k-h00k".into());
    let env = b"OPENCLAW_SECRET_HOOKS_TOKEN='h00k-h00k-h00k'\n".to_vec();
    let beside = Beside { env_text: Some(env.clone()), ..beside() };
    let plan = plan_with(r#"{hooks: {token: "h00k-h00k-h00k"}}"#, facts, &beside);
    assert_eq!(places(&plan), ["hooks.token env OPENCLAW_SECRET_HOOKS_TOKEN"]);
    assert_eq!(plan.env, Some(env));
}

#[test]
fn a_variable_that_something_else_sets_stays() {
    let mut facts = Facts::default();
    facts.env.insert("OPENAI_API_KEY".into(), "another".into());
    let plan = plan_with(r#"{env: {vars: {OPENAI_API_KEY: "sk-abcdefgh"}}}"#, facts, &beside());
    assert!(plan.moves.is_empty());
    assert_eq!(plan.stay[0].path, Path::from("env.vars.OPENAI_API_KEY"));
}

#[test]
fn values_that_are_hard_to_write_arrive_whole() {
    for value in ["a\nb\n", "it's", "say \"hi\"", "#x y#", "$HOME $1", "back\\slash\\n", "`a` 'b'", " edge "] {
        let config = json!({"hooks": {"token": value}, "gateway": {"auth": {"password": value}}}).to_string();
        let plan = plan(&config);
        assert_eq!(plan.moves.len(), 2, "{value:?}: {:?}", plan.stay);
        let env = dotenv::parse(&text(&plan.env));
        assert_eq!(env["OPENCLAW_SECRET_HOOKS_TOKEN"], value);
    }
}

#[test]
fn what_cannot_be_moved_says_why_and_the_rest_moves() {
    let odd = json!({"hooks": {"token": "'a' \"b\" `c`\n#d\\n"}, "gateway": {"auth": {"mode": "token", "password": "x$${A}y", "token": "t0k-t0k"}}});
    let plan = plan(&odd.to_string());
    assert_eq!(places(&plan), ["gateway.auth.token file /gateway.auth.token"]);
    assert_eq!(plan.stay.len(), 2, "{:?}", plan.stay);
}

#[test]
fn a_file_of_secrets_that_is_none_is_left_alone() {
    let source: Source = Document::parse(br#"{hooks: {token: "h00k"}}"#).expect("a config").into();
    for text in ["[]", "{a: 1}", "", "x"] {
        let beside = Beside { file_text: Some(text.into()), ..beside() };
        assert!(SecretsPlan::new(&source, &Arc::new(Facts::default()), &beside, |_| true).is_err(), "{text}");
    }
}

#[test]
fn nothing_becomes_a_variable_while_a_gateway_runs() {
    let config =
        r#"{hooks: {token: "h00k-h00k"}, env: {vars: {A_KEY: "abcdefgh"}}, channels: {telegram: {botToken: "1:abc"}}}"#;
    let plan = plan_with(config, Facts::default(), &Beside { runs: true, ..beside() });
    assert_eq!(places(&plan), ["channels.telegram.botToken file /channels.telegram.botToken"]);
    assert_eq!((plan.stay.len(), plan.env.is_none(), needs_restart(&plan)), (2, true, false));
}

#[test]
fn only_what_is_wanted_moves() {
    let source: Source =
        Document::parse(br#"{hooks: {token: "h00k-h00k"}, channels: {telegram: {botToken: "1:abc"}}}"#)
            .expect("a config")
            .into();
    let wanted = |path: &Path| *path == Path::from("hooks.token");
    let plan = SecretsPlan::new(&source, &Arc::new(Facts::default()), &beside(), wanted).expect("a plan");
    assert_eq!(places(&plan), ["hooks.token env OPENCLAW_SECRET_HOOKS_TOKEN"]);
}

#[test]
fn versions_before_references_get_variables() {
    let config = r#"{channels: {telegram: {botToken: "1:abcdefgh"}}}"#;
    for (version, is_file) in [("2026.1.29", false), ("2026.3.7", true), ("2026.9.6", true)] {
        let facts = Facts { openclaw: Version::parse(version).expect("a version"), ..Facts::default() };
        let plan = plan_with(config, facts, &beside());
        assert_eq!(matches!(plan.moves[0].to, To::File(_)), is_file, "{version}");
    }
}

#[test]
fn a_value_is_found_however_a_backup_spells_it() {
    let plan = plan(r#"{hooks: {token: "a\"b\nc-long"}, channels: {telegram: {botToken: "short"}}}"#);
    let held = plan.held();
    for text in
        [r#"{"x": "a\"b\nc-long"}"#, r#"{x: 'a"b\nc-long'}"#, r#"{"x": "pre a\"b\nc-long post"}"#, r#"{"x": "short"}"#]
    {
        assert!(held.is_in(text.as_bytes()), "{text}");
    }
    assert!(held.is_in(br#"{broken "a\"b\nc-long""#) && held.is_in(br#"{broken 'short'"#));
    for text in [r#"{"x": "shorter"}"#, "{}", "", "{broken shorter"] {
        assert!(!held.is_in(text.as_bytes()), "{text}");
    }
}

#[test]
fn a_value_that_stands_in_a_comment_too_is_told() {
    let plan = plan("{\n  // was: h00k-h00k-h00k\n  hooks: {token: \"h00k-h00k-h00k\"},\n}");
    assert_eq!(plan.lingers.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_token_beside_a_password_stays_until_the_mode_says_which() {
    let both = r#"{ gateway: { auth: { token: "t0k-t0k-t0k", password: " pa55-pa55-pa55 " } } }"#;
    let stays = plan(both);
    assert_eq!((places(&stays).len(), stays.stay.len()), (0, 2));
    let chosen = plan(&both.replace("auth: {", "auth: { mode: 'password',"));
    assert_eq!(places(&chosen)[1], "gateway.auth.password file /gateway.auth.password");
}
