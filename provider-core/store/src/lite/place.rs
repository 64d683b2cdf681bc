//! The file: how it comes to be, and whether it is still the one that was opened.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use provider_core::{Error, Result};

use super::connection::Connection;
use super::{Options, between_statements};
use crate::error::{STORE_SETTING, StoreErrorKind};
use crate::place::Making;
use crate::schema::Migrate;

/// The smallest page, and so the smallest database.
const SMALLEST: u64 = 512;

/// The folder that a file lies in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the store if nothing is there, and answers the length of a file at rest: whole pages.
///
/// It is made under another name and comes into its place whole. So a file that is there and empty was
/// cut, and is no new store: an order of yesterday would be placed again.
pub(super) fn provide(options: &Options) -> Result<Option<u64>> {
    let (path, about) = (&options.path, options.about());
    // While there is a log, pages may be on their way. What is missing from its end was never confirmed.
    let at_rest = fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len()) == 0;
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() < SMALLEST => return Err(cut(path)),
        Ok(found) => return Ok((found.is_file() && at_rest).then_some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(about.io(error)),
    }
    match options.making {
        Making::All => make_folder(folder(path)).map_err(|error| about.io(error))?,
        Making::File if folder(path).is_dir() => {}
        Making::File | Making::Nothing => return Err(absent(options)),
    }
    let draft = draft(path);
    let made = build(options, &draft);
    let placed = made.and_then(|()| place(&draft, path).map_err(|error| about.io(error)));
    // What SQLite lays beside it is left where there was no room to take it in.
    for left in [beside(&draft, "-wal"), beside(&draft, "-shm"), draft] {
        let _ = fs::remove_file(left);
    }
    placed.map(|()| None)
}

/// Every key is new to a store that was made in the wrong place.
pub(super) fn absent(options: &Options) -> Error {
    let (path, folder) = (options.path.display(), folder(&options.path));
    let message = match options.making {
        Making::Nothing => format!("there is no store at {path}"),
        _ => format!(
            "the folder {} does not exist: make it, or correct the path {path}; nothing was made",
            folder.display()
        ),
    };
    StoreErrorKind::Absent.error(STORE_SETTING, message)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(end);
    PathBuf::from(beside)
}

/// SQLite takes the shortest files for new ones, and goes on with zeros in place of what a page lacks. That whole
/// pages are missing it notices by itself.
pub(super) fn cut(path: &Path) -> Error {
    let message = format!(
        "{} is cut: it is empty, or ends within a page. Restore the last copy; remove it only if it never held \
         anything, for every key is new to an empty store",
        path.display()
    );
    StoreErrorKind::Corrupt.error(STORE_SETTING, message)
}

/// Whether nothing can be made in the folder of this file. The file itself must not be opened to find out: closing
/// it would take away the locks that this process has on it.
pub(super) fn folder_refuses(path: &Path) -> bool {
    let probe = draft(path);
    match make_private(&probe) {
        Ok(()) => {
            let _ = fs::remove_file(probe);
            false
        }
        Err(error) => {
            matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
        }
    }
}

/// No two processes, and no two threads of one, write the same draft.
pub(super) fn draft(path: &Path) -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

fn build(options: &Options, draft: &Path) -> Result<()> {
    let about = options.about();
    // Left by a process of the same number that was killed.
    match fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(about.io(error)),
        _ => {}
    }
    make_private(draft).map_err(|error| about.io(error))?;
    let mut connection = Connection::open(&Options { path: draft.to_owned(), ..options.clone() })?;
    connection.step_on_any_schema(Migrate)?;
    connection.close()
}

/// Two processes may have made one: the first to come stays.
fn place(draft: &Path, path: &Path) -> io::Result<()> {
    flush(draft)?;
    between_statements();
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    between_statements();
    flush_folder_of(path)
}

/// Makes an empty file that its owner alone may read; what SQLite lays beside it is like it.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    between_statements();
    options.open(path).map(drop)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Nobody may have the file open in SQLite meanwhile.
pub(super) fn flush(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.sync_all()
}

/// A name is only as durable as the folder that holds it.
#[cfg(unix)]
pub(super) fn flush_folder_of(path: &Path) -> io::Result<()> {
    fs::File::open(folder(path))?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn flush_folder_of(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Which file it is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).ok().map(|file| Self(file.dev(), file.ino()))
    }

    /// Elsewhere an open file cannot be moved away.
    #[cfg(not(unix))]
    pub(super) fn of(_path: &Path) -> Option<Self> {
        Some(Self(0, 0))
    }
}
