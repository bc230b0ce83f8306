//! The way through a report: one finding after another, what can be done about it, and what each way does.

mod detail;

use super::{Go, Hint, Mouse, moved};
use crate::checks::Severity;
use crate::plan::Pick;
use crate::posture::Weight;
use crate::report::remediation::{outcome, title};
use crate::text::time::{civil, parse_iso};
use crate::text::wrap::{clip, pad, wrap};
use crate::text::{Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::field::FieldEditor;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crate::walk::{Decision, Fix, Item, State, View};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

const HEADING: Text = Text {
    en: "Finding {n} of {count}   fixed {fixed}, accepted {accepted}, open {open}",
    ja: "検出事項 {n}/{count}   解消 {fixed}、受容 {accepted}、未対応 {open}",
};
const NOTHING: Text = Text {
    en: "The report names nothing to deal with.",
    ja: "レポートに対応が必要な項目はありません。",
};
const UNCOVERED: Text = Text {
    en: "Not in the report: OpenClaw could not audit this, or a change brought it to light.",
    ja: "レポートにはない項目です。OpenClaw が監査できなかったか、変更によって見つかりました。",
};
const GONE: Text = Text {
    en: "Gone: the config no longer shows this.",
    ja: "解消済み: 現在の設定では検出されません。",
};
const CLOSED: Text =
    Text { en: "Closed: writing the config ends this.", ja: "解消: 設定を書き込むと解消します。" };
const CLOSED_WITH: Text = Text { en: "Closed together with {id}.", ja: "{id} の対応で一緒に解消します。" };
const SUPPRESSED: Text = Text {
    en: "The config itself keeps this out of the audit: {reason}",
    ja: "設定ファイルの指定により監査から除外されています: {reason}",
};
const UNSEEN: Text = Text {
    en: "Whether this is still so cannot be told here.",
    ja: "現在もそうかどうか、ここでは確認できません。",
};
const FOREIGN: Text = Text {
    en: "No check of this program looks for this: what follows is the report's own text.",
    ja: "このプログラムのチェック項目にはありません。以下はレポートの文面です。",
};
const SETS: Text = Text { en: "{label}: {value}", ja: "{label}: {value}" };
const MORE_SETS: Text = Text { en: "and {n} more", ja: "ほか{n}件" };
const TYPE: Text = Text { en: "Type a value: {label}", ja: "値を入力: {label}" };
const BY_HAND: Text = Text { en: "Do it by hand", ja: "手作業で対応する" };
const ACCEPT: Text = Text { en: "Accept it for a time, with a reason", ja: "理由と期限を付けて受容する" };
const SKIP: Text = Text { en: "Leave it for now", ja: "今は対応しない" };
const ACCEPTED: Text = Text { en: "Accepted until {until}: {reason}", ja: "{until} まで受容: {reason}" };
const ACCEPT_HINT: Text = Text {
    en: "The last day (UTC), then the reason, as in: 2027-03-31 only reachable through the VPN",
    ja: "期限の日付 (UTC) に続けて理由を入力します。例: 2027-03-31 VPN からのみ接続可能",
};
const TAKE: Text = Text { en: "Take", ja: "選択" };
const CHOOSE: Text = Text { en: "Choose", ja: "選ぶ" };
const FINDING: Text = Text { en: "Finding", ja: "検出事項" };
const TAKE_BACK: Text = Text { en: "Reset", ja: "取り消し" };
const READ_ON: Text = Text { en: "More", ja: "続き" };
const GO_ON: Text = Text { en: "Go on", ja: "次へ" };

/// How long an acceptance lasts that is typed over nothing else, in days.
const USUAL_TERM: i64 = 90;
/// The most lines that the ways take before they scroll.
const MOST_WAYS: usize = 7;
/// What the key of a field begins with in which an acceptance is typed; the id follows.
pub const ACCEPT_KEY: &str = "walk.accept ";

/// One way to deal with a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Fix(usize),
    Type(usize),
    ByHand,
    Accept,
    Skip,
}

/// The screen of the walk.
#[derive(Default)]
pub struct WalkScreen {
    at: usize,
    /// The way under the cursor; none: the one that was decided, or else the first.
    cursor: Option<usize>,
    scroll: usize,
}

