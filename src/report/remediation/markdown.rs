//! The same as Markdown, for a ticket or a pull request.

use super::{Mode, Remediation, Told};
use crate::checks::Severity;
use crate::report::Summary;
use crate::report::fleet::{cell, row};
use crate::text::{Lang, Text, harmless};
use crate::walk::Outcome;
use std::fmt::Write;

const TITLE: Text = Text { en: "Findings and what became of them", ja: "検出事項の対応結果" };
const CONFIG: Text = Text { en: "Config: {path}", ja: "設定ファイル: {path}" };
const REPORT: Text = Text { en: "Report: {command}", ja: "レポート: {command}" };
const WRITTEN: Text = Text {
    en: "Written. Backup: {backup}. Undo: {undo}",
    ja: "書き込み済み。バックアップ: {backup}、元に戻す: {undo}",
};
const NOT_WRITTEN: Text =
    Text { en: "The config was not written.", ja: "設定ファイルには書き込んでいません。" };
const FINDING: Text = Text { en: "Finding", ja: "検出事項" };
const BECAME: Text = Text { en: "What became of it", ja: "結果" };
const CHANGES: Text = Text { en: "Config changes", ja: "設定の変更" };
const MODES: Text = Text { en: "File modes", ja: "パーミッション" };
const MANUAL: Text = Text { en: "To do by hand", ja: "手作業が必要な項目" };
const NONE: Text = Text { en: "None.", ja: "ありません。" };
const COMMANDS: Text = Text { en: "The same by hand", ja: "同じ変更を手作業で行うコマンド" };
const AUDITS: Text = Text { en: "Audits before and after", ja: "変更前後の監査結果" };
const OURS: Text = Text { en: "openclaw-harden {when}", ja: "openclaw-harden {when}" };
const REAL: Text = Text { en: "report {when}", ja: "レポート {when}" };
const BEFORE: Text = Text { en: "before", ja: "変更前" };
const AFTER: Text = Text { en: "after", ja: "変更後" };
const COUNT: Text = Text { en: "All", ja: "合計" };
const COUNTS: Text = Text { en: "critical {c}, warn {w}, info {i}", ja: "重大 {c}、警告 {w}、情報 {i}" };
const PLACE: Text = Text { en: "{path}: {before} -> {after}", ja: "{path}: {before} -> {after}" };
const DONE: Text = Text {
    en: "{path}: {before} -> {after} (by writing the config)",
    ja: "{path}: {before} -> {after} (設定の書き込み時に変更)",
};
const ABSENT: Text = Text { en: "unset", ja: "未設定" };

/// Is what became of a finding, for people.
pub fn outcome(outcome: &Outcome) -> crate::text::Said {
    const FIXED: Text = Text { en: "fixed", ja: "解消" };
    const WITH: Text = Text { en: "fixed with {id}", ja: "{id} の対応により解消" };
    const ACCEPTED: Text = Text { en: "accepted until {until}: {reason}", ja: "{until} まで受容: {reason}" };
    const SUPPRESSED: Text = Text { en: "suppressed by the config: {reason}", ja: "設定により抑制: {reason}" };
    const GONE: Text = Text {
        en: "gone: the config no longer shows it", ja: "解消済み: 現在の設定では検出されません"
    };
    const BY_HAND: Text = Text { en: "left: to be done by hand", ja: "未対応: 手作業で対応" };
    const LEFT: Text = Text { en: "left", ja: "未対応" };
    const NOT_OURS: Text = Text {
        en: "not ours: no check here can tell",
        ja: "対象外: このプログラムでは確認できません",
    };
    match outcome {
        Outcome::Fixed(None) => FIXED.into(),
        Outcome::Fixed(Some(with)) => WITH.with("id", with),
        Outcome::Accepted { reason, until } if until.is_empty() => SUPPRESSED.with("reason", reason),
        Outcome::Accepted { reason, until } => ACCEPTED.with("reason", reason).with("until", until),
        Outcome::Gone => GONE.into(),
        Outcome::ByHand => BY_HAND.into(),
        Outcome::Left => LEFT.into(),
        Outcome::NotOurs => NOT_OURS.into(),
    }
}

