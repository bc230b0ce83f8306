//! Secrets that stand in the config in plain text.

use super::{Check, Hit, Mend, Severity, when};
use crate::document::{Path, Seg};
use crate::settings::{Settings, is_reference};
use crate::text::Text;
use serde_json::Value;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "config.secrets.gateway_password_in_config",
        severity: Severity::Warn,
        title: Text {
            en: "The gateway password stands in the config",
            ja: "Gateway のパスワードが設定ファイルに書かれています",
        },
        why: Text {
            en: "It goes along with every copy of the file: backups, a repository, a screenshot, a question in a forum.",
            ja: "バックアップ、リポジトリ、画面の共有など、ファイルのコピーとともにパスワードも渡ります。",
        },
        test: |settings| stands_in_config(settings, "gateway.auth.password"),
        mend: Mend::Manual(Text {
            en: "Run: openclaw-harden secrets. The password moves to a private file, and a SecretRef takes its place.",
            ja: "openclaw-harden secrets を実行してください。パスワードを自分だけが読めるファイルに移し、SecretRef に置き換えます。",
        }),
        risky: r#"{gateway: {auth: {password: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        safe: r#"{gateway: {auth: {password: {source: "env", provider: "default", id: "PASSWORD"}}}}"#,
        reference: "https://docs.openclaw.ai/cli/secrets",
    },
    Check {
        id: "config.secrets.hooks_token_in_config",
        severity: Severity::Info,
        title: Text {
            en: "The hooks token stands in the config",
            ja: "フックのトークンが設定ファイルに書かれています",
        },
        why: Text {
            en: "It goes along with every copy of the file. OpenClaw reports this even when a variable supplies the token.",
            ja: "ファイルのコピーとともにトークンも渡ります。環境変数から読み込む場合も、OpenClaw はこの項目を報告します。",
        },
        test: |settings| {
            if settings.is_true("hooks.enabled") { stands_in_config(settings, "hooks.token") } else { Vec::new() }
        },
        mend: Mend::Manual(Text {
            en: "Stop the Gateway, run openclaw-harden secrets, and start it: the token moves to .env. The finding stays; the secret is gone from the file.",
            ja: "Gateway を停止して openclaw-harden secrets を実行し、起動してください。トークンは .env に移ります。この検出事項は残りますが、シークレットはファイルからなくなります。",
        }),
        risky: r#"{hooks: {enabled: true, token: "5ecret-5ecret-5ecret-5ecret"}}"#,
        safe: r#"{hooks: {enabled: false, token: "5ecret-5ecret-5ecret-5ecret"}}"#,
        reference: "https://docs.openclaw.ai/cli/secrets",
    },
    Check {
        id: "harden.secrets.plaintext",
        severity: Severity::Warn,
        title: Text {
            en: "A secret stands in the config in plain text",
            ja: "シークレットが設定ファイルに平文で書かれています",
        },
        why: Text {
            en: "It goes along with every copy of the file: backups, a repository, a screenshot. An agent that may read files can be talked into sending it on.",
            ja: "バックアップやリポジトリなど、ファイルのコピーとともに渡ります。ファイルを読めるエージェントが誘導され、外部に送信することもあります。",
        },
        test: |settings| {
            let said = |path: &Path| {
                let is = |other: &str| *path == Path::from(other);
                is("gateway.auth.password") || is("hooks.token") && settings.is_true("hooks.enabled")
            };
            plain_secrets(settings)
                .into_iter()
                .filter(|path| !said(path))
                .map(|path| {
                    let own = path == Path::from("gateway.auth.token");
                    // OpenClaw writes its own token there; the file's mode guards it.
                    let severity = own.then_some(Severity::Info);
                    Hit { severity, ..Hit::at(path).wanted("${VARIABLE}") }
                })
                .collect()
        },
        mend: Mend::Manual(Text {
            en: "Run: openclaw-harden secrets. It moves the value to a private file. Then make a new one at the provider: the old one stands in the backups until --purge removes them.",
            ja: "openclaw-harden secrets を実行してください。値を自分だけが読めるファイルに移します。古い値はバックアップに残るため、--purge で削除し、発行元で新しい値に交換してください。",
        }),
        risky: r#"{channels: {telegram: {botToken: "123456:5ecret"}}}"#,
        safe: r#"{channels: {telegram: {botToken: "${TELEGRAM_BOT_TOKEN}"}}}"#,
        reference: "https://docs.openclaw.ai/cli/secrets",
    },
];

/// Whether a loaded string stands at a place; one whose variable is not set does not count.
fn stands_in_config(settings: &Settings, path: &str) -> Vec<Hit> {
    let found = settings.str(path).is_some_and(|text| !text.trim().is_empty());
    when(found && !settings.is_unresolved(&Path::from(path)), || Hit::at(path))
}

