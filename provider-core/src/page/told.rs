//! Where the next page begins, said while this one is still being read.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use super::cursor::Cursor;

/// What a page says about the next one before it is there itself. By default nobody listens.
#[derive(Clone, Default)]
pub(super) struct Told(Option<Arc<Mutex<Hint>>>);

#[derive(Default)]
struct Hint {
    cursor: Option<Cursor>,
    /// Of a listener that waits, for a page may be read in a task of its own.
    listener: Option<Waker>,
}

impl Told {
    /// One that a listing listens to.
    pub(super) fn listening() -> Self {
        Self(Some(Arc::default()))
    }

    fn hint(&self) -> Option<MutexGuard<'_, Hint>> {
        Some(self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says where the next page begins, and answers whether anybody listens.
    pub(super) fn tell(&self, cursor: &Cursor) -> bool {
        let Some(mut hint) = self.hint() else { return false };
        hint.cursor = Some(cursor.clone());
        let listener = hint.listener.take();
        drop(hint);
        if let Some(listener) = listener {
            listener.wake();
        }
        true
    }

    /// The listener looks by itself: before it polls the page, so that a page that tells meanwhile does not wake it.
    pub(super) fn wake_nobody(&self) {
        if let Some(mut hint) = self.hint() {
            hint.listener = None;
        }
    }

    /// What was told since the last look. Where that is nothing, the listener is woken when something is.
    pub(super) fn take(&self, cx: &Context<'_>) -> Option<Cursor> {
        let mut hint = self.hint()?;
        let cursor = hint.cursor.take();
        hint.listener = cursor.is_none().then(|| cx.waker().clone());
        cursor
    }
}

/// A request is the same request whoever listens.
impl PartialEq for Told {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Told {}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "listening" } else { "nobody listens" })
    }
}
