//! What has to be known of the products of an order.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{ErrorKind, NewOrder, Result};

use crate::model::{Dependencies, Pricing, Product, ProvisioningDetail};
use crate::provider::context::{Budget, Context};
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
    order: &NewOrder,
    budget: &Budget,
) -> Result<BTreeMap<String, Option<Facts>>> {
    let ids: BTreeSet<String> = order.lines.iter().map(|line| line.product.to_string()).collect();
    stream::iter(ids)
        .map(|id| async move {
            let facts = of_product(cx, &id, order.customer.as_str(), budget).await?;
            Ok((id, facts))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn of_product(cx: &Context, id: &str, company: &str, budget: &Budget) -> Result<Option<Facts>> {
    let handle = cx.client.products().with(budget.quiet_call());
    let (product, pricing, dependencies, questions) = futures_util::join!(
        handle.get(id),
        products::pricing(cx, id, Some(company), budget),
        products::dependencies(cx, id, budget),
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
