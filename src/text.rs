//! The two languages. Both stand together in the literal, so none can be missing.

pub mod time;
pub mod wrap;

use std::fmt;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// Is the other language.
    pub const fn other(self) -> Self {
        match self {
            Lang::En => Lang::Ja,
            Lang::Ja => Lang::En,
        }
    }
}

/// A sentence or label in both languages, with `{named}` places; `{n|file|files}` chooses by whether `n` is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Japanese.
    pub ja: &'static str,
}

impl Text {
    /// Is the text in one language.
    pub const fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Ja => self.ja,
        }
    }

    /// Fills a `{name}` place; more can follow.
    pub fn with(self, name: &'static str, value: impl fmt::Display) -> Said {
        Said::from(self).with(name, value)
    }
}

/// A text with its places filled.
///
/// Values come from outside (keys, paths, names), so they are made harmless when they are put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    text: Text,
    args: Vec<(&'static str, Arg)>,
    more: Option<Box<Said>>,
}

/// What stands in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Arg {
    /// The same in every language.
    Plain(String),
    /// A text of ours.
    Said(Said),
}

impl Said {
    /// Fills one more `{name}` place.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        let is_harmless = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        self.args.push((name, Arg::Plain(if is_harmless { value } else { harmless(&value) })));
        self
    }

    /// Fills one more `{name}` place with a text in the same language.
    pub fn with_said(mut self, name: &'static str, said: impl Into<Said>) -> Self {
        self.args.push((name, Arg::Said(said.into())));
        self
    }

    /// Goes on with another sentence.
    pub fn then(mut self, next: impl Into<Said>) -> Self {
        let next = Box::new(next.into());
        self.more = Some(match self.more {
            Some(more) => Box::new(more.then(*next)),
            None => next,
        });
        self
    }

    /// Is all that is said in one language.
    pub fn of(&self, lang: Lang) -> String {
        let said = self.sentence(lang);
        match &self.more {
            None => said,
            Some(more) if said.ends_with('。') => said + &more.of(lang),
            Some(more) => format!("{said} {}", more.of(lang)),
        }
    }

    fn sentence(&self, lang: Lang) -> String {
        let mut said = String::new();
        let mut rest = self.text.of(lang);
        while let Some(open) = rest.find('{') {
            said.push_str(&rest[..open]);
            let close = rest[open..].find('}').map_or(rest.len(), |n| open + n);
            let place = &rest[open + 1..close];
            let (name, forms) =
                place.split_once('|').map_or((place, None), |(name, forms)| (name, forms.split_once('|')));
            match (self.args.iter().find(|(known, _)| *known == name), forms) {
                (Some((_, Arg::Plain(value))), Some((one, many))) => {
                    said.push_str(if value == "1" { one } else { many })
                }
                (Some((_, Arg::Plain(value))), None) => said.push_str(value),
                (Some((_, Arg::Said(part))), _) => said.push_str(&part.of(lang)),
                (None, _) => said.push_str(&rest[open..(close + 1).min(rest.len())]),
            }
            rest = rest.get(close + 1..).unwrap_or("");
        }
        said.push_str(rest);
        said
    }
}

/// Is a text from outside, the same in both languages.
impl From<String> for Said {
    fn from(value: String) -> Self {
        const AS_IT_IS: Text = Text { en: "{value}", ja: "{value}" };
        AS_IT_IS.with("value", value)
    }
}

impl From<Text> for Said {
    fn from(text: Text) -> Self {
        Said { text, args: Vec::new(), more: None }
    }
}

