//! Step Network, third part: hooks, by which other programs wake the agents.

use super::network::{NEW_SECRET, fresh, is_weak, secret_in_words};
use super::shapes::switch_off;
use super::{Choice, Control, Row, Scene, Step, as_written, unset_means};
use crate::document::{Edit, Path};
use crate::settings::Secret;
use crate::text::Text;
use serde_json::Value;

pub(super) const CONTROLS: &[Control] = &[TOKEN, PATH, AGENTS, REQUEST_KEY, DEFAULT_KEY, UNSAFE_CONTENT];

fn is_on(scene: &Scene) -> bool {
    scene.now.is_true("hooks.enabled")
}

const TOKEN: Control = Control {
    id: "hooks.token",
    step: Step::Network,
    label: Text { en: "Hooks token", ja: "Webhook のトークン" },
    why: Text {
        en: "Whoever knows this token can give the agents work. If it is also the gateway's secret, every sender of hooks controls the gateway.",
        ja: "このトークンを知る人はエージェントに作業をさせられます。Gateway と同じ値だと、Webhook の送信元が Gateway も操作できます。",
    },
    rows: |scene| if is_on(scene) { vec![token_row(scene)] } else { Vec::new() },
};

fn token_row(scene: &Scene) -> Row {
    const NEW: Text = Text {
        en: "Programs that send hooks are refused until they have the new token. It stands under hooks.token in openclaw.json.",
        ja: "Webhook の送信元は、新しいトークンを設定するまで拒否されます。値は openclaw.json の hooks.token にあります。",
    };
    const BY_HAND: Text = Text {
        en: "The token that the config refers to is weak or also the gateway's. Put 24 or more random characters where it stands: openssl rand -hex 24",
        ja: "参照先のトークンが弱いか、Gateway と同じ値です。参照先を24文字以上のランダムな値に置き換えてください: openssl rand -hex 24",
    };
    const MAKE_ONE: Text = Text {
        en: "Make one with: openssl rand -hex 24. Then: openclaw config set hooks.token SECRET",
        ja: "作るコマンド: openssl rand -hex 24。設定するコマンド: openclaw config set hooks.token SECRET",
    };
    let key = "hooks.token";
    let row = Row::new(key, secret_in_words(scene.now, key, false));
    let auth = scene.now.gateway().auth();
    let is_bad = |token: &str| {
        let token = token.trim();
        is_weak(token) || [&auth.token, &auth.password].into_iter().flatten().any(|secret| secret.trim() == token)
    };
    match scene.now.secret(key) {
        Secret::Plain(token) if !is_bad(&token) => row,
        Secret::Reference(Some(token)) if is_bad(&token) => {
            row.offer(Choice::manual("replace", BY_HAND).called(NEW_SECRET))
        }
        Secret::Reference(_) => row,
        Secret::Plain(_) | Secret::Absent => match fresh(&scene.means.hooks_secret) {
            Some(secret) => row.recommend(Choice::ask("new", vec![Edit::set(key, secret)], NEW).called(NEW_SECRET)),
            None => row.offer(Choice::manual("new", MAKE_ONE).called(NEW_SECRET)),
        },
    }
}

const PATH: Control = Control {
    id: "hooks.path",
    step: Step::Network,
    label: Text { en: "Path of hooks", ja: "Webhook のパス" },
    why: Text {
        en: "At \"/\" hooks would take the place of every other page, so the gateway refuses to start.",
        ja: "\"/\" ではほかのすべてのページと重なるため、Gateway は起動を拒否します。",
    },
    rows: |scene| {
        const MOVED: Text = Text {
            en: "Programs that send hooks must use the path /hooks.",
            ja: "Webhook の送信先を /hooks に変える必要があります。",
        };
        let path = Path::from("hooks.path");
        let root = |path: &str| !path.trim().is_empty() && path.trim().chars().all(|c| c == '/');
        match scene.now.at(&path).and_then(Value::as_str) {
            Some(written) if is_on(scene) && root(written) => {
                let choice = Choice::ask("/hooks", vec![Edit::set(&path, "/hooks")], MOVED);
                vec![Row::new(&path, as_written(scene.now, &path)).recommend(choice)]
            }
            _ => Vec::new(),
        }
    },
};

