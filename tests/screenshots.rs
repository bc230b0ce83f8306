//! Pictures of every page and a short walk, drawn from real frames, most of them on the demo config. Stale ones fail; `UPDATE_SCREENSHOTS=1` draws
//! them anew.

use crate::stage::{FakeDisk, Stage, document, found};
use crate::wizard::OLD;
use openclaw_harden::findings;
use openclaw_harden::text::Lang;
use openclaw_harden::tui::theme::{Background, Depth, Look};
use openclaw_harden::tui::{Session, words};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

const SIZE: (u16, u16) = (112, 32);
const CELL: (u16, u16) = (9, 19);
const MARGIN: u16 = 12;
const BACKGROUND: &str = "#1c2128";
const FOREGROUND: &str = "#d5dbe3";
const FONT: &str =
    "DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK JP, Noto Sans CJK JP, Hiragino Sans, Yu Gothic, monospace";

/// A report on the demo, as OpenClaw's audit prints it.
const REPORT: &str = r#"{"ts": 1, "summary": {"critical": 2, "warn": 1, "info": 0}, "findings": [
    {"checkId": "security.exposure.open_groups_with_elevated", "severity": "critical", "title": "Open to all, and elevated",
        "detail": "Open: channels.discord.groupPolicy, channels.telegram.dmPolicy.", "remediation": "Close what is open."},
    {"checkId": "gateway.bind_no_auth", "severity": "critical", "title": "No secret", "detail": "", "remediation": ""},
    {"checkId": "gateway.auth_no_rate_limit", "severity": "warn", "title": "No limit", "detail": "", "remediation": ""}]}"#;

/// Every page, and the keys that lead there.
fn pages() -> Vec<(&'static str, String)> {
    let accepted = "<enter>".repeat(40);
    let page = |keys: &str| keys.to_owned();
    vec![
        ("start", String::new()),
        ("sandbox", page("2")),
        ("workspace", page("3")),
        ("tools", page("4")),
        ("asks", page("4<enter>")),
        ("matrix", page("2<space>4m")),
        ("network", page("5")),
        ("pairing", page("6")),
        ("remaining", page("7")),
        ("search", page("4/exec")),
        ("help", page("4?")),
        ("review", format!("{accepted}8")),
        ("diff", format!("{accepted}8<tab>")),
        ("stays", format!("{accepted}8<tab><tab>")),
        ("stops", format!("{accepted}8<tab><tab><tab>")),
        ("ways", format!("{accepted}8<tab><tab><tab><tab>")),
        ("write", format!("{accepted}8w")),
        ("done", format!("{accepted}8w<enter>")),
    ]
}

/// Holds that a picture is as it would be drawn now. With `UPDATE_SCREENSHOTS` it is drawn.
fn hold(name: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("screenshots/{name}.svg"));
    if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, fresh).expect("the picture can be written");
    } else {
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == fresh, "{} is stale: run with UPDATE_SCREENSHOTS=1", path.display());
    }
}

#[test]
fn the_screenshots_show_the_program_as_it_is() {
    for (name, keys) in pages() {
        for (lang, suffix) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
            let mut disk = FakeDisk::default();
            let frame = Stage::new(coloured(lang), &mut disk, SIZE).play(&keys).frame();
            hold(&format!("{name}-{suffix}"), &svg(&[(frame, 0.0)], SIZE));
        }
    }
}

#[test]
fn the_screenshots_of_what_the_demo_does_not_have_show_the_program_as_it_is() {
    for (lang, suffix) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let mut refused = found(lang);
        refused.source = document(OLD).into();
        let refused = Session::new(refused, look()).expect("a refused config can be planned");
        let mut walking = coloured(lang);
        walking.begin_walk(findings::parse(REPORT.as_bytes()).expect("a report")).expect("a walk");
        for (name, session, keys) in [("mend", refused, "2<end>"), ("findings", walking, "")] {
            let mut disk = FakeDisk::default();
            let frame = Stage::new(session, &mut disk, SIZE).play(keys).frame();
            hold(&format!("{name}-{suffix}"), &svg(&[(frame, 0.0)], SIZE));
        }
    }
}

