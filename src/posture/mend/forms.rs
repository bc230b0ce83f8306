//! What a refused value may have been meant as: the same in another form, and the strictest where that cannot be told.

use crate::document::{Path, Seg};
use serde_json::{Map, Value, json};

/// Is the strictest value of a setting that guards something.
pub(super) fn strictest(path: &Path) -> Option<&'static str> {
    let keys: Vec<&str> = path
        .segs()
        .iter()
        .filter_map(|seg| match seg {
            Seg::Key(key) => Some(key.as_str()),
            Seg::Index(_) => None,
        })
        .collect();
    match keys[..] {
        [.., "dmPolicy"] => Some("pairing"),
        [.., "groupPolicy"] => Some("allowlist"),
        [.., "sandbox", "mode"] => Some("all"),
        [.., "sandbox", "scope"] => Some("session"),
        [.., "exec", "security" | "mode"] => Some("deny"),
        [.., "exec", "ask"] => Some("always"),
        ["gateway", "auth", "mode"] => Some("token"),
        ["gateway", "bind"] => Some("loopback"),
        [.., "workspaceAccess"] => Some("none"),
        ["tools", "profile"] => Some("minimal"),
        ["session", "dmScope"] => Some("per-account-channel-peer"),
        _ => None,
    }
}

/// Is what a value may have been meant as where another type is wanted, the surest first.
pub(super) fn same_in_other_forms(value: &Value, allowed: &[String]) -> Vec<Value> {
    let mut forms = Vec::new();
    match value {
        Value::String(text) => of_text(text, allowed, &mut forms),
        Value::Number(number) => {
            forms.extend([value.to_string().into(), json!([value.to_string()])]);
            forms.extend(match number.as_i64() {
                Some(0) => Some(false.into()),
                Some(1) => Some(true.into()),
                _ => None,
            });
        }
        Value::Bool(_) => forms.extend([json!({"enabled": value}), value.to_string().into()]),
        Value::Array(items) => of_list(items, &mut forms),
        Value::Object(map) => of_object(map, &mut forms),
        Value::Null => {}
    }
    forms
}

fn of_text(text: &str, allowed: &[String], forms: &mut Vec<Value>) {
    let plain = text.trim();
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let folded = allowed.iter().find(|known| bare(known) == bare(plain));
    forms.extend(folded.map(|known| Value::from(known.as_str())));
    forms.extend(serde_json::from_str(plain).ok().filter(|value: &Value| value.is_number() || value.is_boolean()));
    let switch = match plain.to_lowercase().as_str() {
        "true" | "yes" | "on" | "enabled" => Some(true),
        "false" | "no" | "off" | "disabled" => Some(false),
        _ => None,
    };
    forms.extend(switch.map(Value::from));
    if plain.contains(',') {
        forms.push(plain.split(',').map(str::trim).filter(|part| !part.is_empty()).collect());
    }
    forms.push(json!([text]));
    forms.push(json!({"id": text, "name": text.rsplit('/').next().unwrap_or(text)}));
    forms.extend(switch.map(|on| json!({"enabled": on})));
    forms.extend(["mode", "level", "every", "primary"].map(|key| json!({key: text})));
}

fn of_list(items: &[Value], forms: &mut Vec<Value>) {
    if let [only] = items {
        forms.push(only.clone());
    }
    let text = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    if let Some(texts) = items.iter().map(text).collect::<Option<Vec<String>>>() {
        forms.push(json!(texts));
        let keyed: Map<String, Value> = texts.into_iter().map(|text| (text, json!({}))).collect();
        forms.push(keyed.into());
    }
    let named = |item: &Value| {
        let mut entry = item.as_object()?.clone();
        let id = ["id", "name", "key"].into_iter().find(|key| entry.get(*key).is_some_and(Value::is_string))?;
        let id = entry.remove(id)?.as_str()?.to_owned();
        Some((id, Value::from(entry)))
    };
    forms.extend(items.iter().map(named).collect::<Option<Map<String, Value>>>().map(Value::from));
}

fn of_object(map: &Map<String, Value>, forms: &mut Vec<Value>) {
    forms.extend(map.get("enabled").filter(|_| map.len() == 1).cloned());
    // A reference to a variable, where only a text is taken or where it is spelled otherwise.
    let name = ["env", "$env", "id", "var", "name"].into_iter().find_map(|key| map.get(key)?.as_str());
    let is_env = map.get("source").is_none_or(|source| source.as_str().is_some_and(|s| s.eq_ignore_ascii_case("env")));
    if let (Some(name), true) = (name, is_env) {
        forms.push(json!({"source": "env", "provider": "default", "id": name}));
        forms.push(format!("${{{name}}}").into());
    }
    let with_id = |(id, entry): (&String, &Value)| {
        let mut entry = entry.as_object()?.clone();
        entry.entry("id").or_insert_with(|| id.as_str().into());
        Some(Value::from(entry))
    };
    forms.extend(map.iter().map(with_id).collect::<Option<Vec<Value>>>().map(Value::from));
    let on = map.iter().filter(|(_, value)| **value != json!(false)).map(|(key, _)| key.as_str());
    forms.push(on.collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_comes_with_the_surest_first() {
        let allowed = ["loopback".to_owned(), "on-miss".to_owned()];
        for (value, first) in [
            (json!("Loopback"), json!("loopback")),
            (json!("onMiss"), json!("on-miss")),
            (json!("18789"), json!(18789)),
            (json!("yes"), json!(true)),
            (json!("exec, process"), json!(["exec", "process"])),
            (json!(123), json!("123")),
            (json!([1, 2]), json!(["1", "2"])),
            (json!([{"id": "a", "x": 1}, {"id": "b"}]), json!({"a": {"x": 1}, "b": {}})),
            (json!({"enabled": true}), json!(true)),
            (json!({"$env": "X"}), json!({"source": "env", "provider": "default", "id": "X"})),
        ] {
            assert_eq!(same_in_other_forms(&value, &allowed).first(), Some(&first), "{value}");
        }
    }

    #[test]
    fn a_reference_to_another_source_is_no_variable() {
        let forms = same_in_other_forms(&json!({"source": "exec", "provider": "vault", "id": "x"}), &[]);
        assert!(!forms.contains(&json!("${x}")));
    }
}
