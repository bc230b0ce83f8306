//! Whether an engine has an image: Docker is asked over its socket, Podman's store is read. Nothing is run, nothing fetched.

use super::Env;
use serde_json::Value;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// More than Podman's list of images has, in bytes.
const LIMIT: u64 = 32 << 20;

/// Whether a Docker daemon has an image; none where it does not say.
pub(super) fn in_docker(socket: &Path, image: &str, patience: Duration) -> Option<bool> {
    match status(socket, &format!("/images/{}/json", escaped(image)), patience).ok()?.as_str() {
        "200" => Some(true),
        "404" => Some(false),
        _ => None,
    }
}

/// Is the status that a daemon answers a request with.
pub(super) fn status(socket: &Path, path: &str, patience: Duration) -> io::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n").as_bytes())?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let head = std::str::from_utf8(&head).unwrap_or_default();
    match head.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)) {
        Some(status) => Ok(status.to_owned()),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Escapes what would end the name in a request; the slashes of a name stay, as the daemon expects.
fn escaped(image: &str) -> String {
    let mut path = String::new();
    for byte in image.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b':' | b'/' | b'@' => {
                path.push(byte as char)
            }
            _ => path.push_str(&format!("%{byte:02X}")),
        }
    }
    path
}

/// Whether Podman's store has an image; none where the store is not where it usually is.
pub(super) fn in_podman(env: &Env, root: &Path, is_root: bool, image: &str) -> Option<bool> {
    let store: PathBuf = match env.get("XDG_DATA_HOME").filter(|dir| Path::new(dir).is_absolute()) {
        _ if is_root => root.join("var/lib/containers/storage"),
        Some(data) => Path::new(data).join("containers/storage"),
        None => Path::new(env.get("HOME")?).join(".local/share/containers/storage"),
    };
    let drivers = ["overlay-images", "vfs-images", "btrfs-images"];
    let list = drivers.iter().find_map(|driver| {
        let file = std::fs::File::open(store.join(driver).join("images.json")).ok()?;
        let mut text = Vec::new();
        file.take(LIMIT).read_to_end(&mut text).ok()?;
        serde_json::from_slice::<Value>(&text).ok()
    })?;
    let names = list.as_array()?.iter().filter_map(|image| image.get("names")?.as_array()).flatten();
    Some(names.filter_map(Value::as_str).any(|name| is_called(name, image)))
}

/// Whether a stored name, which is whole, is what a short one means.
fn is_called(stored: &str, image: &str) -> bool {
    let has_tag = image.contains('@') || image.rsplit('/').next().is_some_and(|last| last.contains(':'));
    let image = if has_tag { image.to_owned() } else { format!("{image}:latest") };
    stored == image || stored.strip_suffix(&image).is_some_and(|host| host.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::net::UnixListener;

    const PATIENCE: Duration = Duration::from_secs(2);

    /// A daemon that has one image and tells what it was asked.
    fn daemon(socket: &Path) -> std::sync::mpsc::Receiver<String> {
        let listener = UnixListener::bind(socket).expect("a socket");
        let (send, asked) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 512];
                let length = stream.read(&mut request).unwrap_or(0);
                let line = String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default().to_owned();
                let has = line.starts_with("GET /images/openclaw-sandbox:bookworm-slim/json ");
                let _ = stream.write_all(if has {
                    b"HTTP/1.1 200 OK\r\n\r\n{}"
                } else {
                    b"HTTP/1.1 404 Not Found\r\n\r\n"
                });
                let _ = send.send(line);
            }
        });
        asked
    }

    #[test]
    fn docker_is_asked_for_the_image_by_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("docker.sock");
        let asked = daemon(&socket);
        assert_eq!(in_docker(&socket, "openclaw-sandbox:bookworm-slim", PATIENCE), Some(true));
        assert_eq!(in_docker(&socket, "ghcr.io/me/box:1", PATIENCE), Some(false));
        assert_eq!(in_docker(&socket, "x/json HTTP/1.0\r\nDELETE /", PATIENCE), Some(false));
        let lines: Vec<String> = asked.iter().take(3).collect();
        assert_eq!(lines[1], "GET /images/ghcr.io/me/box:1/json HTTP/1.0");
        assert_eq!(lines[2], "GET /images/x/json%20HTTP/1.0%0D%0ADELETE%20//json HTTP/1.0");
        assert_eq!(in_docker(&folder.path().join("none.sock"), "x", PATIENCE), None);
    }

    #[test]
    fn podmans_store_is_read_where_it_is() {
        let home = tempfile::tempdir().expect("a folder");
        let env: Env = [("HOME".to_owned(), home.path().display().to_string())].into();
        let has = |image: &str| in_podman(&env, Path::new("/none"), false, image);
        assert_eq!(has("openclaw-sandbox:bookworm-slim"), None);
        let store = home.path().join(".local/share/containers/storage/overlay-images");
        fs::create_dir_all(&store).expect("a folder");
        let list = r#"[{"id": "1", "names": ["localhost/openclaw-sandbox:bookworm-slim", "docker.io/library/box:latest"]}, {"id": "2"}]"#;
        fs::write(store.join("images.json"), list).expect("written");
        assert_eq!(has("openclaw-sandbox:bookworm-slim"), Some(true));
        assert_eq!(has("library/box"), Some(true));
        assert_eq!(has("ox"), Some(false));
        assert_eq!(has("openclaw-sandbox:trixie"), Some(false));
    }
}
