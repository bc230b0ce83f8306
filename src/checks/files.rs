//! Files and folders of the installation that others on this machine can read or change.

use super::{Check, Hit, Mend, Severity, when};
use crate::settings::{FileFact, FileRole, Settings};
use crate::text::Text;

const OTHERS_WRITE: u32 = 0o002;
const GROUP_WRITES: u32 = 0o020;
const OTHERS_READ: u32 = 0o004;
const GROUP_READS: u32 = 0o040;
const WRITE: u32 = OTHERS_WRITE | GROUP_WRITES;
const READ: u32 = OTHERS_READ | GROUP_READS;

const CLOSE_FOLDER: Text = Text {
    en: "Run: chmod 700, with the folder that the finding names.",
    ja: "検出事項に示されたフォルダーに chmod 700 を実行してください。",
};

const CLOSE_FILE: Text = Text {
    en: "Run: chmod 600, with the file that the finding names.",
    ja: "検出事項に示されたファイルに chmod 600 を実行してください。",
};

const REFERENCE: &str = "https://docs.openclaw.ai/gateway/security";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "fs.state_dir.symlink",
        severity: Severity::Warn,
        title: Text {
            en: "The state folder is a symbolic link", ja: "状態フォルダーがシンボリックリンクです"
        },
        why: Text {
            en: "Whoever can change the link or its target decides where OpenClaw keeps its secrets and what it reads back.",
            ja: "リンクやリンク先を変更できる人が、OpenClaw のシークレットの保存先と、読み込む内容を決められます。",
        },
        test: |settings| files(settings, FileRole::StateDir, |file| file.symlink),
        mend: Mend::Manual(Text {
            en: "Stop the gateway, move the folder to where the link is, and start the gateway again.",
            ja: "Gateway を停止し、フォルダーをリンクの位置に移してから、Gateway を起動してください。",
        }),
        risky: "// link StateDir 0700 /home/me/.openclaw\n{}",
        safe: "// file StateDir 0700 /home/me/.openclaw\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.state_dir.perms_world_writable",
        severity: Severity::Critical,
        title: Text {
            en: "Every user of this machine can write into the state folder",
            ja: "このホストのすべてのユーザーが状態フォルダーに書き込めます",
        },
        why: Text {
            en: "Another user can put in a plugin, a session or a config of theirs, and it runs with your accounts.",
            ja: "ほかのユーザーがプラグインや設定を置くと、自分のアカウントの権限で動作します。",
        },
        test: |settings| files(settings, FileRole::StateDir, |file| file.mode & OTHERS_WRITE != 0),
        mend: Mend::Manual(CLOSE_FOLDER),
        risky: "// file StateDir 0777 /home/me/.openclaw\n{}",
        safe: "// file StateDir 0700 /home/me/.openclaw\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.state_dir.perms_group_writable",
        severity: Severity::Warn,
        title: Text {
            en: "Your group can write into the state folder",
            ja: "グループのユーザーが状態フォルダーに書き込めます",
        },
        why: Text {
            en: "Another user of the group can put in a plugin, a session or a config of theirs, and it runs with your accounts.",
            ja: "同じグループのユーザーがプラグインや設定を置くと、自分のアカウントの権限で動作します。",
        },
        test: |settings| files(settings, FileRole::StateDir, |file| file.mode & WRITE == GROUP_WRITES),
        mend: Mend::Manual(CLOSE_FOLDER),
        risky: "// file StateDir 0770 /home/me/.openclaw\n{}",
        safe: "// file StateDir 0700 /home/me/.openclaw\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.state_dir.perms_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Others can list the state folder",
            ja: "ほかのユーザーが状態フォルダーの一覧を読み取れます",
        },
        why: Text {
            en: "Other users of this machine see which accounts and sessions there are, and read every file that is not closed itself.",
            ja: "このホストのほかのユーザーが、アカウントやセッションの一覧を見て、個別に保護されていないファイルを読み取れます。",
        },
        test: |settings| files(settings, FileRole::StateDir, |file| file.mode & WRITE == 0 && file.mode & READ != 0),
        mend: Mend::Manual(CLOSE_FOLDER),
        risky: "// file StateDir 0755 /home/me/.openclaw\n{}",
        safe: "// file StateDir 0711 /home/me/.openclaw\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config.symlink",
        severity: Severity::Warn,
        title: Text {
            en: "openclaw.json is a symbolic link", ja: "openclaw.json がシンボリックリンクです"
        },
        why: Text {
            en: "Whoever can change its target changes the config. OpenClaw replaces the link by a file at its next write, and the target stays old.",
            ja: "リンク先を変更できる人が設定を変更できます。OpenClaw は次の書き込みでリンクをファイルに置き換え、リンク先は古いまま残ります。",
        },
        test: |settings| files(settings, FileRole::Config, |file| file.symlink),
        mend: Mend::Manual(Text {
            en: "Replace the link by a copy of its target, with mode 0600.",
            ja: "リンクを、リンク先のコピー (パーミッション 0600) に置き換えてください。",
        }),
        risky: "// link Config 0600 /home/me/.openclaw/openclaw.json\n{}",
        safe: "// file Config 0600 /home/me/.openclaw/openclaw.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config.perms_writable",
        severity: Severity::Critical,
        title: Text {
            en: "Others can change openclaw.json", ja: "ほかのユーザーが openclaw.json を変更できます"
        },
        why: Text {
            en: "Another user of this machine can switch off authentication or let an agent run commands as you.",
            ja: "このホストのほかのユーザーが、認証を外したり、自分の権限でコマンドを実行するエージェントを設定したりできます。",
        },
        test: |settings| files(settings, FileRole::Config, |file| file.mode & WRITE != 0),
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Config 0666 /home/me/.openclaw/openclaw.json\n{}",
        safe: "// file Config 0600 /home/me/.openclaw/openclaw.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config.perms_world_readable",
        severity: Severity::Critical,
        title: Text {
            en: "Every user of this machine can read openclaw.json",
            ja: "このホストのすべてのユーザーが openclaw.json を読み取れます",
        },
        why: Text {
            en: "Another user, or a program that runs as one, reads the tokens in it and connects in your name.",
            ja: "ほかのユーザーやその権限のプログラムが、トークンを読み取り、自分の名義で接続できます。",
        },
        test: |settings| {
            files(settings, FileRole::Config, |file| {
                !file.symlink && file.mode & WRITE == 0 && file.mode & OTHERS_READ != 0
            })
        },
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Config 0644 /home/me/.openclaw/openclaw.json\n{}",
        safe: "// file Config 0600 /home/me/.openclaw/openclaw.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config.perms_group_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Your group can read openclaw.json",
            ja: "グループのユーザーが openclaw.json を読み取れます",
        },
        why: Text {
            en: "Another user of the group reads the tokens in it and connects in your name.",
            ja: "同じグループのユーザーが、トークンを読み取り、自分の名義で接続できます。",
        },
        test: |settings| {
            files(settings, FileRole::Config, |file| {
                !file.symlink && file.mode & WRITE == 0 && file.mode & READ == GROUP_READS
            })
        },
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Config 0640 /home/me/.openclaw/openclaw.json\n{}",
        safe: "// file Config 0600 /home/me/.openclaw/openclaw.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config_include.perms_writable",
        severity: Severity::Critical,
        title: Text {
            en: "Others can change a file that the config includes",
            ja: "ほかのユーザーがインクルードファイルを変更できます",
        },
        why: Text {
            en: "What is included counts as config: another user of this machine can loosen any setting through it.",
            ja: "インクルードファイルの内容は設定として扱われるため、ほかのユーザーがどの設定でも緩められます。",
        },
        test: |settings| files(settings, FileRole::Include, |file| file.mode & WRITE != 0),
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Include 0666 /home/me/.openclaw/channels.json5\n{}",
        safe: "// file Include 0600 /home/me/.openclaw/channels.json5\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config_include.perms_world_readable",
        severity: Severity::Critical,
        title: Text {
            en: "Every user of this machine can read a file that the config includes",
            ja: "このホストのすべてのユーザーがインクルードファイルを読み取れます",
        },
        why: Text {
            en: "Another user, or a program that runs as one, reads the tokens in it and connects in your name.",
            ja: "ほかのユーザーやその権限のプログラムが、トークンを読み取り、自分の名義で接続できます。",
        },
        test: |settings| {
            files(settings, FileRole::Include, |file| file.mode & WRITE == 0 && file.mode & OTHERS_READ != 0)
        },
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Include 0644 /home/me/.openclaw/channels.json5\n{}",
        safe: "// file Include 0600 /home/me/.openclaw/channels.json5\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.config_include.perms_group_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Your group can read a file that the config includes",
            ja: "グループのユーザーがインクルードファイルを読み取れます",
        },
        why: Text {
            en: "Another user of the group reads the tokens in it and connects in your name.",
            ja: "同じグループのユーザーが、トークンを読み取り、自分の名義で接続できます。",
        },
        test: |settings| {
            files(settings, FileRole::Include, |file| file.mode & WRITE == 0 && file.mode & READ == GROUP_READS)
        },
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Include 0640 /home/me/.openclaw/channels.json5\n{}",
        safe: "// file Include 0600 /home/me/.openclaw/channels.json5\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.credentials_dir.perms_writable",
        severity: Severity::Critical,
        title: Text {
            en: "Others can write into the credentials folder",
            ja: "ほかのユーザーが認証情報のフォルダーに書き込めます",
        },
        why: Text {
            en: "Another user of this machine can put in credentials of theirs, or a list of senders that lets them in.",
            ja: "このホストのほかのユーザーが、自分の認証情報や、自分を許可する送信者リストを置けます。",
        },
        test: |settings| files(settings, FileRole::CredentialsDir, |file| file.mode & WRITE != 0),
        mend: Mend::Manual(CLOSE_FOLDER),
        risky: "// file CredentialsDir 0777 /home/me/.openclaw/credentials\n{}",
        safe: "// file CredentialsDir 0700 /home/me/.openclaw/credentials\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.credentials_dir.perms_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Others can list the credentials folder",
            ja: "ほかのユーザーが認証情報のフォルダーの一覧を読み取れます",
        },
        why: Text {
            en: "Other users of this machine see which accounts there are, and read every credential that is not closed itself.",
            ja: "このホストのほかのユーザーが、アカウントの一覧と、個別に保護されていない認証情報を読み取れます。",
        },
        test: |settings| {
            files(settings, FileRole::CredentialsDir, |file| file.mode & WRITE == 0 && file.mode & READ != 0)
        },
        mend: Mend::Manual(CLOSE_FOLDER),
        risky: "// file CredentialsDir 0755 /home/me/.openclaw/credentials\n{}",
        safe: "// file CredentialsDir 0700 /home/me/.openclaw/credentials\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.auth_profiles.perms_writable",
        severity: Severity::Critical,
        title: Text {
            en: "Others can change an agent's stored credentials",
            ja: "ほかのユーザーがエージェントの認証情報を変更できます",
        },
        why: Text {
            en: "Another user of this machine can put in an account of theirs, and your conversations go through it.",
            ja: "このホストのほかのユーザーが自分のアカウントに差し替えると、会話の内容がそこを通ります。",
        },
        test: |settings| files(settings, FileRole::AuthProfiles, |file| file.mode & WRITE != 0),
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file AuthProfiles 0666 /home/me/.openclaw/agents/main/agent/auth-profiles.json\n{}",
        safe: "// file AuthProfiles 0600 /home/me/.openclaw/agents/main/agent/auth-profiles.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.auth_profiles.perms_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Others can read an agent's stored credentials",
            ja: "ほかのユーザーがエージェントの認証情報を読み取れます",
        },
        why: Text {
            en: "Another user of this machine takes the API keys and uses them at your cost.",
            ja: "このホストのほかのユーザーが API キーを読み取り、自分の費用負担で使えます。",
        },
        test: |settings| {
            files(settings, FileRole::AuthProfiles, |file| file.mode & WRITE == 0 && file.mode & READ != 0)
        },
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file AuthProfiles 0644 /home/me/.openclaw/agents/main/agent/auth-profiles.json\n{}",
        safe: "// file AuthProfiles 0600 /home/me/.openclaw/agents/main/agent/auth-profiles.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.sessions_store.perms_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Others can read the list of sessions",
            ja: "ほかのユーザーがセッションの一覧を読み取れます",
        },
        why: Text {
            en: "Another user of this machine learns who writes to the agents, when and on which channel.",
            ja: "このホストのほかのユーザーが、誰がいつどのチャンネルで会話したかを把握できます。",
        },
        test: |settings| files(settings, FileRole::SessionsStore, |file| file.mode & READ != 0),
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file SessionsStore 0644 /home/me/.openclaw/agents/main/sessions/sessions.json\n{}",
        safe: "// file SessionsStore 0600 /home/me/.openclaw/agents/main/sessions/sessions.json\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.log_file.perms_readable",
        severity: Severity::Warn,
        title: Text { en: "Others can read the log", ja: "ほかのユーザーがログを読み取れます" },
        why: Text {
            en: "The log can hold parts of messages and of what tools returned; another user of this machine reads them.",
            ja: "ログには、メッセージやツールの出力の一部が残ることがあり、このホストのほかのユーザーが読み取れます。",
        },
        test: |settings| files(settings, FileRole::LogFile, |file| file.mode & READ != 0),
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file LogFile 0644 /home/me/gateway.log\n{}",
        safe: "// file LogFile 0600 /home/me/gateway.log\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "fs.synced_dir",
        severity: Severity::Warn,
        title: Text {
            en: "The state folder seems to be synced to a cloud",
            ja: "状態フォルダーがクラウドと同期されているようです",
        },
        why: Text {
            en: "Tokens and conversations are copied to the provider and to your other devices, where other rules guard them.",
            ja: "トークンや会話が、保護の条件が異なるクラウドや、ほかの端末にもコピーされます。",
        },
        test: |settings| {
            let facts = &settings.facts;
            let paths = [&facts.state_dir, &facts.config_path];
            let synced = paths.into_iter().flatten().find(|path| {
                let path = path.to_string_lossy().to_lowercase();
                ["icloud", "dropbox", "google drive", "googledrive", "onedrive"].iter().any(|name| path.contains(name))
            });
            synced.map(|path| Hit::default().found(path.display())).into_iter().collect()
        },
        mend: Mend::Manual(Text {
            en: "Move the state folder to a place that is not synced, and set OPENCLAW_STATE_DIR to it.",
            ja: "状態フォルダーを同期されない場所に移し、OPENCLAW_STATE_DIR にその場所を設定してください。",
        }),
        risky: "// path /home/me/Dropbox/openclaw\n{}",
        safe: "// path /home/me/.openclaw\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "skills.workspace.symlink_escape",
        severity: Severity::Warn,
        title: Text {
            en: "A skill of a workspace lies outside of it",
            ja: "ワークスペースのスキルの実体が外部にあります",
        },
        why: Text {
            en: "A link leads to a file elsewhere. Whoever can write there tells the agent what to do, unseen in the workspace.",
            ja: "リンク先は別の場所のファイルです。そこに書き込める人が、ワークスペースからは見えない形でエージェントに指示できます。",
        },
        test: |settings| {
            let outside = of_role(settings, FileRole::SkillOutside);
            let paths: Vec<String> = outside.map(|file| file.path.display().to_string()).collect();
            when(!paths.is_empty(), || Hit::default().found(paths.join(", ")))
        },
        mend: Mend::Manual(Text {
            en: "Replace the link by a copy of the skill inside the workspace.",
            ja: "リンクを、ワークスペース内に置いたスキルのコピーに置き換えてください。",
        }),
        risky: "// link SkillOutside 0600 /home/me/workspace/skills/notes/SKILL.md\n{}",
        safe: "{}",
        reference: REFERENCE,
    },
    Check {
        id: "skills.workspace.scan_truncated",
        severity: Severity::Warn,
        title: Text {
            en: "A workspace has too many skills to look at each",
            ja: "ワークスペースのスキルが多すぎるため、一部を確認できません",
        },
        why: Text {
            en: "A skill that links to a file outside the workspace can hide among those that were not looked at.",
            ja: "確認していないスキルの中に、ワークスペース外のファイルへのリンクが含まれていることがあります。",
        },
        test: |settings| {
            let workspaces = settings.facts.truncated_workspaces.iter();
            workspaces.map(|workspace| Hit::default().found(workspace.display())).collect()
        },
        mend: Mend::Manual(Text {
            en: "Remove skills that are not used, or flatten the folders below skills, to 2000 skills at most.",
            ja: "使わないスキルを削除するか、skills の下のフォルダー構成を単純にして、2000件以下にしてください。",
        }),
        risky: "// truncated /home/me/workspace\n{}",
        safe: "{}",
        reference: REFERENCE,
    },
    Check {
        id: "harden.files.backup_readable",
        severity: Severity::Warn,
        title: Text {
            en: "Others can read a backup of the config",
            ja: "ほかのユーザーが設定のバックアップを読み取れます",
        },
        why: Text {
            en: "A backup holds the same tokens as the config, often also the ones that were replaced in it.",
            ja: "バックアップには設定と同じトークンが含まれます。交換前のトークンが残っていることもあります。",
        },
        test: |settings| {
            of_role(settings, FileRole::Backup)
                .filter(|file| file.mode & (READ | WRITE) != 0)
                .map(|file| hit(file).critical_if(file.mode & (OTHERS_READ | WRITE) != 0))
                .collect()
        },
        mend: Mend::Manual(CLOSE_FILE),
        risky: "// file Backup 0640 /home/me/.openclaw/openclaw.json.bak\n{}",
        safe: "// file Backup 0600 /home/me/.openclaw/openclaw.json.bak\n{}",
        reference: REFERENCE,
    },
    Check {
        id: "harden.files.not_checked",
        severity: Severity::Info,
        title: Text {
            en: "Who can read the files beside the config was not checked",
            ja: "設定以外のファイルのパーミッションは確認していません",
        },
        why: Text {
            en: "Only the config was looked at. Who can read or change the state folder and the stored credentials is unknown.",
            ja: "確認したのは設定ファイルだけです。状態フォルダーと認証情報のパーミッションは不明です。",
        },
        test: |settings| {
            when(!settings.facts.looked_at_files, || Hit {
                unknown: Some(Text { en: "The files were not looked at.", ja: "ファイルを確認していません。" }.into()),
                ..Hit::default()
            })
        },
        mend: Mend::Manual(Text {
            en: "Run the audit on the machine where OpenClaw runs, as the user who runs it.",
            ja: "OpenClaw が動作するホストで、実行しているユーザーとして監査してください。",
        }),
        risky: "{}",
        safe: "// file StateDir 0700 /home/me/.openclaw\n{}",
        reference: REFERENCE,
    },
];

