//! First passwords of new tenants: in a file that only its owner can read, or sealed beside what runs remember.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use provider_core::settings::variable;
use provider_core::token::{Stored, TokenKey, TokenStore};
use provider_examples::{Failure, StorePlace};
use provider_store::{SealingKey, Store, StoreErrorKind};
use provider_sync::{CredentialSink, NewCredentials, SqliteStore};
use secrecy::{ExposeSecret as _, SecretString};

use super::flags::Flags;

/// What seals them.
const SEAL: &str = "PROVIDER_TOKEN_KEY";
/// How often it is tried again while another process writes.
const TRIES: u32 = 20;

/// One as a line of JSON.
fn line(told: &NewCredentials) -> String {
    let line = serde_json::json!({
        "connection": told.connection,
        "key": told.local,
        "customer": told.customer,
        "username": told.credentials.username,
        "password": told.credentials.password.expose_secret(),
    });
    line.to_string()
}

/// Where they go: the file that was named, or sealed into `--db` where there is a key to seal with.
pub(crate) async fn sink(flags: &Flags) -> Result<Option<Arc<dyn CredentialSink>>, Failure> {
    if let Some(file) = &flags.credentials {
        return Ok(Some(Arc::new(Passwords::to(file)?)));
    }
    let sealed = Sealed::beside(flags, false).await.map_err(|failure| of_db(flags, failure))?;
    Ok(sealed.map(|sealed| Arc::new(sealed) as Arc<dyn CredentialSink>))
}

/// A line of JSON for each.
#[derive(Debug)]
struct Passwords(Mutex<File>);

impl Passwords {
    /// Opened before anything is sent: what cannot be written is told in time.
    fn to(path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = options.open(path);
        let file =
            opened.map_err(|error| Failure::Usage(format!("--credentials: {}: {error}", path.display())))?;
        Ok(Self(Mutex::new(file)))
    }
}

#[async_trait]
impl CredentialSink for Passwords {
    async fn keep(&self, told: &NewCredentials) -> Result<(), String> {
        let mut file = self.0.lock().map_err(|_| "the file is not usable any more".to_owned())?;
        writeln!(file, "{}", line(told)).and_then(|()| file.sync_all()).map_err(|error| error.to_string())
    }
}

/// Sealed beside what runs remember, until somebody reads them.
#[derive(Debug)]
struct Sealed(Arc<dyn TokenStore>);

impl Sealed {
    /// `None` without a key. `existing`: nothing is made to look into.
    async fn beside(flags: &Flags, existing: bool) -> Result<Option<Self>, Failure> {
        let Some(key) = variable(SEAL, std::env::var_os(SEAL))? else { return Ok(None) };
        let opening = Store::open(flags.db.clone()).sealing_key(SealingKey::parse(&SecretString::from(key))?);
        let opening = if existing { opening.existing() } else { opening };
        Ok(Some(Self(opening.await?.token_store())))
    }

    fn key() -> TokenKey {
        TokenKey::new("sync", "credentials")
    }

    async fn add(&self, line: &str) -> provider_core::Result<bool> {
        let known = self.0.load(&Self::key()).await?;
        let before = known.as_ref().map_or("", |known| known.value.expose_secret());
        let all = SecretString::from(format!("{before}{line}\n"));
        self.0.compare_and_swap(&Self::key(), known.map(|known| known.version), all).await
    }
}

#[async_trait]
impl CredentialSink for Sealed {
    async fn keep(&self, told: &NewCredentials) -> Result<(), String> {
        let line = line(told);
        for _ in 0..TRIES {
            if self.add(&line).await.map_err(|error| error.to_string())? {
                return Ok(());
            }
        }
        Err("other processes write all the time".to_owned())
    }
}

/// The store knows the variable of other examples only: here a flag names it.
fn of_db(flags: &Flags, failure: Failure) -> Failure {
    match failure {
        Failure::Provider(error) => StorePlace::of_flag(flags.db.clone()).refused(error),
        other => other,
    }
}

/// Shows those that are sealed in `--db`, and forgets them.
pub(crate) async fn show(flags: &Flags) -> Result<(), Failure> {
    let sealed = Sealed::beside(flags, true).await;
    // Runs were made, and none of them has sealed any.
    if let Err(Failure::Provider(error)) = &sealed
        && matches!(StoreErrorKind::of(error), Some(StoreErrorKind::Absent))
        && SqliteStore::open_existing(&flags.db).await.is_ok()
    {
        return Ok(());
    }
    let Some(sealed) = sealed.map_err(|failure| of_db(flags, failure))? else {
        return Err(Failure::Usage(format!("{SEAL}: set the key that the runs had: it seals the passwords")));
    };
    let mut shown = String::new();
    while let Some(Stored { version, value, .. }) = sealed.0.load(&Sealed::key()).await? {
        let all = value.expose_secret();
        // They are forgotten only once they are out; what has come meanwhile follows.
        {
            let mut out = std::io::stdout().lock();
            write!(out, "{}", all.strip_prefix(shown.as_str()).unwrap_or(all))?;
            out.flush()?;
        }
        let empty = SecretString::from(String::new());
        if all.is_empty() || sealed.0.compare_and_swap(&Sealed::key(), Some(version), empty).await? {
            break;
        }
        shown = all.to_owned();
    }
    Ok(())
}
