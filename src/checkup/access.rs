//! Who may reach the agents: approved devices and senders, those who ask, and the lists of the config.

use super::known::Seen;
use super::{Known, Row, State, Topic, first};
use crate::checks::Severity;
use crate::document::Path as Key;
use crate::settings::tools::Session;
use crate::settings::{Settings, senders_key};
use crate::text::time::to_the_minute;
use crate::text::{Said, Text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The facts.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// What OpenClaw's database tells.
    pub database: Database,
    /// The files of early 2026 that still lie there, each with the senders that it lists.
    pub old_files: Vec<(PathBuf, Vec<String>)>,
}

/// OpenClaw's database.
#[derive(Clone, Debug, Default)]
pub enum Database {
    /// There is none: OpenClaw has not run here.
    #[default]
    Absent,
    /// It is there and could not be read, with the reason.
    Unknown(PathBuf, Said),
    /// What stands in it.
    Read(Box<Approved>),
}

/// What stands in the database, times in seconds since 1970. Tokens and pairing codes are never read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    /// Where it is.
    pub path: PathBuf,
    /// The approved devices.
    pub devices: Vec<Device>,
    /// The devices that ask to be approved.
    pub pending: Vec<Device>,
    /// The approved senders.
    pub senders: Vec<Sender>,
    /// The senders that ask to be approved.
    pub requests: Vec<Sender>,
    /// How often `exec` was started in the last thirty days, by hour of the day in UTC.
    pub exec_by_hour: [u64; 24],
    /// How often it was started in the last 24 hours.
    pub exec_today: u64,
    /// The newest changes of the config, oldest first.
    pub journal: Vec<Change>,
}

/// A device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: String,
    /// How it calls itself.
    pub name: Option<String>,
    /// Its kind of client.
    pub client: Option<String>,
    /// Its role.
    pub role: Option<String>,
    /// What it may do, as in `operator.admin`.
    pub scopes: Vec<String>,
    /// Where it asked from; none: this machine.
    pub address: Option<String>,
    /// How it was approved: `silent`, `owner`, `trusted-proxy`, `bootstrap`, `ssh-verified`.
    pub via: Option<String>,
    /// When it was approved, or asked.
    pub at: i64,
    /// When it was seen last.
    pub last_seen: Option<i64>,
}

/// Somebody on a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The channel.
    pub channel: String,
    /// The account of ours.
    pub account: String,
    /// Who it is, in the channel's terms.
    pub entry: String,
    /// When they were approved, or asked first; none where the database does not tell.
    pub at: Option<i64>,
}

/// A change of the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The config file.
    pub config: String,
    /// The command that wrote it, without its arguments; none: edited outside OpenClaw.
    pub command: Option<String>,
    /// What noticed an edit.
    pub detected_by: Option<String>,
    /// The paths that changed.
    pub paths: Vec<String>,
}

impl Device {
    fn is_unasked(&self) -> bool {
        matches!(self.via.as_deref(), Some("silent" | "trusted-proxy"))
    }

    fn is_admin(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "operator.admin")
    }
}

impl Sender {
    /// Is what tells it from all others.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.channel, self.account, self.entry)
    }
}

/// Judges who is approved.
pub fn rows(access: &Access, settings: &Settings, known: &Known) -> Vec<Row> {
    let mut rows = Vec::new();
    match &access.database {
        Database::Absent => rows.push(absent()),
        Database::Unknown(path, why) => rows.push(unknown(path, why)),
        Database::Read(approved) => {
            rows.extend(silent_admins(approved, known));
            rows.extend(devices(approved, known));
            rows.extend(senders(approved, known));
            rows.extend(waiting(approved));
        }
    }
    rows.extend(lists(settings));
    rows.extend(old_files(access));
    rows
}

const DATABASE: Text = Text { en: "{path}", ja: "{path}" };

