//! Step Network, first part: where the gateway listens, and who gets through its door.

use super::shapes::{WITHOUT, switch_off};
use super::{Choice, Control, Posture, Row, Scene, Step, as_written, unset_means};
use crate::document::{Edit, Path};
use crate::settings::{AuthMode, Secret, Settings};
use crate::text::{Said, Text};
use serde_json::{Value, json};

pub(super) const CONTROLS: &[Control] = &[
    MODE,
    BIND,
    TAILSCALE,
    ALLOW_TAILSCALE,
    AUTH_MODE,
    SECRET,
    RATE_LIMIT,
    TRUSTED_PROXIES,
    AUTO_APPROVE,
    PROXY_USERS,
    REAL_IP,
];

const BIND_PATH: &str = "gateway.bind";

/// Whether others than this machine reach the listener: by the bind, or by a container's published ports.
///
/// In a container OpenClaw listens on every address where no bind is set, unless Tailscale is used.
pub(super) fn listens_beyond(scene: &Scene) -> bool {
    let gateway = scene.now.gateway();
    gateway.is_exposed()
        || scene.means.in_container && scene.now.get(BIND_PATH).is_none() && gateway.tailscale() == "off"
}

const MODE: Control = Control {
    id: "gateway.mode",
    step: Step::Network,
    label: Text { en: "Gateway mode", ja: "Gateway のモード" },
    why: Text {
        en: "Without a mode the gateway does not start. \"local\" runs it on this machine; \"remote\" connects to one elsewhere.",
        ja: "モードが未設定だと Gateway は起動しません。\"local\" はこのマシンで動かし、\"remote\" は別の Gateway に接続します。",
    },
    rows: |scene| {
        const LOCAL: Text = Text {
            en: "The gateway runs on this machine, as it would have to.",
            ja: "Gateway をこのマシンで動かします。",
        };
        let path = Path::from("gateway.mode");
        let row = Row::new(&path, as_written(scene.now, &path));
        vec![match scene.now.gateway().mode() {
            Some(_) => row,
            None => row.recommend(Choice::safe("local", vec![Edit::set(&path, "local")], LOCAL)),
        }]
    },
};

const BIND: Control = Control {
    id: "gateway.bind",
    step: Step::Network,
    label: Text { en: "Listening address", ja: "バインド" },
    why: Text {
        en: "Beyond loopback, every machine on the same network can try to log in. A VPN or an SSH tunnel reaches a loopback gateway just as well.",
        ja: "ループバック以外では、同じネットワークのどのマシンからもログインを試せます。ループバックのままでも、VPN や SSH トンネルで外から使えます。",
    },
    rows: |scene| {
        if scene.now.gateway().is_elsewhere() {
            return Vec::new();
        }
        vec![bind_row(scene)]
    },
};

/// Names for loopback and for every address that older versions took.
const LOOPBACK_NAMES: [&str; 4] = ["127.0.0.1", "localhost", "::1", "[::1]"];
const ANY_NAMES: [&str; 4] = ["0.0.0.0", "::", "[::]", "*"];

