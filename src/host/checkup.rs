//! Gathers the facts of a checkup, and keeps what is known between two of them.

use super::gateway_log::{self, Progress};
use super::{Env, Installation, approvals, containers, listeners, own_state_dir, record, skills};
use crate::accepted::Ledger;
use crate::checkup::known::Book;
use crate::checkup::policy::{self, Imprint};
use crate::checkup::{Evidence, Known, Row, address, judge};
use crate::settings::Settings;
use crate::skills::state::Review;
use crate::source::Source;
use crate::store;
use crate::text::{Said, Text};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long an engine is waited for unless somebody asks for more.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The log, instead of the one that the config names.
    pub log: Option<PathBuf>,
    /// The profile, whose log has a name of its own.
    pub profile: Option<String>,
    /// The folder that relative paths of the config start from.
    pub cwd: PathBuf,
    /// How long an engine may take to answer one question.
    pub patience: Duration,
    /// Whether the engines are left alone.
    pub skip_engines: bool,
    /// What the administrator accepted of the audit.
    pub ledger: Ledger,
    /// Whether what was found out about unchanged skills may be kept for the next time.
    pub keeps: bool,
}

/// Looks at everything; reads whole logs, runs `docker` and `podman`, and writes nothing but what it keeps of skills.
pub fn look(installation: &Installation, env: &Env, wanted: &Wanted, progress: &Progress) -> Evidence {
    let places = &installation.places;
    let now = now();
    let settings = &installation.settings;
    let owner = fs::metadata(&places.state_dir).ok().map(|meta| meta.uid());
    let named = wanted.log.as_deref().map(|path| wanted.cwd.join(path));
    let log = named.or_else(|| settings.str("logging.file").map(|path| places.resolve(path, &wanted.cwd)));
    let trusted = settings.gateway().trusted_proxies().into_iter().filter_map(address::Range::parse).collect();
    // An engine may take seconds to answer, and so may a large log.
    let (engines, log) = thread::scope(|scope| {
        let engines =
            scope.spawn(|| if wanted.skip_engines { Vec::new() } else { containers::look(env, wanted.patience) });
        let files = gateway_log::find(log.as_deref(), wanted.profile.as_deref(), owner);
        let log = gateway_log::read(&files, trusted, progress);
        (engines.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), log)
    });
    let today = store::date(UNIX_EPOCH + Duration::from_secs(now.unsigned_abs()));
    let accepted = wanted.ledger.of(&places.config);
    let expired = accepted.iter().filter(|one| today > one.until).map(|one| (one.check_id.clone(), one.until.clone()));
    let port = u16::try_from(settings.gateway().port()).unwrap_or(0);
    Evidence {
        log,
        engines,
        access: approvals::look(&places.state_dir, &places.credentials, now),
        listeners: listeners::look(port, Path::new("/proc")),
        policy: policy::Looked {
            config: places.config.clone(),
            imprint: installation.read.as_ref().map(|_| Imprint::of(&installation.source, now)),
            expired: expired.collect(),
            skills: Some(reviewed(installation, settings, env, wanted)),
        },
        now,
    }
}

/// Puts the skills beside what was accepted.
fn reviewed(installation: &Installation, settings: &Settings, env: &Env, wanted: &Wanted) -> Result<Review, Said> {
    let accepted = record::kept()?;
    let found = skills::inventory(&installation.places, settings, env, &wanted.cwd, wanted.keeps);
    Ok(Review::new(&accepted, &installation.places.state_dir, found.skills, found.cut))
}

/// Judges what was seen.
pub fn rows(installation: &Installation, evidence: &Evidence, known: &Known) -> Vec<Row> {
    judge(evidence, &installation.settings, known)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}

/// Is what is known of an installation; nothing where no checkup was made.
///
/// # Errors
/// Where the file is there and cannot be read.
pub fn known(config: &Path) -> Result<Known, Said> {
    Ok(record::kept::<Book>()?.of(config))
}

/// Puts down what is known of an installation, by way of what is known of it now.
///
/// # Errors
/// Where it cannot be written.
pub fn remember(config: &Path, change: impl Fn(Known) -> Known) -> Result<(), Said> {
    if own_state_dir().is_none() {
        return Ok(());
    }
    let put = |book: &mut Book| {
        book.put(config, change(book.of(config)));
        Ok(true)
    };
    record::change(put).map(|_| ())
}

/// Remembers how the config looks after we wrote it, so that the next checkup notices what others change. The write stands
/// whatever comes of this: what goes wrong is a warning.
pub fn remember_write(config: &Path, written: &Source) -> Option<Said> {
    const UNKEPT: Text = Text {
        en: "The next checkup will report this write as a change: {why}",
        ja: "次回の checkup はこの書き込みを変更として報告します: {why}",
    };
    let imprint = Imprint::of(written, now());
    let kept = remember(config, |known| Known { imprint: Some(imprint.clone()), ..known });
    kept.err().map(|why| Said::from(UNKEPT).with_said("why", why))
}
