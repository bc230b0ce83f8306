//! The skills and plugins that nobody has reviewed since the last acceptance.

use super::{Row, State, Topic, first};
use crate::checks::Severity;
use crate::skills::state::Review;
use crate::text::{Said, Text};

/// Judges the review, or says why there is none.
pub(super) fn row(review: &Result<Review, Said>) -> Row {
    const LOOKED: Text = Text { en: "skills and plugins: {n}", ja: "スキルとプラグイン: {n}件" };
    const UNREAD: Text = Text { en: "skills and plugins", ja: "スキルとプラグイン" };
    const REVIEWED: Text = Text {
        en: "All skills and plugins are reviewed.",
        ja: "スキルとプラグインはすべて確認済みです。",
    };
    const FIRST: Text = Text {
        en: "No skill was ever reviewed here. To be reviewed: {n}.",
        ja: "スキルはまだ一度も確認されていません。未確認: {n}件。",
    };
    const OPEN: Text = Text {
        en: "New, changed or gone since the last review: {n}.",
        ja: "前回の確認以降に追加、変更、削除されたもの: {n}件。",
    };
    const LINE: Text = Text { en: "{name}: {path}", ja: "{name}: {path}" };
    const GONE: Text = Text { en: "{name}, gone: {path}", ja: "{name} (削除済み): {path}" };
    const TODO: Text = Text {
        en: "Look at them and accept what is good: openclaw-harden skills",
        ja: "内容を確認し、問題がなければ受け入れてください: openclaw-harden skills",
    };
    let row = |state, looked: Said, found: Said| Row::new("policy.skills", Topic::Policy, state, looked, found);
    let review = match review {
        Ok(review) => review,
        Err(why) => return row(State::Unknown, UNREAD.into(), why.clone()),
    };
    let looked = LOOKED.with("n", review.items.len());
    if review.is_done() {
        return row(State::Fine, looked, REVIEWED.into());
    }
    let mut lines: Vec<Said> = review
        .open()
        .map(|item| LINE.with("name", &item.skill.judged.name).with("path", item.skill.path.display()))
        .collect();
    lines.extend(review.removed.iter().map(|gone| GONE.with("name", &gone.name).with("path", gone.path.display())));
    if review.is_first {
        return row(State::Note, looked, FIRST.with("n", lines.len())).todo(TODO);
    }
    let state = State::Attention(Severity::Warn);
    row(state, looked, OPEN.with("n", lines.len())).evidence(first(&lines, Said::clone)).todo(TODO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::skills::state::Removed;
    use crate::text::Lang;

    fn review(is_first: bool, removed: &[&str]) -> Result<Review, Said> {
        let removed =
            removed.iter().map(|name| Removed { name: (*name).to_owned(), path: format!("/s/{name}").into() });
        Ok(Review { is_first, removed: removed.collect(), ..Review::default() })
    }

    #[test]
    fn what_changed_since_the_last_review_needs_attention_and_is_named() {
        let row = row(&review(false, &["weather"]));
        assert!(row.needs_attention());
        assert_eq!(row.evidence[0].of(Lang::En), "weather, gone: /s/weather");
    }

    #[test]
    fn a_first_look_is_a_note_and_a_review_that_is_done_is_fine() {
        assert_eq!(row(&review(true, &["weather"])).state, State::Note);
        assert_eq!(row(&review(false, &[])).state, State::Fine);
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        const WHY: Text = Text { en: "no home", ja: "no home" };
        assert_eq!(row(&Err(WHY.into())).state, State::Unknown);
    }
}
