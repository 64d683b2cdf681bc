//! Input that cannot succeed: one typed error that names the field, before anything is bought.

use std::time::Duration;

use crayon_client::{CrayonConfig, CrayonProvider};
use provider_core::{
    BillingCycle, ChangeQuantity, Command, CustomerQuery, Delivery, ErrorKind, NewOrder, NewOrderLine,
    PageRequest, PlaceOrder, Provider, ReadOptions, Term,
};
use provider_http::HttpOptions;
use provider_testkit::simulator::{FaultAction, FaultRule};

use super::connection::Account;
use super::walk::{SUITE, key, seats};

fn order(customer: &str, line: NewOrderLine) -> Command {
    PlaceOrder::new(NewOrder::new(customer, vec![line])).into()
}

#[tokio::test]
async fn orders_name_the_field_that_stands_against_them() {
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let mut weekly = seats(SUITE, 2);
    weekly.billing_cycle = Some(BillingCycle::Quarterly);
    let mut long = seats(SUITE, 2);
    long.commitment_term = Some(Term::years(5));
    let mut vague = NewOrderLine::new(SUITE, 2.into());
    vague.commitment_term = Some(Term::YEAR);
    let mut contrary = seats(SUITE, 2);
    contrary.offer = Some("CFQ7TTC0LH18:0001/P1M/monthly".into());
    for (line, field) in [
        (seats("CFQ7TTC0XXXX:0001", 2), "lines[0].product"),
        (seats("90013_1_1", 2), "lines[0].product"),
        (weekly, "lines[0].billing_cycle"),
        (long, "lines[0].commitment_term"),
        (vague, "lines[0].offer"),
        (contrary, "lines[0].commitment_term"),
        (seats(SUITE, 0), "lines[0].quantity"),
        (seats(SUITE, 301), "lines[0].quantity"),
        (NewOrderLine::new(SUITE, "1.5".parse().unwrap()), "lines[0].quantity"),
    ] {
        let error = provider.execute(&order(&customer, line.clone()), &key("bad")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::InvalidInput, Delivery::NotSent),
            "{line:?}: {error}"
        );
        assert_eq!(error.violations()[0].field, field, "{error}");
    }
    let unknown = provider.execute(&order("999999", seats(SUITE, 2)), &key("bad")).await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.delivery()), (ErrorKind::NotFound, Delivery::NotSent));
    assert_eq!(unknown.violations()[0].field, "customer");
    assert_eq!(account.crayon.purchases(), 0);
}

#[tokio::test]
async fn what_is_wrong_without_the_network_never_reaches_it() {
    let account = Account::start().await;
    let provider = account.provider();
    for command in [
        order("not-a-number", seats(SUITE, 2)),
        order("51001", seats(SUITE, 0)),
        ChangeQuantity::new("610001", "2.5".parse().unwrap()).into(),
        ChangeQuantity::new("610001", 0.into()).into(),
    ] {
        let error = provider.execute(&command, &key("offline")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent), "{error}");
    }
    for id in ["", "abc", "-1", "51001/../1", "0"] {
        let error = provider.get_customer(&id.into(), &ReadOptions::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id}");
    }
    assert!(account.crayon.requests().is_empty(), "{:#?}", account.crayon.requests());
}

#[test]
fn settings_name_what_is_missing_or_wrong() {
    let from = |pairs: &[(&str, &str)]| {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        CrayonConfig::from_vars(move |name| {
            pairs.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone())
        })
    };
    assert!(from(&[]).unwrap().is_none());
    assert!(from(&[("CRAYON_CLIENT_ID", " ")]).unwrap().is_none());
    let error = from(&[("CRAYON_CLIENT_ID", "a"), ("CRAYON_PASSWORD", "b")]).unwrap_err();
    let named: Vec<&str> = error.violations().iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!((error.kind(), named), (ErrorKind::Config, vec!["CRAYON_CLIENT_SECRET", "CRAYON_USERNAME"]));
    let full = [
        ("CRAYON_CLIENT_ID", "a"),
        ("CRAYON_CLIENT_SECRET", "b"),
        ("CRAYON_USERNAME", "c"),
        ("CRAYON_PASSWORD", "d"),
    ];
    assert!(from(&full).unwrap().is_some());
    for (name, value) in [
        ("CRAYON_BASE_URL", "not an address"),
        ("CRAYON_ORGANIZATION_ID", "seven"),
        ("CRAYON_ENVIRONMENT", "moon"),
        ("CRAYON_COUNTRY", "Atlantis"),
        ("CRAYON_CURRENCY", "shells"),
    ] {
        let error = from(&[full.as_slice(), &[(name, value)]].concat()).unwrap_err();
        assert_eq!(error.violations()[0].field, name, "{error}");
    }
    let config =
        from(&[full.as_slice(), &[("CRAYON_BASE_URL", "http://api.example.com")]].concat()).unwrap().unwrap();
    let error = CrayonProvider::from_config(config).unwrap_err();
    assert_eq!(error.violations()[0].field, "CRAYON_BASE_URL");
}

#[tokio::test]
async fn what_is_no_cloud_iq_is_told_apart() {
    let account = Account::start().await;
    let path = "/api/v1/CustomerTenants";
    for (action, kind) in [
        (FaultAction::Html, ErrorKind::Decode),
        (FaultAction::Endless, ErrorKind::Decode),
        (FaultAction::Redirect("https://elsewhere.example.com/".to_owned()), ErrorKind::Config),
        (FaultAction::status(http::StatusCode::FORBIDDEN, ""), ErrorKind::PermissionDenied),
    ] {
        account.crayon.faults().clear();
        account.crayon.faults().add(FaultRule::new("GET", path, action.clone()));
        let mut config = account.config();
        config.http = HttpOptions::default().max_body(64 * 1024).max_attempts(1);
        let provider = CrayonProvider::from_config(config).unwrap();
        let error =
            provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{action:?}: {error}");
    }
    account.crayon.faults().clear();
    account.crayon.faults().add(FaultRule::new("GET", path, FaultAction::Delay(Duration::from_secs(30))));
    let query = CustomerQuery::default().deadline(Duration::from_millis(300));
    let began = std::time::Instant::now();
    let error = account.provider().list_customers(&query, &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(began.elapsed() < Duration::from_secs(5));
}
