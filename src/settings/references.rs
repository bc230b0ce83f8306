//! `${VAR}` and SecretRefs: values that stand elsewhere. They are never resolved into the file.

use super::{Facts, Settings};
use crate::document::{Path, Seg, member};
use serde_json::Value;
use std::fmt;

/// A secret as the config has it. Its value never shows, not even in debug output.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// Nothing stands there.
    Absent,
    /// It stands in plain text.
    Plain(String),
    /// It stands elsewhere: its value if that is known here.
    Reference(Option<String>),
}

impl Secret {
    /// Is the value that OpenClaw would use, as far as it is known here.
    pub fn value(&self) -> Option<&str> {
        match self {
            Secret::Absent => None,
            Secret::Plain(value) => Some(value),
            Secret::Reference(value) => value.as_deref(),
        }
    }

    /// Whether something stands there, known or not: a plan must not put a rival beside it.
    pub fn is_present(&self) -> bool {
        *self != Secret::Absent
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Secret::Absent => "Absent",
            Secret::Plain(_) => "Plain(masked)",
            Secret::Reference(Some(_)) => "Reference(masked)",
            Secret::Reference(None) => "Reference(unresolved)",
        })
    }
}

impl Settings {
    /// Is the secret at a path of the file.
    pub fn secret(&self, path: &str) -> Secret {
        self.secret_at(&Path::from(path))
    }

    /// Is the secret at a path of the file whose keys may hold dots.
    pub fn secret_at(&self, path: &Path) -> Secret {
        let Some(written) = self.source_at(path) else {
            return Secret::Absent;
        };
        match written {
            Value::String(text) if text.trim().is_empty() => Secret::Absent,
            Value::String(text) if is_reference(written) => {
                let name = text.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
                let known = match self.at(path).and_then(Value::as_str) {
                    Some(loaded) if loaded != text && !self.is_unresolved(path) => Some(loaded.to_owned()),
                    _ => self.var(name).map(str::to_owned),
                };
                Secret::Reference(known)
            }
            Value::String(text) => Secret::Plain(text.clone()),
            Value::Object(reference) => {
                let known = match reference.get("source").and_then(Value::as_str) {
                    Some("env") => reference.get("id").and_then(Value::as_str).and_then(|id| self.var(id)),
                    Some("file") => self.file_secret(written),
                    _ => None,
                };
                Secret::Reference(known.map(str::to_owned))
            }
            _ => Secret::Absent,
        }
    }
}

impl Settings {
    /// Is the value that a SecretRef of source `file` leads to, where it was read.
    pub(super) fn file_secret(&self, reference: &Value) -> Option<&str> {
        let of = |key: &str| reference.get(key).and_then(Value::as_str).map(str::to_owned);
        let provider = of("provider").or_else(|| self.str("secrets.defaults.file").map(str::to_owned))?;
        self.facts.file_secrets.get(&(provider, of("id")?)).map(String::as_str)
    }
}

/// Whether a value stands for another: a SecretRef object, or a string with `${VAR}` in it, or `$VAR` alone.
pub fn is_reference(value: &Value) -> bool {
    match value {
        Value::Object(_) => ["source", "id"].iter().all(|key| member(value, key).is_some_and(Value::is_string)),
        Value::String(text) => {
            references_in(text).next().is_some() || text.strip_prefix('$').is_some_and(is_variable_name)
        }
        _ => false,
    }
}

/// Is a variable as OpenClaw's own settings read it once the config is read: what is blank counts as not set.
pub(super) fn variable<'a>(source: &'a Value, facts: &'a Facts, name: &str) -> Option<&'a str> {
    set(source, facts, name).filter(|value| !value.trim().is_empty())
}

/// Is what a variable is set to, blank or not: the environment beats `<state>/.env`, which beats `env.vars` (tried with
/// OpenClaw 2026.9.6). A blank one keeps those after it from being read, but for `env.vars`.
fn set<'a>(source: &'a Value, facts: &'a Facts, name: &str) -> Option<&'a str> {
    let beside = facts.env.get(name).or_else(|| facts.state_env.get(name)).map(String::as_str);
    let inside = || {
        let value = source.get("env")?.get("vars")?.get(name)?.as_str()?;
        (!value.trim().is_empty() && references_in(value).next().is_none()).then_some(value)
    };
    beside.filter(|value| !value.trim().is_empty()).or_else(inside).or(beside)
}

/// Puts the values of variables into every string; an empty one counts as missing. Is the places that stay as they are
/// because a variable is missing. A key `__proto__` gets lost on the way, as it does in OpenClaw.
pub(super) fn put_in_variables(loaded: &mut Value, facts: &Facts) -> Vec<Path> {
    let source = match loaded.get("env") {
        Some(env) => serde_json::json!({ "env": env }),
        None => Value::Null,
    };
    put_into(loaded, Vec::new(), &source, facts)
}

/// Does the same to what stands at a place of `source` and has been taken out of it.
pub(super) fn put_into_place(value: &mut Value, at: &Path, source: &Value, facts: &Facts) -> Vec<Path> {
    let steps = at.segs().iter().map(|seg| match seg {
        Seg::Key(key) => Step::Key(key),
        Seg::Index(index) => Step::Index(*index),
    });
    put_into(value, steps.collect(), source, facts)
}

