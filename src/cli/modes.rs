//! File modes: closed after a write, recorded, and opened again only by `restore --modes`.

use super::audit::Format;
use super::{Context, Failure, print};
use crate::host;
use crate::plan::Closing;
use crate::report::text::Style;
use crate::store::{self, Private};
use crate::text::{Said, Text, harmless};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

/// What one write closed.
#[derive(Serialize, Deserialize)]
struct Record {
    config: PathBuf,
    time: String,
    files: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    path: PathBuf,
    before: u32,
    after: u32,
}

const FOLDER: &str = "modes";
/// How many records are kept of all configs.
const KEEP: usize = 50;

fn records() -> Result<Private, Said> {
    const NO_HOME: Text = Text {
        en: "There is no home folder in which a record of file modes could be kept: set HOME.",
        ja: "パーミッションの記録を置くホームフォルダーがありません。HOME を設定してください。",
    };
    let own = host::private_state_dir().ok_or(NO_HOME)?;
    let own = Private::open(&own).map_err(|error| error.said())?;
    own.below(FOLDER).map_err(|error| error.said())
}

/// Closes files after a write, and keeps a record of what was changed; what could not be done is told.
pub(super) fn close(config: &Path, closings: &[Closing]) -> Vec<Said> {
    const UNKEPT: Text = Text {
        en: "No record of the file modes could be kept, so they stay as they are: {why}",
        ja: "パーミッションの記録を保存できないため、変更していません: {why}",
    };
    if closings.is_empty() {
        return Vec::new();
    }
    let kept = |closing: &Closing| Kept { path: closing.path.clone(), before: closing.before, after: closing.after };
    let record = Record {
        config: config.to_owned(),
        time: store::utc(SystemTime::now()),
        files: closings.iter().map(kept).collect(),
    };
    // The record stands first: what an interruption leaves closed can be opened again.
    if let Err(why) = records().and_then(|folder| keep(&folder, &record)) {
        return vec![Said::from(UNKEPT).with_said("why", why)];
    }
    // The folders come last: a closed one may be the way to the rest.
    let others = closings.iter().rev().filter(|one| !one.is_config);
    let tried = others.map(|one| store::close_mode(&one.path, one.before, one.after));
    tried.filter_map(Result::err).map(|error| error.said()).collect()
}

fn keep(folder: &Private, record: &Record) -> Result<(), Said> {
    let bytes = serde_json::to_vec(record).map_err(|why| Said::from(why.to_string()))?;
    let said = |error: store::StoreError| error.said();
    let names = folder.names().map_err(said)?;
    let next = names.last().and_then(|name| name.strip_suffix(".json")?.parse::<u64>().ok()).map_or(1, |last| last + 1);
    for old in names.iter().rev().skip(KEEP - 1) {
        folder.remove(old).map_err(said)?;
    }
    folder.create(&format!("{next:010}.json"), &bytes).map(drop).map_err(said)
}

/// Opens what the last write closed again: listed first, and confirmed for itself.
pub(super) fn restore(dry_run: bool, yes: bool, format: Format, context: &Context) -> Result<ExitCode, Failure> {
    const NONE: Text = Text {
        en: "No write of openclaw-harden changed file modes of this installation.",
        ja: "openclaw-harden がこのインストールのパーミッションを変更した記録はありません。",
    };
    const QUESTION: Text = Text {
        en: "Open them again? Other users of this machine can read them then.",
        ja: "元のパーミッションに戻しますか? このホストのほかのユーザーが読み取れるようになります。",
    };
    const UNSAID: Text = Text {
        en: "Nothing was changed: say --yes to open them again.",
        ja: "何も変更していません。元に戻すには --yes を指定してください。",
    };
    let lang = context.lang;
    let failed = |said: Said| Failure(said.of(lang));
    let config = context.places()?.config;
    let folder = records().map_err(failed)?;
    let mut found = None;
    for name in folder.names().map_err(|error| failed(error.said()))?.into_iter().rev() {
        let bytes = folder.read(&name).map_err(|error| failed(error.said()))?.unwrap_or_default();
        let record = serde_json::from_slice::<Record>(&bytes).ok();
        if let Some(record) = record.filter(|record| record.config == config) {
            found = Some((name, record));
            break;
        }
    }
    let Some((name, record)) = found else {
        return Err(Failure(NONE.of(lang).to_owned()));
    };
    if dry_run {
        print(&shown(&record, &[], false, format, context.style()));
        return Ok(ExitCode::SUCCESS);
    }
    context.may_keep()?;
    if !yes {
        print(&shown(&record, &[], false, Format::Text, context.style()));
        if !context.confirm(QUESTION) {
            return Err(Failure(UNSAID.of(lang).to_owned()));
        }
    }
    let tried = record.files.iter().map(|kept| store::reopen_mode(&kept.path, kept.after, kept.before));
    let why: Vec<Option<Said>> = tried.map(|tried| tried.err().map(|error| error.said())).collect();
    folder.remove(&name).map_err(|error| failed(error.said()))?;
    print(&shown(&record, &why, true, format, context.style()));
    Ok(ExitCode::from(u8::from(why.iter().any(Option::is_some))))
}

fn shown(record: &Record, why: &[Option<Said>], done: bool, format: Format, style: Style) -> String {
    const WOULD: Text = Text {
        en: "Modes that the write of {time} closed:",
        ja: "{time} の書き込みで変更したパーミッション:",
    };
    const DID: Text = Text { en: "Opened again:", ja: "元に戻したパーミッション:" };
    let why_of = |n: usize| why.get(n).and_then(Option::as_ref).map(|why| why.of(style.lang));
    if let Format::Json = format {
        let file = |(n, kept): (usize, &Kept)| {
            let (before, after) = (format!("{:04o}", kept.after), format!("{:04o}", kept.before));
            json!({ "path": kept.path.to_string_lossy(), "before": before, "after": after, "why": why_of(n) })
        };
        let files: Vec<_> = record.files.iter().enumerate().map(file).collect();
        return format!("{:#}\n", json!({ "changed": done, "time": record.time, "modes": files }));
    }
    let head = if done { DID.of(style.lang).to_owned() } else { WOULD.with("time", &record.time).of(style.lang) };
    let mut out = format!("{head}\n");
    for (n, kept) in record.files.iter().enumerate() {
        let path = harmless(&kept.path.display().to_string());
        match why_of(n) {
            Some(why) => out.push_str(&format!("  {why}\n")),
            None => out.push_str(&format!("  {:04o} -> {:04o}  {path}\n", kept.after, kept.before)),
        }
    }
    out
}
