//! `skills`: what is new or changed since it was accepted, and whether the policy still fits.

use super::audit::Format;
use super::{Context, Failure, print, progress};
use crate::host::{Asked, Env, Installation, Places, record, skills};
use crate::plan::{Answers, Plan};
use crate::posture::Engine;
use crate::report;
use crate::settings::{Facts, Settings};
use crate::skills::state::Review;
use crate::source::Source;
use crate::text::{Said, Text};
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[derive(Args)]
pub(super) struct SkillsArgs {
    /// Accepts these skills as they are now, by name, folder or source; all of them where none is named
    #[arg(long, value_name = "NAME", num_args = 0..)]
    accept: Option<Vec<String>>,
    /// Shows what is reviewed as well
    #[arg(long)]
    all: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &SkillsArgs, context: &Context) -> Result<ExitCode, Failure> {
    let fail = |said: Said| Failure(said.of(context.lang));
    // Which engine answers is nothing to a skill.
    let asked = Asked::Fixed(Engine::None);
    let installation = Installation::look(&context.selection(None), None, &context.env, asked, &context.cwd)
        .map_err(|error| Failure(error.of(context.lang)))?;
    const LOOKING: Text =
        Text { en: "looking at the skills ... {seconds} s", ja: "スキルを確認しています... {seconds}秒" };
    let said = |since: Duration| LOOKING.with("seconds", since.as_secs()).of(context.lang);
    let look = Look::new(&installation, context);
    let mut review = progress::shown(said, || look.take()).map_err(fail)?;
    if let Some(names) = &args.accept {
        review = accept(names, &review, context).map_err(fail)?;
    }
    let facts = Arc::new(Facts { skills: Some(Arc::new(review.clone())), ..(*installation.settings.facts).clone() });
    let plan = Plan::new(&installation.source, &facts, &installation.means, &Answers::default())
        .map_err(|error| fail(error.what))?;
    print(&match args.format {
        Format::Json => report::skills::json(&review, &plan, &installation.places.config),
        Format::Text => report::skills::text(&review, &plan, args.all, context.style()),
    });
    Ok(ExitCode::from(u8::from(!review.is_done())))
}

/// What taking the inventory needs: it can be taken in a thread of its own.
pub(super) struct Look {
    places: Places,
    source: Source,
    facts: Arc<Facts>,
    env: Env,
    cwd: PathBuf,
    keeps: bool,
}

impl Look {
    pub(super) fn new(installation: &Installation, context: &Context) -> Self {
        Look {
            places: installation.places.clone(),
            source: installation.source.clone(),
            facts: installation.settings.facts.clone(),
            env: context.env.clone(),
            cwd: context.cwd.clone(),
            keeps: !context.global.read_only,
        }
    }

    /// Takes the inventory and puts it beside what was accepted.
    pub(super) fn take(&self) -> Result<Review, Said> {
        let accepted = record::kept()?;
        let settings = Settings::load(self.source.shared(), self.facts.clone());
        let found = skills::inventory(&self.places, &settings, &self.env, &self.cwd, self.keeps);
        Ok(Review::new(&accepted, &self.places.state_dir, found.skills, found.cut))
    }
}

/// Remembers what is to be reviewed and meant as reviewed, and forgets what is gone; gives the review that is left.
pub(super) fn remember(
    review: &Review,
    context: &Context,
    is_meant: impl Fn(&PathBuf) -> bool,
    forgets: bool,
) -> Result<Review, Said> {
    context.may_keep().map_err(|Failure(why)| Said::from(why))?;
    let items: Vec<_> = review.open().map(|item| &item.skill).filter(|skill| is_meant(&skill.path)).collect();
    let gone = review.removed.iter().map(|gone| gone.path.clone());
    let gone: Vec<PathBuf> = gone.filter(|path| forgets || is_meant(path)).collect();
    let accepted = skills::remember(&review.installation, &items, &gone)?;
    let found = review.items.iter().map(|item| item.skill.clone()).collect();
    Ok(Review::new(&accepted, &review.installation, found, review.cut.clone()))
}

fn accept(names: &[String], review: &Review, context: &Context) -> Result<Review, Said> {
    const NO_SUCH: Text = Text {
        en: "No skill that is to be reviewed is called {name}; openclaw-harden skills lists them.",
        ja: "{name} という未確認のスキルはありません。一覧: openclaw-harden skills",
    };
    let known = review.items.iter().map(|item| (&item.skill.path, &item.skill.judged.name, item.skill.source.name()));
    let known: Vec<_> = known.chain(review.removed.iter().map(|gone| (&gone.path, &gone.name, ""))).collect();
    let means = |name: &String, (path, called, source): &(&PathBuf, &String, &str)| {
        **path == context.cwd.join(name) || *called == name || source == name
    };
    if let Some(name) = names.iter().find(|name| !known.iter().any(|one| means(name, one))) {
        return Err(NO_SUCH.with("name", name));
    }
    let is_meant = |one: &(&PathBuf, &String, &str)| names.is_empty() || names.iter().any(|name| means(name, one));
    let meant: BTreeSet<&PathBuf> = known.iter().filter(|one| is_meant(one)).map(|(path, ..)| *path).collect();
    remember(review, context, |path| meant.contains(path), false)
}
