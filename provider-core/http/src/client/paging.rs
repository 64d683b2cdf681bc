//! The size of pages: as large as the service has shown to answer them.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use provider_core::{Cursor, EntityKind, Error, Page, PageRequest, Result};
use tokio::time::Instant;

use super::HttpClient;
use crate::task::AbortOnDrop;

/// What any service answers.
const MODEST: u32 = 100;
/// A service that gives fewer records a page than this is asked for this many all the same.
const SMALLEST: u32 = 50;

/// A service that gave less once, because it was busy or filtered, is asked for more again.
const GOOD_FOR: Duration = Duration::from_secs(60 * 60);

/// The sizes of pages that turned out smaller than what is usually asked for, and since when.
#[derive(Debug, Default)]
pub(crate) struct PageSizes(Mutex<HashMap<EntityKind, (u32, Instant)>>);

impl PageSizes {
    fn at_most(&self, entity: EntityKind, usual: u32) -> u32 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&entity) {
            Some((size, since)) if since.elapsed() < GOOD_FOR => usual.min(*size),
            _ => usual,
        }
    }

    fn shrink(&self, entity: EntityKind, size: u32) {
        let size = size.max(SMALLEST);
        let now = Instant::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.entry(entity).or_insert((size, now));
        if size < entry.0 || entry.1.elapsed() >= GOOD_FOR {
            *entry = (size, now);
        }
    }
}

/// Whether this refusal may be about the size of the page.
fn may_be_about_the_size(error: &Error) -> bool {
    let refusals = [StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNPROCESSABLE_ENTITY];
    error.http_status().is_some_and(|status| refusals.iter().any(|refusal| refusal.as_u16() == status))
}

impl HttpClient {
    /// Lists the first page of a listing with as many records as this account is known to be served, `usual`
    /// until it turned out to be less; where that is refused, with 100. A request that names a size is left as it is.
    ///
    /// A cursor names its own size. Where that is refused by now, the same place is read with pages of 100: `resized`
    /// answers the cursor of the same place with pages of this size, or `None` where there is none.
    ///
    /// # Errors
    /// Those of `list`. Where both sizes are refused, the first refusal: it was not about the size.
    pub async fn largest_page<T, F>(
        &self,
        entity: EntityKind,
        request: &PageRequest,
        usual: u32,
        resized: impl Fn(&Cursor, u32) -> Option<Cursor> + Send + Sync,
        list: impl Fn(PageRequest) -> F + Send + Sync,
    ) -> Result<Page<T>>
    where
        F: Future<Output = Result<Page<T>>> + Send,
        T: Send,
    {
        let sizes = &self.shared.account.page_sizes;
        // Copies of the request, for a listing may listen to it.
        let sized = |size| request.clone().size(size);
        let (asked, modest) = match (&request.cursor, request.size) {
            (Some(cursor), _) => {
                (request.clone(), resized(cursor, MODEST).map(|cursor| request.clone().moved_to(cursor)))
            }
            (None, Some(_)) => (request.clone(), None),
            (None, None) => {
                let size = sizes.at_most(entity, usual);
                (sized(size), (size > MODEST).then(|| sized(MODEST)))
            }
        };
        let (refused, modest) = match (list(asked).await, modest) {
            (Err(error), Some(modest)) if may_be_about_the_size(&error) => (error, modest),
            (answered, _) => return answered,
        };
        let page = list(modest).await.map_err(|_| refused)?;
        sizes.shrink(entity, MODEST);
        Ok(page)
    }

    /// Tells a listing where the page behind `page` begins, and lets the request for it go out before the caller reads
    /// the records of this one. [`peek_text`](crate::decode::peek_text) finds the token in an answer that is not read
    /// yet. Where nobody listens it returns at once.
    pub async fn tell_next(page: &PageRequest, next: &Cursor) {
        if page.tell_next(next) {
            // Comes back when every task that is ready had its turn: that of the call, and that of the connection. In a
            // task of its own, for whoever waits for other pages too polls this one more often than that.
            if let Ok(turns) = AbortOnDrop::spawn(tokio::task::yield_now()) {
                drop(turns.finish().await);
            }
        }
    }

    /// The service gave no more records a page than this, though more were asked for and more follow: later
    /// listings of the account begin with so many.
    pub fn page_shrank(&self, entity: EntityKind, size: u32) {
        self.shared.account.page_sizes.shrink(entity, size);
    }
}
