//! Whose an installation is, and how root works on another user's: as that user, never as root.
//!
//! In a folder that somebody else owns, any name can become a link to anything between two steps. So root does nothing there: the
//! program starts itself anew with the owner's uid, gid and groups, and with nothing of root's environment but what names the places.

use super::{Env, Places};
use crate::text::{Said, Text};
use rustix::process::{Gid, Uid};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs that an owner's process may find.
const SAFE_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// What is passed on: what names the places, and how to speak to the terminal.
const PASSED_ON: [&str; 16] = [
    "OPENCLAW_HOME",
    "OPENCLAW_STATE_DIR",
    "OPENCLAW_CONFIG_PATH",
    "OPENCLAW_PROFILE",
    "OPENCLAW_OAUTH_DIR",
    "OPENCLAW_INCLUDE_ROOTS",
    "OPENCLAW_NIX_MODE",
    "OPENCLAW_CONFIG_READONLY",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "TZ",
    "COLUMNS",
];

/// A user that is not root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    uid: u32,
    gid: u32,
    groups: Vec<u32>,
    name: Option<String>,
    home: Option<PathBuf>,
}

impl Owner {
    /// Is the name to show: the user's, or the number.
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("uid {}", self.uid))
    }

    fn of(uid: u32, gid: u32, passwd: &str, group: &str) -> Self {
        let user = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|user| {
            let number = user.get(2).and_then(|number| number.parse::<u32>().ok());
            number == Some(uid)
        });
        let name = user.as_ref().map(|user| user[0].to_owned());
        let gid = user.as_ref().and_then(|user| user.get(3)?.parse().ok()).unwrap_or(gid);
        let home = user.as_ref().and_then(|user| user.get(5)).filter(|home| home.starts_with('/')).map(PathBuf::from);
        let mut groups = vec![gid];
        for line in group.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            if let ([_, _, number, members], Some(name)) = (&fields[..], &name)
                && members.split(',').any(|member| member == name)
                && let Ok(number) = number.parse()
            {
                groups.push(number);
            }
        }
        groups.retain(|group| *group != 0 || gid == 0);
        groups.sort_unstable();
        groups.dedup();
        Owner { uid, gid, groups, name, home }
    }
}

/// Is the user as whom root has to work on these files; none where this is not root, or all of it is root's own.
///
/// A file is somebody's if any folder on the way to it is: who owns the folder can put another file there.
///
/// # Errors
/// Where they are of several users.
pub fn foreign_owner(files: &[PathBuf]) -> Result<Option<Owner>, Said> {
    const SEVERAL: Text = Text {
        en: "{path} is of another user than the rest: as root, look at each user's files by themselves.",
        ja: "{path} はほかと所有者が違います。root で実行するときは、ユーザーごとに分けてください。",
    };
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let mut owner: Option<(u32, u32)> = None;
    for (n, file) in files.iter().enumerate() {
        let owners = owners(file);
        let uids: BTreeSet<u32> = owners.iter().map(|(uid, _)| *uid).collect();
        let is_other = uids.len() > 1 || n > 0 && owner.map(|(uid, _)| uid) != uids.first().copied();
        if is_other {
            return Err(SEVERAL.with("path", file.display()));
        }
        owner = owners.into_iter().next();
    }
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    Ok(owner.map(|(uid, gid)| Owner::of(uid, gid, &read("/etc/passwd"), &read("/etc/group"))))
}

/// Is the files of an installation that are its owner's: its config and its state folder, as far as they are there.
pub fn owned(places: &Places) -> Vec<PathBuf> {
    let there = |path: &&PathBuf| path.symlink_metadata().is_ok();
    let files: Vec<PathBuf> = [&places.config].into_iter().filter(there).cloned().collect();
    if files.is_empty() { vec![places.state_dir.clone()] } else { files }
}

/// Is everybody but root who owns a path or a folder on the way to it, by its letters and behind its links.
fn owners(path: &Path) -> Vec<(u32, u32)> {
    let real = path.canonicalize().ok();
    let ways = std::iter::once(path).chain(real.as_deref()).flat_map(Path::ancestors);
    let found = ways.filter_map(|way| way.symlink_metadata().ok()).map(|about| (about.uid(), about.gid()));
    let mut owners: Vec<(u32, u32)> = found.filter(|(uid, _)| *uid != 0).collect();
    owners.dedup_by_key(|(uid, _)| *uid);
    owners
}

/// Starts this program anew as a user, with the same arguments. Comes back only with what went wrong.
pub fn start_as(owner: &Owner, env: &Env, args: impl Iterator<Item = OsString>) -> Said {
    const FAILED: Text = Text {
        en: "The files are {name}'s, and root does not touch them. Working as {name} failed ({why}): start it as {name}.",
        ja: "ファイルの所有者は {name} なので、root では扱いません。{name} としての実行に失敗しました ({why})。{name} で実行してください。",
    };
    let failed = |why: std::io::Error| FAILED.with("name", owner.name()).with("why", why);
    let groups: Vec<Gid> = owner.groups.iter().map(|group| Gid::from_raw(*group)).collect();
    let (uid, gid) = (Uid::from_raw(owner.uid), Gid::from_raw(owner.gid));
    let dropped = rustix::thread::set_thread_groups(&groups)
        .and_then(|()| rustix::thread::set_thread_res_gid(gid, gid, gid))
        .and_then(|()| rustix::thread::set_thread_res_uid(uid, uid, uid));
    if let Err(error) = dropped {
        return failed(error.into());
    }
    let passed = env.iter().filter(|(name, _)| PASSED_ON.contains(&name.as_str()));
    let home = owner.home.clone().or_else(|| env.get("HOME").map(PathBuf::from)).unwrap_or_else(|| "/".into());
    // The link leads to the program wherever it lies, even where its owner may not look.
    let link = Path::new("/proc/self/exe");
    let program = match std::env::current_exe() {
        _ if link.exists() => link.to_owned(),
        Ok(program) => program,
        Err(error) => return failed(error),
    };
    let error = Command::new(program)
        .args(args)
        .env_clear()
        .envs(passed)
        .env("PATH", SAFE_PATH)
        .env("HOME", home)
        .env("USER", owner.name())
        .env("LOGNAME", owner.name())
        .exec();
    failed(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann:/home/ann:/bin/bash\n";
    const GROUP: &str = "root:x:0:ann\ndocker:x:998:ann,ben\nann:x:1000:\naudio:x:29:ben\n";

    #[test]
    fn a_user_has_the_groups_that_name_them_and_never_roots() {
        let ann = Owner::of(1000, 5, PASSWD, GROUP);
        assert_eq!((ann.name().as_str(), ann.gid, &ann.groups[..]), ("ann", 1000, &[998, 1000][..]));
        assert_eq!(ann.home.as_deref(), Some(Path::new("/home/ann")));
    }

    #[test]
    fn a_number_without_a_user_has_the_group_of_the_file() {
        let nobody = Owner::of(4321, 77, PASSWD, GROUP);
        assert_eq!((nobody.name().as_str(), nobody.gid, &nobody.groups[..]), ("uid 4321", 77, &[77][..]));
        assert_eq!(nobody.home, None);
    }
}
