//! Input that cannot succeed: one typed error that names the field, before anything is bought.

use std::time::Duration;

use crayon_client::{CrayonConfig, CrayonFactory, CrayonProvider};
use provider_core::command::Effective;
use provider_core::model::CustomerStatus;
use provider_core::{
    BillingCycle, CancelOrder, ChangeQuantity, ChangeRenewal, Command, CreateCustomer, CustomerQuery,
    Delivery, Error, ErrorKind, NewOrder, NewOrderLine, PageRequest, Patch, PlaceOrder, ProductQuery,
    Provider, ProviderExt, ProviderFactory, ReadOptions, RecordConsent, Services, SuspendSubscription, Term,
    UpdateCustomer,
};
use provider_http::HttpOptions;
use provider_simulator::{FaultAction, FaultRule};
use rust_decimal::Decimal;

use super::commands::{SUITE, active, consent, key, new_customer, order, seats};
use super::connection::Account;

#[tokio::test]
async fn orders_name_the_field_that_stands_against_them() {
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let mut weekly = seats(SUITE, 2);
    weekly.billing_cycle = Some(BillingCycle::Quarterly);
    let mut long = seats(SUITE, 2);
    long.commitment_term = Some(Term::years(5));
    let mut vague = NewOrderLine::new(SUITE, 2);
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
        (NewOrderLine::new(SUITE, Decimal::new(15, 1)), "lines[0].quantity"),
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
    for (command, field) in [
        (order("999999", seats(SUITE, 2)), "customer"),
        (ChangeQuantity::new("999999", 5).into(), "subscription"),
    ] {
        let error = provider.baseline(&command).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        assert_eq!(error.violations()[0].field, field, "{error}");
    }
    assert_eq!(account.crayon.purchases(), 0);
}

#[tokio::test]
async fn what_is_wrong_without_the_network_never_reaches_it() {
    let account = Account::start().await;
    let provider = account.provider();
    for command in [
        order("not-a-number", seats(SUITE, 2)),
        order("51001", seats(SUITE, 0)),
        ChangeQuantity::new("610001", Decimal::new(25, 1)).into(),
        ChangeQuantity::new("610001", 0).into(),
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

#[tokio::test]
async fn what_cloud_iq_has_no_place_for_is_refused_not_dropped() {
    let account = Account::start().await;
    let provider = account.provider();
    let edited = |edit: &dyn Fn(&mut CreateCustomer)| {
        let mut command = new_customer(&account);
        edit(&mut command);
        Command::from(command)
    };
    let update = |edit: &dyn Fn(&mut UpdateCustomer)| {
        let mut command = UpdateCustomer::new("51001");
        edit(&mut command);
        Command::from(command)
    };
    let mut referred = NewOrder::new("51001").line(seats(SUITE, 2));
    referred.reference = Some("PO-9".to_owned());
    for (command, field) in [
        (edited(&|c| c.website = Some("https://example.com".to_owned())), "website"),
        (edited(&|c| c.flags.self_service_allowed = Some(true)), "flags"),
        (edited(&|c| c.contacts.push(c.contacts[0].clone())), "contacts"),
        (edited(&|c| c.contacts.clear()), "contacts"),
        (edited(&|c| c.phone = Some("5550199".to_owned())), "phone"),
        (edited(&|c| c.address = None), "address"),
        (edited(&|c| c.domain = None), "domain"),
        (edited(&|c| c.name = " ".to_owned()), "name"),
        (edited(&|c| drop(c.attributes.insert("Colour".to_owned(), "red".to_owned()))), "attributes.Colour"),
        (update(&|c| c.website = Patch::Set("https://example.com".to_owned())), "website"),
        (update(&|c| c.flags.self_service_allowed = Some(true)), "flags"),
        (update(&|c| c.contacts = Patch::Set(Vec::new())), "contacts"),
        (update(&|_| {}), "customer"),
        (PlaceOrder::new(referred).into(), "reference"),
        (PlaceOrder::new(NewOrder::new("51001").lines(Vec::new())).into(), "lines"),
    ] {
        let ways = [
            provider.plan(&command, &key("bad")).await.map(drop),
            provider.baseline(&command).await.map(drop),
            provider.execute(&command, &key("bad")).await.map(drop),
        ];
        for way in ways {
            let error = way.unwrap_err();
            assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
            assert_eq!(error.violations()[0].field, field, "{error}");
        }
    }
    assert!(account.crayon.requests().is_empty(), "{:#?}", account.crayon.requests());
}

#[tokio::test]
async fn a_missing_consent_is_named_before_an_order_is_sent() {
    let account = Account::start().await;
    let provider = account.provider();
    let created = provider.execute(&new_customer(&account).into(), &key("create")).await.unwrap();
    let customer = created.customer.unwrap().to_string();
    for line in [seats(SUITE, 2), NewOrderLine::new("DZH318Z0BPS6:0001", 1)] {
        let error = provider.execute(&order(&customer, line), &key("early")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::PreconditionFailed, Delivery::NotSent),
            "{error}"
        );
        assert_eq!(error.violations()[0].field, "consent", "{error}");
    }
    assert_eq!(account.crayon.purchases(), 0);
}

#[tokio::test]
async fn a_cycle_that_the_tenant_may_not_use_and_a_removed_customer_are_named() {
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let annual_only = FaultAction::status(http::StatusCode::OK, "[2]");
    let path = "/api/v1/AgreementProducts/*/supportedbillingcycles";
    account.crayon.faults().add(FaultRule::new("GET", path, annual_only));
    let error = provider.execute(&order(&customer, seats(SUITE, 2)), &key("cycle")).await.unwrap_err();
    assert_eq!(error.violations()[0].field, "lines[0].billing_cycle", "{error}");
    assert!(error.to_string().contains("annual"), "{error}");
    account.crayon.faults().clear();
    let query = CustomerQuery::default().status(CustomerStatus::Deleted);
    let removed = provider.customers(query).collect_all().await.unwrap();
    let command = order(removed[0].id.as_str(), seats(SUITE, 2));
    let error = provider.execute(&command, &key("removed")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.violations()[0].field.as_str()),
        (ErrorKind::PreconditionFailed, "customer")
    );
    assert_eq!(account.crayon.purchases(), 0);
}

