//! What lies on the disk beside a config's secrets: the files that they move to, those that references lead to, and old copies.

use super::{Installation, Places};
use crate::document::Path as Key;
use crate::plan::secrets::{Beside, Held, SecretsPlan};
use crate::settings::{Settings, dotenv, is_reference};
use crate::store::{self, Part, Read};
use crate::text::{Lang, Said};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The largest file of secrets that OpenClaw 2026.9.6 reads where the config says nothing else, in bytes.
const LARGEST: usize = 1 << 20;

/// How long a gateway may take to answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// The secrets of a config on their way out of it.
pub struct Secrets {
    /// What moves, and what the files become.
    pub plan: SecretsPlan,
    /// The file of secrets.
    pub file: PathBuf,
    /// The file of variables.
    pub env: PathBuf,
    file_read: Option<Read>,
    env_read: Option<Read>,
}

impl Secrets {
    /// Looks at what lies beside a config, and plans how the secrets that are `wanted` leave it.
    ///
    /// # Errors
    /// Where a file that they would move to cannot be read or added to.
    pub fn look(installation: &Installation, wanted: impl Fn(&Key) -> bool, lang: Lang) -> Result<Self, Said> {
        let places = &installation.places;
        let read = |path: &Path| store::read(path).map_err(|error| Said::from(error.of(lang)));
        let (file, env) = (places.state_dir.join("secrets.json"), places.state_dir.join(".env"));
        let (file_read, env_read) = (read(&file)?, read(&env)?);
        let bytes = |read: &Option<Read>| read.as_ref().map(|read| read.bytes.clone());
        let shown = match places.state_dir.strip_prefix(&places.home) {
            Ok(below) if below == Path::new(".openclaw") => "~/.openclaw/secrets.json".to_owned(),
            _ => file.display().to_string(),
        };
        let beside = Beside {
            file: shown,
            file_path: file.clone(),
            file_text: bytes(&file_read),
            env_text: bytes(&env_read),
            service: service(places),
            runs: runs(&installation.settings),
        };
        let plan = SecretsPlan::new(&installation.source, &installation.settings.facts, &beside, wanted)?;
        Ok(Secrets { plan, file, env, file_read, env_read })
    }

    /// Is what has to stand before the config does.
    pub fn ahead(&self) -> Vec<Part<'_>> {
        let file = Part { path: &self.file, read: self.file_read.as_ref(), bytes: self.plan.file.as_deref() };
        let env = Part { path: &self.env, read: self.env_read.as_ref(), bytes: self.plan.env.as_deref() };
        vec![file, env]
    }
}

/// Is the copies of the config's files beside them that hold one of the values, each as it was read, and those that could not be
/// read: our backups, OpenClaw's ring, its last good and its rejected version, and what an editor left.
pub fn holders(installation: &Installation, held: &Held) -> Vec<(PathBuf, Option<Read>)> {
    let mut found = BTreeMap::new();
    let config = std::iter::once(&installation.places.config);
    let included = installation.source.files().iter().skip(1).map(|file| &file.path);
    let own: BTreeSet<&PathBuf> = config.chain(included).collect();
    for file in &own {
        for copy in super::facts::backups(file).into_iter().filter(|copy| !own.contains(copy)) {
            match store::read(&copy) {
                Ok(Some(read)) if held.is_in(&read.bytes) => drop(found.insert(copy, Some(read))),
                Ok(_) => {}
                Err(_) => drop(found.insert(copy, None)),
            }
        }
    }
    found.into_iter().collect()
}

/// Is what the config's references of source `file` lead to, read only where OpenClaw would read it: a private regular file
/// with one name, holding a JSON object.
pub(super) fn file_secrets(config: &Value, places: &Places, cwd: &Path) -> BTreeMap<(String, String), String> {
    let mut secrets = BTreeMap::new();
    let providers = config.pointer("/secrets/providers").and_then(Value::as_object);
    for (name, entry) in providers.into_iter().flatten() {
        let of = |key: &str| entry.get(key).and_then(Value::as_str);
        let (Some("file"), Some(path)) = (of("source"), of("path")) else {
            continue;
        };
        let read = store::read(&places.resolve(path, cwd)).ok().flatten();
        let Some(read) = read.filter(|read| read.mode & 0o077 == 0 && read.bytes.len() <= LARGEST) else {
            continue;
        };
        let text = String::from_utf8_lossy(&read.bytes);
        let text = text.trim_start_matches('\u{feff}');
        if of("mode") == Some("singleValue") {
            let value = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
            secrets.insert((name.clone(), "value".to_owned()), value.to_owned());
            continue;
        }
        let Ok(payload @ Value::Object(_)) = serde_json::from_str::<Value>(text) else {
            continue;
        };
        let default = config.pointer("/secrets/defaults/file").and_then(Value::as_str);
        Key::root().visit(config, &mut |_, value| {
            let of = |key: &str| value.get(key).and_then(Value::as_str);
            let is_ours =
                is_reference(value) && of("source") == Some("file") && of("provider").or(default) == Some(name);
            if let Some(id) = of("id").filter(|_| value.is_object() && is_ours)
                && let Some(secret) = payload.pointer(id).and_then(Value::as_str)
            {
                secrets.insert((name.clone(), id.to_owned()), secret.to_owned());
            }
            true
        });
    }
    secrets
}

