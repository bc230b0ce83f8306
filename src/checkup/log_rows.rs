//! What of the log needs attention.

use super::log::{Review, Visits};
use super::{Known, Row, State, Topic, address, first, log};
use crate::checks::Severity;
use crate::settings::Settings;
use crate::text::time::to_the_minute;
use crate::text::{Said, Text};
use std::net::IpAddr;

/// Judges a log.
pub(super) fn rows(looked: &log::Looked, settings: &Settings, known: &Known) -> Vec<Row> {
    let mut rows = vec![files(looked, settings)];
    if looked.files.iter().any(|file| file.error.is_none()) {
        let review = &looked.review;
        rows.extend(bursts(review, known));
        rows.extend(addresses(review, known));
        rows.extend(approved(review, known));
        rows.extend(rejected(review, known));
        rows.extend(tools(review));
    }
    rows
}

const LOG: Text = Text { en: "the Gateway's log", ja: "Gateway のログ" };
const LOG_AT: Text = Text { en: "the Gateway's log, {path}", ja: "Gateway のログ ({path})" };

fn files(looked: &log::Looked, settings: &Settings) -> Row {
    const NONE: Text = Text {
        en: "There is no log: the Gateway has not run here lately, or logs elsewhere. Name it: --log FILE",
        ja: "ログがありません。Gateway が最近動いていないか、別の場所に記録しています。場所の指定: --log FILE",
    };
    const READ: Text = Text {
        en: "Read {size}, files: {n}, from {first} to {last}.",
        ja: "{n}個のファイル、計 {size} を読みました ({first} から {last})。",
    };
    const STRANGE: Text = Text {
        en: "{path} holds no line of OpenClaw's log.",
        ja: "{path} に OpenClaw のログの行がありません。",
    };
    const FAILED: Text = Text { en: "{path} could not be read: {why}", ja: "{path} を読み取れません: {why}" };
    const CANCELLED: Text =
        Text { en: "The reading was cancelled.", ja: "読み取りをキャンセルしました。" };
    const UNREADABLE: Text = Text {
        en: "{n} {n|line|lines} of interest {n|was|were} damaged, {long} too long to be read.",
        ja: "読み取れない行が{n}行、長すぎる行が{long}行ありました。",
    };
    const SILENT: Text = Text {
        en: "Not in a log of OpenClaw 2026.9.6: who connected with success, refused HTTP requests, and which commands ran.",
        ja: "OpenClaw 2026.9.6 のログに残らないもの: 成功した接続、拒否された HTTP リクエスト、実行されたコマンド。",
    };
    const VERBOSE: Text = Text {
        en: "To log every connection, start the Gateway with: openclaw gateway run --verbose",
        ja: "すべての接続を記録するには、Gateway を次のように起動してください: openclaw gateway run --verbose",
    };
    const PRUNED: Text = Text {
        en: "OpenClaw deletes dated logs after a day. To keep more than that, name a file of your own:",
        ja: "日付付きのログは1日で削除されます。長く残すには、ファイルを指定してください:",
    };
    const DIR: &str = "~/.openclaw/logs/gateway.log";
    let newest = looked.files.last().map_or(LOG.into(), |file| LOG_AT.with("path", file.path.display()));
    let row = |state, found: Said| Row::new("log.files", Topic::Log, state, newest.clone(), found);
    let keeps = settings.str("logging.file").is_some();
    let advise = |row: Row| {
        let row = row.todo(VERBOSE);
        if keeps { row } else { row.todo(PRUNED).command(&["openclaw", "config", "set", "logging.file", DIR]) }
    };
    if looked.files.is_empty() {
        return advise(row(State::Unknown, NONE.into()));
    }
    let failed = looked.files.iter().find_map(|file| {
        let path = file.path.display();
        match &file.error {
            Some(why) => Some(FAILED.with("path", path).with("why", why)),
            None if file.first.is_none() && file.size > 0 => Some(STRANGE.with("path", path)),
            None => None,
        }
    });
    let size: u64 = looked.files.iter().map(|file| file.size).sum();
    let time = |at: Option<i64>| at.map_or("-".to_owned(), to_the_minute);
    let read = READ
        .with("size", human(size))
        .with("n", looked.files.len())
        .with("first", time(looked.files.iter().filter_map(|file| file.first).min()))
        .with("last", time(looked.files.iter().filter_map(|file| file.last).max()));
    let paths = first(&looked.files, |file| Said::from(format!("{} ({})", file.path.display(), human(file.size))));
    let mut row = match (looked.cancelled, failed) {
        (true, _) => row(State::Unknown, CANCELLED.into()),
        (false, Some(why)) => row(State::Unknown, why),
        (false, None) => row(State::Fine, read),
    };
    row = row.evidence(paths);
    let review = &looked.review;
    if review.unreadable + review.too_long > 0 {
        row.evidence.push(UNREADABLE.with("n", review.unreadable).with("long", review.too_long));
    }
    advise(row.evidence([SILENT.into()]))
}