fn absent() -> Row {
    const LOOKED: Text = Text { en: "OpenClaw's database", ja: "OpenClaw のデータベース" };
    const ABSENT: Text = Text {
        en: "There is no database: OpenClaw has approved nobody here.",
        ja: "データベースがないため、OpenClaw が承認したユーザーはいません。",
    };
    Row::new("access.database", Topic::Access, State::Note, LOOKED, ABSENT)
}

fn unknown(path: &std::path::Path, why: &Said) -> Row {
    const TODO: Text = Text {
        en: "Until then, ask the running Gateway: openclaw devices list",
        ja: "それまでは、稼働中の Gateway で確認してください: openclaw devices list",
    };
    let looked = DATABASE.with("path", path.display());
    Row::new("access.database", Topic::Access, State::Unknown, looked, why.clone()).todo(TODO)
}

const REMOVE: Text =
    Text { en: "If you do not know it, remove it:", ja: "心当たりがない場合は削除してください:" };
const ACCEPT: Text = Text {
    en: "If all of it is yours: openclaw-harden checkup --accept",
    ja: "すべて意図したものの場合: openclaw-harden checkup --accept",
};

fn device(device: &Device) -> Said {
    const LINE: Text = Text {
        en: "{id} {name} ({client}), from {address}, {via} at {at}, last seen {seen}: {scopes}",
        ja: "{id} {name} ({client})、接続元 {address}、{at} に {via}、最終接続 {seen}: {scopes}",
    };
    const HERE: &str = "loopback";
    LINE.with("id", short(&device.id))
        .with("name", device.name.as_deref().unwrap_or("-"))
        .with("client", device.client.as_deref().unwrap_or("-"))
        .with("address", device.address.as_deref().unwrap_or(HERE))
        .with("via", device.via.as_deref().unwrap_or("-"))
        .with("at", to_the_minute(device.at))
        .with("seen", device.last_seen.map_or("-".to_owned(), to_the_minute))
        .with("scopes", device.scopes.join(" "))
}

/// Is the beginning of an id, as OpenClaw's own log shows it.
fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

fn is_accepted(known: &Known, set: impl Fn(&Seen) -> &std::collections::BTreeSet<String>, key: &str) -> bool {
    known.accepted.as_ref().is_some_and(|seen| set(seen).contains(key))
}

fn silent_admins(approved: &Approved, known: &Known) -> Option<Row> {
    const FOUND: Text = Text {
        en: "Devices that can administer the Gateway and were approved without anybody being asked: {n}.",
        ja: "誰にも確認されずに承認され、Gateway を管理できるデバイスが{n}台あります。",
    };
    let admins: Vec<&Device> = approved
        .devices
        .iter()
        .filter(|device| device.is_unasked() && device.is_admin())
        .filter(|device| !is_accepted(known, |seen| &seen.devices, &device.id))
        .collect();
    if admins.is_empty() {
        return None;
    }
    let state = State::Attention(Severity::Critical);
    let looked = DATABASE.with("path", approved.path.display());
    let row = Row::new("access.silent_admin", Topic::Access, state, looked, FOUND.with("n", admins.len()));
    let row = row.evidence(first(&admins, |one| device(one))).todo(REMOVE).todo(ACCEPT);
    Some(removal(row, &admins))
}

/// Adds the commands that take devices away.
fn removal(row: Row, devices: &[&Device]) -> Row {
    // An id is a stranger's text: one that would read as an option is no id.
    let ids = devices.iter().filter(|device| !device.id.starts_with('-'));
    ids.fold(row, |row, device| row.command(&["openclaw", "devices", "remove", &device.id]))
}

