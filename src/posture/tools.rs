//! Step Tools: what an agent can call.

use super::exec;
use super::shapes::switch_off;
use super::{Choice, Control, Field, Posture, Row, Step, agent, as_written, unset_means};
use crate::document::{Edit, Path};
use crate::settings::tools::{Mode, ToolContext, ToolSet, catalogue};
use crate::settings::{Settings, strings};
use crate::text::{Said, Text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CONTROLS: &[Control] = &[
    DENY,
    exec::EXEC,
    exec::ELEVATED,
    IN_SANDBOX,
    SMALL_MODELS,
    UNKNOWN_NAMES,
    VISIBILITY,
    AGENT_TO_AGENT,
    PROFILE,
    exec::SAFE_BINS,
    exec::SAFE_DIRS,
    exec::COMMANDS,
    BROWSER,
    MCP_APPS,
    ALLOW,
    DENY_LIST,
];

/// Tools that go together, and the mildest posture that denies them.
struct Rule {
    part: &'static str,
    names: &'static [&'static str],
    label: Text,
    deny_from: Option<Posture>,
    effect: Text,
}

const RULES: &[Rule] = &[
    Rule {
        part: "group:runtime",
        names: &["group:runtime"],
        label: Text { en: "Run programs", ja: "プログラムの実行" },
        deny_from: Some(Posture::Personal),
        effect: Text {
            en: "The agent can no longer run programs (exec, process, code_execution) or use secrets. Skills that need programs stop working.",
            ja: "プログラムの実行 (exec、process、code_execution) と secrets が使えなくなります。プログラムを使うスキルは動かなくなります。",
        },
    },
    Rule {
        part: "gateway",
        names: &["gateway", "plugins", "openclaw"],
        label: Text { en: "Change OpenClaw itself", ja: "OpenClaw 自体の変更" },
        deny_from: Some(Posture::Personal),
        effect: Text {
            en: "The agent can no longer change its own config, restart the gateway or add plugins. You still can, with the openclaw command.",
            ja: "エージェントは自身の設定変更、Gateway の再起動、プラグインの追加ができなくなります。管理者は openclaw コマンドで続けられます。",
        },
    },
    Rule {
        part: "group:automation",
        names: &["group:automation"],
        label: Text { en: "Scheduled work", ja: "予約実行" },
        deny_from: Some(Posture::Shared),
        effect: Text {
            en: "The agent can no longer set up work that runs later on its own; what is set up already stays.",
            ja: "あとで自動的に動く作業を登録できなくなります。登録済みのものはそのままです。",
        },
    },
    Rule {
        part: "group:nodes",
        names: &["group:nodes"],
        label: Text { en: "Nodes and devices", ja: "ノードと端末" },
        deny_from: Some(Posture::Shared),
        effect: Text {
            en: "The agent can no longer use paired phones and computers: their cameras, screens and commands.",
            ja: "ペアリング済みの端末のカメラ、画面、コマンドを使えなくなります。",
        },
    },
    Rule {
        part: "delegation",
        names: &["sessions_spawn", "sessions_send"],
        label: Text { en: "Start other sessions", ja: "別セッションの開始" },
        deny_from: Some(Posture::Shared),
        effect: Text {
            en: "The agent can no longer start helpers or write into other sessions.",
            ja: "補助セッションの開始や、ほかのセッションへの書き込みができなくなります。",
        },
    },
    Rule {
        part: "terminal",
        names: &["terminal", "portal"],
        label: Text { en: "Terminal and portal", ja: "ターミナルとポータル" },
        deny_from: Some(Posture::Shared),
        effect: Text {
            en: "The agent can no longer open a terminal or a portal in the Control UI.",
            ja: "Control UI のターミナルやポータルを開けなくなります。",
        },
    },
    Rule {
        part: "group:fs",
        names: &["group:fs"],
        label: Text { en: "Files", ja: "ファイル" },
        deny_from: Some(Posture::Public),
        effect: Text {
            en: "The agent can no longer read or write files.",
            ja: "ファイルの読み書きができなくなります。",
        },
    },
    Rule {
        part: "group:ui",
        names: &["group:ui"],
        label: Text { en: "Browser and screens", ja: "ブラウザと画面" },
        deny_from: Some(Posture::Public),
        effect: Text {
            en: "The agent can no longer drive a browser or show screens, dashboards and widgets.",
            ja: "ブラウザの操作や、画面、ダッシュボード、ウィジェットの表示ができなくなります。",
        },
    },
    Rule {
        part: "group:memory",
        names: &["group:memory"],
        label: Text { en: "Memory", ja: "記憶" },
        deny_from: Some(Posture::Public),
        effect: Text {
            en: "The agent can no longer search what it remembers of earlier talks.",
            ja: "以前の会話の記憶を検索できなくなります。",
        },
    },
    Rule {
        part: "message",
        names: &["message", "conversations_list", "conversations_send", "conversations_turn"],
        label: Text { en: "Write to others", ja: "ほかの相手への送信" },
        deny_from: Some(Posture::Public),
        effect: Text {
            en: "The agent still answers whoever writes to it, but can no longer write to anybody else.",
            ja: "届いたメッセージには返信できますが、ほかの相手には送信できなくなります。",
        },
    },
    Rule {
        part: "publish",
        names: &["skill_workshop", "github_publish"],
        label: Text { en: "Make and publish skills", ja: "スキルの作成と公開" },
        deny_from: Some(Posture::Public),
        effect: Text {
            en: "The agent can no longer write skills for itself or publish to GitHub.",
            ja: "スキルの作成や GitHub への公開ができなくなります。",
        },
    },
    Rule {
        part: "group:web",
        names: &["group:web"],
        label: Text { en: "Web search and fetch", ja: "Web の検索と取得" },
        deny_from: None,
        effect: Text {
            en: "The agent can no longer search the web or read pages; text from pages can no longer mislead it.",
            ja: "Web の検索やページの取得ができなくなります。ページの文章に誘導されることもなくなります。",
        },
    },
];