/// Is the ways that there are.
fn ways(item: &Item, view: &View) -> Vec<Way> {
    let mut ways: Vec<Way> = (0..view.fixes.len()).map(Way::Fix).collect();
    ways.extend((0..view.typed.len()).map(Way::Type));
    match view.state {
        State::Open => {
            ways.push(Way::ByHand);
            if !item.is_refusal() {
                ways.push(Way::Accept);
            }
            ways.push(Way::Skip);
        }
        // Its own fix may be exchanged for another; what else closes it stands elsewhere.
        State::Closed(_) if !view.fixes.is_empty() => ways.extend([Way::ByHand, Way::Skip]),
        State::Foreign | State::Unseen => ways.extend([Way::ByHand, Way::Skip]),
        State::Closed(_) | State::Gone | State::Suppressed(_) => ways.clear(),
    }
    ways
}

/// Whether a way is the one that was decided.
fn is_decided(way: Way, view: &View, decision: Option<&Decision>) -> bool {
    match (way, decision) {
        (Way::Fix(n), Some(Decision::Fix(picks))) => view.fixes[n].remedy.picks == *picks,
        (Way::Type(n), Some(Decision::Fix(picks))) => {
            matches!(picks.as_slice(), [(key, Pick::Text(_))] if *key == view.typed[n].key)
        }
        (Way::ByHand, Some(Decision::ByHand)) | (Way::Skip, Some(Decision::Skip)) => true,
        (Way::Accept, Some(Decision::Accept { .. })) => true,
        _ => false,
    }
}

/// Is what taking a way would decide, without what is typed for it: what the way is known by where others come before it.
fn meant(way: Way, view: &View) -> Decision {
    match way {
        Way::Fix(n) => Decision::Fix(view.fixes[n].remedy.picks.clone()),
        Way::Type(n) => Decision::Fix(vec![(view.typed[n].key.clone(), Pick::Text(String::new()))]),
        Way::ByHand => Decision::ByHand,
        Way::Accept => Decision::Accept { reason: String::new(), until: String::new() },
        Way::Skip => Decision::Skip,
    }
}

