//! Mends of tool policies that say two things at once: the stricter one stays.

use super::repair::{Attempt, Repair, one};
use crate::document::Edit;
use crate::posture::{Choice, Weight};
use crate::text::Text;
use serde_json::Value;

impl Attempt<'_> {
    /// `mode` beside `security` and `ask`: OpenClaw takes one or the other.
    pub(super) fn one_exec_policy(&self) -> Option<Repair> {
        const SAME: Text = Text {
            en: "security and ask say the same as mode, which stays alone.",
            ja: "security と ask は mode と同じ意味です。mode だけを残します。",
        };
        const MODE: Text = Text {
            en: "mode is stricter than security and ask, and stays alone.",
            ja: "security と ask より厳しい mode だけを残します。",
        };
        const PAIR: Text = Text {
            en: "security and ask are stricter than mode, and stay without it.",
            ja: "mode より厳しい security と ask を残し、mode を削除します。",
        };
        let path = &self.issue.path;
        let exec = path.parent()?;
        let text = |key: &str| exec.key(key).of(self.root).and_then(Value::as_str);
        let (mode, pair) = (of_mode(text("mode")), of_pair(text("security"), text("ask")));
        let without_pair = ["security", "ask"].into_iter().map(|key| exec.key(key));
        let without_pair = without_pair.filter(|key| key.of(self.root).is_some()).map(Edit::remove).collect();
        let (edits, weight, effect): (Vec<Edit>, _, _) = if mode == pair {
            (without_pair, Weight::Safe, SAME)
        } else if mode < pair {
            (without_pair, Weight::Ask, MODE)
        } else {
            (vec![Edit::remove(path)], Weight::Ask, PAIR)
        };
        let kept = if mode <= pair { text("mode") } else { text("security").or(text("ask")) };
        self.solves(&edits).then(|| one(Choice { weight, ..Choice::safe(kept.unwrap_or("mode"), edits, effect) }))
    }

    /// `allow` beside `alsoAllow`: OpenClaw wants all names in one list.
    pub(super) fn one_list(&self) -> Option<Repair> {
        const JOINED: Text = Text {
            en: "The names of alsoAllow join those of allow: together they are what was meant.",
            ja: "alsoAllow の名前を allow に加えます。合わせたものが本来の意図です。",
        };
        const ALLOW: Text = Text {
            en: "allow stays, and lets no other tool through: alsoAllow goes.",
            ja: "allow にないツールを許可しないため、alsoAllow を削除します。",
        };
        let path = &self.issue.path;
        let (allow, also) = (path.key("allow"), path.key("alsoAllow"));
        let has = allow.of(self.root)?.as_array()?;
        let new: Vec<&Value> = also.of(self.root)?.as_array()?.iter().filter(|name| !has.contains(name)).collect();
        let joined: Vec<Edit> = new.iter().map(|name| Edit::add(&allow, (*name).clone())).collect();
        let dropped = vec![Edit::remove(&also)];
        let joined: Vec<Edit> = joined.into_iter().chain(dropped.clone()).collect();
        if new.is_empty() {
            return Some(one(Choice::safe("allow", dropped, ALLOW)));
        }
        let (value, edits, effect) = if self.loosens_nothing(&joined) {
            ("allow + alsoAllow", joined, JOINED)
        } else {
            ("allow", dropped, ALLOW)
        };
        self.solves(&edits).then(|| one(Choice::ask(value, edits, effect)))
    }
}

/// Is how much a mode lets run: the less the stricter.
fn of_mode(mode: Option<&str>) -> u8 {
    match mode {
        Some("deny") => 0,
        Some("allowlist") => 1,
        Some("ask") => 3,
        Some("auto") => 4,
        _ => 6,
    }
}

/// Is how much `security` and `ask` let run, on the same scale. What is not set is taken for the mildest.
fn of_pair(security: Option<&str>, ask: Option<&str>) -> u8 {
    match (security, ask) {
        (Some("deny"), _) => 0,
        (Some("allowlist"), Some("off")) => 1,
        (Some("allowlist"), Some("always")) => 2,
        (Some("allowlist"), _) => 3,
        (_, Some("always")) => 5,
        _ => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_pairs_weigh_as_their_mode() {
        for (mode, security, ask) in [
            ("deny", "deny", "off"),
            ("allowlist", "allowlist", "off"),
            ("ask", "allowlist", "on-miss"),
            ("full", "full", "off"),
        ] {
            assert_eq!(of_mode(Some(mode)), of_pair(Some(security), Some(ask)), "{mode}");
        }
        assert!(of_mode(Some("auto")) < of_pair(Some("full"), Some("always")));
    }
}
