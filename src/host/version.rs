//! Which OpenClaw runs here: found by looking at the installed package, without starting anything.

use super::owner::foreign_owner;
use super::{Env, Places};
use crate::document::Path as Key;
use crate::settings::Version;
use crate::text::{Said, Text};
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Most of a `package.json` or of a start script that is read.
const LONGEST: u64 = 1 << 20;
/// How long an `openclaw --version` may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The names of the package, the present one first.
const PACKAGES: [&str; 2] = ["openclaw", "clawdbot"];

/// Where the version comes from that a config is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line names it.
    Named,
    /// `openclaw --version` said so.
    Said,
    /// The package in this folder is installed.
    Installed(PathBuf),
    /// The config says that it was last written by it: `meta.lastTouchedVersion`. Nothing is planned for it.
    Config,
    /// Nothing tells.
    Nowhere,
}

/// The OpenClaw that a config is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenClaw {
    /// The version that was found, as far as one was.
    pub found: Option<Version>,
    /// Where it comes from.
    pub origin: Origin,
}

impl OpenClaw {
    /// Is one that the command line names.
    pub fn named(version: Version) -> Self {
        OpenClaw { found: Some(version), origin: Origin::Named }
    }

    /// Is the version to plan for.
    ///
    /// What is installed runs the config. Without it the version that wrote the config last is past: whoever hardens an old file has
    /// updated, or is about to, so the newest shape is planned for.
    pub fn planned(&self) -> Version {
        match (&self.found, &self.origin) {
            (Some(version), Origin::Named | Origin::Said | Origin::Installed(_)) => version.clone(),
            _ => Version::CURRENT,
        }
    }

    /// Is what was found and which held version it is judged by, in one line.
    pub fn said(&self) -> Said {
        const NAMED: Text =
            Text { en: "{version} as named; judged as {held}", ja: "{version} (指定)。{held} として判定" };
        const INSTALLED: Text = Text {
            en: "{version} is installed; judged as {held}",
            ja: "{version} (インストール済み)。{held} として判定",
        };
        const CONFIG: Text = Text {
            en: "not found here ({version} wrote the config last); judged as {held}",
            ja: "見つかりません (最後に設定を書いたのは {version})。{held} として判定",
        };
        const NOWHERE: Text =
            Text { en: "not found here; judged as {held}", ja: "見つかりません。{held} として判定" };
        let text = match self.origin {
            Origin::Named => NAMED,
            Origin::Said | Origin::Installed(_) => INSTALLED,
            Origin::Config => CONFIG,
            Origin::Nowhere => NOWHERE,
        };
        let found = self.found.as_ref().map(Version::to_string).unwrap_or_default();
        text.with("version", found).with("held", self.planned().shape().held())
    }
}

/// Finds the OpenClaw that a config is for: the installed package, or else what the config says of itself.
pub fn openclaw(env: &Env, places: &Places, config: &Value) -> OpenClaw {
    match installed(env, places) {
        Some((version, folder)) => OpenClaw { found: Some(version), origin: Origin::Installed(folder) },
        None => in_config(config),
    }
}

/// Is what a config says of the version that wrote it.
pub fn in_config(config: &Value) -> OpenClaw {
    let written = Key::from("meta.lastTouchedVersion").of(config).and_then(Value::as_str);
    match written.and_then(Version::parse) {
        Some(version) => OpenClaw { found: Some(version), origin: Origin::Config },
        None => OpenClaw { found: None, origin: Origin::Nowhere },
    }
}

/// Asks the `openclaw` on PATH for its version: the one place where it is started for that, and only when the command line asks for it.
///
/// # Errors
/// Where there is none, it takes more than 30 seconds, or it says no version.
pub fn ask(env: &Env) -> Result<OpenClaw, Said> {
    const ABSENT: Text =
        Text { en: "There is no openclaw on PATH to ask.", ja: "PATH に openclaw がありません。" };
    const SILENT: Text = Text {
        en: "{path} --version named no version. --openclaw-version tells it.",
        ja: "{path} --version でバージョンを確認できません。--openclaw-version で指定してください。",
    };
    // What another user can replace is not started by root.
    let program = programs(env).find(|program| !foreign(program)).ok_or(Said::from(ABSENT))?;
    let silent = || SILENT.with("path", program.display());
    let mut child = Command::new(&program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| silent())?;
    let since = Instant::now();
    while child.try_wait().map_err(|_| silent())?.is_none() {
        if since.elapsed() > PATIENCE {
            // It may have ended meanwhile.
            let _ = child.kill();
            let _ = child.wait();
            return Err(silent());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut said = String::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(4096).read_to_string(&mut said).map_err(|_| silent())?;
    }
    let version = said.split_whitespace().find_map(Version::parse).ok_or_else(silent)?;
    Ok(OpenClaw { found: Some(version), origin: Origin::Said })
}

/// Whether this is root, and a program is another user's.
pub(super) fn foreign(program: &Path) -> bool {
    !matches!(foreign_owner(&[program.to_owned()]), Ok(None))
}

/// Is the `openclaw` of every folder on PATH, the first first.
pub(super) fn programs(env: &Env) -> impl Iterator<Item = PathBuf> {
    let path = env.get("PATH").map(String::as_str).unwrap_or_default();
    let folders = path.split(':').map(PathBuf::from).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(PACKAGES[0])).filter(|program| program.is_file())
}

