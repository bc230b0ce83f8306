//! Edits on small texts: the bytes that come out.

use super::*;

fn set(before: &str, path: &str, value: Value) -> String {
    edited(before, &[Edit::set(path, value)])
}

fn remove(before: &str, path: &str) -> String {
    edited(before, &[Edit::remove(path)])
}

#[test]
fn a_replaced_value_changes_nothing_around_it() {
    assert_eq!(set("{ a : 1 , // one\n b: 2 }", "a", json!("x")), "{ a : \"x\" , // one\n b: 2 }");
    assert_eq!(set("\u{feff}{'a': 0x10,}\r\n", "a", json!(17)), "\u{feff}{'a': 17,}\r\n");
}

#[test]
fn setting_what_stands_already_changes_no_byte() {
    for (text, path, value) in [
        ("{a: 0x10, b: +1.50}", "a", json!(16)),
        ("{a: 0x10, b: +1.50}", "b", json!(1.5)),
        ("{a: {b: [1 , 2]}}", "a", json!({"b": [1.0, 2]})),
        ("{a: 'x'}", "a", json!("x")),
    ] {
        assert_eq!(set(text, path, value), text);
    }
}

#[test]
fn a_new_key_takes_the_style_of_its_siblings() {
    assert_eq!(set("{a:1}", "bc", json!(2)), "{a:1,bc:2}");
    assert_eq!(set("{ a: 1 }", "bc", json!(2)), "{ a: 1, bc: 2 }");
    assert_eq!(set("{ \"a\": 'x' }", "bc", json!("y")), "{ \"a\": 'x', \"bc\": 'y' }");
    assert_eq!(set("{\n\ta: 1,\n}", "b-c", json!(2)), "{\n\ta: 1,\n\t\"b-c\": 2,\n}");
    assert_eq!(set("{\r\n  a: 1\r\n}", "b", json!({"c": 2})), "{\r\n  a: 1,\r\n  b: {\r\n    c: 2\r\n  }\r\n}");
    assert_eq!(set("{\r  a: 1\r}", "b", json!(2)), "{\r  a: 1,\r  b: 2\r}");
    assert_eq!(set("{\n\"a\": 1\n}", "b", json!(2)), "{\n\"a\": 1,\n\"b\": 2\n}");
}

#[test]
fn a_new_line_goes_behind_the_comment_of_the_line_above() {
    assert_eq!(set("{\n  a: 1 // one\n  // end\n}", "b", json!(2)), "{\n  a: 1, // one\n  b: 2\n  // end\n}");
    assert_eq!(set("{\n  a: 1 }", "b", json!(2)), "{\n  a: 1,\n  b: 2 }");
    assert_eq!(set("{\n  a: 1 /* x */ }", "b", json!(2)), "{\n  a: 1, /* x */\n  b: 2 }");
}

#[test]
fn an_empty_container_is_filled_as_its_surroundings_lie() {
    assert_eq!(set("{}", "a", json!(1)), "{\n  \"a\": 1\n}");
    assert_eq!(set("{a: {}}", "a.b", json!(1)), "{a: {b: 1}}");
    assert_eq!(set("{\n  a: {},\n}", "a.b", json!(1)), "{\n  a: {\n    b: 1,\n  },\n}");
    assert_eq!(set("{\n  a: {\n  }\n}", "a.b", json!(1)), "{\n  a: {\n    b: 1\n  }\n}");
    assert_eq!(set("{\n  // none yet\n}", "a", json!(1)), "{\n  // none yet\n  \"a\": 1\n}");
    assert_eq!(set("{ /* none */ }", "a", json!(1)), "{ /* none */ \"a\": 1 }");
    assert_eq!(set("{ // none\n}", "a", json!(1)), "{ // none\n  \"a\": 1\n}");
}

