//! Search: every step, setting and finding whose words hold what is typed. Enter goes there.

use super::{ARROW, moved};
use crate::checks::Finding;
use crate::plan::Planned;
use crate::posture::Step;
use crate::text::wrap::{clip, clip_middle, pad, width};
use crate::text::{Lang, Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::field::one_line;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

const TITLE: Text = Text { en: "Search settings and findings", ja: "設定と検出事項を検索" };
const HINT: Text = Text {
    en: "Type a part of a name, a key, a value or a finding.",
    ja: "名前、キー、値、検出事項の一部を入力してください。",
};
const NOTHING: Text = Text { en: "Nothing has these words.", ja: "該当するものはありません。" };
const COUNT: Text = Text { en: "{n} found", ja: "{n}件" };

/// The most columns that the name of a step takes.
const WHERE: usize = 16;

/// What is searched for.
pub struct Search {
    typed: TextArea<'static>,
    cursor: usize,
}

/// What a key did to a search.
pub enum Searched {
    /// It goes on.
    Open,
    /// It was left.
    Left,
    /// To a page, and there to a row.
    Found(usize, Option<String>),
}

/// One that has what is typed.
struct Hit {
    page: usize,
    /// The row to go to; none: the page as it is.
    key: Option<String>,
    kind: Kind,
    name: String,
    value: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Page,
    Setting,
    Finding(Style),
}

impl Default for Search {
    fn default() -> Self {
        Search { typed: one_line(""), cursor: 0 }
    }
}

impl Search {
    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &Session) -> Searched {
        let count = hits(&self.query(), session).len();
        let by = match key.code {
            KeyCode::Esc => return Searched::Left,
            KeyCode::Enter => {
                let hit = hits(&self.query(), session).into_iter().nth(self.cursor);
                return hit.map_or(Searched::Open, |hit| Searched::Found(hit.page, hit.key));
            }
            KeyCode::Up | KeyCode::BackTab => -1,
            KeyCode::Down | KeyCode::Tab => 1,
            KeyCode::PageUp => -10,
            KeyCode::PageDown => 10,
            // What would begin a line.
            KeyCode::Char('m' | 'j') if key.modifiers.contains(KeyModifiers::CONTROL) => return Searched::Open,
            _ => {
                if self.typed.input(key) {
                    self.cursor = 0;
                }
                return Searched::Open;
            }
        };
        self.cursor = moved(self.cursor, by, count);
        Searched::Open
    }

    /// Pastes a text.
    pub fn on_paste(&mut self, text: &str) {
        let kept: String = text.chars().filter(|c| !c.is_control()).collect();
        self.typed.insert_str(kept);
        self.cursor = 0;
    }

    fn query(&self) -> String {
        self.typed.lines().concat()
    }

    /// Draws it in a box; gives the place of the cursor.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, session: &Session) -> Position {
        let theme = session.look.theme;
        let query = self.query();
        let hits = hits(&query, session);
        let count = COUNT.with("n", hits.len()).of(session.lang());
        let heading = pad(session.say(TITLE), usize::from(area.width).saturating_sub(width(&count)));
        buf.set_line(
            area.x,
            area.y,
            &Line::from(vec![Span::styled(heading, theme.heading), Span::styled(count, theme.quiet)]),
            area.width,
        );
        let input = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
        buf.set_string(area.x, input.y, "/", theme.key);
        (&self.typed).render(input, buf);
        let rest = Rect { y: area.y + 3, height: area.height.saturating_sub(3), ..area };
        let hint = if query.trim().is_empty() {
            HINT
        } else if hits.is_empty() {
            NOTHING
        } else {
            Text { en: "", ja: "" }
        };
        buf.set_string(area.x, area.y + 2, clip(session.say(hint), area.width.into()), theme.quiet);
        let pane = list(&hits, self.cursor, session, rest.width.into());
        pane.draw(rest, buf, pane.centred(&self.cursor, rest.height), &session.look);
        let cursor = self.typed.screen_cursor();
        let (_, left) = self.typed.scroll_offset();
        let column = u16::try_from(cursor.col).unwrap_or(u16::MAX).saturating_sub(left);
        Position::new((input.x + column).min(input.right().saturating_sub(1)), input.y)
    }
}

