//! What a plan changes, told for people: before and after, what it closes, what happens to the running gateway.

use super::{Plan, Planned, mask};
use crate::checks::closed_by;
use crate::document::{Change as Edited, Edit, Path};
use crate::posture::{Row, Weight};
use crate::text::{Said, Text};
use serde_json::Value;

const TYPED: Text =
    Text { en: "What you typed is written: {places}", ja: "入力した値を書き込みます: {places}" };

/// One change that a plan makes: a row whose answer is not to keep.
pub struct Change {
    /// The name under which its answer is kept.
    pub key: String,
    /// The label of its row.
    pub label: Text,
    /// Whose it is; none where it is global.
    pub whose: Option<Said>,
    /// The key that the question is about.
    pub path: Path,
    /// Every place that it changes, with the value before and after; secrets are masked.
    pub places: Vec<Place>,
    /// Every place with its whole value before and after, for programs; null where nothing stands, secrets masked.
    pub values: Vec<(Path, Value, Value)>,
    /// Whether it may be taken unseen.
    pub weight: Weight,
    /// The findings that it closes, by id.
    pub closes: Vec<String>,
    /// What it does.
    pub effect: Said,
    /// What the running gateway does about it.
    pub reload: Reload,
}

/// A place that changes.
pub struct Place {
    /// Where.
    pub path: Path,
    /// The value before; none where nothing stood.
    pub before: Option<String>,
    /// The value after; none where nothing stands.
    pub after: Option<String>,
}

impl Place {
    /// Is the place with what stands there after, as in `channels.telegram.dmPolicy = pairing`.
    fn written(&self) -> String {
        format!("{} = {}", self.path, self.after.as_deref().unwrap_or("-"))
    }
}

/// What a running gateway does when it sees a change (OpenClaw 2026.9.6, `gateway.reload.mode` hybrid).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reload {
    /// It applies within a second.
    Hot,
    /// It applies at once; affected connections are closed and come back.
    Reconnect,
    /// The channel starts anew, or the change waits for the next message.
    Channel,
    /// New containers have it; running ones keep the old settings until they are made anew.
    Recreate,
    /// The gateway restarts by itself.
    Restart,
}

impl Reload {
    /// Is what happens, for people.
    pub const fn text(self) -> Text {
        match self {
            Reload::Hot => Text { en: "applies within a second", ja: "1秒ほどで反映" },
            Reload::Reconnect => {
                Text { en: "applies at once, connections reopen", ja: "すぐに反映、接続は張り直し" }
            }
            Reload::Channel => {
                Text { en: "the channel may start anew", ja: "チャンネルが再起動することあり" }
            }
            Reload::Recreate => Text {
                en: "sandbox settings reach new containers only",
                ja: "サンドボックスの設定は新しいコンテナから反映",
            },
            Reload::Restart => Text { en: "the gateway restarts", ja: "Gateway が再起動" },
        }
    }

    fn of(path: &Path) -> Self {
        let within = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.is_within(&Path::from(*prefix)));
        if within(&[
            "gateway.trustedProxies",
            "gateway.controlUi",
            "gateway.auth.allowTailscale",
            "gateway.auth.token",
            "gateway.auth.password",
        ]) {
            Reload::Reconnect
        } else if within(&["gateway.auth.rateLimit", "gateway.tools", "gateway.nodes"]) {
            Reload::Hot
        } else if within(&["gateway"]) {
            Reload::Restart
        } else if within(&["channels"]) {
            Reload::Channel
        } else if path.segs().iter().any(|seg| matches!(seg, crate::document::Seg::Key(key) if key == "sandbox"))
            && !within(&["tools"])
        {
            Reload::Recreate
        } else {
            Reload::Hot
        }
    }
}

