//! Mounts into a sandbox container: which sources hand over the host.

use std::path::{Component, Path, PathBuf};

/// Folders whose mount hands over the host, with all that lies in them (OpenClaw 2026.9.6, `sandbox.dangerous_bind_mount`).
const SYSTEM: [&str; 12] = [
    "/etc",
    "/private/etc",
    "/proc",
    "/sys",
    "/dev",
    "/root",
    "/boot",
    "/run",
    "/var/run",
    "/private/var/run",
    "/var/run/docker.sock",
    "/run/docker.sock",
];

/// What holds credentials below the home folder.
const CREDENTIALS: [&str; 8] = [".aws", ".cargo", ".config", ".docker", ".gnupg", ".netrc", ".npm", ".ssh"];

/// Is the folder that a bind such as `/etc:/host:ro` hands over, if it does: one of the system's or of the owner's keys, or one that holds such.
pub fn dangerous_bind(bind: &str, home: Option<&Path>) -> Option<PathBuf> {
    let source = normal(Path::new(source_of(bind)?), home)?;
    if source == Path::new("/") {
        return Some(source);
    }
    let credentials = home.into_iter().flat_map(|home| CREDENTIALS.iter().map(move |name| home.join(name)));
    SYSTEM
        .iter()
        .map(PathBuf::from)
        .chain(credentials)
        .find(|guarded| source.starts_with(guarded) || guarded.starts_with(&source))
        .map(|_| source)
}

/// Is the host's side of a bind; none for a volume name or a relative path.
fn source_of(bind: &str) -> Option<&str> {
    let source = bind.trim().split(':').next()?;
    (source.starts_with('/') || source.starts_with('~')).then_some(source)
}

/// Resolves `~`, `.` and `..` by spelling alone.
fn normal(path: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let path = match path.strip_prefix("~") {
        Ok(rest) => home?.join(rest),
        Err(_) => path.to_owned(),
    };
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hands_over_the_host_is_found() {
        let home = Some(Path::new("/home/ann"));
        for bind in [
            "/:/host",
            "/etc/ssl:/ssl:ro",
            "/var:/v",
            "/home/ann:/h",
            "/home/ann/.ssh/id:/k",
            "~/.aws:/a",
            "/srv/../etc:/e",
            "/var/run/docker.sock:/s",
        ] {
            assert!(dangerous_bind(bind, home).is_some(), "{bind}");
        }
        for bind in ["/srv/data:/data", "/home/ann/project:/p:ro", "volume:/v", "/etcetera:/e"] {
            assert!(dangerous_bind(bind, home).is_none(), "{bind}");
        }
    }
}
