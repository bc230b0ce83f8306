//! A file of variables, read as the `dotenv` package reads it for OpenClaw 2026.9.6.

use super::Env;

/// Is every variable of the text whose name a shell could bear. Of two with one name the last counts.
///
/// Quotes of three kinds, text over several lines inside them, `export`, `NAME: value`, and comments are understood;
/// `\n` and `\r` are expanded in double quotes only. What is no assignment is passed over.
pub(super) fn parse(text: &str) -> Env {
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
        None => after.strip_prefix(':').filter(|rest| rest.starts_with(char::is_whitespace))?,
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
        let after = body[at + 1..].trim_start_matches([' ', '\t']);
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
