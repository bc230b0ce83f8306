//! Why a text does not parse, as far as it can be guessed, and the change that would mend it.

use super::lines::Lines;
use super::{Document, ParseError, Position};
use crate::text::{Said, Text};

/// What can be said of a text that does not parse, beside where and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The line of the fault, without its end.
    pub line: String,
    /// What probably happened.
    pub cause: Option<Text>,
    /// What makes the text parse.
    pub cure: Option<Cure>,
}

/// A change after which a text parses. Nothing is lost by it but what no parser takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cure {
    /// What is changed where, and that the text can be read then.
    pub what: Said,
    /// The whole text, changed.
    pub text: String,
}

const CONFLICT: Text = Text {
    en: "A merge left its marks: keep one of the two sides and delete the lines with <<<<<<<, ======= and >>>>>>>.",
    ja: "マージの競合が残っています。どちらか一方を残し、<<<<<<<、=======、>>>>>>> の行を削除してください。",
};
const QUOTES: Text = Text {
    en: "These are typographic quotes, as word processors set them: write plain \" instead.",
    ja: "ワープロなどの引用符が使われています。半角の \" に直してください。",
};
const WIDE: Text = Text {
    en: "This is a full-width sign, as input methods write it: write the plain one instead.",
    ja: "全角の記号が使われています。半角に直してください。",
};
const PYTHON: Text = Text {
    en: "This is how another language writes it: JSON knows true, false and null.",
    ja: "別の言語の書き方です。JSON では true、false、null と書きます。",
};
const HASH: Text = Text {
    en: "A comment begins with // here, not with #.",
    ja: "コメントは # ではなく // で始めます。",
};
const SIGN: Text = Text {
    en: "Between a key and its value stands a colon, between two entries a comma.",
    ja: "キーと値の間にはコロン、項目の間にはカンマを書きます。",
};
const FENCE: Text = Text {
    en: "The lines with ``` come from a chat or a web page and do not belong to the file.",
    ja: "``` の行はチャットや Web ページから混ざったもので、ファイルには不要です。",
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
const COLON: Text = Text { en: "A colon is missing here.", ja: "ここにコロンが必要です。" };
const COMMENT: Text = Text {
    en: "A comment was opened with /* and not closed.",
    ja: "/* で始まったコメントが閉じられていません。",
};
const BRACKET: Text = Text {
    en: "The file ends too early: a bracket is not closed.",
    ja: "括弧が閉じられないまま、ファイルが終わっています。",
};
const TWO: Text = Text {
    en: "The file holds two configs one after the other: keep the one that is meant.",
    ja: "設定が2つ続けて書かれています。必要な方だけを残してください。",
};
const TAIL: Text = Text {
    en: "Something stands behind the end of the config: one bracket too many, or a rest of something else.",
    ja: "設定の終わりより後ろに何かがあります。余分な括弧か、ほかの内容の残りです。",
};

/// Texts above this size are not tried again with changes.
const LARGEST: usize = 1 << 20;
/// How many slips of one kind are mended together.
const MOST_SLIPS: usize = 200;

impl Diagnosis {
    /// Looks at a text that did not parse.
    pub fn of(bytes: &[u8], error: &ParseError) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let start: usize = text.split_inclusive('\n').take(error.at.line.saturating_sub(1)).map(str::len).sum();
        let line = text[start..].lines().next().unwrap_or_default().trim_end_matches('\r').to_owned();
        let at = offset(&text, error.at);
        let is_mark = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
        let is_tried = text.len() <= LARGEST && std::str::from_utf8(bytes).is_ok();
        let (cause, cure) = if text.lines().any(is_mark) {
            (Some(CONFLICT), None)
        } else if let Some((cause, cure)) =
            is_tried.then(|| slips(&text, at).or_else(|| gap(&text, start, &line, at))).flatten()
        {
            (Some(cause), Some(cure))
        } else {
            let rest = text[at..].trim_start();
            let cause = match slip(rest) {
                Some(slip) => Some(slip.cause),
                None if Document::parse(text[..at].as_bytes()).is_ok() => {
                    Some(if Document::parse(rest.as_bytes()).is_ok() { TWO } else { TAIL })
                }
                None if is_hole(&text[..at], rest) => Some(TEMPLATE),
                None => None,
            };
            (cause, None)
        };
        Diagnosis { line, cause, cure }
    }
}

