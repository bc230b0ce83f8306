//! The sandbox's containers as an engine describes them, against what the config explains.

use super::{Row, State, Topic};
use crate::checks::Severity;
use crate::settings::tools::ToolContext;
use crate::settings::{Settings, dangerous_bind};
use crate::text::time::to_the_minute;
use crate::text::{Said, Text};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What marks a container as OpenClaw's (2026.9.6).
pub const LABEL: &str = "openclaw.sandbox";
/// How OpenClaw names its containers unless `containerPrefix` says otherwise.
pub const NAME: &str = "openclaw-sbx-";

/// What one engine tells.
#[derive(Clone, Debug)]
pub struct Engine {
    /// Its program: `docker` or `podman`.
    pub program: String,
    /// What came of asking it.
    pub answer: Answer,
}

/// What came of asking an engine.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Its program is not installed.
    Absent,
    /// It could not be asked, with the reason.
    Failed(Said),
    /// OpenClaw's containers.
    Containers(Vec<Container>),
}

/// One container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Whether it runs.
    pub running: bool,
    /// Whether it bears OpenClaw's label.
    pub labelled: bool,
    /// Whether it is the sandbox's browser.
    pub browser: bool,
    /// The session that it serves.
    pub session: Option<String>,
    /// When OpenClaw made it, in seconds since 1970.
    pub created: Option<i64>,
    /// What is mounted from the host.
    pub mounts: Vec<Mount>,
    /// Whether it has all the rights of the host.
    pub privileged: bool,
    /// Its network mode.
    pub network: String,
    /// The capabilities that it was given beyond the engine's own.
    pub cap_add: Vec<String>,
    /// The capabilities that were taken from it.
    pub cap_drop: Vec<String>,
    /// Its user.
    pub user: String,
    /// Whether its root file system is read-only.
    pub read_only: bool,
    /// The namespaces that it shares with the host.
    pub shares: Vec<&'static str>,
    /// The ports that it publishes, with the host's address.
    pub ports: Vec<String>,
    /// Security options that take protection away.
    pub unconfined: Vec<String>,
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The folder or file on the host.
    pub source: PathBuf,
    /// Where it appears.
    pub target: String,
    /// Whether the container can write to it.
    pub writable: bool,
}

impl Container {
    /// Reads what `inspect` tells of one container; what is absent counts as unset.
    pub fn parse(inspected: &Value) -> Self {
        let text = |at: &str| inspected.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        let list = |at: &str| -> Vec<String> {
            let items = inspected.pointer(at).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let label = |name: &str| inspected.pointer("/Config/Labels")?.get(name)?.as_str().map(str::to_owned);
        let is_true = |at: &str| inspected.pointer(at).and_then(Value::as_bool).unwrap_or(false);
        let mounts = inspected.pointer("/Mounts").and_then(Value::as_array).into_iter().flatten();
        let namespaces = [("PidMode", "pid"), ("IpcMode", "ipc"), ("UTSMode", "uts"), ("UsernsMode", "user")];
        let is_host = |key: &str| text(&format!("/HostConfig/{key}")) == "host";
        Container {
            name: text("/Name").trim_start_matches('/').to_owned(),
            image: [text("/Config/Image"), text("/ImageName")]
                .into_iter()
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            running: is_true("/State/Running"),
            labelled: label(LABEL).is_some_and(|value| value == "1"),
            browser: label("openclaw.sandboxBrowser").is_some(),
            session: label("openclaw.sessionKey"),
            created: label("openclaw.createdAtMs").and_then(|at| at.parse::<i64>().ok()).map(|at| at / 1_000),
            mounts: mounts.filter_map(mount).collect(),
            privileged: is_true("/HostConfig/Privileged"),
            network: text("/HostConfig/NetworkMode"),
            cap_add: list("/HostConfig/CapAdd"),
            cap_drop: list("/HostConfig/CapDrop"),
            user: text("/Config/User"),
            read_only: is_true("/HostConfig/ReadonlyRootfs"),
            shares: namespaces.into_iter().filter(|(key, _)| is_host(key)).map(|(_, name)| name).collect(),
            ports: ports(inspected.pointer("/HostConfig/PortBindings")),
            unconfined: list("/HostConfig/SecurityOpt")
                .into_iter()
                .filter(|option| option.contains("unconfined") || option == "label=disable")
                .collect(),
        }
    }

    fn agent<'s>(&self, settings: &'s Settings) -> Option<&'s ToolContext> {
        let id = self.session.as_deref()?.strip_prefix("agent:")?.split(':').next()?;
        settings.tool_contexts().iter().find(|context| context.agent.as_deref() == Some(id))
    }
}

