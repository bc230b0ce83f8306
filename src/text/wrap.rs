//! Lines by display width: English breaks at spaces, Japanese between characters with kinsoku.
//!
//! ratatui's own wrapping moves a whole unspaced Japanese run to the next line and knows no kinsoku, so it is not used.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What must not begin a line.
const NO_START: &str = "、。，．」』）)]｝・ー？！?:;,.%々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ";
/// What must not end a line; what 未 begins is one word.
const NO_END: &str = "「『（([$#未";
/// A break after one of these reads best.
const GOOD_END: &str = "、。";
/// After one of these a phrase mostly ends.
const PARTICLES: &str = "はがをにでとのもへ";
/// The most columns that a katakana word takes to be kept whole.
const WORD: usize = 24;
/// How many columns a narrow line may give up for a better break.
const GIVE_UP: usize = 10;

/// Is the width of a text in terminal columns.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text to a width, with `...` where something was cut; never through a wide character.
pub fn clip(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let dots = columns.min(3);
    let mut kept = fitting(text, columns - dots).to_owned();
    kept.push_str(&"..."[..dots]);
    kept
}

/// Cuts a path in the middle, so that the file's name stays.
pub fn clip_path(path: &str, columns: usize) -> String {
    if width(path) <= columns || columns < 8 {
        return clip(path, columns);
    }
    let name = path.rfind('/').map_or(path, |slash| &path[slash..]);
    let room = columns.saturating_sub(width(name) + 3);
    if room == 0 {
        return clip(name.trim_start_matches('/'), columns);
    }
    format!("{}...{name}", fitting(path, room))
}

/// Cuts a key at its beginning, so that what it is called stays.
pub fn clip_key(key: &str, columns: usize) -> String {
    if width(key) <= columns || columns < 8 {
        return clip(key, columns);
    }
    let tail = ending(key, columns - 3);
    // Better a whole name than one name more, and than to say that there are others.
    if key[..key.len() - tail.len()].ends_with('.') {
        return format!("...{tail}");
    }
    match (tail.split_once('.'), key.rsplit_once('.')) {
        (Some((_, names)), _) => format!("...{names}"),
        (None, Some((_, name))) if width(name) <= columns => name.to_owned(),
        (None, _) => format!("...{tail}"),
    }
}

/// Cuts a text in the middle, so that its beginning and its end stay.
pub fn clip_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns || columns < 8 {
        return clip(text, columns);
    }
    let head = fitting(text, (columns - 3) / 2);
    format!("{head}...{}", ending(text, columns - 3 - width(head)))
}

/// Is as much of a text's end as fits.
fn ending(text: &str, mut room: usize) -> &str {
    let fits = |(_, c): &(usize, char)| {
        let wide = c.width().unwrap_or(0);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    };
    let from = text.char_indices().rev().take_while(fits).last().map_or(text.len(), |(at, _)| at);
    &text[from..]
}

/// Breaks a text where a line is full, with every blank kept: for what is shown as written.
pub fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while width(rest) > columns.max(2) {
        let line = fitting(rest, columns.max(2));
        lines.push(line.to_owned());
        rest = &rest[line.len()..];
    }
    lines.push(rest.to_owned());
    lines
}

/// Brings a text to exactly a width, by cutting or by blanks at its end.
pub fn pad(text: &str, columns: usize) -> String {
    let mut cell = clip(text, columns);
    let missing = columns - width(&cell);
    cell.extend(std::iter::repeat_n(' ', missing));
    cell
}

/// Is the longest beginning of a text that fits a width.
fn fitting(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// Breaks a text into lines of at most `columns`; line breaks in it stay.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    text.split('\n').flat_map(|paragraph| wrap_paragraph(paragraph, columns)).collect()
}

/// What is never broken: a Latin word, or a wide character with what must stay with it.
struct Piece {
    text: String,
    spaced: bool,
}

impl Piece {
    fn width(&self) -> usize {
        width(&self.text)
    }

    fn ends_with(&self, set: &str) -> bool {
        self.text.chars().last().is_some_and(|c| set.contains(c))
    }

    fn is_wide(&self) -> bool {
        self.text.chars().any(is_wide)
    }
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

fn pieces(paragraph: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut spaced = false;
    let mut before: Option<char> = None;
    for c in paragraph.chars() {
        if c == ' ' {
            spaced = true;
            before = None;
            continue;
        }
        let joins = before.is_some_and(|last| {
            (!is_wide(c) && !is_wide(last))
                || c.width() == Some(0)
                || NO_START.contains(c)
                || NO_END.contains(last)
                || (last.is_ascii_digit() && is_wide(c))
        });
        match pieces.last_mut() {
            Some(piece) if joins => piece.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), spaced: spaced && !pieces.is_empty() }),
        }
        spaced = false;
        before = Some(c);
    }
    pieces
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}')
}

