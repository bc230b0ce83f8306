//! What agents lose: tools, servers, plugins, skills, and commands on the host.

use super::{Consequence, Found, Scene, is_of_sandbox, named};
use crate::document::Path;
use crate::settings::Settings;
use crate::settings::tools::{
    Approval, Caller, Decision, Files, GROUPS, MCP_TOOL, PLUGIN_TOOL, Place, Sender, Session, ToolContext, catalogue,
};
use crate::text::{Said, Text};
use serde_json::Value;

/// Agents with the same settings before and after: one of them stands for all.
struct Alike<'s> {
    agents: Vec<String>,
    was: &'s ToolContext,
    now: &'s ToolContext,
}

impl Alike<'_> {
    fn decide(context: &ToolContext, tool: &str, session: Session) -> Decision {
        context.decide_for(tool, Caller { session, sender: &Sender::Owner, group: None })
    }

    /// Is before and after, where the tool could be called before.
    fn changed(&self, tool: &str, session: Session) -> Option<(Decision, Decision)> {
        let was = Self::decide(self.was, tool, session);
        was.allowed.then(|| (was, Self::decide(self.now, tool, session)))
    }
}

fn alike<'s>(scene: &'s Scene) -> Vec<Alike<'s>> {
    let shape = |settings: &Settings, id: &str| {
        let entry = settings.at(&Path::from("agents.entries").key(id));
        let part = |key: &str| entry.and_then(|entry| entry.get(key)).map(Value::to_string).unwrap_or_default();
        format!("{}\n{}", part("tools"), part("sandbox"))
    };
    let mut groups: Vec<(String, Alike<'s>)> = Vec::new();
    for now in scene.after.tool_contexts() {
        let Some(id) = &now.agent else {
            continue;
        };
        let was = scene.before.tool_contexts().iter();
        let Some(was) = was.into_iter().find(|context| context.agent == now.agent) else {
            continue;
        };
        let shape = format!("{}\n{}", shape(scene.before, id), shape(scene.after, id));
        match groups.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, group)) => group.agents.push(id.clone()),
            None => groups.push((shape, Alike { agents: vec![id.clone()], was, now })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn said([all, main, other]: [Text; 3], lost: &[Session], agents: &[String]) -> Said {
    let text = match lost {
        [Session::Main] => main,
        [Session::Other] => other,
        _ => all,
    };
    text.with("agents", named(agents))
}

const LOST: [Text; 3] = [
    Text { en: "{agents} can no longer call {tools}.", ja: "{agents} で使えなくなるツール: {tools}" },
    Text {
        en: "{agents} can no longer call {tools} in the main session.",
        ja: "{agents} のメインセッションで使えなくなるツール: {tools}",
    },
    Text {
        en: "{agents} can no longer call {tools} outside the main session.",
        ja: "{agents} のメイン以外のセッションで使えなくなるツール: {tools}",
    },
];

/// What is lost together: tools of one group of the screens, in the same sessions, by the same list.
#[derive(PartialEq)]
struct Loss {
    sessions: Vec<Session>,
    group: Option<usize>,
    key: Path,
    entries: Vec<Option<String>>,
    tools: Vec<String>,
}

fn losses(scene: &Scene, group: &Alike, by_sandbox: bool) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Vec::new();
    for tool in &catalogue().tools {
        let lost = Session::ALL.into_iter().filter_map(|session| Some((session, group.changed(tool, session)?.1)));
        let lost: Vec<(Session, Decision)> =
            lost.filter(|(_, now)| !now.allowed && is_of_sandbox(now.layer) == by_sandbox).collect();
        let Some((_, first)) = lost.first() else {
            continue;
        };
        let sessions: Vec<Session> = lost.iter().map(|(session, _)| *session).collect();
        let of = GROUPS.iter().position(|group| group.tools().contains(tool));
        let key = scene.after.file_path(&first.key);
        let entry = first.entry.clone();
        let together = |loss: &&mut Loss| loss.sessions == sessions && loss.group == of && loss.key == key;
        match losses.iter_mut().find(together) {
            Some(loss) => {
                loss.tools.push(tool.clone());
                if !loss.entries.contains(&entry) {
                    loss.entries.push(entry);
                }
            }
            None => losses.push(Loss { sessions, group: of, key, entries: vec![entry], tools: vec![tool.clone()] }),
        }
    }
    losses
}

