//! Step Mend: what OpenClaw refuses in the file, and what it takes for it to be accepted. Nothing where the file is accepted.
//!
//! A control a kind of fault, a row an issue. No mend gives anyone more than the file gave: a value is carried over as it is, or it goes.

mod carry;
mod forms;
mod group;
mod policy;
mod repair;
mod roster;
mod via;

pub use group::{Group, holes, is_foreign};

use super::{Choice, Control, Row, Scene, Step, Weight};
use crate::document::{Edit, Path, is_ambiguous};
use crate::settings::schema::{self, Issue, IssueKind};
use crate::text::{Said, Text};
use repair::{Repair, repair};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

/// Roster first: what is wrong in an agent shows only once the roster can be read. Notes before anything moves.
pub(super) const CONTROLS: &[Control] = &[NOTES, ROSTER, MOVED, STALE, GUARDS, VALUES, GUESSES, AGAIN];
/// What is left when every other control was asked.
pub(super) const LEFT: &[Control] = &[BY_HAND];

const NOTES: Control = Control {
    id: "mend.notes",
    step: Step::Mend,
    label: Group::Note.label(),
    why: Text {
        en: "OpenClaw takes no keys but its own, not even a note. As a comment the note can stay.",
        ja: "OpenClaw は自身のキー以外を受け付けません。メモはコメントにすれば残せます。",
    },
    rows: |scene| rows(scene, Group::Note),
};

const ROSTER: Control = Control {
    id: "mend.roster",
    step: Step::Mend,
    label: Group::Roster.label(),
    why: Text {
        en: "Since 2026.8 OpenClaw wants to know which of several agents answers what no binding assigns, and knows no agent that the roster lacks.",
        ja: "2026.8 からは、バインディングのない会話をどのエージェントが受け持つかの指定が必要です。一覧にないエージェントは指定できません。",
    },
    rows: |scene| rows(scene, Group::Roster),
};

const MOVED: Control = Control {
    id: "mend.moved",
    step: Step::Mend,
    label: Group::Moved.label(),
    why: Text {
        en: "OpenClaw reads this setting under another key now, and refuses the whole file because of the old one.",
        ja: "この設定は別のキーに移りました。古いキーがあると、OpenClaw はファイル全体を受け付けません。",
    },
    rows: |scene| rows(scene, Group::Moved),
};

const STALE: Control = Control {
    id: "mend.stale",
    step: Step::Mend,
    label: Group::Stale.label(),
    why: Text {
        en: "An older version wrote or read this key. Nothing reads it today, and OpenClaw refuses the whole file because of it.",
        ja: "以前のバージョンが使っていたキーで、今は読まれません。残っていると、OpenClaw はファイル全体を受け付けません。",
    },
    rows: |scene| rows(scene, Group::Stale),
};

const GUARDS: Control = Control {
    id: "mend.guards",
    step: Step::Mend,
    label: Group::Guard.label(),
    why: Text {
        en: "This switch could weaken a guard. It is gone, and OpenClaw now always acts as if it had its strict value.",
        ja: "保護を弱められる設定でしたが、廃止されました。今は常に厳しい側の値で動作します。",
    },
    rows: |scene| rows(scene, Group::Guard),
};

const VALUES: Control = Control {
    id: "mend.values",
    step: Step::Mend,
    label: Group::Value.label(),
    why: Text {
        en: "OpenClaw knows the key and does not take this value.",
        ja: "キーは正しいものの、この値は使えません。",
    },
    rows: |scene| rows(scene, Group::Value),
};

const GUESSES: Control = Control {
    id: "mend.guesses",
    step: Step::Mend,
    label: Group::Guess.label(),
    why: Text {
        en: "OpenClaw has never read this key: it sets nothing and protects nothing, and the whole file is refused because of it.",
        ja: "OpenClaw が読まないキーです。何も設定されず、何も守られません。残っていると、ファイル全体が受け付けられません。",
    },
    rows: |scene| rows(scene, Group::Guess),
};

const AGAIN: Control = Control {
    id: "mend.again",
    step: Step::Mend,
    label: Text { en: "What shows only then", ja: "ほかを直すと現れる問題" },
    why: Text {
        en: "These faults stood behind others: they show once those are mended.",
        ja: "ほかの問題に隠れていて、それらを直すと現れる問題です。",
    },
    rows: |scene| scene.mends.kept("again", scene, || again(scene)),
};

