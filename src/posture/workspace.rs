//! Step Workspace: which files an agent sees.

use super::sandbox::{mode, sandboxes};
use super::shapes::switch_on;
use super::{Choice, Control, Field, Posture, Row, Scene, Step, as_written, unset_means};
use crate::document::{Edit, Path};
use crate::text::Text;
use serde_json::Value;

pub(super) const CONTROLS: &[Control] = &[ACCESS, ROOTS, FS_ONLY, PATCH_ONLY];

const ACCESS: Control = Control {
    id: "sandbox.workspaceAccess",
    step: Step::Workspace,
    label: Text { en: "Workspace access", ja: "ワークスペースアクセス" },
    why: Text {
        en: "With \"rw\" the agent works on the real files of the workspace; with \"ro\" it reads them; with \"none\" it sees only files of its own.",
        ja: "\"rw\" ではワークスペースの実ファイルを書き換えられ、\"ro\" では読み取りだけ、\"none\" では専用のファイルだけになります。",
    },
    rows: |scene| {
        sandboxes(scene.now)
            .into_iter()
            .filter_map(|(whose, path, file_path)| {
                let own = scene.now.at(&path.key("workspaceAccess")).and_then(Value::as_str);
                if mode(scene.now, &path) == "off" || whose.is_some() && own.is_none() {
                    return None;
                }
                let key = file_path.key("workspaceAccess");
                let mut row = Row::new(&key, unset_means(scene.now, &key, "none"));
                row.whose = whose.map(super::agent);
                // Whoever worked on the real files until now would lose sight of them when the sandbox comes.
                let newly = mode(scene.before, &path) == "off" && own.is_none();
                let current = if newly { "host" } else { own.unwrap_or("none") };
                let keys = if newly && whose.is_none() { newly_sandboxed(scene, &key) } else { vec![key.clone()] };
                if keys.is_empty() {
                    return Some(row);
                }
                let wanted = match (scene.posture, current) {
                    (Posture::Personal, "host") => Some("rw"),
                    (Posture::Shared, "host" | "rw") => Some("ro"),
                    (Posture::Public, "rw") => Some("none"),
                    _ => None,
                };
                for (access, narrower_than) in [("rw", 3), ("ro", 2), ("none", 1)] {
                    let rank = match current {
                        "host" => 3,
                        "rw" => 2,
                        "ro" => 1,
                        _ => 0,
                    };
                    if rank < narrower_than || newly && access == "none" {
                        continue;
                    }
                    let edits = keys.iter().map(|key| Edit::set(key, access)).collect();
                    let choice = Choice::ask(access, edits, effect(access));
                    row = if Some(access) == wanted { row.recommend(choice) } else { row.offer(choice) };
                }
                Some(if newly { row.kept(effect("none")) } else { row })
            })
            .collect()
    },
};

/// Where access is given to those who come into a sandbox: in the defaults, unless an agent that was in one before would get it too.
fn newly_sandboxed(scene: &Scene, defaults: &Path) -> Vec<Path> {
    let agents = scene.now.agents();
    let inherits = |at: &Path| scene.now.at(&at.join("sandbox.workspaceAccess")).is_none();
    let was_in = |at: &Path| mode(scene.before, &at.key("sandbox")) != "off";
    if !agents.iter().any(|known| inherits(known.path) && was_in(known.path)) {
        return vec![defaults.clone()];
    }
    let new = agents.iter().filter(|known| inherits(known.path) && !was_in(known.path) && known.file_path.is_some());
    new.map(|known| scene.now.file_path(&known.path.join("sandbox.workspaceAccess"))).collect()
}

const fn effect(access: &str) -> Text {
    match access.as_bytes() {
        b"rw" => Text {
            en: "The agent goes on working on the real files of its workspace, and sees no others of the host.",
            ja: "エージェントはこれまでどおりワークスペースの実ファイルを使います。ホストのほかのファイルは見えなくなります。",
        },
        b"ro" => Text {
            en: "The agent reads its workspace but can no longer change it: write, edit and apply_patch go away.",
            ja: "ワークスペースは読み取り専用になり、write、edit、apply_patch は使えなくなります。",
        },
        _ => Text {
            en: "The agent no longer sees the files of its workspace; it gets an empty folder of its own in the sandbox.",
            ja: "ワークスペースのファイルは見えなくなり、サンドボックス内に専用の空フォルダーを使います。",
        },
    }
}

