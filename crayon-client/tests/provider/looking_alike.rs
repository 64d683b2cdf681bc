//! Writes that would make records that look alike: one at a time, and none claims what another made.

use std::time::Duration;

use provider_core::{
    Command, CreateCustomer, Delivery, ErrorKind, Provider as _, ProviderExt as _, Reconciliation,
};
use provider_simulator::{FaultAction, FaultRule};

use super::commands::{key, new_customer};
use super::connection::Account;
use super::lost::{account, case};

const CREATE: &str = "/api/v1/CustomerTenants";
const ATTACH: &str = "/api/v1/CustomerTenants/existing";

/// A customer whose name people would call the same, at another domain.
fn namesake(account: &Account) -> CreateCustomer {
    let mut other = new_customer(account);
    other.name = " harbor  EXAMPLE ltd".to_owned();
    other.domain = Some("harborother.onmicrosoft.com".to_owned());
    other
}

#[tokio::test]
async fn a_create_waits_for_an_open_one_of_the_same_name() {
    let account = account().await;
    let provider = account.over(account.journal());
    account.crayon.faults().add(FaultRule::new("POST", CREATE, FaultAction::DisconnectBefore).once());
    let first = Command::from(new_customer(&account));
    let error = provider.execute(&first, &key("first")).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
    let second = Command::from(namesake(&account));
    let error = provider.execute(&second, &key("second")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Conflict, Delivery::NotSent), "{error}");
    assert_eq!(account.crayon.count("POST", CREATE), 1);
    // Once the first is settled the second goes on.
    account.crayon.clock().advance(Duration::from_secs(3600));
    let made = provider.execute(&first, &key("first")).await.unwrap().customer.unwrap();
    let other = provider.execute(&second, &key("second")).await.unwrap().customer.unwrap();
    assert_ne!(made, other);
    assert_eq!(account.crayon.count("POST", CREATE), 3);
}

#[tokio::test]
async fn an_attach_waits_for_an_open_one_of_the_same_tenant() {
    let account = account().await;
    let provider = account.over(account.journal());
    let first = case(&account, "take a customer over").await.command;
    let Command::AttachCustomer(mut second) = first.clone() else { panic!("it takes a customer over") };
    second.tenant_id = second.tenant_id.to_uppercase();
    account.crayon.faults().add(FaultRule::new("POST", ATTACH, FaultAction::DisconnectAfter).once());
    provider.execute(&first, &key("first")).await.unwrap_err();
    let error = provider.execute(&second.into(), &key("second")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Conflict, Delivery::NotSent), "{error}");
    assert_eq!(account.crayon.count("POST", ATTACH), 1);
}

#[tokio::test]
async fn what_was_there_before_is_never_claimed() {
    let account = account().await;
    let command = Command::from(new_customer(&account));
    account.provider().execute(&command, &key("somebody-else")).await.unwrap();
    let mut attempt = account.provider().attempt(&command, &key("own")).await.unwrap();
    for minutes in [0, 60] {
        attempt.started_at -= chrono::TimeDelta::minutes(minutes);
        let found = account.provider().reconcile(&attempt).await.unwrap();
        assert!(!matches!(found, Reconciliation::Applied(_)), "{minutes}: {found:?}");
    }
}

#[tokio::test]
async fn a_namesake_at_the_same_domain_is_not_claimed() {
    let account = account().await;
    let command = Command::from(new_customer(&account));
    let mut attempt = account.provider().attempt(&command, &key("own")).await.unwrap();
    attempt.started_at -= chrono::TimeDelta::minutes(60);
    let mut other = new_customer(&account);
    other.name = "Another Example Ltd".to_owned();
    account.provider().execute(&other.into(), &key("somebody-else")).await.unwrap();
    let found = account.provider().reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
}
