//! The catalogue: products, their SKUs and plans.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// How often one pays, as the catalogue spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    OneTime,
    Monthly,
    Annual,
}

impl Period {
    /// `billingPeriod` of a plan.
    pub(super) fn catalogue_word(self) -> &'static str {
        match self {
            Self::OneTime => "ONE_TIME",
            Self::Monthly => "MONTHLY",
            Self::Annual => "ANNUAL",
        }
    }

    /// `subscriptionBillingCycle` of a subscription.
    pub(super) fn subscription_word(self) -> &'static str {
        match self {
            Self::OneTime => "one_time",
            Self::Monthly => "monthly",
            Self::Annual => "annual",
        }
    }
}

/// The price book's entry for a plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct BookPrice {
    /// What the reseller pays per unit and billing period.
    pub(super) price: Decimal,
    pub(super) master: Decimal,
}

#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) display_name: String,
    /// The vendor's id of the plan.
    pub(super) external_id: String,
    /// `PRODUCT:SKU:TERM:CYCLE`; only plans of Microsoft's new commerce have one.
    pub(super) mpn: Option<String>,
    pub(super) period: Period,
    /// ISO 8601 duration of the commitment.
    pub(super) term: &'static str,
    /// The vendor's list price per unit and billing period; 0 for usage.
    pub(super) list: Decimal,
    /// `None` when the plan is not in the price book.
    pub(super) book: Option<BookPrice>,
    pub(super) usage: bool,
}

impl Plan {
    /// Months of the commitment.
    pub(super) fn term_months(&self) -> u32 {
        match self.term {
            "P3Y" => 36,
            "P1Y" => 12,
            _ => 1,
        }
    }

    /// New commerce plans have their own rules for renewal and cancellation.
    pub(super) fn is_new_commerce(&self) -> bool {
        self.mpn.is_some()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Sku {
    pub(super) id: String,
    pub(super) display_name: String,
    /// The vendor's SKU.
    pub(super) external_id: String,
    pub(super) plans: Vec<Plan>,
    pub(super) add_ons: Vec<String>,
    pub(super) disabled: bool,
}

/// A partner program that a product belongs to.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) partner: String,
}

#[derive(Clone, Debug)]
pub(super) struct Product {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) caption: String,
    pub(super) description: String,
    pub(super) kind: &'static str,
    pub(super) provider: u64,
    pub(super) category: &'static str,
    pub(super) vertical: &'static str,
    pub(super) postpay: bool,
    pub(super) skus: Vec<Sku>,
    pub(super) add_ons: Vec<Sku>,
    /// The account that owns a shared product; `None` for the reseller's own.
    pub(super) owner: Option<u64>,
    pub(super) disabled: bool,
    pub(super) program: Option<Program>,
    /// Counts changes; the etag is made of it.
    pub(super) revision: u64,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
}

impl Product {
    /// The SKU and the plan with these ids.
    pub(super) fn plan(&self, sku: &str, plan: &str) -> Option<(&Sku, &Plan)> {
        let sku = self.skus.iter().chain(&self.add_ons).find(|found| found.id == sku)?;
        let plan = sku.plans.iter().find(|found| found.id == plan)?;
        Some((sku, plan))
    }

    /// Notes a change: the etag differs from now on.
    pub(super) fn touch(&mut self, now: DateTime<Utc>) {
        self.revision += 1;
        self.updated = now;
    }

    pub(super) fn plans(&self) -> impl Iterator<Item = (&Sku, &Plan)> {
        self.skus.iter().chain(&self.add_ons).flat_map(|sku| sku.plans.iter().map(move |plan| (sku, plan)))
    }
}

/// All products, in catalogue order.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    products: Vec<Product>,
}

impl Catalog {
    pub(super) fn new(products: Vec<Product>) -> Self {
        Self { products }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Product> {
        self.products.iter_mut().find(|product| product.id == id)
    }

    pub(super) fn products(&self) -> &[Product] {
        &self.products
    }

    /// The plan that an order line names.
    pub(super) fn plan(&self, product: &str, sku: &str, plan: &str) -> Option<(&Product, &Sku, &Plan)> {
        let product = self.get(product)?;
        let (sku, plan) = product.plan(sku, plan)?;
        Some((product, sku, plan))
    }
}
