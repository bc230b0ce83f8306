//! What mends one issue.

use super::carry::{carry, shown};
use super::forms::{same_in_other_forms, strictest};
use super::{Group, heavier, is_wrong_channel, to_comment};
use crate::checks::{Severity, audit};
use crate::document::{Change, Edit, Seg};
use crate::posture::{Choice, Weight};
use crate::settings::retired::{Fate, Retired};
use crate::settings::schema::{self, Issue, IssueKind};
use crate::settings::tools::loosened;
use crate::settings::{Facts, Settings, Shape};
use crate::text::{Said, Text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The answers to one issue.
pub(super) struct Repair {
    /// What can be done.
    pub choices: Vec<Choice>,
    /// Which of it is best; none where that is not known.
    pub recommended: Option<usize>,
}

/// How often one mend may bring up the next.
const MOST_LINKS: usize = 4;

pub(super) const REMOVE: &str = "remove";
const COMMENT: &str = "comment";
const CONVERT: &str = "convert";

const GONE: Text = Text {
    en: "Nothing reads it: it goes, and nothing changes.",
    ja: "読まれないキーなので、削除しても動作は変わりません。",
};
const SAME: Text = Text {
    en: "Becomes {path}, with the same meaning.", ja: "{path} に移します。意味は変わりません。"
};
const CLASH: Text = Text {
    en: "{path} is set as well, and is what OpenClaw reads. The old value goes.",
    ja: "{path} にも値があり、OpenClaw はそちらを読みます。古い値は削除します。",
};
const PARTLY: Text = Text {
    en: "What still means something goes to its new place. The rest is read by nothing and goes.",
    ja: "今も使われる設定は新しい場所に移し、読まれないものは削除します。",
};
const DROPPED: Text = Text {
    en: "It goes. OpenClaw did nothing with it; look whether you meant another key.",
    ja: "削除します。OpenClaw はこのキーを使っていません。別のキーのつもりだったか確認してください。",
};

/// Is what mends an issue, one of all that are `known` of a config; none if nothing is known to.
pub(super) fn repair(root: &Value, facts: &Arc<Facts>, known: &[Issue], issue: &Issue) -> Option<Repair> {
    let attempt = Attempt { root, facts, known, issue };
    let repair = attempt.find()?;
    let choices = repair.choices.into_iter().map(|choice| in_words(attempt.followed_up(choice))).collect();
    Some(Repair { choices, ..repair })
}

/// Gives a choice whose value is a word of this program a name in both languages; the word may be the config's own too.
fn in_words(choice: Choice) -> Choice {
    let sets = |edit: &Edit| matches!(&edit.change, Change::Set(Value::String(text)) if *text == choice.value);
    if choice.edits.iter().any(sets) {
        return choice;
    }
    const REMOVED: Text = Text { en: "remove", ja: "削除" };
    const COMMENTED: Text = Text { en: "comment", ja: "コメント" };
    const CONVERTED: Text = Text { en: "convert", ja: "変換" };
    match choice.value.as_str() {
        REMOVE => choice.called(REMOVED),
        COMMENT => choice.called(COMMENTED),
        CONVERT => choice.called(CONVERTED),
        _ => choice,
    }
}

/// The search for what mends one issue.
pub(super) struct Attempt<'a> {
    /// The config.
    pub root: &'a Value,
    /// What is known beside it.
    pub facts: &'a Arc<Facts>,
    /// All issues of the config.
    pub known: &'a [Issue],
    /// The issue.
    pub issue: &'a Issue,
}

/// Is a repair with a single answer.
pub(super) fn one(choice: Choice) -> Repair {
    Repair { choices: vec![choice], recommended: Some(0) }
}

