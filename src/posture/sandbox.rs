//! Step Sandbox: where tools run.

use super::shapes::WITHOUT;
use super::{Choice, Control, Engine, Posture, Row, Scene, Step, as_written, unset_means};
use crate::document::{Edit, Path};
use crate::settings::Settings;
use crate::text::Text;
use serde_json::{Value, json};

pub(super) const CONTROLS: &[Control] = &[MODE, SCOPE, NETWORK, CAPABILITIES, ROOT, DANGEROUS, BINDS];

/// The defaults and every agent that has a `sandbox` of its own: the agent's id, the loaded path, the file's path.
pub(super) fn sandboxes(settings: &Settings) -> Vec<(Option<&str>, Path, Path)> {
    let defaults = Path::from("agents.defaults.sandbox");
    let mut all = vec![(None, defaults.clone(), defaults)];
    for agent in settings.agents() {
        if settings.below(agent.path, "sandbox").is_some_and(Value::is_object) {
            let path = agent.path.key("sandbox");
            let file_path = settings.file_path(&path);
            all.push((Some(agent.id), path, file_path));
        }
    }
    all
}

fn text_at<'s>(settings: &'s Settings, path: &Path) -> Option<&'s str> {
    settings.at(path).and_then(Value::as_str)
}

/// Is the sandbox mode of the defaults, or of an agent with the defaults behind it.
pub(super) fn mode<'s>(settings: &'s Settings, sandbox: &Path) -> &'s str {
    settings
        .below(sandbox, "mode")
        .and_then(Value::as_str)
        .or_else(|| settings.str("agents.defaults.sandbox.mode"))
        .unwrap_or("off")
}

/// Whether any agent runs in a sandbox, always or sometimes.
fn any_sandboxed(settings: &Settings) -> bool {
    settings.agents().iter().any(|agent| mode(settings, &agent.path.key("sandbox")) != "off")
}

const MODE: Control = Control {
    id: "sandbox.mode",
    step: Step::Sandbox,
    label: Text { en: "Sandbox mode", ja: "サンドボックスモード" },
    why: Text {
        en: "Without a sandbox every tool runs with your own rights: a message that misleads the agent can read your keys and change your files. In a container it reaches only what is mounted there.",
        ja: "サンドボックスがないと、ツールは自分の権限で動きます。受信メッセージに誘導されたエージェントが、鍵の読み取りやファイルの変更をできてしまいます。コンテナ内なら、マウントしたものにしか触れません。",
    },
    rows: |scene| {
        sandboxes(scene.now)
            .into_iter()
            .filter_map(|(whose, path, file_path)| {
                let own = text_at(scene.now, &path.key("mode"));
                if whose.is_some() && own.is_none() {
                    return None;
                }
                let key = file_path.key("mode");
                let mut row = Row::new(&key, unset_means(scene.now, &key, "off"));
                row.whose = whose.map(super::agent);
                Some(match own {
                    Some("all") => row,
                    _ => offer_mode(scene, row, &path, &file_path, own == Some("non-main")),
                })
            })
            .collect()
    },
};

pub(super) const ENGINE_AWAITED: Text = Text {
    en: "The sandbox engine is still being looked for. What can be chosen here shows once that is known.",
    ja: "コンテナエンジンを確認しています。結果が出ると、ここで選べるものが表示されます。",
};

