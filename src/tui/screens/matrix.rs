//! Who may call what: every tool of an agent for every kind of caller, before -> after.

use super::{ARROW, Go, Hint, Mouse, moved};
use crate::settings::Settings;
use crate::settings::tools::{
    Approval, Caller, Decision, GROUPS, Group, MCP_TOOL, PLUGIN_TOOL, Sender, Session as Kind, catalogue,
};
use crate::text::wrap::{clip, pad, wrap};
use crate::text::{Said, Text, harmless};
use crate::tui::session::Session;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;

const WHOSE: Text = Text {
    en: "Who may call what, now -> then: agent {agent} ({n} of {count})",
    ja: "ツールを使える送信者 (今 -> 適用後): エージェント {agent} ({n}/{count})",
};
const WITH: Text = Text { en: "with {provider}", ja: "{provider} 使用時" };
const LEGEND: Text = Text {
    en: "host: gateway  box: sandbox  node: device  2/3: tools  ?: limited  -: blocked",
    ja: "host: ホスト  box: サンドボックス  node: 端末  2/3: 個数  ?: 要確認  -: 不可",
};
const COLUMNS: Text = Text { en: "{first}-{last} of {count} columns", ja: "{count}列中 {first}-{last}列" };
const MAIN: Text = Text { en: "main", ja: "メイン" };
const OTHER: Text = Text { en: "other", ja: "その他" };
const NOW: Text = Text { en: "Now", ja: "今" };
const THEN: Text = Text { en: "Then", ja: "適用後" };
const SAME: Text = Text { en: "Stays", ja: "変更なし" };
const BLOCKED: Text = Text { en: "blocked. {why}", ja: "使えません。{why}" };
const ALLOWED: Text = Text { en: "{place}; {approval}. {why}", ja: "{place}、{approval}。{why}" };
const ALLOWED_FILES: Text =
    Text { en: "{place}; {approval}; {files}. {why}", ja: "{place}、{approval}、{files}。{why}" };
const OF_GROUP: Text =
    Text { en: "{label}: {now} of {count} -> {then}", ja: "{label}: {count}個中 {now} -> {then}個" };
const LOST: Text = Text { en: "No longer: {tools}", ja: "使えなくなるツール: {tools}" };
const MOVED: Text = Text { en: "Changed: {tools}", ja: "変わるツール: {tools}" };
const ANY_PLUGIN: Text = Text { en: "other plugins", ja: "ほかのプラグイン" };
const ANY_SERVER: Text = Text { en: "MCP servers", ja: "MCP サーバー" };
const NO_AGENT: Text =
    Text { en: "The config has no agent.", ja: "エージェントが設定されていません。" };
const FOLD: Text = Text { en: "Open or fold", ja: "開閉" };
const REASON: Text = Text { en: "Reason", ja: "理由" };
const NEXT_AGENT: Text = Text { en: "Next agent", ja: "次のエージェント" };
const PROVIDER: Text = Text { en: "Provider", ja: "プロバイダー" };

/// The columns of a name, and of a cell with the blank before it.
const NAME: usize = 22;
const CELL: usize = 13;
/// The lines of the reason below the list.
const BELOW: u16 = 6;

/// The matrix, on the screen of a step.
pub struct Matrix {
    agents: Vec<String>,
    agent: usize,
    /// 0: a provider that no list names.
    provider: usize,
    table: Table,
    open: BTreeSet<usize>,
    cursor: usize,
    column: usize,
}

/// One agent with one provider.
#[derive(Default)]
struct Table {
    providers: Vec<String>,
    columns: Vec<(Kind, Sender)>,
    groups: Vec<Vec<Tool>>,
}

struct Tool {
    name: String,
    /// Before and after, for each column.
    cells: Vec<(Decision, Decision)>,
}

/// A line: a group, or a tool in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Group(usize),
    Tool(usize, usize),
}

impl Matrix {
    /// Opens the matrix at the first agent.
    pub fn new(session: &Session) -> Self {
        let agents = session.plan.settings_after.agents().iter().map(|agent| agent.id.to_owned()).collect();
        let mut matrix = Matrix {
            agents,
            agent: 0,
            provider: 0,
            table: Table::default(),
            open: BTreeSet::new(),
            cursor: 0,
            column: 0,
        };
        matrix.look(session);
        matrix
    }