/// Makes text from outside safe to show: controls, bidi marks, invisible characters, and what joins characters to flags and other
/// pictures become visible escapes.
///
/// A terminal would obey an escape sequence in a config value; a bidi mark would reorder what is read; no two terminals agree on how
/// wide a joined picture is.
pub fn harmless(text: &str) -> String {
    if !text.chars().any(is_harmful) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmful(c) {
            shown.push_str(&format!("\\u{{{:x}}}", c as u32));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Is a text to print with nothing left in it that a terminal obeys or that turns the order of what is read, but line ends and our
/// own colours. What JSON leaves as it is becomes JSON's escape: the same value to whoever parses it.
pub fn inert(text: &str) -> std::borrow::Cow<'_, str> {
    let is_left = |c: char| is_harmful(c) && !matches!(c, '\n' | '\t' | '\u{1b}');
    // Most texts are plain letters through and through, which can be told of many at once.
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
    if text.as_bytes().chunks(64).all(|bytes| bytes.iter().fold(true, |plain, byte| plain & is_plain(byte)))
        || !text.chars().any(is_left)
    {
        return text.into();
    }
    let mut inert = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_left(c) {
            let units = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            inert.push_str(&units);
        } else {
            inert.push(c);
        }
    }
    inert.into()
}

fn is_harmful(c: char) -> bool {
    // Most texts are plain letters, of which nothing else needs to be asked.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f1e6}'..='\u{1f1ff}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0100}'..='\u{e01ef}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREETING: Text = Text { en: "{n} of {m}: {n}", ja: "{m}件中{n}件" };

    #[test]
    fn places_are_filled_in_both_languages() {
        let said = GREETING.with("n", 2).with("m", 3);
        assert_eq!(said.of(Lang::En), "2 of 3: 2");
        assert_eq!(said.of(Lang::Ja), "3件中2件");
    }

    #[test]
    fn one_is_said_in_the_singular() {
        const LEFT: Text = Text { en: "{n} {n|change is|changes are} left", ja: "残り {n}件" };
        assert_eq!(LEFT.with("n", 1).of(Lang::En), "1 change is left");
        assert_eq!(LEFT.with("n", 0).of(Lang::En), "0 changes are left");
        assert_eq!(LEFT.with("n", 11).of(Lang::En), "11 changes are left");
        assert_eq!(LEFT.with("n", 1).of(Lang::Ja), "残り 1件");
    }

    #[test]
    fn a_text_within_a_text_is_said_in_its_language() {
        const PART: Text = Text { en: "{n} more", ja: "ほか{n}件" };
        let said = GREETING.with("n", 1).with_said("m", PART.with("n", 3));
        assert_eq!(said.of(Lang::Ja), "ほか3件件中1件");
        assert_eq!(said.of(Lang::En), "1 of 3 more: 1");
    }

    #[test]
    fn sentences_follow_each_other_as_each_language_has_it() {
        let said = GREETING.with("n", 1).with("m", 1).then(GREETING.with("n", 2).with("m", 2)).then(String::from("x"));
        assert_eq!(said.of(Lang::En), "1 of 1: 1 2 of 2: 2 x");
        assert_eq!(said.of(Lang::Ja), "1件中1件 2件中2件 x");
        const END: Text = Text { en: "End.", ja: "終わり。" };
        assert_eq!(Said::from(END).then(END).of(Lang::Ja), "終わり。終わり。");
    }

    #[test]
    fn a_value_cannot_fill_another_place_or_reach_the_terminal() {
        let said = GREETING.with("n", "{m}\u{1b}[2J").with("m", 1);
        assert_eq!(said.of(Lang::En), "{m}\\u{1b}[2J of 1: {m}\\u{1b}[2J");
    }

    #[test]
    fn bidi_and_invisible_characters_are_shown() {
        assert_eq!(harmless("a\u{202e}b\u{200b}"), "a\\u{202e}b\\u{200b}");
        assert_eq!(harmless("日本語 ok"), "日本語 ok");
    }

    #[test]
    fn flags_and_joined_pictures_are_shown_by_their_parts() {
        assert_eq!(harmless("\u{1f1ef}\u{1f1f5}"), "\\u{1f1ef}\\u{1f1f5}");
        assert_eq!(harmless("a\u{26a0}\u{fe0f}"), "a\u{26a0}\\u{fe0f}");
    }
}
