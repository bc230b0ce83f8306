use super::*;
use crate::checks::example;
use crate::document::Document;
use crate::findings::parse;
use crate::posture::{Engine, Means, Weight};
use crate::settings::{Facts, FileFact, FileRole};
use crate::text::Lang;
use std::sync::Arc;

const OPEN: &str = r#"{
  gateway: {mode: "local", bind: "lan"},
  channels: {telegram: {enabled: true, dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open"}},
  tools: {elevated: {enabled: true, allowFrom: {telegram: ["*"]}}},
}"#;

fn means() -> Means {
    Means { engine: Engine::Docker, gateway_secret: "5e".repeat(24), hooks_secret: "a7".repeat(24), ..Means::default() }
}

fn plan(config: &str, facts: Facts) -> Plan {
    let document = Document::parse(config.as_bytes()).expect("a config");
    Plan::new(document, &Arc::new(facts), &means(), &Answers::default()).expect("a plan")
}

/// A report of the real audit's shape with these ids.
fn report(ids: &[(&str, &str)]) -> Report {
    let findings: Vec<_> = ids
        .iter()
        .map(|(id, severity)| serde_json::json!({ "checkId": id, "severity": severity, "title": "t", "detail": "d", "remediation": "their own words" }))
        .collect();
    let text = serde_json::json!({ "ts": 1, "summary": {}, "findings": findings }).to_string();
    parse(text.as_bytes()).expect("a report")
}

/// A walk with the plan that has its answers.
fn begun(config: &str, ids: &[(&str, &str)]) -> (Walk, Plan) {
    let plan = plan(config, Facts::default());
    let walk = Walk::new(report(ids), &plan, &Answers::default());
    let plan = plan.again(&means(), &walk.answers()).expect("a plan");
    (walk, plan)
}

fn item(walk: &Walk, id: &str) -> Item {
    walk.items().iter().find(|item| item.id == id).unwrap_or_else(|| panic!("no {id}")).clone()
}

/// Takes the best fix of an item.
fn fix(walk: &mut Walk, plan: Plan, id: &str) -> Plan {
    let view = walk.view(&item(walk, id), &plan, &means()).expect("a view");
    walk.decide(id, Decision::Fix(view.fixes[0].remedy.picks.clone()));
    let next = plan.again(&means(), &walk.answers()).expect("a plan");
    walk.learn(id, &plan, &next);
    next
}

#[test]
fn nothing_changes_but_what_is_decided() {
    let (_, plan) = begun(OPEN, &[("gateway.bind_no_auth", "critical")]);
    assert!(plan.edits.is_empty() && plan.changes().is_empty());
}

#[test]
fn the_order_is_that_of_openclaws_guidance_and_what_is_worth_knowing_comes_last() {
    let ids = [
        ("something.new", "warn"),
        ("models.legacy", "info"),
        ("models.weak_tier", "warn"),
        ("plugins.extensions_no_allowlist", "warn"),
        ("fs.config.perms_world_readable", "critical"),
        ("browser.remote_cdp_http", "warn"),
        ("gateway.auth_no_rate_limit", "warn"),
        ("gateway.bind_no_auth", "critical"),
        ("security.exposure.open_groups_with_elevated", "critical"),
    ];
    let (walk, _) = begun(OPEN, &ids);
    let order: Vec<&str> = walk.items().iter().map(|item| item.id.as_str()).collect();
    assert_eq!(
        order,
        [
            "security.exposure.open_groups_with_elevated",
            "gateway.bind_no_auth",
            "gateway.auth_no_rate_limit",
            "browser.remote_cdp_http",
            "fs.config.perms_world_readable",
            "plugins.extensions_no_allowlist",
            "models.weak_tier",
            "something.new",
            "models.legacy",
        ]
    );
}

#[test]
fn every_fix_that_is_offered_closes_its_finding_and_openclaw_takes_the_result() {
    let ids = [("gateway.bind_no_auth", "critical"), ("tools.elevated.allowFrom.telegram.wildcard", "critical")];
    let (walk, plan) = begun(OPEN, &ids);
    for one in walk.items() {
        let view = walk.view(one, &plan, &means()).expect("a view");
        assert!(!view.fixes.is_empty(), "{}: no fix", one.id);
        assert!(!view.lines.is_empty(), "{}: no evidence", one.id);
        for fix in &view.fixes {
            let with = plan.again(&means(), &crate::plan::with(&walk.answers(), &fix.remedy.picks)).expect("a plan");
            assert!(!with.after.iter().any(|finding| one.is(finding)), "{}: {:?}", one.id, fix.remedy.picks);
            assert!(with.issues_after.is_empty() && !fix.diff.is_empty() && fix.remedy.weight > Weight::Keep);
        }
    }
}

#[test]
fn a_gateway_without_auth_can_be_closed_by_loopback_or_by_a_token() {
    let (walk, plan) = begun(OPEN, &[("gateway.bind_no_auth", "critical")]);
    let view = walk.view(&item(&walk, "gateway.bind_no_auth"), &plan, &means()).expect("a view");
    let values: Vec<String> =
        view.fixes.iter().flat_map(|fix| &fix.remedy.picks).map(|(key, pick)| format!("{key} {pick:?}")).collect();
    assert!(values.iter().any(|value| value.starts_with("gateway.bind@") && value.contains("loopback")), "{values:?}");
    assert!(values.iter().any(|value| value.starts_with("gateway.auth")), "{values:?}");
}

#[test]
fn what_one_fix_closes_too_is_closed_and_names_it() {
    let ids = [
        ("security.exposure.open_groups_with_elevated", "critical"),
        ("tools.elevated.allowFrom.telegram.wildcard", "critical"),
    ];
    let (mut walk, plan) = begun(OPEN, &ids);
    let wildcard = "tools.elevated.allowFrom.telegram.wildcard";
    let off = walk.view(&item(&walk, wildcard), &plan, &means()).expect("a view");
    let off = off.fixes.iter().find(|fix| !fix.closes.is_empty()).expect("a fix that closes both");
    assert_eq!(off.closes, ["security.exposure.open_groups_with_elevated"]);
    walk.decide(wildcard, Decision::Fix(off.remedy.picks.clone()));
    let next = plan.again(&means(), &walk.answers()).expect("a plan");
    walk.learn(wildcard, &plan, &next);
    let other = item(&walk, "security.exposure.open_groups_with_elevated");
    assert_eq!(walk.state(&other, &next), State::Closed(Some(wildcard.to_owned())));
    assert_eq!(walk.outcome(&other, &next), Outcome::Fixed(Some(wildcard.to_owned())));
    walk.undo(wildcard);
    let back = next.again(&means(), &walk.answers()).expect("a plan");
    assert_eq!(walk.state(&other, &back), State::Open);
}

#[test]
fn what_the_config_no_longer_shows_is_gone_and_what_no_check_knows_is_foreign() {
    let ids = [("logging.redact_off", "warn"), ("gateway.probe_failed", "warn")];
    let (walk, plan) = begun("{gateway: {mode: \"local\"}}", &ids);
    assert_eq!(walk.state(&item(&walk, "logging.redact_off"), &plan), State::Gone);
    let foreign = item(&walk, "gateway.probe_failed");
    assert_eq!(walk.state(&foreign, &plan), State::Foreign);
    assert_eq!(foreign.reported[0].remediation, "their own words");
    assert!(walk.view(&foreign, &plan, &means()).expect("a view").fixes.is_empty());
    assert_eq!(walk.outcome(&foreign, &plan), Outcome::NotOurs);
}

#[test]
fn what_is_accepted_is_accepted_with_its_severity_and_term() {
    let (mut walk, plan) = begun(OPEN, &[("gateway.bind_no_auth", "critical")]);
    let decision = acceptance("2027-01-31 behind a wall", "2026-11-22").expect("an acceptance");
    walk.decide("gateway.bind_no_auth", decision);
    let accepted = walk.acceptances(&plan);
    let [one] = accepted.as_slice() else { panic!("{accepted:?}") };
    assert_eq!((one.check_id.as_str(), one.until.as_str()), ("gateway.bind_no_auth", "2027-01-31"));
    assert_eq!((one.reason.as_str(), one.severity), ("behind a wall", Severity::Critical));
    let finding = plan.after.iter().find(|finding| finding.id == one.check_id).expect("it stays");
    assert!(one.covers(finding, "2027-01-31") && !one.covers(finding, "2027-02-01"));
    // What is fixed after all is not accepted.
    let fixed = fix(&mut walk, plan, "gateway.bind_no_auth");
    assert!(walk.acceptances(&fixed).is_empty());
}

#[test]
fn an_acceptance_needs_a_day_to_come_and_a_reason() {
    for typed in ["", "2027-01-31", "2027-01-31   ", "behind a wall", "2026-11-21 late", "2027-02-30 no day"] {
        let why = acceptance(typed, "2026-11-22").expect_err(typed).of(Lang::En);
        assert!(!why.is_empty());
    }
}

#[test]
fn a_mode_that_writing_ends_is_closed_by_writing() {
    let facts = Facts {
        looked_at_files: true,
        files: vec![FileFact { role: FileRole::Config, path: "/c/openclaw.json".into(), mode: 0o644, symlink: false }],
        ..Facts::default()
    };
    let plan = plan("{gateway: {mode: \"local\"}}", facts);
    let walk = Walk::new(report(&[("fs.config.perms_world_readable", "critical")]), &plan, &Answers::default());
    assert_eq!(walk.state(&walk.items()[0], &plan), State::Closed(None));
}

#[test]
fn a_refused_config_is_mended_and_what_our_audit_finds_is_walked_through() {
    let text = r#"{"ok": false, "error": {"message": "m"}, "issues": [{"path": "gateway.bind", "message": "m"}]}"#;
    let plan = plan(&OPEN.replace("\"lan\"", "\"0.0.0.0\""), Facts::default());
    assert!(!plan.issues.is_empty());
    let mut walk = Walk::new(parse(text.as_bytes()).expect("a report"), &plan, &Answers::default());
    assert!(walk.items()[0].is_refusal());
    let plan = walk.fix_all(plan, &means(), Weight::Ask).expect("a plan");
    assert!(plan.issues_after.is_empty());
    assert!(plan.after.iter().all(|finding| finding.severity < Severity::Critical));
    assert_eq!(walk.outcome(&item(&walk, REFUSED), &plan), Outcome::Fixed(None));
}

#[test]
fn only_safe_fixes_leave_what_may_cut_somebody_off() {
    let plan_now = plan(OPEN, Facts::default());
    let ids = [("gateway.auth_no_rate_limit", "warn"), ("security.exposure.open_groups_with_elevated", "critical")];
    let mut walk = Walk::new(report(&ids), &plan_now, &Answers::default());
    let after = walk.fix_all(plan_now, &means(), Weight::Safe).expect("a plan");
    assert!(after.rows.iter().filter(|row| !row.edits.is_empty()).all(|row| row.weight() == Weight::Safe));
    assert_eq!(walk.outcome(&item(&walk, "security.exposure.open_groups_with_elevated"), &after), Outcome::Left);
}

#[test]
fn the_plan_that_fixes_all_has_nothing_of_a_fix_that_it_replaces() {
    let (mut walk, plan) = begun(OPEN, &[("gateway.bind_no_auth", "critical")]);
    let row = plan.rows.iter().find(|row| row.control.id == "gateway.auth.rateLimit").expect("a row");
    let useless = vec![(row.key(), Pick::Choice(row.row.choices[row.row.recommended].value.clone()))];
    walk.decide("gateway.bind_no_auth", Decision::Fix(useless));
    let plan = plan.again(&means(), &walk.answers()).expect("a plan");
    assert_eq!(walk.state(&walk.items()[0], &plan), State::Open);
    assert!(plan.candidate.value().to_string().contains("rateLimit"));
    let after = walk.fix_all(plan, &means(), Weight::Ask).expect("a plan");
    assert_eq!(walk.outcome(&item(&walk, "gateway.bind_no_auth"), &after), Outcome::Fixed(None));
    assert!(!after.candidate.value().to_string().contains("rateLimit"), "{}", after.candidate.value());
    let again = after.again(&means(), &walk.answers()).expect("a plan");
    assert_eq!(after.candidate.value(), again.candidate.value());
}

#[test]
fn what_is_decided_beside_the_walk_counts_last() {
    let (mut walk, plan) = begun(OPEN, &[("gateway.bind_no_auth", "critical")]);
    let fixed = fix(&mut walk, plan, "gateway.bind_no_auth");
    let key = fixed.rows.iter().find(|row| !row.edits.is_empty()).expect("a change").key();
    walk.decide_beside(&key, Some(Pick::Choice(crate::posture::KEEP.to_owned())));
    let back = fixed.again(&means(), &walk.answers()).expect("a plan");
    assert_eq!(walk.state(&walk.items()[0], &back), State::Open);
}

#[test]
fn a_suppressed_finding_stays_with_the_reason_of_the_config() {
    let text = r#"{"ts": 1, "summary": {}, "findings": [], "suppressedFindings": [
        {"checkId": "gateway.token_too_short", "severity": "warn", "title": "t", "detail": "d", "suppression": {"reason": "mine"}}]}"#;
    let plan = plan("{gateway: {mode: \"local\"}}", Facts::default());
    let walk = Walk::new(parse(text.as_bytes()).expect("a report"), &plan, &Answers::default());
    assert_eq!(walk.state(&walk.items()[0], &plan), State::Suppressed("mine".to_owned()));
}

#[test]
fn every_finding_of_our_own_that_a_plan_mends_has_a_fix_of_its_own() {
    use crate::checks::{Mend, catalogue};
    let mut fixed = 0;
    for check in catalogue().filter(|check| matches!(check.mend, Mend::ByPlan(_)) && !check.risky.starts_with("//")) {
        let Some(settings) = example(check.risky) else { continue };
        let plan = Plan::new(
            Document::parse(check.risky.as_bytes()).expect("a config"),
            &settings.facts,
            &means(),
            &Answers::default(),
        );
        let plan = plan.expect("a plan");
        let Some(id) = plan.before.iter().find(|finding| finding.check.id == check.id).map(|one| one.id.clone()) else {
            continue;
        };
        let mut walk = Walk::new(report(&[(&id, "warn")]), &plan, &Answers::default());
        let after = walk.fix_all(plan, &means(), Weight::Ask).expect("a plan");
        let outcome = walk.outcome(&item(&walk, &id), &after);
        assert!(matches!(outcome, Outcome::Fixed(_)), "{id}: {outcome:?}");
        fixed += 1;
    }
    assert!(fixed > 60, "{fixed}");
}
