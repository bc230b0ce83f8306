//! What an agent, an account, a group or a sender has of its own undoes what is set for all: it is hardened too, and references stay.

use crate::stage::document;
use openclaw_harden::document::Path as Key;
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Means, Posture};
use openclaw_harden::settings::tools::{Session, loosened};
use openclaw_harden::settings::{Facts, Settings};
use serde_json::{Value, json};
use std::sync::Arc;

/// Everything closed for all, and opened again by every kind of override.
const UNDONE: &str = r#"{
  "gateway": { "mode": "local", "bind": "loopback", "auth": { "mode": "token", "token": { "source": "env", "provider": "default", "id": "GW_TOKEN" } } },
  "secrets": { "providers": { "vault": { "source": "exec", "command": "/usr/bin/vault-get" } } },
  "agents": {
    "ownership": "explicit",
    "defaults": { "sandbox": { "mode": "all", "scope": "agent", "workspaceAccess": "none", "docker": { "network": "none" } } },
    "entries": {
      "main": {},
      "work": {
        "sandbox": { "mode": "off", "scope": "shared", "workspaceAccess": "rw", "docker": { "network": "bridge", "binds": ["/:/host:rw"], "readOnlyRoot": false, "capDrop": [] } },
        "tools": {
          "profile": "full", "allow": ["*"], "deny": [],
          "exec": { "mode": "full" },
          "elevated": { "enabled": true, "allowFrom": { "telegram": ["*"] } },
          "fs": { "workspaceOnly": false },
          "byProvider": { "anthropic": { "profile": "full", "allow": ["exec"] } },
          "sandbox": { "tools": { "allow": ["*"] } },
          "toolsBySender": { "*": { "allow": ["exec"] } }
        }
      }
    }
  },
  "tools": {
    "profile": "messaging", "deny": ["group:runtime", "gateway"],
    "exec": { "mode": "deny" }, "elevated": { "enabled": false }, "fs": { "workspaceOnly": true },
    "byProvider": { "openai": { "profile": "full", "alsoAllow": ["exec"] } },
    "toolsBySender": { "*": { "alsoAllow": ["exec"] } },
    "sandbox": { "tools": { "allow": ["*"] } }
  },
  "channels": {
    "telegram": {
      "dmPolicy": "pairing", "groupPolicy": "allowlist", "allowFrom": ["1"],
      "botToken": "${TG_TOKEN}",
      "groups": { "-100": { "requireMention": false, "groupPolicy": "open", "tools": {"allow": ["exec"]}, "toolsBySender": { "*": { "allow": ["exec"] } } } },
      "accounts": { "two": { "dmPolicy": "open", "allowFrom": ["*"], "groupPolicy": "open", "botToken": { "source": "exec", "provider": "vault", "id": "tg2" }, "groups": { "*": { "requireMention": false } } } }
    },
    "discord": { "token": "$DISCORD_TOKEN", "dmPolicy": "pairing", "guilds": { "1": { "channels": { "2": { "toolsBySender": { "*": { "allow": ["exec"] } } } } } }, "accounts": { "b": { "dmPolicy": "open", "allowFrom": ["*"], "token": "${D2}" } } }
  },
  "session": { "dmScope": "per-channel-peer" }
}"#;

fn plans() -> impl Iterator<Item = (Posture, Plan)> {
    let means = Means { engine: Engine::Docker, ..Means::default() };
    Posture::ALL.into_iter().map(move |posture| {
        let answers = Answers { posture, undecided: Undecided::All, ..Answers::default() };
        let plan = Plan::new(document(UNDONE), &Arc::new(Facts::default()), &means, &answers).expect("a plan");
        assert_eq!(plan.issues, []);
        assert_eq!(plan.issues_after, []);
        (posture, plan)
    })
}

fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    Key::from(path).of(value).unwrap_or(&Value::Null)
}

#[test]
fn what_an_agent_undoes_is_closed() {
    for (posture, plan) in plans() {
        let after = plan.candidate.value();
        for (key, wanted) in [
            ("sandbox.mode", json!("all")),
            ("sandbox.docker.readOnlyRoot", json!(true)),
            ("sandbox.docker.capDrop", json!(["ALL"])),
            ("sandbox.docker.binds", Value::Null),
            ("tools.exec.mode", json!("deny")),
            ("tools.elevated.enabled", json!(false)),
            ("tools.fs.workspaceOnly", json!(true)),
        ] {
            assert_eq!(*at(after, &format!("agents.entries.work.{key}")), wanted, "{}: {key}", posture.name());
        }
        assert_ne!(*at(after, "agents.entries.work.sandbox.scope"), "shared");
    }
}

#[test]
fn what_an_account_or_a_group_undoes_is_closed() {
    for (posture, plan) in plans() {
        let after = plan.candidate.value();
        for account in ["telegram.accounts.two", "discord.accounts.b"] {
            let account = format!("channels.{account}");
            assert_ne!(*at(after, &format!("{account}.dmPolicy")), "open", "{}", posture.name());
            assert_ne!(*at(after, &format!("{account}.allowFrom")), json!(["*"]), "{}", posture.name());
        }
        assert_ne!(*at(after, "channels.telegram.accounts.two.groupPolicy"), "open");
        assert_ne!(*at(after, "channels.telegram.groups.-100.groupPolicy"), "open");
        assert_eq!(*at(after, "channels.telegram.groups.-100.requireMention"), true);
        assert_eq!(*at(after, "channels.telegram.accounts.two.groups.*.requireMention"), true);
    }
}

#[test]
fn no_list_by_provider_sandbox_or_sender_brings_back_what_is_denied_for_all() {
    for (posture, plan) in plans() {
        let before = Settings::load(plan.source.shared(), Arc::default());
        let after = Settings::load(plan.candidate.shared(), Arc::default());
        assert!(loosened(&before, &after).is_empty());
        for model in [None, Some("openai/gpt-5"), Some("anthropic/claude-opus-4-6")] {
            for agent in ["main", "work"] {
                let context = after.tool_context_for(agent, model).expect("an agent");
                for session in [Session::Main, Session::Other] {
                    for tool in ["exec", "process", "gateway"] {
                        let decision = context.decide(tool, session);
                        assert!(!decision.allowed, "{}: {tool} of {agent} with {model:?}", posture.name());
                    }
                }
            }
        }
    }
}

#[test]
fn every_reference_stays_as_it_is() {
    for (_, plan) in plans() {
        for key in [
            "gateway.auth.token",
            "secrets.providers.vault",
            "channels.telegram.botToken",
            "channels.telegram.accounts.two.botToken",
            "channels.discord.token",
            "channels.discord.accounts.b.token",
        ] {
            assert_eq!(at(plan.source.value(), key), at(plan.candidate.value(), key), "{key}");
            assert!(!at(plan.candidate.value(), key).is_null(), "{key}");
        }
    }
}
