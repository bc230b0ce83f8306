//! The help of the command line in both languages.
//!
//! The English is the doc comments of the arguments. Each stands here once more, beside its Japanese; tests hold that none
//! is missing and none is left over.

use crate::text::{Lang, Text};
use clap::builder::PossibleValue;
use clap::{Arg, Command};

/// What clap says of its own, and what the arguments say.
const HELP: &[Text] = &[
    Text { en: "Print help", ja: "ヘルプを表示" },
    Text { en: "Print version", ja: "バージョンと対応する OpenClaw を表示" },
    Text { en: "Print this message or the help of the given subcommand(s)", ja: "コマンドのヘルプを表示" },
    // The commands.
    Text {
        en: "Hardens an OpenClaw installation: shows what is open, what a change does, and the diff, before it writes",
        ja: "OpenClaw のセキュリティを強化します。開いている箇所、変更の影響、差分を示してから書き込みます",
    },
    Text {
        en: "Lists what is wrong with a config, as OpenClaw's own audit does and beyond it",
        ja: "設定の問題を一覧表示 (OpenClaw の監査の項目と、それ以外の項目)",
    },
    Text {
        en: "Accepts a finding for a time, with a reason", ja: "検出事項のリスクを、理由と期限を付けて受容"
    },
    Text {
        en: "Explains a check, or why an agent can or cannot call a tool",
        ja: "チェック項目、またはツールが使える・使えない理由を説明",
    },
    Text { en: "Hardens a config without the wizard", ja: "ウィザードなしで設定を強化" },
    Text {
        en: "Shows what has happened since the last look: log, containers, approved users, listeners, changes of the config",
        ja: "前回の点検からの変化を表示 (ログ、コンテナ、承認済みユーザー、待ち受けポート、設定の変更)",
    },
    Text {
        en: "Lists skills and plugins that are new or changed since they were accepted",
        ja: "新しいスキルとプラグイン、確認後に変わったものを一覧表示",
    },
    Text {
        en: "Moves secrets out of the config, to a private file beside it",
        ja: "シークレットを設定から、隣の非公開ファイルへ移す",
    },
    Text {
        en: "Lists the backups, or undoes the last write",
        ja: "直前の書き込みを元に戻す。バックアップの一覧も表示",
    },
    Text {
        en: "Keeps a write that was made with --confirm-within, after proving that you get in",
        ja: "--confirm-within での書き込みを、接続できることを確かめてから確定",
    },
    Text { en: "Takes a write on trial back at its deadline", ja: "試行中の書き込みを期限に元に戻す" },
    Text {
        en: "Puts the JSON results of many machines together", ja: "複数のマシンの JSON 出力をまとめる"
    },
    Text {
        en: "Prints what completes commands and options in a shell", ja: "シェルの補完スクリプトを出力"
    },
    Text { en: "Prints the manual page", ja: "マニュアルページを出力" },
    // What every command takes.
    Text { en: "The config file", ja: "設定ファイル" },
    Text { en: "The state folder", ja: "状態フォルダー" },
    Text { en: "The profile, as in openclaw --profile", ja: "プロファイル (openclaw --profile と同じ)" },
    Text {
        en: "The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here",
        ja: "設定を使う OpenClaw のバージョン (例: 2026.9.6)。インストール済みのものと違う場合に指定",
    },
    Text {
        en: "Starts openclaw --version to learn the version, instead of looking at the installed package",
        ja: "パッケージを調べる代わりに openclaw --version を実行してバージョンを確認",
    },
    Text {
        en: "The sandbox engine to plan for; auto asks the machine",
        ja: "想定するコンテナエンジン。auto ではこのマシンで確認",
    },
    Text { en: "The language", ja: "言語" },
    Text { en: "Draws with plain letters", ja: "罫線を ASCII 文字で描画" },
    Text { en: "Uses no colours", ja: "色を使わない" },
    Text { en: "How many backups to keep", ja: "残すバックアップの数" },
    Text { en: "Writes nothing, whatever happens", ja: "何があっても書き込まない" },
    Text { en: "How to print", ja: "出力の形式" },
    Text { en: "The severity from which the exit code is 1", ja: "終了コードを 1 にする最低の重大度" },
    Text {
        en: "The config file; the installation's own where none is given", ja: "設定ファイル。省略時は既定の場所"
    },
    // The wizard.
    Text {
        en: "Opens a bad example and writes nothing", ja: "問題の多い設定例を開く。何も書き込まない"
    },
    Text {
        en: "Plays keys, as in \"<enter><space>j\", then goes on", ja: "キー操作を再生 (例: \"<enter><space>j\")"
    },
    Text { en: "Prints the last frame and ends", ja: "最後の画面を出力して終了" },
    Text { en: "The size of the frame to print, as in 100x30", ja: "出力する画面の大きさ (例: 100x30)" },
    Text {
        en: "Takes every write back after this time, as in 60s or 5m, unless it is confirmed",
        ja: "この時間内に確定しなければ、書き込みを元に戻す (例: 60s、5m)",
    },
    Text {
        en: "Where the answers are saved: on writing, and by `s` on Review",
        ja: "回答の保存先 (書き込み時、または「変更の確認」で s を押したとき)",
    },
    Text {
        en: "Asks line by line, without a screen: for screen readers, and for TERM=dumb, where it is the default",
        ja: "画面を使わず1行ずつ尋ねる (スクリーンリーダー向け。TERM=dumb では既定)",
    },
    Text {
        en: "The background of the terminal, which the colours are chosen for; auto goes by COLORFGBG",
        ja: "配色を合わせる端末の背景。auto は COLORFGBG に従う",
    },
    Text {
        en: "The JSON of an audit to walk through (of OpenClaw's security audit, secrets audit or doctor --lint, or of ours); - reads it from standard input",
        ja: "順に対処する監査の JSON (OpenClaw の security audit、secrets audit、doctor --lint、または本ツールの監査)。- は標準入力",
    },
    Text {
        en: "Where what came of the findings is written: FILE.md or FILE.json",
        ja: "対処結果のレポートの保存先 (FILE.md または FILE.json)",
    },
    Text {
        en: "Runs openclaw security audit on the result too, for the report",
        ja: "変更後に openclaw security audit も実行し、レポートに加える",
    },
    // audit
    Text {
        en: "The config files; the installation's own where none is given",
        ja: "設定ファイル (複数可)。省略時は既定の場所",
    },
    Text {
        en: "An earlier audit in JSON: only what it does not have fails",
        ja: "以前の監査の JSON 出力。そこにない検出事項だけを失敗とする",
    },
    // accept
    Text {
        en: "The finding to accept, as the audit names it", ja: "受容する検出事項の ID (監査の表示と同じ)"
    },
    Text { en: "Only where this key shows it", ja: "このキーの検出事項だけを対象にする" },
    Text { en: "Why it is accepted", ja: "受容する理由" },
    Text { en: "The last day, as in 2027-03-31 (UTC)", ja: "有効期限の日 (UTC、例: 2027-03-31)" },
    Text { en: "Lists what is accepted for this config", ja: "この設定で受容済みのリスクを一覧表示" },
    Text { en: "Takes the acceptance back", ja: "受容を取り消す" },
    // explain
    Text {
        en: "The check, as the audit names it, or tools and groups of them, as in exec or group:fs; a list of all checks where none is given",
        ja: "チェック項目の ID、またはツールかツールグループ (例: exec、group:fs)。省略時は全チェック項目の一覧",
    },
    Text { en: "Explains tools for this agent alone", ja: "このエージェントについてだけ説明" },
    // apply
    Text {
        en: "Whom the installation serves: personal (you alone, the default), shared (people you know), public (strangers)",
        ja: "誰が使うか: personal (自分だけ、既定)、shared (複数の知人)、public (知らない人も)",
    },
    Text {
        en: "Prints what would change and writes nothing", ja: "変更の予定を表示し、何も書き込まない"
    },
    Text {
        en: "Takes only the changes that keep a working setup working; exits with 1 when others are left",
        ja: "今の使い方が変わらない安全な変更だけを適用。ほかが残る場合の終了コードは 1",
    },
    Text {
        en: "Takes every change, those included that may cut someone or something off",
        ja: "使えなくなるものがあるかもしれない変更も含め、すべて適用",
    },
    Text {
        en: "Takes the write back after this time, as in 60s or 5m, unless `confirm` keeps it",
        ja: "この時間内に confirm で確定しなければ、書き込みを元に戻す (例: 60s、5m)",
    },
    Text {
        en: "The answers to take: what --save-answers wrote, or `apply --format json` printed",
        ja: "使う回答のファイル (--save-answers または apply --format json の出力)",
    },
    Text {
        en: "Writes the answers to a file, also on a dry run", ja: "回答をファイルに保存 (ドライランでも保存)"
    },
    // checkup
    Text {
        en: "The Gateway's log, instead of the one that the config names",
        ja: "Gateway のログ (設定の指定の代わりに使う)",
    },
    Text {
        en: "Accepts what was found: devices, users, addresses and the config as they are now",
        ja: "検出した端末、ユーザー、アドレス、設定を、今の状態で受け入れる",
    },
    Text {
        en: "How long docker and podman may take to answer a question, in seconds",
        ja: "docker と podman の応答を待つ秒数",
    },
    Text {
        en: "Prints nothing where nothing needs attention", ja: "対処が必要なものがなければ何も出力しない"
    },
    Text {
        en: "Prints the systemd units and the cron line of a daily checkup",
        ja: "毎日の点検のための systemd ユニットと cron の行を出力",
    },
    Text {
        en: "Puts the systemd units into this user's folder",
        ja: "systemd ユニットを、このユーザーのフォルダーに置く",
    },
    // skills
    Text {
        en: "Accepts these skills as they are now, by name, folder or source; all of them where none is named",
        ja: "指定したスキルを今の状態で確認済みにする (名前、フォルダー、入手元で指定)。省略時はすべて",
    },
    Text { en: "Shows what is reviewed as well", ja: "確認済みのものも表示" },
    // secrets
    Text {
        en: "The keys whose secrets move, as in channels.telegram.botToken; all of them where none is named",
        ja: "シークレットを移すキー (例: channels.telegram.botToken)。省略時はすべて",
    },
    Text {
        en: "Shows what would move and writes nothing", ja: "移動の予定を表示し、何も書き込まない"
    },
    Text { en: "Moves them without asking", ja: "確認なしで移動" },
    Text {
        en: "Removes the old copies of the config that still hold them, for good",
        ja: "シークレットの残る古いコピーを完全に削除",
    },
    // restore
    Text { en: "The backup; the newest where none is given", ja: "バックアップ。省略時は最新のもの" },
    Text {
        en: "Lists the backups and changes nothing", ja: "バックアップを一覧表示し、何も変更しない"
    },
    Text {
        en: "Shows what it would open again and changes nothing", ja: "復元で再び開く箇所を表示し、何も変更しない"
    },
    Text {
        en: "Restores without asking, also where that opens something again",
        ja: "再び開く箇所があっても、確認なしで復元",
    },
    // confirm
    Text {
        en: "Confirms without asking the gateway, where none runs here; the record says so",
        ja: "Gateway が動いていない場合に、接続を確かめずに確定 (記録に残る)",
    },
    Text { en: "Puts everything back now", ja: "今すぐすべて元に戻す" },
    // keep-trial
    Text { en: "The trial's folder", ja: "試行のフォルダー" },
    // report
    Text {
        en: "What audit, apply --dry-run and checkup printed with --format json; web1.audit.json is about the host web1",
        ja: "audit、apply --dry-run、checkup の --format json の出力。web1.audit.json はホスト web1 の結果",
    },
    // completions
    Text { en: "The shell", ja: "シェル" },
];

