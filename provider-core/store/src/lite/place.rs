//! The file: how it comes to be, and whether it is still the one that was opened.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use provider_core::Result;

use super::connection::Connection;
use super::{Options, between_statements};
use crate::error::StoreErrorKind;
use crate::schema::Migrate;

/// The folder that a file lies in.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the store if nothing is there.
///
/// It is made under another name and comes into its place whole. So a file that is there and empty was
/// cut, and is no new store: an order of yesterday would be placed again.
pub(super) fn provide(options: &Options) -> Result<()> {
    let (path, about) = (&options.path, options.about());
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() == 0 => return Err(about.of(StoreErrorKind::Corrupt)),
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(about.io(error)),
    }
    make_folder(folder(path)).map_err(|error| about.io(error))?;
    let draft = draft(path);
    let made = build(options, &draft);
    let placed = made.and_then(|()| place(&draft, path).map_err(|error| about.io(error)));
    let _ = fs::remove_file(&draft);
    placed
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
    File::open(draft)?.sync_all()?;
    between_statements();
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    between_statements();
    flush_folder(folder(path))
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

/// A name is only as durable as the folder that holds it.
#[cfg(unix)]
pub(super) fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn flush_folder(_folder: &Path) -> io::Result<()> {
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
