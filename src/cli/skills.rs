//! `skills`: what is new or changed since it was accepted, and whether the policy still fits.

use super::audit::Format;
use super::{Context, Failure, print};
use crate::host::{Asked, Installation, skills};
use crate::plan::{Answers, Plan};
use crate::posture::Engine;
use crate::report;
use crate::settings::{Facts, Settings};
use crate::skills::state::Review;
use crate::store;
use crate::text::{Said, Text, harmless};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

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
    let mut review = look(&installation, context).map_err(fail)?;
    if let Some(names) = &args.accept {
        review = accept(names, review, context)?;
    }
    let facts = Arc::new(Facts { skills: Some(Arc::new(review.clone())), ..(*installation.facts).clone() });
    let settings = Settings::load(installation.document.value().clone(), facts.clone());
    let plan = Plan::new(&installation.document, &facts, &installation.means, &Answers::default())
        .map_err(|error| fail(error.what))?;
    print(&match args.format {
        Format::Json => report::skills::json(&review, &settings, &plan, &installation.places.config),
        Format::Text => report::skills::text(&review, &settings, &plan, args.all, context.style()),
    });
    Ok(ExitCode::from(u8::from(!review.is_done())))
}

/// Takes the inventory and puts it beside what was accepted.
pub(super) fn look(installation: &Installation, context: &Context) -> Result<Review, Said> {
    let accepted = skills::Kept::read(context.lang)?.accepted;
    let settings = Settings::load(installation.document.value().clone(), installation.facts.clone());
    let keeps = !context.global.read_only;
    let found = skills::inventory(&installation.places, &settings, &context.env, &context.cwd, keeps);
    Ok(Review::new(&accepted, &installation.places.state_dir, found.skills, found.cut))
}

fn accept(names: &[String], review: Review, context: &Context) -> Result<Review, Failure> {
    const NO_SUCH: Text = Text {
        en: "No skill that is to be reviewed is called {name}; openclaw-harden skills lists them.",
        ja: "{name} という未確認のスキルはありません。一覧: openclaw-harden skills",
    };
    let fail = |said: Said| Failure(said.of(context.lang));
    // The variables that forbid writes are about OpenClaw's config, which stays as it is.
    store::writable(&BTreeMap::new(), context.global.read_only).map_err(|error| Failure(error.of(context.lang)))?;
    let means = |name: &String, path: &PathBuf, called: &str| called == name || path == &context.cwd.join(name);
    for name in names {
        let is_known = review
            .items
            .iter()
            .any(|item| means(name, &item.skill.path, &item.skill.judged.name) || item.skill.source.name() == name);
        if !is_known && !review.removed.iter().any(|gone| means(name, &gone.path, &gone.name)) {
            return Err(fail(NO_SUCH.with("name", harmless(name))));
        }
    }
    let is_meant = |path: &PathBuf, called: &str, source: &str| {
        names.is_empty() || names.iter().any(|name| means(name, path, called) || name == source)
    };
    let items = review.open().map(|item| &item.skill);
    let items: Vec<_> = items.filter(|skill| is_meant(&skill.path, &skill.judged.name, skill.source.name())).collect();
    let gone = review.removed.iter().filter(|gone| is_meant(&gone.path, &gone.name, ""));
    let gone: Vec<PathBuf> = gone.map(|gone| gone.path.clone()).collect();
    let accepted = skills::remember(&review.installation, &items, &gone, context.lang).map_err(fail)?;
    let found = review.items.into_iter().map(|item| item.skill).collect();
    Ok(Review::new(&accepted, &review.installation, found, review.cut))
}
