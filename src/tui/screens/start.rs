//! Start: what was found, whom the installation serves, what can be done.

use super::{Go, Hint, Mouse, consequences, moved, picture};
use crate::posture::mend::{Group, holes, is_foreign};
use crate::posture::{Engine, Posture};
use crate::settings::schema::Issue;
use crate::settings::{Shape, Version};
use crate::skills::state::Item;
use crate::text::wrap::{clip_middle, clip_path, pad, wrap};
use crate::text::{Lang, Said, Text};
use crate::tui::session::{Session, Skills};
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

const FOUND: Text = Text { en: "What was found", ja: "確認した内容" };
const FILE: Text = Text { en: "Config", ja: "設定ファイル" };
const NO_FILE: Text = Text {
    en: "{path} (not there yet: the smallest hardened one will be made)",
    ja: "{path} (まだありません。強化した最小の設定を作成します)",
};
const VERSION: Text = Text { en: "OpenClaw", ja: "OpenClaw" };
const NO_VERSION: Text = Text { en: "planned for 2026.9.6", ja: "2026.9.6 として計画します" };
const ENGINE: Text = Text { en: "Sandbox engine", ja: "コンテナエンジン" };
const ENGINE_LINE: Text = Text { en: "{engine}: {reason}", ja: "{engine}: {reason}" };
const NO_ENGINE: Text = Text { en: "none", ja: "なし" };
const FINDINGS: Text = Text { en: "Findings", ja: "検出事項" };
const FINDINGS_LINE: Text = Text {
    en: "critical {critical}, warn {warn}, info {info}",
    ja: "重大 {critical}件、警告 {warn}件、情報 {info}件",
};
const WAYS: Text = Text { en: "Ways in", ja: "外部からの経路" };
const OTHERS: Text = Text { en: "Also here", ja: "ほかの設定" };
const OTHERS_LINE: Text = Text { en: "{paths} (not touched)", ja: "{paths} (変更しません)" };
const BACKUPS: Text = Text { en: "Backups", ja: "バックアップ" };
const BACKUPS_LINE: Text = Text { en: "{n}, the newest of {when}", ja: "{n}件 (最新 {when})" };
const NOTHING_TO_BACK_UP: Text = Text {
    en: "no config yet, so there is nothing to back up",
    ja: "設定ファイルがまだないため、ありません",
};
const NO_BACKUPS: Text = Text {
    en: "none yet; one is made before writing",
    ja: "まだありません。書き込む前に作成します",
};
const PROBLEM: Text = Text { en: "Problem", ja: "問題" };
const REFUSED: Text = Text {
    en: "OpenClaw refuses this file as it is, at {n} {n|place|places}; the steps that follow can mend that. First: {why}",
    ja: "OpenClaw はこの設定を受け付けません ({n}か所)。このあとのステップで直せます。最初: {why}",
};
const TEMPLATE: Text = Text {
    en: "This is a template: placeholders stand at {n} {n|place|places} where OpenClaw needs a value, first at {path}. Fill them in, or let the steps that follow remove them.",
    ja: "これはテンプレートです。値が必要な{n}か所にプレースホルダーが残っています (最初: {path})。値を入れるか、このあとのステップで削除してください。",
};
const UNMENDED: Text = Text {
    en: "Nothing can be written until these are mended: OpenClaw refuses the file ({n})",
    ja: "次の{n}件を直すまで書き込めません。OpenClaw がこの設定を受け付けません",
};
const ISSUE: Text = Text { en: "line {line}: {why}", ja: "{line}行目: {why}" };
const MEND: Text = Text {
    en: "Mend them by hand in {file} at these lines, then start again. openclaw doctor can mend some, but rewrites the file and drops its comments: keep a copy.",
    ja: "{file} の該当行を手動で直してから、もう一度起動してください。openclaw doctor でも一部を直せますが、ファイルが書き直され、コメントは消えます。先にコピーを残してください。",
};
const IMAGE: Text = Text { en: "Sandbox image", ja: "イメージ" };
const HAS_IMAGE: Text = Text { en: "{image} is there", ja: "{image} があります" };
const UNSEEN_IMAGE: Text = Text {
    en: "{image}: whether it is there could not be seen",
    ja: "{image} があるかは確認できませんでした",
};
const NO_IMAGE: Text = Text {
    en: "{image} is not there, and OpenClaw fetches none: build or pull it before a sandbox is on",
    ja: "{image} がありません。OpenClaw は自動で取得しないため、サンドボックスを使う前にビルドか取得が必要です",
};
const IN_CONTAINER: Text = Text { en: "runs in a container", ja: "コンテナ内で動作" };
const WHO: Text = Text { en: "Who uses this installation?", ja: "誰が使いますか?" };
const SAFE: Text = Text {
    en: "safe: a change that keeps a working setup working, taken unless you say no.",
    ja: "安全: 今の使い方が変わらない変更です。変えない限り適用します。",
};
const OK: Text = Text {
    en: "OK?: may cut someone or something off, never taken without your OK.",
    ja: "要確認: 何かが使えなくなることがある変更です。確認なしには適用しません。",
};
const PROMISE: Text = Text {
    en: "At the top: findings now -> as decided so far. Nothing is written before you confirm on Review.",
    ja: "画面上部は検出事項の数 (今 -> ここまでの回答を書き込んだあと) です。「変更の確認」で確定するまで何も書き込みません。",
};
const WALKING: Text = Text {
    en: "A report is walked through: nothing changes but what you decide on its findings.",
    ja: "レポートを順に確認しています。検出事項ごとに決めた変更だけを適用します。",
};
const READ_ON: Text = Text { en: "More", ja: "続き" };
const CHOOSE: Text = Text { en: "Choose", ja: "選択" };
const CHECKUP: Text = Text { en: "Checkup", ja: "定期点検" };
const REAL_AUDIT: Text = Text { en: "OpenClaw's audit", ja: "OpenClaw の監査" };
const ALL_STEPS: Text = Text { en: "All steps", ja: "全ステップ" };
const RESTORE: Text = Text { en: "Restore", ja: "復元" };
const PREPARE: Text = Text { en: "Prepare for 2026.9.6", ja: "2026.9.6 用にする" };
const STAY: Text = Text { en: "Keep its version", ja: "今の版のままにする" };
const EARLY: Text = Text {
    en: "{found}. Its keys stay as they are; v prepares the config for {version}.",
    ja: "{found}。キーは今のまま使います。v キーで {version} 用に準備できます。",
};
const PREPARED: Text = Text {
    en: "{found}. Now prepared for {version}: old keys are translated, and the version before would refuse the file. v goes back.",
    ja: "{found}。{version} 用に準備します。古いキーを変換するため、前のバージョンでは読み込めなくなります。v キーで戻します。",
};

