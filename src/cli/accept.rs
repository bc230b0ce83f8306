//! `accept`: a finding that the administrator lives with for a time.

use super::audit::Format;
use super::{Context, Failure, print};
use crate::accepted::{Acceptance, Ledger, last_day};
use crate::checks::{Finding, audit};
use crate::host::{self, Asked, Installation};
use crate::posture::Engine;
use crate::report::{self, explain};
use crate::settings::Settings;
use crate::store::{self, Read};
use crate::text::{Said, Text};
use clap::Args;
use std::path::{Path, PathBuf};
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

/// What was accepted, with the file that holds it.
pub(super) struct Kept {
    /// What was accepted.
    pub(super) ledger: Ledger,
    /// The file, none where there is no home folder.
    path: Option<PathBuf>,
    /// The file as it was read, none where it is absent.
    read: Option<Read>,
}

/// Reads what was accepted; an absent file holds nothing.
pub(super) fn kept(context: &Context) -> Result<Kept, Failure> {
    const NO_LEDGER: Text = Text {
        en: "{path} cannot be understood ({why}): mend it, or delete it and accept the findings anew.",
        ja: "{path} を読み取れません ({why})。修正するか、削除して受容し直してください。",
    };
    let Some(path) = host::own_state_dir().map(|folder| folder.join("accepted.json")) else {
        return Ok(Kept { ledger: Ledger::default(), path: None, read: None });
    };
    let read = store::read(&path).map_err(|error| Failure(error.of(context.lang)))?;
    let ledger = match &read {
        None => Ledger::default(),
        Some(read) => Ledger::parse(&read.bytes)
            .map_err(|why| Failure(NO_LEDGER.with("path", path.display()).with("why", why).of(context.lang)))?,
    };
    Ok(Kept { ledger, path: Some(path), read })
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
    let mut tries = 3;
    loop {
        let mut kept = kept(context)?;
        let ledger = &mut kept.ledger;
        if let Some(id) = &args.id {
            if args.remove {
                if ledger.remove(&config, id, args.path.as_deref()) == 0 {
                    return Err(fail(NONE.with("id", id)));
                }
            } else {
                ledger.accept(&config, wanted(args, id, &today, context)?);
            }
            match write(&kept, context)? {
                Written::Yes => {}
                Written::Changed if tries > 0 => {
                    tries -= 1;
                    continue;
                }
                Written::Changed => return Err(fail(BUSY.into())),
            }
        }
        print(&match args.format {
            Format::Json => report::json::acceptances(&config, kept.ledger.of(&config)),
            Format::Text => report::text::acceptances(kept.ledger.of(&config), &today, context.style()),
        });
        return Ok(ExitCode::SUCCESS);
    }
}

const BUSY: Text = Text {
    en: "What is accepted keeps changing on disk: try again.",
    ja: "受容済みリスクのファイルが更新され続けています。もう一度実行してください。",
};

enum Written {
    Yes,
    Changed,
}

fn write(kept: &Kept, context: &Context) -> Result<Written, Failure> {
    const NO_HOME: Text = Text {
        en: "There is no home folder to keep it in: set HOME.",
        ja: "保存先のホームフォルダーがありません。HOME を設定してください。",
    };
    let path = kept.path.as_ref().ok_or_else(|| Failure(NO_HOME.of(context.lang).to_owned()))?;
    match store::write(path, kept.read.as_ref(), &kept.ledger.bytes(), 1) {
        Ok(_) => Ok(Written::Yes),
        Err(error) if error.kind() == store::Kind::Changed => Ok(Written::Changed),
        Err(error) => Err(Failure(error.of(context.lang))),
    }
}

/// Accepts findings for a config.
pub(super) fn keep(accepted: &[Acceptance], config: &Path, context: &Context) -> Result<(), Failure> {
    let mut tries = 3;
    loop {
        let mut kept = kept(context)?;
        for one in accepted {
            kept.ledger.accept(config, one.clone());
        }
        match write(&kept, context)? {
            Written::Yes => return Ok(()),
            Written::Changed if tries > 0 => tries -= 1,
            Written::Changed => return Err(Failure(BUSY.of(context.lang).to_owned())),
        }
    }
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
    let mut tries = 3;
    loop {
        let mut kept = kept(context)?;
        let arises = |one: &Acceptance| stays.iter().any(|finding| one.means(finding));
        let known = kept.ledger.of(config);
        let new: Vec<Acceptance> = wanted.iter().filter(|one| arises(one) && !known.contains(one)).cloned().collect();
        for one in &new {
            kept.ledger.accept(config, one.clone());
        }
        if !new.is_empty() && !look_only {
            match write(&kept, context)? {
                Written::Yes => {}
                Written::Changed if tries > 0 => {
                    tries -= 1;
                    continue;
                }
                Written::Changed => return Err(Failure(BUSY.of(context.lang).to_owned())),
            }
        }
        return Ok(Taken { accepted: kept.ledger.of(config).to_vec(), new });
    }
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
    let findings = audit(&Settings::load(installation.source.value().clone(), installation.facts));
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
