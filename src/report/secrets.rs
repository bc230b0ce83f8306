//! What moving secrets out of a config did, or would do. No value is part of it.

use super::text::{BOLD, DIM, GREEN, Style, YELLOW};
use crate::document::Path as Key;
use crate::host::secrets::Secrets;
use crate::plan::secrets::To;
use crate::store::Written;
use crate::text::{Said, Text, harmless};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What becomes of a secret.
#[derive(Clone)]
pub struct Step {
    /// Where it stands.
    pub path: Key,
    /// The file that it moves to.
    pub file: PathBuf,
    /// Under which name it stands there: a JSON pointer or a variable.
    pub name: String,
    /// Whether a running gateway knows it only after a restart.
    pub restart: bool,
}

/// An old copy of the config that holds a secret.
#[derive(Clone)]
pub struct Copy {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it could be read, so that it is known to hold one.
    pub is_read: bool,
    /// Whether it was removed.
    pub purged: bool,
}

/// What moving secrets did, or would do.
#[derive(Clone)]
pub struct Moved {
    /// The config.
    pub path: PathBuf,
    /// What moves.
    pub steps: Vec<Step>,
    /// What stays, and why.
    pub stay: Vec<(Key, Said)>,
    /// The places in which a value that moves still stands.
    pub lingers: Vec<(PathBuf, usize)>,
    /// The copies that hold one of the values.
    pub copies: Vec<Copy>,
    /// What the write left behind; none where nothing was written.
    pub written: Option<Written>,
    /// What went wrong after it.
    pub warnings: Vec<Said>,
}

impl Moved {
    /// Puts together what a plan would do.
    pub fn new(config: &Path, secrets: &Secrets, copies: Vec<Copy>) -> Self {
        let plan = &secrets.plan;
        let step = |step: &crate::plan::secrets::Move| {
            let (file, name) = match &step.to {
                To::File(id) => (&secrets.file, id),
                To::Env(name) | To::Variable(name) => (&secrets.env, name),
            };
            let restart = step.to.needs_restart();
            Step { path: step.path.clone(), file: file.clone(), name: name.clone(), restart }
        };
        Moved {
            path: config.to_owned(),
            steps: plan.moves.iter().map(step).collect(),
            stay: plan.stay.iter().map(|staying| (staying.path.clone(), staying.why.clone())).collect(),
            lingers: plan.lingers.clone(),
            copies,
            written: None,
            warnings: Vec::new(),
        }
    }

    /// Whether the gateway has to be restarted.
    pub fn restart(&self) -> bool {
        self.steps.iter().any(|step| step.restart)
    }

    /// Is the backup of the config, where it was not removed again.
    fn backup(&self) -> Option<&PathBuf> {
        let backup = self.written.as_ref()?.backup.as_ref()?;
        (!self.copies.iter().any(|copy| copy.purged && copy.path == *backup)).then_some(backup)
    }

    /// Whether a secret still stands where it should not: in the config or in a copy.
    pub fn has_left(&self) -> bool {
        let is_left = |copy: &Copy| copy.is_read && !copy.purged;
        !self.stay.is_empty() || !self.lingers.is_empty() || self.copies.iter().any(is_left)
    }
}

/// When the gateway reads variables.
pub const RESTART: Text = Text {
    en: "The Gateway reads .env only when it starts, and none answers here now: start it after this (openclaw gateway start). One that runs elsewhere on this config, as in a container, must be restarted at once.",
    ja: "Gateway は起動時にだけ .env を読みます。ここでは実行中の Gateway がないため、この後に起動してください (openclaw gateway start)。コンテナなど別の場所で実行中の場合は、すぐに再起動してください。",
};
/// What a running gateway does about references to files.
pub const NO_RESTART: Text = Text {
    en: "A running Gateway reads the file at once; no restart is needed.",
    ja: "実行中の Gateway がすぐに読み込むため、再起動は不要です。",
};
/// What removing the copies means.
pub const PURGE: Text = Text {
    en: "Old copies of the config still hold these secrets. Removing them is final: restore can no longer go back to them.",
    ja: "設定の古いコピーにシークレットが残っています。削除すると元に戻せず、restore でも復元できなくなります。",
};
/// What no file can tell.
pub const ROTATE: Text = Text {
    en: "A secret that others may have seen is safe again only when its issuer replaces it.",
    ja: "ほかの人に見られたおそれのあるシークレットは、発行元で交換してください。",
};