fn bind_row(scene: &Scene) -> Row {
    const CUT: Text = Text {
        en: "Other machines can no longer open the Control UI. To connect from outside: ssh -N -L {port}:127.0.0.1:{port} USER@HOST",
        ja: "他のマシンから Control UI に接続できなくなります。外部から接続する場合: ssh -N -L {port}:127.0.0.1:{port} USER@HOST",
    };
    const SAME: Text = Text {
        en: "The same address as before, by the name that this version knows.",
        ja: "アドレスは同じで、現在のバージョンの書き方にします。",
    };
    const TAILNET: Text = Text {
        en: "Only machines of your tailnet can connect, those on the local network no longer.",
        ja: "tailnet のマシンだけが接続できます。LAN 内の他のマシンからは接続できなくなります。",
    };
    const PORTS: Text = Text {
        en: "In a container, loopback cuts off the published ports: keep \"lan\", with a token, exact origins and a rate limit. Publish to this host alone with -p 127.0.0.1:{port}:{port}",
        ja: "コンテナ内でループバックにすると、公開したポートにつながらなくなります。\"lan\" のまま、トークン、許可オリジン、レート制限で守ります。このホストだけに公開する指定: -p 127.0.0.1:{port}:{port}",
    };
    let path = Path::from(BIND_PATH);
    let port = scene.now.gateway().port();
    let in_container = scene.means.in_container;
    let row = Row::new(&path, unset_means(scene.now, &path, if in_container { "auto" } else { "loopback" }));
    let Some(bind) = scene.now.str(BIND_PATH) else {
        return if in_container { row.kept(PORTS.with("port", port)) } else { row };
    };
    if bind == "loopback" {
        return row;
    }
    let set = |bind: &str| {
        let mut edits = vec![Edit::set(&path, bind)];
        if scene.now.get("gateway.customBindHost").is_some() {
            edits.push(Edit::remove("gateway.customBindHost"));
        }
        edits
    };
    let host = scene.now.str("gateway.customBindHost").map(str::trim);
    if LOOPBACK_NAMES.contains(&bind) || bind == "custom" && host.is_some_and(|host| LOOPBACK_NAMES.contains(&host)) {
        return row.recommend(Choice::safe("loopback", set("loopback"), SAME));
    }
    let any = ANY_NAMES.contains(&bind);
    let loopback = Choice::ask("loopback", set("loopback"), CUT.with("port", port));
    if in_container {
        let row = row.kept(PORTS.with("port", port)).offer(loopback);
        return if any { row.recommend(Choice::safe("lan", set("lan"), SAME)) } else { row };
    }
    let row = if (any || bind == "lan") && scene.now.gateway().tailscale() == "off" {
        row.offer(Choice::ask("tailnet", set("tailnet"), TAILNET))
    } else {
        row
    };
    row.recommend(loopback)
}

const TAILSCALE: Control = Control {
    id: "gateway.tailscale.mode",
    step: Step::Network,
    label: Text { en: "Tailscale", ja: "Tailscale" },
    why: Text {
        en: "With \"funnel\" the whole internet can reach the login; with \"serve\" only machines of your tailnet can.",
        ja: "\"funnel\" ではインターネット全体からログイン画面に接続できます。\"serve\" では tailnet のマシンだけです。",
    },
    rows: |scene| {
        const SERVE: Text = Text {
            en: "People outside your tailnet can no longer connect; inside it everything stays.",
            ja: "tailnet の外からは接続できなくなります。tailnet 内はそのままです。",
        };
        const OFF: Text = Text {
            en: "Nobody can connect through Tailscale any more. To connect from outside: ssh -N -L {port}:127.0.0.1:{port} USER@HOST",
            ja: "Tailscale 経由では接続できなくなります。外部から接続する場合: ssh -N -L {port}:127.0.0.1:{port} USER@HOST",
        };
        let gateway = scene.now.gateway();
        if gateway.is_elsewhere() {
            return Vec::new();
        }
        let path = Path::from("gateway.tailscale.mode");
        let row = Row::new(&path, unset_means(scene.now, &path, "off"));
        let off = Choice::ask("off", leave_funnel(scene.now, "off"), OFF.with("port", gateway.port()));
        let serve = || Choice::ask("serve", leave_funnel(scene.now, "serve"), SERVE);
        // Tailscale hands connections to loopback alone: OpenClaw refuses `serve` with any other bind.
        vec![match (gateway.tailscale(), scene.posture) {
            ("funnel", _) if gateway.is_exposed() => row.recommend(off),
            ("funnel", Posture::Personal) => row.offer(off).recommend(serve()),
            ("funnel", _) => row.offer(serve()).recommend(off),
            ("serve", _) => row.offer(off),
            _ => row,
        }]
    },
};

