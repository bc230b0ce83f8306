//! Many machines at once: what their audits, dry runs and checkups said, by host and by finding.

mod html;
mod markdown;
mod text;

pub use html::page;
pub use markdown::markdown;
pub(in crate::report) use markdown::{cell, row};
pub use text::text;

use super::{Summary, explain};
use crate::checks::Severity;
use crate::store;
use crate::text::{Lang, Said, Text, harmless};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What is known of many machines.
#[derive(Default)]
pub struct Fleet {
    /// The machines, by name.
    pub hosts: BTreeMap<String, Host>,
}

/// What is known of one machine.
#[derive(Default)]
pub struct Host {
    /// What its audit said.
    pub audit: Option<Audited>,
    /// The keys that differ from the answers, by a dry run of `apply`; none where none was given.
    pub drift: Option<Vec<String>>,
    /// What its checkup said.
    pub checkup: Option<Checked>,
    /// Why one of its files could not be understood.
    pub faults: Vec<Said>,
}

/// What an audit said.
#[derive(Default)]
pub struct Audited {
    /// When, in milliseconds since 1970.
    pub ts: u64,
    /// Whether OpenClaw accepts the config.
    pub valid: bool,
    /// How many findings there are.
    pub summary: Summary,
    /// The findings, each id once: the worst severity, how often, and what it is called.
    pub findings: BTreeMap<String, (Severity, usize, String)>,
    /// How many are accepted.
    pub accepted: usize,
}

/// What a checkup said.
pub struct Checked {
    /// When, in milliseconds since 1970.
    pub ts: u64,
    /// How many rows need attention.
    pub attention: u64,
}

/// A finding with the machines that have it.
pub struct Shared<'f> {
    /// Its id.
    pub id: &'f str,
    /// The worst severity.
    pub severity: Severity,
    /// What it is called.
    pub title: String,
    /// The machines.
    pub hosts: Vec<&'f str>,
}

const NOT_OURS: Text = Text {
    en: "{file} is no result of audit, apply or checkup with --format json",
    ja: "{file} は audit、apply、checkup の --format json の出力ではありません",
};
const NO_JSON: Text = Text { en: "{file} is not JSON ({why})", ja: "{file} は JSON ではありません ({why})" };

impl Fleet {
    /// Adds a file. It is about the host that its name begins with: `web1.json`, `web1.audit.json` and `web1.checkup.json` are all about
    /// `web1`. What cannot be understood is said of that host, and the others are as they are.
    pub fn add(&mut self, path: &Path, bytes: &[u8]) {
        let name = host(path);
        let file = path.display();
        match serde_json::from_slice::<Value>(bytes) {
            Err(why) => self.fault(&name, NO_JSON.with("file", file).with("why", why)),
            Ok(value) => match value.get("files").and_then(Value::as_array) {
                Some(files) => {
                    for one in files {
                        let config = one.get("path").and_then(Value::as_str).unwrap_or_default();
                        self.add_one(&format!("{name} {config}"), one, path);
                    }
                }
                None => self.add_one(&name, &value, path),
            },
        }
    }

    /// Says that a file could not be read at all.
    pub fn unreadable(&mut self, path: &Path, why: Said) {
        self.fault(&host(path), why);
    }

    fn fault(&mut self, name: &str, why: Said) {
        self.hosts.entry(name.to_owned()).or_default().faults.push(why);
    }

    fn add_one(&mut self, name: &str, value: &Value, path: &Path) {
        let host = self.hosts.entry(name.to_owned()).or_default();
        if let Some(why) = value.get("error").and_then(Value::as_str) {
            host.faults.push(Said::from(why.to_owned()));
        } else if let Some(checked) = checked(value) {
            host.checkup = Some(checked);
        } else if let Some(edits) = value.get("edits").and_then(Value::as_array) {
            let written = value.get("written").and_then(Value::as_bool).unwrap_or(false);
            let keys = edits.iter().filter_map(|edit| edit.get("path")?.as_str()).map(str::to_owned);
            host.drift = Some(if written { Vec::new() } else { keys.collect() });
        } else if let Some(findings) = value.get("findings").and_then(Value::as_array) {
            host.audit = Some(audited(value, findings));
        } else {
            host.faults.push(NOT_OURS.with("file", path.display()));
        }
    }