/// Is it as text.
pub fn text(moved: &Moved, style: Style) -> String {
    const NONE: Text = Text {
        en: "No secret stands in the config in plain text.",
        ja: "設定に平文のシークレットはありません。",
    };
    const WOULD: Text = Text {
        en: "Would move, {n} in all (nothing was written):",
        ja: "移動の予定: {n}件 (まだ書き込んでいません)",
    };
    const DID: Text = Text { en: "Moved, {n} in all:", ja: "移動しました: {n}件" };
    const STAYS: Text = Text { en: "Stays, to be moved by hand:", ja: "残るもの (手作業で移動):" };
    const LINGERS: Text = Text {
        en: "The value also stands here, as in a comment; take it out by hand:",
        ja: "値がコメントなどにも残っています。手作業で消してください:",
    };
    const BACKUP: Text = Text { en: "Backup  {path}", ja: "バックアップ  {path}" };
    const PURGED: Text = Text { en: "removed", ja: "削除済み" };
    const HOLDS: Text = Text { en: "holds a secret", ja: "シークレットあり" };
    const UNREAD: Text = Text { en: "could not be read", ja: "読み取れません" };
    const HOW: Text = Text {
        en: "openclaw-harden secrets --purge removes those that hold a secret.",
        ja: "openclaw-harden secrets --purge で、シークレットの残るコピーを削除できます。",
    };
    let shown = |path: &Path| harmless(&path.display().to_string());
    let mut out = format!("{}\n\n", style.paint(&shown(&moved.path), BOLD));
    if moved.steps.is_empty() && moved.stay.is_empty() {
        out.push_str(&style.paragraph(style.say(NONE), 0));
    }
    if !moved.steps.is_empty() {
        let head = if moved.written.is_some() { DID } else { WOULD };
        let _ = writeln!(out, "{}", head.with("n", moved.steps.len()).of(style.lang));
        for step in &moved.steps {
            let _ = writeln!(out, "  {}", harmless(&step.path.to_string()));
            let place = format!("-> {}  {}", shown(&step.file), harmless(&step.name));
            out.push_str(&style.paint(&style.paragraph(&place, 4), DIM));
        }
        out.push('\n');
        let (what, colour) = if moved.restart() { (RESTART, YELLOW) } else { (NO_RESTART, GREEN) };
        out.push_str(&style.paint(&style.paragraph(style.say(what), 0), colour));
    }
    if !moved.stay.is_empty() {
        let _ = writeln!(out, "\n{}", style.say(STAYS));
        for (path, why) in &moved.stay {
            let _ = writeln!(out, "  {}", harmless(&path.to_string()));
            out.push_str(&style.paragraph(&why.of(style.lang), 4));
        }
    }
    if !moved.lingers.is_empty() {
        let _ = writeln!(out, "\n{}", style.say(LINGERS));
        for (path, line) in &moved.lingers {
            let _ = writeln!(out, "  {}:{line}", shown(path));
        }
    }
    if let Some(backup) = moved.backup() {
        let _ = writeln!(out, "\n{}", BACKUP.with("path", backup.display()).of(style.lang));
    }
    if !moved.copies.is_empty() {
        let is_left = moved.copies.iter().any(|copy| copy.is_read && !copy.purged);
        out.push('\n');
        if is_left {
            out.push_str(&style.paragraph(style.say(PURGE), 0));
        }
        for copy in &moved.copies {
            let state = match (copy.purged, copy.is_read) {
                (true, _) => PURGED,
                (false, true) => HOLDS,
                (false, false) => UNREAD,
            };
            let _ = writeln!(out, "  {}  ({})", shown(&copy.path), style.say(state));
        }
        if is_left && (moved.written.is_some() || moved.steps.is_empty()) {
            out.push_str(&style.paragraph(style.say(HOW), 0));
        }
        out.push_str(&style.paragraph(style.say(ROTATE), 0));
    }
    let warnings = moved.written.iter().flat_map(|written| &written.warnings).chain(&moved.warnings);
    for warning in warnings {
        out.push_str(&style.paint(&style.paragraph(&warning.of(style.lang), 0), YELLOW));
    }
    out
}

/// Is it as JSON: `changed`, `path`, `backup`, `restart`, `moves`, `left`, `lingers`, `copies`, `warnings`.
pub fn json(moved: &Moved, style: Style) -> String {
    let step = |step: &Step| {
        json!({
            "path": step.path.to_string(), "file": step.file.display().to_string(), "name": step.name,
            "restart": step.restart,
        })
    };
    let left = |(path, why): &(Key, Said)| json!({ "path": path.to_string(), "why": why.of(style.lang) });
    let copy =
        |copy: &Copy| json!({ "path": copy.path.display().to_string(), "read": copy.is_read, "purged": copy.purged });
    let warnings = moved.written.iter().flat_map(|written| &written.warnings).chain(&moved.warnings);
    let whole = json!({
        "changed": moved.written.is_some() && !moved.steps.is_empty(),
        "path": moved.path.display().to_string(),
        "backup": moved.backup().map(|path| path.display().to_string()),
        "restart": moved.restart(),
        "moves": moved.steps.iter().map(step).collect::<Vec<Value>>(),
        "left": moved.stay.iter().map(left).collect::<Vec<Value>>(),
        "lingers": moved.lingers.iter().map(|(path, line)| json!({ "path": path.display().to_string(), "line": line })).collect::<Vec<Value>>(),
        "copies": moved.copies.iter().map(copy).collect::<Vec<Value>>(),
        "warnings": warnings.map(|warning| warning.of(style.lang)).collect::<Vec<String>>(),
    });
    format!("{whole:#}\n")
}
