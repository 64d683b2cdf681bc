//! One simulator and one connection to it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::clock::Clock;
use provider_core::journal::Journal;
use provider_core::layer::Journaled;
use provider_core::model::{Address, Contact};
use provider_core::observe::{Event, EventKind, NoObserver, Observer};
use provider_core::token::MemoryTokenStore;
use provider_core::{
    CreateCustomer, IdempotencyKey, NewOrderLine, Outcome, Product, ProductQuery, Provider, ProviderExt as _,
    Receipt, SubscriptionQuery, SubscriptionStatus, WriteOptions,
};
use provider_http::{HttpOptions, TokioClock};
use provider_simulator::{Handle, SimClock, Simulator, StreamOne};
use streamone_client::{StreamOneClient, StreamOneClientBuilder, StreamOneConfig, StreamOneProvider};

/// The simulated time as the SDK's clock.
#[derive(Debug, Clone)]
pub(crate) struct SimTime(pub(crate) SimClock);

impl Clock for SimTime {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> provider_core::clock::BoxFuture<()> {
        let clock = self.0.clone();
        Box::pin(async move {
            clock.advance(duration);
        })
    }
}

/// An observer that remembers what it was told.
#[derive(Debug, Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<EventKind>>);

impl Observer for Heard {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.what.clone());
    }
}

pub(crate) struct Stage {
    pub(crate) sim: Simulator,
    pub(crate) ion: Handle<StreamOne>,
    pub(crate) client: StreamOneClient,
    pub(crate) provider: Arc<StreamOneProvider>,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(StreamOneConfig) -> StreamOneConfig) -> Self {
        Self::build(change, Arc::new(NoObserver)).await
    }

    /// With somebody who is told what happens.
    pub(crate) async fn observed(observer: Arc<dyn Observer>) -> Self {
        Self::build(|config| config, observer).await
    }

    async fn build(
        change: impl FnOnce(StreamOneConfig) -> StreamOneConfig,
        observer: Arc<dyn Observer>,
    ) -> Self {
        let sim = Simulator::start().await.unwrap();
        let ion = sim.streamone();
        let client = builder(change(config(&ion)), &sim).observer(observer).build().unwrap();
        let provider = Arc::new(StreamOneProvider::new(client.clone()));
        Self { sim, ion, client, provider }
    }

    /// The provider behind the trait.
    pub(crate) fn shared(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.provider) as Arc<dyn Provider>
    }

    pub(crate) fn clock(&self) -> SimTime {
        SimTime(self.sim.clock().clone())
    }

    /// Nothing was sent that the reference does not list.
    #[track_caller]
    pub(crate) fn assert_all_listed(&self) {
        assert_eq!(self.ion.refused(), []);
    }

    /// Follows an accepted order to its end.
    pub(crate) async fn follow(&self, receipt: &Receipt) -> provider_core::Order {
        assert_eq!(receipt.outcome, Outcome::Accepted);
        let id = receipt.order().unwrap();
        self.shared().wait_for_order_with(id, Duration::from_secs(600), &self.clock()).await.unwrap()
    }

    /// A subscription of Microsoft's that can be changed: `customer/id` and the provider's id.
    pub(crate) async fn seat_subscription(&self) -> provider_core::Subscription {
        let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
        let all = self.shared().subscriptions(query).collect_all().await.unwrap();
        all.into_iter()
            .find(|sub| {
                sub.offer.is_some()
                    && sub.product.vendor.as_deref() == Some("Microsoft")
                    && sub.commitment_term.is_some()
                    && sub.quantity.is_some_and(|seats| seats > 1.into())
            })
            .unwrap()
    }
}

pub(crate) fn config(ion: &Handle<StreamOne>) -> StreamOneConfig {
    let mut config = StreamOneConfig::new(ion.account_id(), ion.refresh_token())
        .with_api_key(ion.api_key(), ion.api_secret());
    config.base_url = ion.base_url().to_owned();
    config
}

