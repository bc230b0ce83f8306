//! Every check that a plan is said to mend: the plan for `personal` mends its risky example, and a second one changes nothing.

use openclaw_harden::checks::{Mend, catalogue, example};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Means};

fn means() -> Means {
    Means {
        engine: Engine::Docker,
        gateway_secret: "0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        hooks_secret: "fedcba9876543210fedcba9876543210fedcba9876543210".into(),
        ..Means::default()
    }
}

#[test]
fn a_plan_mends_what_it_is_said_to_mend_at_once() {
    let answers = Answers { undecided: Undecided::All, ..Answers::default() };
    let mut faults = Vec::new();
    for check in catalogue().filter(|check| matches!(check.mend, Mend::ByPlan(_))) {
        let facts = example(check.risky).expect("a config").facts;
        let plan = |document: &Document| Plan::new(document, &facts, &means(), &answers).expect("a plan");
        let document = Document::parse(check.risky.as_bytes()).expect("a config");
        let first = plan(&document);
        if first.after.iter().any(|finding| finding.check.id == check.id) {
            faults.push(format!(
                "{}: is still found in {}",
                check.id,
                String::from_utf8_lossy(first.candidate.root().bytes())
            ));
        }
        let second = plan(first.candidate.root());
        if second.candidate.root().bytes() != first.candidate.root().bytes() {
            faults.push(format!("{}: a second plan changes more", check.id));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
