//! What the row under the cursor is about: its choices, what the chosen one does, why, and where.

use super::rows::{MARK, is_manual};
use crate::checks::Finding;
use crate::plan::{Pick, Planned};
use crate::posture::{Choice, Step};
use crate::text::Text;
use crate::text::wrap::{clip, clip_middle, pad, width, wrap};
use crate::tui::screens::{also, shown_key};
use crate::tui::session::{Session, spoken_of, typed};
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

const IF_CHOSEN: Text = Text { en: "{value}: {effect}", ja: "{value}: {effect}" };
const TYPED_VALUE: Text = Text { en: "typed: {value}", ja: "入力: {value}" };
const KEY: Text = Text { en: "Key", ja: "キー" };
const WHY: Text = Text { en: "Why", ja: "理由" };
const FINDING: Text = Text { en: "Finding", ja: "検出事項" };
const CLOSED: Text = Text { en: "{severity} {id} (closed)", ja: "{severity} {id} (解消)" };
const STAYS: Text = Text { en: "{severity} {id} (open)", ja: "{severity} {id} (未解消)" };
const FIELD: Text = Text { en: "e: type a value of your own", ja: "e: 値を入力" };
const FOUND: Text = Text { en: "Found", ja: "現在の値" };
const PROPOSED: Text = Text {
    en: "Proposed, not taken yet: Space takes it.",
    ja: "提案です。まだ適用していません (Space で適用)。",
};
const NO_CHOICE: Text = Text { en: "Nothing to change here.", ja: "ここで変更することはありません。" };

/// The most columns that a found value takes.
const LONGEST: usize = 200;

/// Is the explanation of a row: its choices, what is chosen does, why, and where. With air between, where there is room.
pub(super) fn detail(row: &Planned, session: &Session, area: Rect, has_focus: bool) -> Pane<usize> {
    let columns = usize::from(area.width).saturating_sub(2).min(96);
    let sections =
        [choices(row, session, columns, has_focus), consequence(row, session, columns), reasons(row, session, columns)];
    let mut pane = Pane::default();
    let lines: usize = sections.iter().map(Pane::len).sum();
    let airy = lines + sections.len() <= usize::from(area.height);
    for (n, section) in sections.into_iter().enumerate() {
        if airy && n > 0 && !section.is_empty() {
            pane.push("");
        }
        pane.append(section);
    }
    pane
}

fn choices(row: &Planned, session: &Session, columns: usize, has_focus: bool) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    let style = if has_focus { theme.cursor } else { theme.heading };
    pane.push(Line::from(Span::styled(clip(&session.title(row), columns), style)));
    if is_manual(row) {
        return pane;
    }
    if row.row.choices.len() > 1 {
        push_choices(&mut pane, row, session, columns);
    } else if let Some(awaited) = row.row.awaits {
        pane.say(session.say(awaited), columns, 0, theme.plain);
    } else if row.row.field.is_none() {
        pane.push(Line::from(session.say(NO_CHOICE)));
    }
    if row.is_open_ask() {
        pane.say(session.say(PROPOSED), columns, 0, theme.ask);
    }
    pane
}

fn consequence(row: &Planned, session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if let (None, Some(Pick::Text(text))) = (row.taken, session.answers.picks.get(&row.key())) {
        let typed = TYPED_VALUE.with("value", typed(text)).of(session.lang());
        pane.say(&typed, columns, 0, theme.new_value);
    }
    if let Some(why) = row.refused {
        pane.say(session.say(why), columns, 0, theme.critical);
    }
    if is_manual(row) {
        for choice in &row.row.choices[1..] {
            pane.say(&choice.effect.of(session.lang()), columns, 0, theme.plain);
        }
    } else if let Some(choice) = spoken_of(row).filter(|n| *n > 0).map(|n| &row.row.choices[n]) {
        pane.say(&effect(choice, session), columns, 0, theme.plain);
        for line in also(&session.plan, row, &choice.edits, session) {
            pane.say(&line, columns, 0, theme.plain);
        }
    }
    pane
}

fn reasons(row: &Planned, session: &Session, columns: usize) -> Pane<usize> {
    let mut pane = Pane::default();
    let is_finding = row.control.step == Step::Remaining;
    let findings = if is_finding {
        let found = row.row.current.of(session.lang());
        push_named(&mut pane, WHY, &row.row.choices[0].effect.of(session.lang()), session, columns);
        if row.row.part != Some(found.as_str()) {
            push_named(&mut pane, FOUND, &clip_middle(&found, LONGEST), session, columns);
        }
        let named = |finding: &&Finding| row.row.part == Some(finding.id.as_str());
        session.plan.before.iter().find(named).map(|finding| (finding, false)).into_iter().collect()
    } else {
        push_named(&mut pane, WHY, session.say(row.control.why), session, columns);
        session.findings_of(row)
    };
    let findings: Vec<String> = findings
        .into_iter()
        .map(|(finding, closed)| {
            let severity = session.say(words::severity(finding.severity));
            let said = if closed { CLOSED } else { STAYS }.with("severity", severity).with("id", &finding.id);
            said.of(session.lang())
        })
        .collect();
    if !findings.is_empty() {
        push_named(&mut pane, FINDING, &findings.join("\n"), session, columns);
    }
    if !row.row.path.segs().is_empty() {
        push_named(&mut pane, KEY, &shown_key(&row.row.path), session, columns);
    }
    if row.row.field.is_some() {
        pane.say(session.say(FIELD), columns, 0, session.look.theme.key);
    }
    pane
}

/// Is what a choice does, with its value in front.
fn effect(choice: &Choice, session: &Session) -> String {
    let lang = session.lang();
    IF_CHOSEN.with("value", clip(&choice.shown(lang), 40)).with("effect", choice.effect.of(lang)).of(lang)
}

fn push_choices(pane: &mut Pane<usize>, row: &Planned, session: &Session, columns: usize) {
    let theme = session.look.theme;
    let name = |n: usize| match n {
        0 => session.say(words::KEEP).to_owned(),
        _ => row.row.choices[n].shown(session.lang()),
    };
    let widest = (0..row.row.choices.len()).map(|n| width(&name(n))).max().unwrap_or(0);
    let names = widest.min(columns.saturating_sub(6 + MARK)).max(8);
    let word = session.say(words::RECOMMENDED);
    let fits = 6 + names + MARK + width(word) <= columns;
    for (n, choice) in row.row.choices.iter().enumerate() {
        let taken = row.taken == Some(n);
        let weight = if n == 0 { "" } else { session.say(words::weight(choice.weight)) };
        let recommended = n == row.row.recommended;
        let style = if taken { theme.new_value } else { theme.plain };
        let line = Line::from(vec![
            Span::styled(if taken { "(*) " } else { "( ) " }, style),
            Span::styled(pad(&name(n), names), style),
            Span::styled(format!("  {}", pad(weight, MARK)), theme.weight(choice.weight)),
            Span::styled(if recommended && fits { word } else { "" }, theme.heading),
        ]);
        pane.push_for(line, n);
        if recommended && !fits {
            pane.push_for(Line::from(Span::styled(format!("    {word}"), theme.heading)), n);
        }
    }
}

fn push_named(pane: &mut Pane<usize>, name: Text, text: &str, session: &Session, columns: usize) {
    const NAME: usize = 10;
    for (n, line) in wrap(text, columns.saturating_sub(NAME)).into_iter().enumerate() {
        let name = if n == 0 { session.say(name) } else { "" };
        pane.push(Line::from(vec![Span::styled(pad(name, NAME), session.look.theme.quiet), Span::raw(line)]));
    }
}