#[test]
fn new_containers_lie_as_their_siblings_of_the_same_kind() {
    assert_eq!(
        set("{\n  a: { x: 1 },\n  b: { x: 2 }\n}", "c", json!({"x": 3})),
        "{\n  a: { x: 1 },\n  b: { x: 2 },\n  c: { x: 3 }\n}"
    );
    assert_eq!(
        set("{\n  a: 1\n}", "b", json!({"c": ["x", "y"], "d": [{"e": 1}]})),
        "{\n  a: 1,\n  b: {\n    c: [\"x\", \"y\"],\n    d: [\n      {\n        e: 1\n      }\n    ]\n  }\n}"
    );
    assert_eq!(
        set("{\n  \"a\": [\n    1\n  ]\n}", "b", json!([2, 3])),
        "{\n  \"a\": [\n    1\n  ],\n  \"b\": [\n    2,\n    3\n  ]\n}"
    );
}

#[test]
fn setting_an_object_over_an_object_changes_only_what_differs() {
    assert_eq!(
        set("{\n  a: { // keep\n    x: 1, // one\n    y: 2\n  }\n}", "a", json!({"x": 5, "z": 3})),
        "{\n  a: { // keep\n    x: 5, // one\n    z: 3\n  }\n}"
    );
}

#[test]
fn setting_an_array_keeps_the_elements_that_stay() {
    let before = "[\n  'a', // first\n  'b', // second\n  'c' // third\n]";
    assert_eq!(set(before, "", json!(["a", "c"])), "[\n  'a', // first\n  // second\n  'c' // third\n]");
    assert_eq!(
        set(before, "", json!(["a", "b", "x", "c"])),
        "[\n  'a', // first\n  'b', // second\n  'x',\n  'c' // third\n]"
    );
    assert_eq!(
        set(before, "", json!(["x", "a", "b", "c"])),
        "[\n  'x',\n  'a', // first\n  'b', // second\n  'c' // third\n]"
    );
    assert_eq!(set("[1, 2, 3]", "", json!([0, 1, 3, 4])), "[0, 1, 3, 4]");
    assert_eq!(set("[1,2,3,]", "", json!([1, 9, 2, 3])), "[1,9,2,3,]");
    assert_eq!(set("[]", "", json!([1])), "[1]");
}

#[test]
fn an_element_keeps_its_comments_when_one_before_it_goes() {
    let before = "[{id: 1, /* a */ x: 1}, {id: 2, /* b */ x: 1}]";
    assert_eq!(edited(before, &[Edit::remove("[0]"), Edit::set("[0].x", 5)]), "[/* a */ {id: 2, /* b */ x: 5}]");
}

#[test]
fn a_removed_key_leaves_no_comma_line_or_blank() {
    assert_eq!(remove("{a: 1, b: 2}", "a"), "{b: 2}");
    assert_eq!(remove("{a: 1, b: 2}", "b"), "{a: 1}");
    assert_eq!(remove("{ a: 1, b: 2 }", "b"), "{ a: 1 }");
    assert_eq!(remove("{ a: 1, b: 2, }", "b"), "{ a: 1, }");
    assert_eq!(remove("{ a: 1, b: 2, }", "a"), "{ b: 2, }");
    assert_eq!(remove("{ a: 1 }", "a"), "{}");
    assert_eq!(remove("{\n  a: 1,\n}", "a"), "{}");
    assert_eq!(remove("{\n  a: 1,\n  b: 2\n}", "b"), "{\n  a: 1\n}");
    assert_eq!(remove("{\n  a: 1,\n  b: 2\n}", "a"), "{\n  b: 2\n}");
    assert_eq!(remove("{\n  a: 1,\n  b: 2,\n}", "b"), "{\n  a: 1,\n}");
    assert_eq!(remove("{\n  a: 1,\n\n  b: 2,\n\n  c: 3\n}", "b"), "{\n  a: 1,\n\n  c: 3\n}");
    assert_eq!(remove("{\n  a: 1,\n\n  b: 2,\n}", "b"), "{\n  a: 1,\n}");
    assert_eq!(remove("{\r\n  a: 1,\r\n  b: 2\r\n}", "b"), "{\r\n  a: 1\r\n}");
    assert_eq!(remove("{ /* keep */ \"a\":true }", "a"), "{ /* keep */ }");
    assert_eq!(remove("{\n /* keep */ \"a\":true\n}", "a"), "{\n /* keep */\n}");
}

