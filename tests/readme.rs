//! What both READMEs state is what the program holds and does. `UPDATE_README=1` rewrites what is made from it.

use openclaw_harden::checks::{Mend, Source, TOPICS};
use openclaw_harden::text::{Lang, Text};
use regex::{Captures, Regex};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Several tests hold a part of a page each, and may write.
static PAGES: Mutex<()> = Mutex::new(());
/// The tables that are measured; their words are translated by hand, and their figures carried over.
const MEASURED: [&str; 3] = ["agreement", "speed", "doctor"];

fn path(lang: Lang) -> PathBuf {
    let page = Text { en: "README.md", ja: "assets/README.ja.md" }.of(lang);
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

fn read(lang: Lang) -> String {
    std::fs::read_to_string(path(lang)).expect("the README can be read")
}

/// Is the table of the checks, as it stands between its marks.
fn checks(lang: Lang) -> String {
    const HEAD: Text = Text {
        en: "| check | severity | made by | `apply` mends it | what is wrong |",
        ja: "| チェック項目 | 重大度 | 行うもの | `apply` での修正 | 問題 |",
    };
    const DEEP: Text = Text { en: "OpenClaw, `--deep`", ja: "OpenClaw (`--deep`)" };
    const OURS: Text = Text { en: "us alone", ja: "このツールだけ" };
    const OPENCLAW: Text = Text { en: "OpenClaw", ja: "OpenClaw" };
    const YES: Text = Text { en: "yes", ja: "可" };
    const BY_HAND: Text = Text { en: "by hand", ja: "手作業" };
    let mut table = String::new();
    for (topic, checks) in TOPICS {
        let _ = write!(table, "\n**{}**\n\n{}\n|---|---|---|---|---|\n", topic.of(lang), HEAD.of(lang));
        for check in *checks {
            let by = match check.source() {
                Source::OpenClaw => OPENCLAW,
                Source::Deep => DEEP,
                Source::Ours => OURS,
            };
            let mends = if matches!(check.mend, Mend::ByPlan(_)) { YES } else { BY_HAND };
            let title = check.title.of(lang).replace('|', "\\|");
            let (severity, by, mends) = (check.severity.name(), by.of(lang), mends.of(lang));
            let _ = writeln!(table, "| `{}` | {severity} | {by} | {mends} | {title} |", check.id);
        }
    }
    table.push('\n');
    table
}

/// Is what stands before, between and after the marks of a name.
fn marked<'a>(page: &'a str, name: &str) -> [&'a str; 3] {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let begins = page.find(&start).unwrap_or_else(|| panic!("a README has no line {start}")) + start.len();
    let ends = begins + page[begins..].find(&end).unwrap_or_else(|| panic!("a README has no line {end}"));
    [&page[..begins], &page[begins..ends], &page[ends..]]
}

/// Holds that a page has this text between the two marks of a name. With `UPDATE_README` it is put there.
fn holds(lang: Lang, name: &str, wanted: &str) {
    let page = read(lang);
    let [before, stated, after] = marked(&page, name);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path(lang), format!("{before}{wanted}{after}")).expect("the README can be written");
        return;
    }
    let page = path(lang);
    assert!(
        stated == wanted,
        "{} says otherwise: run the tests with UPDATE_README=1, and look at the diff\n{wanted}",
        page.display()
    );
}

/// Holds that README.md has this text between the two marks of a name. With `UPDATE_README` it is put there.
pub fn section(name: &str, wanted: &str) {
    let _one_at_a_time = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    holds(Lang::En, name, wanted);
    carried(name);
}

/// Holds that the Japanese page has the figures of a measured table, line by line.
fn carried(name: &str) {
    let (en, ja) = (read(Lang::En), read(Lang::Ja));
    let ([_, from, _], [_, to, _]) = (marked(&en, name), marked(&ja, name));
    assert_eq!(from.lines().count(), to.lines().count(), "the table {name} has other lines in assets/README.ja.md");
    let wanted: String = from.lines().zip(to.lines()).map(|(from, to)| with_figures(from, to) + "\n").collect();
    holds(Lang::Ja, name, &wanted);
}

/// Puts the figures of one line in the place of those of another.
fn with_figures(from: &str, to: &str) -> String {
    let mut figures = FIGURE.find_iter(from).map(|found| found.as_str());
    let mut put = |old: &Captures| figures.next().unwrap_or(&old[0]).to_owned();
    FIGURE.replace_all(to, &mut put).into_owned()
}

static FIGURE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(?:[.,]\d+)*").expect("a pattern"));

/// What both pages must agree in, of the part under one heading.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    level: usize,
    rows: usize,
    /// Keys, options, commands and names in backquotes.
    terms: BTreeSet<String>,
    /// The lines of code, without their comments.
    code: Vec<String>,
    figures: Vec<String>,
    pictures: Vec<String>,
}