/// Puts katakana words together again, where a line has room for them.
fn whole_words(pieces: Vec<Piece>, columns: usize) -> Vec<Piece> {
    let most = WORD.min(columns / 2);
    let mut whole: Vec<Piece> = Vec::new();
    let mut rest = pieces.into_iter().peekable();
    while let Some(mut piece) = rest.next() {
        let mut parts: Vec<Piece> = Vec::new();
        let mut goes_on = piece.text.ends_with(is_katakana);
        while let Some(next) = rest.next_if(|next| goes_on && !next.spaced && next.text.starts_with(is_katakana)) {
            goes_on = next.text.ends_with(is_katakana);
            parts.push(next);
        }
        if piece.width() + parts.iter().map(Piece::width).sum::<usize>() <= most {
            parts.drain(..).for_each(|part| piece.text.push_str(&part.text));
        }
        whole.push(piece);
        whole.append(&mut parts);
    }
    whole
}

fn wrap_paragraph(paragraph: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut used = 0;
    for piece in whole_words(pieces(paragraph), columns).into_iter().flat_map(|piece| split(piece, columns)) {
        let needed = piece.width() + usize::from(piece.spaced && used > 0);
        if used > 0 && used + needed > columns {
            let carried = carry(lines.last_mut(), &piece, columns);
            used = carried.iter().map(|piece| piece.width() + usize::from(piece.spaced)).sum();
            lines.push(carried);
        }
        used += piece.width() + usize::from(piece.spaced && used > 0);
        if let Some(line) = lines.last_mut() {
            line.push(piece);
        }
    }
    mend_short_end(&mut lines);
    lines.iter().map(|line| joined(line)).collect()
}

/// Takes from the end of a line what reads better on the next one: the words after the last 、 or 。, else after the last particle.
fn carry(line: Option<&mut Vec<Piece>>, next: &Piece, columns: usize) -> Vec<Piece> {
    let Some(line) = line.filter(|_| next.is_wide()) else {
        return Vec::new();
    };
    let room = columns.saturating_sub(next.width() + 1);
    let limit = (columns / 5).clamp(GIVE_UP, 2 * GIVE_UP).min(room);
    for is_good in [ends_clause, ends_phrase] {
        let mut given = 0;
        for at in (1..=line.len()).rev() {
            let after = line.get(at).unwrap_or(next);
            given += line.get(at).map_or(0, |piece| piece.width() + usize::from(piece.spaced));
            if given > limit {
                break;
            }
            if is_good(&line[at - 1], after) {
                return line.split_off(at);
            }
        }
    }
    Vec::new()
}

fn ends_clause(before: &Piece, _: &Piece) -> bool {
    before.ends_with(GOOD_END)
}

/// Whether a particle stands before what is not kana that could belong to it.
fn ends_phrase(before: &Piece, after: &Piece) -> bool {
    let is_hiragana = |c: char| matches!(c, '\u{3041}'..='\u{309f}');
    before.ends_with(PARTICLES) && !after.text.starts_with(is_hiragana)
}

/// Keeps a last line of one or two Japanese characters from standing alone.
fn mend_short_end(lines: &mut [Vec<Piece>]) {
    let [.., before, last] = lines else { return };
    while last.iter().map(Piece::width).sum::<usize>() <= 4 && last.iter().all(Piece::is_wide) && before.len() > 2 {
        let Some(moved) = before.pop() else { return };
        last.insert(0, moved);
    }
}

fn joined(line: &[Piece]) -> String {
    let mut text = String::new();
    for piece in line {
        if piece.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&piece.text);
    }
    text
}