/// Takes the gateway off the internet, whatever else would keep it there or let people in who had to log in.
fn leave_funnel(settings: &Settings, mode: &str) -> Vec<Edit> {
    let mut edits = vec![Edit::set("gateway.tailscale.mode", mode)];
    if settings.is_true("gateway.tailscale.preserveFunnel") {
        edits.push(Edit::set("gateway.tailscale.preserveFunnel", false));
    }
    let gateway = settings.gateway();
    let asks_anyway = matches!(gateway.auth().mode, AuthMode::Password | AuthMode::TrustedProxy);
    if mode == "serve" && !asks_anyway && settings.get("gateway.auth.allowTailscale").is_none() {
        edits.push(Edit::set("gateway.auth.allowTailscale", false));
    }
    edits
}

const ALLOW_TAILSCALE: Control = Control {
    id: "gateway.auth.allowTailscale",
    step: Step::Network,
    label: Text { en: "Log in by Tailscale", ja: "Tailscale でのログイン" },
    why: Text {
        en: "Everybody in the tailnet gets in without the token, whoever they are.",
        ja: "tailnet にいる人は、だれでもトークンなしで接続できます。",
    },
    rows: |scene| {
        const ASKED: Text = Text {
            en: "People who come through Tailscale need the token too. Open the Control UI with: openclaw dashboard",
            ja: "Tailscale 経由でもトークンが必要になります。Control UI を開くコマンド: openclaw dashboard",
        };
        let gateway = scene.now.gateway();
        if gateway.is_elsewhere() || gateway.tailscale() != "serve" || !gateway.auth().allow_tailscale {
            return Vec::new();
        }
        let path = Path::from("gateway.auth.allowTailscale");
        let row = Row::new(&path, unset_means(scene.now, &path, "true"));
        let choice = Choice::ask("false", vec![Edit::set(&path, false)], ASKED);
        vec![if scene.posture == Posture::Personal { row.offer(choice) } else { row.recommend(choice) }]
    },
};

const AUTH_MODE: Control = Control {
    id: "gateway.auth.mode",
    step: Step::Network,
    label: Text { en: "Authentication", ja: "認証" },
    why: Text {
        en: "Without authentication every program and person that reaches the port controls the agents.",
        ja: "認証がないと、ポートに接続できるプログラムや人は、だれでもエージェントを操作できます。",
    },
    rows: |scene| if scene.now.gateway().is_elsewhere() { Vec::new() } else { vec![auth_mode_row(scene)] },
};

fn auth_mode_row(scene: &Scene) -> Row {
    const STATED: Text = Text {
        en: "Says what holds already: whoever connects needs the token.",
        ja: "実効値を明記するだけです。接続にはこれまでどおりトークンが必要です。",
    };
    const TOKEN: Text = Text {
        en: "Whoever connects needs the token from now on. Open the Control UI with: openclaw dashboard",
        ja: "変更後は接続にトークンが必要になります。Control UI を開くコマンド: openclaw dashboard",
    };
    const PASSWORD: Text = Text {
        en: "Whoever connects needs the password; Tailscale Funnel works with nothing else. It stands under gateway.auth.password in openclaw.json.",
        ja: "接続にパスワードが必要になります。Tailscale Funnel はパスワード認証でのみ使えます。値は openclaw.json の gateway.auth.password にあります。",
    };
    const NO_PROXY: Text = Text {
        en: "No proxy is listed that could vouch for anybody, so nobody gets in now; the token will let you in. Open the Control UI with: openclaw dashboard",
        ja: "信頼済みプロキシが未設定のため、今はだれも接続できません。変更後はトークンで接続できます。Control UI を開くコマンド: openclaw dashboard",
    };
    let gateway = scene.now.gateway();
    let path = Path::from("gateway.auth.mode");
    let row = Row::new(&path, unset_means(scene.now, &path, gateway.auth().mode.name()));
    let token = vec![Edit::set(&path, "token")];
    let configured = gateway.configured_mode();
    let password_stands = gateway.password().is_present() || gateway.env_password().is_some();
    // Only a password works with Funnel: change both or neither.
    if gateway.tailscale() == "funnel" && !matches!(configured, Some(AuthMode::Password | AuthMode::TrustedProxy)) {
        let mut edits = vec![Edit::set(&path, "password")];
        if !password_stands {
            match fresh(&scene.means.gateway_secret) {
                Some(secret) => edits.push(Edit::set("gateway.auth.password", secret)),
                None => return row.offer(Choice::manual("password", MAKE_ONE.with("key", "gateway.auth.password"))),
            }
        }
        return row.recommend(Choice::ask("password", edits, PASSWORD));
    }
    match configured {
        Some(AuthMode::TrustedProxy) if gateway.trusted_proxies().is_empty() => {
            row.recommend(Choice::ask("token", token, NO_PROXY))
        }
        Some(AuthMode::None) => row.recommend(Choice::ask("token", token, TOKEN)),
        None if password_stands => row,
        // What the environment of a container's service holds is not known here.
        None if scene.means.in_container && !gateway.has_secret_in_place() => {
            row.recommend(Choice::ask("token", token, TOKEN))
        }
        None => row.recommend(Choice::safe("token", token, STATED)),
        Some(_) => row,
    }
}