const ALLOWED: Text = Text { en: "allowed", ja: "許可" };
const DENIED: Text = Text { en: "denied", ja: "拒否" };

/// Is every known tool that some agent may call, whatever the sandbox takes away.
fn callable(settings: &Settings) -> ToolSet {
    settings.tool_contexts().iter().map(ToolContext::policy_open).fold(ToolSet::default(), ToolSet::or)
}

/// Whether any tool that these names stand for is among the callable ones.
fn any_of(callable: &ToolSet, names: &[&str]) -> bool {
    names.iter().flat_map(|name| catalogue().expand(name)).any(|tool| callable.contains(&tool))
}

/// Adds names to the deny list of a `tools` section, as far as they do not stand there under any spelling.
fn deny(settings: &Settings, tools: &Path, names: &[&str]) -> Vec<Edit> {
    let list = tools.key("deny");
    let known: Vec<String> = strings(settings.source_at(&list)).iter().map(|name| catalogue().normal(name)).collect();
    names.iter().filter(|name| !known.iter().any(|known| known == *name)).map(|name| Edit::add(&list, *name)).collect()
}

const DENY: Control = Control {
    id: "tools.deny",
    step: Step::Tools,
    label: Text { en: "Denied tools", ja: "ツールの拒否" },
    why: Text {
        en: "Whatever the agent may call, a message that misleads it may call too. What it does not need is better denied: deny beats every other list.",
        ja: "エージェントが使えるツールは、誘導を狙うメッセージからも使えてしまいます。不要なものは拒否してください。拒否はほかのどのリストより優先します。",
    },
    rows: |scene| {
        let tools = Path::from("tools");
        let callable = callable(scene.now);
        RULES
            .iter()
            .map(|rule| {
                let open = any_of(&callable, rule.names);
                let row = Row::new(tools.key("deny"), if open { ALLOWED } else { DENIED }).part(rule.part, rule.label);
                if !open {
                    return row;
                }
                let choice = Choice::ask("deny", deny(scene.now, &tools, rule.names), rule.effect).called(DENIED);
                let wanted = rule.deny_from.is_some_and(|from| scene.posture >= from);
                if wanted { row.recommend(choice) } else { row.offer(choice) }
            })
            .collect()
    },
};

/// What an agent keeps that moves into a sandbox: OpenClaw's own list there takes these away without a word.
const KEPT_IN_SANDBOX: [&str; 9] =
    ["memory_search", "memory_get", "message", "tts", "image_generate", "pdf", "ask_user", "web_search", "web_fetch"];

