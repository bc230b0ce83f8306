//! Skills: what nobody has reviewed yet, one at a time, and what becomes of it.

use super::{Go, Hint, Mouse, moved};
use crate::posture::KEEP;
use crate::posture::skills::{DENY, DISABLE, row_key};
use crate::report::skills as said;
use crate::skills::Sign;
use crate::skills::state::{Change, Item, Review};
use crate::text::wrap::{clip, pad, wrap};
use crate::text::{Text, harmless};
use crate::tui::session::{Session, Verdict};
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::path::PathBuf;

const HEADING: Text = Text {
    en: "Skills and plugins to review: {n}, of which {marked} decided",
    ja: "未確認のスキルとプラグイン: {n}件 (うち決定済み {marked}件)",
};
const NOTHING: Text = Text {
    en: "Nothing to review: every skill is as you accepted it.",
    ja: "未確認のスキルはありません。すべて確認時のままです。",
};
const OWN: Text = Text {
    en: "{n} of OpenClaw's own, without a sign of harm (f lists them)",
    ja: "OpenClaw 同梱の {n}件 (問題の兆候なし。f で一覧)",
};
const OWN_MORE: Text = Text {
    en: "These came with OpenClaw. y keeps them all; f lists them, to decide on each.",
    ja: "OpenClaw に同梱されたスキルです。y ですべて残します。f で一覧にして個別に決められます。",
};
const NEW: Text = Text { en: "new", ja: "新規" };
const LOOK: Text = Text { en: "LOOK", ja: "要注意" };
const KEPT: Text = Text { en: "keep", ja: "残す" };
const OFF: Text = Text { en: "off", ja: "無効" };
const DENIED: Text = Text { en: "deny", ja: "拒否" };
const NO_CHOICE: Text = Text {
    en: "That is not possible here: the skill is off already, or no agent has a tool that it wants.",
    ja: "ここでは選べません。すでに無効か、このスキルの使うツールをどのエージェントも持っていません。",
};
const SHOWN_FILE: Text = Text { en: "{file}  ({n}/{count})", ja: "{file}  ({n}/{count})" };
const KEEP_IT: Text = Text { en: "Keep", ja: "残す" };
const DENY_IT: Text = Text { en: "Deny", ja: "拒否" };
const SWITCH_OFF: Text = Text { en: "Off", ja: "無効化" };
const OPEN: Text = Text { en: "Read", ja: "中身" };
const UNDO: Text = Text { en: "Undo", ja: "取消" };
const FINISH: Text = Text { en: "Finish", ja: "完了" };
const NEXT_FILE: Text = Text { en: "Next file", ja: "次" };
const SCROLL: Text = Text { en: "Scroll", ja: "送る" };

/// A file of a skill in view.
struct File {
    files: Vec<PathBuf>,
    at: usize,
    lines: Vec<String>,
    scroll: usize,
}

/// The list, or a file of a skill.
#[derive(Default)]
pub struct SkillsScreen {
    cursor: usize,
    scroll: usize,
    is_unfolded: bool,
    file: Option<File>,
}

/// What a line of the list stands for.
enum Entry<'r> {
    One(&'r Item),
    /// OpenClaw's own, folded.
    Own(Vec<&'r Item>),
}

impl Entry<'_> {
    fn items(&self) -> Vec<&Item> {
        match self {
            Entry::One(item) => vec![item],
            Entry::Own(items) => items.clone(),
        }
    }
}

fn entries(review: &Review, is_unfolded: bool) -> Vec<Entry<'_>> {
    let is_own = |item: &&Item| item.skill.source.is_bundled() && item.skill.judged.alarms().next().is_none();
    let (own, others): (Vec<&Item>, Vec<&Item>) = review.open().partition(|item| !is_unfolded && is_own(item));
    let folded = (!own.is_empty()).then_some(Entry::Own(own));
    others.into_iter().map(Entry::One).chain(folded).collect()
}

