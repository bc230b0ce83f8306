//! The Gateway's log: finds its files and reads them, however large, in little memory.
//!
//! A file is read in segments, by as many threads as there are processors. Most lines are of no interest: they are passed over by
//! searching for a few texts, and only lines that hold one are parsed. What the lines mean stands in [`crate::checkup::log`].

use crate::checkup::address::Range;
use crate::checkup::log::{self, Event, Looked, NEEDLES, Tally, time_of};
use memchr::{memchr, memmem, memrchr};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// How much is read at once: what stays in a processor's cache while it is searched.
const BLOCK: usize = 256 << 10;
/// The longest line that is read.
const MAX_LINE: usize = 1 << 20;
/// How much one thread takes at a time.
const SEGMENT: u64 = 8 << 20;
/// More threads would only wait for memory.
const MAX_THREADS: usize = 4;
/// Where OpenClaw 2026.9.6 writes its log unless `logging.file` names a file.
const DEFAULT_DIR: &str = "/tmp/openclaw";

static FINDERS: LazyLock<Vec<memmem::Finder<'static>>> =
    LazyLock::new(|| NEEDLES.iter().map(|needle| memmem::Finder::new(needle.as_bytes())).collect());

/// How far a reading is, and the way to end it early. Shared by who reads and who watches.
#[derive(Debug, Default)]
pub struct Progress {
    /// How many bytes have been read.
    pub read: AtomicU64,
    /// How many bytes there are.
    pub total: AtomicU64,
    /// Set by who wants it to end.
    pub cancelled: AtomicBool,
}

/// Is the files of the log that are there, oldest first: the one that is named or `logging.file`, else the dated files of the profile in
/// OpenClaw's own folder; each with the ones it was rotated to.
pub fn find(named: Option<&Path>, profile: Option<&str>, owner: Option<u32>) -> Vec<PathBuf> {
    if let Some(file) = named {
        return rotated(file);
    }
    let uid = rustix::process::geteuid().as_raw();
    let own = std::env::temp_dir().join(format!("openclaw-{}", owner.unwrap_or(uid)));
    // Anybody may make a folder in /tmp: what is not the user's own tells nothing.
    let is_own = |folder: &Path| {
        fs::symlink_metadata(folder)
            .is_ok_and(|meta| meta.is_dir() && [uid, owner.unwrap_or(uid)].contains(&meta.uid()))
    };
    let Some(folder) = [PathBuf::from(DEFAULT_DIR), own].into_iter().find(|folder| is_own(folder)) else {
        return Vec::new();
    };
    let profile = profile.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("default"));
    let family = profile.map_or("openclaw-".to_owned(), |name| format!("openclaw-{}-", name.to_ascii_lowercase()));
    let names =
        fs::read_dir(&folder).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut days: Vec<String> = names.filter(|name| is_dated(name, &family)).collect();
    days.sort();
    days.iter().flat_map(|name| rotated(&folder.join(name))).collect()
}

/// Whether a name is a family's with a date and nothing more, as in `openclaw-2026-11-22.log`.
fn is_dated(name: &str, family: &str) -> bool {
    let date = name.strip_prefix(family).and_then(|rest| rest.strip_suffix(".log"));
    date.is_some_and(|date| {
        date.len() == 10
            && date
                .bytes()
                .enumerate()
                .all(|(n, byte)| if n == 4 || n == 7 { byte == b'-' } else { byte.is_ascii_digit() })
    })
}

/// Is a file after those it was rotated to: `.5` to `.1`, before its ending (2026.9.6).
fn rotated(file: &Path) -> Vec<PathBuf> {
    let (stem, ending) = (file.file_stem().unwrap_or_default(), file.extension());
    let older = (1..=5).rev().map(|n| {
        let mut name = stem.to_owned();
        name.push(format!(".{n}"));
        if let Some(ending) = ending {
            name.push(".");
            name.push(ending);
        }
        file.with_file_name(name)
    });
    older.chain([file.to_owned()]).filter(|path| path.exists()).collect()
}

/// Reads files of the log, in this order, as one.
pub fn read(files: &[PathBuf], trusted: Vec<Range>, progress: &Progress) -> Looked {
    let mut tally = Tally::new(trusted);
    let opened: Vec<(PathBuf, io::Result<(File, u64)>)> = files.iter().map(|path| (path.clone(), open(path))).collect();
    let total = opened.iter().filter_map(|(_, file)| file.as_ref().ok()).map(|(_, size)| size).sum();
    progress.total.store(total, Ordering::Relaxed);
    let mut looked = Vec::new();
    for (path, file) in opened {
        let mut log = log::File { path, size: 0, first: None, last: None, error: None };
        match file {
            Err(error) => log.error = Some(error.to_string()),
            Ok((file, size)) => {
                log.size = size;
                (log.first, log.last) = ends(&file, size);
                log.error = read_file(&file, size, &mut tally, progress).err().map(|error| error.to_string());
            }
        }
        looked.push(log);
    }
    let cancelled = progress.cancelled.load(Ordering::Relaxed);
    Looked { files: looked, review: tally.review(), cancelled }
}

