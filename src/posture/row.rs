//! A question at one place, with its answers.

use crate::document::{Edit, Path};
use crate::settings::Settings;
use crate::settings::schema::IssueKind;
use crate::text::{Lang, Said, Text, harmless};
use serde_json::Value;

/// A question at one place.
#[derive(Clone, Debug)]
pub struct Row {
    /// The key that the question is about, as the file has or would have it.
    pub path: Path,
    /// The same by its name of today: what a typed text is read for.
    pub today: Path,
    /// What tells it from other rows of its control at the same path, as in `group:nodes`.
    pub part: Option<&'static str>,
    /// Its label where it is not its control's.
    pub label: Option<Text>,
    /// Whose it is, as in `agent work` or `telegram.accounts.two`; none where it is global.
    pub whose: Option<Said>,
    /// The value in the file, or what its absence means.
    pub current: Said,
    /// What can be chosen. The first keeps the file as it is.
    pub choices: Vec<Choice>,
    /// Which of the choices the posture recommends; 0 where nothing needs to change.
    pub recommended: usize,
    /// The text field that the row offers beside its choices.
    pub field: Option<Field>,
    /// What has to be known before anything can be chosen, where that is still looked for.
    pub awaits: Option<Text>,
    /// The kind of the fault that the step Mend asks about.
    pub fault: Option<IssueKind>,
}

/// One possible answer.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What an answers file keeps: OpenClaw's own value where there is one.
    pub value: String,
    /// What is shown in its place, where the value is a word of this program alone.
    pub label: Option<Said>,
    /// What it changes; none for keeping.
    pub edits: Vec<Edit>,
    /// Whether it may be taken unseen.
    pub weight: Weight,
    /// What this choice does: the consequence, then the way out.
    pub effect: Said,
}

/// Whether a change may be taken unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// Changes nothing.
    Keep,
    /// Keeps a working setup working.
    Safe,
    /// May cut someone or something off: never taken silently.
    Ask,
    /// Only the administrator can do it; `effect` says exactly how.
    Manual,
}

/// A value that is typed.
#[derive(Clone, Debug)]
pub struct Field {
    /// What stands in it at first; one line an entry.
    pub text: String,
    /// Whether several lines make a list.
    pub list: bool,
    /// What an entry is, with an example, and what accepting does.
    pub hint: Text,
    /// What a typed text becomes, or the sentence that refuses it.
    pub read: fn(&Path, &str) -> Result<Vec<Edit>, Text>,
}

const AGENT: Text = Text { en: "agent {id}", ja: "エージェント {id}" };

/// Names an agent as the owner of a row.
pub fn agent(id: &str) -> Said {
    AGENT.with("id", id)
}

/// The value with which an answers file keeps a row as it is.
pub const KEEP: &str = "keep";

const KEPT: Text = Text { en: "Stays as it is.", ja: "そのままにします。" };
const UNSET: Text = Text { en: "unset ({value})", ja: "未設定 ({value})" };
const NOT_SET: Text = Text { en: "unset", ja: "未設定" };

impl Row {
    /// The value of a choice that only the administrator can make.
    pub const BY_HAND: &'static str = "by hand";

    /// Is a row that so far can only stay as it is.
    pub fn new(path: impl Into<Path>, current: impl Into<Said>) -> Self {
        let path = path.into();
        Row {
            today: path.clone(),
            path,
            part: None,
            label: None,
            whose: None,
            current: current.into(),
            choices: vec![Choice {
                value: KEEP.to_owned(),
                label: None,
                edits: Vec::new(),
                weight: Weight::Keep,
                effect: KEPT.into(),
            }],
            recommended: 0,
            field: None,
            awaits: None,
            fault: None,
        }
    }

    /// Says whose it is.
    pub fn whose(mut self, whose: impl Into<Said>) -> Self {
        self.whose = Some(whose.into());
        self
    }

    /// Tells it from other rows at the same path, with a label of its own.
    pub fn part(mut self, part: &'static str, label: Text) -> Self {
        self.part = Some(part);
        self.label = Some(label);
        self
    }

    /// Says what staying as it is means, where that is worth saying.
    pub fn kept(mut self, effect: impl Into<Said>) -> Self {
        self.choices[0].effect = effect.into();
        self
    }

    /// Says what has to be known before anything is offered.
    pub fn awaiting(mut self, what: Text) -> Self {
        self.awaits = Some(what);
        self
    }

    /// Offers an answer.
    pub fn offer(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// Offers an answer and recommends it.
    pub fn recommend(mut self, choice: Choice) -> Self {
        self.recommended = self.choices.len();
        self.choices.push(choice);
        self
    }

    /// Offers a text field.
    pub fn field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }
}

impl Choice {
    /// Is a change that keeps a working setup working.
    pub fn safe(value: impl Into<String>, edits: Vec<Edit>, effect: impl Into<Said>) -> Self {
        Choice { value: value.into(), label: None, edits, weight: Weight::Safe, effect: effect.into() }
    }

    /// Is a change that may cut someone or something off.
    pub fn ask(value: impl Into<String>, edits: Vec<Edit>, effect: impl Into<Said>) -> Self {
        Choice { weight: Weight::Ask, ..Choice::safe(value, edits, effect) }
    }

    /// Is something that only the administrator can do; the effect says exactly how.
    pub fn manual(value: impl Into<String>, effect: impl Into<Said>) -> Self {
        Choice { weight: Weight::Manual, ..Choice::safe(value, Vec::new(), effect) }
    }

    /// Shows it under another name than its value.
    pub fn called(mut self, label: impl Into<Said>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Is what is shown for it.
    pub fn shown(&self, lang: Lang) -> String {
        self.label.as_ref().map_or_else(|| harmless(&self.value), |label| label.of(lang))
    }
}

/// Is the value at a path of the file as it is shown: as written, or as not set.
///
/// Not for secrets.
pub fn as_written(settings: &Settings, path: &Path) -> Said {
    match settings.source_at(path) {
        None | Some(Value::Null) => NOT_SET.into(),
        Some(Value::String(text)) => text.clone().into(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            if items.is_empty() { "[]".to_owned() } else { items.join(", ") }.into()
        }
        Some(value) => value.to_string().into(),
    }
}

/// Is the value at a path of the file as it is shown, or what its absence means.
pub fn unset_means(settings: &Settings, path: &Path, default: &str) -> Said {
    match settings.source_at(path) {
        None | Some(Value::Null) => UNSET.with("value", default),
        Some(_) => as_written(settings, path),
    }
}