/// The shape of a help page; clap's own heading of the usage is English.
const PAGE: Text =
    Text { en: "{about}\n\nUsage: {usage}\n\n{all-args}", ja: "{about}\n\n使い方: {usage}\n\n{all-args}" };
const COMMANDS: Text = Text { en: "Commands", ja: "コマンド" };
const COMMAND: Text = Text { en: "COMMAND", ja: "コマンド" };
const ARGUMENTS: Text = Text { en: "Arguments", ja: "引数" };
const OPTIONS: Text = Text { en: "Options", ja: "オプション" };

/// Puts a command line's help into a language. It parses as before.
pub(super) fn spoken(mut command: Command, lang: Lang) -> Command {
    command.build();
    translated(command, lang)
}

fn translated(command: Command, lang: Lang) -> Command {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    command
        .about(in_language(&about, lang).to_owned())
        .help_template(PAGE.of(lang))
        .subcommand_help_heading(COMMANDS.of(lang))
        .subcommand_value_name(COMMAND.of(lang))
        .mut_args(|arg| {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let help = format!("{}{}", in_language(&help, lang), values(&arg, lang));
            let heading = if arg.is_positional() { ARGUMENTS } else { OPTIONS };
            arg.help(help).help_heading(heading.of(lang)).hide_default_value(true).hide_possible_values(true)
        })
        .mut_subcommands(|command| translated(command, lang))
}