fn again(scene: &Scene) -> Vec<Row> {
    let was = scene.before.written();
    let known = schema::validate(was, &scene.now.facts);
    // What was asked before and left as it is stays left.
    let is_asked = |issue: &Issue| {
        let same = |old: &&Issue| old.path == issue.path && old.kind == issue.kind;
        issue.path.of(was) == issue.path.of(scene.now.written())
            && known.iter().find(same).is_some_and(|old| repair(was, &scene.now.facts, &known, old).is_some())
    };
    let mut rows = Vec::new();
    let mut value = (**scene.now.written()).clone();
    for _ in 0..MOST_ROUNDS {
        let fresh = schema::validate(&value, &scene.now.facts).into_iter().filter(|issue| {
            Group::of(&value, issue) != Group::Other
                && !is_settled_later(issue)
                && !is_asked(issue)
                && !rows.iter().any(|row: &Row| row.path == issue.path)
        });
        let found = mends(&mut value.clone(), scene, fresh.collect());
        if found.is_empty() {
            break;
        }
        for row in &found {
            row.choices[row.recommended].edits.iter().for_each(|edit| edit.apply(&mut value));
        }
        rows.extend(found);
    }
    rows
}

const BY_HAND: Control = Control {
    id: "mend.by_hand",
    step: Step::Remaining,
    label: Group::Other.label(),
    why: Text {
        en: "OpenClaw refuses the file because of this, and only you know what it should say.",
        ja: "これが残っていると OpenClaw はファイルを受け付けません。正しい値は管理者だけが知っています。",
    },
    rows: |scene| {
        let issues = scene.issues();
        let source = scene.now.written();
        if is_foreign(source, issues) {
            return Vec::new();
        }
        // Several faults may stand at one place: a row for the first of those that the step Mend does not ask about.
        let mut seen = BTreeSet::new();
        issues
            .iter()
            .filter(|issue| !scene.unmended.iter().any(|(path, kind)| issue.path == *path && issue.kind == *kind))
            .filter_map(|issue| {
                let row = Row::new(&issue.path, current(source, &issue.path)).kept(issue.message.clone());
                let repair = repair(source, &scene.now.facts, issues, issue);
                match repair.and_then(|repair| repair.choices.into_iter().nth(repair.recommended?)) {
                    Some(choice) if Group::of(source, issue) == Group::Other || is_settled_later(issue) => {
                        Some(row.recommend(choice))
                    }
                    // The step Mend asks it.
                    Some(_) => None,
                    None => Some(row.offer(Choice::manual(Row::BY_HAND, issue.message.clone()))),
                }
            })
            .filter(|row| seen.insert(row.path.clone()))
            .collect()
    },
};

/// How often mended faults are looked behind.
const MOST_ROUNDS: usize = 8;

fn rows(scene: &Scene, group: Group) -> Vec<Row> {
    scene.mends.kept(group.name(), scene, || {
        let source = scene.now.written();
        let issues = scene.issues();
        if issues.is_empty() || is_foreign(source, issues) {
            return Vec::new();
        }
        let of_group = issues.iter().filter(|issue| Group::of(source, issue) == group && !is_settled_later(issue));
        mends(&mut (**source).clone(), scene, of_group.cloned().collect())
    })
}

/// What the step Mend asked of a config and what is known beside it. Answers to other steps change nothing in it, and finding it takes
/// long: each mend is tried out.
#[derive(Default)]
pub struct Mends(Mutex<VecDeque<Kept>>);

/// The rows of a control, and the config as it was when they were found.
struct Kept {
    control: &'static str,
    of: Arc<Value>,
    rows: Vec<Row>,
}

impl Mends {
    /// For all controls of the step, by two ways of answering.
    const MOST: usize = 2 * CONTROLS.len();

    fn kept(&self, control: &'static str, scene: &Scene, find: impl FnOnce() -> Vec<Row>) -> Vec<Row> {
        if !scene.is_refused {
            return Vec::new();
        }
        let source = scene.now.written();
        let is_same = |kept: &&Kept| kept.control == control && kept.of == *source;
        // A lock that somebody died with keeps nothing.
        let known = self.0.lock().ok().and_then(|kept| Some(kept.iter().find(is_same)?.rows.clone()));
        known.unwrap_or_else(|| {
            let rows = find();
            if let Ok(mut kept) = self.0.lock() {
                kept.truncate(Self::MOST - 1);
                kept.push_front(Kept { control, of: source.clone(), rows: rows.clone() });
            }
            rows
        })
    }
}