const SKILLS: Text = Text { en: "Skills", ja: "スキル" };

/// Is what there is to say of the skills; none where nobody looks.
fn skills(session: &Session) -> Option<Said> {
    const LOOKING: Text = Text { en: "looking ... {seconds} s", ja: "確認しています... {seconds}秒" };
    const OPEN: Text = Text { en: "{n} to review: press s", ja: "未確認 {n}件 (s で確認)" };
    const ALARMING: Text = Text {
        en: "{n} to review, {alarms} of them with signs of harm: press s",
        ja: "未確認 {n}件、うち {alarms}件に問題の兆候あり (s で確認)",
    };
    const GONE: Text = Text { en: "{n} gone since last time", ja: "前回から {n}件が削除" };
    const NONE: Text = Text { en: "none found", ja: "ありません" };
    const REVIEWED: Text = Text { en: "{n}, all as you accepted them", ja: "{n}件 (すべて確認時のまま)" };
    Some(match &session.skills {
        Skills::Absent => return None,
        Skills::Looking(since) => LOOKING.with("seconds", since.elapsed().as_secs()),
        Skills::Failed(why) => why.clone(),
        Skills::Found(review) => {
            let has_alarm =
                |item: &&Item| item.skill.judged.alarms().next().is_some() && !item.skill.source.is_bundled();
            match (review.open().count(), review.open().filter(has_alarm).count()) {
                (0, _) if !review.removed.is_empty() => GONE.with("n", review.removed.len()),
                (0, _) if review.items.is_empty() => NONE.into(),
                (0, _) => REVIEWED.with("n", review.items.len()),
                (n, 0) => OPEN.with("n", n),
                (n, alarms) => ALARMING.with("n", n).with("alarms", alarms),
            }
        }
    })
}

