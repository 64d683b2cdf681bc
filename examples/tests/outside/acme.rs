//! A provider of one's own over HTTP, from its documentation alone: it reads customers and seats, and changes how many
//! seats there are.

use std::sync::Arc;
use std::time::Duration;

use provider_core::attempt::Baseline;
use provider_core::clock::Clock;
use provider_core::command::Effective;
use provider_core::model::{CustomerStatus, Denomination, Detail, Raw};
use provider_core::receipt::{Judgement, LineOutcome, LineReceipt};
use provider_core::settings::{Field, FieldKind, SettingsForm};
use provider_core::verification::Check;
use provider_core::wire::decimal;
use provider_core::{
    Attempt, Capabilities, Command, CommandKind, ConnectionSettings, Cursor, Customer, CustomerId,
    CustomerQuery, Delivery, EntityKind, Error, ErrorKind, Operation, Outcome, Page, PageRequest, Provider,
    ProviderFactory, ProviderInfo, Query, ReadOptions, Receipt, Reconciliation, Result, Services,
    Subscription, SubscriptionId, SubscriptionQuery, SubscriptionStatus, Term, Verification, WriteOptions,
    async_trait,
};
use provider_http::auth::{ClientCredentialsJson, SettingNames};
use provider_http::decode::Records;
use provider_http::{
    Envelope, HttpClient, HttpOptions, OperationContext, PageDecoder, RateLimit, RequestSpec, Tokens,
    base_url,
};
use rust_decimal::Decimal;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use crate::shop::Shop;

pub(crate) const KIND: &str = "acme";
const BASE_URL: &str = "ACME_BASE_URL";
const CHANGE: CommandKind = CommandKind::ChangeQuantity;

#[derive(Deserialize)]
struct Items<R> {
    items: Vec<R>,
    total: u64,
}

struct Rows;

impl<'a> Envelope<'a> for Rows {
    type Of<R: Deserialize<'a>> = Items<R>;
    type Rest = u64;

    fn total(total: &u64) -> Option<u64> {
        Some(*total)
    }

    fn split<R: Deserialize<'a>>(page: Items<R>) -> (Vec<R>, u64) {
        (page.items, page.total)
    }
}

#[derive(Deserialize)]
struct CustomerRow {
    id: String,
    name: String,
    state: String,
}

impl CustomerRow {
    fn model(self, raw: Option<Raw>, detail: Detail) -> Customer {
        let mut customer = Customer::new(self.id, self.name);
        customer.status = Some(match self.state.as_str() {
            "open" => CustomerStatus::Active,
            "closed" => CustomerStatus::Deleted,
            other => CustomerStatus::Other(other.to_owned()),
        });
        customer.detail = detail;
        customer.raw = raw;
        customer
    }
}

#[derive(Deserialize)]
struct SeatsRow {
    id: String,
    customer: String,
    #[serde(with = "decimal")]
    quantity: Decimal,
}

impl SeatsRow {
    fn model(self, raw: Option<Raw>, detail: Detail) -> Subscription {
        let mut seats = Subscription::new(self.id, self.customer, self.quantity);
        seats.status = SubscriptionStatus::Active;
        let denomination = Denomination::of(Some("EUR"), None);
        seats.cost = Some(denomination.price(Decimal::new(1050, 2)).every(Term::MONTH));
        seats.detail = detail;
        seats.raw = raw;
        seats
    }
}

/// One connection to Acme.
#[derive(Debug)]
pub(crate) struct Acme {
    info: ProviderInfo,
    capabilities: Capabilities,
    http: HttpClient,
    clock: Arc<dyn Clock>,
    settling: Duration,
}

