use crate::checks::{Finding, catalogue, example};
use crate::document::Document;
use crate::plan::{Answers, Pick, Plan, Undecided};
use crate::posture::{Engine, Means, Posture};
use crate::settings::{Facts, Version};
use crate::source::{Bounds, Loaded, Source};
use std::path::Path;
use std::sync::Arc;

/// Is numbers that look as if they were thrown; the same at each run.
fn thrown(seed: usize) -> impl FnMut(usize) -> usize {
    let mut state = seed as u64 + 1;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    }
}

/// Is all that a plan says.
fn told(plan: &Plan) -> Vec<String> {
    let finding = |one: &Finding| format!("{} {:?} {:?} {}", one.id, one.severity, one.hit, one.may_be_suppressed);
    let rows = plan.rows.iter().map(|row| {
        format!("{} {:?} {:?} {} {:?} {:?}", row.key(), row.row, row.taken, row.decided, row.edits, row.refused)
    });
    let files = plan.candidate.files().iter().map(|file| String::from_utf8_lossy(file.document.bytes()).into_owned());
    let after = &plan.settings_after;
    let loaded = format!("{} {:?} {:?}", after.source(), after.agents(), after.tool_contexts());
    let issues = [&plan.issues, &plan.issues_after].map(|issues| format!("{issues:?}"));
    let findings = plan.before.iter().chain(&plan.after).map(finding);
    let not_made = plan.not_made().into_iter().map(|(check, why)| format!("{} {why:?}", check.id));
    rows.chain(files).chain([loaded]).chain(issues).chain(findings).chain(not_made).collect()
}

/// Decides one thing after the other as an administrator would who cannot decide, and compares each plan that goes on from the one
/// before with one that is made from nothing.
fn goes_on_as_anew(name: &str, source: &Source, facts: &Arc<Facts>, seed: usize, steps: usize) {
    let mut throw = thrown(seed);
    let mut means = Means { gateway_secret: "5e".repeat(24), hooks_secret: "a7".repeat(24), ..Means::default() };
    let mut answers = Answers::default();
    let mut plan = Plan::new(source, facts, &means, &answers).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    for _ in 0..steps {
        match throw(10) {
            0 => means.engine = [Engine::Docker, Engine::None, Engine::Unknown][throw(3)],
            1 => answers.posture = Posture::ALL[throw(Posture::ALL.len())],
            2 => answers.undecided = [Undecided::Safe, Undecided::All, Undecided::Nothing][throw(3)],
            3 => drop(answers.picks.pop_first()),
            _ if plan.rows.is_empty() => {}
            _ => {
                let row = &plan.rows[throw(plan.rows.len())];
                let pick = match (&row.row.field, throw(4)) {
                    (Some(field), 0) => Pick::Text(field.text.clone()),
                    (Some(_), 1) => Pick::Text("one\ntwo".to_owned()),
                    _ => Pick::Choice(row.row.choices[throw(row.row.choices.len())].value.clone()),
                };
                answers.picks.insert(row.key(), pick);
            }
        }
        let anew = Plan::new(source, facts, &means, &answers);
        let (Ok(anew), Ok(next)) = (anew, plan.again(&means, &answers)) else { break };
        for (next, anew) in told(&next).iter().zip(&told(&anew)) {
            assert_eq!(next, anew, "{name}: {answers:?}");
        }
        assert_eq!(next.settings_after.loaded(), anew.settings_after.loaded(), "{name}: {answers:?}");
        assert_eq!(next.rows.len(), anew.rows.len(), "{name}: {answers:?}");
        plan = next;
    }
}

#[test]
fn a_plan_that_goes_on_from_another_is_the_one_that_is_made_from_nothing() {
    // Each with its own decisions; a third of them is enough to meet every control.
    for (n, check) in catalogue().enumerate().step_by(3) {
        for (config, openclaw) in [(check.risky, None), (check.safe, Some(Version::EARLY))] {
            let settings = example(config).expect("a config");
            let document = Document::parse(settings.source().to_string().as_bytes()).expect("JSON");
            let mut facts = (*settings.facts).clone();
            facts.openclaw = openclaw.unwrap_or(facts.openclaw);
            goes_on_as_anew(check.id, &document.into(), &Arc::new(facts), n, 6);
        }
    }
}

#[test]
fn it_is_with_agents_and_channels_in_files_of_their_own_too() {
    let agents = "{defaults: {sandbox: {mode: 'off'}}, entries: {a: {}, b: {tools: {profile: 'full'}, skills: ['x']}}}";
    let channels = "{telegram: {dmPolicy: 'open', allowFrom: ['*'], accounts: {two: {groupPolicy: 'open'}}}}";
    let whole = format!("{{gateway: {{bind: 'lan'}}, agents: {agents}, channels: {channels}, unheard: {{of: 1}}}}");
    let root =
        "{gateway: {bind: 'lan'}, agents: {$include: './agents.json5'}, channels: {$include: './channels.json5'}}";
    let bounds = Bounds { config: Path::new("/c/openclaw.json"), roots: &[] };
    let parts = Source::read(Document::parse(root.as_bytes()).expect("JSON5"), bounds, &mut |path| {
        let text = if path.ends_with("agents.json5") { agents } else { channels };
        Ok(Loaded { real: path.to_owned(), bytes: text.as_bytes().to_vec(), locked: None })
    });
    let whole = Document::parse(whole.as_bytes()).expect("JSON5").into();
    for (name, source) in [("one file", whole), ("several files", parts.expect("files"))] {
        for seed in 0..12 {
            goes_on_as_anew(name, &source, &Arc::new(Facts::default()), seed, 12);
        }
    }
}
