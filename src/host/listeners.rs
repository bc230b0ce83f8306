//! What listens on a port, from Linux's own tables.

use crate::checkup::listeners::{Listener, Looked, parse};
use crate::text::Text;
use std::fs;
use std::path::Path;

/// Looks at the sockets of this machine that listen on a port, and as far as readable at whose they are.
pub(super) fn look(port: u16, proc: &Path) -> Looked {
    const NO_TABLE: Text = Text {
        en: "This system shows no table of sockets: {why}",
        ja: "このシステムではソケットの一覧を読み取れません: {why}",
    };
    let mut found = match fs::read_to_string(proc.join("net/tcp")) {
        Ok(table) => parse(&table, port),
        Err(error) => return Looked::Unknown(NO_TABLE.with("why", error)),
    };
    // A kernel without IPv6 has no such table.
    found.extend(parse(&fs::read_to_string(proc.join("net/tcp6")).unwrap_or_default(), port));
    if !found.is_empty() {
        name_processes(&mut found, proc);
    }
    Looked::At(found)
}

/// Finds the processes that hold the sockets. Those of other users do not show theirs.
fn name_processes(found: &mut [Listener], proc: &Path) {
    for entry in fs::read_dir(proc).into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        for open in fs::read_dir(entry.path().join("fd")).into_iter().flatten().flatten() {
            let Ok(target) = fs::read_link(open.path()) else {
                continue;
            };
            let inode = target.to_str().and_then(|name| name.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok());
            for listener in found.iter_mut().filter(|listener| Some(listener.inode) == inode) {
                let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
                listener.process = Some((id, name.trim().to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_socket_of_this_process_is_found_with_its_process() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a socket");
        let port = socket.local_addr().expect("an address").port();
        let Looked::At(found) = look(port, Path::new("/proc")) else {
            panic!("no table");
        };
        assert_eq!(found.len(), 1);
        assert!(found[0].address.is_loopback());
        assert_eq!(found[0].process.as_ref().map(|(id, _)| *id), Some(std::process::id()));
    }

    #[test]
    fn a_system_without_tables_is_unknown() {
        assert!(matches!(look(1, Path::new("/nonexistent")), Looked::Unknown(_)));
    }
}
