//! First passwords of new tenants, in a file that only its owner can read.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use async_trait::async_trait;
use provider_examples::Failure;
use provider_sync::{CredentialSink, NewCredentials};
use secrecy::ExposeSecret as _;

/// A line of JSON for each.
#[derive(Debug)]
pub(crate) struct Passwords(Mutex<File>);

impl Passwords {
    /// Opened before anything is sent: what cannot be written is told in time.
    pub(crate) fn to(path: &Path) -> Result<Self, Failure> {
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
        let line = serde_json::json!({
            "connection": told.connection,
            "key": told.local,
            "customer": told.customer,
            "username": told.credentials.username,
            "password": told.credentials.password.expose_secret(),
        });
        let mut file = self.0.lock().map_err(|_| "the file is not usable any more".to_owned())?;
        writeln!(file, "{line}").and_then(|()| file.sync_all()).map_err(|error| error.to_string())
    }
}
