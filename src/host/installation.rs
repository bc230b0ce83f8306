//! One installation, opened: its places, its config as it stands on disk, and what is known beside it.

use super::facts::look_at_config;
use super::others::others;
use super::version::{in_config, openclaw};
use super::{
    Asked, Boxes, Env, Found, OpenClaw, Places, Selection, Wanted, engine, facts, find, includes, look, secrets,
};
use crate::document::{Diagnosis, Document, ParseError, Path as Key};
use crate::posture::{Engine, Means};
use crate::settings::{Facts, Settings, schema};
use crate::source::{IncludeError, Source};
use crate::store::{self, StoreError};
use crate::text::wrap::width;
use crate::text::{Lang, Said, Text, harmless};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a config that does not exist yet begins as.
const NOTHING: &[u8] = b"{\n}\n";

/// An installation with its config.
pub struct Installation {
    /// Where it is.
    pub places: Places,
    /// The config as it was read; none where there is none yet.
    pub read: Option<store::Read>,
    /// The files that it draws in as they were read, in the order of the source's files.
    pub included: Vec<store::Read>,
    /// The config with all its files; an empty object where there is none yet.
    pub source: Source,
    /// The config as OpenClaw loads it, and what is known beside it.
    pub settings: Settings,
    /// The OpenClaw that it is for.
    pub openclaw: OpenClaw,
    /// What the config asks of a sandbox engine.
    pub boxes: Boxes,
    /// The sandbox engine, and what was seen.
    pub engine: Found,
    /// What a plan can count on.
    pub means: Means,
    /// The other configs of this user: of profiles, and of the first name. They are not touched.
    pub others: Vec<PathBuf>,
}

/// Why an installation could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Its places are not to be found, or no random secret is to be had.
    Machine(Said),
    /// Its config cannot be read.
    Store(StoreError),
    /// Its config is no document.
    Parse(PathBuf, ParseError, Box<Diagnosis>),
    /// Its config draws in what OpenClaw would refuse.
    Include(IncludeError),
}

impl OpenError {
    /// Is the whole message in one language, with file, line and column where it has them.
    pub fn of(&self, lang: Lang) -> String {
        match self {
            OpenError::Machine(said) => said.of(lang),
            OpenError::Store(error) => error.of(lang),
            OpenError::Parse(path, error, diagnosis) => unreadable(path, error, diagnosis, lang),
            OpenError::Include(IncludeError::Parse { file, error, diagnosis }) => {
                unreadable(file, error, diagnosis, lang)
            }
            OpenError::Include(IncludeError::Refused { file, at: place, what }) => {
                at(file, place.line, place.column, what, lang)
            }
        }
    }
}

/// Is an error with its position first, so that editors can jump to it.
pub fn at(path: &Path, line: usize, column: usize, what: &Said, lang: Lang) -> String {
    const ERROR: Text = Text { en: "error", ja: "エラー" };
    format!("{}:{line}:{column}: {}: {}", harmless(&path.display().to_string()), ERROR.of(lang), what.of(lang))
}

/// Columns of a faulty line that are shown on either side of the fault.
const AROUND: usize = 36;

/// Says where and why a config is no document, with the line, what probably happened and what would mend it.
fn unreadable(path: &Path, error: &ParseError, diagnosis: &Diagnosis, lang: Lang) -> String {
    let mut said = at(path, error.at.line, error.at.column, &error.what, lang);
    let column = error.at.column.saturating_sub(1);
    let from = column.saturating_sub(AROUND);
    let shown: String = masked(&diagnosis.line).chars().skip(from).take(2 * AROUND).collect();
    let before: String = shown.chars().take(column - from).collect();
    said.push_str(&format!("\n    {}\n    {}^", harmless(&shown), " ".repeat(width(&harmless(&before)))));
    if let Some(cause) = diagnosis.cause {
        said.push_str(&format!("\n  {}", cause.of(lang)));
    }
    if let Some(cure) = &diagnosis.cure {
        said.push_str(&format!("\n  {}", cure.what.of(lang)));
    }
    said
}

/// Is a line that cannot be parsed, without what may be a secret in it: the value of such a key, and whatever is long and mixed.
fn masked(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut is_value_secret = false;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=' | '.' | '~');
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(c);
            is_value_secret &= !matches!(c, ',' | '{' | '}' | '[' | ']');
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (word, tail) = rest.split_at(end);
        let is_key = tail.trim_start_matches(['"', '\'', ' ']).starts_with(':');
        let is_mixed = word.len() >= 16 && word.contains(|c: char| c.is_ascii_digit());
        if is_key {
            is_value_secret = schema::is_secret(&Key::root().key(word));
            out.push_str(word);
        } else if is_value_secret || is_mixed {
            out.extend(word.chars().map(|_| '*'));
        } else {
            out.push_str(word);
        }
        rest = tail;
    }
    out
}

