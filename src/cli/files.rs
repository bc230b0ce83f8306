//! The files of a config on their way to the disk: written together, and looked after where that was interrupted.

use super::{Context, Failure, complain};
use crate::host::{self, Installation, Places, checkup};
use crate::plan::Plan;
use crate::store::{self, Half, StoreError, Written};
use crate::text::Text;
use std::path::PathBuf;

impl Context {
    /// Writes a plan's candidate: every file of it, or none.
    pub(super) fn write(&self, installation: &Installation, plan: &Plan) -> Result<Written, StoreError> {
        let mut written = store::write_all(&installation.parts(&plan.candidate), self.global.keep_backups)?;
        written.warnings.extend(checkup::remember_write(&installation.places.config, &plan.candidate));
        Ok(written)
    }

    /// Finishes or undoes a write of several files that was interrupted, and says so; where nothing may be written it only says so.
    pub(super) fn settle(&self, file: Option<&PathBuf>, may_write: bool) -> Result<(), Failure> {
        const HALF: Text = Text {
            en: "The last write to this config and its includes was interrupted: some files may be new and some old. openclaw-harden apply finishes or undoes it.",
            ja: "この設定とインクルードファイルへの前回の書き込みが中断されています。新旧のファイルが混在している可能性があります。openclaw-harden apply で完了または取り消しができます。",
        };
        const FINISHED: Text = Text {
            en: "The last write to this config and its includes had been interrupted, and was finished now.",
            ja: "この設定とインクルードファイルへの前回の書き込みが中断されていたため、完了しました。",
        };
        const UNDONE: Text = Text {
            en: "The last write to this config and its includes had been interrupted, and was undone now.",
            ja: "この設定とインクルードファイルへの前回の書き込みが中断されていたため、取り消しました。",
        };
        let failed = |error: StoreError| Failure(error.of(self.lang));
        let places = host::places(&self.selection(file), &self.env, &self.cwd);
        // Whoever opens it next says what is wrong with its place.
        let Ok(Places { config, .. }) = places else {
            return Ok(());
        };
        let Some(journal) = store::unfinished(&config).map_err(failed)? else {
            return Ok(());
        };
        let said = if may_write && store::writable(&self.env, self.global.read_only).is_ok() {
            match store::mend(&config, &journal).map_err(failed)? {
                Half::Finished => FINISHED,
                Half::Undone => UNDONE,
            }
        } else {
            HALF
        };
        complain(said.of(self.lang));
        Ok(())
    }
}
