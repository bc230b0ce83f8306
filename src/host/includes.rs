//! The files that a config draws in, read as OpenClaw 2026.9.6 reads them: within its folders, and nothing but plain small files.

use super::Places;
use crate::document::Document;
use crate::source::{Bounds, IncludeError, Loaded, Source};
use crate::store;
use crate::text::{Said, Text};
use rustix::fs::{Access, access};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The largest file that is drawn in, in bytes.
const LARGEST: usize = 2 << 20;

/// Reads what the config draws in: the whole config, and each of the other files as it was read, in the source's order.
pub(super) fn read(
    places: &Places,
    root: Document,
    config: Option<&store::Read>,
) -> Result<(Source, Vec<store::Read>), IncludeError> {
    let folder = places.config.parent().unwrap_or(Path::new("/"));
    let real = |folder: &Path| folder.canonicalize().unwrap_or(folder.to_owned());
    let own = real(folder);
    let roots: Vec<PathBuf> = places.include_roots.iter().map(|root| real(root)).collect();
    let mut reads = BTreeMap::new();
    let bounds = Bounds { config: &places.config, roots: &places.include_roots };
    let source = Source::read(root, bounds, &mut |name| {
        let path = resolve(name)?;
        if !std::iter::once(&own).chain(&roots).any(|root| path.starts_with(root)) {
            return Err(LED_OUT.with("path", name.display()));
        }
        let read =
            store::read(&path).map_err(|error| error.said())?.ok_or_else(|| ABSENT.with("path", name.display()))?;
        if read.bytes.len() > LARGEST {
            return Err(LARGE.with("path", name.display()));
        }
        // Whoever turned a folder on the way into a link meanwhile has not led us out.
        if resolve(name)? != path {
            return Err(UNSTEADY.with("path", name.display()));
        }
        let loaded =
            Loaded { bytes: read.bytes.clone(), locked: locked(&path, &read, &own, config), real: path.clone() };
        reads.insert(path, read);
        Ok(loaded)
    })?;
    let included = source.files().iter().skip(1).filter_map(|file| reads.remove(&file.path)).collect();
    Ok((source, included))
}

const ABSENT: Text = Text {
    en: "There is no file {path} to include.",
    ja: "インクルードするファイル {path} がありません。",
};
const UNREADABLE: Text = Text {
    en: "The include {path} cannot be read: {why}.",
    ja: "インクルード {path} を読み取れません: {why}。",
};
const LED_OUT: Text = Text {
    en: "The include {path} is a link that leads out of the config's folder: put the file itself there, or name its folder in OPENCLAW_INCLUDE_ROOTS.",
    ja: "インクルード {path} は設定のフォルダーの外へのリンクです。ファイル自体を置くか、OPENCLAW_INCLUDE_ROOTS にフォルダーを指定してください。",
};
const LARGE: Text = Text {
    en: "The include {path} is larger than 2 MiB, which OpenClaw refuses.",
    ja: "インクルード {path} は 2 MiB を超えており、OpenClaw が受け付けません。",
};
const UNSTEADY: Text = Text {
    en: "{path} was moved while it was read: try again.",
    ja: "{path} は読み取り中に移動されました。もう一度実行してください。",
};

fn resolve(name: &Path) -> Result<PathBuf, Said> {
    name.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ABSENT.with("path", name.display()),
        _ => UNREADABLE.with("path", name.display()).with("why", error),
    })
}