fn offer_mode(scene: &Scene, row: Row, path: &Path, file_path: &Path, half: bool) -> Row {
    let backend = text_at(scene.now, &path.key("backend")).or_else(|| scene.now.str("agents.defaults.sandbox.backend"));
    if scene.means.engine == Engine::Unknown && matches!(backend, None | Some("docker" | "podman")) {
        return row.awaiting(ENGINE_AWAITED);
    }
    let is_usable = match backend {
        None => scene.means.engine != Engine::None,
        Some("docker") => scene.means.engine == Engine::Docker || scene.means.both_engines,
        Some("podman") => scene.means.engine == Engine::Podman || scene.means.both_engines,
        // What runs elsewhere cannot be looked at from here, and is the administrator's choice.
        Some(_) => true,
    };
    if !is_usable {
        const NO_ENGINE: Text = Text {
            en: "{backend} does not answer here: with this every tool call fails until it does. The other way: leave it, let the Tools step deny what runs programs, and come back when an engine runs.",
            ja: "ここでは {backend} が応答しません。応答するまで、ツールの呼び出しはすべて失敗します。代わりに、このままにしてツールの画面でプログラムの実行を拒否し、エンジンの起動後にやり直す方法があります。",
        };
        let backend = backend.unwrap_or("Docker / Podman");
        let edits = vec![Edit::set(file_path.key("mode"), "all")];
        return row.offer(Choice::ask("all", edits, NO_ENGINE.with("backend", backend)));
    }
    let edits = |mode: &str| {
        let mut edits = vec![Edit::set(file_path.key("mode"), mode)];
        if backend.is_none() && scene.means.engine == Engine::Podman {
            edits.push(Edit::set(file_path.key("backend"), "podman"));
        }
        edits
    };
    const NON_MAIN: Text = Text {
        en: "Group and guest sessions run in a container; your own main session still runs on the host.",
        ja: "グループとゲストのセッションはコンテナ内で動きます。自分のメインセッションは引き続きホストで動きます。",
    };
    const ALL: Text = Text {
        en: "Tools run in a container and no longer reach programs and folders of the host. Running containers change after: openclaw sandbox recreate --all",
        ja: "ツールはコンテナ内で動き、ホストのプログラムやフォルダーを使えなくなります。実行中のコンテナに反映するコマンド: openclaw sandbox recreate --all",
    };
    const NO_IMAGE: Text = Text {
        en: "Tools run in a container; but the image {image} is not there, and OpenClaw fetches none: every tool call fails until you build or pull it (docs.openclaw.ai/gateway/sandboxing).",
        ja: "ツールはコンテナ内で動きます。ただしイメージ {image} がなく、OpenClaw は自動で取得しません。ビルドまたは取得するまで、ツールの呼び出しはすべて失敗します (docs.openclaw.ai/gateway/sandboxing)。",
    };
    let row = if half { row } else { row.offer(Choice::ask("non-main", edits("non-main"), NON_MAIN)) };
    let image = text_at(scene.now, &path.join("docker.image"))
        .or_else(|| scene.now.str("agents.defaults.sandbox.docker.image"))
        .unwrap_or("openclaw-sandbox:bookworm-slim");
    let is_local = matches!(backend, None | Some("docker" | "podman"));
    let all = if is_local && scene.means.images.iter().any(|(name, is)| name == image && *is == Some(false)) {
        NO_IMAGE.with("image", image)
    } else {
        ALL.into()
    };
    row.recommend(Choice::ask("all", edits("all"), all))
}

const SCOPE: Control = Control {
    id: "sandbox.scope",
    step: Step::Sandbox,
    label: Text { en: "Sandbox scope", ja: "サンドボックスのスコープ" },
    why: Text {
        en: "A container that agents or people share lets one of them read what another left there.",
        ja: "コンテナを共有すると、ほかのエージェントや送信者が残した内容を読めてしまいます。",
    },
    rows: |scene| {
        let wanted = match scene.posture {
            Posture::Public => "session",
            _ => "agent",
        };
        let rank = |scope: &str| ["session", "agent", "shared"].iter().position(|known| *known == scope);
        sandboxes(scene.now)
            .into_iter()
            .filter_map(|(whose, path, file_path)| {
                let own = text_at(scene.now, &path.key("scope"));
                let applies = if whose.is_some() { own.is_some() } else { own.is_some() || any_sandboxed(scene.now) };
                if !applies {
                    return None;
                }
                let key = file_path.key("scope");
                let mut row = Row::new(&key, unset_means(scene.now, &key, "agent"));
                row.whose = whose.map(super::agent);
                let current = own.unwrap_or("agent");
                const NARROWER: Text = Text {
                    en: "Each {scope} gets a container of its own. What one left in a shared container is no longer seen by the others.",
                    ja: "{scope} ごとに専用のコンテナを使います。共有コンテナに残したものは、ほかからは見えなくなります。",
                };
                for scope in ["agent", "session"] {
                    if rank(scope) < rank(current) {
                        let choice = Choice::ask(scope, vec![Edit::set(&key, scope)], NARROWER.with("scope", scope));
                        row = if scope == wanted { row.recommend(choice) } else { row.offer(choice) };
                    }
                }
                Some(row)
            })
            .collect()
    },
};

