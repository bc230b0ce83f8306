//! What stands in OpenClaw's state database and in Docker. Where nobody looked there, nothing is passed: it is not known.

use super::{Check, Hit, Mend, Severity, when};
use crate::settings::{Approvals, Install, Settings};
use crate::text::{Said, Text};

const APPROVALS: &str = "https://docs.openclaw.ai/tools/exec-approvals";
const PLUGINS: &str = "https://docs.openclaw.ai/plugins/manage-plugins";
const HOOKS: &str = "https://docs.openclaw.ai/cli/hooks";
const SANDBOX: &str = "https://docs.openclaw.ai/gateway/sandboxing";

/// The label `openclaw.browserConfigEpoch` of containers that OpenClaw 2026.9.6 makes.
const EPOCH: &str = "2026-05-12-cdp-relay-auth";

/// The programs that run code which they are given, as OpenClaw 2026.9.6 counts them on a list of approved programs.
const INTERPRETERS: &str = "awk bun clj clojure deno elixir erl expect find gawk gdb ghc ghci gmake groovy gsed guile iex julia lua make \
     mawk nawk node nodejs osascript perl perl6 php pypy pypy3 python python2 python3 r raku rscript ruby scala scala-cli sed werl xargs";

const REINSTALL_PLUGIN: Text = Text {
    en: "Run: openclaw plugins update --all, or install the plugins shown again.",
    ja: "openclaw plugins update --all を実行するか、表示されたプラグインを入れ直してください。",
};
const REINSTALL_HOOK: Text = Text {
    en: "Run: openclaw hooks update --all, or install the hooks shown again.",
    ja: "openclaw hooks update --all を実行するか、表示されたフックを入れ直してください。",
};
const PIN: Text = Text {
    en: "Install what is shown again with an exact version, as in name@1.2.3.",
    ja: "表示されたものを、name@1.2.3 のようにバージョンを固定して入れ直してください。",
};
const RECREATE: Text = Text {
    en: "Run: openclaw sandbox recreate --browser --all",
    ja: "openclaw sandbox recreate --browser --all を実行してください。",
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "tools.exec.auto_allow_skills_enabled",
        severity: Severity::Warn,
        title: Text {
            en: "Programs of skills run without anybody approving them",
            ja: "スキルのプログラムが承認なしで実行されます",
        },
        why: Text {
            en: "Whoever gets a skill onto the machine has its program run on the host, though it is on nobody's list.",
            ja: "スキルを追加できる人は、許可リストにないプログラムもホストで実行させられます。",
        },
        test: |settings| {
            approvals(settings, |approvals| {
                let places = &approvals.auto_allow_skills;
                when(!places.is_empty(), || Hit::default().found(places.join(", ")).wanted("false"))
            })
        },
        mend: Mend::Manual(Text {
            en: "Set autoAllowSkills to false at the places shown, with: openclaw approvals set",
            ja: "openclaw approvals set で、表示された箇所の autoAllowSkills を false にしてください。",
        }),
        risky: "// approvals {\"agents\": {\"main\": {\"autoAllowSkills\": true}}}\n{}",
        safe: "// approvals {\"agents\": {\"main\": {\"autoAllowSkills\": false}}}\n{}",
        reference: APPROVALS,
    },
    Check {
        id: "tools.exec.allowlist_interpreter_without_strict_inline_eval",
        severity: Severity::Warn,
        title: Text {
            en: "An approved program runs any code that it is given",
            ja: "承認済みのプログラムが、渡された任意のコードを実行します",
        },
        why: Text {
            en: "python, node and their like take a program on the command line: who misleads the agent needs no other approval.",
            ja: "python や node などはコマンドラインでコードを受け取ります。エージェントを誘導すれば、ほかの承認は要りません。",
        },
        test: |settings| {
            approvals(settings, |approvals| {
                let found: Vec<String> = interpreters(settings, approvals).collect();
                when(!found.is_empty(), || {
                    Hit::at("tools.exec.strictInlineEval").found(found.join(", ")).wanted("true")
                })
            })
        },
        mend: Mend::Manual(Text {
            en: "Set tools.exec.strictInlineEval to true, or take the programs shown off the list of approved ones.",
            ja: "tools.exec.strictInlineEval を true にするか、表示されたプログラムの承認を取り消してください。",
        }),
        risky: "// approvals {\"agents\": {\"main\": {\"allowlist\": [{\"pattern\": \"/usr/bin/python3.12\"}]}}}\n{}",
        safe: "// approvals {\"agents\": {\"main\": {\"allowlist\": [{\"pattern\": \"/usr/bin/python3.12\"}]}}}\n{tools: {exec: {strictInlineEval: true}}}",
        reference: APPROVALS,
    },
    Check {
        id: "plugins.installs_unpinned_npm_specs",
        severity: Severity::Warn,
        title: Text {
            en: "A plugin is installed in whatever version npm has",
            ja: "プラグインのバージョンが固定されていません",
        },
        why: Text {
            en: "Whoever takes over the package on npm gets code into the gateway at the next update.",
            ja: "npm のパッケージが乗っ取られると、次の更新で Gateway にそのコードが入ります。",
        },
        test: |settings| plugins(settings, unpinned),
        mend: Mend::Manual(PIN),
        risky: "// plugins {\"radio\": {\"source\": \"npm\", \"spec\": \"radio@latest\", \"integrity\": \"sha512-x\"}}\n{}",
        safe: "// plugins {\"radio\": {\"source\": \"npm\", \"spec\": \"radio@1.2.3\", \"integrity\": \"sha512-x\"}}\n{}",
        reference: PLUGINS,
    },
    Check {
        id: "plugins.installs_missing_integrity",
        severity: Severity::Warn,
        title: Text {
            en: "Nobody can tell whether a plugin is what was installed",
            ja: "プラグインの完全性を確認できません",
        },
        why: Text {
            en: "No hash of the package was kept, so code that somebody changed since then goes unnoticed.",
            ja: "パッケージのハッシュがないため、あとからコードを変えられても気付けません。",
        },
        test: |settings| plugins(settings, without_hash),
        mend: Mend::Manual(REINSTALL_PLUGIN),
        risky: "// plugins {\"radio\": {\"source\": \"npm\", \"spec\": \"radio@1.2.3\"}}\n{}",
        safe: "// plugins {\"radio\": {\"source\": \"npm\", \"spec\": \"radio@1.2.3\", \"integrity\": \"sha512-x\"}}\n{}",
        reference: PLUGINS,
    },
    Check {
        id: "plugins.installs_version_drift",
        severity: Severity::Warn,
        title: Text {
            en: "A plugin is there in another version than was installed",
            ja: "プラグインのバージョンがインストール時と異なります",
        },
        why: Text {
            en: "Somebody or something replaced its code without OpenClaw. What runs is not what was looked at.",
            ja: "OpenClaw 以外の手段でコードが置き換えられています。確認したものとは別のコードが動いています。",
        },
        test: |settings| plugins(settings, drifted),
        mend: Mend::Manual(REINSTALL_PLUGIN),
        risky: "// plugins {\"radio\": {\"source\": \"npm\", \"integrity\": \"sha512-x\", \"version\": \"1.2.3\", \"installed\": \"1.2.4\"}}\n{}",
        safe: "// plugins {\"radio\": {\"source\": \"npm\", \"integrity\": \"sha512-x\", \"version\": \"1.2.3\", \"installed\": \"1.2.3\"}}\n{}",
        reference: PLUGINS,
    },
    Check {
        id: "hooks.installs_unpinned_npm_specs",
        severity: Severity::Warn,
        title: Text {
            en: "Hooks are installed in whatever version npm has",
            ja: "フックのバージョンが固定されていません",
        },
        why: Text {
            en: "Whoever takes over the package on npm gets code into the gateway at the next update.",
            ja: "npm のパッケージが乗っ取られると、次の更新で Gateway にそのコードが入ります。",
        },
        test: |settings| hooks(settings, unpinned),
        mend: Mend::Manual(PIN),
        risky: "// hooks {\"mail\": {\"source\": \"npm\", \"spec\": \"mail\", \"integrity\": \"sha512-x\"}}\n{}",
        safe: "// hooks {\"mail\": {\"source\": \"npm\", \"spec\": \"mail@1.2.3\", \"integrity\": \"sha512-x\"}}\n{}",
        reference: HOOKS,
    },
    Check {
        id: "hooks.installs_missing_integrity",
        severity: Severity::Warn,
        title: Text {
            en: "Nobody can tell whether hooks are what was installed",
            ja: "フックの完全性を確認できません",
        },
        why: Text {
            en: "No hash of the package was kept, so code that somebody changed since then goes unnoticed.",
            ja: "パッケージのハッシュがないため、あとからコードを変えられても気付けません。",
        },
        test: |settings| hooks(settings, without_hash),
        mend: Mend::Manual(REINSTALL_HOOK),
        risky: "// hooks {\"mail\": {\"source\": \"npm\", \"spec\": \"mail@1.2.3\"}}\n{}",
        safe: "// hooks {\"mail\": {\"source\": \"npm\", \"spec\": \"mail@1.2.3\", \"integrity\": \"sha512-x\"}}\n{}",
        reference: HOOKS,
    },
    Check {
        id: "hooks.installs_version_drift",
        severity: Severity::Warn,
        title: Text {
            en: "Hooks are there in another version than was installed",
            ja: "フックのバージョンがインストール時と異なります",
        },
        why: Text {
            en: "Somebody or something replaced their code without OpenClaw. What runs is not what was looked at.",
            ja: "OpenClaw 以外の手段でコードが置き換えられています。確認したものとは別のコードが動いています。",
        },
        test: |settings| hooks(settings, drifted),
        mend: Mend::Manual(REINSTALL_HOOK),
        risky: "// hooks {\"mail\": {\"source\": \"npm\", \"integrity\": \"sha512-x\", \"version\": \"1.2.3\", \"installed\": \"1.2.4\"}}\n{}",
        safe: "// hooks {\"mail\": {\"source\": \"npm\", \"integrity\": \"sha512-x\", \"version\": \"1.2.3\", \"installed\": \"1.2.3\"}}\n{}",
        reference: HOOKS,
    },
    Check {
        id: "sandbox.browser_container.hash_label_missing",
        severity: Severity::Warn,
        title: Text {
            en: "A browser's container was made by an old OpenClaw",
            ja: "ブラウザのコンテナが古い OpenClaw で作られています",
        },
        why: Text {
            en: "It lacks what later versions closed: a page that takes over the browser gets further than it should.",
            ja: "以降のバージョンの対策が入っていません。ブラウザを乗っ取ったページが、より広い範囲に届きます。",
        },
        test: |settings| {
            containers(settings, |container| container.config_hash.is_none().then(|| container.name.clone()))
        },
        mend: Mend::Manual(RECREATE),
        risky: "// containers {\"containers\": [{\"name\": \"b\", \"epoch\": \"2026-05-12-cdp-relay-auth\"}]}\n{}",
        safe: "// containers {\"containers\": [{\"name\": \"b\", \"epoch\": \"2026-05-12-cdp-relay-auth\", \"configHash\": \"x\"}]}\n{}",
        reference: SANDBOX,
    },
    Check {
        id: "sandbox.browser_container.hash_epoch_stale",
        severity: Severity::Warn,
        title: Text {
            en: "A browser's container lacks the latest protections",
            ja: "ブラウザのコンテナに最新の保護が入っていません",
        },
        why: Text {
            en: "Other programs may steer the browser without a secret, with whatever it is logged in to.",
            ja: "ほかのプログラムが、シークレットなしで、ログイン中のブラウザを操作できるおそれがあります。",
        },
        test: |settings| {
            containers(settings, |container| {
                (container.epoch.as_deref() != Some(EPOCH)).then(|| container.name.clone())
            })
        },
        mend: Mend::Manual(RECREATE),
        risky: "// containers {\"containers\": [{\"name\": \"b\", \"epoch\": \"2026-01-01-old\", \"configHash\": \"x\"}]}\n{}",
        safe: "// containers {\"containers\": [{\"name\": \"b\", \"epoch\": \"2026-05-12-cdp-relay-auth\", \"configHash\": \"x\"}]}\n{}",
        reference: SANDBOX,
    },
    Check {
        id: "sandbox.browser_container.non_loopback_publish",
        severity: Severity::Critical,
        title: Text {
            en: "Other machines can reach a sandboxed browser",
            ja: "ほかのホストからサンドボックスのブラウザに接続できます",
        },
        why: Text {
            en: "Whoever is on the network can watch and steer the browser, with whatever it is logged in to.",
            ja: "同じネットワークの誰でも、ログイン中のブラウザを見て操作できます。",
        },
        test: |settings| {
            containers(settings, |container| {
                let exposed = container.exposed();
                (!exposed.is_empty()).then(|| format!("{} ({})", container.name, exposed.join("; ")))
            })
        },
        mend: Mend::Manual(RECREATE),
        risky: "// containers {\"containers\": [{\"name\": \"b\", \"epoch\": \"2026-05-12-cdp-relay-auth\", \"configHash\": \"x\", \"ports\": [\"6080/tcp -> 0.0.0.0:49153\"]}]}\n{}",
        safe: "// containers {\"containers\": [{\"name\": \"b\", \"epoch\": \"2026-05-12-cdp-relay-auth\", \"configHash\": \"x\", \"ports\": [\"6080/tcp -> 127.0.0.1:49153\"]}]}\n{}",
        reference: SANDBOX,
    },
    Check {
        id: "sandbox.browser_container.docker_probe_timeout",
        severity: Severity::Warn,
        title: Text {
            en: "Docker does not answer, so browsers were not looked at",
            ja: "Docker の応答がなく、ブラウザのコンテナを確認できません",
        },
        why: Text {
            en: "Whether others can reach a sandboxed browser is not known.",
            ja: "サンドボックスのブラウザに外部から接続できるかどうかは不明です。",
        },
        test: |settings| {
            known(settings.facts.browser_containers.as_ref(), NO_DOCKER, |found| when(found.timed_out, Hit::default))
        },
        mend: Mend::Manual(Text {
            en: "See why Docker hangs (docker ps), then run the audit again.",
            ja: "Docker が応答しない原因を調べ (docker ps)、監査をやり直してください。",
        }),
        risky: "// containers {\"timedOut\": true}\n{}",
        safe: "// containers {\"containers\": []}\n{}",
        reference: SANDBOX,
    },
];