fn lost_tools(scene: &Scene, by_sandbox: bool) -> Vec<Found> {
    let mut found: Vec<(Loss, Vec<String>)> = Vec::new();
    for group in alike(scene) {
        for loss in losses(scene, &group, by_sandbox) {
            match found.iter_mut().find(|(known, _)| *known == loss) {
                Some((_, agents)) => agents.extend(group.agents.iter().cloned()),
                None => found.push((loss, group.agents.clone())),
            }
        }
    }
    found.sort_by_key(|(loss, _)| loss.group);
    let found = found.into_iter().map(|(loss, agents)| {
        let what = said(LOST, &loss.sessions, &agents).with("tools", named(&loss.tools));
        let mut keys: Vec<(Path, Option<String>)> =
            loss.entries.into_iter().map(|entry| (loss.key.clone(), entry)).collect();
        if by_sandbox {
            keys.extend(scene.sandbox_keys().into_iter().map(|key| (key, None)));
        }
        Found { what, keys }
    });
    found.collect()
}

/// Sentences on agents: those of whom the same is said share one.
#[derive(Default)]
struct Shared(Vec<(Text, Vec<String>, Vec<Path>)>);

impl Shared {
    fn add(&mut self, text: Text, agents: &[String], keys: impl IntoIterator<Item = Path>) {
        match self.0.iter_mut().find(|(known, _, _)| *known == text) {
            Some((_, known, at)) => {
                known.extend_from_slice(agents);
                at.extend(keys);
            }
            None => self.0.push((text, agents.to_vec(), keys.into_iter().collect())),
        }
    }

    fn found(self) -> Vec<Found> {
        let found =
            |(text, agents, keys): (Text, Vec<String>, _)| Found::new(text.with("agents", named(&agents)), keys);
        self.0.into_iter().map(found).collect()
    }
}

/// Says which agents lose what a stand-in tool stands for, to the sandbox or to a list.
fn lost_to_sandbox(scene: &Scene, tool: &str, text: Text, name: &str) -> Vec<Found> {
    let mut shared = Shared::default();
    for group in alike(scene) {
        let lost = Session::ALL.into_iter().filter_map(|session| group.changed(tool, session));
        let lost: Vec<Decision> =
            lost.map(|(_, now)| now).filter(|now| !now.allowed && is_of_sandbox(now.layer)).collect();
        if let Some(now) = lost.first() {
            let keys = std::iter::once(scene.after.file_path(&now.key)).chain(scene.sandbox_keys());
            shared.add(text, &group.agents, keys);
        }
    }
    let named = |found: Found| Found { what: found.what.with("names", name), ..found };
    shared.found().into_iter().map(named).collect()
}

fn names_at(settings: &Settings, at: &str) -> Vec<String> {
    let map = settings.get(at).and_then(Value::as_object);
    let on = map.into_iter().flatten().filter(|(_, entry)| entry.get("enabled") != Some(&Value::Bool(false)));
    on.map(|(name, _)| name.clone()).collect()
}

