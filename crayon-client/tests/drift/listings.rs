//! Pages of the provider with one changed record among them: the page comes, and at most that record is refused.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use crayon_client::{CrayonClient, CrayonConfig, CrayonProvider};
use proptest::prelude::*;
use provider_core::{
    CustomerQuery, InvoiceQuery, ItemError, Page, PageRequest, ProductQuery, Provider, ProviderInfo,
    SubscriptionQuery, UsageQuery,
};
use provider_http::transport::{Body, TransportError};
use provider_http::{NoAuth, Transport};
use serde_json::Value;

use super::FORMS;
use super::change::{Drift, change, members};
use super::shapes::filled;

/// Answers everything alike.
#[derive(Debug)]
struct Fixed(Bytes);

#[async_trait]
impl Transport for Fixed {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        Ok(http::Response::new(Body::from_bytes(self.0.clone())))
    }
}

fn provider(page: String) -> CrayonProvider {
    let client = CrayonClient::builder(CrayonConfig::new("client", "secret", "user", "password"))
        .transport(Arc::new(Fixed(Bytes::from(page))))
        .authenticator(Arc::new(NoAuth))
        .build()
        .unwrap();
    CrayonProvider::new(client, ProviderInfo::new("crayon", "decoding")).in_organization(7)
}

/// How many records of a page were read, and what was wrong with the others.
fn outcome<T>(page: provider_core::Result<Page<T>>) -> provider_core::Result<(usize, Vec<ItemError>)> {
    let page = page?;
    let errors: Vec<ItemError> = page.items.iter().filter_map(|item| item.as_ref().err().cloned()).collect();
    Ok((page.items.len(), errors))
}

async fn list(record: &str, provider: &CrayonProvider) -> provider_core::Result<(usize, Vec<ItemError>)> {
    let page = PageRequest::default();
    match record {
        "CustomerTenant" => outcome(provider.list_customers(&CustomerQuery::default(), &page).await),
        "AgreementProduct" => outcome(provider.list_products(&ProductQuery::default(), &page).await),
        "Subscription" => outcome(provider.list_subscriptions(&SubscriptionQuery::default(), &page).await),
        "Invoice" => outcome(provider.list_invoices(&InvoiceQuery::default(), &page).await),
        "OrganizationUsageCost" => outcome(provider.list_usage(&UsageQuery::default(), &page).await),
        other => panic!("{other} is in no listing"),
    }
}

fn survives(record: &str, pick: usize, what: Drift, form: usize) -> Result<(), TestCaseError> {
    let good: Value = filled(record);
    let mut changed = good.clone();
    let at = change(&mut changed, pick % members(&good), what);
    let place = format!("{record}.{} {what:?}", at.join("."));
    let whole = FORMS[form](&[good.clone(), good.clone()]);
    let page = FORMS[form](&[good, changed]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (usual, none) = runtime.block_on(list(record, &provider(whole))).unwrap();
    prop_assert!(none.is_empty(), "{}: {:?}", &place, none);
    let (got, errors) = match runtime.block_on(list(record, &provider(page))) {
        Ok(outcome) => outcome,
        Err(error) => return Err(TestCaseError::fail(format!("{place}: {error}"))),
    };
    prop_assert!(got <= usual && errors.len() <= 1, "{}: {} {:?}", &place, got, errors);
    if let [error] = errors.as_slice() {
        prop_assert!(!matches!(what, Drift::OtherCase | Drift::Beside), "{}: {}", &place, error);
        prop_assert!(error.path.starts_with("Items[1]"), "{}: {}", &place, &error.path);
        prop_assert!(error.raw.is_some(), "{}", &place);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn one_changed_record_costs_at_most_itself(
        pick in 0usize..10_000,
        kind in 0usize..Drift::ALL.len(),
        form in 0..FORMS.len(),
    ) {
        for record in ["CustomerTenant", "AgreementProduct", "Subscription", "Invoice", "OrganizationUsageCost"] {
            survives(record, pick, Drift::ALL[kind], form)?;
        }
    }
}
