//! What there is to say of one finding and of one way to deal with it: where it stands, what changes, what stops, and why.

use super::Way;
use crate::checks::Mend;
use crate::plan::DiffKind;
use crate::text::wrap::{clip, pad, wrap};
use crate::text::{Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::walk::{Item, View};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const IN_FILE: Text = Text { en: "In file", ja: "設定箇所" };
const LINE: Text = Text { en: "line {line}: {text}   ({keys})", ja: "{line}行目: {text}   ({keys})" };
const LINE_OF: Text =
    Text { en: "{file} line {line}: {text}   ({keys})", ja: "{file} {line}行目: {text}   ({keys})" };
const NOT_SET: Text = Text { en: "{path} is not set: its default counts", ja: "{path} は未設定 (既定値)" };
const CHANGE: Text = Text { en: "Change", ja: "変更" };
const NO_CHANGE: Text = Text { en: "nothing in the config changes", ja: "設定は変わりません" };
const DOES: Text = Text { en: "Then", ja: "結果" };
const CLOSES: Text = Text { en: "Closes too", ja: "同時に解消" };
const BRINGS: Text = Text { en: "Brings", ja: "新たに検出" };
const STOPS: Text = Text { en: "Stops", ja: "影響" };
const TO_KEEP: Text = Text { en: "To keep it: {how}", ja: "残すには: {how}" };
const WHY: Text = Text { en: "Why", ja: "理由" };
const REPORT: Text = Text { en: "Report", ja: "レポート" };
const HAND: Text = Text { en: "By hand", ja: "手作業" };
/// The width of the names before the explanations.
const NAME: usize = 12;

/// Is what there is to say of an item, and of one way to deal with it.
pub(super) fn pane(item: &Item, view: &View, way: Option<Way>, session: &Session) -> Pane<usize> {
    let (theme, lang) = (session.look.theme, session.lang());
    let columns = usize::from(session.body.width).saturating_sub(2).min(120);
    let mut pane = Pane::default();
    let mut named = |name: Text, texts: &[(String, Style)]| {
        let mut name = session.say(name);
        for (text, style) in texts {
            for line in text.lines().flat_map(|text| wrap(text, columns.saturating_sub(NAME))) {
                pane.push(Line::from(vec![Span::styled(pad(name, NAME), theme.quiet), Span::styled(line, *style)]));
                name = "";
            }
        }
    };
    let plain = |text: String| (text, theme.plain);
    let several = session.found.source.has_includes();
    let mut lines: Vec<(String, Style)> = view
        .lines
        .iter()
        .map(|(line, keys)| {
            let text = if several { LINE_OF } else { LINE };
            let said = text.with("file", session.shown(&line.file)).with("line", line.line);
            let keys: Vec<String> = keys.iter().take(4).map(ToString::to_string).collect();
            plain(said.with("text", clip(&line.text, 2 * columns)).with("keys", keys.join(", ")).of(lang))
        })
        .collect();
    lines.extend(view.unset.iter().take(4).map(|path| plain(NOT_SET.with("path", path).of(lang))));
    if lines.is_empty() {
        let actual = view.findings.iter().filter_map(|finding| finding.hit.actual.as_ref()).take(4);
        lines.extend(actual.map(|actual| plain(harmless(actual))));
    }
    named(IN_FILE, &lines);
    if let Some(Way::Fix(n)) = way {
        let fix = &view.fixes[n];
        let changed = fix.diff.iter().filter(|line| matches!(line.kind, DiffKind::Removed | DiffKind::Added));
        let mut changed: Vec<(String, Style)> = changed
            .map(|line| match line.kind {
                DiffKind::Removed => (format!("- {}", line.text.trim_start()), theme.removed),
                _ => (format!("+ {}", line.text.trim_start()), theme.added),
            })
            .collect();
        if changed.is_empty() {
            changed.push((session.say(NO_CHANGE).to_owned(), theme.quiet));
        }
        named(CHANGE, &changed);
        named(DOES, &fix.effects.iter().map(|effect| plain(effect.of(lang))).collect::<Vec<_>>());
        let ids = |ids: &[String]| ids.iter().map(|id| plain(harmless(id))).collect::<Vec<_>>();
        named(CLOSES, &ids(&fix.closes));
        named(BRINGS, &ids(&fix.brings));
        let stops = fix.remedy.stops.iter().flat_map(|stop| {
            let keep = TO_KEEP.with("how", stop.keep.of(lang)).of(lang);
            [plain(stop.what.of(lang)), (keep, theme.quiet)]
        });
        named(STOPS, &stops.collect::<Vec<_>>());
    }
    if way == Some(Way::ByHand) {
        named(HAND, &[plain(by_hand(item, session))]);
    }
    if let Some(check) = item.check {
        named(WHY, &[plain(session.say(check.why).to_owned())]);
    }
    let words = item.reported.iter().flat_map(|one| {
        let key = one.key.as_ref().map(|key| format!("{key}: {}", one.detail)).unwrap_or_else(|| one.detail.clone());
        [key, one.remediation.clone()]
    });
    named(REPORT, &words.filter(|text| !text.is_empty()).map(plain).collect::<Vec<_>>());
    if way != Some(Way::ByHand) {
        named(HAND, &[plain(by_hand(item, session))]);
    }
    pane
}

/// Is how it is done by hand; in the report's own words where no check of ours says it.
fn by_hand(item: &Item, session: &Session) -> String {
    match item.check.map(|check| check.mend) {
        Some(Mend::ByPlan(text) | Mend::Manual(text)) => session.say(text).to_owned(),
        None => {
            item.reported.iter().map(|one| one.remediation.clone()).find(|text| !text.is_empty()).unwrap_or_default()
        }
    }
}
