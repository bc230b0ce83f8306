//! The countdown on Done: how long a write on trial still stands, and what became of it.

use super::Hint;
use crate::text::wrap::wrap;
use crate::text::{Said, Text};
use crate::trial::{Fate, OnTrial};
use crate::tui::Disk;
use crate::tui::session::Session;
use ratatui::style::Style;
use std::time::Duration;

const COUNTDOWN: Text = Text {
    en: "On trial: everything goes back in {left} s. c confirms it: it connects to the Gateway as you would.",
    ja: "試行中: あと{left}秒ですべて元に戻ります。c で確定します (実際に Gateway に接続して確認します)。",
};
const ASKING: Text = Text { en: "Asking the Gateway ...", ja: "Gateway に接続しています ..." };
const LATE: Text =
    Text { en: "The time is over: it is going back ...", ja: "時間切れです。元に戻しています ..." };
const FAILED: Text = Text {
    en: "Not confirmed: {why} Try c again; n confirms without proof, for where no Gateway runs.",
    ja: "確定していません: {why} もう一度 c で確認できます。Gateway が動いていない環境では、n で確認なしに確定します。",
};
const PROVED: Text = Text {
    en: "Confirmed: the Gateway at {at} lets you in. What was written stays.",
    ja: "確定しました。{at} の Gateway に接続できます。書き込んだ内容はそのまま残ります。",
};
const UNPROVED: Text = Text {
    en: "Confirmed without proof that you get in. What was written stays.",
    ja: "接続を確認せずに確定しました。書き込んだ内容はそのまま残ります。",
};
const RETURNED: Text = Text {
    en: "It was not confirmed in time and went back: everything is as it was before.",
    ja: "時間内に確定しなかったため、すべて書き込み前の状態に戻しました。",
};
const STOPPED: Text = Text { en: "It could not go back: {why}", ja: "元に戻せませんでした: {why}" };
const ELSEWHERE: Text =
    Text { en: "From another terminal: {confirm}", ja: "別の端末から確定するコマンド: {confirm}" };
const CONFIRM: Text = Text { en: "Confirm", ja: "確定" };
const UNSEEN: Text = Text { en: "Without proof", ja: "確認なしで確定" };

/// What stands on Done of a write on trial.
pub(super) struct TrialLine {
    told: OnTrial,
    fate: Fate,
    /// Whether a key asked to confirm, and whether with proof.
    asked: Option<bool>,
    /// Why the last attempt failed.
    failed: Option<Said>,
}

impl TrialLine {
    pub(super) fn new(told: OnTrial) -> Self {
        TrialLine { told, fate: Fate::Waiting(Duration::ZERO), asked: None, failed: None }
    }

    /// Whether everything is as it was before the write.
    pub(super) fn went_back(&self) -> bool {
        self.fate == Fate::Returned
    }

    /// How long nothing changes by itself: up to the next second of the countdown.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.fate {
            _ if self.asked.is_some() => Some(Duration::ZERO),
            Fate::Waiting(left) if left.is_zero() => Some(Duration::from_millis(200)),
            Fate::Waiting(left) => Some(Duration::from_millis(u64::from(left.subsec_millis()) + 1)),
            _ => None,
        }
    }

    /// Asks to confirm. That is done with the next tick, so that a frame says so first.
    pub(super) fn ask(&mut self, prove: bool) {
        let is_open = matches!(self.fate, Fate::Waiting(left) if !left.is_zero());
        if is_open && (prove || self.failed.is_some()) {
            self.asked = Some(prove);
        }
    }

    pub(super) fn tick(&mut self, disk: &mut dyn Disk) {
        match self.asked.take().map(|prove| disk.confirm(prove)) {
            Some(Ok(fate)) => self.fate = fate,
            Some(Err(why)) => {
                self.failed = Some(why);
                self.fate = disk.fate();
            }
            None => self.fate = disk.fate(),
        }
    }

    pub(super) fn keys(&self) -> Vec<Hint> {
        match self.fate {
            Fate::Waiting(left) if !left.is_zero() && self.failed.is_some() => vec![("c", CONFIRM), ("n", UNSEEN)],
            Fate::Waiting(left) if !left.is_zero() => vec![("c", CONFIRM)],
            _ => Vec::new(),
        }
    }

    pub(super) fn lines(&self, session: &Session, columns: usize) -> Vec<(String, Style)> {
        let theme = session.look.theme;
        let failed = || self.failed.iter().map(|why| (FAILED.with("why", why.of(session.lang())), theme.critical));
        let elsewhere = || (ELSEWHERE.with("confirm", &self.told.confirm), theme.plain);
        let said: Vec<(Said, Style)> = match &self.fate {
            _ if self.asked.is_some() => vec![(ASKING.into(), theme.ask)],
            Fate::Waiting(left) if left.is_zero() => vec![(LATE.into(), theme.critical)],
            Fate::Waiting(left) => {
                let countdown = COUNTDOWN.with("left", left.as_millis().div_ceil(1000));
                let limits = (self.told.keeper.limits().into(), theme.quiet);
                std::iter::once((countdown, theme.ask)).chain(failed()).chain([elsewhere(), limits]).collect()
            }
            Fate::Confirmed(Some(at)) => vec![(PROVED.with("at", at), theme.heading)],
            Fate::Confirmed(None) => vec![(UNPROVED.into(), theme.heading)],
            Fate::Returned => vec![(RETURNED.into(), theme.critical)],
            Fate::Stopped(why) => vec![(STOPPED.with("why", why), theme.critical)],
        };
        let lines = said.into_iter().flat_map(|(said, style)| {
            wrap(&said.of(session.lang()), columns).into_iter().map(move |line| (line, style))
        });
        lines.collect()
    }
}
