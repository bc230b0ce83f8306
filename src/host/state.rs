//! What OpenClaw's audit takes from its state: the exec approvals, and the plugins and hooks that came from npm.

use super::database::{self, Opened};
use crate::settings::{Approvals, Facts, Install};
use crate::store;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The largest `package.json` and file of approvals that is read, in bytes.
const MAX_FILE: usize = 4 << 20;

/// Looks at the state, and adds what it finds or why it found nothing.
pub(super) fn look(facts: &mut Facts, state_dir: &Path) {
    let found = match database::read(&database::place(state_dir), rows) {
        // OpenClaw keeps these nowhere else, so there are none.
        Opened::Absent => Rows::default(),
        Opened::Read(found) => found,
        Opened::Unknown(why) => {
            facts.state_unread = Some(why);
            return;
        }
    };
    facts.approvals = approvals(state_dir, found.approvals.as_deref());
    facts.plugin_installs = found.plugins.as_deref().map_or(Some(BTreeMap::new()), plugins).map(|mut records| {
        recover(&mut records, &state_dir.join("npm"));
        installs(&records, &state_dir.join("extensions"))
    });
    let hooks =
        found.hooks.as_deref().map_or(Some(BTreeMap::new()), |hooks| object(&serde_json::from_str(hooks).ok()?));
    facts.hook_installs = hooks.map(|records| installs(&records, &state_dir.join("hooks")));
}

/// The rows that are asked for, as JSON.
#[derive(Default)]
struct Rows {
    approvals: Option<String>,
    plugins: Option<String>,
    hooks: Option<String>,
}

fn rows(reading: &Connection) -> rusqlite::Result<Rows> {
    let one = |query: &str| reading.query_row(query, [], |row| row.get(0)).optional();
    let kept = "SELECT value_json FROM config_machine_state WHERE state_key =";
    Ok(Rows {
        approvals: one("SELECT raw_json FROM exec_approvals_config WHERE config_key = 'current'")?,
        plugins: one(&format!("{kept} 'plugins.installedIndex'"))?,
        hooks: one(&format!("{kept} 'hooks.internal.installs'"))?,
    })
}

/// Is the approvals of the database, or of the file that was there before it and waits to be taken over.
fn approvals(state_dir: &Path, kept: Option<&str>) -> Option<Approvals> {
    match (store::look(&state_dir.join("exec-approvals.json")), kept) {
        (Ok(Some(read)), _) if read.bytes.len() <= MAX_FILE => {
            Some(Approvals::parse(&String::from_utf8_lossy(&read.bytes)))
        }
        (Ok(None), kept) => Some(kept.map_or_else(Approvals::default, Approvals::parse)),
        _ => None,
    }
}

type Records = BTreeMap<String, Value>;

fn object(value: &Value) -> Option<Records> {
    Some(value.as_object()?.iter().map(|(id, record)| (id.clone(), record.clone())).collect())
}

/// Is the records of the index of plugins; none where OpenClaw would call them invalid.
fn plugins(kept: &str) -> Option<Records> {
    object(serde_json::from_str::<Value>(kept).ok()?.get("index")?.get("installRecords")?)
}

/// Adds the plugins that lie in OpenClaw's own npm folder and are in no record, or in another version than recorded: there
/// OpenClaw believes the folder, and forgets the hash.
fn recover(records: &mut Records, npm: &Path) {
    let projects = folders(&npm.join("projects"));
    let mut found: BTreeMap<String, Vec<(PathBuf, Value)>> = BTreeMap::new();
    for project in std::iter::once(npm.to_owned()).chain(projects) {
        let manifest = read_json(&project.join("package.json"));
        let wanted = manifest.as_ref().and_then(|manifest| manifest.get("dependencies")?.as_object());
        for (name, spec) in wanted.into_iter().flatten() {
            let path = name.split('/').fold(project.join("node_modules"), |path, part| path.join(part));
            if let Some((id, record)) = plugin(name, spec, &path) {
                found.entry(id).or_default().push((path, record));
            }
        }
    }
    for (id, candidates) in found {
        let own = records.get(&id);
        let at = |record: &Value| record.get("installPath").and_then(Value::as_str).map(PathBuf::from);
        let same = |(path, _): &&(PathBuf, Value)| own.and_then(at).is_some_and(|own| own == *path);
        let Some((path, recovered)) = candidates.iter().find(same).or_else(|| candidates.last()) else {
            continue;
        };
        let is_npm = own.is_some_and(|own| own.get("source").and_then(Value::as_str) == Some("npm"));
        let own_path = own.and_then(at);
        let version = |record: &Value| record.get("resolvedVersion").or_else(|| record.get("version")).cloned();
        let is_gone = own_path.as_ref().is_some_and(|own| own.starts_with(npm) && !own.is_dir());
        let differs = own_path.as_ref() == Some(path) && own.and_then(version) != version(recovered);
        if own.is_none() || is_npm && (is_gone || differs) {
            records.insert(id, recovered.clone());
        }
    }
}

