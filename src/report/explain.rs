//! A check in full, and the list of checks.

use super::json::line;
use super::text::{BOLD, DIM, Style, padded, severity};
use crate::checks::{Check, Mend, Source, TOPICS, catalogue};
use crate::settings::schema::nearest;
use crate::text::Text;
use crate::text::wrap::width;
use serde_json::{Value, json};
use std::fmt::Write;

pub use crate::checks::meant_by as check;

/// Is the ids that may have been meant by one that is none: those that hold what was written, or else the nearest one.
pub fn alike(id: &str) -> Vec<&'static str> {
    const MOST: usize = 5;
    let ids = || catalogue().map(|check| check.id);
    let wanted = id.to_lowercase();
    let holding: Vec<_> = ids().filter(|known| wanted.len() > 2 && known.to_lowercase().contains(&wanted)).collect();
    if !holding.is_empty() {
        return holding.into_iter().take(MOST).collect();
    }
    let last = |known: &'static str| known.rsplit_once('.').map_or(known, |(_, last)| last);
    let by_last = || {
        let near = nearest(wanted.rsplit_once('.').map_or(&*wanted, |(_, last)| last), ids().map(last))?;
        ids().find(|known| last(known) == near)
    };
    nearest(&wanted, ids()).or_else(by_last).into_iter().collect()
}

const OPENCLAW: Text = Text { en: "openclaw security audit", ja: "openclaw security audit" };
const DEEP: Text = Text { en: "openclaw security audit --deep", ja: "openclaw security audit --deep" };
const OURS: Text = Text { en: "openclaw-harden alone", ja: "openclaw-harden のみ" };

/// Is a check in full.
pub fn text(check: &Check, style: Style) -> String {
    const WHY: Text = Text { en: "Why", ja: "理由" };
    const MEND: Text = Text { en: "How to mend it", ja: "対処方法" };
    const BY_PLAN: Text = Text {
        en: "openclaw-harden apply does it, and so does the wizard. By hand:",
        ja: "openclaw-harden apply とウィザードで修正できます。手作業の場合:",
    };
    const RISKY: Text = Text { en: "Found in", ja: "検出される例" };
    const SAFE: Text = Text { en: "Not found in", ja: "検出されない例" };
    const FACTS: Text = Text {
        en: "Lines that begin with // say what the machine shows.",
        ja: "// で始まる行は、ホストの状態です。",
    };
    const WHO: Text = Text { en: "Checked by", ja: "検出するプログラム" };
    const REFERENCE: Text = Text { en: "Reference", ja: "参照" };
    let (word, colour) = severity(check.severity);
    let title = style.paint(style.paragraph(style.say(check.title), 0).trim_end(), BOLD);
    let mut out = format!("{title}\n{}  {}\n", style.paint(style.say(word), colour), style.paint(check.id, DIM));
    let mut section = |name: Text, body: String| {
        let _ = write!(out, "\n{}\n{body}", style.paint(style.say(name), BOLD));
    };
    section(WHY, style.paragraph(style.say(check.why), 2));
    let by_hand = style.paragraph(style.say(check.mend.text()), 2);
    section(
        MEND,
        match check.mend {
            Mend::ByPlan(_) => style.paragraph(style.say(BY_PLAN), 2) + &by_hand,
            Mend::Manual(_) => by_hand,
        },
    );
    let code = |text: &str| text.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let facts = |text: &str| if text.starts_with("//") { style.paragraph(style.say(FACTS), 2) } else { String::new() };
    section(RISKY, code(check.risky) + &facts(check.risky));
    section(SAFE, code(check.safe));
    let who = match check.source() {
        Source::OpenClaw => OPENCLAW,
        Source::Deep => DEEP,
        Source::Ours => OURS,
    };
    section(WHO, format!("  {}\n", style.say(who)));
    section(REFERENCE, format!("  {}\n", check.reference));
    out
}

/// Is every check by topic, a line each.
pub fn list(style: Style) -> String {
    const MORE: Text =
        Text { en: "More on one: openclaw-harden explain ID", ja: "詳しい説明: openclaw-harden explain ID" };
    let mut out = String::new();
    for (topic, checks) in TOPICS {
        let _ = writeln!(out, "{}", style.paint(style.say(*topic), BOLD));
        for check in *checks {
            let label = padded(check.severity, style);
            let title = style.say(check.title);
            let indent = 2 + width(style.say(severity(crate::checks::Severity::Critical).0)) + 2;
            let _ = writeln!(out, "  {label}{}", style.paint(check.id, DIM));
            out.push_str(&style.paragraph(title, indent));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", style.say(MORE));
    out
}

/// Is a check in full, as JSON. Nothing in it is translated.
pub fn json(check: &Check) -> String {
    line(value(check))
}

/// Is every check, as JSON.
pub fn json_list() -> String {
    let topics = TOPICS.iter().flat_map(|(topic, checks)| {
        checks.iter().map(|check| {
            let mut value = value(check);
            value["topic"] = json!(topic.en);
            value
        })
    });
    line(json!({ "checks": topics.collect::<Vec<_>>() }))
}

fn value(check: &Check) -> Value {
    json!({
        "checkId": check.id,
        "severity": check.severity.name(),
        "title": check.title.en,
        "detail": check.why.en,
        "remediation": check.mend.text().en,
        "byPlan": matches!(check.mend, Mend::ByPlan(_)),
        "source": match check.source() {
            Source::OpenClaw => "openclaw",
            Source::Deep => "openclaw-deep",
            Source::Ours => "openclaw-harden",
        },
        "reference": check.reference,
        "risky": check.risky,
        "safe": check.safe,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn every_check_is_explained_in_both_languages_within_the_columns() {
        for check in catalogue() {
            for lang in [Lang::En, Lang::Ja] {
                let said = text(check, Style { lang, coloured: false, columns: 80 });
                let prose = said.lines().take_while(|line| !["Found in", "検出される例"].contains(line));
                for line in prose.filter(|line| line.contains(' ')) {
                    assert!(width(line) <= 80, "{}: {line}", check.id);
                }
                assert!(said.contains(check.id) && said.contains(check.reference), "{}", check.id);
            }
        }
    }

    #[test]
    fn an_id_with_its_places_filled_is_explained() {
        let id = "tools.elevated.allowFrom.telegram.wildcard";
        assert_eq!(check(id).map(|check| check.id), Some("tools.elevated.allowFrom.<provider>.wildcard"));
        assert!(check("tools.elevated.allowFrom..wildcard").is_none());
    }

    #[test]
    fn an_id_that_is_none_leads_to_those_alike() {
        assert_eq!(alike("gateway.bind_no_auht"), ["gateway.bind_no_auth"]);
        assert!(alike("perms_world").contains(&"fs.config.perms_world_readable"));
        assert_eq!(alike("bind_no_auht"), ["gateway.bind_no_auth"]);
        assert!(alike("xyzzy").is_empty() && alike("x").is_empty());
    }
}