const IN_SANDBOX: Control = Control {
    id: "tools.sandbox.alsoAllow",
    step: Step::Tools,
    label: Text { en: "Kept in the sandbox", ja: "サンドボックス内のツール" },
    why: Text {
        en: "A sandbox silently takes about half of the tools away: web search, memory and messages among them. These are given back; none of them reaches the host.",
        ja: "サンドボックスでは、Web 検索、記憶、メッセージ送信など約半数のツールが知らせなく使えなくなります。ホストに触れないものを戻します。",
    },
    rows: |scene| {
        const GIVEN: Text = Text {
            en: "Web search, memory and messages go on working in the sandbox; what is denied stays denied.",
            ja: "Web 検索、記憶、メッセージ送信はサンドボックスでも使えます。拒否したツールは拒否のままです。",
        };
        const TOOLS: Text = Text { en: "{n} tools", ja: "ツール {n}個" };
        const MORE: Text = Text {
            en: "Besides, the browser, scheduled work and tools of MCP servers go on working there.",
            ja: "さらに、ブラウザ、予約実行、MCP サーバーのツールもサンドボックスで使えます。",
        };
        let before = scene.before.tool_contexts();
        let modes: BTreeMap<_, _> = before.iter().map(|context| (&context.agent, context.sandbox.mode)).collect();
        let was = |id: &Option<String>| modes.get(id).copied();
        let moved: Vec<_> = scene
            .now
            .tool_contexts()
            .iter()
            .filter(|context| context.sandbox.mode == Mode::All && was(&context.agent) == Some(Mode::Off))
            .collect();
        // A global list would also widen the sandbox of an agent that was in one before.
        let all_new = before.iter().all(|context| context.sandbox.mode == Mode::Off);
        let at = |tools: &Path| tools.join("sandbox.tools.alsoAllow");
        if moved.is_empty() {
            return Vec::new();
        }
        let places: Vec<(Option<Said>, Path)> = if all_new {
            vec![(None, Path::from("tools"))]
        } else {
            let known = scene.now.agents().into_iter().filter(|known| known.file_path.is_some());
            let in_file: BTreeSet<&str> = known.map(|known| known.id).collect();
            let agents = moved.iter().filter_map(|context| Some((context.agent.as_deref()?, &context.at)));
            agents.filter(|(id, _)| in_file.contains(id)).map(|(id, at)| (Some(agent(id)), at.clone())).collect()
        };
        let callable = callable(scene.now);
        places
            .into_iter()
            .filter(|(_, tools)| {
                ["allow", "alsoAllow"]
                    .iter()
                    .all(|list| scene.now.at(&tools.join("sandbox.tools").key(*list)).is_none())
            })
            .map(|(whose, tools)| {
                let key = scene.now.file_path(&at(&tools));
                let callable_now = |name: &&&str| **name == "bundle-mcp" || callable.contains(name);
                let mild: &[&str] = if scene.posture == Posture::Public { &["web_search"] } else { &KEPT_IN_SANDBOX };
                let mild: Vec<&str> = mild.iter().filter(callable_now).copied().collect();
                let more: Vec<&str> = mild
                    .iter()
                    .chain(["browser", "automations", "bundle-mcp"].iter().filter(callable_now))
                    .copied()
                    .collect();
                let mut row = Row::new(&key, unset_means(scene.now, &key, "[]"));
                row.whose = whose;
                if mild.is_empty() {
                    return row;
                }
                let offered = more.len() > mild.len();
                let usual = Choice::safe("usual", vec![Edit::set(&key, json!(mild))], GIVEN);
                row = row.recommend(usual.called(TOOLS.with("n", mild.len())));
                let all = Choice::safe("more", vec![Edit::set(&key, json!(more))], MORE);
                if offered { row.offer(all.called(TOOLS.with("n", more.len()))) } else { row }
            })
            .collect()
    },
};