const NETWORK: Control = Control {
    id: "sandbox.docker.network",
    step: Step::Sandbox,
    label: Text { en: "Container network", ja: "コンテナのネットワーク" },
    why: Text {
        en: "A container in the network of the host or of another container reaches services that trust local callers, the gateway among them.",
        ja: "ホストやほかのコンテナのネットワークに入ると、Gateway を含む、ローカル接続を信頼するサービスに届きます。",
    },
    rows: |scene| {
        sandboxes(scene.now)
            .into_iter()
            .filter_map(|(whose, path, file_path)| {
                let network = text_at(scene.now, &path.join("docker.network"))?;
                let key = file_path.join("docker.network");
                let mut row = Row::new(&key, as_written(scene.now, &key));
                row.whose = whose.map(super::agent);
                if network == "none" {
                    return Some(row);
                }
                const CUT: Text = Text {
                    en: "Programs in the container no longer reach any network; web tools of the gateway still work.",
                    ja: "コンテナ内のプログラムはネットワークに接続できなくなります。Gateway の Web ツールはそのまま使えます。",
                };
                let choice = Choice::ask("none", leave_namespace(scene.now, &path, &file_path), CUT);
                let shares = network == "host" || network.starts_with("container:");
                Some(if shares || scene.posture == Posture::Public { row.recommend(choice) } else { row.offer(choice) })
            })
            .collect()
    },
};

/// Takes a container out of a foreign network, and with it the switch that allowed it.
fn leave_namespace(settings: &Settings, path: &Path, file_path: &Path) -> Vec<Edit> {
    let mut edits = vec![Edit::set(file_path.join("docker.network"), "none")];
    let switch = "docker.dangerouslyAllowContainerNamespaceJoin";
    if settings.at(&path.join(switch)) == Some(&Value::Bool(true)) {
        edits.push(Edit::set(file_path.join(switch), false));
    }
    edits
}

const CAPABILITIES: Control = Control {
    id: "sandbox.docker.capDrop",
    step: Step::Sandbox,
    label: Text { en: "Kernel capabilities", ja: "カーネルの特権" },
    why: Text {
        en: "Kernel capabilities that a container keeps are the usual way out of it.",
        ja: "コンテナに残したカーネルの特権 (capability) は、コンテナから抜け出す足がかりになります。",
    },
    rows: |scene| {
        places(
            scene,
            "docker.capDrop",
            |value| {
                value.as_array().is_some_and(|caps| {
                    !caps.iter().any(|cap| cap.as_str().is_some_and(|cap| cap.eq_ignore_ascii_case("all")))
                })
            },
            json!(["ALL"]),
            Text {
                en: "Programs in the container that need a capability, such as ping, stop working there.",
                ja: "ping など、特権を必要とするプログラムはコンテナ内で動かなくなります。",
            },
        )
    },
};

