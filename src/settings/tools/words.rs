//! The words for decisions: where a tool works, who is asked, who calls, and why.

use super::permissions::Sender;
use super::policy::Layer;
use super::reach::{Approval, Decision, Files, Place, Session};
use crate::text::{Said, Text};

impl Session {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Session::Main => "main",
            Session::Other => "other",
        }
    }

    /// Is the words for it.
    pub const fn text(self) -> Text {
        match self {
            Session::Main => Text { en: "main session", ja: "メインセッション" },
            Session::Other => Text { en: "other sessions", ja: "ほかのセッション" },
        }
    }
}

impl Sender {
    /// Is its name in machine-readable output, as in `owner`, `id:42`, `elevated:telegram`.
    pub fn name(&self) -> String {
        match self {
            Sender::Owner => "owner".to_owned(),
            Sender::Other => "other".to_owned(),
            Sender::Listed(key) => key.clone(),
            Sender::Elevated(channel) => format!("elevated:{channel}"),
        }
    }

    /// Is the words for it.
    pub fn said(&self) -> Said {
        match self {
            Sender::Owner => Text { en: "owner", ja: "所有者" }.into(),
            Sender::Other => Text { en: "others", ja: "ほかの送信者" }.into(),
            Sender::Listed(key) => key.clone().into(),
            Sender::Elevated(channel) => {
                Text { en: "/elevated on {channel}", ja: "{channel} の /elevated" }.with("channel", channel)
            }
        }
    }
}

impl Place {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Place::Sandbox => "sandbox",
            Place::Gateway => "gateway",
            Place::Node => "node",
        }
    }

    /// Is the words for it.
    pub const fn text(self) -> Text {
        match self {
            Place::Sandbox => Text { en: "in the sandbox", ja: "サンドボックス内" },
            Place::Gateway => Text { en: "on the gateway's machine", ja: "Gateway のホスト" },
            Place::Node => Text { en: "on a paired device", ja: "ペアリング済みの端末" },
        }
    }

    /// Is the shortest word for it, 4 columns.
    pub const fn short(self) -> &'static str {
        match self {
            Place::Sandbox => "box",
            Place::Gateway => "host",
            Place::Node => "node",
        }
    }
}

impl Approval {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Approval::Denied => "denied",
            Approval::Listed => "allowlist",
            Approval::Always => "always",
            Approval::OnMiss => "on-miss",
            Approval::Reviewed => "auto",
            Approval::None => "none",
        }
    }

    /// Is the words for it.
    pub const fn text(self) -> Text {
        match self {
            Approval::Denied => Text { en: "every call is refused", ja: "すべて拒否" },
            Approval::Listed => Text { en: "approved commands alone", ja: "承認済みのコマンドのみ" },
            Approval::Always => Text { en: "asks before each command", ja: "毎回確認" },
            Approval::OnMiss => {
                Text { en: "asks before commands that are not approved", ja: "未承認のコマンドは確認" }
            }
            Approval::Reviewed => {
                Text { en: "a model reviews what is not approved", ja: "未承認のコマンドはモデルが審査" }
            }
            Approval::None => Text { en: "nobody is asked", ja: "確認なし" },
        }
    }
}

impl Files {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Files::None => "none",
            Files::Own => "sandbox",
            Files::ReadOnly => "workspace-ro",
            Files::Workspace => "workspace",
            Files::Host => "host",
        }
    }

    /// Is the words for it; none where there is nothing to say.
    pub const fn text(self) -> Option<Text> {
        match self {
            Files::None => None,
            Files::Own => Some(Text { en: "files of its own alone", ja: "専用フォルダーのみ" }),
            Files::ReadOnly => {
                Some(Text { en: "reads the workspace", ja: "ワークスペースは読み取りのみ" })
            }
            Files::Workspace => Some(Text { en: "files of the workspace", ja: "ワークスペースのファイル" }),
            Files::Host => Some(Text { en: "every file of the host", ja: "ホストの全ファイル" }),
        }
    }
}

