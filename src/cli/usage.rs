//! What is wrong with a command line, in one sentence and in both languages.

use crate::text::{Lang, Said, Text};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error;
use std::fmt;

/// Why a value of an option cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unusable(pub(super) Text);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.en)
    }
}

impl Error for Unusable {}

/// Is what is said of a command line that cannot be run; none for help and version, which are asked for.
pub(super) fn said(error: &clap::Error, lang: Lang) -> Option<String> {
    const HELP: Text = Text { en: "See: openclaw-harden --help", ja: "使い方の表示: openclaw-harden --help" };
    if !error.use_stderr() {
        return None;
    }
    Some(nearest(error).into_iter().fold(what(error), Said::then).then(HELP).of(lang))
}

fn what(error: &clap::Error) -> Said {
    const NO_COMMAND: Text =
        Text { en: "There is no command \"{given}\".", ja: "コマンド \"{given}\" はありません。" };
    const NO_OPTION: Text = Text {
        en: "There is no option {given} here.",
        ja: "ここで使えるオプション {given} はありません。",
    };
    const NO_VALUE: Text = Text { en: "{option} needs a value.", ja: "{option} には値が必要です。" };
    const VALUE: Text = Text {
        en: "\"{given}\" is no value of {option}. It takes {values}.",
        ja: "\"{given}\" は {option} の値として使えません。使える値: {values}。",
    };
    const REFUSED: Text = Text {
        en: "\"{given}\" is no value of {option}: {why}.",
        ja: "\"{given}\" は {option} の値として使えません。{why}。",
    };
    const NO_VALUES: Text = Text { en: "{option} takes no value.", ja: "{option} に値は指定できません。" };
    const TOGETHER: Text = Text {
        en: "{option} cannot be used with {other}.",
        ja: "{option} と {other} は同時に指定できません。",
    };
    const TWICE: Text = Text { en: "{option} can be given once.", ja: "{option} は1回だけ指定できます。" };
    const MISSING: Text = Text { en: "{options} must be given as well.", ja: "{options} も必要です。" };
    const WIZARD: Text = Text {
        en: "--demo, --keys, --print, --size, --background, --plain, --findings and the wizard's --save-answers and --confirm-within take no command.",
        ja: "--demo、--keys、--print、--size、--background、--plain、--findings と、ウィザードの --save-answers、--confirm-within は、コマンドと同時に指定できません。",
    };
    const UTF8: Text = Text {
        en: "An argument is not valid UTF-8.", ja: "引数に UTF-8 でない文字が含まれています。"
    };
    const OTHER: Text =
        Text { en: "The command line cannot be read.", ja: "コマンドラインを解釈できません。" };
    let given = |kind| all(error, kind).join(", ");
    let option = || given(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::InvalidSubcommand => NO_COMMAND.with("given", given(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => NO_OPTION.with("given", option()),
        ErrorKind::InvalidValue if given(ContextKind::InvalidValue).is_empty() => NO_VALUE.with("option", option()),
        ErrorKind::InvalidValue => VALUE
            .with("given", given(ContextKind::InvalidValue))
            .with("option", option())
            .with("values", given(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => {
            let why = error.source().map(|why| match why.downcast_ref::<Unusable>() {
                Some(Unusable(text)) => Said::from(*text),
                None => Said::from(why.to_string()),
            });
            REFUSED
                .with("given", given(ContextKind::InvalidValue))
                .with("option", option())
                .with_said("why", why.unwrap_or_else(|| Said::from(String::new())))
        }
        ErrorKind::TooManyValues => NO_VALUES.with("option", option()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => NO_VALUE.with("option", option()),
        ErrorKind::ArgumentConflict if option().is_empty() => WIZARD.into(),
        ErrorKind::ArgumentConflict => {
            let other = given(ContextKind::PriorArg);
            match other == option() {
                true => TWICE.with("option", other),
                false => TOGETHER.with("option", option()).with("other", other),
            }
        }
        ErrorKind::MissingRequiredArgument => MISSING.with("options", option()),
        ErrorKind::InvalidUtf8 => UTF8.into(),
        _ => OTHER.into(),
    }
}

/// Says what is spelled alike.
fn nearest(error: &clap::Error) -> Option<Said> {
    const NEAREST: Text = Text { en: "Closest: {nearest}.", ja: "近いもの: {nearest}。" };
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let alike: Vec<String> = kinds.into_iter().flat_map(|kind| all(error, kind)).collect();
    (!alike.is_empty()).then(|| NEAREST.with("nearest", alike.join(", ")))
}

/// Is what clap knows of one kind.
fn all(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(many)) => many.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    fn said_of(line: &str, lang: Lang) -> Option<String> {
        let parsed = Cli::try_parse_from(line.split(' ')).and_then(Cli::checked);
        said(&parsed.err()?, lang)
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence_with_what_is_alike() {
        let en = |line| said_of(line, Lang::En).unwrap_or_default();
        assert_eq!(
            en("openclaw-harden aduit"),
            "There is no command \"aduit\". Closest: audit. See: openclaw-harden --help"
        );
        assert_eq!(
            en("openclaw-harden audit --fail-on maybe"),
            "\"maybe\" is no value of --fail-on <SEVERITY>. It takes critical, warn, info, never. See: openclaw-harden --help"
        );
        assert!(en("openclaw-harden apply --confirm-within 3d").contains("write a time as in 60s, 5m or 1h"));
        assert!(en("openclaw-harden apply --dry-run --confirm-within 3s").contains("cannot be used with"));
        assert!(en("openclaw-harden accept some.check").contains("--reason <TEXT>"));
        assert!(en("openclaw-harden --demo audit").starts_with("--demo, --keys"));
        assert_eq!(said_of("openclaw-harden --help", Lang::En), None);
        assert_eq!(said_of("openclaw-harden --version", Lang::En), None);
    }

    #[test]
    fn every_kind_of_fault_is_said_in_japanese() {
        for line in [
            "openclaw-harden aduit",
            "openclaw-harden audit --fail",
            "openclaw-harden audit --fail-on",
            "openclaw-harden audit --fail-on maybe",
            "openclaw-harden audit --no-color=x",
            "openclaw-harden --lang ja --lang en audit",
            "openclaw-harden --openclaw-version next audit",
            "openclaw-harden apply --confirm-within 3d",
            "openclaw-harden apply --confirm-within 99h",
            "openclaw-harden apply --dry-run --confirm-within 3s",
            "openclaw-harden accept some.check",
            "openclaw-harden --demo audit",
            "openclaw-harden checkup --patience 0",
            "openclaw-harden --keep-backups many audit",
        ] {
            let said = said_of(line, Lang::Ja).unwrap_or_default();
            assert!(said.contains("使い方の表示") && said.contains('。'), "{line}: {said}");
            for english in ["value", "error", "write", "cannot", "invalid", "digit", " in ", "解釈できません"] {
                assert!(!said.contains(english), "{line}: {said}");
            }
        }
    }
}