fn mount(mount: &Value) -> Option<Mount> {
    let text = |key: &str| mount.get(key).and_then(Value::as_str);
    // A volume and a tmpfs hold nothing of the host's.
    if text("Type").is_some_and(|kind| kind != "bind") {
        return None;
    }
    let writable = mount.get("RW").and_then(Value::as_bool).unwrap_or(true);
    Some(Mount { source: text("Source")?.into(), target: text("Destination")?.to_owned(), writable })
}

fn ports(bindings: Option<&Value>) -> Vec<String> {
    let bindings = bindings.and_then(Value::as_object).into_iter().flatten();
    let hosts = bindings.flat_map(|(port, hosts)| {
        hosts.as_array().into_iter().flatten().map(move |host| {
            let text = |key: &str| host.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let address = text("HostIp");
            format!("{}:{} -> {port}", if address.is_empty() { "0.0.0.0" } else { &address }, text("HostPort"))
        })
    });
    hosts.collect()
}

/// Judges what the engines tell.
pub fn rows(engines: &[Engine], settings: &Settings) -> Vec<Row> {
    let wanted: Vec<&str> = settings
        .tool_contexts()
        .iter()
        .filter(|context| context.sandbox.mode != crate::settings::tools::Mode::Off)
        .map(|context| context.sandbox.backend.as_str())
        .collect();
    engines.iter().flat_map(|engine| of_engine(engine, &wanted, settings)).collect()
}

fn of_engine(engine: &Engine, wanted: &[&str], settings: &Settings) -> Vec<Row> {
    const LOOKED: Text =
        Text { en: "OpenClaw's containers, asked of {program}", ja: "OpenClaw のコンテナ ({program} で確認)" };
    const ABSENT: Text = Text {
        en: "{program} is not installed, though the config wants a sandbox in it.",
        ja: "設定は {program} のサンドボックスを使いますが、{program} がインストールされていません。",
    };
    const UNUSED: Text = Text {
        en: "{program} is not installed, and no agent runs in it.",
        ja: "{program} はインストールされておらず、使うエージェントもありません。",
    };
    const NONE: Text =
        Text { en: "There is no container of OpenClaw's.", ja: "OpenClaw のコンテナはありません。" };
    const ALL: Text = Text {
        en: "Containers: {n}, running: {running}, with something to look at: {bad}.",
        ja: "コンテナは{n}個、実行中は{running}個。確認が必要なものは{bad}個です。",
    };
    const LINE: Text = Text {
        en: "{name}: {state}, image {image}, made {at}",
        ja: "{name}: {state}、イメージ {image}、作成 {at}",
    };
    const RUNS: Text = Text { en: "running", ja: "実行中" };
    const STOPPED: Text = Text { en: "stopped", ja: "停止中" };
    let program = engine.program.as_str();
    let looked = LOOKED.with("program", program);
    let row = |state, found: Said| Row::new("containers.engine", Topic::Containers, state, looked.clone(), found);
    let containers = match &engine.answer {
        Answer::Absent if wanted.contains(&program) => {
            return vec![row(State::Unknown, ABSENT.with("program", program))];
        }
        Answer::Absent => return vec![row(State::Note, UNUSED.with("program", program))],
        Answer::Failed(why) => return vec![row(State::Unknown, why.clone())],
        Answer::Containers(containers) => containers,
    };
    if containers.is_empty() {
        return vec![row(State::Fine, NONE.into())];
    }
    let troubles: Vec<Vec<Row>> =
        containers.iter().map(|container| of_container(container, program, settings)).collect();
    let bad = troubles.iter().filter(|rows| !rows.is_empty()).count();
    let running = containers.iter().filter(|container| container.running).count();
    let found = ALL.with("n", containers.len()).with("running", running).with("bad", bad);
    let lines = super::first(containers, |container| {
        let state = if container.running { RUNS } else { STOPPED };
        let line = LINE.with("name", &container.name).with("image", &container.image);
        line.with("at", container.created.map_or("-".to_owned(), to_the_minute)).with_said("state", state)
    });
    let mut rows = vec![row(State::Fine, found).evidence(lines)];
    rows.extend(troubles.into_iter().flatten());
    rows
}

