//! Who is approved, from OpenClaw's database and from the files that came before it.
//!
//! Columns are named one by one: those with tokens and pairing codes are never read.

use super::database::{self, Opened, all};
use crate::checkup::access::{Access, Approved, Change, Database, Device, Sender};
use crate::text::time::parse_iso;
use rusqlite::{Connection, Row};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The largest of the old files that is read, in bytes.
const MAX_FILE: u64 = 4 << 20;
/// How far back the use of exec is counted.
const MONTH: i64 = 30 * 86_400;

/// Looks at everybody who is approved. `now` is in seconds since 1970.
pub(super) fn look(state_dir: &Path, credentials: &Path, now: i64) -> Access {
    Access { database: database(&database::place(state_dir), now), old_files: old_files(credentials) }
}

fn database(path: &Path, now: i64) -> Database {
    match database::read(path, |reading| read(reading, path, now)) {
        Opened::Absent => Database::Absent,
        Opened::Unknown(why) => Database::Unknown(path.to_owned(), why),
        Opened::Read(found) => Database::Read(Box::new(found)),
    }
}

fn read(reading: &Connection, path: &Path, now: i64) -> rusqlite::Result<Approved> {
    let mut found = Approved { path: path.to_owned(), ..Approved::default() };
    found.devices = all(
        reading,
        "SELECT device_id, COALESCE(operator_label, display_name), client_id, role, COALESCE(approved_scopes_json, scopes_json), \
         remote_ip, approved_at_ms, approved_via, last_seen_at_ms FROM device_pairing_paired ORDER BY approved_at_ms DESC LIMIT 10000",
        |row| Ok(Device { via: row.get(7)?, last_seen: row.get::<_, Option<i64>>(8)?.map(seconds), ..device(row)? }),
    )?;
    found.pending = all(
        reading,
        "SELECT device_id, display_name, client_id, role, scopes_json, remote_ip, ts FROM device_pairing_pending ORDER BY ts DESC LIMIT 1000",
        device,
    )?;
    found.senders = all(
        reading,
        "SELECT channel_key, account_id, entry, updated_at FROM channel_pairing_allow_entries \
         ORDER BY channel_key, account_id, sort_order LIMIT 10000",
        |row| Ok(Sender { at: row.get::<_, Option<i64>>(3)?.map(seconds), ..sender(row)? }),
    )?;
    found.requests = all(
        reading,
        "SELECT channel_key, account_id, request_id, created_at FROM channel_pairing_requests ORDER BY created_at DESC LIMIT 1000",
        |row| Ok(Sender { at: row.get::<_, Option<String>>(3)?.as_deref().and_then(parse_iso), ..sender(row)? }),
    )?;
    let exec = all(
        reading,
        &format!(
            "SELECT (occurred_at / 3600000) % 24, COUNT(*), SUM(occurred_at >= {}) FROM audit_events WHERE kind = 'tool_action' \
             AND action = 'tool.action.started' AND tool_name = 'exec' AND occurred_at >= {} GROUP BY 1",
            (now - 86_400) * 1_000,
            (now - MONTH) * 1_000
        ),
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)),
    )?;
    for (hour, count, today) in exec {
        if let Some(slot) = usize::try_from(hour).ok().and_then(|hour| found.exec_by_hour.get_mut(hour)) {
            *slot = count.unsigned_abs();
        }
        found.exec_today += today.unsigned_abs();
    }
    let journal = all(
        reading,
        "SELECT created_at, payload_json FROM diagnostic_events WHERE scope = 'config-audit' ORDER BY created_at DESC LIMIT 200",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
    )?;
    found.journal = journal.into_iter().rev().filter_map(|(at, payload)| change(seconds(at), &payload)).collect();
    Ok(found)
}

/// Reads what approved and waiting devices have in common: the first seven columns.
fn device(row: &Row<'_>) -> rusqlite::Result<Device> {
    let scopes: Option<String> = row.get(4)?;
    let scopes = scopes.and_then(|json| serde_json::from_str::<Vec<String>>(&json).ok()).unwrap_or_default();
    Ok(Device {
        id: row.get(0)?,
        name: row.get(1)?,
        client: row.get(2)?,
        role: row.get(3)?,
        scopes,
        address: row.get(5)?,
        at: seconds(row.get(6)?),
        via: None,
        last_seen: None,
    })
}

fn sender(row: &Row<'_>) -> rusqlite::Result<Sender> {
    Ok(Sender { channel: row.get(0)?, account: row.get(1)?, entry: row.get(2)?, at: None })
}

fn seconds(milliseconds: i64) -> i64 {
    milliseconds.div_euclid(1_000)
}

/// Reads an entry of the journal. Of a command only the first words count: a secret may follow them.
fn change(at: i64, payload: &str) -> Option<Change> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let text = |key: &str| payload.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |key: &str| -> Vec<String> {
        let items = payload.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let is_word =
        |word: &&String| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let argv = list("argv");
    let words = argv.iter().skip(2).filter(|word| !word.starts_with('-')).take_while(is_word).take(2);
    let command = words.fold("openclaw".to_owned(), |command, word| format!("{command} {word}"));
    Some(Change {
        at,
        config: text("configPath")?,
        command: (payload.get("event")?.as_str()? == "config.write").then_some(command),
        detected_by: text("detectedBy"),
        paths: list("changedPaths"),
    })
}