const NO_DATABASE: Text = Text {
    en: "OpenClaw's state database was not read.",
    ja: "OpenClaw の状態データベースを読み取っていません。",
};
const NO_DOCKER: Text =
    Text { en: "Docker was not asked for containers.", ja: "Docker のコンテナを確認していません。" };

/// Looks at a fact; where it is not there, the check was not made.
fn known<T>(fact: Option<&T>, absent: impl Into<Said>, look: impl FnOnce(&T) -> Vec<Hit>) -> Vec<Hit> {
    fact.map_or_else(|| vec![Hit::not_made(absent)], look)
}

/// Looks at what the state database tells; where it does not, the reason is said.
fn kept<T>(settings: &Settings, fact: Option<&T>, look: impl FnOnce(&T) -> Vec<Hit>) -> Vec<Hit> {
    let why = settings.facts.state_unread.clone();
    known(fact, why.unwrap_or_else(|| NO_DATABASE.into()), look)
}

fn approvals(settings: &Settings, look: impl FnOnce(&Approvals) -> Vec<Hit>) -> Vec<Hit> {
    kept(settings, settings.facts.approvals.as_ref(), look)
}

fn plugins(settings: &Settings, bad: fn(&Install) -> Option<String>) -> Vec<Hit> {
    kept(settings, settings.facts.plugin_installs.as_ref(), |installs| all(installs.iter().filter_map(bad)))
}