impl Attempt<'_> {
    fn find(&self) -> Option<Repair> {
        let path = &self.issue.path;
        match Group::of(self.root, self.issue) {
            Group::Note => {
                let key = path.last_key().unwrap_or_default();
                const KEPT: Text = Text {
                    en: "Becomes a comment in the same place.",
                    ja: "同じ場所のコメントにします。",
                };
                return Some(one(Choice::safe(COMMENT, vec![to_comment(path, key)], KEPT)));
            }
            Group::Roster => return self.roster(),
            Group::Foreign => return None,
            _ => {}
        }
        self.known().or_else(|| match self.issue.kind {
            IssueKind::UnknownKey => self.entered().or_else(|| self.unknown()),
            IssueKind::Missing => self.missing(),
            IssueKind::WrongType | IssueKind::WrongValue => self.converted().or_else(|| self.dropped()),
            IssueKind::Rule("tools.exec_mode") => self.one_exec_policy(),
            IssueKind::Rule("tools.allow_beside_also_allow") => self.one_list(),
            IssueKind::Rule(_) if is_wrong_channel(self.issue) => {
                const CHANNEL: Text = Text {
                    en: "This version has no such channel, so it goes. If a plugin brings it, install the plugin first and leave the key.",
                    ja: "このバージョンにないチャンネルなので削除します。プラグインのチャンネルなら、先にプラグインをインストールし、キーは残してください。",
                };
                Some(one(Choice::ask(REMOVE, vec![Edit::remove(path)], CHANNEL)))
            }
            IssueKind::Rule("models.retired") => self.succeeded().or_else(|| self.dropped()),
            IssueKind::Rule(_) if path.of(self.root).is_none() => self.missing(),
            IssueKind::Rule(_) => self.converted().or_else(|| self.dropped()),
        })
    }

    /// What the catalogue says.
    fn known(&self) -> Option<Repair> {
        let path = &self.issue.path;
        let value = path.of(self.root)?;
        let carried = carry(self.root, path, value).filter(|carried| self.settles(&carried.edits))?;
        // An early version may not know yet what became of it.
        if self.facts.openclaw.shape() == Shape::Early && !self.solves(&carried.edits) {
            return None;
        }
        let known = Retired::at(path);
        let say = known.as_ref().and_then(|known| known.entry.say);
        let fate = known.as_ref().map(|known| known.entry.fate);
        let (weight, effect): (Weight, Said) = match (&carried.clash, &carried.target, fate) {
            (Some(other), ..) => (Weight::Ask, CLASH.with("path", other)),
            (None, _, Some(Fate::Stale | Fate::Guard)) if !carried.is_missed => {
                (Weight::Safe, say.unwrap_or(if carried.target.is_some() { PARTLY } else { GONE }).into())
            }
            (None, _, Some(Fate::Guess)) => {
                (if carried.is_missed { Weight::Ask } else { Weight::Safe }, say.unwrap_or(DROPPED).into())
            }
            (None, Some(target), _) if !carried.is_missed => (Weight::Safe, SAME.with("path", target)),
            _ => (Weight::Ask, say.unwrap_or(PARTLY).into()),
        };
        let name = match (&carried.target, fate) {
            (Some(target), Some(Fate::Value)) => {
                let mut changed = self.root.clone();
                carried.edits.iter().for_each(|edit| edit.apply(&mut changed));
                target.of(&changed).map(shown).filter(|_| !schema::is_secret(target))?
            }
            (Some(target), _) => target.to_string(),
            (None, _) => REMOVE.to_owned(),
        };
        Some(one(Choice { value: name, label: None, edits: carried.edits, weight, effect }))
    }

    /// A key that OpenClaw does not know and never knew.
    fn unknown(&self) -> Option<Repair> {
        const RENAMED: Text = Text {
            en: "Takes it for a slip of the pen and writes {path}, which then takes effect.",
            ja: "書き間違いとみなし、{path} に直します。設定が有効になります。",
        };
        let path = &self.issue.path;
        let remove = Choice::ask(REMOVE, vec![Edit::remove(path)], DROPPED);
        let near = self.issue.nearest.as_ref().zip(path.of(self.root)).and_then(|(near, value)| {
            let name = near.rsplit('.').next()?;
            let target = path.parent()?.key(name);
            let edits = vec![Edit::remove(path), Edit::set(&target, value.clone())];
            (target.of(self.root).is_none() && self.solves(&edits) && self.loosens_nothing(&edits))
                .then(|| Choice::ask(target.to_string(), edits, RENAMED.with("path", &target)))
        });
        Some(match near {
            Some(rename) => Repair { choices: vec![rename, remove], recommended: Some(0) },
            None => one(remove),
        })
    }

    /// A model that is gone, by the name that its provider now takes for it.
    fn succeeded(&self) -> Option<Repair> {
        const SUCCESSOR: Text = Text {
            en: "The provider has shut this model down; this one has taken its place.",
            ja: "このモデルは提供が終了しています。後継のモデルにします。",
        };
        let path = &self.issue.path;
        let value = path.of(self.root)?;
        let key = path.last_key().filter(|key| key.contains('/'));
        let (provider, name) = value.as_str().or(key)?.rsplit_once('/')?;
        let successor = match name {
            "gemini-3-pro-preview" | "gemini-3-pro" => "gemini-3.1-pro-preview",
            _ => return None,
        };
        let successor = format!("{provider}/{successor}");
        let edits = match key {
            Some(_) if value.is_object() => {
                let renamed = path.parent()?.key(&successor);
                let set = renamed.of(self.root).is_none().then(|| Edit::set(&renamed, value.clone()));
                std::iter::once(Edit::remove(path)).chain(set).collect()
            }
            _ => vec![Edit::set(path, successor.as_str())],
        };
        self.solves(&edits).then(|| one(Choice::ask(successor, edits, SUCCESSOR)))
    }

    /// Something that has to be there and can be told from what is.
    fn missing(&self) -> Option<Repair> {
        const NAMED: Text = Text { en: "Gets its id as its name.", ja: "id を名前にします。" };
        const NAME: Text = Text { en: "Gets its name as its id.", ja: "名前を id にします。" };
        const NONE: Text = Text { en: "Gets an empty list.", ja: "空のリストにします。" };
        let path = &self.issue.path;
        let around = path.parent()?;
        let found = match path.last_key()? {
            "name" => around.key("id").of(self.root).map(|id| (id.clone(), NAMED)),
            "id" => around.key("name").of(self.root).map(|name| (name.clone(), NAME)),
            "models" => Some((json!([]), NONE)),
            _ => None,
        };
        if let Some((value, effect)) = found {
            let edits = vec![Edit::set(path, value.clone())];
            if self.solves(&edits) {
                return Some(one(Choice::ask(shown(&value), edits, effect)));
            }
        }
        if matches!(path.last_key(), Some("source" | "provider" | "id")) {
            const REFERENCE: Text = Text {
                en: "The same variable, in the form that OpenClaw takes for a reference.",
                ja: "同じ環境変数を、OpenClaw が参照として受け付ける形式で書きます。",
            };
            for form in same_in_other_forms(around.of(self.root)?, &[]) {
                let edits = vec![Edit::set(&around, form)];
                if self.solves(&edits) {
                    return Some(one(Choice::safe("source, provider, id", edits, REFERENCE)));
                }
            }
        }
        self.container_dropped()
    }

    /// The same meaning in the form that is wanted.
    fn converted(&self) -> Option<Repair> {
        const FORM: Text = Text {
            en: "The same, in the form that OpenClaw takes.",
            ja: "同じ内容を、OpenClaw が受け付ける形式で書きます。",
        };
        const MEANT: Text = Text {
            en: "The nearest value that OpenClaw takes. Look whether it is what you meant.",
            ja: "使える値のうち最も近いものにします。意図と合っているか確認してください。",
        };
        const STRICT: Text = Text {
            en: "What was meant cannot be told, so the strictest value is set.",
            ja: "意図がわからないため、最も厳しい値にします。",
        };
        const NOTE: Text =
            Text { en: "Becomes a comment in the same place.", ja: "同じ場所のコメントにします。" };
        const NULL: Text =
            Text { en: "null sets nothing: it goes.", ja: "null は未設定と同じなので、削除します。" };
        let path = &self.issue.path;
        let value = path.of(self.root)?;
        let is_note = value.as_str().is_some_and(|text| text.trim_start().starts_with(['/', '#']));
        if let (Some(Seg::Index(_)), true) = (path.segs().last(), is_note) {
            return Some(one(Choice::safe(COMMENT, vec![to_comment(path, "")], NOTE)));
        }
        if value.is_null() {
            let edits = vec![Edit::remove(path)];
            return self.solves(&edits).then(|| one(Choice::safe(REMOVE, edits, NULL)));
        }
        let try_one = |value: &Value| {
            let edits = vec![Edit::set(path, value.clone())];
            (self.solves(&edits) && self.loosens_nothing(&edits)).then_some(edits)
        };
        let named = |value: &Value| {
            if schema::is_secret(path) || value.is_object() { CONVERT.to_owned() } else { shown(value) }
        };
        for same in same_in_other_forms(value, &self.issue.allowed) {
            if let Some(edits) = try_one(&same) {
                return Some(one(Choice::safe(named(&same), edits, FORM)));
            }
        }
        if let Some(strict) = strictest(path).map(Value::from) {
            let edits = vec![Edit::set(path, strict.clone())];
            if self.solves(&edits) && self.opens_nothing(&edits) {
                return Some(one(Choice::ask(named(&strict), edits, STRICT)));
            }
        }
        let begins_alike = || {
            let word = value.as_str()?.split(['-', '_', ' ']).next().filter(|word| word.len() > 2)?.to_lowercase();
            self.issue.allowed.iter().find(|known| known.starts_with(&word))
        };
        if let Some(near) = self.issue.nearest.as_ref().or_else(begins_alike).map(|near| Value::from(near.as_str()))
            && let Some(edits) = try_one(&near)
        {
            return Some(one(Choice::ask(named(&near), edits, MEANT)));
        }
        None
    }

    /// A value that cannot be read goes, where that gives nobody more.
    fn dropped(&self) -> Option<Repair> {
        const DEFAULT: Text = Text {
            en: "It goes, and OpenClaw's default takes its place. Look whether you meant something else.",
            ja: "削除し、OpenClaw の既定値を使います。意図と合っているか確認してください。",
        };
        let path = &self.issue.path;
        path.of(self.root)?;
        let edits = vec![Edit::remove(path)];
        if strictest(path).is_none() && self.settles(&edits) && self.opens_nothing(&edits) {
            return Some(one(Choice::ask(REMOVE, edits, DEFAULT)));
        }
        self.container_dropped()
    }

    /// What cannot work without what is missing goes as a whole: the nearest that may.
    fn container_dropped(&self) -> Option<Repair> {
        const WHOLE: Text = Text {
            en: "The whole entry {path} goes: without this it cannot work. Write it anew if you need it.",
            ja: "{path} を全体ごと削除します。不足があり動作しません。必要なら書き直してください。",
        };
        let mut entry = self.issue.path.parent()?;
        while entry.segs().len() > 1 {
            let edits = vec![Edit::remove(&entry)];
            // A whole section, as a channel, is not given up for one setting.
            let is_entry = entry.segs().len() > 2 || matches!(entry.segs().last(), Some(Seg::Index(_)));
            if is_entry && entry.of(self.root).is_some() && self.settles(&edits) && self.opens_nothing(&edits) {
                return Some(one(Choice::ask(REMOVE, edits, WHOLE.with("path", &entry))));
            }
            entry = entry.parent()?;
        }
        None
    }

    fn after(&self, edits: &[Edit]) -> Value {
        let mut after = self.root.clone();
        edits.iter().for_each(|edit| edit.apply(&mut after));
        after
    }

    /// Whether the issue goes with these edits and none comes in its place.
    pub(super) fn solves(&self, edits: &[Edit]) -> bool {
        let place = &self.issue.path;
        let now = schema::validate(&self.after(edits), self.facts);
        now.len() < self.known.len()
            || now.len() == self.known.len() && !now.iter().any(|issue| issue.path.is_within(place))
    }

    /// Whether the issue goes with these edits, whatever it hid.
    pub(super) fn settles(&self, edits: &[Edit]) -> bool {
        let now = schema::validate(&self.after(edits), self.facts);
        // Where an entry of a list goes, the next one takes its place with a like fault.
        now.len() < self.known.len()
            || !now.iter().any(|issue| issue.path == self.issue.path && issue.kind == self.issue.kind)
    }

    /// Whether the audit finds nothing more than before, warnings included.
    pub(super) fn loosens_nothing(&self, edits: &[Edit]) -> bool {
        self.is_no_worse(edits, Severity::Warn)
    }

    /// Whether nobody gets more. A guard that OpenClaw could not read may be missed: the steps that follow ask for it.
    fn opens_nothing(&self, edits: &[Edit]) -> bool {
        self.is_no_worse(edits, Severity::Critical)
    }

    fn is_no_worse(&self, edits: &[Edit], least: Severity) -> bool {
        let load = |root: Value| Settings::load(root, self.facts.clone());
        let (was, now) = (load(self.root.clone()), load(self.after(edits)));
        let alarming = |settings: &Settings| -> BTreeSet<String> {
            let found = audit(settings).into_iter().filter(|finding| finding.severity >= least);
            // Every loopback without a proxy shows it; it opens nothing.
            found.map(|finding| finding.id).filter(|id| id != "gateway.trusted_proxies_missing").collect()
        };
        loosened(&was, &now).is_empty() && alarming(&now).is_subset(&alarming(&was))
    }

    /// Adds what mends the issues that a choice brings up.
    fn followed_up(&self, mut choice: Choice) -> Choice {
        let key = |issue: &Issue| (issue.path.to_string(), issue.kind);
        let mut known: BTreeSet<_> = self.known.iter().map(key).collect();
        for _ in 0..MOST_LINKS {
            let after = self.after(&choice.edits);
            let issues = schema::validate(&after, self.facts);
            let Some(fresh) = issues.iter().find(|issue| known.insert(key(issue))) else {
                break;
            };
            let attempt = Attempt { root: &after, facts: self.facts, known: &issues, issue: fresh };
            if let Some(repair) = attempt.find()
                && let Some(best) = repair.recommended.and_then(|best| repair.choices.into_iter().nth(best))
            {
                choice.weight = heavier(choice.weight, best.weight);
                choice.edits.extend(best.edits);
            }
        }
        choice
    }
}
