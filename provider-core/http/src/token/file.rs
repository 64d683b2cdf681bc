//! Tokens in files, one per account.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use provider_core::settings::variable;
use provider_core::token::{Lease, Stored, TokenKey, TokenStore, Version};
use provider_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};

use super::cipher::TokenFileKey;
use super::directory::{self, DIRECTORY_SETTING, KEY_SETTING, Platform};
use super::envelope::{self, SealError};
use super::name;

/// No token file comes near this; what is larger is not one.
const LARGEST: u64 = 1024 * 1024;
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Keeps tokens in a directory of this machine, shared safely by all processes that use it.
///
/// Each account has three files: the token itself, replaced whole by rename after it and the directory
/// were flushed to the disk; a lock held for the moment of a write; and a lock held by whoever renews the
/// token. The locks are the operating system's: they end with the process, however it ends, and their
/// empty files stay. A file that was cut, altered or belongs to another account is an error, never an
/// empty store. The directory has to be on a file system whose locks work between the processes that
/// share it, which network file systems do not always provide.
///
/// Without a key the files are readable by their owner alone (mode 0600); with one
/// ([`encrypted`](Self::encrypted)) they are encrypted too. Files written before the key was given are still
/// read; once an encrypted one was written, a clear one in its place is refused. Only regular files are opened:
/// what waits for a reader or a writer (a pipe, a device) is an error.
#[derive(Debug, Clone)]
pub struct FileTokenStore {
    place: Arc<Place>,
}

#[derive(Debug)]
struct Place {
    directory: PathBuf,
    cipher: Option<TokenFileKey>,
}

impl FileTokenStore {
    /// Keeps tokens in this directory, which is made when the first token is written.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { place: Arc::new(Place { directory: directory.into(), cipher: None }) }
    }

    /// Encrypts what is written from now on.
    #[must_use]
    pub fn encrypted(self, key: TokenFileKey) -> Self {
        let directory = self.place.directory.clone();
        Self { place: Arc::new(Place { directory, cipher: Some(key) }) }
    }

    /// Reads `PROVIDER_TOKEN_DIR` (default: `provider-tokens` in the platform's directory for state) and
    /// `PROVIDER_TOKEN_KEY` (default: not encrypted). Nothing is touched on the disk yet.
    ///
    /// # Errors
    /// `Config`, naming the variable, for a key that is not 32 bytes, an unknown home directory, or a value
    /// that is blank or no UTF-8.
    pub fn from_env() -> Result<Self> {
        Self::from_vars(|name| std::env::var_os(name))
    }

    /// Like [`from_env`](Self::from_env), for hosts that keep settings elsewhere. What is set has a value: a
    /// blank key would leave tokens in clear, so it is refused.
    ///
    /// # Errors
    /// The same.
    pub fn from_vars<V: Into<OsString>>(get: impl Fn(&str) -> Option<V>) -> Result<Self> {
        let get = |name: &str| get(name).map(Into::into);
        let store = Self::new(directory::resolve(Platform::current(), &get)?);
        match variable(KEY_SETTING, get(KEY_SETTING))? {
            Some(key) => Ok(store.encrypted(TokenFileKey::parse(&SecretString::from(key))?)),
            None => Ok(store),
        }
    }

    /// Where the files are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.place.directory
    }

    /// The file of this key, which need not exist.
    #[must_use]
    pub fn path(&self, key: &TokenKey) -> PathBuf {
        self.place.path(key, "json")
    }
}

