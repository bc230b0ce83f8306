//! `secrets`: takes secrets out of the config, and removes the old copies that still hold them.

use super::apply::refusal;
use super::audit::Format;
use super::{Context, Failure, print, trial};
use crate::document::Path as Key;
use crate::host::secrets::{Secrets, holders};
use crate::host::{Asked, Installation, checkup};
use crate::plan::secrets::Held;
use crate::posture::Engine;
use crate::report::secrets::{self, Copy, Moved};
use crate::settings::schema;
use crate::store::{self, StoreError};
use crate::text::{Said, Text};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct SecretsArgs {
    /// The keys whose secrets move, as in channels.telegram.botToken; all of them where none is named
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
    /// Shows what would move and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// Moves them without asking
    #[arg(long)]
    yes: bool,
    /// Removes the old copies of the config that still hold them, for good
    #[arg(long)]
    purge: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &SecretsArgs, context: &Context) -> Result<ExitCode, Failure> {
    const MOVE: Text = Text {
        en: "Move them? The Gateway has to be restarted where that is said above.",
        ja: "移動しますか? 上に記載がある場合は Gateway の再起動が必要です。",
    };
    const REMOVE: Text = Text {
        en: "Remove the copies that hold a secret, for good?",
        ja: "シークレットの残るコピーを完全に削除しますか?",
    };
    const UNSAID: Text = Text {
        en: "Nothing was changed: say --yes to move them, or --dry-run to look first.",
        ja: "何も変更していません。移動するには --yes、確認だけなら --dry-run を指定してください。",
    };
    let lang = context.lang;
    let failed = |error: &StoreError| Failure(error.of(lang));
    if !args.dry_run {
        store::writable(&context.env, context.global.read_only).map_err(|error| failed(&error))?;
    }
    context.settle(None, !args.dry_run)?;
    let installation = open(context)?;
    let mut job = Job::look(installation, &args.keys, context)?;
    let show = |moved: &Moved| match args.format {
        Format::Json => secrets::json(moved, context.style()),
        Format::Text => secrets::text(moved, context.style()),
    };
    if args.dry_run {
        print(&show(&job.moved));
        return Ok(ExitCode::from(u8::from(job.moved.has_left())));
    }
    let mut shown = false;
    if !job.moved.steps.is_empty() {
        if !args.yes {
            if context.is_attended() {
                print(&secrets::text(&job.moved, context.style()));
                shown = true;
            }
            if !context.confirm(MOVE) {
                return Err(Failure(UNSAID.of(lang).to_owned()));
            }
        }
        job.write(context).map_err(|error| failed(&error))?;
    }
    let holds = job.moved.copies.iter().any(|copy| copy.is_read);
    if holds && !args.purge && !args.yes && context.is_attended() {
        print(&secrets::text(&job.moved, context.style()));
        shown = true;
    }
    if holds && (args.purge || !args.yes && context.confirm(REMOVE)) {
        job.purge(context);
        shown = false;
    }
    if !shown || job.moved.written.is_some() {
        print(&show(&job.moved));
    }
    Ok(ExitCode::from(u8::from(job.moved.has_left())))
}

/// Opens the installation; which engine answers is nothing to a secret.
pub(super) fn open(context: &Context) -> Result<Installation, Failure> {
    Installation::open(&context.selection(None), &context.env, Asked::Fixed(Engine::None), &context.cwd)
        .map_err(|error| Failure(error.of(context.lang)))
}

/// Secrets on their way out of a config.
pub(super) struct Job {
    installation: Installation,
    secrets: Secrets,
    /// What is told of it.
    pub(super) moved: Moved,
}

impl Job {
    /// Plans the move of what stands at these keys, or of every secret; writes nothing.
    pub(super) fn look(installation: Installation, keys: &[String], context: &Context) -> Result<Self, Failure> {
        const NO_SECRET: Text = Text {
            en: "No secret stands at {key} in plain text; openclaw-harden secrets --dry-run shows where they stand.",
            ja: "{key} に平文のシークレットはありません。一覧: openclaw-harden secrets --dry-run",
        };
        let lang = context.lang;
        let issues = schema::validate(installation.source.value(), &installation.settings.facts);
        if !issues.is_empty() {
            return Err(Failure(refusal(&installation, &issues, lang)));
        }
        let names = |key: &String, path: &Key| Key::from(key.as_str()) == *path || *key == path.to_string();
        let is_wanted = |path: &Key| keys.is_empty() || keys.iter().any(|key| names(key, path));
        let secrets = Secrets::look(&installation, is_wanted, lang).map_err(|said| Failure(said.of(lang)))?;
        let copies = copies(&installation, secrets.plan.held());
        let moved = Moved::new(&installation.places.config, &secrets, copies);
        let is_there = |key: &&String| {
            let mut told = moved.steps.iter().map(|step| &step.path).chain(moved.stay.iter().map(|(path, _)| path));
            told.any(|path| names(key, path))
        };
        match keys.iter().find(|key| !is_there(key)) {
            Some(key) => Err(Failure(NO_SECRET.with("key", key).of(lang))),
            None => Ok(Job { installation, secrets, moved }),
        }
    }

    /// Writes the files that the secrets move to, and then the config.
    pub(super) fn write(&mut self, context: &Context) -> Result<(), StoreError> {
        let installation = &self.installation;
        let candidate = &self.secrets.plan.candidate;
        trial::settle(&installation.places.config)?;
        let parts = installation.parts(candidate);
        let mut written = store::write_ahead(&self.secrets.ahead(), &parts, context.global.keep_backups)?;
        written.warnings.extend(checkup::remember_write(&installation.places.config, candidate));
        self.moved.written = Some(written);
        self.moved.copies = copies(installation, self.secrets.plan.held());
        Ok(())
    }

    /// Removes the copies that hold a secret; what stays says why.
    pub(super) fn purge(&mut self, context: &Context) {
        let mut purged: Vec<PathBuf> = Vec::new();
        for (path, read) in holders(&self.installation, self.secrets.plan.held()) {
            let Some(read) = read else { continue };
            match store::purge(&path, &read) {
                Ok(()) => purged.push(path),
                Err(error) => self.moved.warnings.push(Said::from(error.of(context.lang))),
            }
        }
        for copy in &mut self.moved.copies {
            copy.purged |= purged.contains(&copy.path);
        }
    }
}

fn copies(installation: &Installation, held: &Held) -> Vec<Copy> {
    let copy = |(path, read): (PathBuf, Option<store::Read>)| Copy { path, is_read: read.is_some(), purged: false };
    holders(installation, held).into_iter().map(copy).collect()
}
