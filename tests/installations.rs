//! Whole installations, each a folder in `tests/installations`: what is found, what a full `apply` changes, and that it is sound.
//!
//! A folder holds `home` (copied to a fresh place first), `case.json` where something cannot stand in a repository, and
//! `expected.json`. With `UPDATE_INSTALLATIONS=1` the latter is written anew; look at what changed. `case.json` may have:
//!
//! - `about`: what the case is there for;
//! - `config`, `stateDir`, `profile`, `openclaw`, `posture`, `engine`: as the options of the command line, `~` for the home;
//! - `env`: variables, `~` at the beginning for the home; `modes`: octal modes by path; `links`: targets by path; `folders`: empty ones.

use openclaw_harden::document::{Path as Key, same};
use openclaw_harden::host::{Asked, Env, Installation, OpenClaw, Selection};
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Posture};
use openclaw_harden::report::{Applied, Audit, json};
use openclaw_harden::settings::Version;
use openclaw_harden::store;
use openclaw_harden::text::Lang;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const LEAST: usize = 40;

/// One installation, set up in a fresh home.
struct Case {
    name: String,
    given: Value,
    home: PathBuf,
    _folder: tempfile::TempDir,
}

impl Case {
    fn set_up(source: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // A link on the way, as macOS has one, would be told apart from the place that it leads to.
        let home = folder.path().canonicalize().expect("a folder").join("home");
        let given = fs::read(source.join("case.json")).ok();
        let given = given.map_or_else(|| json!({}), |bytes| serde_json::from_slice(&bytes).expect("case.json is JSON"));
        copy(&source.join("home"), &home);
        let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let case = Case { name, given, home, _folder: folder };
        for path in case.list("folders") {
            fs::create_dir_all(case.home.join(path)).expect("a folder");
        }
        for (path, target) in case.pairs("links") {
            let path = case.home.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            symlink(case.at_home(&target), path).expect("a link");
        }
        for (path, mode) in case.pairs("modes") {
            let mode = u32::from_str_radix(&mode, 8).expect("an octal mode");
            fs::set_permissions(case.home.join(path), Permissions::from_mode(mode)).expect("a mode");
        }
        case
    }

    fn str(&self, key: &str) -> Option<&str> {
        self.given.get(key)?.as_str()
    }

    fn list(&self, key: &str) -> Vec<String> {
        let items = self.given.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let pairs = self.given.get(key).and_then(Value::as_object).into_iter().flatten();
        pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
    }

    /// Is a text with the home for a `~` at its beginning.
    fn at_home(&self, text: &str) -> String {
        match text.strip_prefix('~') {
            Some(rest) => format!("{}{rest}", self.home.display()),
            None => text.to_owned(),
        }
    }

    fn env(&self) -> Env {
        let mut env = Env::from([("HOME".to_owned(), self.home.display().to_string())]);
        env.extend(self.pairs("env").into_iter().map(|(name, value)| (name, self.at_home(&value))));
        env
    }

    fn selection(&self) -> Selection {
        let path = |key: &str| self.str(key).map(|path| PathBuf::from(self.at_home(path)));
        let version = |text: &str| OpenClaw::named(Version::parse(text).expect("a version"));
        Selection {
            config: path("config"),
            state_dir: path("stateDir"),
            profile: self.str("profile").map(str::to_owned),
            openclaw: self.str("openclaw").map(version),
        }
    }

    /// Opens it, to look or to write. The machine around it counts for nothing.
    fn open(&self, to_write: bool) -> Result<Installation, String> {
        let asked = Asked::Fixed(if self.str("engine") == Some("none") { Engine::None } else { Engine::Docker });
        let (selection, env) = (self.selection(), self.env());
        let opened = match to_write {
            true => Installation::open(&selection, &env, asked, &self.home),
            false => Installation::look(&selection, None, &env, asked, &self.home),
        };
        let mut installation = opened.map_err(|error| self.shown(&error.of(Lang::En)))?;
        installation.means.in_container = false;
        std::sync::Arc::make_mut(&mut installation.settings.facts).in_container = Some(false);
        Ok(installation)
    }

