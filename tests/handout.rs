//! The man page and the completions, made from the command line's definition. Stale ones fail; `UPDATE_HANDOUT=1` makes them anew.

use clap::{Arg, Command};
use clap_complete::{Shell, generate};
use openclaw_harden::checks::TOPICS;
use openclaw_harden::cli;
use openclaw_harden::text::{Lang, Text};
use roff::{Inline, Roff, bold, italic, roman};
use std::fs;
use std::path::Path;

const LANGS: [Lang; 2] = [Lang::En, Lang::Ja];

/// Holds that a file is what is made from the program. With `UPDATE_HANDOUT` it is put there.
fn is_fresh(path: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_HANDOUT").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, fresh).expect("writable");
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(held == fresh, "{} is stale: run the tests with UPDATE_HANDOUT=1", path.display());
}

/// Is the man page, as it is installed.
fn page(lang: Lang) -> String {
    let command = cli::command(lang);
    let mut page = Roff::new();
    page.control("TH", ["OPENCLAW-HARDEN", "1", "", concat!("openclaw-harden ", env!("CARGO_PKG_VERSION"))]);
    if lang == Lang::Ja {
        // Where lines may break in a text without spaces.
        page.control("mso", ["ja.tmac"]);
    }
    // Names of keys and options are neither divided nor spread over the line.
    page.control("nh", []);
    page.control("ad", ["l"]);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    section(&mut page, NAME.of(lang));
    page.text([roman(format!("openclaw-harden - {about}"))]);
    section(&mut page, SYNOPSIS.of(lang));
    for (n, command) in shown(&command).enumerate() {
        if n > 0 {
            page.control("br", []);
        }
        page.text(usage(command));
    }
    section(&mut page, DESCRIPTION.of(lang));
    paragraphs(&mut page, DESCRIBED.of(lang));
    section(&mut page, COMMANDS.of(lang));
    for command in shown(&command).skip(1) {
        page.control("SS", [command.get_name()]);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        page.text([roman(about)]);
        own(command).for_each(|arg| option(&mut page, arg));
    }
    section(&mut page, OPTIONS.of(lang));
    page.text([roman(OF_ALL.of(lang))]);
    command.get_arguments().filter(|arg| arg.is_global_set() || is_clap_s(arg)).for_each(|arg| option(&mut page, arg));
    page.control("SS", [WIZARD.of(lang)]);
    own(&command).for_each(|arg| option(&mut page, arg));
    for (heading, entries) in LISTS {
        section(&mut page, heading.of(lang));
        for (term, text) in *entries {
            page.control("TP", []);
            page.text([bold(*term)]);
            page.text([roman(text.of(lang))]);
        }
    }
    section(&mut page, CHECKS.of(lang));
    for (topic, checks) in TOPICS {
        page.control("SS", [topic.of(lang)]);
        for check in *checks {
            page.control("TP", []);
            page.text([bold(check.id), roman(format!(" ({})", check.severity.name()))]);
            page.text([roman(check.title.of(lang))]);
        }
    }
    page.to_roff()
}

/// The program itself, then the commands that are shown.
fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help");
    std::iter::once(command).chain(commands)
}

/// The arguments that a command alone takes.
fn own(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_global_set() && !is_clap_s(arg) && !arg.is_hide_set())
}

fn is_clap_s(arg: &Arg) -> bool {
    matches!(arg.get_id().as_str(), "help" | "version")
}

fn section(page: &mut Roff, heading: &str) {
    page.control("SH", [heading]);
}

fn paragraphs(page: &mut Roff, text: &str) {
    for paragraph in text.split("\n\n") {
        page.control("PP", []);
        page.text([roman(paragraph)]);
    }
}

fn usage(command: &Command) -> Vec<Inline> {
    let is_root = command.get_name() == "openclaw-harden";
    let mut line = vec![bold("openclaw-harden")];
    if !is_root {
        line.extend([roman(" "), bold(command.get_name())]);
    }
    line.push(roman(" ["));
    line.extend([italic("OPTIONS"), roman("]")]);
    for arg in command.get_positionals() {
        let name = value_names(arg);
        let many = if arg.get_num_args().is_some_and(|number| number.max_values() > 1) { "..." } else { "" };
        let (open, close) = if arg.is_required_set() { (" ", many.to_owned()) } else { (" [", format!("{many}]")) };
        line.extend([roman(open), italic(name), roman(close)]);
    }
    line
}

