//! The promises that every provider makes.

use std::sync::Arc;

use provider_core::{
    CancelSubscription, ChangeQuantity, EntityKind, Provider, ProviderExt, SubscriptionQuery,
    SubscriptionStatus,
};
use provider_simulator::{FaultAction, FaultRule};
use provider_testkit::conformance::{self, Expectations};
use rust_decimal::Decimal;
use secrecy::ExposeSecret as _;

use crate::world::World;
use crate::writes::{active_customer, base_order, harbor};

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_passes() {
    let world = World::start().await;
    let other = World::start().await;
    // The suite makes thousands of calls; the budget of a minute is not what it examines.
    let client = pax8_client::Pax8Client::builder(world.config.clone())
        .rate(provider_http::RateLimit::unlimited())
        .build()
        .unwrap();
    let provider: Arc<dyn Provider> = Arc::new(pax8_client::Pax8Provider::new(client, &world.config));
    let customer = active_customer(&provider).await;
    let base = world.pax8().product_ids()[1].clone();
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let subscriptions = provider.subscriptions(query).collect_all().await.unwrap();
    let loose: Vec<_> = subscriptions
        .iter()
        .filter(|one| one.product.id.as_ref().is_some_and(|id| id.as_str() == base))
        .collect();
    let mut create = harbor();
    create.address.as_mut().unwrap().country = Some("US".parse().unwrap());
    let (pax8, written) = (world.pax8(), world.pax8());
    let mut config = other.config.clone();
    config.name = "other".to_owned();
    let foreign: Arc<dyn Provider> = Arc::new(pax8_client::Pax8Provider::from_config(config).unwrap());
    // Of another partner.
    let foreign_id = "0badc0de-0000-4000-8000-000000000403";
    let told =
        r#"{"type":"FORBIDDEN","message":"Invalid companyId","instance":"/v1","status":403,"details":[]}"#;
    let forbidden = FaultAction::status(http::StatusCode::FORBIDDEN, told);
    for path in ["/v1/companies", "/v1/subscriptions", "/v1/orders"] {
        let rule = FaultRule::new("GET", &format!("{path}/{foreign_id}"), forbidden.clone());
        world.pax8().faults().add(rule);
    }
    let expectations = Expectations::default()
        .forbidden(EntityKind::Customer, foreign_id)
        .forbidden(EntityKind::Subscription, foreign_id)
        .forbidden(EntityKind::Order, foreign_id)
        .count(EntityKind::Customer, 25)
        .proven([
            EntityKind::Customer,
            EntityKind::Product,
            EntityKind::Subscription,
            EntityKind::Order,
            EntityKind::Invoice,
        ])
        .command(create)
        .command(base_order(&customer, &base, 2))
        .command(ChangeQuantity::new(&loose[0].id, loose[0].quantity.unwrap() + Decimal::ONE))
        .command(CancelSubscription::new(&loose[1].id))
        .allow_writes()
        .wire_calls(move || pax8.count("*", "*"))
        .wire_writes(move || {
            let is_check = |query: &[(String, String)]| query.iter().any(|(name, _)| name == "isMock");
            let requests = written.requests();
            let writes = requests.iter().filter(|r| r.method != "GET" && !r.path.ends_with("/token"));
            writes.filter(|r| !is_check(&r.query)).count() as u64
        })
        .secret(world.config.client_secret.expose_secret())
        .other(foreign);
    let report = conformance::suite(provider, expectations).await;
    report.assert();
    world.clean();
}
