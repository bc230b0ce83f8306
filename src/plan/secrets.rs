//! Secrets out of the config: which ones move, where to, and what the files become.
//!
//! A secret goes to a file of secrets beside the config, as a SecretRef of source `file`, where OpenClaw takes one; a running
//! gateway reads that at once. Elsewhere it goes to the `.env` of the state folder and `${NAME}` stands in its place. A running
//! gateway (tried with 2026.9.6) does not read `.env` again: it reloads the config with the text `${NAME}` as the secret, and lets
//! in whoever shows that text. So nothing goes there while one runs.

mod names;

use crate::checks::{is_secret, plain_secrets};
use crate::document::{Document, Edit, Path, Seg};
use crate::settings::{Facts, Settings, Shape, Version, dotenv, schema};
use crate::source::{Draft, Source};
use crate::text::{Said, Text};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// The length from which a secret is looked for within other texts, in bytes. A shorter one would be found in words.
const TELLTALE: usize = 8;

/// What lies beside the config, as far as secrets are concerned.
#[derive(Clone, Default)]
pub struct Beside {
    /// The file of secrets, as the config is to name it, as in `~/.openclaw/secrets.json`.
    pub file: String,
    /// The same file as the disk has it.
    pub file_path: PathBuf,
    /// What stands in it; none where there is none.
    pub file_text: Option<Vec<u8>>,
    /// What stands in the `.env` of the state folder; none where there is none.
    pub env_text: Option<Vec<u8>>,
    /// The names of variables that the gateway's service sets, which would beat those of `.env`.
    pub service: BTreeSet<String>,
    /// Whether a gateway runs on this config.
    pub runs: bool,
}

/// Where a secret goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Into the file of secrets, under this JSON pointer.
    File(String),
    /// Into `.env`, under this name; `${NAME}` takes its place.
    Env(String),
    /// Into `.env`, under the name that it has in `env.vars`; there it goes.
    Variable(String),
}

impl To {
    /// Whether the gateway learns it only when it starts.
    pub fn needs_restart(&self) -> bool {
        !matches!(self, To::File(_))
    }
}

/// A secret that moves. Its value is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where it stands.
    pub path: Path,
    /// Where it goes.
    pub to: To,
}

/// A secret that stays in the config.
#[derive(Clone, Debug, PartialEq)]
pub struct Staying {
    /// Where it stands.
    pub path: Path,
    /// Why, and what to do by hand.
    pub why: Said,
}

/// What moving secrets out of a config comes to. Values show nowhere, not even in debug output.
pub struct SecretsPlan {
    /// What moves, in the order of the config.
    pub moves: Vec<Move>,
    /// What stays.
    pub stay: Vec<Staying>,
    /// The config without the secrets that move.
    pub candidate: Source,
    /// What the file of secrets becomes; none where it stays.
    pub file: Option<Vec<u8>>,
    /// What `.env` becomes; none where it stays.
    pub env: Option<Vec<u8>>,
    /// The places of the config's files in which a value that moves still stands, as in a comment: file and line.
    pub lingers: Vec<(PathBuf, usize)>,
    held: Held,
}

/// Shows no value.
impl fmt::Debug for SecretsPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsPlan").field("moves", &self.moves).field("stay", &self.stay).finish_non_exhaustive()
    }
}