fn devices(approved: &Approved, known: &Known) -> Option<Row> {
    const NEW: Text = Text {
        en: "Devices approved since you last accepted the list: {n}.",
        ja: "前回の受容後に承認されたデバイスが{n}台あります。",
    };
    const LIST: Text = Text {
        en: "Approved devices: {n}, new since the last checkup: {new}.",
        ja: "承認済みデバイスは{n}台です (前回の確認以降 {new}台)。",
    };
    let looked = DATABASE.with("path", approved.path.display());
    let is_new = |device: &&Device| !is_accepted(known, |seen| &seen.devices, &device.id);
    let unknown: Vec<&Device> = approved
        .devices
        .iter()
        .filter(|_| known.accepted.is_some())
        .filter(is_new)
        // Those have a row of their own.
        .filter(|device| !(device.is_unasked() && device.is_admin()))
        .collect();
    if !unknown.is_empty() {
        let state = State::Attention(Severity::Warn);
        let row = Row::new("access.new_devices", Topic::Access, state, looked, NEW.with("n", unknown.len()));
        let row = row.evidence(first(&unknown, |one| device(one))).todo(REMOVE).todo(ACCEPT);
        return Some(removal(row, &unknown));
    }
    let last = known.last.as_ref().map(|seen| &seen.devices);
    let new = approved.devices.iter().filter(|device| last.is_some_and(|seen| !seen.contains(&device.id))).count();
    let state = if approved.devices.is_empty() { State::Fine } else { State::Note };
    let found = LIST.with("n", approved.devices.len()).with("new", new);
    Some(Row::new("access.devices", Topic::Access, state, looked, found).evidence(first(&approved.devices, device)))
}

fn sender(sender: &Sender) -> Said {
    const LINE: Text = Text { en: "{channel} ({account}): {entry}, {at}", ja: "{channel} ({account}): {entry}、{at}" };
    LINE.with("channel", &sender.channel)
        .with("account", &sender.account)
        .with("entry", &sender.entry)
        .with("at", sender.at.map_or("-".to_owned(), to_the_minute))
}

fn senders(approved: &Approved, known: &Known) -> Option<Row> {
    const NEW: Text = Text {
        en: "Senders approved since you last accepted the list: {n}.",
        ja: "前回の受容後に承認された送信者が{n}人います。",
    };
    const LIST: Text = Text {
        en: "Senders approved by pairing: {n}, new since the last checkup: {new}.",
        ja: "ペアリングで承認済みの送信者は{n}人です (前回の確認以降 {new}人)。",
    };
    const REVOKE: Text = Text {
        en: "To take one back, write this to the agent as its owner (needs commands.config):",
        ja: "承認を取り消すには、所有者としてエージェントに次のメッセージを送ってください (commands.config が必要です):",
    };
    const BY_CHAT: Text = Text { en: "/allowlist remove dm {entry}", ja: "/allowlist remove dm {entry}" };
    let looked = DATABASE.with("path", approved.path.display());
    let is_known = |sender: &&Sender| is_accepted(known, |seen| &seen.senders, &sender.key());
    let unknown: Vec<&Sender> =
        approved.senders.iter().filter(|sender| known.accepted.is_some() && !is_known(sender)).collect();
    let last = known.last.as_ref().map(|seen| &seen.senders);
    let new = approved.senders.iter().filter(|sender| last.is_some_and(|seen| !seen.contains(&sender.key()))).count();
    let mut row = if unknown.is_empty() {
        let state = if approved.senders.is_empty() { State::Fine } else { State::Note };
        let found = LIST.with("n", approved.senders.len()).with("new", new);
        Row::new("access.senders", Topic::Access, state, looked, found).evidence(first(&approved.senders, sender))
    } else {
        let state = State::Attention(Severity::Warn);
        let found = NEW.with("n", unknown.len());
        Row::new("access.new_senders", Topic::Access, state, looked, found).evidence(first(&unknown, |one| sender(one)))
    };
    if let Some(one) = unknown.first().copied().or(approved.senders.first()) {
        row = row.todo(REVOKE).todo(BY_CHAT.with("entry", &one.entry));
    }
    if !unknown.is_empty() {
        row = row.todo(ACCEPT);
    }
    Some(row)
}

