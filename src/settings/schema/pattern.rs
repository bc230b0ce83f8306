//! A matcher for the regular expressions that the schema holds: classes, groups, counts, anchors and look-aheads.
//!
//! The schema has 40 short ones, half of them with a look-ahead, which the usual crates do not know.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

/// Steps after which a text counts as not matching: far beyond what a real value needs, so that no value can hang the wizard.
const STEPS: usize = 200_000;

/// Repeats of a group after which a text counts as not matching, so that no value can use up the stack.
const REPEATS: usize = 500;

/// Whether a text matches a pattern of the schema somewhere, as JavaScript's `test` says.
///
/// A pattern that cannot be read matches everything: a value is not refused for a fault of ours.
pub(super) fn matches(pattern: &'static str, text: &str, any_case: bool) -> bool {
    let Some(branches) = branches_of(pattern) else {
        return true;
    };
    let text: Vec<char> = text.chars().collect();
    let mut matcher = Matcher { text: &text, any_case, steps: 0 };
    (0..=text.len()).any(|start| matcher.any(&branches, start, &mut |_, _| true))
}

type Branch = Vec<Term>;

/// Is a pattern as it is matched, none where it cannot be read. There are some dozens, and each is read once.
fn branches_of(pattern: &'static str) -> Option<Arc<Vec<Branch>>> {
    type Known = RwLock<HashMap<&'static str, Option<Arc<Vec<Branch>>>>>;
    static KNOWN: LazyLock<Known> = LazyLock::new(RwLock::default);
    if let Some(known) = KNOWN.read().ok().and_then(|known| known.get(pattern).cloned()) {
        return known;
    }
    let chars: Vec<char> = pattern.chars().collect();
    let mut reader = Reader { pattern: &chars, at: 0 };
    let branches = reader.branches().filter(|_| reader.at == chars.len()).map(Arc::new);
    if let Ok(mut known) = KNOWN.write() {
        known.insert(pattern, branches.clone());
    }
    branches
}

struct Term {
    atom: Atom,
    least: usize,
    most: usize,
}

enum Atom {
    Set(Set),
    Start,
    End,
    Group(Vec<Branch>),
    Ahead { wanted: bool, branches: Vec<Branch> },
}

#[derive(Default)]
struct Set {
    negated: bool,
    ranges: Vec<(char, char)>,
    kinds: Vec<Kind>,
}

#[derive(Clone, Copy)]
enum Kind {
    Digit,
    Space {
        inside: bool,
    },
    Control,
    /// Half of a pair of UTF-16, which no text here holds.
    Surrogate,
    AnyOnLine,
}

impl Set {
    fn has(&self, c: char, any_case: bool) -> bool {
        let one = |c: char| {
            self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
                || self.kinds.iter().any(|kind| match kind {
                    Kind::Digit => c.is_ascii_digit(),
                    Kind::Space { inside } => is_space(c) == *inside,
                    Kind::Control => c.is_control(),
                    Kind::Surrogate => false,
                    Kind::AnyOnLine => !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}'),
                })
        };
        let found = one(c) || any_case && (one(c.to_ascii_lowercase()) || one(c.to_ascii_uppercase()));
        found != self.negated
    }
}

/// Whether JavaScript counts a character as white space.
pub(super) fn is_space(c: char) -> bool {
    c != '\u{85}' && c.is_whitespace() || c == '\u{feff}'
}