/// Finds the installed package: behind the `openclaw` on PATH, behind the gateway's service, or where package managers put it.
fn installed(env: &Env, places: &Places) -> Option<(Version, PathBuf)> {
    let started = programs(env).filter_map(|program| behind(&program));
    let services = services(&places.home).into_iter().filter_map(|unit| named_in(&unit));
    let found = started.chain(services).find_map(|folder| Some((version_of(&folder)?, folder)));
    found.or_else(|| {
        let roots = roots(env, &places.home);
        let packages = roots.iter().flat_map(|root| PACKAGES.iter().map(|name| root.join(name)));
        // In the image the package is the working folder.
        packages.chain([PathBuf::from("/app")]).find_map(|folder| Some((version_of(&folder)?, folder)))
    })
}

/// Is the package that a program belongs to: the folder around what a link leads to, or the one that a start script names.
fn behind(program: &Path) -> Option<PathBuf> {
    let real = program.canonicalize().ok()?;
    let around = real.ancestors().skip(1).find(|folder| version_of(folder).is_some());
    around.map(Path::to_owned).or_else(|| named_in(program))
}

/// Is the package that a text file names, as the scripts of pnpm, Homebrew and Windows, and service units do.
fn named_in(file: &Path) -> Option<PathBuf> {
    let text = read(file)?;
    let here = file.parent()?.display().to_string();
    PACKAGES.iter().find_map(|name| {
        let mark = format!("node_modules/{name}/");
        text.match_indices(&mark).find_map(|(at, _)| {
            let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ':');
            let begin = text[..at].rfind(is_end).map_or(0, |end| end + 1);
            let mut folder = text[begin..at + mark.len()].to_owned();
            for place in ["$basedir", "${basedir}", "$(dirname \"$0\")"] {
                folder = folder.replace(place, &here);
            }
            let folder = PathBuf::from(folder).canonicalize().ok()?;
            version_of(&folder).map(|_| folder)
        })
    })
}

/// Is the units under which a gateway runs for a user.
fn services(home: &Path) -> Vec<PathBuf> {
    let folder = home.join(".config/systemd/user");
    let mut units: Vec<PathBuf> = entries(&folder)
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with("openclaw-gateway") && name.ends_with(".service")
        })
        .collect();
    units.sort();
    units.push(home.join("Library/LaunchAgents/ai.openclaw.gateway.plist"));
    units
}

/// Is the folders into which npm, pnpm, bun, Volta, nvm and Homebrew install for all of a user's projects, and that of the image.
fn roots(env: &Env, home: &Path) -> Vec<PathBuf> {
    let var = |name: &str| env.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut roots = Vec::new();
    for prefix in [var("NPM_CONFIG_PREFIX"), var("npm_config_prefix")].into_iter().flatten() {
        roots.push(prefix.join("lib/node_modules"));
    }
    let path = env.get("PATH").map(String::as_str).unwrap_or_default();
    let beside = path.split(':').map(Path::new).filter(|folder| folder.is_absolute()).filter_map(Path::parent);
    roots.extend(beside.map(|prefix| prefix.join("lib/node_modules")));
    roots.extend([".npm-global/lib/node_modules", ".local/lib/node_modules"].map(|root| home.join(root)));
    let pnpm = var("PNPM_HOME").unwrap_or_else(|| home.join(".local/share/pnpm"));
    roots.extend(sorted(&pnpm.join("global")).into_iter().map(|version| version.join("node_modules")));
    roots.push(var("BUN_INSTALL").unwrap_or_else(|| home.join(".bun")).join("install/global/node_modules"));
    roots.push(home.join(".volta/tools/image/packages/openclaw/lib/node_modules"));
    let nvm = var("NVM_DIR").unwrap_or_else(|| home.join(".nvm")).join("versions/node");
    roots.extend(sorted(&nvm).into_iter().map(|version| version.join("lib/node_modules")));
    roots.extend(
        ["/usr/local/lib/node_modules", "/usr/lib/node_modules", "/opt/homebrew/lib/node_modules"].map(PathBuf::from),
    );
    roots
}