impl Plan {
    /// Is every change that the plan makes, in the order of the steps. A finding that several of them close is named at the last.
    pub fn changes(&self) -> Vec<Change> {
        let made: Vec<&Planned> = self.rows.iter().filter(|planned| !planned.edits.is_empty()).collect();
        let steps: Vec<&[Edit]> = made.iter().map(|planned| planned.edits.as_slice()).collect();
        let settings = self.settings.with_files(self.settings_after.facts.files.clone());
        let closed = closed_by(settings, &steps);
        made.into_iter().zip(closed).map(|(planned, closes)| self.change(planned, closes)).collect()
    }

    /// Is what a row's edits do beside the key that the row is about: they go with it.
    pub fn linked(&self, row: &Row, edits: &[Edit]) -> Vec<Place> {
        edits.iter().filter(|edit| edit.path != row.path).map(|edit| self.place(edit)).collect()
    }

    fn change(&self, planned: &Planned, closes: Vec<String>) -> Change {
        let mut paths: Vec<&Path> = planned.edits.iter().map(|edit| &edit.path).collect();
        paths.dedup();
        let places: Vec<Place> = planned.edits.iter().map(|edit| self.place(edit)).collect();
        let reload = paths.iter().map(|path| Reload::of(path)).max().unwrap_or(Reload::Hot);
        let effect = match planned.taken {
            Some(taken) => planned.row.choices[taken].effect.clone(),
            None => TYPED.with("places", places.iter().map(Place::written).collect::<Vec<_>>().join("; ")),
        };
        Change {
            key: planned.key(),
            label: planned.label(),
            whose: planned.row.whose.clone(),
            path: planned.row.path.clone(),
            values: self.values(planned),
            places,
            weight: planned.weight(),
            closes,
            effect,
            reload,
        }
    }

    /// The places that a row changes, each once, with what stands there before and after it alone.
    fn values(&self, planned: &Planned) -> Vec<(Path, Value, Value)> {
        let around = self.around(&planned.edits);
        let rest = |path: &Path| path.segs().iter().skip(around.segs().len()).cloned().collect::<Path>();
        let mut after = around.of(self.source.value()).cloned().unwrap_or_default();
        for edit in &planned.edits {
            Edit { path: rest(&edit.path), change: edit.change.clone() }.apply(&mut after);
        }
        let mut paths: Vec<&Path> = Vec::new();
        for edit in &planned.edits {
            if !paths.contains(&&edit.path) {
                paths.push(&edit.path);
            }
        }
        let shown = |path: &Path, value: Option<&Value>, old: Option<&Value>| {
            value.map_or(Value::Null, |value| mask::value(path, old, value))
        };
        let places = paths.into_iter().map(|path| {
            let (old, new) = (path.of(self.source.value()), rest(path).of(&after));
            (path.clone(), shown(path, old, old), shown(path, new, old))
        });
        places.collect()
    }

    /// Is the innermost object or list of the config around all edits: what lies outside stays, and need not be copied.
    fn around(&self, edits: &[Edit]) -> Path {
        let parents = edits.iter().map(|edit| edit.path.parent().unwrap_or_default());
        let common = parents.reduce(|common, path| {
            let alike = common.segs().iter().zip(path.segs()).take_while(|(a, b)| a == b);
            alike.map(|(seg, _)| seg.clone()).collect()
        });
        let holds = |path: &Path| {
            let value = path.of(self.source.value());
            value.is_some_and(|value| value.is_object() || value.is_array())
        };
        std::iter::successors(common, Path::parent).find(holds).unwrap_or_default()
    }

    /// Shows what an edit does by itself: of a list, the entries that come and go.
    fn place(&self, edit: &Edit) -> Place {
        let old = edit.path.of(self.source.value());
        match &edit.change {
            Edited::Add(new) => Place {
                path: edit.path.clone(),
                before: None,
                after: Some(format!("+ {}", mask::shown(&edit.path, new))),
            },
            Edited::Set(new) => Place {
                path: edit.path.clone(),
                before: old.map(|old| mask::shown(&edit.path, old)),
                after: Some(mask::shown_new(&edit.path, old, new)),
            },
            Edited::Remove | Edited::Comment(_) => {
                Place { path: edit.path.clone(), before: old.map(|old| mask::shown(&edit.path, old)), after: None }
            }
        }
    }
}
