//! Step Network, second part: what the gateway serves, and what it tells the network.

use super::network::listens_beyond;
use super::shapes::{WITHOUT, lines, switch_off, take_out};
use super::{Choice, Control, Field, Posture, Row, Scene, Step, as_written, unset_means};
use crate::document::{Edit, Path};
use crate::text::Text;
use serde_json::{Value, json};

pub(super) const CONTROLS: &[Control] =
    &[ORIGINS, UI_GUARDS, EMBEDS, MDNS, HTTP_TOOLS, NODE_COMMANDS, NODE_PAIRING, ENDPOINTS, TERMINAL];

const ORIGINS: Control = Control {
    id: "gateway.controlUi.allowedOrigins",
    step: Step::Network,
    label: Text { en: "Control UI origins", ja: "許可オリジン" },
    why: Text {
        en: "A web page that you visit can talk to the Control UI unless only its own addresses are allowed.",
        ja: "許可オリジンを絞らないと、閲覧中の別の Web ページから Control UI に接続できます。",
    },
    rows: |scene| origins_row(scene).into_iter().collect(),
};

fn origins_row(scene: &Scene) -> Option<Row> {
    const DROPPED: Text = Text {
        en: "Pages from other addresses can no longer use the Control UI. Add yours with: openclaw config set gateway.controlUi.allowedOrigins '[\"https://HOST\"]'",
        ja: "他のアドレスのページからは Control UI を使えなくなります。追加するコマンド: openclaw config set gateway.controlUi.allowedOrigins '[\"https://HOST\"]'",
    };
    const LOCAL: Text = Text {
        en: "The Control UI answers pages of this machine alone, as OpenClaw does where nothing is listed. Type https://HOST to open it under another address.",
        ja: "Control UI はこのマシンのページにだけ応答します (未設定のときの OpenClaw の動作と同じです)。別のアドレスで開く場合は https://HOST を入力してください。",
    };
    const DISABLED: Text = Text {
        en: "Nobody can open the Control UI any more; channels and the openclaw command stay. Back with: openclaw config set gateway.controlUi.enabled true",
        ja: "Control UI は開けなくなります。チャンネルと openclaw コマンドはそのままです。元に戻すコマンド: openclaw config set gateway.controlUi.enabled true",
    };
    const HERE: Text = Text { en: "this machine alone", ja: "このマシンのみ" };
    const NO_UI: Text = Text { en: "no Control UI", ja: "Control UI を無効" };
    const ORIGINS: Text = Text {
        en: "An entry is the address under which you open the Control UI: https://claw.example.org. Pages from other addresses are refused then.",
        ja: "1件は、Control UI を開くアドレスです (https://claw.example.org など)。確定すると、ほかのアドレスのページは拒否されます。",
    };
    let without = || WITHOUT.with("names", "\"*\"");
    let gateway = scene.now.gateway();
    let open = listens_beyond(scene) && gateway.has_control_ui() && !gateway.is_elsewhere();
    let listed = gateway.allowed_origins();
    let path = Path::from("gateway.controlUi.allowedOrigins");
    let row = Row::new(&path, as_written(scene.now, &path));
    let exact: Vec<&str> = listed.iter().copied().filter(|origin| *origin != "*").collect();
    let wildcard = exact.len() < listed.len();
    if !wildcard && (!exact.is_empty() || !open) {
        return (!listed.is_empty()).then_some(row);
    }
    let port = gateway.port();
    let here = || json!([format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")]);
    let fell_back = scene.now.is_true("gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback");
    let row = match (exact.is_empty(), open) {
        (false, _) => {
            row.recommend(Choice::ask("exact", vec![Edit::set(&path, exact.clone())], DROPPED).called(without()))
        }
        (true, false) => row.recommend(Choice::ask("exact", vec![Edit::remove(&path)], DROPPED).called(without())),
        // OpenClaw puts the same in by itself as it starts, unless a flag or a wildcard has taken its place.
        (true, true) if wildcard || fell_back => {
            row.recommend(Choice::ask("local", vec![Edit::set(&path, here())], DROPPED).called(HERE))
        }
        (true, true) => row.recommend(Choice::safe("local", vec![Edit::set(&path, here())], LOCAL).called(HERE)),
    };
    if !open {
        return Some(row);
    }
    let off = vec![Edit::set("gateway.controlUi.enabled", false)];
    Some(row.offer(Choice::ask("disabled", off, DISABLED).called(NO_UI)).field(Field {
        text: exact.join("\n"),
        list: true,
        hint: ORIGINS,
        read: read_origins,
    }))
}

fn read_origins(path: &Path, text: &str) -> Result<Vec<Edit>, Text> {
    let origins = lines(text);
    let is_exact = |origin: &&str| {
        let host = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
            (Some(host), _) => host,
            (None, Some(host)) if ["localhost", "127.0.0.1"].contains(&host.split(':').next().unwrap_or("")) => host,
            _ => return false,
        };
        let (name, port) = host.rsplit_once(':').unwrap_or((host, "443"));
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    if origins.is_empty() || !origins.iter().all(is_exact) {
        return Err(Text {
            en: "Write each origin as https://host or https://host:port, without a path",
            ja: "オリジンは https://host または https://host:port の形で、パスなしで入力してください",
        });
    }
    Ok(vec![Edit::set(path, origins)])
}

const UI_GUARDS: Control = Control {
    id: "gateway.controlUi.dangerously",
    step: Step::Network,
    label: Text { en: "Control UI guards off", ja: "Control UI の安全策" },
    why: Text {
        en: "With these guards off, a stolen secret or a prepared web page is enough to control the agents.",
        ja: "安全策を外すと、盗まれたシークレットや細工された Web ページだけでエージェントを操作できます。",
    },
    rows: |scene| {
        const DEVICES: Text = Text {
            en: "Every browser that uses the Control UI must be approved once: openclaw devices approve <requestId>",
            ja: "Control UI を使うブラウザごとに、一度だけ承認が必要になります: openclaw devices approve <requestId>",
        };
        const HOST_HEADER: Text = Text {
            en: "Pages under addresses that are not listed can no longer use the Control UI: add yours to gateway.controlUi.allowedOrigins.",
            ja: "一覧にないアドレスからは Control UI を使えなくなります。使うアドレスを gateway.controlUi.allowedOrigins に加えてください。",
        };
        [
            ("gateway.controlUi.dangerouslyDisableDeviceAuth", DEVICES),
            ("gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback", HOST_HEADER),
        ]
        .into_iter()
        .filter_map(|(flag, effect)| switch_off(scene, flag, effect))
        .collect()
    },
};

const EMBEDS: Control = Control {
    id: "gateway.controlUi.embed",
    step: Step::Network,
    label: Text { en: "Embedded pages", ja: "埋め込みページ" },
    why: Text {
        en: "A page that an agent embeds runs beside your session and can act in your name if it is trusted too far.",
        ja: "エージェントが埋め込んだページは管理画面の中で動きます。信頼しすぎると、自分の名前で操作されます。",
    },
    rows: |scene| {
        const NO_FOREIGN: Text = Text {
            en: "Pages of other sites are no longer shown inside the Control UI; their links still open.",
            ja: "他のサイトのページは Control UI 内に表示されなくなります。リンクは開けます。",
        };
        const SCRIPTS: Text = Text {
            en: "Embedded pages still run scripts, but apart from the Control UI and your session.",
            ja: "埋め込みページのスクリプトは動きますが、Control UI と自分のセッションからは切り離されます。",
        };
        const SANDBOX: Text = Text { en: "Embed sandbox", ja: "埋め込みの制限" };
        let mut rows: Vec<Row> =
            switch_off(scene, "gateway.controlUi.allowExternalEmbedUrls", NO_FOREIGN).into_iter().collect();
        let path = Path::from("gateway.controlUi.embedSandbox");
        if scene.now.at(&path).and_then(Value::as_str) == Some("trusted") {
            let choice = Choice::ask("scripts", vec![Edit::set(&path, "scripts")], SCRIPTS);
            let mut row = Row::new(&path, as_written(scene.now, &path)).recommend(choice);
            row.label = Some(SANDBOX);
            rows.push(row);
        }
        rows
    },
};

const MDNS: Control = Control {
    id: "discovery.mdns.mode",
    step: Step::Network,
    label: Text { en: "Announcement (mDNS)", ja: "mDNS での通知" },
    why: Text {
        en: "\"full\" tells everybody on the local network where OpenClaw is installed and how to reach it over SSH.",
        ja: "\"full\" では、LAN 内の全員にインストール先と SSH の接続先を知らせます。",
    },
    rows: |scene| {
        const MINIMAL: Text = Text {
            en: "Apps still find the gateway; paths and the SSH port are no longer told.",
            ja: "アプリは引き続き Gateway を見つけられます。パスと SSH のポートは知らせなくなります。",
        };
        const OFF: Text = Text {
            en: "Apps no longer find the gateway by themselves: type its address there.",
            ja: "アプリは Gateway を自動で見つけられなくなります。アプリにアドレスを入力してください。",
        };
        let path = Path::from("discovery.mdns.mode");
        let Some(mode) = scene.now.at(&path).and_then(Value::as_str) else {
            return Vec::new();
        };
        let row = Row::new(&path, as_written(scene.now, &path));
        let minimal = Choice::safe("minimal", vec![Edit::set(&path, "minimal")], MINIMAL);
        let off = Choice::ask("off", vec![Edit::set(&path, "off")], OFF);
        vec![match (mode, scene.posture) {
            ("full", Posture::Personal) => row.recommend(minimal).offer(off),
            ("full", _) => row.offer(minimal).recommend(off),
            ("off", _) => row,
            _ => row.offer(off),
        }]
    },
};

/// Tools that may not be called over HTTP without an agent (OpenClaw 2026.9.6, `gateway.tools_invoke_http.dangerous_allow`).
const DANGEROUS_OVER_HTTP: [&str; 20] = [
    "exec",
    "spawn",
    "shell",
    "fs_write",
    "fs_delete",
    "fs_move",
    "apply_patch",
    "terminal",
    "portal",
    "sessions_spawn",
    "sessions_send",
    "conversations_list",
    "conversations_send",
    "conversations_turn",
    "automations",
    "gateway",
    "plugins",
    "nodes",
    "computer",
    "mobile_ui",
];

const HTTP_TOOLS: Control = Control {
    id: "gateway.tools.allow",
    step: Step::Network,
    label: Text { en: "Tools over HTTP", ja: "HTTP 経由のツール" },
    why: Text {
        en: "Whoever holds the gateway's secret can call these tools over HTTP, with no agent in between.",
        ja: "Gateway のシークレットを持つ人は、エージェントを介さずに HTTP でこれらのツールを呼び出せます。",
    },
    rows: |scene| {
        const REFUSED: Text = Text {
            en: "Programs that call {names} over HTTP are refused.",
            ja: "HTTP 経由で {names} を呼び出すプログラムは拒否されます。",
        };
        let is_dangerous = |name: &str| {
            let name = name.to_lowercase();
            name == "openclaw" || DANGEROUS_OVER_HTTP.contains(&name.as_str())
        };
        take_out(scene, "gateway.tools.allow", is_dangerous, REFUSED).into_iter().collect()
    },
};

/// Commands of nodes that watch, write or send (OpenClaw 2026.9.6, `gateway.nodes.allow_commands_dangerous`).
const DANGEROUS_ON_NODES: [&str; 10] = [
    "camera.snap",
    "camera.clip",
    "camera.ptz.control",
    "screen.record",
    "contacts.add",
    "calendar.add",
    "reminders.add",
    "sms.send",
    "sms.search",
    "health.summary",
];

const NODE_COMMANDS: Control = Control {
    id: "gateway.nodes.commands.allow",
    step: Step::Network,
    label: Text { en: "Commands of nodes", ja: "ノードのコマンド" },
    why: Text {
        en: "An agent that is misled can watch through the camera, read or send messages and change contacts on a paired device.",
        ja: "誘導されたエージェントが、ペアリング済みの端末のカメラ、メッセージ、連絡先を操作できます。",
    },
    rows: |scene| {
        const REFUSED: Text = Text {
            en: "Agents can no longer use {names} on paired devices.",
            ja: "ペアリング済みの端末で {names} を使えなくなります。",
        };
        let denied: Vec<String> =
            scene.now.list("gateway.nodes.commands.deny").into_iter().map(str::to_owned).collect();
        let is_dangerous = |name: &str| DANGEROUS_ON_NODES.contains(&name) && !denied.iter().any(|deny| deny == name);
        take_out(scene, "gateway.nodes.commands.allow", is_dangerous, REFUSED).into_iter().collect()
    },
};

const NODE_PAIRING: Control = Control {
    id: "gateway.nodes.pairing.autoApproveCidrs",
    step: Step::Network,
    label: Text { en: "Nodes approved unseen", ja: "ノードの自動承認" },
    why: Text {
        en: "Every machine of these networks becomes a node without being asked for.",
        ja: "これらのネットワークのマシンは、確認なしでノードになります。",
    },
    rows: |scene| {
        const ASKED: Text = Text {
            en: "New nodes wait for you; those that are approved stay. Approve one with: openclaw nodes approve <requestId>",
            ja: "新しいノードは承認待ちになります。承認済みのノードはそのままです。承認するコマンド: openclaw nodes approve <requestId>",
        };
        let path = Path::from("gateway.nodes.pairing.autoApproveCidrs");
        let cidrs = scene.now.at(&path).and_then(Value::as_array);
        let row = |_| {
            let none = Choice::ask("[]", vec![Edit::set(&path, json!([]))], ASKED);
            Row::new(&path, as_written(scene.now, &path)).recommend(none)
        };
        cidrs.filter(|cidrs| !cidrs.is_empty()).map(row).into_iter().collect()
    },
};

const ENDPOINTS: Control = Control {
    id: "gateway.http.endpoints",
    step: Step::Network,
    label: Text { en: "HTTP interfaces", ja: "HTTP API" },
    why: Text {
        en: "Whoever holds the gateway's secret can write to any session through them.",
        ja: "Gateway のシークレットを持つ人は、この API からどのセッションにも書き込めます。",
    },
    rows: |scene| {
        const CLOSED: Text = Text {
            en: "Programs that use this interface can no longer connect.",
            ja: "この API を使うプログラムは接続できなくなります。",
        };
        ["chatCompletions", "responses"]
            .into_iter()
            .filter_map(|endpoint| {
                let path = Path::from("gateway.http.endpoints").key(endpoint).key("enabled");
                let mut row = switch_off(scene, path, CLOSED)?;
                if scene.posture == Posture::Personal {
                    row.recommended = 0;
                }
                Some(row.whose(endpoint.to_owned()))
            })
            .collect()
    },
};

const TERMINAL: Control = Control {
    id: "gateway.terminal.enabled",
    step: Step::Network,
    label: Text { en: "Terminal in the browser", ja: "ブラウザのターミナル" },
    why: Text {
        en: "Whoever gets into the Control UI as an admin has a shell on this machine.",
        ja: "管理者として Control UI に入った人は、このマシンのシェルを使えます。",
    },
    rows: |scene| {
        const CLOSED: Text = Text {
            en: "The Control UI no longer opens a terminal. Use SSH instead.",
            ja: "Control UI からターミナルを開けなくなります。代わりに SSH を使ってください。",
        };
        let path = Path::from("gateway.terminal.enabled");
        let personal = scene.posture == Posture::Personal;
        if scene.now.gateway().is_elsewhere() || scene.now.at(&path) == Some(&Value::Bool(false)) {
            return Vec::new();
        }
        if personal && scene.now.at(&path).is_none() {
            return Vec::new();
        }
        let row = Row::new(&path, unset_means(scene.now, &path, "true"));
        let choice = Choice::ask("false", vec![Edit::set(&path, false)], CLOSED);
        vec![if personal { row.offer(choice) } else { row.recommend(choice) }]
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::testing::{case, recommended};
    use crate::posture::{KEEP, Weight};

    const LIST: &str = "gateway.controlUi.allowedOrigins";
    const LIST_ROW: &str = "gateway.controlUi.allowedOrigins@gateway.controlUi.allowedOrigins";
    const KEEP_BIND: &str = "gateway.bind@gateway.bind";

    fn gateway(bind: &str, more: Value) -> Value {
        let mut gateway = json!({"mode": "local", "bind": bind, "auth": {"mode": "token", "token": "f3a9c1d07be24865a1b2c3d4e5f60718"}});
        for (key, value) in more.as_object().into_iter().flatten() {
            gateway[key] = value.clone();
        }
        json!({ "gateway": gateway })
    }

    fn origins(list: Value) -> Value {
        json!({"controlUi": {"allowedOrigins": list}})
    }

    #[test]
    fn a_wildcard_origin_goes_and_exact_ones_stay() {
        let both = case(gateway("loopback", origins(json!(["*", "https://a.example"]))));
        assert_eq!(both.becomes(LIST), Some(json!(["https://a.example"])));
        assert_eq!(case(gateway("loopback", origins(json!(["*"])))).becomes(LIST), None);
    }

    #[test]
    fn a_bind_that_stays_open_gets_the_origins_of_this_machine() {
        let source = gateway("lan", json!({"port": 9000}));
        let silent = case(source.clone()).only_safe();
        assert_eq!(silent.becomes(LIST), Some(json!(["http://localhost:9000", "http://127.0.0.1:9000"])));
        let wildcard = gateway("lan", origins(json!(["*"])));
        assert_eq!(case(wildcard.clone()).only_safe().becomes(LIST), Some(json!(["*"])));
        let asked = case(wildcard).choose(KEEP_BIND, KEEP);
        assert_eq!(asked.becomes(LIST), Some(json!(["http://localhost:18789", "http://127.0.0.1:18789"])));
        assert_eq!(case(source).becomes(LIST), None, "loopback needs none");
    }

    #[test]
    fn the_control_ui_can_be_switched_off_instead() {
        let case = case(gateway("lan", json!({}))).choose(KEEP_BIND, KEEP).choose(LIST_ROW, "disabled");
        assert_eq!(case.becomes("gateway.controlUi"), Some(json!({"enabled": false})));
    }

    #[test]
    fn typed_origins_are_exact_or_refused() {
        let typed = |text: &str| {
            let case = case(gateway("lan", json!({}))).choose(KEEP_BIND, KEEP).type_in(LIST_ROW, text);
            let refused = case.row(LIST_ROW).is_some_and(|row| row.refused.is_some());
            (!refused).then(|| case.becomes(LIST)).flatten()
        };
        assert_eq!(
            typed(" https://a.example \n\nhttps://b.example:8443\n"),
            Some(json!(["https://a.example", "https://b.example:8443"]))
        );
        assert_eq!(typed("http://localhost:18789"), Some(json!(["http://localhost:18789"])));
        for wrong in [
            "",
            "*",
            "a.example",
            "http://a.example",
            "https://a.example/",
            "https://",
            "https://a.example:0",
            "https://*.example",
        ] {
            assert_eq!(typed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn guards_of_the_control_ui_come_back_when_it_is_asked_for() {
        let off = json!({"controlUi": {"dangerouslyDisableDeviceAuth": true, "dangerouslyAllowHostHeaderOriginFallback": true,
            "allowExternalEmbedUrls": true, "embedSandbox": "trusted"}});
        let result = case(gateway("loopback", off.clone())).result();
        assert_eq!(
            result["gateway"]["controlUi"],
            json!({"dangerouslyDisableDeviceAuth": false,
            "dangerouslyAllowHostHeaderOriginFallback": false, "allowExternalEmbedUrls": false, "embedSandbox": "scripts"})
        );
        assert_eq!(
            case(gateway("loopback", off.clone())).only_safe().becomes("gateway.controlUi"),
            Some(off["controlUi"].clone())
        );
    }

    #[test]
    fn a_stricter_embed_sandbox_stays() {
        let case = case(gateway("loopback", json!({"controlUi": {"embedSandbox": "strict"}})));
        assert_eq!(case.becomes("gateway.controlUi.embedSandbox"), Some("strict".into()));
    }

    #[test]
    fn full_announcements_become_minimal_silently_and_go_off_where_others_are() {
        let source = json!({"discovery": {"mdns": {"mode": "full"}}});
        let mode = "discovery.mdns.mode";
        assert_eq!(case(source.clone()).only_safe().becomes(mode), Some("minimal".into()));
        let public = case(source).posture(Posture::Public);
        assert_eq!(public.becomes(mode), Some("off".into()));
        assert_eq!(public.only_safe().becomes(mode), Some("full".into()));
        assert_eq!(case(json!({})).posture(Posture::Public).becomes("discovery"), None);
    }

    #[test]
    fn dangerous_names_leave_the_lists_and_the_others_stay() {
        let lists = json!({"tools": {"allow": ["Exec", "web_search"]}, "nodes": {
            "commands": {"allow": ["sms.send", "camera.snap", "location.get"], "deny": ["camera.snap"]},
            "pairing": {"autoApproveCidrs": ["10.0.0.0/8"]}}});
        let result = case(gateway("loopback", lists)).result();
        assert_eq!(result["gateway"]["tools"]["allow"], json!(["web_search"]));
        let denied_anyway = json!(["camera.snap", "location.get"]);
        assert_eq!(result["gateway"]["nodes"]["commands"]["allow"], denied_anyway);
        assert_eq!(result["gateway"]["nodes"]["pairing"]["autoApproveCidrs"], json!([]));
    }

    #[test]
    fn http_interfaces_and_the_terminal_stay_for_a_person_only() {
        let on = json!({"http": {"endpoints": {"responses": {"enabled": true}}}, "terminal": {"enabled": true}});
        let source = gateway("loopback", on);
        let (endpoint, terminal) = ("gateway.http.endpoints.responses.enabled", "gateway.terminal.enabled");
        let personal = case(source.clone());
        assert_eq!((personal.becomes(endpoint), personal.becomes(terminal)), (Some(true.into()), Some(true.into())));
        let row = personal.row("gateway.http.endpoints@gateway.http.endpoints.responses.enabled").expect("a row").row;
        assert_eq!((recommended(&row), row.choices[1].weight), (KEEP, Weight::Ask));
        let shared = case(source).posture(Posture::Shared);
        assert_eq!((shared.becomes(endpoint), shared.becomes(terminal)), (Some(false.into()), Some(false.into())));
    }

    #[test]
    fn flags_that_are_absent_make_no_row() {
        let plan = case(gateway("loopback", json!({}))).plan();
        let ids: Vec<&str> = CONTROLS.iter().map(|control| control.id).collect();
        let rows: Vec<String> =
            plan.rows.iter().filter(|row| ids.contains(&row.control.id)).map(crate::plan::Planned::key).collect();
        assert_eq!(rows, Vec::<String>::new());
    }
}