impl Acme {
    pub(crate) fn new(name: &str, shop: &Shop, secret: &str, services: &Services) -> Result<Self> {
        let info = ProviderInfo::new(KIND, name).with_account(crate::shop::CLIENT_ID);
        let names = SettingNames::new(
            BASE_URL,
            ["ACME_CLIENT_ID", "ACME_CLIENT_SECRET"],
            "make a new pair in Acme's portal",
        );
        let secret = SecretString::from(secret);
        let tokens = Tokens::at("/v1/token", crate::shop::CLIENT_ID, |endpoint| {
            let audience = "https://api.example.com";
            ClientCredentialsJson::new(endpoint, crate::shop::CLIENT_ID, secret, audience).settings(names)
        });
        let http = HttpClient::builder(&info, base_url(BASE_URL, "https://api.example.com")?)
            .base_setting(BASE_URL)
            .transport(Arc::new(shop.clone()))
            .tokens(tokens)
            .rate(RateLimit::new(60_000, Duration::from_secs(60)))
            .options(HttpOptions::default().backoff_seed(1).backoff_base(Duration::from_millis(1)))
            .services(services)
            .user_agent("acme-client/1.0")
            .build()?;
        let capabilities = Capabilities::builder()
            .native(Operation::Verify)
            .native(Operation::List(EntityKind::Customer))
            .native(Operation::Get(EntityKind::Customer))
            .native(Operation::List(EntityKind::Subscription))
            .native(Operation::Get(EntityKind::Subscription))
            .native(Operation::Execute(CHANGE))
            .emulated(Operation::Reconcile(CHANGE), "compares the quantity before and after")
            .fields(EntityKind::Customer, ["id", "name", "status", "detail", "raw"])
            .fields(
                EntityKind::Subscription,
                ["id", "customer", "product", "status", "quantity", "cost", "detail", "raw"],
            )
            .build();
        let clock = Arc::clone(&services.clock);
        Ok(Self { info, capabilities, http, clock, settling: Duration::ZERO })
    }

    /// What was accepted has appeared after so long.
    pub(crate) fn settling(mut self, settling: Duration) -> Self {
        self.settling = settling;
        self
    }

    fn read(&self, operation: Operation, options: &ReadOptions) -> OperationContext {
        OperationContext::read(operation, options, self.http.options().operation_timeout)
    }

    /// Where a page begins and how many records it has.
    fn place<Q: Query>(&self, query: &Q, request: &PageRequest) -> Result<(u64, u64)> {
        let Some(cursor) = &request.cursor else {
            return Ok((0, u64::from(request.size.unwrap_or(100)).clamp(1, 100)));
        };
        let text = cursor.open(&self.info, query)?;
        text.split_once('/')
            .and_then(|(start, count)| Some((start.parse().ok()?, count.parse().ok()?)))
            .ok_or_else(|| Error::new(ErrorKind::InvalidCursor, "the cursor names no row"))
    }

    fn page<Q: Query, T>(
        &self,
        query: &Q,
        (start, count): (u64, u64),
        (items, total): (Records<T>, u64),
    ) -> Page<T> {
        let mut following = (1_u64..)
            .map(|number| start + number * count)
            .take_while(|at| *at < total)
            .map(|at| Cursor::tagged(&self.info, query, format!("{at}/{count}")));
        let mut page: Page<T> = Page::new(items).with_total(total);
        page.next = following.next();
        page.ahead = following.take(Page::<T>::MAX_AHEAD).collect();
        page
    }

    async fn seats(&self, id: &SubscriptionId, cx: &OperationContext) -> Result<Subscription> {
        let call = cx.call();
        let spec = RequestSpec::get("/v1/subscriptions/{id}").path("id", id);
        let answer = self.http.send(spec, &call).await?;
        let row: SeatsRow = answer.json()?;
        Ok(row.model(answer.raw(&call, &[]), Detail::Full))
    }

    fn unsupported(operation: Operation) -> Error {
        Error::unsupported(operation, "Acme changes quantities only").with_provider(KIND)
    }
}

fn applied(id: &SubscriptionId) -> Receipt {
    let mut line = LineReceipt::new(0, LineOutcome::Applied);
    line.subscription = Some(id.clone());
    Receipt::new(Outcome::Applied).with_line(line)
}

