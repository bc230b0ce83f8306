//! Where OpenClaw 2026.9.6 keeps config, state and credentials, found as it finds them.
//!
//! FILE beats `--config` beats `OPENCLAW_CONFIG_PATH` beats `OPENCLAW_STATE_DIR` beats the profile's folder beats the home folder.

use super::{Env, OpenClaw};
use crate::text::{Said, Text};
use std::path::{Component, Path, PathBuf};

const CONFIG: &str = "openclaw.json";
const LEGACY_CONFIG: &str = "clawdbot.json";

/// What the command line says about the place. What it does not say follows from the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// FILE, or else `--config`.
    pub config: Option<PathBuf>,
    /// `--state-dir`; stands in the place of `OPENCLAW_STATE_DIR`.
    pub state_dir: Option<PathBuf>,
    /// `--profile`; `dev` for `--dev`.
    pub profile: Option<String>,
    /// The OpenClaw that the config is for: `--openclaw-version`, or what it said when it was asked. Else it is looked for.
    pub openclaw: Option<OpenClaw>,
}

/// Where an installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The home folder that `~` means.
    pub home: PathBuf,
    /// The state folder, `~/.openclaw` by default.
    pub state_dir: PathBuf,
    /// The config file; it need not exist.
    pub config: PathBuf,
    /// The folder of the credentials, `<state>/credentials` by default.
    pub credentials: PathBuf,
    /// The folders, beside the config's own, from which `$include` may draw.
    pub include_roots: Vec<PathBuf>,
    /// The files of variables, first wins; the process environment beats them all.
    pub env_files: Vec<PathBuf>,
}

impl Places {
    /// Makes a path of the config absolute: `~` is the home folder, the rest is relative to `cwd`.
    pub fn resolve(&self, path: &str, cwd: &Path) -> PathBuf {
        resolve(path, &self.home, cwd)
    }
}

/// Finds an installation. Touches nothing but through `exists`.
///
/// `os_home` is what the system says of the user's home; `cwd` is the folder that relative paths start from.
///
/// # Errors
/// Where a profile's name is not one, or no home is to be found.
pub fn find(
    selection: &Selection,
    env: &Env,
    os_home: Option<&Path>,
    cwd: &Path,
    exists: &dyn Fn(&Path) -> bool,
) -> Result<Places, Said> {
    let home = home(env, os_home, cwd)?;
    let mut state_var = variable(env, "OPENCLAW_STATE_DIR");
    let mut config_var = variable(env, "OPENCLAW_CONFIG_PATH");
    if let Some(profile) = &selection.profile {
        let inherited = variable(env, "OPENCLAW_PROFILE")
            .and_then(|name| profile_dir(&name, &home).ok())
            .unwrap_or_else(|| home.join(".openclaw"));
        let chosen = profile_dir(profile, &home)?;
        // The paths of the profile that a shell was started with are no choice of the user's: they go with that profile.
        if inherited != chosen {
            let is_default =
                |var: &Option<String>, path: &Path| var.as_ref().is_some_and(|var| resolve(var, &home, cwd) == path);
            let leaves_state = is_default(&state_var, &inherited);
            if (state_var.is_none() || leaves_state) && is_default(&config_var, &inherited.join(CONFIG)) {
                config_var = None;
            }
            state_var = state_var.filter(|_| !leaves_state);
        }
        let state =
            selection.state_dir.clone().or(state_var.as_ref().map(|dir| resolve(dir, &home, cwd))).unwrap_or(chosen);
        let config = match config_var {
            Some(config) => resolve(&config, &home, cwd),
            None => state.join(CONFIG),
        };
        let config = selection.config.clone().unwrap_or(config);
        return Ok(places(home, absolute(&state, cwd), absolute(&config, cwd), true, env, cwd));
    }

    let chosen = selection.state_dir.clone().or(state_var.map(|dir| resolve(&dir, &home, cwd)));
    let is_chosen = chosen.is_some();
    let state = absolute(&chosen.unwrap_or_else(|| default_state_dir(&home, exists)), cwd);
    let config = match (&selection.config, config_var) {
        (Some(config), _) => absolute(config, cwd),
        (None, Some(config)) => resolve(&config, &home, cwd),
        (None, None) => {
            let mut folders = vec![state.clone()];
            if !is_chosen {
                folders.extend([home.join(".openclaw"), home.join(".clawdbot")]);
            }
            folders
                .iter()
                .flat_map(|folder| [folder.join(CONFIG), folder.join(LEGACY_CONFIG)])
                .find(|config| exists(config))
                .unwrap_or_else(|| state.join(CONFIG))
        }
    };
    Ok(places(home, state, config, is_chosen, env, cwd))
}

