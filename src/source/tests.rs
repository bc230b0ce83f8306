use super::*;
use crate::document::Edit;
use crate::text::{Lang, Text};
use serde_json::json;

const ABSENT: Text = Text { en: "{path} is absent.", ja: "{path} がありません。" };
const LOCKED: Text = Text { en: "it is not ours", ja: "所有者が違います" };

/// Reads `openclaw.json` and what it draws in from these files of `/c`; a name that begins with `!` is of a file that is locked.
fn read(files: &[(&str, &str)]) -> Result<Source, IncludeError> {
    let text = |name: &str| files.iter().find(|(known, _)| known.trim_start_matches('!') == name);
    let (_, root) = text("openclaw.json").expect("a root");
    let root = Document::parse(root.as_bytes()).expect("a document");
    let bounds = Bounds { config: Path::new("/c/openclaw.json"), roots: &["/shared".into()] };
    Source::read(root, bounds, &mut |path| {
        let name = path.strip_prefix("/c").unwrap_or(path).to_string_lossy().into_owned();
        let (known, text) = text(&name).ok_or_else(|| ABSENT.with("path", &name))?;
        let locked = known.starts_with('!').then(|| LOCKED.into());
        Ok(Loaded { real: path.to_owned(), bytes: text.as_bytes().to_vec(), locked })
    })
}

fn source(files: &[(&str, &str)]) -> Source {
    read(files).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Is the sentence of the error, and the file and line that it names.
fn refused(files: &[(&str, &str)]) -> (String, String, usize) {
    match read(files) {
        Err(IncludeError::Refused { file, at, what }) => (what.of(Lang::En), file.display().to_string(), at.line),
        other => panic!("{other:?}"),
    }
}

/// Takes edits, and gives back the texts of the files that changed.
fn taken(source: &Source, edits: &[Edit]) -> Vec<(String, String)> {
    let mut wanted = source.value().clone();
    edits.iter().for_each(|edit| edit.apply(&mut wanted));
    let mut draft = Draft::new(source);
    draft.take(edits).unwrap_or_else(|why| panic!("{}", why.of(Lang::En)));
    let edited = draft.finish().expect("sound files");
    assert!(crate::document::same(edited.value(), &wanted), "{:#}\nis not\n{wanted:#}", edited.value());
    let files = edited.files().iter().zip(source.files());
    let changed = files.filter(|(new, old)| new.document.bytes() != old.document.bytes());
    let shown =
        |file: &File| (file.path.display().to_string(), String::from_utf8_lossy(file.document.bytes()).into_owned());
    changed.map(|(new, _)| shown(new)).collect()
}

fn one(path: &str, text: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), text.to_owned())]
}