pub(super) const CONSEQUENCES: &[Consequence] = &[
    Consequence {
        id: "tools.lost",
        keep: Text {
            en: "Leave the change out on Review, or deny it for single agents only.",
            ja: "「変更の確認」でこの変更を見送るか、必要なエージェントだけで拒否してください。",
        },
        find: |scene| lost_tools(scene, false),
    },
    Consequence {
        id: "sandbox.tools",
        keep: Text {
            en: "Add the tools to tools.sandbox.tools.alsoAllow.",
            ja: "必要なツールを tools.sandbox.tools.alsoAllow に追加してください。",
        },
        find: |scene| lost_tools(scene, true),
    },
    Consequence {
        id: "sandbox.mcp",
        keep: Text {
            en: "Add \"bundle-mcp\", or a server's name with __* behind it, to tools.sandbox.tools.alsoAllow.",
            ja: "tools.sandbox.tools.alsoAllow に \"bundle-mcp\"、または サーバー名__* を追加してください。",
        },
        find: |scene| {
            const VANISH: Text = Text {
                en: "MCP servers vanish in the sandbox of {agents}: {names}",
                ja: "{agents} のサンドボックス内では MCP サーバーを使えません: {names}",
            };
            let servers = names_at(scene.after, "mcp.servers");
            if servers.is_empty() { Vec::new() } else { lost_to_sandbox(scene, MCP_TOOL, VANISH, &named(&servers)) }
        },
    },
    Consequence {
        id: "sandbox.plugins",
        keep: Text {
            en: "Add \"group:plugins\", or a plugin's id, to tools.sandbox.tools.alsoAllow.",
            ja: "tools.sandbox.tools.alsoAllow に \"group:plugins\" かプラグインの ID を追加してください。",
        },
        find: |scene| {
            const VANISH: Text = Text {
                en: "Tools of plugins vanish in the sandbox of {agents}: {names}",
                ja: "{agents} のサンドボックス内ではプラグインのツールを使えません: {names}",
            };
            let plugins = names_at(scene.after, "plugins.entries");
            if plugins.is_empty() { Vec::new() } else { lost_to_sandbox(scene, PLUGIN_TOOL, VANISH, &named(&plugins)) }
        },
    },
    Consequence {
        id: "sandbox.commands",
        keep: Text {
            en: "Put what they need into the image, or install it with sandbox.docker.setupCommand.",
            ja: "必要なプログラムはイメージに入れるか、sandbox.docker.setupCommand でインストールしてください。",
        },
        find: |scene| {
            const INSIDE: Text = Text {
                en: "Commands of {agents} run in the sandbox: programs, files and variables of the host are not there.",
                ja: "{agents} のコマンドはサンドボックス内で実行され、ホストのプログラムやファイル、環境変数は使えません。",
            };
            let mut shared = Shared::default();
            for group in alike(scene) {
                let moves = Session::ALL.into_iter().filter_map(|session| group.changed("exec", session));
                let mut moves = moves
                    .filter(|(was, now)| now.allowed && was.place != Place::Sandbox && now.place == Place::Sandbox);
                if moves.next().is_some() {
                    shared.add(INSIDE, &group.agents, scene.sandbox_keys());
                }
            }
            shared.found()
        },
    },
    Consequence {
        id: "sandbox.skills",
        keep: Text {
            en: "Put the programs into the sandbox image and the keys into sandbox.docker.env, or leave agents with such skills out of the sandbox.",
            ja: "プログラムはイメージに、キーは sandbox.docker.env に入れるか、該当のスキルを使うエージェントをサンドボックスから外してください。",
        },
        find: |scene| {
            const SKILLS: Text = Text {
                en: "Skills of {agents} cannot see programs and variables of the host from the sandbox: {names}",
                ja: "{agents} のスキルは、サンドボックス内からホストのプログラムや環境変数を使えません: {names}",
            };
            const FOLDERS: Text = Text {
                en: "Skills in these folders are seen from the sandbox of {agents} only as read-only copies: {names}",
                ja: "{agents} のサンドボックスからは、次のフォルダーのスキルを読み取り専用のコピーとしてのみ使えます: {names}",
            };
            let boxed: Vec<String> = scene.boxed().into_iter().filter_map(|(_, now)| now.agent.clone()).collect();
            if boxed.is_empty() {
                return Vec::new();
            }
            let skills = names_at(scene.after, "skills.entries");
            let folders: Vec<String> =
                scene.after.list("skills.load.extraDirs").into_iter().map(str::to_owned).collect();
            [(SKILLS, skills), (FOLDERS, folders)]
                .into_iter()
                .filter(|(_, names)| !names.is_empty())
                .map(|(text, names)| {
                    let what = text.with("agents", named(&boxed)).with("names", named(&names));
                    Found::new(what, scene.sandbox_keys())
                })
                .collect()
        },
    },
    Consequence {
        id: "files.narrowed",
        keep: Text {
            en: "Mount the folders it needs (sandbox.docker.binds), or move the files into its workspace.",
            ja: "必要なフォルダーをマウント (sandbox.docker.binds) するか、ファイルをワークスペースに移してください。",
        },
        find: |scene| {
            const OWN: Text = Text {
                en: "{agents} can no longer see the workspace: files in the sandbox are apart from it.",
                ja: "{agents} からはワークスペースが見えなくなり、サンドボックス専用のファイルだけを使います。",
            };
            const READ: Text = Text {
                en: "{agents} can read the workspace, and no longer write it.",
                ja: "{agents} はワークスペースを読み取れますが、書き込めません。",
            };
            const INSIDE: Text = Text {
                en: "{agents} can no longer reach files outside the workspace.",
                ja: "{agents} は、ワークスペースの外のファイルを扱えなくなります。",
            };
            let mut shared = Shared::default();
            for group in alike(scene) {
                let narrowed = Session::ALL.into_iter().filter_map(|session| group.changed("read", session));
                let mut narrowed = narrowed.filter(|(was, now)| now.allowed && now.files < was.files);
                if let Some((_, now)) = narrowed.next() {
                    let text = match now.files {
                        Files::Own | Files::None => OWN,
                        Files::ReadOnly => READ,
                        _ => INSIDE,
                    };
                    let own = group.now.at.join("fs.workspaceOnly");
                    let keys = [Path::from("tools.fs.workspaceOnly"), scene.after.file_path(&own)];
                    let keys = keys.into_iter().chain(scene.sandbox_keys());
                    shared.add(text, &group.agents, keys);
                }
            }
            shared.found()
        },
    },
    Consequence {
        id: "exec.asks",
        keep: Text {
            en: "Approve the commands you need once with \"always\"; they run unasked from then on.",
            ja: "必要なコマンドは、確認の際に「常に許可」を選ぶと、次から確認なしで実行されます。",
        },
        find: |scene| {
            const ASKS: Text = Text {
                en: "Commands of {agents} wait for approval, or are refused where they are not on the list.",
                ja: "{agents} のコマンドは承認待ちになるか、許可リストになければ拒否されます。",
            };
            let mut shared = Shared::default();
            for group in alike(scene) {
                let asks = Session::ALL.into_iter().filter_map(|session| group.changed("exec", session));
                let mut asks = asks.filter(|(was, now)| {
                    now.allowed && was.approval == Approval::None && now.approval != Approval::None
                });
                if asks.next().is_some() {
                    let keys = [scene.after.file_path(&group.now.exec.key), Path::from("tools.exec")];
                    shared.add(ASKS, &group.agents, keys);
                }
            }
            shared.found()
        },
    },
    Consequence {
        id: "elevated.off",
        keep: Text {
            en: "Leave tools.elevated on for yourself alone: one id in tools.elevated.allowFrom.",
            ja: "tools.elevated を有効のまま、tools.elevated.allowFrom に自分の ID だけを残してください。",
        },
        find: |scene| {
            const OFF: Text = Text {
                en: "Nobody can leave the sandbox with /elevated any more; before, these channels could: {channels}",
                ja: "/elevated でサンドボックスの外に出られなくなります。これまで使えたチャンネル: {channels}",
            };
            let mut channels: Vec<String> = Vec::new();
            for group in alike(scene) {
                for channel in group.was.elevated_channels() {
                    let stays = group.now.elevated_channels().any(|known| known == channel);
                    if !stays && !channels.iter().any(|known| known == channel) {
                        channels.push(channel.to_owned());
                    }
                }
            }
            if channels.is_empty() {
                return Vec::new();
            }
            vec![Found::new(OFF.with("channels", named(&channels)), [Path::from("tools.elevated")])]
        },
    },
];
