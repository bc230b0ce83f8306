//! What is evident from a skill's text and scripts.

use super::lines::{Line, Part, floor, joined, kind, lines, pieces};
use super::rules::{Place, RULES};
use super::topic::Topic;
use super::views::{decoded, is_invisible, pattern, plain_letter, readings, variables};
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// How sure a sign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It stands there, in code or for all to see.
    Certain,
    /// It was read out of sentences or put together from several places.
    Guessed,
    /// It is only spoken of: the text forbids it, or says to look out for it.
    Mentioned,
}

/// Something that a skill shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// What it is.
    pub topic: Topic,
    /// How sure it is.
    pub certainty: Certainty,
    /// The file, relative to the skill's folder.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What stands there, cut to fit a line. From outside: to be made harmless before it is shown.
    pub shown: String,
}

impl Sign {
    /// Whether it is a sign of harm.
    pub fn is_alarm(&self) -> bool {
        self.topic.is_alarm() && self.certainty != Certainty::Mentioned
    }
}

/// The most signs of one topic that are kept of a skill.
const MOST_OF_A_TOPIC: usize = 12;
/// The most characters of a line that are shown.
const SHOWN: usize = 110;

/// Gathers the signs of one skill, file by file.
#[derive(Default)]
pub(super) struct Signs {
    found: Vec<Sign>,
    seen: BTreeSet<(Topic, String, usize)>,
    traces: Vec<Trace>,
}

/// What means nothing alone and much together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Downloads,
    Sends,
    Evaluates,
    Decodes,
    Spawns,
    Socket,
    Marks,
}

struct Trace {
    act: Act,
    file: String,
    line: usize,
    shown: String,
}

impl Signs {
    pub(super) fn add(&mut self, topic: Topic, certainty: Certainty, file: &str, line: usize, shown: &str) {
        let shown = clipped(shown);
        let is_wish = !topic.is_alarm();
        let key = if is_wish { (topic, shown.clone(), 0) } else { (topic, file.to_owned(), line) };
        if !self.seen.insert(key) {
            if let Some(known) = self.found.iter_mut().find(|s| s.topic == topic && s.file == file && s.line == line) {
                known.certainty = known.certainty.min(certainty);
            }
            return;
        }
        self.found.push(Sign { topic, certainty, file: file.to_owned(), line, shown });
    }

    /// Reads a file's text.
    pub(super) fn read(&mut self, file: &str, text: &str) {
        let kind = kind(file, text);
        let variables = variables(text);
        self.characters(file, text);
        let lines = lines(text, kind);
        for (at, line) in lines.iter().enumerate() {
            self.line(file, line, &variables);
            let rest = &lines[at + 1..];
            if let Some((joined, own)) = joined(line, rest, kind) {
                self.matches_within(file, line, &joined, own, &variables);
            }
        }
        self.links_of_comments(file, &lines);
    }

    fn line(&mut self, file: &str, line: &Line, variables: &BTreeMap<String, String>) {
        for piece in pieces(line.text) {
            self.matches(file, line.number, line.part, piece, variables);
            for text in decoded(piece) {
                let before = self.found.len();
                for part in text.lines() {
                    self.matches(file, line.number, Part::Code, part, variables);
                    self.matches(file, line.number, Part::Prose, part, variables);
                }
                let telling = self.found[before..].iter().any(|sign| sign.topic.is_alarm());
                if telling {
                    self.add(Topic::EncodedCode, Certainty::Certain, file, line.number, &text);
                }
            }
            if pattern!(r"[A-Za-z0-9+/]{400,}").is_match(piece)
                && !pattern!(r"data:(image|font|audio)/|sha(256|384|512)-").is_match(piece)
            {
                self.add(Topic::EncodedCode, Certainty::Guessed, file, line.number, piece);
            }
        }
        if line.part == Part::Code {
            self.programs(file, line);
        }
        if line.part == Part::Hidden && is_addressed(line.text) {
            self.add(Topic::HiddenText, Certainty::Guessed, file, line.number, line.text.trim());
        }
        self.hosts(file, line);
        self.act(file, line);
    }

    fn matches(&mut self, file: &str, number: usize, part: Part, text: &str, variables: &BTreeMap<String, String>) {
        self.matches_within(file, &Line { number, text, part }, text, usize::MAX, variables);
    }

