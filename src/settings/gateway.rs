//! The gateway: where it listens, and how those who connect prove themselves.
//!
//! Follows the audit of OpenClaw 2026.9.6 (`security/audit-gateway-config`, `gateway/auth-resolve`,
//! `gateway/credential-planner`), with its order of sources: config, then environment, then `gateway.remote`.

use super::{Secret, Settings, is_reference};
use crate::document::Path;
use serde_json::Value;

/// How those who connect prove themselves: `gateway.auth.mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthMode {
    /// Not at all.
    None,
    /// By a shared token.
    Token,
    /// By a shared password.
    Password,
    /// By a reverse proxy that vouches for them.
    TrustedProxy,
}

impl AuthMode {
    /// Is the mode that OpenClaw writes so.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(AuthMode::None),
            "token" => Some(AuthMode::Token),
            "password" => Some(AuthMode::Password),
            "trusted-proxy" => Some(AuthMode::TrustedProxy),
            _ => None,
        }
    }

    /// Is OpenClaw's word for it.
    pub fn name(self) -> &'static str {
        match self {
            AuthMode::None => "none",
            AuthMode::Token => "token",
            AuthMode::Password => "password",
            AuthMode::TrustedProxy => "trusted-proxy",
        }
    }
}

/// The authentication that the gateway comes to. Holds secrets, so it has no debug output.
pub struct Auth {
    /// The configured mode; else password if one resolves, else token.
    pub mode: AuthMode,
    /// The token, if one resolves.
    pub token: Option<String>,
    /// The password, if one resolves.
    pub password: Option<String>,
    /// Whether an identity that Tailscale Serve vouches for is enough.
    pub allow_tailscale: bool,
}

impl Auth {
    /// Is the secret that lets someone in: the token or the password, by the mode. A trusted proxy may have a password too.
    pub fn shared_secret(&self) -> Option<&str> {
        match self.mode {
            AuthMode::None => None,
            AuthMode::Token => self.token.as_deref(),
            AuthMode::Password | AuthMode::TrustedProxy => self.password.as_deref(),
        }
    }
}

/// The gateway as the settings have it.
pub struct Gateway<'a> {
    settings: &'a Settings,
    token: Input,
    password: Input,
    remote_token: Input,
    remote_password: Input,
    env_token: Option<&'a str>,
    env_password: Option<&'a str>,
}

impl Settings {
    /// Is the gateway.
    pub fn gateway(&self) -> Gateway<'_> {
        Gateway {
            settings: self,
            token: Input::read(self, "gateway.auth.token"),
            password: Input::read(self, "gateway.auth.password"),
            remote_token: Input::read(self, "gateway.remote.token"),
            remote_password: Input::read(self, "gateway.remote.password"),
            env_token: self.var("OPENCLAW_GATEWAY_TOKEN").map(str::trim),
            env_password: self.var("OPENCLAW_GATEWAY_PASSWORD").map(str::trim),
        }
    }
}