fn list(hits: &[Hit], cursor: usize, session: &Session, columns: usize) -> Pane<usize> {
    let theme = session.look.theme;
    let columns = columns.saturating_sub(2);
    let mut pane = Pane::default();
    for (n, hit) in hits.iter().enumerate() {
        let under = n == cursor;
        let own = match hit.kind {
            _ if under => theme.cursor,
            Kind::Page => theme.heading,
            Kind::Setting => theme.plain,
            Kind::Finding(style) => style,
        };
        let quiet = if under { theme.cursor } else { theme.quiet };
        let page = session.say(words::page(hit.page));
        let room = columns.saturating_sub(WHERE + 3);
        // What is wrong is read to its end: its id stands below.
        let is_finding = matches!(hit.kind, Kind::Finding(_));
        let name = match hit.value.as_str() {
            _ if is_finding => room,
            "" => room,
            value => (room - width(value).min(room / 2)).min(width(&hit.name) + 2),
        };
        pane.push_for(
            Line::from(vec![
                Span::styled(if under { "> " } else { "  " }, own),
                Span::styled(pad(page, WHERE), quiet),
                Span::styled(" ", quiet),
                Span::styled(pad(&clip_middle(&hit.name, name), name), own),
                Span::styled(pad(&hit.value, room - name), quiet),
            ]),
            n,
        );
        if is_finding {
            let id = clip_middle(&hit.value, room);
            pane.push_for(Line::from(Span::styled(format!("{}{id}", " ".repeat(WHERE + 3)), theme.quiet)), n);
        }
    }
    pane
}

/// Is what holds every word that is typed, in either language: pages first, then settings, then findings.
fn hits(query: &str, session: &Session) -> Vec<Hit> {
    let wanted: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let has = |text: String| {
        let text = text.to_lowercase();
        wanted.iter().all(|word| text.contains(word))
    };
    let pages = session.pages();
    let reached = pages.iter().enumerate().filter(|(_, page)| **page != words::DONE);
    let pages = reached.filter(|(n, page)| has(format!("{} {}", n + 1, both(words::page(**page))))).map(|(n, page)| {
        let name = words::step(*page).map_or(words::page(*page), words::question);
        Hit {
            page: *page,
            key: None,
            kind: Kind::Page,
            name: format!("{}. {}", n + 1, session.say(name)),
            value: String::new(),
        }
    });
    let rows = session.plan.rows.iter().filter(|row| !is_finding(row) && has(words_of(row, session)));
    let rows = rows.map(|row| Hit {
        page: words::page_of(row.control.step),
        key: Some(row.key()),
        kind: Kind::Setting,
        name: session.title(row),
        value: match session.value_after(row) {
            Some(after) => format!("{}{ARROW}{after}", row.row.current.of(session.lang())),
            None => row.row.current.of(session.lang()),
        },
    });
    let theme = session.look.theme;
    let findings = session.plan.before.iter().filter(|finding| has(words_of_finding(finding)));
    let row_for = session.row_finder();
    let findings = findings.map(|finding| {
        let row = row_for(finding);
        Hit {
            page: row.map_or(words::REVIEW, |row| words::page_of(row.control.step)),
            key: row.map(Planned::key),
            kind: Kind::Finding(theme.severity(finding.severity)),
            name: format!("{}: {}", session.say(words::severity(finding.severity)), session.say(finding.check.title)),
            value: harmless(&finding.id),
        }
    });
    pages.chain(rows).chain(findings).collect()
}

/// Whether a row stands for a finding, which is listed by itself.
fn is_finding(row: &Planned) -> bool {
    row.control.step == Step::Remaining && row.row.part.is_some()
}

fn both(text: Text) -> String {
    format!("{} {}", text.en, text.ja)
}

fn words_of(row: &Planned, session: &Session) -> String {
    let said = |lang: Lang| {
        let whose = row.row.whose.as_ref().map(|whose| whose.of(lang)).unwrap_or_default();
        let effects: Vec<String> = row.row.choices[1..].iter().map(|choice| choice.effect.of(lang)).collect();
        format!("{whose} {} {}", row.row.current.of(lang), effects.join(" "))
    };
    let step = words::page(words::page_of(row.control.step));
    [
        both(step),
        both(row.label()),
        said(Lang::En),
        said(Lang::Ja),
        row.row.path.to_string(),
        row.row.today.to_string(),
        row.control.id.to_owned(),
        session.value_after(row).unwrap_or_default(),
    ]
    .join(" ")
}

fn words_of_finding(finding: &Finding) -> String {
    let paths: Vec<String> = finding.hit.paths.iter().map(ToString::to_string).collect();
    let severity = both(words::severity(finding.severity));
    format!("{} {severity} {} {}", finding.id, both(finding.check.title), paths.join(" "))
}
