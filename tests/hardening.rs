//! What every plan must hold, on every config that OpenClaw accepts, for every posture.

use crate::support::{self, means, samples};
use openclaw_harden::checks::{Finding, audit};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Posture};
use openclaw_harden::settings::tools::loosened;
use openclaw_harden::settings::{Facts, Settings, Version, schema};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// A plan of a sample, with what it was asked.
struct Case {
    name: String,
    engine: Engine,
    answers: Answers,
    facts: Arc<Facts>,
    plan: Plan,
}

fn facts(openclaw: Version) -> Arc<Facts> {
    Arc::new(Facts { openclaw, ..Facts::clone(&support::facts()) })
}

fn plan(name: &str, document: &Document, facts: &Arc<Facts>, engine: Engine, answers: &Answers) -> Plan {
    Plan::new(document, facts, &means(engine), answers).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// Every sample that is accepted, with every posture, several engines and ways to decide; some by an early version, too.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut cases = Vec::new();
    for (n, sample) in samples().into_iter().enumerate() {
        let Ok(document) = Document::parse(&sample.bytes) else {
            continue;
        };
        let is_accepted = |openclaw: Version| schema::validate(document.value(), &facts(openclaw)).is_empty();
        if n % 5 == 0 && is_accepted(Version::EARLY) {
            for posture in Posture::ALL {
                let answers = Answers { posture, undecided: Undecided::All, ..Answers::default() };
                let facts = facts(Version::EARLY);
                let plan = plan(&sample.name, &document, &facts, Engine::Docker, &answers);
                cases.push(Case {
                    name: format!("{} (early)", sample.name),
                    engine: Engine::Docker,
                    answers,
                    facts,
                    plan,
                });
            }
        }
        if !is_accepted(Version::CURRENT) {
            continue;
        }
        for posture in Posture::ALL {
            // Every sample gets everything that is recommended; the rarer ways to decide are tried on some.
            let others = [(Engine::None, Undecided::All), (Engine::Podman, Undecided::Safe)];
            let some = if n < 40 || n % 10 == 0 { &others[..] } else { &[] };
            for &(engine, undecided) in [(Engine::Docker, Undecided::All)].iter().chain(some) {
                let answers = Answers { posture, undecided, ..Answers::default() };
                let facts = facts(Version::CURRENT);
                let plan = plan(&sample.name, &document, &facts, engine, &answers);
                cases.push(Case { name: sample.name.clone(), engine, answers, facts, plan });
            }
        }
    }
    assert!(cases.len() >= 200, "only {} plans", cases.len());
    cases
});

fn each(faults_of: impl Fn(&Case) -> Vec<String>) {
    let faults: Vec<String> = CASES
        .iter()
        .flat_map(|case| {
            let asked =
                format!("{} {} {:?} {:?}", case.name, case.answers.posture.name(), case.engine, case.answers.undecided);
            faults_of(case).into_iter().map(move |fault| format!("{asked}: {fault}"))
        })
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults in {} plans:\n{}",
        faults.len(),
        CASES.len(),
        faults[..faults.len().min(40)].join("\n")
    );
}

#[test]
fn what_openclaw_accepts_it_still_accepts() {
    each(|case| case.plan.issues_after.iter().map(|issue| format!("{}: {:?}", issue.path, issue.message)).collect());
}

#[test]
fn nothing_is_loosened() {
    each(|case| {
        let before = Settings::load(case.plan.source.shared(), case.facts.clone());
        let after = Settings::load(case.plan.candidate.shared(), case.facts.clone());
        loosened(&before, &after).into_iter().take(3).map(|loose| format!("{loose:?}")).collect()
    });
}

