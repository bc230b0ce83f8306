//! Random JSON5 with anything between any two tokens, and random edits.

use super::*;
use proptest::prelude::*;

/// Choices in a row. It shrinks with its bytes; at its end every choice is the first, which is the plainest.
struct Tape<'t> {
    bytes: &'t [u8],
    out: String,
    eol: &'static str,
    comments: usize,
    /// How often something stands between tokens, in 256.
    litter: usize,
}

impl Tape<'_> {
    fn pick(&mut self, of: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        usize::from(*first) % of
    }

    fn one<'o>(&mut self, of: &[&'o str]) -> &'o str {
        of[self.pick(of.len())]
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// What stands between two tokens.
    fn trivia(&mut self) {
        while self.pick(256) + self.litter >= 256 {
            self.comments += 1;
            let (n, eol) = (self.comments, self.eol);
            match self.pick(12) {
                0..=2 => self.put(" "),
                3 => self.put("\t"),
                4 => self.put(eol),
                5 => self.put(&format!("{eol}  ")),
                6 => self.put(&format!("{eol}{eol}    ")),
                7 => self.put(&format!("// c{n}{eol}")),
                8 => self.put(&format!(" // c{n} {eol}{eol}")),
                9 => self.put(&format!("/* c{n} */")),
                10 => self.put(&format!("/* c{n}{eol}   more */ ")),
                _ => {
                    let odd = self.one(&["\u{a0}", "\u{2028}", "\u{feff}", "//\u{2029}", "\u{c}", "/***/", "/*'{[*/"]);
                    self.put(odd);
                }
            }
        }
    }

    fn string(&mut self) {
        let string = self.one(&[
            "'x'",
            "\"y\"",
            "''",
            "\"it's\"",
            "'\\'\\\\'",
            "\"// no\"",
            "'/* no */'",
            "'\\u00e9\\x41'",
            "\"\u{65e5}\u{672c}\u{1f600}\"",
            "'a\\\nb'",
            "\"{[,]}\"",
            "'${VAR}'",
            "'\u{2028}'",
        ]);
        self.put(string);
    }

    fn value(&mut self, depth: usize, indent: &str) {
        match self.pick(if depth == 0 { 8 } else { 20 }) {
            0..=2 => self.string(),
            3 => {
                let number = self.one(&[
                    "1",
                    "0x1F",
                    ".5",
                    "5.",
                    "+2",
                    "-3e2",
                    "1e999",
                    "NaN",
                    "-Infinity",
                    "-0",
                    "12345678901234567890",
                ]);
                self.put(number);
            }
            4..=7 => {
                let word = self.one(&["true", "false", "null", "{}", "[]"]);
                self.put(word);
            }
            8..=15 => self.container(depth, indent, true),
            _ => self.container(depth, indent, false),
        }
    }

    fn container(&mut self, depth: usize, indent: &str, keyed: bool) {
        self.put(if keyed { "{" } else { "[" });
        let inner = format!("{indent}{}", self.one(&["  ", "\t", "", "    "]));
        let (first, between, last) = match self.pick(4) {
            0 => (String::new(), String::new(), String::new()),
            1 => (" ".into(), " ".into(), " ".into()),
            _ => {
                let line = format!("{}{inner}", self.eol);
                (line.clone(), line, format!("{}{indent}", self.eol))
            }
        };
        self.trivia();
        let count = self.pick(5);
        for n in 0..count {
            self.put(if n == 0 { &first } else { &between });
            self.trivia();
            if keyed {
                let key = self.one(&["a", "b", "'c'", "\"d\"", "e", "'f-g'", "$h", "\\u0061", "\u{e9}"]);
                self.put(key);
                self.trivia();
                self.put(":");
                let gap = self.one(&["", " "]);
                self.put(gap);
                self.trivia();
            }
            self.value(depth - 1, &inner);
            self.trivia();
            if n + 1 < count || self.pick(3) == 0 {
                self.put(",");
                self.trivia();
            }
        }
        if count > 0 {
            self.put(&last);
        }
        self.trivia();
        self.put(if keyed { "}" } else { "]" });
    }
}