/// Finds the places of the installation that the command line and the environment name.
///
/// # Errors
/// Where a profile's name is not one, or no home is to be found.
pub fn places(selection: &Selection, env: &Env, cwd: &Path) -> Result<Places, Said> {
    let os_home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    find(selection, env, os_home.as_deref(), cwd, &|path| path.exists())
}

impl Installation {
    /// Is every file of the config as it was read, with what a candidate has in its place; none for what is never written.
    pub fn parts<'p>(&'p self, candidate: &'p Source) -> Vec<store::Part<'p>> {
        let reads = std::iter::once(self.read.as_ref()).chain(self.included.iter().map(Some));
        let part = |(file, read): (&'p crate::source::File, _)| {
            let bytes = file.locked.is_none().then(|| file.document.bytes());
            store::Part { path: &file.path, read, bytes }
        };
        candidate.files().iter().zip(reads).map(part).collect()
    }

    /// Opens the installation that the command line and the environment name.
    ///
    /// # Errors
    /// Where its places cannot be found, or its config is there and cannot be read.
    pub fn open(selection: &Selection, env: &Env, asked: Asked, cwd: &Path) -> Result<Self, OpenError> {
        let places = places(selection, env, cwd).map_err(OpenError::Machine)?;
        let read = store::read(&places.config).map_err(OpenError::Store)?;
        Self::with(places, read, Beside::Installation, env, asked, cwd, selection.openclaw.clone())
    }

    /// Reads the config again, after it changed on disk.
    ///
    /// # Errors
    /// Where it is there and cannot be read.
    pub fn reopen(&self, env: &Env, cwd: &Path) -> Result<Self, OpenError> {
        let read = store::read(&self.places.config).map_err(OpenError::Store)?;
        let mut again = Self::with(
            self.places.clone(),
            read,
            Beside::Installation,
            env,
            Asked::Fixed(self.engine.engine),
            cwd,
            Some(self.openclaw.clone()),
        )?;
        again.engine = self.engine.clone();
        // The secrets that the administrator may have seen stay.
        again.means = self.means.clone();
        Ok(again)
    }

    /// Is the look for the sandbox engine, where it was put off; it may be taken in another thread.
    pub fn engine_look(&self, env: &Env) -> Option<impl FnOnce() -> Found + Send + use<>> {
        let (env, boxes) = (env.clone(), self.boxes.clone());
        (self.engine.engine == Engine::Unknown).then_some(move || engine(Asked::Auto, &env, &boxes))
    }

    /// Opens a config to look at it and no more: a link is followed, as OpenClaw follows it when it loads.
    ///
    /// A `file` that is not the installation's own config stands alone: no state folder, no `.env` file and no skill of this
    /// machine is its own, unless a state folder is chosen for it. The process environment counts for it all the same.
    ///
    /// # Errors
    /// Where a `file` is absent, its places cannot be found, or the config is there and cannot be read.
    pub fn look(
        selection: &Selection,
        file: Option<&Path>,
        env: &Env,
        asked: Asked,
        cwd: &Path,
    ) -> Result<Self, OpenError> {
        const ABSENT: Text = Text { en: "There is no file {path}.", ja: "ファイル {path} がありません。" };
        let own = places(selection, env, cwd).map_err(OpenError::Machine)?;
        let Some(file) = file else {
            let read = store::look(&own.config).map_err(OpenError::Store)?;
            return Self::with(own, read, Beside::Installation, env, asked, cwd, selection.openclaw.clone());
        };
        let named = Selection { config: Some(file.to_owned()), ..selection.clone() };
        let named = places(&named, env, cwd).map_err(OpenError::Machine)?;
        let read = store::look(&named.config).map_err(OpenError::Store)?;
        if read.is_none() {
            return Err(OpenError::Machine(ABSENT.with("path", file.display())));
        }
        let same =
            |a: &Path, b: &Path| a == b || a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
        let is_own = selection.state_dir.is_some() || same(&named.config, &own.config);
        let beside = if is_own { Beside::Installation } else { Beside::Nothing };
        Self::with(named, read, beside, env, asked, cwd, selection.openclaw.clone())
    }

