//! A file of variables, read as the `dotenv` package reads it for OpenClaw 2026.9.6, and written so that it reads back.

use std::collections::BTreeMap;

type Env = BTreeMap<String, String>;

/// Is every variable of the text whose name a shell could bear. Of two with one name the last counts.
///
/// Quotes of three kinds, text over several lines inside them, `export`, `NAME: value`, and comments are understood;
/// `\n` and `\r` are expanded in double quotes only. What is no assignment is passed over.
pub fn parse(text: &str) -> Env {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut vars = Env::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        rest = match assignment(rest) {
            Some((name, value, after)) => {
                if is_portable(name) {
                    vars.insert(name.to_owned(), value);
                }
                after
            }
            None => rest.split_once('\n').map_or("", |(_, after)| after),
        };
    }
    vars
}

/// Is the text with one more variable at its end, in the plainest quotes in which it reads back as it is and leaves the others as they
/// are; none where there are none such: a value with a carriage return and three kinds of quotes, or a text that ends within quotes.
pub fn with(text: &str, name: &str, value: &str) -> Option<String> {
    let mut wanted = parse(text);
    wanted.insert(name.to_owned(), value.to_owned());
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let is_word =
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/+@%,".contains(&byte));
    let expanded = value.replace('\n', "\\n").replace('\r', "\\r");
    let quoted = [("'", value), ("`", value), ("\"", value), ("\"", expanded.as_str()), ("", value)];
    let plain = is_word.then_some(("", value));
    plain
        .into_iter()
        .chain(quoted)
        .map(|(quote, value)| format!("{text}{gap}{name}={quote}{value}{quote}\n"))
        .find(|candidate| parse(candidate) == wanted)
}

fn is_portable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Is the assignment that the text begins with, and what follows its value.
fn assignment(text: &str) -> Option<(&str, String, &str)> {
    let text = text.trim_start();
    let exported =
        text.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim_start);
    let (name, after) = name(exported.unwrap_or(text)).or_else(|| name(text))?;
    let separated = match after.trim_start().strip_prefix('=') {
        Some(value) => value,
        // The blank that a colon needs can be the end of the line; the value is then on the next one.
        None => after.strip_prefix(':')?.strip_prefix(char::is_whitespace)?,
    };
    if let Some((value, after)) = quoted(separated.trim_start()) {
        return Some((name, value, after));
    }
    let end = separated.find(['#', '\n']).unwrap_or(separated.len());
    let (value, after) = separated.split_at(end);
    let after = after.split_once('\n').map_or("", |(_, after)| after);
    Some((name, unquoted(value.trim()), after))
}

fn name(text: &str) -> Option<(&str, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Is the value in quotes that the text begins with, where only a comment follows it on its line.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| "'\"`".contains(*c))?;
    let body = &text[1..];
    let mut closings = Vec::new();
    for (at, _) in body.match_indices(quote) {
        closings.push(at);
        if !body[..at].ends_with('\\') {
            break;
        }
    }
    // The farthest closing that leaves a clean line wins: an escaped quote does not end the value if a later one can.
    closings.into_iter().rev().find_map(|at| {
        let after = body[at + 1..].trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
        let is_clean = after.is_empty() || after.starts_with(['\n', '#']);
        let after = after.split_once('\n').map_or("", |(_, after)| after);
        is_clean.then(|| (expanded(&body[..at], quote == '"'), after))
    })
}

fn unquoted(value: &str) -> String {
    let quote = value.chars().next().filter(|c| "'\"`".contains(*c));
    let inner = quote.and_then(|quote| value[1..].strip_suffix(quote));
    expanded(inner.unwrap_or(value), quote == Some('"'))
}

fn expanded(value: &str, is_double: bool) -> String {
    if is_double { value.replace("\\n", "\n").replace("\\r", "\r") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: &[(&str, &str)]) {
        let expected: Env = expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(parse(text), expected, "{text:?}");
    }

    #[test]
    fn plain_values_end_at_a_comment_or_the_line() {
        case("A=1\nB = two words \r\nC=x#y\rD=\n", &[("A", "1"), ("B", "two words"), ("C", "x"), ("D", "")]);
        case("# A=1\n  export B=2\nC: 3\nD:4\n", &[("B", "2"), ("C", "3")]);
        case("\u{feff}A=1", &[("A", "1")]);
    }

    #[test]
    fn quotes_keep_marks_and_lines_and_only_double_ones_expand() {
        case(r#"A="x#y" # note"#, &[("A", "x#y")]);
        case("A='x\ny'\nB=`it's`", &[("A", "x\ny"), ("B", "it's")]);
        case(r#"A="x\ny\r" "#, &[("A", "x\ny\r")]);
        case(r"A='x\ny'", &[("A", r"x\ny")]);
        case(r#"A="say \"hi\"""#, &[("A", r#"say \"hi\""#)]);
    }

    #[test]
    fn a_quote_that_nothing_closes_is_a_character() {
        case("A='x\nB=2", &[("A", "'x"), ("B", "2")]);
        case(r#"A="x" y"#, &[("A", r#""x" y"#)]);
        case(r"A='x\' # '", &[("A", r"x\' # ")]);
    }

    #[test]
    fn a_value_may_begin_on_the_next_line_where_dotenv_lets_it() {
        case("A:\n  1\nB=\n'x'\nC=\n2", &[("A", "1"), ("B", "x"), ("C", "")]);
        case("A='x'\u{a0}\nB=2", &[("A", "x"), ("B", "2")]);
    }

    #[test]
    fn the_last_of_two_counts_and_odd_names_do_not() {
        case("A=1\nA=2\nB.C=3\nD-E=4\n5F=6\n=7\nno assignment\nG=8", &[("A", "2"), ("G", "8")]);
    }

    #[test]
    fn what_is_written_reads_back_and_leaves_the_rest() {
        let values = [
            "plain-1.2",
            "with space",
            " edges ",
            "a#b",
            "it's",
            r#"say "hi""#,
            "`tick`",
            "a\nb\n",
            r"a\nb",
            "a\rb",
            "$HOME ${X} $$",
            r"back\slash\",
            "",
            "'both' \"kinds\"",
            "'all' \"three\" `kinds`",
            "-----BEGIN KEY-----\nabc=\n-----END KEY-----\n",
            "\u{65e5}\u{672c}",
        ];
        for before in ["", "OLD=1", "# note\nOLD='x\ny'\n", "OLD=\"x\" # note\r\n"] {
            for value in values {
                let text = with(before, "NEW", value).unwrap_or_else(|| panic!("{value:?} after {before:?}"));
                let mut wanted = parse(before);
                wanted.insert("NEW".into(), value.into());
                assert_eq!(parse(&text), wanted);
                assert!(text.starts_with(before));
            }
        }
        assert_eq!(with("", "NEW", "plain-1.2").as_deref(), Some("NEW=plain-1.2\n"));
    }

    #[test]
    fn what_cannot_be_kept_is_not_written() {
        assert_eq!(with("", "NEW", "'a' \"b\" `c`\n#d\\n"), None);
        assert_eq!(
            with("OLD='x", "NEW", "it's"),
            with("OLD='x", "NEW", "it's").filter(|text| parse(text)["OLD"] == "'x")
        );
    }
}