fn places(home: PathBuf, state_dir: PathBuf, config: PathBuf, state_is_chosen: bool, env: &Env, cwd: &Path) -> Places {
    let credentials = match variable(env, "OPENCLAW_OAUTH_DIR") {
        Some(dir) => resolve(&dir, &home, cwd),
        None => state_dir.join("credentials"),
    };
    let mut include_roots: Vec<PathBuf> = Vec::new();
    for root in variable(env, "OPENCLAW_INCLUDE_ROOTS")
        .iter()
        .flat_map(|roots| roots.split(':'))
        .map(str::trim)
        .filter(|root| !root.is_empty())
    {
        let root = resolve(root, &home, cwd);
        if !include_roots.contains(&root) {
            include_roots.push(root);
        }
    }
    let mut env_files = vec![state_dir.join(".env")];
    if !state_is_chosen || state_dir == home.join(".openclaw") {
        env_files.push(home.join(".config/openclaw/gateway.env"));
    }
    Places { home, state_dir, config, credentials, include_roots, env_files }
}

/// The old name counts only where the new folder is absent.
fn default_state_dir(home: &Path, exists: &dyn Fn(&Path) -> bool) -> PathBuf {
    let (new, legacy) = (home.join(".openclaw"), home.join(".clawdbot"));
    if !exists(&new) && exists(&legacy) { legacy } else { new }
}

fn profile_dir(name: &str, home: &Path) -> Result<PathBuf, Said> {
    const INVALID: Text = Text {
        en: "The profile name {name} is not valid: letters, digits, \"_\" and \"-\" only, 64 at most.",
        ja: "プロファイル名 {name} は使えません。英数字と \"_\" と \"-\" だけで、64文字以内にしてください。",
    };
    let name = name.trim();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
    let is_valid = name.len() <= 64
        && name.as_bytes().first().is_some_and(is_word)
        && name.bytes().all(|byte| is_word(&byte) || byte == b'_' || byte == b'-');
    if !is_valid {
        return Err(INVALID.with("name", name));
    }
    Ok(home.join(if name.eq_ignore_ascii_case("default") {
        ".openclaw".to_owned()
    } else {
        format!(".openclaw-{name}")
    }))
}

fn home(env: &Env, os_home: Option<&Path>, cwd: &Path) -> Result<PathBuf, Said> {
    const NO_HOME: Text = Text {
        en: "OPENCLAW_HOME begins with ~, but no home folder is known: set HOME.",
        ja: "OPENCLAW_HOME が ~ で始まっていますが、ホームフォルダーが不明です。HOME を設定してください。",
    };
    let of_system = ["HOME", "USERPROFILE"]
        .iter()
        .find_map(|name| home_variable(env, name))
        .or_else(|| os_home.map(Path::to_owned));
    match home_variable(env, "OPENCLAW_HOME") {
        Some(explicit) => match explicit.to_str().and_then(after_tilde) {
            None => Ok(absolute(&explicit, cwd)),
            Some(rest) => {
                let base = of_system.ok_or(Said::from(NO_HOME))?;
                Ok(absolute(&base.join(rest), cwd))
            }
        },
        None => Ok(absolute(&of_system.unwrap_or_else(|| cwd.to_owned()), cwd)),
    }
}

/// Is a home variable; what a careless script writes for "none" counts as unset.
fn home_variable(env: &Env, name: &str) -> Option<PathBuf> {
    variable(env, name).filter(|value| value != "undefined" && value != "null").map(PathBuf::from)
}

