//! The catalog: products, their SKUs and plans.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// How often one pays, as the catalog spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    OneTime,
    Monthly,
    Annual,
}

impl Period {
    /// `billingPeriod` of a plan.
    pub(crate) fn catalog_word(self) -> &'static str {
        match self {
            Self::OneTime => "ONE_TIME",
            Self::Monthly => "MONTHLY",
            Self::Annual => "ANNUAL",
        }
    }

    /// `subscriptionBillingCycle` of a subscription.
    pub(crate) fn subscription_word(self) -> &'static str {
        match self {
            Self::OneTime => "one_time",
            Self::Monthly => "monthly",
            Self::Annual => "annual",
        }
    }
}

/// The price book's entry for a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BookPrice {
    /// What the reseller pays per unit and billing period.
    pub(crate) price: Decimal,
    pub(crate) master: Decimal,
}

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) display_name: String,
    /// The vendor's id of the plan.
    pub(crate) external_id: String,
    /// `PRODUCT:SKU:TERM:CYCLE`; only plans of Microsoft's new commerce have one.
    pub(crate) mpn: Option<String>,
    pub(crate) period: Period,
    /// ISO 8601 duration of the commitment.
    pub(crate) term: &'static str,
    /// The vendor's list price per unit and billing period; 0 for usage.
    pub(crate) list: Decimal,
    /// `None` when the plan is not in the price book.
    pub(crate) book: Option<BookPrice>,
    pub(crate) usage: bool,
}

impl Plan {
    /// Months of the commitment.
    pub(crate) fn term_months(&self) -> u32 {
        match self.term {
            "P3Y" => 36,
            "P1Y" => 12,
            _ => 1,
        }
    }

    /// New commerce plans have their own rules for renewal and cancellation.
    pub(crate) fn is_new_commerce(&self) -> bool {
        self.mpn.is_some()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Sku {
    pub(crate) id: String,
    pub(crate) display_name: String,
    /// The vendor's SKU.
    pub(crate) external_id: String,
    pub(crate) plans: Vec<Plan>,
    pub(crate) add_ons: Vec<String>,
    pub(crate) disabled: bool,
}

/// A partner program that a product belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) partner: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) caption: String,
    pub(crate) description: String,
    pub(crate) kind: &'static str,
    pub(crate) provider: u64,
    pub(crate) category: &'static str,
    pub(crate) vertical: &'static str,
    pub(crate) postpay: bool,
    pub(crate) skus: Vec<Sku>,
    pub(crate) add_ons: Vec<Sku>,
    /// The account that owns a shared product; `None` for the reseller's own.
    pub(crate) owner: Option<u64>,
    pub(crate) disabled: bool,
    pub(crate) program: Option<Program>,
    /// Counts changes; the etag is made of it.
    pub(crate) revision: u64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
}

impl Product {
    /// The SKU and the plan with these ids.
    pub(crate) fn plan(&self, sku: &str, plan: &str) -> Option<(&Sku, &Plan)> {
        let sku = self.skus.iter().chain(&self.add_ons).find(|found| found.id == sku)?;
        let plan = sku.plans.iter().find(|found| found.id == plan)?;
        Some((sku, plan))
    }

    /// Notes a change: the etag differs from now on.
    pub(crate) fn touch(&mut self, now: DateTime<Utc>) {
        self.revision += 1;
        self.updated = now;
    }

    pub(crate) fn plans(&self) -> impl Iterator<Item = (&Sku, &Plan)> {
        self.skus.iter().chain(&self.add_ons).flat_map(|sku| sku.plans.iter().map(move |plan| (sku, plan)))
    }
}

/// All products, in catalog order.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    products: Vec<Product>,
}

impl Catalog {
    pub(crate) fn new(products: Vec<Product>) -> Self {
        Self { products }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Product> {
        self.products.iter_mut().find(|product| product.id == id)
    }

    pub(crate) fn products(&self) -> &[Product] {
        &self.products
    }

    /// The plan that an order line names.
    pub(crate) fn plan(&self, product: &str, sku: &str, plan: &str) -> Option<(&Product, &Sku, &Plan)> {
        let product = self.get(product)?;
        let (sku, plan) = product.plan(sku, plan)?;
        Some((product, sku, plan))
    }
}
