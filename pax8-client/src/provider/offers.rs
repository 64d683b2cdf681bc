//! Prices and commitments of one product, fetched right before they are used.

use provider_core::{ErrorKind, Result};

use super::Pax8Provider;
use super::budget::Budget;
use crate::model::{Commitment, Dependencies, Pricing};

impl Pax8Provider {
    /// The prices of a product, for one company where it is named, and the commitments that they need.
    ///
    /// Calls are what the rate limit makes scarce: commitments are asked for only where a price names one.
    /// Where it is known beforehand that one will, both are asked for at once.
    pub(super) async fn prices(
        &self,
        product: &str,
        requires_commitment: Option<bool>,
        company: Option<&str>,
        budget: &Budget,
    ) -> Result<(Vec<Pricing>, Vec<Commitment>)> {
        if requires_commitment == Some(true) {
            let (pricing, dependencies) = futures_util::join!(
                self.pricing(product, company, budget),
                self.dependencies(product, budget),
            );
            return Ok((pricing?, dependencies?.commitment_dependencies));
        }
        let pricing = self.pricing(product, company, budget).await?;
        let committed =
            |row: &Pricing| row.commitment_term.is_some() || row.commitment_term_in_months.is_some();
        if !pricing.iter().any(committed) {
            return Ok((pricing, Vec::new()));
        }
        Ok((pricing, self.dependencies(product, budget).await?.commitment_dependencies))
    }

    pub(super) async fn pricing(
        &self,
        product: &str,
        company: Option<&str>,
        budget: &Budget,
    ) -> Result<Vec<Pricing>> {
        none_where_missing(self.client.products().with(budget.quiet_call()).pricing(product, company).await)
    }

    pub(super) async fn dependencies(&self, product: &str, budget: &Budget) -> Result<Dependencies> {
        none_where_missing(self.client.products().with(budget.quiet_call()).dependencies(product).await)
    }
}

/// A product that has no prices or no dependencies is one without offers, not a failure of the listing.
fn none_where_missing<T: Default>(result: Result<T>) -> Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(T::default()),
        other => other,
    }
}
