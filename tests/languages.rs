//! Both languages say the same: every pair of texts in the sources has the same places, numbers and keys, and no Japanese frame
//! holds a word of English.

use openclaw_harden::settings::tools::{GROUPS, catalogue};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A text in both languages, with its file.
struct Pair {
    file: PathBuf,
    en: String,
    ja: String,
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|known| known == ending) {
            found.push(path);
        }
    }
    found
}

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of the tests")
}

/// Is every text of the sources that stands as a literal in both languages.
fn pairs() -> Vec<Pair> {
    let literal = r#""((?:[^"\\]|\\.)*)""#;
    let pair = regex(&format!(r"(?s)en:\s*{literal},\s*ja:\s*{literal}"));
    let mut pairs = Vec::new();
    for file in files(&here("src"), "rs") {
        let source = fs::read_to_string(&file).expect("a source file");
        let text = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let of = |said: &str| said.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
        pairs.extend(pair.captures_iter(text).map(|found| Pair {
            file: file.clone(),
            en: of(&found[1]),
            ja: of(&found[2]),
        }));
    }
    assert!(pairs.len() > 1500, "only {} texts were found", pairs.len());
    pairs
}

fn all<'t>(pattern: &Regex, text: &'t str) -> Vec<&'t str> {
    pattern.find_iter(text).map(|found| found.as_str()).collect()
}

fn without_places(text: &str) -> String {
    regex(r"\{[^}]*\}").replace_all(text, " ").into_owned()
}

fn refuse(faults: Vec<String>) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn both_languages_have_the_same_places() {
    let place = regex(r"\{([a-z_0-9]*)");
    let places = |text: &str| place.captures_iter(text).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    let differ = |pair: &Pair| places(&pair.en) != places(&pair.ja);
    let said = |pair: &Pair| format!("{}: {} | {}", pair.file.display(), pair.en, pair.ja);
    refuse(pairs().iter().filter(|pair| differ(pair)).map(said).collect());
}

/// Japanese counts in digits what English says in words (`1件`, `2つ`), and has other steps above 10,000.
#[test]
fn both_languages_have_the_same_numbers() {
    let number = regex(r"[0-9]+(?:[.:][0-9]+)*");
    let counted = regex(r"[0-9]\p{Han}|[0-9][つか]");
    let faults = pairs().into_iter().filter_map(|Pair { file, en, ja }| {
        let en_said = without_places(&en).replace("300 billion", "3000億");
        let ja_said = without_places(&ja);
        let (in_en, in_ja) = (all(&number, &en_said), all(&number, &ja_said));
        let lone: BTreeSet<&str> = counted.find_iter(&ja_said).map(|found| &found.as_str()[..1]).collect();
        let missing = in_en.iter().find(|n| !in_ja.contains(n));
        let added = in_ja.iter().find(|n| !in_en.contains(n) && !lone.contains(**n));
        let odd = missing.or(added)?;
        Some(format!("{}: {odd}: {en} | {ja}", file.display()))
    });
    refuse(faults.collect());
}