#[test]
fn what_a_plan_says_of_its_candidate_is_what_is_found_in_it() {
    each(|case| {
        let candidate = case.plan.candidate.value();
        let shown = |findings: &[Finding]| -> Vec<String> {
            findings.iter().map(|finding| format!("{} {:?} {:?}", finding.id, finding.severity, finding.hit)).collect()
        };
        let found = shown(&audit(&Settings::load(candidate.clone(), case.facts.clone())));
        let said = shown(&case.plan.after);
        let mut faults: Vec<String> = found.iter().filter(|one| !said.contains(one)).cloned().collect();
        faults.extend(said.iter().filter(|one| !found.contains(one)).map(|one| format!("not there: {one}")));
        if schema::validate(candidate, &case.facts) != case.plan.issues_after {
            faults.push("other issues".to_owned());
        }
        faults
    });
}

/// What a change closes is told without an audit for each; here it is told the straightforward way.
#[test]
fn each_change_says_what_two_whole_audits_tell_apart() {
    let count = |findings: &[Finding], id: &str| findings.iter().filter(|finding| finding.id == id).count();
    let gone = |before: &[Finding], after: &[Finding]| -> BTreeSet<String> {
        let fewer = before.iter().filter(|finding| count(before, &finding.id) > count(after, &finding.id));
        fewer.map(|finding| finding.id.clone()).collect()
    };
    let faults_of = |case: &Case| {
        let mut settings = Settings::load(case.plan.source.shared(), case.facts.clone());
        let first = audit(&settings);
        let (mut before, mut at_each, mut come_back) = (first.clone(), Vec::new(), BTreeSet::new());
        for planned in case.plan.rows.iter().filter(|planned| !planned.edits.is_empty()) {
            settings.edit(&planned.edits);
            let after = audit(&settings);
            at_each.push((planned.key(), gone(&before, &after)));
            come_back.extend(gone(&after, &before));
            before = after;
        }
        // Only what the whole plan closes is named, at every change after which there is less of it; what comes back between, at one.
        let by_all = gone(&first, &before);
        let mut faults = Vec::new();
        let changes = case.plan.changes();
        for ((key, gone), change) in at_each.iter().zip(&changes) {
            let made_up = change.closes.iter().any(|id| !gone.contains(id) || !by_all.contains(id));
            let is_left_out =
                |id: &String| by_all.contains(id) && !come_back.contains(id) && !change.closes.contains(id);
            if change.key != *key || made_up || gone.iter().any(is_left_out) {
                faults.push(format!("{} closes {:?}, and {gone:?} are gone", change.key, change.closes));
            }
        }
        let missed = by_all.iter().filter(|id| !changes.iter().any(|change| change.closes.contains(id)));
        faults.extend(missed.map(|id| format!("{id} is closed by no change")));
        faults
    };
    // Whole audits take their time.
    each(|case| if case.name.len() % 7 == 0 { faults_of(case) } else { Vec::new() });
}

#[test]
fn every_comment_stays() {
    each(|case| {
        let text = String::from_utf8_lossy(case.plan.candidate.root().bytes());
        let inner =
            |comment: &str| comment.trim_start_matches(['/', '*']).trim_end_matches(['*', '/']).trim().to_owned();
        case.plan
            .source
            .root()
            .comments()
            .filter(|comment| !text.contains(&inner(comment)))
            .map(str::to_owned)
            .collect()
    });
}

#[test]
fn a_second_plan_changes_nothing() {
    each(|case| {
        let second = plan(&case.name, case.plan.candidate.root(), &case.facts, case.engine, &case.answers);
        if second.candidate.root().bytes() == case.plan.candidate.root().bytes() {
            return Vec::new();
        }
        second.edits.iter().map(|edit| format!("{edit:?}")).collect()
    });
}

#[test]
fn the_candidate_is_the_file_with_the_listed_edits_and_nothing_else() {
    each(|case| {
        let mut wanted = case.plan.source.value().clone();
        case.plan.edits.iter().for_each(|edit| edit.apply(&mut wanted));
        if wanted == *case.plan.candidate.value() { Vec::new() } else { vec!["other values".to_owned()] }
    });
}