    /// Is every finding with the machines that have it: the worst first, then the most frequent.
    pub fn findings(&self, lang: Lang) -> Vec<Shared<'_>> {
        let mut shared: BTreeMap<&str, Shared> = BTreeMap::new();
        for (name, host) in &self.hosts {
            for (id, (severity, _, title)) in host.audit.iter().flat_map(|audit| &audit.findings) {
                let known = explain::check(id).map(|check| check.title.of(lang).to_owned());
                let one = shared.entry(id).or_insert_with(|| Shared {
                    id,
                    severity: *severity,
                    title: known.unwrap_or_else(|| harmless(title)),
                    hosts: Vec::new(),
                });
                one.severity = one.severity.max(*severity);
                one.hosts.push(name);
            }
        }
        let mut shared: Vec<Shared> = shared.into_values().collect();
        shared.sort_by_key(|one| (std::cmp::Reverse((one.severity, one.hosts.len())), one.id));
        shared
    }

    /// Is the machine whose last checkup is the oldest, with its time; machines without any come first.
    pub fn oldest_checkup(&self) -> Option<(&str, Option<u64>)> {
        let times =
            self.hosts.iter().map(|(name, host)| (name.as_str(), host.checkup.as_ref().map(|checkup| checkup.ts)));
        times.min_by_key(|(_, time)| *time)
    }

    /// Is the worst of all findings; a config that OpenClaw refuses is critical, and so is what could not be understood.
    pub fn worst(&self) -> Option<Severity> {
        let of = |host: &Host| {
            let refused = host.audit.as_ref().is_some_and(|audit| !audit.valid) || !host.faults.is_empty();
            let found =
                host.audit.iter().flat_map(|audit| audit.findings.values()).map(|(severity, ..)| *severity).max();
            found.max(refused.then_some(Severity::Critical))
        };
        self.hosts.values().filter_map(of).max()
    }

    /// Is the whole as JSON. Nothing in it is translated.
    pub fn json(&self) -> String {
        let hosts = self.hosts.iter().map(|(name, host)| {
            let audit = host.audit.as_ref();
            json!({
                "host": name,
                "audited": audit.map(|audit| audit.ts),
                "valid": audit.map(|audit| audit.valid),
                "summary": audit.map(|audit| super::json::summary(audit.summary)),
                "accepted": audit.map(|audit| audit.accepted),
                "findings": audit.map(|audit| audit.findings.iter().map(|(id, (severity, count, _))| {
                    json!({ "checkId": id, "severity": severity.name(), "count": count })
                }).collect::<Vec<_>>()),
                "drift": host.drift,
                "checkup": host.checkup.as_ref().map(|checkup| json!({ "ts": checkup.ts, "attention": checkup.attention })),
                "faults": host.faults.iter().map(|why| why.of(Lang::En)).collect::<Vec<_>>(),
            })
        });
        let findings = self.findings(Lang::En).into_iter().map(
            |one| json!({ "checkId": one.id, "severity": one.severity.name(), "title": one.title, "hosts": one.hosts }),
        );
        let oldest = self.oldest_checkup().map(|(host, ts)| json!({ "host": host, "ts": ts }));
        super::json::line(json!({
            "hosts": hosts.collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
            "oldestCheckup": oldest,
        }))
    }
}

/// Is the host that a file is about.
fn host(path: &Path) -> String {
    let name = path.file_stem().unwrap_or(OsStr::new("-")).to_string_lossy();
    let kinds = [".audit", ".apply", ".checkup"];
    kinds.iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(&name).to_owned()
}

fn audited(value: &Value, findings: &[Value]) -> Audited {
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64).unwrap_or_default();
    let mut audited = Audited {
        ts: number(value, "ts"),
        // OpenClaw's own audit has no such key: it says nothing of a config that it refuses.
        valid: value.get("valid").and_then(Value::as_bool).unwrap_or(true),
        accepted: value.get("accepted").and_then(Value::as_array).map_or(0, Vec::len),
        ..Audited::default()
    };
    for finding in findings.iter().filter(|finding| finding.get("unknown").is_none()) {
        let text = |key: &str| finding.get(key).and_then(Value::as_str);
        let severity = text("severity").and_then(|name| Severity::ALL.into_iter().find(|known| known.name() == name));
        let (Some(id), Some(severity)) = (text("checkId"), severity) else {
            continue;
        };
        audited.summary.count(severity);
        let title = text("title").unwrap_or_default().to_owned();
        let one = audited.findings.entry(id.to_owned()).or_insert((severity, 0, title));
        one.0 = one.0.max(severity);
        one.1 += 1;
    }
    audited
}

/// Reads a checkup; none where it is none.
fn checked(value: &Value) -> Option<Checked> {
    let number = |key: &str| value.get(key)?.as_u64();
    value.get("rows")?;
    Some(Checked { ts: number("ts")?, attention: number("attention")? })
}

/// Is a time in milliseconds since 1970 as in `2026-11-22 16:52`.
fn when(ts: u64) -> String {
    store::minute(SystemTime::UNIX_EPOCH + Duration::from_millis(ts))
}

/// The words that all forms of the report share.
mod words {
    use crate::text::Text;