/// Judges one container: a row for each kind of trouble.
fn of_container(container: &Container, program: &str, settings: &Settings) -> Vec<Row> {
    const LOOKED: Text = Text { en: "container {name}", ja: "コンテナ {name}" };
    const LOOK: Text = Text { en: "Stop it, then look at it:", ja: "停止してから確認してください:" };
    const RECREATE: Text =
        Text { en: "Let OpenClaw make it anew from the config:", ja: "現在の設定で作り直してください:" };
    const SOCKET: Text = Text {
        en: "The engine's socket is mounted: who runs programs in there rules this machine.",
        ja: "コンテナエンジンのソケットがマウントされており、コンテナ内からこのホスト全体を操作できます。",
    };
    const DANGEROUS: Text = Text {
        en: "A folder of the system or of keys is mounted.",
        ja: "システムまたは鍵のディレクトリがマウントされています。",
    };
    const UNEXPECTED: Text = Text {
        en: "Something is mounted that neither the workspace access nor docker.binds explains.",
        ja: "ワークスペースアクセスでも docker.binds でも説明できないマウントがあります。",
    };
    const WRITABLE: Text = Text {
        en: "The workspace can be written to, though the config says workspaceAccess {access}.",
        ja: "設定は workspaceAccess {access} ですが、ワークスペースに書き込めます。",
    };
    const RIGHTS: Text = Text {
        en: "It has rights over this machine that no sandbox needs.",
        ja: "サンドボックスに不要な、ホストに対する権限があります。",
    };
    const OLD: Text = Text {
        en: "It was made with other settings than the config has now.",
        ja: "現在の設定とは異なる設定で作られています。",
    };
    const PORTS: Text = Text {
        en: "It publishes ports to other machines.",
        ja: "ほかのマシンにポートを公開しています。",
    };
    const STRANGER: Text = Text {
        en: "It is called as OpenClaw calls its containers, but lacks OpenClaw's label.",
        ja: "OpenClaw のコンテナ名ですが、OpenClaw のラベルがありません。",
    };
    const MOUNT: Text = Text { en: "{source} -> {target} ({mode})", ja: "{source} -> {target} ({mode})" };
    let mut rows = Vec::new();
    let mut add = |id, severity, found: Said, evidence: Vec<Said>| {
        if evidence.is_empty() {
            return;
        }
        let looked = LOOKED.with("name", &container.name);
        let row = Row::new(id, Topic::Containers, State::Attention(severity), looked, found).evidence(evidence);
        rows.push(match id {
            "containers.old_settings" | "containers.writable_workspace" => {
                row.todo(RECREATE).command(&["openclaw", "sandbox", "recreate", "--all"])
            }
            _ => row.todo(LOOK).command(&[program, "stop", &container.name]).command(&[
                program,
                "inspect",
                &container.name,
            ]),
        });
    };
    let context = container.agent(settings).unwrap_or_else(|| &settings.tool_contexts()[0]);
    let access = context.sandbox.workspace_access.as_str();
    let line = |mount: &Mount| {
        let mode = if mount.writable { "rw" } else { "ro" };
        MOUNT.with("source", mount.source.display()).with("target", &mount.target).with("mode", mode)
    };
    let (mut socket, mut dangerous, mut unexpected, mut writable) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for mount in &container.mounts {
        let source = mount.source.to_string_lossy();
        if is_engine_socket(&mount.source) {
            socket.push(line(mount));
            continue;
        }
        match expected(mount, settings, context) {
            Expected::Own => {}
            Expected::Workspace if mount.writable && access != "rw" => writable.push(line(mount)),
            Expected::Workspace | Expected::Bind => {}
            Expected::No if dangerous_bind(&source, settings.facts.home.as_deref()).is_some() => {
                dangerous.push(line(mount))
            }
            Expected::No => unexpected.push(line(mount)),
        }
    }
    let docker = &context.sandbox.docker;
    add("containers.docker_socket", Severity::Critical, SOCKET.into(), socket);
    add("containers.dangerous_mount", Severity::Critical, DANGEROUS.into(), dangerous);
    add("containers.unexpected_mount", Severity::Critical, UNEXPECTED.into(), unexpected);
    add("containers.writable_workspace", Severity::Warn, WRITABLE.with("access", access), writable);
    add("containers.rights", Severity::Critical, RIGHTS.into(), rights(container, docker.network == container.network));
    let is_open = |port: &&String| !port.starts_with("127.") && !port.starts_with("::1");
    let open: Vec<Said> = container.ports.iter().filter(is_open).map(|port| Said::from(port.clone())).collect();
    add("containers.ports", Severity::Warn, PORTS.into(), open);
    if container.labelled {
        add("containers.old_settings", Severity::Warn, OLD.into(), older(container, context, settings));
    } else {
        add("containers.stranger", Severity::Warn, STRANGER.into(), vec![Said::from(container.image.clone())]);
    }
    rows
}

