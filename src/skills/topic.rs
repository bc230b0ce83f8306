//! What a skill can want or show: one line a topic.

use crate::text::Text;
use serde::{Deserialize, Serialize};

/// What a sign speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Runs what the network sends.
    ShellFromNetwork,
    /// Opens this machine to a remote shell.
    ReverseShell,
    /// Reads keys, tokens, passwords or wallets.
    Credentials,
    /// Sends data away.
    SendsOut,
    /// Runs or holds what is encoded.
    EncodedCode,
    /// Holds text that people do not see.
    HiddenText,
    /// Tells the model to override or to hide something.
    Override,
    /// Has instructions fetched from elsewhere.
    RemoteInstructions,
    /// Comes back after a restart.
    Persistence,
    /// Changes what the agent is told in every session.
    AgentMemory,
    /// Weakens a guard: OpenClaw's, or the system's.
    WeakensGuards,
    /// Takes more rights.
    Privilege,
    /// Watches the user.
    Spying,
    /// Deletes or destroys.
    Destroys,
    /// Mines coins.
    Mining,
    /// Installs from where nobody vouches.
    OddInstall,
    /// Reaches an address that hides who is behind it.
    OddHost,
    /// Looks like something that it is not.
    Deception,
    /// Would steer a terminal.
    TerminalEscapes,
    /// Is machine code or an archive, which cannot be read here.
    Opaque,
    /// Leads out of its own folder.
    LeavesFolder,
    /// Installs a package whose version is not fixed.
    Unpinned,
    /// Runs commands as another user.
    Sudo,
    /// Changes OpenClaw's config.
    Config,
    /// Calls a program.
    Program,
    /// Reaches a host.
    Host,
    /// Touches files outside the workspace.
    Path,
    /// Reads a secret from the environment.
    Env,
}

impl Topic {
    /// Whether it is a sign of harm; the others are ordinary wishes.
    pub const fn is_alarm(self) -> bool {
        (self as u8) < (Topic::Unpinned as u8)
    }

    /// Is what it means, for people.
    pub const fn text(self) -> Text {
        match self {
            Topic::ShellFromNetwork => Text {
                en: "runs what it downloads, unread",
                ja: "ダウンロードした内容を確認なしに実行します",
            },
            Topic::ReverseShell => Text {
                en: "gives somebody else a shell on this machine",
                ja: "外部の相手にこのマシンのシェルを渡します",
            },
            Topic::Credentials => Text {
                en: "reads keys, tokens, passwords or wallets",
                ja: "鍵、トークン、パスワード、ウォレットを読み取ります",
            },
            Topic::SendsOut => Text {
                en: "sends data of this machine away",
                ja: "このマシンのデータを外部に送信します",
            },
            Topic::EncodedCode => Text {
                en: "hides code or text by encoding it",
                ja: "コードや文章をエンコードして隠しています",
            },
            Topic::HiddenText => Text {
                en: "has text that people do not see and the model does",
                ja: "人には見えず、モデルには読める文章があります",
            },
            Topic::Override => Text {
                en: "tells the model to override its rules or to hide what it does",
                ja: "ルールの無視や行動の隠蔽をモデルに指示します",
            },
            Topic::RemoteInstructions => Text {
                en: "has the model follow instructions from elsewhere, which can change at any time",
                ja: "外部にある指示 (いつでも変更可能) にモデルを従わせます",
            },
            Topic::Persistence => Text {
                en: "sets itself up to run again later",
                ja: "あとで自動的に動くように自身を登録します",
            },
            Topic::AgentMemory => Text {
                en: "writes into the files that every session of the agent reads",
                ja: "エージェントの全セッションが読むファイルに書き込みます",
            },
            Topic::WeakensGuards => Text {
                en: "weakens a guard of OpenClaw or of the system",
                ja: "OpenClaw やシステムの防御を弱めます",
            },
            Topic::Privilege => {
                Text { en: "takes more rights than it needs", ja: "必要以上の権限を取得します" }
            }
            Topic::Spying => Text {
                en: "watches keys, screen, clipboard, camera or microphone",
                ja: "キー入力、画面、クリップボード、カメラ、マイクを監視します",
            },
            Topic::Destroys => {
                Text { en: "deletes or destroys data or traces", ja: "データや記録を削除・破壊します" }
            }
            Topic::Mining => Text { en: "mines coins", ja: "暗号資産を採掘します" },
            Topic::OddInstall => Text {
                en: "installs software from where nobody vouches for it",
                ja: "出所を確認できないソフトウェアを導入します",
            },
            Topic::OddHost => Text {
                en: "reaches an address that hides who is behind it",
                ja: "相手がわからない宛先に接続します",
            },
            Topic::Deception => {
                Text { en: "looks like something that it is not", ja: "別のものに見せかけています" }
            }
            Topic::TerminalEscapes => Text {
                en: "has control characters that would steer a terminal",
                ja: "端末を操作する制御文字があります",
            },
            Topic::Opaque => Text {
                en: "has machine code or an archive that cannot be read here",
                ja: "中身を確認できない実行ファイルやアーカイブがあります",
            },
            Topic::LeavesFolder => Text {
                en: "has a link that leads out of its folder",
                ja: "フォルダーの外へのリンクがあります",
            },
            Topic::Unpinned => Text {
                en: "installs packages of no fixed version",
                ja: "バージョンを固定せずに導入します",
            },
            Topic::Sudo => {
                Text { en: "runs commands as administrator", ja: "管理者としてコマンドを実行します" }
            }
            Topic::Config => Text { en: "changes OpenClaw's config", ja: "OpenClaw の設定を変更します" },
            Topic::Program => Text { en: "calls programs", ja: "プログラムを呼び出します" },
            Topic::Host => Text { en: "reaches hosts", ja: "外部のホストに接続します" },
            Topic::Path => Text {
                en: "touches files outside the workspace",
                ja: "ワークスペースの外のファイルに触れます",
            },
            Topic::Env => Text {
                en: "reads secrets from the environment", ja: "環境変数のシークレットを読み取ります"
            },
        }
    }
}
