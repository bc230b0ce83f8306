//! What mends one issue.

use super::carry::{carry, shown};
use super::{Group, heavier, is_wrong_channel, to_comment};
use crate::checks::{Severity, audit};
use crate::document::{Edit, Path, Seg};
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

const REMOVE: &str = "remove";

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

/// Is what mends an issue; none if nothing is known to.
pub(super) fn repair(root: &Value, facts: &Arc<Facts>, issue: &Issue) -> Option<Repair> {
    let attempt = Attempt { root, facts, issue };
    let repair = attempt.find()?;
    let choices = repair.choices.into_iter().map(|choice| attempt.followed_up(choice)).collect();
    Some(Repair { choices, ..repair })
}

struct Attempt<'a> {
    root: &'a Value,
    facts: &'a Arc<Facts>,
    issue: &'a Issue,
}

fn one(choice: Choice) -> Repair {
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
                return Some(one(Choice::safe("comment", vec![to_comment(path, key)], KEPT)));
            }
            Group::Roster => return self.roster(),
            Group::Foreign => return None,
            _ => {}
        }
        if *path == Path::from("channels.bluebubbles") {
            return None;
        }
        self.known().or_else(|| match self.issue.kind {
            IssueKind::UnknownKey => self.unknown(),
            IssueKind::Missing => self.missing(),
            IssueKind::WrongType | IssueKind::WrongValue => self.converted().or_else(|| self.dropped()),
            IssueKind::Rule(_) if is_wrong_channel(self.issue) => {
                const CHANNEL: Text = Text {
                    en: "This version has no such channel, so it goes. If a plugin brings it, install the plugin first and leave the key.",
                    ja: "このバージョンにないチャンネルなので削除します。プラグインのチャンネルなら、先にプラグインをインストールし、キーは残してください。",
                };
                Some(one(Choice::ask(REMOVE, vec![Edit::remove(path)], CHANNEL)))
            }
            IssueKind::Rule("models.retired") => self.succeeded().or_else(|| self.dropped()),
            IssueKind::Rule(_) if path.of(self.root).is_none() => self.missing(),
            IssueKind::Rule(_) => self.dropped(),
        })
    }

    /// What the catalogue says.
    fn known(&self) -> Option<Repair> {
        let path = &self.issue.path;
        let value = path.of(self.root)?;
        let carried = carry(self.root, path, value)?;
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
        const NONE: Text = Text { en: "Gets an empty list.", ja: "空のリストにします。" };
        let path = &self.issue.path;
        let around = path.parent()?;
        let (value, effect) = match path.last_key()? {
            "name" => (around.key("id").of(self.root)?.clone(), NAMED),
            "models" => (json!([]), NONE),
            _ => return self.container_dropped(),
        };
        let edits = vec![Edit::set(path, value.clone())];
        if self.solves(&edits) {
            return Some(one(Choice::ask(shown(&value), edits, effect)));
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
        let path = &self.issue.path;
        let value = path.of(self.root)?;
        let try_one = |value: &Value| {
            let edits = vec![Edit::set(path, value.clone())];
            (self.solves(&edits) && self.loosens_nothing(&edits)).then_some(edits)
        };
        let named = |value: &Value| {
            if schema::is_secret(path) || value.is_object() { "convert".to_owned() } else { shown(value) }
        };
        for same in same_in_other_forms(value, &self.issue.allowed) {
            if let Some(edits) = try_one(&same) {
                return Some(one(Choice::safe(named(&same), edits, FORM)));
            }
        }
        if let Some(strict) = strictest(path).map(Value::from)
            && let Some(edits) = try_one(&strict)
        {
            return Some(one(Choice::ask(named(&strict), edits, STRICT)));
        }
        if let Some(near) = self.issue.nearest.as_ref().map(|near| Value::from(near.as_str()))
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
        if path.segs().len() > 1 && strictest(path).is_none() && self.solves(&edits) && self.loosens_nothing(&edits) {
            return Some(one(Choice::ask(REMOVE, edits, DEFAULT)));
        }
        self.container_dropped()
    }

    /// An entry of a list of extras goes as a whole where it could not be read.
    fn container_dropped(&self) -> Option<Repair> {
        const WHOLE: Text = Text {
            en: "The whole entry {path} goes: without this it cannot work. Write it anew if you need it.",
            ja: "{path} を全体ごと削除します。不足があり動作しません。必要なら書き直してください。",
        };
        const EXTRAS: [&str; 5] =
            ["models.providers", "mcp.servers", "plugins.entries", "skills.entries", "browser.profiles"];
        let path = &self.issue.path;
        let entry: Path = EXTRAS.iter().map(|extra| Path::from(*extra)).find_map(|extra| {
            let entry: Path = path.segs().get(..3)?.iter().cloned().collect();
            (path.is_within(&extra) && path != &extra).then_some(entry)
        })?;
        entry.of(self.root)?;
        let edits = vec![Edit::remove(&entry)];
        (self.solves(&edits) && self.loosens_nothing(&edits))
            .then(|| one(Choice::ask(REMOVE, edits, WHOLE.with("path", &entry))))
    }

    fn roster(&self) -> Option<Repair> {
        const FIRST: Text = Text {
            en: "Agent {id} goes on answering what no binding assigns, as the first agent always did.",
            ja: "バインディングのない会話は、これまでどおり先頭のエージェント {id} が受け持ちます。",
        };
        const EXPLICIT: Text = Text {
            en: "What no binding assigns is then answered by no agent.",
            ja: "バインディングのない会話には、どのエージェントも応答しなくなります。",
        };
        const ONE: Text = Text {
            en: "Only the first agent keeps the mark, as before.",
            ja: "目印は、これまで効いていた先頭のエージェントだけに残します。",
        };
        const SPELLED: Text = Text {
            en: "The same agent, as OpenClaw spells it.",
            ja: "同じエージェントを OpenClaw の表記で書きます。",
        };
        const LIST: Text = Text {
            en: "The same agents, where OpenClaw looks for them.",
            ja: "同じエージェントを、OpenClaw が読む場所に移します。",
        };
        const NEAR: Text = Text {
            en: "There is no agent {id}; this one has the nearest name.",
            ja: "エージェント {id} はありません。名前が最も近いものにします。",
        };
        const TO_FIRST: Text = Text {
            en: "There is no agent {id}. Older versions gave such conversations to this agent; it stays so.",
            ja: "エージェント {id} はありません。以前のバージョンと同じく、このエージェントが受け持ちます。",
        };
        let path = &self.issue.path;
        let agents = Agents::of(self.root);
        let rule = match self.issue.kind {
            IssueKind::Rule(rule) => rule,
            _ => "",
        };
        match rule {
            "agents.ownership" => {
                let marked: Vec<&(String, Path)> =
                    agents.0.iter().filter(|(_, at)| agents.is_marked(self.root, at)).collect();
                if self.root.pointer("/agents/ownership") == Some(&json!("explicit")) || marked.len() > 1 {
                    let explicit = self.root.pointer("/agents/ownership") == Some(&json!("explicit"));
                    let others = marked.iter().skip(usize::from(!explicit));
                    let edits: Vec<Edit> = others.map(|(_, at)| Edit::remove(at.key("default"))).collect();
                    let choice = if explicit {
                        Choice::ask("explicit", edits, EXPLICIT)
                    } else {
                        Choice::safe("first", edits, ONE)
                    };
                    return Some(one(choice));
                }
                let (id, first) = agents.0.first()?;
                let edits = vec![Edit::set(first.key("default"), true)];
                let first = Choice::safe(id.clone(), edits, FIRST.with("id", id));
                let explicit = Choice::ask("explicit", vec![Edit::set("agents.ownership", "explicit")], EXPLICIT);
                Some(Repair { choices: vec![first, explicit], recommended: Some(0) })
            }
            "agents.list" => {
                let id = match path.last_key() {
                    Some("id") => self.issue.nearest.clone()?,
                    _ => path.key("name").of(self.root)?.as_str().map(schema::agent_id)?,
                };
                let place = if path.last_key() == Some("id") { path.clone() } else { path.key("id") };
                let edits = vec![Edit::set(&place, id.as_str())];
                self.solves(&edits).then(|| one(Choice::safe(id, edits, SPELLED)))
            }
            "agents.unknown" => {
                let id = path.of(self.root)?.as_str()?.to_owned();
                if matches!(path.segs().last(), Some(Seg::Index(_))) {
                    const OUT: Text = Text {
                        en: "There is no agent {id}: it leaves the list.",
                        ja: "エージェント {id} はないため、リストから外します。",
                    };
                    return Some(one(Choice::ask(REMOVE, vec![Edit::remove(path)], OUT.with("id", id))));
                }
                let owner = agents.owner(self.root)?;
                let mut choices = Vec::new();
                if let Some(near) = &self.issue.nearest {
                    let edits = vec![Edit::set(path, near.as_str())];
                    choices.push(Choice::ask(near.clone(), edits, NEAR.with("id", &id)));
                }
                if self.issue.nearest.as_deref() != Some(owner) {
                    choices.push(Choice::ask(owner, vec![Edit::set(path, owner)], TO_FIRST.with("id", &id)));
                }
                Some(Repair { choices, recommended: Some(0) })
            }
            "" => {
                let list = path.of(self.root)?.as_array()?.clone();
                let edits = if *path == Path::from("agents") {
                    vec![Edit::set(path, json!({ "list": list }))]
                } else {
                    vec![Edit::remove(path), Edit::set("agents.list", list)]
                };
                self.solves(&edits).then(|| one(Choice::safe("agents.list", edits, LIST)))
            }
            _ => None,
        }
    }

    fn after(&self, edits: &[Edit]) -> Value {
        let mut after = self.root.clone();
        edits.iter().for_each(|edit| edit.apply(&mut after));
        after
    }

    /// Whether the issue goes with these edits and none comes in its place.
    fn solves(&self, edits: &[Edit]) -> bool {
        let place = &self.issue.path;
        let count = |root: &Value| {
            schema::validate(root, self.facts).iter().filter(|issue| issue.path.is_within(place)).count()
        };
        let (was, now) =
            (schema::validate(self.root, self.facts).len(), schema::validate(&self.after(edits), self.facts).len());
        now < was || count(&self.after(edits)) == 0 && now <= was
    }

    fn loosens_nothing(&self, edits: &[Edit]) -> bool {
        let load = |root: Value| Settings::load(root, self.facts.clone());
        let (was, now) = (load(self.root.clone()), load(self.after(edits)));
        let alarming = |settings: &Settings| -> BTreeSet<String> {
            let found = audit(settings).into_iter().filter(|finding| finding.severity > Severity::Info);
            found.map(|finding| finding.id).collect()
        };
        loosened(&was, &now).is_empty() && alarming(&now).is_subset(&alarming(&was))
    }

    /// Adds what mends the issues that a choice brings up.
    fn followed_up(&self, mut choice: Choice) -> Choice {
        let key = |issue: &Issue| (issue.path.to_string(), issue.kind);
        let mut known: BTreeSet<_> = schema::validate(self.root, self.facts).iter().map(key).collect();
        for _ in 0..MOST_LINKS {
            let after = self.after(&choice.edits);
            let issues = schema::validate(&after, self.facts);
            let Some(fresh) = issues.iter().find(|issue| known.insert(key(issue))) else {
                break;
            };
            let attempt = Attempt { root: &after, facts: self.facts, issue: fresh };
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

/// The agents of a roster, each with its place in the file.
struct Agents(Vec<(String, Path)>);

impl Agents {
    fn of(root: &Value) -> Self {
        let entries = root.pointer("/agents/entries").and_then(Value::as_object);
        let keyed = entries.into_iter().flatten().map(|(id, _)| (id.clone(), Path::from("agents.entries").key(id)));
        let list = root.pointer("/agents/list").and_then(Value::as_array).filter(|_| entries.is_none());
        let listed =
            list.into_iter().flatten().enumerate().filter_map(|(n, entry)| {
                Some((entry.get("id")?.as_str()?.to_owned(), Path::from("agents.list").index(n)))
            });
        Agents(keyed.chain(listed).collect())
    }

    fn is_marked(&self, root: &Value, at: &Path) -> bool {
        at.key("default").of(root) == Some(&Value::Bool(true))
    }

    /// Is the agent that answered what no binding assigns, up to 2026.7.
    fn owner(&self, root: &Value) -> Option<&str> {
        let marked = self.0.iter().find(|(_, at)| self.is_marked(root, at));
        marked.or(self.0.first()).map(|(id, _)| id.as_str())
    }
}

/// Is the strictest value of a setting that guards something.
fn strictest(path: &Path) -> Option<&'static str> {
    let keys: Vec<&str> = path
        .segs()
        .iter()
        .filter_map(|seg| match seg {
            Seg::Key(key) => Some(key.as_str()),
            Seg::Index(_) => None,
        })
        .collect();
    match keys[..] {
        [.., "dmPolicy"] => Some("pairing"),
        [.., "groupPolicy"] => Some("allowlist"),
        [.., "sandbox", "mode"] => Some("all"),
        [.., "exec", "security" | "mode"] => Some("deny"),
        [.., "exec", "ask"] => Some("always"),
        ["gateway", "auth", "mode"] => Some("token"),
        [.., "workspaceAccess"] => Some("none"),
        ["tools", "profile"] => Some("minimal"),
        ["session", "dmScope"] => Some("per-account-channel-peer"),
        _ => None,
    }
}

/// Is what a value may have been meant as where another type is wanted, the surest first.
fn same_in_other_forms(value: &Value, allowed: &[String]) -> Vec<Value> {
    let mut forms = Vec::new();
    match value {
        Value::String(text) => {
            let plain = text.trim();
            let folded = allowed.iter().find(|known| known.eq_ignore_ascii_case(plain));
            forms.extend(folded.map(|known| Value::from(known.as_str())));
            forms.extend(
                serde_json::from_str(plain).ok().filter(|value: &Value| value.is_number() || value.is_boolean()),
            );
            forms.push(json!([text]));
            forms.push(json!({"id": text, "name": text.rsplit('/').next().unwrap_or(text)}));
        }
        Value::Number(_) | Value::Bool(_) => {
            forms.push(value.to_string().into());
            forms.push(json!([value.to_string()]));
        }
        Value::Array(items) => {
            if let [only] = items.as_slice() {
                forms.push(only.clone());
            }
            if items.iter().all(|item| item.is_number()) {
                forms.push(items.iter().map(Value::to_string).collect());
            }
        }
        Value::Object(map) => forms.extend(map.get("enabled").filter(|_| map.len() == 1).cloned()),
        Value::Null => {}
    }
    forms
}