fn is_engine_socket(source: &Path) -> bool {
    let name = source.file_name().and_then(|name| name.to_str());
    matches!(name, Some("docker.sock" | "podman.sock" | "containerd.sock" | "crio.sock"))
}

/// What explains a mount.
enum Expected {
    /// OpenClaw's own folders for sandboxes.
    Own,
    /// The agent's workspace.
    Workspace,
    /// `docker.binds`.
    Bind,
    /// Nothing.
    No,
}

fn expected(mount: &Mount, settings: &Settings, context: &ToolContext) -> Expected {
    let home = settings.facts.home.as_deref();
    let state = settings.facts.state_dir.as_deref();
    let whole = |text: &str| match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text.trim_end_matches('/')),
    };
    let own = ["sandboxes", "sandbox"];
    let root = settings.str("agents.defaults.sandbox.workspaceRoot").map(whole);
    if state.is_some_and(|state| own.iter().any(|name| mount.source.starts_with(state.join(name))))
        || root.is_some_and(|root| mount.source.starts_with(root))
    {
        return Expected::Own;
    }
    let named = settings.workspaces();
    let of_agent = |workspace: &&crate::settings::Workspace| {
        workspace.agent.is_none() || workspace.agent == context.agent.as_deref()
    };
    let mut workspaces = named.iter().filter(of_agent).map(|workspace| whole(workspace.folder));
    // Unless it is named, it is `workspace`, or `workspace-<agent>` for any but the first.
    let is_default = state.is_some_and(|state| {
        let unnamed = context.agent.iter().map(|id| state.join(format!("workspace-{id}")));
        unnamed
            .chain([state.join("workspace")])
            .any(|folder| mount.source == folder || mount.source.starts_with(folder.join("skills")))
    });
    if is_default || workspaces.any(|folder| mount.source == folder || mount.source.starts_with(folder.join("skills")))
    {
        return Expected::Workspace;
    }
    let is_bound = context.sandbox.docker.binds.iter().any(|bind| {
        let source = bind.split(':').next().unwrap_or_default();
        let read_only = bind.rsplit(':').next().is_some_and(|options| options.split(',').any(|option| option == "ro"));
        whole(source) == mount.source && !(read_only && mount.writable)
    });
    if is_bound { Expected::Bind } else { Expected::No }
}