    /// Does what a key asks for; none where it is to be closed.
    pub fn on_key(&mut self, key: KeyEvent, session: &Session) -> Option<Go> {
        let lines = self.lines();
        let page = usize::from(parts(session.body).list.height).max(1) as isize;
        let by = |by| moved(self.cursor, by, lines.len());
        match key.code {
            KeyCode::Esc | KeyCode::Char('m') => return None,
            KeyCode::Up | KeyCode::Char('k') => self.cursor = by(-1),
            KeyCode::Down | KeyCode::Char('j') => self.cursor = by(1),
            KeyCode::PageUp => self.cursor = by(-page),
            KeyCode::PageDown => self.cursor = by(page),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = lines.len().saturating_sub(1),
            KeyCode::Left => self.column = self.column.saturating_sub(1),
            KeyCode::Right => self.column = moved(self.column, 1, self.table.columns.len()),
            KeyCode::Tab => self.turn_to(1, session),
            KeyCode::BackTab => self.turn_to(-1, session),
            KeyCode::Char('p') => {
                self.provider = (self.provider + 1) % (self.table.providers.len() + 1);
                self.look(session);
            }
            KeyCode::Enter | KeyCode::Char(' ') => return Some(self.open(lines.get(self.cursor).copied(), session)),
            _ => {}
        }
        Some(Go::Stay)
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &Session) -> Go {
        let lines = self.lines();
        match mouse {
            Mouse::Wheel(_, by) => self.cursor = moved(self.cursor, by, lines.len()),
            Mouse::Click(place) => {
                let area = parts(session.body).list;
                let list = self.list(session, area.width.into());
                let Some(line) = list.at(area, list.centred(&self.cursor, area.height), place) else {
                    return Go::Stay;
                };
                let column = usize::from(place.x - area.x).checked_sub(NAME + 2).map(|x| x / CELL);
                let view = self.in_view(area.width.into());
                let column = column.map(|n| n + view.start).filter(|n| view.contains(n));
                let again = line == self.cursor && column.is_none_or(|column| column == self.column);
                self.cursor = line;
                self.column = column.unwrap_or(self.column);
                if again {
                    return self.open(lines.get(line).copied(), session);
                }
            }
        }
        Go::Stay
    }

