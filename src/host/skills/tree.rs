//! A folder's tree, read within limits: what it holds, and the text in it.

use crate::skills::{Content, Mark, Topic, Unread};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The most files, folders and links of one tree that are looked at.
const MOST_ENTRIES: usize = 20_000;
/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 64 << 20;
/// The most bytes of one tree that are read.
const MOST_BYTES: u64 = 256 << 20;
/// The most text of one file, and of a tree, that is judged, in bytes.
const MOST_TEXT: usize = 1 << 20;
const MOST_TEXTS: usize = 8 << 20;
/// The bytes from the beginning of a file that tell what it is.
const HEAD: usize = 8192;

/// What tells that an entry is the one that was read before, without reading it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    mtime: (i64, i64),
    ctime: (i64, i64),
    inode: u64,
    device: u64,
    mode: u32,
}

impl Stamp {
    /// The seconds of its last change of any kind, since 1970.
    pub(super) fn changed(&self) -> i64 {
        self.ctime.0.max(self.mtime.0)
    }
}

/// The entries of a tree, unread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listing {
    pub(super) entries: BTreeMap<String, Stamp>,
    unread: BTreeMap<String, Unread>,
}

/// What is not text, by the file that it is.
pub(super) type Opaque = (String, &'static str, Topic);

/// A tree that was read.
pub(super) struct Tree {
    pub(super) content: Content,
    /// The texts by file.
    pub(super) texts: Vec<(String, String)>,
    pub(super) opaque: Vec<Opaque>,
}

/// Lists a tree. No link is followed; what is nearest to the top comes first where there is too much.
pub(super) fn list(root: &Path) -> Listing {
    let mut listing = Listing::default();
    let mut folders = VecDeque::from([String::new()]);
    while let Some(folder) = folders.pop_front() {
        let path = root.join(&folder);
        let Ok(entries) = path.read_dir() else {
            listing.unread.insert(if folder.is_empty() { ".".to_owned() } else { folder }, Unread::Denied);
            continue;
        };
        let mut found = Vec::new();
        for entry in entries {
            if listing.entries.len() + found.len() >= MOST_ENTRIES {
                listing.unread.insert(if folder.is_empty() { ".".to_owned() } else { folder.clone() }, Unread::TooMany);
                break;
            }
            match entry {
                Ok(entry) => found.push(entry),
                Err(_) => _ = listing.unread.insert(folder.clone(), Unread::Denied),
            }
        }
        found.sort_by_key(std::fs::DirEntry::file_name);
        for entry in found {
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // The metadata of the entry itself, not of what it links to.
            let Ok(data) = entry.metadata() else {
                listing.unread.insert(name, Unread::Denied);
                continue;
            };
            if data.is_dir() {
                folders.push_back(name.clone());
            }
            let stamp = Stamp {
                // The size and times of a folder follow from its entries.
                size: if data.is_dir() { 0 } else { data.size() },
                mtime: if data.is_dir() { (0, 0) } else { (data.mtime(), data.mtime_nsec()) },
                ctime: if data.is_dir() { (0, 0) } else { (data.ctime(), data.ctime_nsec()) },
                inode: data.ino(),
                device: data.dev(),
                mode: data.mode(),
            };
            listing.entries.insert(name, stamp);
        }
    }
    listing
}

/// Reads a tree that was listed.
pub(super) fn read(root: &Path, listing: &Listing, is_plugin: bool) -> Tree {
    let mut tree = Tree {
        content: Content { unread: listing.unread.clone(), ..Content::default() },
        texts: Vec::new(),
        opaque: Vec::new(),
    };
    let mut bytes_left = MOST_BYTES;
    let mut text_left = MOST_TEXTS;
    // SKILL.md first, then what is nearest to the top.
    let mut names: Vec<&String> = listing.entries.keys().collect();
    names.sort_by_key(|name| (name.as_str() != "SKILL.md", name.matches('/').count(), name.as_str()));
    for name in names {
        let stamp = listing.entries[name];
        let mode = stamp.mode & 0o7777;
        let kind = rustix::fs::FileType::from_raw_mode(stamp.mode as _);
        let mut mark = |hash: String| _ = tree.content.files.insert(name.clone(), Mark { hash, mode });
        if kind.is_dir() {
            mark("folder".to_owned());
        } else if kind.is_symlink() {
            let target = root.join(name).read_link().map(|target| target.to_string_lossy().into_owned());
            mark(format!("-> {}", target.as_deref().unwrap_or("?")));
            if leaves(root, &root.join(name)) {
                tree.opaque.push((name.clone(), "", Topic::LeavesFolder));
            }
        } else if !kind.is_file() {
            mark("?".to_owned());
            tree.content.unread.insert(name.clone(), Unread::NoFile);
        } else if stamp.size > LARGEST_FILE || stamp.size > bytes_left {
            mark(format!("? {} {:?}", stamp.size, stamp.mtime));
            tree.content.unread.insert(name.clone(), Unread::TooLarge);
        } else {
            bytes_left -= stamp.size;
            // What a plugin depends on is hashed, but too much to be judged line by line.
            let is_judged = !is_plugin || !name.split('/').any(|part| part == "node_modules");
            match read_file(&root.join(name), if is_judged { MOST_TEXT.min(text_left) } else { 0 }) {
                Ok((hash, head, size)) => {
                    mark(hash);
                    match meaning(&head) {
                        Meaning::Text(_) if !is_judged || name.starts_with(".git/") => {}
                        Meaning::Text(text) => {
                            if size > head.len() as u64 {
                                tree.content.unread.insert(name.clone(), Unread::InPart);
                            }
                            text_left = text_left.saturating_sub(text.len());
                            tree.texts.push((name.clone(), text));
                        }
                        Meaning::Opaque(what) if !name.starts_with(".git/") => {
                            tree.opaque.push((name.clone(), what, Topic::Opaque));
                        }
                        Meaning::Opaque(_) | Meaning::Media => {}
                    }
                }
                Err(_) => {
                    mark("?".to_owned());
                    tree.content.unread.insert(name.clone(), Unread::Denied);
                }
            }
        }
    }
    tree.content.hash = tree_hash(&tree.content);
    tree
}

/// Is the SHA-256 of a file, its beginning, and its size. What is no regular file by now is not opened for long: nothing waits.
fn read_file(path: &Path, keep: usize) -> io::Result<(String, Vec<u8>, u64)> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NOCTTY;
    let file = File::options().read(true).custom_flags(flags.bits() as _).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let keep = keep.max(HEAD);
    let mut hash = Sha256::new();
    let mut head = Vec::new();
    let mut size = 0;
    let mut buffer = vec![0; 64 << 10];
    let mut file = file.take(LARGEST_FILE);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((hex(&hash.finalize()), head, size));
        }
        hash.update(&buffer[..count]);
        size += count as u64;
        let kept = count.min(keep.saturating_sub(head.len()));
        head.extend_from_slice(&buffer[..kept]);
    }
}