const SMALL_MODELS: Control = Control {
    id: "tools.small_models",
    step: Step::Tools,
    label: Text { en: "Small models and the web", ja: "小規模モデルと Web" },
    why: Text {
        en: "A small model is easily misled, and any page that it reads can try.",
        ja: "小規模なモデルは誘導されやすく、読み込んだページのどれからでも誘導できます。",
    },
    rows: |scene| {
        const OFFLINE: Text = Text {
            en: "Agents with {models} can no longer read the web or use a browser.",
            ja: "{models} を使うエージェントは、Web の閲覧もブラウザの操作もできなくなります。",
        };
        const NO_WEB: Text = Text { en: "no web, no browser", ja: "Web とブラウザを拒否" };
        let settings = scene.now;
        let mut places: Vec<(Option<Said>, Path, Vec<String>)> = Vec::new();
        for model in settings.models().iter().filter(|model| model.is_small() && settings.model_reads_the_web(model)) {
            let (whose, tools) = match &model.agent {
                Some(id) => (Some(agent(id)), Path::from("agents.entries").key(id.as_str()).key("tools")),
                None => (None, Path::from("tools")),
            };
            match places.iter_mut().find(|(_, known, _)| *known == tools) {
                Some((_, _, models)) => models.push(model.id.clone()),
                None => places.push((whose, tools, vec![model.id.clone()])),
            }
        }
        places
            .into_iter()
            .map(|(whose, tools, models)| {
                let tools = settings.file_path(&tools);
                let key = tools.key("deny");
                let mut row = Row::new(&key, as_written(settings, &key)).part("small model", SMALL_MODELS.label);
                row.whose = whose;
                let edits = deny(settings, &tools, &["group:web", "browser"]);
                let offline = Choice::ask("deny", edits, OFFLINE.with("models", models.join(", ")));
                row.recommend(offline.called(NO_WEB))
            })
            .collect()
    },
};

const UNKNOWN_NAMES: Control = Control {
    id: "tools.unknown_names",
    step: Step::Tools,
    label: Text { en: "Names that match nothing", ja: "一致しない名前" },
    why: Text {
        en: "A name that no tool has does nothing, and OpenClaw does not say so: denied, it protects against nothing; allowed, it gives nothing.",
        ja: "該当するツールのない名前は、拒否しても何も防げず、許可しても何も使えません。OpenClaw はそれを知らせません。",
    },
    rows: |scene| {
        const MEANT: Text = Text {
            en: "\"{name}\" matches no tool; \"{meant}\" is added to the list, and then is denied.",
            ja: "\"{name}\" に一致するツールはありません。\"{meant}\" を追加し、拒否します。",
        };
        const CORRECT: Text = Text { en: "correct the name", ja: "名前を修正" };
        const NOTHING: Text = Text {
            en: "\"{name}\" matches no tool. Correct or remove it in openclaw.json.",
            ja: "\"{name}\" に一致するツールはありません。openclaw.json で直すか、削除してください。",
        };
        let unknown = scene.now.unknown_tool_names();
        let mut rows: Vec<Row> = Vec::new();
        for name in unknown {
            let Some(list) = name.path.parent() else {
                continue;
            };
            let file_list = scene.now.file_path(&list);
            let mut row = Row::new(scene.now.file_path(&name.path), Said::from(name.name.clone()));
            let known = strings(scene.now.at(&list));
            row = match name.nearest.as_deref() {
                Some(meant) if name.denies && !known.contains(&meant) => row.recommend(Choice::ask(
                    meant,
                    vec![Edit::add(&file_list, meant)],
                    MEANT.with("name", &name.name).with("meant", meant),
                )),
                Some(_) if name.denies => row,
                _ => row.offer(Choice::manual("correct", NOTHING.with("name", &name.name)).called(CORRECT)),
            };
            rows.push(row);
        }
        rows
    },
};

const VISIBILITY: Control = Control {
    id: "tools.sessions.visibility",
    step: Step::Tools,
    label: Text { en: "Sessions in view", ja: "見えるセッション" },
    why: Text {
        en: "With \"all\" each agent reads and writes the sessions of every other agent, whoever wrote to them.",
        ja: "\"all\" では、どのエージェントもほかのエージェントのセッションを読み書きできます。",
    },
    rows: |scene| {
        const NARROWER: Text = Text {
            en: "An agent no longer sees sessions beyond: {scope}.",
            ja: "エージェントから見えるセッションの範囲: {scope}。",
        };
        const ORDER: [&str; 4] = ["self", "tree", "agent", "all"];
        let rank = |value: &str| ORDER.iter().position(|known| *known == value).unwrap_or(3);
        let key = Path::from("tools.sessions.visibility");
        let current = scene.now.str("tools.sessions.visibility").unwrap_or("all");
        let wanted = match scene.posture {
            Posture::Personal => "agent",
            Posture::Shared => "tree",
            Posture::Public => "self",
        };
        let mut row = Row::new(&key, unset_means(scene.now, &key, "all"));
        for scope in ORDER.into_iter().rev().filter(|scope| rank(scope) < rank(current)) {
            let edits = vec![Edit::set(&key, scope)];
            let effect = NARROWER.with("scope", scope);
            // One agent has no other whose sessions it could lose.
            let choice = if scope == "agent" && scene.now.agents().len() < 2 {
                Choice::safe(scope, edits, effect)
            } else {
                Choice::ask(scope, edits, effect)
            };
            row = if scope == wanted { row.recommend(choice) } else { row.offer(choice) };
        }
        vec![row]
    },
};