    /// Is a text with `~` for the home, the same on every run.
    fn shown(&self, text: &str) -> String {
        text.replace(&self.home.display().to_string(), "~")
    }

    fn audit(&self) -> Result<Value, String> {
        let installation = self.open(false)?;
        let audit = Audit::of(&installation, None);
        let report: Value = serde_json::from_str(&json::audits(&[Ok(audit)])).expect("a report");
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for finding in report["findings"].as_array().into_iter().flatten() {
            let name = format!(
                "{} {}",
                finding["severity"].as_str().unwrap_or("?"),
                finding["checkId"].as_str().unwrap_or("?")
            );
            *found.entry(name).or_default() += 1;
        }
        let issues = report["issues"].as_array().into_iter().flatten();
        let issues: Vec<&Value> = issues.map(|issue| &issue["path"]).collect();
        Ok(json!({
            "config": self.shown(&installation.places.config.display().to_string()),
            "state": self.shown(&installation.places.state_dir.display().to_string()),
            "openclaw": self.shown(&installation.openclaw.said().of(Lang::En)),
            "issues": issues,
            "findings": found,
        }))
    }

    /// Takes every change and writes them. Is what was changed, or why nothing was.
    fn apply(&self) -> Result<Value, String> {
        store::writable(&self.env(), false).map_err(|error| error.of(Lang::En))?;
        let installation = self.open(true)?;
        let posture = Posture::ALL.into_iter().find(|posture| Some(posture.name()) == self.str("posture"));
        let answers = Answers { posture: posture.unwrap_or_default(), undecided: Undecided::All, ..Answers::default() };
        let plan = Plan::new(&installation.source, &installation.settings.facts, &installation.means, &answers)
            .map_err(|error| error.what.of(Lang::En))?;
        if let Some(issue) = plan.issues_after.first() {
            return Err(issue.message.of(Lang::En));
        }
        let written = store::write_all(&installation.parts(&plan.candidate), store::KEEP)
            .map_err(|error| self.shown(&error.of(Lang::En)))?;
        let applied = Applied::new(&installation, &plan, &answers, &[], Some(written));
        let report: Value = serde_json::from_str(&json::applied(&applied)).expect("a report");
        self.is_sound(&installation, &plan, &report);
        let mut paths: Vec<&str> =
            report["edits"].as_array().into_iter().flatten().filter_map(|edit| edit["path"].as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        Ok(json!({ "changed": paths, "left": self.left(&report) }))
    }

    fn left(&self, report: &Value) -> Vec<String> {
        let left = report["left"].as_array().into_iter().flatten();
        let grave = left.filter(|finding| finding["severity"] == "critical");
        grave.filter_map(|finding| Some(finding["checkId"].as_str()?.to_owned())).collect()
    }

    /// What holds of every write, whatever the installation.
    fn is_sound(&self, installation: &Installation, plan: &Plan, report: &Value) {
        let name = &self.name;
        let parts = installation.parts(&plan.candidate);
        for part in &parts {
            let text = fs::read(part.path).expect("a file");
            let Some(bytes) = part.bytes else {
                assert_eq!(Some(&text), part.read.map(|read| &read.bytes), "{name}: a file that is not ours");
                continue;
            };
            assert_eq!(text, bytes, "{name}: {}", part.path.display());
            let mode = fs::metadata(part.path).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}: the mode of {}", part.path.display());
        }
        if let (Some(read), Some(backup)) = (&installation.read, report["backup"].as_str()) {
            assert_eq!(fs::read(backup).expect("the backup"), read.bytes, "{name}: the backup");
        }
        for other in report["others"].as_array().into_iter().flatten() {
            let part = parts.iter().find(|part| other["path"].as_str() == part.path.to_str());
            let backup = fs::read(other["backup"].as_str().expect("a path")).ok();
            assert_eq!(backup.as_ref(), part.and_then(|part| part.read).map(|read| &read.bytes), "{name}: a backup");
        }
        for (old, new) in plan.source.files().iter().zip(plan.candidate.files()) {
            let text = String::from_utf8_lossy(new.document.bytes());
            for comment in old.document.comments() {
                assert!(text.contains(comment), "{name}: lost {comment}");
            }
        }
        let after = self.open(false).expect("the result is read");
        let mut wanted = installation.source.value().clone();
        plan.edits.iter().for_each(|edit| edit.apply(&mut wanted));
        assert!(same(after.source.value(), &wanted), "{name}: the files together have other values than was wanted");
        let edited: Vec<Key> = plan.edits.iter().map(|edit| edit.path.clone()).collect();
        untouched(&Key::root(), installation.source.value(), after.source.value(), &edited, name);
    }
}