#[async_trait]
impl TokenStore for FileTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>> {
        let (place, key) = (Arc::clone(&self.place), key.clone());
        blocking(move || place.read(&key)).await
    }

    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool> {
        let (place, key) = (Arc::clone(&self.place), key.clone());
        blocking(move || place.swap(&key, expected, &value)).await
    }

    /// The time to live is not needed: the operating system ends the lock with the process.
    async fn lease(&self, key: &TokenKey, _ttl: Duration) -> Result<Box<dyn Lease>> {
        let mut pause = FIRST_PAUSE;
        loop {
            let (place, key) = (Arc::clone(&self.place), key.clone());
            // A blocking wait could not be given up, and would keep the runtime from shutting down.
            if let Some(lock) = blocking(move || place.try_lock(&key)).await? {
                return Ok(Box::new(lock));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }
}

/// The lock file, open and locked. Closing it, by drop or by the end of the process, gives it back.
#[derive(Debug)]
struct FileLease {
    file: File,
    path: PathBuf,
}

impl Lease for FileLease {
    /// False when somebody removed the lock file, because then another process may hold a new one.
    fn is_held(&self) -> bool {
        still_there(&self.file, &self.path)
    }
}

impl Place {
    fn path(&self, key: &TokenKey, extension: &str) -> PathBuf {
        self.directory.join(format!("{}.{extension}", name::stem(key)))
    }

    fn read(&self, key: &TokenKey) -> Result<Option<Stored>> {
        let path = self.path(key, "json");
        let content = match read_capped(&path) {
            Ok(content) => content,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(unusable(&path, "cannot be read", e)),
        };
        let content =
            envelope::read(key, &content, self.cipher.as_ref()).map_err(|error| unreadable(&path, error))?;
        let lock = self.path(key, "lock");
        if content.sealed {
            // Where it cannot be noted, the next write does it.
            let _ = mark_sealed(&lock);
        } else if self.cipher.is_some() && is_marked(&lock) {
            return Err(unreadable(&path, SealError::Unsealed));
        }
        Ok(Some(content.stored))
    }

    fn swap(&self, key: &TokenKey, expected: Option<Version>, value: &SecretString) -> Result<bool> {
        self.make_directory()?;
        let lock_path = self.path(key, "lock");
        let lock = open_lock(&lock_path)?;
        // Held for one write only, so a plain wait is short.
        lock.lock().map_err(|e| unusable(&lock_path, "cannot be locked", e))?;
        let current = self.read(key)?.map(|stored| stored.version);
        if current != expected {
            return Ok(false);
        }
        let version = current.unwrap_or(0).saturating_add(1);
        let content = envelope::write(key, version, value, self.cipher.as_ref())?;
        let path = self.path(key, "json");
        self.replace(&path, content.expose_secret().as_bytes())
            .map_err(|e| unusable(&path, "cannot be written", e))?;
        if self.cipher.is_some() {
            // After the file, or a crash in between would turn a clear file into one that is refused.
            mark_sealed(&lock_path).map_err(|e| unusable(&lock_path, "cannot be written", e))?;
        }
        Ok(true)
    }

    /// The caller holds the write lock, so one name serves every writer and a crash leaves no litter.
    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let draft = path.with_extension("new");
        match fs::remove_file(&draft) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let mut file = private().write(true).create_new(true).open(&draft)?;
        file.write_all(content)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&draft, path)?;
        flush_directory(&self.directory)
    }

    fn try_lock(&self, key: &TokenKey) -> Result<Option<FileLease>> {
        self.make_directory()?;
        let path = self.path(key, "lease");
        let file = open_lock(&path)?;
        match file.try_lock() {
            // Locking a file that was removed in between would exclude nobody.
            Ok(()) => Ok(still_there(&file, &path).then_some(FileLease { file, path })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(unusable(&path, "cannot be locked", e)),
        }
    }

    fn make_directory(&self) -> Result<()> {
        if self.directory.is_dir() {
            return Ok(());
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory).map_err(|e| unusable(&self.directory, "cannot be made", e))
    }
}

fn read_capped(path: &Path) -> io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut content = Vec::new();
    open_regular(File::options().read(true), path)?.take(LARGEST).read_to_end(&mut content)?;
    Ok(content)
}

fn open_lock(path: &Path) -> Result<File> {
    open_regular(private().write(true).create(true).truncate(false), path)
        .map_err(|e| unusable(path, "cannot be opened", e))
}

/// Opens a regular file. Opening a pipe would wait for the other end of it for ever, and a device has none.
fn open_regular(options: &fs::OpenOptions, path: &Path) -> io::Result<File> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file");
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(refused()),
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        // A link into a volume that is not there now: a token that cannot be seen is not one that does not exist.
        // A file that another process made since the first look is no link, and is opened below.
        Err(_) if fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_symlink()) => {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link that leads nowhere"));
        }
        // What is not there yet is made, or not found, by opening it.
        _ => {}
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(refused()) }
}

/// What the lock file says once an encrypted value was written. It outlives the file of the value, so that a
/// clear file in the place of an encrypted one is noticed.
const SEALED: &[u8] = b"sealed\n";

fn is_marked(lock: &Path) -> bool {
    read_capped(lock).is_ok_and(|content| content == SEALED)
}

fn mark_sealed(lock: &Path) -> io::Result<()> {
    if is_marked(lock) {
        return Ok(());
    }
    let mut file = open_regular(private().write(true).create(true).truncate(false), lock)?;
    file.write_all(SEALED)?;
    file.sync_all()
}

/// Only the owner may read what is made with these options.
fn private() -> fs::OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(not(unix))]
    let _ = &mut options;
    options
}

/// A rename survives a power cut once its directory was flushed; Windows has no such call and needs none.
fn flush_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(named)) => held.dev() == named.dev() && held.ino() == named.ino(),
        _ => false,
    }
}

/// Elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn still_there(_file: &File, _path: &Path) -> bool {
    true
}

fn unusable(path: &Path, what: &str, error: io::Error) -> Error {
    let problem = format!("{} {what}: {error}", path.display());
    Error::config(DIRECTORY_SETTING, problem).with_source(error)
}

fn unreadable(path: &Path, error: SealError) -> Error {
    let (setting, remedy) = match error {
        SealError::KeyMissing => (KEY_SETTING, "set the key that it was written with"),
        SealError::KeyWrong => (
            KEY_SETTING,
            "set the key that it was written with, or remove the file and configure a new refresh token",
        ),
        SealError::Unsealed => (
            KEY_SETTING,
            "somebody replaced it: find out who, remove all files of this account and configure a new refresh token",
        ),
        SealError::Newer => (DIRECTORY_SETTING, "update this program, or name another directory"),
        SealError::Torn | SealError::Altered | SealError::Foreign => {
            (DIRECTORY_SETTING, "restore it, or remove it and configure a new refresh token")
        }
    };
    Error::config(setting, format!("{} {error}: {remedy}", path.display()))
}

/// Disk work belongs on the blocking pool. Once begun it goes on even if the caller is dropped.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let runtime = tokio::runtime::Handle::try_current().map_err(|e| {
        Error::new(ErrorKind::Internal, "the token store needs a tokio runtime").with_source(e)
    })?;
    runtime.spawn_blocking(work).await.map_err(|e| {
        Error::new(ErrorKind::Internal, "the token store's disk work was cut off").with_source(e)
    })?
}
