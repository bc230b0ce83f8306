//! SARIF 2.1.0, for code scanning services and editors. Nothing in it is translated.

use super::baseline::Key;
use super::{Audit, Fix, Found, Refusal, Spot, Unread, json::line};
use crate::checks::{Check, Mend, Severity, Source, catalogue};
use crate::document::{Path as ConfigPath, Position};
use crate::settings::Version;
use crate::settings::schema::Issue;
use crate::text::Lang;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The rule of what OpenClaw refuses; it comes before those of the catalogue.
const REFUSED: &str = "harden.config.refused";

/// Is one run over all configs, those that could not be read as notifications.
pub fn audits(audits: &[Result<Audit, Unread>]) -> String {
    let catalogue: Vec<&Check> = catalogue().collect();
    let rules: Vec<Value> = std::iter::once(refused_rule()).chain(catalogue.iter().map(|check| rule(check))).collect();
    let read = audits.iter().filter_map(|audit| audit.as_ref().ok());
    let results: Vec<Value> = read.flat_map(|audit| results(audit, &catalogue)).collect();
    let unread: Vec<Value> = audits.iter().filter_map(|audit| audit.as_ref().err()).map(notification).collect();
    line(json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "openclaw-harden",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": unread,
            }],
            "results": results,
        }],
    }))
}

fn rule(check: &Check) -> Value {
    let by_plan = match check.mend {
        Mend::ByPlan(_) => " Or let openclaw-harden apply do it.",
        Mend::Manual(_) => "",
    };
    let (why, mend) = (check.why.en, format!("{}{by_plan}", check.mend.text().en));
    let mut rule = json!({
        "id": check.id,
        "shortDescription": { "text": check.title.en },
        "fullDescription": { "text": why },
        "help": {
            "text": mend,
            "markdown": format!(
                "{why}\n\n{mend}\n\nFound in:\n\n```json5\n{}\n```\n\nNot found in:\n\n```json5\n{}\n```\n",
                check.risky, check.safe
            ),
        },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": {
            "tags": ["security", match check.source() {
                Source::OpenClaw => "openclaw",
                Source::Deep => "openclaw-deep",
                Source::Ours => "openclaw-harden",
            }],
            // Code scanning services sort by this number: 9 and more is critical, 4 to 7 medium, below it low.
            "security-severity": match check.severity {
                Severity::Critical => "9.0",
                Severity::Warn => "5.0",
                Severity::Info => "2.0",
            },
        },
    });
    // Some checks are described by a key of the config alone.
    if check.reference.starts_with("https://") {
        rule["helpUri"] = json!(check.reference);
    }
    rule
}

