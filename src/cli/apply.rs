//! `apply`: the wizard's result without the wizard.

use super::audit::Format;
use super::findings::FindingsArgs;
use super::{Context, Failure, PostureArg, accept, findings, print, trial};
use crate::checks::Severity;
use crate::document::EditError;
use crate::findings::Report;
use crate::host::{Installation, at};
use crate::plan::{Answers, AnswersFile, Plan, Planned, Undecided};
use crate::posture::mend::{Group, is_foreign};
use crate::posture::{Step, Weight};
use crate::report::remediation::After;
use crate::report::{self, Applied};
use crate::store;
use crate::text::{Lang, Text, harmless};
use crate::walk::{Item, Outcome, Walk};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args)]
pub(super) struct ApplyArgs {
    /// The config file; the installation's own where none is given
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Whom the installation serves: personal (you alone, the default), shared (people you know), public (strangers)
    #[arg(long, value_name = "POSTURE")]
    posture: Option<PostureArg>,
    /// Prints what would change and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// Takes only the changes that keep a working setup working; exits with 1 when others are left
    #[arg(long)]
    only_safe: bool,
    /// Takes every change, those included that may cut someone or something off
    #[arg(long)]
    yes: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Takes the write back after this time, as in 60s or 5m, unless `confirm` keeps it
    #[arg(long, value_name = "TIME", value_parser = trial::time, conflicts_with = "dry_run")]
    confirm_within: Option<Duration>,
    /// The answers to take: what --save-answers wrote, or `apply --format json` printed
    #[arg(long, value_name = "FILE", conflicts_with = "findings")]
    answers: Option<PathBuf>,
    /// Writes the answers to a file, also on a dry run
    #[arg(long, value_name = "FILE")]
    save_answers: Option<PathBuf>,
    #[command(flatten)]
    findings: FindingsArgs,
    /// Runs openclaw security audit on the result too, for the report
    #[arg(long, requires = "report", conflicts_with = "dry_run")]
    real_audit: bool,
}

/// What was decided, and the file that says so.
struct Decided<'a> {
    answers: Answers,
    file: Option<(&'a PathBuf, AnswersFile)>,
}

impl ApplyArgs {
    /// Is the config file that is named.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }
}

pub(super) fn run(args: &ApplyArgs, context: &Context) -> Result<ExitCode, Failure> {
    const UNDECIDED: Text = Text {
        en: "Nothing was written: say --yes for every change, --only-safe for the safe ones, or --dry-run to look first.",
        ja: "何も書き込んでいません。すべて適用するなら --yes、安全な変更だけなら --only-safe、確認だけなら --dry-run を指定してください。",
    };
    const ABSENT: Text = Text {
        en: "{path} does not exist; without FILE, the installation's own config is made where there is none.",
        ja: "{path} がありません。FILE を指定しなければ、設定がない場合に新しく作成します。",
    };
    const QUESTION: Text = Text {
        en: "Write these changes? A backup is made first.",
        ja: "これらの変更を書き込みますか? 先にバックアップを作成します。",
    };
    let lang = context.lang;
    if !args.dry_run {
        store::writable(&context.env, context.global.read_only).map_err(|error| Failure(error.of(lang)))?;
    }
    context.settle(args.file.as_ref(), !args.dry_run)?;
    let mut installation = match args.dry_run {
        true => context.open(args.file.as_ref())?,
        false => context.open_or_mend(args.file.as_ref(), args.yes)?,
    };
    if let (Some(file), None) = (&args.file, &installation.read) {
        return Err(Failure(ABSENT.with("path", file.display()).of(lang)));
    }
    let mut decided = decided(args, &installation, lang)?;
    let walk = match args.findings.read(context)? {
        Some(report) => Some(walked(report, &mut decided, args.only_safe, &installation, lang)?),
        None => None,
    };
    let answers = &decided.answers;
    if !(args.dry_run || args.only_safe || args.yes || args.answers.is_some()) {
        let plan = plan(&installation, &decided, lang)?;
        let accepted = accept::kept(context)?;
        let accepted = accepted.of(&installation.places.config);
        print(&report::text::applied(&Applied::new(&installation, &plan, answers, accepted, None), context.style()));
        if !context.confirm(QUESTION) {
            return Err(Failure(UNDECIDED.of(lang).to_owned()));
        }
    }
    let mut tries = 3;
    let (plan, written, begun) = loop {
        let plan = plan(&installation, &decided, lang)?;
        if args.dry_run {
            break (plan, None, None);
        }
        match trial::write(context, &installation, &plan, args.confirm_within) {
            Ok((written, begun)) => break (plan, Some(written), begun),
            // Somebody else wrote meanwhile: what they wrote is hardened, not overwritten.
            Err(error) if error.kind() == store::Kind::Changed && tries > 0 => {
                tries -= 1;
                installation =
                    installation.reopen(&context.env, &context.cwd).map_err(|error| Failure(error.of(lang)))?;
            }
            Err(error) => return Err(Failure(error.of(lang))),
        }
    };
    let config = &installation.places.config;
    let wanted = decided.file.as_ref().map_or(&[][..], |(_, file)| &file.accepted);
    let taken = accept::take(wanted, config, &plan.after, args.dry_run, context)?;
    let mut applied = Applied::new(&installation, &plan, answers, &taken.accepted, written);
    applied.accepts = taken.new;
    applied.undo = context.undo(args.file.as_ref(), &applied.path);
    applied.trial = begun.map(|begun| begun.told(context, args.file.as_ref()).1);
    if let Some(path) = &args.save_answers {
        let home = installation.settings.facts.home.as_ref().and_then(|home| home.to_str());
        super::save(path, plan.answers_file(answers, &taken.accepted, home, lang).as_bytes(), context)?;
        applied.saved = Some(path.clone());
    }
    if walk.is_some() {
        // What the report does not name was not asked for.
        applied.untaken.clear();
    }
    print(&match args.format {
        Format::Json => report::json::applied(&applied),
        Format::Text => report::text::applied(&applied, context.style()),
    });
    let Some(walk) = walk else {
        return Ok(ExitCode::from(u8::from(applied.has_left())));
    };
    if let Some(path) = args.findings.report() {
        // The report is written even where that audit fails: the config is.
        let asked = args.real_audit.then(|| findings::real_audit(&installation.places, context)).transpose();
        let (real, failed) = asked.map_or_else(|why| (None, Some(why)), |real| (real, None));
        let after = After {
            is_written: applied.written.is_some(),
            backup: applied.written.as_ref().and_then(|written| written.backup.clone()),
            undo: applied.undo.clone(),
            real,
        };
        findings::write_report(path, &walk, &plan, config, after, context)?;
        if let Some(why) = failed {
            return Err(why);
        }
    }
    let is_left = |item: &Item| {
        item.severity > Severity::Info
            && matches!(walk.outcome(item, &plan), Outcome::Left | Outcome::ByHand | Outcome::NotOurs)
    };
    Ok(ExitCode::from(u8::from(walk.items().iter().any(is_left))))
}

