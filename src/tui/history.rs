//! What each key did: to go back and forth between, and to say it.

use crate::plan::{Pick, Planned};
use crate::text::{Lang, Said, Text};
use crate::tui::session::{Counts, Decisions, Session};
use std::collections::BTreeSet;

const UNDONE: Text = Text { en: "Undone: {what}", ja: "元に戻しました: {what}" };
const REDONE: Text = Text { en: "Done again: {what}", ja: "やり直しました: {what}" };
const NO_PAST: Text = Text { en: "Nothing to undo.", ja: "元に戻す操作はありません。" };
const NO_FUTURE: Text = Text { en: "Nothing to redo.", ja: "やり直す操作はありません。" };
const POSTURE: Text = Text { en: "the posture", ja: "態勢の選択" };
const SEVERAL: Text = Text { en: "{n} decisions", ja: "{n}件の決定" };
const OTHER: Text = Text { en: "the last decision", ja: "直前の決定" };

const EFFECT: Text = Text { en: "This key: {what}", ja: "この操作: {what}" };
const NO_EFFECT: Text = Text {
    en: "This key: as many findings and changes as before",
    ja: "この操作: 検出事項と変更の件数は同じです",
};
const CRITICAL: Text = Text { en: "critical {by}", ja: "重大 {by}" };
const WARN: Text = Text { en: "warn {by}", ja: "警告 {by}" };
const INFO: Text = Text { en: "info {by}", ja: "情報 {by}" };
const CHANGES: Text = Text { en: "changes {by}", ja: "変更 {by}" };
const ASKS: Text = Text { en: "OK? {by}", ja: "要確認 {by}" };

/// What was decided before each key that decided something, and the page on which that was.
pub struct History {
    past: Vec<(Decisions, usize)>,
    future: Vec<(Decisions, usize)>,
    now: Decisions,
    impact: Impact,
}

impl History {
    /// Begins where the session is.
    pub fn new(session: &Session) -> Self {
        History { past: Vec::new(), future: Vec::new(), now: session.decisions(), impact: Impact::of(session) }
    }

    /// Takes in what came of no key: the next one is not said to have brought it.
    pub fn learn(&mut self, session: &Session) {
        self.impact = Impact::of(session);
    }

    /// Notes what a key on a page decided, if it did; gives the sentence that says what came of it.
    pub fn note(&mut self, session: &Session, page: usize) -> Option<Said> {
        let now = session.decisions();
        if now == self.now {
            return None;
        }
        self.past.push((std::mem::replace(&mut self.now, now), page));
        self.future.clear();
        let before = std::mem::replace(&mut self.impact, Impact::of(session));
        Some(self.impact.since(&before, session.lang()))
    }

    /// Whether anything can be undone.
    pub fn has_past(&self) -> bool {
        !self.past.is_empty()
    }

    /// Forgets what was: it cannot be gone back to any more.
    pub fn clear(&mut self, session: &Session) {
        *self = History::new(session);
    }

    /// Takes the last decision back. Gives what to say, and the page on which it was made.
    pub fn undo(&mut self, session: &mut Session) -> Result<(Said, Option<usize>), Said> {
        self.turn(session, true)
    }

    /// Decides again what was taken back.
    pub fn redo(&mut self, session: &mut Session) -> Result<(Said, Option<usize>), Said> {
        self.turn(session, false)
    }

    fn turn(&mut self, session: &mut Session, back: bool) -> Result<(Said, Option<usize>), Said> {
        let (from, to, text, none) = match back {
            true => (&mut self.past, &mut self.future, UNDONE, NO_PAST),
            false => (&mut self.future, &mut self.past, REDONE, NO_FUTURE),
        };
        let Some((wanted, page)) = from.last().cloned() else {
            return Ok((none.into(), None));
        };
        let here = row(&self.now, &wanted, session);
        session.return_to(wanted.clone())?;
        from.pop();
        let what = what(&self.now, &wanted, here.or_else(|| row(&self.now, &wanted, session)));
        to.push((std::mem::replace(&mut self.now, wanted), page));
        self.impact = Impact::of(session);
        Ok((Said::from(text).with_said("what", what), Some(page)))
    }
}

/// Is the keys of the rows that were decided otherwise.
fn changed<'d>(one: &'d Decisions, two: &'d Decisions) -> BTreeSet<&'d String> {
    fn differ<'d>(one: &'d Decisions, two: &'d Decisions) -> impl Iterator<Item = &'d String> {
        let is_other = |(key, pick): &(&String, &Pick)| two.answers.picks.get(*key) != Some(*pick);
        one.answers.picks.iter().filter(is_other).map(|(key, _)| key)
    }
    differ(one, two).chain(differ(two, one)).collect()
}

/// Is the name of the row that alone was decided otherwise, where it is there.
fn row(one: &Decisions, two: &Decisions, session: &Session) -> Option<Said> {
    let named = |row: &Planned| {
        const OF: Text = Text { en: "{label} - {whose}", ja: "{label} - {whose}" };
        match &row.row.whose {
            Some(whose) => Said::from(OF).with_said("label", row.label()).with_said("whose", whose.clone()),
            None => row.label().into(),
        }
    };
    session.row(changed(one, two).first()?).map(named)
}

fn what(one: &Decisions, two: &Decisions, row: Option<Said>) -> Said {
    match (changed(one, two).len(), row) {
        _ if one.answers.posture != two.answers.posture => POSTURE.into(),
        (1, Some(row)) => row,
        (0 | 1, _) => OTHER.into(),
        (n, _) => SEVERAL.with("n", n),
    }
}

/// What the decisions come to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Impact {
    counts: Counts,
    changes: usize,
    asks: usize,
}

impl Impact {
    fn of(session: &Session) -> Self {
        Impact {
            counts: session.count(&session.plan.after),
            changes: session.plan.rows.iter().filter(|row| !row.edits.is_empty()).count(),
            asks: session.plan.rows.iter().filter(|row| row.is_open_ask()).count(),
        }
    }

    /// Is the sentence that says what became more and what fewer.
    fn since(&self, before: &Impact, lang: Lang) -> Said {
        let parts = [
            (CRITICAL, before.counts.critical, self.counts.critical),
            (WARN, before.counts.warn, self.counts.warn),
            (INFO, before.counts.info, self.counts.info),
            (CHANGES, before.changes, self.changes),
            (ASKS, before.asks, self.asks),
        ];
        let moved: Vec<String> = parts
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(text, before, after)| {
                let sign = if after > before { '+' } else { '-' };
                text.with("by", format!("{sign}{}", after.abs_diff(before))).of(lang)
            })
            .collect();
        if moved.is_empty() {
            return NO_EFFECT.into();
        }
        EFFECT.with("what", moved.join(", "))
    }
}
