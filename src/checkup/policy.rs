//! The config and what belongs to it: changed since the last write, accepted risks that are over, backups that others can read.

use super::access::{Access, Change, Database};
use super::{Known, Row, State, Topic, first, skills};
use crate::checks::Severity;
use crate::document::Path as Key;
use crate::settings::{FileRole, Settings, schema};
use crate::skills::state::Review;
use crate::source::Source;
use crate::text::time::to_the_minute;
use crate::text::{Said, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How a config looked: a hash of the file, and one of each value that is no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imprint {
    /// When, in seconds since 1970.
    pub at: i64,
    /// One SHA-256 of all its files, in hexadecimal.
    pub file: String,
    /// The beginning of the SHA-256 of each value, by path.
    pub values: BTreeMap<String, String>,
}

impl Imprint {
    /// Takes it of a config with all its files.
    pub fn of(source: &Source, at: i64) -> Self {
        let mut values = BTreeMap::new();
        leaves(source.value(), &Key::root(), &mut values);
        let files: Vec<String> = source.files().iter().map(|file| hash(file.document.bytes())).collect();
        Imprint { at, file: hash(files.concat().as_bytes()), values }
    }

    /// Is the paths whose value is another one, or that stand in one of the two alone.
    pub fn changed(&self, now: &Imprint) -> Vec<String> {
        let mut paths: Vec<String> = now
            .values
            .iter()
            .filter(|(path, value)| self.values.get(*path) != Some(value))
            .map(|(path, _)| path.clone())
            .collect();
        paths.extend(self.values.keys().filter(|path| !now.values.contains_key(*path)).cloned());
        paths.sort();
        paths
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn leaves(value: &Value, at: &Key, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(key, value)| leaves(value, &at.key(key.as_str()), into));
        }
        // A hash of a weak password would give it away.
        _ if schema::is_secret(at) => {}
        value => {
            into.insert(at.to_string(), hash(value.to_string().as_bytes())[..16].to_owned());
        }
    }
}

/// The facts.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The config file.
    pub config: PathBuf,
    /// How it looks now; none where there is none.
    pub imprint: Option<Imprint>,
    /// The ids of accepted findings whose last day is over, each with that day.
    pub expired: Vec<(String, String)>,
    /// The skills and plugins beside what was accepted, or why they are not known; none: not looked at.
    pub skills: Option<Result<Review, Said>>,
}

/// Judges the facts.
pub fn rows(looked: &Looked, access: &Access, settings: &Settings, known: &Known) -> Vec<Row> {
    let skills = looked.skills.as_ref().map(skills::row);
    [Some(drift(looked, access, known)), expired(looked), skills, backups(settings)].into_iter().flatten().collect()
}

fn drift(looked: &Looked, access: &Access, known: &Known) -> Row {
    const LOOKED: Text = Text { en: "{path}", ja: "{path}" };
    const NONE: Text = Text { en: "There is no config.", ja: "設定ファイルがありません。" };
    const FIRST: Text = Text {
        en: "The config was looked at for the first time: changes show from now on.",
        ja: "設定ファイルの初回の確認です。次回から変更を検出します。",
    };
    const SAME: Text = Text {
        en: "The config is unchanged since {since}.",
        ja: "設定ファイルは {since} から変更されていません。",
    };
    const CHANGED: Text = Text {
        en: "The config was changed after {since}. Settings that differ: {n}.",
        ja: "{since} より後に設定が変更されました (差異 {n}件)。",
    };
    const ONLY_SECRETS: Text = Text {
        en: "No setting differs but a secret, a comment or the layout.",
        ja: "シークレット、コメント、レイアウト以外に差異はありません。",
    };
    const UNSAID: Text = Text {
        en: "OpenClaw's journal has no entry about it, or could not be read.",
        ja: "OpenClaw の記録にこの変更はないか、記録を読み取れません。",
    };
    const TODO: Text = Text {
        en: "Compare it with a backup (openclaw-harden restore --list). If the change is yours: openclaw-harden checkup --accept",
        ja: "バックアップと比べてください (openclaw-harden restore --list)。意図した変更の場合: openclaw-harden checkup --accept",
    };
    let path = LOOKED.with("path", looked.config.display());
    let row = |state, found: Said| Row::new("policy.drift", Topic::Policy, state, path.clone(), found);
    let Some(now) = &looked.imprint else {
        return row(State::Note, NONE.into());
    };
    let Some(then) = &known.imprint else {
        return row(State::Note, FIRST.into());
    };
    let since = to_the_minute(then.at);
    if then.file == now.file {
        return row(State::Fine, SAME.with("since", since));
    }
    let paths = then.changed(now);
    let mut row = row(State::Attention(Severity::Warn), CHANGED.with("since", since).with("n", paths.len())).todo(TODO);
    row.evidence =
        if paths.is_empty() { vec![ONLY_SECRETS.into()] } else { first(&paths, |path| Said::from(path.clone())) };
    let journal: &[Change] = match &access.database {
        Database::Read(approved) => &approved.journal,
        _ => &[],
    };
    let config = looked.config.display().to_string();
    let since: Vec<&Change> = journal.iter().filter(|change| change.at >= then.at && change.config == config).collect();
    if since.is_empty() {
        row.evidence.push(UNSAID.into());
    }
    row.evidence(first(&since, |change| who(change)))
}

