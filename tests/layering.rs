//! The map in `lib.rs` holds: modules use only what stands below them, and the core knows neither terminal nor environment.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from top to bottom; those in one row may use each other.
const ROWS: [&[&str]; 9] = [
    &["cli"],
    &["tui", "report"],
    &["host", "store", "trial", "plan", "accepted", "walk"],
    &["posture", "checks", "chains", "checkup", "findings"],
    &["settings"],
    &["skills"],
    &["source"],
    &["document"],
    &["text", "parallel"],
];

/// The modules that may know the terminal, print, or read the environment.
const OUTSIDE: [&str; 4] = ["cli", "tui", "report", "host"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// Every source file with its module and its text, without tests, comments and texts for people.
fn modules() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = Vec::new();
    for path in sources(&src) {
        let first =
            path.strip_prefix(&src).unwrap().components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        let for_tests = path
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "testing.rs")));
        if matches!(module.as_str(), "lib" | "main") || for_tests {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code: String =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
        modules.push((module, path, code));
    }
    assert!(modules.len() > 50, "only {} source files", modules.len());
    modules
}

fn row(module: &str) -> usize {
    ROWS.iter().position(|row| row.contains(&module)).unwrap_or_else(|| panic!("{module} stands in no row"))
}

#[test]
fn modules_use_only_what_stands_below_them() {
    for (module, path, code) in modules() {
        for (at, _) in code.match_indices("crate::") {
            let used: String =
                code[at + "crate::".len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let known = ROWS.iter().any(|row| row.contains(&used.as_str()));
            assert!(!known || row(&used) >= row(&module), "{} uses {used}, which stands above it", path.display());
        }
    }
}

#[test]
fn the_core_knows_neither_terminal_nor_environment() {
    for (module, path, code) in modules().into_iter().filter(|(module, ..)| !OUTSIDE.contains(&module.as_str())) {
        for word in
            ["ratatui", "crossterm", "println!", "eprintln!", "env::var", "env::args", "std::process", "Command::new"]
        {
            assert!(!code.contains(word), "{}, in the core module {module}, has {word}", path.display());
        }
    }
}

#[test]
fn checks_and_settings_touch_no_file() {
    for (_, path, code) in modules().into_iter().filter(|(module, ..)| {
        matches!(module.as_str(), "checks" | "checkup" | "settings" | "posture" | "plan" | "source" | "document")
    }) {
        for word in ["std::fs", "File::open", "fs::read", ".exists()", ".metadata()", "TcpStream", "UnixStream"] {
            assert!(!code.contains(word), "{} has {word}", path.display());
        }
    }
}
