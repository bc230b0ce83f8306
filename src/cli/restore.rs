//! `restore`: the way back.

use super::audit::Format;
use super::{Context, Failure, modes, print};
use crate::host::checkup;
use crate::report::{self, Restored};
use crate::store;
use crate::text::Text;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct RestoreArgs {
    /// The backup; the newest where none is given
    #[arg(value_name = "BACKUP")]
    backup: Option<PathBuf>,
    /// Lists the backups and changes nothing
    #[arg(long)]
    list: bool,
    /// Gives the files that a write closed to other users the modes back that they had; a task of its own
    #[arg(long, conflicts_with_all = ["backup", "list"])]
    modes: bool,
    /// Shows what it would open again and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// Restores without asking, also where that opens something again
    #[arg(long)]
    yes: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl RestoreArgs {
    /// Restores one backup, after showing what it would open again.
    pub(super) fn of(backup: PathBuf) -> Self {
        RestoreArgs {
            backup: Some(backup),
            list: false,
            modes: false,
            dry_run: false,
            yes: false,
            format: Format::Text,
        }
    }
}

pub(super) fn run(args: &RestoreArgs, context: &Context) -> Result<ExitCode, Failure> {
    const NONE: Text =
        Text { en: "There is no backup of this config.", ja: "この設定のバックアップはありません。" };
    const ABSENT: Text = Text {
        en: "There is no backup {path}; restore --list shows those that there are.",
        ja: "バックアップ {path} はありません。restore --list で一覧を表示できます。",
    };
    const QUESTION: Text = Text {
        en: "Restore it? A backup of the present config is made first.",
        ja: "復元しますか? 先に現在の設定のバックアップを作成します。",
    };
    const UNSAID: Text = Text {
        en: "Nothing was changed: say --yes to restore.",
        ja: "何も変更していません。復元するには --yes を指定してください。",
    };
    let lang = context.lang;
    if args.modes {
        return modes::restore(args.dry_run, args.yes, args.format, context);
    }
    let config = context.places()?.config;
    context.settle(None, !args.list && !args.dry_run)?;
    let backups = store::backups(&config).map_err(|error| Failure(error.of(lang)))?;
    if args.list {
        print(&match args.format {
            Format::Json => report::json::backups(&backups),
            Format::Text => report::text::backups(&backups, context.style()),
        });
        return Ok(ExitCode::SUCCESS);
    }
    let backup = match (&args.backup, backups.first()) {
        (Some(asked), _) => backups
            .iter()
            .find(|known| {
                known.path == *asked || known.path.file_name() == asked.file_name() && asked.components().count() == 1
            })
            .map_or_else(|| asked.clone(), |known| known.path.clone()),
        (None, Some(newest)) => newest.path.clone(),
        (None, None) => return Err(Failure(NONE.of(lang).to_owned())),
    };
    let failed = |error: store::StoreError| Failure(error.of(lang));
    let current = store::read(&config).map_err(failed)?;
    let absent = || Failure(ABSENT.with("path", backup.display()).of(lang));
    let wanted = store::read(&backup).map_err(failed)?.ok_or_else(absent)?;
    let mut saved = vec![(config.clone(), wanted.bytes)];
    for (path, bytes) in store::written_with(&backup).map_err(failed)? {
        saved.push((path.canonicalize().unwrap_or(path), bytes));
    }
    let mut restored = Restored::compare(context.open(None).ok().as_ref(), &config, &backup, &saved);
    if !args.dry_run {
        store::writable(&context.env, context.global.read_only).map_err(failed)?;
        if !args.yes {
            print(&report::text::restored(&restored, context.style()));
            if !context.confirm(QUESTION) {
                return Err(Failure(UNSAID.of(lang).to_owned()));
            }
        }
        restored.undo = context.undo(None, &config);
        let mut written = store::restore(&config, current.as_ref(), &backup).map_err(failed)?;
        if let Ok(installation) = context.open(None) {
            written.warnings.extend(checkup::remember_write(&config, &installation.source));
        }
        restored.written = Some(written);
    }
    print(&match args.format {
        Format::Json => report::json::restored(&restored),
        Format::Text => report::text::restored(&restored, context.style()),
    });
    Ok(ExitCode::SUCCESS)
}