/// The first screen.
#[derive(Default)]
pub struct Start {
    /// The posture under the cursor; Space or Enter chooses it.
    cursor: usize,
    scroll: usize,
}

impl Start {
    /// Is the screen with the cursor on a posture.
    pub fn new(posture: Posture) -> Self {
        let cursor = Posture::ALL.iter().position(|known| *known == posture).unwrap_or(0);
        Start { cursor, scroll: 0 }
    }

    /// Does what a key asks for.
    pub fn on_key(&mut self, key: KeyEvent, session: &mut Session) -> Go {
        let page = isize::try_from(session.body.height).unwrap_or(1);
        match key.code {
            KeyCode::Enter => match session.set_posture(Posture::ALL[self.cursor]) {
                Ok(None) => return Go::Next,
                said => return said.into(),
            },
            KeyCode::Char(' ') => return session.set_posture(Posture::ALL[self.cursor]).into(),
            KeyCode::Char('s') if session.review().is_some() => return Go::To(words::SKILLS),
            KeyCode::Char('c') => return Go::Checkup,
            KeyCode::Char('a') if session.walk.is_some() => return Go::EndWalk,
            KeyCode::Char('a') if !session.found.demo => return Go::RealAudit,
            KeyCode::Char('b') if !session.found.backups.is_empty() => return Go::Restore,
            KeyCode::Char('v') if session.planned_for().is_some() => return session.prepare().into(),
            KeyCode::Up | KeyCode::Left | KeyCode::Char('k') => self.step_by(-1, session),
            KeyCode::Down | KeyCode::Right | KeyCode::Char('j') => self.step_by(1, session),
            KeyCode::PageUp => self.scroll_by(-page, session),
            KeyCode::PageDown => self.scroll_by(page, session),
            KeyCode::Home => self.scroll_by(isize::MIN, session),
            KeyCode::End => self.scroll_by(isize::MAX, session),
            _ => {}
        }
        Go::Stay
    }

    /// Does what the mouse asks for.
    pub fn on_mouse(&mut self, mouse: Mouse, session: &mut Session) -> Go {
        let body = session.body;
        match mouse {
            Mouse::Wheel(_, by) => self.scroll_by(by, session),
            Mouse::Click(place) => {
                let pane = self.pane(session);
                if let Some(at) = pane.at(body, pane.clamped(self.scroll, body.height), place) {
                    self.cursor = at;
                    return session.set_posture(Posture::ALL[at]).into();
                }
            }
        }
        Go::Stay
    }

    /// Draws the screen.
    pub fn draw(&self, buf: &mut Buffer, session: &Session) {
        let area = session.body;
        let pane = self.pane(session);
        pane.draw(area, buf, pane.clamped(self.scroll, area.height), &session.look);
    }

    /// Is the keys that work now.
    pub fn keys(&self, session: &Session) -> Vec<Hint> {
        let mut keys = vec![("Enter", words::NEXT), ("Space", CHOOSE)];
        if self.pane(session).len() > usize::from(session.body.height) {
            keys.push(("PgDn", READ_ON));
        }
        if session.review().is_some() {
            keys.push(("s", words::page(words::SKILLS)));
        }
        keys.push(("c", CHECKUP));
        if session.walk.is_some() {
            keys.push(("a", ALL_STEPS));
        } else if !session.found.demo {
            keys.push(("a", REAL_AUDIT));
        }
        if let Some(version) = session.planned_for() {
            keys.push(("v", if version.shape() == Shape::Early { PREPARE } else { STAY }));
        }
        if !session.found.backups.is_empty() {
            keys.push(("b", RESTORE));
        }
        keys.push(("Up Down", words::MOVE));
        keys
    }

