//! Secrets and file modes, through the program: what moves, what shows, what is kept, and the way back.

use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CONFIG: &str = r#"{
  // mine
  gateway: { mode: "local", auth: { mode: "token", token: "t0ken-t0ken-t0ken-t0ken-t0ken-t0ken" }, port: 47999 },
  hooks: { enabled: true, token: "h00ks-h00ks-h00ks-h00ks-h00ks-h00ks" },
  channels: { telegram: { enabled: false, botToken: "123456:5ecret-5ecret-5ecret" } },
}
"#;

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        home.write("openclaw.json", CONFIG, 0o600);
        home.mode("", 0o700);
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("a folder").join(".openclaw").join(name)
    }

    fn write(&self, name: &str, content: &str, mode: u32) {
        fs::create_dir_all(self.path(name).parent().expect("a folder")).expect("a folder");
        fs::write(self.path(name), content).expect("a file");
        self.mode(name, mode);
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("a mode");
    }

    fn mode_of(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).expect("there").permissions().mode() & 0o7777
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
        command.env_clear().env("HOME", self.0.path().canonicalize().expect("a folder")).current_dir(self.0.path());
        command.args(args).args(["--engine", "none", "--lang", "en"]).output().expect("it runs")
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let name = |path: &Value| Path::new(path.as_str().unwrap()).file_name().unwrap().to_string_lossy().into_owned();
    list.as_array().unwrap().iter().map(|one| name(&one[key])).collect()
}

#[test]
fn secrets_move_to_private_files_and_none_shows() {
    let home = Home::new();
    home.write(".env", "OLD=1\n", 0o644);
    home.write("openclaw.json.bak", CONFIG, 0o600);
    home.write("openclaw.json.bak.1", "{}", 0o600);
    let before = home.run(&["secrets", "--dry-run"]);
    assert_eq!((home.read("openclaw.json").as_str(), home.read(".env").as_str()), (CONFIG, "OLD=1\n"));
    let refused = home.run(&["secrets"]);
    assert_eq!((refused.status.code(), home.read("openclaw.json").as_str()), (Some(2), CONFIG));
    let moved = home.json(&["secrets", "--yes"]);
    assert_eq!(moved["moves"].as_array().unwrap().len(), 3, "{moved}");
    assert_eq!((&moved["changed"], &moved["restart"], &moved["left"]), (&json!(true), &json!(true), &json!([])));
    assert_eq!(home.read(".env"), "OLD=1\nOPENCLAW_SECRET_HOOKS_TOKEN=h00ks-h00ks-h00ks-h00ks-h00ks-h00ks\n");
    assert_eq!(
        (home.mode_of(".env"), home.mode_of("secrets.json"), home.mode_of("openclaw.json")),
        (0o600, 0o600, 0o600)
    );
    let entries: Value = serde_json::from_str(&home.read("secrets.json")).unwrap();
    assert_eq!(entries["channels.telegram.botToken"], "123456:5ecret-5ecret-5ecret");
    let config = home.read("openclaw.json");
    assert!(config.contains("// mine") && config.contains("\"${OPENCLAW_SECRET_HOOKS_TOKEN}\""), "{config}");
    let mut holders = names(&moved["copies"], "path");
    holders.sort();
    assert_eq!((holders.len(), holders[0].as_str()), (2, "openclaw.json.bak"));
    let again = home.run(&["secrets", "--purge"]);
    let shown: Vec<u8> = [before.stdout, before.stderr, moved.to_string().into_bytes(), again.stdout].concat();
    for secret in ["t0ken-t0ken", "h00ks-h00ks", "5ecret-5ecret"] {
        assert!(!config.contains(secret) && !String::from_utf8_lossy(&shown).contains(secret));
    }
    assert!(!home.path("openclaw.json.bak").exists() && home.path("openclaw.json.bak.1").exists());
    assert_eq!(again.status.code(), Some(0));
}

#[test]
fn the_audit_knows_the_secrets_where_they_are_now() {
    let home = Home::new();
    home.json(&["secrets", "--yes", "--purge"]);
    let audit = home.json(&["audit"]);
    let ids: Vec<&str> =
        audit["findings"].as_array().unwrap().iter().filter_map(|one| one["checkId"].as_str()).collect();
    assert!(!ids.contains(&"harden.secrets.plaintext") && !ids.contains(&"gateway.http.no_auth"), "{ids:?}");
}

#[test]
fn only_the_keys_that_are_named_move() {
    let home = Home::new();
    let moved = home.json(&["secrets", "channels.telegram.botToken", "--yes"]);
    assert_eq!(names(&moved["moves"], "path"), ["channels.telegram.botToken"]);
    assert!(home.read("openclaw.json").contains("h00ks-h00ks") && !home.path(".env").exists());
    let absent = home.run(&["secrets", "gateway.port", "--yes"]);
    assert_eq!(absent.status.code(), Some(2));
}

#[test]
fn a_running_gateway_keeps_its_variables_in_the_config() {
    let home = Home::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    home.write("openclaw.json", &CONFIG.replace("47999", &port.to_string()), 0o600);
    let moved = home.json(&["secrets", "--yes"]);
    assert_eq!((names(&moved["left"], "path"), &moved["restart"]), (vec!["hooks.token".to_owned()], &json!(false)));
    assert!(home.read("openclaw.json").contains("h00ks-h00ks") && !home.path(".env").exists());
}

#[test]
fn open_files_are_listed_closed_and_opened_again_only_when_asked_for() {
    let home = Home::new();
    home.mode("", 0o755);
    home.write(".env", "A=1\n", 0o644);
    home.write("credentials/oauth.json", "{}", 0o640);
    home.write("agents/main/sessions/sessions.json", "{}", 0o600);
    home.write("elsewhere", "{}", 0o644);
    symlink("../elsewhere", home.path("credentials/link.json")).expect("a link");
    let listed = home.json(&["apply", "--only-safe", "--dry-run"]);
    let mut open = names(&listed["modes"], "path");
    open.sort();
    assert_eq!(open, [".env", ".openclaw", "credentials", "oauth.json"]);
    assert_eq!(home.mode_of(""), 0o755);
    home.run(&["apply", "--only-safe"]);
    let modes = || ["", ".env", "credentials", "credentials/oauth.json", "elsewhere"].map(|name| home.mode_of(name));
    assert_eq!(modes(), [0o700, 0o600, 0o700, 0o600, 0o644]);
    assert_eq!(home.json(&["apply", "--only-safe"])["changed"], false);
    home.run(&["restore", "--yes"]);
    assert_eq!(modes(), [0o700, 0o600, 0o700, 0o600, 0o644]);
    let unsaid = home.run(&["restore", "--modes"]);
    assert_eq!((unsaid.status.code(), home.mode_of("")), (Some(2), 0o700));
    home.mode(".env", 0o400);
    let restored = home.run(&["restore", "--modes", "--yes"]);
    assert_eq!(restored.status.code(), Some(1), "{}", String::from_utf8_lossy(&restored.stdout));
    assert_eq!(modes(), [0o755, 0o400, 0o755, 0o640, 0o644]);
    assert_eq!(home.run(&["restore", "--modes", "--yes"]).status.code(), Some(2));
}
