//! What came of a report of findings: per finding what became of it, the changes in three groups, the commands that do the same
//! by hand, and the audits before and after, side by side.

mod markdown;

pub use markdown::{markdown, outcome};

use super::Summary;
use super::checkup::shell;
use super::json::line;
use crate::checks::Severity;
use crate::document::Path as Key;
use crate::findings::{Report, Reported};
use crate::plan::{Change, Plan};
use crate::settings::{FileFact, FileRole};
use crate::text::{Lang, Text};
use crate::walk::{Item, Outcome, Walk};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is known of the write, and of the real audit after it.
#[derive(Default)]
pub struct After {
    /// Whether the config was written.
    pub is_written: bool,
    /// The backup of what it held.
    pub backup: Option<PathBuf>,
    /// The command that undoes the write.
    pub undo: String,
    /// What the real audit says of the result, where it was asked.
    pub real: Option<Report>,
}

/// What came of a report.
pub struct Remediation {
    config: PathBuf,
    command: &'static str,
    after: After,
    told: Vec<Told>,
    changes: Vec<Change>,
    modes: Vec<Mode>,
    commands: Vec<String>,
    ours: (Summary, Summary),
    real: (Summary, Option<Summary>),
    audits: Vec<Line>,
}

/// What became of one finding.
struct Told {
    id: String,
    severity: Severity,
    title: Result<Text, String>,
    outcome: Outcome,
    by_hand: Result<Text, String>,
}

/// A file whose mode others can use.
struct Mode {
    path: PathBuf,
    mode: u32,
    wanted: u32,
    /// Whether writing the config changes it.
    is_changed: bool,
}

/// One id in the four audits: ours before and after, the real one's before and after.
struct Line {
    id: String,
    severities: [Option<Severity>; 4],
}

impl Remediation {
    /// Puts together what came of a walk; `plan` has its answers.
    pub fn new(walk: &Walk, plan: &Plan, config: PathBuf, after: After) -> Self {
        let changes = plan.changes();
        let modes = modes(plan);
        let mut commands: Vec<String> = changes.iter().flat_map(|change| change.values.iter().map(by_hand)).collect();
        let chmod =
            |mode: &Mode| shell(&["chmod".to_owned(), format!("{:o}", mode.wanted), mode.path.display().to_string()]);
        commands.extend(modes.iter().map(chmod));
        let real = |report: &Report| report.findings.iter().filter(|one| one.suppressed.is_none()).cloned().collect();
        let before: Vec<Reported> = real(&walk.report);
        let then: Option<Vec<Reported>> = after.real.as_ref().map(real);
        let mut ids: BTreeMap<&str, [Option<Severity>; 4]> = BTreeMap::new();
        let mut note = |id, column: usize, severity| {
            let known = &mut ids.entry(id).or_default()[column];
            *known = (*known).max(Some(severity));
        };
        for (column, findings) in [(0, &plan.before), (1, &plan.after)] {
            findings.iter().for_each(|finding| note(&finding.id, column, finding.severity));
        }
        before.iter().for_each(|one| note(&one.id, 2, one.severity));
        then.iter().flatten().for_each(|one| note(&one.id, 3, one.severity));
        let mut audits: Vec<Line> =
            ids.into_iter().map(|(id, severities)| Line { id: id.to_owned(), severities }).collect();
        audits.sort_by_key(|line| std::cmp::Reverse(line.severities.iter().flatten().max().copied()));
        let count = |reported: &[Reported]| {
            let mut summary = Summary::default();
            reported.iter().for_each(|one| summary.count(one.severity));
            summary
        };
        Remediation {
            config,
            command: walk.report.kind.command(),
            told: walk.items().iter().map(|item| told(item, walk, plan)).collect(),
            ours: (Summary::of(&plan.before), Summary::of(&plan.after)),
            real: (count(&before), then.as_deref().map(count)),
            after,
            changes,
            modes,
            commands,
            audits,
        }
    }

    /// How many findings came to an end of a kind.
    pub fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.told.iter().filter(|told| is(&told.outcome)).count()
    }

    /// Is the report for programs; texts are English.
    pub fn json(&self) -> String {
        let lang = Lang::En;
        let findings = self.told.iter().map(|told| {
            let mut value = json!({
                "checkId": told.id,
                "severity": told.severity.name(),
                "title": told.title(lang),
                "outcome": name(&told.outcome),
            });
            match &told.outcome {
                Outcome::Fixed(Some(with)) => value["with"] = json!(with),
                Outcome::Accepted { reason, until } => {
                    value["reason"] = json!(reason);
                    value["until"] = json!(if until.is_empty() { Value::Null } else { json!(until) });
                }
                _ => {}
            }
            value
        });
        let changes = self.changes.iter().flat_map(|change| {
            change.values.iter().map(|(path, before, after)| {
                json!({ "path": path.to_string(), "before": before, "after": after, "closes": change.closes })
            })
        });
        let modes = self.modes.iter().map(|mode| {
            json!({ "path": mode.path.to_string_lossy(), "before": format!("{:04o}", mode.mode), "after": format!("{:04o}", mode.wanted), "changed": mode.is_changed && self.after.is_written })
        });
        let manual = self.manual().map(|told| json!({ "checkId": told.id, "how": told.by_hand(lang) }));
        let summary = |of: Summary| json!({ "critical": of.critical, "warn": of.warn, "info": of.info });
        let audits = self.audits.iter().map(|line| {
            let [ours, ours_after, real, real_after] = line.severities.map(|one| one.map(Severity::name));
            let mut value = json!({ "checkId": line.id, "ours": [ours, ours_after], "reported": [real] });
            if self.after.real.is_some() {
                value["reported"] = json!([real, real_after]);
            }
            value
        });
        line(json!({
            "path": self.config.to_string_lossy(),
            "report": self.command,
            "written": self.after.is_written,
            "backup": self.after.backup.as_deref().map(Path::to_string_lossy),
            "undo": if self.after.is_written { json!(self.after.undo) } else { Value::Null },
            "findings": findings.collect::<Vec<_>>(),
            "configChanges": changes.collect::<Vec<_>>(),
            "fileModes": modes.collect::<Vec<_>>(),
            "manualSteps": manual.collect::<Vec<_>>(),
            "commands": self.commands,
            "audits": {
                "ours": { "before": summary(self.ours.0), "after": summary(self.ours.1) },
                "reported": { "before": summary(self.real.0), "after": self.real.1.map(summary) },
                "byId": audits.collect::<Vec<_>>(),
            },
        }))
    }

    /// Is what is left for the administrator to do.
    fn manual(&self) -> impl Iterator<Item = &Told> {
        let is_left = |told: &&Told| {
            matches!(told.outcome, Outcome::ByHand | Outcome::Left | Outcome::NotOurs) && told.severity > Severity::Info
        };
        self.told.iter().filter(is_left)
    }
}