/// Is a help text in a language; as it is where it has no Japanese.
fn in_language(en: &str, lang: Lang) -> &str {
    HELP.iter().find(|text| text.en == en).map_or(en, |text| text.of(lang))
}

/// Says which values an argument takes, and which it has unless another is given.
fn values(arg: &Arg, lang: Lang) -> String {
    const VALUES: Text = Text { en: " [values: {values}]", ja: " [値: {values}]" };
    const DEFAULT: Text = Text { en: " [default: {value}]", ja: " [既定値: {value}]" };
    let mut said = String::new();
    if !arg.get_action().takes_values() {
        return said;
    }
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        let names: Vec<&str> = possible.iter().map(PossibleValue::get_name).collect();
        said.push_str(&VALUES.with("values", names.join(", ")).of(lang));
    }
    for default in arg.get_default_values() {
        said.push_str(&DEFAULT.with("value", default.display()).of(lang));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;
    use std::collections::BTreeSet;

    /// Is every text of the help, as clap would show it.
    fn texts(command: &Command, found: &mut BTreeSet<String>) {
        let own = command.get_about().into_iter().chain(command.get_arguments().filter_map(Arg::get_help));
        found.extend(own.map(ToString::to_string));
        command.get_subcommands().for_each(|command| texts(command, found));
    }

    #[test]
    fn every_text_of_the_help_has_its_japanese_and_no_japanese_is_left_over() {
        let mut command = Cli::command();
        command.build();
        let mut shown = BTreeSet::new();
        texts(&command, &mut shown);
        let held: BTreeSet<String> = HELP.iter().map(|text| text.en.to_owned()).collect();
        let differ: Vec<_> = shown.symmetric_difference(&held).collect();
        assert!(differ.is_empty(), "in the help or in HELP of src/cli/help.rs alone: {differ:#?}");
    }

    #[test]
    fn the_japanese_command_line_parses_as_the_english_one() {
        let parsed = |lang, line: &str| {
            let matches = spoken(Cli::command(), lang).try_get_matches_from(line.split(' '));
            matches.map_err(|error| error.kind()).map(|matches| format!("{:?}", matches.subcommand()))
        };
        for line in [
            "openclaw-harden audit a.json --fail-on warn --lang ja",
            "openclaw-harden --lang ja --demo",
            "openclaw-harden apply --posture public --yes --keep-backups 3",
            "openclaw-harden apply --help",
            "openclaw-harden help apply",
            "openclaw-harden -h",
            "openclaw-harden --version",
            "openclaw-harden frobnicate",
            "openclaw-harden audit --fail-on maybe",
        ] {
            assert_eq!(parsed(Lang::Ja, line), parsed(Lang::En, line), "{line}");
        }
    }

    #[test]
    fn the_japanese_help_names_every_option_and_has_no_english_heading() {
        let page = |name: &str| {
            let line = ["openclaw-harden", name, "--help"];
            let line = line.into_iter().filter(|word| !word.is_empty());
            spoken(Cli::command(), Lang::Ja).try_get_matches_from(line).map(|_| ()).map_err(|error| error.to_string())
        };
        let mut command = Cli::command();
        command.build();
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help");
        for command in shown.chain([&command]) {
            let is_root = command.get_name() == "openclaw-harden";
            let page = page(if is_root { "" } else { command.get_name() });
            let page = page.expect_err("help ends the parsing");
            for option in command.get_arguments().filter_map(Arg::get_long) {
                assert!(page.contains(&format!("--{option}")), "{option} is missing:\n{page}");
            }
            for english in ["Usage", "Options:", "Commands:", "Arguments:", "possible values", "default:"] {
                assert!(!page.contains(english), "{english}:\n{page}");
            }
        }
    }
}