/// Is the id and the record of what is a plugin.
fn plugin(name: &str, spec: &Value, path: &Path) -> Option<(String, Value)> {
    let manifest = read_json(&path.join("package.json"))?;
    let extensions = manifest.get("openclaw")?.get("extensions")?.as_array()?;
    if !extensions.iter().any(Value::is_string) {
        return None;
    }
    let text =
        |value: &Value, key: &str| Some(value.get(key)?.as_str()?.trim().to_owned()).filter(|text| !text.is_empty());
    let own = read_json(&path.join("openclaw.plugin.json"));
    let id = own.and_then(|own| text(&own, "id")).or_else(|| text(&manifest, "name"));
    let spec = format!("{name}@{}", spec.as_str()?.trim());
    let version = text(&manifest, "version");
    let record = json!({"source": "npm", "spec": spec, "installPath": path.to_string_lossy(), "version": version});
    Some((id.unwrap_or_else(|| name.to_owned()), record))
}

/// Is what came from npm, with the version that lies there.
fn installs(records: &Records, folder: &Path) -> Vec<Install> {
    let npm = records.iter().filter_map(|(id, record)| Install::read(id, record));
    npm.map(|install| {
        let path = install.path.as_ref().map_or_else(|| folder.join(&install.id), PathBuf::from);
        let version =
            read_json(&path.join("package.json")).and_then(|own| Some(own.get("version")?.as_str()?.to_owned()));
        Install { installed: version, ..install }
    })
    .collect()
}

fn read_json(path: &Path) -> Option<Value> {
    let read = store::look(path).ok()??;
    (read.bytes.len() <= MAX_FILE).then(|| serde_json::from_slice(&read.bytes).ok())?
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    fn state(rows: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("state")).expect("a folder");
        let connection = Connection::open(database::place(folder.path())).expect("a database");
        connection
            .execute_batch(&format!(
                "CREATE TABLE exec_approvals_config (config_key TEXT, raw_json TEXT);
                 CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT); {rows}"
            ))
            .expect("tables");
        connection.pragma_update(None, "user_version", database::KNOWN_VERSION).expect("a version");
        folder
    }

    fn looked(folder: &Path) -> Facts {
        let mut facts = Facts::default();
        look(&mut facts, folder);
        facts
    }

    #[test]
    fn approvals_and_installs_come_from_their_rows_with_the_version_that_lies_there() {
        let folder = state(
            r#"INSERT INTO exec_approvals_config VALUES ('current', '{"version":1,"agents":{"main":{"autoAllowSkills":true}}}');
            INSERT INTO config_machine_state VALUES ('plugins.installedIndex',
                '{"index":{"installRecords":{"radio":{"source":"npm","spec":"radio","version":"1.0.0"},"here":{"source":"path"}}}}');
            INSERT INTO config_machine_state VALUES ('hooks.internal.installs', '{"mail":{"source":"npm","spec":"mail@1.0.0"}}');"#,
        );
        put(&folder.path().join("extensions/radio/package.json"), r#"{"version":"1.0.1"}"#);
        let facts = looked(folder.path());
        assert_eq!(facts.approvals.expect("read").auto_allow_skills, ["agents.main.autoAllowSkills"]);
        let plugins = facts.plugin_installs.expect("read");
        assert_eq!((plugins.len(), plugins[0].installed.as_deref()), (1, Some("1.0.1")));
        assert_eq!(facts.hook_installs.expect("read")[0].id, "mail");
    }

    #[test]
    fn without_rows_there_is_nothing_and_a_database_that_cannot_be_read_is_said() {
        let facts = looked(state("").path());
        assert_eq!((facts.approvals, facts.plugin_installs), (Some(Approvals::default()), Some(Vec::new())));
        let folder = state("DROP TABLE config_machine_state");
        let facts = looked(folder.path());
        assert_eq!((facts.approvals, facts.hook_installs), (None, None));
        assert!(facts.state_unread.expect("a reason").of(Lang::En).contains("config_machine_state"));
    }

    #[test]
    fn a_file_of_approvals_that_waits_to_be_taken_over_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        put(&folder.path().join("exec-approvals.json"), r#"{"version":1,"defaults":{"autoAllowSkills":true}}"#);
        let approvals = looked(folder.path()).approvals.expect("read");
        assert_eq!(approvals.auto_allow_skills, ["defaults.autoAllowSkills"]);
    }

    #[test]
    fn plugins_in_openclaws_npm_folder_count_without_a_record_and_another_version_loses_its_hash() {
        let folder = state("");
        let npm = folder.path().join("npm/projects/radio-1");
        let path = npm.join("node_modules/@s/radio");
        put(&npm.join("package.json"), r#"{"dependencies":{"@s/radio":"^1.0.0","none":"1.0.0"}}"#);
        put(
            &path.join("package.json"),
            r#"{"name":"@s/radio","version":"1.0.1","openclaw":{"extensions":["./a.js"]}}"#,
        );
        put(&path.join("openclaw.plugin.json"), r#"{"id":"radio"}"#);
        let plugins = looked(folder.path()).plugin_installs.expect("read");
        assert_eq!(
            (plugins.len(), plugins[0].spec.as_deref(), plugins[0].is_pinned()),
            (1, Some("@s/radio@^1.0.0"), false)
        );
        let record = |version: &str| json!({"source": "npm", "spec": "@s/radio@1.0.1", "integrity": "x", "version": version, "installPath": path});
        for (version, integrity) in [("1.0.1", Some("x")), ("1.0.0", None)] {
            let mut records = Records::from([("radio".to_owned(), record(version))]);
            recover(&mut records, &folder.path().join("npm"));
            let installs = installs(&records, Path::new("/"));
            assert_eq!(installs[0].integrity.as_deref(), integrity, "{version}");
        }
    }
}