impl<'a> Gateway<'a> {
    /// Is `gateway.mode`: `local` or `remote`. Without it the gateway does not start.
    pub fn mode(&self) -> Option<&'a str> {
        self.settings.str("gateway.mode")
    }

    /// Whether this installation only talks to a gateway elsewhere, so that nothing listens here.
    pub fn is_elsewhere(&self) -> bool {
        self.mode() == Some("remote")
    }

    /// Is `gateway.bind`, `loopback` by default.
    pub fn bind(&self) -> &'a str {
        self.settings.str("gateway.bind").unwrap_or("loopback")
    }

    /// Whether others than this machine can connect, as the audit sees it: any bind but `loopback`.
    ///
    /// The audit counts `custom` with the host 127.0.0.1 as exposed too.
    pub fn is_exposed(&self) -> bool {
        self.bind() != "loopback"
    }

    /// Whether others can connect by the bind or by Tailscale: what the audit calls remote exposure.
    pub fn is_remotely_exposed(&self) -> bool {
        self.is_exposed() || matches!(self.tailscale(), "serve" | "funnel")
    }

    /// Is the TCP port: of the environment, the config, or 18789. Not known here: the port of a named profile.
    pub fn port(&self) -> u64 {
        let of_env = self.settings.var("OPENCLAW_GATEWAY_PORT");
        of_env
            .and_then(|port| port.trim().parse().ok())
            .or_else(|| self.settings.get("gateway.port")?.as_u64())
            .filter(|port| (1..=65535).contains(port))
            .unwrap_or(18789)
    }

    /// Is `gateway.tailscale.mode`: `off` by default, `serve` or `funnel`.
    pub fn tailscale(&self) -> &'a str {
        self.settings.str("gateway.tailscale.mode").unwrap_or("off")
    }

    /// Is the addresses whose forwarding headers are believed.
    pub fn trusted_proxies(&self) -> Vec<&'a str> {
        let proxies = self.settings.get("gateway.trustedProxies");
        proxies
            .and_then(Value::as_array)
            .map(|proxies| proxies.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default()
    }

    /// Whether a trusted proxy is not this machine itself.
    pub fn trusts_other_hosts(&self) -> bool {
        let is_this_machine = |proxy: &&str| {
            let proxy = proxy.trim().to_lowercase();
            matches!(proxy.as_str(), "127.0.0.1" | "127.0.0.1/32" | "::1" | "::1/128")
        };
        !self.trusted_proxies().iter().all(is_this_machine)
    }

    /// Whether the Control UI is served; it is unless it is switched off.
    pub fn has_control_ui(&self) -> bool {
        !self.settings.is_false("gateway.controlUi.enabled")
    }

    /// Is the web origins that the Control UI accepts.
    pub fn allowed_origins(&self) -> Vec<&'a str> {
        self.settings.list("gateway.controlUi.allowedOrigins")
    }

    /// Whether failed attempts are limited by the config. An empty object counts: it takes OpenClaw's own limits.
    pub fn has_rate_limit(&self) -> bool {
        self.settings.get("gateway.auth.rateLimit").is_some_and(|limit| *limit != Value::Bool(false))
    }

    /// Is `gateway.auth.mode` where it is set.
    pub fn configured_mode(&self) -> Option<AuthMode> {
        AuthMode::named(self.settings.str("gateway.auth.mode")?)
    }

    /// Whether a token and a password both stand in the config and no mode says which one counts.
    pub fn is_ambiguous(&self) -> bool {
        let stands = |key| self.settings.get(key).is_some();
        self.configured_mode().is_none() && stands("gateway.auth.token") && stands("gateway.auth.password")
    }

    /// Is the token in the config.
    pub fn token(&self) -> Secret {
        self.settings.secret("gateway.auth.token")
    }

    /// Is the password in the config.
    pub fn password(&self) -> Secret {
        self.settings.secret("gateway.auth.password")
    }

    /// Is the token of the environment, `env.vars` or `<state>/.env`.
    pub fn env_token(&self) -> Option<&'a str> {
        self.env_token
    }

    /// Is the password of the environment, `env.vars` or `<state>/.env`.
    pub fn env_password(&self) -> Option<&'a str> {
        self.env_password
    }

    /// Is the authentication that the audit comes to, as far as it is known here.
    pub fn auth(&self) -> Auth {
        self.auth_with(
            self.resolved(&self.token, self.token_is_active()),
            self.resolved(&self.password, self.password_can_win()),
        )
    }

    /// Is the authentication that the audit holds against the hooks' token: it looks behind more references for that.
    pub fn auth_beside_hooks(&self) -> Auth {
        let looked_up = |input: &Input, wanted: bool, active: bool| match input {
            Input::Ref(Some(value)) | Input::Shorthand(Some(value)) if wanted => Resolved::To(Some(value.clone())),
            _ => self.resolved(input, active),
        };
        let (token, password) = match self.configured_mode() {
            Some(mode) => (mode == AuthMode::Token, matches!(mode, AuthMode::Password | AuthMode::TrustedProxy)),
            None => (self.env_password.is_none(), self.env_token.is_none() && !self.token.is_configured()),
        };
        self.auth_with(
            looked_up(&self.token, token, self.token_is_active()),
            looked_up(&self.password, password, self.password_can_win()),
        )
    }

    fn auth_with(&self, token: Resolved, password: Resolved) -> Auth {
        let configured = self.configured_mode();
        let token = match token {
            Resolved::Kept => None,
            Resolved::To(token) => token
                .or(self.env_token.map(str::to_owned))
                .or_else(|| self.resolved(&self.remote_token, self.remote_token_is_active()).value()),
        };
        let password = match password {
            Resolved::Kept => None,
            Resolved::To(password) => password.or(self.env_password.map(str::to_owned)).or_else(|| {
                self.resolved(&self.remote_password, self.remote_password_is_active())
                    .value()
                    .filter(|_| configured != Some(AuthMode::TrustedProxy))
            }),
        };
        let mode = configured.unwrap_or(match password {
            Some(_) => AuthMode::Password,
            None => AuthMode::Token,
        });
        let allow_tailscale = match self.settings.get("gateway.auth.allowTailscale") {
            Some(allow) => *allow == Value::Bool(true),
            None => self.tailscale() == "serve" && !matches!(mode, AuthMode::Password | AuthMode::TrustedProxy),
        };
        Auth { mode, token, password, allow_tailscale }
    }

    /// Whether the audit counts authentication as configured. A SecretRef counts, resolved or not; mode `none` never does.
    pub fn has_auth(&self) -> bool {
        let auth = self.auth();
        let token = auth.token.is_some() && !self.token.is_unset()
            || self.env_token.is_some()
            || self.token.is_value_or_ref()
            || self.remote_token.is_value_or_ref();
        let configured = self.configured_mode();
        let password_can_win = match configured {
            Some(mode) => mode == AuthMode::Password,
            None => !token,
        };
        let password = auth.password.is_some() && !self.password.is_unset()
            || password_can_win && (self.env_password.is_some() || self.password.is_value_or_ref());
        match configured {
            Some(AuthMode::Token) => token,
            Some(AuthMode::Password) => password,
            Some(AuthMode::None) => false,
            Some(AuthMode::TrustedProxy) => true,
            None => token || password,
        }
    }

    /// Whether the audit counts a loopback gateway as authenticated: Tailscale's identity is enough there.
    pub fn has_loopback_auth(&self) -> bool {
        self.has_auth() || self.tailscale() == "serve" && self.auth().allow_tailscale
    }

    /// Whether a secret stands in place for the mode in force, known here or not: a plan must not put a rival beside it.
    pub fn has_secret_in_place(&self) -> bool {
        match self.auth().mode {
            AuthMode::None => false,
            AuthMode::Token => {
                self.token.is_configured() || self.env_token.is_some() || self.remote_token.is_configured()
            }
            AuthMode::Password => {
                self.password.is_configured() || self.env_password.is_some() || self.remote_password.is_configured()
            }
            AuthMode::TrustedProxy => true,
        }
    }

    /// Whether the endpoints that drive the browser ask for a secret. `gateway.remote` and Tailscale do not count there.
    pub fn has_browser_auth(&self) -> bool {
        // A reference that was to resolve and did not is gone by then; one that is not used stays, and counts.
        let stands = |input: &Input, active: bool| match input {
            Input::Ref(value) | Input::Shorthand(value) => value.is_some() || !active,
            Input::Unset { alone } => !alone || !active,
            Input::Absent | Input::Text(_) => input.text().is_some(),
        };
        let password = stands(&self.password, self.password_can_win()) || self.env_password.is_some();
        let token = stands(&self.token, self.token_is_active()) || self.env_token.is_some();
        match self.configured_mode() {
            Some(AuthMode::Password | AuthMode::TrustedProxy) => token || password,
            Some(AuthMode::None | AuthMode::Token) => token,
            None => token || password,
        }
    }

    /// Is the secret that the audit judges for the mode, blank ones included. None where the mode has none, or where the
    /// config refers to one that does not resolve here.
    pub fn judged_secret(&self) -> Option<String> {
        let auth = self.auth();
        let (input, active, resolved) = match auth.mode {
            AuthMode::Token => (&self.token, self.token_is_active(), auth.token),
            AuthMode::Password => (&self.password, self.password_can_win(), auth.password),
            AuthMode::None | AuthMode::TrustedProxy => return None,
        };
        match input {
            Input::Unset { .. } | Input::Shorthand(_) => None,
            Input::Ref(_) => self.resolved(input, active).value(),
            Input::Text(text) => resolved.or_else(|| Some(text.clone())),
            Input::Absent => resolved,
        }
    }

    /// Whether a secret of the mode in force stands in a file, a store or another program, so that its value is not known here.
    pub fn secret_is_out_of_sight(&self) -> bool {
        let input = match self.auth().mode {
            AuthMode::Token => "gateway.auth.token",
            AuthMode::Password => "gateway.auth.password",
            AuthMode::None | AuthMode::TrustedProxy => return false,
        };
        let reference = Path::from(input);
        self.settings.at(&reference).is_some_and(|reference| {
            let source = reference.get("source");
            source.is_some_and(|source| source.is_string() && source != "env")
                && self.settings.file_secret(reference).is_none()
        })
    }

    /// Whether a token of the environment differs from the one in the config, so that it depends on the caller which one is used.
    pub fn env_token_conflicts(&self) -> bool {
        let Some(env_token) = self.env_token else {
            return false;
        };
        let service = self.settings.var("OPENCLAW_SERVICE_KIND");
        if self.is_elsewhere()
            || service.map(str::trim) == Some("gateway")
            || !matches!(self.configured_mode(), None | Some(AuthMode::Token))
        {
            return false;
        }
        match self.settings.get("gateway.auth.token") {
            Some(reference @ Value::Object(map)) if is_reference(reference) => {
                map.get("source").and_then(Value::as_str) != Some("env")
                    || map.get("id").and_then(Value::as_str) != Some("OPENCLAW_GATEWAY_TOKEN")
            }
            Some(Value::String(token)) => {
                let token = token.trim();
                !token.is_empty()
                    && token != env_token
                    && !matches!(token, "$OPENCLAW_GATEWAY_TOKEN" | "${OPENCLAW_GATEWAY_TOKEN}")
            }
            _ => false,
        }
    }

    fn token_can_win(&self) -> bool {
        matches!(self.configured_mode(), None | Some(AuthMode::Token))
    }

    /// OpenClaw resolves a SecretRef only where its value could come to be used; elsewhere it stays an object.
    fn token_is_active(&self) -> bool {
        match self.configured_mode() {
            Some(mode) => mode == AuthMode::Token,
            None => self.env_password.is_none() && !self.password.is_configured(),
        }
    }

    fn password_can_win(&self) -> bool {
        match self.configured_mode() {
            Some(mode) => matches!(mode, AuthMode::Password | AuthMode::TrustedProxy),
            None => self.env_token.is_none() && !self.token.is_configured() && !self.remote_token.is_configured(),
        }
    }

    fn remote_is_configured(&self) -> bool {
        let url = self.settings.str("gateway.remote.url");
        self.is_elsewhere()
            || url.is_some_and(|url| !url.trim().is_empty())
            || matches!(self.tailscale(), "serve" | "funnel")
    }

    fn remote_token_is_active(&self) -> bool {
        self.remote_is_configured() || self.token_can_win() && self.env_token.is_none() && !self.token.is_configured()
    }

    fn remote_password_is_active(&self) -> bool {
        self.remote_is_configured()
            || self.configured_mode() != Some(AuthMode::TrustedProxy)
                && self.env_password.is_none()
                && !self.password.is_configured()
                && self.password_can_win()
    }

    fn resolved(&self, input: &Input, active: bool) -> Resolved {
        match input {
            Input::Ref(_) if !active => Resolved::Kept,
            Input::Ref(value) => Resolved::To(value.clone()),
            _ => Resolved::To(input.text().map(str::to_owned)),
        }
    }
}

