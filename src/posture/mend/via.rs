//! The transformations that no line of the catalogue can say.

use super::carry::Carrier;
use super::roster::Roster;
use crate::document::{Edit, Path};
use crate::settings::Shape;
use crate::settings::schema;
use serde_json::{Map, Value, json};

/// Is what of a value has a place there in the schema.
fn known(at: &Path, value: &Value) -> Value {
    let Value::Object(map) = value else {
        return value.clone();
    };
    let kept = map.iter().filter(|(key, _)| schema::knows(Shape::Current, &at.key(key.as_str())));
    kept.map(|(key, value)| (key.clone(), known(&at.key(key.as_str()), value))).collect::<Map<_, _>>().into()
}

impl Carrier {
    /// Does the transformation of a name, with what it is given, to what stands at a place.
    pub(super) fn transform(&mut self, (name, given): (&str, &str), at: &Path, value: &Value) {
        match name {
            "web-search" => {
                let provider = Path::from("tools.web.search.provider");
                let provider = provider.of(&self.value).and_then(Value::as_str).unwrap_or("brave");
                let plugin = match provider {
                    "gemini" => "google",
                    "grok" => "xai",
                    "kimi" => "moonshot",
                    other => other,
                };
                let entry = Path::from("plugins.entries").key(plugin);
                self.put(&entry.join("config.webSearch.apiKey"), value.clone());
                if entry.key("enabled").of(&self.value).is_none() {
                    self.put(&entry.key("enabled"), true.into());
                }
                self.done.target = Some(entry.join("config.webSearch"));
            }
            "media-models" => {
                let models = Path::from("tools.media.models");
                for model in value.as_array().into_iter().flatten() {
                    let mut model = model.clone();
                    if let Some(model) = model.as_object_mut() {
                        model.entry("capabilities").or_insert_with(|| json!([given]));
                    }
                    self.push(Edit::add(&models, model));
                }
                self.done.target = Some(models);
            }
            "transcription" => {
                let models = Path::from("tools.media.models");
                let words = value.get("command").and_then(Value::as_array).cloned().unwrap_or_default();
                if let Some((command, args)) = words.split_first() {
                    let mut model = json!({"type": "cli", "command": command, "capabilities": ["audio"]});
                    if !args.is_empty() {
                        model["args"] = args.into();
                    }
                    if let Some(timeout) = value.get("timeoutSeconds") {
                        model["timeoutSeconds"] = timeout.clone();
                    }
                    self.push(Edit::add(&models, model));
                    let enabled = Path::from("tools.media.audio.enabled");
                    if enabled.of(&self.value).is_none() {
                        self.put(&enabled, true.into());
                    }
                }
                self.done.target = Some(models);
            }
            "any-true" => {
                let on = value.as_object().is_some_and(|map| map.values().any(|value| *value == json!(true)));
                self.put(&Path::from("diagnostics.otel.captureContent"), on.into());
                self.done.is_changed = true;
            }
            "paths" => {
                let paths = Path::from("memory.search.extraPaths");
                for entry in value.as_array().into_iter().flatten() {
                    self.push(Edit::add(&paths, entry.get("path").unwrap_or(entry).clone()));
                }
                self.done.target = Some(paths);
            }
            "signal-transport" => self.signal_transport(at, value),
            "identity" => {
                let roster = Roster::of(&self.value);
                let agent =
                    roster.agents.first().map_or_else(|| Path::from("agents.entries.main"), |(_, at)| at.clone());
                self.put(&agent.key("identity"), value.clone());
                self.done.target = Some(agent.key("identity"));
            }
            "bluebubbles" => {
                let target = Path::from("channels.imessage");
                if target.of(&self.value).is_none() {
                    let mut kept = known(&target, value);
                    kept["enabled"] = false.into();
                    self.put(&target, kept);
                }
                self.done.target = Some(target);
                self.done.is_missed = true;
            }
            _ => self.done.is_missed = true,
        }
    }

    /// Up to 2026.7 the keys of a Signal account said together how signal-cli is reached; an account took its channel's.
    fn signal_transport(&mut self, at: &Path, value: &Value) {
        const RETIRED: [&str; 10] = [
            "apiMode",
            "autoStart",
            "cliPath",
            "configPath",
            "httpHost",
            "httpPort",
            "httpUrl",
            "ignoreStories",
            "receiveMode",
            "startupTimeoutMs",
        ];
        let Some((place, own)) = at.parent().zip(at.last_key()) else { return };
        let mut set: Map<String, Value> = Map::new();
        for around in [Path::from("channels.signal"), place.clone()] {
            let there = around.of(&self.value).and_then(Value::as_object);
            let there = there.into_iter().flatten().filter(|(key, _)| RETIRED.contains(&key.as_str()));
            set.extend(there.map(|(key, value)| (key.clone(), value.clone())));
        }
        set.insert(own.to_owned(), value.clone());
        let text = |key: &str| set.get(key).and_then(Value::as_str).map(str::to_owned);
        let mode = text("apiMode");
        let starts = set.get("autoStart").and_then(Value::as_bool).unwrap_or(text("httpUrl").is_none());
        let transport = if mode.as_deref() == Some("container") || !starts {
            let host = text("httpHost").unwrap_or_else(|| "127.0.0.1".into());
            let port = set.get("httpPort").and_then(Value::as_u64).unwrap_or(8080);
            let url = text("httpUrl").unwrap_or_else(|| format!("http://{host}:{port}"));
            // Older versions found out by asking the other side which of the two it is.
            self.done.is_missed |= !matches!(mode.as_deref(), Some("container" | "native"));
            let kind = if mode.as_deref() == Some("container") { "container" } else { "external-native" };
            json!({"kind": kind, "url": url})
        } else {
            let mut transport = json!({"kind": "managed-native"});
            for key in RETIRED.into_iter().filter(|key| !matches!(*key, "apiMode" | "autoStart" | "httpUrl")) {
                if let Some(value) = set.get(key) {
                    transport[key] = value.clone();
                }
            }
            transport
        };
        for key in RETIRED.into_iter().map(|key| place.key(key)) {
            if key.of(&self.value).is_some() {
                self.push(Edit::remove(key));
            }
        }
        let target = place.key("transport");
        if target.of(&self.value).is_none() {
            self.put(&target, transport);
        }
        self.done.target = Some(target);
    }
}