#[test]
fn a_config_without_includes_is_its_document() {
    let source = source(&[("openclaw.json", r#"{"a": {"b": 1}, "constructor": 2}"#)]);
    assert!(!source.has_includes());
    assert_eq!(source.value(), source.root().value());
}

#[test]
fn several_files_are_merged_from_left_to_right_their_lists_joined_and_siblings_last() {
    let source = source(
        &[
            ("openclaw.json", r#"{"tools": {"$include": ["./a.json5", "b.json5"], "deny": ["write"], "x": {"k": 3}}}"#),
            ("/a.json5", "{profile: 'full', deny: ['browser'], x: {k: 1, l: 1}}"),
            ("/b.json5", "{profile: 'coding', deny: ['exec'], x: {k: 2, m: 2}}"),
        ]
        .map(|(name, text)| (name.trim_start_matches('/'), text)),
    );
    let wanted = json!({"tools": {
        "profile": "coding", "deny": ["browser", "exec", "write"], "x": {"k": 3, "l": 1, "m": 2},
    }});
    assert_eq!(*source.value(), wanted);
}

#[test]
fn an_include_by_itself_stands_for_any_value_and_within_lists() {
    let source = source(&[
        ("openclaw.json", r#"{"a": {"$include": "n.json"}, "l": [{"$include": "n.json"}, 1], "e": {"$include": []}}"#),
        ("n.json", "[1, 2]"),
    ]);
    assert_eq!(*source.value(), json!({"a": [1, 2], "l": [[1, 2], 1], "e": {}}));
}

#[test]
fn what_is_nested_is_merged_by_itself_first() {
    let source = source(&[
        ("openclaw.json", r#"{"$include": ["one.json", "sub/two.json"]}"#),
        ("one.json", r#"{"a": [1]}"#),
        ("sub/two.json", r#"{"$include": ["x.json", "y.json"]}"#),
        ("sub/x.json", r#"{"a": 5}"#),
        ("sub/y.json", r#"{"a": [2]}"#),
    ]);
    assert_eq!(*source.value(), json!({"a": [1, 2]}));
}

#[test]
fn merging_drops_the_keys_that_change_what_an_object_is() {
    let source = source(&[
        ("openclaw.json", r#"{"$include": "a.json", "b": {"prototype": 1, "c": [{"constructor": 1}]}}"#),
        ("a.json", r#"{"constructor": 1, "x": {"constructor": 2}}"#),
    ]);
    assert_eq!(*source.value(), json!({"x": {}, "b": {"c": [{"constructor": 1}]}}));
}

#[test]
fn every_place_leads_to_its_file_and_line() {
    let source = source(&[
        ("openclaw.json", "{\n  \"$include\": \"base.json5\",\n  \"tools\": {\n    \"deny\": [\"a\"]\n  }\n}"),
        (
            "base.json5",
            "{\n  // note\n  gateway: {\n    bind: 'lan',\n  },\n  tools: {deny: ['b'], profile: 'full'},\n}",
        ),
    ]);
    let at = |path: &str| {
        let (file, at) = source.locate(&Key::from(path));
        (file.path.display().to_string(), at.line, at.column)
    };
    assert_eq!(at("gateway.bind"), ("/c/base.json5".to_owned(), 4, 5));
    assert_eq!(at("tools.profile"), ("/c/base.json5".to_owned(), 6, 24));
    assert_eq!(at("tools.deny[0]"), ("/c/base.json5".to_owned(), 6, 18));
    assert_eq!(at("tools.deny[1]"), ("/c/openclaw.json".to_owned(), 4, 14));
    assert_eq!(at("gateway.auth.mode"), ("/c/base.json5".to_owned(), 3, 3));
    assert_eq!(at("channels"), ("/c/openclaw.json".to_owned(), 1, 1));
}

#[test]
fn what_openclaw_refuses_is_refused_with_its_place() {
    let deep: Vec<(String, String)> = (0..12)
        .map(|n| {
            (
                if n == 0 { "openclaw.json".into() } else { format!("{n}.json") },
                format!(r#"{{"$include": "{}.json"}}"#, n + 1),
            )
        })
        .collect();
    let deep: Vec<(&str, &str)> = deep.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    for (files, sentence, file, line) in [
        (&[("openclaw.json", "{\n\"a\": {\"$include\": 1}}")][..], "takes a path or a list", "/c/openclaw.json", 2),
        (&[("openclaw.json", "{\"$include\": [\n\"../up.json\"]}")], "leads out of", "/c/openclaw.json", 2),
        (&[("openclaw.json", "{\"$include\": \"gone.json\"}")], "gone.json is absent", "/c/openclaw.json", 1),
        (
            &[("openclaw.json", "{\"$include\": \"a.json\", \"b\": 1}"), ("a.json", "[]")],
            "Keys beside",
            "/c/openclaw.json",
            1,
        ),
        (
            &[("openclaw.json", "{\"$include\": \"a.json\"}"), ("a.json", "{\n\"$include\": \"./openclaw.json\"}")],
            "circle",
            "/c/a.json",
            2,
        ),
        (&[("openclaw.json", "{\"$include\": \"a\\u0000\"}")], "NUL", "/c/openclaw.json", 1),
        (&deep[..], "more than 10", "/c/10.json", 1),
    ] {
        let (said, at, n) = refused(files);
        assert!(said.contains(sentence) && (at.as_str(), n) == (file, line), "{said} {at}:{n}");
    }
    let faulty = read(&[("openclaw.json", r#"{"$include": "a.json"}"#), ("a.json", "{\n\"a\" 1}")]);
    assert!(matches!(faulty, Err(IncludeError::Parse { error, .. }) if error.at.line == 2));
}

#[test]
fn ten_levels_and_other_roots_are_read() {
    let files: Vec<(String, String)> = (0..=10)
        .map(|n| match n {
            0 => ("openclaw.json".into(), r#"{"$include": "1.json"}"#.into()),
            10 => ("10.json".into(), r#"{"deep": true}"#.into()),
            n => (format!("{n}.json"), format!(r#"{{"$include": "{}.json"}}"#, n + 1)),
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(*source(&files).value(), json!({"deep": true}));
    let shared = source(&[("openclaw.json", r#"{"$include": "../shared/x.json"}"#), ("/shared/x.json", "{}")]);
    assert_eq!(shared.files()[1].path, Path::new("/shared/x.json"));
}

#[test]
fn a_tree_that_grows_without_end_is_refused_and_not_waited_for() {
    let list = |name: &str| format!("{{\"$include\": [{}]}}", vec![format!("\"{name}.json\""); 40].join(","));
    let files: Vec<(String, String)> = (0..10)
        .map(|n| {
            (
                if n == 0 { "openclaw.json".into() } else { format!("{n}.json") },
                if n == 9 { "{}".into() } else { list(&(n + 1).to_string()) },
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(refused(&files).0.contains("more than"));
}

#[test]
fn an_edit_goes_to_the_file_that_holds_the_value() {
    let source = source(&[
        ("openclaw.json", r#"{"$include": "base.json5", "agents": {"$include": "agents.json5"}}"#),
        ("base.json5", "{\n  // who may call\n  gateway: {bind: 'lan'}, // open\n}\n"),
        ("agents.json5", "{defaults: {sandbox: {mode: 'off'}}}"),
    ]);
    assert_eq!(
        taken(&source, &[Edit::set("gateway.bind", "loopback")]),
        one("/c/base.json5", "{\n  // who may call\n  gateway: {bind: 'loopback'}, // open\n}\n")
    );
    assert_eq!(
        taken(&source, &[Edit::set("agents.defaults.sandbox.mode", "all")]),
        one("/c/agents.json5", "{defaults: {sandbox: {mode: 'all'}}}")
    );
}

#[test]
fn a_new_key_goes_to_the_file_that_holds_what_is_around_it() {
    let source = source(&[
        ("openclaw.json", r#"{"gateway": {"$include": "gw.json5"}, "tools": {}}"#),
        ("gw.json5", "{port: 1}"),
    ]);
    assert_eq!(taken(&source, &[Edit::set("gateway.auth.mode", "token")])[0].0, "/c/gw.json5");
    assert_eq!(taken(&source, &[Edit::set("session.dmScope", "main")])[0].0, "/c/openclaw.json");
    let whole = self::source(&[("openclaw.json", r#"{"$include": "all.json5"}"#), ("all.json5", "{port: 1}")]);
    assert_eq!(taken(&whole, &[Edit::set("session.dmScope", "main")])[0].0, "/c/all.json5");
}

#[test]
fn a_joined_list_is_changed_in_the_parts_that_change() {
    let source = source(&[
        ("openclaw.json", r#"{"tools": {"$include": ["a.json", "b.json"], "deny": ["write"]}}"#),
        ("a.json", r#"{"deny": ["browser", "*"]}"#),
        ("b.json", r#"{"deny": ["exec", "*"]}"#),
    ]);
    let names = |files: Vec<(String, String)>| files.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(taken(&source, &[Edit::add("tools.deny", "gateway")])), ["/c/openclaw.json"]);
    let without = json!(["browser", "exec", "write"]);
    assert_eq!(names(taken(&source, &[Edit::set("tools.deny", without)])), ["/c/a.json", "/c/b.json"]);
    assert_eq!(names(taken(&source, &[Edit::set("tools.deny", json!(["x"]))])).len(), 3);
    assert_eq!(names(taken(&source, &[Edit::remove("tools.deny")])).len(), 3);
}

#[test]
fn an_item_of_a_list_is_changed_where_it_is_written() {
    let source = source(&[
        ("openclaw.json", r#"{"agents": {"list": [{"id": "a"}, {"$include": "b.json"}]}}"#),
        ("b.json", r#"{"id": "b", "tools": {"profile": "full"}}"#),
    ]);
    let edits = [Edit::set("agents.list[1].tools.profile", "minimal")];
    assert_eq!(taken(&source, &edits), one("/c/b.json", r#"{"id": "b", "tools": {"profile": "minimal"}}"#));
    let longer = [Edit::set("agents.list[2]", json!({"id": "c"}))];
    let text = r#"{"agents": {"list": [{"id": "a"}, {"$include": "b.json"}, {"id": "c"}]}}"#;
    assert_eq!(taken(&source, &longer), one("/c/openclaw.json", text));
}

#[test]
fn a_file_used_twice_is_overridden_where_that_works_and_left_where_not() {
    let source = source(&[
        ("openclaw.json", r#"{"channels": {"telegram": {"$include": "c.json"}, "slack": {"$include": "c.json"}}}"#),
        ("c.json", r#"{"dmPolicy": "open", "allowFrom": ["*"]}"#),
    ]);
    let text =
        r#"{"channels": {"telegram": {"$include": "c.json", "dmPolicy": "pairing"}, "slack": {"$include": "c.json"}}}"#;
    assert_eq!(taken(&source, &[Edit::set("channels.telegram.dmPolicy", "pairing")]), one("/c/openclaw.json", text));
    let mut draft = Draft::new(&source);
    let why =
        draft.take(&[Edit::set("channels.telegram.dmPolicy", "pairing")]).expect("an override").expect("a reason");
    assert!(why.of(Lang::En).contains("included more than once"));
    let mut draft = Draft::new(&source);
    let stuck = [Edit::set("channels.slack.dmPolicy", "pairing"), Edit::set("channels.telegram.allowFrom", json!([]))];
    let why = draft.take(&stuck).expect_err("a list is joined");
    assert!(why.of(Lang::En).contains("c.json"));
    assert_eq!(draft.merged(), Some(source.value()));
}

#[test]
fn a_locked_file_is_not_touched() {
    let source = source(&[
        ("openclaw.json", r#"{"tools": {"$include": "t.json"}}"#),
        ("!t.json", r#"{"profile": "full", "deny": ["a"]}"#),
    ]);
    let text = r#"{"tools": {"$include": "t.json", "profile": "minimal"}}"#;
    assert_eq!(taken(&source, &[Edit::set("tools.profile", "minimal")]), one("/c/openclaw.json", text));
    let joined = r#"{"tools": {"$include": "t.json", "deny": ["b"]}}"#;
    assert_eq!(taken(&source, &[Edit::add("tools.deny", "b")]), one("/c/openclaw.json", joined));
    let why = Draft::new(&source).take(&[Edit::remove("tools.profile")]).expect_err("it stands there alone");
    assert_eq!(why.of(Lang::En), "it is not ours");
}

#[test]
fn what_was_hidden_does_not_come_back_when_what_hid_it_goes() {
    let source = source(&[
        ("openclaw.json", r#"{"tools": {"$include": "a.json", "elevated": {"enabled": false}}}"#),
        ("a.json", r#"{"elevated": {"enabled": true}}"#),
    ]);
    assert_eq!(taken(&source, &[Edit::remove("tools.elevated.enabled")]).len(), 2);
    let noted = taken(&source, &[Edit::comment("tools.elevated", "was:")]);
    assert!(noted.iter().all(|(_, text)| text.contains("was:")), "{noted:?}");
}