/// Opens a regular file alone: to open a pipe would wait without end.
fn open(path: &Path) -> io::Result<(File, u64)> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

/// Is the time of the first and of the last line, as far as they stand near the ends.
fn ends(file: &File, size: u64) -> (Option<i64>, Option<i64>) {
    let mut buffer = vec![0; BLOCK];
    let mut part = |at: u64| {
        let read = file.read_at(&mut buffer, at).unwrap_or(0);
        buffer[..read].to_vec()
    };
    let first = part(0).split(|byte| *byte == b'\n').find_map(time_of);
    let last = part(size.saturating_sub(BLOCK as u64)).rsplit(|byte| *byte == b'\n').find_map(time_of);
    (first, last)
}

/// What one segment holds.
#[derive(Default)]
struct Found {
    events: Vec<Event>,
    unreadable: u64,
    too_long: u64,
}

fn read_file(file: &File, size: u64, tally: &mut Tally, progress: &Progress) -> io::Result<()> {
    let next = AtomicU64::new(0);
    let segments = size.div_ceil(SEGMENT);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS).min(segments.max(1) as usize);
    let (send, receive) = sync_channel::<(u64, io::Result<Found>)>(threads);
    let work = |send: std::sync::mpsc::SyncSender<_>| {
        let mut buffer = vec![0; MAX_LINE + BLOCK];
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= segments || progress.cancelled.load(Ordering::Relaxed) {
                return;
            }
            // What is written to the file from now on belongs to the next reading.
            let found = read_segment(file, n * SEGMENT, ((n + 1) * SEGMENT).min(size), &mut buffer, progress);
            let is_over = found.is_err();
            if send.send((n, found)).is_err() || is_over {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            let send = send.clone();
            scope.spawn(|| work(send));
        }
        drop(send);
        let mut wanted = 0;
        let mut early: BTreeMap<u64, Found> = BTreeMap::new();
        let mut outcome = Ok(());
        for (n, found) in receive {
            match found {
                Ok(found) => early.insert(n, found),
                Err(error) => {
                    outcome = Err(error);
                    continue;
                }
            };
            while let Some(found) = early.remove(&wanted) {
                found.events.into_iter().for_each(|event| tally.add(event));
                tally.skip(found.unreadable, found.too_long);
                wanted += 1;
            }
        }
        outcome
    })
}

/// Reads the lines that begin within `from..to`.
fn read_segment(file: &File, from: u64, to: u64, buffer: &mut [u8], progress: &Progress) -> io::Result<Found> {
    let mut found = Found::default();
    // The byte before tells whether a line begins at `from`.
    let mut at = from.saturating_sub(1);
    let mut skipping = from > 0;
    let mut kept = 0;
    loop {
        let begun = at - kept as u64;
        if begun >= to || progress.cancelled.load(Ordering::Relaxed) {
            return Ok(found);
        }
        let read = match file.read_at(&mut buffer[kept..kept + BLOCK], at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            if !skipping {
                search(&buffer[..kept], &mut found);
            }
            return Ok(found);
        }
        // A line that is finished beyond `to` counts in this segment, its bytes in the next.
        let own = (at + read as u64).min(to).saturating_sub(at.max(from));
        progress.read.fetch_add(own, Ordering::Relaxed);
        at += read as u64;
        let filled = kept + read;
        let mut start = 0;
        if skipping {
            kept = 0;
            match memchr(b'\n', &buffer[..filled]) {
                None => continue,
                Some(newline) => start = newline + 1,
            }
            skipping = false;
        }
        let Some(last) = memrchr(b'\n', &buffer[start..filled]) else {
            if filled - start > MAX_LINE {
                found.too_long += 1;
                skipping = true;
                kept = 0;
            } else {
                buffer.copy_within(start..filled, 0);
                kept = filled - start;
            }
            continue;
        };
        let whole = start + last + 1;
        let limit = usize::try_from(to.saturating_sub(at - filled as u64)).unwrap_or(usize::MAX);
        if limit <= start {
            return Ok(found);
        }
        if limit < whole {
            let end = memchr(b'\n', &buffer[limit - 1..whole]).map_or(whole, |newline| limit + newline);
            search(&buffer[start..end], &mut found);
            return Ok(found);
        }
        search(&buffer[start..whole], &mut found);
        buffer.copy_within(whole..filled, 0);
        kept = filled - whole;
    }
}