impl SecretsPlan {
    /// Works out how the secrets that are `wanted` leave a config.
    ///
    /// # Errors
    /// Where a file beside the config cannot be added to, or the result would not be what the config is now: nothing is to be
    /// written then.
    pub fn new(
        source: &Source,
        facts: &Arc<Facts>,
        beside: &Beside,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<Self, Said> {
        let settings = Settings::load(source.shared(), facts.clone());
        let paths: Vec<Path> = plain_secrets(&settings).into_iter().filter(wanted).collect();
        let issues = schema::validate(source.value(), facts);
        let mut refused: BTreeSet<Path> = BTreeSet::new();
        loop {
            let mut build = Build::new(source, &settings, beside)?;
            for path in &paths {
                build.take(path, refused.contains(path));
            }
            let plan = build.finish()?;
            let after = schema::validate(plan.candidate.value(), facts);
            let fresh = after.iter().filter(|issue| !issues.contains(issue));
            let moved = |issue: &schema::Issue| plan.moves.iter().find(|step| issue.path.is_within(&step.path));
            let mut blamed: Vec<Path> = fresh.filter_map(moved).map(|step| step.path.clone()).collect();
            // OpenClaw resolves a SecretRef only where its value could come to be used; one that is not shuts out the others.
            if !lets_in_the_same(&settings, &plan.after(facts)) {
                let is_login =
                    |step: &&Move| step.path.is_within(&Path::from("gateway")) && matches!(step.to, To::File(_));
                blamed.extend(plan.moves.iter().filter(is_login).map(|step| step.path.clone()));
            }
            if blamed.iter().all(|path| refused.contains(path)) {
                return plan.proved(&settings, facts, &issues);
            }
            refused.extend(blamed);
        }
    }

    /// Is what tells whether a file still holds one of the values: those that move, and those that moved before.
    pub fn held(&self) -> &Held {
        &self.held
    }

    /// Is the settings once everything is written.
    fn after(&self, facts: &Facts) -> Settings {
        let mut then = facts.clone();
        if let Some(env) = &self.env {
            then.state_env.extend(dotenv::parse(&String::from_utf8_lossy(env)));
        }
        let entries = self.file.as_deref().and_then(|file| serde_json::from_slice::<Map<String, Value>>(file).ok());
        for step in &self.moves {
            if let (To::File(id), Some(entries)) = (&step.to, &entries) {
                let provider = step.path.of(self.candidate.value()).and_then(|reference| reference.get("provider"));
                let value = entries.get(&unescaped(id)).and_then(Value::as_str).map(str::to_owned);
                if let (Some(provider), Some(value)) = (provider.and_then(Value::as_str), value) {
                    then.file_secrets.insert((provider.to_owned(), id.clone()), value);
                }
            }
        }
        Settings::load(self.candidate.shared(), Arc::new(then))
    }

    /// Demands that each secret reads as it did, and that OpenClaw finds no fault that it did not find before.
    fn proved(self, before: &Settings, facts: &Facts, issues: &[schema::Issue]) -> Result<Self, Said> {
        const UNPROVED: Text = Text {
            en: "{path} would not read as before, so nothing was moved.",
            ja: "{path} の値が変わってしまうため、何も移していません。",
        };
        const REFUSED: Text = Text {
            en: "OpenClaw would refuse the config without its secrets, so nothing was moved. {path}: {why}",
            ja: "シークレットを移すと OpenClaw が設定を受け付けないため、何も移していません。{path}: {why}",
        };
        let after = self.after(facts);
        for step in &self.moves {
            let was = before.source_at(&step.path).and_then(Value::as_str);
            let secret = after.secret_at(&step.path);
            let is = match &step.to {
                To::Variable(name) => after.var(name),
                To::File(_) | To::Env(_) => secret.value(),
            };
            if was.is_none() || was != is {
                return Err(UNPROVED.with("path", &step.path));
            }
        }
        let fresh =
            schema::validate(self.candidate.value(), &after.facts).into_iter().find(|issue| !issues.contains(issue));
        match fresh {
            Some(issue) => Err(REFUSED.with("path", &issue.path).with_said("why", issue.message)),
            None => Ok(self),
        }
    }
}

/// Whether the gateway asks for the same in both.
fn lets_in_the_same(one: &Settings, two: &Settings) -> bool {
    let [one, two] = [one, two].map(|settings| {
        let gateway = settings.gateway();
        (gateway.auth().mode, gateway.judged_secret().map(|secret| secret.trim().to_owned()))
    });
    one == two
}

/// Knows values without showing them: tells whether a file holds one.
#[derive(Clone, Default)]
pub struct Held(BTreeSet<String>);

impl Held {
    /// Whether there is a value in the text of a file: as a whole string of it, or anywhere where it is long enough to be no word.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let strings = Document::parse(bytes).ok().map(|document| document.strings());
        let is_whole = |value: &String| match &strings {
            Some(strings) => strings.iter().any(|(_, _, text)| text == value),
            // What does not parse may be cut off or mended by hand: quotes tell a whole string then.
            None => ['"', '\''].iter().any(|quote| finds(bytes, &format!("{quote}{value}{quote}"))),
        };
        let is_within = |value: &String| {
            value.len() >= TELLTALE
                && (finds(bytes, value)
                    || finds(bytes, Value::from(value.as_str()).to_string().trim_matches('"'))
                    || strings.iter().flatten().any(|(_, _, text)| text.contains(value)))
        };
        self.0.iter().any(|value| is_whole(value) || is_within(value))
    }
}