impl WalkScreen {
    fn item<'s>(&self, session: &'s Session) -> Option<&'s Item> {
        session.items().get(self.at.min(session.items().len().saturating_sub(1)))
    }

    /// Is the id of the item in view.
    pub fn current(&self, session: &Session) -> String {
        self.item(session).map(|item| item.id.clone()).unwrap_or_default()
    }

    /// The way under the cursor.
    fn way(&self, ways: &[Way], view: &View, decision: Option<&Decision>) -> usize {
        let decided = || ways.iter().position(|way| is_decided(*way, view, decision));
        // Where nothing closes it, a value that only the administrator knows is offered and not asked for.
        let first = || ways.iter().position(|way| !matches!(way, Way::Type(_)));
        self.cursor.or_else(decided).or_else(first).unwrap_or(0).min(ways.len().saturating_sub(1))
    }

    /// Is what the way under the cursor would decide.
    pub fn under_cursor(&self, session: &Session) -> Option<Decision> {
        let item = self.item(session)?;
        let view = session.view(item)?;
        let ways = ways(item, &view);
        let decision = session.walk.as_ref().and_then(|walk| walk.decision(&item.id));
        Some(meant(*ways.get(self.way(&ways, &view, decision))?, &view))
    }

    /// Puts the cursor back on the way that would decide this, where there still is one.
    pub fn point_at(&mut self, meant: &Decision, session: &Session) {
        self.cursor = self.item(session).and_then(|item| {
            let view = session.view(item)?;
            ways(item, &view).into_iter().position(|way| is_decided(way, &view, Some(meant)))
        });
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        let page = isize::from(session.body.height as i16 / 2);
        match key.code {
            KeyCode::Esc | KeyCode::BackTab => return Go::Back,
            KeyCode::Left | KeyCode::Char('p') => self.step_by(-1, session),
            KeyCode::Right | KeyCode::Char('n') | KeyCode::Tab => self.step_by(1, session),
            KeyCode::Home => self.step_by(isize::MIN, session),
            KeyCode::End => self.step_by(isize::MAX, session),
            KeyCode::Up | KeyCode::Char('k') => self.choose_by(-1, session),
            KeyCode::Down | KeyCode::Char('j') => self.choose_by(1, session),
            KeyCode::PageUp => self.scroll = self.scroll.saturating_add_signed(-page),
            KeyCode::PageDown => self.scroll = self.scroll.saturating_add_signed(page),
            KeyCode::Char('s') => return self.take(Some(Way::Skip), session),
            KeyCode::Char('a') => return self.take(Some(Way::Accept), session),
            KeyCode::Char('m') => return self.take(Some(Way::ByHand), session),
            KeyCode::Char('r') => {
                let id = self.current(session);
                self.cursor = None;
                return session.settle(&id, None).into();
            }
            KeyCode::Enter | KeyCode::Char(' ') => return self.take(None, session),
            _ => {}
        }
        Go::Stay
    }

    /// Takes a way, or the one under the cursor, and goes on.
    fn take(&mut self, wanted: Option<Way>, session: &mut Session) -> Go {
        let Some(item) = self.item(session).cloned() else {
            return Go::Next;
        };
        let Some(view) = session.view(&item) else {
            return self.go_on(session);
        };
        let ways = ways(&item, &view);
        let decision = session.walk.as_ref().and_then(|walk| walk.decision(&item.id)).cloned();
        let way = match wanted {
            Some(way) => ways.iter().find(|known| **known == way),
            None => ways.get(self.way(&ways, &view, decision.as_ref())),
        };
        let Some(way) = way.copied() else {
            return if wanted.is_some() { Go::Stay } else { self.go_on(session) };
        };
        let settled = match way {
            Way::Fix(_) | Way::ByHand | Way::Skip => meant(way, &view),
            Way::Accept => return Go::Edit(accept_field(&item, decision.as_ref(), session)),
            Way::Type(n) => {
                let key = &view.typed[n].key;
                let row = session.row(key);
                let Some((row, field)) = row.and_then(|row| Some((row, row.row.field.as_ref()?))) else {
                    return Go::Stay;
                };
                let heading = session.title(row);
                return Go::Edit(Box::new(FieldEditor::new(key.clone(), heading, &field.text, field.list, field.hint)));
            }
        };
        if decision.as_ref() != Some(&settled)
            && let Err(why) = session.settle(&item.id, Some(settled))
        {
            return Go::Say(why);
        }
        self.follow(&item.id, session);
        self.go_on(session)
    }

    /// Stays with an item where others came before it.
    fn follow(&mut self, id: &str, session: &Session) {
        if let Some(at) = session.items().iter().position(|item| item.id == id) {
            self.at = at;
        }
    }

    /// Goes to the next finding; from the last one to what came to light meanwhile, and then to Review.
    pub fn go_on(&mut self, session: &Session) -> Go {
        if self.at + 1 < session.items().len() {
            self.step_by(1, session);
            return Go::Stay;
        }
        let is_undecided = |item: &Item| {
            let walk = session.walk.as_ref();
            walk.is_some_and(|walk| walk.decision(&item.id).is_none() && walk.state(item, &session.plan) == State::Open)
        };
        match session.items().iter().position(is_undecided) {
            Some(at) if at != self.at => {
                (self.at, self.cursor, self.scroll) = (at, None, 0);
                Go::Stay
            }
            _ => Go::Next,
        }
    }

    fn step_by(&mut self, by: isize, session: &Session) {
        self.at = moved(self.at, by, session.items().len());
        (self.cursor, self.scroll) = (None, 0);
    }

    fn choose_by(&mut self, by: isize, session: &Session) {
        let Some((item, view)) = self.item(session).and_then(|item| Some((item, session.view(item)?))) else {
            return;
        };
        let ways = ways(item, &view);
        let decision = session.walk.as_ref().and_then(|walk| walk.decision(&item.id));
        self.cursor = Some(moved(self.way(&ways, &view, decision), by, ways.len()));
        self.scroll = 0;
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        match mouse {
            Mouse::Wheel(_, by) => self.scroll = self.scroll.saturating_add_signed(by),
            Mouse::Click(place) => {
                let Some((item, view)) = self.item(session).and_then(|item| Some((item, session.view(item)?))) else {
                    return Go::Stay;
                };
                let (head, list, _) = self.parts(item, &view, session);
                let area = Rect { y: session.body.y + head, height: list.height, ..session.body };
                let pane = self.list(item, &view, session);
                let scroll = pane.centred(&self.cursor.unwrap_or(0), area.height);
                if let Some(at) = pane.at(area, scroll, place) {
                    (self.cursor, self.scroll) = (Some(at), 0);
                }
            }
        }
        Go::Stay
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        let Some((item, view)) = self.item(session).and_then(|item| Some((item, session.view(item)?))) else {
            return vec![("Enter", GO_ON), ("Esc", words::BACK)];
        };
        let mut keys = vec![("Enter", if ways(item, &view).is_empty() { GO_ON } else { TAKE })];
        if !ways(item, &view).is_empty() {
            keys.push(("Up Down", CHOOSE));
        }
        keys.push(("Left Right", FINDING));
        keys.push(("PgDn", READ_ON));
        if session.walk.as_ref().is_some_and(|walk| walk.decision(&item.id).is_some()) {
            keys.push(("r", TAKE_BACK));
        }
        keys.push(("Esc", words::BACK));
        keys
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let (body, theme) = (session.body, session.look.theme);
        let Some((item, view)) = self.item(session).and_then(|item| Some((item, session.view(item)?))) else {
            buf.set_line(body.x, body.y, &Line::from(session.say(NOTHING)), body.width);
            return;
        };
        for (y, line) in (body.y..).zip(self.head(item, &view, session)) {
            buf.set_line(body.x, y, &line, body.width);
        }
        let (_, list, detail) = self.parts(item, &view, session);
        let ways = self.list(item, &view, session);
        let decision = session.walk.as_ref().and_then(|walk| walk.decision(&item.id));
        let at = self.way(&self::ways(item, &view), &view, decision);
        ways.draw(list, buf, ways.centred(&at, list.height), &session.look);
        let across = session.look.symbols.across.repeat(usize::from(body.width));
        buf.set_string(body.x, detail.y.saturating_sub(1), &across, theme.quiet);
        let pane = detail::pane(item, &view, self::ways(item, &view).get(at).copied(), session);
        pane.draw(detail, buf, pane.clamped(self.scroll, detail.height), &session.look);
    }

    /// The lines of the head, the place of the ways, and that of the explanation.
    fn parts(&self, item: &Item, view: &View, session: &Session) -> (u16, Rect, Rect) {
        let body = session.body;
        let head = u16::try_from(self.head(item, view, session).len()).unwrap_or(4);
        let ways = u16::try_from(ways(item, view).len().min(MOST_WAYS)).unwrap_or(4);
        let list = Rect { y: body.y + head, height: ways.min(body.height.saturating_sub(head + 2)), ..body };
        let y = list.bottom() + 1;
        (head, list, Rect { y, height: body.bottom().saturating_sub(y), ..body })
    }

    fn head(&self, item: &Item, view: &View, session: &Session) -> Vec<Line<'static>> {
        let (theme, lang) = (session.look.theme, session.lang());
        let columns = usize::from(session.body.width);
        let items = session.items();
        let walk = session.walk.as_ref();
        let is = |what: fn(&State, Option<&Decision>) -> bool| {
            let count = items.iter().filter(|item| {
                walk.is_some_and(|walk| what(&walk.state(item, &session.plan), walk.decision(&item.id)))
            });
            count.count()
        };
        let heading = HEADING
            .with("n", self.at.min(items.len().saturating_sub(1)) + 1)
            .with("count", items.len())
            .with("fixed", is(|state, _| matches!(state, State::Closed(_))))
            .with(
                "accepted",
                is(|state, decision| *state == State::Open && matches!(decision, Some(Decision::Accept { .. }))),
            )
            .with(
                "open",
                is(|state, decision| *state == State::Open && !matches!(decision, Some(Decision::Accept { .. }))),
            );
        let mut lines = vec![Line::from(Span::styled(heading.of(lang), theme.heading))];
        let style = severity_style(item.severity, session);
        let label = pad(session.say(words::severity(item.severity)), 9);
        let said = title(item).map_or_else(|theirs| theirs, |text| text.of(lang).to_owned());
        for (n, line) in wrap(&said, columns.saturating_sub(10)).into_iter().take(3).enumerate() {
            let label = if n == 0 { label.clone() } else { " ".repeat(9) };
            lines.push(Line::from(vec![Span::styled(label, style), Span::raw(line)]));
        }
        let id = clip(&harmless(&item.id), columns.saturating_sub(10));
        lines.push(Line::from(Span::styled(format!("{}{id}", " ".repeat(9)), theme.quiet)));
        if let Some((text, style)) = self.standing(item, view, session) {
            for line in wrap(&text, columns.saturating_sub(10)).into_iter().take(2) {
                lines.push(Line::from(Span::styled(format!("{}{line}", " ".repeat(9)), style)));
            }
        }
        lines
    }

    /// Says how it stands with an item, where that is not simply open.
    fn standing(&self, item: &Item, view: &View, session: &Session) -> Option<(String, Style)> {
        let (theme, lang) = (session.look.theme, session.lang());
        let decision = session.walk.as_ref().and_then(|walk| walk.decision(&item.id));
        let said = match &view.state {
            State::Gone => (session.say(GONE).to_owned(), theme.safe),
            State::Closed(Some(with)) if *with != item.id => (CLOSED_WITH.with("id", with).of(lang), theme.safe),
            State::Closed(_) if view.fixes.is_empty() => (session.say(CLOSED).to_owned(), theme.safe),
            State::Suppressed(reason) => (SUPPRESSED.with("reason", reason).of(lang), theme.plain),
            State::Unseen => (session.say(UNSEEN).to_owned(), theme.plain),
            State::Foreign => (session.say(FOREIGN).to_owned(), theme.plain),
            _ => match decision {
                Some(Decision::Accept { reason, until }) => {
                    (ACCEPTED.with("until", until).with("reason", reason).of(lang), theme.plain)
                }
                _ if item.reported.is_empty() => (session.say(UNCOVERED).to_owned(), theme.plain),
                _ => return None,
            },
        };
        Some(said)
    }

    fn list(&self, item: &Item, view: &View, session: &Session) -> Pane<usize> {
        let (theme, lang) = (session.look.theme, session.lang());
        let columns = usize::from(session.body.width).saturating_sub(2);
        let decision = session.walk.as_ref().and_then(|walk| walk.decision(&item.id));
        let all = ways(item, view);
        let cursor = self.way(&all, view, decision);
        let mut pane = Pane::default();
        for (at, way) in all.into_iter().enumerate() {
            let is_taken = is_decided(way, view, decision);
            let (text, weight, recommended) = match way {
                Way::Fix(n) => {
                    (name(&view.fixes[n], session), Some(view.fixes[n].remedy.weight), view.fixes[n].remedy.recommended)
                }
                Way::Type(n) => (TYPE.with("label", session.say(view.typed[n].label)).of(lang), None, false),
                Way::ByHand => (session.say(BY_HAND).to_owned(), None, false),
                Way::Accept => (session.say(ACCEPT).to_owned(), None, false),
                Way::Skip => (session.say(SKIP).to_owned(), None, false),
            };
            let (mark, style) = if at == cursor { (">", theme.cursor) } else { (" ", theme.plain) };
            let dot = if is_taken { "(*)" } else { "( )" };
            let word = if recommended { session.say(words::RECOMMENDED) } else { "" };
            let room = columns.saturating_sub(28);
            pane.push_for(
                Line::from(vec![
                    Span::styled(format!("{mark} {dot} "), style),
                    Span::styled(
                        pad(&clip(&text, room), room + 1),
                        if is_taken { theme.new_value } else { theme.plain },
                    ),
                    Span::styled(
                        pad(weight.map_or("", |weight| session.say(words::weight(weight))), 9),
                        theme.weight(weight.unwrap_or(Weight::Keep)),
                    ),
                    Span::styled(word, theme.heading),
                ]),
                at,
            );
        }
        pane
    }
}