    /// Draws the matrix.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let look = &session.look;
        let parts = parts(session.body);
        if self.table.columns.is_empty() {
            buf.set_string(parts.list.x, parts.list.y, session.say(NO_AGENT), look.theme.plain);
            return;
        }
        let columns = usize::from(parts.list.width);
        let agent = self.agents.get(self.agent).map(String::as_str).unwrap_or_default();
        let mut whose =
            WHOSE.with("agent", agent).with("n", self.agent + 1).with("count", self.agents.len()).of(session.lang());
        if let Some(provider) = self.provider.checked_sub(1).and_then(|n| self.table.providers.get(n)) {
            whose = format!("{whose}  {}", WITH.with("provider", provider).of(session.lang()));
        }
        buf.set_string(parts.whose.x, parts.whose.y, clip(&whose, columns), look.theme.heading);
        for (y, line) in (parts.whose.y + 1..).zip(self.heads(session, columns)) {
            buf.set_line(parts.whose.x, y, &line, parts.whose.width);
        }
        let list = self.list(session, columns);
        list.draw(parts.list, buf, list.centred(&self.cursor, parts.list.height), look);
        let rule = look.symbols.across.repeat(columns);
        buf.set_string(parts.list.x, parts.list.bottom(), rule, look.theme.quiet);
        let wide = columns.saturating_sub(1);
        let mut below: Vec<(String, Style)> = Vec::new();
        if let Some(at) = self.lines().get(self.cursor).copied() {
            below.extend(self.reason(at, session).into_iter().flat_map(|(text, style)| {
                wrap(&text, wide).into_iter().map(move |line| (line, style)).collect::<Vec<_>>()
            }));
        }
        below.truncate(usize::from(parts.below.height).saturating_sub(1));
        for (y, (line, style)) in (parts.below.y..).zip(below) {
            buf.set_string(parts.below.x, y, line, style);
        }
        let legend = clip(session.say(LEGEND), columns);
        buf.set_string(parts.below.x, parts.below.bottom() - 1, legend, look.theme.quiet);
    }

    /// Is the keys that work now.
    pub fn keys(&self) -> Vec<Hint> {
        let on_group = matches!(self.lines().get(self.cursor), Some(At::Group(_)));
        let mut keys = vec![("Enter", if on_group { FOLD } else { REASON }), ("Up Down", words::MOVE)];
        if self.agents.len() > 1 {
            keys.push(("Tab", NEXT_AGENT));
        }
        if !self.table.providers.is_empty() {
            keys.push(("p", PROVIDER));
        }
        keys.push(("Esc", words::BACK));
        keys
    }

    fn turn_to(&mut self, by: isize, session: &Session) {
        let count = self.agents.len().max(1) as isize;
        self.agent = (self.agent as isize + by).rem_euclid(count) as usize;
        self.provider = 0;
        self.look(session);
    }

    /// Works the table out anew.
    fn look(&mut self, session: &Session) {
        let plan = &session.plan;
        self.table = match self.agents.get(self.agent) {
            Some(agent) => Table::new(agent, self.provider, &plan.settings, &plan.settings_after),
            None => Table::default(),
        };
        self.column = moved(self.column, 0, self.table.columns.len());
    }

    fn lines(&self) -> Vec<At> {
        let mut lines = Vec::new();
        for (n, tools) in self.table.groups.iter().enumerate() {
            lines.push(At::Group(n));
            if self.open.contains(&n) {
                lines.extend((0..tools.len()).map(|tool| At::Tool(n, tool)));
            }
        }
        lines
    }

    fn open(&mut self, at: Option<At>, session: &Session) -> Go {
        match at {
            Some(At::Group(group)) => {
                if !self.open.remove(&group) {
                    self.open.insert(group);
                }
                Go::Stay
            }
            Some(at) => {
                let parts: Vec<String> = self.reason(at, session).into_iter().map(|(text, _)| text).collect();
                Go::Say(Said::from(parts.join("  ")))
            }
            None => Go::Stay,
        }
    }

    /// Is the columns in view: the one under the cursor is always among them.
    fn in_view(&self, columns: usize) -> Range<usize> {
        let fitting = (columns.saturating_sub(NAME + 3) / CELL).max(1);
        let first = (self.column + 1).saturating_sub(fitting);
        first..(first + fitting).min(self.table.columns.len())
    }

    fn heads(&self, session: &Session, columns: usize) -> [Line<'static>; 2] {
        let theme = session.look.theme;
        let view = self.in_view(columns);
        let count = self.table.columns.len();
        let part = COLUMNS.with("first", view.start + 1).with("last", view.end).with("count", count).of(session.lang());
        let part = if view.len() < count { part } else { String::new() };
        let line = |of: &dyn Fn(&(Kind, Sender)) -> String, name: &str| {
            let mut spans = vec![Span::styled(format!("  {}", pad(name, NAME)), theme.quiet)];
            for n in view.clone() {
                let style = if n == self.column { theme.heading } else { theme.quiet };
                spans.push(Span::styled(pad(&clip(&of(&self.table.columns[n]), CELL - 1), CELL), style));
            }
            Line::from(spans)
        };
        let kind = |column: &(Kind, Sender)| {
            let text = if column.0 == Kind::Main { MAIN } else { OTHER };
            session.say(text).to_owned()
        };
        [line(&kind, ""), line(&|column| column.1.said().of(session.lang()), &part)]
    }

    fn list(&self, session: &Session, columns: usize) -> Pane<usize> {
        let theme = session.look.theme;
        let view = self.in_view(columns);
        let mut pane = Pane::default();
        for (n, at) in self.lines().into_iter().enumerate() {
            let under = n == self.cursor;
            let style = if under { theme.heading } else { theme.plain };
            let name = match at {
                At::Group(group) => {
                    let mark = if self.open.contains(&group) { "-" } else { "+" };
                    format!("{mark} {}", session.say(GROUPS[group].label))
                }
                At::Tool(group, tool) => format!("    {}", shown(&self.table.groups[group][tool].name, session)),
            };
            let mut spans = vec![
                Span::styled(if under { "> " } else { "  " }, style),
                Span::styled(pad(&clip(&name, NAME - 1), NAME), style),
            ];
            for column in view.clone() {
                let (before, after, changed) = self.cell(at, column);
                let text = if before == after && !changed {
                    before
                } else if before == after {
                    format!("{before} *")
                } else {
                    change(&before, &after)
                };
                let style = match (under && column == self.column, changed) {
                    (true, _) => theme.cursor,
                    (false, true) => theme.new_value,
                    (false, false) => theme.plain,
                };
                spans.push(Span::styled(pad(&text, CELL - 1), style));
                spans.push(Span::raw(" "));
            }
            pane.push_for(Line::from(spans), n);
        }
        pane
    }

    /// Is a cell before and after, and whether anything in it changes.
    fn cell(&self, at: At, column: usize) -> (String, String, bool) {
        match at {
            At::Tool(group, tool) => {
                let (before, after) = &self.table.groups[group][tool].cells[column];
                (word(before), word(after), is_changed(before, after))
            }
            At::Group(group) => {
                let cells = || self.table.groups[group].iter().map(|tool| &tool.cells[column]);
                let before = in_one_word(cells().map(|cell| &cell.0));
                let after = in_one_word(cells().map(|cell| &cell.1));
                (before, after, cells().any(|(before, after)| is_changed(before, after)))
            }
        }
    }

    /// Says why a cell is as it is.
    fn reason(&self, at: At, session: &Session) -> Vec<(String, Style)> {
        let theme = session.look.theme;
        let lang = session.lang();
        let (kind, sender) = &self.table.columns[self.column];
        let who = format!("{}, {}", session.say(kind.text()), sender.said().of(lang));
        match at {
            At::Tool(group, tool) => {
                let tool = &self.table.groups[group][tool];
                let (before, after) = &tool.cells[self.column];
                let head = format!("{}: {who}", shown(&tool.name, session));
                let mut said = vec![(head, theme.heading)];
                let line =
                    |name: Text, decision: &Decision| format!("{}: {}", session.say(name), sentence(decision, session));
                if before == after {
                    said.push((line(SAME, before), theme.plain));
                } else {
                    said.push((line(NOW, before), theme.plain));
                    said.push((line(THEN, after), theme.new_value));
                }
                said
            }
            At::Group(group) => {
                let tools = &self.table.groups[group];
                let cells = || tools.iter().map(|tool| (&tool.name, &tool.cells[self.column]));
                let allowed =
                    |of: fn(&(Decision, Decision)) -> &Decision| cells().filter(|(_, cell)| of(cell).allowed).count();
                let named = |wanted: &dyn Fn(&(Decision, Decision)) -> bool| {
                    let names: Vec<String> =
                        cells().filter(|(_, cell)| wanted(cell)).map(|(name, _)| shown(name, session)).collect();
                    names.join(", ")
                };
                let head = OF_GROUP
                    .with("label", session.say(GROUPS[group].label))
                    .with("now", allowed(|cell| &cell.0))
                    .with("count", tools.len())
                    .with("then", allowed(|cell| &cell.1));
                let mut said = vec![(format!("{}  ({who})", head.of(lang)), theme.heading)];
                let lost = named(&|(before, after)| before.allowed && !after.allowed);
                let moved = named(&|(before, after)| before.allowed && after.allowed && is_changed(before, after));
                for (text, names) in [(LOST, lost), (MOVED, moved)] {
                    if !names.is_empty() {
                        said.push((text.with("tools", names).of(lang), theme.new_value));
                    }
                }
                let changed = cells().find(|(_, (before, after))| is_changed(before, after));
                let why = changed.or_else(|| cells().next()).map(|(_, (_, after))| after.why().of(lang));
                said.extend(why.map(|why| (why, theme.plain)));
                said
            }
        }
    }
}

