use openclaw_harden::{checks::audit, document::Document, plan::*, posture::*, settings::*};
use std::time::Instant;
#[test]
fn timing() {
    let bytes = std::fs::read("/work/shared/openclaw/corpus/gh-AI-Agents-account-idea-to-jira.json5").unwrap();
    let f: std::sync::Arc<Facts> = Default::default();
    let a = Answers { undecided: Undecided::All, ..Default::default() };
    let m = Means {
        engine: Engine::Docker,
        gateway_secret: "ab".repeat(24),
        hooks_secret: "cd".repeat(24),
        ..Default::default()
    };
    let t = |name: &str, n: u32, g: &mut dyn FnMut()| {
        let s = Instant::now();
        for _ in 0..n {
            g()
        }
        println!("{name}: {:?}", s.elapsed() / n);
    };
    let d = Document::parse(&bytes).unwrap();
    println!("bytes {}", bytes.len());
    t("parse", 20, &mut || {
        Document::parse(&bytes).unwrap();
    });
    t("load", 20, &mut || {
        Settings::load(d.value().clone(), f.clone());
    });
    let s = Settings::load(d.value().clone(), f.clone());
    t("audit", 20, &mut || {
        audit(&s);
    });
    t("validate", 20, &mut || {
        schema::validate(d.value(), &f);
    });
    t("plan", 10, &mut || {
        Plan::new(&d, &f, &m, &a).unwrap();
    });
    let p = Plan::new(&d, &f, &m, &a).unwrap();
    t("edit", 10, &mut || {
        d.edit(&p.edits).unwrap();
    });
    t("changes", 3, &mut || {
        p.changes();
    });
    t("diff", 3, &mut || {
        p.diff();
    });
    let after = Settings::load(p.candidate.value().clone(), f.clone());
    t("loosened", 3, &mut || {
        tools::loosened(&s, &after);
    });
    let mut v = Vec::new();
    for c in controls() {
        let sc = Scene { before: &s, now: &s, posture: Posture::Personal, means: &m };
        let i = Instant::now();
        (c.rows)(&sc);
        v.push((i.elapsed(), c.id));
    }
    v.sort();
    v.reverse();
    println!("{:?}", &v[..8]);
    let mut v = Vec::new();
    for c in openclaw_harden::checks::catalogue() {
        let i = Instant::now();
        (c.test)(&s);
        v.push((i.elapsed(), c.id));
    }
    v.sort();
    v.reverse();
    println!("{:?}", &v[..12]);
}
