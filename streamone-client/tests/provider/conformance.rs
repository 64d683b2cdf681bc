//! The promises that every provider makes, examined on this one.

use std::sync::Arc;

use provider_core::{
    ChangeQuantity, ChangeRenewal, CommandKind, EntityKind, NewOrder, PlaceOrder, Provider, ProviderExt as _,
    ReadOptions, SubscriptionQuery, UpdateCustomer,
};
use provider_testkit::conformance::{self, Expectations};
use rust_decimal::Decimal;
use streamone_client::StreamOneProvider;

use crate::stage::{Stage, bakery, client, config, key, line, suite};

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_finds_nothing() {
    let stage = Stage::start().await;
    // Orders are carried out at once, so that what they change can be seen without waiting.
    let at_once = std::time::Duration::ZERO;
    stage.ion.set_order_delays(at_once, at_once, at_once);
    let (product, offer) = suite(&stage).await;
    let known = stage.seat_subscription().await;
    let bought = NewOrder::new(&known.customer).line(line(&product, &offer, 4));
    let bought = stage.shared().place_order(PlaceOrder::new(bought), &key("before")).await.unwrap();
    let bought = stage.follow(&bought).await.lines[0].subscription.clone().unwrap();
    // Young enough to be cancelled.
    let sub = stage.provider.get_subscription(&bought, &ReadOptions::default()).await.unwrap();
    let ended = stage.shared().subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    let ended = ended.into_iter().find(|sub| !sub.status.is_live()).unwrap();
    let customers = stage.ion.customer_count() as u64;
    let subscriptions = stage.ion.subscription_count() as u64;
    let mut rename = UpdateCustomer::new(&sub.customer);
    rename.name = provider_core::Patch::Set("Renamed Ltd".into());
    let mut off = ChangeRenewal::new(&sub.id);
    off.auto_renew = Some(sub.auto_renew == Some(false));
    let mut other = config(&stage.ion);
    other.name = "another".to_owned();
    other.refresh_token = stage.ion.issue_refresh_token().into();
    let other: Arc<dyn Provider> = Arc::new(StreamOneProvider::new(client(other, &stage.sim)));
    let (counted, written) = (stage.ion.clone(), stage.ion.clone());
    // What the role may not see.
    stage.ion.deny("/accounts/*/customers/98765432");
    let expectations = Expectations::default()
        .forbidden(EntityKind::Customer, "98765432")
        .count(EntityKind::Customer, customers)
        .count(EntityKind::Subscription, subscriptions)
        .proven([EntityKind::Subscription])
        .ended(EntityKind::Subscription, ended.id.as_str())
        .command(bakery("conformance@example.com"))
        .command(rename)
        .command(PlaceOrder::new(NewOrder::new(&sub.customer).line(line(&product, &offer, 3))))
        .command(ChangeQuantity::new(&sub.id, sub.quantity.unwrap() + Decimal::ONE))
        .command(off)
        .command(provider_core::SuspendSubscription::new(&sub.id))
        .command(provider_core::ResumeSubscription::new(&sub.id))
        .command(provider_core::CancelSubscription::new(&sub.id))
        .allow_writes()
        .wire_calls(move || counted.count("*", "/api/*"))
        .wire_writes(move || written.count("POST", "/api/*") + written.count("PUT", "/api/*"))
        .secret(stage.ion.refresh_token())
        .secret(stage.ion.api_secret())
        .other(other);
    let report = conformance::suite(stage.shared(), expectations).await;
    println!("{report}");
    report.assert();
    assert!(stage.provider.capabilities().asynchronous(CommandKind::PlaceOrder));
}