fn refused_rule() -> Value {
    let help = "Mend the key that is named; for keys of older versions run: openclaw doctor --fix";
    json!({
        "id": REFUSED,
        "shortDescription": { "text": "OpenClaw refuses this config" },
        "fullDescription": {
            "text": format!("OpenClaw {} does not start with a config that has a key or value it does not know.", Version::CURRENT),
        },
        "help": { "text": help },
        "defaultConfiguration": { "level": "error" },
        "properties": { "tags": ["openclaw"] },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

fn results(audit: &Audit, catalogue: &[&Check]) -> Vec<Value> {
    let compared = audit.gone.is_some();
    let state = |value: &mut Value, known: bool| {
        if compared {
            value["baselineState"] = json!(if known { "unchanged" } else { "new" });
        }
    };
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::new();
    for refusal in &audit.issues {
        let mut value = refused(audit, refusal, &mut fingerprints);
        state(&mut value, refusal.known);
        results.push(value);
    }
    let mut found = |found: &Found| result(audit, found, catalogue, &mut fingerprints);
    for open in &audit.findings {
        let mut value = found(open);
        state(&mut value, open.known);
        results.push(value);
    }
    for (suppressed, reason) in &audit.suppressed {
        let mut value = found(suppressed);
        value["suppressions"] =
            json!([{ "kind": "inSource", "status": "accepted", "justification": reason.as_deref().unwrap_or("") }]);
        results.push(value);
    }
    for (accepted, acceptance) in &audit.accepted {
        let why = format!("{} (until {})", acceptance.reason, acceptance.until);
        let mut value = found(accepted);
        value["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
        results.push(value);
    }
    results
}

/// Gives each result a fingerprint; what is the same twice in a file gets a number.
#[derive(Default)]
struct Fingerprints(BTreeMap<String, usize>);

impl Fingerprints {
    fn of(&mut self, fingerprint: String) -> Value {
        let count = self.0.entry(fingerprint.clone()).or_default();
        *count += 1;
        json!({ "checkIdPathValue/v1": format!("{fingerprint}:{count}") })
    }
}

fn result(audit: &Audit, found: &Found, catalogue: &[&Check], fingerprints: &mut Fingerprints) -> Value {
    let (finding, hit) = (&found.finding, &found.finding.hit);
    let check = finding.check;
    let key = hit.paths.first().map(ConfigPath::to_string);
    let shown = match (&key, &hit.actual) {
        (Some(key), Some(actual)) => format!(" ({key} = {actual})"),
        (Some(key), None) => format!(" ({key})"),
        (None, Some(actual)) => format!(" ({actual})"),
        (None, None) => String::new(),
    };
    let mut value = json!({
        "ruleId": check.id,
        "level": level(finding.severity),
        "message": { "text": format!("{}{shown}. {} {}", check.title.en, check.why.en, check.mend.text().en) },
        "locations": [location(&audit.path, found.place.as_ref(), key.as_deref())],
        "partialFingerprints": fingerprints.of(Key::of(found).fingerprint()),
        "properties": {
            "checkId": finding.id,
            "fix": match found.fix { Fix::Safe => "safe", Fix::Ask => "ask", Fix::Manual => "manual" },
        },
    });
    if let Some(index) = catalogue.iter().position(|rule| rule.id == check.id) {
        value["ruleIndex"] = json!(index + 1);
    }
    if let Some(why) = &hit.unknown {
        // What could not be told is an open question; such a result has no level.
        value["kind"] = json!("open");
        value["level"] = json!("none");
        value["message"]["text"] = json!(format!("{}. {}", check.title.en, why.of(Lang::En)));
    }
    value
}

fn refused(audit: &Audit, refusal: &Refusal, fingerprints: &mut Fingerprints) -> Value {
    let Issue { path, message, .. } = &refusal.issue;
    let (path, message) = (path.to_string(), message.of(Lang::En));
    json!({
        "ruleId": REFUSED,
        "ruleIndex": 0,
        "level": "error",
        "message": { "text": format!("OpenClaw refuses this config: {message}") },
        "locations": [location(&audit.path, Some(&refusal.place), Some(&path))],
        "partialFingerprints": fingerprints.of(Key::refused(path.clone(), message).fingerprint()),
    })
}

fn location(path: &Path, place: Option<&Spot>, key: Option<&str>) -> Value {
    // Services show nothing without a region; what no line shows stands at the first.
    let Position { line, column } = place.map_or(Position { line: 1, column: 1 }, |place| place.at);
    let path = place.and_then(|place| place.file.as_deref()).unwrap_or(path);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(path) },
            "region": { "startLine": line, "startColumn": column },
        },
    });
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": key, "kind": "member" }]);
    }
    location
}

fn notification(unread: &Unread) -> Value {
    json!({
        "level": "error",
        "message": { "text": unread.error },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&unread.path) } } }],
    })
}

/// Is a path as a URI: relative where it is, as services want it; every byte that a URI does not take escaped.
fn uri(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let mut uri = String::from(if path.is_absolute() { "file://" } else { "" });
    for byte in path.strip_prefix(".").unwrap_or(path).as_os_str().as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri(Path::new("./conf/open claw.json5")), "conf/open%20claw.json5");
        assert_eq!(uri(Path::new("/etc/設.json")), "file:///etc/%E8%A8%AD.json");
        assert_eq!(uri(Path::new("a:b")), "a%3Ab");
    }

    #[test]
    fn what_is_the_same_twice_has_two_fingerprints() {
        let mut fingerprints = Fingerprints::default();
        let twice = [fingerprints.of("a".to_owned()), fingerprints.of("a".to_owned())];
        assert_ne!(twice[0], twice[1]);
    }
}
