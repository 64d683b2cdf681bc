//! The lock of a living process: its end is known at once, where a lease has to be waited for.

use std::fs::File;
use std::path::Path;

use provider_core::info::AccountKey;

use crate::fingerprint::Fingerprint;

/// Held while a run goes on. The system gives it up when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock(#[allow(dead_code, reason = "it is there to be held")] File);

impl Lock {
    /// Takes it. `None` while somebody has it, and where there are no such locks.
    pub(super) fn try_take(store: &Path, account: &AccountKey) -> Option<Self> {
        let mut name = store.as_os_str().to_owned();
        name.push(format!("-{}.lock", Fingerprint::of_text(&account.to_string()).short()));
        let file = File::options().create(true).truncate(false).write(true).open(name).ok()?;
        file.try_lock().ok().map(|()| Self(file))
    }
}
