//! The ways in: for each config they were written down beforehand, and are found, no more and no fewer.

use crate::support::samples;
use openclaw_harden::chains::{Chain, Harm, chains};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Means, Posture};
use openclaw_harden::settings::{Facts, Settings};
use openclaw_harden::text::Lang;
use std::path::PathBuf;
use std::sync::Arc;

/// Whatever an owner's session does where nothing is restricted, for one who hears no answer.
const OWNER: &[&str] = &[
    "shell exec",
    "shell plugins",
    "shell nodes/computer",
    "shell terminal",
    "credentials exec",
    "credentials read",
    "files read/write/edit",
    "controls gateway/automations/openclaw",
    "messages conversations_send/conversations_turn/github_publish",
    "messages message",
    "leak web_fetch",
    "leak browser",
    "leak message",
];
/// The same without web and browser.
const OFFLINE: &[&str] = &[
    "shell exec",
    "shell plugins",
    "shell nodes/computer",
    "shell terminal",
    "credentials exec",
    "credentials read",
    "files read/write/edit",
    "controls gateway/automations/openclaw",
    "messages conversations_send/conversations_turn/github_publish",
    "messages message",
    "leak message",
];
/// The same for one who gets the answers.
const OPERATOR: &[&str] = &[
    "shell exec",
    "shell plugins",
    "shell nodes/computer",
    "shell terminal",
    "credentials exec",
    "credentials read",
    "files read/write/edit",
    "controls gateway/automations/openclaw",
    "messages conversations_send/conversations_turn/github_publish",
    "messages message",
    "leak memory_search/memory_get",
    "leak sessions_history/sessions_search",
    "leak read",
];
/// Whatever somebody who is no owner brings about where nothing is restricted.
const OTHER: &[&str] = &[
    "shell exec",
    "credentials exec",
    "credentials read",
    "files read/write/edit",
    "messages github_publish",
    "messages message",
    "leak memory_search/memory_get",
    "leak sessions_history/sessions_search",
    "leak read",
];
const NO_COMMANDS: &[&str] = &[
    "credentials read",
    "files read/write/edit",
    "messages github_publish",
    "messages message",
    "leak memory_search/memory_get",
    "leak sessions_history/sessions_search",
    "leak read",
];
const NO_FILES: &[&str] = &[
    "shell exec",
    "credentials exec",
    "messages github_publish",
    "messages message",
    "leak memory_search/memory_get",
    "leak sessions_history/sessions_search",
];

/// A config, and the ways in: who, through which channel, by which agents, and the ends with their tools.
type Case = (&'static str, &'static [(&'static str, &'static str, &'static [&'static str])]);

