//! Products: the catalogue and, on request, ways to buy each of them.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{
    Detail, EntityKind, Error, Operation, Page, PageRequest, Product, ProductId, ProductQuery, ReadOptions,
    Result,
};

use super::budget::Budget;
use super::{Pax8Provider, pages};
use crate::api::{self, ProductFilter};
use crate::auth::Audience;
use crate::map;
use crate::model;

const PAGE: u32 = 200;
/// With offers each record takes up to two calls more, and all of them have to fit into one deadline at
/// the pace of the rate limit.
const PAGE_WITH_OFFERS: u32 = 50;
const AT_ONCE: usize = 16;

impl Pax8Provider {
    pub(super) async fn product_page(
        &self,
        query: &ProductQuery,
        request: &PageRequest,
    ) -> Result<Page<Product>> {
        query.only(&["vendor", "search", "sku", "customer", "with_offers"])?;
        if query.customer.is_some() && !query.with_offers {
            return Err(Error::invalid_input(
                "customer",
                "a customer changes the prices alone: ask for them with `with_offers`",
            )
            .with_provider(crate::KIND)
            .with_operation(Operation::List(EntityKind::Product)));
        }
        let filter = ProductFilter {
            search: query.search.as_deref().and_then(longest_word).map(str::to_owned),
            vendor_name: query.vendor.clone(),
            sort: None,
        };
        let size = if query.with_offers { PAGE_WITH_OFFERS } else { PAGE };
        let asked = pages::asked_at_most(&self.info, query, request, size, size)?;
        let budget = Budget::new(&query.options);
        let wanted = query.sku.as_deref();
        let words: Vec<String> =
            query.search.iter().flat_map(|text| words(text)).map(str::to_lowercase).collect();
        let listed = self
            .client
            .mapped(Audience::Partner, filter.spec(asked), &budget.call(), |product: model::Product, raw| {
                let skus = [&product.sku, &product.vendor_sku, &product.alt_vendor_sku];
                let fits = wanted.is_none_or(|wanted| skus.into_iter().flatten().any(|sku| sku == wanted))
                    && holds(&product, &words);
                Ok((map::product::product(product, raw, Detail::Summary)?, fits))
            })
            .await?;
        let mut page = pages::page(&self.info, query, asked, listed);
        // Pax8 has no filter by SKU, and its search takes one word.
        pages::keep(&mut page, |(_, fits)| *fits);
        let mut page = pages::map(page, |(product, _)| product);
        if query.with_offers {
            self.add_offers(
                &mut page,
                query.customer.as_ref().map(provider_core::CustomerId::as_str),
                &budget,
            )
            .await?;
        }
        Ok(page)
    }

    async fn add_offers(
        &self,
        page: &mut Page<Product>,
        company: Option<&str>,
        budget: &Budget,
    ) -> Result<()> {
        let products: Vec<_> =
            page.records().map(|product| (product.id.clone(), product.requires_commitment)).collect();
        let found: Vec<_> = stream::iter(products)
            .map(|(id, committed)| async move { self.prices(id.as_str(), committed, company, budget).await })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for (product, (pricing, commitments)) in page.items.iter_mut().flatten().zip(found) {
            self.fill_offers(product, &pricing, &commitments);
        }
        Ok(())
    }

    fn fill_offers(
        &self,
        product: &mut Product,
        pricing: &[model::Pricing],
        commitments: &[model::Commitment],
    ) {
        product.kind = map::product::kind(pricing);
        product.offers = map::offer::offers(product.id.as_str(), pricing, commitments, self.currency);
    }

    pub(super) async fn one_product(&self, id: &ProductId, options: &ReadOptions) -> Result<Product> {
        let budget = Budget::new(options);
        let call = budget.call();
        let (record, prices) = futures_util::join!(
            self.client.record_raw::<model::Product>(api::get_product(id.as_str()), &call),
            self.prices(id.as_str(), None, None, &budget),
        );
        let (record, raw) = record?;
        let (pricing, commitments) = prices?;
        let mut product = map::product::product(record, raw, Detail::Full)
            .map_err(|item| super::unreadable(item, EntityKind::Product))?;
        self.fill_offers(&mut product, &pricing, &commitments);
        Ok(product)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty())
}

fn longest_word(text: &str) -> Option<&str> {
    words(text).max_by_key(|word| word.len())
}

/// Pax8's search matches a single word: two give nothing, although each alone does. The longest is sent,
/// and of several words the others are looked for here.
fn holds(product: &model::Product, words: &[String]) -> bool {
    let texts =
        [&product.name, &product.short_description, &product.vendor_name, &product.sku, &product.vendor_sku];
    let text = texts.into_iter().flatten().map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" ");
    words.len() < 2 || words.iter().all(|word| text.contains(word))
}