const MAKE_ONE: Text = Text {
    en: "Make a secret with: openssl rand -hex 24. Then: openclaw config set {key} SECRET",
    ja: "シークレットを作るコマンド: openssl rand -hex 24。設定するコマンド: openclaw config set {key} SECRET",
};

/// Is a fresh secret if it was made.
pub(super) fn fresh(secret: &str) -> Option<&str> {
    (secret.len() >= SHORTEST).then_some(secret)
}

/// Below this many characters OpenClaw calls a secret too short (2026.9.6).
const SHORTEST: usize = 24;

/// Whether a secret is short, a placeholder, or one that was published as an example.
pub(super) fn is_weak(secret: &str) -> bool {
    let secret = secret.trim();
    let lower = secret.to_lowercase();
    secret.chars().count() < SHORTEST
        || ["change-me", "changeme", "replace-me", "your-", "your_", "<"].iter().any(|start| lower.starts_with(start))
}

/// Says of a secret how it stands there, never what it is.
pub(super) fn secret_in_words(settings: &Settings, path: &str, elsewhere: bool) -> Said {
    const PLAIN: Text = Text { en: "in plain text, {n} characters", ja: "平文、{n}文字" };
    const REFERENCE: Text = Text { en: "a reference", ja: "参照" };
    const UNKNOWN: Text = Text { en: "a reference, not known here", ja: "参照 (ここでは不明)" };
    const ELSEWHERE: Text =
        Text { en: "not in this file, but in place", ja: "このファイル以外で設定済み" };
    const NOT_SET: Text = Text { en: "unset", ja: "未設定" };
    match settings.secret(path) {
        Secret::Plain(secret) => PLAIN.with("n", secret.chars().count()),
        Secret::Reference(Some(_)) => REFERENCE.into(),
        Secret::Reference(None) => UNKNOWN.into(),
        Secret::Absent if elsewhere => ELSEWHERE.into(),
        Secret::Absent => NOT_SET.into(),
    }
}

const SECRET: Control = Control {
    id: "gateway.auth.secret",
    step: Step::Network,
    label: Text { en: "Gateway secret", ja: "Gateway のシークレット" },
    why: Text {
        en: "Whoever guesses or knows this secret controls the agents. Short or published ones are tried first.",
        ja: "このシークレットを知る人はエージェントを操作できます。短いものや公開例は真っ先に試されます。",
    },
    rows: |scene| {
        let gateway = scene.now.gateway();
        if gateway.is_elsewhere() {
            return vec![remote_row(scene)];
        }
        let auth = gateway.auth();
        match auth.mode {
            AuthMode::Password => {
                vec![secret_row(scene, "gateway.auth.password", auth.password, auth.token, gateway.env_password())]
            }
            // Beside a trusted proxy a token would keep the gateway from starting; a password is only its spare key.
            AuthMode::TrustedProxy if !gateway.password().is_present() => Vec::new(),
            AuthMode::TrustedProxy => {
                vec![secret_row(scene, "gateway.auth.password", auth.password, auth.token, gateway.env_password())]
            }
            AuthMode::Token => {
                vec![secret_row(scene, "gateway.auth.token", auth.token, auth.password, gateway.env_token())]
            }
            AuthMode::None => {
                let key = "gateway.auth.token";
                vec![Row::new(key, secret_in_words(scene.now, key, gateway.env_token().is_some()))]
            }
        }
    },
};

