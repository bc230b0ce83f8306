//! Models that are easily misled.

use super::tools::one_hit;
use super::{Check, Mend, Severity};
use crate::document::Path;
use crate::settings::{Model, Settings};
use crate::text::Text;

const MODELS: &str = "https://docs.openclaw.ai/gateway/security/prompt-injection";

const CHOOSE: Text = Text {
    en: "Choose a current top model at the place shown, or give the agent no tools that matter.",
    ja: "表示された箇所で最新の上位モデルを選ぶか、そのエージェントに重要なツールを渡さないでください。",
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "models.legacy",
        severity: Severity::Warn,
        title: Text {
            en: "A model of an old generation is in use", ja: "古い世代のモデルが使われています"
        },
        why: Text {
            en: "Old models follow instructions hidden in messages and web pages more readily.",
            ja: "古いモデルは、メッセージや Web ページに隠された指示に従いやすい傾向があります。",
        },
        test: |settings| hit(settings, is_legacy),
        mend: Mend::Manual(CHOOSE),
        risky: r#"{agents: {defaults: {model: "openai/gpt-3.5-turbo"}}}"#,
        safe: r#"{agents: {defaults: {model: "openai/gpt-5"}}}"#,
        reference: MODELS,
    },
    Check {
        id: "models.weak_tier",
        severity: Severity::Warn,
        title: Text {
            en: "A model below the recommended tier is in use", ja: "推奨より下のモデルが使われています"
        },
        why: Text {
            en: "Smaller models follow instructions hidden in messages and web pages more readily, and misuse tools.",
            ja: "小さいモデルは、メッセージや Web ページに隠された指示に従いやすく、ツールを誤用しやすい傾向があります。",
        },
        test: |settings| hit(settings, is_weak),
        mend: Mend::Manual(CHOOSE),
        risky: r#"{agents: {defaults: {model: {primary: "anthropic/claude-haiku-4-5"}}}}"#,
        safe: r#"{agents: {defaults: {model: {primary: "anthropic/claude-sonnet-4-5"}}}}"#,
        reference: MODELS,
    },
    Check {
        id: "models.small_params",
        severity: Severity::Info,
        title: Text { en: "A small model is in use", ja: "小規模なモデルが使われています" },
        why: Text {
            en: "A model of 300 billion parameters or fewer is easily misled. With the web or a browser, any page can try.",
            ja: "3000億パラメーター以下のモデルは誘導されやすく、Web やブラウザが使えると、どのページからでも誘導できます。",
        },
        test: |settings| {
            let small: Vec<&Model> = settings.models().iter().filter(|model| model.is_small()).collect();
            let exposed = small.iter().any(|model| settings.model_reads_the_web(model));
            let names: Vec<String> = small.iter().map(|model| model.id.clone()).collect();
            one_hit(settings, small.into_iter().map(|model| model.at.clone()), |hit| {
                hit.found(names.join(", ")).critical_if(exposed)
            })
        },
        mend: Mend::Manual(Text {
            en: "Add \"group:web\" and \"browser\" to the deny list of the agent that uses it, or choose a larger model.",
            ja: "そのモデルを使うエージェントの deny に \"group:web\" と \"browser\" を追加するか、より大きいモデルを選んでください。",
        }),
        risky: r#"{agents: {defaults: {model: "ollama/qwen3:8b"}}}"#,
        safe: r#"{agents: {defaults: {model: "anthropic/claude-opus-5"}}}"#,
        reference: MODELS,
    },
];

fn hit(settings: &Settings, is_bad: fn(&str) -> bool) -> Vec<super::Hit> {
    let found = settings.models().iter().filter(|model| is_bad(&model.id));
    let (places, names): (Vec<Path>, Vec<&str>) = found.map(|model| (model.at.clone(), model.id.as_str())).unzip();
    one_hit(settings, places, |hit| hit.found(names.join(", ")))
}

