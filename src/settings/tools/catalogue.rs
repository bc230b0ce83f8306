//! The tools that OpenClaw has: names, groups, profiles, and how much each can do.
//!
//! Names, groups and profiles are OpenClaw's own (2026.9.6), drawn out of the program by `tests/derive/tools.mjs`.
//! How much a tool can do, and the words for the screens, are ours.

use crate::text::Text;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What stands for any tool of any installed plugin.
pub const PLUGIN_TOOL: &str = "some_plugin_tool";
/// What stands for any tool of any MCP server.
pub const MCP_TOOL: &str = "some_server__some_tool";

/// OpenClaw's tool names and lists.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogue {
    /// The OpenClaw version that it was drawn from.
    pub version: String,
    /// Every built-in tool, in OpenClaw's order.
    pub tools: Vec<String>,
    /// The tools of each group, by its whole name, as in `group:fs`.
    pub groups: BTreeMap<String, Vec<String>>,
    /// What each `tools.profile` allows.
    pub profiles: BTreeMap<String, Vec<String>>,
    /// Other names that policy lists may use for a tool.
    pub aliases: BTreeMap<String, String>,
    /// Old names in policy lists, and the tools that they stand for at run time.
    pub renames: BTreeMap<String, Vec<String>>,
    /// The tool policy of sandboxed sessions where `tools.sandbox.tools` is not set.
    pub sandbox: SandboxDefaults,
    /// The tools that change OpenClaw itself.
    pub control_plane: Vec<String>,
    /// The tools that are kept from everybody but owners.
    pub owner_only: Vec<String>,
    /// The program names that OpenClaw takes for interpreters in `safeBins`.
    pub interpreters: Vec<String>,
    /// The program names that do more than a `safeBins` filter should.
    pub broad_bins: Vec<String>,
    /// The ids of the plugins that come with OpenClaw, and the other names under which they are found.
    pub plugins: Vec<String>,
    /// The tools of the plugins that come with OpenClaw, by plugin id.
    pub plugin_tools: BTreeMap<String, Vec<String>>,
    /// The environment variables that give the web search a key.
    pub web_search_keys: Vec<String>,
}

/// The default tool policy of sandboxed sessions.
#[derive(Debug, Default, Deserialize)]
pub struct SandboxDefaults {
    /// What is allowed.
    pub allow: Vec<String>,
    /// What is denied, the ids of all channels among it.
    pub deny: Vec<String>,
}

/// Is the catalogue of OpenClaw 2026.9.6.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| serde_json::from_str(include_str!("../../../assets/tools-2026.9.6.json")).unwrap_or_default());
    &CATALOGUE
}

impl Catalogue {
    /// Is the name by which a tool is matched: trimmed, in lower case, an alias replaced.
    pub fn normal(&self, name: &str) -> String {
        self.normal_name(name).into_owned()
    }

    /// Is the same without a copy where the name is as it should be, as most are.
    pub(super) fn normal_name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let is_lower = name.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase());
        let name = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.trim().to_lowercase()) };
        match self.aliases.get(name.as_ref()) {
            Some(meant) => Cow::Owned(meant.clone()),
            None => name,
        }
    }

    /// Whether it is a built-in tool's own name.
    pub fn is_tool(&self, name: &str) -> bool {
        self.tools.iter().any(|tool| tool == name)
    }

    /// Is what a policy entry stands for: the group's tools, or the name itself.
    pub fn expand(&self, entry: &str) -> Vec<String> {
        let name = self.normal(entry);
        match self.groups.get(&name) {
            Some(tools) => tools.clone(),
            None if name.is_empty() => Vec::new(),
            None => vec![name],
        }
    }

    /// Is what a policy entry stands for beyond [`Catalogue::expand`] once plugins and MCP servers are loaded.
    pub fn expand_loaded(&self, entry: &str) -> Vec<String> {
        let name = self.normal(entry);
        let mut more = self.renames.get(&name).cloned().unwrap_or_default();
        match name.as_str() {
            "group:plugins" => {
                more.extend(self.plugin_tools.values().flatten().cloned());
                more.extend([PLUGIN_TOOL.to_owned(), MCP_TOOL.to_owned()]);
            }
            "bundle-mcp" => more.push(MCP_TOOL.to_owned()),
            _ => more.extend(self.plugin_tools.get(&name).into_iter().flatten().cloned()),
        }
        more
    }

    /// Is the known name that a misspelt or outdated one most likely means.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let name = self.normal(name);
        if let Some((_, meant)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
            return Some(meant);
        }
        let bare = name.strip_prefix("group:");
        if let Some(tool) = bare.and_then(|bare| self.tools.iter().find(|tool| *tool == bare)) {
            return Some(tool);
        }
        let letters = bare.unwrap_or(&name).len();
        let as_group = format!("group:{name}");
        let known = self.tools.iter().chain(self.groups.keys());
        known
            .map(|known| {
                let near = distance(&name, known).min(distance(&as_group, known) + 1);
                (near, known.as_str())
            })
            .filter(|(near, _)| *near <= letters / 4 + 1)
            .min_by_key(|(near, _)| *near)
            .map(|(_, known)| known)
    }
}

