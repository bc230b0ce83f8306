//! What is read, what is refused, and where things stand.

use super::*;

fn refusal(text: &str) -> (usize, usize, String) {
    match Document::parse(text.as_bytes()) {
        Ok(doc) => panic!("{text:?} was read as {}", doc.value()),
        Err(fault) => (fault.at.line, fault.at.column, fault.what.of(Lang::En)),
    }
}

#[test]
fn values_read_as_javascript_reads_them() {
    for (text, value) in [
        ("0x1F", json!(31)),
        ("-0x10", json!(-16)),
        (".5", json!(0.5)),
        ("5.", json!(5)),
        ("+1e3", json!(1000)),
        ("-0", json!(0)),
        ("18446744073709551615", json!(u64::MAX)),
        ("-Infinity", json!(null)),
        ("NaN", json!(null)),
        ("1e999", json!(null)),
        ("'\\x41\\u0042\\v\\0\\q\\\r\n'", json!("AB\u{b}\0q")),
        ("'\\ud83d\\ude00 \\ud83d\\\n\\ude00'", json!("\u{1f600} \u{1f600}")),
        ("'\\ud800x\\udc00'", json!("\u{fffd}x\u{fffd}")),
        ("{a/*x*/:1}", json!({"a": 1})),
        ("{\\u0061b: 1, e\u{301}: 2, \u{65e5}\u{672c}: 3}", json!({"ab": 1, "e\u{301}": 2, "\u{65e5}\u{672c}": 3})),
        ("// x\u{2028}{a:1}", json!({"a": 1})),
        ("\u{feff}{a:1}\u{feff}", json!({"a": 1})),
        ("{a:1,b:2,a:3}", json!({"a": 3, "b": 2})),
        ("{__proto__: {x: 1}}", json!({"__proto__": {"x": 1}})),
    ] {
        assert_eq!(*doc(text).value(), value, "{text:?}");
    }
}

#[test]
fn a_refusal_names_the_place_to_mend() {
    let cases = [
        ("", (1, 1), "no value"),
        ("// only\n", (2, 1), "no value"),
        ("{\n  a: 1\n  b: 2\n}", (2, 7), "comma is missing"),
        ("{\n  a: 'x\n}", (2, 8), "string that begins at line 2, column 6"),
        ("{\n  a: {\n    b: 1\n", (3, 9), "object that begins at line 2, column 6"),
        ("[1, 2", (1, 6), "array that begins at line 1, column 1"),
        ("{a: [1}", (1, 7), "array that begins at line 1, column 5 must be closed with ]"),
        ("{a: hello}", (1, 5), "This word is not a value"),
        ("{a-b: 1}", (1, 3), "colon is missing after this key"),
        ("{1: 2}", (1, 2), "key must stand here"),
        ("{a: , b: 1}", (1, 5), "key a has no value"),
        ("[1,,2]", (1, 4), "comma too many"),
        ("{a: 01}", (1, 5), "number"),
        ("{a: '\\1'}", (1, 6), "escape"),
        ("/* open", (1, 1), "comment that begins here"),
        ("{a: 1} x", (1, 8), "more text follows: x"),
        ("{a: \u{85}1}", (1, 5), "\\u{85}"),
    ];
    for (text, at, what) in cases {
        let (line, column, said) = refusal(text);
        assert_eq!((line, column), at, "{text:?}: {said}");
        assert!(said.contains(what), "{text:?}: {said}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_where_they_stand() {
    let fault = Document::parse(b"{\n  a: '\xe6\x97\xa5\xff'}").unwrap_err();
    assert_eq!(fault.at, Position { line: 2, column: 8 });
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::parse(nested(200).as_bytes()).is_ok());
    assert!(refusal(&nested(201)).2.contains("200 levels"));
    assert!(refusal(&"[".repeat(1_000_000)).2.contains("200 levels"));
    assert!(refusal(&"{a:".repeat(1_000_000)).2.contains("200 levels"));
}

#[test]
fn places_count_characters_and_line_ends_of_every_kind() {
    let doc = doc("\u{feff}{\r\n\t'\u{65e5}': '\u{1f600}', b: [1,\r 2],\n c: {d: 1, d: 2}\n}");
    let at = |path: &str| {
        let place = doc.locate(&path.into());
        (place.line, place.column)
    };
    assert_eq!(at(""), (1, 1));
    assert_eq!(at("\u{65e5}"), (2, 2));
    assert_eq!(at("b"), (2, 12));
    assert_eq!(at("b[0]"), (2, 16));
    assert_eq!(at("b[1]"), (3, 2));
    assert_eq!(at("c.d"), (4, 12));
    assert_eq!(at("c.missing.deeper"), (4, 2));
    assert_eq!(at("b[7]"), (2, 12));
    let range = doc.range(&"b".into()).unwrap();
    assert_eq!(&text(&doc)[range], "[1,\r 2]");
    assert_eq!(doc.range(&"c.x".into()), None);
    assert_eq!(doc.duplicates(), [("c.d".into(), Position { line: 4, column: 6 })]);
}

#[test]
fn comments_are_listed_with_their_marks() {
    let doc = doc("// a\n{/* b */x: '// no', // c\n}");
    assert_eq!(doc.comments().collect::<Vec<_>>(), ["// a", "/* b */", "// c"]);
}