/// Is the entries of a folder, the last name first: the newest version.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = entries(folder).collect();
    found.sort_by(|a, b| b.cmp(a));
    found
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// Is the version of the package in a folder, if it is OpenClaw's.
fn version_of(folder: &Path) -> Option<Version> {
    let package: Value = serde_json::from_str(&read(&folder.join("package.json"))?).ok()?;
    let name = package.get("name")?.as_str()?;
    PACKAGES.contains(&name).then(|| Version::parse(package.get("version")?.as_str()?))?
}

/// Is the text of a regular file; none where it is long or something else.
fn read(path: &Path) -> Option<String> {
    let about = path.metadata().ok()?;
    if !about.is_file() || about.len() > LONGEST {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::os::unix::fs::symlink;

    struct Machine(tempfile::TempDir);

    impl Machine {
        fn new() -> Self {
            Machine(tempfile::tempdir().expect("a folder"))
        }

        fn write(&self, path: &str, text: &str) -> PathBuf {
            let path = self.0.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(&path, text).expect("a file");
            path
        }

        fn package(&self, folder: &str, version: &str) -> PathBuf {
            self.write(&format!("{folder}/openclaw.mjs"), "");
            self.write(&format!("{folder}/package.json"), &json!({"name": "openclaw", "version": version}).to_string());
            self.0.path().join(folder)
        }

        fn found(&self, config: Value) -> (Option<String>, String) {
            let home = self.0.path().join("home");
            let env = Env::from([
                ("HOME".to_owned(), home.display().to_string()),
                ("PATH".to_owned(), format!("relative:{}", self.0.path().join("bin").display())),
            ]);
            let places =
                super::super::find(&Default::default(), &env, None, Path::new("/"), &|_| false).expect("places");
            let openclaw = openclaw(&env, &places, &config);
            (openclaw.found.as_ref().map(Version::to_string), openclaw.planned().to_string())
        }
    }

    fn found(version: &str) -> (Option<String>, String) {
        (Some(version.to_owned()), version.to_owned())
    }

    #[test]
    fn the_link_on_path_leads_to_the_package() {
        let machine = Machine::new();
        machine.package("lib/node_modules/openclaw", "2026.3.7");
        machine.write("bin/.keep", "");
        symlink("../lib/node_modules/openclaw/openclaw.mjs", machine.0.path().join("bin/openclaw")).expect("a link");
        assert_eq!(machine.found(json!({})), found("2026.3.7"));
    }

    #[test]
    fn a_start_script_names_its_package() {
        let machine = Machine::new();
        machine.package("global/5/node_modules/openclaw", "2026.5.2");
        machine.write(
            "bin/openclaw",
            "#!/bin/sh\nexec node  \"$basedir/../global/5/node_modules/openclaw/openclaw.mjs\" \"$@\"\n",
        );
        assert_eq!(machine.found(json!({})), found("2026.5.2"));
    }

    #[test]
    fn what_is_installed_for_the_user_is_found_without_path() {
        for root in [
            "home/.npm-global/lib/node_modules",
            "home/.local/share/pnpm/global/5/node_modules",
            "home/.bun/install/global/node_modules",
            "home/.nvm/versions/node/v24.1.0/lib/node_modules",
        ] {
            let machine = Machine::new();
            machine.package(&format!("{root}/openclaw"), "2026.9.6");
            assert_eq!(machine.found(json!({})), found("2026.9.6"), "{root}");
        }
    }

    #[test]
    fn the_service_of_the_gateway_tells_which_package_runs() {
        let machine = Machine::new();
        let package = machine.package("opt/node_modules/openclaw", "2026.6.1");
        let unit = format!("[Service]\nExecStart=/usr/bin/node {}/dist/index.js gateway\n", package.display());
        machine.write("home/.config/systemd/user/openclaw-gateway.service", &unit);
        assert_eq!(machine.found(json!({})), found("2026.6.1"));
    }

    #[test]
    fn the_config_tells_who_wrote_it_and_todays_shape_is_planned_for() {
        let machine = Machine::new();
        let config = json!({"meta": {"lastTouchedVersion": "2026.2.3"}});
        assert_eq!(machine.found(config), (Some("2026.2.3".into()), "2026.9.6".into()));
        assert_eq!(machine.found(json!({"meta": {"lastTouchedVersion": 5}})), (None, "2026.9.6".into()));
    }

    #[test]
    fn a_package_of_another_name_is_not_openclaw() {
        let machine = Machine::new();
        machine.write("lib/node_modules/openclaw/package.json", r#"{"name": "something", "version": "2026.3.7"}"#);
        machine.write("bin/openclaw", "#!/bin/sh\nexec node ../lib/node_modules/openclaw/x.mjs\n");
        assert_eq!(machine.found(json!({})).0, None);
    }
}