struct Reader<'p> {
    pattern: &'p [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(n, c)| self.pattern.get(self.at + n) == Some(&c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn branches(&mut self) -> Option<Vec<Branch>> {
        let mut branches = vec![Branch::new()];
        while let Some(c) = self.peek() {
            match c {
                ')' => break,
                '|' => {
                    self.at += 1;
                    branches.push(Branch::new());
                }
                _ => {
                    let atom = self.atom()?;
                    let (least, most) = self.count()?;
                    branches.last_mut()?.push(Term { atom, least, most });
                }
            }
        }
        Some(branches)
    }

    fn atom(&mut self) -> Option<Atom> {
        Some(match self.next()? {
            '^' => Atom::Start,
            '$' => Atom::End,
            '.' => Atom::Set(Set { kinds: vec![Kind::AnyOnLine], ..Set::default() }),
            '[' => Atom::Set(self.class()?),
            '(' => {
                let ahead = if self.eat("?!") {
                    Some(false)
                } else if self.eat("?=") {
                    Some(true)
                } else {
                    self.eat("?:");
                    None
                };
                let branches = self.branches()?;
                if !self.eat(")") {
                    return None;
                }
                match ahead {
                    Some(wanted) => Atom::Ahead { wanted, branches },
                    None => Atom::Group(branches),
                }
            }
            '\\' => {
                let mut set = Set::default();
                self.escape(&mut set)?;
                Atom::Set(set)
            }
            c => Atom::Set(Set { ranges: vec![(c, c)], ..Set::default() }),
        })
    }

    fn class(&mut self) -> Option<Set> {
        let mut set = Set { negated: self.eat("^"), ..Set::default() };
        loop {
            match self.next()? {
                ']' => return Some(set),
                '\\' => self.escape(&mut set)?,
                low => {
                    let ranged = self.peek() == Some('-') && self.pattern.get(self.at + 1).is_some_and(|c| *c != ']');
                    let high = if ranged {
                        self.at += 1;
                        self.next()?
                    } else {
                        low
                    };
                    set.ranges.push((low, high));
                }
            }
        }
    }

    fn escape(&mut self, set: &mut Set) -> Option<()> {
        match self.next()? {
            'd' => set.kinds.push(Kind::Digit),
            's' => set.kinds.push(Kind::Space { inside: true }),
            'S' => set.kinds.push(Kind::Space { inside: false }),
            '0' => set.ranges.push(('\0', '\0')),
            'n' => set.ranges.push(('\n', '\n')),
            'r' => set.ranges.push(('\r', '\r')),
            't' => set.ranges.push(('\t', '\t')),
            'p' if self.eat("{Cs}") => set.kinds.push(Kind::Surrogate),
            'p' if self.eat("{Cc}") => set.kinds.push(Kind::Control),
            c if !c.is_alphanumeric() => set.ranges.push((c, c)),
            _ => return None,
        }
        Some(())
    }

    fn count(&mut self) -> Option<(usize, usize)> {
        Some(match self.peek() {
            Some('*') => (self.skip(0), usize::MAX),
            Some('+') => (self.skip(1), usize::MAX),
            Some('?') => (self.skip(0), 1),
            Some('{') => {
                self.at += 1;
                let least = self.number()?;
                let most = if self.eat(",") { self.number().unwrap_or(usize::MAX) } else { least };
                if !self.eat("}") {
                    return None;
                }
                (least, most)
            }
            _ => (1, 1),
        })
    }

    fn skip(&mut self, least: usize) -> usize {
        self.at += 1;
        least
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.pattern[start..self.at].iter().collect::<String>().parse().ok()
    }
}

struct Matcher<'t> {
    text: &'t [char],
    any_case: bool,
    steps: usize,
}

/// What must match after the part at hand.
type Rest<'r, 't> = &'r mut dyn FnMut(&mut Matcher<'t>, usize) -> bool;

impl<'t> Matcher<'t> {
    fn any(&mut self, branches: &[Branch], at: usize, rest: Rest<'_, 't>) -> bool {
        branches.iter().any(|branch| self.all(branch, at, rest))
    }

    fn all(&mut self, terms: &[Term], at: usize, rest: Rest<'_, 't>) -> bool {
        match terms.split_first() {
            None => rest(self, at),
            Some((term, later)) => self.times(term, 0, at, &mut |matcher, at| matcher.all(later, at, rest)),
        }
    }

