//! Shapes of rows that many controls share.

use super::{Choice, Row, Scene, as_written};
use crate::document::{Edit, Path};
use crate::text::{Said, Text};
use serde_json::Value;

/// Is a row that switches a flag off, where it is on.
pub(super) fn switch_off(scene: &Scene, path: impl Into<Path>, effect: impl Into<Said>) -> Option<Row> {
    flip(scene, path.into(), true, effect)
}

/// Is a row that switches a guard on, where it is off.
pub(super) fn switch_on(scene: &Scene, path: impl Into<Path>, effect: impl Into<Said>) -> Option<Row> {
    flip(scene, path.into(), false, effect)
}

fn flip(scene: &Scene, path: Path, risky: bool, effect: impl Into<Said>) -> Option<Row> {
    (scene.now.at(&path) == Some(&Value::Bool(risky))).then(|| {
        let path = scene.now.file_path(&path);
        let choice = Choice::ask((!risky).to_string(), vec![Edit::set(&path, !risky)], effect);
        Row::new(&path, as_written(scene.now, &path)).recommend(choice)
    })
}

/// Names what is left of a list when the risky entries are taken out.
pub(super) const WITHOUT: Text = Text { en: "without {names}", ja: "{names} を削除" };

/// Is a row for a list that is there, with the risky entries taken out if it has such. `{names}` in the effect is them.
pub(super) fn take_out(
    scene: &Scene,
    path: impl Into<Path>,
    is_risky: impl Fn(&str) -> bool,
    effect: Text,
) -> Option<Row> {
    let path = path.into();
    let items = scene.now.at(&path)?.as_array()?;
    let (risky, left): (Vec<&Value>, Vec<&Value>) =
        items.iter().partition(|item| item.as_str().is_some_and(|item| is_risky(item.trim())));
    let path = scene.now.file_path(&path);
    let row = Row::new(&path, as_written(scene.now, &path));
    if risky.is_empty() {
        return (!items.is_empty()).then_some(row);
    }
    let names: Vec<&str> = risky.iter().filter_map(|item| item.as_str()).collect();
    let left: Vec<Value> = left.into_iter().cloned().collect();
    let names = names.join(", ");
    let choice = Choice::ask("remove", vec![Edit::set(&path, left)], effect.with("names", &names));
    Some(row.recommend(choice.called(WITHOUT.with("names", names))))
}

/// Is the lines of a typed text, trimmed, without blank ones.
pub(super) fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}
