//! What is looked up of rows that differ, before they are called different.

use std::sync::Arc;

use futures_util::StreamExt as _;
use provider_core::query::Priority;
use provider_core::{EntityKind, Operation, Provider, ReadOptions, Result};

use super::books::Books;
use super::judge::Sides;
use super::read::is_absent;

/// More records of a kind than this are not looked up.
const MOST: usize = 500;
/// So many at a time.
const AT_ONCE: usize = 4;

fn gets(provider: &Arc<dyn Provider>, kind: EntityKind) -> bool {
    provider.capabilities().support(Operation::Get(kind)).is_supported()
}

/// Looks up what explains differences: bands of prices, one call for many rows, and then changes that the list does not
/// date.
pub(super) async fn explain(provider: &Arc<dyn Provider>, books: &mut Books, sides: Sides) -> Result<()> {
    prices(provider, books, sides).await?;
    changes(provider, books, sides).await
}

/// Reads subscriptions one by one, where only that tells when they last changed.
async fn changes(provider: &Arc<dyn Provider>, books: &mut Books, sides: Sides) -> Result<()> {
    let mut detail = provider.capabilities().detail_fields(EntityKind::Subscription);
    if !gets(provider, EntityKind::Subscription) || !detail.any(|field| field == "updated_at") {
        return Ok(());
    }
    let options = ReadOptions::default().priority(Priority::Bulk);
    let mut found = futures_util::stream::iter(books.undated(sides).into_iter().take(MOST))
        .map(|id| {
            let (provider, options) = (Arc::clone(provider), options.clone());
            async move { provider.get_subscription(&id, &options).await }
        })
        .buffer_unordered(AT_ONCE);
    while let Some(seats) = found.next().await {
        match seats {
            Ok(seats) => books.ordered_in_full(&seats),
            // What has gone since it was listed stays as the list had it.
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Looks at the price lists of products of which an invoice shows another amount than the price.
async fn prices(provider: &Arc<dyn Provider>, books: &mut Books, sides: Sides) -> Result<()> {
    if !gets(provider, EntityKind::Product) {
        return Ok(());
    }
    let options = ReadOptions::default().priority(Priority::Bulk);
    let mut found = futures_util::stream::iter(books.unexplained(sides).into_iter().take(MOST))
        .map(|id| {
            let (provider, options) = (Arc::clone(provider), options.clone());
            async move { provider.get_product(&id.as_str().into(), &options).await }
        })
        .buffer_unordered(AT_ONCE);
    while let Some(product) = found.next().await {
        match product {
            Ok(product) => books.tariffs(&product),
            // A product that has left the catalog explains nothing.
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