#[test]
fn every_page_has_its_screenshot() {
    let named: Vec<String> = pages().into_iter().map(|(name, _)| name.to_owned()).collect();
    for page in 0..=words::DONE {
        let name = words::page(page).en.to_lowercase();
        assert!(named.contains(&name), "{name}");
    }
}

/// A walk through the demo: what is shown, for how many seconds, and the keys that lead on.
const WALK: [(f32, &str); 9] = [
    (3.5, ""),
    (2.5, "4"),
    (2.5, "<space>"),
    (3.5, "<enter>"),
    (2.5, "1<enter><enter><enter>"),
    (2.5, "/lan"),
    (3.0, "<esc>8"),
    (3.0, "<tab>"),
    (4.0, "w<enter>"),
];

#[test]
fn the_walk_shows_the_program_as_it_is() {
    let size = (90, 26);
    for (lang, suffix) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let mut disk = FakeDisk::default();
        let mut stage = Stage::new(coloured(lang), &mut disk, size);
        let frames: Vec<(Buffer, f32)> =
            WALK.into_iter().map(|(seconds, keys)| (stage.play(keys).frame(), seconds)).collect();
        let walk = svg(&frames, size);
        assert!(walk.len() < 200_000, "{} bytes are too many for a README", walk.len());
        hold(&format!("walk-{suffix}"), &walk);
    }
}

#[test]
fn a_picture_holds_no_control_characters_and_ends_what_it_begins() {
    let mut disk = FakeDisk::default();
    let frame = Stage::new(coloured(Lang::Ja), &mut disk, SIZE).play("5").frame();
    let picture = svg(&[(frame, 0.0)], SIZE);
    assert!(picture.chars().all(|c| c == '\n' || !c.is_control()));
    assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count());
    assert!(picture.ends_with("</svg>\n"));
    let mut texts = picture.lines().filter_map(|line| line.strip_prefix("<text ")?.split_once('>'));
    assert!(texts.all(|(_, text)| !text.trim_end_matches("</text>").contains(' ')));
}

/// The demo as a terminal of 24 bits shows it.
fn coloured(lang: Lang) -> Session {
    Session::new(found(lang), look()).expect("the demo can be planned")
}

fn look() -> Look {
    Look::new(Depth::True, Background::Dark, false)
}

/// What one colour and one weight of letters have in common.
#[derive(Clone, PartialEq)]
struct Style {
    colour: String,
    bold: bool,
    dim: bool,
}

fn style(cell: &Cell) -> (Style, Option<&'static str>) {
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    let colour = if reversed { BACKGROUND.to_owned() } else { colour(cell.fg) };
    let style =
        Style { colour, bold: cell.modifier.contains(Modifier::BOLD), dim: cell.modifier.contains(Modifier::DIM) };
    (style, reversed.then_some(FOREGROUND))
}

fn colour(colour: Color) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => FOREGROUND.to_owned(),
    }
}