impl SkillsScreen {
    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        if self.file.is_some() {
            return self.on_file_key(key, session);
        }
        let page = isize::try_from(session.body.height / 2).unwrap_or(1);
        match key.code {
            KeyCode::Enter if session.verdicts.is_empty() => return Go::To(0),
            KeyCode::Enter if session.kept_skills().is_empty() => return Go::To(words::REVIEW),
            KeyCode::Enter => return Go::Remember,
            KeyCode::Esc | KeyCode::BackTab => return Go::To(0),
            KeyCode::Up | KeyCode::Char('k') => self.step_by(-1, session),
            KeyCode::Down | KeyCode::Char('j') => self.step_by(1, session),
            KeyCode::Home => self.step_by(isize::MIN, session),
            KeyCode::End => self.step_by(isize::MAX, session),
            KeyCode::PageDown => self.scroll = self.scroll.saturating_add_signed(page),
            KeyCode::PageUp => self.scroll = self.scroll.saturating_add_signed(-page),
            KeyCode::Char('y') => return self.decide(Some(Verdict::Keep), session),
            KeyCode::Char('d') => return self.decide(Some(Verdict::Deny), session),
            KeyCode::Char('x') => return self.decide(Some(Verdict::Off), session),
            KeyCode::Char('r') => return self.decide(None, session),
            KeyCode::Char('f') => {
                self.is_unfolded = !self.is_unfolded;
                self.step_by(0, session);
            }
            KeyCode::Char('o') => return self.open(session),
            _ => {}
        }
        Go::Stay
    }

    fn on_file_key(&mut self, key: KeyEvent, session: &Session) -> Go {
        let Some(file) = &mut self.file else {
            return Go::Stay;
        };
        let page = isize::try_from(session.body.height).unwrap_or(1) - 2;
        let by = match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::BackTab | KeyCode::Char('o') => {
                self.file = None;
                return Go::Stay;
            }
            KeyCode::Tab => {
                file.at = (file.at + 1) % file.files.len();
                return Go::LookAt(file.files[file.at].clone());
            }
            KeyCode::Up | KeyCode::Char('k') => -1,
            KeyCode::Down | KeyCode::Char('j') => 1,
            KeyCode::PageUp => -page,
            KeyCode::PageDown | KeyCode::Char(' ') => page,
            KeyCode::Home => isize::MIN,
            KeyCode::End => isize::MAX,
            _ => 0,
        };
        file.scroll = moved(file.scroll, by, file.lines.len());
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        match (mouse, &mut self.file) {
            (Mouse::Wheel(_, by), Some(file)) => file.scroll = moved(file.scroll, by, file.lines.len()),
            (Mouse::Wheel(_, by), None) => self.scroll = self.scroll.saturating_add_signed(by),
            (Mouse::Click(place), None) => {
                let (list, _) = self.areas(session);
                let pane = self.list(session);
                if let Some(at) = pane.at(list, pane.centred(&self.cursor, list.height), place) {
                    (self.cursor, self.scroll) = (at, 0);
                }
            }
            (Mouse::Click(_), Some(_)) => {}
        }
        Go::Stay
    }

    fn step_by(&mut self, by: isize, session: &Session) {
        let count = session.review().map_or(0, |review| entries(review, self.is_unfolded).len());
        self.cursor = moved(self.cursor, by, count);
        self.scroll = 0;
    }

    /// Decides on what is under the cursor, and moves on to the next.
    fn decide(&mut self, verdict: Option<Verdict>, session: &mut Session) -> Go {
        let Some(review) = session.review().cloned() else {
            return Go::Stay;
        };
        let listed = entries(&review, self.is_unfolded);
        let Some(entry) = listed.get(self.cursor) else {
            return Go::Stay;
        };
        let value = match verdict {
            Some(Verdict::Keep) => Some(KEEP),
            Some(Verdict::Deny) => Some(DENY),
            Some(Verdict::Off) => Some(DISABLE),
            None => None,
        };
        let items = entry.items();
        let is_offered = |item: &&Item| {
            let row = session.row(&row_key(&item.skill));
            value.is_some_and(|value| row.is_some_and(|row| row.row.choices.iter().any(|choice| choice.value == value)))
        };
        let needs_row = matches!(verdict, Some(Verdict::Deny | Verdict::Off));
        if needs_row && (items.len() > 1 || !items.iter().all(is_offered)) {
            return Go::Say(NO_CHOICE.into());
        }
        let skills: Vec<_> = items.iter().map(|item| &item.skill).collect();
        if let Err(why) = session.judge_skills(&skills, verdict, value) {
            return Go::Say(why);
        }
        if verdict.is_some() {
            self.step_by(1, session);
        }
        Go::Stay
    }

    /// Opens the files that speak: those with signs of harm first, `SKILL.md` in any case.
    fn open(&mut self, session: &Session) -> Go {
        let review = session.review();
        let listed = review.map(|review| entries(review, self.is_unfolded)).unwrap_or_default();
        let Some(Entry::One(item)) = listed.get(self.cursor) else {
            return Go::Stay;
        };
        let mut files: Vec<PathBuf> = Vec::new();
        let named = item.skill.judged.alarms().map(|sign| sign.file.as_str()).chain(["SKILL.md"]);
        for name in named.filter(|name| item.skill.content.files.contains_key(*name)) {
            let path = item.skill.path.join(name);
            if !files.contains(&path) {
                files.push(path);
            }
        }
        let Some(first) = files.first().cloned() else {
            return Go::Stay;
        };
        self.file = Some(File { files, at: 0, lines: Vec::new(), scroll: 0 });
        Go::LookAt(first)
    }

    /// Shows the text of the file that was asked for.
    pub fn show(&mut self, text: &str) {
        if let Some(file) = &mut self.file {
            file.lines = text.lines().map(harmless).collect();
            file.scroll = 0;
        }
    }

    /// Closes the file: it could not be read.
    pub fn close(&mut self) {
        self.file = None;
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        if let Some(file) = &self.file {
            let mut keys = vec![("Esc", words::BACK), ("Up Down", SCROLL)];
            if file.files.len() > 1 {
                keys.push(("Tab", NEXT_FILE));
            }
            return keys;
        }
        if session.review().is_none_or(|review| review.open().next().is_none()) {
            return vec![("Esc", words::BACK)];
        }
        vec![
            ("y", KEEP_IT),
            ("d", DENY_IT),
            ("x", SWITCH_OFF),
            ("o", OPEN),
            ("Enter", FINISH),
            ("r", UNDO),
            ("Esc", words::BACK),
        ]
    }

    /// The list above, what is known of the skill under the cursor below.
    fn areas(&self, session: &Session) -> (Rect, Rect) {
        let body = session.body;
        let count = session.review().map_or(0, |review| entries(review, self.is_unfolded).len());
        let height = u16::try_from(count).unwrap_or(u16::MAX).min(body.height.saturating_sub(2) * 2 / 5).max(1);
        let list = Rect { y: body.y + 1, height, ..body };
        let y = list.bottom() + 1;
        (list, Rect { y, height: body.bottom().saturating_sub(y), ..body })
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let (body, theme) = (session.body, session.look.theme);
        if let Some(file) = &self.file {
            return draw_file(file, buf, session);
        }
        let review = session.review().filter(|review| review.open().next().is_some());
        let heading = match review {
            Some(review) => {
                let marked = review.open().filter(|item| session.verdicts.contains_key(&item.skill.path)).count();
                HEADING.with("n", review.open().count()).with("marked", marked).of(session.lang())
            }
            None => session.say(NOTHING).to_owned(),
        };
        buf.set_line(body.x, body.y, &Line::from(Span::styled(heading, theme.heading)), body.width);
        let (list, below) = self.areas(session);
        let pane = self.list(session);
        pane.draw(list, buf, pane.centred(&self.cursor, list.height), &session.look);
        if review.is_some() {
            let across = session.look.symbols.across.repeat(usize::from(body.width));
            buf.set_string(body.x, list.bottom(), &across, theme.quiet);
        }
        let detail = self.detail(session);
        detail.draw(below, buf, detail.clamped(self.scroll, below.height), &session.look);
    }

    fn list(&self, session: &Session) -> Pane<usize> {
        let theme = session.look.theme;
        let mut pane = Pane::default();
        let Some(review) = session.review() else {
            return pane;
        };
        let columns = usize::from(session.body.width).saturating_sub(2);
        for (at, entry) in entries(review, self.is_unfolded).iter().enumerate() {
            let (mark, style) = if at == self.cursor { (">", theme.cursor) } else { (" ", theme.plain) };
            let items = entry.items();
            let verdict = items.first().and_then(|item| session.verdicts.get(&item.skill.path));
            let verdict = match verdict {
                Some(Verdict::Keep) => session.say(KEPT),
                Some(Verdict::Deny) => session.say(DENIED),
                Some(Verdict::Off) => session.say(OFF),
                None => "-",
            };
            let mut line = vec![Span::styled(format!("{mark} {} ", pad(verdict, 6)), style)];
            match entry {
                Entry::One(item) => {
                    let has_alarm = item.skill.judged.alarms().next().is_some();
                    let alarm = if has_alarm { session.say(LOOK) } else { "" };
                    line.push(Span::styled(pad(alarm, 7), theme.critical));
                    line.push(Span::styled(pad(&clip(&harmless(&item.skill.judged.name), 24), 25), style));
                    line.push(Span::styled(pad(item.skill.source.name(), 23), theme.quiet));
                    let what = match item.changes.first() {
                        Some(Change::New) => session.say(NEW).to_owned(),
                        Some(change) => said::change(change).of(session.lang()),
                        None => String::new(),
                    };
                    line.push(Span::raw(clip(&what, columns.saturating_sub(64))));
                }
                Entry::Own(items) => {
                    line.push(Span::raw(clip(&OWN.with("n", items.len()).of(session.lang()), columns - 9)));
                }
            }
            pane.push_for(Line::from(line), at);
        }
        pane
    }

    fn detail(&self, session: &Session) -> Pane<usize> {
        const REFUSED: Text =
            Text { en: "OpenClaw does not load it: {why}", ja: "OpenClaw は読み込みません: {why}" };
        const LOSES: Text = Text {
            en: "Agent {agent} gets another skill of this name: {path}",
            ja: "エージェント {agent} では同名の別スキルが優先されます: {path}",
        };
        const UNREAD: Text = Text { en: "Not read: {file}: {why}", ja: "未確認: {file}: {why}" };
        const WANTS: Text = Text { en: "Wants: {tools}", ja: "使うツール: {tools}" };
        const DECLARES: Text = Text { en: "Declares: {what}", ja: "宣言: {what}" };
        let (theme, lang) = (session.look.theme, session.lang());
        let columns = usize::from(session.body.width).saturating_sub(2).min(120);
        let mut pane = Pane::default();
        let listed = session.review().map(|review| entries(review, self.is_unfolded)).unwrap_or_default();
        let mut push = |text: &str, indent, style| pane.say(text, columns, indent, style);
        let item = match listed.get(self.cursor) {
            None => return pane,
            Some(Entry::Own(_)) => {
                push(session.say(OWN_MORE), 0, theme.plain);
                return pane;
            }
            Some(Entry::One(item)) => *item,
        };
        let (skill, judged) = (&item.skill, &item.skill.judged);
        push(&harmless(&skill.path.display().to_string()), 0, theme.quiet);
        push(&said::origin(&skill.origin).of(lang), 0, theme.plain);
        item.changes.iter().for_each(|change| push(&said::change(change).of(lang), 0, theme.plain));
        if let Some(description) = &judged.declared.description {
            push(&format!("\"{}\"", harmless(&clip(description, 3 * columns))), 0, theme.quiet);
        }
        if let Some(why) = &judged.refused {
            push(&REFUSED.with("why", why).of(lang), 0, theme.plain);
        }
        for (agent, path) in &skill.shadowed_by {
            push(&LOSES.with("agent", agent).with("path", path.display()).of(lang), 0, theme.plain);
        }
        let signs: Vec<&Sign> = judged.signs.iter().filter(|sign| sign.topic.is_alarm()).collect();
        for sign in signs {
            let style = if sign.is_alarm() { theme.critical } else { theme.plain };
            push(
                &format!("{} ({})", session.say(sign.topic.text()), session.say(said::certainty(sign.certainty))),
                0,
                style,
            );
            push(&said::place(sign), 2, theme.plain);
        }
        for (file, why) in skill.content.unread.iter().take(20) {
            push(&UNREAD.with("file", file).with("why", session.say(said::unread(*why))).of(lang), 0, theme.plain);
        }
        let tools: Vec<String> = judged.tools.iter().map(|wish| format!("{} ({})", wish.tool, wish.why)).collect();
        if !tools.is_empty() {
            push(&WANTS.with("tools", tools.join(", ")).of(lang), 0, theme.plain);
        }
        let declared = said::declared(skill);
        if !declared.is_empty() {
            push(&DECLARES.with("what", declared).of(lang), 0, theme.plain);
        }
        for (topic, shown) in said::wishes(skill) {
            push(&harmless(&format!("{}: {shown}", topic.of(lang))), 0, theme.plain);
        }
        said::fits(&session.plan.settings_after.skill_fit(skill))
            .iter()
            .for_each(|fit| push(&fit.of(lang), 0, theme.plain));
        pane
    }
}