const AGENT_TO_AGENT: Control = Control {
    id: "tools.agentToAgent.enabled",
    step: Step::Tools,
    label: Text { en: "Agents talk to agents", ja: "エージェント間の通信" },
    why: Text {
        en: "Agents may send each other messages unless it is switched off: one that is misled can mislead the others.",
        ja: "無効にしない限り、エージェントどうしがメッセージを送れます。誘導された1つから、ほかへ広がります。",
    },
    rows: |scene| {
        const ALONE: Text = Text {
            en: "Agents can no longer write to each other.",
            ja: "エージェントどうしはメッセージを送れなくなります。",
        };
        let key = Path::from("tools.agentToAgent.enabled");
        let several = scene.now.agents().len() > 1;
        let restricted = !scene.now.list("tools.agentToAgent.allow").is_empty();
        let mut row = Row::new(&key, unset_means(scene.now, &key, "true"));
        if !scene.now.is_false("tools.agentToAgent.enabled") && !restricted {
            let choice = Choice::ask("false", vec![Edit::set(&key, false)], ALONE);
            let wanted = several || scene.posture != Posture::Personal;
            row = if wanted { row.recommend(choice) } else { row.offer(choice) };
        }
        vec![row]
    },
};

const PROFILE: Control = Control {
    id: "tools.profile",
    step: Step::Tools,
    label: Text { en: "Tool profile", ja: "ツールプロファイル" },
    why: Text {
        en: "The global profile is minimal, but this agent has a wider one of its own.",
        ja: "全体のプロファイルは minimal ですが、このエージェントだけ広いプロファイルを使っています。",
    },
    rows: |scene| {
        const MINIMAL: Text = Text {
            en: "The agent keeps only what the minimal profile has.",
            ja: "minimal プロファイルのツールだけになります。",
        };
        if scene.now.str("tools.profile") != Some("minimal") {
            return Vec::new();
        }
        let wider = scene.now.agents().into_iter().filter(|known| {
            scene.now.at(&known.path.join("tools.profile")).and_then(Value::as_str).is_some_and(|own| own != "minimal")
        });
        wider
            .map(|known| {
                let key = scene.now.file_path(&known.path.join("tools.profile"));
                let choice = Choice::ask("minimal", vec![Edit::set(&key, "minimal")], MINIMAL);
                Row::new(&key, as_written(scene.now, &key)).whose(agent(known.id)).recommend(choice)
            })
            .collect()
    },
};

const BROWSER: Control = Control {
    id: "browser",
    step: Step::Tools,
    label: Text { en: "Browser", ja: "ブラウザ" },
    why: Text {
        en: "A page can talk the agent into opening addresses of your own network, or into running script where you are logged in.",
        ja: "ページに誘導されると、社内のアドレスを開いたり、ログイン中のサイトでスクリプトを実行したりします。",
    },
    rows: |scene| {
        const PRIVATE: Text = Text {
            en: "The browser no longer opens addresses of your own network.",
            ja: "自分のネットワーク内のアドレスは開けなくなります。",
        };
        const SANDBOX: Text = Text {
            en: "The browser uses its own sandbox again; inside some containers it then does not start.",
            ja: "ブラウザ自身のサンドボックスを再び使います。一部のコンテナでは起動しなくなります。",
        };
        const RELAY: Text = Text {
            en: "An old browser extension must be updated before it can connect.",
            ja: "古いブラウザ拡張は、更新するまで接続できなくなります。",
        };
        const SCRIPT: Text = Text {
            en: "The agent can no longer run script in pages; clicking and reading still work.",
            ja: "ページ内でスクリプトを実行できなくなります。クリックと読み取りはできます。",
        };
        const IN_PAGES: Text = Text { en: "Script in pages", ja: "ページ内のスクリプト" };
        const NONE: Text =
            Text { en: "The agent has no browser any more.", ja: "ブラウザを使えなくなります。" };
        let flags = [
            ("browser.ssrfPolicy.dangerouslyAllowPrivateNetwork", PRIVATE),
            ("browser.noSandbox", SANDBOX),
            ("browser.extensionRelay.allowLegacyAuth", RELAY),
        ];
        let mut rows: Vec<Row> = flags.into_iter().filter_map(|(key, effect)| switch_off(scene, key, effect)).collect();
        // Both are on where nothing is set.
        for (key, from, effect) in
            [("browser.enabled", Posture::Public, NONE), ("browser.evaluateEnabled", Posture::Shared, SCRIPT)]
        {
            let path = Path::from(key);
            let mut row = Row::new(&path, unset_means(scene.now, &path, "true"));
            row.label = (key == "browser.evaluateEnabled").then_some(IN_PAGES);
            rows.push(if scene.now.is_false(key) || scene.now.is_false("browser.enabled") {
                row
            } else {
                let choice = Choice::ask("false", vec![Edit::set(&path, false)], effect);
                if scene.posture >= from { row.recommend(choice) } else { row.offer(choice) }
            });
        }
        rows
    },
};