/// Reads the lines of interest among whole lines.
fn search(lines: &[u8], found: &mut Found) {
    let mut hits: Vec<usize> = FINDERS.iter().flat_map(|finder| finder.find_iter(lines)).collect();
    hits.sort_unstable();
    let mut after = 0;
    for hit in hits {
        if hit < after {
            continue;
        }
        let start = memrchr(b'\n', &lines[after..hit]).map_or(after, |newline| after + newline + 1);
        let end = memchr(b'\n', &lines[hit..]).map_or(lines.len(), |newline| hit + newline);
        after = end;
        match Event::read(&lines[start..end]) {
            Ok(event) => found.events.extend(event),
            Err(_) => found.unreadable += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Write;

    fn refused(n: u64, padding: usize) -> String {
        let message = format!("closed before connect conn=c{n} {}", "x".repeat(padding));
        let fields = json!({"cause": "unauthorized", "remoteAddr": "198.51.100.7"});
        let time = format!("2026-11-22T{:02}:{:02}:{:02}Z", n / 3600 % 24, n / 60 % 60, n % 60);
        json!({"0": r#"{"subsystem":"gateway/ws"}"#, "1": fields, "time": time, "message": message}).to_string()
    }

    fn written(folder: &Path, bytes: &[u8]) -> PathBuf {
        let path = folder.join("gateway.log");
        File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("a file");
        path
    }

    fn refusals(path: &Path) -> (u64, log::Review, log::File) {
        let mut looked = read(&[path.to_owned()], Vec::new(), &Progress::default());
        let review = looked.review;
        (review.addresses.values().map(|visits| visits.refusals()).sum(), review, looked.files.remove(0))
    }

    #[test]
    fn every_line_is_read_once_wherever_the_segments_are_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = Vec::new();
        for n in 0..400 {
            bytes.extend(refused(n, 37 * (n as usize % 50)).bytes());
            bytes.push(b'\n');
        }
        let path = written(folder.path(), &bytes);
        let file = File::open(&path).expect("a file");
        let size = bytes.len() as u64;
        let mut buffer = vec![0; MAX_LINE + BLOCK];
        for step in [1_000, 4_096, 7_777, size] {
            let cuts: Vec<u64> = (0..size).step_by(step as usize).collect();
            let found = cuts.iter().map(|from| {
                let to = (from + step).min(size);
                read_segment(&file, *from, to, &mut buffer, &Progress::default()).expect("a segment").events.len()
            });
            assert_eq!(found.sum::<usize>(), 400, "segments of {step}");
        }
    }

    #[test]
    fn a_large_file_is_read_by_several_threads_in_its_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = Vec::new();
        for n in 0..3_000 {
            bytes.extend(refused(n, 9_000).bytes());
            bytes.push(b'\n');
        }
        assert!(bytes.len() as u64 > 3 * SEGMENT);
        let path = written(folder.path(), &bytes);
        let progress = Progress::default();
        let Looked { review, files: looked, .. } = read(std::slice::from_ref(&path), Vec::new(), &progress);
        let visits = review.addresses.values().next().expect("an address");
        assert_eq!((visits.refusals(), visits.burst.map(|burst| burst.count)), (3_000, Some(3_000)));
        assert_eq!(progress.read.load(Ordering::Relaxed), bytes.len() as u64);
        assert_eq!((looked[0].first, looked[0].last), (Some(1_795_305_600), Some(1_795_305_600 + 2_999)));
    }

    #[test]
    fn lines_that_are_cut_binary_or_endless_are_counted_and_the_others_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = refused(1, 0).into_bytes();
        bytes.extend(b"\n\x00\xff closed before connect conn=\x00\n");
        bytes.extend(std::iter::repeat_n(b'y', 3 * MAX_LINE));
        bytes.push(b'\n');
        bytes.extend(refused(2, 0).bytes());
        bytes.push(b'\n');
        let cut = refused(3, 0);
        bytes.extend(&cut.as_bytes()[..cut.len() - 3]);
        let (count, review, _) = refusals(&written(folder.path(), &bytes));
        assert_eq!((count, review.unreadable, review.too_long), (2, 2, 1));
    }

    #[test]
    fn a_last_line_without_its_end_of_line_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let (count, ..) = refusals(&written(folder.path(), refused(1, 0).as_bytes()));
        assert_eq!(count, 1);
    }

    #[test]
    fn what_is_no_log_has_no_times_and_what_is_no_file_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let (_, _, looked) = refusals(&written(folder.path(), &[0; 10_000]));
        assert_eq!((looked.first, looked.error), (None, None));
        let (_, _, looked) = refusals(folder.path());
        assert!(looked.error.is_some());
    }

    #[test]
    fn a_reading_that_is_cancelled_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = written(folder.path(), refused(1, 0).as_bytes());
        let progress = Progress { cancelled: true.into(), ..Progress::default() };
        let looked = read(&[path], Vec::new(), &progress);
        assert!(looked.cancelled && looked.review.addresses.is_empty());
    }

    #[test]
    fn rotated_files_come_oldest_first_and_other_families_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["gateway.1.log", "gateway.3.log", "gateway.log", "gateway.6.log"] {
            File::create(folder.path().join(name)).expect("a file");
        }
        let found = find(Some(&folder.path().join("gateway.log")), None, None);
        let names: Vec<_> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["gateway.3.log", "gateway.1.log", "gateway.log"]);
        assert!(
            is_dated("openclaw-2026-11-22.log", "openclaw-") && is_dated("openclaw-w-2026-11-22.log", "openclaw-w-")
        );
        assert!(
            !is_dated("openclaw-w-2026-11-22.log", "openclaw-") && !is_dated("openclaw-2026-11-22.1.log", "openclaw-")
        );
    }
}