fn severity_style(severity: Severity, session: &Session) -> Style {
    let theme = session.look.theme;
    match severity {
        Severity::Critical => theme.critical,
        Severity::Warn => theme.warn,
        Severity::Info => theme.info,
    }
}

/// Is what a fix sets, on one line.
fn name(fix: &Fix, session: &Session) -> String {
    let lang = session.lang();
    let one = |(label, whose, value): &(Text, Option<crate::text::Said>, crate::text::Said)| {
        let label = match whose {
            Some(whose) => format!("{} ({})", session.say(*label), whose.of(lang)),
            None => session.say(*label).to_owned(),
        };
        SETS.with("label", label).with("value", value.of(lang)).of(lang)
    };
    let mut names: Vec<String> = fix.sets.iter().take(2).map(one).collect();
    if fix.sets.len() > 2 {
        names.push(MORE_SETS.with("n", fix.sets.len() - 2).of(lang));
    }
    names.join(" + ")
}

/// The field in which an acceptance is typed: a term and no reason, or what was accepted before.
fn accept_field(item: &Item, decision: Option<&Decision>, session: &Session) -> Box<FieldEditor> {
    let text = match decision {
        Some(Decision::Accept { reason, until }) => format!("{until} {reason}"),
        _ => {
            let today = parse_iso(&format!("{}T00:00:00Z", session.found.today)).unwrap_or_default();
            let [year, month, day, ..] = civil(today + USUAL_TERM * 24 * 60 * 60);
            format!("{year:04}-{month:02}-{day:02} ")
        }
    };
    let key = format!("{ACCEPT_KEY}{}", item.id);
    Box::new(FieldEditor::new(key, session.say(ACCEPT).to_owned(), &text, false, ACCEPT_HINT))
}