/// Breaks what is longer than a line: after `/` where it can, else anywhere.
fn split(piece: Piece, columns: usize) -> Vec<Piece> {
    if piece.width() <= columns {
        return vec![piece];
    }
    let mut parts = Vec::new();
    let mut rest = piece.text.as_str();
    let mut spaced = piece.spaced;
    while !rest.is_empty() {
        let mut part = fitting(rest, columns);
        if part.len() < rest.len()
            && let Some(slash) = part.rfind('/').filter(|slash| *slash > 0)
        {
            part = &part[..=slash];
        }
        parts.push(Piece { text: part.to_owned(), spaced });
        spaced = false;
        rest = &rest[part.len()..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_whole_names_at_its_end() {
        let key = "gateway.nodes.denyCommands";
        assert_eq!(clip_key(key, 26), key);
        assert_eq!(clip_key(key, 22), "...nodes.denyCommands");
        assert_eq!(clip_key(key, 20), "...denyCommands");
        assert_eq!(clip_key(key, 15), "...denyCommands");
        assert_eq!(clip_key(key, 12), "denyCommands");
        assert_eq!(clip_key(key, 11), "...Commands");
        assert_eq!(clip_key("tools.exec.timeoutSec", 18), "...exec.timeoutSec");
        assert_eq!(clip_key("channels.チャンネル", 12), "チャンネル");
        assert_eq!(clip_key("channels.チャンネル", 9), "...ンネル");
    }

    #[test]
    fn english_breaks_at_spaces_only() {
        assert_eq!(
            wrap("Senders not yet approved will get a code.", 16),
            ["Senders not yet", "approved will", "get a code."]
        );
    }

    #[test]
    fn no_line_begins_with_a_closing_mark_or_small_kana_or_ends_with_an_opening_one() {
        let text = "サンドボックスがないと、「ツール」はこのマシンで、自分の権限のままで動きます。ファイルの書き込みも(すべて)できます。";
        for columns in 8..60 {
            for line in wrap(text, columns) {
                assert!(width(&line) <= columns, "{line} is wider than {columns}");
                assert!(!NO_START.contains(line.chars().next().unwrap_or('x')), "{line}");
                assert!(!NO_END.contains(line.chars().last().unwrap_or('x')), "{line}");
            }
        }
    }

    #[test]
    fn nothing_is_lost_by_wrapping() {
        let text = "Gateway が LAN にバインドされ、認証が設定されていません。7件の変更を書き込みますか?";
        for columns in 10..70 {
            let strip = |s: &str| s.replace(' ', "");
            assert_eq!(strip(&wrap(text, columns).concat()), strip(text));
        }
    }

    #[test]
    fn a_number_stays_with_its_counter() {
        for columns in 6..30 {
            let lines = wrap("先に7件の変更と12件の検出事項を確認します。", columns);
            assert!(lines.iter().all(|line| !line.ends_with(|c: char| c.is_ascii_digit())), "{lines:?}");
        }
    }

    #[test]
    fn a_japanese_line_prefers_to_break_after_a_comma() {
        assert_eq!(
            wrap("リストにある送信者は、一言で外に出られます。", 28),
            ["リストにある送信者は、", "一言で外に出られます。"]
        );
    }

    #[test]
    fn a_japanese_line_breaks_between_phrases_where_it_can() {
        assert_eq!(wrap("拒否はほかのリストに優先します", 28), ["拒否はほかのリストに", "優先します"]);
        assert_eq!(
            wrap("ホストのプログラムやフォルダーを使えなくなります", 40),
            ["ホストのプログラムやフォルダーを", "使えなくなります"]
        );
    }

    #[test]
    fn one_or_two_characters_do_not_stand_alone() {
        let lines = wrap("グループには応答しなくなります", 26);
        assert!(lines.last().is_some_and(|line| width(line) > 4), "{lines:?}");
    }

    #[test]
    fn a_katakana_word_is_kept_whole_where_a_line_has_room() {
        let text = "必要な「ツール」を追加してください。ネットワークのセッションとプロファイルを確認します。";
        for columns in 28..60 {
            let lines = wrap(text, columns);
            for word in ["ツール", "ネットワーク", "セッション", "プロファイル"] {
                assert!(lines.iter().any(|line| line.contains(word)), "{columns}: {lines:?}");
            }
        }
        assert_eq!(wrap("アカウントプロファイルマネージャー", 20).concat(), "アカウントプロファイルマネージャー");
    }

    #[test]
    fn a_long_path_breaks_after_a_slash() {
        assert_eq!(wrap("/home/someone/projects/openclaw", 16), ["/home/someone/", "projects/", "openclaw"]);
    }

    #[test]
    fn cutting_counts_columns_and_never_halves_a_character() {
        assert_eq!(clip("日本語の設定", 9), "日本語...");
        assert_eq!(clip("日本語の設定", 8), "日本...");
        assert_eq!(clip("loopback", 8), "loopback");
        assert_eq!(pad("日本語の設定", 8), "日本... ");
        assert_eq!(pad("ab", 4), "ab  ");
        assert_eq!(clip("abcdef", 2), "..");
    }

    #[test]
    fn cutting_in_the_middle_keeps_both_ends() {
        assert_eq!(clip_middle("telegram.groups.*.requireMention", 16), "telegr...Mention");
        assert_eq!(clip_middle("日本語の設定ファイル", 12), "日本...イル");
        assert_eq!(clip_middle("short", 16), "short");
    }

    #[test]
    fn breaking_keeps_every_blank() {
        assert_eq!(broken("  a  b", 4), ["  a ", " b"]);
        assert_eq!(broken("日本語", 5), ["日本", "語"]);
    }

    #[test]
    fn no_line_ends_within_what_is_not_yet() {
        assert!(wrap("そのキーは未知のキーです", 14).iter().all(|line| !line.ends_with('未')));
    }

    #[test]
    fn a_cut_path_keeps_the_files_name() {
        let cut = clip_path("/home/someone/very/deep/folder/openclaw.json", 30);
        assert_eq!(cut, "/home/someone.../openclaw.json");
        assert_eq!(width(&cut), 30);
    }
}
