//! Answers with the status of a success that say that they failed, and lists that are written as nothing.

use provider_core::{
    ChangeQuantity, Command, Delivery, ErrorKind, InvoiceLineQuery, InvoiceQuery, PageRequest, Patch,
    Provider as _, ProviderExt as _, SubscriptionQuery, SubscriptionStatus, UpdateCustomer, UsageQuery,
};
use streamone_client::StreamOneProvider;
use streamone_client::model::OrderWrite;

use crate::recorder::Recorder;
use crate::stage::{Stage, key};

const REFUSALS: [&str; 4] = [
    r#"{"success":"false","message":"no such account"}"#,
    r#"{"success":0,"message":"no such account"}"#,
    r#"{"error":"NOT_FOUND","message":"no such account","code":404,"details":[]}"#,
    r#"{"error":{"code":"X1","message":"no such account"}}"#,
];

#[tokio::test]
async fn a_refused_list_of_v1_is_no_empty_one() {
    let page = PageRequest::default();
    for body in REFUSALS.into_iter().chain([r#"{"message":"no such account"}"#]) {
        let provider = StreamOneProvider::new(Recorder::answering(200, body).client());
        for error in [
            provider.list_invoices(&InvoiceQuery::default(), &page).await.unwrap_err(),
            provider.list_invoice_lines(&InvoiceLineQuery::default(), &page).await.unwrap_err(),
            provider.list_usage(&UsageQuery::default(), &page).await.unwrap_err(),
        ] {
            assert!(matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Decode), "{body}: {error}");
            assert!(error.to_string().contains("no such account"), "{body}: {error}");
        }
    }
}

#[tokio::test]
async fn a_list_of_v1_may_stand_in_its_data_and_flags_may_be_words() {
    for (body, number) in [
        (r#"{"success":"true","message":null,"data":[]}"#, 0),
        (r#"{"success":1,"data":{"invoice":[]}}"#, 0),
        (r#"{"success":true,"data":{}}"#, 0),
        (r#"{"success":true,"data":[{"id":"610022"},{"id":"610023"}]}"#, 2),
        (r#"{"success":"TRUE","message":7,"data":{"invoice":{"id":"610022"}}}"#, 1),
    ] {
        let provider = StreamOneProvider::new(Recorder::answering(200, body).client());
        let page = provider.list_invoices(&InvoiceQuery::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(page.records().count(), number, "{body}");
    }
}

#[tokio::test]
async fn a_write_that_is_refused_with_the_status_of_a_success_is_not_done() {
    // One that is not quite JSON is heard too.
    for body in REFUSALS.into_iter().chain([r#"{"success":false,"message":"no such account",}"#]) {
        let client = Recorder::answering(200, body).client();
        let open = serde_json::json!({"x": 1});
        for error in [
            client.customers().link_provider("1", "30", &open).await.unwrap_err(),
            client.products().enable("x").await.unwrap_err(),
            client.carts().delete("7", "8").await.unwrap_err(),
            client.orders().create("7", &OrderWrite::default()).await.unwrap_err(),
        ] {
            assert_eq!(error.delivery(), Delivery::Unknown, "{body}: {error}");
            assert!(error.to_string().contains("no such account"), "{body}: {error}");
        }
    }
}

#[tokio::test]
async fn an_order_that_is_answered_with_an_error_tells_its_words() {
    let client = Recorder::answering(200, r#"{"status":"ERROR","message":"no such account"}"#).client();
    let error = client.orders().create("7", &OrderWrite::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Decode, Delivery::Unknown), "{error}");
    assert!(error.to_string().contains("no such account"), "{error}");
    let client = Recorder::answering(200, r#"{"status":"ERROR","message":"no such account"}"#).client();
    // What answers no record is not done either.
    for error in
        [client.carts().delete("7", "8").await.unwrap_err(), client.products().enable("x").await.unwrap_err()]
    {
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Decode, Delivery::Unknown), "{error}");
        assert!(error.to_string().contains("no such account"), "{error}");
    }
    // One that failed at once is an order all the same.
    let failed = r#"{"name":"accounts/1/customers/7/orders/9","status":"ERROR"}"#;
    let client = Recorder::answering(200, failed).client();
    assert!(client.orders().create("7", &OrderWrite::default()).await.unwrap().id().is_some());
}

#[tokio::test]
async fn what_stands_against_a_change_is_named_by_its_field() {
    let stage = Stage::start().await;
    let owned = stage.shared().subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    let ended = owned.iter().find(|one| one.status == SubscriptionStatus::Deleted).unwrap();
    let mut outdated = ChangeQuantity::new(&stage.seat_subscription().await.id, 5);
    outdated.expected = Some(rust_decimal::Decimal::from(999_999));
    for (command, kind, field) in [
        (ChangeQuantity::new("../4500123", 5), ErrorKind::InvalidInput, "subscription"),
        (ChangeQuantity::new(&ended.id, 5), ErrorKind::PreconditionFailed, "status"),
        (outdated, ErrorKind::PreconditionFailed, "expected"),
    ] {
        let error = stage.provider.plan(&command.into(), &key("against")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, Delivery::NotSent), "{error}");
        assert_eq!(error.violations()[0].field, field, "{error}");
    }
    let mut renamed = UpdateCustomer::new("99999999");
    renamed.name = Patch::Set("Harbor".to_owned());
    for (command, kind) in [
        (Command::from(renamed), ErrorKind::NotFound),
        (UpdateCustomer::new("..").into(), ErrorKind::InvalidInput),
    ] {
        let error = stage.provider.baseline(&command).await.unwrap_err();
        assert_eq!((error.kind(), error.violations()[0].field.as_str()), (kind, "customer"), "{error}");
    }
}