fn hooks(settings: &Settings, bad: fn(&Install) -> Option<String>) -> Vec<Hit> {
    kept(settings, settings.facts.hook_installs.as_ref(), |installs| all(installs.iter().filter_map(bad)))
}

fn containers(settings: &Settings, bad: fn(&crate::settings::BrowserContainer) -> Option<String>) -> Vec<Hit> {
    known(settings.facts.browser_containers.as_ref(), NO_DOCKER, |found| all(found.containers.iter().filter_map(bad)))
}

/// Is one hit that names all, as OpenClaw counts them; none where there is nothing.
fn all(found: impl Iterator<Item = String>) -> Vec<Hit> {
    let found: Vec<String> = found.collect();
    when(!found.is_empty(), || Hit::default().found(found.join(", ")))
}

fn unpinned(install: &Install) -> Option<String> {
    let spec = install.spec.as_deref().unwrap_or_default();
    (!install.is_pinned()).then(|| format!("{} ({spec})", install.id))
}

fn without_hash(install: &Install) -> Option<String> {
    install.integrity.as_deref().is_none_or(|hash| hash.trim().is_empty()).then(|| install.id.clone())
}

fn drifted(install: &Install) -> Option<String> {
    let (recorded, installed) = (install.recorded.as_ref()?, install.installed.as_ref()?);
    (recorded != installed).then(|| format!("{} ({recorded} -> {installed})", install.id))
}