/// Whether something answers where the gateway of this machine would.
fn runs(settings: &Settings) -> bool {
    let gateway = settings.gateway();
    let custom = settings.str("gateway.customBindHost").and_then(|host| host.trim().parse::<IpAddr>().ok());
    let hosts = custom.into_iter().filter(|host| !host.is_unspecified()).chain([IpAddr::V4(Ipv4Addr::LOCALHOST)]);
    let port = u16::try_from(gateway.port()).unwrap_or(18789);
    let answers = |host| TcpStream::connect_timeout(&SocketAddr::new(host, port), PATIENCE).is_ok();
    !gateway.is_elsewhere() && hosts.into_iter().any(answers)
}

/// Is the names of the variables that the gateway's systemd units set, those of this user and of the machine.
fn service(places: &Places) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in [places.home.join(".config/systemd/user"), PathBuf::from("/etc/systemd/system")] {
        let is_ours = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("openclaw") && (name.ends_with(".service") || name.ends_with(".service.d"))
        };
        for path in super::facts::entries(&folder).into_iter().filter(is_ours) {
            let drop_ins = super::facts::entries(&path);
            for file in std::iter::once(path).chain(drop_ins) {
                if let Ok(Some(unit)) = store::look(&file) {
                    names.extend(variables(&String::from_utf8_lossy(&unit.bytes), places));
                }
            }
        }
    }
    names
}

/// Is the names of the variables that a unit sets, itself and by its files.
fn variables(unit: &str, places: &Places) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in unit.replace("\\\n", " ").lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("Environment=") {
            let words = words.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
            let named = words.filter_map(|word| word.split_once('=')).map(|(name, _)| name);
            names.extend(named.filter(|name| !name.is_empty()).map(str::to_owned));
        }
        if let Some(path) = line.strip_prefix("EnvironmentFile=") {
            let path = path.trim_start_matches('-').trim_matches('"').replace("%h", &places.home.display().to_string());
            // The state folder's own file is looked at by itself: what stands there may be used again.
            let is_own = Path::new(&path) == places.state_dir.join(".env");
            if let Some(file) = store::look(Path::new(&path)).ok().flatten().filter(|_| !is_own) {
                names.extend(dotenv::parse(&String::from_utf8_lossy(&file.bytes)).into_keys());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Env, Selection, find};
    use serde_json::json;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn places(home: &Path) -> Places {
        let env = Env::from([("HOME".to_owned(), home.display().to_string())]);
        find(&Selection::default(), &env, None, Path::new("/"), &|path| path.exists()).expect("a place")
    }

    fn write(path: &Path, text: &str, mode: u32) {
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
    }

    #[test]
    fn references_lead_to_private_files_only() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join(".openclaw/secrets.json");
        let config = json!({
            "secrets": {"providers": {"local": {"source": "file", "path": "~/.openclaw/secrets.json"}}},
            "a": {"source": "file", "provider": "local", "id": "/a~1b.c"},
            "b": {"source": "file", "provider": "other", "id": "/a~1b.c"},
        });
        let read = || file_secrets(&config, &places(home.path()), Path::new("/"));
        assert_eq!(read(), BTreeMap::new());
        write(&file, r#"{"a/b.c": "x"}"#, 0o600);
        assert_eq!(read(), BTreeMap::from([(("local".to_owned(), "/a~1b.c".to_owned()), "x".to_owned())]));
        write(&file, r#"{"a/b.c": "x"}"#, 0o640);
        assert_eq!(read(), BTreeMap::new());
        fs::rename(&file, home.path().join("real")).expect("moved");
        symlink(home.path().join("real"), &file).expect("a link");
        assert_eq!(read(), BTreeMap::new());
    }

    #[test]
    fn the_service_names_its_variables() {
        let home = tempfile::tempdir().expect("a folder");
        let units = home.path().join(".config/systemd/user");
        write(&units.join("openclaw-gateway.service"), "[Service]\nEnvironment=A=1 \"B=two words\"\\\n C=3\n", 0o644);
        write(&units.join("openclaw-gateway.service.d/own.conf"), "[Service]\nEnvironmentFile=-%h/extra.env\n", 0o644);
        write(&units.join("other.service"), "[Service]\nEnvironment=X=1\n", 0o644);
        write(&home.path().join("extra.env"), "D=4\n", 0o600);
        let names = service(&places(home.path()));
        for name in ["A", "B", "C", "D"] {
            assert!(names.contains(name), "{name}: {names:?}");
        }
        assert!(!names.contains("X"));
    }
}