    /// Looks for what begins within the first `limit` bytes of a text: what begins later is a later line's.
    fn matches_within(
        &mut self,
        file: &str,
        line: &Line,
        text: &str,
        limit: usize,
        variables: &BTreeMap<String, String>,
    ) {
        let (number, part) = (line.number, line.part);
        for reading in readings(text, variables) {
            let bytes = reading.as_bytes();
            for at in set().matches(bytes) {
                let rule = &RULES[at];
                let fits = match rule.place {
                    Place::Any => true,
                    Place::Words => part != Part::Code,
                    Place::Code => part == Part::Code,
                };
                let Some(found) = compiled(at).find(bytes).filter(|found| fits && found.start() < limit) else {
                    continue;
                };
                let shown = String::from_utf8_lossy(&bytes[found.start()..]);
                if rule.topic == Topic::OddHost && is_private(&shown) {
                    continue;
                }
                let certainty = match part {
                    Part::Code => Certainty::Certain,
                    _ if is_spoken_of(&reading[..floor(&reading, found.start())])
                        || is_about_content(rule.topic, &shown) =>
                    {
                        Certainty::Mentioned
                    }
                    _ => Certainty::Guessed,
                };
                let shown =
                    if rule.topic.is_alarm() { shown.trim() } else { shown[..floor(&shown, found.len())].trim() };
                self.add(rule.topic, certainty, file, number, shown);
            }
        }
    }