/// Names the choice that replaces a secret.
pub(super) const NEW_SECRET: Text = Text { en: "a new random secret", ja: "新しいランダムな値" };

const MEND_BY_HAND: Text = Text {
    en: "The secret that the config refers to is weak. Put 24 or more random characters where it stands: openssl rand -hex 24",
    ja: "参照先のシークレットが弱い値です。参照先を24文字以上のランダムな値に置き換えてください: openssl rand -hex 24",
};

fn secret_row(scene: &Scene, key: &str, known: Option<String>, other: Option<String>, env: Option<&str>) -> Row {
    const ADDED: Text = Text {
        en: "A random secret of 48 characters is written. Open the Control UI with: openclaw dashboard",
        ja: "48文字のランダムなシークレットを書き込みます。Control UI を開くコマンド: openclaw dashboard",
    };
    const REPLACED: Text = Text {
        en: "Clients that know the old secret can no longer connect. The new one stands under {key} in openclaw.json.",
        ja: "以前のシークレットでは接続できなくなります。新しい値は openclaw.json の {key} にあります。",
    };
    const IN_A_CONTAINER: Text = Text {
        en: "It takes precedence over a secret that the container gets by a variable unseen here, so clients may need the new one. It stands under {key} in openclaw.json.",
        ja: "コンテナの環境変数で渡しているシークレットより優先され、クライアントに新しい値が必要になる場合があります。値は openclaw.json の {key} にあります。",
    };
    let gateway = scene.now.gateway();
    let in_place = gateway.has_secret_in_place();
    let row = Row::new(key, secret_in_words(scene.now, key, in_place || env.is_some()));
    let weak = |secret: &str| is_weak(secret) || other.as_deref() == Some(secret);
    let stands = scene.now.secret(key);
    let choice: fn(&'static str, Vec<Edit>, Said) -> Choice;
    let effect = match &stands {
        Secret::Plain(secret) if weak(secret.trim()) => {
            choice = Choice::ask;
            REPLACED.with("key", key)
        }
        Secret::Plain(_) | Secret::Reference(None) => return row,
        Secret::Absent if !in_place && scene.means.in_container => {
            choice = Choice::ask;
            IN_A_CONTAINER.with("key", key)
        }
        Secret::Absent if !in_place => {
            choice = Choice::safe;
            ADDED.into()
        }
        Secret::Reference(Some(secret)) if weak(secret.trim()) => {
            return row.offer(Choice::manual("replace", MEND_BY_HAND).called(NEW_SECRET));
        }
        Secret::Absent if known.as_deref().is_some_and(weak) => {
            return row.offer(Choice::manual("replace", MEND_BY_HAND).called(NEW_SECRET));
        }
        _ => return row,
    };
    match fresh(&scene.means.gateway_secret) {
        Some(secret) => row.recommend(choice("new", vec![Edit::set(key, secret)], effect).called(NEW_SECRET)),
        None => row.offer(Choice::manual("new", MAKE_ONE.with("key", key)).called(NEW_SECRET)),
    }
}

fn remote_row(scene: &Scene) -> Row {
    const THERE: Text = Text {
        en: "This token belongs to the gateway elsewhere: make a new one there, then here: openclaw config set gateway.remote.token SECRET",
        ja: "接続先の Gateway のトークンです。接続先で新しく作り、ここに設定してください: openclaw config set gateway.remote.token SECRET",
    };
    let key = "gateway.remote.token";
    let row = Row::new(key, secret_in_words(scene.now, key, scene.now.gateway().env_token().is_some()));
    match scene.now.secret(key).value() {
        Some(secret) if is_weak(secret) => row.offer(Choice::manual("replace", THERE).called(NEW_SECRET)),
        _ => row,
    }
}

const RATE_LIMIT: Control = Control {
    id: "gateway.auth.rateLimit",
    step: Step::Network,
    label: Text { en: "Rate limit", ja: "レート制限" },
    why: Text {
        en: "Without a limit, whoever reaches the port can try secrets as fast as the machine answers.",
        ja: "制限がないと、ポートに接続できる人はシークレットを何度でも試せます。",
    },
    rows: |scene| {
        const TEN: Text = Text { en: "10 attempts a minute", ja: "1分に10回まで" };
        const LIMITED: Text = Text {
            en: "After 10 wrong attempts in a minute an address has to wait 5 minutes. Logging in with the right secret stays as it is.",
            ja: "1分間に10回失敗したアドレスは5分間待たされます。正しいシークレットでの接続はそのままです。",
        };
        let gateway = scene.now.gateway();
        if gateway.is_elsewhere() {
            return Vec::new();
        }
        let path = Path::from("gateway.auth.rateLimit");
        let row = Row::new(&path, as_written(scene.now, &path));
        if gateway.has_rate_limit() {
            return vec![row];
        }
        let limit = json!({"maxAttempts": 10, "windowMs": 60000, "lockoutMs": 300000});
        let choice = Choice::safe("limit", vec![Edit::set(&path, limit)], LIMITED).called(TEN);
        let reached = listens_beyond(scene) || gateway.tailscale() != "off" || !gateway.trusted_proxies().is_empty();
        let recommended = reached || scene.posture != Posture::Personal;
        vec![if recommended { row.recommend(choice) } else { row.offer(choice) }]
    },
};

const TRUSTED_PROXIES: Control = Control {
    id: "gateway.trustedProxies",
    step: Step::Network,
    label: Text { en: "Trusted proxies", ja: "信頼済みプロキシ" },
    why: Text {
        en: "The gateway believes what these addresses say about who connects. An address too many lets someone pose as another.",
        ja: "ここにあるアドレスが申告する接続元を、Gateway は信用します。余分なアドレスがあると、なりすましができます。",
    },
    rows: |scene| {
        const NARROW: Text = Text {
            en: "Every address is trusted. List only those of your proxies: openclaw config set gateway.trustedProxies '[\"10.0.0.2\"]'",
            ja: "すべてのアドレスを信頼しています。プロキシのアドレスだけにしてください: openclaw config set gateway.trustedProxies '[\"10.0.0.2\"]'",
        };
        const THOSE: Text = Text { en: "your proxies alone", ja: "自分のプロキシのみ" };
        let proxies = scene.now.gateway().trusted_proxies();
        if proxies.is_empty() {
            return Vec::new();
        }
        let path = Path::from("gateway.trustedProxies");
        let row = Row::new(&path, as_written(scene.now, &path));
        let any = proxies.iter().any(|proxy| proxy.trim().ends_with("/0"));
        vec![if any { row.offer(Choice::manual("narrow", NARROW).called(THOSE)) } else { row }]
    },
};

const AUTO_APPROVE: Control = Control {
    id: "gateway.auth.trustedProxy.deviceAutoApprove",
    step: Step::Network,
    label: Text { en: "Devices approved unseen", ja: "端末の自動承認" },
    why: Text {
        en: "Whoever the proxy lets through gets each new device approved without you, with the rights listed here.",
        ja: "プロキシを通過した人の端末は、確認なしで承認され、ここに書かれた権限を得ます。",
    },
    rows: |scene| {
        const APPROVE: Text = Text {
            en: "New devices wait for you. Approve one with: openclaw devices approve <requestId>",
            ja: "新しい端末は承認待ちになります。承認するコマンド: openclaw devices approve <requestId>",
        };
        const NO_ADMIN: Text = Text {
            en: "Devices that are approved unseen no longer get admin rights. Give them to one by hand: openclaw devices approve <requestId>",
            ja: "自動承認した端末には管理者権限を与えません。必要な端末だけ手動で承認します: openclaw devices approve <requestId>",
        };
        const SCOPES: Text = Text { en: "Rights given unseen", ja: "自動承認の権限" };
        let place = Path::from("gateway.auth.trustedProxy.deviceAutoApprove");
        let mut rows = Vec::new();
        let scopes = place.key("scopes");
        let listed = scene.now.at(&scopes).and_then(Value::as_array);
        let is_admin = |scope: &Value| scope.as_str().is_some_and(|scope| scope.trim() == "operator.admin");
        if let Some(listed) = listed.filter(|listed| listed.iter().any(is_admin)) {
            let left: Vec<Value> = listed.iter().filter(|scope| !is_admin(scope)).cloned().collect();
            let choice = Choice::safe("remove", vec![Edit::set(&scopes, left)], NO_ADMIN)
                .called(WITHOUT.with("names", "operator.admin"));
            let mut row = Row::new(&scopes, as_written(scene.now, &scopes)).recommend(choice);
            row.label = Some(SCOPES);
            rows.push(row);
        }
        rows.extend(switch_off(scene, place.key("enabled"), APPROVE));
        rows
    },
};

const PROXY_USERS: Control = Control {
    id: "gateway.auth.trustedProxy",
    step: Step::Network,
    label: Text { en: "Users of the proxy", ja: "プロキシのユーザー" },
    why: Text {
        en: "Everybody whom the proxy knows gets in unless users are listed, and a program on this machine can pose as the proxy if loopback is allowed.",
        ja: "ユーザーを列挙しないと、プロキシを通過した全員が接続できます。ループバックを許可すると、このマシンのプログラムがプロキシになりすませます。",
    },
    rows: |scene| {
        const YOUR_USERS: Text = Text { en: "the users you list", ja: "列挙したユーザーのみ" };
        const LIST: Text = Text {
            en: "List who may connect: openclaw config set gateway.auth.trustedProxy.allowUsers '[\"you@example.com\"]'",
            ja: "接続できるユーザーを列挙してください: openclaw config set gateway.auth.trustedProxy.allowUsers '[\"you@example.com\"]'",
        };
        const LOOPBACK: Text = Text {
            en: "If the proxy runs on another machine: openclaw config set gateway.auth.trustedProxy.allowLoopback false",
            ja: "プロキシが別のマシンにある場合: openclaw config set gateway.auth.trustedProxy.allowLoopback false",
        };
        if scene.now.gateway().configured_mode() != Some(AuthMode::TrustedProxy) {
            return Vec::new();
        }
        let users = Path::from("gateway.auth.trustedProxy.allowUsers");
        let row = Row::new(&users, as_written(scene.now, &users));
        let listed = scene.now.at(&users).and_then(Value::as_array).is_some_and(|users| !users.is_empty());
        let mut rows = vec![if listed { row } else { row.offer(Choice::manual("list", LIST).called(YOUR_USERS)) }];
        let loopback = "gateway.auth.trustedProxy.allowLoopback";
        if scene.now.is_true(loopback) {
            let loopback = Path::from(loopback);
            let row = Row::new(&loopback, as_written(scene.now, &loopback));
            rows.push(row.offer(Choice::manual("false", LOOPBACK)));
        }
        rows
    },
};

const REAL_IP: Control = Control {
    id: "gateway.allowRealIpFallback",
    step: Step::Network,
    label: Text { en: "X-Real-IP header", ja: "X-Real-IP ヘッダー" },
    why: Text {
        en: "A caller can name any address in this header, and so get round limits and rules that go by address.",
        ja: "このヘッダーには任意のアドレスを書けるため、アドレスによる制限をすり抜けられます。",
    },
    rows: |scene| {
        const IGNORED: Text = Text {
            en: "The header is ignored. A proxy that sends only X-Real-IP must send X-Forwarded-For instead.",
            ja: "このヘッダーを無視します。X-Real-IP しか送らないプロキシでは X-Forwarded-For の送信が必要になります。",
        };
        switch_off(scene, "gateway.allowRealIpFallback", IGNORED).into_iter().collect()
    },
};

#[cfg(test)]
mod tests;
