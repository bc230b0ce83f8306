//! What stands over a screen until it is answered: help, questions, sentences, a field, the backups.

use crate::document::Path;
use crate::store::PATIENCE;
use crate::text::wrap::clip;
use crate::text::{Said, Text, harmless};
use crate::tui::screens::search::Search;
use crate::tui::screens::{Hint, access, help};
use crate::tui::session::Session;
use crate::tui::theme::Look;
use crate::tui::widgets::field::FieldEditor;
use crate::tui::widgets::pane::Pane;
use crate::tui::words;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

const QUIT: Text = Text {
    en: "Quit without writing? Your decisions so far are lost. Nothing was written.",
    ja: "書き込まずに終了しますか? ここまでの回答は失われます。設定ファイルは変わりません。",
};
const WRITE: Text =
    Text { en: "Write {n} {n|change|changes} to {path}?", ja: "{path} に{n}件の変更を書き込みますか?" };
const WRITE_MORE: Text = Text {
    en: "A backup is made first. Nothing has been written so far.",
    ja: "先にバックアップを作成します。まだ何も書き込んでいません。",
};
const WRITE_NEW: Text = Text {
    en: "A new config is made: there is none yet, so there is nothing to back up. Nothing has been written so far.",
    ja: "設定ファイルがないため新しく作成します。バックアップするものはありません。まだ何も書き込んでいません。",
};
const BUSY: Text =
    Text { en: "OpenClaw is writing {path} at this moment.", ja: "OpenClaw が {path} に書き込んでいます。" };
const WAIT: Text = Text {
    en: "Written as soon as it is done. Waited {seconds} s of at most {most}.",
    ja: "終わるまで待ってから書き込みます: {seconds}秒 (最長{most}秒)",
};
const WAIT_TO_MOVE: Text = Text {
    en: "Then the secrets are shown again. Waited {seconds} s of at most {most}.",
    ja: "終わるまで待ってから、シークレットをもう一度表示します: {seconds}秒 (最長{most}秒)",
};
const WAIT_MORE: Text = Text {
    en: "If it changes the file, you look at the changes again first. Nothing has been written so far.",
    ja: "OpenClaw が内容を変えた場合は、書き込む前にもう一度確認できます。まだ何も書き込んでいません。",
};
const NONE_MOVED: Text =
    Text { en: "No secret has been moved.", ja: "シークレットはまだ移動していません。" };
const OPEN_ASKS: Text = Text {
    en: "Without your OK, so not among them: {n} {n|change|changes}. Nothing changes there.",
    ja: "未決定の要確認が{n}件あります。そのまま残します。",
};
const ON_TRIAL: Text = Text {
    en: "On trial: unless you confirm within {seconds} s that you still get in, everything goes back by itself.",
    ja: "試行: {seconds}秒以内に接続できることを確認しなければ、すべて自動で元に戻ります。",
};
const BACKUPS: Text = Text {
    en: "Restore which backup? The wizard ends; what it would open again is shown first.",
    ja: "どのバックアップを復元しますか? ウィザードを終了し、復元で再び開放される設定を先に表示します。",
};
const YES_QUIT: Text = Text { en: "Quit", ja: "終了" };
const STAY: Text = Text { en: "Stay", ja: "続ける" };
const YES_WRITE: Text = Text { en: "Write", ja: "書き込み" };
const GO: Text = Text { en: "Go there", ja: "移動" };
const CLOSE: Text = Text { en: "Close", ja: "閉じる" };
const RESTORE: Text = Text { en: "Restore", ja: "復元" };
const NEW_LINE: Text = Text { en: "New line", ja: "改行" };
const UNCHANGED: Text = Text { en: "Leave unchanged", ja: "変更なし" };

/// What is to be written, once another program has written the config.
pub struct Busy {
    /// When the wait began.
    pub since: Instant,
    /// Brings the end of the wait.
    pub freed: Receiver<Result<(), Said>>,
    /// What comes then.
    pub then: Held,
}

/// What writes the config.
pub enum Held {
    /// The plan, on trial where a time is given.
    Write(Option<Duration>),
    /// Moving these secrets out of it.
    MoveSecrets(Vec<Path>),
}

