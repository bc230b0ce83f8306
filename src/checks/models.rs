//! Models that are easily misled.

use super::tools::one_hit;
use super::{Check, Mend, Severity};
use crate::document::Path;
use crate::settings::Settings;
use crate::settings::tools::catalogue;
use crate::text::Text;
use serde_json::Value;

/// OpenClaw calls a model small up to this many billion parameters.
const SMALL: f64 = 300.0;

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
            let small: Vec<Model> = models(settings)
                .into_iter()
                .filter(|model| !model.is_for_images && billions(&model.id).is_some_and(|size| size <= SMALL))
                .collect();
            let exposed = small.iter().any(|model| reads_the_web(settings, model));
            let names: Vec<String> = small.iter().map(|model| model.id.clone()).collect();
            one_hit(settings, small.into_iter().map(|model| model.at), |hit| {
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

/// A model that the config names.
struct Model {
    /// As in `openai/gpt-5`, aliases resolved.
    id: String,
    at: Path,
    agent: Option<String>,
    is_for_images: bool,
}

/// Is every model that the audit looks at: the default ones, those for images, and each agent's.
fn models(settings: &Settings) -> Vec<Model> {
    let mut models = Vec::new();
    let defaults = Path::from("agents.defaults");
    for (key, is_for_images) in [("model", false), ("imageModel", true)] {
        gather(settings, defaults.key(key), None, is_for_images, &mut models);
    }
    for agent in settings.agents() {
        gather(settings, agent.path.key("model"), Some(agent.id), false, &mut models);
    }
    models
}

fn gather(settings: &Settings, at: Path, agent: Option<&str>, is_for_images: bool, models: &mut Vec<Model>) {
    let Some(value) = settings.at(&at) else {
        return;
    };
    let mut add = |raw: Option<&Value>, at: Path| {
        let raw = raw.and_then(Value::as_str).map(str::trim).filter(|raw| !raw.is_empty());
        models.extend(raw.map(|raw| Model {
            id: resolve(settings, raw),
            at,
            agent: agent.map(str::to_owned),
            is_for_images,
        }));
    };
    if value.is_string() {
        add(Some(value), at);
        return;
    }
    add(value.get("primary"), at.key("primary"));
    let fallbacks = value.get("fallbacks").and_then(Value::as_array);
    for (index, fallback) in fallbacks.into_iter().flatten().enumerate() {
        add(Some(fallback), at.key("fallbacks").index(index));
    }
}

/// Is the whole id of a model: its auth profile taken off, an alias of `agents.defaults.models` put in, the provider before it.
fn resolve(settings: &Settings, raw: &str) -> String {
    let model = without_profile(raw);
    let aliases = settings.get("agents.defaults.models").and_then(Value::as_object);
    let meant = aliases.into_iter().flatten().rfind(|(_, entry)| {
        let alias = entry.get("alias").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        !alias.is_empty() && alias.to_lowercase() == model.to_lowercase()
    });
    let model = meant.map_or(model, |(id, _)| id.trim());
    match model.split_once('/') {
        Some((provider, rest)) if !provider.trim().is_empty() && !rest.trim().is_empty() => {
            let provider = provider.trim().to_lowercase();
            let rest = rest.trim();
            let again = format!("{provider}/");
            match rest.to_lowercase().starts_with(&again) {
                true => rest.to_owned(),
                false => format!("{provider}/{rest}"),
            }
        }
        Some(_) => model.to_owned(),
        // The provider that OpenClaw takes where none is named.
        None => format!("openai/{model}"),
    }
}

/// Takes `@profile` off the end. A date or a quantisation after an `@` belongs to the model.
fn without_profile(raw: &str) -> &str {
    let name = raw.rfind('/').map_or(0, |slash| slash + 1);
    let mut from = name;
    while let Some(at) = raw[from..].find('@').map(|found| from + found) {
        let suffix = raw[at + 1..].split('@').next().unwrap_or_default().to_lowercase();
        let is_date = suffix.len() == 8 && suffix.bytes().all(|byte| byte.is_ascii_digit());
        let quantised = suffix.strip_prefix('i').unwrap_or(&suffix).strip_prefix('q');
        let is_quantised = quantised.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let bits = suffix.strip_suffix("bit").unwrap_or_default();
        let is_bits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        if !(is_date || is_quantised || is_bits) {
            let (model, profile) = (raw[..at].trim(), raw[at + 1..].trim());
            return if at == 0 || model.is_empty() || profile.is_empty() { raw } else { model };
        }
        from = at + 1;
    }
    raw
}

fn hit(settings: &Settings, is_bad: fn(&str) -> bool) -> Vec<super::Hit> {
    let found: Vec<Model> = models(settings).into_iter().filter(|model| is_bad(&model.id)).collect();
    let names: Vec<String> = found.iter().map(|model| model.id.clone()).collect();
    one_hit(settings, found.into_iter().map(|model| model.at), |hit| hit.found(names.join(", ")))
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

/// Is the largest size in a model's name, in billions of parameters, as in `qwen3-8b` or `gemma-e2b`.
fn billions(id: &str) -> Option<f64> {
    let id = id.to_lowercase();
    let mut largest: Option<f64> = None;
    let mut from = 0;
    while from < id.len() {
        // A size begins the name or follows what is neither letter nor digit, after one letter at most.
        let lead = if from == 0 { "" } else { id[..from].get(from - 1..).unwrap_or(" ") };
        let begins = lead.chars().all(|c| !c.is_ascii_alphanumeric());
        match begins.then(|| size_at(&id[from..])).flatten() {
            Some((size, length)) => {
                if size > 0.0 {
                    largest = Some(largest.map_or(size, |known| known.max(size)));
                }
                from += length;
            }
            None => from += id[from..].chars().next().map_or(1, char::len_utf8),
        }
    }
    largest
}

/// Is the size that a text begins with, and how many bytes it takes.
fn size_at(text: &str) -> Option<(f64, usize)> {
    let letter = usize::from(text.starts_with(|c: char| c.is_ascii_lowercase()));
    let number = &text[letter..];
    let whole = number.bytes().take_while(u8::is_ascii_digit).count();
    if whole == 0 {
        return None;
    }
    let fraction = number[whole..].strip_prefix('.').map_or(0, |rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 { 0 } else { digits + 1 }
    });
    let end = whole + fraction;
    let rest = number[end..].strip_prefix('b')?;
    let ends = !rest.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    ends.then(|| number[..end].parse().ok()).flatten().map(|size| (size, letter + end + 1))
}

/// Whether an agent with this model can read the web or drive a browser.
fn reads_the_web(settings: &Settings, model: &Model) -> bool {
    let context = match &model.agent {
        Some(agent) => settings.tool_context_for(agent, Some(&model.id)),
        None => Some(settings.default_tool_context(Some(&model.id))),
    };
    let Some(context) = context else {
        return false;
    };
    let searches = match settings.get("tools.web.search.enabled") {
        Some(Value::Bool(enabled)) => *enabled,
        _ => has_search_key(settings),
    };
    let fetches = !settings.is_false("tools.web.fetch.enabled");
    [("web_search", searches), ("web_fetch", fetches), ("browser", has_browser(settings))]
        .iter()
        .any(|(tool, enabled)| *enabled && context.audit_allows(tool))
}

/// Whether anything is there that the web search could use as its key.
fn has_search_key(settings: &Settings) -> bool {
    let has_value = |section: Option<&Value>| {
        let section = section.and_then(Value::as_object);
        section.into_iter().flatten().any(|(key, value)| {
            let blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
            key != "enabled" && !blank
        })
    };
    let plugins = settings.get("plugins.entries").and_then(Value::as_object);
    has_value(settings.get("tools.web.search"))
        || plugins.into_iter().flatten().any(|(_, plugin)| has_value(Path::from("config.webSearch").of(plugin)))
        || catalogue().web_search_keys.iter().any(|name| settings.var(name).is_some())
}

/// Whether the browser's plugin may load.
fn has_browser(settings: &Settings) -> bool {
    let names = |path: &str, name: &str| settings.list(path).iter().any(|entry| entry.to_lowercase() == name);
    !settings.is_false("browser.enabled")
        && !settings.is_false("plugins.enabled")
        && !settings.is_false("plugins.entries.browser.enabled")
        && !names("plugins.deny", "browser")
        && (settings.list("plugins.allow").is_empty() || names("plugins.allow", "browser"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
    fn sizes_are_read_from_names() {
        for (id, size) in [
            ("ollama/qwen3:8b", Some(8.0)),
            ("ollama/qwen2.5:0.5b", Some(0.5)),
            ("google/gemma-3n-e2b-it", Some(2.0)),
            ("x/llama-3.1-405b-instruct", Some(405.0)),
            ("x/a-8b-and-70b", Some(70.0)),
            ("x/mixtral-8x7b", None),
            ("x/qwen2.5b", Some(5.0)),
            ("x/model-8bit", None),
            ("x/日本語-7b", Some(7.0)),
        ] {
            assert_eq!(billions(id), size, "{id}");
        }
    }

    #[test]
    fn profiles_go_and_dates_and_quantisations_stay() {
        for (raw, model) in [
            ("openai/gpt-5@work", "openai/gpt-5"),
            ("x/claude@20251001", "x/claude@20251001"),
            ("x/claude@20251001@work", "x/claude@20251001"),
            ("lm/model@q4_k_m", "lm/model@q4_k_m"),
            ("lm/model@4bit@home", "lm/model@4bit"),
            ("gpt-5@", "gpt-5@"),
        ] {
            assert_eq!(without_profile(raw), model, "{raw}");
        }
    }

    #[test]
    fn an_alias_stands_for_its_model() {
        let source = json!({"agents": {"defaults": {
            "model": "Tiny@home", "models": {"ollama/qwen3:4b": {"alias": "tiny"}}}}});
        let settings = Settings::load(source, Default::default());
        assert_eq!(models(&settings)[0].id, "ollama/qwen3:4b");
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
