//! Providers and models.

use super::{Config, Faults, Rule, Whose, rule, text, trimmed};
use crate::document::{Path, member};
use crate::settings::schema::forms::is_model;
use crate::settings::schema::load::is_model_rule;
use crate::settings::schema::pattern::is_space;
use crate::text::Text;
use serde_json::Value;

pub(super) const RULES: &[Rule] = &[
    rule!("models.provider", provider,
        refused: r#"{models: {providers: {mine: {baseUrl: "http://127.0.0.1:1"}}}}"#,
        accepted: r#"{models: {providers: {mine: {baseUrl: "http://127.0.0.1:1", models: []}}}}"#),
    rule!("models.exact", exact,
        refused: r#"{agents: {defaults: {models: {"openai/*": {codeMode: true}}}}}"#,
        accepted: r#"{agents: {defaults: {models: {"openai/gpt-5.4": {codeMode: true}}}}}"#),
    rule!("models.policy", policy,
        refused: r#"{agents: {defaults: {modelPolicy: {allow: ["gpt"]}}}}"#,
        accepted: r#"{agents: {defaults: {modelPolicy: {allow: ["openai/*"]}}}}"#),
    rule!("models.retired", retired,
        refused: r#"{agents: {defaults: {model: "google/gemini-1.5-pro"}}}"#,
        accepted: r#"{agents: {defaults: {model: "google/gemini-3.1-pro-preview"}}}"#),
];

fn provider(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" is missing: a provider that OpenClaw does not know needs it",
        ja: "\"{path}\" が設定されていません。OpenClaw に組み込まれていないプロバイダーでは必須です",
    };
    for (id, provider) in config.pairs("/models/providers") {
        let known = id.trim_matches(is_space).to_lowercase();
        if config.table.lists("providers", &known) || !provider.is_object() {
            continue;
        }
        let path = || Path::from("models.providers").key(id);
        if provider.get("baseUrl").is_none_or(|url| url == "") {
            faults.add(path().key("baseUrl"), TEXT);
        }
        if provider.get("models").is_none() {
            faults.add(path().key("models"), TEXT);
        }
    }
}

fn exact(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" needs the exact name of one model, as in provider/model",
        ja: "\"{path}\" は「プロバイダー/モデル」の正確な名前にだけ設定できます",
    };
    for (whose, agent) in config.agents_and_defaults() {
        for (model, entry) in member(agent, "models").and_then(Value::as_object).into_iter().flatten() {
            for key in ["pickerRuntimes", "codeMode"] {
                if entry.get(key).is_some() && (model.contains('*') || !is_model(model)) {
                    faults.add(whose.path().key("models").key(model).key(key), TEXT);
                }
            }
        }
    }
}

fn policy(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{rule}\" is no alias, no provider/model and no provider/*",
        ja: "\"{rule}\" は、エイリアス、「プロバイダー/モデル」、「プロバイダー/*」のどれでもありません",
    };
    let common = config.map("/agents/defaults/models");
    for (whose, agent) in config.agents_and_defaults() {
        let own = member(agent, "models").and_then(Value::as_object);
        let is_alias = |rule: &str| {
            let aliases = common.into_iter().chain(own).flatten().filter_map(|(_, entry)| text(entry, "alias"));
            aliases.filter_map(trimmed).any(|alias| alias.to_lowercase() == rule)
        };
        let allow = Path::find("modelPolicy.allow", agent).and_then(Value::as_array);
        for (index, rule) in allow.into_iter().flatten().enumerate() {
            let Some(rule) = rule.as_str() else { continue };
            let lower = rule.trim_matches(is_space).to_lowercase();
            let compatible = matches!(lower.as_str(), "openrouter:auto" | "openrouter:free");
            if !compatible && !is_alias(&lower) && !is_model_rule(rule) {
                faults.add(whose.path().key("modelPolicy").key("allow").index(index), TEXT.with("rule", rule));
            }
        }
    }
}

fn retired(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "OpenClaw no longer takes the model \"{model}\"",
        ja: "モデル \"{model}\" は OpenClaw で使えなくなりました",
    };
    let mut look = |path: Path, value: Option<&Value>| {
        let Some(model) = value.and_then(Value::as_str).and_then(trimmed) else {
            return;
        };
        let name = model.to_lowercase();
        if config.table.lists("retired-models", &name) {
            faults.add(path, TEXT.with("model", model));
        }
    };
    let mut choice = |path: Path, value: Option<&Value>| {
        let Some(value) = value else { return };
        if !value.is_object() {
            return look(path, Some(value));
        }
        look(path.key("primary"), value.get("primary"));
        for (index, fallback) in value.get("fallbacks").and_then(Value::as_array).into_iter().flatten().enumerate() {
            look(path.key("fallbacks").index(index), Some(fallback));
        }
    };
    for (whose, agent) in config.agents_and_defaults() {
        let mut places = vec![
            "model",
            "utilityModel",
            "imageModel",
            "voiceModel",
            "pdfModel",
            "mediaModels.image",
            "mediaModels.video",
            "mediaModels.music",
            "heartbeat.model",
            "subagents.model",
            "compaction.model",
            "compaction.memoryFlush.model",
        ];
        if matches!(whose, Whose::Agent(_)) {
            places.extend(["tools.exec.reviewer.model", "tts.summaryModel"]);
        }
        for place in places {
            if let Some(value) = Path::find(place, agent) {
                choice(whose.path().join(place), Some(value));
            }
        }
        for model in member(agent, "models").and_then(Value::as_object).into_iter().flatten().map(|(model, _)| model) {
            choice(whose.path().key("models").key(model), Some(&Value::from(model.as_str())));
        }
    }
    let places = [
        "tools.exec.reviewer.model",
        "tools.media.image.preferredModel",
        "tools.media.audio.preferredModel",
        "tools.media.video.preferredModel",
        "hooks.gmail.model",
        "tts.summaryModel",
        "channels.discord.voice.model",
        "channels.discord.voice.tts.summaryModel",
    ];
    for place in places {
        choice(Path::from(place), Path::find(place, config.value));
    }
    for (channel, targets) in config.pairs("/channels/modelByChannel") {
        for (target, model) in targets.as_object().into_iter().flatten() {
            choice(Path::from("channels.modelByChannel").key(channel).key(target), Some(model));
        }
    }
    for (index, mapping) in config.items("/hooks/mappings") {
        choice(Path::from("hooks.mappings").index(index).key("model"), mapping.get("model"));
    }
    for (account, value) in config.pairs("/channels/discord/accounts") {
        let path = Path::from("channels.discord.accounts").key(account).key("voice");
        choice(path.key("model"), Path::find("voice.model", value));
        choice(path.key("tts").key("summaryModel"), Path::find("voice.tts.summaryModel", value));
    }
}
