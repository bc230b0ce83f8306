//! The changes as lines: those that are made, were left, or wait for a decision; and what the one under the cursor is about.

use crate::document::Path;
use crate::plan::{Pick, Planned};
use crate::posture::Weight;
use crate::text::wrap::{clip, clip_middle, pad, width, wrap};
use crate::text::{Said, Text, harmless};
use crate::tui::screens::{ARROW, also, fitted, place_line, shown_key};
use crate::tui::session::{Session, typed};
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::collections::BTreeMap;

const MODE: Text = Text { en: "File mode", ja: "パーミッション" };
pub(super) const MODE_EFFECT: Text = Text {
    en: "Nobody but the owner of the file can open it any more. This goes with writing and cannot be switched off.",
    ja: "ファイルの所有者だけが開けるようになります。書き込みと同時に変わり、個別には外せません。",
};
const SAFE_GROUP: Text =
    Text { en: "Safe: a working setup keeps working", ja: "安全: 今の使い方はそのままです" };
const ASK_GROUP: Text = Text {
    en: "Needs your OK: may cut someone or something off",
    ja: "要確認: 使えなくなるものがあるかもしれません",
};
const LEFT_GROUP: Text = Text {
    en: "Left as they are: Space takes one after all",
    ja: "見送り: そのまま残します (Space で適用)",
};
const OPEN: Text = Text { en: "undecided", ja: "未決定" };
const OUT: Text = Text { en: "left", ja: "見送り" };
const CLOSES: Text = Text { en: "Closes", ja: "解消" };
const EFFECT: Text = Text { en: "Effect", ja: "影響" };
const KEY: Text = Text { en: "Key", ja: "キー" };
const PLACE: Text = Text { en: "{path}: {before} -> {after}", ja: "{path}: {before} -> {after}" };
const AS_TYPED: Text = Text { en: "As you typed it.", ja: "入力したとおりにします。" };

const MARK: usize = 9;

/// What was switched off on Review, with the pick that it had.
pub(super) type LeftOut = BTreeMap<String, Option<Pick>>;

/// A line of the list: a change that is made, was switched off here, or waits for a decision.
pub(super) struct Entry {
    pub(super) key: String,
    title: String,
    before: String,
    after: String,
    pub(super) group: Group,
    effect: Said,
    /// What else it changes, a line each.
    also: Vec<String>,
    path: Path,
    pub(super) state: State,
}

/// Under which heading a line stands, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Safe,
    Ask,
    Left,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Made,
    Out,
    Open,
}

/// Is the changes that are made, were left, or wait for a decision: the Safe ones first.
pub(super) fn entries(left_out: &LeftOut, session: &Session) -> Vec<Entry> {
    let mode = session.plan.closes_mode().map(|mode| mode_entry(mode, session));
    // On a walk only what was decided is there to be reviewed.
    let is_asked = |row: &&Planned| session.walk.is_none() || row.decided;
    let rows = session.plan.rows.iter().filter(is_asked).filter_map(|row| entry(row, left_out, session));
    let mut entries: Vec<Entry> = rows.chain(mode).collect();
    entries.sort_by_key(|entry| entry.group);
    entries
}

fn entry(row: &Planned, left_out: &LeftOut, session: &Session) -> Option<Entry> {
    let key = row.key();
    let picked = session.answers.picks.get(&key);
    let (state, pick) = if !row.edits.is_empty() {
        (State::Made, picked)
    } else if row.is_open_ask() {
        (State::Open, None)
    } else if row.taken == Some(0) && left_out.contains_key(&key) {
        (State::Out, left_out.get(&key).and_then(Option::as_ref))
    } else if is_left(row) {
        (State::Out, None)
    } else {
        return None;
    };
    let typed = match pick {
        Some(Pick::Text(text)) => Some(typed(text)),
        _ => None,
    };
    let choice = match pick {
        Some(Pick::Choice(value)) => row.row.choices.iter().find(|choice| choice.value == *value),
        _ => None,
    };
    let choice = choice.unwrap_or(&row.row.choices[row.row.recommended]);
    Some(Entry {
        title: session.title(row),
        before: row.row.current.of(session.lang()),
        group: match state {
            State::Out if !left_out.contains_key(&key) => Group::Left,
            _ if typed.is_some() || choice.weight == Weight::Ask => Group::Ask,
            _ => Group::Safe,
        },
        effect: if typed.is_some() { AS_TYPED.into() } else { choice.effect.clone() },
        also: match (state, &typed) {
            (State::Made, _) => also(&session.plan, row, &row.edits, session),
            (_, None) => also(&session.plan, row, &choice.edits, session),
            (_, Some(_)) => Vec::new(),
        },
        after: typed.unwrap_or_else(|| choice.shown(session.lang())),
        path: row.row.path.clone(),
        state,
        key,
    })
}

