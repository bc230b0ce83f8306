//! Which sandbox engine can be counted on, and whether it has the images. Asks sockets and looks at files; runs no program.

use super::{Env, images};
use crate::posture::{Engine, Means};
use crate::settings::Settings;
use crate::text::{Said, Text};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// How long a daemon may take to answer.
const PATIENCE: Duration = Duration::from_millis(300);

/// What `--engine` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Look at the machine.
    #[default]
    Auto,
    /// Do not look at the machine yet: [`Installation::engine_look`](super::Installation::engine_look) does, while others go on.
    Later,
    /// Count on this one, whatever the machine shows: the config may be for another machine.
    Fixed(Engine),
}

/// What a config asks of a sandbox engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boxes {
    /// The backend that the defaults name; none: OpenClaw takes Docker.
    pub backend: Option<String>,
    /// Whether an agent names another backend of Docker and Podman than the defaults.
    pub both: bool,
    /// The images, each once.
    pub images: Vec<String>,
}

impl Boxes {
    /// The image of 2026.9.6 where none is named. OpenClaw never fetches one by itself.
    const IMAGE: &str = "openclaw-sandbox:bookworm-slim";

    /// Is what the settings ask for. Nothing of it is run: a `setupCommand` stays where it is.
    pub fn of(settings: &Settings) -> Self {
        let own = |path: &crate::document::Path, key: &str| {
            let value = settings.at(&path.join(key)).and_then(serde_json::Value::as_str);
            value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let defaults = crate::document::Path::from("agents.defaults.sandbox");
        let backend = own(&defaults, "backend");
        let mut boxes = Boxes {
            images: vec![own(&defaults, "docker.image").unwrap_or_else(|| Self::IMAGE.to_owned())],
            both: false,
            backend,
        };
        let usual = boxes.backend.clone().unwrap_or_else(|| "docker".to_owned());
        for agent in settings.agents() {
            let path = agent.path.key("sandbox");
            let other = own(&path, "backend").filter(|backend| *backend != usual);
            boxes.both |= other.is_some_and(|backend| matches!(backend.as_str(), "docker" | "podman"));
            boxes.images.extend(own(&path, "docker.image").filter(|image| !boxes.images.contains(image)));
        }
        boxes
    }
}

/// The engine, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The engine to plan for.
    pub engine: Engine,
    /// Whether the other of Docker and Podman, which an agent names, is usable as well.
    pub both: bool,
    /// The images of the config, each with whether the engine has it; none where that could not be seen.
    pub images: Vec<(String, Option<bool>)>,
    /// Why it is this one, or none.
    pub why: Said,
}

impl Found {
    /// Says that no engine is usable, and why.
    pub fn none(why: impl Into<Said>) -> Self {
        Found { engine: Engine::None, both: false, images: Vec::new(), why: why.into() }
    }

    /// Is what a plan can count on with it, beside what is known otherwise.
    pub fn means(&self, otherwise: Means) -> Means {
        Means { engine: self.engine, both_engines: self.both, images: self.images.clone(), ..otherwise }
    }
}

/// Finds the sandbox engine to plan for.
///
/// The backend that the config names is the one that is looked for: it is kept, never switched. Docker counts where a daemon answers on its socket and the `docker` program, which OpenClaw runs, is on the `PATH`.
/// Podman has no daemon: it counts where its program and `catatonit`, which OpenClaw's containers need, are there, and this
/// user is given ranges of ids to run without root.
pub fn engine(asked: Asked, env: &Env, boxes: &Boxes) -> Found {
    match asked {
        Asked::Fixed(engine) => {
            let why = Text { en: "named by --engine", ja: "--engine で指定" }.into();
            Found { engine, both: boxes.both && engine != Engine::None, images: Vec::new(), why }
        }
        Asked::Later => {
            let why = Text { en: "not looked for yet", ja: "まだ確認していません" };
            Found { engine: Engine::Unknown, ..Found::none(why) }
        }
        Asked::Auto => look(env, Path::new("/"), rustix::process::geteuid().is_root(), boxes),
    }
}

