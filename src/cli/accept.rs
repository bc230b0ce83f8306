//! `accept`: a finding that the administrator lives with for a time.

use super::audit::Format;
use super::{Context, Failure, print};
use crate::accepted::{Acceptance, Ledger, last_day};
use crate::checks::{Finding, audit};
use crate::host::{Asked, Installation, record};
use crate::posture::Engine;
use crate::report::{self, explain};
use crate::store;
use crate::text::{Said, Text};
use clap::Args;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

#[derive(Args)]
pub(super) struct AcceptArgs {
    /// The finding to accept, as the audit names it
    #[arg(value_name = "ID", required_unless_present = "list")]
    id: Option<String>,
    /// Only where this key shows it
    #[arg(long, value_name = "KEY")]
    path: Option<String>,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["list", "remove"])]
    reason: Option<String>,
    /// The last day, as in 2027-03-31 (UTC)
    #[arg(long, value_name = "DATE", required_unless_present_any = ["list", "remove"])]
    until: Option<String>,
    /// Lists what is accepted for this config
    #[arg(long, conflicts_with_all = ["id", "path", "reason", "until", "remove"])]
    list: bool,
    /// Takes the acceptance back
    #[arg(long, conflicts_with_all = ["reason", "until"])]
    remove: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Is today's date in UTC.
pub(super) fn today() -> String {
    store::date(SystemTime::now())
}

/// Is what was accepted.
pub(super) fn kept(context: &Context) -> Result<Ledger, Failure> {
    record::kept().map_err(|why| Failure(why.of(context.lang)))
}

pub(super) fn run(args: &AcceptArgs, context: &Context) -> Result<ExitCode, Failure> {
    const NONE: Text = Text {
        en: "{id} is not accepted for this config; accept --list shows what is.",
        ja: "{id} はこの設定で受容されていません。一覧: accept --list",
    };
    let lang = context.lang;
    let fail = |said: Said| Failure(said.of(lang));
    let config = context.places()?.config;
    let today = today();
    if !args.list {
        context.may_keep()?;
    }
    let ledger = match &args.id {
        None => kept(context)?,
        Some(id) => record::change(|ledger: &mut Ledger| {
            if !args.remove {
                let wanted = wanted(args, id, &today, context).map_err(|Failure(why)| Said::from(why))?;
                ledger.accept(&config, wanted);
            } else if ledger.remove(&config, id, args.path.as_deref()) == 0 {
                return Err(NONE.with("id", id));
            }
            Ok(true)
        })
        .map_err(fail)?,
    };
    print(&match args.format {
        Format::Json => report::json::acceptances(&config, ledger.of(&config)),
        Format::Text => report::text::acceptances(ledger.of(&config), &today, context.style()),
    });
    Ok(ExitCode::SUCCESS)
}

/// Accepts findings for a config.
pub(super) fn keep(accepted: &[Acceptance], config: &Path, context: &Context) -> Result<(), Failure> {
    let ledger = record::change(|ledger: &mut Ledger| {
        for one in accepted {
            ledger.accept(config, one.clone());
        }
        Ok(!accepted.is_empty())
    });
    ledger.map(|_| ()).map_err(|why| Failure(why.of(context.lang)))
}

/// What is accepted for a config.
pub(super) struct Taken {
    /// Everything that is, with what was added.
    pub(super) accepted: Vec<Acceptance>,
    /// What was added.
    pub(super) new: Vec<Acceptance>,
}

/// Accepts what an answers file accepts, where such a finding stays and it is not accepted already. Only looks where nothing may be written.
pub(super) fn take(
    wanted: &[Acceptance],
    config: &Path,
    stays: &[Finding],
    look_only: bool,
    context: &Context,
) -> Result<Taken, Failure> {
    let mut new: Vec<Acceptance> = Vec::new();
    let ledger = record::change(|ledger: &mut Ledger| {
        let arises = |one: &Acceptance| stays.iter().any(|finding| one.means(finding));
        let known = ledger.of(config);
        new = wanted.iter().filter(|one| arises(one) && !known.contains(one)).cloned().collect();
        for one in &new {
            ledger.accept(config, one.clone());
        }
        Ok(!new.is_empty() && !look_only)
    });
    let ledger = ledger.map_err(|why| Failure(why.of(context.lang)))?;
    Ok(Taken { accepted: ledger.of(config).to_vec(), new })
}

/// Is the acceptance that the command line asks for, if there is such a finding now.
fn wanted(args: &AcceptArgs, id: &str, today: &str, context: &Context) -> Result<Acceptance, Failure> {
    const NO_REASON: Text =
        Text { en: "Give a reason: --reason TEXT.", ja: "理由を指定してください: --reason TEXT" };
    const NO_FINDING: Text = Text {
        en: "This config has no finding {id} now, so there is nothing to accept.",
        ja: "この設定に検出事項 {id} はないため、受容するものがありません。",
    };
    const NO_PATH: Text = Text {
        en: "The finding {id} is not at {path}. It is at: {paths}",
        ja: "検出事項 {id} は {path} にありません。該当するキー: {paths}",
    };
    let fail = |said: Said| Failure(said.of(context.lang));
    let until = last_day(args.until.as_deref().unwrap_or_default(), today).map_err(fail)?;
    let reason = args.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or_else(|| fail(NO_REASON.into()))?;
    if explain::check(id).is_none() {
        return Err(fail(super::explain::unknown(id)));
    }
    // Which engine answers is nothing to a finding.
    let asked = Asked::Fixed(Engine::None);
    let installation = Installation::look(&context.selection(None), None, &context.env, asked, &context.cwd)
        .map_err(|error| Failure(error.of(context.lang)))?;
    let findings = audit(&installation.settings);
    let of_id: Vec<&Finding> = findings.iter().filter(|finding| finding.id == id).collect();
    if of_id.is_empty() {
        return Err(fail(NO_FINDING.with("id", id)));
    }
    let mut acceptance = Acceptance {
        check_id: id.to_owned(),
        path: args.path.clone(),
        severity: crate::checks::Severity::Info,
        reason: reason.to_owned(),
        until,
    };
    let Some(worst) = of_id.iter().filter(|finding| acceptance.means(finding)).map(|finding| finding.severity).max()
    else {
        let paths: Vec<String> = of_id.iter().flat_map(|finding| &finding.hit.paths).map(ToString::to_string).collect();
        let path = acceptance.path.unwrap_or_default();
        return Err(fail(NO_PATH.with("id", id).with("path", path).with("paths", paths.join(", "))));
    };
    acceptance.severity = worst;
    Ok(acceptance)
}
