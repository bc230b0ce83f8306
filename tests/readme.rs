//! What the README states is what the program holds. `UPDATE_README=1` rewrites it.

use openclaw_harden::checks::{Mend, Source, TOPICS};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Is the table between the marks.
fn table() -> String {
    let mut table = String::new();
    for (topic, checks) in TOPICS {
        let _ = write!(
            table,
            "\n**{}**\n\n| check | severity | made by | `apply` mends it | what is wrong |\n|---|---|---|---|---|\n",
            topic.en
        );
        for check in *checks {
            let by = match check.source() {
                Source::OpenClaw => "OpenClaw",
                Source::Deep => "OpenClaw, `--deep`",
                Source::Ours => "us alone",
            };
            let mends = if matches!(check.mend, Mend::ByPlan(_)) { "yes" } else { "by hand" };
            let title = check.title.en.replace('|', "\\|");
            let _ = writeln!(table, "| `{}` | {} | {by} | {mends} | {title} |", check.id, check.severity.name());
        }
    }
    table.push('\n');
    table
}

/// Holds that README.md has this text between the two marks of a name. With `UPDATE_README` it is put there.
pub fn section(name: &str, wanted: &str) {
    // Several tests hold a section each, and may write.
    static README: Mutex<()> = Mutex::new(());
    let _one_at_a_time = README.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&start).unwrap_or_else(|| panic!("README.md has no line {start}"));
    let (stated, after) = rest.split_once(&end).unwrap_or_else(|| panic!("README.md has no line {end}"));
    if std::env::var_os("UPDATE_README").is_some() {
        let text = format!("{before}{start}{wanted}{end}{after}");
        std::fs::write(&path, text).expect("README.md can be written");
        return;
    }
    assert!(
        stated == wanted,
        "README.md says otherwise: run the tests with UPDATE_README=1, and look at the diff\n{wanted}"
    );
}

#[test]
fn the_readme_lists_the_checks_of_the_catalogue() {
    section("checks", &table());
}
