//! `explain`: a check in full, or the list of them.

use super::audit::Format;
use super::{Context, Failure, print};
use crate::report::explain;
use crate::text::{Said, Text};
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct ExplainArgs {
    /// The check, as the audit names it; a list of all where none is given
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &ExplainArgs, context: &Context) -> Result<ExitCode, Failure> {
    let shown = match &args.id {
        None => match args.format {
            Format::Json => explain::json_list(),
            Format::Text => explain::list(context.style()),
        },
        Some(id) => {
            let check = explain::check(id).ok_or_else(|| Failure(unknown(id).of(context.lang)))?;
            match args.format {
                Format::Json => explain::json(check),
                Format::Text => explain::text(check, context.style()),
            }
        }
    };
    print(&shown);
    Ok(ExitCode::SUCCESS)
}

/// Says that there is no such check, and which ones are alike.
pub(super) fn unknown(id: &str) -> Said {
    const UNKNOWN: Text = Text {
        en: "There is no check {id}; openclaw-harden explain lists them all.",
        ja: "チェック項目 {id} はありません。一覧: openclaw-harden explain",
    };
    const ALIKE: Text = Text {
        en: "There is no check {id}. Closest: {alike}",
        ja: "チェック項目 {id} はありません。近いもの: {alike}",
    };
    match explain::alike(id).as_slice() {
        [] => UNKNOWN.with("id", id),
        alike => ALIKE.with("id", id).with("alike", alike.join(", ")),
    }
}