/// A credential as the audit's planner classifies it.
enum Input {
    Absent,
    /// A string, variables put in; may be blank.
    Text(String),
    /// A string whose `${VAR}` is not set: it counts as absent. Only one that is the variable alone counts as a reference.
    Unset {
        alone: bool,
    },
    /// `$VAR`, and its value where the environment has it. The audit does not look behind it but for the hooks.
    Shorthand(Option<String>),
    /// A SecretRef object, and its value where the environment has it.
    Ref(Option<String>),
}

/// A credential once references are resolved.
enum Resolved {
    /// A SecretRef that is not used and therefore not resolved; it shuts out the fallbacks.
    Kept,
    /// What it comes to.
    To(Option<String>),
}

impl Resolved {
    fn value(self) -> Option<String> {
        match self {
            Resolved::Kept => None,
            Resolved::To(value) => value,
        }
    }
}

impl Input {
    fn read(settings: &Settings, path: &str) -> Input {
        let Some(written) = settings.source_get(path) else {
            return Input::Absent;
        };
        match written {
            Value::String(text) => {
                let name = text.trim().strip_prefix('$').filter(|name| !name.contains('{'));
                if let Some(name) = name.filter(|_| is_reference(&text.trim().into())) {
                    Input::Shorthand(env_reference(settings, Some("env"), None, Some(name)))
                } else if text.contains("${") && settings.is_unresolved(&Path::from(path)) {
                    let text = text.trim();
                    Input::Unset { alone: text.starts_with("${") && text.find('}') == Some(text.len() - 1) }
                } else {
                    let loaded = settings.str(path);
                    Input::Text(loaded.unwrap_or(text).to_owned())
                }
            }
            Value::Object(reference) if is_reference(written) => {
                let of = |key: &str| reference.get(key).and_then(Value::as_str);
                if of("source") == Some("file") {
                    return Input::Ref(settings.file_secret(written).map(str::to_owned));
                }
                Input::Ref(env_reference(settings, of("source"), of("provider"), of("id")))
            }
            _ => Input::Absent,
        }
    }