    fn with(
        places: Places,
        read: Option<store::Read>,
        beside: Beside,
        env: &Env,
        asked: Asked,
        cwd: &Path,
        named: Option<OpenClaw>,
    ) -> Result<Self, OpenError> {
        let bytes = read.as_ref().map_or(NOTHING, |read| &read.bytes);
        let document = Document::parse(bytes).map_err(|error| {
            let diagnosis = Diagnosis::of(bytes, &error);
            OpenError::Parse(places.config.clone(), error, Box::new(diagnosis))
        })?;
        let (source, included) = includes::read(&places, document, read.as_ref()).map_err(OpenError::Include)?;
        let openclaw = named.unwrap_or_else(|| match beside {
            Beside::Installation => openclaw(env, &places, source.value()),
            Beside::Nothing => in_config(source.value()),
        });
        let facts = Facts { openclaw: openclaw.planned(), ..facts(&places, env) };
        let facts = match beside {
            Beside::Installation => known(facts, &places, &source, cwd),
            Beside::Nothing => alone(facts, &places, &source),
        };
        let settings = Settings::load(source.shared(), Arc::new(facts));
        let boxes = Boxes::of(&settings);
        let engine = engine(asked, env, &boxes);
        let means = engine.means(Means {
            in_container: settings.facts.in_container == Some(true),
            gateway_secret: secret()?,
            hooks_secret: secret()?,
            ..Means::default()
        });
        let others = match beside {
            Beside::Installation => others(&places),
            Beside::Nothing => Vec::new(),
        };
        Ok(Installation { others, read, included, source, settings, openclaw, boxes, engine, means, places })
    }
}

/// What lies beside a config.
#[derive(Clone, Copy)]
enum Beside {
    /// The files of its installation.
    Installation,
    /// Nothing of its own.
    Nothing,
}

/// Gathers the facts about a config that stands alone.
fn alone(mut alone: Facts, places: &Places, source: &Source) -> Facts {
    alone.state_env.clear();
    look_at_config(&mut alone, places, &drawn(source));
    alone
}

/// Gathers the facts, those included that only the config names.
fn known(mut known: Facts, places: &Places, source: &Source, cwd: &Path) -> Facts {
    known.file_secrets = secrets::file_secrets(source.value(), places, cwd);
    let settings = Settings::load(source.shared(), Arc::new(known.clone()));
    let folder = |key: &Key| settings.at(key).and_then(Value::as_str).map(|path| places.resolve(path, cwd));
    let agents = settings.agents();
    let defaults = Key::from("agents.defaults.workspace");
    let mut workspaces: Vec<PathBuf> =
        std::iter::once(folder(&defaults).unwrap_or_else(|| places.state_dir.join("workspace")))
            .chain(agents.iter().filter_map(|agent| folder(&agent.path.key("workspace"))))
            .collect();
    workspaces.dedup();
    let wanted = Wanted {
        agents: agents.iter().map(|agent| agent.id.to_owned()).collect(),
        log_file: folder(&Key::from("logging.file")),
        workspaces,
        includes: drawn(source),
    };
    look(&mut known, places, &wanted);
    known
}

/// Is where the files are that a config draws in.
fn drawn(source: &Source) -> Vec<PathBuf> {
    source.files().iter().skip(1).map(|file| file.path.clone()).collect()
}

/// Is a random secret of 48 hexadecimal digits.
fn secret() -> Result<String, OpenError> {
    const NO_RANDOM: Text = Text {
        en: "The system gives no random numbers, so no secret can be made.",
        ja: "システムから乱数を得られないため、シークレットを生成できません。",
    };
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(|_| OpenError::Machine(NO_RANDOM.into()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_line_is_shown_without_its_secrets() {
        assert_eq!(masked(r#"{"token": "geheim geheim" "port": 1}"#), r#"{"token": "****** ******" "port": 1}"#);
        assert_eq!(masked(r#""x": "sk-0123456789abcdef", "#), r#""x": "*******************", "#);
    }

    #[test]
    fn a_fault_is_said_with_its_line_a_caret_and_what_would_mend_it() {
        let text = b"{\n  \"port\": 1\n  \"mode\": \"local\"\n}\n";
        let error = Document::parse(text).expect_err("a fault");
        let said = unreadable(Path::new("/c.json"), &error, &Diagnosis::of(text, &error), Lang::En);
        let lines: Vec<&str> = said.lines().collect();
        let hint = [
            "      \"port\": 1",
            "               ^",
            "  A comma is missing here.",
            "  With , inserted at 2:12 it can be read.",
        ];
        assert_eq!(lines[1..], hint);
    }
}