impl Layer {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Layer::None => "none",
            Layer::Profile => "profile",
            Layer::AlsoAllow => "alsoAllow",
            Layer::ProviderProfile => "provider-profile",
            Layer::Global => "global",
            Layer::Provider => "provider",
            Layer::Agent => "agent",
            Layer::Group => "group",
            Layer::Sender => "sender",
            Layer::Sandbox => "sandbox",
            Layer::ReadOnly => "workspace-access",
            Layer::Exec => "exec",
            Layer::Approvals => "exec-approvals",
            Layer::Owner => "owner",
            Layer::Elevated => "elevated",
        }
    }
}

impl Decision {
    /// Is why it is decided so, with the key that decides.
    pub fn why(&self) -> Said {
        const OPEN: Text = Text {
            en: "Nothing restricts it; {key} could.",
            ja: "制限はありません ({key} で制限できます)。",
        };
        const ALLOWS: Text = Text { en: "{key} allows it.", ja: "{key} で許可されています。" };
        const ALLOWS_BY: Text =
            Text { en: "{key} allows it by \"{entry}\".", ja: "{key} の \"{entry}\" で許可されています。" };
        const DENIES: Text =
            Text { en: "{key} denies it by \"{entry}\".", ja: "{key} の \"{entry}\" で拒否されています。" };
        const LEAVES_OUT: Text = Text {
            en: "{key} does not have it, and allows only what it has.",
            ja: "{key} に含まれていないため使えません。",
        };
        const READ_ONLY: Text = Text {
            en: "{key} is \"ro\": nothing is written from the sandbox.",
            ja: "{key} が \"ro\" のため、サンドボックスから書き込めません。",
        };
        const NO_BROWSER: Text = Text {
            en: "The sandbox has no browser: {key} does not switch one on.",
            ja: "サンドボックスにブラウザがありません ({key} で有効にできます)。",
        };
        const NO_COMMAND: Text =
            Text { en: "{key} lets no command run.", ja: "{key} により、コマンドは実行できません。" };
        const NO_SANDBOX: Text = Text {
            en: "{key} sends commands to a sandbox, and this session has none.",
            ja: "{key} はサンドボックス内での実行を指定していますが、このセッションにはサンドボックスがありません。",
        };
        const OWNERS: Text = Text {
            en: "OpenClaw keeps it for owners; {key} says who they are.",
            ja: "所有者専用のツールです ({key} で所有者を指定します)。",
        };
        const ELEVATED: Text = Text {
            en: "{key} lets them take it out of the sandbox.",
            ja: "{key} の送信者は、サンドボックスの外で実行できます。",
        };
        const APPROVALS_DENY: Text = Text {
            en: "The exec approvals let no command run: {entry} (openclaw approvals get).",
            ja: "exec 承認の設定 {entry} により、コマンドは実行できません (openclaw approvals get)。",
        };
        const APPROVALS_ASK: Text = Text {
            en: "The exec approvals are stricter than {key}: {entry} (openclaw approvals get).",
            ja: "exec 承認の設定 {entry} が {key} より厳しく制限しています (openclaw approvals get)。",
        };
        let text = match (self.layer, self.allowed, &self.entry) {
            (Layer::None, ..) => OPEN,
            (Layer::ReadOnly, ..) => READ_ONLY,
            (Layer::Owner, ..) => OWNERS,
            (Layer::Elevated, ..) => ELEVATED,
            (Layer::Approvals, false, _) => APPROVALS_DENY,
            (Layer::Approvals, true, _) => APPROVALS_ASK,
            (Layer::Exec, ..) if self.key.last_key() == Some("host") => NO_SANDBOX,
            (Layer::Exec, ..) => NO_COMMAND,
            (Layer::Sandbox, false, None) if self.key.last_key() == Some("browser") => NO_BROWSER,
            (_, true, Some(_)) => ALLOWS_BY,
            (_, true, None) => ALLOWS,
            (_, false, Some(_)) => DENIES,
            (_, false, None) => LEAVES_OUT,
        };
        text.with("key", &self.key).with("entry", self.entry.as_deref().unwrap_or_default())
    }
}