/// Adds what became of each finding to the last screen.
pub fn push_result(pane: &mut Pane<usize>, session: &Session, columns: usize) {
    const RESULT: Text = Text { en: "What became of the findings", ja: "検出事項の対応結果" };
    const REAL: Text = Text {
        en: "Audits     openclaw-harden: critical {c} -> {c2}, warn {w} -> {w2}; openclaw: critical {rc} -> {rc2}, warn {rw} -> {rw2}",
        ja: "監査結果   openclaw-harden: 重大 {c} -> {c2}、警告 {w} -> {w2}; openclaw: 重大 {rc} -> {rc2}、警告 {rw} -> {rw2}",
    };
    let Some(walk) = &session.walk else {
        return;
    };
    let (theme, lang) = (session.look.theme, session.lang());
    pane.push("");
    pane.push(Line::from(Span::styled(session.say(RESULT), theme.heading)));
    if let Some(real) = &session.real_after {
        let count = |report: &crate::findings::Report, severity| {
            report.findings.iter().filter(|one| one.suppressed.is_none() && one.severity == severity).count()
        };
        let (before, after) = (session.count(&session.plan.before), session.count(&session.plan.after));
        let said = REAL
            .with("c", before.critical)
            .with("c2", after.critical)
            .with("w", before.warn)
            .with("w2", after.warn)
            .with("rc", count(&walk.report, Severity::Critical))
            .with("rc2", count(real, Severity::Critical))
            .with("rw", count(&walk.report, Severity::Warn))
            .with("rw2", count(real, Severity::Warn));
        for line in wrap(&said.of(lang), columns.saturating_sub(2)) {
            pane.push(Line::from(format!("  {line}")));
        }
    }
    for item in walk.items() {
        let label = pad(session.say(words::severity(item.severity)), 9);
        let became = outcome(&walk.outcome(item, &session.plan)).of(lang);
        let said = format!("{}: {became}", harmless(&item.id));
        for (n, line) in wrap(&said, columns.saturating_sub(11)).into_iter().enumerate() {
            let label = if n == 0 { label.clone() } else { " ".repeat(9) };
            pane.push(Line::from(vec![
                Span::styled(format!("  {label}"), severity_style(item.severity, session)),
                Span::raw(line),
            ]));
        }
    }
}
