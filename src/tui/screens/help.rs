//! Help: what the row under the cursor is about, every key, and what the words mean.

use super::shown_key;
use crate::checks::Finding;
use crate::plan::Planned;
use crate::text::wrap::{clip, pad, wrap};
use crate::text::{Text, harmless};
use crate::tui::session::Session;
use crate::tui::words;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::collections::BTreeSet;

const TITLE: Text = Text { en: "Keys and words", ja: "キーと用語" };
const WHY: Text = Text { en: "Why", ja: "理由" };
const KEY: Text = Text { en: "Key", ja: "キー" };
const CHOICE: Text = Text { en: "{effect} ({weight})", ja: "{effect} ({weight})" };

const KEYS: [(&str, Text); 21] = [
    (
        "Enter",
        Text {
            en: "Accepts what is recommended here and goes on. Where something may be cut off, it shows that first, and the next Enter accepts it.",
            ja: "推奨を受け入れて次へ進みます。何かが使えなくなる変更があるときは先に一覧を表示し、次の Enter で確定します。",
        },
    ),
    (
        "Space Right Left",
        Text {
            en: "Change the value of the row under the cursor.", ja: "選択中の行の値を切り替えます。"
        },
    ),
    (
        "Up Down j k",
        Text {
            en: "Move. Also Home, End, PgUp, PgDn and the wheel.",
            ja: "移動します。Home、End、PgUp、PgDn、ホイールも使えます。",
        },
    ),
    ("r", Text { en: "Takes your decision on the row back.", ja: "選択中の行の決定を取り消します。" }),
    (
        "e",
        Text {
            en: "Types a value, where the row offers it.", ja: "値を入力します (入力できる行のみ)。"
        },
    ),
    (
        "Tab",
        Text {
            en: "Moves to the explanation, to scroll it; on Review to the diff, what stays, what stops, and the ways in.",
            ja: "説明に移ってスクロールします。変更の確認では、差分、残る検出事項、使えなくなるもの、外部からの経路に移ります。",
        },
    ),
    (
        "m",
        Text {
            en: "On Tools: who may call what, before -> after. Enter opens a group or a reason, Tab turns to the next agent, p to the next model provider. On Review and Done, once all is written: moves secrets out of the config.",
            ja: "「ツール」で、誰が何を使えるかを適用前 -> 適用後で表示します。Enter でグループや理由を開き、Tab で次のエージェント、p で次のモデルプロバイダーに移ります。「変更の確認」と「完了」では、書き込み後にシークレットを設定の外へ移します。",
        },
    ),
    ("Esc Shift-Tab", Text { en: "Go back. Nothing is lost.", ja: "戻ります。入力した内容は失われません。" }),
    ("1 - 9", Text { en: "Jump to the step of that number.", ja: "その番号のステップに移動します。" }),
    (
        "/",
        Text {
            en: "Search settings and findings; Enter goes to the one under the cursor.",
            ja: "設定と検出事項を検索します。Enter で選んだものに移動します。",
        },
    ),
    (
        "u Ctrl-Z Ctrl-R",
        Text {
            en: "Undo the last decision, on whatever page it was; redo it (Ctrl-R or Ctrl-Y).",
            ja: "直前の決定を元に戻します (どのページの決定でも)。Ctrl-R か Ctrl-Y でやり直します。",
        },
    ),
    ("L", Text { en: "Japanese or English.", ja: "日本語と英語を切り替えます。" }),
    (
        "w",
        Text {
            en: "On Review: writes, after asking once.", ja: "変更の確認で、一度確認してから書き込みます。"
        },
    ),
    (
        "t",
        Text {
            en: "On Review: writes on trial. Unless you confirm in time that you still get in, all goes back by itself.",
            ja: "変更の確認で、試行として書き込みます。時間内に接続を確認して確定しなければ、自動で元に戻ります。",
        },
    ),
    (
        "s",
        Text {
            en: "On Start: skills and plugins to review. On Review: saves the answers for a second machine.",
            ja: "「開始」で、未確認のスキルとプラグインを一覧にします。「変更の確認」では、別のマシン用に回答を保存します。",
        },
    ),
    (
        "y d x o r f",
        Text {
            en: "On the skills: keep one, deny the tools that it wants, switch it off, read it, take the decision back, list OpenClaw's own.",
            ja: "スキルの画面で、残す、使うツールを拒否する、無効化する、中身を読む、決定を取り消す、同梱のスキルを一覧にする、の順です。",
        },
    ),
    (
        "c",
        Text {
            en: "On Start: the checkup. It changes nothing. On Done: confirms a write on trial.",
            ja: "「開始」で定期点検をします。何も変更しません。「完了」では、試行の書き込みを確定します。",
        },
    ),
    (
        "a",
        Text {
            en: "On Start: runs OpenClaw's own audit, after showing the command, and leads through what it finds. On Done: the same on the result.",
            ja: "「開始」で、コマンドを表示してから OpenClaw の監査を実行し、検出事項を順に案内します。「完了」では結果に対して監査します。",
        },
    ),
    (
        "a m s r",
        Text {
            en: "On the findings: accept one for a time, do it by hand, leave it for now, take the decision back. Left and Right turn to another.",
            ja: "検出事項の画面で、期限付きで受容する、手作業で対応する、今は対応しない、決定を取り消す、の順です。Left と Right で前後の項目に移ります。",
        },
    ),
    (
        "b v",
        Text {
            en: "On Start: restore a backup; prepare an early config for 2026.9.6, or keep its version.",
            ja: "「開始」で、b はバックアップを復元し、v は古い版の設定を 2026.9.6 用に準備するかどうかを切り替えます。",
        },
    ),
    ("q Ctrl-C", Text { en: "Quit. Nothing is written.", ja: "終了します。何も書き込みません。" }),
];

