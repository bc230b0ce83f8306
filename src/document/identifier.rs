//! Which characters a key without quotes may hold: OpenClaw's parser (npm json5 2.2.3) knows the letters of Unicode 10.

/// Whether a bare key may hold a character, as its first one or further on.
pub(super) fn in_identifier(c: char, first: bool) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '$' | '_' => true,
        '0'..='9' | '\u{200c}' | '\u{200d}' => !first,
        '\0'..='\u{7f}' => false,
        _ if is_space(c) => false,
        // Letters only since Unicode 11.
        '\u{1cf2}' | '\u{1cf3}' if first => false,
        // The json5 crate carries newer tables of letters, so its own reading of such a key gives the rest of the answer.
        _ => {
            let text = if first { format!("{{{c}:0}}") } else { format!("{{a{c}:0}}") };
            !is_newer(c) && json5::from_str::<serde::de::IgnoredAny>(&text).is_ok()
        }
    }
}

/// Whether a key is written without quotes where its siblings are. Letters beyond ASCII are not: other readers may know fewer of them.
pub(super) fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.char_indices().all(|(at, c)| c.is_ascii() && in_identifier(c, at == 0))
}

/// Whether JSON5 takes a character for white space.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

fn is_newer(c: char) -> bool {
    let place = NEWER.partition_point(|(_, last)| *last < c as u32);
    NEWER.get(place).is_some_and(|(first, _)| *first <= c as u32)
}

/// Spans without a letter in Unicode 10 that have some in Unicode 17, first and last.
#[rustfmt::skip]
const NEWER: &[(u32, u32)] = &[
    (0x560, 0x560), (0x588, 0x588), (0x5ef, 0x5ef), (0x7fd, 0x7fd), (0x870, 0x89f), (0x8b5, 0x8b5), (0x8be, 0x8d3),
    (0x9fe, 0x9fe), (0xb55, 0xb55), (0xc04, 0xc04), (0xc3c, 0xc3c), (0xc5c, 0xc5d), (0xcdc, 0xcdd), (0xcf3, 0xcf3),
    (0xd04, 0xd04), (0xd81, 0xd81), (0xe86, 0xe86), (0xe89, 0xe89), (0xe8c, 0xe8c), (0xe8e, 0xe93), (0xe98, 0xe98),
    (0xea0, 0xea0), (0xea8, 0xea9), (0xeac, 0xeac), (0xeba, 0xeba), (0xece, 0xece), (0x170d, 0x170d),
    (0x1715, 0x171f), (0x180f, 0x180f), (0x1878, 0x1878), (0x1abf, 0x1aeb), (0x1b4c, 0x1b4c), (0x1c89, 0x1cbf),
    (0x1cfa, 0x1cfa), (0x1dfa, 0x1dfa), (0x2c2f, 0x2c2f), (0x2c5f, 0x2c5f), (0x312f, 0x312f), (0x31bb, 0x31bf),
    (0x4db6, 0x4dbf), (0x9feb, 0x9fff), (0xa7af, 0xa7af), (0xa7b8, 0xa7f6), (0xa82c, 0xa82c), (0xa8fe, 0xa8ff),
    (0xab66, 0xab69), (0x10570, 0x105f3), (0x10780, 0x107ba), (0x10940, 0x10959), (0x10a34, 0x10a35),
    (0x10d00, 0x10ff6), (0x11070, 0x11075), (0x110c2, 0x110c2), (0x11144, 0x11147), (0x111c9, 0x111c9),
    (0x111ce, 0x111cf), (0x1123f, 0x11241), (0x1133b, 0x1133b), (0x11380, 0x113e2), (0x1145e, 0x11461),
    (0x116b8, 0x116b8), (0x116d0, 0x116e3), (0x1171a, 0x1171a), (0x11740, 0x1183a), (0x11900, 0x119e4),
    (0x11a84, 0x11a85), (0x11a9d, 0x11abf), (0x11b60, 0x11bf9), (0x11d60, 0x11fb0), (0x12f90, 0x12ff0),
    (0x1342f, 0x143fa), (0x16100, 0x16139), (0x16a70, 0x16ac9), (0x16d40, 0x16ed3), (0x16f45, 0x16f4f),
    (0x16f7f, 0x16f87), (0x16fe3, 0x16ff6), (0x187ed, 0x187ff), (0x18af3, 0x1affe), (0x1b11f, 0x1b167),
    (0x1ccf0, 0x1cf46), (0x1df00, 0x1df2a), (0x1e030, 0x1e7fe), (0x1e94b, 0x1e94b), (0x1fbf0, 0x1fbf9),
    (0x2a6d7, 0x2a6df), (0x2b735, 0x2b73f), (0x2cea2, 0x2cead), (0x2ebf0, 0x2ee5d), (0x30000, 0x33479),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_marks_make_a_key() {
        for (c, first, further) in [
            ('a', true, true),
            ('$', true, true),
            ('1', false, true),
            ('-', false, false),
            ('\u{e9}', true, true),
            ('\u{65e5}', true, true),
            ('\u{301}', false, true),
            ('\u{203f}', false, true),
            ('\u{3000}', false, false),
            ('\u{1f600}', false, false),
        ] {
            assert_eq!((in_identifier(c, true), in_identifier(c, false)), (first, further), "{c}");
        }
    }

    #[test]
    fn letters_after_unicode_10_are_unknown_to_openclaw() {
        for c in ['\u{560}', '\u{870}', '\u{31350}', '\u{1fbf0}'] {
            assert!(!in_identifier(c, true) && !in_identifier(c, false), "{c}");
        }
        assert!(!in_identifier('\u{1cf2}', true) && in_identifier('\u{1cf2}', false));
        assert!(NEWER.is_sorted_by(|a, b| a.1 < b.0));
    }
}