fn who(change: &Change) -> Said {
    const WRITTEN: Text = Text { en: "{at}: written by {by}", ja: "{at}: {by} による書き込み" };
    const EDITED: Text = Text {
        en: "{at}: edited outside OpenClaw, noticed by its {by}: {paths}",
        ja: "{at}: OpenClaw 外での編集 (検出: {by}): {paths}",
    };
    let at = to_the_minute(change.at);
    match &change.command {
        Some(command) => WRITTEN.with("at", at).with("by", command),
        None => EDITED
            .with("at", at)
            .with("by", change.detected_by.as_deref().unwrap_or("?"))
            .with("paths", change.paths.join(", ")),
    }
}

fn expired(looked: &Looked) -> Option<Row> {
    const LOOKED: Text = Text { en: "accepted risks", ja: "受容済みリスク" };
    const OVER: Text = Text {
        en: "Accepted risks that have expired: {n}.",
        ja: "有効期限の切れた受容済みリスクが{n}件あります。",
    };
    const LINE: Text = Text { en: "{id}, until {until}", ja: "{id} (期限 {until})" };
    const TODO: Text = Text {
        en: "Mend the finding, or accept it anew: openclaw-harden accept ID --until DATE --reason TEXT",
        ja: "修正するか、受容し直してください: openclaw-harden accept ID --until DATE --reason TEXT",
    };
    if looked.expired.is_empty() {
        return None;
    }
    let found = OVER.with("n", looked.expired.len());
    let row = Row::new("policy.expired", Topic::Policy, State::Attention(Severity::Warn), LOOKED, found).todo(TODO);
    Some(row.evidence(first(&looked.expired, |(id, until)| LINE.with("id", id).with("until", until))))
}

