//! The store that the examples keep their journal in, and StreamOne's tokens.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use provider_core::Error;
use provider_core::journal::JournalBook;
use provider_core::settings::variable;
use provider_store::{SealingKey, Store, StoreErrorKind};
use secrecy::SecretString;

use crate::exit::Failure;

/// Names the store.
const STORE: &str = "PROVIDER_STORE";
/// Names the folder of the default store; of before there was one.
const JOURNAL_DIR: &str = "PROVIDER_JOURNAL_DIR";
const TOKEN_KEY: &str = "PROVIDER_TOKEN_KEY";
/// The flag of the example that looks into a store.
const FLAG: &str = "--db";

/// Where a store is, and who said so.
pub struct StorePlace {
    address: String,
    named_by: Option<&'static str>,
    /// The journal that was a JSON file in versions before.
    of_before: Option<PathBuf>,
}

/// The address of a server may hold a password.
impl fmt::Debug for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorePlace").field("address", &self.shown()).finish_non_exhaustive()
    }
}

impl StorePlace {
    /// The store that a flag names.
    #[must_use]
    pub fn of_flag(address: String) -> Self {
        Self { address, named_by: Some(FLAG), of_before: None }
    }

    /// The store that `PROVIDER_STORE` names, or the default one in the platform's directory for state.
    ///
    /// # Errors
    /// A variable that is blank or no text, and a default place that is not known.
    pub fn from_env() -> Result<Self, Failure> {
        Self::from_vars(|name| std::env::var_os(name))
    }

    fn from_vars(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, Failure> {
        let named = variable(STORE, get(STORE))?;
        let folder = match variable(JOURNAL_DIR, get(JOURNAL_DIR))? {
            Some(folder) => Some(PathBuf::from(folder)),
            None => state_directory(&get).map(|state| state.join("provider-examples")),
        };
        let of_before = folder.as_ref().map(|folder| folder.join("journal.json"));
        if let Some(address) = named {
            return Ok(Self { address, named_by: Some(STORE), of_before });
        }
        let path = folder.map(|folder| folder.join("store.db"));
        let Some(path) = path.as_ref().and_then(|path| path.to_str()) else {
            let problem = "the directory for state is not known here, or is no text in UTF-8";
            return Err(Failure::Usage(format!("{STORE}: {problem}: name a store, as sqlite:PATH")));
        };
        Ok(Self { address: format!("sqlite:{path}"), named_by: None, of_before })
    }

    /// Whether somebody named it.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.named_by.is_some()
    }

    /// What may be printed of the address.
    fn shown(&self) -> &str {
        if self.is_on_a_server() { "the database that it names" } else { &self.address }
    }

    fn is_on_a_server(&self) -> bool {
        self.address.trim_start().to_ascii_lowercase().starts_with("postgres")
    }

    /// The address: `sqlite:PATH`, or `postgres://…` in a build with the feature `postgres`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Opens it for a journal and for tokens, which `PROVIDER_TOKEN_KEY` seals. Makes the file where there is
    /// none; the folder only of the default store: in a folder that was misspelt every key would be new.
    ///
    /// # Errors
    /// Bad usage, naming who named the store, where it cannot be one; the distributor's code where it is
    /// only locked or full at the moment.
    pub async fn open(&self) -> Result<Store, Failure> {
        let key = variable(TOKEN_KEY, std::env::var_os(TOKEN_KEY))?;
        let opening = Store::open(self.address.clone());
        let opening = if self.is_named() { opening.in_existing_folder() } else { opening };
        let opening = match key {
            Some(key) => opening.sealing_key(SealingKey::parse(&SecretString::from(key))?),
            None => opening.unsealed(),
        };
        let store = opening.await.map_err(|error| self.refused(error))?;
        self.take_in(&store).await?;
        Ok(store)
    }

    /// Opens it to look at the journal. A store that somebody named has to be there.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_to_look(&self) -> Result<Store, Failure> {
        let opening = Store::open(self.address.clone());
        let opening = if self.is_named() { opening.existing() } else { opening };
        let store = opening.await.map_err(|error| self.refused(error))?;
        self.take_in(&store).await?;
        Ok(store)
    }

    /// What an error of this store comes to, told by who named it. A wrong store is wrong usage; one that is in use or
    /// full may do in a minute.
    #[must_use]
    pub fn refused(&self, error: Error) -> Failure {
        let passing = match StoreErrorKind::of(&error) {
            Some(StoreErrorKind::Locked | StoreErrorKind::Full) => true,
            // A file that cannot be reached is named wrongly; a server may be restarted at the moment.
            Some(StoreErrorKind::Unreachable) => self.is_on_a_server(),
            _ => false,
        };
        let failure = Failure::Provider(error);
        let text = failure.to_string();
        let text = match self.named_by {
            // The store knows the variable only.
            Some(named_by) => text.replace(STORE, named_by),
            None => text,
        };
        if passing { Failure::Check(text) } else { Failure::Usage(text) }
    }

    /// Versions before kept the journal in a JSON file. What it knows and the store does not is taken in, at
    /// every start: a program of before may still write it.
    async fn take_in(&self, store: &Store) -> Result<(), Failure> {
        let Some(file) = self.of_before.as_deref() else { return Ok(()) };
        let Some(book) = journal_of_before(file)? else { return Ok(()) };
        let taken = store.import(book).await.map_err(|error| self.refused(error))?;
        if taken > 0 {
            eprintln!(
                "Took {taken} entries of the journal in {} into {}. Remove that file once no program of an \
                 earlier version writes it any more.",
                file.display(),
                self.shown()
            );
        }
        Ok(())
    }
}

fn journal_of_before(file: &Path) -> Result<Option<JournalBook>, Failure> {
    let unreadable = |problem: &dyn std::fmt::Display| {
        let place = file.display();
        let message = format!(
            "the journal of an earlier version in {place} cannot be read ({problem}): mend it, or move it away if \
             nothing that it knew will ever be repeated"
        );
        Failure::Usage(message)
    };
    match fs::read(file) {
        Ok(json) => serde_json::from_slice(&json).map(Some).map_err(|error| unreadable(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&error)),
    }
}

/// Where state that outlives a process belongs. A relative XDG path is to be ignored, says its
/// specification.
fn state_directory(get: &impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name: &str| get(name).map(PathBuf::from).filter(|path| path.has_root());
    if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
    }
}