const AGENTS: Control = Control {
    id: "hooks.allowedAgentIds",
    step: Step::Network,
    label: Text { en: "Agents open to hooks", ja: "Webhook の呼び出し先" },
    why: Text {
        en: "Without a list, hooks reach every agent, also those that you add later.",
        ja: "列挙しないと、あとで追加するエージェントも含め、すべてのエージェントを呼び出せます。",
    },
    rows: |scene| {
        const PRESENT: Text = Text {
            en: "Hooks reach the agents that exist now. Add a later one to hooks.allowedAgentIds.",
            ja: "今あるエージェントだけを呼び出せます。あとで追加したものは hooks.allowedAgentIds に加えてください。",
        };
        if !is_on(scene) {
            return Vec::new();
        }
        let path = Path::from("hooks.allowedAgentIds");
        let row = Row::new(&path, unset_means(scene.now, &path, "*"));
        let listed = scene.now.at(&path).and_then(Value::as_array);
        if listed.is_some_and(|ids| !ids.iter().any(|id| id.as_str().is_some_and(|id| id.trim() == "*"))) {
            return vec![row];
        }
        let ids: Vec<String> = scene.now.agents().iter().map(|agent| agent.id.to_owned()).collect();
        let shown = ids.join(", ");
        vec![row.recommend(Choice::safe("present", vec![Edit::set(&path, ids)], PRESENT).called(shown))]
    },
};

const REQUEST_KEY: Control = Control {
    id: "hooks.allowRequestSessionKey",
    step: Step::Network,
    label: Text { en: "Hooks choose sessions", ja: "セッションの指定" },
    why: Text {
        en: "Whoever sends a hook can write into a session of their choice, yours among them.",
        ja: "Webhook の送信元が、自分のものを含む任意のセッションに書き込めます。",
    },
    rows: |scene| {
        const FIXED: Text = Text {
            en: "A session that a sender asks for is refused; hooks go where your mappings and the default send them.",
            ja: "送信元によるセッションの指定は拒否されます。届け先はマッピングと既定のセッションだけになります。",
        };
        switch_off(scene, "hooks.allowRequestSessionKey", FIXED).into_iter().collect()
    },
};

const DEFAULT_KEY: Control = Control {
    id: "hooks.defaultSessionKey",
    step: Step::Network,
    label: Text { en: "Session for hooks", ja: "Webhook のセッション" },
    why: Text {
        en: "Without it every hook opens a session of its own, and nothing shows which of them came from outside.",
        ja: "未設定だと Webhook ごとに別のセッションが作られ、外部から来たものを見分けられません。",
    },
    rows: |scene| {
        const ONE: Text = Text {
            en: "Hooks without a session of their own share one from now on: {key}. They see each other's talk there.",
            ja: "セッション指定のない Webhook は1つのセッション {key} を共有し、互いの会話が見えるようになります。",
        };
        if !is_on(scene) {
            return Vec::new();
        }
        let path = Path::from("hooks.defaultSessionKey");
        let row = Row::new(&path, as_written(scene.now, &path));
        if scene.now.at(&path).and_then(Value::as_str).is_some_and(|key| !key.trim().is_empty()) {
            return vec![row];
        }
        // The gateway does not start where the key lacks every allowed prefix.
        let prefixes = scene.now.list("hooks.allowedSessionKeyPrefixes");
        let key = match prefixes.first() {
            Some(first) if !prefixes.iter().any(|prefix| "hook:ingress".starts_with(prefix)) => {
                format!("{first}ingress")
            }
            _ => "hook:ingress".to_owned(),
        };
        let choice = Choice::ask(key.clone(), vec![Edit::set(&path, key.as_str())], ONE.with("key", key));
        vec![row.recommend(choice)]
    },
};