/// What stands over the screen.
pub enum Popup {
    /// What the row under the cursor is about, and every key.
    Help {
        /// The first line in view.
        scroll: usize,
        /// The key of the row, where the cursor stands on one.
        about: Option<String>,
    },
    /// What is searched for.
    Search(Box<Search>),
    /// Whether to quit.
    Quit {
        /// What comes back when the answer is no.
        under: Option<Box<Popup>>,
    },
    /// Whether to write, with how to get back in where that changes.
    Write {
        /// The first line in view.
        scroll: usize,
        /// How long the write is on trial; none: it stays.
        within: Option<Duration>,
    },
    /// Whether to remember what was decided on skills.
    Remember,
    /// A wait for another program that writes the config.
    Busy(Busy),
    /// A sentence.
    Say(Said),
    /// A value that is typed.
    Field(Box<FieldEditor>),
    /// The backups.
    Restore {
        /// The one under the cursor.
        cursor: usize,
    },
}

const FINISH: Text =
    Text { en: "Finish without writing the config?", ja: "設定ファイルに書き込まずに完了しますか?" };
const FINISH_MORE: Text = Text {
    en: "Nothing in it changes. What you accepted is kept in this program's own files, and the report is written where you asked for one.",
    ja: "設定に変更はありません。受容した内容はこのプログラムのファイルに記録し、指定があればレポートを書き込みます。",
};
const REMEMBER: Text = Text {
    en: "Remember {n} {n|skill|skills} as reviewed?",
    ja: "{n}件のスキルを確認済みとして記録しますか?",
};
const REMEMBER_MORE: Text = Text {
    en: "They are not shown again until they change. What you switch off or deny counts as reviewed once Review has written it.",
    ja: "変更があるまで再表示しません。無効化や拒否を選んだものは、「変更の確認」で書き込んだあとに確認済みになります。",
};
const YES_REMEMBER: Text = Text { en: "Remember", ja: "記録する" };

impl Held {
    /// Says that it was given up.
    pub fn given_up(&self) -> Text {
        match self {
            Held::Write(_) => words::NOT_WRITTEN,
            Held::MoveSecrets(_) => NONE_MOVED,
        }
    }
}

impl Popup {
    /// Draws it over a screen; gives the place of the cursor, where there is one.
    pub fn draw(&mut self, area: Rect, buf: &mut Buffer, session: &Session) -> Option<Position> {
        let theme = session.look.theme;
        let columns = usize::from(area.width.saturating_sub(10).min(84));
        if let Popup::Field(field) = self {
            let lines = field.height(columns, session.lang());
            let inner = frame(area, columns, lines, buf, &session.look);
            return Some(field.draw(inner, buf, &session.look, session.lang()));
        }
        if let Popup::Search(search) = self {
            let inner = frame(area, columns, usize::from(area.height), buf, &session.look);
            return Some(search.draw(inner, buf, session));
        }
        let pane = self.pane(session, columns);
        let inner = frame(area, columns, pane.len(), buf, &session.look);
        let scroll = match self {
            Popup::Help { scroll, .. } | Popup::Write { scroll, .. } => {
                *scroll = pane.clamped(*scroll, inner.height);
                *scroll
            }
            Popup::Restore { cursor } => pane.centred(cursor, inner.height),
            _ => 0,
        };
        buf.set_style(inner, theme.plain);
        pane.draw(inner, buf, scroll, &session.look);
        None
    }

    /// Whether letters are typed into it.
    pub fn takes_text(&self) -> bool {
        matches!(self, Popup::Field(_) | Popup::Search(_))
    }

    /// Is the keys that work while it stands.
    pub fn keys(&self) -> Vec<Hint> {
        match self {
            Popup::Help { .. } => vec![("Esc", CLOSE), ("Up Down", words::SCROLL)],
            Popup::Search(_) => vec![("Enter", GO), ("Up Down", words::MOVE), ("Esc", CLOSE)],
            Popup::Quit { .. } => vec![("Enter", YES_QUIT), ("Esc", STAY)],
            Popup::Write { .. } => vec![("Enter", YES_WRITE), ("Up Down", words::SCROLL), ("Esc", words::BACK)],
            Popup::Remember => vec![("Enter", YES_REMEMBER), ("Esc", words::BACK)],
            Popup::Busy(_) => vec![("Esc", words::CANCEL)],
            Popup::Say(_) => vec![("Enter", CLOSE)],
            Popup::Field(field) if field.is_list() => {
                vec![("Tab", words::ACCEPT), ("Enter", NEW_LINE), ("Esc", UNCHANGED)]
            }
            Popup::Field(_) => vec![("Enter", words::ACCEPT), ("Esc", UNCHANGED)],
            Popup::Restore { .. } => vec![("Enter", RESTORE), ("Up Down", words::MOVE), ("Esc", words::BACK)],
        }
    }