fn value_names(arg: &Arg) -> String {
    arg.get_value_names().unwrap_or_default().join(" ")
}

fn option(page: &mut Roff, arg: &Arg) {
    let mut head = Vec::new();
    if let Some(short) = arg.get_short() {
        head.extend([bold(format!("-{short}")), roman(", ")]);
    }
    if let Some(long) = arg.get_long() {
        head.push(bold(format!("--{long}")));
    }
    let takes = arg.get_action().takes_values();
    if takes && !arg.is_positional() {
        head.push(roman(" "));
    }
    if takes {
        head.push(italic(value_names(arg)));
    }
    page.control("TP", []);
    page.text(head);
    page.text([roman(arg.get_help().map(ToString::to_string).unwrap_or_default())]);
}

const NAME: Text = Text { en: "NAME", ja: "名前" };
const SYNOPSIS: Text = Text { en: "SYNOPSIS", ja: "書式" };
const DESCRIPTION: Text = Text { en: "DESCRIPTION", ja: "説明" };
const COMMANDS: Text = Text { en: "COMMANDS", ja: "コマンド" };
const OPTIONS: Text = Text { en: "OPTIONS", ja: "オプション" };
const OF_ALL: Text = Text { en: "Every command takes these:", ja: "すべてのコマンドで使えます。" };
const WIZARD: Text = Text { en: "The wizard alone", ja: "ウィザードだけで使えるもの" };
const CHECKS: Text = Text { en: "CHECKS", ja: "チェック項目" };

const DESCRIBED: Text = Text {
    en: "Without a command the wizard opens. It goes through sandbox, workspace, tools, network and pairing, counts the findings \
         before and after at every key press, shows the diff, and writes the config with a backup. Comments, order and formatting \
         of the file stay. Nothing is written before the last question, and nothing that OpenClaw would refuse.\n\n\
         The commands do the same without the wizard, for scripts and for many machines. A change is safe when a working setup \
         keeps working; it needs your OK when it may cut someone or something off.",
    ja: "コマンドを指定しない場合はウィザードが開きます。サンドボックス、ワークスペース、ツール、ネットワーク、ペアリングを順に確認し、\
         キーを押すたびに変更前と変更後の検出事項を数え、差分を示し、バックアップを作成してから書き込みます。\
         ファイルのコメント、順序、書式はそのままです。最後の確認までは何も書き込みません。OpenClaw が拒否する内容は書き込みません。\n\n\
         コマンドでは、ウィザードなしで同じことができます。スクリプトや複数のマシンに使います。変更には2種類あります。\
         「安全」は今の使い方が変わらない変更です。「要確認」は何かが使えなくなることがある変更です。",
};