/// Asserts that values differ only where a plan says so.
fn untouched(at: &Key, before: &Value, after: &Value, edited: &[Key], name: &str) {
    if before == after || edited.iter().any(|path| at.is_within(path)) {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                let of = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                untouched(&at.key(key), &of(before), &of(after), edited, name);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (n, (before, after)) in before.iter().zip(after).enumerate() {
                untouched(&at.index(n), before, after, edited, name);
            }
        }
        // An object made on the way to what is set.
        (Value::Null, Value::Object(map)) => {
            for (key, value) in map {
                untouched(&at.key(key), &Value::Null, value, edited, name);
            }
        }
        _ => assert!(edited.iter().any(|path| path.is_within(at)), "{name}: {at} was changed unsaid"),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    fs::set_permissions(to, Permissions::from_mode(0o700)).expect("a mode");
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a copy");
            fs::set_permissions(&to, Permissions::from_mode(0o600)).expect("a mode");
        }
    }
}

/// Is every file below a folder with its bytes; links are not followed.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
        if kind.is_dir() {
            found.extend(files(&path));
        } else if kind.is_file() {
            found.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    found
}

fn run(source: &Path) -> Value {
    let case = Case::set_up(source);
    let name = &case.name;
    let found = case.audit();
    let before = files(&case.home);
    let said = |result: Result<Value, String>| result.unwrap_or_else(|error| json!({ "error": error }));
    let applied = case.apply();
    let after = files(&case.home);
    let written = after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes)).map(|(path, _)| path);
    // What is new beside a file that was there is its backup.
    let is_backup = |path: &&PathBuf| {
        let is_of = |known: &PathBuf| path.display().to_string().starts_with(&format!("{}.", known.display()));
        !before.contains_key(*path) && before.keys().any(is_of)
    };
    let written: Vec<String> =
        written.filter(|path| !is_backup(path)).map(|path| case.shown(&path.display().to_string())).collect();
    assert!(before.keys().all(|path| after.contains_key(path)), "{name}: a file is gone");
    assert!(applied.is_ok() || after == before, "{name}: refused, and yet something was written");
    let mut result = json!({ "audit": said(found), "apply": said(applied.clone()) });
    if applied.is_ok() {
        result["apply"]["files"] = json!(written);
        let found = said(case.audit());
        assert_eq!(found["issues"], json!([]), "{name}: OpenClaw would refuse the result");
        result["after"] = found["findings"].clone();
        let again = case.apply().unwrap_or_else(|error| panic!("{name}: a second time: {error}"));
        assert_eq!(again["changed"], json!([]), "{name}: a second apply changes something");
        let last = files(&case.home);
        assert!(after.iter().all(|(path, bytes)| last.get(path) == Some(bytes)), "{name}: a second apply writes");
    }
    result
}

#[test]
fn every_installation_is_found_and_hardened_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/installations");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(&folder).expect("the cases").flatten().map(|entry| entry.path()).collect();
    cases.sort();
    assert!(cases.len() >= LEAST, "only {} installations", cases.len());
    let update = std::env::var_os("UPDATE_INSTALLATIONS").is_some();
    let mut faults = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let actual = run(case);
        let text = format!("{}\n", serde_json::to_string_pretty(&actual).expect("JSON"));
        let file = case.join("expected.json");
        if update {
            fs::write(&file, &text).expect("can be written");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if expected != text {
            let diff = similar::TextDiff::from_lines(&expected, &text);
            faults.push(format!("{name}:\n{}", diff.unified_diff().context_radius(1)));
        }
    }
    assert!(faults.is_empty(), "{} of {} differ\n{}", faults.len(), cases.len(), faults.join("\n"));
}