fn waiting(approved: &Approved) -> Vec<Row> {
    const DEVICES: Text =
        Text { en: "Devices that ask to be approved: {n}.", ja: "承認待ちのデバイスが{n}台あります。" };
    const SENDERS: Text =
        Text { en: "Senders that ask to be approved: {n}.", ja: "承認待ちの送信者が{n}人います。" };
    const REJECT: Text = Text {
        en: "Approve only what you know; reject the others: openclaw devices list",
        ja: "心当たりのあるものだけを承認し、ほかは拒否してください: openclaw devices list",
    };
    const IGNORE: Text = Text {
        en: "A request that nobody approves ends after an hour.",
        ja: "承認されないリクエストは1時間で失効します。",
    };
    let looked = || DATABASE.with("path", approved.path.display());
    let mut rows = Vec::new();
    if !approved.pending.is_empty() {
        let (state, found) = (State::Attention(Severity::Warn), DEVICES.with("n", approved.pending.len()));
        let row = Row::new("access.pending_devices", Topic::Access, state, looked(), found);
        rows.push(row.evidence(first(&approved.pending, device)).todo(REJECT));
    }
    if !approved.requests.is_empty() {
        let found = SENDERS.with("n", approved.requests.len());
        let row = Row::new("access.pending_senders", Topic::Access, State::Note, looked(), found);
        rows.push(row.evidence(first(&approved.requests, sender)).todo(IGNORE));
    }
    rows
}

/// The tools by which a sender reaches the machine.
const POWERS: [&str; 8] = ["exec", "process", "write", "edit", "apply_patch", "browser", "nodes", "gateway"];

/// Lists everybody whom the config lets in, with the agents that they reach and what those can do.
fn lists(settings: &Settings) -> Option<Row> {
    const LOOKED: Text = Text { en: "the lists of the config", ja: "設定ファイルの許可リスト" };
    const FOUND: Text = Text {
        en: "{n} {n|entry|entries} of the config's lists {n|lets|let} somebody in.",
        ja: "設定ファイルの許可リストのエントリは{n}件です。",
    };
    const LINE: Text = Text { en: "{path}: {who}", ja: "{path}: {who}" };
    const AGENT: Text = Text {
        en: "{channel} reaches the agent {agent}, which can use: {tools}",
        ja: "{channel} からエージェント {agent} に届きます。使えるツール: {tools}",
    };
    let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |path: &Key, value: Option<&Value>| {
        let entries = value.and_then(Value::as_array).into_iter().flatten();
        let entries: Vec<String> = entries
            .filter_map(|entry| entry.as_str().map(str::to_owned).or_else(|| Some(entry.as_i64()?.to_string())))
            .collect();
        if !entries.is_empty() {
            lists.insert(settings.file_path(path).to_string(), entries);
        }
    };
    for node in settings.channel_nodes() {
        for key in [senders_key(node.channel), "groupAllowFrom"] {
            add(&node.path.key(key), node.object.get(key));
        }
    }
    add(&Key::from("commands.ownerAllowFrom"), settings.get("commands.ownerAllowFrom"));
    let elevated = Key::from("tools.elevated.allowFrom");
    for (channel, list) in settings.at(&elevated).and_then(Value::as_object).into_iter().flatten() {
        add(&elevated.key(channel.as_str()), Some(list));
    }
    if lists.is_empty() {
        return None;
    }
    let count: usize = lists.values().map(Vec::len).sum();
    let lists: Vec<_> = lists.into_iter().collect();
    let row = Row::new("access.lists", Topic::Access, State::Note, LOOKED, FOUND.with("n", count));
    let row = row.evidence(first(&lists, |(path, who)| LINE.with("path", path).with("who", who.join(", "))));
    let reached: Vec<(String, String)> = settings
        .channels()
        .flat_map(|(channel, _)| agents_of(settings, channel).into_iter().map(move |agent| (channel.to_owned(), agent)))
        .collect();
    Some(row.evidence(first(&reached, |(channel, agent)| {
        let context = settings.tool_context_for(agent, None).unwrap_or_else(|| settings.default_tool_context(None));
        let tools = POWERS.into_iter().filter(|tool| context.allows(tool, &[Session::Other]));
        let tools = tools.collect::<Vec<_>>().join(" ");
        AGENT
            .with("channel", channel)
            .with("agent", agent)
            .with("tools", if tools.is_empty() { "-".to_owned() } else { tools })
    })))
}

