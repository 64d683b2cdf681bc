//! The way of an operator, from the first check to the delivery that tells of the last change.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use pax8_client::Pax8Provider;
use pax8_client::model::{AddWebhookTopic, CreateWebhook};
use pax8_client::webhook::{Changed, Received, Receiver, Refused};
use provider_core::command::Effective;
use provider_core::model::{CustomerStatus, OrderStatus};
use provider_core::page::UnprovenReason;
use provider_core::{
    BillingCycle, CancelSubscription, ChangeQuantity, Completeness, CustomerQuery, EntityKind, ErrorKind,
    InvoiceLineQuery, InvoiceQuery, Listing, NewOrder, NewOrderLine, OrderQuery, Outcome, Patch, PlaceOrder,
    ProductQuery, Provider, ProviderExt, ReadOptions, SubscriptionQuery, SubscriptionStatus, UpdateCustomer,
    UsageQuery,
};
use rust_decimal::Decimal;
use tokio::sync::mpsc;

use crate::world::World;
use crate::writes::{harbor, key, person};

const SECRET: &str = "Bearer planted-webhook-secret";

/// A receiver on loopback that takes every delivery, but loses its first answer.
struct Inbox {
    receiver: Receiver,
    changes: mpsc::UnboundedSender<Changed>,
    taken: AtomicUsize,
    duplicates: AtomicUsize,
    strangers: AtomicUsize,
}

async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match inbox.receiver.receive(authorization, &body) {
        Ok(Received::Changed(changed)) => {
            inbox.changes.send(changed).unwrap();
            match inbox.taken.fetch_add(1, Ordering::SeqCst) {
                0 => StatusCode::BAD_GATEWAY,
                _ => StatusCode::NO_CONTENT,
            }
        }
        Ok(_) => {
            inbox.duplicates.fetch_add(1, Ordering::SeqCst);
            StatusCode::NO_CONTENT
        }
        Err(Refused::Unauthorized) => {
            inbox.strangers.fetch_add(1, Ordering::SeqCst);
            StatusCode::UNAUTHORIZED
        }
        Err(other) => panic!("{other}"),
    }
}

