//! Locking that survives a panic in another test thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`; a poisoned lock is taken over, because a simulator that stops answering would hide the first failure.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