pub(crate) fn client(config: StreamOneConfig, sim: &Simulator) -> StreamOneClient {
    builder(config, sim).build().unwrap()
}

fn builder(config: StreamOneConfig, sim: &Simulator) -> StreamOneClientBuilder {
    builder_on(config, Arc::new(SimTime(sim.clock().clone())))
}

fn builder_on(config: StreamOneConfig, clock: Arc<dyn Clock>) -> StreamOneClientBuilder {
    let options = HttpOptions::default().backoff_base(Duration::from_millis(1));
    StreamOneClient::builder(config.with_http(options))
        .token_store(Arc::new(MemoryTokenStore::default()))
        .clock(clock)
}

/// The simulated time as a machine has it whose clock is wrong by this much. It sleeps in real time, so that a
/// deadline does not run out at once.
#[derive(Debug, Clone)]
pub(crate) struct Wrong(pub(crate) SimClock, pub(crate) chrono::TimeDelta);

impl Clock for Wrong {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now() + self.1
    }

    fn sleep(&self, duration: Duration) -> provider_core::clock::BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Another machine on the same account, whose clock is wrong by so many minutes and which keeps this journal.
pub(crate) fn machine(stage: &Stage, minutes: i64, journal: Arc<dyn Journal>) -> Arc<dyn Provider> {
    let clock = Arc::new(Wrong(stage.sim.clock().clone(), chrono::TimeDelta::minutes(minutes)));
    let mut config = config(&stage.ion);
    config.refresh_token = stage.ion.issue_refresh_token().into();
    let client = builder_on(config, Arc::clone(&clock) as _).build().unwrap();
    Arc::new(Journaled::new(StreamOneProvider::new(client), journal).with_clock(clock))
}

/// A client on the machine's clock.
pub(crate) fn plain_client(config: StreamOneConfig) -> StreamOneClient {
    let options = HttpOptions::default().backoff_base(Duration::from_millis(1)).max_attempts(2);
    StreamOneClient::builder(config.with_http(options))
        .token_store(Arc::new(MemoryTokenStore::default()))
        .clock(Arc::new(TokioClock::new()))
        .build()
        .unwrap()
}

pub(crate) fn key(name: &str) -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("streamone-tests", [name]))
}

pub(crate) fn bakery(email: &str) -> CreateCustomer {
    let mut contact = Contact::default();
    contact.first_name = Some("Office".into());
    contact.last_name = Some("Contact".into());
    contact.email = Some(email.into());
    let mut address = Address::default();
    address.line1 = Some("2 Sample Way".into());
    address.city = Some("Reston".into());
    address.region = Some("VA".into());
    address.postal_code = Some("20190".into());
    address.country = "US".parse().ok();
    let mut create = CreateCustomer::new("Example Bakery Ltd");
    create.contacts = vec![contact];
    create.address = Some(address);
    create
}

/// A Microsoft product with a yearly plan that is paid monthly.
pub(crate) async fn suite(stage: &Stage) -> (Product, provider_core::model::Offer) {
    let query = ProductQuery::default().vendor("Microsoft");
    let products = stage.shared().products(query).collect_all().await.unwrap();
    products
        .into_iter()
        .find_map(|product| {
            let offer = product.offers.iter().find(|offer| {
                offer.commitment_term == Some(provider_core::Term::YEAR)
                    && offer.billing_cycle == Some(provider_core::BillingCycle::Monthly)
                    && offer.cost.is_some()
            })?;
            let offer = offer.clone();
            Some((product, offer))
        })
        .unwrap()
}

pub(crate) fn line(product: &Product, offer: &provider_core::model::Offer, quantity: i64) -> NewOrderLine {
    let mut line = NewOrderLine::new(&product.id, quantity);
    line.offer = Some(offer.id.clone());
    line.attributes.insert("domainName".into(), "examplebakery.onmicrosoft.com".into());
    line.attributes.insert("renewalSetting".into(), "auto-on".into());
    line
}
