//! Pages whose records take further calls, such as products with their prices.

use std::future::Future;

use provider_core::query::Priority;
use provider_core::{ReadOptions, Result};
use tokio::sync::Semaphore;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::HttpClient;
use crate::deadline::Deadline;
use crate::task::AbortOnDrop;

/// So many are read at the same time for one account. With a hundred calls each, all of them are through within
/// the deadline of a page whatever else the account does, and there are enough to keep every place on the wire
/// taken.
const AT_ONCE: usize = 4;

/// The pages of an account that are being read and take calls for their records.
#[derive(Debug)]
pub(crate) struct Laborious(Semaphore);

impl Default for Laborious {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl HttpClient {
    /// Reads a page whose records take further calls, up to about a hundred: products with their prices, say.
    ///
    /// It runs in a task of its own, so that a listing whose consumer is slow neither times it out nor keeps
    /// others waiting; dropping the future gives the page up. Of background reads ([`Priority::Bulk`]) four such pages
    /// are read at a time for one account, first come, first served: `read` is called when it is the page's turn, and
    /// its time begins then unless the caller set a deadline.
    ///
    /// # Errors
    /// Those of `read`. It is called with a deadline of zero where the caller's has passed meanwhile.
    pub async fn laborious<T, F>(
        &self,
        options: &ReadOptions,
        read: impl FnOnce(ReadOptions) -> F + Send + 'static,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let (account, mut options) = (std::sync::Arc::clone(&self.shared.account), options.clone());
        let page = async move {
            if options.priority != Priority::Bulk {
                return read(options).await;
            }
            let turn = account.laborious.0.acquire();
            let _turn = match options.deadline.map(Deadline::after) {
                None => turn.await.ok(),
                Some(deadline) => {
                    let turn = deadline.bound(turn).await;
                    options.deadline = Some(deadline.remaining());
                    turn.ok().and_then(Result::ok)
                }
            };
            read(options).await
        };
        // On the heap, for the calls of a page together are large.
        let page = Box::pin(page).in_current_span().with_current_subscriber();
        AbortOnDrop::spawn(page)?.finish().await?
    }
}