const UNSAFE_CONTENT: Control = Control {
    id: "hooks.allowUnsafeExternalContent",
    step: Step::Network,
    label: Text { en: "Unmarked outside text", ja: "外部テキストの無印扱い" },
    why: Text {
        en: "Text from outside reaches the agent without the mark that it is not an order from you.",
        ja: "外部から届いたテキストが、指示ではないという目印なしでエージェントに渡ります。",
    },
    rows: |scene| {
        const MARKED: Text = Text {
            en: "Text from outside is marked as such; a hook that relies on being obeyed may do less.",
            ja: "外部のテキストに目印が付きます。指示として従わせていた Webhook は動きが変わる場合があります。",
        };
        let mappings = scene.now.get("hooks.mappings").and_then(Value::as_array).map_or(0, Vec::len);
        std::iter::once(Path::from("hooks.gmail"))
            .chain((0..mappings).map(|index| Path::from("hooks.mappings").index(index)))
            .filter_map(|place| {
                let whose = place.to_string();
                switch_off(scene, place.key("allowUnsafeExternalContent"), MARKED).map(|row| row.whose(whose))
            })
            .collect()
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::testing::{HOOKS_SECRET, case};
    use crate::posture::{Posture, Weight};
    use serde_json::json;

    const STRONG: &str = "f3a9c1d07be24865a1b2c3d4e5f60718293a4b5c6d7e8f90";
    const TOKEN_ROW: &str = "hooks.token@hooks.token";

    fn hooks(more: Value) -> Value {
        let mut hooks =
            json!({"enabled": true, "token": STRONG, "allowedAgentIds": ["main"], "defaultSessionKey": "hook:x"});
        for (key, value) in more.as_object().into_iter().flatten() {
            hooks[key] = value.clone();
        }
        json!({ "hooks": hooks })
    }

    #[test]
    fn hooks_that_are_fine_or_off_stay() {
        for posture in Posture::ALL {
            assert_eq!(case(hooks(json!({}))).posture(posture).result()["hooks"], hooks(json!({}))["hooks"]);
            let off = json!({"hooks": {"enabled": false, "token": "short", "path": "/"}});
            assert_eq!(case(off.clone()).posture(posture).result()["hooks"], off["hooks"]);
        }
    }

    #[test]
    fn a_missing_or_weak_token_is_replaced_when_it_is_asked_for() {
        for token in [json!(""), json!("short"), json!("change-me-to-a-long-random-token")] {
            let case = case(hooks(json!({ "token": token })));
            assert_eq!(case.becomes("hooks.token"), Some(HOOKS_SECRET.into()));
            assert_eq!(case.only_safe().becomes("hooks.token"), Some(token));
        }
        assert_eq!(case(json!({"hooks": {"enabled": true}})).becomes("hooks.token"), Some(HOOKS_SECRET.into()));
    }

    #[test]
    fn a_token_that_is_the_gateways_too_is_replaced_here_and_not_there() {
        let mut source = hooks(json!({}));
        source["gateway"] = json!({"mode": "local", "auth": {"mode": "token", "token": STRONG}});
        let result = case(source).result();
        assert_eq!(
            (&result["hooks"]["token"], &result["gateway"]["auth"]["token"]),
            (&HOOKS_SECRET.into(), &STRONG.into())
        );
        let by_variable = case(hooks(json!({}))).env("OPENCLAW_GATEWAY_TOKEN", STRONG);
        assert_eq!(by_variable.becomes("hooks.token"), Some(HOOKS_SECRET.into()));
    }

    #[test]
    fn a_reference_is_never_replaced() {
        let source = hooks(json!({"token": "${HOOK_TOKEN}"}));
        for case in [
            case(source.clone()),
            case(source.clone()).env("HOOK_TOKEN", STRONG),
            case(source).env("HOOK_TOKEN", "short"),
        ] {
            assert_eq!(case.becomes("hooks.token"), Some("${HOOK_TOKEN}".into()));
        }
        let weak =
            case(hooks(json!({"token": "${HOOK_TOKEN}"}))).env("HOOK_TOKEN", "short").row(TOKEN_ROW).expect("a row");
        assert_eq!(weak.row.choices.last().map(|choice| choice.weight), Some(Weight::Manual));
    }

    #[test]
    fn hooks_leave_the_root_and_reach_the_present_agents_alone() {
        let mut source = hooks(json!({"path": "/", "allowedAgentIds": ["*"]}));
        source["agents"] = json!({"entries": {"a": {}, "b": {}}});
        let result = case(source.clone()).result();
        assert_eq!(
            (&result["hooks"]["path"], &result["hooks"]["allowedAgentIds"]),
            (&"/hooks".into(), &json!(["a", "b"]))
        );
        assert_eq!(case(source).only_safe().becomes("hooks.allowedAgentIds"), Some(json!(["a", "b"])));
        let none = hooks(json!({"allowedAgentIds": []}));
        assert_eq!(case(none).becomes("hooks.allowedAgentIds"), Some(json!([])), "stricter already");
    }

    #[test]
    fn a_sender_no_longer_chooses_the_session() {
        let source = hooks(json!({"allowRequestSessionKey": true, "defaultSessionKey": ""}));
        let result = case(source).result();
        assert_eq!(result["hooks"]["allowRequestSessionKey"], false);
        assert_eq!(result["hooks"]["defaultSessionKey"], "hook:ingress");
    }

    #[test]
    fn the_default_session_bears_a_prefix_that_is_allowed() {
        let key = |prefixes: Value| {
            case(hooks(json!({"defaultSessionKey": null, "allowedSessionKeyPrefixes": prefixes})))
                .plan()
                .candidate
                .value()["hooks"]["defaultSessionKey"]
                .clone()
        };
        assert_eq!(key(json!(["ci:"])), "ci:ingress");
        assert_eq!(key(json!(["ci:", "hook:"])), "hook:ingress");
    }

    #[test]
    fn outside_text_is_marked_again_everywhere() {
        let source = json!({"hooks": {"gmail": {"allowUnsafeExternalContent": true},
            "mappings": [{"id": "a"}, {"id": "b", "allowUnsafeExternalContent": true}]}});
        let result = case(source.clone()).result();
        assert_eq!(result["hooks"]["gmail"]["allowUnsafeExternalContent"], false);
        assert_eq!(result["hooks"]["mappings"], json!([{"id": "a"}, {"id": "b", "allowUnsafeExternalContent": false}]));
        assert_eq!(case(source.clone()).only_safe().result()["hooks"], source["hooks"]);
    }
}
