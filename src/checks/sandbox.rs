//! What a sandbox's container is given of the host.

use super::tools::one_hit;
use super::{Check, Hit, Mend, Severity};
use crate::document::Path;
use crate::settings::tools::Mode;
use crate::settings::{Settings, dangerous_bind};
use crate::text::Text;
use serde_json::{Map, Value};

const SANDBOXING: &str = "https://docs.openclaw.ai/gateway/sandboxing";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "sandbox.docker_config_mode_off",
        severity: Severity::Warn,
        title: Text {
            en: "The sandbox is set up, but switched off",
            ja: "サンドボックスの設定がありますが、無効になっています",
        },
        why: Text {
            en: "The docker settings do nothing while sandbox.mode is \"off\": tools run on the host.",
            ja: "sandbox.mode が \"off\" の間、docker の設定は効かず、ツールはホスト上で実行されます。",
        },
        test: |settings| {
            let contexts = settings.tool_contexts();
            let off = |agent: Option<&str>| {
                contexts.iter().any(|context| context.agent.as_deref() == agent && context.sandbox.mode == Mode::Off)
            };
            let all_off = contexts.iter().all(|context| context.sandbox.mode == Mode::Off);
            let idle = containers(settings).into_iter().filter(|container| {
                let off = match &container.agent {
                    Some(agent) => off(Some(agent)),
                    None => all_off,
                };
                off && !container.docker.is_empty()
            });
            one_hit(settings, idle.map(|container| container.at), |hit| hit.found("off").wanted("all"))
        },
        mend: Mend::Manual(Text {
            en: "Set agents.defaults.sandbox.mode (or that of the agent shown) to \"all\", or remove the docker settings.",
            ja: "agents.defaults.sandbox.mode (または表示されたエージェントの mode) を \"all\" にするか、docker の設定を削除してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {docker: {network: "none"}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {network: "none"}}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "sandbox.dangerous_bind_mount",
        severity: Severity::Critical,
        title: Text {
            en: "The sandbox is handed a system folder, keys or the Docker socket",
            ja: "サンドボックスにシステムフォルダーや鍵が渡されています",
        },
        why: Text {
            en: "What runs in the sandbox can read or change it. With the Docker socket it controls the whole machine.",
            ja: "サンドボックス内のプログラムが、それを読み取り、変更できます。Docker ソケットがあれば、ホスト全体を操作できます。",
        },
        test: |settings| binds(settings, |bind| dangerous_bind(bind, settings.facts.home.as_deref()).is_some()),
        mend: Mend::ByPlan(Text {
            en: "Remove the entry from binds, or mount a folder of the project instead.",
            ja: "binds からその項目を削除するか、代わりにプロジェクトのフォルダーを指定してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {docker: {binds: ["/etc:/host-etc:ro"]}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {docker: {binds: ["/srv/project:/project:ro"]}}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "sandbox.bind_mount_non_absolute",
        severity: Severity::Warn,
        title: Text {
            en: "A sandbox mount does not name a whole path",
            ja: "サンドボックスのマウント元が絶対パスではありません",
        },
        why: Text {
            en: "Which folder is handed over then depends on where the gateway was started. OpenClaw refuses such a config.",
            ja: "渡されるフォルダーが Gateway の起動場所によって変わります。OpenClaw はこの設定を読み込みません。",
        },
        test: |settings| binds(settings, |bind| !is_absolute(bind)),
        mend: Mend::Manual(Text {
            en: "Write the source as a path from the root, as in /srv/project:/project:ro.",
            ja: "マウント元を /srv/project:/project:ro のように絶対パスで書いてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {docker: {binds: ["project:/project"]}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {docker: {binds: ["/srv/project:/project"]}}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "sandbox.dangerous_network_mode",
        severity: Severity::Critical,
        title: Text {
            en: "The sandbox shares the network of the host or of a container",
            ja: "サンドボックスがホストや別のコンテナのネットワークを共有しています",
        },
        why: Text {
            en: "What runs in the sandbox reaches everything that listens there on loopback only, the gateway among it.",
            ja: "サンドボックス内のプログラムが、ループバックだけで待ち受けるサービスに接続できます。Gateway もその1つです。",
        },
        test: |settings| each(settings, "network", |network| network == "host" || network.starts_with("container:")),
        mend: Mend::ByPlan(Text {
            en: "Set docker.network to \"none\", or to \"bridge\" if the tools need the internet.",
            ja: "docker.network を \"none\" にしてください。ツールにインターネット接続が必要なら \"bridge\" にしてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {docker: {network: "container:db", dangerouslyAllowContainerNamespaceJoin: true}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {docker: {network: "none"}}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "sandbox.dangerous_seccomp_profile",
        severity: Severity::Critical,
        title: Text {
            en: "The sandbox runs without a filter of system calls",
            ja: "サンドボックスのシステムコール制限が外されています",
        },
        why: Text {
            en: "A fault of the kernel is then easier to use to break out. OpenClaw refuses such a config.",
            ja: "カーネルの欠陥を使って外に出やすくなります。OpenClaw はこの設定を読み込みません。",
        },
        test: |settings| each(settings, "seccompProfile", |profile| profile == "unconfined"),
        mend: Mend::Manual(Text {
            en: "Remove docker.seccompProfile.",
            ja: "docker.seccompProfile を削除してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {docker: {seccompProfile: "unconfined"}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {docker: {}}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "sandbox.dangerous_apparmor_profile",
        severity: Severity::Critical,
        title: Text {
            en: "The sandbox runs without AppArmor", ja: "サンドボックスの AppArmor が外されています"
        },
        why: Text {
            en: "What runs in the sandbox may then touch parts of the system that the profile keeps shut. OpenClaw refuses such a config.",
            ja: "プロファイルが禁じているシステムの部分に触れられるようになります。OpenClaw はこの設定を読み込みません。",
        },
        test: |settings| each(settings, "apparmorProfile", |profile| profile == "unconfined"),
        mend: Mend::Manual(Text {
            en: "Remove docker.apparmorProfile.",
            ja: "docker.apparmorProfile を削除してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {docker: {apparmorProfile: "unconfined"}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {docker: {}}}}}"#,
        reference: SANDBOXING,
    },
];

/// A `sandbox.docker` section as written, of the defaults or of an agent.
struct Container<'s> {
    agent: Option<String>,
    at: Path,
    docker: &'s Map<String, Value>,
}

/// Is every `sandbox.docker` section. They are looked at one by one, whether or not the sandbox is on.
fn containers(settings: &Settings) -> Vec<Container<'_>> {
    let defaults = (None, Path::from("agents.defaults"));
    let agents = settings.agents().into_iter().map(|agent| (Some(agent.id), agent.path.clone()));
    std::iter::once(defaults)
        .chain(agents)
        .filter_map(|(agent, at)| {
            let docker = settings.below(&at, "sandbox.docker")?.as_object()?;
            Some(Container { agent: agent.map(str::to_owned), at: at.join("sandbox.docker"), docker })
        })
        .collect()
}

/// Is one hit for each bind that is as described.
fn binds(settings: &Settings, is_bad: impl Fn(&str) -> bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for container in containers(settings) {
        let binds = container.docker.get("binds").and_then(Value::as_array);
        for (index, bind) in binds.into_iter().flatten().enumerate() {
            if let Some(bind) = bind.as_str().filter(|bind| is_bad(bind)) {
                let path = container.at.key("binds").index(index);
                hits.push(Hit::at(settings.file_path(&path)).found(bind));
            }
        }
    }
    hits
}

/// Whether the host's side of a bind is a path from the root. Drives of Windows count.
fn is_absolute(bind: &str) -> bool {
    let mut chars = bind.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('/' | '\\'));
    bind.starts_with('/') || drive
}

/// Is one hit for each section whose key has such a value, in lower case.
fn each(settings: &Settings, key: &str, is_bad: fn(&str) -> bool) -> Vec<Hit> {
    let hits = containers(settings).into_iter().filter_map(|container| {
        let value = container.docker.get(key)?.as_str()?;
        is_bad(&value.trim().to_lowercase()).then(|| Hit::at(settings.file_path(&container.at.key(key))).found(value))
    });
    hits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volume_names_and_relative_folders_are_not_absolute() {
        for bind in ["/a:/a", "C:/a:/a", "c:\\a:/a"] {
            assert!(is_absolute(bind), "{bind}");
        }
        for bind in ["volume:/a", "./a:/a", "~/a:/a", "cc:/a"] {
            assert!(!is_absolute(bind), "{bind}");
        }
    }
}