const ROOT: Control = Control {
    id: "sandbox.docker.readOnlyRoot",
    step: Step::Sandbox,
    label: Text { en: "Read-only root", ja: "ルートを読み取り専用に" },
    why: Text {
        en: "A container whose own system can be changed keeps what an attacker puts there.",
        ja: "コンテナのシステムに書き込めると、攻撃者が置いたものが残り続けます。",
    },
    rows: |scene| {
        places(
            scene,
            "docker.readOnlyRoot",
            |value| value == &Value::Bool(false),
            json!(true),
            Text {
                en: "Programs can no longer be installed inside the running container; put them into its image.",
                ja: "実行中のコンテナにはプログラムを追加できなくなります。必要なものはイメージに入れてください。",
            },
        )
    },
};

const DANGEROUS: Control = Control {
    id: "sandbox.docker.dangerously",
    step: Step::Sandbox,
    label: Text { en: "Container safety off", ja: "コンテナの安全策の解除" },
    why: Text {
        en: "These switches turn off OpenClaw's own guards against mounts and networks that lead out of the container.",
        ja: "コンテナの外につながるマウントやネットワークを防ぐ、OpenClaw 自身の安全策を外す設定です。",
    },
    rows: |scene| {
        const GUARDED: Text = Text {
            en: "OpenClaw refuses such mounts and networks again; a container that needs them no longer starts.",
            ja: "OpenClaw はそのようなマウントやネットワークを再び拒否します。それらが必要なコンテナは起動しなくなります。",
        };
        let mut rows = Vec::new();
        for switch in ["ReservedContainerTargets", "ExternalBindSources", "ContainerNamespaceJoin"] {
            for (whose, path, file_path) in sandboxes(scene.now) {
                let key = format!("docker.dangerouslyAllow{switch}");
                if scene.now.at(&path.join(key.as_str())) != Some(&Value::Bool(true)) {
                    continue;
                }
                let joined = switch == "ContainerNamespaceJoin"
                    && text_at(scene.now, &path.join("docker.network"))
                        .is_some_and(|network| network.starts_with("container:"));
                let edits = if joined {
                    leave_namespace(scene.now, &path, &file_path)
                } else {
                    vec![Edit::set(file_path.join(key.as_str()), false)]
                };
                let mut row =
                    Row::new(file_path.join(key.as_str()), as_written(scene.now, &file_path.join(key.as_str())));
                row.whose = whose.map(super::agent);
                rows.push(row.recommend(Choice::ask("false", edits, GUARDED)));
            }
        }
        rows
    },
};

const BINDS: Control = Control {
    id: "sandbox.docker.binds",
    step: Step::Sandbox,
    label: Text { en: "Mounted host folders", ja: "ホストのマウント" },
    why: Text {
        en: "A mount of a system folder, of the Docker socket or of your keys hands the host to whatever runs in the container.",
        ja: "システムのフォルダー、Docker のソケット、鍵をマウントすると、コンテナ内のプログラムにホストを渡すことになります。",
    },
    rows: |scene| {
        const UNMOUNTED: Text = Text {
            en: "Programs in the container no longer see {binds}.",
            ja: "コンテナ内のプログラムから {binds} が見えなくなります。",
        };
        sandboxes(scene.now)
            .into_iter()
            .filter_map(|(whose, path, file_path)| {
                let key = file_path.join("docker.binds");
                let binds = scene.now.at(&path.join("docker.binds"))?.as_array()?;
                let home = scene.now.facts.home.as_deref();
                let is_dangerous = |bind: &Value| {
                    bind.as_str().is_some_and(|bind| crate::settings::dangerous_bind(bind, home).is_some())
                };
                let (bad, good): (Vec<&Value>, Vec<&Value>) = binds.iter().partition(|bind| is_dangerous(bind));
                let mut row = Row::new(&key, as_written(scene.now, &key));
                row.whose = whose.map(super::agent);
                if bad.is_empty() {
                    return Some(row);
                }
                let names: Vec<&str> = bad.iter().filter_map(|bind| bind.as_str()).collect();
                let edit = if good.is_empty() { Edit::remove(&key) } else { Edit::set(&key, json!(good)) };
                let names = names.join(", ");
                let choice = Choice::ask("remove", vec![edit], UNMOUNTED.with("binds", &names));
                Some(row.recommend(choice.called(WITHOUT.with("names", names))))
            })
            .collect()
    },
};

