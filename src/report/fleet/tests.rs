use super::*;

const RISKY: &str = r#"{"ts": 1795000000000, "valid": true, "summary": {}, "accepted": [{}], "findings": [
    {"checkId": "harden.sandbox.off", "severity": "warn", "title": "x"},
    {"checkId": "made.up", "severity": "critical", "title": "<b>|\u001b[2J"},
    {"checkId": "made.up", "severity": "critical", "title": "<b>"},
    {"checkId": "gateway.docker", "severity": "warn", "title": "x", "unknown": "no docker"}]}"#;
const REFUSED: &str = r#"{"ts": 1795000060000, "valid": false, "findings": []}"#;
const DRIFTED: &str =
    r#"{"changed": true, "written": false, "edits": [{"path": "gateway.bind"}, {"path": "tools.deny"}]}"#;
const WRITTEN: &str = r#"{"changed": true, "written": true, "edits": [{"path": "gateway.bind"}]}"#;
const CHECKUP: &str = r#"{"ts": 1795000000000, "attention": 1, "unknown": 0, "rows": [{}, {}]}"#;

fn fleet(files: &[(&str, &str)]) -> Fleet {
    let mut fleet = Fleet::default();
    for (name, text) in files {
        fleet.add(Path::new(name), text.as_bytes());
    }
    fleet
}

fn whole() -> Fleet {
    fleet(&[
        ("out/web1.audit.json", RISKY),
        ("out/web1.apply.json", DRIFTED),
        ("out/web1.checkup.json", CHECKUP),
        ("out/web2.json", REFUSED),
        ("out/web2.apply.json", WRITTEN),
        ("out/web3.json", "{"),
        ("out/web4.json", "{}"),
    ])
}

#[test]
fn files_of_one_host_come_together() {
    let fleet = whole();
    assert_eq!(fleet.hosts.keys().collect::<Vec<_>>(), ["web1", "web2", "web3", "web4"]);
    let web1 = &fleet.hosts["web1"];
    assert_eq!(web1.drift.as_deref(), Some(&["gateway.bind".to_owned(), "tools.deny".to_owned()][..]));
    assert_eq!(web1.checkup.as_ref().map(|checkup| checkup.attention), Some(1));
    let audit = web1.audit.as_ref().expect("an audit");
    assert_eq!((audit.summary.critical, audit.summary.warn, audit.accepted), (2, 1, 1));
    assert_eq!(fleet.hosts["web2"].drift.as_deref(), Some(&[][..]), "what was written differs no more");
}

#[test]
fn findings_are_listed_with_their_hosts_the_worst_first() {
    let mut fleet = whole();
    fleet.add(Path::new("web5.json"), RISKY.as_bytes());
    let findings = fleet.findings(Lang::En);
    let ids: Vec<(&str, &[&str])> = findings.iter().map(|one| (one.id, one.hosts.as_slice())).collect();
    assert_eq!(ids, [("made.up", &["web1", "web5"][..]), ("harden.sandbox.off", &["web1", "web5"])]);
    assert_ne!(findings[1].title, "x", "the catalogue knows it better");
}

#[test]
fn several_audits_in_one_file_are_told_apart() {
    let both = format!(r#"{{"files": [{{"path": "a.json", "error": "no such file"}}, {REFUSED}]}}"#);
    let fleet = fleet(&[("lab.json", &both)]);
    assert_eq!(fleet.hosts.keys().collect::<Vec<_>>(), ["lab ", "lab a.json"]);
    assert_eq!(fleet.hosts["lab a.json"].faults.len(), 1);
}

#[test]
fn a_host_that_is_not_understood_fails_alone_and_counts_as_critical() {
    let only = fleet(&[("web3.json", "{")]);
    assert_eq!(only.worst(), Some(Severity::Critical));
    assert_eq!(fleet(&[("a.json", r#"{"findings": []}"#)]).worst(), None);
    assert_eq!(whole().hosts["web1"].faults, []);
}

#[test]
fn the_oldest_checkup_is_the_one_that_never_was() {
    assert_eq!(whole().oldest_checkup(), Some(("web2", None)));
    assert_eq!(fleet(&[("web1.json", CHECKUP)]).oldest_checkup(), Some(("web1", Some(1_795_000_000_000))));
}

#[test]
fn every_form_has_every_host_finding_and_drift_in_both_languages() {
    let fleet = whole();
    for lang in [Lang::En, Lang::Ja] {
        let style = crate::report::text::Style { lang, coloured: false, columns: 100 };
        for form in [text(&fleet, style), markdown(&fleet, lang), page(&fleet, lang), fleet.json()] {
            let plain = form.replace('\\', "");
            for word in ["web1", "web2", "web3", "web4", "harden.sandbox.off", "made.up", "gateway.bind", "tools.deny"]
            {
                assert!(plain.contains(word), "{word} is not in\n{form}");
            }
            assert!(!form.contains('\u{1b}'), "{form}");
        }
    }
}

#[test]
fn what_a_file_says_is_no_markup() {
    let fleet = whole();
    assert!(!page(&fleet, Lang::En).contains("<b>|"));
    assert!(!markdown(&fleet, Lang::En).contains("<b>|"));
}