fn of_role(settings: &Settings, role: FileRole) -> impl Iterator<Item = &FileFact> {
    settings.files().iter().filter(move |file| file.role == role)
}

fn files(settings: &Settings, role: FileRole, has_it: fn(&FileFact) -> bool) -> Vec<Hit> {
    of_role(settings, role).filter(|file| has_it(file)).map(hit).collect()
}

fn hit(file: &FileFact) -> Hit {
    let expected = match file.role {
        FileRole::StateDir | FileRole::CredentialsDir | FileRole::Extension => "0700",
        _ => "0600",
    };
    let link = if file.symlink { " ->" } else { "" };
    Hit::default().found(format!("{}{link} {:04o}", file.path.display(), file.mode & 0o7777)).wanted(expected)
}

#[cfg(test)]
mod tests {
    use crate::checks::{audit, example};

    fn ids(fact: &str) -> Vec<String> {
        let findings = audit(&example(&format!("// {fact}\n{{}}")).expect("a config"));
        let findings = findings.into_iter().filter(|finding| finding.id.starts_with("fs."));
        findings.map(|finding| finding.id).collect()
    }

    #[test]
    fn of_a_folder_or_file_the_worst_alone_is_said() {
        assert_eq!(ids("file StateDir 0777 /s"), ["fs.state_dir.perms_world_writable"]);
        assert_eq!(ids("file StateDir 0775 /s"), ["fs.state_dir.perms_group_writable"]);
        assert_eq!(ids("file StateDir 0755 /s"), ["fs.state_dir.perms_readable"]);
        assert_eq!(ids("file Config 0664 /c"), ["fs.config.perms_writable"]);
        assert_eq!(ids("file Config 0644 /c"), ["fs.config.perms_world_readable"]);
        assert_eq!(ids("file Config 0640 /c"), ["fs.config.perms_group_readable"]);
        assert!(ids("file StateDir 0711 /s").is_empty());
    }

    #[test]
    fn of_a_linked_config_reading_is_not_said_but_writing_is() {
        assert_eq!(ids("link Config 0644 /c"), ["fs.config.symlink"]);
        assert_eq!(ids("link Config 0666 /c"), ["fs.config.perms_writable", "fs.config.symlink"]);
    }

    #[test]
    fn each_file_is_a_finding() {
        assert_eq!(ids("file AuthProfiles 0644 /a\n// file AuthProfiles 0640 /b").len(), 2);
    }
}
