//! Step Tools: how programs are run, and by whose word.

use super::sandbox::ENGINE_AWAITED;
use super::shapes::{switch_off, take_out};
use super::{Choice, Control, Engine, Row, Scene, Step, agent, unset_means};
use crate::document::{Edit, Path};
use crate::settings::Settings;
use crate::settings::tools::{Mode, Security, ToolContext, catalogue};
use crate::text::{Said, Text};
use serde_json::Value;

pub(super) const EXEC: Control = Control {
    id: "tools.exec",
    step: Step::Tools,
    label: Text { en: "How programs are run", ja: "プログラムの実行方法" },
    why: Text {
        en: "Where nothing is set, every command runs on this machine with your rights and nobody is asked, though the audit counts it as denied.",
        ja: "未設定だと、どのコマンドも確認なしに自分の権限でこのマシン上で動きます。監査では拒否とみなされるため、検出されません。",
    },
    rows: |scene| {
        let contexts = scene.now.tool_contexts();
        contexts
            .iter()
            .filter_map(|context| {
                let exec = context.at.key("exec");
                let own = scene.now.at(&exec);
                let sets = |key: &str| own.is_some_and(|own| own.get(key).is_some_and(|value| !value.is_null()));
                if context.agent.is_some() && !["mode", "security", "ask"].into_iter().any(sets) {
                    return None;
                }
                let exec = scene.now.file_path(&exec);
                let key = exec.key(if sets("security") || sets("ask") { "security" } else { "mode" });
                let mut row = Row::new(&key, unset_means(scene.now, &key, "full"));
                row.whose = context.agent.as_deref().map(agent);
                Some(offer_exec(scene, row, context, &exec, sets("host")))
            })
            .collect()
    },
};

fn offer_exec(scene: &Scene, row: Row, context: &ToolContext, exec: &Path, has_host: bool) -> Row {
    const DENY: Text = Text {
        en: "Every command is refused, even where a tool list would allow it.",
        ja: "ツールの一覧で許可していても、コマンドはすべて拒否されます。",
    };
    const ASK: Text = Text {
        en: "Commands run in the sandbox alone and never on this machine; inside it nobody is asked.",
        ja: "コマンドはサンドボックス内だけで動き、このマシンでは動きません。サンドボックス内では承認を求めません。",
    };
    if context.exec.security == Some(Security::Deny) {
        return row;
    }
    // `mode` may not stand beside `security` and `ask` in one object.
    let paired = row.path.last_key() == Some("security");
    let denied = Choice::ask("deny", vec![Edit::set(&row.path, "deny")], DENY);
    let sandboxed = scene.now.tool_contexts().iter().all(|context| context.sandbox.mode == Mode::All);
    let narrows = context.exec.security != Some(Security::Allowlist);
    if sandboxed && narrows && scene.means.engine == Engine::Unknown {
        return row.awaiting(ENGINE_AWAITED);
    }
    let row = if sandboxed && narrows && scene.means.engine != Engine::None {
        let mut edits = if paired {
            vec![Edit::set(exec.key("security"), "allowlist"), Edit::set(exec.key("ask"), "on-miss")]
        } else {
            vec![Edit::set(exec.key("mode"), "ask")]
        };
        if !has_host {
            edits.push(Edit::set(exec.key("host"), "sandbox"));
        }
        row.offer(Choice::ask("ask", edits, ASK))
    } else {
        row
    };
    row.recommend(denied)
}