fn document(bytes: &[u8]) -> String {
    let mut tape = Tape { bytes, out: String::new(), eol: "\n", comments: 0, litter: 0 };
    tape.eol = ["\n", "\r\n", "\r"][tape.pick(3)];
    tape.litter = [20, 0, 60, 120][tape.pick(4)];
    if tape.pick(8) == 1 {
        tape.put("\u{feff}");
    }
    tape.trivia();
    let keyed = tape.pick(6) != 5;
    tape.container(4, "", keyed);
    tape.trivia();
    tape.out
}

/// Is random edits that mostly hit what is there.
fn edits(bytes: &[u8], root: &Value) -> Vec<Edit> {
    let mut value = root.clone();
    let mut edits = Vec::new();
    for choice in bytes.chunks(8) {
        let pick = |n: usize, of: usize| usize::from(choice.get(n).copied().unwrap_or(0)) % of;
        let mut path = Path::root();
        for step in 0..1 + pick(0, 4) {
            path = match path.of(&value) {
                Some(Value::Object(map)) if !map.is_empty() && pick(1 + step, 7) != 6 => {
                    let key = map.keys().nth(pick(2 + step, map.len()));
                    path.key(key.map_or("", String::as_str))
                }
                Some(Value::Array(array)) => path.index(pick(2 + step, array.len() + 1)),
                _ => path.key(["a", "n", "new-key", "o"][pick(1 + step, 4)]),
            };
        }
        let edit = match pick(6, 12) {
            0..=3 => Edit::remove(path),
            4 => Edit::set(path, "it's \u{2028}\n"),
            5 => Edit::set(path, json!([1, "x", {"q": []}])),
            6 => Edit::set(path, json!({"a": 1, "n": {"m": ["z"]}})),
            7 => Edit::set(path, json!({})),
            8 => {
                // The same array in another order, or with less in it.
                let mut array = path.of(&value).and_then(Value::as_array).cloned().unwrap_or_default();
                array.retain(|_| pick(7, 3) != 1 || array_keeps(pick(7, 251)));
                array.reverse();
                array.push(json!(pick(7, 5)));
                Edit::set(path, array)
            }
            9 => Edit::set(path, path_value(&value, pick(7, 16))),
            10 => Edit::set(path, 1.5),
            _ => Edit::set(path, pick(7, 3) as i64),
        };
        edit.apply(&mut value);
        edits.push(edit);
    }
    edits
}

fn array_keeps(n: usize) -> bool {
    n.is_multiple_of(2)
}

/// Is some value that already stands in the document.
fn path_value(root: &Value, n: usize) -> Value {
    let mut value = root;
    for _ in 0..n % 3 {
        value = match value {
            Value::Object(map) if !map.is_empty() => map.values().nth(n % map.len()).unwrap_or(value),
            Value::Array(array) if !array.is_empty() => &array[n % array.len()],
            _ => value,
        };
    }
    value.clone()
}

fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked { ProptestConfig::default().cases } else { 300 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_document_is_its_bytes(tape in prop::collection::vec(any::<u8>(), 0..400)) {
        let before = document(&tape);
        let doc = doc(&before);
        prop_assert_eq!(text(&doc), &before);
        let same = doc.edit(&[]).unwrap();
        prop_assert_eq!(text(&same), &before);
        if let Ok(value) = json5::from_str::<Value>(&before) {
            prop_assert!(edit::same(&value, doc.value()), "{} {}", value, doc.value());
        }
    }

    #[test]
    fn edits_keep_their_promises(
        tape in prop::collection::vec(any::<u8>(), 0..300),
        choices in prop::collection::vec(any::<u8>(), 1..24),
    ) {
        let before = doc(&document(&tape));
        promise(&before, &edits(&choices, before.value()));
    }

    #[test]
    fn any_bytes_are_read_or_refused(text in "[\\[\\]{}:,'\"/*\\\\a0x.+ \n\r\u{65e5}-]{0,40}") {
        let ours = Document::parse(text.as_bytes());
        if let Ok(value) = json5::from_str::<Value>(&text) {
            prop_assert!(ours.is_ok_and(|doc| edit::same(doc.value(), &value)));
        } else {
            prop_assert!(ours.is_err(), "{:?}", text);
        }
    }
}
