//! Switches that weaken a guard, and that only versions before 2026.8.1 have: later ones act as if they were strict.

use super::{Check, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::{Settings, Shape};
use crate::text::Text;
use serde_json::Value;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "gateway.control_ui.insecure_auth",
        severity: Severity::Warn,
        title: Text {
            en: "The Control UI accepts a sign-in without its usual safeguards",
            ja: "Control UI が、通常の保護なしのサインインを受け付けます",
        },
        why: Text {
            en: "Over plain HTTP the token can be read on the way, and this switch lets such pages try to sign in.",
            ja: "HTTP ではトークンが通信の途中で読まれることがあります。この設定は、そのようなページからのサインインを認めます。",
        },
        test: |settings| {
            let key = "gateway.controlUi.allowInsecureAuth";
            when(is_set(settings, key, &true.into()), || Hit::at(key).found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.controlUi.allowInsecureAuth to false, and open the Control UI on this machine or over HTTPS.",
            ja: "gateway.controlUi.allowInsecureAuth を false にし、Control UI はこのマシン上か HTTPS で開いてください。",
        }),
        risky: "// openclaw 2026.3.7\n{gateway: {controlUi: {allowInsecureAuth: true}}}",
        safe: "// openclaw 2026.3.7\n{gateway: {controlUi: {allowInsecureAuth: false}}}",
        reference: "gateway.controlUi.allowInsecureAuth",
    },
    Check {
        id: "logging.redact_off",
        severity: Severity::Warn,
        title: Text {
            en: "The log shows what tools were called with, secrets included",
            ja: "ツール呼び出しの内容が、シークレットも含めてログに残ります",
        },
        why: Text {
            en: "Whoever reads the log or the status output reads tokens and passwords in it.",
            ja: "ログや状態表示を見た人は、その中のトークンやパスワードも読めます。",
        },
        test: |settings| {
            let key = "logging.redactSensitive";
            when(is_set(settings, key, &"off".into()), || Hit::at(key).found("off").wanted("tools"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set logging.redactSensitive to \"tools\".",
            ja: "logging.redactSensitive を \"tools\" にしてください。",
        }),
        risky: "// openclaw 2026.3.7\n{logging: {redactSensitive: \"off\"}}",
        safe: "// openclaw 2026.3.7\n{logging: {redactSensitive: \"tools\"}}",
        reference: "logging.redactSensitive",
    },
    Check {
        id: "harden.commands.access_groups_off",
        severity: Severity::Critical,
        title: Text {
            en: "Slash commands do not look at who sends them",
            ja: "スラッシュコマンドの送信者が確認されません",
        },
        why: Text {
            en: "In Discord and Slack anyone in an allowed channel can use slash commands, those that steer the agent included.",
            ja: "Discord や Slack の許可したチャンネルにいる人は誰でも、エージェントを操作するスラッシュコマンドも使えます。",
        },
        test: |settings| {
            let key = "commands.useAccessGroups";
            when(is_set(settings, key, &false.into()), || Hit::at(key).found(false).wanted(true))
        },
        mend: Mend::ByPlan(Text {
            en: "Set commands.useAccessGroups to true.",
            ja: "commands.useAccessGroups を true にしてください。",
        }),
        risky: "// openclaw 2026.3.7\n{commands: {useAccessGroups: false}}",
        safe: "// openclaw 2026.3.7\n{commands: {useAccessGroups: true}}",
        reference: "commands.useAccessGroups",
    },
];

/// Whether an early version reads this key, and the file has this value for it.
fn is_set(settings: &Settings, key: &str, value: &Value) -> bool {
    settings.shape() == Shape::Early && Path::from(key).of(settings.written()) == Some(value)
}