/// Is what was decided: by the answers file, the posture, and how far to go where nothing was.
fn decided<'a>(args: &'a ApplyArgs, installation: &Installation, lang: Lang) -> Result<Decided<'a>, Failure> {
    const ABSENT: Text = Text {
        en: "{path} does not exist: name a file that --save-answers wrote.",
        ja: "{path} がありません。--save-answers で保存したファイルを指定してください。",
    };
    let home = installation.settings.facts.home.as_ref().and_then(|home| home.to_str());
    let mut decided = Decided { answers: Answers::default(), file: None };
    if let Some(path) = &args.answers {
        let read = store::look(path).map_err(|error| Failure(error.of(lang)))?;
        let read = read.ok_or_else(|| Failure(ABSENT.with("path", path.display()).of(lang)))?;
        let file = AnswersFile::parse(&read.bytes, home)
            .map_err(|error| Failure(at(path, error.at.line, error.at.column, &error.why, lang)))?;
        decided = Decided { answers: file.answers.clone(), file: Some((path, file)) };
    }
    if let Some(posture) = args.posture {
        decided.answers.posture = posture.into();
    }
    // Whoever gives answers has decided; what they did not decide stays unless --yes asks for it.
    let all = !args.only_safe && (args.yes || args.answers.is_none());
    decided.answers.undecided = if all { Undecided::All } else { Undecided::Safe };
    Ok(decided)
}

/// Decides to fix what a report names, as far as that may be taken, and nothing else.
fn walked(
    report: Report,
    decided: &mut Decided,
    only_safe: bool,
    installation: &Installation,
    lang: Lang,
) -> Result<Walk, Failure> {
    let fail = |error: EditError| Failure(error.what.of(lang));
    let means = &installation.means;
    let plan = Plan::new(&installation.source, &installation.settings.facts, means, &decided.answers).map_err(fail)?;
    let mut walk = Walk::new(report, &plan, &decided.answers);
    walk.fix_all(plan, means, if only_safe { Weight::Safe } else { Weight::Ask }).map_err(fail)?;
    decided.answers = walk.answers();
    Ok(walk)
}

/// Plans, and refuses what OpenClaw would refuse.
fn plan(installation: &Installation, decided: &Decided, lang: Lang) -> Result<Plan, Failure> {
    let answers = &decided.answers;
    let plan = Plan::new(&installation.source, &installation.settings.facts, &installation.means, answers)
        .map_err(|error| Failure(error.what.of(lang)))?;
    if let (Some((path, file)), Some((key, why))) = (&decided.file, plan.refused_answer(answers)) {
        let place = file.locate(&key);
        return Err(Failure(at(path, place.line, place.column, &why, lang)));
    }
    match plan.issues_after.as_slice() {
        [] => Ok(plan),
        issues => {
            const MORE: Text = Text {
                en: "Some of it is mended with --yes: --dry-run shows what.",
                ja: "一部は --yes で直せます。内容は --dry-run で確認できます。",
            };
            let mut said = refusal(installation, issues, lang);
            let is_mend = |planned: &Planned| planned.control.step == Step::Mend && planned.is_open_ask();
            if answers.undecided == Undecided::Safe && plan.rows.iter().any(is_mend) {
                said = format!("{said}\n{}", MORE.of(lang));
            }
            Err(Failure(said))
        }
    }
}

/// Says why OpenClaw refuses a config, each reason with its place in the file.
pub(super) fn refusal(installation: &Installation, issues: &[crate::settings::schema::Issue], lang: Lang) -> String {
    const UNTOUCHED: Text = Text {
        en: "OpenClaw refuses this config, so it was left as it is. Mend these first:",
        ja: "OpenClaw がこの設定を受け付けないため、変更していません。先に次を直してください:",
    };
    if is_foreign(installation.source.value(), issues) {
        return format!("{}: {}", harmless(&installation.places.config.display().to_string()), Group::FOREIGN.of(lang));
    }
    let mut lines = Vec::new();
    for issue in issues {
        let (file, place) = installation.source.locate(&issue.path);
        lines.push(at(&file.path, place.line, place.column, &issue.message, lang));
    }
    lines.insert(0, UNTOUCHED.of(lang).to_owned());
    lines.join("\n")
}
