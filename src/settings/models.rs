//! The models that the config names, as OpenClaw reads their names.

use super::Settings;
use super::tools::catalogue;
use crate::document::Path;
use serde_json::Value;

/// OpenClaw calls a model small up to this many billion parameters.
const SMALL: f64 = 300.0;

/// A model that the config names.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its id, as in `openai/gpt-5`, aliases resolved.
    pub id: String,
    /// Where it is named, as loaded.
    pub at: Path,
    /// The agent that uses it; none for the defaults.
    pub agent: Option<String>,
    /// Whether it only looks at images.
    pub is_for_images: bool,
}

impl Model {
    /// Whether its name says that it has 300 billion parameters or fewer; models for images do not count.
    pub fn is_small(&self) -> bool {
        !self.is_for_images && billions(&self.id).is_some_and(|size| size <= SMALL)
    }
}

impl Settings {
    /// Is every model that the audit looks at: the default ones, those for images, and each agent's.
    pub fn models(&self) -> &[Model] {
        self.models.of(&self.reads, || {
            let mut models = Vec::new();
            let aliases = aliases(self);
            let mut add = |at: Path, agent, is_for_images| {
                if let Some(value) = self.at(&at) {
                    gather(value, &aliases, at, agent, is_for_images, &mut models);
                }
            };
            let defaults = Path::from("agents.defaults");
            for (key, is_for_images) in [("model", false), ("imageModel", true)] {
                add(defaults.key(key), None, is_for_images);
            }
            for agent in self.agents() {
                add(agent.path.key("model"), Some(agent.id), false);
            }
            models
        })
    }

    /// Whether an agent with this model can read the web or drive a browser.
    pub fn model_reads_the_web(&self, model: &Model) -> bool {
        reads_the_web(self, model)
    }
}

/// The aliases of `agents.defaults.models` in small letters, each with the id that it stands for.
type Aliases<'s> = Vec<(String, &'s str)>;

fn aliases(settings: &Settings) -> Aliases<'_> {
    let entries = settings.get("agents.defaults.models").and_then(Value::as_object).into_iter().flatten();
    let aliases =
        entries.filter_map(|(id, entry)| Some((entry.get("alias")?.as_str()?.trim().to_lowercase(), id.trim())));
    aliases.filter(|(alias, _)| !alias.is_empty()).collect()
}

fn gather(
    value: &Value,
    aliases: &Aliases,
    at: Path,
    agent: Option<&str>,
    is_for_images: bool,
    models: &mut Vec<Model>,
) {
    let mut add = |raw: Option<&Value>, at: Path| {
        let raw = raw.and_then(Value::as_str).map(str::trim).filter(|raw| !raw.is_empty());
        models.extend(raw.map(|raw| Model {
            id: resolve(aliases, raw),
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

/// Is the whole id of a model: its auth profile taken off, an alias put in, the provider before it.
fn resolve(aliases: &Aliases, raw: &str) -> String {
    let model = without_profile(raw);
    let lower = model.to_lowercase();
    let meant = aliases.iter().rfind(|(alias, _)| *alias == lower);
    let model = meant.map_or(model, |(_, id)| id);
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
        assert_eq!(settings.models()[0].id, "ollama/qwen3:4b");
    }
}