const MCP_APPS: Control = Control {
    id: "mcp.apps.enabled",
    step: Step::Tools,
    label: Text { en: "Pages of MCP servers", ja: "MCP サーバーの画面" },
    why: Text {
        en: "MCP servers may show pages of their own in the Control UI, which can call their tools.",
        ja: "MCP サーバーが Control UI に独自の画面を表示し、そこからツールを呼び出せます。",
    },
    rows: |scene| {
        const GONE: Text = Text {
            en: "MCP servers no longer show pages; their tools still work.",
            ja: "MCP サーバーの画面は表示されなくなります。ツールはそのまま使えます。",
        };
        switch_off(scene, "mcp.apps.enabled", GONE).into_iter().collect()
    },
};

const ALLOW: Control = Control {
    id: "tools.allow",
    step: Step::Tools,
    label: Text { en: "Allow nothing but", ja: "許可するツールを限定" },
    why: Text {
        en: "The hardening guide's own short list: files, browser and web search. Everything that is not on it goes away.",
        ja: "ガイドが示す最小限の一覧 (ファイル、ブラウザ、Web 検索) です。一覧にないツールはすべて使えなくなります。",
    },
    rows: |scene| {
        const SHORT: Text = Text {
            en: "Only files, browser and web search stay; memory, messages, sessions and media go away.",
            ja: "ファイル、ブラウザ、Web 検索だけになり、記憶、メッセージ、セッション、メディアは使えなくなります。",
        };
        let key = Path::from("tools.allow");
        let row = Row::new(&key, unset_means(scene.now, &key, "*"));
        let free = scene.now.list("tools.allow").is_empty() && scene.now.list("tools.alsoAllow").is_empty();
        vec![if free {
            let choice =
                Choice::ask("guide", vec![Edit::set(&key, json!(["group:fs", "browser", "web_search"]))], SHORT);
            row.offer(choice.called("group:fs, browser, web_search".to_owned()))
        } else {
            row
        }]
    },
};

const DENY_LIST: Control = Control {
    id: "tools.deny.list",
    step: Step::Tools,
    label: Text { en: "Deny more by name", ja: "名前で拒否を追加" },
    why: Text {
        en: "Any tool or group can be denied by its name, one a line; * stands for any letters.",
        ja: "ツールやグループの名前を1行に1つ入力して拒否できます。* は任意の文字列を表します。",
    },
    rows: |scene| {
        const NAMES: Text = Text {
            en: "An entry is a tool, a group or a pattern: exec, group:fs, browser_*. Agents can no longer call what is listed; what is denied already stays so.",
            ja: "1件はツール、グループ、パターンのどれかです (exec、group:fs、browser_* など)。確定すると、どのエージェントも使えなくなります。今の拒否はそのままです。",
        };
        let key = Path::from("tools.deny");
        vec![Row::new(&key, as_written(scene.now, &key)).field(Field {
            text: String::new(),
            list: true,
            hint: NAMES,
            read: read_deny,
        })]
    },
};

fn read_deny(path: &Path, text: &str) -> Result<Vec<Edit>, Text> {
    let names: Vec<&str> = text.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    let known = |name: &&&str| {
        let name = catalogue().normal(name);
        name.contains('*')
            || name.contains("__")
            || catalogue().is_tool(&name)
            || catalogue().groups.contains_key(&name)
            || name == "group:plugins"
    };
    if !names.iter().all(|name| known(&name)) {
        return Err(Text {
            en: "One of these names matches no tool: check the spelling, as in exec or group:fs",
            ja: "一致するツールのない名前があります。exec や group:fs のように綴りを確認してください",
        });
    }
    Ok(names.into_iter().map(|name| Edit::add(path, name)).collect())
}
