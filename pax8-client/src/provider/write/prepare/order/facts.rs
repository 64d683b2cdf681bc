//! What has to be known of the products of an order.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{ErrorKind, NewOrder, Result};
use provider_http::OperationContext;

use crate::model::{Dependencies, Pricing, Product, ProvisioningDetail};
use crate::provider::context::Context;
use crate::provider::products;

/// Products of one order whose facts are fetched at once.
const AT_ONCE: usize = 4;

/// What has to be known of a product to order it.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) product: Product,
    pub(super) pricing: Vec<Pricing>,
    pub(super) dependencies: Dependencies,
    pub(super) questions: Vec<ProvisioningDetail>,
}

/// Facts by product; `None` for a product that does not exist.
pub(super) async fn of(
    cx: &Context,
    op: &OperationContext,
    order: &NewOrder,
) -> Result<BTreeMap<String, Option<Facts>>> {
    let ids: BTreeSet<String> = order.lines.iter().map(|line| line.product.to_string()).collect();
    stream::iter(ids)
        .map(|id| async move {
            let facts = of_product(cx, op, &id, order.customer.as_str()).await?;
            Ok((id, facts))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn of_product(cx: &Context, op: &OperationContext, id: &str, company: &str) -> Result<Option<Facts>> {
    let handle = cx.client.products().with(op.quiet());
    let (product, pricing, dependencies, questions) = futures_util::join!(
        handle.get(id),
        products::pricing(cx, op, id, Some(company)),
        products::dependencies(cx, op, id),
        handle.provision_details(id),
    );
    let product = match product {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let questions = match questions {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        other => other?,
    };
    Ok(Some(Facts { product, pricing: pricing?, dependencies: dependencies?, questions }))
}