#[tokio::test]
async fn what_does_not_exist_is_named_by_its_field() {
    let account = Account::start().await;
    let provider = account.provider();
    let mut rename = UpdateCustomer::new("999999");
    rename.name = Patch::Set("Nobody Ltd".to_owned());
    let mut renewal = ChangeRenewal::new(active(&account, SUITE).await.id);
    renewal.product = Patch::Set("90013_1_1".into());
    // Some refusals of Cloud-iQ have no body that could name anything.
    for silent in [false, true] {
        if silent {
            let nothing = FaultAction::status(http::StatusCode::NOT_FOUND, "");
            for path in ["/api/v1/CustomerTenants/*", "/api/v1/Subscriptions/999999"] {
                account.crayon.faults().add(FaultRule::new("*", path, nothing.clone()));
            }
        }
        for (command, field) in [
            (Command::from(rename.clone()), "customer"),
            (RecordConsent::new("999999", consent()).into(), "customer"),
            (order("999999", seats(SUITE, 2)), "customer"),
            (SuspendSubscription::new("999999").into(), "subscription"),
            (ChangeQuantity::new("999999", 3).into(), "subscription"),
            (CancelOrder::new("51001/none").into(), "order"),
            (renewal.clone().into(), "product"),
        ] {
            let error = provider.execute(&command, &key("nobody")).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
            assert_eq!(error.violations()[0].field, field, "{error}");
        }
    }
    let query = ProductQuery::default().customer("999999");
    let error = provider.list_products(&query, &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.violations()[0].field, "customer");
}

#[tokio::test]
async fn seats_beyond_the_limit_name_the_quantity() {
    let account = Account::start().await;
    let provider = account.provider();
    let suite = active(&account, SUITE).await;
    let mut later = ChangeQuantity::new(&suite.id, 301);
    later.effective = Effective::TermEnd;
    let commands = [Command::from(ChangeQuantity::new(&suite.id, 301)), later.into()];
    let refused = |error: &Error, delivery| {
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, delivery), "{error}");
        assert_eq!(error.violations()[0].field, "quantity", "{error}");
    };
    for command in &commands {
        // By the price list, as for an order; by the service where the list does not say.
        let unsent = provider.execute(command, &key("many")).await.unwrap_err();
        refused(&unsent, Delivery::NotSent);
        let silent = FaultAction::status(http::StatusCode::NOT_FOUND, "{}");
        let silent = account.crayon.faults().add(FaultRule::new("GET", "/api/v1/AgreementProducts", silent));
        let rejected = provider.execute(command, &key("many")).await.unwrap_err();
        refused(&rejected, Delivery::Rejected);
        account.crayon.faults().remove(silent);
    }
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
    let blank = from(&[("CRAYON_CLIENT_ID", " ")]).unwrap_err();
    assert_eq!(blank.violations()[0].field, "CRAYON_CLIENT_ID", "{blank}");
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
        ("CRAYON_BASE_URL", "http://api.example.com"),
        ("CRAYON_ORGANIZATION_ID", "seven"),
        ("CRAYON_ENVIRONMENT", "moon"),
        ("CRAYON_COUNTRY", "Atlantis"),
        ("CRAYON_CURRENCY", "shells"),
    ] {
        let error = from(&[full.as_slice(), &[(name, value)]].concat()).unwrap_err();
        assert_eq!(error.violations()[0].field, name, "{error}");
    }
    let config = from(&full).unwrap().unwrap().with_base_url("http://api.example.com");
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
    assert!(began.elapsed() < Duration::from_secs(25), "it waited for the answer");
}

#[tokio::test]
async fn what_a_host_sets_of_http_holds_for_what_its_factory_builds() {
    let account = Account::start().await;
    let variables = account.crayon.env();
    let read = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let settings = crayon_client::form().from_vars(read).unwrap().unwrap();
    let services = Services::default();
    let small = CrayonFactory::new().with_http(HttpOptions::default().max_body(16));
    let error = small.discover(&settings, &services).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    let found = CrayonFactory::new().discover(&settings, &services).await.unwrap();
    assert_eq!(found["organization_id"].len(), account.crayon.organization_ids().len());
}
