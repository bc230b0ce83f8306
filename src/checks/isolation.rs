//! How far the sandbox keeps tools from the host: whether it is on, and what its containers may do. OpenClaw's audit is silent on all of it.

use super::tools::{agents, one_hit};
use super::{Check, Hit, Mend, Severity};
use crate::document::{Path, member};
use crate::settings::tools::{Files, Mode, Place, Session, ToolContext};
use crate::settings::{Settings, dangerous_bind};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeSet;

const SANDBOXING: &str = "https://docs.openclaw.ai/gateway/sandboxing";
const SANDBOX_KEYS: &str = "https://docs.openclaw.ai/gateway/config-agents/sandbox";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "harden.sandbox.off",
        severity: Severity::Warn,
        title: Text {
            en: "Tools run on the host, without a sandbox",
            ja: "ツールがサンドボックスなしでホスト上で実行されます",
        },
        why: Text {
            en: "A web page or message that misleads the agent acts with your own rights: it can read your keys and change your files.",
            ja: "エージェントを誘導した Web ページやメッセージが、自分の権限で動きます。鍵の読み取りやファイルの変更ができます。",
        },
        test: |settings| {
            let off = |context: &&ToolContext| context.sandbox.mode == Mode::Off && has_local_tools(context);
            on_host(settings, agents(settings).filter(off).collect(), "off")
        },
        mend: Mend::ByPlan(Text {
            en: "Start Docker or Podman, then set agents.defaults.sandbox.mode to \"all\".",
            ja: "Docker か Podman を起動し、agents.defaults.sandbox.mode を \"all\" にしてください。",
        }),
        risky: "{}",
        safe: r#"{agents: {defaults: {sandbox: {mode: "all"}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "harden.sandbox.main_on_host",
        severity: Severity::Warn,
        title: Text {
            en: "The main session runs on the host, outside the sandbox",
            ja: "メインセッションはサンドボックスの外で実行されます",
        },
        why: Text {
            en: "\"non-main\" leaves out the session you use yourself. A page that it reads for you can mislead it on the host.",
            ja: "\"non-main\" では、自分が使うセッションが対象外です。読み込んだページに誘導されると、被害がホストに及びます。",
        },
        test: |settings| {
            let half = |context: &&ToolContext| context.sandbox.mode == Mode::NonMain && has_local_tools(context);
            on_host(settings, agents(settings).filter(half).collect(), "non-main")
        },
        mend: Mend::ByPlan(Text {
            en: "Set sandbox.mode to \"all\" at the place shown.",
            ja: "表示された箇所の sandbox.mode を \"all\" にしてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "non-main"}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all"}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "harden.sandbox.exec_outside",
        severity: Severity::Warn,
        title: Text {
            en: "Commands leave the sandbox and run outside it",
            ja: "コマンドがサンドボックスの外で実行されます",
        },
        why: Text {
            en: "tools.exec.host sends every command past the sandbox. Whoever misleads the agent runs programs on the host or a node.",
            ja: "tools.exec.host により、コマンドはサンドボックスを通りません。誘導されると、ホストやノードでプログラムが動きます。",
        },
        test: |settings| {
            let outside = agents(settings).filter(|context| {
                sandboxed_sessions(context).any(|session| {
                    let decision = context.decide("exec", session);
                    decision.allowed && decision.place != Place::Sandbox
                })
            });
            let keys: BTreeSet<Path> = outside.map(|context| context.exec.host_key.clone()).collect();
            one_hit(settings, keys, |hit| hit.wanted("auto"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.exec.host to \"auto\" or \"sandbox\" at the place shown, or deny group:runtime.",
            ja: "表示された箇所の tools.exec.host を \"auto\" か \"sandbox\" にするか、group:runtime を拒否してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all"}}}, tools: {exec: {host: "gateway"}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all"}}}, tools: {exec: {host: "auto"}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec",
    },
    Check {
        id: "harden.sandbox.shared_scope",
        severity: Severity::Warn,
        title: Text {
            en: "Agents share one sandbox container",
            ja: "複数のエージェントが1つのコンテナを共有しています",
        },
        why: Text {
            en: "Whoever misleads one agent reads and changes what all others leave in that container.",
            ja: "1つのエージェントを誘導すれば、ほかのエージェントがコンテナに残したものを読み取り、変更できます。",
        },
        test: |settings| {
            let alone = settings.agents().len() < 2;
            let hits = in_sandboxes(settings, "scope", |context, _| context.sandbox.scope == "shared");
            hits.into_iter().map(|hit| hit.found("shared").wanted("agent").info_if(alone)).collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set sandbox.scope to \"agent\", or to \"session\" where several people write.",
            ja: "sandbox.scope を \"agent\" にしてください。複数の人が書き込む場合は \"session\" にしてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", scope: "shared"}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", scope: "agent"}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "harden.sandbox.network",
        severity: Severity::Info,
        title: Text {
            en: "Programs in the sandbox reach the network",
            ja: "サンドボックス内のプログラムがネットワークに接続できます",
        },
        why: Text {
            en: "Whoever misleads the agent can have it send what it reads to any server, and try the machines of your network.",
            ja: "エージェントを誘導すれば、読み取った内容を任意のサーバーに送り、同じネットワークのマシンにも接続できます。",
        },
        test: |settings| {
            in_containers(settings, "docker.network", |context, _| {
                let network = context.sandbox.docker.network.trim().to_lowercase();
                // Of these OpenClaw's own check speaks.
                !matches!(network.as_str(), "none" | "host") && !network.starts_with("container:")
            })
        },
        mend: Mend::Manual(Text {
            en: "Set sandbox.docker.network to \"none\" unless programs in the sandbox must download something; web tools of the gateway still work.",
            ja: "サンドボックス内でダウンロードが必要でなければ、sandbox.docker.network を \"none\" にしてください。Gateway の Web ツールはそのまま使えます。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {network: "bridge"}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {network: "none"}}}}}"#,
        reference: SANDBOXING,
    },
    Check {
        id: "harden.sandbox.capabilities",
        severity: Severity::Warn,
        title: Text {
            en: "The sandbox keeps capabilities of the kernel",
            ja: "サンドボックスにカーネルの特権が残っています",
        },
        why: Text {
            en: "A program that a misled agent starts can use them to break out of the container.",
            ja: "誘導されたエージェントが起動したプログラムが、それを使ってコンテナの外に出るおそれがあります。",
        },
        test: |settings| {
            let hits = in_containers(settings, "docker.capDrop", |context, _| {
                !context.sandbox.docker.cap_drop.iter().any(|cap| cap.eq_ignore_ascii_case("all"))
            });
            hits.into_iter().map(|hit| hit.wanted("ALL")).collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set sandbox.docker.capDrop to [\"ALL\"], or remove it.",
            ja: "sandbox.docker.capDrop を [\"ALL\"] にするか、削除してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {capDrop: []}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {capDrop: ["ALL"]}}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.root_user",
        severity: Severity::Warn,
        title: Text {
            en: "Programs in the sandbox run as root", ja: "サンドボックス内で root として実行されます"
        },
        why: Text {
            en: "A program that breaks out of the container, or writes through a mount, acts as root on the host.",
            ja: "コンテナの外に出たプログラムや、マウント先への書き込みが、ホストの root の権限で動きます。",
        },
        test: |settings| {
            let hits = in_containers(settings, "docker.user", |context, _| {
                let user = context.sandbox.docker.user.as_deref().unwrap_or_default();
                matches!(user.split(':').next().map(str::trim), Some("root" | "0"))
            });
            hits.into_iter().map(|hit| hit.wanted("1000:1000")).collect()
        },
        mend: Mend::Manual(Text {
            en: "Remove sandbox.docker.user, or set it to your own ids, as in \"1000:1000\". Put what setupCommand installs into the image.",
            ja: "sandbox.docker.user を削除するか、\"1000:1000\" のように自分の ID にしてください。setupCommand で入れるものはイメージに含めてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {user: "0:0"}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {user: "1000:1000"}}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.writable_root",
        severity: Severity::Warn,
        title: Text {
            en: "Programs can change the sandbox's own system",
            ja: "サンドボックスのシステム自体を変更できます",
        },
        why: Text {
            en: "What a misled agent puts there, such as a changed program, stays and acts in later sessions.",
            ja: "誘導されたエージェントが書き換えたプログラムなどが残り、以降のセッションでも動きます。",
        },
        test: |settings| {
            in_containers(settings, "docker.readOnlyRoot", |context, _| !context.sandbox.docker.read_only_root)
        },
        mend: Mend::ByPlan(Text {
            en: "Set sandbox.docker.readOnlyRoot to true, and put the programs that are needed into the image.",
            ja: "sandbox.docker.readOnlyRoot を true にし、必要なプログラムはイメージに含めてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {readOnlyRoot: false}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {readOnlyRoot: true}}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.no_limits",
        severity: Severity::Info,
        title: Text {
            en: "The sandbox may use all memory and processes of the host",
            ja: "サンドボックスのメモリやプロセス数に上限がありません",
        },
        why: Text {
            en: "Anyone whose message starts a runaway program in the sandbox can bring the whole machine to a halt.",
            ja: "メッセージをきっかけに暴走したプログラムが、ホスト全体を停止させるおそれがあります。",
        },
        test: |settings| {
            let limits = ["pidsLimit", "memory"].into_iter().filter_map(|limit| {
                let hit = in_containers(settings, &format!("docker.{limit}"), |_, value| value.is_none()).pop()?;
                Some((limit, hit.paths))
            });
            let (names, paths): (Vec<&str>, Vec<Vec<Path>>) = limits.unzip();
            let paths = paths.concat();
            super::when(!paths.is_empty(), || Hit { paths, ..Hit::default() }.wanted(names.join(", ")))
        },
        mend: Mend::Manual(Text {
            en: "Set sandbox.docker.pidsLimit, for example to 256, and sandbox.docker.memory, for example to \"1g\".",
            ja: "sandbox.docker.pidsLimit (例: 256) と sandbox.docker.memory (例: \"1g\") を設定してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all"}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", docker: {pidsLimit: 256, memory: "1g"}}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.browser_host_control",
        severity: Severity::Warn,
        title: Text {
            en: "A sandboxed session may drive the browser of the host",
            ja: "サンドボックス内から、ホストのブラウザを操作できます",
        },
        why: Text {
            en: "A message that misleads the agent can act in your browser, where you are logged in.",
            ja: "エージェントを誘導したメッセージが、ログイン中の自分のブラウザを操作できます。",
        },
        test: |settings| {
            in_sandboxes(settings, "browser.allowHostControl", |context, _| {
                context.sandbox.browser_on_host
                    && sandboxed_sessions(context).any(|session| context.decide("browser", session).allowed)
            })
        },
        mend: Mend::Manual(Text {
            en: "Set sandbox.browser.allowHostControl to false, and sandbox.browser.enabled to true if the agent needs a browser.",
            ja: "sandbox.browser.allowHostControl を false にしてください。ブラウザが必要なら sandbox.browser.enabled を true にしてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", browser: {allowHostControl: true}}}}, tools: {sandbox: {tools: {alsoAllow: ["browser"]}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", browser: {enabled: true}}}}, tools: {sandbox: {tools: {alsoAllow: ["browser"]}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.browser_cdp_open",
        severity: Severity::Warn,
        title: Text {
            en: "Other containers reach the control port of the sandbox's browser",
            ja: "ほかのコンテナから、ブラウザの制御ポートに接続できます",
        },
        why: Text {
            en: "The browser stands in Docker's common network. A program in any other container there can try its control port; only a token is in the way.",
            ja: "ブラウザが Docker の共通ネットワークにあります。ほかのコンテナのプログラムが制御ポートに接続でき、防ぐのはトークンだけです。",
        },
        test: |settings| {
            in_sandboxes(settings, "browser.network", |context, network| {
                let is_bridge = network.and_then(Value::as_str).is_some_and(|name| name.trim() == "bridge");
                let range = value(settings, context, "browser.cdpSourceRange").and_then(Value::as_str);
                context.sandbox.browser && is_bridge && range.is_none_or(|range| range.trim().is_empty())
            })
        },
        mend: Mend::Manual(Text {
            en: "Remove sandbox.browser.network: the default is a network of its own. Or set sandbox.browser.cdpSourceRange, as in \"172.21.0.1/32\".",
            ja: "sandbox.browser.network を削除すると、既定の専用ネットワークになります。または sandbox.browser.cdpSourceRange を \"172.21.0.1/32\" のように設定してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", browser: {enabled: true, network: "bridge"}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", browser: {enabled: true}}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/sandboxing/docker-backend",
    },
    Check {
        id: "harden.sandbox.browser_bind",
        severity: Severity::Warn,
        title: Text {
            en: "The sandbox's browser is handed a system folder or keys",
            ja: "サンドボックスのブラウザに、システムフォルダーや鍵が渡されています",
        },
        why: Text {
            en: "A hostile page that breaks the browser can read or change them; OpenClaw's audit looks at docker.binds alone.",
            ja: "ブラウザの欠陥を突くページが、それを読み取り、変更できます。OpenClaw の監査は docker.binds しか確認しません。",
        },
        test: |settings| {
            let defaults = Path::from("agents.defaults");
            let owners = std::iter::once(defaults).chain(settings.agents().into_iter().map(|agent| agent.path.clone()));
            let lists = owners.map(|owner| owner.join("sandbox.browser.binds"));
            let binds = lists.flat_map(|at| {
                let binds = settings.at(&at).and_then(Value::as_array).into_iter().flatten().enumerate();
                binds.map(move |(index, bind)| (at.index(index), bind.as_str().unwrap_or_default()))
            });
            let dangerous = binds.filter(|(_, bind)| dangerous_bind(bind, settings.facts.home.as_deref()).is_some());
            dangerous.map(|(at, bind)| Hit::at(settings.file_path(&at)).found(bind)).collect()
        },
        mend: Mend::Manual(Text {
            en: "Remove the entry from sandbox.browser.binds.",
            ja: "sandbox.browser.binds からその項目を削除してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {browser: {binds: ["/etc:/host-etc:ro"]}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {browser: {binds: ["/srv/downloads:/downloads"]}}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.ssh_host_key",
        severity: Severity::Warn,
        title: Text {
            en: "The sandbox's SSH host is trusted without its key",
            ja: "SSH サンドボックスの接続先の鍵が確認されません",
        },
        why: Text {
            en: "Someone on the way to that host can pose as it, and gets the workspace and everything the agent runs.",
            ja: "通信経路上の第三者が接続先になりすまし、ワークスペースと実行内容をすべて受け取れます。",
        },
        test: |settings| {
            in_sandboxes(settings, "ssh.strictHostKeyChecking", |context, strict| {
                context.sandbox.backend == "ssh" && strict == Some(&Value::Bool(false))
            })
        },
        mend: Mend::Manual(Text {
            en: "Remove sandbox.ssh.strictHostKeyChecking, and name the host's key in sandbox.ssh.knownHostsFile.",
            ja: "sandbox.ssh.strictHostKeyChecking を削除し、接続先の鍵を sandbox.ssh.knownHostsFile に登録してください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", backend: "ssh", ssh: {target: "box@host", strictHostKeyChecking: false}}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", backend: "ssh", ssh: {target: "box@host"}}}}}"#,
        reference: SANDBOX_KEYS,
    },
    Check {
        id: "harden.sandbox.sessions_visible",
        severity: Severity::Warn,
        title: Text {
            en: "Sandboxed sessions see sessions that they did not start",
            ja: "サンドボックス内から、ほかのセッションを参照できます",
        },
        why: Text {
            en: "A guest whose session is sandboxed can have the agent read out the conversations of others.",
            ja: "サンドボックス内のゲストが、ほかの人の会話をエージェントに読み出させることができます。",
        },
        test: |settings| {
            let key = "sessionToolsVisibility";
            let hits = in_sandboxes(settings, key, |_, visible| visible.and_then(Value::as_str) == Some("all"));
            hits.into_iter().map(|hit| hit.found("all").wanted("spawned")).collect()
        },
        mend: Mend::Manual(Text {
            en: "Remove agents.defaults.sandbox.sessionToolsVisibility, or set it to \"spawned\".",
            ja: "agents.defaults.sandbox.sessionToolsVisibility を削除するか、\"spawned\" にしてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", sessionToolsVisibility: "all"}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", sessionToolsVisibility: "spawned"}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-tools/sessions-and-subagents",
    },
];

/// The tools that touch the machine where they run.
const LOCAL_TOOLS: [&str; 6] = ["exec", "process", "read", "write", "edit", "apply_patch"];

/// Whether the main session has any tool that works on the host.
fn has_local_tools(context: &ToolContext) -> bool {
    LOCAL_TOOLS.iter().any(|tool| {
        let decision = context.decide(tool, Session::Main);
        decision.allowed && decision.place == Place::Gateway
    })
}

/// Is one hit for agents whose main session is outside the sandbox; a warning where its tools leave the workspace.
fn on_host(settings: &Settings, outside: Vec<&ToolContext>, mode: &str) -> Vec<Hit> {
    let leaves = outside.iter().any(|context| {
        LOCAL_TOOLS.iter().any(|tool| {
            let decision = context.decide(tool, Session::Main);
            decision.allowed && decision.files == Files::Host
        })
    });
    let keys: BTreeSet<Path> = outside.iter().map(|context| key(settings, context, "mode")).collect();
    one_hit(settings, keys, |hit| hit.found(mode).wanted("all").info_if(!leaves))
}

/// Is the kinds of sessions that an agent runs in its sandbox.
fn sandboxed_sessions(context: &ToolContext) -> impl Iterator<Item = Session> {
    Session::ALL.into_iter().filter(|session| context.is_sandboxed(*session))
}

/// Is where a key of an agent's sandbox stands or would stand: in its own section, else in the defaults.
fn key(settings: &Settings, context: &ToolContext, key: &str) -> Path {
    match (own(settings, context, key), &context.agent) {
        (Some(_), Some(agent)) => Path::from("agents.entries").key(agent).key("sandbox").join(key),
        _ => Path::from("agents.defaults.sandbox").join(key),
    }
}

/// Is the value of a key in an agent's own sandbox section, where that counts.
fn own<'s>(settings: &'s Settings, context: &ToolContext, key: &str) -> Option<&'s Value> {
    // With a shared container the agents' own keys for it do not count.
    let counts = context.sandbox.scope != "shared" || !key.contains('.');
    let agent = context.agent.as_deref().filter(|_| counts)?;
    let sandbox = member(settings.get("agents.entries")?.as_object()?.get(agent)?, "sandbox")?;
    Path::find(key, sandbox).filter(|value| !value.is_null())
}

fn value<'s>(settings: &'s Settings, context: &ToolContext, name: &str) -> Option<&'s Value> {
    let shared = || Path::find(name, settings.get("agents.defaults.sandbox")?).filter(|value| !value.is_null());
    own(settings, context, name).or_else(shared)
}

/// Is one hit with the places of a key where the sandbox of an agent is on and as described.
fn in_sandboxes(settings: &Settings, name: &str, is_bad: impl Fn(&ToolContext, Option<&Value>) -> bool) -> Vec<Hit> {
    let on = agents(settings).filter(|context| context.sandbox.mode != Mode::Off);
    let bad = on.filter(|context| is_bad(context, value(settings, context, name)));
    let keys: BTreeSet<Path> = bad.map(|context| key(settings, context, name)).collect();
    one_hit(settings, keys, |hit| hit)
}

/// The same for sandboxes that are containers on this machine.
fn in_containers(settings: &Settings, name: &str, is_bad: impl Fn(&ToolContext, Option<&Value>) -> bool) -> Vec<Hit> {
    in_sandboxes(settings, name, |context, value| {
        matches!(context.sandbox.backend.as_str(), "docker" | "podman") && is_bad(context, value)
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::{Severity, audit, example};

    fn found(config: &str, id: &str) -> Option<(Severity, Vec<String>)> {
        let findings = audit(&example(config).expect("a config"));
        let finding = findings.into_iter().find(|finding| finding.id == id)?;
        Some((finding.severity, finding.hit.paths.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn without_a_sandbox_it_matters_whether_the_tools_leave_the_workspace() {
        let severity = |tools: &str| found(&format!("{{tools: {tools}}}"), "harden.sandbox.off").map(|found| found.0);
        assert_eq!(severity("{}"), Some(Severity::Warn));
        let kept_in = r#"{deny: ["group:runtime"], fs: {workspaceOnly: true}}"#;
        assert_eq!(severity(kept_in), Some(Severity::Info));
        assert_eq!(severity(r#"{deny: ["group:runtime", "group:fs"]}"#), None);
    }

    #[test]
    fn the_key_that_decides_is_shown_as_the_file_has_it() {
        let config = r#"{agents: {defaults: {sandbox: {mode: "all", docker: {user: "root"}}}, list: [
            {id: "a", default: true, sandbox: {docker: {user: "0"}}}, {id: "b"},
            {id: "c", sandbox: {docker: {user: "1000"}}}, {id: "d", sandbox: {mode: "off", docker: {user: "0"}}}]}}"#;
        let (_, paths) = found(config, "harden.sandbox.root_user").expect("it is found");
        assert_eq!(paths, ["agents.defaults.sandbox.docker.user", "agents.list[0].sandbox.docker.user"]);
    }

    #[test]
    fn an_agents_own_keys_do_not_count_for_a_shared_container() {
        let config = r#"{agents: {defaults: {sandbox: {mode: "all", scope: "shared"}},
            entries: {main: {sandbox: {docker: {network: "bridge"}}}}}}"#;
        assert_eq!(found(config, "harden.sandbox.network"), None);
        let (severity, _) = found(config, "harden.sandbox.shared_scope").expect("it is found");
        assert_eq!(severity, Severity::Info);
    }

    #[test]
    fn container_keys_say_nothing_of_other_backends() {
        let config = r#"{agents: {defaults: {sandbox: {mode: "all", backend: "ssh", docker: {user: "root"}}}}}"#;
        assert_eq!(found(config, "harden.sandbox.root_user"), None);
        assert_eq!(found(config, "harden.sandbox.no_limits"), None);
    }
}
