//! The words that several screens share.

use crate::checks::Severity;
use crate::posture::{Posture, Step, Weight};
use crate::text::Text;

/// In place of what is not known yet.
pub const LOOKING: Text = Text { en: "looking ...", ja: "確認中..." };

/// The page that shows the changes.
pub const REVIEW: usize = 7;
/// The page after writing.
pub const DONE: usize = 8;
/// The page that mends a file which OpenClaw refuses. It follows Start, and is there only where it is needed.
pub const MEND: usize = 9;
/// The page of the skills that nobody reviewed yet. It is reached from Start.
pub const SKILLS: usize = 10;

/// The page of the findings of a report. It takes the place of the steps where there is a report.
pub const WALK: usize = 11;

/// The steps of every file, in the order of the pages; the first is page 1.
pub const STEPS: [Step; 6] =
    [Step::Sandbox, Step::Workspace, Step::Tools, Step::Network, Step::Pairing, Step::Remaining];

/// Is the step that a page shows.
pub fn step(page: usize) -> Option<Step> {
    if page == MEND { Some(Step::Mend) } else { STEPS.get(page.checked_sub(1)?).copied() }
}

/// Is the page that shows a step.
pub fn page_of(step: Step) -> usize {
    match step {
        Step::Mend => MEND,
        Step::Skills => SKILLS,
        _ => STEPS.iter().position(|known| *known == step).map_or(0, |n| n + 1),
    }
}

/// Is the name of a page, 16 columns at most.
pub const fn page(page: usize) -> Text {
    match page {
        0 => Text { en: "Start", ja: "開始" },
        1 => Text { en: "Sandbox", ja: "サンドボックス" },
        2 => Text { en: "Workspace", ja: "ワークスペース" },
        3 => Text { en: "Tools", ja: "ツール" },
        4 => Text { en: "Network", ja: "ネットワーク" },
        5 => Text { en: "Pairing", ja: "ペアリング" },
        6 => Text { en: "Remaining", ja: "その他" },
        MEND => Text { en: "Mend", ja: "修復" },
        SKILLS => Text { en: "Skills", ja: "スキル" },
        WALK => Text { en: "Findings", ja: "検出事項" },
        REVIEW => Text { en: "Review", ja: "変更の確認" },
        _ => Text { en: "Done", ja: "完了" },
    }
}

/// Is the question that a step answers, as its heading.
pub const fn question(step: Step) -> Text {
    match step {
        Step::Mend => Text { en: "What does OpenClaw refuse?", ja: "OpenClaw が受け付けない設定" },
        Step::Sandbox => Text { en: "Where do tools run?", ja: "ツールを実行する場所" },
        Step::Workspace => {
            Text { en: "Which files does an agent see?", ja: "エージェントが扱えるファイル" }
        }
        Step::Tools => Text { en: "What can an agent call?", ja: "エージェントが使えるツール" },
        Step::Network => Text { en: "Who reaches the Gateway?", ja: "Gateway に接続できる相手" },
        Step::Pairing => Text { en: "Who may talk to the agents?", ja: "エージェントと会話できる相手" },
        Step::Skills => Text { en: "What may skills do?", ja: "スキルの扱い" },
        Step::Remaining => Text { en: "What else is open?", ja: "そのほかの設定" },
    }
}

/// Is the name of a posture.
pub const fn posture(posture: Posture) -> Text {
    match posture {
        Posture::Personal => Text { en: "personal", ja: "個人" },
        Posture::Shared => Text { en: "shared", ja: "共有" },
        Posture::Public => Text { en: "public", ja: "公開" },
    }
}

/// Is what a posture means, in one sentence.
pub const fn posture_meaning(posture: Posture) -> Text {
    match posture {
        Posture::Personal => Text {
            en: "You alone write to the agents. The recommendation of the hardening guide.",
            ja: "エージェントにメッセージを送るのは自分だけです。強化ガイドの推奨です。",
        },
        Posture::Shared => Text {
            en: "Several people whom you know write to the agents, and none may act for another.",
            ja: "複数の知人がメッセージを送ります。互いの会話や権限には触れさせません。",
        },
        Posture::Public => Text {
            en: "Strangers can reach it. The strictest: agents answer, and do little else.",
            ja: "知らない人からもメッセージが届きます。最も厳しく、応答以外はほぼできません。",
        },
    }
}

/// Is the word for a severity.
pub const fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Critical => Text { en: "critical", ja: "重大" },
        Severity::Warn => Text { en: "warn", ja: "警告" },
        Severity::Info => Text { en: "info", ja: "情報" },
    }
}

/// Is the word for a weight, 8 columns at most.
pub const fn weight(weight: Weight) -> Text {
    match weight {
        Weight::Keep => Text { en: "as it is", ja: "そのまま" },
        Weight::Safe => Text { en: "safe", ja: "安全" },
        Weight::Ask => Text { en: "OK?", ja: "要確認" },
        Weight::Manual => Text { en: "by hand", ja: "手作業" },
    }
}

/// The label of what the running gateway does about a change.
pub const GATEWAY: Text = Text { en: "Gateway", ja: "Gateway" };
/// What comes of a write that was given up.
pub const NOT_WRITTEN: Text = Text { en: "Nothing was written.", ja: "何も書き込んでいません。" };
/// The choice that changes nothing.
pub const KEEP: Text = Text { en: "leave as it is", ja: "そのまま" };
/// The choice that the posture recommends.
pub const RECOMMENDED: Text = Text { en: "recommended", ja: "推奨" };
/// Key help.
pub const NEXT: Text = Text { en: "Next", ja: "次へ" };
/// Key help.
pub const ACCEPT: Text = Text { en: "Accept", ja: "確定" };
/// Key help.
pub const BACK: Text = Text { en: "Back", ja: "戻る" };
/// Key help.
pub const CANCEL: Text = Text { en: "Cancel", ja: "キャンセル" };
/// Key help.
pub const CHANGE: Text = Text { en: "Change", ja: "切替" };
/// Key help.
pub const MOVE: Text = Text { en: "Move", ja: "移動" };
/// Key help.
pub const SCROLL: Text = Text { en: "Scroll", ja: "スクロール" };
/// Key help.
pub const SEARCH: Text = Text { en: "Search", ja: "検索" };
/// Key help.
pub const UNDO: Text = Text { en: "Undo", ja: "元に戻す" };
/// Key help: the language that the screen is not in.
pub const LANGUAGE: Text = Text { en: "Japanese", ja: "English" };
/// Key help.
pub const HELP: Text = Text { en: "Help", ja: "ヘルプ" };
/// Key help.
pub const QUIT: Text = Text { en: "Quit", ja: "終了" };
