//! What stops working with a plan as a whole: one literal each, with the change that causes it and a way to keep it.

mod channels;
mod lost;

use super::{Plan, Planned};
use crate::document::{Change as Edited, Edit, Path, Places};
use crate::posture::{Engine, Means};
use crate::settings::Settings;
use crate::settings::tools::{Layer, Mode, Session, ToolContext};
use crate::text::{Said, Text};
use serde_json::Value;
use std::collections::BTreeSet;

/// Something that works now and will not, or not as it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Which kind of thing, as in `tools.lost`.
    pub id: &'static str,
    /// What stops.
    pub what: Said,
    /// How to keep it.
    pub keep: Said,
    /// The changes that cause it; none where it follows from how things are.
    pub causes: Vec<Cause>,
}

/// A change that causes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The name under which the answer to its row is kept.
    pub key: String,
    /// The label of its row.
    pub label: Text,
    /// The key that it changes.
    pub path: Path,
}

/// One kind of consequence.
struct Consequence {
    id: &'static str,
    /// Says how to keep it.
    keep: Text,
    find: fn(&Scene) -> Vec<Found>,
}

/// What is looked at.
struct Scene<'p> {
    before: &'p Settings,
    after: &'p Settings,
    means: &'p Means,
    edits: &'p [Edit],
}

/// What was found: the sentence, and the file keys whose change causes it, with the entry of a list where that decides.
struct Found {
    what: Said,
    keys: Vec<(Path, Option<String>)>,
}

impl Found {
    fn new(what: impl Into<Said>, keys: impl IntoIterator<Item = Path>) -> Self {
        Found { what: what.into(), keys: keys.into_iter().map(|key| (key, None)).collect() }
    }
}

impl Plan {
    /// Is what stops working, and what must be done for the plan to take effect.
    pub fn stops(&self, means: &Means) -> Vec<Stop> {
        if self.edits.is_empty() {
            return Vec::new();
        }
        let scene = Scene { before: &self.settings, after: &self.settings_after, means, edits: &self.edits };
        let rows = self.rows.iter().enumerate();
        let changed = rows.flat_map(|(number, row)| row.edits.iter().map(move |edit| (&edit.path, number))).collect();
        let kinds = lost::CONSEQUENCES.iter().chain(channels::CONSEQUENCES).chain(CONSEQUENCES);
        let stops = kinds.flat_map(|kind| {
            (kind.find)(&scene).into_iter().map(|found| Stop {
                id: kind.id,
                what: found.what,
                keep: kind.keep.into(),
                causes: self.causes(&found.keys, &changed),
            })
        });
        stops.collect()
    }

    /// Is the rows that change these keys. Of several that add to one list, the one that adds the entry.
    fn causes(&self, keys: &[(Path, Option<String>)], changed: &Places<usize>) -> Vec<Cause> {
        let adds = |row: &Planned, key: &Path, entry: &str| {
            row.edits.iter().any(|edit| edit.path.meets(key) && names(&edit.change, entry))
        };
        let mut known = BTreeSet::new();
        let mut causes = Vec::new();
        for (key, entry) in keys {
            let rows: BTreeSet<usize> = changed.meeting(key).copied().collect();
            let exact: BTreeSet<usize> = match entry {
                Some(entry) => rows.iter().copied().filter(|row| adds(&self.rows[*row], key, entry)).collect(),
                None => BTreeSet::new(),
            };
            let found = if exact.is_empty() { rows } else { exact };
            for row in found.into_iter().filter(|row| known.insert(*row)).map(|row| &self.rows[row]) {
                causes.push(Cause { key: row.key(), label: row.label(), path: row.row.path.clone() });
            }
        }
        causes
    }
}

fn names(change: &Edited, entry: &str) -> bool {
    match change {
        Edited::Set(value) | Edited::Add(value) => match value {
            Value::Array(items) => items.iter().any(|item| item.as_str() == Some(entry)),
            value => value.as_str() == Some(entry),
        },
        Edited::Remove | Edited::Comment(_) => false,
    }
}