/// The address of the receiver, what it counts, and what changed.
async fn listen() -> (String, Arc<Inbox>, mpsc::UnboundedReceiver<Changed>) {
    let (changes, changed) = mpsc::unbounded_channel();
    let (receiver, counts) = (Receiver::new(SECRET.to_owned()), AtomicUsize::default);
    let inbox =
        Arc::new(Inbox { receiver, changes, taken: counts(), duplicates: counts(), strangers: counts() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/pax8", listener.local_addr().unwrap());
    let app = Router::new().route("/pax8", post(receive)).with_state(Arc::clone(&inbox));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, inbox, changed)
}

/// The next change of this record by this action.
async fn change(changed: &mut mpsc::UnboundedReceiver<Changed>, id: &str, action: &str) -> Changed {
    let wanted = async {
        loop {
            let change = changed.recv().await.unwrap();
            if change.id.as_deref() == Some(id) && change.action.as_deref() == Some(action) {
                return change;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(120), wanted)
        .await
        .unwrap_or_else(|_| panic!("no {action} of {id}"))
}

/// All records of a listing that Pax8 gives a total for.
async fn proven<T: provider_core::model::Entity>(listing: Listing<T>) -> Vec<T> {
    let report = listing.report();
    let records = listing.collect_all().await.unwrap();
    assert!(!records.is_empty());
    assert_eq!(report.completeness(), Completeness::Proven);
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_check_to_the_delivery_of_the_last_change() {
    let mut world = World::start().await;
    world.config.country = Some("US".parse().unwrap());
    world.config.currency = Some("USD".parse().unwrap());
    world.pax8().set_delivery_retry_pause(Duration::ZERO);
    let pax8: Arc<Pax8Provider> = Arc::new(world.bare());
    let provider: Arc<dyn Provider> = Arc::<Pax8Provider>::clone(&pax8);
    assert!(provider.verify().await.ok());

    proven(provider.customers(CustomerQuery::default().with_contacts(true))).await;
    let products = proven(provider.products(ProductQuery::default().with_offers(true))).await;
    let priced =
        |cost: &provider_core::Price| cost.currency.is_some_and(|currency| currency.as_str() == "USD");
    let offers = || products.iter().flat_map(|product| &product.offers);
    assert!(
        offers().count() > products.len() / 2 && offers().filter_map(|offer| offer.cost.as_ref()).all(priced)
    );
    proven(provider.subscriptions(SubscriptionQuery::default())).await;
    // Orders that wait for their day are in no list.
    let orders = provider.orders(OrderQuery::default());
    let report = orders.report();
    assert!(!orders.collect_all().await.unwrap().is_empty());
    assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Hidden));
    proven(provider.invoices(InvoiceQuery::default())).await;
    assert!(!provider.invoice_lines(InvoiceLineQuery::default()).collect_all().await.unwrap().is_empty());
    assert!(!provider.usage(UsageQuery::default()).collect_all().await.unwrap().is_empty());

    let (url, inbox, mut changed) = listen().await;
    let mut webhook = CreateWebhook::new("walk");
    webhook.url = Some(url.clone());
    webhook.authorization = Some(SECRET.into());
    webhook.active = true;
    webhook.webhook_topics = vec![AddWebhookTopic::new("COMPANY"), AddWebhookTopic::new("SUBSCRIPTION")];
    pax8.client().webhooks().create(&webhook).await.unwrap();
    // Somebody who knows the address, but not the secret.
    let mut stranger = CreateWebhook::new("stranger");
    stranger.url = Some(url);
    stranger.authorization = Some("Bearer guessed".into());
    stranger.active = true;
    stranger.webhook_topics = vec![AddWebhookTopic::new("COMPANY")];
    stranger.error_threshold = Some(1);
    pax8.client().webhooks().create(&stranger).await.unwrap();

    let mut company = harbor();
    company.contacts.clear();
    let customer = provider.create_customer(company, &key("walk-create")).await.unwrap().customer.unwrap();
    let told = change(&mut changed, customer.as_str(), "CREATED").await;
    assert_eq!((told.entity, told.topic.as_str()), (Some(EntityKind::Customer), "COMPANY"));
    let [suite, ..] = world.pax8().product_ids();
    let mut line = NewOrderLine::new(suite.as_str(), Decimal::from(12));
    line.billing_cycle = Some(BillingCycle::Annual);
    line.attributes.insert("exCustExists".to_owned(), "No, create one".to_owned());
    line.attributes.insert("exDomain".to_owned(), "harbor-example".to_owned());
    let order = PlaceOrder::new(NewOrder::new(&customer).line(line));
    let error = provider.plan(&order.clone().into(), &key("walk-plan")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
    for role in ["Admin", "Billing", "Technical"] {
        assert!(error.to_string().contains(role), "{error}");
    }
    let mut update = UpdateCustomer::new(&customer);
    update.contacts = Patch::Set(vec![person()]);
    provider.update_customer(update, &key("walk-contacts")).await.unwrap();
    let ready = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    assert_eq!(ready.status, Some(CustomerStatus::Active));

    let plan = provider.plan(&order.clone().into(), &key("walk-plan")).await.unwrap();
    assert!(plan.warnings.iter().any(|warning| warning.contains("USD is the connection's")), "{plan:?}");
    assert!(plan.cost.is_some());
    let placed = provider.place_order(order, &key("walk-order")).await.unwrap();
    world.sim.clock().advance(Duration::from_secs(60));
    let placed = provider.get_order(placed.order().unwrap(), &ReadOptions::default()).await.unwrap();
    assert_eq!(placed.status, OrderStatus::Completed);
    let seats = placed.lines[0].subscription.clone().unwrap();
    let told = change(&mut changed, seats.as_str(), "CREATED").await;
    assert_eq!(
        (told.entity, told.customer.as_deref()),
        (Some(EntityKind::Subscription), Some(customer.as_str()))
    );

    let more = ChangeQuantity::new(&seats, Decimal::from(15));
    assert_eq!(provider.change_quantity(more, &key("walk-seats")).await.unwrap().outcome, Outcome::Applied);
    change(&mut changed, seats.as_str(), "UPDATED").await;
    let fetched = provider.get_subscription(&seats, &ReadOptions::default()).await.unwrap();
    assert_eq!(fetched.quantity, Some(Decimal::from(15)), "the delivery names what to fetch again");

    let mut cancel = CancelSubscription::new(&seats);
    cancel.effective = Effective::On(fetched.commitment_ends_at.unwrap().date_naive() + chrono::Days::new(1));
    provider.cancel_subscription(cancel, &key("walk-cancel")).await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(120), async {
        loop {
            let change = changed.recv().await.unwrap();
            let fetched = provider.get_subscription(&seats, &ReadOptions::default()).await.unwrap();
            if change.id.as_deref() == Some(seats.as_str())
                && fetched.status == SubscriptionStatus::PendingCancellation
            {
                return change;
            }
        }
    });
    assert_eq!(told.await.unwrap().entity, Some(EntityKind::Subscription));
    // Each delivery goes its own way: these two began long ago, and may come after the last one all the same.
    let others = async {
        while inbox.duplicates.load(Ordering::SeqCst) == 0 || inbox.strangers.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(120), others).await;
    assert_eq!(inbox.duplicates.load(Ordering::SeqCst), 1, "the delivery whose answer was lost came again");
    assert!(inbox.strangers.load(Ordering::SeqCst) > 0, "whoever lacks the secret is not heard");
    world.clean();
}