#[async_trait]
impl Provider for Acme {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        let query = CustomerQuery::default();
        let check = match self.list_customers(&query, &PageRequest::default().size(1)).await {
            Ok(page) => Check::passed("customers", format!("{} customers", page.total.unwrap_or_default())),
            Err(error) => Check::failed("customers", error),
        };
        self.http.scrubbed(Verification::default().check(check))
    }

    async fn list_customers(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        query.only(&[])?;
        let place = self.place(query, request)?;
        let call = self.read(Operation::List(EntityKind::Customer), &query.options).call();
        let spec = RequestSpec::get("/v1/customers").query("start", place.0).query("count", place.1);
        let answer = self.http.send(spec, &call).await?;
        let read = PageDecoder::new("items")
            .id("id")
            .options(&call)
            .report(&self.http, &answer)
            .page::<Rows, _, _>(&answer.bytes, |row: CustomerRow, raw| Ok(row.model(raw, Detail::Full)))?;
        Ok(self.page(query, place, read))
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        let call = self.read(Operation::Get(EntityKind::Customer), options).call();
        let answer = self.http.send(RequestSpec::get("/v1/customers/{id}").path("id", id), &call).await?;
        let row: CustomerRow = answer.json()?;
        Ok(row.model(answer.raw(&call, &[]), Detail::Full))
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        request: &PageRequest,
    ) -> Result<Page<Subscription>> {
        query.only(&[])?;
        let place = self.place(query, request)?;
        let call = self.read(Operation::List(EntityKind::Subscription), &query.options).call();
        let spec = RequestSpec::get("/v1/subscriptions").query("start", place.0).query("count", place.1);
        let answer = self.http.send(spec, &call).await?;
        let read = PageDecoder::new("items")
            .id("id")
            .options(&call)
            .report(&self.http, &answer)
            .page::<Rows, _, _>(&answer.bytes, |row: SeatsRow, raw| Ok(row.model(raw, Detail::Summary)))?;
        Ok(self.page(query, place, read))
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        self.seats(id, &self.read(Operation::Get(EntityKind::Subscription), options)).await
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let operation = Operation::Execute(command.kind());
        let Command::ChangeQuantity(change) = command else { return Err(Self::unsupported(operation)) };
        let refused = |error: Error| error.with_delivery(Delivery::NotSent).with_provider(KIND);
        if change.effective != Effective::Now {
            let error = Error::invalid_input("effective", "Acme changes quantities at once only");
            return Err(refused(error).with_operation(operation));
        }
        if change.quantity <= Decimal::ZERO {
            let error = Error::invalid_input("quantity", "must be more than 0");
            return Err(refused(error).with_operation(operation));
        }
        let cx = OperationContext::write(operation, options, self.http.options().operation_timeout);
        let now = self.seats(&change.subscription, &cx).await.map_err(refused)?.quantity;
        if change.expected.is_some() && change.expected != now {
            let error = Error::new(ErrorKind::PreconditionFailed, "the quantity is another one");
            return Err(refused(error).with_operation(operation));
        }
        let spec = RequestSpec::put("/v1/subscriptions/{id}")
            .path("id", &change.subscription)
            .json(&json!({"quantity": change.quantity.to_string()}))?;
        self.http.send(spec, &cx.call()).await?;
        Ok(applied(&change.subscription))
    }

    /// Every write goes through the context of the operation.
    fn announces_sending(&self) -> bool {
        true
    }

    async fn baseline(&self, command: &Command) -> Result<Option<Baseline>> {
        let Command::ChangeQuantity(change) = command else { return Ok(None) };
        let cx = self.read(Operation::Get(EntityKind::Subscription), &ReadOptions::default());
        let seats = self.seats(&change.subscription, &cx).await?;
        let quantity = seats.quantity.map(|quantity| quantity.to_string());
        Ok(Some(Baseline::new(self.clock.now(), json!({"quantity": quantity}))))
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        attempt.belongs_to(&self.info)?;
        let operation = Operation::Reconcile(attempt.command.kind());
        let Command::ChangeQuantity(change) = &attempt.command else {
            return Err(Self::unsupported(operation));
        };
        let Some(baseline) = &attempt.baseline else {
            return Ok(Reconciliation::undetermined("nothing was remembered before it was sent"));
        };
        let before = baseline.state["quantity"].as_str().and_then(|text| decimal::parse(text).ok());
        let now = self.seats(&change.subscription, &self.read(operation, &ReadOptions::default())).await?;
        Ok(if now.quantity == before {
            attempt.absent(self.settling, self.clock.now(), "the quantity is as it was")
        } else if now.quantity == Some(change.quantity) {
            let receipt = applied(&change.subscription);
            Reconciliation::Applied(receipt.judged_by(Judgement::Comparison))
        } else {
            Reconciliation::undetermined("somebody else changed the quantity")
        })
    }

    async fn close(&self) -> Result<()> {
        self.http.close().await
    }
}

/// Makes connections to Acme from settings.
#[derive(Debug)]
pub(crate) struct AcmeFactory {
    form: SettingsForm,
    shop: Shop,
}

impl AcmeFactory {
    pub(crate) fn new(shop: &Shop) -> Self {
        let form =
            SettingsForm::new(KIND, "Acme Distribution", "https://api.example.com").variables("ACME").field(
                Field::new("client_secret", "Client secret", FieldKind::Text)
                    .secret()
                    .entered_twice()
                    .help("Proves the integration.")
                    .found_in("Acme portal, Integrations")
                    .variable("ACME_CLIENT_SECRET"),
            );
        Self { form, shop: shop.clone() }
    }
}

#[async_trait]
impl ProviderFactory for AcmeFactory {
    fn form(&self) -> &SettingsForm {
        &self.form
    }

    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        use secrecy::ExposeSecret as _;
        let secret = settings.secret("client_secret")?;
        Ok(Arc::new(Acme::new(&settings.name, &self.shop, secret.expose_secret(), services)?))
    }
}