/// Is the agents that messages of a channel go to: those that bindings name, else the first.
fn agents_of(settings: &Settings, channel: &str) -> Vec<String> {
    let bindings = settings.get("bindings").and_then(Value::as_array).into_iter().flatten();
    let mut agents: Vec<String> = bindings
        .filter(|binding| binding.pointer("/match/channel").and_then(Value::as_str) == Some(channel))
        .filter_map(|binding| Some(binding.get("agentId")?.as_str()?.to_owned()))
        .collect();
    agents.sort();
    agents.dedup();
    if agents.is_empty() {
        agents.extend(settings.agents().first().map(|agent| agent.id.to_owned()));
    }
    agents
}

fn old_files(access: &Access) -> Option<Row> {
    const LOOKED: Text = Text { en: "the files of early 2026", ja: "2026年初めの形式のファイル" };
    const FOUND: Text = Text {
        en: "Files that list approved senders in the old way: {n}. OpenClaw 2026.9.6 reads them only to take them over (openclaw doctor).",
        ja: "古い形式の承認ファイルが{n}件あります。OpenClaw 2026.9.6 は移行時 (openclaw doctor) にだけ読み取ります。",
    };
    const LINE: Text = Text { en: "{path}: {who}", ja: "{path}: {who}" };
    if access.old_files.is_empty() {
        return None;
    }
    let row = Row::new("access.old_files", Topic::Access, State::Note, LOOKED, FOUND.with("n", access.old_files.len()));
    Some(row.evidence(first(&access.old_files, |(path, who)| {
        LINE.with("path", path.display()).with("who", who.join(", "))
    })))
}