/// Is the files of approved senders as OpenClaw wrote them in early 2026.
fn old_files(credentials: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut found: Vec<(PathBuf, Vec<String>)> = fs::read_dir(credentials)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with("-allowFrom.json"))
        })
        .filter_map(|path| {
            let meta = fs::metadata(&path).ok().filter(|meta| meta.is_file() && meta.len() <= MAX_FILE)?;
            let value: Value = (meta.len() > 0).then(|| serde_json::from_slice(&fs::read(&path).ok()?).ok())??;
            let entries = value.get("allowFrom")?.as_array()?.iter();
            Some((path, entries.filter_map(Value::as_str).map(str::to_owned).collect()))
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::database::KNOWN_VERSION;

    /// OpenClaw's tables as far as they are read, and the columns that must not be.
    const TABLES: &str = "
        CREATE TABLE device_pairing_paired (device_id TEXT, public_key TEXT, display_name TEXT, operator_label TEXT, client_id TEXT,
            role TEXT, scopes_json TEXT, approved_scopes_json TEXT, remote_ip TEXT, tokens_json TEXT, approved_via TEXT,
            approved_at_ms INTEGER, last_seen_at_ms INTEGER);
        CREATE TABLE device_pairing_pending (request_id TEXT, device_id TEXT, display_name TEXT, client_id TEXT, role TEXT,
            scopes_json TEXT, remote_ip TEXT, ts INTEGER);
        CREATE TABLE channel_pairing_allow_entries (channel_key TEXT, account_id TEXT, entry TEXT, sort_order INTEGER, updated_at INTEGER);
        CREATE TABLE channel_pairing_requests (channel_key TEXT, account_id TEXT, request_id TEXT, code TEXT, created_at TEXT);
        CREATE TABLE audit_events (occurred_at INTEGER, kind TEXT, action TEXT, tool_name TEXT);
        CREATE TABLE diagnostic_events (scope TEXT, payload_json TEXT, created_at INTEGER);
        INSERT INTO device_pairing_paired VALUES ('d1', 'k', 'laptop', NULL, 'cli', 'operator', '[]', '[\"operator.admin\"]',
            '203.0.113.9', '{\"token\":\"geheim\"}', 'silent', 1795331398827, NULL);
        INSERT INTO channel_pairing_requests VALUES ('telegram', 'default', '2222', 'ABCD2345', '2026-11-22T07:00:00.000Z');
        INSERT INTO audit_events VALUES (1795331398827, 'tool_action', 'tool.action.started', 'exec');";
    const NOW: i64 = 1_795_331_500;

    fn state() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("odd #?% name.sqlite");
        let connection = Connection::open(&path).expect("a database");
        connection.execute_batch(TABLES).expect("tables");
        connection.pragma_update(None, "user_version", KNOWN_VERSION).expect("a version");
        (folder, path)
    }

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).expect("a folder").count()
    }

    #[test]
    fn a_settled_database_is_read_and_nothing_is_left_beside_it() {
        let (folder, path) = state();
        let Database::Read(found) = database(&path, NOW) else {
            panic!("not read");
        };
        let device = &found.devices[0];
        assert_eq!((device.id.as_str(), device.via.as_deref(), device.at), ("d1", Some("silent"), 1_795_331_398));
        assert_eq!(device.scopes, ["operator.admin"]);
        assert_eq!((found.requests[0].entry.as_str(), found.exec_today), ("2222", 1));
        let shown = format!("{found:?}");
        assert!(!shown.contains("geheim") && !shown.contains("ABCD2345"));
        assert_eq!(names(folder.path()), 1);
    }

    #[test]
    fn a_database_in_use_is_read_with_what_is_not_yet_in_it() {
        let (_folder, path) = state();
        let writer = Connection::open(&path).expect("a database");
        writer.pragma_update(None, "journal_mode", "wal").expect("a mode");
        writer
            .execute_batch(
                "INSERT INTO channel_pairing_allow_entries VALUES ('telegram', 'default', '4444', 0, 1795331398827)",
            )
            .expect("a row");
        let Database::Read(found) = database(&path, NOW) else {
            panic!("not read");
        };
        assert_eq!(found.senders[0].key(), "telegram/default/4444");
        writer.execute_batch("DELETE FROM channel_pairing_allow_entries").expect("the writer goes on");
    }

    #[test]
    fn of_a_command_in_the_journal_only_the_first_words_are_kept() {
        let payload = r#"{"event":"config.write","configPath":"/c","argv":["node","openclaw.mjs","config","set","gateway.auth.token","geheim"],"changedPaths":["a"]}"#;
        let change = change(1, payload).expect("a change");
        assert_eq!(change.command.as_deref(), Some("openclaw config set"));
        assert!(!format!("{change:?}").contains("geheim"));
    }

    #[test]
    fn the_files_of_early_2026_are_listed() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("telegram-allowFrom.json"), r#"{"version":1,"allowFrom":["3333"]}"#)
            .expect("a file");
        fs::write(folder.path().join("telegram-pairing.json"), "{}").expect("a file");
        fs::write(folder.path().join("broken-allowFrom.json"), "{").expect("a file");
        let found = old_files(folder.path());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, ["3333"]);
    }
}
