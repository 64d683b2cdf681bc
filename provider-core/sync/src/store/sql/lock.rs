//! The lock of a living process: its end is known at once, where a lease has to be waited for.

use std::fs::{File, TryLockError};
use std::path::Path;

use provider_core::info::AccountKey;

use crate::fingerprint::Fingerprint;

/// Held while a run goes on. The system gives it up when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock(#[allow(dead_code, reason = "it is there to be held")] File);

/// Who has the lock of an account.
#[derive(Debug)]
pub(super) enum Locked {
    Here(Lock),
    /// A process that lives: it is at work, about to begin, or just done.
    Elsewhere,
    /// There are no such locks here.
    Unknown,
}

impl Locked {
    /// Takes it where nobody has it.
    pub(super) fn take(store: &Path, account: &AccountKey) -> Self {
        let mut name = store.as_os_str().to_owned();
        name.push(format!("-{}.lock", Fingerprint::of_text(&account.to_string()).short()));
        let Ok(file) = File::options().create(true).truncate(false).write(true).open(name) else {
            return Self::Unknown;
        };
        match file.try_lock() {
            Ok(()) => Self::Here(Lock(file)),
            Err(TryLockError::WouldBlock) => Self::Elsewhere,
            Err(TryLockError::Error(_)) => Self::Unknown,
        }
    }
}