fn offset(text: &str, at: Position) -> usize {
    let start: usize = text.split_inclusive('\n').take(at.line.saturating_sub(1)).map(str::len).sum();
    start + text[start..].chars().take(at.column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}

/// Whether a placeholder stands where a value belongs, as in `${PORT}`, `{{PORT}}`, `<PORT>` or YOUR_PORT.
fn is_hole(before: &str, rest: &str) -> bool {
    let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
    let shouted = word.contains('_') && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    shouted || rest.starts_with(['$', '<', '%', '{']) || before.ends_with("{{")
}

/// Something that no JSON has and that can be meant in one way only.
struct Slip {
    cause: Text,
    old: String,
    new: String,
}

fn slip(rest: &str) -> Option<Slip> {
    let is = |cause: Text, old: &str, new: &str| Some(Slip { cause, old: old.to_owned(), new: new.to_owned() });
    for (old, new) in [("True", "true"), ("False", "false"), ("None", "null"), ("nil", "null"), ("undefined", "null")] {
        let is_word = |tail: &str| !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if rest.strip_prefix(old).is_some_and(is_word) {
            return is(PYTHON, old, new);
        }
    }
    if let Some(name) = rest.strip_prefix("${").and_then(|rest| rest.split_once('}')).map(|(name, _)| name)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        let hole = format!("${{{name}}}");
        return is(TEMPLATE, &hole, &format!("\"{hole}\""));
    }
    let sign = rest.chars().next()?;
    let plain = match sign {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => return is(QUOTES, &sign.to_string(), "\""),
        '\u{2018}' | '\u{2019}' => return is(QUOTES, &sign.to_string(), "'"),
        '#' => return is(HASH, "#", "//"),
        '=' => return is(SIGN, if rest.starts_with("=>") { "=>" } else { "=" }, ":"),
        ';' => return is(SIGN, ";", ","),
        '\u{ff1a}' => ":",
        '\u{ff0c}' | '\u{3001}' => ",",
        '\u{ff02}' => "\"",
        '\u{ff5b}' => "{",
        '\u{ff5d}' => "}",
        '\u{ff3b}' => "[",
        '\u{ff3d}' => "]",
        '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' => "",
        _ => return None,
    };
    is(WIDE, &sign.to_string(), plain)
}

/// Is what mends every slip of a text, where that is all that is wrong with it.
fn slips(text: &str, at: usize) -> Option<(Text, Cure)> {
    const FENCED: Text = Text {
        en: "Without the lines that begin with ``` it can be read.",
        ja: "``` で始まる行を除けば読み取れます。",
    };
    const REPLACED: Text = Text {
        en: "With {new} in place of {old} at {line}:{column} it can be read.",
        ja: "{line}:{column} の {old} を {new} にすると読み取れます。",
    };
    const ALL: Text = Text {
        en: "With {new} in place of {old} at {line}:{column}, and {n} more {n|place|places} changed like it, it can be read.",
        ja: "{line}:{column} の {old} を {new} にし、同様のほか{n}か所も直すと読み取れます。",
    };
    if text.lines().any(|line| line.trim_start().starts_with("```")) {
        let kept = text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("```")).collect::<String>();
        return Document::parse(kept.as_bytes()).is_ok().then(|| (FENCE, Cure { what: FENCED.into(), text: kept }));
    }
    let mut first = None;
    let mut mended = text.to_owned();
    let mut at = at;
    for n in 0..MOST_SLIPS {
        at += mended[at..].len() - mended[at..].trim_start().len();
        let slip = slip(&mended[at..])?;
        let place = Lines::of(&mended).position(&mended, at);
        mended.replace_range(at..at + slip.old.len(), &slip.new);
        // A typographic quote has its other half on the same line.
        if slip.cause == QUOTES {
            let end = mended[at..].find('\n').map_or(mended.len(), |n| at + n);
            let is_quote = |c: char| self::slip(&c.to_string()).is_some_and(|other| other.cause == QUOTES);
            let line = mended[at..end].replace(is_quote, &slip.new);
            mended.replace_range(at..end, &line);
        }
        let (slip, place) = first.get_or_insert((slip, place));
        match Document::parse(mended.as_bytes()) {
            Ok(_) => {
                let what = if n == 0 { REPLACED.into() } else { ALL.with("n", n) };
                let what = what.with("line", place.line).with("column", place.column);
                return Some((
                    slip.cause,
                    Cure { what: what.with("old", &slip.old).with("new", &slip.new), text: mended },
                ));
            }
            Err(error) => at = offset(&mended, error.at),
        }
    }
    None
}