/// Is the places of secrets in plain text, by the names of their keys.
pub fn plain_secrets(settings: &Settings) -> Vec<Path> {
    let mut found = Vec::new();
    Path::root().visit(settings.source(), &mut |path, value| {
        match value {
            Value::Object(_) => return !is_reference(value),
            Value::String(text) if is_secret(path) && is_plain(text) && !is_reference(value) => {
                found.push(path.clone());
            }
            _ => {}
        }
        true
    });
    found
}

/// Whether the last key of a path names a secret; so does one of a map of variables or HTTP headers.
pub fn is_secret(path: &Path) -> bool {
    let Some(key) = path.last_key() else {
        return false;
    };
    const ENDINGS: [&str; 11] = [
        "token",
        "apikey",
        "secret",
        "password",
        "passwd",
        "passphrase",
        "privatekey",
        "encryptkey",
        "accesskey",
        "secretkey",
        "authorization",
    ];
    let is_variable = || key.contains('_') && !key.contains(|c: char| c.is_ascii_lowercase());
    let is_header = || matches!(path.segs().iter().rev().nth(1), Some(Seg::Key(holder)) if holder == "headers");
    let ends_with = |ending: &str| folded_start(key, ending).is_some();
    ENDINGS.into_iter().any(ends_with)
        || ends_with("key") && is_variable()
        || folded_start(key, "cookie") == Some("") && is_header()
}

/// Is what stands in a key before its ending; none where it ends otherwise. Neither case nor `_` and `-` count.
fn folded_start<'k>(key: &'k str, ending: &str) -> Option<&'k str> {
    // Every key of a config is asked for each ending: nothing is copied.
    let is_joint = |byte: &u8| matches!(byte, b'_' | b'-');
    let mut start = key.as_bytes();
    for letter in ending.bytes().rev() {
        while let [rest @ .., joint] = start
            && is_joint(joint)
        {
            start = rest;
        }
        match start {
            [rest @ .., last] if last.eq_ignore_ascii_case(&letter) => start = rest,
            _ => return None,
        }
    }
    Some(key[..start.len()].trim_start_matches(['_', '-']))
}

/// Whether a text can be a secret: not blank, not the name of a variable, not the word that stands for "none".
fn is_plain(text: &str) -> bool {
    let text = text.trim();
    let is_name = text.contains('_') && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_word = matches!(
        text.to_lowercase().as_str(),
        "" | "none"
            | "null"
            | "undefined"
            | "n/a"
            | "dummy"
            | "unused"
            | "ollama"
            | "ollama-local"
            | "lmstudio"
            | "local"
    );
    !is_name && !is_word
}

#[cfg(test)]
mod tests {
    use crate::checks::{Severity, audit, example};

    fn plaintext(config: &str) -> Vec<(String, Severity)> {
        let findings = audit(&example(config).expect("a config"));
        findings
            .iter()
            .filter(|finding| finding.id == "harden.secrets.plaintext")
            .map(|finding| (finding.hit.paths[0].to_string(), finding.severity))
            .collect()
    }

    #[test]
    fn secrets_are_found_wherever_they_stand() {
        let found = plaintext(
            r#"{
                gateway: {auth: {token: "s1"}, remote: {token: "s2"}},
                channels: {slack: {accounts: {a: {appToken: "s3", signingSecret: "s4"}}}},
                models: {providers: {openai: {apiKey: "s5"}}},
                env: {vars: {GEMINI_API_KEY: "s6", EDITOR: "vi"}},
                mcp: {servers: {n: {env: {PRIVATE_KEY: "s7"}, headers: {Authorization: "Bearer s8"}}}},
            }"#,
        );
        assert_eq!(found.len(), 8, "{found:?}");
        let infos: Vec<_> = found.iter().filter(|(_, level)| *level == Severity::Info).collect();
        assert_eq!(infos, [&("gateway.auth.token".to_owned(), Severity::Info)]);
    }

    #[test]
    fn references_and_words_are_no_secrets() {
        let found = plaintext(
            r#"{
                gateway: {auth: {token: "${T}"}},
                channels: {discord: {token: {source: "env", provider: "default", id: "D"}}, telegram: {botToken: "$T"}},
                models: {providers: {ollama: {apiKey: "ollama-local"}, openai: {apiKey: "OPENAI_API_KEY"}}},
                hooks: {defaultSessionKey: "hook:ingress"},
                agents: {defaults: {maxTokens: 5, tokenizer: "x"}},
            }"#,
        );
        assert_eq!(found, []);
    }

    #[test]
    fn what_openclaw_reports_is_not_said_twice() {
        let config = r#"{gateway: {auth: {password: "s"}}, hooks: {enabled: true, token: "s"}}"#;
        assert_eq!(plaintext(config), []);
        assert_eq!(plaintext(r#"{hooks: {token: "s"}}"#).len(), 1);
    }
}