/// Is the report as Markdown.
pub fn markdown(remediation: &Remediation, lang: Lang) -> String {
    let mut out = format!("# {}\n\n", TITLE.of(lang));
    let mut fact = |said: String| {
        let _ = writeln!(out, "- {}", cell(&said));
    };
    fact(CONFIG.with("path", remediation.config.display()).of(lang));
    fact(REPORT.with("command", remediation.command).of(lang));
    fact(match (&remediation.after.backup, remediation.after.is_written) {
        (_, false) => NOT_WRITTEN.of(lang).to_owned(),
        (backup, true) => {
            let backup = backup.as_ref().map_or("-".to_owned(), |backup| backup.display().to_string());
            WRITTEN.with("backup", backup).with("undo", &remediation.after.undo).of(lang)
        }
    });
    out.push('\n');
    row(&mut out, [FINDING, BECAME].iter().map(|head| head.of(lang).to_owned()));
    row(&mut out, ["---".to_owned(), "---".to_owned()]);
    for told in &remediation.told {
        let finding = format!("{}: {} ({})", told.severity.name(), told.title(lang), told.id);
        row(&mut out, [finding, outcome(&told.outcome).of(lang)]);
    }
    list(
        &mut out,
        CHANGES,
        remediation.changes.iter().flat_map(|change| &change.places).map(|place| {
            let shown = |value: &Option<String>| value.as_deref().map_or(ABSENT.of(lang).to_owned(), str::to_owned);
            let said = PLACE.with("path", &place.path).with("before", shown(&place.before));
            said.with("after", shown(&place.after)).of(lang)
        }),
        lang,
    );
    list(&mut out, MODES, remediation.modes.iter().map(|mode| mode_line(mode, lang)), lang);
    list(&mut out, MANUAL, remediation.manual().map(|told| by_hand(told, lang)), lang);
    if !remediation.commands.is_empty() {
        let _ = write!(out, "\n## {}\n\n```sh\n", COMMANDS.of(lang));
        for command in &remediation.commands {
            let _ = writeln!(out, "{}", harmless(command).replace("```", "` ` `"));
        }
        out.push_str("```\n");
    }
    audits(&mut out, remediation, lang);
    out
}

fn mode_line(mode: &Mode, lang: Lang) -> String {
    let text = if mode.is_changed { DONE } else { PLACE };
    let said = text.with("path", mode.path.display()).with("before", format!("{:04o}", mode.mode));
    said.with("after", format!("{:04o}", mode.wanted)).of(lang)
}

fn by_hand(told: &Told, lang: Lang) -> String {
    let how = told.by_hand(lang);
    format!("{}: {}", told.id, how.lines().collect::<Vec<_>>().join(" "))
}

fn list(out: &mut String, heading: Text, lines: impl Iterator<Item = String>, lang: Lang) {
    let _ = write!(out, "\n## {}\n\n", heading.of(lang));
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        let _ = writeln!(out, "{}", NONE.of(lang));
    }
    for line in lines {
        let _ = writeln!(out, "- {}", cell(&line));
    }
}

/// The audits side by side: ours before and after, the report, and what the real audit said of the result where it was asked.
fn audits(out: &mut String, remediation: &Remediation, lang: Lang) {
    let columns = if remediation.after.real.is_some() { 4 } else { 3 };
    let _ = write!(out, "\n## {}\n\n", AUDITS.of(lang));
    let head = |text: Text, when: Text| text.with("when", when.of(lang)).of(lang);
    let heads = [head(OURS, BEFORE), head(OURS, AFTER), head(REAL, BEFORE), head(REAL, AFTER)];
    row(out, [FINDING.of(lang).to_owned()].into_iter().chain(heads.into_iter().take(columns)));
    row(out, std::iter::repeat_n("---".to_owned(), columns + 1));
    let counts = |of: Summary| COUNTS.with("c", of.critical).with("w", of.warn).with("i", of.info).of(lang);
    let (ours, real) = (remediation.ours, remediation.real);
    let all = [counts(ours.0), counts(ours.1), counts(real.0), real.1.map(counts).unwrap_or_default()];
    row(out, [COUNT.of(lang).to_owned()].into_iter().chain(all.into_iter().take(columns)));
    for line in &remediation.audits {
        let shown = line.severities.map(|severity| severity.map_or("-", Severity::name).to_owned());
        row(out, [line.id.clone()].into_iter().chain(shown.into_iter().take(columns)));
    }
}