    /// What is in the characters themselves.
    fn characters(&mut self, file: &str, text: &str) {
        let mut is_after_far = 0;
        for (at, line) in text.lines().enumerate() {
            let number = at + 1;
            if line.trim().is_empty() {
                is_after_far += 1;
                continue;
            }
            if is_after_far >= 30 || pattern!(r"\S[ \t]{120,}\S").is_match(line) {
                self.add(Topic::HiddenText, Certainty::Guessed, file, number, line.trim());
            }
            is_after_far = 0;
            if line.contains('\u{1b}') || line.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\u{c}')) {
                self.add(Topic::TerminalEscapes, Certainty::Certain, file, number, line.trim());
            }
            if line.is_ascii() {
                continue;
            }
            let line = if at == 0 { line.trim_start_matches('\u{feff}') } else { line };
            if let Some(hidden) = hidden(line) {
                self.add(Topic::HiddenText, Certainty::Certain, file, number, &hidden);
                if set().is_match(hidden.as_bytes()) {
                    self.matches(file, number, Part::Prose, &hidden, &BTreeMap::new());
                }
            }
            for word in line.split(|c: char| !c.is_alphanumeric() && !is_invisible(c)).filter(|word| is_mixed(word)) {
                self.add(Topic::Deception, Certainty::Guessed, file, number, &escaped(word));
            }
        }
    }

    fn links_of_comments(&mut self, file: &str, lines: &[Line]) {
        let style = pattern!(
            r"(?i)(display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0|color\s*:\s*(white|transparent|#fff(fff)?\b)|<(span|div|p)[^>]*\shidden)"
        );
        for line in lines.iter().filter(|line| line.part == Part::Prose) {
            if style.is_match(line.text) {
                self.add(Topic::HiddenText, Certainty::Guessed, file, line.number, line.text.trim());
            }
        }
    }

    fn hosts(&mut self, file: &str, line: &Line) {
        for found in pattern!(r"(?i)\b(?:https?|wss?|ftp)://([a-z0-9.-]+)").captures_iter(line.text) {
            let host = found[1].trim_end_matches('.').to_lowercase();
            let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "0.0.0.0") || host.contains("example.");
            if !is_here && host.contains('.') {
                let certainty = if line.part == Part::Code { Certainty::Certain } else { Certainty::Guessed };
                self.add(Topic::Host, certainty, file, line.number, &host);
            }
        }
    }

    /// The programs of a shell line: the first word of each command.
    fn programs(&mut self, file: &str, line: &Line) {
        const NO_PROGRAM: [&str; 30] = [
            "if", "then", "else", "elif", "fi", "for", "while", "do", "done", "case", "esac", "function", "return",
            "echo", "export", "local", "set", "cd", "exit", "true", "false", "test", "printf", "read", "shift", "in",
            "const", "let", "var", "import",
        ];
        if !is_shell(file) && !file.ends_with(".md") {
            return;
        }
        for command in line.text.trim().trim_start_matches("$ ").split(['|', ';', '&']) {
            let mut words = command
                .split_whitespace()
                .skip_while(|word| word.contains('=') || matches!(*word, "sudo" | "env" | "exec" | "!"));
            let Some(word) = words.next() else {
                continue;
            };
            let is_program = pattern!(r"^[a-z][a-z0-9_-]{1,30}$").is_match(word) && !NO_PROGRAM.contains(&word);
            let has_arguments = words.next().is_some_and(|next| !matches!(next, "=" | ":" | "=>" | "->" | "is"));
            if is_program && has_arguments {
                self.add(Topic::Program, Certainty::Certain, file, line.number, word);
            }
        }
    }

    fn act(&mut self, file: &str, line: &Line) {
        if line.part != Part::Code {
            return;
        }
        let text = line.text;
        let acts = [
            (Act::Downloads, pattern!(r"(?i)\b(urlopen|urlretrieve|requests\.get|httpx\.get|net::http|open-uri|uri\.open|downloadstring|downloadfile|invoke-webrequest|file_get_contents\s*\(\s*['\x22]http|https?\.get\s*\(|fetch\s*\(|axios|reqwest|ureq|curl\s|wget\s)").is_match(text)),
            (Act::Sends, pattern!(r"(?i)\b(requests\.(post|put|request)|httpx\.(post|put)|\.post\s*\(|method\W+(post|put)|sendbeacon|\.sendall?\s*\(|urlopen\s*\([^)]*data|uploadstring|net::http\.post|post_form|socket\.\w*send|curl\s[^\n]*(-d|-F|-T|--data|--upload|-X\s*(POST|PUT))|wget\s[^\n]*--post|nc\s+\S+\s+\d+|scp\s|invoke-restmethod|smtplib|sendmail|dns\.resolve|createconnection|websocket)").is_match(text)),
            (Act::Evaluates, pattern!(r"(?i)(^|[^.\w])(eval|exec|compile)\s*\(|new\s+Function\s*\(|vm\.run|runpy|importlib|\biex\b|invoke-expression|instance_eval|\bload\s*\(|Script\s*\(").is_match(text)),
            (Act::Decodes, pattern!(r"(?i)(b(16|32|64|85)decode|a85decode|\batob\b|from(\s*\([^)]*,)?\s*['\x22](base64|hex)|decode64|unhexlify|fromhex|zlib\.decompress|fromcharcode|base64\s+(-d|-D|--decode)|frombase64|str_rot13|hex2bin|\bxor\b|\^\s*(0x[0-9a-f]+|key|k\[)|codecs\.decode|unpack\s*\(?\s*['\x22][mHu]|decrypt)").is_match(text)),
            (Act::Spawns, pattern!(r"(?i)(os\.system|subprocess|popen|child_process|execsync|spawn(sync)?\s*\(|\bexec(file)?\s*\(|shell_exec|proc_open|passthru|\bsystem\s*\(|command::new|start-process|runtime\.getruntime|os/exec|/bin/(ba)?sh|cmd\.exe)").is_match(text)),
            (Act::Socket, pattern!(r"(?i)(socket\.socket|socket\.create_connection|net\.(connect|createconnection|socket)|tcpsocket|tcpstream::connect|tcpclient|fsockopen|io::socket|net\.dial)").is_match(text)),
            (Act::Marks, pattern!(r"(?i)(chmod\s+(\S*\+\S*x|[0-7]*[1357][0-7]*)\s|os\.chmod\s*\(|chmodsync\s*\(|set_mode\s*\(|s_ixusr|\.chmod\s*\(0o?7)").is_match(text)),
        ];
        for (act, _) in acts.into_iter().filter(|(_, is)| *is) {
            self.traces.push(Trace { act, file: file.to_owned(), line: line.number, shown: clipped(text.trim()) });
        }
    }

    /// Ends: what several places mean together, then the signs in order.
    pub(super) fn end(mut self) -> Vec<Sign> {
        for (topic, first, second) in [
            (Topic::ShellFromNetwork, Act::Downloads, Act::Evaluates),
            (Topic::ShellFromNetwork, Act::Downloads, Act::Marks),
            (Topic::EncodedCode, Act::Decodes, Act::Evaluates),
            (Topic::EncodedCode, Act::Decodes, Act::Spawns),
            (Topic::ReverseShell, Act::Socket, Act::Spawns),
            (Topic::ReverseShell, Act::Socket, Act::Evaluates),
        ] {
            self.together(topic, first, second);
        }
        let secret =
            self.found.iter().find(|sign| sign.topic == Topic::Credentials && sign.certainty == Certainty::Certain);
        if let Some(secret) = secret.cloned()
            && let Some(sent) = self.traces.iter().find(|trace| trace.act == Act::Sends)
        {
            let (file, line) = (sent.file.clone(), sent.line);
            let shown = format!("{} (after {}:{}: {})", sent.shown, secret.file, secret.line, secret.shown);
            self.add(Topic::SendsOut, Certainty::Guessed, &file, line, &shown);
        }
        let mut counts: BTreeMap<Topic, usize> = BTreeMap::new();
        self.found.sort_by_key(|sign| (sign.topic, sign.certainty));
        self.found.retain(|sign| {
            let count = counts.entry(sign.topic).or_default();
            *count += 1;
            *count <= MOST_OF_A_TOPIC
        });
        self.found
    }

    fn together(&mut self, topic: Topic, first: Act, second: Act) {
        let one = self.traces.iter().filter(|trace| trace.act == first);
        let found = one.flat_map(|one| {
            let other = self.traces.iter().find(|other| other.act == second && other.file == one.file)?;
            Some((one.file.clone(), other.line, format!("{} (with line {}: {})", other.shown, one.line, one.shown)))
        });
        if let Some((file, line, shown)) = found.take(1).next() {
            self.add(topic, Certainty::Guessed, &file, line, &shown);
        }
    }
}

