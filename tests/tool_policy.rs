//! Our tool policy and the real one (OpenClaw 2026.9.6) say the same of configs that `derive/tool-policy.mjs` made up.

use openclaw_harden::settings::Settings;
use openclaw_harden::settings::tools::{Approval, Layer, Mode, Place, Session, ToolContext};
use serde_json::Value;

fn verdicts() -> Value {
    serde_json::from_str(include_str!("derive/tool-policy.json")).unwrap()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

/// Is the tools whose bit is set, the first tool the highest bit of the first digit.
fn named<'t>(tools: &[&'t str], mask: &Value) -> Vec<&'t str> {
    let digits: Vec<u32> = mask.as_str().unwrap().chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    let is_set = |at: usize| digits[at / 4] & (8 >> (at % 4)) != 0;
    tools.iter().enumerate().filter(|(at, _)| is_set(*at)).map(|(_, tool)| *tool).collect()
}

/// Is every context with what the real program says of it, and its config for messages.
fn each(mut look: impl FnMut(&Settings, &Value, &Value)) {
    let verdicts = verdicts();
    let cases = verdicts["cases"].as_array().unwrap();
    assert!(cases.len() >= 50);
    for case in cases {
        let settings = Settings::load(case["config"].clone(), Default::default());
        for context in case["contexts"].as_array().unwrap() {
            look(&settings, context, &case["config"]);
        }
    }
}

fn context(settings: &Settings, verdict: &Value, model: Option<&str>) -> ToolContext {
    match verdict["agent"].as_str() {
        Some(agent) => settings.tool_context_for(agent, model).unwrap(),
        None => settings.default_tool_context(model),
    }
}

#[test]
fn the_audits_view() {
    let all = verdicts();
    let tools = strings(&all["tools"]);
    each(|settings, verdict, config| {
        let context = context(settings, verdict, None);
        let ours: Vec<&str> = tools.iter().copied().filter(|tool| context.audit_allows(tool)).collect();
        assert_eq!(ours, named(&tools, &verdict["audit"]), "{} of {config}", context.label());
    });
}

#[test]
fn the_running_gateways_view() {
    let all = verdicts();
    let tools = strings(&all["tools"]);
    each(|settings, verdict, config| {
        for (sandboxed, session) in verdict["sessions"].as_array().into_iter().flatten().enumerate() {
            for (model, mask) in all["models"].as_array().unwrap().iter().zip(session["models"].as_array().unwrap()) {
                let mut context = context(settings, verdict, model.as_str());
                context.sandbox.mode = [Mode::Off, Mode::All][sandboxed];
                // What the lists let through; exec's own settings and the sandbox's browser come after.
                let passes = |tool: &&str| {
                    let decision = context.decide(tool, Session::Main);
                    let by_list = matches!(decision.key.last_key(), Some("allow" | "alsoAllow" | "deny" | "profile"));
                    decision.allowed || decision.layer == Layer::Exec || !by_list
                };
                let ours: Vec<&str> = tools.iter().copied().filter(passes).collect();
                let what = format!("{} {model} {sandboxed} of {config}", context.label());
                assert_eq!(ours, named(&tools, mask), "{what}");
            }
        }
    });
}

#[test]
fn who_is_asked_before_a_command() {
    each(|settings, verdict, config| {
        for (sandboxed, session) in verdict["sessions"].as_array().into_iter().flatten().enumerate() {
            let mut context = context(settings, verdict, None);
            context.sandbox.mode = [Mode::Off, Mode::All][sandboxed];
            let decision = context.decide("exec", Session::Main);
            let by_list = !decision.allowed && decision.layer != Layer::Exec;
            let [host, security, ask, mode] = strings(&session["exec"])[..] else { unreachable!("four words") };
            let homeless = host == "sandbox" && sandboxed == 0;
            if by_list || homeless {
                continue;
            }
            let place = match host {
                "sandbox" => Place::Sandbox,
                "node" => Place::Node,
                _ => Place::Gateway,
            };
            assert_eq!(decision.place, place, "{config}");
            if place == Place::Sandbox {
                continue;
            }
            let approval = match (security, ask, mode) {
                ("deny", ..) => Approval::Denied,
                (_, "always", _) => Approval::Always,
                ("full", ..) => Approval::None,
                (_, _, "auto") => Approval::Reviewed,
                (_, "on-miss", _) => Approval::OnMiss,
                _ => Approval::Listed,
            };
            assert_eq!(decision.approval, approval, "{} of {config}", context.label());
        }
    });
}