/// What no definition says: what it gives back, reads and keeps.
const LISTS: &[(Text, &[(&str, Text)])] = &[
    (
        Text { en: "EXIT STATUS", ja: "終了ステータス" },
        &[
            ("0", Text { en: "Done.", ja: "完了。" }),
            (
                "1",
                Text {
                    en: "The audit found something at or above --fail-on, a checkup needs attention, a skill is not reviewed, \
                         or apply left something that it was asked to close.",
                    ja: "監査で --fail-on 以上の検出事項があった、点検で対処が必要なものがあった、未確認のスキルがあった、\
                         または apply で指定された修正が残りました。",
                },
            ),
            (
                "2",
                Text {
                    en: "It could not run; one sentence on standard error says why.",
                    ja: "実行できませんでした。理由は標準エラー出力に1文で示します。",
                },
            ),
        ],
    ),
    (
        Text { en: "ENVIRONMENT", ja: "環境変数" },
        &[
            (
                "OPENCLAW_CONFIG_PATH, OPENCLAW_STATE_DIR, OPENCLAW_PROFILE, OPENCLAW_HOME",
                Text {
                    en: "Name the installation, as for OpenClaw itself; the options come first.",
                    ja: "OpenClaw と同じく、対象の設定を指定します。オプションの指定が優先されます。",
                },
            ),
            (
                "OPENCLAW_INCLUDE_ROOTS",
                Text {
                    en: "Folders beside the config's own from which it may draw in files.",
                    ja: "設定ファイルのフォルダーのほかに、インクルードを許可するフォルダーを指定します。",
                },
            ),
            (
                "OPENCLAW_CONFIG_READONLY, OPENCLAW_NIX_MODE",
                Text {
                    en: "Where one is 1, no config is written.", ja: "どちらかが 1 の場合、設定を書き込みません。"
                },
            ),
            (
                "LC_ALL, LC_MESSAGES, LANG",
                Text {
                    en: "Choose the language unless --lang does.", ja: "--lang を省略した場合の言語を決めます。"
                },
            ),
            (
                "NO_COLOR",
                Text {
                    en: "Where it is set, no colours are used.", ja: "設定されている場合、色を使いません。"
                },
            ),
        ],
    ),
    (
        Text { en: "FILES", ja: "ファイル" },
        &[
            ("~/.openclaw/openclaw.json", Text { en: "The config.", ja: "設定ファイル。" }),
            (
                "~/.local/state/openclaw-harden",
                Text {
                    en: "What this program keeps for itself: accepted findings and skills, what checkups have seen, writes on trial. \
                         It is for its owner alone.",
                    ja: "このプログラムの記録です。受容済みリスク、確認済みのスキル、点検の記録、試行中の書き込みが入ります。\
                         所有者だけが読めます。",
                },
            ),
        ],
    ),
    (
        Text { en: "EXAMPLES", ja: "使用例" },
        &[
            ("openclaw-harden --demo", Text { en: "A look at a bad example.", ja: "問題の多い設定例で試します。" }),
            (
                "openclaw-harden apply --dry-run --posture shared",
                Text {
                    en: "What would change where several people write to the agents.",
                    ja: "複数の知人が使う場合の変更の予定を表示します。",
                },
            ),
            (
                "openclaw-harden apply --yes --confirm-within 60s",
                Text {
                    en: "Hardens the config, and puts it back unless openclaw-harden confirm is run within the minute.",
                    ja: "設定を強化します。60秒以内に openclaw-harden confirm を実行しなければ、元に戻します。",
                },
            ),
            ("openclaw-harden restore", Text { en: "Undoes the last write.", ja: "直前の書き込みを元に戻します。" }),
        ],
    ),
];

#[test]
fn the_man_pages_are_those_of_the_command_line() {
    is_fresh("assets/man/openclaw-harden.1", &page(Lang::En));
    is_fresh("assets/man/ja/openclaw-harden.1", &page(Lang::Ja));
}

#[test]
fn both_man_pages_have_the_same_commands_options_and_checks() {
    let marks = |lang| -> Vec<String> {
        let page = page(lang);
        let words = page.split(|c: char| !(c.is_ascii_alphanumeric() || "-._\\".contains(c)));
        words.filter(|word| word.contains("\\-\\-") || word.contains('_')).map(str::to_owned).collect()
    };
    let [en, ja] = LANGS.map(marks);
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        of.iter().filter(|word| !from.contains(word)).cloned().collect()
    };
    assert_eq!((missing(&ja, &en), missing(&en, &ja)), (Vec::new(), Vec::new()));
}

#[test]
fn the_completions_are_those_of_the_command_line() {
    for (shell, path) in [
        (Shell::Bash, "assets/completions/openclaw-harden.bash"),
        (Shell::Zsh, "assets/completions/_openclaw-harden"),
        (Shell::Fish, "assets/completions/openclaw-harden.fish"),
    ] {
        let mut made = Vec::new();
        generate(shell, &mut cli::command(Lang::En), "openclaw-harden", &mut made);
        is_fresh(path, &String::from_utf8(made).expect("text"));
    }
}
