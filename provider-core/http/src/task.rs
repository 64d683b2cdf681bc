//! A background task that is aborted when the future that waits for it is dropped.

use std::future::Future;

use provider_core::{Delivery, Error, ErrorKind};
use tokio::task::{JoinError, JoinHandle};

/// A task that is aborted when the future that waits for it is dropped.
pub(crate) struct AbortOnDrop<T>(JoinHandle<T>);

impl<T: Send + 'static> AbortOnDrop<T> {
    /// Starts the work.
    ///
    /// # Errors
    /// `Internal`, `NotSent`, outside a runtime.
    pub(crate) fn spawn(work: impl Future<Output = T> + Send + 'static) -> Result<Self, Error> {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            let error = Error::new(ErrorKind::Internal, "calls over HTTP need a tokio runtime");
            return Err(error.with_delivery(Delivery::NotSent));
        };
        Ok(Self(runtime.spawn(work)))
    }

    /// Waits for the end.
    pub(crate) async fn finish(mut self) -> Result<T, Error> {
        (&mut self.0).await.map_err(ended)
    }
}

fn ended(error: JoinError) -> Error {
    let kind = if error.is_cancelled() { ErrorKind::Cancelled } else { ErrorKind::Internal };
    Error::new(kind, "the call ended without an answer").with_source(error)
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