/// What the bytes of a file mean.
enum Meaning {
    Text(String),
    Opaque(&'static str),
    Media,
}

fn meaning(bytes: &[u8]) -> Meaning {
    const PROGRAMS: [(&[u8], &str); 15] = [
        (b"\x7fELF", "ELF program"),
        (b"MZ", "Windows program"),
        (b"\xfe\xed\xfa\xce", "Mach-O program"),
        (b"\xfe\xed\xfa\xcf", "Mach-O program"),
        (b"\xce\xfa\xed\xfe", "Mach-O program"),
        (b"\xcf\xfa\xed\xfe", "Mach-O program"),
        (b"\xca\xfe\xba\xbe", "Mach-O or Java program"),
        (b"\0asm", "WebAssembly program"),
        (b"PK\x03\x04", "zip archive"),
        (b"\x1f\x8b", "gzip archive"),
        (b"BZh", "bzip2 archive"),
        (b"\xfd7zXZ", "xz archive"),
        (b"7z\xbc\xaf", "7z archive"),
        (b"Rar!", "rar archive"),
        (b"\x28\xb5\x2f\xfd", "zstd archive"),
    ];
    const MEDIA: [&[u8]; 16] = [
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"RIFF",
        b"\0\0\x01\0",
        b"%PDF",
        b"OTTO",
        b"\0\x01\0\0",
        b"wOFF",
        b"wOF2",
        b"ID3",
        b"OggS",
        b"fLaC",
        b"\xff\xfb",
        b"SQLite format 3",
        b"BM",
    ];
    let is_sixteen = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if is_sixteen {
        let is_big = bytes[0] == 0xfe;
        let units = bytes[2..].chunks_exact(2).map(|two| {
            let two = [two[0], two[1]];
            if is_big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) }
        });
        return Meaning::Text(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect());
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    if let Some((_, what)) =
        PROGRAMS.iter().find(|(magic, _)| head.starts_with(magic) && (head.contains(&0) || magic.len() > 3))
    {
        return Meaning::Opaque(what);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Meaning::Opaque("tar archive");
    }
    if MEDIA.iter().any(|magic| head.starts_with(magic)) && head.contains(&0) || bytes.get(4..8) == Some(b"ftyp") {
        return Meaning::Media;
    }
    if head.contains(&0) {
        return Meaning::Opaque("unknown binary data");
    }
    Meaning::Text(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether a link leads out of the tree, or nowhere.
fn leaves(root: &Path, link: &Path) -> bool {
    match (link.canonicalize(), root.canonicalize()) {
        (Ok(target), Ok(root)) => !target.starts_with(root),
        _ => true,
    }
}

fn tree_hash(content: &Content) -> String {
    let mut hash = Sha256::new();
    for (name, mark) in &content.files {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((mark.hash.len() as u64).to_le_bytes());
        hash.update(&mark.hash);
    }
    for (name, unread) in &content.unread {
        hash.update(format!("{name:?}{unread:?}"));
    }
    hex(&hash.finalize())
}

/// Is bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Is the digest of a tree as ClawHub installs record it (`fileTreeSha256`); none where a link or an unread file has no place in it.
pub(super) fn clawhub_digest(content: &Content) -> Option<String> {
    if !content.unread.is_empty() || content.files.values().any(|mark| mark.hash.starts_with(['-', '?'])) {
        return None;
    }
    let mut entries: Vec<(Vec<&str>, &Mark)> =
        content.files.iter().map(|(name, mark)| (name.split('/').collect(), mark)).collect();
    entries.retain(|(parts, _)| !matches!(parts[0], ".clawhub" | ".clawdhub"));
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    let entries: Vec<serde_json::Value> = entries
        .into_iter()
        .map(|(parts, mark)| match mark.hash.as_str() {
            "folder" => serde_json::json!({"path": parts.join("/"), "type": "directory"}),
            hash => serde_json::json!({"path": parts.join("/"), "type": "file", "sha256": hash}),
        })
        .collect();
    let text = serde_json::Value::Array(entries).to_string();
    Some(format!("sha256:{}", hex(&Sha256::digest(text))))
}