/// Names that guides and older versions use, with today's.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("shell", "exec"),
    ("sh", "exec"),
    ("terminal_exec", "exec"),
    ("system.run", "exec"),
    ("fs_read", "read"),
    ("fs_write", "write"),
    ("group:files", "group:fs"),
    ("group:filesystem", "group:fs"),
    ("group:exec", "group:runtime"),
    ("group:shell", "group:runtime"),
    ("image", "view_image"),
    ("group:cron", "automations"),
];

/// Is how many letters differ (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// How much damage a misled agent can do with a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Risk {
    /// Stays within the conversation, or costs money at worst.
    Low,
    /// Reads private data, brings untrusted text in, or writes to people.
    Medium,
    /// Runs programs, changes files, machines or OpenClaw itself, or acts in the name of the owner.
    High,
}

impl Risk {
    /// Is the word for it.
    pub const fn word(self) -> Text {
        match self {
            Risk::Low => Text { en: "low", ja: "低" },
            Risk::Medium => Text { en: "medium", ja: "中" },
            Risk::High => Text { en: "high", ja: "高" },
        }
    }
}

const HIGH: [&str; 23] = [
    "write",
    "edit",
    "apply_patch",
    "exec",
    "process",
    "secrets",
    "sessions_send",
    "sessions_spawn",
    "conversations_send",
    "conversations_turn",
    "github_publish",
    "browser",
    "terminal",
    "portal",
    "automations",
    "gateway",
    "plugins",
    "openclaw",
    "nodes",
    "computer",
    "mobile_ui",
    "skill_workshop",
    "canvas",
];

const LOW: [&str; 24] = [
    "code_execution",
    "agents_wait",
    "sessions_yield",
    "session_status",
    "github_identity_status",
    "suggest_task",
    "dismiss_task",
    "theme",
    "dashboard",
    "show_widget",
    "heartbeat_respond",
    "agents_list",
    "get_goal",
    "create_goal",
    "update_goal",
    "progress_card",
    "ask_user",
    "view_image",
    "image_generate",
    "music_generate",
    "video_generate",
    "tts",
    "pdf",
    "sessions",
];

/// Is how much a tool can do. Of a tool that is not built in nothing is known, so it counts as high.
pub fn risk(tool: &str) -> Risk {
    if LOW.contains(&tool) {
        Risk::Low
    } else if HIGH.contains(&tool) || !catalogue().is_tool(tool) {
        Risk::High
    } else {
        Risk::Medium
    }
}

/// A tool group as the screens show it.
pub struct Group {
    /// Its name in policy lists.
    pub id: &'static str,
    /// Its label, 24 columns at most.
    pub label: Text,
    /// What an agent can do with it.
    pub does: Text,
}

impl Group {
    /// Is its tools.
    pub fn tools(&self) -> &'static [String] {
        catalogue().groups.get(self.id).map_or(&[], Vec::as_slice)
    }

    /// Is the risk of its riskiest tool. Of plugins' tools nothing is known.
    pub fn risk(&self) -> Risk {
        let tools = self.tools().iter();
        tools.map(|tool| risk(tool)).max().unwrap_or(Risk::High)
    }
}