/// Shows no value.
impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Held({})", self.0.len())
    }
}

fn finds(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

/// A plan in the making.
struct Build<'a> {
    source: &'a Source,
    settings: &'a Settings,
    /// Whether OpenClaw asks first which of the gateway's two secrets counts.
    is_ambiguous: bool,
    draft: Draft,
    beside: &'a Beside,
    provider: String,
    provider_is_new: bool,
    entries: Map<String, Value>,
    env: String,
    /// The variables of `.env` alone.
    own: BTreeMap<String, String>,
    moves: Vec<Move>,
    values: Vec<String>,
    stay: Vec<Staying>,
}

impl<'a> Build<'a> {
    fn new(source: &'a Source, settings: &'a Settings, beside: &'a Beside) -> Result<Self, Said> {
        const NO_OBJECT: Text = Text {
            en: "{path} holds no JSON object of secrets, so nothing is added to it: move it away or mend it first.",
            ja: "{path} が JSON オブジェクトではないため、追加できません。先に移動するか修正してください。",
        };
        const NO_TEXT: Text = Text {
            en: "The .env of the state folder is not UTF-8 text, so nothing is added to it: mend it first.",
            ja: "状態フォルダーの .env が UTF-8 テキストではないため、追加できません。先に修正してください。",
        };
        let entries = match &beside.file_text {
            Some(text) => {
                serde_json::from_slice(text).map_err(|_| NO_OBJECT.with("path", beside.file_path.display()))?
            }
            None => Map::new(),
        };
        let env = String::from_utf8(beside.env_text.clone().unwrap_or_default()).map_err(|_| NO_TEXT)?;
        let (provider, provider_is_new) = provider(source.value(), beside);
        let own = dotenv::parse(&env);
        let draft = Draft::new(source);
        Ok(Build {
            source,
            settings,
            is_ambiguous: settings.gateway().is_ambiguous(),
            draft,
            beside,
            provider,
            provider_is_new,
            entries,
            env,
            own,
            moves: Vec::new(),
            values: Vec::new(),
            stay: Vec::new(),
        })
    }

    /// Moves a secret out, or says why it stays; not to the file of secrets where OpenClaw refused the reference.
    fn take(&mut self, path: &Path, is_refused: bool) {
        let Some(value) = path.of(self.source.value()).and_then(Value::as_str).map(str::to_owned) else {
            return;
        };
        const AMBIGUOUS: Text = Text {
            en: "Token and password are both set: set gateway.auth.mode first, as OpenClaw asks.",
            ja: "トークンとパスワードの両方があります。先に gateway.auth.mode を設定してください (OpenClaw が求めます)。",
        };
        let taken = match path.segs() {
            _ if self.is_ambiguous && path.is_within(&Path::from("gateway.auth")) => Err(AMBIGUOUS.into()),
            _ if value.contains("${") || value.contains('\0') => Err(ODD.into()),
            _ if !is_refused && self.takes_reference(path) => self.file(path, &value),
            _ if self.beside.runs => Err(RUNS.into()),
            [Seg::Key(env), Seg::Key(vars), Seg::Key(name)] if env == "env" && vars == "vars" => {
                self.variable(path, name, &value)
            }
            _ => self.env(path, &value),
        };
        match taken {
            Ok(to) => {
                self.moves.push(Move { path: path.clone(), to });
                self.values.push(value);
            }
            Err(why) => self.stay.push(Staying { path: path.clone(), why }),
        }
    }

