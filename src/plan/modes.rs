//! Files of the installation that others can open: writing closes them to their owner, and never opens any.

use crate::settings::{Facts, FileFact, FileRole};
use crate::source::Source;
use std::path::PathBuf;

/// The bits by which others than the owner read or write.
const OTHERS: u32 = 0o066;

/// A file or folder that gets closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Where it is.
    pub path: PathBuf,
    /// Its permission bits, as in 0o644.
    pub before: u32,
    /// Those that it gets: the owner's alone.
    pub after: u32,
    /// Whether it is a file of the config, which gets mode 0600 by being written.
    pub is_config: bool,
}

/// Is what writing closes: the config's own files, and, where they are those of its installation, the state folder and what lies in it.
/// A link is left as it is, as is what it leads to; so are plugins and skills, which are no secrets.
pub(super) fn closings(facts: &Facts, source: &Source) -> Vec<Closing> {
    let mut found: Vec<Closing> = Vec::new();
    for file in facts.files.iter().filter(|file| is_closed(file, facts, source)) {
        if !found.iter().any(|known| known.path == file.path) {
            let is_config = matches!(file.role, FileRole::Config | FileRole::Include);
            let after = if is_config { 0o600 } else { file.mode & 0o700 };
            found.push(Closing { path: file.path.clone(), before: file.mode, after, is_config });
        }
    }
    found
}

/// The files once that is done.
pub(super) fn closed(facts: &Facts, source: &Source) -> Vec<FileFact> {
    let mut then = facts.files.clone();
    for (file, was) in then.iter_mut().zip(&facts.files) {
        if is_closed(was, facts, source) || is_written(was, source) {
            file.mode &= 0o700;
        }
    }
    then
}

fn is_closed(file: &FileFact, facts: &Facts, source: &Source) -> bool {
    let is_meant = match file.role {
        FileRole::Config | FileRole::Include => is_written(file, source),
        FileRole::Backup => true,
        FileRole::SkillOutside | FileRole::Extension => false,
        _ => is_installed(facts),
    };
    is_meant && !file.symlink && file.mode & OTHERS != 0
}

/// Whether the config is the installation's own, and not one that was only named beside it.
fn is_installed(facts: &Facts) -> bool {
    let beside = facts.config_path.as_ref().and_then(|config| config.parent());
    let named = facts.env.get("OPENCLAW_CONFIG_PATH").map(PathBuf::from);
    beside.is_some() && (beside == facts.state_dir.as_deref() || named == facts.config_path)
}

/// Whether writing the config writes this file too, with mode 0600.
fn is_written(file: &FileFact, source: &Source) -> bool {
    match file.role {
        FileRole::Config => true,
        FileRole::Include => source.files().iter().any(|of| of.path == file.path && of.locked.is_none()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn file(role: FileRole, path: &str, mode: u32, symlink: bool) -> FileFact {
        FileFact { role, path: path.into(), mode, symlink }
    }

    fn source() -> Source {
        Document::parse(b"{}").expect("a config").into()
    }

    fn facts(files: Vec<FileFact>) -> Facts {
        let (state_dir, config_path) = (Some("/h/.openclaw".into()), Some("/h/.openclaw/openclaw.json".into()));
        Facts { files, state_dir, config_path, ..Facts::default() }
    }

    #[test]
    fn what_others_can_open_is_closed_to_its_owner_and_nothing_gets_wider() {
        let files = vec![
            file(FileRole::StateDir, "/h/.openclaw", 0o755, false),
            file(FileRole::Config, "/h/.openclaw/openclaw.json", 0o600, false),
            file(FileRole::Private, "/h/.openclaw/.env", 0o444, false),
            file(FileRole::CredentialsDir, "/h/.openclaw/credentials", 0o711, false),
            file(FileRole::LogFile, "/h/link.log", 0o666, true),
            file(FileRole::Extension, "/h/.openclaw/extensions/x", 0o755, false),
        ];
        let found = closings(&facts(files), &source());
        let told: Vec<_> = found.iter().map(|one| (one.path.to_str().unwrap_or(""), one.before, one.after)).collect();
        assert_eq!(told, [("/h/.openclaw", 0o755, 0o700), ("/h/.openclaw/.env", 0o444, 0o400)]);
        assert!(found.iter().all(|one| one.after & !one.before == 0));
    }

    #[test]
    fn a_config_that_was_only_named_closes_nothing_of_the_installation() {
        let mut facts = facts(vec![
            file(FileRole::StateDir, "/h/.openclaw", 0o755, false),
            file(FileRole::Backup, "/tmp/x.json.bak", 0o644, false),
        ]);
        facts.config_path = Some("/tmp/x.json".into());
        let paths = |facts: &Facts| closings(facts, &source()).into_iter().map(|one| one.path).collect::<Vec<_>>();
        assert_eq!(paths(&facts), [PathBuf::from("/tmp/x.json.bak")]);
        facts.env.insert("OPENCLAW_CONFIG_PATH".into(), "/tmp/x.json".into());
        assert_eq!(paths(&facts).len(), 2);
    }
}
