//! One literal a check, a file a topic.
//!
//! A check that OpenClaw's audit also makes bears OpenClaw's `checkId` and agrees with it in condition, count and severity
//! (2026.9.6). Checks that only we make begin with `harden.`.

mod browser;
mod closed;
mod config;
mod control_ui;
mod early;
mod example;
mod exposure;
mod files;
mod gateway;
mod hooks;
mod inside;
mod isolation;
mod made;
mod models;
mod pairing;
mod plugins;
mod powers;
mod proxy;
mod sandbox;
mod secrets;
mod session;
mod state;
mod suppressions;
mod tools;
mod workspace;

pub use closed::closed_by;
pub use example::settings as example;
pub use made::Made;
pub use secrets::{is_secret, plain_secrets};

use crate::document::Path;
use crate::settings::{Settings, Shape, schema};
use crate::text::{Said, Text};

/// How much a finding matters, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warn,
    /// Must be mended.
    Critical,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Severity; 3] = [Severity::Critical, Severity::Warn, Severity::Info];

    /// Is its name in JSON, as OpenClaw's audit has it.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::Critical => "critical",
        }
    }

    /// Is the severity of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// One thing that can be wrong.
pub struct Check {
    /// OpenClaw's `checkId`, or one of ours, `harden.<area>.<what>`. A place such as `<provider>` is filled by the hit.
    pub id: &'static str,
    /// Its usual severity; a hit may carry another where OpenClaw's does.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub title: Text,
    /// Why it matters: who could do what from where.
    pub why: Text,
    /// Looks. What cannot be known is a hit with [`Hit::unknown`], never a silent pass; where not even the question can be
    /// asked, because its facts are not there, that is a hit with [`Hit::not_made`].
    pub test: fn(&Settings) -> Vec<Hit>,
    /// What mends it.
    pub mend: Mend,
    /// A config that has it.
    pub risky: &'static str,
    /// The same config without it.
    pub safe: &'static str,
    /// Where it is described: OpenClaw's page or key.
    pub reference: &'static str,
}

/// Who else makes a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A plain `openclaw security audit`.
    OpenClaw,
    /// `openclaw security audit --deep` alone.
    Deep,
    /// Nobody else.
    Ours,
}

impl Check {
    /// Whether an id means this check: its own, or one with its places filled, as in `tools.elevated.allowFrom.telegram.wildcard`.
    pub fn is_meant_by(&self, id: &str) -> bool {
        match (self.id.split_once('<'), self.id.split_once('>')) {
            (Some((head, _)), Some((_, tail))) => {
                let filled = id.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
                self.id == id || filled.is_some_and(|filled| !filled.is_empty())
            }
            _ => self.id == id,
        }
    }

    /// Makes the check: its findings, and why it was not made where it was not.
    fn findings(&'static self, settings: &Settings) -> (Vec<Finding>, Vec<Said>) {
        let (mut findings, mut not_made) = (Vec::new(), Vec::new());
        for hit in (self.test)(settings) {
            if hit.not_made {
                not_made.extend(hit.unknown);
                continue;
            }
            let hit = hit.in_file(settings);
            if hit.concerns(settings) {
                findings.push(Finding {
                    check: self,
                    id: hit.id.clone().unwrap_or_else(|| self.id.to_owned()),
                    severity: hit.severity.unwrap_or(self.severity),
                    hit,
                    may_be_suppressed: false,
                });
            }
        }
        (findings, not_made)
    }

    /// Is who else makes the check. The id tells: ours begin with `harden.`, and only the deep audit has `browser.`.
    pub fn source(&self) -> Source {
        if self.id.starts_with("harden.") {
            Source::Ours
        } else if self.id.starts_with("browser.") {
            Source::Deep
        } else {
            Source::OpenClaw
        }
    }
}

/// What mends a finding. Either way the text says exactly how to do it by hand.
#[derive(Clone, Copy, Debug)]
pub enum Mend {
    /// A plan for the posture `personal` does.
    ByPlan(Text),
    /// Only the administrator can.
    Manual(Text),
}

impl Mend {
    /// Is how to do it by hand.
    pub const fn text(self) -> Text {
        match self {
            Mend::ByPlan(text) | Mend::Manual(text) => text,
        }
    }
}