    /// Whether the version takes a reference here. Early versions are known from the one that is held: those before it may not.
    fn takes_reference(&self, path: &Path) -> bool {
        let version = &self.settings.facts.openclaw;
        let shape = version.shape();
        (shape == Shape::Current || !Version::EARLY.is_after(version)) && schema::takes_reference(shape, path)
    }

    fn file(&mut self, path: &Path, value: &str) -> Result<To, Said> {
        let name = free(&path.to_string(), |name| self.entries.get(name).is_none_or(|known| known == value));
        let id = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let mut edits = Vec::new();
        if self.provider_is_new {
            let entry = json!({"source": "file", "path": self.beside.file, "mode": "json"});
            edits.push(Edit::set(Path::from("secrets.providers").key(&self.provider), entry));
        }
        edits.push(Edit::set(path.clone(), json!({"source": "file", "provider": self.provider, "id": id})));
        self.draft.take(&edits)?;
        self.provider_is_new = false;
        self.entries.insert(name, value.into());
        Ok(To::File(id))
    }

    fn env(&mut self, path: &Path, value: &str) -> Result<To, Said> {
        let name = free(&names::proposed(path), |name| {
            let is_same = self.own.get(name).is_some_and(|known| known == value);
            is_same && !self.settings.facts.env.contains_key(name) && !self.beside.service.contains(name)
                || !self.is_taken(name)
        });
        let text = self.with(&name, value)?;
        self.draft.take(&[Edit::set(path.clone(), format!("${{{name}}}"))])?;
        self.keep(&name, value, text);
        Ok(To::Env(name))
    }

    fn variable(&mut self, path: &Path, name: &str, value: &str) -> Result<To, Said> {
        const BEATEN: Text = Text {
            en: "{name} is also set in the environment or in .env, which beats this one: remove the one that is not used.",
            ja: "{name} は環境変数か .env でも設定されており、そちらが優先されます。使っていないほうを削除してください。",
        };
        if self.own.get(name).is_none_or(|known| known != value) && self.is_set_outside(name) {
            return Err(BEATEN.with("name", name));
        }
        let text = self.with(name, value)?;
        self.draft.take(&[Edit::remove(path.clone())])?;
        self.keep(name, value, text);
        Ok(To::Variable(name.to_owned()))
    }

    /// Is `.env` with a variable that it does not have yet.
    fn with(&self, name: &str, value: &str) -> Result<String, Said> {
        const NO_QUOTES: Text = Text {
            en: "No way of quoting keeps this value in .env as it is: move it to a SecretRef of another kind by hand.",
            ja: "この値は .env に正しく書けません。別の種類の SecretRef に手作業で移してください。",
        };
        if self.own.get(name).is_some_and(|known| known == value) {
            return Ok(self.env.clone());
        }
        dotenv::with(&self.env, name, value).ok_or_else(|| NO_QUOTES.into())
    }

    fn keep(&mut self, name: &str, value: &str, text: String) {
        self.env = text;
        self.own.insert(name.to_owned(), value.to_owned());
    }

    fn is_taken(&self, name: &str) -> bool {
        let vars = Path::from("env.vars").key(name);
        self.is_set_outside(name) || self.own.contains_key(name) || vars.of(self.source.value()).is_some()
    }