/// Is a row for each issue of a config. A row sees what the rows before it would do, so that two never write to one place.
fn mends(value: &mut Value, scene: &Scene, mut issues: Vec<Issue>) -> Vec<Row> {
    let source = value.clone();
    let mut seen = BTreeSet::new();
    issues.retain(|issue| seen.insert(issue.path.clone()));
    // From the end of a list on, so that no position shifts under a later row.
    issues.sort_by(|a, b| descending(&a.path, &b.path));
    let mut rows = Vec::new();
    if issues.is_empty() {
        return rows;
    }
    let mut left = schema::validate(value, &scene.now.facts);
    for issue in &issues {
        // Another row took it away already, and something else may stand in its place.
        if !left.iter().any(|known| known.path == issue.path && known.kind == issue.kind) {
            continue;
        }
        let Some(Repair { choices, recommended }) = repair(value, &scene.now.facts, &left, issue) else {
            continue;
        };
        if let Some(taken) = recommended {
            choices[taken].edits.iter().for_each(|edit| edit.apply(value));
            left = schema::validate(value, &scene.now.facts);
        }
        let mut row = Row::new(&issue.path, current(&source, &issue.path)).whose(issue.path.to_string());
        row = Row { fault: Some(issue.kind), ..row.kept(issue.message.clone()) };
        for (n, choice) in choices.into_iter().enumerate() {
            row = if recommended == Some(n) { row.recommend(choice) } else { row.offer(choice) };
        }
        rows.push(row);
    }
    rows
}

/// Orders paths as the file has them, but positions in a list from the last to the first.
fn descending(a: &Path, b: &Path) -> std::cmp::Ordering {
    use crate::document::Seg;
    for (a, b) in a.segs().iter().zip(b.segs()) {
        match (a, b) {
            (Seg::Index(a), Seg::Index(b)) if a != b => return b.cmp(a),
            (a, b) if a != b => return std::cmp::Ordering::Equal,
            _ => {}
        }
    }
    std::cmp::Ordering::Equal
}

/// Whether the control of another step mends it.
fn is_settled_later(issue: &Issue) -> bool {
    issue.path == Path::from("gateway.bind")
        || matches!(issue.kind, IssueKind::Rule(rule) if rule.starts_with("gateway.tailscale"))
}

/// Whether an issue says that OpenClaw has no such channel.
fn is_wrong_channel(issue: &Issue) -> bool {
    issue.kind == IssueKind::Rule("channels.unknown")
}

/// Is a value on one line, without secrets: of a container only its keys or its size.
fn current(source: &Value, path: &Path) -> Said {
    const NONE: Text = Text { en: "not set", ja: "未設定" };
    let Some(value) = path.of(source) else {
        return NONE.into();
    };
    match value {
        Value::Object(map) => format!("{{{}}}", map.keys().cloned().collect::<Vec<_>>().join(", ")),
        Value::Array(items) => format!("[{}]", items.len()),
        _ if schema::is_secret(path) => "********".to_owned(),
        // A text that looks like a number is just what is refused.
        value if is_ambiguous(value) => value.to_string(),
        value => carry::shown(value),
    }
    .into()
}

/// Whether a key that OpenClaw does not know is a note to oneself.
pub fn is_note(key: &str, value: &Value) -> bool {
    let marked = key.starts_with(['_', '#']) || key.starts_with("//");
    let named = matches!(key.to_lowercase().as_str(), "comment" | "comments" | "note" | "notes");
    let is_text = value.is_string() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
    marked && !value.is_number() && !value.is_boolean() || named && is_text
}

/// Is the edit that makes a note a comment. Its name is kept where it says something.
fn to_comment(path: &Path, key: &str) -> Edit {
    let name = key.trim_start_matches(['_', '#', '/', ' ']).trim_end_matches('_');
    let says_nothing = matches!(name.to_lowercase().as_str(), "" | "comment" | "comments" | "note" | "notes");
    Edit::comment(path, if says_nothing { String::new() } else { format!("{name}: ") })
}

/// Is the weight that is taken with more care.
fn heavier(a: Weight, b: Weight) -> Weight {
    a.max(b)
}