/// Is the approved programs that run any code, of agents whose inline code is not held back.
fn interpreters<'a>(settings: &'a Settings, approvals: &'a Approvals) -> impl Iterator<Item = String> {
    let agents = settings.agents();
    let is_strict = move |id: &str| {
        let own = agents.iter().find(|agent| agent.id == id && id != "*");
        let own = own.and_then(|agent| agent.entry.get("tools")?.get("exec")?.get("strictInlineEval"));
        own.filter(|own| !own.is_null()).map_or_else(
            || settings.is_true("tools.exec.strictInlineEval"),
            |own| own == &serde_json::Value::Bool(true),
        )
    };
    let open = approvals.allowlists.iter().filter(move |(id, _)| !is_strict(id));
    open.flat_map(|(id, patterns)| {
        patterns.iter().filter(|pattern| is_interpreter(pattern)).map(move |pattern| format!("{id}: {pattern}"))
    })
}

/// Whether a pattern of an approved program names one that runs code. A version at the end does not hide it.
fn is_interpreter(pattern: &str) -> bool {
    let pattern = pattern.trim().to_lowercase();
    let base = pattern.rsplit(['/', '\\']).next().unwrap_or(&pattern);
    let bare = [".exe", ".cmd", ".bat", ".com"].iter().find_map(|ending| base.strip_suffix(ending)).unwrap_or(base);
    let no_stars: String = bare.chars().filter(|c| !"*?[]{}()".contains(*c)).collect();
    [bare, no_stars.trim_end_matches(['.', '-'])].into_iter().any(|name| {
        let unversioned = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let unversioned = unversioned.strip_suffix('-').filter(|_| unversioned != name).unwrap_or(unversioned);
        let is_known = |name: &str| INTERPRETERS.split_whitespace().any(|known| known == name);
        is_known(name) || unversioned.len() >= 2 && is_known(unversioned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{audit_all, example};

    #[test]
    fn where_nobody_looked_no_check_is_passed() {
        let audit = audit_all(&example("{}").expect("a config"));
        let not_made: Vec<&str> = audit.not_made.iter().map(|(check, _)| check.id).collect();
        assert_eq!(not_made, CHECKS.iter().map(|check| check.id).collect::<Vec<_>>());
        assert!(!audit.findings.iter().any(|finding| not_made.contains(&finding.id.as_str())));
    }

    #[test]
    fn a_check_that_was_made_is_not_listed() {
        let audit = audit_all(&example("// approvals {}\n{}").expect("a config"));
        assert!(!audit.not_made.iter().any(|(check, _)| check.id.starts_with("tools.exec.")));
    }

    #[test]
    fn interpreters_are_told_by_their_names() {
        for name in ["python3.12", "/usr/bin/Node", "**/perl*", "C:\\r\\rscript.exe", "lua-5.4", "python-"] {
            assert!(is_interpreter(name), "{name}");
        }
        for name in ["git", "/usr/bin/pythonista", "nodemon", "", "12"] {
            assert!(!is_interpreter(name), "{name}");
        }
    }

    #[test]
    fn an_agents_own_word_on_inline_code_counts_before_the_global_one() {
        let count = |config: &str| {
            let config = format!(
                "// approvals {{\"agents\": {{\"a\": {{\"allowlist\": [{{\"pattern\": \"node\"}}]}}}}}}\n{config}"
            );
            let id = "tools.exec.allowlist_interpreter_without_strict_inline_eval";
            audit_all(&example(&config).expect("a config")).findings.iter().filter(|finding| finding.id == id).count()
        };
        assert_eq!(count("{tools: {exec: {strictInlineEval: true}}}"), 0);
        let own = "agents: {entries: {a: {tools: {exec: {strictInlineEval: false}}}}}";
        assert_eq!(count(&format!("{{tools: {{exec: {{strictInlineEval: true}}}}, {own}}}")), 1);
    }
}
