//! Why a text does not parse, as far as it can be guessed, and the one insertion that would mend it.

use super::lines::Lines;
use super::{Document, ParseError, Position};
use crate::text::Text;

/// What can be said of a text that does not parse, beside where and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The line of the fault, without its end.
    pub line: String,
    /// What probably happened.
    pub cause: Option<Text>,
    /// What can be inserted where, so that the text parses.
    pub insertion: Option<(Position, &'static str)>,
}

const CONFLICT: Text = Text {
    en: "A merge left its marks: keep one of the two sides and delete the lines with <<<<<<<, ======= and >>>>>>>.",
    ja: "マージの競合が残っています。どちらか一方を残し、<<<<<<<、=======、>>>>>>> の行を削除してください。",
};
const QUOTES: Text = Text {
    en: "These are typographic quotes, as word processors set them: write plain \" instead.",
    ja: "ワープロなどの引用符が使われています。半角の \" に直してください。",
};
const TEMPLATE: Text = Text {
    en: "This is a template with holes: fill it in first, or put \" around the placeholder.",
    ja: "値が埋められていないテンプレートです。先に値を入れるか、プレースホルダーを \" で囲んでください。",
};
const UNCLOSED: Text = Text {
    en: "A text was opened with a quote and not closed on this line.",
    ja: "この行で始まった文字列が閉じられていません。",
};
const COMMA: Text = Text { en: "A comma is missing here.", ja: "ここにカンマが必要です。" };
const BRACKET: Text = Text {
    en: "The file ends too early: a bracket is not closed.",
    ja: "括弧が閉じられないまま、ファイルが終わっています。",
};

/// Texts above this size are not tried again with insertions.
const LARGEST: usize = 1 << 20;

impl Diagnosis {
    /// Looks at a text that did not parse.
    pub fn of(bytes: &[u8], error: &ParseError) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let start: usize = text.split_inclusive('\n').take(error.at.line.saturating_sub(1)).map(str::len).sum();
        let line = text[start..].lines().next().unwrap_or_default().trim_end_matches('\r');
        let at = start + line.chars().take(error.at.column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
        let insertion = if text.len() <= LARGEST { insertion(&text, start, start + line.len(), at) } else { None };
        let rest = text[at..].trim_start();
        let is_mark = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
        let cause = if text.lines().any(is_mark) {
            Some(CONFLICT)
        } else if rest.starts_with(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{201e}', '\u{ab}', '\u{bb}']) {
            Some(QUOTES)
        } else if is_hole(&text[..at], rest) {
            Some(TEMPLATE)
        } else {
            match insertion {
                Some((_, ",")) => Some(COMMA),
                Some((_, "\"")) => Some(UNCLOSED),
                Some(_) => Some(BRACKET),
                None => None,
            }
        };
        Diagnosis { line: line.to_owned(), cause, insertion }
    }
}

/// Whether a placeholder stands where a value belongs, as in `${PORT}`, `{{PORT}}`, `<PORT>` or YOUR_PORT.
fn is_hole(before: &str, rest: &str) -> bool {
    let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
    let shouted = word.contains('_') && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    shouted || rest.starts_with(['$', '<', '%', '{']) || before.ends_with("{{")
}

/// Is the first of a few likely insertions that makes a text parse.
fn insertion(text: &str, start: usize, end: usize, at: usize) -> Option<(Position, &'static str)> {
    let before = text[..at].trim_end().len();
    let bare = start + text[start..end].trim_end().trim_end_matches(',').len();
    let last = text.trim_end().len();
    let tries = [(before, ","), (bare, "\""), (end, "\""), (last, "}"), (last, "]"), (last, "}}"), (last, "]}")];
    tries.into_iter().find_map(|(place, what)| {
        let mended = format!("{}{what}{}", &text[..place], &text[place..]);
        Document::parse(mended.as_bytes()).ok()?;
        Some((Lines::of(text).position(text, place), what))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Diagnosis {
        let error = Document::parse(text.as_bytes()).expect_err("a fault");
        Diagnosis::of(text.as_bytes(), &error)
    }

    #[test]
    fn the_one_insertion_that_mends_is_found() {
        for (text, line, column, what) in [
            ("{\n  \"a\": 1\n  \"b\": 2\n}\n", 2, 9, ","),
            ("{\n  \"a\": \"x,\n  \"b\": 2\n}\n", 2, 10, "\""),
            ("{\"a\": {\"b\": 1}\n", 1, 15, "}"),
            ("{\"a\": [1, 2\n", 1, 12, "]}"),
        ] {
            let diagnosis = of(text);
            assert_eq!(diagnosis.insertion, Some((Position { line, column }, what)), "{text}");
            assert!(diagnosis.cause.is_some(), "{text}");
        }
    }

    #[test]
    fn the_likely_cause_is_named() {
        for (text, cause) in [
            ("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> x\n}", CONFLICT),
            ("{\u{201c}a\u{201d}: 1}", QUOTES),
            ("{\"port\": ${PORT}}", TEMPLATE),
            ("{\"port\": {{PORT}}}", TEMPLATE),
            ("{\"port\": YOUR_PORT}", TEMPLATE),
        ] {
            assert_eq!(of(text).cause, Some(cause), "{text}");
        }
        assert_eq!(of("{\"a\": 1, \u{201c}b\u{201d}: 2}").line, "{\"a\": 1, \u{201c}b\u{201d}: 2}");
    }
}