fn variable(env: &Env, name: &str) -> Option<String> {
    env.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn resolve(path: &str, home: &Path, cwd: &Path) -> PathBuf {
    let path = path.trim();
    match after_tilde(path) {
        Some(rest) => absolute(&home.join(rest), cwd),
        None => absolute(Path::new(path), cwd),
    }
}

/// Is what follows `~` or `~/`; none for `~user`, which OpenClaw takes as it stands.
fn after_tilde(path: &str) -> Option<&str> {
    match path.strip_prefix('~')? {
        "" => Some(""),
        rest => rest.strip_prefix(['/', '\\']),
    }
}

/// Makes a path absolute and takes `.` and `..` out by their letters, as Node's `path.resolve` does.
fn absolute(path: &Path, cwd: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in cwd.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(vars: &[(&str, &str)]) -> Env {
        vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn found(selection: &Selection, vars: &[(&str, &str)], disk: &[&str]) -> Places {
        let exists = |path: &Path| disk.iter().any(|known| Path::new(known) == path);
        find(selection, &env(vars), Some(Path::new("/os")), Path::new("/cwd"), &exists).expect("a place")
    }

    fn config(vars: &[(&str, &str)], disk: &[&str]) -> String {
        found(&Selection::default(), vars, disk).config.display().to_string()
    }

    fn profile(name: &str, vars: &[(&str, &str)]) -> (String, String) {
        let selection = Selection { profile: Some(name.to_owned()), ..Selection::default() };
        let places = found(&selection, vars, &[]);
        (places.state_dir.display().to_string(), places.config.display().to_string())
    }

    #[test]
    fn the_home_is_openclaw_home_then_home_then_userprofile_then_the_systems() {
        let all = [("OPENCLAW_HOME", "/oc"), ("HOME", "/h"), ("USERPROFILE", "/u")];
        for (vars, home) in [(&all[..], "/oc"), (&all[1..], "/h"), (&all[2..], "/u"), (&[], "/os")] {
            assert_eq!(config(vars, &[]), format!("{home}/.openclaw/openclaw.json"));
        }
    }

    #[test]
    fn a_blank_undefined_or_null_home_is_none() {
        for value in ["", "  ", "undefined", "null"] {
            assert_eq!(
                config(&[("OPENCLAW_HOME", value), ("HOME", value), ("USERPROFILE", "/u")], &[]),
                "/u/.openclaw/openclaw.json"
            );
        }
    }

    #[test]
    fn a_tilde_is_the_home_that_openclaw_means() {
        let vars = [("OPENCLAW_HOME", "~/oc"), ("HOME", "/h"), ("OPENCLAW_STATE_DIR", "~/s")];
        assert_eq!(config(&vars, &[]), "/h/oc/s/openclaw.json");
        assert_eq!(config(&[("OPENCLAW_CONFIG_PATH", "~user/c.json")], &[]), "/cwd/~user/c.json");
    }

    #[test]
    fn the_config_variable_beats_the_state_variable_beats_the_home() {
        let vars = [("OPENCLAW_CONFIG_PATH", " /c/../d/x.json "), ("OPENCLAW_STATE_DIR", "/s"), ("HOME", "/h")];
        assert_eq!(config(&vars, &["/s/openclaw.json"]), "/d/x.json");
        assert_eq!(config(&vars[1..], &["/h/.openclaw/openclaw.json"]), "/s/openclaw.json");
        assert_eq!(config(&vars[1..], &["/s/clawdbot.json"]), "/s/clawdbot.json");
    }

    #[test]
    fn a_file_that_is_named_beats_every_variable() {
        let selection = Selection { config: Some("a/b.json".into()), ..Selection::default() };
        let vars = [("OPENCLAW_CONFIG_PATH", "/c.json"), ("OPENCLAW_STATE_DIR", "/s")];
        let places = found(&selection, &vars, &[]);
        assert_eq!(places.config, Path::new("/cwd/a/b.json"));
        assert_eq!(places.state_dir, Path::new("/s"));
    }

    #[test]
    fn the_old_names_are_searched_in_openclaws_order() {
        let vars = [("HOME", "/h")];
        let order = [
            "/h/.openclaw/openclaw.json",
            "/h/.openclaw/clawdbot.json",
            "/h/.clawdbot/openclaw.json",
            "/h/.clawdbot/clawdbot.json",
        ];
        for first in 0..order.len() {
            let mut disk = order[first..].to_vec();
            disk.push("/h/.openclaw");
            assert_eq!(config(&vars, &disk), order[first]);
        }
    }

    #[test]
    fn the_old_state_folder_counts_only_where_the_new_one_is_absent() {
        let state = |disk: &[&str]| found(&Selection::default(), &[("HOME", "/h")], disk).state_dir;
        assert_eq!(state(&["/h/.clawdbot"]), Path::new("/h/.clawdbot"));
        assert_eq!(state(&["/h/.clawdbot", "/h/.openclaw"]), Path::new("/h/.openclaw"));
        assert_eq!(state(&[]), Path::new("/h/.openclaw"));
    }

    #[test]
    fn a_profile_has_a_folder_of_its_own() {
        let here = |name: &str| (format!("/h/{name}"), format!("/h/{name}/openclaw.json"));
        assert_eq!(profile("work", &[("HOME", "/h")]), here(".openclaw-work"));
        assert_eq!(profile("Default", &[("HOME", "/h")]), here(".openclaw"));
        assert_eq!(
            profile("work", &[("HOME", "/h"), ("OPENCLAW_STATE_DIR", "/s")]),
            ("/s".to_owned(), "/s/openclaw.json".to_owned())
        );
        assert_eq!(profile("work", &[("HOME", "/h"), ("OPENCLAW_CONFIG_PATH", "/c.json")]).1, "/c.json");
    }

    #[test]
    fn the_paths_of_the_profile_that_is_left_go_with_it() {
        let work = ("/h/.openclaw-work".to_owned(), "/h/.openclaw-work/openclaw.json".to_owned());
        let left = [
            ("HOME", "/h"),
            ("OPENCLAW_STATE_DIR", "~/.openclaw-alt"),
            ("OPENCLAW_CONFIG_PATH", "~/.openclaw-alt/openclaw.json"),
            ("OPENCLAW_PROFILE", "alt"),
        ];
        assert_eq!(profile("work", &left), work);
        assert_eq!(profile("alt", &left).0, "/h/.openclaw-alt");
        assert_eq!(profile("work", &left[..3]).0, "/h/.openclaw-alt");
    }

    #[test]
    fn the_profile_variable_alone_moves_nothing() {
        let vars = [("HOME", "/h"), ("OPENCLAW_PROFILE", "work")];
        assert_eq!(config(&vars, &[]), "/h/.openclaw/openclaw.json");
    }

    #[test]
    fn a_state_folder_that_is_named_beats_the_profiles_and_the_variables() {
        let selection = Selection { state_dir: Some("s".into()), profile: Some("work".into()), ..Selection::default() };
        let vars = [("HOME", "/h"), ("OPENCLAW_STATE_DIR", "/other")];
        let places = found(&selection, &vars, &[]);
        assert_eq!(places.state_dir, Path::new("/cwd/s"));
        assert_eq!(places.config, Path::new("/cwd/s/openclaw.json"));
    }

    #[test]
    fn a_profile_name_that_could_leave_the_home_is_refused() {
        for name in ["", "../x", "a/b", "-a", "é", &"a".repeat(65)] {
            let selection = Selection { profile: Some(name.to_owned()), ..Selection::default() };
            let refused = find(&selection, &Env::new(), None, Path::new("/"), &|_| false);
            assert!(refused.is_err(), "{name}");
        }
    }

    #[test]
    fn credentials_and_include_roots_follow_their_variables() {
        let vars = [("HOME", "/h"), ("OPENCLAW_OAUTH_DIR", "~/creds"), ("OPENCLAW_INCLUDE_ROOTS", "/a: ~/b ::/a")];
        let places = found(&Selection::default(), &vars, &[]);
        assert_eq!(places.credentials, Path::new("/h/creds"));
        assert_eq!(places.include_roots, [Path::new("/a"), Path::new("/h/b")]);
        let plain = found(&Selection::default(), &vars[..1], &[]);
        assert_eq!(plain.credentials, Path::new("/h/.openclaw/credentials"));
    }

    #[test]
    fn the_services_env_file_counts_for_the_default_state_folder_only() {
        let files = |vars: &[(&str, &str)]| found(&Selection::default(), vars, &[]).env_files;
        assert_eq!(
            files(&[("HOME", "/h")]),
            [Path::new("/h/.openclaw/.env"), Path::new("/h/.config/openclaw/gateway.env")]
        );
        assert_eq!(files(&[("HOME", "/h"), ("OPENCLAW_STATE_DIR", "/s")]), [Path::new("/s/.env")]);
    }
}
