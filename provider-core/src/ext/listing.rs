//! A stream of records over any shared provider.

use std::sync::Arc;

use crate::error::Result;
use crate::page::{Listing, Page, PageRequest};
use crate::provider::Provider;
use crate::query::Query;

/// `patient` is the query for every page but the first. A listing is background work once it has begun: a
/// failure of its first page is told at once, one in its middle is waited out.
pub(super) fn listing<P, Q, F, Fut>(
    provider: &Arc<P>,
    query: Q,
    patient: fn(Q) -> Q,
    fetch: F,
) -> Listing<Q::Item>
where
    P: Provider + ?Sized,
    Q: Query,
    F: Fn(Arc<P>, Arc<Q>, PageRequest) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Page<Q::Item>>> + Send + 'static,
{
    let query = Arc::new(query);
    let patient = Arc::new(patient(Q::clone(&query)));
    let shared = Arc::clone(provider);
    let first = Arc::clone(&query);
    Listing::new(
        provider.info(),
        &*query,
        Arc::new(move |page| {
            let query = if page.cursor.is_some() { &patient } else { &first };
            Box::pin(fetch(Arc::clone(&shared), Arc::clone(query), page))
        }),
    )
}