/// Is why a file is not ours to write, where it is not.
fn locked(path: &Path, read: &store::Read, own: &Path, config: Option<&store::Read>) -> Option<Said> {
    const OUTSIDE: Text = Text {
        en: "{path} lies outside the config's folder and may serve other configs too, so it is not written.",
        ja: "{path} は設定のフォルダーの外にあり、ほかの設定でも使われている可能性があるため、書き込みません。",
    };
    const OTHERS: Text = Text {
        en: "{path} belongs to another user than the config, so it is not written.",
        ja: "{path} の所有者が設定ファイルと異なるため、書き込みません。",
    };
    const READ_ONLY: Text = Text {
        en: "{path} is read-only, so it is not written.",
        ja: "{path} は読み取り専用のため、書き込みません。",
    };
    let folder = path.parent().unwrap_or(Path::new("/"));
    let why = if !path.starts_with(own) {
        OUTSIDE
    } else if config.is_some_and(|config| config.uid != read.uid) {
        OTHERS
    } else if read.mode & 0o200 == 0 || access(folder, Access::WRITE_OK).is_err() {
        READ_ONLY
    } else {
        return None;
    };
    Some(why.with("path", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Env, Selection, find};
    use crate::text::Lang;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use tempfile::TempDir;

    /// A home with a config in `c` that draws in one file, and a folder `out` beside it.
    struct Home(TempDir);

    impl Home {
        fn new() -> Self {
            let home = Home(tempfile::tempdir().expect("a folder"));
            for folder in ["c", "out"] {
                fs::create_dir(home.path(folder)).expect("a folder");
            }
            home.file("out/x.json", r#"{"port": 1}"#);
            home
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().canonicalize().expect("a folder").join(path)
        }

        fn file(&self, path: &str, text: &str) {
            fs::write(self.path(path), text).expect("written");
            fs::set_permissions(self.path(path), Permissions::from_mode(0o600)).expect("a mode");
        }

        fn read(&self, include: &str, roots: &str) -> Result<Source, String> {
            let pairs = [("HOME", self.path("")), ("OPENCLAW_INCLUDE_ROOTS", PathBuf::from(roots))];
            let env: Env = pairs.iter().map(|(name, path)| (name.to_string(), path.display().to_string())).collect();
            let selection = Selection { config: Some(self.path("c/openclaw.json")), ..Selection::default() };
            let places = find(&selection, &env, None, Path::new("/"), &|path| path.exists()).expect("a place");
            let root = serde_json::json!({ "gateway": { "$include": include } });
            let root = Document::parse(root.to_string().as_bytes()).expect("a document");
            match super::read(&places, root, None) {
                Ok((source, included)) => {
                    assert_eq!(included.len() + 1, source.files().len());
                    Ok(source)
                }
                Err(IncludeError::Refused { what, .. }) => Err(what.of(Lang::En)),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn what_leads_out_is_not_read_unless_its_folder_is_named() {
        let home = Home::new();
        symlink("../out/x.json", home.path("c/link.json")).expect("a link");
        let out = home.path("out").display().to_string();
        for include in ["../out/x.json", "link.json", &format!("{out}/x.json")] {
            assert!(home.read(include, "").expect_err("refused").contains("out of the config's folder"), "{include}");
            let source = home.read(include, &out).expect("a source");
            assert_eq!(source.value()["gateway"]["port"], 1);
            assert!(source.files()[1].locked.is_some(), "{include}");
        }
    }

    #[test]
    fn only_plain_small_files_are_read() {
        let home = Home::new();
        home.file("c/twice.json", "{}");
        fs::hard_link(home.path("c/twice.json"), home.path("c/again.json")).expect("a link");
        home.file("c/large.json", &format!("{{\"a\": \"{}\"}}", "x".repeat(LARGEST)));
        fs::create_dir(home.path("c/folder")).expect("a folder");
        for (include, why) in [
            ("twice.json", "hard links"),
            ("large.json", "larger than 2 MiB"),
            ("folder", "is a folder"),
            ("gone.json", "no file"),
        ] {
            let said = home.read(include, "").expect_err("refused");
            assert!(said.contains(why), "{include}: {said}");
        }
    }

    #[test]
    fn a_link_within_the_folder_is_followed_and_its_target_is_the_file() {
        let home = Home::new();
        home.file("c/real.json", "{}");
        symlink("real.json", home.path("c/link.json")).expect("a link");
        let source = home.read("link.json", "").expect("a source");
        assert_eq!(source.files()[1].path, home.path("c/real.json"));
        assert!(source.files()[1].locked.is_none());
        fs::set_permissions(home.path("c/real.json"), Permissions::from_mode(0o400)).expect("a mode");
        assert!(home.read("link.json", "").expect("a source").files()[1].locked.is_some());
    }
}