fn rights(container: &Container, network_is_meant: bool) -> Vec<Said> {
    let mut found = Vec::new();
    if container.privileged {
        found.push("privileged".to_owned());
    }
    if (container.network == "host" || container.network.starts_with("container:")) && !network_is_meant {
        found.push(format!("network {}", container.network));
    }
    found.extend(container.shares.iter().map(|name| format!("{name} namespace of the host")));
    found.extend(container.cap_add.iter().map(|cap| format!("+{cap}")));
    found.extend(container.unconfined.iter().cloned());
    found.into_iter().map(Said::from).collect()
}

/// The image that OpenClaw 2026.9.6 uses unless `docker.image` names one.
const IMAGE: &str = "openclaw-sandbox:bookworm-slim";

fn older(container: &Container, context: &ToolContext, settings: &Settings) -> Vec<Said> {
    const LINE: Text = Text { en: "{what}: {is}, the config has {wants}", ja: "{what}: {is} (設定は {wants})" };
    if container.browser {
        return Vec::new();
    }
    let docker = &context.sandbox.docker;
    let mut found = Vec::new();
    let mut compare = |what: &str, is: &str, wants: &str| {
        if is != wants {
            found.push(LINE.with("what", what).with("is", is).with("wants", wants));
        }
    };
    let of_agent =
        context.agent.as_ref().and_then(|id| settings.str(&format!("agents.entries.{id}.sandbox.docker.image")));
    let image = of_agent.or_else(|| settings.str("agents.defaults.sandbox.docker.image")).unwrap_or(IMAGE);
    // Podman names its own images with their registry.
    compare(
        "docker.image",
        container.image.trim_start_matches("localhost/").trim_start_matches("docker.io/library/"),
        image,
    );
    // What is worse than another setting is reported apart.
    if container.network != "host" {
        compare("docker.network", &container.network, &docker.network);
    }
    compare("docker.readOnlyRoot", &container.read_only.to_string(), &docker.read_only_root.to_string());
    if let Some(user) = &docker.user {
        compare("docker.user", &container.user, user);
    }
    // Podman takes ALL apart into single names.
    let drops_all =
        container.cap_drop.iter().any(|cap| cap.eq_ignore_ascii_case("ALL")) || container.cap_drop.len() > 8;
    if docker.cap_drop.contains("ALL") && !drops_all && !container.privileged {
        compare("docker.capDrop", &container.cap_drop.join(" "), "ALL");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::settings;
    use super::*;
    use serde_json::json;

    fn inspected() -> Value {
        json!({
            "Name": "/openclaw-sbx-main", "State": {"Running": true},
            "Config": {"Image": IMAGE, "User": "1000:1000", "Labels": {
                "openclaw.sandbox": "1", "openclaw.sessionKey": "agent:main:main", "openclaw.createdAtMs": "1795331398827"}},
            "HostConfig": {"NetworkMode": "none", "CapDrop": ["ALL"], "ReadonlyRootfs": true, "Privileged": false,
                "SecurityOpt": ["no-new-privileges"], "PidMode": "", "PortBindings": {}},
            "Mounts": [
                {"Type": "bind", "Source": "/h/.openclaw/sandboxes/main-1", "Destination": "/workspace", "RW": true},
                {"Type": "volume", "Source": "/var/lib/docker/volumes/x", "Destination": "/cache", "RW": true},
            ],
        })
    }

    fn troubles(inspected: &Value, config: Value) -> Vec<&'static str> {
        let answer = Answer::Containers(vec![Container::parse(inspected)]);
        let rows = rows(&[Engine { program: "docker".to_owned(), answer }], &settings(config, &[]));
        rows.iter().filter(|row| row.needs_attention()).map(|row| row.id).collect()
    }

    fn mounted(source: &str, writable: bool) -> Value {
        let mut with = inspected();
        with["Mounts"]
            .as_array_mut()
            .expect("a list")
            .push(json!({"Type": "bind", "Source": source, "Destination": "/x", "RW": writable}));
        with
    }

    fn set(at: &str, value: Value) -> Value {
        let mut with = inspected();
        with["HostConfig"][at] = value;
        with
    }

    #[test]
    fn a_container_as_openclaw_makes_it_is_fine() {
        assert!(troubles(&inspected(), json!({})).is_empty());
        let ro = json!({"agents": {"defaults": {"sandbox": {"workspaceAccess": "ro"}}}});
        assert!(troubles(&mounted("/h/.openclaw/workspace", false), ro).is_empty());
        let rw = json!({"agents": {"defaults": {"sandbox": {"workspaceAccess": "rw"}, "workspace": "~/ws"}}});
        assert!(troubles(&mounted("/h/ws", true), rw).is_empty());
    }

    #[test]
    fn what_nothing_explains_is_reported_by_kind() {
        for (source, id) in [
            ("/var/run/docker.sock", "containers.docker_socket"),
            ("/run/user/1000/podman/podman.sock", "containers.docker_socket"),
            ("/etc", "containers.dangerous_mount"),
            ("/h/.ssh", "containers.dangerous_mount"),
            ("/srv/data", "containers.unexpected_mount"),
            ("/h/.openclaw/workspace", "containers.writable_workspace"),
        ] {
            assert_eq!(troubles(&mounted(source, true), json!({})), [id], "{source}");
        }
    }

    #[test]
    fn a_bind_of_the_config_explains_a_mount_but_not_that_it_is_writable() {
        let bind = |bind: &str| json!({"agents": {"defaults": {"sandbox": {"docker": {"binds": [bind]}}}}});
        assert!(troubles(&mounted("/srv/data", false), bind("/srv/data:/data:ro")).is_empty());
        assert!(troubles(&mounted("/srv/data", true), bind("/srv/data:/data:rw")).is_empty());
        assert_eq!(troubles(&mounted("/srv/data", true), bind("/srv/data:/data:ro")), ["containers.unexpected_mount"]);
    }

    #[test]
    fn rights_over_the_host_are_reported() {
        for with in [
            set("Privileged", json!(true)),
            set("CapAdd", json!(["SYS_ADMIN"])),
            set("PidMode", json!("host")),
            set("SecurityOpt", json!(["seccomp=unconfined"])),
            set("NetworkMode", json!("host")),
        ] {
            assert!(troubles(&with, json!({})).contains(&"containers.rights"), "{with}");
        }
    }

    #[test]
    fn a_privileged_container_is_reported_once() {
        let mut with = set("Privileged", json!(true));
        with["HostConfig"]["CapDrop"] = json!([]);
        assert_eq!(troubles(&with, json!({})), ["containers.rights"]);
    }

    #[test]
    fn a_container_older_than_the_config_is_reported_with_the_way_to_renew_it() {
        assert_eq!(troubles(&set("NetworkMode", json!("bridge")), json!({})), ["containers.old_settings"]);
        let image = json!({"agents": {"defaults": {"sandbox": {"docker": {"image": "mine:2"}}}}});
        assert_eq!(troubles(&inspected(), image), ["containers.old_settings"]);
    }

    #[test]
    fn a_published_port_and_a_container_without_the_label_are_reported() {
        let ports = |ip: &str| set("PortBindings", json!({"80/tcp": [{"HostIp": ip, "HostPort": "8080"}]}));
        assert_eq!(troubles(&ports(""), json!({})), ["containers.ports"]);
        assert!(troubles(&ports("127.0.0.1"), json!({})).is_empty());
        let mut stranger = inspected();
        stranger["Config"]["Labels"] = json!({});
        assert_eq!(troubles(&stranger, json!({})), ["containers.stranger"]);
    }

    #[test]
    fn an_engine_that_does_not_answer_is_unknown_and_an_absent_one_only_where_it_is_wanted() {
        const WHY: Text = Text { en: "why", ja: "why" };
        let state =
            |answer, config| rows(&[Engine { program: "docker".to_owned(), answer }], &settings(config, &[]))[0].state;
        assert_eq!(state(Answer::Failed(WHY.into()), json!({})), State::Unknown);
        assert_eq!(state(Answer::Absent, json!({})), State::Note);
        let on = json!({"agents": {"defaults": {"sandbox": {"mode": "all"}}}});
        assert_eq!(state(Answer::Absent, on), State::Unknown);
    }
}