fn draw_file(file: &File, buf: &mut Buffer, session: &Session) {
    let (body, theme) = (session.body, session.look.theme);
    let path = file.files[file.at].display().to_string();
    let title = SHOWN_FILE.with("file", path).with("n", file.at + 1).with("count", file.files.len());
    buf.set_line(body.x, body.y, &Line::from(Span::styled(title.of(session.lang()), theme.heading)), body.width);
    let path = &file.files[file.at];
    let review = session.review();
    let skill = review.and_then(|review| review.items.iter().find(|item| path.starts_with(&item.skill.path)));
    let telling: Vec<usize> = skill
        .into_iter()
        .flat_map(|item| item.skill.judged.alarms().filter(|sign| item.skill.path.join(&sign.file) == *path))
        .map(|sign| sign.line)
        .collect();
    let mut pane: Pane<usize> = Pane::default();
    let columns = usize::from(body.width).saturating_sub(10);
    for (at, line) in file.lines.iter().enumerate() {
        let is_telling = telling.contains(&(at + 1));
        let style = if is_telling { theme.critical } else { theme.plain };
        for (n, piece) in wrap(line, columns).into_iter().enumerate() {
            let number =
                if n == 0 { format!("{:>5} {} ", at + 1, if is_telling { "!" } else { " " }) } else { " ".repeat(8) };
            pane.push_for(Line::from(vec![Span::styled(number, theme.quiet), Span::styled(piece, style)]), at);
        }
    }
    let area = Rect { y: body.y + 1, height: body.height - 1, ..body };
    let top = pane.span(&file.scroll).map_or(0, |(first, _)| first);
    pane.draw(area, buf, pane.clamped(top, area.height), &session.look);
}