/// Draws a frame; of several one after the other, each for its seconds, again and again.
fn svg(frames: &[(Buffer, f32)], (columns, lines): (u16, u16)) -> String {
    let (cell_width, cell_height) = CELL;
    let (width, height) = (columns * cell_width + 2 * MARGIN, lines * cell_height + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <g font-family=\"{FONT}\" font-size=\"15\">\n"
    );
    let whole: f32 = frames.iter().map(|(_, seconds)| seconds).sum();
    let mut from = 0.0;
    for (n, (buffer, seconds)) in frames.iter().enumerate() {
        if frames.len() > 1 {
            // The first is what stands where nothing moves.
            let hidden = if n == 0 { "" } else { " visibility=\"hidden\"" };
            let (begin, end) = (from / whole, (from + seconds) / whole);
            let (times, values) = match n {
                0 => (format!("0;{end:.4}"), "visible;hidden"),
                _ => (format!("0;{begin:.4};{:.4}", end.min(1.0)), "hidden;visible;hidden"),
            };
            let _ = writeln!(
                svg,
                "<g{hidden}><animate attributeName=\"visibility\" dur=\"{whole}s\" repeatCount=\"indefinite\" \
                 calcMode=\"discrete\" keyTimes=\"{times}\" values=\"{values}\"/>"
            );
            from += seconds;
        }
        for y in 0..buffer.area.height {
            let mut x = 0;
            while x < buffer.area.width {
                x = draw_run(&mut svg, buffer, x, y);
            }
        }
        if frames.len() > 1 {
            svg.push_str("</g>\n");
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Draws the cells from `x` on that share a style and a kind; gives where the next run begins.
fn draw_run(svg: &mut String, buffer: &Buffer, start: u16, y: u16) -> u16 {
    let (cell_width, cell_height) = CELL;
    let kind = |x: u16| {
        let cell = &buffer[(x, y)];
        (style(cell), cell.symbol().width().max(1), strokes(cell.symbol()).is_some())
    };
    let first = kind(start);
    let columns = u16::try_from(first.1).unwrap_or(1);
    let mut end = start;
    let mut text = String::new();
    let mut places = Vec::new();
    while end < buffer.area.width && kind(end) == first {
        text.push_str(buffer[(end, y)].symbol());
        places.push(MARGIN + end * cell_width);
        end += columns;
    }
    let (left, top) = (MARGIN + start * cell_width, MARGIN + y * cell_height);
    let run_width = (end - start) * cell_width;
    let ((style, background), _, is_frame) = first;
    if let Some(background) = background {
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{run_width}\" height=\"{cell_height}\" fill=\"{background}\"/>"
        );
    }
    if text.trim().is_empty() {
        return end;
    }
    let opacity = if style.dim { " opacity=\"0.62\"" } else { "" };
    let colour = &style.colour;
    if text.chars().all(|symbol| symbol == '─') {
        let middle = top + cell_height / 2;
        let _ =
            writeln!(svg, "<path d=\"M{left} {middle}.5h{run_width}\" stroke=\"{colour}\" fill=\"none\"{opacity}/>");
        return end;
    }
    if is_frame {
        for (place, symbol) in places.iter().zip(text.chars()) {
            let d = strokes(&symbol.to_string()).unwrap_or_default();
            let _ = writeln!(
                svg,
                "<path transform=\"translate({place} {top})\" d=\"{d}\" stroke=\"{colour}\" fill=\"none\"{opacity}/>"
            );
        }
        return end;
    }
    let weight = if style.bold { " font-weight=\"bold\"" } else { "" };
    let baseline = top + 14;
    // A fallback font must not shift the columns: narrow runs have a length, wide characters a place each.
    let place = if columns == 1 {
        format!("x=\"{left}\" textLength=\"{run_width}\" lengthAdjust=\"spacingAndGlyphs\"")
    } else {
        let places: Vec<String> = places.iter().map(u16::to_string).collect();
        format!("x=\"{}\" font-size=\"17\"", places.join(" "))
    };
    // Browsers leave out blanks at the ends of a text and make one of many, but for those that break no line.
    let text = text.replace(' ', "\u{a0}").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(svg, "<text {place} y=\"{baseline}\" fill=\"{colour}\"{weight}{opacity}>{text}</text>");
    end
}

/// Is the strokes of a frame symbol, so that lines join whatever the font.
fn strokes(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "─" => "M0 9.5H9",
        "│" => "M4.5 0V19",
        "┃" => "M4.5 0V19 M5.5 0V19",
        "┌" => "M4.5 19V9.5H9",
        "┐" => "M4.5 19V9.5H0",
        "└" => "M4.5 0V9.5H9",
        "┘" => "M4.5 0V9.5H0",
        "┬" => "M0 9.5H9 M4.5 9.5V19",
        "┴" => "M0 9.5H9 M4.5 0V9.5",
        _ => return None,
    })
}