/// `QUIET` stands for `deny: ["group:web", "browser"]`, which keeps pages away; `OPEN` for a Telegram that is open to all.
const CASES: &[Case] = &[
    ("{}", &[("page", "main", OWNER)]),
    ("{tools: {QUIET}}", &[]),
    ("{tools: {QUIET}, channels: {OPEN}}", &[("stranger telegram", "main", OTHER)]),
    ("{tools: {QUIET}, channels: {telegram: {}}}", &[]),
    (
        "{tools: {QUIET}, channels: {telegram: {dmPolicy: 'pairing', allowFrom: ['*']}}}",
        &[("stranger telegram", "main", OTHER)],
    ),
    ("{tools: {QUIET}, channels: {telegram: {dmPolicy: 'allowlist', allowFrom: ['123']}}}", &[]),
    ("{tools: {QUIET}, channels: {telegram: {enabled: false, dmPolicy: 'open', allowFrom: ['*']}}}", &[]),
    (
        "{tools: {profile: 'messaging', QUIET}, channels: {OPEN}}",
        &[("stranger telegram", "main", &["messages message", "leak sessions_history/sessions_search"])],
    ),
    ("{tools: {profile: 'minimal', QUIET}, channels: {OPEN}}", &[]),
    (
        "{tools: {deny: ['group:web', 'browser', 'group:runtime']}, channels: {OPEN}}",
        &[("stranger telegram", "main", NO_COMMANDS)],
    ),
    (
        "{tools: {deny: ['group:web', 'browser', 'group:fs']}, channels: {OPEN}}",
        &[("stranger telegram", "main", NO_FILES)],
    ),
    (
        "{tools: {QUIET, fs: {workspaceOnly: true}}, channels: {OPEN}}",
        &[(
            "stranger telegram",
            "main",
            &[
                "shell exec",
                "credentials exec",
                "messages github_publish",
                "messages message",
                "leak memory_search/memory_get",
                "leak sessions_history/sessions_search",
                "leak read",
            ],
        )],
    ),
    ("{tools: {QUIET, exec: {mode: 'ask'}}, channels: {OPEN}}", &[("stranger telegram", "main", NO_COMMANDS)]),
    ("{tools: {QUIET, exec: {mode: 'auto'}}, channels: {OPEN}}", &[("stranger telegram", "main", OTHER)]),
    ("{tools: {QUIET, exec: {mode: 'allowlist'}}, channels: {OPEN}}", &[("stranger telegram", "main", NO_COMMANDS)]),
    ("{agents: {defaults: {sandbox: {mode: 'all'}}}, channels: {OPEN}}", &[]),
    (
        "{agents: {defaults: {sandbox: {mode: 'all', workspaceAccess: 'rw'}}}, channels: {OPEN}}",
        &[("stranger telegram", "main", &["leak read"])],
    ),
    (
        "{agents: {defaults: {sandbox: {mode: 'all', docker: {binds: ['/var/run/docker.sock:/var/run/docker.sock']}}}}, channels: {OPEN}}",
        &[(
            "stranger telegram",
            "main",
            &["shell exec", "credentials exec", "credentials read", "files exec", "files read/write/edit/apply_patch"],
        )],
    ),
    (
        "{agents: {defaults: {sandbox: {mode: 'all', docker: {binds: ['/etc:/host-etc:ro']}}}}, channels: {OPEN}}",
        &[(
            "stranger telegram",
            "main",
            &["credentials exec", "credentials read", "files exec", "files read/write/edit/apply_patch"],
        )],
    ),
    (
        "{tools: {QUIET}, agents: {defaults: {sandbox: {mode: 'non-main'}}}, channels: {OPEN}}",
        &[("stranger telegram", "main", OTHER)],
    ),
    (
        "{tools: {QUIET}, agents: {defaults: {sandbox: {mode: 'non-main'}}}, channels: {OPEN}, session: {dmScope: 'per-channel-peer'}}",
        &[],
    ),
    ("{tools: {QUIET}, channels: {telegram: {groupPolicy: 'open'}}}", &[("member telegram", "main", OTHER)]),
    ("{tools: {QUIET}, channels: {telegram: {groups: {'-1': {}}, groupAllowFrom: ['42']}}}", &[]),
    (
        "{tools: {QUIET}, channels: {telegram: {groups: {'-1': {}}, groupAllowFrom: ['*']}}}",
        &[("member telegram", "main", OTHER)],
    ),
    ("{tools: {QUIET}, channels: {discord: {guilds: {'1': {}}}}}", &[("member discord", "main", OTHER)]),
    ("{tools: {QUIET}, channels: {discord: {guilds: {'1': {users: ['7'], channels: {'5': {}}}}}}}", &[]),
    ("{tools: {QUIET}, channels: {slack: {channels: {C1: {}}}}}", &[("member slack", "main", OTHER)]),
    (
        "{tools: {QUIET}, channels: {telegram: {groups: {'-1': {groupPolicy: 'open'}}}}}",
        &[("member telegram", "main", OTHER)],
    ),
    (
        "{tools: {QUIET}, channels: {telegram: {groups: {'-1': {allowFrom: ['*'], tools: {deny: ['exec', 'group:fs', 'message']}}}}}}",
        &[(
            "member telegram",
            "main",
            &["messages github_publish", "leak memory_search/memory_get", "leak sessions_history/sessions_search"],
        )],
    ),
    ("{tools: {QUIET}, channels: {telegram: {groupPolicy: 'disabled', groupAllowFrom: ['*']}}}", &[]),
    ("{tools: {QUIET}, channels: {defaults: {groupPolicy: 'open'}, matrix: {}}}", &[("member matrix", "main", OTHER)]),
    (
        "{tools: {QUIET}, channels: {telegram: {dmPolicy: 'open', allowFrom: ['*'], accounts: {a: {}, b: {dmPolicy: 'pairing', allowFrom: ['1']}}}}}",
        &[("stranger telegram.accounts.a", "main", OTHER)],
    ),
    (
        "{tools: {QUIET}, agents: {ownership: 'explicit', entries: {a: {}, b: {tools: {deny: ['group:runtime', 'group:fs']}}}}, \
         bindings: [{agentId: 'b', match: {channel: 'telegram'}}], channels: {OPEN}}",
        &[(
            "stranger telegram",
            "b",
            &[
                "messages github_publish",
                "messages message",
                "leak memory_search/memory_get",
                "leak sessions_history/sessions_search",
            ],
        )],
    ),
    ("{tools: {QUIET}, agents: {ownership: 'explicit', entries: {a: {}, b: {}}}, channels: {OPEN}}", &[]),
    ("{tools: {QUIET}, hooks: {enabled: true, token: 'x'}}", &[("hook", "main", OFFLINE)]),
    (
        "{tools: {profile: 'minimal'}, agents: {ownership: 'explicit', entries: {a: {}, b: {}}}, \
         hooks: {enabled: true, token: 'x', presets: ['gmail'], allowedAgentIds: ['a']}}",
        &[("hook", "a", &["controls gateway"]), ("mail", "a", &["controls gateway"])],
    ),
    ("{tools: {QUIET}, gateway: {bind: 'lan'}}", &[("lan", "", &["controls "]), ("lan", "main", OPERATOR)]),
    ("{tools: {QUIET}, gateway: {bind: 'lan', auth: {mode: 'token', token: 'a-long-token-of-many-letters'}}}", &[]),
    (
        "{tools: {QUIET}, gateway: {tailscale: {mode: 'serve'}, auth: {mode: 'token', token: 'a-long-token-of-many-letters'}}}",
        &[("tailnet", "", &["controls "]), ("tailnet", "main", OPERATOR)],
    ),
    (
        "{tools: {QUIET}, gateway: {controlUi: {allowedOrigins: ['*']}, auth: {mode: 'none'}}}",
        &[("origin", "", &["controls "]), ("origin", "main", OPERATOR)],
    ),
    (
        "{tools: {QUIET}, gateway: {controlUi: {allowedOrigins: ['*']}, auth: {mode: 'token', token: 'a-long-token-of-many'}}}",
        &[],
    ),
    ("{tools: {QUIET}, gateway: {nodes: {pairing: {autoApproveCidrs: ['10.0.0.0/8']}}}}", &[("node", "main", OTHER)]),
    ("{tools: {QUIET, toolsBySender: {'*': {deny: ['*']}}}, channels: {OPEN}}", &[]),
    (
        "{tools: {elevated: {allowFrom: {telegram: ['*']}}}, agents: {defaults: {sandbox: {mode: 'all'}}}, channels: {OPEN}}",
        &[("stranger telegram", "main", &["shell exec", "credentials exec"])],
    ),
    (
        "{tools: {elevated: {allowFrom: {telegram: ['42']}}}, agents: {defaults: {sandbox: {mode: 'all'}}}, channels: {OPEN}}",
        &[],
    ),
    (
        "{tools: {QUIET, byProvider: {openai: {deny: ['group:runtime']}}}, agents: {defaults: {model: 'openai/gpt-5'}}, channels: {OPEN}}",
        &[("stranger telegram", "main", NO_COMMANDS)],
    ),
    ("{tools: {QUIET}, channels: {telegram: {groupAllowFrom: ['*']}}}", &[]),
    (
        "{tools: {QUIET}, channels: {whatsapp: {dmPolicy: 'open', allowFrom: ['*']}}}",
        &[("stranger whatsapp", "main", OTHER), ("member whatsapp", "main", OTHER)],
    ),
    ("{tools: {QUIET}, gateway: {mode: 'remote', bind: 'lan'}}", &[]),
    ("{agents: {defaults: {sandbox: {mode: 'all'}}}}", &[]),
    ("{agents: {defaults: {sandbox: {mode: 'non-main'}}}}", &[("page", "main", OWNER)]),
    ("{tools: {QUIET}, gateway: {bind: 'custom', customBindHost: '127.0.0.1'}}", &[]),
];

