//! Rows of a month, from a server.

use provider_core::Result;
use provider_store::seam::{Given, PgTx};

use super::super::monthly::{Asked, Cells};
use super::read::constants;
use crate::target::LocalCursor;

/// See [`Monthly::read`](super::super::monthly::Monthly::read). Both answers are of one moment.
pub(super) async fn month(
    tx: &mut PgTx<'_>,
    asked: &Asked,
    month: &str,
    after: Option<&LocalCursor>,
    limit: usize,
) -> Result<(Vec<Cells>, u64)> {
    let unplaced = if after.is_none() { unplaced(tx, asked).await? } else { 0 };
    let behind = after.map(|after| Given::Text(after.0.as_str().into()));
    let given: Vec<_> =
        std::iter::once(Given::Text(month.into())).chain(constants(&asked.scope)).chain(behind).collect();
    Ok((tx.texts(&asked.rows(after.is_some(), limit), &given).await?, unplaced))
}

async fn unplaced(tx: &mut PgTx<'_>, asked: &Asked) -> Result<u64> {
    let given: Vec<_> = constants(&asked.scope).collect();
    let rows = tx.texts(&asked.unplaced(), &given).await?;
    let count = rows.into_iter().flatten().flatten().next();
    Ok(count.and_then(|count| count.parse().ok()).unwrap_or_default())
}