/// Is a row for each sandbox where `key` has a risky value: it is shown with the safe one recommended.
fn places(scene: &Scene, key: &str, risky: fn(&Value) -> bool, safe: Value, effect: Text) -> Vec<Row> {
    sandboxes(scene.now)
        .into_iter()
        .filter_map(|(whose, path, file_path)| {
            let value = scene.now.at(&path.join(key))?;
            let key = file_path.join(key);
            let mut row = Row::new(&key, as_written(scene.now, &key));
            row.whose = whose.map(super::agent);
            Some(if risky(value) {
                let shown = match &safe {
                    Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
                    other => other.to_string(),
                };
                row.recommend(Choice::ask(shown, vec![Edit::set(&key, safe.clone())], effect))
            } else {
                row
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::Weight;
    use crate::posture::testing::{Case, case, recommended};
    use crate::text::Lang;

    const MODE: &str = "sandbox.mode@agents.defaults.sandbox.mode";

    fn choice(case: &Case, value: &str) -> (String, Weight, bool) {
        let row = case.row(MODE).expect("a row").row;
        let is_recommended = recommended(&row) == value;
        let choice = row.choices.iter().find(|choice| choice.value == value).cloned().expect("offered");
        (choice.effect.of(Lang::En), choice.weight, is_recommended)
    }

    #[test]
    fn without_an_engine_a_sandbox_is_offered_with_its_price_and_the_other_way() {
        let (effect, weight, is_recommended) = choice(&case(json!({})), "all");
        assert!(effect.contains("every tool call fails") && effect.contains("The other way"), "{effect}");
        assert_eq!((weight, is_recommended), (Weight::Ask, false));
    }

    #[test]
    fn an_image_that_is_not_there_is_named_before_the_sandbox_is_on() {
        let with = |is| case(json!({})).engine(Engine::Docker, &[("openclaw-sandbox:bookworm-slim", is)]);
        let (effect, _, is_recommended) = choice(&with(false), "all");
        assert!(effect.contains("openclaw-sandbox:bookworm-slim is not there") && is_recommended, "{effect}");
        assert!(!choice(&with(true), "all").0.contains("not there"));
    }

    #[test]
    fn while_the_engine_is_looked_for_nothing_is_offered_but_where_none_is_needed() {
        let backend = |backend: &str| json!({"agents": {"defaults": {"sandbox": {"backend": backend}}}});
        let row = |config| case(config).engine(Engine::Unknown, &[]).row(MODE).expect("a row").row;
        for config in [json!({}), backend("docker"), backend("podman")] {
            let row = row(config);
            assert!(row.awaits.is_some() && row.choices.len() == 1 && row.recommended == 0);
        }
        let elsewhere = row(backend("ssh"));
        assert!(elsewhere.awaits.is_none() && recommended(&elsewhere) == "all");
        let boxed = row(json!({"agents": {"defaults": {"sandbox": {"mode": "all"}}}}));
        assert!(boxed.awaits.is_none(), "what is as it should be waits for nothing");
    }

    #[test]
    fn a_backend_that_is_named_is_kept_and_only_its_own_engine_counts_for_it() {
        let named = |backend: &str| json!({"agents": {"defaults": {"sandbox": {"backend": backend}}}});
        assert!(!choice(&case(named("podman")).engine(Engine::Docker, &[]), "all").2);
        assert!(choice(&case(named("ssh")), "all").2);
        let kept = case(named("podman")).engine(Engine::Podman, &[]).becomes("agents.defaults.sandbox.backend");
        assert_eq!(kept, Some(json!("podman")));
    }
}