/// Is the first of a few likely insertions that makes a text parse.
fn gap(text: &str, start: usize, line: &str, at: usize) -> Option<(Text, Cure)> {
    const INSERTED: Text = Text {
        en: "With {what} inserted at {line}:{column} it can be read.",
        ja: "{line}:{column} に {what} を入れると読み取れます。",
    };
    const CUT: Text = Text {
        en: "Without what stands from {line}:{column} on it can be read: {what}",
        ja: "{line}:{column} 以降の {what} を除けば読み取れます。",
    };
    let end = start + line.len();
    let before = text[..at].trim_end().len();
    let bare = start + text[start..end].trim_end().trim_end_matches(',').len();
    let last = text.trim_end().len();
    let place = |at: usize, said: Text| {
        let place = Lines::of(text).position(text, at);
        said.with("line", place.line).with("column", place.column)
    };
    let tries = [
        (before, ",", COMMA),
        (before, ":", COLON),
        (bare, "\"", UNCLOSED),
        (end, "\"", UNCLOSED),
        (last, "*/", COMMENT),
        (last, "}", BRACKET),
        (last, "]", BRACKET),
        (last, "}}", BRACKET),
        (last, "]}", BRACKET),
        (last, "}}}", BRACKET),
        (last, "]}}", BRACKET),
        (last, "}]}", BRACKET),
    ];
    let inserted = tries.into_iter().find_map(|(at, what, cause)| {
        let mended = format!("{}{what}{}", &text[..at], &text[at..]);
        Document::parse(mended.as_bytes()).ok()?;
        Some((cause, Cure { what: place(at, INSERTED).with("what", what), text: mended }))
    });
    inserted.or_else(|| {
        // Only signs may go: nobody meant them.
        let tail = text[at..].trim();
        let mended = format!("{}{}", &text[..at].trim_end(), "\n");
        (tail.chars().all(|c| "}]),;".contains(c)) && Document::parse(mended.as_bytes()).is_ok())
            .then(|| (TAIL, Cure { what: place(at, CUT).with("what", tail), text: mended }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn of(text: &str) -> Diagnosis {
        let error = Document::parse(text.as_bytes()).expect_err("a fault");
        Diagnosis::of(text.as_bytes(), &error)
    }

    #[test]
    fn the_one_insertion_that_mends_is_found() {
        for (text, cause, mended) in [
            ("{\n  \"a\": 1\n  \"b\": 2\n}\n", COMMA, "{\n  \"a\": 1,\n  \"b\": 2\n}\n"),
            ("{\n  \"a\": \"x,\n  \"b\": 2\n}\n", UNCLOSED, "{\n  \"a\": \"x\",\n  \"b\": 2\n}\n"),
            ("{\"a\": {\"b\": 1}\n", BRACKET, "{\"a\": {\"b\": 1}}\n"),
            ("{\"a\": [1, 2\n", BRACKET, "{\"a\": [1, 2]}\n"),
            ("{\"a\" 1}", COLON, "{\"a\": 1}"),
            ("{\"a\": 1} /* end", COMMENT, "{\"a\": 1} /* end*/"),
        ] {
            let diagnosis = of(text);
            assert_eq!(diagnosis.cause, Some(cause), "{text}");
            let cure = diagnosis.cure.expect("a cure").text;
            assert_eq!(cure.replace(": ", ":"), mended.replace(": ", ":"), "{text}");
        }
        let comma = of("{\n  \"a\": 1\n  \"b\": 2\n}\n").cure.expect("a cure");
        assert_eq!(comma.what.of(Lang::En), "With , inserted at 2:9 it can be read.");
    }

    #[test]
    fn slips_of_one_kind_are_mended_together() {
        for (text, cause, mended) in [
            ("{\u{201c}a\u{201d}: \u{201c}b\u{201d}}", QUOTES, "{\"a\": \"b\"}"),
            ("{\"a\": True, \"b\": None}", PYTHON, "{\"a\": true, \"b\": null}"),
            ("{\"a\"\u{ff1a} 1\u{ff0c} \"b\": 2}", WIDE, "{\"a\": 1, \"b\": 2}"),
            ("{\n# why\n\"a\": 1}", HASH, "{\n// why\n\"a\": 1}"),
            ("{\"a\" = 1; \"b\" => 2}", SIGN, "{\"a\" : 1, \"b\" : 2}"),
            ("```json\n{\"a\": 1}\n```\n", FENCE, "{\"a\": 1}\n"),
            ("{\"port\": ${PORT}}", TEMPLATE, "{\"port\": \"${PORT}\"}"),
            ("{\"a\": 1}}\n", TAIL, "{\"a\": 1}\n"),
        ] {
            let diagnosis = of(text);
            assert_eq!(diagnosis.cause, Some(cause), "{text}");
            assert_eq!(diagnosis.cure.expect("a cure").text, mended, "{text}");
        }
    }

    #[test]
    fn what_only_the_writer_knows_has_a_cause_and_no_cure() {
        for (text, cause) in [
            ("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> x\n}", CONFLICT),
            ("{\"port\": {{PORT}}}", TEMPLATE),
            ("{\"port\": YOUR_PORT}", TEMPLATE),
            ("{\"a\": 1}\n{\"b\": 2}\n", TWO),
            ("{\"a\": 1}\nsome words", TAIL),
        ] {
            let diagnosis = of(text);
            assert_eq!((diagnosis.cause, diagnosis.cure), (Some(cause), None), "{text}");
        }
        assert_eq!(of("{\"a\": 1, \u{201c}b\u{201d}: 2}").line, "{\"a\": 1, \u{201c}b\u{201d}: 2}");
    }
}
