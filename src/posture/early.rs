//! Switches that weaken a guard, and that only versions before 2026.8.1 have. Gone keys are the step Mend's; these still work.

use super::{Choice, Control, Row, Scene, Step, as_written};
use crate::document::{Edit, Path};
use crate::settings::Shape;
use crate::text::Text;
use serde_json::Value;

pub(super) const CONTROLS: &[Control] = &[INSECURE_AUTH, ACCESS_GROUPS, REDACT];

const INSECURE_AUTH: Control = Control {
    id: "early.allowInsecureAuth",
    step: Step::Network,
    label: Text { en: "Sign-in over HTTP", ja: "HTTP でのサインイン" },
    why: Text {
        en: "Over plain HTTP the token can be read on the way. Versions from 2026.8.1 no longer have this switch and act as if it were off.",
        ja: "HTTP ではトークンが通信の途中で読まれることがあります。2026.8.1 以降にこの設定はなく、常に無効として動作します。",
    },
    rows: |scene| {
        const OFF: Text = Text {
            en: "Browsers no longer sign in to the Control UI over plain HTTP from other machines. Open it here, or over HTTPS.",
            ja: "ほかのマシンから HTTP で Control UI にサインインできなくなります。このマシン上か HTTPS で開いてください。",
        };
        strict(scene, "gateway.controlUi.allowInsecureAuth", &true.into(), false.into(), OFF)
    },
};

const ACCESS_GROUPS: Control = Control {
    id: "early.useAccessGroups",
    step: Step::Pairing,
    label: Text { en: "Who may use commands", ja: "コマンドの使用者" },
    why: Text {
        en: "With this off, anyone in an allowed channel can use slash commands. Versions from 2026.8.1 no longer have the switch and always look at the sender.",
        ja: "無効にすると、許可したチャンネルにいる人は誰でもスラッシュコマンドを使えます。2026.8.1 以降にこの設定はなく、常に送信者を確認します。",
    },
    rows: |scene| {
        const ON: Text = Text {
            en: "Slash commands work only for senders who are on a list or are paired.",
            ja: "スラッシュコマンドを使えるのは、リストにある送信者かペアリング済みの送信者だけになります。",
        };
        strict(scene, "commands.useAccessGroups", &false.into(), true.into(), ON)
    },
};

const REDACT: Control = Control {
    id: "early.redactSensitive",
    step: Step::Remaining,
    label: Text { en: "Secrets in the log", ja: "ログのシークレット" },
    why: Text {
        en: "With this off, tokens and passwords that tools are called with stand in the log. Versions from 2026.8.1 always leave them out.",
        ja: "無効にすると、ツールに渡したトークンやパスワードがログに残ります。2026.8.1 以降は常に伏せられます。",
    },
    rows: |scene| {
        const TOOLS: Text = Text {
            en: "Tokens and passwords no longer stand in the log. Nothing else changes.",
            ja: "トークンやパスワードがログに残らなくなります。ほかの動作は変わりません。",
        };
        let mut rows = strict(scene, "logging.redactSensitive", &"off".into(), "tools".into(), TOOLS);
        for choice in rows.iter_mut().flat_map(|row| row.choices.iter_mut().skip(1)) {
            choice.weight = super::Weight::Safe;
        }
        rows
    },
};

/// Is the row that makes a switch strict, where an early version reads it and the file has it loose.
fn strict(scene: &Scene, key: &str, loose: &Value, strict: Value, effect: Text) -> Vec<Row> {
    let path = Path::from(key);
    if scene.now.shape() != Shape::Early || path.of(scene.now.written()) != Some(loose) {
        return Vec::new();
    }
    let shown = strict.as_str().map_or_else(|| strict.to_string(), str::to_owned);
    let choice = Choice::ask(shown, vec![Edit::set(&path, strict)], effect);
    vec![Row::new(&path, as_written(scene.now, &path)).recommend(choice)]
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::plan::{Answers, Plan, Undecided};
    use crate::posture::Means;
    use crate::settings::{Facts, Version};
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn hardened(config: Value, openclaw: Version) -> Value {
        let document = Document::parse(config.to_string().as_bytes()).expect("JSON");
        let facts = Arc::new(Facts { openclaw, ..Facts::default() });
        let means = Means { gateway_secret: "5e".repeat(24), hooks_secret: "a7".repeat(24), ..Means::default() };
        let answers = Answers { undecided: Undecided::All, ..Answers::default() };
        Plan::new(&document, &facts, &means, &answers).expect("edits that can be made").candidate.value().clone()
    }

    #[test]
    fn a_switch_that_an_early_version_reads_is_made_strict_and_a_later_one_loses_it() {
        let config = json!({
            "gateway": {"mode": "local", "controlUi": {"allowInsecureAuth": true}},
            "commands": {"useAccessGroups": false},
            "logging": {"redactSensitive": "off"},
        });
        let early = hardened(config.clone(), Version::EARLY);
        assert_eq!(early["gateway"]["controlUi"]["allowInsecureAuth"], false);
        assert_eq!(early["commands"]["useAccessGroups"], true);
        assert_eq!(early["logging"]["redactSensitive"], "tools");
        let current = hardened(config, Version::CURRENT);
        assert!(current["logging"].get("redactSensitive").is_none());
    }
}