fn facts() -> Arc<Facts> {
    let home = PathBuf::from("/home/ann");
    Arc::new(Facts { state_dir: Some(home.join(".openclaw")), home: Some(home), ..Facts::default() })
}

fn load(document: &Document) -> Settings {
    Settings::load(document.shared(), facts())
}

fn shown(chain: &Chain) -> String {
    let who = [Some(chain.outsider.name()), chain.channel.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    let (agents, tools) = (chain.agents.join("+"), chain.tools.join("/"));
    format!("{}: {agents}: {} {tools}", who.join(" "), chain.harm.name())
}

#[test]
fn every_way_in_that_was_written_down_is_found_and_no_other() {
    assert!(CASES.len() >= 40, "only {} configs", CASES.len());
    let mut faults = Vec::new();
    for (config, expected) in CASES {
        let config = config
            .replace("QUIET", "deny: ['group:web', 'browser']")
            .replace("OPEN", "telegram: {dmPolicy: 'open', allowFrom: ['*']}");
        let document = Document::parse(config.as_bytes()).expect("a config");
        let mut found: Vec<String> = chains(&load(&document)).iter().map(shown).collect();
        let mut wanted: Vec<String> = expected
            .iter()
            .flat_map(|(who, agents, ends)| ends.iter().map(move |end| format!("{who}: {agents}: {end}")))
            .collect();
        found.sort();
        wanted.sort();
        let more: Vec<&String> = found.iter().filter(|chain| !wanted.contains(chain)).collect();
        let fewer: Vec<&String> = wanted.iter().filter(|chain| !found.contains(chain)).collect();
        if found != wanted {
            faults.push(format!("{config}\n  too many: {more:?}\n  missing: {fewer:?}"));
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), CASES.len(), faults.join("\n"));
}

#[test]
fn the_setting_that_a_chain_names_ends_it() {
    let mut tried = 0;
    let own = CASES.iter().map(|(config, _)| {
        let config = config.replace("QUIET", "deny: ['group:web', 'browser']");
        config.replace("OPEN", "telegram: {dmPolicy: 'open', allowFrom: ['*']}").into_bytes()
    });
    for bytes in own.chain(samples().into_iter().map(|sample| sample.bytes)) {
        let Ok(document) = Document::parse(&bytes) else {
            continue;
        };
        let before = chains(&load(&document));
        let mut cuts = Vec::new();
        for chain in &before {
            if cuts.contains(&&chain.cut.edits) {
                continue;
            }
            cuts.push(&chain.cut.edits);
            let mut value = document.value().clone();
            chain.cut.edits.iter().for_each(|edit| edit.apply(&mut value));
            let after: Vec<String> = chains(&Settings::load(value, facts()))
                .iter()
                .map(|chain| format!("{} {}", shown(chain), chain.at))
                .collect();
            let ended = |chain: &&Chain| !after.contains(&format!("{} {}", shown(chain), chain.at));
            let with_it: Vec<&Chain> = before.iter().filter(|other| other.cut.edits == chain.cut.edits).collect();
            assert!(
                with_it.iter().all(ended),
                "{} does not end {}: {}",
                chain.cut.shown(),
                shown(chain),
                String::from_utf8_lossy(&bytes)
            );
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} settings were tried");
}

#[test]
fn hardened_public_nothing_ends_in_a_shell_files_or_credentials() {
    let means = Means {
        engine: Engine::Docker,
        gateway_secret: "0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        hooks_secret: "fedcba9876543210fedcba9876543210fedcba9876543210".into(),
        ..Means::default()
    };
    let answers = Answers { posture: Posture::Public, undecided: Undecided::All, ..Answers::default() };
    let mut plans = 0;
    for sample in samples() {
        let Ok(document) = Document::parse(&sample.bytes) else {
            continue;
        };
        let Ok(plan) = Plan::new(&document, &facts(), &means, &answers) else {
            continue;
        };
        if !plan.issues_after.is_empty() {
            continue;
        }
        plans += 1;
        let left: Vec<String> = chains(&plan.settings_after)
            .iter()
            .filter(|chain| matches!(chain.harm, Harm::Shell | Harm::Files | Harm::Credentials))
            .map(shown)
            .collect();
        assert!(left.is_empty(), "{}: {left:?}", sample.name);
        let ways = chains(&plan.settings_after);
        assert!(ways.len() <= chains(&plan.settings).len(), "{}: hardening opens a way in: {ways:?}", sample.name);
    }
    assert!(plans >= 20, "only {plans} plans");
}

#[test]
fn every_chain_is_told_in_both_languages() {
    let document = Document::parse(b"{gateway: {bind: 'lan'}}").expect("a config");
    let chains = chains(&load(&document));
    assert_eq!(chains[0].shown(Lang::En), "a host in the LAN -> Gateway -> control of OpenClaw");
    assert_eq!(chains[1].shown(Lang::En), "a host in the LAN -> main -> exec -> a shell on your machine");
    assert_eq!(chains[1].shown(Lang::Ja), "LAN 内のホスト -> main -> exec -> ホストでのコマンド実行");
    assert_eq!(chains[0].cut.shown(), "gateway.bind: \"loopback\"");
}