/// One occurrence of a check.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    /// The id where it has places to fill, as in `tools.elevated.allowFrom.telegram.wildcard`.
    pub id: Option<String>,
    /// The severity where it is not the usual one.
    pub severity: Option<Severity>,
    /// The keys that show it, as the file has them.
    pub paths: Vec<Path>,
    /// What was found.
    pub actual: Option<String>,
    /// What should be there.
    pub expected: Option<String>,
    /// Why it could not be known, where it could not.
    pub unknown: Option<Said>,
    /// Whether the check was not made at all: `unknown` says why. It is listed apart and is no finding.
    pub not_made: bool,
}

impl Hit {
    /// Is a hit that a key of the file shows.
    fn at(path: impl Into<Path>) -> Self {
        Hit { paths: vec![path.into()], ..Hit::default() }
    }

    /// Is what stands for a check that was not made.
    fn not_made(why: impl Into<Said>) -> Self {
        Hit { unknown: Some(why.into()), not_made: true, ..Hit::default() }
    }

    /// Adds a key that shows it too.
    fn and(mut self, path: impl Into<Path>) -> Self {
        self.paths.push(path.into());
        self
    }

    /// Whether the version has one of the keys that show it, so that something can be open there.
    fn concerns(&self, settings: &Settings) -> bool {
        let shape = settings.shape();
        shape == Shape::Current
            || self.paths.is_empty()
            || self.paths.iter().any(|path| path.of(settings.written()).is_some() || schema::knows(shape, path))
    }

    /// Names its keys as the file does.
    fn in_file(mut self, settings: &Settings) -> Self {
        if settings.shape() == Shape::Current {
            return self;
        }
        for path in &mut self.paths {
            *path = settings.shape().place(settings.written(), path);
        }
        self
    }

    fn found(mut self, actual: impl std::fmt::Display) -> Self {
        self.actual = Some(actual.to_string());
        self
    }

    fn wanted(mut self, expected: impl std::fmt::Display) -> Self {
        self.expected = Some(expected.to_string());
        self
    }

    fn critical_if(mut self, critical: bool) -> Self {
        if critical {
            self.severity = Some(Severity::Critical);
        }
        self
    }

    fn info_if(mut self, info: bool) -> Self {
        if info {
            self.severity = Some(Severity::Info);
        }
        self
    }
}

/// Is the hit if the condition holds.
fn when(condition: bool, hit: impl FnOnce() -> Hit) -> Vec<Hit> {
    condition.then(hit).into_iter().collect()
}

/// A hit with its check.
#[derive(Clone)]
pub struct Finding {
    /// What it is a case of.
    pub check: &'static Check,
    /// The id with its places filled.
    pub id: String,
    /// Its severity here.
    pub severity: Severity,
    /// Its evidence.
    pub hit: Hit,
    /// Whether OpenClaw itself may leave it out: the config suppresses findings of this id whose title or detail holds words
    /// that only OpenClaw's own text can tell.
    pub may_be_suppressed: bool,
}

/// What an audit comes to.
#[derive(Clone, Default)]
pub struct Audit {
    /// What was found. Order: critical first, then as in the catalogue.
    pub findings: Vec<Finding>,
    /// What the config's own `security.audit.suppressions` keep out of the count, with their reason.
    pub suppressed: Vec<(Finding, Option<String>)>,
    /// The checks that were not made, and why. What they look for may be there.
    pub not_made: Vec<(&'static Check, Said)>,
}

/// Runs every check; what the config suppresses is left out.
pub fn audit(settings: &Settings) -> Vec<Finding> {
    audit_all(settings).findings
}

/// Runs every check and keeps apart what the config suppresses.
pub fn audit_all(settings: &Settings) -> Audit {
    Made::of(settings, catalogue()).audit(settings)
}

fn counted(settings: &Settings, mut findings: Vec<Finding>, not_made: Vec<(&'static Check, Said)>) -> Audit {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Audit { not_made, ..suppressions::set_apart(settings, findings) }
}

/// Is every check, a topic after the other.
pub fn catalogue() -> impl Iterator<Item = &'static Check> {
    TOPICS.iter().flat_map(|(_, checks)| *checks)
}

/// Is the check that an id means.
pub fn meant_by(id: &str) -> Option<&'static Check> {
    catalogue().find(|check| check.is_meant_by(id))
}