    fn times(&mut self, term: &Term, done: usize, at: usize, rest: Rest<'_, 't>) -> bool {
        self.steps += 1;
        if self.steps > STEPS || done > REPEATS {
            return false;
        }
        if let Atom::Set(set) = &term.atom {
            return self.run(set, term, at, rest);
        }
        let again = done < term.most
            && self.once(&term.atom, at, &mut |matcher, next| {
                (next > at || done < term.least) && matcher.times(term, done + 1, next, rest)
            });
        again || done >= term.least && rest(self, at)
    }

    /// A run of single characters needs no recursion: the longest first, then ever shorter.
    fn run(&mut self, set: &Set, term: &Term, at: usize, rest: Rest<'_, 't>) -> bool {
        let longest = self.text[at..].iter().take(term.most).take_while(|c| set.has(**c, self.any_case)).count();
        (term.least..=longest).rev().any(|length| {
            self.steps += 1;
            self.steps <= STEPS && rest(self, at + length)
        })
    }

    fn once(&mut self, atom: &Atom, at: usize, rest: Rest<'_, 't>) -> bool {
        match atom {
            Atom::Set(set) => self.text.get(at).is_some_and(|c| set.has(*c, self.any_case)) && rest(self, at + 1),
            Atom::Start => at == 0 && rest(self, at),
            Atom::End => at == self.text.len() && rest(self, at),
            Atom::Group(branches) => self.any(branches, at, rest),
            Atom::Ahead { wanted, branches } => self.any(branches, at, &mut |_, _| true) == *wanted && rest(self, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    fn check(pattern: &'static str, yes: &[&str], no: &[&str]) {
        for text in yes {
            assert!(matches(pattern, text, false), "{pattern} should match {text:?}");
        }
        for text in no {
            assert!(!matches(pattern, text, false), "{pattern} should not match {text:?}");
        }
    }

    #[test]
    fn counts_classes_and_anchors() {
        check("^[a-z][a-z0-9_-]{0,3}$", &["a", "ab-9"], &["", "9", "abcde", "A"]);
        check(r"^\d+(?:ms|s|m|h)$", &["1ms", "20h"], &["", "5", "5d", "x5m"]);
        check("^(?:[A-Za-z][A-Za-z0-9_./-]*)?$", &["", "a.b"], &["1"]);
        check(r"\S", &[" a "], &["", " \t"]);
        check("[^.[\\]]", &["a"], &[".", "[]"]);
    }

    #[test]
    fn look_aheads() {
        check(r"^(?!\*$)(?![Gg]:).+", &["**", "a"], &["*", "g:x", ""]);
        check(r"^[Hh]ttps?:\/\/(?![^/?#]*@)", &["https://a/b@c"], &["http://u@h"]);
        check(r"^(?!\s)(?![\s\S]*\s$)[^\p{Cs}]{1,4}$", &["a b"], &[" a", "a ", "abcde", ""]);
        check(r"^(?:[1-9][0-9]*d|(?:2[4-9]|[3-9][0-9])h)(?![\s\S])", &["1d", "24h"], &["23h", "1d "]);
    }

    #[test]
    fn the_case_can_be_disregarded() {
        assert!(matches("^[a-z]+$", "AbC", true));
        assert!(!matches("^[a-z]+$", "AbC", false));
    }

    #[test]
    fn a_text_made_to_take_forever_ends_soon() {
        let text = "a".repeat(300) + "!";
        assert!(!matches("^(?:a+)+$", &text, false));
        assert!(!matches("^(?:a.)*$", &"a.".repeat(100_000), false));
    }

    #[test]
    fn every_pattern_of_the_schema_can_be_read() {
        for line in include_str!("../../../assets/schema/2026.9.6.txt").lines() {
            for pattern in line.split('\t').filter_map(|field| field.strip_prefix(['~', 'I'])) {
                let pattern: Vec<char> = pattern.chars().collect();
                let mut reader = super::Reader { pattern: &pattern, at: 0 };
                assert!(reader.branches().is_some() && reader.at == pattern.len(), "{pattern:?}");
            }
        }
    }
}