/// Whether a letter, digit or underscore: what JavaScript's `\b` calls a word.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Is what follows each place where the text stands at the beginning of a word.
fn after<'t>(id: &'t str, text: &'t str) -> impl Iterator<Item = &'t str> {
    id.match_indices(text).filter_map(move |(at, _)| {
        let starts = !id[..at].chars().next_back().is_some_and(is_word);
        starts.then(|| &id[at + text.len()..])
    })
}

fn ends(rest: &str) -> bool {
    !rest.chars().next().is_some_and(is_word)
}

fn has_word(id: &str, word: &str) -> bool {
    after(id, word).any(ends)
}

fn is_legacy(id: &str) -> bool {
    let id = id.to_lowercase();
    ["gpt-3.5", "claude-instant", "claude-2", "gpt-4-0314", "gpt-4-0613"].iter().any(|word| has_word(&id, word))
}

/// Whether it is a Haiku, a GPT below 5 or a Claude below 4.5, as OpenClaw 2026.9.6 reads the names.
fn is_weak(id: &str) -> bool {
    let id = id.to_lowercase();
    let old_gpt = after(&id, "gpt-").next().is_some() && !has_word(&id, "gpt-5");
    let old_claude = after(&id, "claude-").next().is_some() && !after(&id, "claude-").any(is_claude_45);
    has_word(&id, "haiku") || old_gpt || old_claude
}

/// Whether what follows `claude-` names version 4.5 or later.
fn is_claude_45(rest: &str) -> bool {
    let name = rest.split(|c: char| c == '/' || c.is_whitespace()).next().unwrap_or_default();
    name.char_indices().any(|(at, _)| {
        let here = &name[at..];
        let minor = here.strip_prefix("-4").map(|rest| rest.strip_prefix('-').unwrap_or(rest));
        // `-4-?` may give its dash back: `-45` and `-4-5` are both 4.5.
        let minors = [minor, here.strip_prefix("4.")];
        let major = here
            .strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|c: char| ('5'..='9').contains(&c)) && ends(&rest[1..]));
        major || minors.into_iter().flatten().any(is_five_or_more)
    })
}

/// Whether it begins with a number from 5 to 99 that ends there.
fn is_five_or_more(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    ends(&text[digits..])
        && match text.as_bytes().get(..digits) {
            Some([one]) => *one >= b'5',
            Some([ten, _]) => *ten >= b'1',
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn old_and_weak_models_are_known_by_their_names() {
        for id in ["openai/gpt-3.5-turbo", "anthropic/claude-2.1", "anthropic/claude-instant-1", "openai/gpt-4-0613"] {
            assert!(is_legacy(id), "{id}");
        }
        for id in ["openai/gpt-4", "anthropic/claude-3-opus", "x/mygpt-3.5"] {
            assert!(!is_legacy(id), "{id}");
        }
        for id in [
            "openai/gpt-4o",
            "anthropic/claude-haiku-4-5",
            "anthropic/claude-3-opus",
            "anthropic/claude-sonnet-4-20250514",
            "openai/gpt-6",
            "openai/gpt-50",
        ] {
            assert!(is_weak(id), "{id}");
        }
        for id in [
            "openai/gpt-5",
            "openai/gpt-5.2-mini",
            "anthropic/claude-sonnet-4-5",
            "anthropic/claude-opus-4.6",
            "anthropic/claude-opus-5",
            "anthropic/claude-sonnet-4-10",
            "anthropic/claude-opus-45",
            "google/gemini-3-pro",
        ] {
            assert!(!is_weak(id), "{id}");
        }
    }

    #[test]
    fn a_small_model_without_web_tools_is_only_worth_knowing() {
        let found = |tools: Value| {
            let source = json!({"agents": {"defaults": {"model": "ollama/qwen3:8b"}}, "tools": tools});
            let settings = Settings::load(source, Default::default());
            (CHECKS[2].test)(&settings)[0].severity
        };
        assert_eq!(found(json!({})), Some(Severity::Critical));
        assert_eq!(found(json!({"deny": ["group:web", "browser"]})), None);
        let by_model = json!({"byProvider": {"ollama/qwen3:8b": {"deny": ["group:web", "browser"]}}});
        assert_eq!(found(by_model), None);
    }
}
