//! What the plan as a whole means: which findings stay, what stops working, which ways in are left. Shown on Review, and in brief on
//! Start.

use super::shown_key;
use crate::chains::Chain;
use crate::checks::Finding;
use crate::text::wrap::{clip, pad, wrap};
use crate::text::{Said, Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const NOTHING_STAYS: Text = Text { en: "No finding stays.", ja: "残る検出事項はありません。" };
const NOTHING_STOPS: Text =
    Text { en: "Nothing that works now stops working.", ja: "使えなくなるものはありません。" };
const BY: Text = Text { en: "By", ja: "原因" };
const KEEP: Text = Text { en: "To keep it", ja: "残すには" };
const COUNT: Text = Text {
    en: "Ways in: {before} now -> {after} with the changes that are on.",
    ja: "外部からの経路: 今 {before}件 -> 適用後 {after}件",
};
const GONE: Text = Text { en: "Closed", ja: "閉じる経路" };
const LEFT: Text = Text { en: "Left", ja: "残る経路" };
const CUT: Text = Text { en: "cut by {cut}", ja: "遮断: {cut}" };
const CUT_MORE: Text = Text { en: "cut by {cut} (ends {n})", ja: "遮断: {cut} ({n}件)" };
const NO_WAY: Text = Text { en: "No way in is left.", ja: "外部からの経路は残っていません。" };
const BRIEF: Text = Text {
    en: "{before} now -> {after} as decided so far",
    ja: "今 {before}件 -> ここまでの回答で {after}件",
};
const FIRST: Text = Text { en: "{count}. Most direct: {chain}", ja: "{count}。最も直接: {chain}" };

/// Is the findings that stay, each with who can mend it.
pub(super) fn stays(findings: &[Finding], session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let mut pane = Pane::default();
    if findings.is_empty() {
        pane.push(Line::from(session.say(NOTHING_STAYS)));
    }
    for finding in findings {
        let style = theme.severity(finding.severity);
        let severity = pad(session.say(words::severity(finding.severity)), 9);
        let title = wrap(session.say(finding.check.title), columns.saturating_sub(9));
        for (n, line) in title.into_iter().enumerate() {
            let severity = if n == 0 { severity.clone() } else { " ".repeat(9) };
            pane.push(Line::from(vec![Span::styled(severity, style), Span::raw(line)]));
        }
        let id =
            Span::styled(format!("         {}", clip(&harmless(&finding.id), columns.saturating_sub(9))), theme.quiet);
        pane.push(Line::from(id));
        let said: Option<Said> = match (&finding.hit.unknown, finding.check.mend) {
            (Some(unknown), _) => Some(unknown.clone()),
            (None, mend) => Some(mend.text().into()),
        };
        for line in said.iter().flat_map(|said| wrap(&said.of(session.lang()), columns.saturating_sub(9))) {
            pane.push(Line::from(format!("         {line}")));
        }
    }
    pane
}

/// Is what stops working, each with its cause and a way to keep it.
pub(super) fn stops(session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let lang = session.lang();
    let mut pane = Pane::default();
    let stops = session.stops();
    if stops.is_empty() {
        pane.push(Line::from(session.say(NOTHING_STOPS)));
    }
    for (n, stop) in stops.iter().enumerate() {
        push(&mut pane, &stop.what.of(lang), 0, columns, theme.plain);
        // What follows from one change, and is kept in one way, shares the lines that say so.
        if stops.get(n + 1).is_some_and(|next| (&next.causes, &next.keep) == (&stop.causes, &stop.keep)) {
            continue;
        }
        let causes: Vec<String> = stop
            .causes
            .iter()
            .map(|cause| format!("{} ({})", session.say(cause.label), shown_key(&cause.path)))
            .collect();
        for (name, text) in [(BY, causes.join(", ")), (KEEP, stop.keep.of(lang))] {
            named(&mut pane, name, &text, session, columns);
        }
    }
    pane
}

/// Is every way in before and after, the most direct first.
pub(super) fn ways(session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let lang = session.lang();
    let (before, after) = (session.chains_before(), session.chains());
    let mut pane = Pane::default();
    let count = COUNT.with("before", before.len()).with("after", after.len());
    push(&mut pane, &count.of(lang), 0, columns, theme.heading);
    if after.is_empty() {
        pane.push(Line::from(Span::styled(session.say(NO_WAY), theme.safe)));
    } else {
        pane.push(Line::from(Span::styled(session.say(LEFT), theme.warn)));
    }
    for chain in after {
        push(&mut pane, &chain.shown(lang), 2, columns, theme.plain);
        let text = if chain.cut.ends > 1 { CUT_MORE } else { CUT };
        let cut = text.with("cut", chain.cut.shown()).with("n", chain.cut.ends).of(lang);
        push(&mut pane, &cut, 4, columns, theme.quiet);
    }
    let is_left = |chain: &&Chain| {
        after.iter().any(|left| {
            (left.outsider, left.harm, &left.channel) == (chain.outsider, chain.harm, &chain.channel)
                && left.tools == chain.tools
        })
    };
    let gone: Vec<&Chain> = before.iter().filter(|chain| !is_left(chain)).collect();
    if !gone.is_empty() {
        pane.push(Line::from(Span::styled(session.say(GONE), theme.safe)));
    }
    for chain in gone {
        push(&mut pane, &chain.shown(lang), 2, columns, theme.quiet);
    }
    pane
}

/// Is how many ways in there are before and after, and the most direct one that is left, or there was.
pub(super) fn brief(session: &Session) -> String {
    let lang = session.lang();
    let (before, after) = (session.chains_before(), session.chains());
    let count = BRIEF.with("before", before.len()).with("after", after.len()).of(lang);
    match after.first().or(before.first()) {
        Some(chain) => FIRST.with("count", count).with("chain", chain.shown(lang)).of(lang),
        None => count,
    }
}

fn push(pane: &mut Pane<usize>, text: &str, indent: usize, columns: usize, style: Style) {
    for (n, line) in wrap(text, columns.saturating_sub(indent + 2)).into_iter().enumerate() {
        let indent = if n == 0 { indent } else { indent + 2 };
        pane.push(Line::from(Span::styled(format!("{}{line}", " ".repeat(indent)), style)));
    }
}

fn named(pane: &mut Pane<usize>, name: Text, text: &str, session: &Session, columns: usize) {
    const NAME: usize = 13;
    for (n, line) in wrap(&harmless(text), columns.saturating_sub(NAME)).into_iter().enumerate() {
        let name = if n == 0 { format!("  {}", session.say(name)) } else { String::new() };
        if line.is_empty() {
            continue;
        }
        pane.push(Line::from(vec![Span::styled(pad(&name, NAME), session.look.theme.quiet), Span::raw(line)]));
    }
}
