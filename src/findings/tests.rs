use super::*;
use crate::checks::{audit as audit_of, example};
use crate::text::Lang;

fn report(text: &str) -> Report {
    parse(text.as_bytes()).unwrap_or_else(|why| panic!("{}", why.of(Lang::En)))
}

fn refusal(text: &str) -> String {
    parse(text.as_bytes()).expect_err("no report").of(Lang::En)
}

#[test]
fn an_audit_keeps_its_order_and_leaves_the_inventory_out() {
    let read = report(
        r#"{"ts": 1, "summary": {"critical": 1, "warn": 0, "info": 1}, "findings": [
            {"checkId": "summary.attack_surface", "severity": "info", "title": "t", "detail": "d"},
            {"checkId": "gateway.bind_no_auth", "severity": "critical", "title": "t", "detail": "a\nb", "remediation": "r"}
        ], "deep": {"gateway": {"attempted": true}}}"#,
    );
    assert_eq!(read.kind, Kind::Audit);
    let [one] = read.findings.as_slice() else { panic!("{read:?}") };
    assert_eq!((one.id.as_str(), one.severity), ("gateway.bind_no_auth", Severity::Critical));
    assert_eq!((one.detail.as_str(), one.remediation.as_str()), ("a\nb", "r"));
    assert!(one.check().is_some() && one.suppressed.is_none());
}

#[test]
fn what_the_config_suppresses_is_marked_with_its_reason() {
    let read = report(
        r#"{"summary": {}, "findings": [], "suppressedFindings": [
            {"checkId": "a", "severity": "warn", "title": "t", "detail": "d", "suppression": {"reason": "mine"}},
            {"checkId": "b", "severity": "warn", "title": "t", "detail": "d"}
        ]}"#,
    );
    let reasons: Vec<_> = read.findings.iter().map(|finding| finding.suppressed.as_deref()).collect();
    assert_eq!(reasons, [Some("mine"), Some("")]);
}

#[test]
fn the_error_of_a_refused_config_names_its_issues() {
    let read = report(
        r#"{"ok": false, "error": {"type": "cli_error", "message": "invalid"}, "issues": [
            {"path": "gateway.bind", "message": "Invalid input", "allowedValues": ["lan"]}, {"path": "<root>", "message": "m"}]}"#,
    );
    assert_eq!(read.kind, Kind::Refused);
    assert!(read.findings.iter().all(|finding| finding.id == REFUSED && finding.severity == Severity::Critical));
    assert_eq!(read.findings[0].key.as_deref(), Some("gateway.bind"));
    let failed = refusal(r#"{"ok": false, "error": {"message": "no gateway"}}"#);
    assert!(failed.contains("no gateway") && failed.contains("line 1"), "{failed}");
}

#[test]
fn a_secret_in_plain_text_is_the_finding_of_ours_at_the_same_key() {
    let read = report(
        r#"{"version": 1, "status": "findings", "filesScanned": ["/x"], "summary": {}, "findings": [
            {"code": "PLAINTEXT_FOUND", "severity": "warn", "file": "/x", "jsonPath": "channels.telegram.botToken", "message": "m"}]}"#,
    );
    let config =
        r#"{channels: {telegram: {botToken: "123456:5ecret-5ecret"}, discord: {token: "5ecret-5ecret-5ecret"}}}"#;
    let found = audit_of(&example(config).expect("a config"));
    let same: Vec<_> = found.iter().filter(|finding| read.findings[0].is(finding)).collect();
    assert_eq!(same.len(), 1);
    assert_eq!(same[0].hit.paths[0].to_string(), "channels.telegram.botToken");
}

#[test]
fn a_lint_has_its_requirements_as_ids_where_they_are_checks() {
    let read = report(
        r#"{"schemaVersion": 1, "ok": false, "checksRun": 2, "findings": [
            {"checkId": "core/doctor/security", "severity": "warning", "message": "WARNING: a\nb", "requirement": "gateway.bind_no_auth", "fixHint": "f"},
            {"checkId": "core/doctor/security", "severity": "warning", "message": "m", "requirement": "another"},
            {"checkId": "core/doctor/final-config-validation", "severity": "error", "message": "m", "path": "gateway.bind"}]}"#,
    );
    let ids: Vec<_> = read.findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids, ["gateway.bind_no_auth", "core/doctor/security: another", REFUSED]);
    assert_eq!((read.findings[0].title.as_str(), read.findings[0].detail.as_str()), ("a", "b"));
}

#[test]
fn our_own_audit_of_one_config_is_taken_alone_or_in_its_list() {
    let one = r#"{"path": "x", "ts": 1, "summary": {}, "valid": false, "issues": [{"path": "a", "message": "m", "line": 1}],
        "findings": [{"checkId": "harden.sandbox.off", "severity": "warn", "title": "t", "detail": "d", "remediation": "r", "paths": ["agents"]}],
        "notMade": []}"#;
    for text in [one.to_owned(), format!("{{\"files\": [{one}]}}")] {
        let read = report(&text);
        assert_eq!(read.kind, Kind::Ours);
        assert_eq!(read.findings.len(), 2);
        assert_eq!(read.findings[1].key.as_deref(), Some("agents"));
    }
    assert!(refusal(&format!("{{\"files\": [{one}, {one}]}}")).contains("2 configs"));
}

#[test]
fn texts_from_outside_are_made_harmless_and_short() {
    let long = "x".repeat(9000);
    let read = report(&format!(
        r#"{{"summary": {{}}, "findings": [{{"checkId": "a\u001b[2J", "severity": "odd", "title": "\u202et", "detail": "{long}", "remediation": "\u001b]0;x\u0007"}}]}}"#
    ));
    let one = &read.findings[0];
    for text in [&one.id, &one.title, &one.detail, &one.remediation] {
        assert!(text.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{text}");
    }
    assert_eq!(one.detail.len(), MOST);
    assert_eq!(one.severity, Severity::Warn);
}

#[test]
fn what_is_no_report_is_one_sentence_with_line_and_column() {
    for (text, place) in [
        ("", "line 1, column 0"),
        ("{\n  \"findings\": oh", "line 2, column 15"),
        ("[]", "line 1, column 1"),
        ("{}", "line 1, column 1"),
        ("{\"summary\": {}, \"findings\": [\n {\"severity\": \"warn\"}]}", "line 2, column 20"),
        ("{\"summary\": {}, \"findings\": 5}", "line 1, column 29"),
        ("OpenClaw config is invalid", "line 1, column 1"),
    ] {
        let said = refusal(text);
        assert!(said.contains(place) && !said.contains('\n'), "{text}: {said}");
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_end_the_program() {
    assert!(refusal(&"[".repeat(100_000)).contains("column"));
}