impl Scene<'_> {
    /// Is the agents whose sessions of some kind come into a sandbox, with their contexts before and after.
    fn boxed(&self) -> Vec<(&ToolContext, &ToolContext)> {
        let contexts = self.after.tool_contexts().iter().filter(|context| context.agent.is_some());
        contexts
            .filter_map(|now| {
                let was = self.before.tool_contexts().iter().find(|context| context.agent == now.agent)?;
                let comes = |session| now.is_sandboxed(session) && !was.is_sandboxed(session);
                Session::ALL.into_iter().any(comes).then_some((was, now))
            })
            .collect()
    }

    /// Is the file keys of the sandbox settings that the plan changes.
    fn sandbox_keys(&self) -> Vec<Path> {
        let is_sandbox = |path: &Path| path.to_string().contains(".sandbox");
        let mut keys: Vec<Path> = self.edits.iter().map(|edit| edit.path.clone()).filter(is_sandbox).collect();
        keys.dedup();
        keys
    }
}

/// Names things, the first few in full.
fn named(names: &[String]) -> String {
    const MOST: usize = 8;
    let mut shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        shown.push_str(&format!(", ... (+{})", names.len() - MOST));
    }
    shown
}

const CONSEQUENCES: &[Consequence] = &[
    Consequence {
        id: "nodes.cut",
        keep: Text {
            en: "Leave the row as it is if you use those devices, or allow single commands in gateway.nodes.commands.allow.",
            ja: "その端末を使う場合は該当の行をそのままにするか、必要なコマンドだけを gateway.nodes.commands.allow に残してください。",
        },
        find: |scene| {
            const COMMANDS: Text = Text {
                en: "Paired devices no longer do: {commands}",
                ja: "ペアリング済みの端末で使えなくなるコマンド: {commands}",
            };
            const PAIRING: Text = Text {
                en: "Devices of {nets} no longer pair by themselves: each waits for your approval.",
                ja: "{nets} の端末は自動でペアリングされなくなり、承認が必要です。",
            };
            let gone = |at: &str| -> Vec<String> {
                let now = scene.after.list(at);
                let was = scene.before.list(at).into_iter();
                was.filter(|entry| !now.contains(entry)).map(str::to_owned).collect()
            };
            let mut found = Vec::new();
            for (at, text, name) in [
                ("gateway.nodes.commands.allow", COMMANDS, "commands"),
                ("gateway.nodes.pairing.autoApproveCidrs", PAIRING, "nets"),
            ] {
                let gone = gone(at);
                if !gone.is_empty() {
                    found.push(Found::new(text.with(name, named(&gone)), [Path::from(at)]));
                }
            }
            found
        },
    },
    Consequence {
        id: "hooks.cut",
        keep: Text {
            en: "Give every caller the new token and address at the same time.",
            ja: "呼び出し元すべてに、新しいトークンと URL を同時に設定してください。",
        },
        find: |scene| {
            const TOKEN: Text = Text {
                en: "Hook callers with the old token are turned away.",
                ja: "以前のトークンを使う Webhook の呼び出しは拒否されます。",
            };
            const ADDRESS: Text = Text {
                en: "Hooks answer below {path}; callers of the old address get nothing.",
                ja: "Webhook の URL は {path} に変わります。以前の URL には応答しません。",
            };
            const AGENTS: Text = Text {
                en: "Hook callers reach only these agents: {agents}",
                ja: "Webhook から呼び出せるエージェント: {agents} のみ",
            };
            const SESSIONS: Text = Text {
                en: "Hook callers can no longer choose the session.",
                ja: "Webhook の呼び出し元は、セッションを指定できなくなります。",
            };
            const OFF: Text =
                Text { en: "Hooks are no longer answered.", ja: "Webhook に応答しなくなります。" };
            let was_on = scene.before.is_true("hooks.enabled");
            if !was_on {
                return Vec::new();
            }
            if !scene.after.is_true("hooks.enabled") {
                return vec![Found::new(OFF, [Path::from("hooks.enabled")])];
            }
            let changed = |at: &str| scene.before.get(at) != scene.after.get(at);
            let mut found = Vec::new();
            if changed("hooks.token") && scene.before.get("hooks.token").is_some() {
                found.push(Found::new(TOKEN, [Path::from("hooks.token")]));
            }
            if changed("hooks.path") {
                let path = scene.after.str("hooks.path").unwrap_or("/hooks");
                found.push(Found::new(ADDRESS.with("path", path), [Path::from("hooks.path")]));
            }
            let every = |settings: &Settings| {
                settings.get("hooks.allowedAgentIds").is_none() || settings.list("hooks.allowedAgentIds").contains(&"*")
            };
            let agents = scene.after.list("hooks.allowedAgentIds");
            if changed("hooks.allowedAgentIds")
                && !(every(scene.before) && scene.after.agents().iter().all(|agent| agents.contains(&agent.id)))
            {
                found.push(Found::new(AGENTS.with("agents", agents.join(", ")), [Path::from("hooks.allowedAgentIds")]));
            }
            if scene.before.is_true("hooks.allowRequestSessionKey")
                && !scene.after.is_true("hooks.allowRequestSessionKey")
            {
                found.push(Found::new(SESSIONS, [Path::from("hooks.allowRequestSessionKey")]));
            }
            found
        },
    },
    Consequence {
        id: "sandbox.running",
        keep: Text {
            en: "Nothing is lost: run openclaw sandbox recreate --all once the file is written.",
            ja: "失われるものはありません。書き込み後に openclaw sandbox recreate --all を実行してください。",
        },
        find: |scene| {
            const OLD: Text = Text {
                en: "Sandbox containers that run already keep their old settings until they are made anew.",
                ja: "起動済みのサンドボックスのコンテナは、作り直すまで以前の設定のままです。",
            };
            let had = scene.before.tool_contexts().iter().any(|context| context.sandbox.mode != Mode::Off);
            let keys = scene.sandbox_keys();
            if had && !keys.is_empty() { vec![Found::new(OLD, keys)] } else { Vec::new() }
        },
    },
    Consequence {
        id: "sessions.new",
        keep: Text {
            en: "Nothing is lost on disk: the old conversation stays in the main session, where you find it in the Control UI.",
            ja: "これまでの会話は消えません。Control UI のメインセッションで確認できます。",
        },
        find: |scene| {
            const DMS: Text = Text {
                en: "Private chats begin anew: each sender gets a session of their own, and one owner no longer has one thread across channels.",
                ja: "DM の会話は新しく始まります。送信者ごとに別のセッションになり、チャンネルをまたいだ会話の続きはなくなります。",
            };
            const GROUPS: Text = Text {
                en: "Group chats begin anew, each in a session of its own.",
                ja: "グループの会話は、グループごとに新しいセッションで始まります。",
            };
            let mut found = Vec::new();
            for (key, text, usual) in [("session.dmScope", DMS, "main"), ("session.groupScope", GROUPS, "per-group")] {
                let of = |settings: &Settings| settings.str(key).unwrap_or(usual).to_owned();
                if of(scene.before) != of(scene.after) {
                    found.push(Found::new(text, [Path::from(key)]));
                }
            }
            found
        },
    },
    Consequence {
        id: "sessions.running",
        keep: Text {
            en: "Start those conversations anew with /new once the file is written.",
            ja: "書き込み後、該当の会話で /new を送り、セッションを始め直してください。",
        },
        find: |scene| {
            const RUNNING: Text = Text {
                en: "Conversations that set their own exec or elevated mode keep it until they are started anew.",
                ja: "会話中に /exec や /elevated で変えた設定は、セッションを始め直すまで残ります。",
            };
            let keys: Vec<Path> = scene
                .edits
                .iter()
                .map(|edit| edit.path.clone())
                .filter(|path| {
                    let at = path.to_string();
                    at.contains("tools.exec") || at.contains("tools.elevated")
                })
                .collect();
            if keys.is_empty() { Vec::new() } else { vec![Found::new(RUNNING, keys)] }
        },
    },
    Consequence {
        id: "sandbox.non_main",
        keep: Text {
            en: "Choose mode all to have every session in the sandbox.",
            ja: "すべてのセッションをサンドボックス内で実行するには、mode を all にしてください。",
        },
        find: |scene| {
            const NON_MAIN: Text = Text {
                en: "With mode \"non-main\" the main sessions of {agents} stay on the host, while groups, threads and hooks run in the sandbox.",
                ja: "mode が \"non-main\" のため、{agents} のメインセッションはホストで動き、グループやスレッド、Webhook だけがサンドボックス内で動きます。",
            };
            let boxed = scene.boxed();
            let partly: Vec<&ToolContext> =
                boxed.into_iter().map(|(_, now)| now).filter(|now| now.sandbox.mode == Mode::NonMain).collect();
            if partly.is_empty() {
                return Vec::new();
            }
            let agents: Vec<String> = partly.iter().filter_map(|context| context.agent.clone()).collect();
            vec![Found::new(NON_MAIN.with("agents", named(&agents)), scene.sandbox_keys())]
        },
    },
    Consequence {
        id: "sandbox.engine",
        keep: Text {
            en: "Install and start the engine first, or leave the sandbox off and deny the tools instead.",
            ja: "先にコンテナエンジンを用意するか、サンドボックスをオフのままにして、ツールを拒否してください。",
        },
        find: |scene| {
            const NO_ENGINE: Text = Text {
                en: "No sandbox engine answers here, so sessions of {agents} fail.",
                ja: "コンテナエンジンが応答しないため、{agents} のセッションは失敗します。",
            };
            let agents: Vec<String> = scene.boxed().into_iter().filter_map(|(_, now)| now.agent.clone()).collect();
            if agents.is_empty() || scene.means.engine != Engine::None {
                return Vec::new();
            }
            vec![Found::new(NO_ENGINE.with("agents", named(&agents)), scene.sandbox_keys())]
        },
    },
    Consequence {
        id: "sandbox.image",
        keep: Text {
            en: "Look with docker images (or podman images), and build it before the gateway needs it: scripts/sandbox-setup.sh in OpenClaw's source.",
            ja: "docker images (podman images) で確認し、なければ OpenClaw のソースにある scripts/sandbox-setup.sh で先に作成してください。",
        },
        find: |scene| {
            const IMAGE: Text = Text {
                en: "The sandbox needs the image {image}: where it is missing, sessions of {agents} fail.",
                ja: "サンドボックスにはイメージ {image} が必要です。ないと、{agents} のセッションは失敗します。",
            };
            let boxed = scene.boxed();
            let local = |now: &ToolContext| matches!(now.sandbox.backend.as_str(), "docker" | "podman");
            let agents: Vec<String> =
                boxed.iter().filter(|(_, now)| local(now)).filter_map(|(_, now)| now.agent.clone()).collect();
            if agents.is_empty() || scene.means.engine == Engine::None {
                return Vec::new();
            }
            let image =
                scene.after.str("agents.defaults.sandbox.docker.image").unwrap_or("openclaw-sandbox:bookworm-slim");
            let said = IMAGE.with("image", image).with("agents", named(&agents));
            vec![Found::new(said, scene.sandbox_keys())]
        },
    },
];

/// Whether the sandbox's own lists decide.
fn is_of_sandbox(layer: Layer) -> bool {
    matches!(layer, Layer::Sandbox | Layer::ReadOnly)
}

#[cfg(test)]
mod tests;