    pub(super) const TITLE: Text = Text { en: "OpenClaw installations", ja: "OpenClaw のインストール一覧" };
    pub(super) const HOST: Text = Text { en: "host", ja: "ホスト" };
    pub(super) const CRITICAL: Text = Text { en: "critical", ja: "重大" };
    pub(super) const WARN: Text = Text { en: "warn", ja: "警告" };
    pub(super) const INFO: Text = Text { en: "info", ja: "情報" };
    pub(super) const ACCEPTED: Text = Text { en: "accepted", ja: "受容済み" };
    pub(super) const AUDITED: Text = Text { en: "audited (UTC)", ja: "監査日時 (UTC)" };
    pub(super) const DRIFT: Text = Text { en: "drift", ja: "回答との差" };
    pub(super) const CHECKUP: Text = Text { en: "checkup (UTC)", ja: "点検日時 (UTC)" };
    pub(super) const FINDING: Text = Text { en: "finding", ja: "検出事項" };
    pub(super) const HOSTS: Text = Text { en: "hosts", ja: "該当ホスト" };
    pub(super) const REFUSED: Text =
        Text { en: "OpenClaw refuses this config", ja: "OpenClaw がこの設定を受け付けません" };
    pub(super) const NONE: Text = Text { en: "none", ja: "なし" };
    pub(super) const NEVER: Text = Text { en: "never", ja: "未実施" };
    pub(super) const NO_HOST: Text = Text { en: "No host.", ja: "ホストがありません。" };
    pub(super) const ATTENTION: Text = Text { en: "{when}, {n} to look at", ja: "{when}、要対応 {n}件" };
    pub(super) const KEYS: Text = Text { en: "{n} keys", ja: "{n}件" };
    pub(super) const OLDEST: Text =
        Text { en: "Oldest checkup: {host}, {when}", ja: "最も古い点検: {host}、{when}" };
    pub(super) const DRIFTED: Text = Text { en: "Differs from the answers", ja: "回答と異なるキー" };
    pub(super) const FAULTS: Text = Text { en: "Could not be understood", ja: "読み取れなかったもの" };
    pub(super) const COUNTED: Text = Text {
        en: "{hosts} {hosts|host|hosts}: {critical} with critical findings, {drift} that drifted, {faults} not understood.",
        ja: "ホスト {hosts}台: 重大な検出事項あり {critical}台、回答との差あり {drift}台、読み取り不可 {faults}台。",
    };
}

/// One machine as the cells of a table, the same in every form.
struct Cells {
    host: String,
    counts: Option<Summary>,
    accepted: String,
    audited: String,
    drift: String,
    checkup: String,
    /// What stands in the way, beside the counts.
    refused: bool,
}

impl Fleet {
    fn cells(&self, lang: Lang) -> Vec<Cells> {
        let never = || words::NEVER.of(lang).to_owned();
        let of = |(name, host): (&String, &Host)| Cells {
            host: harmless(name),
            counts: host.audit.as_ref().map(|audit| audit.summary),
            accepted: host.audit.as_ref().map_or_else(|| "-".to_owned(), |audit| audit.accepted.to_string()),
            audited: host.audit.as_ref().map_or_else(never, |audit| when(audit.ts)),
            drift: match host.drift.as_deref() {
                None => "-".to_owned(),
                Some([]) => words::NONE.of(lang).to_owned(),
                Some(keys) => words::KEYS.with("n", keys.len()).of(lang),
            },
            checkup: host.checkup.as_ref().map_or_else(never, |checkup| match checkup.attention {
                0 => when(checkup.ts),
                n => words::ATTENTION.with("when", when(checkup.ts)).with("n", n).of(lang),
            }),
            refused: host.audit.as_ref().is_some_and(|audit| !audit.valid),
        };
        self.hosts.iter().map(of).collect()
    }

    /// Is what is said of single hosts below the tables: a heading, and a line a host.
    fn details(&self, lang: Lang) -> Vec<(String, Vec<(String, String)>)> {
        let lines = |of: &dyn Fn(&Host) -> Vec<String>| -> Vec<(String, String)> {
            let named = |(name, host): (&String, &Host)| {
                of(host).into_iter().map(|line| (harmless(name), line)).collect::<Vec<_>>()
            };
            self.hosts.iter().flat_map(named).collect()
        };
        let drift = lines(&|host| match host.drift.as_deref() {
            None | Some([]) => Vec::new(),
            Some(keys) => vec![keys.iter().map(|key| harmless(key)).collect::<Vec<_>>().join(", ")],
        });
        let faults = lines(&|host| host.faults.iter().map(|why| why.of(lang)).collect());
        let details = [(words::DRIFTED, drift), (words::FAULTS, faults)];
        details
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(heading, lines)| (heading.of(lang).to_owned(), lines))
            .collect()
    }

    fn counted(&self, lang: Lang) -> String {
        let many = |is: fn(&Host) -> bool| self.hosts.values().filter(|host| is(host)).count();
        words::COUNTED
            .with("hosts", self.hosts.len())
            .with("critical", many(|host| host.audit.as_ref().is_some_and(|audit| audit.summary.critical > 0)))
            .with("drift", many(|host| host.drift.as_ref().is_some_and(|keys| !keys.is_empty())))
            .with("faults", many(|host| !host.faults.is_empty()))
            .of(lang)
    }

    fn oldest(&self, lang: Lang) -> Option<String> {
        let (host, ts) = self.oldest_checkup()?;
        let time = ts.map_or_else(|| words::NEVER.of(lang).to_owned(), when);
        Some(words::OLDEST.with("host", host).with("when", time).of(lang))
    }
}

#[cfg(test)]
mod tests;
