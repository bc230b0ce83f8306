//! What was known before: an audit in JSON, made earlier, against which a new one is held.

use super::{Audit, Found};
use crate::checks::Severity;
use crate::settings::schema::Issue;
use crate::text::{Lang, Said, Text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What makes two findings the same: the id, the keys that show it, and what was found there. It holds no secret, as
/// no finding does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    id: String,
    paths: Vec<String>,
    actual: Option<String>,
}

impl Key {
    pub(super) fn of(found: &Found) -> Self {
        let hit = &found.finding.hit;
        Key {
            id: found.finding.id.clone(),
            paths: hit.paths.iter().map(ToString::to_string).collect(),
            actual: hit.actual.clone(),
        }
    }

    /// Is what makes two reasons to refuse a config the same.
    pub(super) fn refused(path: String, message: String) -> Self {
        Key { id: "refused".to_owned(), paths: vec![path], actual: Some(message) }
    }

    /// Is a short name that is the same in every run: FNV-1a, spelled out so that it does not change with a compiler.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let parts = std::iter::once(&self.id).chain(&self.paths).chain(&self.actual);
        for byte in parts.flat_map(|part| part.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{hash:016x}")
    }
}

/// An audit made before, of one config or of several.
pub struct Baseline {
    files: Vec<Known>,
}

#[derive(Default)]
struct Known {
    path: Option<String>,
    findings: BTreeMap<Key, Vec<Severity>>,
    issues: Vec<(String, String)>,
}

impl Baseline {
    /// Reads what `audit --format json` printed.
    ///
    /// # Errors
    /// Where it is not that.
    pub fn parse(bytes: &[u8]) -> Result<Self, Said> {
        const NO_AUDIT: Text = Text {
            en: "The baseline is not an audit of ours. Make one with: openclaw-harden audit --format json > FILE",
            ja: "ベースラインが openclaw-harden の監査結果ではありません。作成するコマンド: openclaw-harden audit --format json > FILE",
        };
        let read = || -> Option<Vec<Known>> {
            let value: Value = serde_json::from_slice(bytes).ok()?;
            match value.get("files") {
                Some(files) => {
                    // A file that could not be read then knows nothing.
                    let read = files.as_array()?.iter().filter(|file| file.get("error").is_none());
                    read.map(known).collect()
                }
                None => Some(vec![known(&value)?]),
            }
        };
        read().map(|files| Baseline { files }).ok_or_else(|| NO_AUDIT.into())
    }

    /// Marks what was known, and counts what has gone. A baseline of one config holds for one config wherever it lies now.
    pub fn mark(&self, audit: &mut Audit, is_only: bool) {
        let nothing = Known::default();
        let known = match self.files.as_slice() {
            [one] if is_only => one,
            files => files.iter().find(|known| known.is_of(&audit.path)).unwrap_or(&nothing),
        };
        let mut left = known.findings.clone();
        for found in &mut audit.findings {
            let same = left.get_mut(&Key::of(found));
            // What was a warning and is critical now is new.
            let at = same.as_ref().and_then(|same| same.iter().position(|then| *then >= found.finding.severity));
            found.known = at.is_some();
            if let (Some(same), Some(at)) = (same, at) {
                same.remove(at);
            }
        }
        for refusal in &mut audit.issues {
            refusal.known = known.issues.contains(&issue(&refusal.issue));
        }
        audit.gone = Some(left.values().map(Vec::len).sum());
    }
}

impl Known {
    fn is_of(&self, path: &Path) -> bool {
        self.path.as_deref().is_some_and(|known| Path::new(known) == path)
    }
}

fn issue(issue: &Issue) -> (String, String) {
    (issue.path.to_string(), issue.message.of(Lang::En))
}

