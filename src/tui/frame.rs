//! What stands around every screen: the header with the live count, the steps, the keys.

use crate::text::wrap::{clip, clip_path, pad, width, wrap};
use crate::text::{Said, Text};
use crate::tui::screens::Hint;
use crate::tui::session::Session;
use crate::tui::words;
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// The smallest terminal that the wizard draws on: columns, lines.
pub const SMALLEST: (u16, u16) = (80, 24);
/// From this width on the steps stand at the left.
const STEPS_FROM: u16 = 110;
const STEPS_WIDTH: u16 = 30;

const TOO_SMALL: Text = Text {
    en: "The window is {width}x{height}; openclaw-harden needs {min_width}x{min_height}. Make it larger, or press q to quit.",
    ja: "端末の大きさは {width}x{height} です。{min_width}x{min_height} 以上に広げてください。q で終了します。",
};
const COUNT: Text = Text { en: "{severity} {before} -> {after}", ja: "{severity} {before} -> {after}" };
const ACCEPTED: Text = Text { en: "accepted {n}", ja: "受容済み {n}" };
const POSTURE: Text = Text { en: "posture {posture}", ja: "態勢: {posture}" };
const PAGE: Text = Text { en: "{n}/{count} {name}", ja: "{n}/{count} {name}" };
const DEMO: Text = Text { en: "demo: nothing is written", ja: "デモ: 書き込みません" };
const READ_ONLY: Text = Text { en: "read-only", ja: "読み取り専用" };
const DONE: Text = Text { en: "done", ja: "完了" };
const ASKS: Text = Text { en: "OK? {n}", ja: "要確認 {n}" };

/// Where the parts of the screen stand.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    header: Rect,
    steps: Option<Rect>,
    /// What the page's screen draws on.
    pub body: Rect,
    keys: Rect,
}

impl Layout {
    /// Divides a terminal; none where it is too small.
    pub fn of(area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let header = Rect { height: 2, ..area };
        let keys = Rect { y: area.bottom() - 1, height: 1, ..area };
        let middle = Rect { y: 3, height: area.height - 5, ..area };
        let steps = (area.width >= STEPS_FROM).then_some(Rect { width: STEPS_WIDTH, ..middle });
        let x = steps.map_or(1, |steps| steps.width + 3);
        let body = Rect { x, width: area.width - x - 1, ..middle };
        Some(Layout { header, steps, body, keys })
    }

    /// Is the page whose name stands under a place.
    pub fn page_at(&self, place: Position, session: &Session) -> Option<usize> {
        let steps = self.steps.filter(|steps| steps.contains(place))?;
        let line = usize::from(place.y - steps.y).checked_sub(1)?;
        session.pages().get(line).copied()
    }

    /// Says on the rule above the keys what came of the last one.
    pub fn draw_note(&self, buf: &mut Buffer, session: &Session, note: &Said) {
        let said = clip(&note.of(session.lang()), usize::from(self.keys.width).saturating_sub(6));
        buf.set_string(2, self.keys.y - 1, format!(" {said} "), session.look.theme.heading);
    }

    /// Is the key whose name stands under a place.
    pub fn key_at(&self, place: Position, session: &Session, keys: &[Hint]) -> Option<KeyCode> {
        if !self.keys.contains(place) {
            return None;
        }
        let mut x = usize::from(self.keys.x) + 1;
        let (name, _) = shown_keys(self.keys, session, keys).into_iter().find(|hint| {
            x += columns(hint, session);
            usize::from(place.x) < x
        })?;
        Some(match name {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "Space" => KeyCode::Char(' '),
            "PgDn" => KeyCode::PageDown,
            _ => KeyCode::Char(name.chars().next().filter(|_| name.len() == 1)?),
        })
    }

    /// Draws all but the body.
    pub fn draw(&self, buf: &mut Buffer, session: &Session, page: usize, keys: &[Hint]) {
        let look = &session.look;
        draw_header(self.header, buf, session, page);
        let across = look.symbols.across.repeat(self.header.width.into());
        for y in [self.header.bottom(), self.keys.y - 1] {
            buf.set_string(0, y, &across, look.theme.quiet);
        }
        if let Some(steps) = self.steps {
            draw_steps(steps, buf, session, page);
            let x = steps.right() + 1;
            buf.set_string(x, steps.y - 1, look.symbols.down_from, look.theme.quiet);
            for y in steps.y..steps.bottom() {
                buf.set_string(x, y, look.symbols.down, look.theme.quiet);
            }
            buf.set_string(x, steps.bottom(), look.symbols.down_to, look.theme.quiet);
        }
        draw_keys(self.keys, buf, session, keys);
    }
}

/// Says that the terminal is too small.
pub fn draw_too_small(area: Rect, buf: &mut Buffer, session: &Session) {
    let said = TOO_SMALL
        .with("width", area.width)
        .with("height", area.height)
        .with("min_width", SMALLEST.0)
        .with("min_height", SMALLEST.1)
        .of(session.lang());
    for (y, line) in (area.y..area.bottom()).zip(wrap(&said, area.width.into())) {
        buf.set_line(area.x, y, &Line::from(line), area.width);
    }
}