/// Is the changes under their headings, the one under the cursor marked.
pub(super) fn list(entries: &[Entry], cursor: usize, session: &Session, columns: u16) -> Pane<usize> {
    let theme = session.look.theme;
    let columns = usize::from(columns).saturating_sub(2);
    let cursor = cursor.min(entries.len().saturating_sub(1));
    let most = |of: &dyn Fn(&Entry) -> usize| entries.iter().map(of).max().unwrap_or(0);
    let mark_width = if entries.iter().all(|entry| entry.state == State::Made) { 0 } else { MARK };
    let room = columns.saturating_sub(6 + 1 + 1 + mark_width);
    let wanted = most(&|entry| width(&entry.before) + ARROW.len() + width(&entry.after));
    let title = most(&|entry| width(&entry.title)).min((room * 2 / 5).max(room.saturating_sub(wanted)));
    let values = room.saturating_sub(title);
    let mut pane = Pane::default();
    let mut group = None;
    for (n, entry) in entries.iter().enumerate() {
        if group != Some(entry.group) {
            group = Some(entry.group);
            let (heading, style) = match entry.group {
                Group::Safe => (SAFE_GROUP, theme.weight(Weight::Safe)),
                Group::Ask => (ASK_GROUP, theme.weight(Weight::Ask)),
                Group::Left => (LEFT_GROUP, theme.heading),
            };
            pane.push(Line::from(Span::styled(clip(session.say(heading), columns), style)));
        }
        let under = n == cursor;
        let style = if under { theme.cursor } else { theme.plain };
        let quiet = if under { style } else { theme.quiet };
        let on = entry.state == State::Made;
        let mark = match entry.state {
            State::Open => session.say(OPEN),
            State::Out => session.say(OUT),
            State::Made => "",
        };
        let (before, after) = fitted(&entry.before, &entry.after, values);
        let change = format!("{before}{ARROW}{after} ");
        pane.push_for(
            Line::from(vec![
                Span::styled(if under { "> " } else { "  " }, style),
                Span::styled(if on { "[x] " } else { "[ ] " }, style),
                Span::styled(format!("{} ", pad(&clip_middle(&entry.title, title), title)), style),
                Span::styled(change, if on { style } else { quiet }),
                Span::styled(pad(mark, mark_width), quiet),
            ]),
            n,
        );
        for line in entry.also.iter().flat_map(|also| wrap(also, columns.saturating_sub(8))) {
            pane.push_for(Line::from(Span::styled(format!("        {line}"), theme.quiet)), n);
        }
    }
    pane
}

/// Is what a change does, closes and needs, and where it stands.
pub(super) fn detail(entry: &Entry, session: &Session, area: Rect) -> Pane<usize> {
    const NAME: usize = 9;
    let columns = usize::from(area.width).saturating_sub(2);
    let mut pane = Pane::default();
    let mut add = |name: Text, text: &str| {
        for (n, line) in wrap(text, columns.saturating_sub(NAME)).into_iter().enumerate() {
            let name = if n == 0 { session.say(name) } else { "" };
            pane.push(Line::from(vec![Span::styled(pad(name, NAME), session.look.theme.quiet), Span::raw(line)]));
        }
    };
    let Some(change) = session.changes().iter().find(|change| change.key == entry.key) else {
        add(EFFECT, &entry.effect.of(session.lang()));
        if !entry.path.segs().is_empty() {
            add(KEY, &shown_key(&entry.path));
        }
        return pane;
    };
    add(EFFECT, &change.effect.of(session.lang()));
    if !change.closes.is_empty() {
        add(CLOSES, &harmless(&change.closes.join(", ")));
    }
    add(words::GATEWAY, session.say(change.reload.text()));
    for place in &change.places {
        add(KEY, &place_line(PLACE, place, session));
    }
    pane
}

/// Is the line for the mode that the file gets with writing.
fn mode_entry(mode: u32, session: &Session) -> Entry {
    Entry {
        key: String::new(),
        title: session.say(MODE).to_owned(),
        before: format!("{mode:04o}"),
        after: "0600".to_owned(),
        group: Group::Safe,
        effect: MODE_EFFECT.into(),
        also: Vec::new(),
        path: Path::root(),
        state: State::Made,
    }
}

/// Whether something is recommended for a row, and was decided against.
fn is_left(row: &Planned) -> bool {
    let recommended = row.row.choices[row.row.recommended].weight;
    row.decided && row.taken == Some(0) && row.refused.is_none() && matches!(recommended, Weight::Safe | Weight::Ask)
}