fn known(file: &Value) -> Option<Known> {
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let mut known = Known { path: text(file, "path"), ..Known::default() };
    for finding in file.get("findings")?.as_array()? {
        let paths = finding.get("paths")?.as_array()?.iter();
        let key = Key {
            id: text(finding, "checkId")?,
            paths: paths.map(|path| path.as_str().map(str::to_owned)).collect::<Option<_>>()?,
            actual: text(finding, "actual"),
        };
        let severity = Severity::named(finding.get("severity")?.as_str()?)?;
        known.findings.entry(key).or_default().push(severity);
    }
    for issue in file.get("issues")?.as_array()? {
        known.issues.push((text(issue, "path")?, text(issue, "message")?));
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{audit, example};
    use crate::report::{Fix, Summary};

    fn an_audit(path: &str, config: &str) -> Audit {
        let findings = audit(&example(config).expect("a config")).into_iter();
        Audit {
            others: Vec::new(),
            openclaw: crate::host::OpenClaw { found: None, origin: crate::host::Origin::Nowhere },
            path: path.into(),
            named: true,
            exists: true,
            issues: Vec::new(),
            is_foreign: false,
            findings: findings.map(|finding| Found { finding, place: None, fix: Fix::Manual, known: false }).collect(),
            suppressed: Vec::new(),
            accepted: Vec::new(),
            idle: Vec::new(),
            gone: None,
            not_made: Vec::new(),
        }
    }

    fn baseline(audits: Vec<Audit>) -> Baseline {
        let audits: Vec<_> = audits.into_iter().map(Ok).collect();
        Baseline::parse(crate::report::json::audits(&audits).as_bytes()).expect("a baseline")
    }

    fn new(baseline: &Baseline, mut audit: Audit, is_only: bool) -> (Vec<String>, Option<usize>) {
        baseline.mark(&mut audit, is_only);
        let new = audit.findings.iter().filter(|found| !found.known);
        (new.map(|found| found.finding.id.clone()).collect(), audit.gone)
    }

    const LAN: &str = r#"{gateway: {mode: "local", bind: "lan"}}"#;

    #[test]
    fn the_same_config_has_nothing_new_wherever_it_lies() {
        let known = baseline(vec![an_audit("a.json", LAN)]);
        assert_eq!(new(&known, an_audit("elsewhere/b.json", LAN), true), (Vec::new(), Some(0)));
    }

    #[test]
    fn of_several_files_each_has_its_own() {
        let known = baseline(vec![an_audit("a.json", LAN), an_audit("b.json", "{}")]);
        assert_eq!(new(&known, an_audit("a.json", LAN), false), (Vec::new(), Some(0)));
        let (ids, _) = new(&known, an_audit("b.json", LAN), false);
        assert!(ids.contains(&"gateway.bind_no_auth".to_owned()), "{ids:?}");
        let stranger = an_audit("c.json", LAN);
        let all = stranger.findings.len();
        assert_eq!(new(&known, stranger, false).0.len(), all);
    }

    #[test]
    fn another_value_at_the_same_key_is_new_and_the_old_one_is_gone() {
        let flag = |key: &str| format!("{{hooks: {{{key}: true}}}}");
        let known = baseline(vec![an_audit("a.json", LAN)]);
        let tailnet = r#"{gateway: {mode: "local", bind: "tailnet"}}"#;
        let (ids, gone) = new(&known, an_audit("a.json", tailnet), true);
        assert!(ids.contains(&"gateway.bind_no_auth".to_owned()), "{ids:?}");
        assert!(gone > Some(0));
        let known = baseline(vec![an_audit("a.json", "{}")]);
        let (ids, _) = new(&known, an_audit("a.json", &flag("allowRequestSessionKey")), true);
        assert!(ids.contains(&"config.insecure_or_dangerous_flags".to_owned()), "{ids:?}");
    }

    #[test]
    fn one_known_finding_does_not_hide_a_second() {
        let mut twice = an_audit("a.json", LAN);
        let known = baseline(vec![an_audit("a.json", LAN)]);
        let again = twice.findings[0].clone();
        let id = again.finding.id.clone();
        twice.findings.push(again);
        assert_eq!(new(&known, twice, true).0, [id]);
    }

    #[test]
    fn a_finding_that_became_worse_is_new() {
        let mut before = an_audit("a.json", LAN);
        let worst = before.findings[0].finding.severity;
        assert_eq!(worst, Severity::Critical);
        before.findings[0].finding.severity = Severity::Warn;
        let id = before.findings[0].finding.id.clone();
        assert_eq!(new(&baseline(vec![before]), an_audit("a.json", LAN), true).0, [id]);
    }

    #[test]
    fn what_is_known_still_counts_and_no_longer_fails() {
        let mut audit = an_audit("a.json", LAN);
        let counted = audit.summary();
        assert_ne!(counted, Summary::default());
        assert_eq!(audit.worst(), Some(Severity::Critical));
        baseline(vec![an_audit("a.json", LAN)]).mark(&mut audit, true);
        assert_eq!(audit.summary(), counted);
        assert_eq!(audit.worst(), None);
    }

    #[test]
    fn what_is_no_audit_of_ours_is_an_error() {
        for text in
            ["", "[]", "{}", r#"{"files": 1}"#, r#"{"findings": [{"checkId": "x", "severity": "warn"}], "issues": []}"#]
        {
            assert!(Baseline::parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fingerprint_stays_the_same_from_version_to_version() {
        let key = Key::refused("gateway.bnid".to_owned(), "unknown key".to_owned());
        assert_eq!(key.fingerprint().len(), 16);
        assert_ne!(key.fingerprint(), Key::refused("gateway".to_owned(), ".bnidunknown key".to_owned()).fingerprint());
    }
}