#[test]
fn both_languages_name_the_same_keys_and_options() {
    let key = regex(
        r"--[a-z][a-z-]*|\b[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+|\b[A-Z]+(?:_[A-Z]+)+\b|\b[a-z]+[A-Z][A-Za-z]+",
    );
    let keys = |text: &str| {
        let text = without_places(text);
        all(&key, &text).into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let faults = pairs().into_iter().filter_map(|Pair { file, en, ja }| {
        let (in_en, in_ja) = (keys(&en), keys(&ja));
        let odd = in_en.symmetric_difference(&in_ja).next()?;
        Some(format!("{}: {odd}: {en} | {ja}", file.display()))
    });
    refuse(faults.collect());
}

#[test]
fn what_is_a_sentence_in_english_is_japanese_in_japanese() {
    let japanese = regex(r"[\p{Hiragana}\p{Katakana}\p{Han}]");
    let word = regex(r"\b[a-z]{2,}\b");
    let is_left = |pair: &Pair| {
        let en = without_places(&pair.en);
        let is_command = pair.en == pair.ja && (pair.en.starts_with('/') || pair.en.starts_with("openclaw "));
        all(&word, &en).len() > 2 && !japanese.is_match(&pair.ja) && !is_command
    };
    let said = |pair: &Pair| format!("{}: {}", pair.file.display(), pair.ja);
    refuse(pairs().iter().filter(|pair| is_left(pair)).map(said).collect());
}

/// Names that are the same in both languages: products, protocols, keys of the keyboard.
const NAMES: &[&str] = &[
    "Control",
    "UI",
    "Ctrl-C",
    "Ctrl-R",
    "Ctrl-Y",
    "Ctrl-Z",
    "DM",
    "DNS",
    "Discord",
    "Docker",
    "Down",
    "End",
    "English",
    "Enter",
    "Esc",
    "Gateway",
    "HTTP",
    "Home",
    "ID",
    "LAN",
    "Left",
    "MCP",
    "OpenClaw",
    "PDF",
    "PgDn",
    "PgUp",
    "Podman",
    "Right",
    "SSH",
    "Shift-Tab",
    "Space",
    "Tab",
    "Tailscale",
    "Telegram",
    "URL",
    "UTC",
    "Up",
    "VPN",
    "Web",
    "Webhook",
    "npm",
];

/// Commands, options and values that are typed or written as they stand.
const LITERAL: &[&str] = &[
    "accept",
    "agent",
    "allowlist",
    "apply",
    "audit",
    "bash",
    "box",
    "comment",
    "config",
    "curl",
    "deny",
    "dry-run",
    "env",
    "format",
    "host",
    "integer",
    "loopback",
    "minimal",
    "network",
    "node",
    "non-main",
    "only-safe",
    "openclaw-harden",
    "openclaw-managed",
    "per-account-channel-peer",
    "per-channel-peer",
    "purge",
    "recreate",
    "remove",
    "restore",
    "rw",
    "sandbox",
    "start",
    "string",
    "validate",
    "yes",
];

/// What the configs, skills and rows of these tests hold.
const OF_THE_TESTS: &[&str] = &[
    "Behind",
    "automations",
    "bot",
    "evil",
    "lab",
    "ll",
    "one",
    "own",
    "plain",
    "seen",
    "stop",
    "their",
    "title",
    "without",
    "wall",
    "words",
];

#[test]
fn no_japanese_frame_holds_a_word_of_english() {
    let word = regex(r"[A-Za-z][A-Za-z0-9_./:*@+-]*");
    let quoted = regex(r#""[^"]*""#);
    let demo = all(&regex("[A-Za-z][A-Za-z0-9_-]*"), crate::stage::DEMO).into_iter().map(str::to_owned);
    let tools = catalogue().tools.iter().cloned();
    let groups = GROUPS.iter().flat_map(|group| group.tools().iter().cloned());
    let listed = [NAMES, LITERAL, OF_THE_TESTS].concat().into_iter().map(str::to_owned);
    let known: BTreeSet<String> = demo.chain(tools).chain(groups).chain(listed).collect();
    let is_key = regex(r"[._/:*@0-9]|^[a-z]+[A-Z]");
    let mut faults: BTreeMap<String, String> = BTreeMap::new();
    let mut frames = 0;
    for path in files(&here("tests/snapshots"), "snap") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains("_ja") && !name.contains("-ja") && !name.contains("_Ja") {
            continue;
        }
        frames += 1;
        let text = fs::read_to_string(&path).expect("a snapshot");
        let frame = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        for line in frame.lines().filter(|line| !line.starts_with("styles ")) {
            let line = quoted.replace_all(line, " ");
            for word in all(&word, &line) {
                let is_cut = word.ends_with("...");
                let word = word.trim_end_matches(['.', ':', '-']);
                let begins = || known.range(word.to_owned()..).next().is_some_and(|known| known.starts_with(word));
                let is_known = known.contains(word) || is_cut && begins();
                if word.len() > 1 && !is_key.is_match(word) && !is_known {
                    faults.entry(word.to_owned()).or_insert_with(|| format!("{name}: {word}: {}", line.trim()));
                }
            }
        }
    }
    assert!(frames > 40, "only {frames} Japanese frames");
    refuse(faults.into_values().collect());
}