fn set() -> &'static RegexSet {
    static SET: OnceLock<RegexSet> = OnceLock::new();
    SET.get_or_init(|| {
        let patterns = RULES.iter().map(|rule| rule.pattern);
        let built = RegexSetBuilder::new(patterns)
            .unicode(false)
            .case_insensitive(true)
            .size_limit(1 << 27)
            .dfa_size_limit(1 << 26)
            .build();
        built.unwrap_or_else(|error| panic!("{error}"))
    })
}

fn compiled(at: usize) -> &'static Regex {
    static RULE: [OnceLock<Regex>; RULES.len()] = [const { OnceLock::new() }; RULES.len()];
    RULE[at].get_or_init(|| {
        let built =
            RegexBuilder::new(RULES[at].pattern).unicode(false).case_insensitive(true).size_limit(1 << 24).build();
        built.unwrap_or_else(|error| panic!("{}: {error}", RULES[at].pattern))
    })
}

/// Whether what stands before a match forbids it or says to look out for it.
fn is_spoken_of(before: &str) -> bool {
    let sentence = before.rsplit(['.', '!', '?', '\n']).next().unwrap_or_default();
    let sentence: String = sentence.chars().rev().take(100).collect::<Vec<_>>().into_iter().rev().collect();
    let forbids = pattern!(
        r"(?i)\b(never|do not|does not|doesn'?t|don'?t|avoid|must not|should not|shouldn'?t|refuse to|instead of|rather than|look out for|look for|detects?|flags?|scans? for|search(es)? for|rejects?|blocks?|report any|warns? (about|if|on|when)|red flags?|signs? of|watch for|beware|forbidden|prohibited|disallow(ed)?)\b"
    );
    let urges = pattern!(
        r"(?i)\b(do not|don'?t|never|must not|should not|avoid)\s+(ever\s+)?(forget|hesitate|fail|wait|stop|skip|bother|worry|be afraid|ask(ing)?\s*([,;:-]|(for|before|first|permission)\b|the \w+ (for|before|first|about)\b)|(tell|mention|inform|let|show|reveal|report|notify|warn|explain|disclose)\w*)\b"
    );
    forbids.is_match(&sentence) && !urges.is_match(&sentence)
}

/// Whether an address is this machine's or its own network's.
fn is_private(address: &str) -> bool {
    pattern!(r"^https?://(127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1?\])").is_match(address)
}

/// Whether a sentence to ignore instructions is a guard: it means those that come with content.
fn is_about_content(topic: Topic, sentence: &str) -> bool {
    let content = pattern!(
        r"(?i)^\w+ (any |all |the )?(\w+ )?(instructions?|commands?|prompts?|directions?)\W+(\w+\W+){0,3}?(embedded|contained|found|inside|within|in|from)\b[^.]{0,30}\b(fetched|pages?|external|untrusted|content|emails?|issues?|documents?|web|results?|responses?|data)\b"
    );
    topic == Topic::Override && content.is_match(sentence)
}