    /// Whether the posture under the cursor is in view.
    pub fn shows_cursor(&self, session: &Session) -> bool {
        self.followed(session) == self.scroll
    }

    /// Brings the posture under the cursor into view.
    pub fn follow(&mut self, session: &Session) {
        self.scroll = self.followed(session);
    }

    fn followed(&self, session: &Session) -> usize {
        self.pane(session).followed(&self.cursor, self.scroll, session.body.height)
    }

    fn step_by(&mut self, by: isize, session: &Session) {
        self.cursor = moved(self.cursor, by, Posture::ALL.len());
        self.follow(session);
    }

    fn scroll_by(&mut self, by: isize, session: &Session) {
        self.scroll = self.pane(session).clamped(self.scroll.saturating_add_signed(by), session.body.height);
    }

    fn pane(&self, session: &Session) -> Pane<usize> {
        let theme = session.look.theme;
        let width = usize::from(session.body.width).saturating_sub(2).min(110);
        let mut pane = Pane::default();
        let heading = |text: Text| Line::from(Span::styled(session.say(text), theme.heading));

        push_unmended(&mut pane, session, width);
        pane.push(heading(FOUND));
        for (name, value) in facts(session, width.saturating_sub(20)) {
            for (n, line) in wrap(&value, width.saturating_sub(20)).into_iter().enumerate() {
                let name = if n == 0 { session.say(name) } else { "" };
                pane.push(Line::from(vec![Span::styled(format!("  {}", pad(name, 18)), theme.quiet), Span::raw(line)]));
            }
        }
        push_picture(&mut pane, session, width);
        pane.push("");
        pane.push(heading(WHO));
        for (at, posture) in Posture::ALL.into_iter().enumerate() {
            let (cursor, style) = if at == self.cursor { (">", theme.cursor) } else { (" ", theme.plain) };
            let mark = if posture == session.answers.posture { "(*)" } else { "( )" };
            let name = pad(session.say(words::posture(posture)), 10);
            let meaning = wrap(session.say(words::posture_meaning(posture)), width.saturating_sub(18));
            for (n, line) in meaning.into_iter().enumerate() {
                let head = format!("{cursor} {mark} {name}");
                let head = if n == 0 { Span::styled(head, style) } else { Span::raw(" ".repeat(16)) };
                pane.push_for(Line::from(vec![head, Span::raw("  "), Span::raw(line)]), at);
            }
        }
        pane.push("");
        let promises = if session.walk.is_some() { [WALKING, OK, PROMISE] } else { [SAFE, OK, PROMISE] };
        for text in promises {
            pane.say(session.say(text), width, 0, theme.quiet);
        }
        pane
    }
}

/// Adds the findings by area.
fn push_picture(pane: &mut Pane<usize>, session: &Session, width: usize) {
    for line in picture::lines(session, width.saturating_sub(2)) {
        let indented = std::iter::once(Span::raw("  ")).chain(line.spans);
        pane.push(Line::from_iter(indented));
    }
}

/// Says first what stands in the way of writing anything at all.
fn push_unmended(pane: &mut Pane<usize>, session: &Session, width: usize) {
    let theme = session.look.theme;
    let lang = session.lang();
    let issues = session.unmended();
    if issues.is_empty() {
        return;
    }
    let mut push = |text: &str, indent: usize, style| {
        for (n, line) in wrap(text, width.saturating_sub(indent + 2)).into_iter().enumerate() {
            let indent = if n == 0 { indent } else { indent + 2 };
            pane.push(Line::from(Span::styled(format!("{}{line}", " ".repeat(indent)), style)));
        }
    };
    if is_foreign(session.found.source.value(), issues) {
        push(session.say(Group::FOREIGN), 0, theme.critical);
        pane.push("");
        return;
    }
    push(&UNMENDED.with("n", issues.len()).of(lang), 0, theme.critical);
    for issue in issues {
        let line = session.found.source.locate(&issue.path).1.line;
        push(&ISSUE.with("line", line).with("why", at(issue, width, lang)).of(lang), 2, theme.plain);
    }
    push(&MEND.with("file", session.shown_path()).of(lang), 0, theme.heading);
    pane.push("");
}