/// Is a size as people say it.
pub(super) fn human(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} KB", bytes / 1_000),
        10_000_000..=9_999_999_999 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

fn visits((address, visits): &(&IpAddr, &Visits)) -> Said {
    const LINE: Text = Text {
        en: "{address}{proxy}: refused {n}x ({causes}), first {first}, last {last}{new}",
        ja: "{address}{proxy}: 拒否 {n}回 ({causes})、最初 {first}、最後 {last}{new}",
    };
    const BY: Text = Text { en: " by way of {proxy}", ja: " ({proxy} 経由)" };
    let causes = visits.refused.iter().map(|(cause, count)| format!("{cause} {count}")).collect::<Vec<_>>().join(", ");
    let line = LINE
        .with("address", address)
        .with("n", visits.refusals())
        .with("causes", causes)
        .with("first", to_the_minute(visits.first))
        .with("last", to_the_minute(visits.last));
    match visits.proxy {
        Some(proxy) => line.with_said("proxy", BY.with("proxy", proxy)),
        None => line.with("proxy", ""),
    }
}

fn is_new(known: &Known, address: &IpAddr) -> bool {
    known.last.as_ref().is_some_and(|seen| !seen.addresses.contains(&address.to_string()))
}

fn marked(of: &(&IpAddr, &Visits), known: &Known) -> Said {
    const NEW: Text = Text { en: ", new since the last checkup", ja: "、前回の確認以降に出現" };
    match is_new(known, of.0) {
        true => visits(of).with_said("new", NEW),
        false => visits(of).with("new", ""),
    }
}

fn bursts(review: &Review, known: &Known) -> Option<Row> {
    const FOUND: Text = Text {
        en: "Wrong credentials in quick succession, 10 or more within 10 minutes: from {n} {n|address|addresses}.",
        ja: "{n}個のアドレスが認証を短時間に繰り返し試しました (10分以内に10回以上)。",
    };
    const LINE: Text = Text {
        en: "{address}: {n} wrong credentials from {from} to {to}",
        ja: "{address}: {from} から {to} に認証失敗 {n}回",
    };
    const OLD: Text = Text {
        en: "If it is a client of yours with an old token, give it the new one.",
        ja: "古いトークンを使う自分のクライアントの場合は、トークンを更新してください。",
    };
    const TODO: Text = Text {
        en: "Otherwise keep strangers from the port (loopback, VPN, firewall), set gateway.auth.rateLimit, and change the token.",
        ja: "それ以外の場合は、ポートへの接続を制限し (ループバック、VPN、ファイアウォール)、gateway.auth.rateLimit を設定してトークンを変更してください。",
    };
    let bursts: Vec<_> = review
        .addresses
        .iter()
        .filter_map(|(address, visits)| Some((address, visits.burst?)))
        .filter(|(_, burst)| !known.is_over(burst.to))
        .collect();
    if bursts.is_empty() {
        return None;
    }
    let state = State::Attention(Severity::Critical);
    let row = Row::new("log.brute_force", Topic::Log, state, LOG, FOUND.with("n", bursts.len()));
    let lines = first(&bursts, |(address, burst)| {
        let line = LINE.with("address", address).with("n", burst.count);
        line.with("from", to_the_minute(burst.from)).with("to", to_the_minute(burst.to))
    });
    Some(row.evidence(lines).todo(OLD).todo(TODO))
}