/// Shows how often programs were run: the log does not tell.
pub fn exec_rows(access: &Access) -> Option<Row> {
    const NONE: Text = Text {
        en: "No agent ran a program in the last 30 days.",
        ja: "過去30日間、exec は実行されていません。",
    };
    const SOME: Text = Text {
        en: "Programs that agents ran in the last 30 days: {n}, in the last 24 hours: {today}.",
        ja: "過去30日間の exec は{n}回、うち直近24時間は{today}回です。",
    };
    const HOURS: Text = Text { en: "by hour of the day (UTC): {hours}", ja: "時間帯別 (UTC): {hours}" };
    const WHERE: Text = Text {
        en: "What was run stands in the session: openclaw sessions list",
        ja: "実行内容はセッションに残っています: openclaw sessions list",
    };
    let Database::Read(approved) = &access.database else {
        return None;
    };
    let looked = DATABASE.with("path", approved.path.display());
    let total: u64 = approved.exec_by_hour.iter().sum();
    if total == 0 {
        return Some(Row::new("log.exec", Topic::Log, State::Fine, looked, NONE));
    }
    let hours = approved.exec_by_hour.iter().enumerate().filter(|(_, count)| **count > 0);
    let hours = hours.map(|(hour, count)| format!("{hour:02}h {count}")).collect::<Vec<_>>().join(", ");
    let found = SOME.with("n", total).with("today", approved.exec_today);
    let row = Row::new("log.exec", Topic::Log, State::Note, looked, found);
    Some(row.evidence([HOURS.with("hours", hours)]).todo(WHERE))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{approved, settings};
    use super::*;
    use crate::text::Lang;
    use serde_json::json;

    fn a_device(id: &str, via: &str, scopes: &[&str]) -> Device {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Device { id: id.to_owned(), via: Some(via.to_owned()), scopes, ..Device::default() }
    }

    fn judged(approved: Approved, known: &Known) -> Vec<Row> {
        let access = Access { database: Database::Read(Box::new(approved)), ..Access::default() };
        rows(&access, &settings(json!({}), &[]), known)
    }

    fn troubles(rows: &[Row]) -> Vec<&str> {
        rows.iter().filter(|row| row.needs_attention()).map(|row| row.id).collect()
    }

    #[test]
    fn nobody_approved_is_fine() {
        let rows = judged(approved(), &Known::default());
        assert!(troubles(&rows).is_empty() && rows.iter().all(|row| row.state == State::Fine), "{rows:?}");
    }

    #[test]
    fn an_admin_device_that_nobody_approved_is_reported_with_the_command_that_removes_it() {
        let mut with = approved();
        with.devices.push(a_device("d1", "silent", &["operator.read", "operator.admin"]));
        with.devices.push(a_device("d2", "owner", &["operator.admin"]));
        with.devices.push(a_device("d3", "silent", &["operator.read"]));
        let rows = judged(with.clone(), &Known::default());
        assert_eq!(troubles(&rows), ["access.silent_admin"]);
        assert_eq!(rows[0].commands, [["openclaw", "devices", "remove", "d1"]]);
        let devices = ["d1", "d2", "d3"].map(str::to_owned).into();
        let known = Known { accepted: Some(Seen { devices, ..Seen::default() }), ..Known::default() };
        assert!(troubles(&judged(with, &known)).is_empty());
    }

    #[test]
    fn who_was_approved_after_the_list_was_accepted_is_reported() {
        let mut with = approved();
        with.devices.push(a_device("d2", "owner", &[]));
        with.senders.push(Sender {
            channel: "telegram".into(),
            account: "default".into(),
            entry: "4444".into(),
            at: None,
        });
        let known = Known { accepted: Some(Seen::default()), ..Known::default() };
        let rows = judged(with, &known);
        assert_eq!(troubles(&rows), ["access.new_devices", "access.new_senders"]);
        assert!(rows[1].todo.iter().any(|todo| todo.of(Lang::En) == "/allowlist remove dm 4444"));
    }

    #[test]
    fn a_device_that_asks_needs_an_answer() {
        let mut with = approved();
        with.pending.push(a_device("d1", "", &["operator.admin"]));
        assert_eq!(troubles(&judged(with, &Known::default())), ["access.pending_devices"]);
    }

    #[test]
    fn a_database_that_cannot_be_read_is_unknown_and_not_fine() {
        const WHY: Text = Text { en: "why", ja: "why" };
        let access = Access { database: Database::Unknown("/x".into(), WHY.into()), ..Access::default() };
        let rows = rows(&access, &settings(json!({}), &[]), &Known::default());
        assert_eq!(rows[0].state, State::Unknown);
    }

    #[test]
    fn the_lists_are_shown_with_the_agent_that_is_reached_and_its_tools() {
        let source = json!({
            "channels": {"telegram": {"allowFrom": [1, "2"], "accounts": {"b": {"groupAllowFrom": ["3"]}}}},
            "commands": {"ownerAllowFrom": ["telegram:1"]},
            "tools": {"deny": ["group:runtime", "group:fs"], "elevated": {"allowFrom": {"telegram": ["1"]}}},
            "agents": {"entries": {"main": {}, "guest": {}}},
            "bindings": [{"agentId": "guest", "match": {"channel": "telegram"}}],
        });
        let row = lists(&settings(source, &[])).expect("a row");
        let said: Vec<String> = row.evidence.iter().map(|line| line.of(Lang::En)).collect();
        assert_eq!(
            said[..4],
            [
                "channels.telegram.accounts.b.groupAllowFrom: 3",
                "channels.telegram.allowFrom: 1, 2",
                "commands.ownerAllowFrom: telegram:1",
                "tools.elevated.allowFrom.telegram: 1",
            ]
        );
        assert_eq!(said[4], "telegram reaches the agent guest, which can use: browser nodes gateway");
    }
}