impl Table {
    fn new(agent: &str, provider: usize, before: &Settings, after: &Settings) -> Self {
        let providers = after.providers_of(agent);
        let model = provider.checked_sub(1).and_then(|n| providers.get(n)).map(String::as_str);
        let context = |settings: &Settings| {
            settings.tool_context_for(agent, model).unwrap_or_else(|| settings.default_tool_context(model))
        };
        let (was, now) = (context(before), context(after));
        let mut senders = was.senders();
        senders.extend(now.senders());
        let mut unique: Vec<Sender> = Vec::new();
        for sender in senders {
            if !unique.contains(&sender) {
                unique.push(sender);
            }
        }
        let columns: Vec<(Kind, Sender)> =
            Kind::ALL.into_iter().flat_map(|kind| unique.iter().map(move |sender| (kind, sender.clone()))).collect();
        let tool = |name: String| {
            let cells = columns.iter().map(|(session, sender)| {
                let caller = Caller { session: *session, sender, group: None };
                let told = |settings: &Settings, mut decision: Decision| {
                    decision.key = settings.file_path(&decision.key);
                    decision
                };
                (told(before, was.decide_for(&name, caller)), told(after, now.decide_for(&name, caller)))
            });
            let cells = cells.collect();
            Tool { name, cells }
        };
        let groups = GROUPS.iter().map(|group| tools_of(group, after).into_iter().map(tool).collect()).collect();
        Table { providers, columns, groups }
    }
}