pub(super) const ELEVATED: Control = Control {
    id: "tools.elevated.enabled",
    step: Step::Tools,
    label: Text { en: "Elevated mode", ja: "昇格モード" },
    why: Text {
        en: "Whoever is on its list can have commands run on the host from inside the sandbox, by saying so in the chat.",
        ja: "一覧に載った送信者は、チャットで指示するだけで、サンドボックスの外のホスト上でコマンドを実行できます。",
    },
    rows: |scene| {
        const LISTED: Text = Text {
            en: "The senders on the list can no longer run commands on the host from the chat.",
            ja: "一覧の送信者は、チャットからホスト上のコマンドを実行できなくなります。",
        };
        const NOBODY: Text = Text {
            en: "Nobody is on its list, so nobody loses anything.",
            ja: "一覧は空なので、影響を受ける人はいません。",
        };
        let global = Path::from("tools.elevated.enabled");
        let listed = scene
            .now
            .get("tools.elevated.allowFrom")
            .and_then(Value::as_object)
            .is_some_and(|lists| lists.values().any(|list| list.as_array().is_some_and(|list| !list.is_empty())));
        let mut row = Row::new(&global, unset_means(scene.now, &global, "true"));
        if !scene.now.is_false("tools.elevated.enabled") {
            let edits = vec![Edit::set(&global, false)];
            row = row.recommend(if listed {
                Choice::ask("false", edits, LISTED)
            } else {
                Choice::safe("false", edits, NOBODY)
            });
        }
        let mut rows = vec![row];
        for known in scene.now.agents() {
            let row = switch_off(scene, known.path.join("tools.elevated.enabled"), LISTED);
            rows.extend(row.map(|row| row.whose(agent(known.id))));
        }
        rows
    },
};

/// The global `tools` and those of every agent: whose it is, and the loaded path.
fn sections(settings: &Settings) -> Vec<(Option<Said>, Path)> {
    let agents = settings.agents();
    let own = agents.iter().map(|known| (Some(agent(known.id)), known.path.key("tools")));
    std::iter::once((None, Path::from("tools"))).chain(own).collect()
}

/// Is a row for each list at `key` of a `tools` section, with the risky entries taken out.
fn lists(scene: &Scene, key: &str, is_risky: impl Fn(&str) -> bool, effect: Text) -> Vec<Row> {
    let rows = sections(scene.now).into_iter().filter_map(|(whose, tools)| {
        let mut row = take_out(scene, tools.join(key), &is_risky, effect)?;
        row.whose = whose;
        Some(row)
    });
    rows.collect()
}

pub(super) const SAFE_BINS: Control = Control {
    id: "tools.exec.safeBins",
    step: Step::Tools,
    label: Text { en: "Unapproved programs", ja: "承認不要のプログラム" },
    why: Text {
        en: "An interpreter on this list runs any program text without anybody being asked.",
        ja: "この一覧にインタープリターがあると、どんなプログラムでも承認なしに実行できます。",
    },
    rows: |scene| {
        lists(
            scene,
            "exec.safeBins",
            |name| {
                let name = name.trim().to_lowercase();
                let base = name.rsplit('/').next().unwrap_or(&name);
                catalogue().interpreters.iter().chain(&catalogue().broad_bins).any(|known| known == base)
            },
            Text { en: "{names} will need an approval.", ja: "{names} には承認が必要になります。" },
        )
    },
};

pub(super) const SAFE_DIRS: Control = Control {
    id: "tools.exec.safeBinTrustedDirs",
    step: Step::Tools,
    label: Text { en: "Trusted program folders", ja: "信頼するフォルダー" },
    why: Text {
        en: "Whoever can write to a trusted folder can put a program there that then runs without approval.",
        ja: "信頼するフォルダーに書き込める人は、承認なしに動くプログラムを置けてしまいます。",
    },
    rows: |scene| {
        lists(
            scene,
            "exec.safeBinTrustedDirs",
            |folder| !matches!(folder.trim().trim_end_matches('/'), "/usr/bin" | "/bin"),
            Text {
                en: "Programs in {names} will need an approval.",
                ja: "{names} のプログラムには承認が必要になります。",
            },
        )
    },
};

pub(super) const COMMANDS: Control = Control {
    id: "commands",
    step: Step::Tools,
    label: Text { en: "Powerful chat commands", ja: "強力なチャットコマンド" },
    why: Text {
        en: "These commands run programs or change OpenClaw from the chat: whoever takes over an approved account has them.",
        ja: "チャットからプログラムの実行や OpenClaw の変更ができます。承認済みアカウントを乗っ取った第三者にも使えます。",
    },
    rows: |scene| {
        const GONE: Text = Text {
            en: "The command no longer works in the chat; the openclaw command line still does it.",
            ja: "チャットではこのコマンドを使えなくなります。openclaw コマンドからは続けられます。",
        };
        let flags = ["bash", "config", "mcp", "plugins", "debug"];
        flags.iter().filter_map(|flag| switch_off(scene, Path::from("commands").key(*flag), GONE)).collect()
    },
};