/// The groups that divide all tools among them, the riskiest first.
pub const GROUPS: &[Group] = &[
    Group {
        id: "group:runtime",
        label: Text { en: "Run programs", ja: "プログラムの実行" },
        does: Text {
            en: "Runs shell commands and background programs; asks for stored secrets.",
            ja: "シェルコマンドを実行し、シークレットの入力を求めます。",
        },
    },
    Group {
        id: "group:automation",
        label: Text { en: "Control OpenClaw", ja: "OpenClaw の制御" },
        does: Text {
            en: "Updates OpenClaw, manages plugins, and schedules runs that outlive the chat.",
            ja: "OpenClaw の更新、プラグインの管理、定期実行の登録をします。",
        },
    },
    Group {
        id: "group:nodes",
        label: Text { en: "Other devices", ja: "ほかの端末" },
        does: Text {
            en: "Controls paired phones and computers: camera, screen, mouse, keyboard.",
            ja: "ペアリング済みの端末のカメラ、画面、入力を操作します。",
        },
    },
    Group {
        id: "group:fs",
        label: Text { en: "Files", ja: "ファイル" },
        does: Text { en: "Reads, writes and edits files.", ja: "ファイルを読み書きします。" },
    },
    Group {
        id: "group:ui",
        label: Text { en: "Browser and screens", ja: "ブラウザと画面" },
        does: Text {
            en: "Drives a web browser, shared terminals and the operator's web UI.",
            ja: "ブラウザ、共有ターミナル、管理画面を操作します。",
        },
    },
    Group {
        id: "group:sessions",
        label: Text { en: "Other conversations", ja: "ほかの会話" },
        does: Text {
            en: "Reads and writes other sessions, starts sub-agents, writes to outside chats.",
            ja: "ほかのセッションを読み書きし、サブエージェントを起動します。",
        },
    },
    Group {
        id: "group:agents",
        label: Text { en: "Goals and skills", ja: "目標とスキル" },
        does: Text {
            en: "Keeps goals and progress, asks the user, and writes new skills.",
            ja: "目標と進捗を管理し、利用者に質問し、新しいスキルを書きます。",
        },
    },
    Group {
        id: "group:web",
        label: Text { en: "Web", ja: "Web" },
        does: Text {
            en: "Searches and reads web pages, so text from strangers reaches the agent.",
            ja: "Web を検索して読み込むため、第三者の文章が入力に混ざります。",
        },
    },
    Group {
        id: "group:messaging",
        label: Text { en: "Messages", ja: "メッセージ送信" },
        does: Text {
            en: "Sends messages through the connected channels.",
            ja: "接続済みのチャンネルからメッセージを送ります。",
        },
    },
    Group {
        id: "group:memory",
        label: Text { en: "Memory", ja: "メモリ" },
        does: Text {
            en: "Searches and reads what earlier conversations left in memory.",
            ja: "過去の会話で保存した内容を検索して読みます。",
        },
    },
    Group {
        id: "group:media",
        label: Text { en: "Images, sound, PDF", ja: "画像・音声・PDF" },
        does: Text {
            en: "Looks at images and PDFs; makes images, music, video and speech.",
            ja: "画像や PDF を読み、画像、音楽、動画、音声を作ります。",
        },
    },
    Group {
        id: "group:plugins",
        label: Text { en: "Plugins and MCP", ja: "プラグインと MCP" },
        does: Text {
            en: "Every tool of installed plugins and MCP servers; what they do is theirs to say.",
            ja: "プラグインと MCP サーバーの全ツールです。動作はそれぞれ異なります。",
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_is_read_and_is_of_the_version_in_its_name() {
        assert_eq!(catalogue().version, "2026.9.6");
        assert_eq!(catalogue().tools.len(), 61);
        assert_eq!(catalogue().profiles["minimal"], ["session_status", "gateway"]);
    }

    #[test]
    fn every_built_in_tool_is_in_exactly_one_group_of_the_screens() {
        for tool in &catalogue().tools {
            let groups = GROUPS.iter().filter(|group| group.tools().contains(tool));
            assert_eq!(groups.count(), 1, "{tool}");
        }
    }

    #[test]
    fn every_name_with_a_risk_is_a_tool_and_has_one_risk() {
        for tool in HIGH.iter().chain(&LOW) {
            assert!(catalogue().is_tool(tool), "{tool}");
            assert!(!(HIGH.contains(tool) && LOW.contains(tool)), "{tool}");
        }
    }

    #[test]
    fn the_control_plane_is_of_high_risk() {
        for tool in &catalogue().control_plane {
            assert_eq!(risk(tool), Risk::High);
        }
        assert_eq!(risk(PLUGIN_TOOL), Risk::High);
        assert_eq!(risk("read"), Risk::Medium);
    }

    #[test]
    fn labels_and_texts_fit_their_columns() {
        use unicode_width::UnicodeWidthStr;
        for group in GROUPS {
            for text in [group.label.en, group.label.ja] {
                assert!(text.width() <= 24, "{text}");
            }
        }
    }

    #[test]
    fn names_that_match_nothing_lead_to_the_nearest_real_one() {
        for (name, nearest) in [
            ("group:browser", Some("browser")),
            ("group:filesystem", Some("group:fs")),
            ("web_serch", Some("web_search")),
            ("Shell", Some("exec")),
            ("runtime", Some("group:runtime")),
            ("sys_shutdown", None),
            ("group:nonsense", None),
        ] {
            assert_eq!(catalogue().nearest(name), nearest, "{name}");
        }
    }

    #[test]
    fn aliases_and_groups_expand_as_openclaw_expands_them() {
        assert_eq!(catalogue().expand(" Bash "), ["exec"]);
        assert_eq!(catalogue().expand("group:messaging"), ["message"]);
        assert_eq!(catalogue().expand("group:plugins"), ["group:plugins"]);
        assert!(catalogue().expand_loaded("group:plugins").contains(&"browser".to_owned()));
        assert_eq!(catalogue().expand_loaded("bundle-mcp"), [MCP_TOOL]);
    }
}