fn addresses(review: &Review, known: &Known) -> Vec<Row> {
    const FOREIGN: Text = Text {
        en: "Refused, but from outside your networks: connections of {n} {n|address|addresses}.",
        ja: "外部のアドレス{n}個が Gateway に到達し、拒否されました。",
    };
    const TODO: Text = Text {
        en: "The Gateway should not be reachable from there: see gateway.bind, the proxy and the firewall. If they are yours: openclaw-harden checkup --accept",
        ja: "gateway.bind、プロキシ、ファイアウォールを確認し、そこから到達できないようにしてください。自分のものの場合: openclaw-harden checkup --accept",
    };
    const NEAR: Text = Text {
        en: "Connections were refused from {n} {n|address|addresses} of your own networks.",
        ja: "自分のネットワークのアドレス{n}個が拒否されました。",
    };
    const OPENED: Text = Text { en: "{address}: {n} connections opened", ja: "{address}: 接続 {n}回" };
    const OTHERS: Text = Text { en: "further addresses: refused {n}x", ja: "その他のアドレス: 拒否 {n}回" };
    const NOBODY: Text = Text { en: "No connection was refused.", ja: "拒否された接続はありません。" };
    let is_accepted =
        |address: &IpAddr| known.accepted.as_ref().is_some_and(|seen| seen.addresses.contains(&address.to_string()));
    let mut refused: Vec<(&IpAddr, &Visits)> =
        review.addresses.iter().filter(|(_, visits)| visits.refusals() > 0).collect();
    refused.sort_by_key(|(address, visits)| (!is_new(known, address), std::cmp::Reverse(visits.refusals())));
    let (near, far): (Vec<_>, Vec<_>) =
        refused.into_iter().partition(|(address, _)| address::is_near(**address) || is_accepted(address));
    let mut rows = Vec::new();
    if !far.is_empty() {
        let (state, found) = (State::Attention(Severity::Warn), FOREIGN.with("n", far.len()));
        let mut row = Row::new("log.foreign_address", Topic::Log, state, LOG, found)
            .evidence(first(&far, |of| marked(of, known)));
        if review.of_others > 0 {
            row.evidence.push(OTHERS.with("n", review.of_others));
        }
        rows.push(row.todo(TODO));
    }
    if !near.is_empty() {
        let row = Row::new("log.addresses", Topic::Log, State::Note, LOG, NEAR.with("n", near.len()));
        rows.push(row.evidence(first(&near, |of| marked(of, known))));
    } else if rows.is_empty() {
        rows.push(Row::new("log.addresses", Topic::Log, State::Fine, LOG, NOBODY));
    }
    let opened: Vec<_> = review.addresses.iter().filter(|(_, visits)| visits.opened > 0).collect();
    if let Some(row) = rows.last_mut() {
        let lines = first(&opened, |(address, visits)| OPENED.with("address", address).with("n", visits.opened));
        row.evidence.extend(lines);
    }
    rows
}

fn approved(review: &Review, known: &Known) -> Option<Row> {
    const FOUND: Text = Text {
        en: "Devices that the Gateway approved without asking anybody: {n}.",
        ja: "Gateway が誰にも確認せずに承認したデバイスが{n}台あります。",
    };
    const LINE: Text = Text { en: "{at}: {detail}", ja: "{at}: {detail}" };
    const TODO: Text = Text {
        en: "Whether they may still do something stands under approved users and devices.",
        ja: "現在の権限は「承認済みユーザーとデバイス」に表示しています。",
    };
    let new: Vec<_> = review.approved.iter().filter(|(at, ..)| !known.is_over(*at)).collect();
    if new.is_empty() {
        return None;
    }
    let row = Row::new("log.auto_approved", Topic::Log, State::Note, LOG, FOUND.with("n", new.len())).todo(TODO);
    Some(row.evidence(first(&new, |(at, _, detail)| LINE.with("at", to_the_minute(*at)).with("detail", detail))))
}

fn rejected(review: &Review, known: &Known) -> Option<Row> {
    const FOUND: Text = Text {
        en: "Changes of the config that the Gateway did not load, going on with the old one: {n}.",
        ja: "Gateway は設定の変更を{n}回読み込まず、以前の設定のまま動作しました。",
    };
    const LINE: Text = Text { en: "{at}: {why}", ja: "{at}: {why}" };
    const TODO: Text = Text {
        en: "See whether the config is valid now: openclaw-harden audit",
        ja: "現在の設定が有効か確認してください: openclaw-harden audit",
    };
    let new: Vec<_> = review.rejected.iter().filter(|(at, _)| !known.is_over(*at)).collect();
    if new.is_empty() {
        return None;
    }
    let state = State::Attention(Severity::Warn);
    let row = Row::new("log.reload_rejected", Topic::Log, state, LOG, FOUND.with("n", new.len())).todo(TODO);
    Some(row.evidence(first(&new, |(at, why)| LINE.with("at", to_the_minute(*at)).with("why", why))))
}

fn tools(review: &Review) -> Option<Row> {
    const FOUND: Text = Text {
        en: "Runs of exec in the log: {n}. Times that policy took tools from an agent: {removed}.",
        ja: "ログに exec が{n}回、ポリシーによるツールの除外が{removed}回あります。",
    };
    let runs: u64 = review.exec_by_hour.iter().sum();
    if runs + review.tools_removed == 0 {
        return None;
    }
    let found = FOUND.with("n", runs).with("removed", review.tools_removed);
    Some(Row::new("log.tools", Topic::Log, State::Note, LOG, found))
}