    /// Is the text if it is not blank.
    fn text(&self) -> Option<&str> {
        match self {
            Input::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    fn is_unset(&self) -> bool {
        matches!(self, Input::Unset { .. })
    }

    fn is_value_or_ref(&self) -> bool {
        matches!(self, Input::Ref(_)) || self.text().is_some()
    }

    fn is_configured(&self) -> bool {
        matches!(self, Input::Unset { .. } | Input::Shorthand(_)) || self.is_value_or_ref()
    }
}

/// Is the value of a SecretRef into the environment. A provider must be one for the environment and let the variable through;
/// the one named `default` needs no entry.
fn env_reference(
    settings: &Settings,
    source: Option<&str>,
    provider: Option<&str>,
    id: Option<&str>,
) -> Option<String> {
    if source != Some("env") {
        return None;
    }
    let default = settings.str("secrets.defaults.env").unwrap_or("default");
    let provider = provider.unwrap_or(default);
    let entry = settings.at(&Path::from("secrets.providers").key(provider));
    match entry.filter(|entry| entry.get("source") == Some(&Value::from("env"))) {
        Some(entry) => {
            let allowed = entry.get("allowlist").and_then(Value::as_array);
            if allowed.is_some_and(|allowed| !allowed.iter().any(|name| name.as_str() == id)) {
                return None;
            }
        }
        None if provider != default => return None,
        None => {}
    }
    settings.var(id?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Facts;
    use serde_json::json;
    use std::sync::Arc;

    const SECRET: &str = "f3a9c1d07be24865a1b2c3d4e5f60718293a4b5c6d7e8f90";

    fn settings(gateway: Value, env: &[(&str, &str)]) -> Settings {
        let env = env.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        let facts = Facts { env, ..Facts::default() };
        Settings::load(json!({ "gateway": gateway }), Arc::new(facts))
    }

    fn env_ref(id: &str) -> Value {
        json!({"source": "env", "provider": "default", "id": id})
    }

    #[test]
    fn an_empty_config_listens_on_loopback_with_token_mode_and_nothing_to_prove() {
        let settings = settings(json!({}), &[]);
        let gateway = settings.gateway();
        assert_eq!((gateway.bind(), gateway.port()), ("loopback", 18789));
        assert_eq!(gateway.auth().mode, AuthMode::Token);
        assert!(!gateway.has_auth() && !gateway.has_loopback_auth());
        assert!(!gateway.is_exposed() && !gateway.is_remotely_exposed());
    }

    #[test]
    fn a_password_that_resolves_decides_the_mode_where_none_is_set() {
        let settings = settings(json!({"auth": {"password": SECRET}}), &[]);
        assert_eq!(settings.gateway().auth().mode, AuthMode::Password);
        assert!(settings.gateway().has_auth());
    }

    #[test]
    fn the_config_beats_the_environment_beats_the_remote_token() {
        let all = json!({"auth": {"token": "config"}, "remote": {"token": "remote"}});
        let env = [("OPENCLAW_GATEWAY_TOKEN", "env")];
        let token = |gateway, env: &[(&str, &str)]| settings(gateway, env).gateway().auth().token;
        assert_eq!(token(all, &env).as_deref(), Some("config"));
        let remote = json!({"remote": {"token": "remote"}});
        assert_eq!(token(remote.clone(), &env).as_deref(), Some("env"));
        assert_eq!(token(remote, &[]).as_deref(), Some("remote"));
    }

    #[test]
    fn a_token_of_the_state_folder_or_of_env_vars_counts() {
        let facts = Facts { state_env: [("OPENCLAW_GATEWAY_TOKEN".into(), SECRET.into())].into(), ..Facts::default() };
        assert!(Settings::load(json!({}), Arc::new(facts)).gateway().has_auth());
        let config = json!({"env": {"vars": {"OPENCLAW_GATEWAY_TOKEN": SECRET}}});
        assert!(Settings::load(config, Arc::default()).gateway().has_auth());
    }

    #[test]
    fn a_variable_that_is_not_set_is_in_place_for_a_plan_but_not_for_the_audit() {
        for token in ["${T}", "$T"] {
            let settings = settings(json!({"auth": {"token": token}}), &[]);
            let gateway = settings.gateway();
            assert!(!gateway.has_auth(), "{token}");
            assert!(gateway.has_secret_in_place(), "{token}");
            assert_eq!(gateway.judged_secret(), None, "{token}");
        }
    }

    #[test]
    fn a_secret_ref_counts_for_the_audit_even_where_it_does_not_resolve() {
        let settings = settings(json!({"auth": {"token": env_ref("T")}}), &[]);
        assert!(settings.gateway().has_auth());
        assert_eq!(settings.gateway().auth().token, None);
    }

    #[test]
    fn a_secret_ref_into_the_environment_resolves_if_its_provider_lets_it() {
        let gateway = json!({"auth": {"mode": "token", "token": env_ref("T")}});
        let resolved = |config: Value| {
            let facts = Facts { env: [("T".into(), SECRET.into())].into(), ..Facts::default() };
            Settings::load(config, Arc::new(facts)).gateway().auth().token
        };
        assert_eq!(resolved(json!({"gateway": gateway})).as_deref(), Some(SECRET));
        let shut = json!({"providers": {"default": {"source": "env", "allowlist": ["U"]}}});
        assert_eq!(resolved(json!({"gateway": gateway, "secrets": shut})), None);
    }

    #[test]
    fn mode_none_never_counts_and_a_trusted_proxy_always_does() {
        let env = [("OPENCLAW_GATEWAY_TOKEN", SECRET)];
        let with = |mode: &str| settings(json!({"auth": {"mode": mode, "token": SECRET}}), &env);
        assert!(!with("none").gateway().has_auth());
        assert!(with("trusted-proxy").gateway().has_auth());
        assert!(!with("password").gateway().has_auth());
    }

    #[test]
    fn tailscale_serve_vouches_on_loopback_unless_a_password_is_asked_for() {
        let with = |auth: Value| settings(json!({"tailscale": {"mode": "serve"}, "auth": auth}), &[]);
        assert!(with(json!({})).gateway().has_loopback_auth());
        assert!(!with(json!({"mode": "password"})).gateway().has_loopback_auth());
        assert!(!with(json!({"allowTailscale": false})).gateway().has_loopback_auth());
        assert!(with(json!({})).gateway().is_remotely_exposed());
    }

    #[test]
    fn the_environments_token_conflicts_only_with_another_source() {
        let conflicts = |token: Value| {
            settings(json!({"auth": {"token": token}}), &[("OPENCLAW_GATEWAY_TOKEN", SECRET), ("OTHER", "other")])
                .gateway()
                .env_token_conflicts()
        };
        assert!(conflicts("another".into()));
        assert!(conflicts("${OTHER}".into()));
        assert!(conflicts(env_ref("OTHER")));
        assert!(!conflicts(SECRET.into()));
        assert!(!conflicts("${OPENCLAW_GATEWAY_TOKEN}".into()));
        assert!(!conflicts(env_ref("OPENCLAW_GATEWAY_TOKEN")));
        assert!(!conflicts(Value::Null));
    }

    #[test]
    fn behind_a_shorthand_the_audit_looks_for_the_hooks_alone() {
        let gateway = json!({"auth": {"mode": "password", "password": " $T "}, "remote": {"password": "remote"}});
        let settings = settings(gateway, &[("T", SECRET)]);
        let gateway = settings.gateway();
        assert_eq!(gateway.auth().password.as_deref(), Some("remote"));
        assert_eq!(gateway.auth_beside_hooks().password.as_deref(), Some(SECRET));
        assert!(gateway.has_auth());
    }

    #[test]
    fn only_this_machine_is_a_harmless_proxy() {
        let with = |proxies: Value| settings(json!({ "trustedProxies": proxies }), &[]);
        assert!(!with(json!(["127.0.0.1", "::1/128"])).gateway().trusts_other_hosts());
        assert!(with(json!(["127.0.0.1/8"])).gateway().trusts_other_hosts());
        assert!(with(json!(["10.0.0.2"])).gateway().trusts_other_hosts());
    }
}