#[test]
fn no_comment_goes_with_a_removed_key() {
    assert_eq!(
        remove("{\n  // about a\n  a: 1, // one\n  b: 2 // two\n}", "a"),
        "{\n  // about a\n  // one\n  b: 2 // two\n}"
    );
    assert_eq!(remove("{\n  a: 1, // one\n  b: 2 // two\n}", "b"), "{\n  a: 1 // one\n  // two\n}");
    assert_eq!(remove("{\n  a: 1\n  // before comma\n  , b: 2\n}", "a"), "{\n  // before comma\n  b: 2\n}");
    assert_eq!(
        remove("{\n  a: {\n    // in a\n    x: 1, /* more */\n  },\n  b: 2\n}", "a"),
        "{\n  // in a\n  /* more */\n  b: 2\n}"
    );
    assert_eq!(remove("{ a: { /* in */ x: 1 }, b: 2 }", "a"), "{ /* in */ b: 2 }");
    assert_eq!(remove("{ a: 1, b: { /* in */ x: 1 } }", "b"), "{ a: 1 /* in */ }");
    assert_eq!(remove("{\n  a: 1, b: { // in\n  },\n  c: 2\n}", "b"), "{\n  a: 1, // in\n  c: 2\n}");
}

#[test]
fn comments_in_a_replaced_value_move_above_it() {
    assert_eq!(
        set("{\n  a: {\n    // in a\n    x: 1\n  }, // end\n  b: 2\n}", "a", json!(5)),
        "{\n  // in a\n  a: 5, // end\n  b: 2\n}"
    );
    assert_eq!(set("{ a: /* k */ [ /* in */ ], b: 2 }", "a", json!(5)), "{ /* k */ /* in */ a: 5, b: 2 }");
    assert_eq!(set("{ a /* k */ : [ /* in */ ], b: 2 }", "a", json!(5)), "{ /* k */ /* in */ a: 5, b: 2 }");
    assert_eq!(set("[ // in\n]", "", json!(5)), "// in\n5");
}

#[test]
fn the_last_of_doubled_keys_is_edited_and_all_are_removed() {
    assert_eq!(set("{ a: 1, a: 2 }", "a", json!(3)), "{ a: 1, a: 3 }");
    assert_eq!(remove("{ a: 1, b: 0, a: 2 }", "a"), "{ b: 0 }");
}

#[test]
fn removal_and_addition_meet_in_one_container() {
    assert_eq!(edited("{\n  a: 1, // one\n}", &[Edit::remove("a"), Edit::set("b", 2)]), "{\n  b: 2, // one\n}");
    assert_eq!(edited("{ a: 1, b: 2 }", &[Edit::remove("b"), Edit::set("c", 3)]), "{ a: 1, c: 3 }");
    assert_eq!(
        edited("{\n  a: 1,\n  b: 2\n}", &[Edit::remove("b"), Edit::set("c", 3), Edit::set("d", 4)]),
        "{\n  a: 1,\n  c: 3,\n  d: 4\n}"
    );
}

#[test]
fn missing_objects_are_made_on_the_way() {
    assert_eq!(
        set("{\n  a: 1,\n}\n", "gateway.auth.mode", json!("token")),
        "{\n  a: 1,\n  gateway: {\n    auth: {\n      mode: \"token\",\n    },\n  },\n}\n"
    );
}

#[test]
fn strings_are_escaped_for_their_quote() {
    assert_eq!(
        set("{a: ''}", "a", json!("it's \"x\"\\\n\u{1b}\u{2028}\u{7f}")),
        "{a: 'it\\'s \"x\"\\\\\\n\\u001b\\u2028\\u007f'}"
    );
}

#[test]
fn a_byte_order_mark_between_a_key_and_its_comment_is_white_space() {
    assert_eq!(set("{a:\u{feff}// why\n{// how\n},}", "a", json!(1)), "{// why\n// how\na: 1,}");
    assert_eq!(edited("{a: 1,\u{feff}b: 2}", &[Edit::remove("a"), Edit::remove("b")]), "{}");
}