fn parts(page: &str) -> Vec<Part> {
    let (term, link) = (Regex::new("`([^`]+)`").expect("a pattern"), Regex::new(r"\]\(([^)]*)\)").expect("a pattern"));
    let mut parts = vec![Part::default()];
    let mut within = false;
    for line in page.lines() {
        if line.starts_with("```") {
            within = !within;
            continue;
        }
        let level = line.chars().take_while(|c| *c == '#').count();
        if level > 0 && !within {
            parts.push(Part { level, ..Part::default() });
        }
        let Some(part) = parts.last_mut() else { continue };
        if within {
            part.code.push(command(line).0.to_owned());
            continue;
        }
        part.rows += usize::from(line.starts_with('|'));
        part.terms.extend(term.captures_iter(line).map(|found| found[1].to_owned()));
        part.pictures.extend(
            link.captures_iter(line)
                .filter(|found| found[1].ends_with(".svg"))
                .map(|found| found[1].trim_start_matches("../").replace("-ja.svg", "-en.svg")),
        );
        let line = link.replace_all(line, "]");
        let line = term.replace_all(&line, "");
        // Small numbers are words in one language and figures in the other.
        let figures = FIGURE.find_iter(&line).map(|found| found.as_str()).filter(|found| found.len() > 1);
        part.figures.extend(figures.map(str::to_owned));
    }
    for part in &mut parts {
        part.figures.sort();
    }
    parts
}

/// Is a line of code and its comment.
fn command(line: &str) -> (&str, &str) {
    let (command, comment) = line.split_once(" #").unwrap_or((line, ""));
    (command.trim(), comment.trim())
}

#[test]
fn both_readmes_list_the_checks_of_the_catalogue() {
    let _one_at_a_time = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    for lang in [Lang::En, Lang::Ja] {
        holds(lang, "checks", &checks(lang));
    }
}

#[test]
fn the_japanese_readme_has_the_measured_figures_of_the_english_one() {
    let _one_at_a_time = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    MEASURED.into_iter().for_each(carried);
}

#[test]
fn both_readmes_have_the_same_parts_commands_terms_and_figures() {
    let _one_at_a_time = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    // The table of the checks is made from the catalogue, for both.
    let [en, ja] = [Lang::En, Lang::Ja].map(read);
    let [en, ja] =
        [&en, &ja].map(|page| marked(page, "checks")).map(|[before, _, after]| parts(&(before.to_owned() + after)));
    let headings = |parts: &[Part]| parts.iter().map(|part| part.level).collect::<Vec<_>>();
    assert_eq!(headings(&en), headings(&ja), "the levels of the headings: README.md and assets/README.ja.md");
    for (number, (en, ja)) in en.iter().zip(&ja).enumerate() {
        assert_eq!(en, ja, "part {number}: README.md and assets/README.ja.md");
    }
}

/// What a test cannot run: it builds or tests this program, works on other machines, or needs systemd. All else is run.
const NOT_RUN: [&str; 5] = ["cargo", "ansible", "systemctl", "journalctl", "tests/"];

#[test]
fn the_commands_of_the_readme_run_one_after_the_other_and_end_as_they_say() {
    let home = tempfile::tempdir().expect("a folder");
    let work = home.path().join("work");
    std::fs::create_dir_all(home.path().join(".openclaw")).expect("a folder");
    std::fs::create_dir(&work).expect("a folder");
    let config = home.path().join(".openclaw/openclaw.json");
    std::fs::write(&config, include_bytes!("../assets/demo.json5")).expect("a config");
    let program = Path::new(env!("CARGO_BIN_EXE_openclaw-harden")).parent().expect("a folder");
    let search = std::env::join_paths([program, Path::new("/usr/bin"), Path::new("/bin")]).expect("a path");
    // The acceptance of the page must lie ahead whenever this is run.
    let ahead = Regex::new(r"20\d\d-\d\d-\d\d").expect("a pattern");
    let mut ran = 0;
    for line in blocks(&read(Lang::En)) {
        let (line, comment) = command(&line);
        if line.is_empty() || NOT_RUN.iter().any(|name| line.starts_with(name)) {
            continue;
        }
        let line = ahead.replace_all(line, "2099-12-31");
        // The wizard needs a terminal; its frame can be had without.
        let is_wizard = line.split_whitespace().nth(1).is_none_or(|word| word.starts_with('-'));
        let line = if is_wizard { format!("{line} --print") } else { line.into_owned() };
        let done = Command::new("sh")
            .args(["-c", &line])
            .current_dir(&work)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", &search)
            .output()
            .expect("a shell");
        let wanted: &[i32] = if comment.contains("exit code 1") { &[0, 1] } else { &[0] };
        let code = done.status.code().unwrap_or(-1);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(wanted.contains(&code), "{line} ended with {code}, not {wanted:?}:\n{said}");
        ran += 1;
    }
    assert!(ran > 15, "{ran} commands were found");
}

/// Is every line of the blocks of commands.
fn blocks(page: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), fence) {
            (Some(kind), None) => fence = Some(kind),
            (Some(_), Some(_)) => fence = None,
            (None, Some("sh")) => lines.push(line.to_owned()),
            (None, _) => {}
        }
    }
    lines
}