    fn pane(&self, session: &Session, columns: usize) -> Pane<usize> {
        let theme = session.look.theme;
        let lang = session.lang();
        let mut pane = Pane::default();
        let mut say = |text: &str, style| pane.say(text, columns, 0, style);
        match self {
            Popup::Help { about, .. } => {
                let row = about.as_ref().and_then(|key| session.row(key));
                for line in help::lines(row, session, columns.saturating_sub(2)) {
                    pane.push(line);
                }
            }
            Popup::Quit { .. } => say(session.say(QUIT), theme.heading),
            Popup::Write { .. } if session.change_count() == 0 => {
                say(session.say(FINISH), theme.heading);
                say(session.say(FINISH_MORE), theme.plain);
            }
            Popup::Write { within, .. } => {
                let question = WRITE.with("n", session.change_count()).with("path", session.shown_path());
                say(&question.of(lang), theme.heading);
                say(session.say(if session.found.exists { WRITE_MORE } else { WRITE_NEW }), theme.plain);
                let open = session.waiting();
                if open > 0 {
                    say(&OPEN_ASKS.with("n", open).of(lang), theme.ask);
                }
                if let Some(within) = within {
                    say(&ON_TRIAL.with("seconds", within.as_secs()).of(lang), theme.plain);
                }
                if let Some(access) = session.access() {
                    pane.push("");
                    for line in access::lines(access, session, columns.saturating_sub(2)) {
                        pane.push(line);
                    }
                }
            }
            Popup::Remember => {
                say(&REMEMBER.with("n", session.kept_skills().len()).of(lang), theme.heading);
                say(session.say(REMEMBER_MORE), theme.plain);
            }
            Popup::Busy(busy) => {
                say(&BUSY.with("path", session.shown_path()).of(lang), theme.heading);
                let waited = busy.since.elapsed().as_secs().min(PATIENCE.as_secs());
                let (wait, more) = match busy.then {
                    Held::Write(_) => (WAIT, WAIT_MORE),
                    Held::MoveSecrets(_) => (WAIT_TO_MOVE, NONE_MOVED),
                };
                say(&wait.with("seconds", waited).with("most", PATIENCE.as_secs()).of(lang), theme.plain);
                say(session.say(more), theme.plain);
            }
            Popup::Say(said) => say(&said.of(lang), theme.plain),
            Popup::Field(_) | Popup::Search(_) => {}
            Popup::Restore { cursor } => {
                say(session.say(BACKUPS), theme.heading);
                for (n, backup) in session.found.backups.iter().enumerate() {
                    let name = backup.path.file_name().unwrap_or_default().to_string_lossy();
                    let text = format!("{}  {}", backup.when, harmless(&name));
                    let (mark, style) = if n == *cursor { (">", theme.cursor) } else { (" ", theme.plain) };
                    let text = clip(&format!("{mark} {text}"), columns);
                    pane.push_for(Line::from(Span::styled(text, style)), n);
                }
            }
        }
        pane
    }
}

/// Draws an empty box in the middle of a screen; gives its inside.
fn frame(area: Rect, columns: usize, lines: usize, buf: &mut Buffer, look: &Look) -> Rect {
    let width = u16::try_from(columns).unwrap_or(60) + 4;
    let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2).min(area.height - 4);
    let outer = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    Clear.render(outer, buf);
    let symbols = look.symbols;
    let style = look.theme.plain;
    let across = symbols.across.repeat(usize::from(width) - 2);
    let [top_left, top_right, bottom_left, bottom_right] = symbols.corners;
    buf.set_string(outer.x, outer.y, format!("{top_left}{across}{top_right}"), style);
    for y in outer.y..outer.bottom() {
        // Half of a wide letter would hide the frame.
        if outer.x > 0 && crate::text::wrap::width(buf[(outer.x - 1, y)].symbol()) > 1 {
            buf[(outer.x - 1, y)].set_symbol(" ");
        }
    }
    for y in outer.y + 1..outer.bottom() - 1 {
        buf.set_string(outer.x, y, symbols.down, style);
        buf.set_string(outer.right() - 1, y, symbols.down, style);
    }
    buf.set_string(outer.x, outer.bottom() - 1, format!("{bottom_left}{across}{bottom_right}"), style);
    Rect { x: outer.x + 2, y: outer.y + 1, width: width - 4, height: height - 2 }
}
