//! What this process does for itself before it reads a secret.

use crate::text::{Said, Text};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getegid, geteuid, getgid, getuid, set_dumpable_behavior, setrlimit,
};

/// Sees to it that a crash leaves no copy of what is in memory, and that no other process of this user can read it there.
///
/// # Errors
/// Where the program is set-uid or set-gid: then whoever starts it would work with rights that are not theirs.
pub fn shield() -> Result<(), Said> {
    const BORROWED: Text = Text {
        en: "This program is installed set-uid or set-gid, so it would work with rights that are not yours. Nothing was done. Remove that: chmod u-s,g-s {path}",
        ja: "このプログラムには set-uid または set-gid が付いており、実行者にない権限で動いてしまいます。何も行っていません。解除してください: chmod u-s,g-s {path}",
    };
    // A core may go to a program that heeds no limit, so both are needed. A system that knows neither writes none.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    if getuid() == geteuid() && getgid() == getegid() {
        return Ok(());
    }
    let path = std::env::current_exe().unwrap_or_else(|_| "openclaw-harden".into());
    Err(BORROWED.with("path", path.display()))
}
