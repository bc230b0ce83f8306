//! Which sandbox engine can be counted on. Asks sockets and looks at files; runs no program.

use super::Env;
use crate::posture::Engine;
use crate::text::{Said, Text};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
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
    /// Count on this one, whatever the machine shows: the config may be for another machine.
    Fixed(Engine),
}

/// The engine, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The engine to plan for.
    pub engine: Engine,
    /// Why it is this one, or none.
    pub why: Said,
}

/// Finds the sandbox engine to plan for.
///
/// Docker counts where a daemon answers on its socket and the `docker` program, which OpenClaw runs, is on the `PATH`.
/// Podman has no daemon: it counts where its program and `catatonit`, which OpenClaw's containers need, are there, and this
/// user is given ranges of ids to run without root.
pub fn engine(asked: Asked, env: &Env) -> Found {
    match asked {
        Asked::Fixed(engine) => {
            Found { engine, why: Text { en: "named by --engine", ja: "--engine で指定" }.into() }
        }
        Asked::Auto => look(env, Path::new("/"), rustix::process::geteuid().is_root()),
    }
}

/// Looks below `root`, which is `/` but in tests.
fn look(env: &Env, root: &Path, is_root: bool) -> Found {
    match docker(env, root) {
        Ok(socket) => Found {
            engine: Engine::Docker,
            why: Text {
                en: "The Docker daemon answers on {socket}.",
                ja: "Docker デーモンが {socket} で応答しています。",
            }
            .with("socket", socket.display()),
        },
        Err(why) => match podman(env, root, is_root) {
            Some(program) => Found {
                engine: Engine::Podman,
                why: Text {
                    en: "Podman is installed: {program}.",
                    ja: "Podman がインストールされています: {program}。",
                }
                .with("program", program.display()),
            },
            None => Found { engine: Engine::None, why },
        },
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
        en: "This user may not use the Docker daemon at {socket}.",
        ja: "このユーザーには Docker デーモン ({socket}) を使う権限がありません。",
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
    std::thread::spawn(move || send.send(ask(&socket)));
    receive.recv_timeout(PATIENCE * 2).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn ask(socket: &Path) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    let is_ok = answer.starts_with(b"HTTP/1.") && answer.ends_with(b" 200");
    if is_ok { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn podman(env: &Env, root: &Path, is_root: bool) -> Option<PathBuf> {
    let podman = program("podman", env)?;
    let helpers = ["usr/libexec/podman", "usr/lib/podman", "usr/libexec", "usr/bin"];
    let has_init = program("catatonit", env).is_some()
        || helpers.iter().any(|folder| is_program(&root.join(folder).join("catatonit")));
    let has_ids = is_root
        || env.get("USER").is_some_and(|user| {
            let given = std::fs::read_to_string(root.join("etc/subuid")).unwrap_or_default();
            given.lines().any(|line| line.split(':').next() == Some(user))
        });
    (has_init && has_ids).then_some(podman)
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
    use std::fs::{self, Permissions};
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
            let found = look(&self.env(more), self.0.path(), false);
            (found.engine, found.why.of(Lang::En))
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
        let found = engine(Asked::Fixed(Engine::Podman), &Env::new());
        assert_eq!(found.engine, Engine::Podman);
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
