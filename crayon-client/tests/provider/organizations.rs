//! One organization, several, the configured one, and those of others.

use crayon_client::CrayonProvider;
use provider_core::{
    Command, CustomerQuery, Delivery, ErrorKind, InvoiceQuery, NewOrder, PlaceOrder, Provider, ProviderExt,
    RecordConsent, SubscriptionQuery, SuspendSubscription, UsageQuery,
};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::commands::{SUITE, active, consent, key, new_customer, seats};
use super::connection::Account;

/// The organization of each customer.
async fn owners(provider: &Arc<dyn Provider>) -> Vec<(String, String)> {
    let all = provider.customers(CustomerQuery::default()).collect_all().await.unwrap();
    all.into_iter().map(|c| (c.id.to_string(), c.organization.unwrap().to_string())).collect()
}

fn within(account: &Account, organization: i64) -> Arc<dyn Provider> {
    let mut config = account.config();
    config.organization_id = Some(organization);
    Arc::new(CrayonProvider::from_config(config).unwrap())
}

#[tokio::test]
async fn without_a_configured_one_all_are_read_and_found_once() {
    let account = Account::start().await;
    let provider = account.provider();
    let all: BTreeSet<String> = account.crayon.organization_ids().iter().map(ToString::to_string).collect();
    assert!(all.len() > 1);
    let customers: BTreeSet<String> = owners(&provider).await.into_iter().map(|(_, owner)| owner).collect();
    assert_eq!(customers, all);
    let invoices = provider.invoices(InvoiceQuery::default()).collect_all().await.unwrap();
    let billed: BTreeSet<String> =
        invoices.into_iter().filter_map(|invoice| invoice.organization).map(|id| id.to_string()).collect();
    assert_eq!(billed, all);
    provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    provider.usage(UsageQuery::default()).collect_all().await.unwrap();
    for id in account.crayon.organization_ids() {
        assert!(account.crayon.count("GET", &format!("/api/v1/UsageCost/organization/{id}")) > 0);
    }
    assert_eq!(account.crayon.count("GET", "/api/v1/Organizations"), 1);
}

#[tokio::test]
async fn with_a_configured_one_nothing_else_is_read_or_changed() {
    let account = Account::start().await;
    let own = account.crayon.organization_ids()[0];
    let everywhere = account.provider();
    let (foreign, _) =
        owners(&everywhere).await.into_iter().find(|(_, owner)| *owner != own.to_string()).unwrap();
    let provider = within(&account, own);
    assert!(owners(&provider).await.iter().all(|(_, owner)| *owner == own.to_string()));
    account.crayon.reset_counters();
    provider.invoices(InvoiceQuery::default()).collect_all().await.unwrap();
    assert_eq!(account.crayon.count("GET", "/api/v1/Organizations"), 0);

    let theirs = everywhere
        .subscriptions(SubscriptionQuery::default().customer(foreign.as_str()))
        .collect_all()
        .await
        .unwrap();
    let mut rename = provider_core::UpdateCustomer::new(foreign.as_str());
    rename.name = provider_core::Patch::Set("Not Ours Ltd".to_owned());
    let mut refused: Vec<(Command, &str)> = vec![
        (PlaceOrder::new(NewOrder::new(foreign.as_str()).line(seats(SUITE, 2))).into(), "organization"),
        (RecordConsent::new(foreign.as_str(), consent()).into(), "customer"),
        (rename.into(), "customer"),
    ];
    if let Some(subscription) = theirs.first() {
        refused.push((SuspendSubscription::new(&subscription.id).into(), "subscription"));
    }
    for (command, field) in refused {
        let error = provider.execute(&command, &key("foreign")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent), "{error}");
        assert_eq!(error.violations()[0].field, field, "{error}");
    }
    let mine = active(&account, SUITE).await;
    assert_eq!(account.crayon.purchases(), 0);
    assert!(!mine.id.as_str().is_empty());
}

#[tokio::test]
async fn a_foreign_or_missing_organization_of_a_new_customer_is_named() {
    let account = Account::start().await;
    let provider = account.provider();
    let mut foreign = new_customer(&account);
    foreign.organization = Some(account.crayon.foreign_organization_id().to_string().into());
    let mut unsaid = new_customer(&account);
    unsaid.organization = None;
    for command in [foreign, unsaid] {
        let error = provider.execute(&command.into(), &key("whose")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent), "{error}");
        assert_eq!(error.violations()[0].field, "organization", "{error}");
        for id in account.crayon.organization_ids() {
            assert!(error.to_string().contains(&id.to_string()), "{error}");
        }
    }
    assert_eq!(account.crayon.count("POST", "*"), 1, "only the token is asked for");
}