/// Looks below `root`, which is `/` but in tests.
fn look(env: &Env, root: &Path, is_root: bool, boxes: &Boxes) -> Found {
    const DOCKER: Text = Text {
        en: "The Docker daemon answers on {socket}.",
        ja: "Docker デーモンが {socket} で応答しています。",
    };
    const PODMAN: Text = Text {
        en: "Podman is installed: {program}.",
        ja: "Podman がインストールされています: {program}。",
    };
    const KEPT: Text = Text {
        en: "The config's backend is {backend}: it is kept as it is, and not asked whether it answers.",
        ja: "設定のバックエンドは {backend} です。そのまま使い、応答するかは確認しません。",
    };
    let seen = |has: &dyn Fn(&str) -> Option<bool>| {
        boxes.images.iter().map(|image| (image.clone(), has(image))).collect::<Vec<_>>()
    };
    let by_docker = || {
        docker(env, root).map(|socket| Found {
            engine: Engine::Docker,
            both: boxes.both && podman(env, root, is_root).is_ok(),
            images: seen(&|image| images::in_docker(&socket, image, PATIENCE)),
            why: DOCKER.with("socket", socket.display()),
        })
    };
    let by_podman = || {
        podman(env, root, is_root).map(|program| Found {
            engine: Engine::Podman,
            both: boxes.both && docker(env, root).is_ok(),
            images: seen(&|image| images::in_podman(env, root, is_root, image)),
            why: PODMAN.with("program", program.display()),
        })
    };
    let found = match boxes.backend.as_deref() {
        Some("docker") => by_docker(),
        Some("podman") => by_podman(),
        _ => by_docker().or_else(|why| by_podman().map_err(|_| why)),
    };
    let found = found.unwrap_or_else(Found::none);
    match boxes.backend.as_deref() {
        None | Some("docker" | "podman") => found,
        Some(backend) => Found { images: Vec::new(), why: KEPT.with("backend", backend), ..found },
    }
}

fn docker(env: &Env, root: &Path) -> Result<PathBuf, Said> {
    const REMOTE: Text = Text {
        en: "DOCKER_HOST names a remote daemon ({host}), which is not asked: say --engine docker if it is to be used.",
        ja: "DOCKER_HOST はリモートのデーモン ({host}) を指しているため、確認しません。使う場合は --engine docker を指定してください。",
    };
    const NO_SOCKET: Text = Text {
        en: "No Docker daemon was found, and no Podman that can run without root.",
        ja: "Docker デーモンも、root なしで実行できる Podman も見つかりませんでした。",
    };
    const DENIED: Text = Text {
        en: "A Docker daemon is there, but this user may not use it ({socket}). Rootless Podman is the safer way; membership in the group docker is as good as root.",
        ja: "Docker デーモンはありますが、このユーザーには使う権限がありません ({socket})。root なしの Podman のほうが安全です。docker グループに入れると root と同じ権限になります。",
    };
    const SILENT: Text = Text {
        en: "The Docker daemon does not answer on {socket}.",
        ja: "Docker デーモンが {socket} で応答しません。",
    };
    const NO_PROGRAM: Text = Text {
        en: "The Docker daemon answers on {socket}, but the docker program, which OpenClaw runs, is not on the PATH.",
        ja: "Docker デーモンは {socket} で応答しますが、OpenClaw が実行する docker コマンドが PATH にありません。",
    };
    let host = env.get("DOCKER_HOST").map(|host| host.trim());
    let sockets = match host.filter(|host| !host.is_empty()) {
        Some(host) => match host.strip_prefix("unix://") {
            Some(path) => vec![PathBuf::from(path)],
            None => return Err(REMOTE.with("host", without_user(host))),
        },
        None => usual_sockets(env, root),
    };
    let mut why = Said::from(NO_SOCKET);
    for socket in sockets {
        match ping(&socket) {
            Ok(()) => {
                return if program("docker", env).is_some() {
                    Ok(socket)
                } else {
                    Err(NO_PROGRAM.with("socket", socket.display()))
                };
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                why = DENIED.with("socket", socket.display());
            }
            Err(_) => why = SILENT.with("socket", socket.display()),
        }
    }
    Err(why)
}

/// Drops user and password from an address before it is shown.
fn without_user(host: &str) -> String {
    match (host.find("://"), host.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}{}", &host[..scheme + 3], &host[at + 1..])
        }
        _ => host.to_owned(),
    }
}

