//! The README's table of checks is the catalogue. `UPDATE_README=1` rewrites it.

use openclaw_harden::checks::{Mend, Source, TOPICS};
use std::fmt::Write;
use std::path::Path;

const START: &str = "<!-- checks -->\n";
const END: &str = "<!-- /checks -->";

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

#[test]
fn the_readme_lists_the_checks_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let (before, rest) = readme.split_once(START).expect("README.md has the line <!-- checks -->");
    let (listed, after) = rest.split_once(END).expect("README.md has the line <!-- /checks -->");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, format!("{before}{START}{}{END}{after}", table())).expect("README.md can be written");
        return;
    }
    assert!(
        listed == table(),
        "README.md lists other checks: run the tests with UPDATE_README=1, and look at the diff"
    );
}
