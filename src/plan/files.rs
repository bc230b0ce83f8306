//! What cannot be written where the config's files are as they are is the administrator's to do.

use super::{Planned, mask};
use crate::document::{Change, Edit};
use crate::posture::{Row, Weight};
use crate::source::Draft;
use crate::text::{Said, Text};

/// Makes every choice by hand that no change of the files gives; says why where it gives one only by overriding an included file.
pub(super) fn fit(row: &mut Row, draft: &Draft) {
    if draft.merged().is_none() {
        return;
    }
    for choice in row.choices.iter_mut().filter(|choice| !choice.edits.is_empty()) {
        match draft.clone().take(&choice.edits) {
            Ok(None) => {}
            Ok(Some(why)) => choice.effect = choice.effect.clone().then(why).then(OVERRIDDEN),
            Err(why) => {
                choice.effect = by_hand(&choice.edits).then(why);
                choice.weight = Weight::Manual;
                choice.edits.clear();
            }
        }
    }
}

/// Does what was decided; a typed value that no change of the files gives is refused.
pub(super) fn take(draft: &mut Draft, planned: &mut Planned) {
    if draft.take(&planned.edits).is_err() {
        planned.refused = Some(NO_PLACE);
        planned.taken = Some(0);
        planned.edits.clear();
    }
}

/// Says what to change by hand.
fn by_hand(edits: &[Edit]) -> Said {
    const BY_HAND: Text = Text { en: "By hand: {places}.", ja: "手作業での変更: {places}。" };
    let place = |edit: &Edit| match &edit.change {
        Change::Set(new) => format!("{} = {}", edit.path, mask::shown(&edit.path, new)),
        Change::Add(new) => format!("{} + {}", edit.path, mask::shown(&edit.path, new)),
        Change::Remove | Change::Comment(_) => format!("{} -", edit.path),
    };
    BY_HAND.with("places", edits.iter().map(place).collect::<Vec<_>>().join("; "))
}

const OVERRIDDEN: Text = Text {
    en: "So a key beside the include overrides it.",
    ja: "そのため、インクルードと並べたキーで上書きします。",
};
const NO_PLACE: Text = Text {
    en: "No change of the files that the config includes gives this value.",
    ja: "インクルードファイルをどう変更しても、この値にはなりません。",
};