/// Is where Docker listens: the system's daemon, one without root, Docker Desktop.
fn usual_sockets(env: &Env, root: &Path) -> Vec<PathBuf> {
    let below = |var: &str, path: &str| env.get(var).map(|dir| Path::new(dir).join(path));
    [
        Some(root.join("var/run/docker.sock")),
        below("XDG_RUNTIME_DIR", "docker.sock"),
        below("HOME", ".docker/run/docker.sock"),
        below("HOME", ".docker/desktop/docker.sock"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Asks a daemon whether it is there.
fn ping(socket: &Path) -> io::Result<()> {
    let (send, receive) = mpsc::channel();
    let socket = socket.to_owned();
    // Connecting to a socket whose queue is full blocks without end, so it happens in a thread that can be left behind.
    std::thread::spawn(move || send.send(images::status(&socket, "/_ping", PATIENCE)));
    let status = receive.recv_timeout(PATIENCE * 2).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    if status == "200" { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn podman(env: &Env, root: &Path, is_root: bool) -> Result<PathBuf, Said> {
    const NO_PROGRAM: Text =
        Text { en: "The podman program is not on the PATH.", ja: "podman コマンドが PATH にありません。" };
    const NO_INIT: Text = Text {
        en: "Podman is there, but not catatonit, which OpenClaw's containers need: install it.",
        ja: "Podman はありますが、OpenClaw のコンテナに必要な catatonit がありません。インストールしてください。",
    };
    const NO_IDS: Text = Text {
        en: "Podman is there, but this user has no ids for containers: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}",
        ja: "Podman はありますが、このユーザーにコンテナ用の ID がありません: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}",
    };
    let podman = program("podman", env).ok_or_else(|| Said::from(NO_PROGRAM))?;
    let helpers = ["usr/libexec/podman", "usr/lib/podman", "usr/libexec", "usr/bin"];
    let has_init = program("catatonit", env).is_some()
        || helpers.iter().any(|folder| is_program(&root.join(folder).join("catatonit")));
    let has_ids = is_root
        || env.get("USER").is_some_and(|user| {
            let given = std::fs::read_to_string(root.join("etc/subuid")).unwrap_or_default();
            given.lines().any(|line| line.split(':').next() == Some(user))
        });
    if !has_init {
        return Err(NO_INIT.into());
    }
    if !has_ids {
        return Err(NO_IDS.with("user", env.get("USER").map_or("USER", String::as_str)));
    }
    Ok(podman)
}

/// Is the program that a shell would run.
pub(super) fn program(name: &str, env: &Env) -> Option<PathBuf> {
    std::env::split_paths(env.get("PATH")?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Whether this runs in a container, by the marks that OpenClaw 2026.9.6 goes by.
pub fn in_container(env: &Env) -> bool {
    is_container(env, Path::new("/"))
}

fn is_container(env: &Env, root: &Path) -> bool {
    let is_set = |name: &str| env.get(name).is_some_and(|value| !value.trim().is_empty());
    let marks = [".dockerenv", "run/.containerenv", "var/run/.containerenv"];
    (is_set("FLY_MACHINE_ID") && is_set("FLY_APP_NAME"))
        || marks.iter().any(|mark| root.join(mark).exists())
        || std::fs::read_to_string(root.join("proc/1/cgroup")).is_ok_and(|groups| names_container(&groups))
}

/// Whether the control groups of process 1 are those that a container engine makes.
fn names_container(groups: &str) -> bool {
    let hex_after = |mark: &str, digits: usize| {
        groups.match_indices(mark).any(|(at, mark)| {
            let id = groups[at + mark.len()..].bytes();
            id.take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count() >= digits
        })
    };
    groups.contains("/docker/")
        || groups.contains("/kubepods/")
        || groups.contains("/kubepods.")
        || hex_after("cri-containerd-", 1)
        || hex_after("containerd/", 64)
        || groups.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == "lxc")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use serde_json::json;
    use std::fs::{self, Permissions};
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    use std::time::Instant;
    use tempfile::TempDir;

    /// A machine below a folder of its own; `bin` is on its `PATH`.
    struct Machine(TempDir);

    impl Machine {
        fn new() -> Self {
            Machine(tempfile::tempdir().expect("a folder"))
        }

        fn path(&self, path: &str) -> PathBuf {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            path
        }

        fn program(&self, path: &str) {
            fs::write(self.path(path), "").expect("written");
            fs::set_permissions(self.path(path), Permissions::from_mode(0o755)).expect("a mode");
        }

        /// Listens on a socket and gives this answer to every request; none: takes the request and keeps silent.
        fn daemon(&self, socket: &str, answer: Option<&'static str>) {
            let listener = UnixListener::bind(self.path(socket)).expect("a socket");
            std::thread::spawn(move || {
                let mut silent = Vec::new();
                for stream in listener.incoming() {
                    let Ok(mut stream) = stream else { continue };
                    let _ = stream.read(&mut [0; 512]);
                    match answer {
                        Some(answer) => drop(stream.write_all(answer.as_bytes())),
                        None => silent.push(stream),
                    }
                }
            });
        }

        fn env(&self, more: &[(&str, String)]) -> Env {
            let path = ("PATH", self.path("bin/x").parent().expect("bin").display().to_string());
            more.iter()
                .chain([&path, &("USER", "me".to_owned())])
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect()
        }

        fn look(&self, more: &[(&str, String)]) -> (Engine, String) {
            let found = self.find(more, &Boxes::default());
            (found.engine, found.why.of(Lang::En))
        }

        fn find(&self, more: &[(&str, String)], boxes: &Boxes) -> Found {
            look(&self.env(more), self.0.path(), false, boxes)
        }

        fn podman(&self) {
            self.program("bin/podman");
            self.program("usr/libexec/podman/catatonit");
            fs::write(self.path("etc/subuid"), "me:100000:65536\n").expect("written");
        }
    }

    const OK: Option<&str> = Some("HTTP/1.0 200 OK\r\n\r\nOK");

    #[test]
    fn docker_counts_where_its_daemon_answers_and_its_program_is_there() {
        let machine = Machine::new();
        machine.daemon("var/run/docker.sock", OK);
        let (engine, why) = machine.look(&[]);
        assert_eq!(engine, Engine::None);
        assert!(why.contains("not on the PATH"), "{why}");
        machine.program("bin/docker");
        assert_eq!(machine.look(&[]).0, Engine::Docker);
    }

    #[test]
    fn a_daemon_without_root_and_one_that_is_named_are_found() {
        let machine = Machine::new();
        machine.program("bin/docker");
        machine.daemon("user/docker.sock", OK);
        let folder = machine.path("user/docker.sock").parent().expect("a folder").display().to_string();
        assert_eq!(machine.look(&[]).0, Engine::None);
        assert_eq!(machine.look(&[("XDG_RUNTIME_DIR", folder.clone())]).0, Engine::Docker);
        let host = format!("unix://{folder}/docker.sock");
        assert_eq!(machine.look(&[("DOCKER_HOST", host)]).0, Engine::Docker);
    }

    #[test]
    fn a_daemon_that_refuses_or_keeps_silent_does_not_count_and_does_not_hang() {
        for answer in [Some("HTTP/1.0 500 no\r\n\r\n"), Some("SSH-2.0-x\r\n\r\n"), Some(""), None] {
            let machine = Machine::new();
            machine.program("bin/docker");
            machine.daemon("var/run/docker.sock", answer);
            let since = Instant::now();
            let (engine, why) = machine.look(&[]);
            assert_eq!(engine, Engine::None, "{answer:?}");
            assert!(why.contains("does not answer"), "{why}");
            assert!(since.elapsed() < Duration::from_secs(2));
        }
    }

    #[test]
    fn a_socket_that_nobody_listens_on_does_not_count() {
        let machine = Machine::new();
        machine.program("bin/docker");
        drop(UnixListener::bind(machine.path("var/run/docker.sock")).expect("a socket"));
        assert!(machine.look(&[]).1.contains("does not answer"));
    }

    #[test]
    fn a_remote_daemon_is_not_asked_and_its_password_not_shown() {
        let machine = Machine::new();
        let (engine, why) = machine.look(&[("DOCKER_HOST", "ssh://me:secret@host".to_owned())]);
        assert_eq!(engine, Engine::None);
        assert!(why.contains("ssh://host") && !why.contains("secret"), "{why}");
    }

    #[test]
    fn podman_counts_with_its_init_and_ids_of_this_user() {
        let machine = Machine::new();
        machine.program("bin/podman");
        assert_eq!(machine.look(&[]).0, Engine::None);
        machine.program("usr/libexec/podman/catatonit");
        assert_eq!(machine.look(&[]).0, Engine::None);
        fs::write(machine.path("etc/subuid"), "you:1:2\nme:100000:65536\n").expect("written");
        assert_eq!(machine.look(&[]).0, Engine::Podman);
    }

    #[test]
    fn a_machine_with_nothing_has_no_engine() {
        let (engine, why) = Machine::new().look(&[]);
        assert_eq!(engine, Engine::None);
        assert!(why.contains("No Docker daemon"), "{why}");
    }

    #[test]
    fn what_is_asked_for_is_not_looked_for() {
        let found = engine(Asked::Fixed(Engine::Podman), &Env::new(), &Boxes::default());
        assert_eq!(found.engine, Engine::Podman);
    }

    fn boxes(config: serde_json::Value) -> Boxes {
        Boxes::of(&Settings::load(config, Default::default()))
    }

    #[test]
    fn the_backend_of_the_config_is_looked_for_and_never_switched() {
        let machine = Machine::new();
        machine.program("bin/docker");
        machine.daemon("var/run/docker.sock", OK);
        let backend = |name: &str| boxes(json!({"agents": {"defaults": {"sandbox": {"backend": name}}}}));
        let found = machine.find(&[], &backend("podman"));
        assert_eq!(found.engine, Engine::None);
        assert!(found.why.of(Lang::En).contains("podman program"), "{}", found.why.of(Lang::En));
        machine.podman();
        assert_eq!(machine.find(&[], &backend("podman")).engine, Engine::Podman);
        assert_eq!(machine.find(&[], &backend("docker")).engine, Engine::Docker);
        let found = machine.find(&[], &backend("ssh"));
        assert!(found.why.of(Lang::En).contains("backend is ssh"), "{}", found.why.of(Lang::En));
    }

    #[test]
    fn an_agent_with_the_other_backend_has_both_looked_for() {
        let machine = Machine::new();
        machine.program("bin/docker");
        machine.daemon("var/run/docker.sock", OK);
        let both = boxes(json!({"agents": {"entries": {"a": {"sandbox": {"backend": "podman"}}}}}));
        assert!(both.both && !machine.find(&[], &both).both);
        machine.podman();
        assert!(machine.find(&[], &both).both);
    }

    #[test]
    fn each_image_is_looked_for() {
        let machine = Machine::new();
        machine.program("bin/docker");
        let listener = UnixListener::bind(machine.path("var/run/docker.sock")).expect("a socket");
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 512];
                let length = stream.read(&mut request).unwrap_or(0);
                let is_there = !String::from_utf8_lossy(&request[..length]).contains("mine:1");
                let answer = if is_there { "HTTP/1.0 200 OK\r\n\r\n" } else { "HTTP/1.0 404 no\r\n\r\n" };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let wanted = boxes(json!({"agents": {"defaults": {"sandbox": {"mode": "all"}},
            "entries": {"a": {"sandbox": {"docker": {"image": "mine:1"}}}}}}));
        assert_eq!(wanted.images, ["openclaw-sandbox:bookworm-slim", "mine:1"]);
        let seen = [("openclaw-sandbox:bookworm-slim", true), ("mine:1", false)];
        assert_eq!(machine.find(&[], &wanted).images, seen.map(|(image, is)| (image.to_owned(), Some(is))));
    }

    #[test]
    fn a_user_who_may_not_and_a_daemon_that_is_not_there_are_told_apart() {
        let machine = Machine::new();
        assert!(machine.look(&[]).1.contains("No Docker daemon was found"));
        if rustix::process::geteuid().is_root() {
            return; // root may always
        }
        machine.daemon("var/run/docker.sock", OK);
        fs::set_permissions(machine.path("var/run/docker.sock"), Permissions::from_mode(0o000)).expect("a mode");
        assert!(machine.look(&[]).1.contains("may not use it"), "{}", machine.look(&[]).1);
    }

    #[test]
    fn containers_are_known_by_their_marks() {
        for mark in [".dockerenv", "run/.containerenv", "var/run/.containerenv"] {
            let machine = Machine::new();
            assert!(!is_container(&Env::new(), machine.0.path()));
            fs::write(machine.path(mark), "").expect("written");
            assert!(is_container(&Env::new(), machine.0.path()), "{mark}");
        }
        let fly = |app: &str| {
            [("FLY_MACHINE_ID", "1"), ("FLY_APP_NAME", app)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into()
        };
        let machine = Machine::new();
        assert!(is_container(&fly("app"), machine.0.path()));
        assert!(!is_container(&fly(" "), machine.0.path()));
        fs::write(machine.path("proc/1/cgroup"), "0::/docker/ab12\n").expect("written");
        assert!(is_container(&Env::new(), machine.0.path()));
    }

    #[test]
    fn control_groups_of_a_host_are_no_containers() {
        for (groups, is) in [
            ("0::/init.scope\n", false),
            ("0::/system.slice/docker.service\n", false),
            ("0::/system.slice/containerd.service\n", false),
            ("1:name=systemd:/lxcfs\n", false),
            ("1:cpu:/docker/0123\n", true),
            ("0::/kubepods.slice/x\n", true),
            ("0::/kubepods/pod1/x\n", true),
            ("0::/x/cri-containerd-0a.scope\n", true),
            ("1:name=systemd:/lxc/web\n", true),
        ] {
            assert_eq!(names_container(groups), is, "{groups}");
        }
        let id = "0123456789abcdef".repeat(4);
        assert!(names_container(&format!("0::/containerd/{id}")));
        assert!(!names_container(&format!("0::/containerd/{}", &id[1..])));
    }
}
