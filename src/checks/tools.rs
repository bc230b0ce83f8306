//! What agents may call, and which commands run without anybody being asked.

use super::exposure::open_surfaces;
use super::{Check, Hit, Mend, Severity, when};
use crate::document::{Path, member};
use crate::settings::tools::{Approval, Mode, Place, Security, Session, ToolContext, catalogue};
use crate::settings::{McpRegistry, Settings, strings};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeSet;

/// OpenClaw calls a list of elevated senders large above this.
const MANY_SENDERS: usize = 25;

const LIST_SENDERS: Text = Text {
    en: "In tools.elevated.allowFrom, list only the ids of the senders who need it, or set tools.elevated.enabled to false.",
    ja: "tools.elevated.allowFrom には必要な送信者の ID だけを記載するか、tools.elevated.enabled を false にしてください。",
};

const SANDBOX_OR_GATEWAY: Text = Text {
    en: "Set sandbox.mode to \"all\" at the place shown, or set exec.host to \"auto\" and exec.mode to \"ask\".",
    ja: "表示された箇所の sandbox.mode を \"all\" にするか、exec.host を \"auto\"、exec.mode を \"ask\" にしてください。",
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "tools.elevated.allowFrom.<provider>.wildcard",
        severity: Severity::Critical,
        title: Text {
            en: "Anyone on a channel may switch to elevated commands",
            ja: "チャンネルの全員が昇格モードを使えます",
        },
        why: Text {
            en: "Whoever may write there can leave the sandbox and run commands on the host by asking for it in the chat.",
            ja: "そこに投稿できる人は誰でも、会話で指定するだけでサンドボックスの外のホストでコマンドを実行できます。",
        },
        test: |settings| elevated_lists(settings, "wildcard", |senders| senders.contains(&"*".to_owned())),
        mend: Mend::ByPlan(LIST_SENDERS),
        risky: r#"{tools: {elevated: {allowFrom: {telegram: ["*"]}}}}"#,
        safe: r#"{tools: {elevated: {allowFrom: {telegram: ["1234567"]}}}}"#,
        reference: "https://docs.openclaw.ai/tools/elevated",
    },
    Check {
        id: "tools.elevated.allowFrom.<provider>.large",
        severity: Severity::Warn,
        title: Text {
            en: "More than 25 senders may switch to elevated commands",
            ja: "25件を超える送信者が昇格モードを使えます",
        },
        why: Text {
            en: "Each of them can run commands on the host, outside the sandbox. One taken-over account is enough.",
            ja: "それぞれがサンドボックスの外のホストでコマンドを実行できます。アカウントが1つ乗っ取られるだけで足ります。",
        },
        test: |settings| {
            elevated_lists(settings, "large", |senders| {
                !senders.contains(&"*".to_owned()) && senders.len() > MANY_SENDERS
            })
        },
        mend: Mend::ByPlan(LIST_SENDERS),
        risky: r#"{tools: {elevated: {allowFrom: {irc: ["a","b","c","d","e","f","g","h","i","j","k","l","m","n","o","p","q","r","s","t","u","v","w","x","y","z"]}}}}"#,
        safe: r#"{tools: {elevated: {allowFrom: {irc: ["a","b","c"]}}}}"#,
        reference: "https://docs.openclaw.ai/tools/elevated",
    },
    Check {
        id: "tools.exec.host_sandbox_no_sandbox_defaults",
        severity: Severity::Warn,
        title: Text {
            en: "Commands are to run in a sandbox that is switched off",
            ja: "コマンドの実行先のサンドボックスが無効です",
        },
        why: Text {
            en: "Every command is refused, because there is no sandbox to run it in. The quick way out, host \"gateway\", runs them on the host.",
            ja: "実行先のサンドボックスがないため、すべてのコマンドが拒否されます。host を \"gateway\" に変えると、ホスト上で実行されます。",
        },
        test: |settings| {
            let defaults = settings.default_tool_context(None);
            let broken = settings.str("tools.exec.host") == Some("sandbox") && defaults.sandbox.mode == Mode::Off;
            when(broken, || {
                Hit::at("tools.exec.host").and("agents.defaults.sandbox.mode").found("sandbox").wanted("auto")
            })
        },
        mend: Mend::Manual(SANDBOX_OR_GATEWAY),
        risky: r#"{tools: {exec: {host: "sandbox"}}}"#,
        safe: r#"{tools: {exec: {host: "sandbox"}}, agents: {defaults: {sandbox: {mode: "all"}}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec",
    },
    Check {
        id: "tools.exec.host_sandbox_no_sandbox_agents",
        severity: Severity::Warn,
        title: Text {
            en: "An agent's commands are to run in a sandbox that is switched off",
            ja: "エージェントのコマンドの実行先のサンドボックスが無効です",
        },
        why: Text {
            en: "Every command of the agent is refused. The quick way out, host \"gateway\", runs them on the host.",
            ja: "そのエージェントのコマンドはすべて拒否されます。host を \"gateway\" に変えると、ホスト上で実行されます。",
        },
        test: |settings| {
            let broken = agents(settings).filter(|context| {
                own_exec(settings, context, "host") == Some(&"sandbox".into()) && context.sandbox.mode == Mode::Off
            });
            one_hit(settings, broken.map(|context| context.at.join("exec.host")), |hit| {
                hit.found("sandbox").wanted("auto")
            })
        },
        mend: Mend::Manual(SANDBOX_OR_GATEWAY),
        risky: r#"{agents: {entries: {main: {tools: {exec: {host: "sandbox"}}}}}}"#,
        safe: r#"{agents: {entries: {main: {tools: {exec: {host: "sandbox"}}, sandbox: {mode: "all"}}}}}"#,
        reference: "https://docs.openclaw.ai/tools/multi-agent-sandbox-tools",
    },
    Check {
        id: "tools.exec.security_full_configured",
        severity: Severity::Warn,
        title: Text {
            en: "Any command runs without anybody being asked",
            ja: "すべてのコマンドが確認なしで実行されます",
        },
        why: Text {
            en: "A message or web page that misleads the agent can run any program as the user of the gateway. With an open channel anyone can send that message.",
            ja: "エージェントを誘導するメッセージや Web ページが、Gateway のユーザー権限で任意のプログラムを実行できます。開放されたチャンネルがあれば、誰でも送れます。",
        },
        test: |settings| {
            let full = scopes(settings).iter().filter(|context| context.exec.audited() == Security::Full);
            let keys: BTreeSet<Path> = full.map(|context| context.exec.key.clone()).collect();
            let open = !open_surfaces(settings).is_empty();
            one_hit(settings, keys, |hit| hit.found("full").wanted("ask").critical_if(open))
        },
        mend: Mend::ByPlan(Text {
            en: "Replace security and ask by mode: \"ask\" in tools.exec, or by mode: \"deny\" where the agent needs no commands.",
            ja: "tools.exec の security と ask を mode: \"ask\" に置き換えてください。コマンドが不要なら mode: \"deny\" にしてください。",
        }),
        risky: r#"{tools: {exec: {security: "full"}}}"#,
        safe: r#"{tools: {exec: {security: "allowlist"}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec-approvals",
    },
    Check {
        id: "tools.exec.fs_tools_disabled_but_exec_enabled",
        severity: Severity::Warn,
        title: Text {
            en: "Files are read-only for the file tools, but not for commands",
            ja: "ファイルツールの書き込みは拒否され、コマンドでは書き込めます",
        },
        why: Text {
            en: "write, edit and apply_patch are denied, yet exec is a shell and writes files all the same.",
            ja: "write、edit、apply_patch は拒否されていますが、exec はシェルなのでファイルに書き込めます。",
        },
        test: |settings| {
            let contexts = settings.tool_contexts();
            let leaks = contexts.iter().filter(|context| {
                let sandbox = &context.sandbox;
                let kept_in = sandbox.mode == Mode::All
                    && !matches!(context.exec.host.as_str(), "gateway" | "node")
                    && sandbox.workspace_access != "rw";
                !kept_in
                    && context.audit_allows("exec")
                    && ["write", "edit", "apply_patch"].iter().all(|tool| !context.audit_allows(tool))
            });
            one_hit(settings, leaks.map(|context| context.at.clone()), |hit| {
                hit.found("exec").wanted("deny: group:runtime")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Add \"group:runtime\" to the deny list at the place shown, or set sandbox.mode to \"all\" with workspaceAccess \"none\".",
            ja: "表示された箇所の deny に \"group:runtime\" を追加するか、sandbox.mode を \"all\"、workspaceAccess を \"none\" にしてください。",
        }),
        risky: r#"{tools: {deny: ["write", "edit", "apply_patch"]}}"#,
        safe: r#"{tools: {deny: ["write", "edit", "apply_patch", "exec"]}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/tool-permissions",
    },
    Check {
        id: "tools.exec.safe_bins_interpreter_unprofiled",
        severity: Severity::Warn,
        title: Text {
            en: "A program that runs other programs stands in safeBins",
            ja: "ほかのプログラムを実行できるものが safeBins にあります",
        },
        why: Text {
            en: "Programs in safeBins run without approval. An interpreter among them runs whatever it is told to.",
            ja: "safeBins のプログラムは承認なしで実行されます。インタプリタがあると、任意の処理を実行できます。",
        },
        test: |settings| {
            bins(settings, |context, bin| is_interpreter(bin) && !profiles(settings, context).contains(bin))
        },
        mend: Mend::ByPlan(Text {
            en: "Remove the programs shown from safeBins; approve them with an allowlist entry instead, or define safeBinProfiles for them.",
            ja: "表示されたプログラムを safeBins から外してください。必要なら許可リストで承認するか、safeBinProfiles を定義してください。",
        }),
        risky: r#"{tools: {exec: {safeBins: ["cut", "python3"]}}}"#,
        safe: r#"{tools: {exec: {safeBins: ["cut"]}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec-approvals-advanced",
    },
    Check {
        id: "tools.exec.safe_bins_broad_behavior",
        severity: Severity::Warn,
        title: Text {
            en: "A program that does more than filter stands in safeBins",
            ja: "単純なフィルターではないプログラムが safeBins にあります",
        },
        why: Text {
            en: "Programs in safeBins run without approval. These can run commands, read the environment or write files.",
            ja: "safeBins のプログラムは承認なしで実行されます。これらはコマンドの実行や環境変数の読み取り、ファイルの書き込みができます。",
        },
        test: |settings| bins(settings, |_, bin| catalogue().broad_bins.iter().any(|broad| broad == bin)),
        mend: Mend::ByPlan(Text {
            en: "Remove the programs shown from safeBins; approve them with an allowlist entry instead.",
            ja: "表示されたプログラムを safeBins から外し、必要なら許可リストで承認してください。",
        }),
        risky: r#"{tools: {exec: {safeBins: ["cut", "jq"]}}}"#,
        safe: r#"{tools: {exec: {safeBins: ["cut"]}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec-approvals-advanced",
    },
    Check {
        id: "tools.exec.safe_bin_trusted_dirs_risky",
        severity: Severity::Warn,
        title: Text {
            en: "Programs in safeBins are looked for in folders that others can change",
            ja: "safeBins の検索先に、書き換えられやすいフォルダーがあります",
        },
        why: Text {
            en: "Whoever can write there can put a program of the same name, and it runs without approval.",
            ja: "そこに書き込める人が同じ名前のプログラムを置くと、承認なしで実行されます。",
        },
        test: |settings| {
            let contexts = settings.tool_contexts();
            let lists = contexts.iter().flat_map(|context| {
                let at = context.at.join("exec.safeBinTrustedDirs");
                let dirs = strings(own_exec(settings, context, "safeBinTrustedDirs"));
                dirs.into_iter().filter(|dir| is_risky_dir(dir)).map(move |dir| (at.clone(), dir.to_owned()))
            });
            named(settings, lists.collect())
        },
        mend: Mend::ByPlan(Text {
            en: "Leave only folders that root alone can write, as /usr/bin and /bin, in safeBinTrustedDirs.",
            ja: "safeBinTrustedDirs には /usr/bin や /bin など、root だけが書き込めるフォルダーを残してください。",
        }),
        risky: r#"{tools: {exec: {safeBinTrustedDirs: ["/usr/local/bin"]}}}"#,
        safe: r#"{tools: {exec: {safeBinTrustedDirs: ["/usr/bin"]}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec-approvals-advanced",
    },
    Check {
        id: "tools.profile_minimal_overridden",
        severity: Severity::Warn,
        title: Text {
            en: "An agent leaves the global profile \"minimal\"",
            ja: "全体のプロファイル \"minimal\" がエージェントで上書きされています",
        },
        why: Text {
            en: "The global profile allows next to nothing, but an agent's own profile counts instead of it, not on top of it.",
            ja: "全体のプロファイルはほぼ何も許可しませんが、エージェントのプロファイルが代わりに使われます。",
        },
        test: |settings| {
            if settings.str("tools.profile") != Some("minimal") {
                return Vec::new();
            }
            let others = agents(settings).filter(|context| {
                let own = context.tools(settings).and_then(|tools| tools.get("profile")).and_then(Value::as_str);
                own.is_some_and(|own| !own.is_empty() && own != "minimal")
            });
            one_hit(settings, others.map(|context| context.at.key("profile")), |hit| hit.wanted("minimal"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set the agent's tools.profile to \"minimal\", or remove it.",
            ja: "エージェントの tools.profile を \"minimal\" にするか、削除してください。",
        }),
        risky: r#"{tools: {profile: "minimal"}, agents: {entries: {main: {tools: {profile: "coding"}}}}}"#,
        safe: r#"{tools: {profile: "minimal"}, agents: {entries: {main: {}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-tools",
    },
    Check {
        id: "tools.exec.agent_skill_mcp_boundary_drift",
        severity: Severity::Warn,
        title: Text {
            en: "An agent's list of skills does not keep it from MCP servers",
            ja: "スキルの一覧では、MCP サーバーの利用を制限できません",
        },
        why: Text {
            en: "The list hides skills, but commands on the host can start any MCP client and reach the servers all the same.",
            ja: "一覧はスキルを隠すだけです。ホスト上のコマンドは MCP クライアントを起動し、サーバーに接続できます。",
        },
        test: |settings| {
            let registry = match &settings.facts.mcp_registry {
                Some(McpRegistry::Servers(names)) => !names.is_empty(),
                Some(McpRegistry::Unreadable) | None => false,
            };
            let servers = settings.get("mcp.servers").and_then(Value::as_object);
            let configured =
                servers.into_iter().flatten().any(|(_, server)| server.get("enabled") != Some(&Value::Bool(false)));
            if !registry && !configured {
                return Vec::new();
            }
            one_hit(settings, skill_lists_with_host_exec(settings), |hit| hit.wanted("tools.exec.mode: deny"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.exec.mode to \"deny\" or sandbox.mode to \"all\" for the agent, or move the MCP server to a gateway of its own.",
            ja: "エージェントの tools.exec.mode を \"deny\" にするか、sandbox.mode を \"all\" にするか、MCP サーバーを別の Gateway に移してください。",
        }),
        risky: r#"{agents: {defaults: {skills: ["weather"]}}, mcp: {servers: {mail: {command: "mail-mcp"}}}}"#,
        safe: r#"{agents: {defaults: {skills: ["weather"]}}, mcp: {servers: {mail: {command: "mail-mcp"}}}, tools: {exec: {mode: "deny"}}}"#,
        reference: "https://docs.openclaw.ai/tools/skills-config",
    },
    Check {
        id: "tools.exec.mcporter_registry_inspection_incomplete",
        severity: Severity::Warn,
        title: Text {
            en: "The global list of MCP servers cannot be read",
            ja: "MCP サーバーの共通一覧を読み取れません",
        },
        why: Text {
            en: "Commands on the host may reach servers that are not seen here.",
            ja: "ここで確認できないサーバーに、ホスト上のコマンドが接続できるおそれがあります。",
        },
        test: |settings| match settings.facts.mcp_registry {
            Some(McpRegistry::Unreadable) => {
                one_hit(settings, skill_lists_with_host_exec(settings), |hit| hit.found("skills/config/mcporter.json"))
            }
            _ => Vec::new(),
        },
        mend: Mend::Manual(Text {
            en: "Make skills/config/mcporter.json in the state folder a regular file of valid JSON below 16 MiB that the gateway can read, or delete it.",
            ja: "状態フォルダーの skills/config/mcporter.json を、Gateway が読み取れる 16 MiB 未満の正しい JSON の通常ファイルにするか、削除してください。",
        }),
        risky: "// mcp unreadable\n{agents: {defaults: {skills: [\"weather\"]}}}",
        safe: "// mcp mail\n{agents: {defaults: {skills: [\"weather\"]}}}",
        reference: "https://docs.openclaw.ai/tools/skills-config",
    },
    Check {
        id: "harden.tools.exec_unrestricted_by_default",
        severity: Severity::Warn,
        title: Text {
            en: "Nothing restricts commands, so any command runs unasked",
            ja: "コマンドの制限が未設定で、すべて確認なしで実行されます",
        },
        why: Text {
            en: "Without a setting OpenClaw runs every command on the host and asks nobody; its own audit takes the same silence for a refusal.",
            ja: "設定がない場合、OpenClaw はホスト上ですべてのコマンドを確認なしで実行します。OpenClaw の監査はこれを拒否とみなし、検出しません。",
        },
        test: |settings| {
            let open = agents(settings).filter(|context| {
                context.exec.security.is_none()
                    && Session::ALL.into_iter().any(|session| {
                        let decision = context.decide("exec", session);
                        decision.allowed && decision.place != Place::Sandbox && decision.approval == Approval::None
                    })
            });
            let keys: BTreeSet<Path> = open.map(|context| context.exec.key.clone()).collect();
            one_hit(settings, keys, |hit| hit.wanted("ask"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.exec.mode to \"ask\", or to \"deny\" if the agents need no commands.",
            ja: "tools.exec.mode を \"ask\" にしてください。コマンドが不要なら \"deny\" にしてください。",
        }),
        risky: "{}",
        safe: r#"{tools: {exec: {mode: "ask"}}}"#,
        reference: "https://docs.openclaw.ai/tools/exec-approvals",
    },
    Check {
        id: "harden.tools.unknown_name",
        severity: Severity::Warn,
        title: Text {
            en: "A name in a tool list matches no tool",
            ja: "ツールの一覧に、どのツールにも一致しない名前があります",
        },
        why: Text {
            en: "OpenClaw accepts any name and says nothing. What such a name was to deny stays allowed.",
            ja: "OpenClaw はどんな名前でも受け付け、何も表示しません。拒否したはずのツールが許可されたままになります。",
        },
        test: |settings| {
            let unknown = settings.unknown_tool_names().into_iter().map(|unknown| {
                let hit = Hit::at(settings.file_path(&unknown.path)).found(unknown.name);
                let severity = (!unknown.denies).then_some(Severity::Info);
                let hit = Hit { severity, ..hit };
                match unknown.nearest {
                    Some(nearest) => hit.wanted(nearest),
                    None => hit,
                }
            });
            unknown.collect()
        },
        mend: Mend::Manual(Text {
            en: "Write the name that OpenClaw uses, or remove the entry. If it is the tool of a plugin, nothing needs to change.",
            ja: "OpenClaw で使われる名前に直すか、その項目を削除してください。プラグインのツール名なら、そのままで問題ありません。",
        }),
        risky: r#"{tools: {deny: ["group:browser"]}}"#,
        safe: r#"{tools: {deny: ["browser"]}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/tool-permissions",
    },
];

/// Is one hit for each channel whose list of elevated senders is as described.
fn elevated_lists(settings: &Settings, kind: &str, is_bad: fn(&[String]) -> bool) -> Vec<Hit> {
    if settings.is_false("tools.elevated.enabled") {
        return Vec::new();
    }
    let at = Path::from("tools.elevated.allowFrom");
    let channels = settings.at(&at).and_then(Value::as_object);
    let lists = channels.into_iter().flatten().filter_map(|(channel, list)| {
        let ids = list.as_array()?.iter().map(|id| match id.as_str() {
            Some(text) => text.trim().to_owned(),
            None => id.to_string(),
        });
        let ids: Vec<String> = ids.filter(|id| !id.is_empty()).collect();
        is_bad(&ids).then(|| Hit {
            id: Some(format!("tools.elevated.allowFrom.{channel}.{kind}")),
            ..Hit::at(at.key(channel.as_str())).found(ids.len())
        })
    });
    lists.collect()
}

/// Is the contexts of the agents alone.
pub(super) fn agents(settings: &Settings) -> impl Iterator<Item = &ToolContext> {
    settings.tool_contexts().iter().filter(|context| context.agent.is_some())
}

/// Is the scopes in which the audit looks at exec: with a single agent that agent stands for the global settings too.
pub(super) fn scopes(settings: &Settings) -> &[ToolContext] {
    match settings.tool_contexts() {
        [_, only] => std::slice::from_ref(only),
        contexts => contexts,
    }
}

/// Is a value of the context's own `exec`, not of the one that it stands over.
fn own_exec<'s>(settings: &'s Settings, context: &ToolContext, key: &str) -> Option<&'s Value> {
    member(member(context.tools(settings)?, "exec")?, key)
}

/// Is one hit with all these places as its evidence; none without a place.
pub(super) fn one_hit(
    settings: &Settings,
    places: impl IntoIterator<Item = Path>,
    more: impl FnOnce(Hit) -> Hit,
) -> Vec<Hit> {
    let paths: Vec<Path> = places.into_iter().map(|path| settings.file_path(&path)).collect();
    when(!paths.is_empty(), || more(Hit { paths, ..Hit::default() }))
}

/// Is one hit with these places and the names found there.
fn named(settings: &Settings, found: Vec<(Path, String)>) -> Vec<Hit> {
    let (places, names): (BTreeSet<Path>, Vec<String>) = found.into_iter().unzip();
    one_hit(settings, places, |hit| hit.found(names.join(", ")))
}

/// Is one hit for all entries of `safeBins`, global or of an agent, that are as described.
fn bins(settings: &Settings, is_bad: impl Fn(&ToolContext, &str) -> bool) -> Vec<Hit> {
    let mut found = Vec::new();
    for context in settings.tool_contexts() {
        for bin in strings(own_exec(settings, context, "safeBins")) {
            let bin = bin_name(bin);
            if is_bad(context, &bin) {
                found.push((context.at.join("exec.safeBins"), bin));
            }
        }
    }
    named(settings, found)
}

/// Is a program's bare name: in lower case, without its folder and a suffix of Windows.
fn bin_name(bin: &str) -> String {
    let bin = bin.trim().to_lowercase();
    let bin = bin.rsplit(['/', '\\']).next().unwrap_or(&bin);
    let bare = [".exe", ".cmd", ".bat", ".com"].iter().find_map(|suffix| bin.strip_suffix(suffix));
    bare.unwrap_or(bin).to_owned()
}

/// Whether the program runs programs that it is given. A version at the end does not hide it.
fn is_interpreter(bin: &str) -> bool {
    let versioned = ["python", "ruby", "perl", "php", "node"].iter().any(|name| {
        let version = bin.strip_prefix(name).unwrap_or_default();
        let numbers: Vec<&str> = version.split('.').collect();
        let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        numbers.len() <= 2 && numbers.iter().all(is_number)
    });
    versioned || catalogue().interpreters.iter().any(|known| known == bin)
}

/// Is the programs for which `safeBinProfiles` says which arguments are safe.
fn profiles(settings: &Settings, context: &ToolContext) -> BTreeSet<String> {
    let sections = [settings.get("tools.exec.safeBinProfiles"), own_exec(settings, context, "safeBinProfiles")];
    let names = sections.into_iter().flatten().filter_map(Value::as_object).flatten();
    names.map(|(name, _)| name.trim().to_lowercase()).collect()
}

/// Whether programs of that folder are easily replaced (the rule of OpenClaw 2026.9.6).
fn is_risky_dir(dir: &str) -> bool {
    if !dir.starts_with('/') {
        return true;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let dir = format!("/{}", parts.join("/")).to_lowercase();
    let within = |folder: &str| dir == folder || dir.starts_with(&format!("{folder}/"));
    ["/tmp", "/var/tmp", "/private/tmp"].into_iter().any(within)
        || ["/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin", "/home/linuxbrew/.linuxbrew/bin"]
            .contains(&dir.as_str())
        || dir.starts_with("/users/")
        || dir.starts_with("/home/")
        || dir.contains("/.local/bin")
}

/// Is the lists of skills of scopes whose commands run outside the sandbox.
fn skill_lists_with_host_exec(settings: &Settings) -> Vec<Path> {
    let defaults_at = Path::from("agents.defaults.skills");
    let defaults = settings.loaded_at(&defaults_at).is_some();
    let mut lists = BTreeSet::new();
    for context in settings.tool_contexts() {
        let own = context.agent.as_deref().map(|agent| Path::from("agents.entries").key(agent).key("skills"));
        let own = own.filter(|path| settings.loaded_at(path).is_some());
        let Some(list) = own.or_else(|| defaults.then(|| defaults_at.clone())) else {
            continue;
        };
        let inside = match context.exec.host.as_str() {
            "sandbox" => true,
            "auto" => context.sandbox.mode != Mode::Off,
            _ => false,
        };
        if !inside && context.exec.security != Some(Security::Deny) {
            lists.insert(list);
        }
    }
    lists.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_does_not_hide_an_interpreter() {
        for bin in ["python3.12", "node22", "bash", "pwsh", "gsed"] {
            assert!(is_interpreter(bin), "{bin}");
        }
        for bin in ["cut", "pythonic", "python3.1.2", "nodemon", ""] {
            assert!(!is_interpreter(bin), "{bin}");
        }
        assert_eq!(bin_name(" /usr/bin/Python3.EXE "), "python3");
    }

    #[test]
    fn folders_that_only_root_writes_are_no_risk() {
        for dir in ["bin", "/tmp/x", "/usr/bin/../local/bin", "/home/ann/bin", "/Users/ann", "/x/.local/bin"] {
            assert!(is_risky_dir(dir), "{dir}");
        }
        for dir in ["/usr/bin", "/bin", "/opt/tools", "/tmpfs"] {
            assert!(!is_risky_dir(dir), "{dir}");
        }
    }
}