    /// Whether something sets a variable that would not ask the config.
    fn is_set_outside(&self, name: &str) -> bool {
        let facts = &self.settings.facts;
        facts.env.contains_key(name) || facts.state_env.contains_key(name) || self.beside.service.contains(name)
    }

    fn finish(self) -> Result<SecretsPlan, Said> {
        let candidate = self.draft.finish().map_err(|error| error.what)?;
        let moves_to = |is: fn(&To) -> bool| self.moves.iter().any(|step| is(&step.to));
        let file = moves_to(|to| matches!(to, To::File(_))).then(|| {
            let mut text = serde_json::to_vec_pretty(&self.entries).unwrap_or_default();
            text.push(b'\n');
            text
        });
        let env = moves_to(|to| !matches!(to, To::File(_))).then(|| self.env.into_bytes());
        let mut held: BTreeSet<String> = self.values.into_iter().collect();
        let lingers = lingering(&candidate, &held);
        held.extend(self.settings.facts.file_secrets.values().cloned());
        let is_ours = |name: &str| name.starts_with(names::PREFIX) || is_secret(&Path::from("env.vars").key(name));
        let ours = self.own.into_iter().filter(|(name, _)| is_ours(name));
        held.extend(ours.map(|(_, value)| value));
        held.retain(|value| !value.trim().is_empty());
        let (moves, stay) = (self.moves, self.stay);
        Ok(SecretsPlan { moves, stay, candidate, file, env, lingers, held: Held(held) })
    }
}

const ODD: Text = Text {
    en: "It holds ${ or a NUL, which read otherwise elsewhere: move it by hand.",
    ja: "${ または NUL を含み、移すと別の値として読まれるため、手作業で移してください。",
};

const RUNS: Text = Text {
    en: "A Gateway runs here, and would take a variable's name for the secret until it starts anew. Stop it (openclaw gateway stop), run this again, and start it.",
    ja: "実行中の Gateway は、次に起動するまで変数名をそのままシークレットとして扱います。停止し (openclaw gateway stop)、もう一度実行してから起動してください。",
};

/// Is the provider for the file of secrets, and whether the config does not have it yet.
fn provider(config: &Value, beside: &Beside) -> (String, bool) {
    let providers = Path::from("secrets.providers").of(config).and_then(Value::as_object);
    let is_ours = |entry: &Value| {
        let of = |key: &str| entry.get(key).and_then(Value::as_str);
        let path = of("path");
        of("source") == Some("file")
            && of("mode").is_none_or(|mode| mode == "json")
            && (path == Some(&beside.file) || path.map(PathBuf::from).as_ref() == Some(&beside.file_path))
    };
    let known = providers.into_iter().flatten().find(|(_, entry)| is_ours(entry));
    if let Some((name, _)) = known {
        return (name.clone(), false);
    }
    let is_free = |name: &str| !providers.is_some_and(|providers| providers.contains_key(name));
    (free("local", is_free).replace('_', "-"), true)
}

/// Is a name, or the first of those with a number behind it that is free.
fn free(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(name) {
        return name.to_owned();
    }
    (2..).map(|n| format!("{name}_{n}")).find(|name| is_free(name)).unwrap_or_default()
}

fn unescaped(id: &str) -> String {
    id.trim_start_matches('/').replace("~1", "/").replace("~0", "~")
}

/// Is where a value still stands in the config's files, as in a comment.
fn lingering(candidate: &Source, values: &BTreeSet<String>) -> Vec<(PathBuf, usize)> {
    let mut found = Vec::new();
    for file in candidate.files() {
        let text = String::from_utf8_lossy(file.document.bytes()).into_owned();
        for (n, line) in text.lines().enumerate() {
            if values.iter().any(|value| value.len() >= TELLTALE && line.contains(value.as_str())) {
                found.push((file.path.clone(), n + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