fn backups(settings: &Settings) -> Option<Row> {
    const LOOKED: Text = Text { en: "backups beside the config: {n}", ja: "設定のバックアップ: {n}件" };
    const CLOSED: Text =
        Text { en: "Nobody but their owner can read them.", ja: "所有者以外は読み取れません。" };
    const OPEN: Text = Text {
        en: "Others on this machine can read backups and the secrets in them: {n}.",
        ja: "このホストの他のユーザーが、{n}件のバックアップとその中のシークレットを読み取れます。",
    };
    const LINE: Text = Text { en: "{path} (mode {mode})", ja: "{path} (パーミッション {mode})" };
    let facts = &settings.facts;
    if !facts.looked_at_files {
        return None;
    }
    let backups: Vec<_> = facts.files.iter().filter(|file| file.role == FileRole::Backup).collect();
    let open: Vec<_> = backups.iter().filter(|file| file.mode & 0o044 != 0).collect();
    let looked = LOOKED.with("n", backups.len());
    if open.is_empty() {
        return (!backups.is_empty()).then(|| Row::new("policy.backups", Topic::Policy, State::Fine, looked, CLOSED));
    }
    let state = State::Attention(Severity::Warn);
    let mut row = Row::new("policy.backups", Topic::Policy, state, looked, OPEN.with("n", open.len()));
    row.evidence =
        first(&open, |file| LINE.with("path", file.path.display()).with("mode", format!("{:04o}", file.mode)));
    for file in &open {
        row = row.command(&["chmod", "600", &file.path.display().to_string()]);
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{approved, settings};
    use super::*;
    use crate::document::Document;
    use serde_json::json;

    fn looked(value: &Value, at: i64) -> Looked {
        let document = Document::parse(value.to_string().as_bytes()).expect("a document");
        Looked {
            config: "/h/openclaw.json".into(),
            imprint: Some(Imprint::of(&Source::alone("/h/openclaw.json", document), at)),
            expired: Vec::new(),
            skills: None,
        }
    }

    fn drifted(before: &Value, after: &Value, access: &Access) -> Row {
        let known = Known { imprint: looked(before, 100).imprint, ..Known::default() };
        drift(&looked(after, 200), access, &known)
    }

    #[test]
    fn an_unchanged_config_is_fine_and_the_first_look_is_a_note() {
        let value = json!({"gateway": {"bind": "loopback"}});
        assert_eq!(drifted(&value, &value, &Access::default()).state, State::Fine);
        assert_eq!(drift(&looked(&value, 1), &Access::default(), &Known::default()).state, State::Note);
    }

    #[test]
    fn changed_added_and_removed_settings_are_named_and_secrets_leave_no_trace() {
        let before = json!({"gateway": {"bind": "loopback", "port": 1, "auth": {"token": "old secret"}}});
        let after = json!({"gateway": {"bind": "lan", "auth": {"token": "new secret"}}, "tools": {"deny": []}});
        let row = drifted(&before, &after, &Access::default());
        assert!(row.needs_attention());
        let evidence: Vec<String> = row.evidence.iter().map(|line| line.of(crate::text::Lang::En)).collect();
        assert_eq!(evidence[..3], ["gateway.bind", "gateway.port", "tools.deny"]);
        let imprint = serde_json::to_string(&looked(&before, 1).imprint).expect("it is written");
        assert!(!imprint.contains("token") && !imprint.contains("secret"));
    }

    #[test]
    fn a_secret_that_changed_is_noticed_by_the_file() {
        let before = json!({"gateway": {"auth": {"token": "a"}}});
        let after = json!({"gateway": {"auth": {"token": "b"}}});
        assert!(drifted(&before, &after, &Access::default()).needs_attention());
    }

    #[test]
    fn the_journal_names_who_changed_it_and_never_what_was_typed() {
        let change = |at, config: &str| Change {
            at,
            config: config.to_owned(),
            command: Some("openclaw config set".to_owned()),
            detected_by: None,
            paths: Vec::new(),
        };
        let mut of = approved();
        of.journal = vec![change(99, "/h/openclaw.json"), change(150, "/h/openclaw.json"), change(151, "/other.json")];
        let access = Access { database: Database::Read(Box::new(of)), ..Access::default() };
        let row = drifted(&json!({"a": 1}), &json!({"a": 2}), &access);
        let said: Vec<String> = row.evidence.iter().map(|line| line.of(crate::text::Lang::En)).collect();
        assert_eq!(said, ["a", "1970-01-01 00:02 UTC: written by openclaw config set"]);
    }

    #[test]
    fn a_backup_that_others_can_read_and_an_expired_acceptance_are_reported() {
        let open = settings(json!({}), &[(FileRole::Backup, "/h/openclaw.json.bak", 0o644)]);
        assert!(backups(&open).is_some_and(|row| row.needs_attention()));
        let closed = settings(json!({}), &[(FileRole::Backup, "/h/openclaw.json.bak", 0o600)]);
        assert!(backups(&closed).is_some_and(|row| row.state == State::Fine));
        let mut looked = looked(&json!({}), 1);
        assert_eq!(expired(&looked), None);
        looked.expired.push(("gateway.bind_no_auth".to_owned(), "2026-01-01".to_owned()));
        assert!(expired(&looked).is_some_and(|row| row.needs_attention()));
    }
}