fn facts(session: &Session, width: usize) -> Vec<(Text, String)> {
    let found = &session.found;
    let lang = session.lang();
    let path = session.shown_path();
    let file = if found.exists { clip_path(&path, width) } else { NO_FILE.with("path", path).of(lang) };
    let version = match &found.openclaw_version {
        Some(version) => {
            let text = session.planned_for().map(|version| match version.shape() {
                Shape::Early => EARLY,
                Shape::Current => PREPARED,
            });
            let found = version.of(lang);
            text.map_or_else(
                || found.clone(),
                |text| text.with("found", &found).with("version", Version::CURRENT).of(lang),
            )
        }
        None => session.say(NO_VERSION).to_owned(),
    };
    let engine = |name: &str| ENGINE_LINE.with("engine", name).with("reason", found.engine_reason.of(lang));
    let engine = match found.means.engine {
        Engine::Docker => engine("Docker"),
        Engine::Podman => engine("Podman"),
        Engine::None => engine(session.say(NO_ENGINE)),
        Engine::Unknown => words::LOOKING.into(),
    };
    let counts = session.count(&session.plan.before);
    let findings = FINDINGS_LINE.with("critical", counts.critical).with("warn", counts.warn).with("info", counts.info);
    let backups = match found.backups.first() {
        Some(newest) => BACKUPS_LINE.with("n", found.backups.len()).with("when", &newest.when).of(lang),
        None if !found.exists => session.say(NOTHING_TO_BACK_UP).to_owned(),
        None => session.say(NO_BACKUPS).to_owned(),
    };
    let mut facts = vec![(FILE, file)];
    if let Some(issue) = session.plan.issues.first().filter(|_| session.unmended().is_empty()) {
        let holes = holes(session.found.source.value(), &session.plan.issues);
        let said = match holes.first() {
            Some(hole) => TEMPLATE.with("n", holes.len()).with("path", &hole.path),
            None => REFUSED.with("n", session.plan.issues.len()).with("why", at(issue, width, lang)),
        };
        facts.push((PROBLEM, said.of(lang)));
    }
    if !found.others.is_empty() {
        let paths: Vec<String> = found.others.iter().map(|path| session.shown(path)).collect();
        facts.push((OTHERS, OTHERS_LINE.with("paths", paths.join(", ")).of(lang)));
    }
    facts.push((WAYS, consequences::brief(session)));
    facts.extend(skills(session).map(|said| (SKILLS, said.of(lang))));
    facts.push((VERSION, version));
    if found.means.in_container {
        facts.push((words::GATEWAY, session.say(IN_CONTAINER).to_owned()));
    }
    facts.push((ENGINE, engine.of(lang)));
    for (image, is_there) in &found.means.images {
        let text = match is_there {
            Some(true) => HAS_IMAGE,
            Some(false) => NO_IMAGE,
            None => UNSEEN_IMAGE,
        };
        facts.push((IMAGE, text.with("image", image).of(lang)));
    }
    facts.push((BACKUPS, backups));
    // Last: the picture follows.
    facts.push((FINDINGS, format!("{} {}", findings.of(lang), session.say(picture::LEGEND))));
    facts
}

/// Is why a place is refused, with the key where the sentence does not name it.
fn at(issue: &Issue, width: usize, lang: Lang) -> String {
    let (path, why) = (clip_middle(&issue.path.to_string(), 2 * width), issue.message.of(lang));
    if why.contains(&path) { why } else { format!("{path}: {why}") }
}