const WORDS: [(Text, Text); 7] = [
    (
        Text { en: "critical 5 -> 2", ja: "重大 5 -> 2" },
        Text {
            en: "findings in the file now, and those that stay as decided so far.",
            ja: "今の検出事項と、ここまでの回答を書き込んだあとに残る検出事項の数です。",
        },
    ),
    (
        Text { en: "!! and !", ja: "!! と !" },
        Text {
            en: "a critical finding, or a warning, that stays as long as the recommendation of the row is not taken.",
            ja: "この行の推奨を適用しない限り残る、重大 (!!) または警告 (!) の検出事項があります。",
        },
    ),
    (
        Text { en: "Mouse", ja: "マウス" },
        Text {
            en: "Click a step, a row, a choice, or a key in the last line.",
            ja: "ステップ、行、選択肢、最下行のキーをクリックできます。",
        },
    ),
    (
        Text { en: "safe", ja: "安全" },
        Text {
            en: "keeps a working setup working; taken unless you say no.",
            ja: "今の使い方はそのままです。変えない限り適用します。",
        },
    ),
    (
        Text { en: "OK?", ja: "要確認" },
        Text {
            en: "needs your OK: may cut someone or something off; never taken unseen. A value with ? is proposed, not taken.",
            ja: "何かが使えなくなることがあります。確認なしには適用しません。? の付いた値は提案で、まだ適用していません。",
        },
    ),
    (
        Text { en: "by hand", ja: "手作業" },
        Text {
            en: "only you can do it; the row says how.", ja: "管理者だけができます。方法を表示します。"
        },
    ),
    (
        Text { en: "left", ja: "見送り" },
        Text {
            en: "recommended, and you decided against it.", ja: "推奨ですが、適用しないと決めたものです。"
        },
    ),
];

/// The columns of the names.
const NAME: usize = 18;

/// Is the lines of the help, those on a row first.
pub fn lines(about: Option<&Planned>, session: &Session, width: usize) -> Vec<Line<'static>> {
    let theme = session.look.theme;
    let mut lines = Vec::new();
    if let Some(row) = about {
        push_row(&mut lines, row, session, width);
        lines.push(Line::default());
    }
    lines.push(Line::from(Span::styled(session.say(TITLE), theme.heading)));
    for (key, text) in KEYS {
        push(&mut lines, (key, theme.key), session.say(text), width);
    }
    for (word, text) in WORDS {
        push(&mut lines, (session.say(word), theme.heading), session.say(text), width);
    }
    lines
}

fn push(lines: &mut Vec<Line<'static>>, (name, style): (&str, Style), text: &str, width: usize) {
    for (n, part) in wrap(text, width.saturating_sub(NAME)).into_iter().enumerate() {
        let name = if n == 0 { name } else { "" };
        lines.push(Line::from(vec![Span::styled(pad(&clip(name, NAME - 1), NAME), style), Span::raw(part)]));
    }
}

/// Says of a row why it matters, what each of its choices does, and which findings speak of it.
fn push_row(lines: &mut Vec<Line<'static>>, row: &Planned, session: &Session, width: usize) {
    let theme = session.look.theme;
    let lang = session.lang();
    for line in wrap(&session.title(row), width) {
        lines.push(Line::from(Span::styled(line, theme.heading)));
    }
    push(lines, (session.say(WHY), theme.quiet), session.say(row.control.why), width);
    if !row.row.path.segs().is_empty() {
        push(lines, (session.say(KEY), theme.quiet), &shown_key(&row.row.path), width);
    }
    for choice in &row.row.choices[1..] {
        let said =
            CHOICE.with("effect", choice.effect.of(lang)).with("weight", session.say(words::weight(choice.weight)));
        push(lines, (&choice.shown(lang), theme.weight(choice.weight)), &said.of(lang), width);
    }
    let mut told = BTreeSet::new();
    let row_for = session.row_finder();
    let speaks = |finding: &&Finding| row_for(finding).is_some_and(|known| known.key() == row.key());
    for finding in session.plan.before.iter().filter(speaks).filter(|finding| told.insert(&finding.id)) {
        let severity = session.say(words::severity(finding.severity));
        let said = format!(
            "{}\n{}\n{}",
            session.say(finding.check.title),
            session.say(finding.check.why),
            harmless(&finding.id)
        );
        push(lines, (severity, theme.severity(finding.severity)), &said, width);
    }
}