impl Told {
    fn title(&self, lang: Lang) -> String {
        match &self.title {
            Ok(text) => text.of(lang).to_owned(),
            Err(theirs) => theirs.clone(),
        }
    }

    fn by_hand(&self, lang: Lang) -> String {
        match &self.by_hand {
            Ok(text) => text.of(lang).to_owned(),
            Err(theirs) => theirs.clone(),
        }
    }
}

fn told(item: &Item, walk: &Walk, plan: &Plan) -> Told {
    let theirs = |of: fn(&Reported) -> &String| {
        item.reported.iter().map(of).find(|text| !text.is_empty()).cloned().unwrap_or_default()
    };
    Told {
        id: item.id.clone(),
        severity: item.severity,
        title: title(item),
        outcome: walk.outcome(item, plan),
        by_hand: item.check.map(|check| check.mend.text()).ok_or_else(|| theirs(|one| &one.remediation)),
    }
}

/// Is what an item is in one sentence: in our words, or else in those of the report.
pub fn title(item: &Item) -> Result<Text, String> {
    const REFUSED: Text =
        Text { en: "OpenClaw refuses this config", ja: "OpenClaw がこの設定を受け付けません" };
    const PLAIN: &str = "harden.secrets.plaintext";
    match item.check {
        Some(check) => Ok(check.title),
        None if item.is_refusal() => Ok(REFUSED),
        None if item.id.starts_with("PLAINTEXT_FOUND") => {
            super::explain::check(PLAIN).map(|check| check.title).ok_or_else(String::new)
        }
        None => Err(item.reported.first().map(|one| one.title.clone()).unwrap_or_default()),
    }
}

/// Is the name of an outcome in reports for programs.
fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Fixed(_) => "fixed",
        Outcome::Accepted { .. } => "accepted",
        Outcome::Gone => "gone",
        Outcome::ByHand => "by-hand",
        Outcome::Left => "left",
        Outcome::NotOurs => "not-ours",
    }
}

/// Is the files whose modes others can use, links left out.
fn modes(plan: &Plan) -> Vec<Mode> {
    let closings = plan.closings();
    let files = plan.settings.facts.files.iter().filter(|file| {
        let is_watched = !matches!(file.role, FileRole::SkillOutside | FileRole::Extension);
        is_watched && !file.symlink && file.mode & 0o077 != 0
    });
    let mode = |file: &FileFact| {
        let closing = closings.iter().find(|closing| closing.path == file.path);
        Mode {
            path: file.path.clone(),
            mode: file.mode & 0o777,
            wanted: closing.map_or(file.mode & 0o700, |closing| closing.after),
            is_changed: closing.is_some(),
        }
    };
    files.map(mode).collect()
}

/// Is the command of OpenClaw that makes a change; a secret is made anew by it.
fn by_hand((path, _, after): &(Key, Value, Value)) -> String {
    const MASK: &str = "********";
    let path = path.to_string();
    let word = |text: &str| text.to_owned();
    match after {
        Value::Null => shell(&["openclaw", "config", "unset", &path].map(word)),
        Value::String(text) if text.starts_with(MASK) => {
            format!("{} \"$(openssl rand -hex 24)\"", shell(&["openclaw", "config", "set", &path].map(word)))
        }
        value => shell(&["openclaw", "config", "set", &path, &value.to_string(), "--strict-json"].map(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::findings::parse;
    use crate::plan::Answers;
    use crate::posture::Means;
    use crate::settings::Facts;
    use std::sync::Arc;

    #[test]
    fn a_folder_that_writing_does_not_close_stays_one_that_its_owner_can_enter() {
        let folder = FileFact { role: FileRole::Private, path: "/srv/agents".into(), mode: 0o755, symlink: false };
        let facts = Arc::new(Facts { files: vec![folder], ..Facts::default() });
        let document = Document::parse(b"{}").expect("a config");
        let plan = Plan::new(document, &facts, &Means::default(), &Answers::default()).expect("a plan");
        let report = parse(br#"{"ts": 1, "summary": {}, "findings": []}"#).expect("a report");
        let walk = Walk::new(report, &plan, &Answers::default());
        let plan = plan.again(&Means::default(), &walk.answers()).expect("a plan");
        let told = Remediation::new(&walk, &plan, "/srv/openclaw.json".into(), After::default());
        let json: Value = serde_json::from_str(&told.json()).expect("json");
        assert_eq!(json["fileModes"][0]["after"], "0700");
        assert_eq!(json["fileModes"][0]["changed"], false);
        assert_eq!(json["commands"], json!(["chmod 700 /srv/agents"]));
    }
}
