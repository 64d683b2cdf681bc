//! Whatever can be wrong outside: one typed error that names the setting, and nothing outlives its time.

use std::time::Duration;

use provider_core::command::Effective;
use provider_core::{
    CancelSubscription, ChangeQuantity, Command, CustomerQuery, Delivery, Error, ErrorKind, NewOrder,
    NewOrderLine, PageRequest, PlaceOrder, Provider, ProviderExt, SubscriptionQuery, UpdateCustomer,
};
use provider_simulator::{FaultAction, FaultRule};

use crate::world::World;
use crate::writes::key;

async fn first_page(world: &World, deadline: Duration) -> provider_core::Error {
    let query = CustomerQuery::default().deadline(deadline);
    world.bare().list_customers(&query, &PageRequest::default()).await.unwrap_err()
}

#[tokio::test]
async fn what_is_not_the_api_is_named_by_its_setting() {
    let world = World::start().await;
    for (action, kind) in [
        (FaultAction::Html, ErrorKind::Config),
        (FaultAction::Redirect("https://elsewhere.example.com/".to_owned()), ErrorKind::Config),
    ] {
        let fault = world.pax8().faults().add(FaultRule::new("GET", "/v1/companies", action));
        let error = first_page(&world, Duration::from_secs(20)).await;
        assert!(matches!(error.kind(), k if k == kind || k == ErrorKind::Decode), "{error:?}");
        assert!(error.to_string().contains("PAX8_BASE_URL"), "{error}");
        world.pax8().faults().remove(fault);
    }
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_before_anything_is_sent() {
    let mut world = World::start().await;
    for bad in
        ["http://api.example.com", "ftp://api.example.com", "api.example.com", "https://u:p@api.example.com"]
    {
        world.config.base_url = bad.to_owned();
        let error = pax8_client::Pax8Provider::from_config(world.config.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{bad}");
        assert!(error.to_string().contains("PAX8_BASE_URL"), "{error}");
    }
}

#[tokio::test]
async fn nothing_outlives_its_deadline() {
    let world = World::start().await;
    world.pax8().faults().add(FaultRule::new(
        "GET",
        "/v1/companies",
        FaultAction::Delay(Duration::from_secs(60)),
    ));
    let begun = std::time::Instant::now();
    let error = first_page(&world, Duration::from_millis(300)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(50), "it waited for the answer");
}

#[tokio::test]
async fn a_page_that_comes_again_and_again_ends_with_an_error() {
    let world = World::start().await;
    world.pax8().faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::RepeatCursor));
    let error =
        world.provider().customers(CustomerQuery::default()).page_size(5).collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
}

#[tokio::test]
async fn an_expired_token_is_renewed_without_anybody_noticing() {
    let world = World::start().await;
    let provider = world.provider();
    provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
    world.pax8().revoke_tokens();
    provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
    assert_eq!(world.pax8().count("POST", "/v1/token"), 2);
}

#[tokio::test]
async fn a_cursor_of_another_query_is_refused() {
    let world = World::start().await;
    let provider = world.provider();
    let page =
        provider.list_customers(&CustomerQuery::default(), &PageRequest::default().size(5)).await.unwrap();
    assert_eq!(page.total, Some(25));
    assert_eq!(page.ahead.len(), 3, "pages three to five are known");
    let other = CustomerQuery::default().name("x");
    let error = provider.list_customers(&other, &PageRequest::at(page.next.unwrap())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCursor);
}

fn order(customer: &str, product: &str) -> Command {
    PlaceOrder::new(NewOrder::new(customer).line(NewOrderLine::new(product, 2))).into()
}

fn about(error: &Error) -> (ErrorKind, Delivery, &str) {
    (error.kind(), error.delivery(), error.violations()[0].field.as_str())
}

#[tokio::test]
async fn what_does_not_exist_is_named_by_what_is_remembered_as_by_the_plan() {
    let world = World::start().await;
    let unknown = "00000000-0000-4000-8000-000000000000";
    let mut renamed = UpdateCustomer::new(unknown);
    renamed.name = provider_core::Patch::Set("Harbor".to_owned());
    for (command, field) in [
        (order(unknown, unknown), "customer"),
        (renamed.into(), "customer"),
        (ChangeQuantity::new(unknown, 5).into(), "subscription"),
        (CancelSubscription::new(unknown).into(), "subscription"),
    ] {
        let error = world.bare().baseline(&command).await.unwrap_err();
        assert_eq!(about(&error), (ErrorKind::NotFound, Delivery::NotSent, field), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_id_is_named_by_the_field_of_the_command_and_not_by_that_of_an_address() {
    let world = World::start().await;
    let provider = world.bare();
    for (command, field) in [
        (order(" ", "x"), "customer"),
        (order("x", ".."), "lines[0].product"),
        (ChangeQuantity::new("", 5).into(), "subscription"),
        (CancelSubscription::new(".").into(), "subscription"),
    ] {
        for way in [
            provider.plan(&command, &key("no-id")).await.map(drop),
            provider.baseline(&command).await.map(drop),
            provider.execute(&command, &key("no-id")).await.map(drop),
        ] {
            let error = way.unwrap_err();
            assert_eq!(about(&error), (ErrorKind::InvalidInput, Delivery::NotSent, field), "{error}");
        }
    }
    assert!(world.pax8().requests().is_empty(), "{:?}", world.pax8().requests());
}

#[tokio::test]
async fn a_day_that_has_passed_ends_nothing() {
    let world = World::start().await;
    let provider = world.provider();
    let owned = provider.subscriptions(SubscriptionQuery::default()).next().await.unwrap().unwrap();
    let mut cancel = CancelSubscription::new(&owned.id);
    cancel.effective = Effective::On(chrono::NaiveDate::from_ymd_opt(2001, 1, 1).unwrap());
    let error = world.bare().execute(&cancel.into(), &key("passed")).await.unwrap_err();
    assert_eq!(about(&error), (ErrorKind::InvalidInput, Delivery::NotSent, "effective"), "{error}");
    assert_eq!(world.pax8().count("DELETE", "/v1/subscriptions/*"), 0);
}