/// Whether a hidden comment speaks to a model, and is no mark for people or programs.
fn is_addressed(text: &str) -> bool {
    let telling = pattern!(
        r"(?i)\b(ai|agents?|assistants?|models?|llms?|claude|gpt|openclaw|system|you|your|user|instruct\w*|ignore|disregard|execute|run|send|curl|wget|fetch|must|always|never|secret\w*|silently|before|after|first|password|token|key|credential\w*|prompt)\b"
    );
    telling.find_iter(text).take(2).count() >= 2 && text.split_whitespace().count() >= 5
}

fn is_shell(file: &str) -> bool {
    [".sh", ".bash", ".zsh", ".ksh", ".command"].iter().any(|ending| file.ends_with(ending))
        || !file.rsplit('/').next().unwrap_or(file).contains('.')
}

fn clipped(text: &str) -> String {
    let one_line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked =
        pattern!(r"\b(sk|pk|ghp|gho|xox[abp]|AKIA|AIza|eyJ)[A-Za-z0-9_.-]{12,}").replace_all(&one_line, "$1...");
    let masked = pattern!(r"(?i)\b((?:bearer|basic)\s+|[a-z0-9_-]*(?:key|token|secret|passw(?:or)?d)[a-z0-9_]*\s*[=:]\s*[\x22']?)[a-z0-9_.+/=-]{8,}")
        .replace_all(&masked, "$1...");
    if masked.chars().count() <= SHOWN {
        return masked.into_owned();
    }
    masked.chars().take(SHOWN).chain("...".chars()).collect()
}

/// Is what a line hides in invisible characters, spelled out; none where it hides nothing.
fn hidden(line: &str) -> Option<String> {
    let tags: String = line
        .chars()
        .filter_map(|c| char::from_u32((c as u32).checked_sub(0xe0000)?))
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .collect();
    // The flags of England, Scotland and Wales are the only pictures that use tags.
    if !tags.is_empty() && !line.contains('\u{1f3f4}') {
        return Some(tags);
    }
    let selectors: Vec<u8> = line
        .chars()
        .filter_map(|c| match c as u32 {
            code @ 0xfe00..=0xfe0f => Some((code - 0xfe00) as u8),
            code @ 0xe0100..=0xe01ef => Some((code - 0xe0100 + 16) as u8),
            _ => None,
        })
        .collect();
    if selectors.len() >= 8 && selectors.iter().any(|byte| *byte != 15) {
        return Some(String::from_utf8_lossy(&selectors).into_owned());
    }
    let mut before = ' ';
    for c in line.chars() {
        let joins = c == '\u{200d}' && !before.is_ascii() || c == '\u{200c}' && !before.is_ascii();
        let is_mark = matches!(c, '\u{200e}' | '\u{200f}') && !before.is_ascii();
        if is_invisible(c) && !joins && !is_mark {
            return Some(escaped(line));
        }
        before = c;
    }
    None
}

fn escaped(text: &str) -> String {
    let spell = |c: char| {
        if c.is_ascii() || !is_invisible(c) && plain_letter(c) == c {
            c.to_string()
        } else {
            format!("\\u{{{:x}}}", c as u32)
        }
    };
    text.chars().map(spell).collect()
}

/// Whether a word mixes Latin letters with others that look the same.
fn is_mixed(word: &str) -> bool {
    let (latin, alike, other) = letters(word);
    latin >= 2 && alike >= 1 && other == 0
}

/// Whether a name is written with letters that only look Latin, wholly or in part.
pub(super) fn is_disguised(name: &str) -> bool {
    let (_, alike, other) = letters(name);
    is_mixed(name) || alike >= 3 && other == 0
}

/// Counts the Latin letters of a word, those that look so, and all others.
fn letters(word: &str) -> (usize, usize, usize) {
    let looks_latin = |c: char| !c.is_ascii() && plain_letter(c).is_ascii_alphabetic();
    word.chars().filter(|c| c.is_alphabetic()).fold((0, 0, 0), |(latin, alike, other), c| match c {
        c if c.is_ascii() => (latin + 1, alike, other),
        c if looks_latin(c) => (latin, alike + 1, other),
        _ => (latin, alike, other + 1),
    })
}