const ROOTS: Control = Control {
    id: "agents.workspace",
    step: Step::Workspace,
    label: Text { en: "Workspace folder", ja: "ワークスペースの場所" },
    why: Text {
        en: "A workspace that is a whole home folder, or the whole disk, puts keys and other people's files within the agent's reach.",
        ja: "ホーム全体やディスク全体をワークスペースにすると、鍵や他人のファイルにまで手が届きます。",
    },
    rows: |scene| {
        scene
            .now
            .workspaces()
            .into_iter()
            .map(|known| {
                let key = scene.now.file_path(&known.path);
                let mut row = Row::new(&key, as_written(scene.now, &key));
                row.whose = known.agent.map(super::agent);
                if !scene.now.is_broad_workspace(known.folder) {
                    return row;
                }
                const OWN_FOLDER: Text = Text { en: "a folder of its own", ja: "専用のフォルダー" };
                const FOLDER: Text = Text {
                    en: "A folder made for the agent, as in ~/.openclaw/workspace. It becomes the workspace; move its files there yourself.",
                    ja: "エージェント専用のフォルダーです (~/.openclaw/workspace など)。ここがワークスペースになります。ファイルは自分で移してください。",
                };
                const NARROWER: Text = Text {
                    en: "Type a folder made for the agent, as in ~/.openclaw/workspace, and move its files there. Nothing is moved for you.",
                    ja: "~/.openclaw/workspace のようなエージェント専用のフォルダーを入力し、ファイルはそこへ移してください。自動では移しません。",
                };
                row.offer(Choice::manual("narrower", NARROWER).called(OWN_FOLDER)).field(Field {
                    text: known.folder.to_owned(),
                    list: false,
                    hint: FOLDER,
                    read: read_root,
                })
            })
            .collect()
    },
};

fn read_root(path: &Path, text: &str) -> Result<Vec<Edit>, Text> {
    let text = text.trim();
    if !(text.starts_with('/') || text.starts_with("~/")) {
        return Err(Text {
            en: "The folder must begin with / or ~/", ja: "フォルダーは / または ~/ で始めてください"
        });
    }
    if text.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "~").count()
        < if text.starts_with('~') { 1 } else { 3 }
        || text.contains("..")
    {
        return Err(Text {
            en: "That folder is still too broad: name one made for the agent",
            ja: "範囲が広すぎます。エージェント専用のフォルダーを指定してください",
        });
    }
    Ok(vec![Edit::set(path, text)])
}

const FS_ONLY: Control = Control {
    id: "tools.fs.workspaceOnly",
    step: Step::Workspace,
    label: Text { en: "Files in workspace only", ja: "ワークスペース内のみ" },
    why: Text {
        en: "Without it the file tools open every file of this account, OpenClaw's own tokens among them.",
        ja: "設定しないと、ファイルツールはこのアカウントのすべてのファイル (OpenClaw のトークンを含む) を開けます。",
    },
    rows: |scene| {
        const INSIDE: Text = Text {
            en: "read, write and edit refuse files outside the workspace. Move what the agent needs into it.",
            ja: "ワークスペースの外にあるファイルの読み書きは拒否されます。必要なファイルは中に移してください。",
        };
        let global = Path::from("tools.fs.workspaceOnly");
        let mut row = Row::new(&global, unset_means(scene.now, &global, "false"));
        if !scene.now.is_true("tools.fs.workspaceOnly") {
            row = row.recommend(Choice::ask("true", vec![Edit::set(&global, true)], INSIDE));
        }
        let mut rows = vec![row];
        rows.extend(agents_with(scene, "tools.fs.workspaceOnly", INSIDE));
        rows
    },
};

const PATCH_ONLY: Control = Control {
    id: "tools.exec.applyPatch.workspaceOnly",
    step: Step::Workspace,
    label: Text { en: "Patches in workspace", ja: "パッチもワークスペース内" },
    why: Text {
        en: "When it is off, apply_patch changes files anywhere, though the other file tools may not.",
        ja: "無効にすると、ほかのファイルツールを制限していても apply_patch はどこでもファイルを変更できます。",
    },
    rows: |scene| {
        const INSIDE: Text = Text {
            en: "apply_patch refuses files outside the workspace.",
            ja: "apply_patch はワークスペースの外のファイルを拒否します。",
        };
        let key = "tools.exec.applyPatch.workspaceOnly";
        let mut rows: Vec<Row> = switch_on(scene, key, INSIDE).into_iter().collect();
        rows.extend(agents_with(scene, key, INSIDE));
        rows
    },
};

/// Is a row for each agent that turns a guard off for itself.
fn agents_with(scene: &Scene, key: &str, effect: Text) -> Vec<Row> {
    let agents = scene.now.agents().into_iter();
    agents
        .filter_map(|known| Some(switch_on(scene, known.path.join(key), effect)?.whose(super::agent(known.id))))
        .collect()
}