/// The checks by topic.
pub const TOPICS: &[(Text, &[Check])] = &[
    (Text { en: "Sandbox", ja: "サンドボックス" }, sandbox::CHECKS),
    (Text { en: "Isolation", ja: "隔離" }, isolation::CHECKS),
    (Text { en: "Workspace", ja: "ワークスペース" }, workspace::CHECKS),
    (Text { en: "Tools", ja: "ツール" }, tools::CHECKS),
    (Text { en: "What an agent can call", ja: "エージェントが使えるツール" }, powers::CHECKS),
    (Text { en: "Who gets through to the agents", ja: "エージェントに接続できる相手" }, exposure::CHECKS),
    (Text { en: "Senders", ja: "送信者" }, pairing::CHECKS),
    (Text { en: "Sessions", ja: "セッション" }, session::CHECKS),
    (Text { en: "Gateway", ja: "Gateway" }, gateway::CHECKS),
    (Text { en: "Control UI", ja: "Control UI" }, control_ui::CHECKS),
    (Text { en: "Proxies", ja: "プロキシ" }, proxy::CHECKS),
    (Text { en: "Inside the gateway", ja: "Gateway の内側" }, inside::CHECKS),
    (Text { en: "Hooks", ja: "フック" }, hooks::CHECKS),
    (Text { en: "Secrets", ja: "シークレット" }, secrets::CHECKS),
    (Text { en: "Config and log", ja: "設定とログ" }, config::CHECKS),
    (Text { en: "Early versions", ja: "以前のバージョン" }, early::CHECKS),
    (Text { en: "Suppressions", ja: "抑制" }, suppressions::CHECKS),
    (Text { en: "Browser", ja: "ブラウザ" }, browser::CHECKS),
    (Text { en: "Plugins and skills", ja: "プラグインとスキル" }, plugins::CHECKS),
    (Text { en: "Models", ja: "モデル" }, models::CHECKS),
    (Text { en: "Files", ja: "ファイル" }, files::CHECKS),
    (Text { en: "State and containers", ja: "状態とコンテナ" }, state::CHECKS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use std::collections::BTreeSet;
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

    fn finds(check: &Check, config: &str) -> bool {
        let settings = example(config).unwrap_or_else(|| panic!("{}: {config}", check.id));
        !(check.test)(&settings).is_empty()
    }

    #[test]
    fn every_check_finds_its_risky_example_and_is_silent_on_its_safe_one() {
        for check in catalogue() {
            assert!(finds(check, check.risky), "{}: risky", check.id);
            // Always there: it is the inventory.
            if check.id != "summary.attack_surface" {
                assert!(!finds(check, check.safe), "{}: safe", check.id);
            }
        }
    }

    #[test]
    fn every_id_stands_once() {
        let ids: Vec<_> = catalogue().map(|check| check.id).collect();
        let once: BTreeSet<_> = ids.iter().collect();
        assert_eq!(once.len(), ids.len());
    }

    #[test]
    fn titles_fit_a_line_of_the_screen() {
        for check in catalogue() {
            for lang in [Lang::En, Lang::Ja] {
                let width = check.title.of(lang).width();
                assert!(width <= 72, "{} {lang:?}: {width} columns", check.id);
            }
        }
    }

    #[test]
    fn texts_have_no_character_that_terminals_draw_one_or_two_columns_wide() {
        for check in catalogue() {
            let (Mend::ByPlan(mend) | Mend::Manual(mend)) = check.mend;
            for text in [check.title, check.why, mend] {
                assert!(text.en.is_ascii(), "{}: {}", check.id, text.en);
                let odd = text.ja.chars().find(|c| c.width_cjk() != c.width());
                assert_eq!(odd, None, "{}: {}", check.id, text.ja);
            }
        }
    }

    #[test]
    fn no_hit_holds_a_secret() {
        for check in catalogue() {
            let hits = example(check.risky).map(|settings| (check.test)(&settings));
            let shown = format!("{hits:?}");
            assert!(!shown.contains("5ecret"), "{}", check.id);
        }
    }
}