fn put_into<'v>(value: &'v mut Value, mut at: Vec<Step<'v>>, source: &Value, facts: &Facts) -> Vec<Path> {
    let mut unresolved = Vec::new();
    visit(value, &mut at, &mut |text, steps| {
        if !text.contains("${") {
            return None;
        }
        let (filled, missing) = fill(text, |name| set(source, facts, name).filter(|value| !value.is_empty()));
        if missing {
            unresolved.push(steps.iter().map(Step::seg).collect());
        }
        Some(filled)
    });
    unresolved
}

/// A step of a path, without a copy of its key: most strings have no variable.
enum Step<'k> {
    Key(&'k str),
    Index(usize),
}

impl Step<'_> {
    fn seg(&self) -> Seg {
        match self {
            Step::Key(key) => Seg::Key((*key).into()),
            Step::Index(index) => Seg::Index(*index),
        }
    }
}

fn visit<'v>(value: &'v mut Value, steps: &mut Vec<Step<'v>>, with: &mut impl FnMut(&str, &[Step]) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = with(text, steps) {
                *text = new;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                steps.push(Step::Index(index));
                visit(item, steps, with);
                steps.pop();
            }
        }
        Value::Object(map) => {
            // Looked for first: hashing a name costs more than a look at a few.
            if map.keys().any(|key| key == "__proto__") {
                map.shift_remove("__proto__");
            }
            for (key, inner) in map.iter_mut() {
                steps.push(Step::Key(key));
                visit(inner, steps, with);
                steps.pop();
            }
        }
        _ => {}
    }
}

/// Fills `${NAME}`; `$${NAME}` becomes a literal `${NAME}`. Is the text, and whether a name was not known.
fn fill<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>) -> (String, bool) {
    let mut filled = String::with_capacity(text.len());
    let mut missing = false;
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some((name, len)) = token(&rest[1..]).filter(|_| rest.starts_with("$$")) {
            filled.push_str(&format!("${{{name}}}"));
            rest = &rest[1 + len..];
        } else if let Some((name, len)) = token(rest) {
            match value(name) {
                Some(value) => filled.push_str(value),
                None => {
                    missing = true;
                    filled.push_str(&rest[..len]);
                }
            }
            rest = &rest[len..];
        } else {
            filled.push('$');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    (filled, missing)
}

/// Is the name and length of a `${NAME}` at the start of a text.
fn token(text: &str) -> Option<(&str, usize)> {
    let name = text.strip_prefix("${")?;
    let name = &name[..name.find('}')?];
    is_variable_name(name).then_some((name, name.len() + 3))
}

fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Is the names of the variables that a text refers to.
fn references_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").filter_map(|(at, _)| {
        let escaped = text[..at].ends_with('$');
        token(&text[at..]).filter(|_| !escaped).map(|(name, _)| name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::Arc;

    fn with_env(source: Value, env: &[(&str, &str)]) -> Settings {
        let facts =
            Facts { env: env.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(), ..Facts::default() };
        Settings::load(source, Arc::new(facts))
    }

    #[test]
    fn variables_are_put_in_and_escapes_undone() {
        let settings = with_env(json!({"a": "x ${N} $${N} ${lower} $N"}), &[("N", "1")]);
        assert_eq!(settings.str("a"), Some("x 1 ${N} ${lower} $N"));
    }

    #[test]
    fn a_variable_of_the_config_itself_counts_but_the_environment_beats_it() {
        let source = json!({"env": {"vars": {"A": "config", "B": "config"}}, "a": "${A}", "b": "${B}"});
        let settings = with_env(source, &[("A", "process")]);
        assert_eq!((settings.str("a"), settings.str("b")), (Some("process"), Some("config")));
    }

    #[test]
    fn an_empty_variable_is_missing_and_a_blank_one_is_not() {
        let settings = with_env(json!({"e": "${E}", "b": "x${B}x"}), &[("E", ""), ("B", " ")]);
        assert_eq!((settings.str("e"), settings.str("b")), (Some("${E}"), Some("x x")));
        assert_eq!(settings.var("B"), None);
    }

    #[test]
    fn the_file_of_variables_beats_the_config() {
        let mut facts = Facts::default();
        facts.state_env.insert("A".into(), "file".into());
        facts.state_env.insert("B".into(), "".into());
        let source = json!({"env": {"vars": {"A": "config", "B": "config"}}, "a": "${A}", "b": "${B}"});
        let settings = Settings::load(source, Arc::new(facts));
        assert_eq!((settings.str("a"), settings.str("b")), (Some("file"), Some("config")));
    }

    #[test]
    fn a_blank_variable_yields_to_the_config_but_not_to_a_reference_there() {
        let source = json!({"env": {"vars": {"A": "config", "B": "${A}"}}, "a": "${A}", "b": "x${B}x"});
        let settings = with_env(source, &[("A", " "), ("B", " ")]);
        assert_eq!((settings.str("a"), settings.str("b")), (Some("config"), Some("x x")));
    }

    #[test]
    fn a_missing_variable_leaves_the_text_and_is_known() {
        let settings = with_env(json!({"gateway": {"auth": {"token": "${T}"}}}), &[]);
        assert!(settings.is_unresolved(&Path::from("gateway.auth.token")));
        assert_eq!(settings.secret("gateway.auth.token"), Secret::Reference(None));
        assert!(settings.secret("gateway.auth.token").is_present());
    }

    #[test]
    fn a_secret_never_shows() {
        let settings = with_env(
            json!({"t": "hunter2", "r": {"source": "env", "provider": "default", "id": "R"}}),
            &[("R", "hunter2")],
        );
        assert!(!format!("{:?} {:?}", settings.secret("t"), settings.secret("r")).contains("hunter2"));
        assert_eq!(settings.secret("r").value(), Some("hunter2"));
    }
}