fn draw_header(area: Rect, buf: &mut Buffer, session: &Session, page: usize) {
    let theme = session.look.theme;
    let lang = session.lang();
    let columns = usize::from(area.width).saturating_sub(2);

    let counts = counts(session, area.width >= STEPS_FROM);
    let counts_width: usize = counts.iter().map(Span::width).sum();
    let name = "openclaw-harden";
    let room = columns.saturating_sub(name.len() + 2 + counts_width + 2);
    let path = session.shown_path();
    let mut first = vec![
        Span::raw(" "),
        Span::styled(name, theme.heading),
        Span::raw("  "),
        Span::raw(pad(&clip_path(&path, room), room + 2)),
    ];
    first.extend(counts);
    buf.set_line(area.x, area.y, &Line::from(first), area.width);

    let mut about = Vec::new();
    if session.found.openclaw_version.is_some() {
        about.push(format!("OpenClaw {}", session.found.facts.openclaw));
    }
    let posture = session.say(words::posture(session.answers.posture));
    about.push(POSTURE.with("posture", posture).of(lang));
    if session.found.demo {
        about.push(session.say(DEMO).to_owned());
    } else if session.found.read_only.is_some() {
        about.push(session.say(READ_ONLY).to_owned());
    }
    let pages = session.pages();
    let name = session.say(words::page(page));
    let place = match pages.iter().position(|known| *known == page) {
        Some(n) => PAGE.with("n", n + 1).with("count", pages.len()).with("name", name).of(lang),
        None => name.to_owned(),
    };
    let room = columns.saturating_sub(width(&place));
    let second = Line::from(vec![
        Span::raw(" "),
        Span::styled(pad(&clip(&about.join("  "), room.saturating_sub(2)), room), theme.quiet),
        Span::styled(place, theme.heading),
    ]);
    buf.set_line(area.x, area.y + 1, &second, area.width);
}

fn counts(session: &Session, all: bool) -> Vec<Span<'static>> {
    use crate::checks::Severity::{Critical, Info, Warn};
    let theme = session.look.theme;
    let (before, after) = (session.count(&session.plan.before), session.count(&session.plan.after));
    let mut shown =
        vec![(Critical, before.critical, after.critical, theme.critical), (Warn, before.warn, after.warn, theme.warn)];
    if all {
        shown.push((Info, before.info, after.info, theme.info));
    }
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (severity, before, after, style) in shown {
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        let said = COUNT
            .with("severity", session.say(words::severity(severity)))
            .with("before", before)
            .with("after", after)
            .of(session.lang());
        let style = if after == 0 { theme.safe } else { style };
        spans.push(Span::styled(said, style));
    }
    if after.accepted > 0 {
        let said = ACCEPTED.with("n", after.accepted).of(session.lang());
        spans.push(Span::styled(format!("  {said}"), theme.quiet));
    }
    spans
}

fn draw_steps(area: Rect, buf: &mut Buffer, session: &Session, page: usize) {
    let theme = session.look.theme;
    for (n, known) in session.pages().into_iter().enumerate() {
        let name = session.say(words::page(known));
        let (state, style) = state(known, session);
        let here = known == page;
        let head = if here { theme.heading } else { theme.plain };
        let mark = if here { ">" } else { " " };
        let line = Line::from(vec![
            Span::styled(pad(&format!(" {mark} {} {name}", n + 1), 21), head),
            Span::styled(state, style),
        ]);
        let y = area.y + 1 + u16::try_from(n).unwrap_or(0);
        buf.set_line(area.x, y, &line, area.width);
    }
}

fn state(page: usize, session: &Session) -> (String, Style) {
    let theme = session.look.theme;
    let Some(step) = words::step(page) else {
        return (String::new(), theme.plain);
    };
    match session.open_asks(step).count() {
        0 if session.is_done(step) => (session.say(DONE).to_owned(), theme.safe),
        0 => (String::new(), theme.plain),
        n => (ASKS.with("n", n).of(session.lang()), theme.ask),
    }
}

/// Is the columns that a key and its word take.
fn columns((key, text): &Hint, session: &Session) -> usize {
    width(key) + 1 + width(session.say(*text)) + 2
}

/// Is the keys that fit, the first ones first; the way back, help and quit always do.
fn shown_keys(area: Rect, session: &Session, keys: &[Hint]) -> Vec<Hint> {
    let always = [("?", words::HELP), ("q", words::QUIT)];
    let columns = |hint: &Hint| columns(hint, session);
    let is_back = |hint: &&Hint| hint.0 == "Esc";
    let kept = keys.iter().filter(is_back).chain(&always).map(columns).sum();
    // No two blanks are needed after the last.
    let mut room = (usize::from(area.width) + 1).saturating_sub(kept);
    let fitting = keys.iter().filter(|hint| {
        let fits = is_back(hint) || columns(hint) <= room;
        if fits && !is_back(hint) {
            room -= columns(hint);
        }
        fits
    });
    fitting.chain(&always).copied().collect()
}

fn draw_keys(area: Rect, buf: &mut Buffer, session: &Session, keys: &[Hint]) {
    let mut spans = vec![Span::raw(" ")];
    for (key, text) in shown_keys(area, session, keys) {
        spans.push(Span::styled(key, session.look.theme.key));
        spans.push(Span::raw(format!(" {}  ", session.say(text))));
    }
    buf.set_line(area.x, area.y, &Line::from(spans), area.width);
}