/// Is the tools of a group; of plugins and MCP servers those that are in no other group.
fn tools_of(group: &Group, settings: &Settings) -> Vec<String> {
    if group.id != "group:plugins" {
        return group.tools().to_vec();
    }
    let catalogue = catalogue();
    let elsewhere = |tool: &String| catalogue.is_tool(tool);
    let servers = settings.get("mcp.servers").and_then(Value::as_object);
    let mut tools: Vec<String> =
        servers.into_iter().flatten().map(|(server, _)| format!("{}__tools", server.to_lowercase())).collect();
    tools.extend([MCP_TOOL.to_owned(), PLUGIN_TOOL.to_owned()]);
    tools.extend(catalogue.plugin_tools.values().flatten().filter(|tool| !elsewhere(tool)).cloned());
    tools
}

/// Is a tool as it is shown.
fn shown(name: &str, session: &Session) -> String {
    match name {
        PLUGIN_TOOL => session.say(ANY_PLUGIN).to_owned(),
        MCP_TOOL => session.say(ANY_SERVER).to_owned(),
        name => {
            harmless(&name.strip_suffix("__tools").map_or_else(|| name.to_owned(), |server| format!("{server}__*")))
        }
    }
}

/// Is what a cell was and becomes; the number of tools stands once.
fn change(before: &str, after: &str) -> String {
    match (before.split_once('/'), after.split_once('/')) {
        (Some((some, all)), Some((fewer, count))) if all == count => format!("{some}{ARROW}{fewer}/{all}"),
        _ => format!("{before}{ARROW}{after}"),
    }
}

fn is_changed(before: &Decision, after: &Decision) -> bool {
    before.allowed != after.allowed
        || before.allowed && (before.place, before.approval, before.files) != (after.place, after.approval, after.files)
}

fn word(decision: &Decision) -> String {
    match (decision.allowed, decision.approval) {
        (false, _) => "-".to_owned(),
        (true, Approval::None) => decision.place.short().to_owned(),
        (true, _) => format!("{}?", decision.place.short()),
    }
}

/// Is the word of all, or how many of them are allowed.
fn in_one_word<'d>(decisions: impl Iterator<Item = &'d Decision> + Clone) -> String {
    let mut words: Vec<String> = decisions.clone().map(word).collect();
    let count = words.len();
    words.dedup();
    match words.as_slice() {
        [word] => word.clone(),
        _ => format!("{}/{count}", decisions.filter(|decision| decision.allowed).count()),
    }
}

fn sentence(decision: &Decision, session: &Session) -> String {
    let lang = session.lang();
    let why = decision.why().of(lang);
    if !decision.allowed {
        return BLOCKED.with("why", why).of(lang);
    }
    let text = if decision.files.text().is_some() { ALLOWED_FILES } else { ALLOWED };
    let said = text
        .with("place", session.say(decision.place.text()))
        .with("approval", session.say(decision.approval.text()))
        .with("files", decision.files.text().map(|text| session.say(text)).unwrap_or_default());
    said.with("why", why).of(lang)
}

struct Parts {
    whose: Rect,
    list: Rect,
    below: Rect,
}

fn parts(body: Rect) -> Parts {
    let whose = Rect { y: body.y + 1, height: 3, ..body };
    let below = Rect { y: body.bottom().saturating_sub(BELOW), height: BELOW, ..body };
    let list = Rect { y: whose.bottom(), height: below.y.saturating_sub(whose.bottom() + 1), ..body };
    Parts { whose, list, below }
}
