//! Step Remaining: what no other step covers, and only the administrator can mend.

use super::{Choice, Control, Row, Step};
use crate::checks::{Mend, Severity};
use crate::text::{Said, Text};

pub(super) const CONTROLS: &[Control] = &[BY_HAND];

const BY_HAND: Control = Control {
    id: "remaining",
    step: Step::Remaining,
    label: Text { en: "To do by hand", ja: "手作業が必要な項目" },
    why: Text {
        en: "No setting of the config mends these without knowing what only you know.",
        ja: "管理者だけが知る情報が必要なため、設定の変更だけでは直せません。",
    },
    rows: |scene| {
        let findings = scene.findings().iter().filter(|finding| finding.severity > Severity::Info);
        findings
            .filter_map(|finding| {
                let Mend::Manual(how) = finding.check.mend else {
                    return None;
                };
                let path = finding.hit.paths.first().cloned().unwrap_or_default();
                let actual = finding.hit.actual.clone().map(Said::from).unwrap_or_else(|| finding.id.clone().into());
                let row = Row::new(path, actual).part(finding.check.id, finding.check.title).kept(finding.check.why);
                Some(row.offer(Choice::manual(Row::BY_HAND, how)))
            })
            .collect()
    },
};
