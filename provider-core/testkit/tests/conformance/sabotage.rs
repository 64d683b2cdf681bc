//! The provider in memory with one fault.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use chrono::{DateTime, Days, Utc};
use provider_core::error::Violation;
use provider_core::memory::Evidence;
use provider_core::model::{CustomerStatus, Detail, InvoiceLineKind, Raw};
use provider_core::receipt::{Credentials, LineOutcome, LineReceipt};
use provider_core::verification::Check;
use provider_core::{
    Attempt, Capabilities, Command, CommandKind, Currency, Cursor, Customer, CustomerId, CustomerQuery,
    Delivery, EntityKind, Error, ErrorKind, IdempotencyKey, InvoiceLine, InvoiceLineQuery, ItemError,
    MemoryProvider, Operation, Order, OrderId, OrderQuery, Outcome, Page, PageRequest, Period, PlaceOrder,
    Plan, Price, Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation, Result, Subscription,
    SubscriptionQuery, UsageQuery, UsageRecord, Verification, WriteOptions, async_trait,
};
use rust_decimal::Decimal;

pub(crate) use crate::flaw::Flaw;
use crate::seed::{SECRET, of_evidence};

fn nothing() -> Price {
    Price::new(Decimal::ZERO, Currency::new("EUR").ok()).flat()
}

fn day_before(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment - Days::new(1)
}

pub(crate) struct Sabotage {
    inner: MemoryProvider,
    flaw: Flaw,
    infos: [ProviderInfo; 2],
    capabilities: Capabilities,
    wire: Arc<AtomicU64>,
    calls: AtomicUsize,
    running: AtomicUsize,
    closed: AtomicUsize,
}

impl std::fmt::Debug for Sabotage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = if self.flaw == Flaw::SecretInDebug { SECRET } else { "[redacted]" };
        f.debug_struct("Sabotage").field("token", &token).finish_non_exhaustive()
    }
}

impl Sabotage {
    pub(crate) fn new(flaw: Flaw, wire: Arc<AtomicU64>) -> Self {
        let inner = of_evidence(Evidence::Reference);
        let info = inner.info().clone();
        let other = match flaw {
            Flaw::ChangesItsMind => info.clone().with_client_version("another"),
            _ => info.clone(),
        };
        let builder = inner.capabilities().to_builder();
        let capabilities = match flaw {
            Flaw::UnsupportedAfterCall => {
                builder.unsupported(Operation::List(EntityKind::Order), "no orders")
            }
            Flaw::UnsupportedAnswers => builder.unsupported(Operation::Get(EntityKind::Order), "no orders"),
            Flaw::GivesNoReason => builder.emulated(Operation::Get(EntityKind::Order), ""),
            Flaw::UndeclaredField => {
                let mut declared =
                    Capabilities::builder().fields(EntityKind::Customer, ["id", "name", "status"]);
                for operation in Operation::all() {
                    declared = declared.native(operation);
                }
                declared
            }
            Flaw::WritesUndeclared => {
                let mut declared = Capabilities::builder().writable(CommandKind::CreateCustomer, ["name"]);
                for operation in Operation::all() {
                    declared = declared.native(operation);
                }
                declared
            }
            _ => builder,
        };
        Self {
            inner,
            flaw,
            infos: [info, other],
            capabilities: capabilities.build(),
            wire,
            calls: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            closed: AtomicUsize::new(0),
        }
    }

    /// Counts what it has carried out, each command of the provider in memory being a request.
    pub(crate) fn writes(&self) -> impl Fn() -> u64 + Send + Sync + use<> {
        writes_of(self.inner.clone())
    }

    /// Each line of an order is a request of its own, and only the first of them is announced.
    async fn line_by_line(&self, place: &PlaceOrder, options: &WriteOptions) -> Result<Receipt> {
        let mut receipts = Vec::new();
        for (at, line) in place.order.lines.iter().enumerate() {
            let mut one = place.order.clone();
            one.lines = vec![line.clone()];
            let key = IdempotencyKey::derive("line", [options.key.as_str(), &at.to_string()]);
            let mut sent = WriteOptions::new(key);
            if at == 0 {
                sent = sent.sending(options.sending.clone());
            }
            let receipt = self.inner.execute(&PlaceOrder::new(one).into(), &sent).await?;
            for mut line in receipt.lines {
                line.line = at;
                receipts.push(line);
            }
        }
        let receipt = Receipt::from_lines(receipts).map(|r| r.with_customer(&place.order.customer));
        receipt
            .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "no lines").with_delivery(Delivery::Rejected))
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    /// Alternates, for faults that come and go.
    fn odd(&self) -> bool {
        !self.calls.fetch_add(1, Ordering::SeqCst).is_multiple_of(2)
    }

    fn call(&self) {
        self.wire.fetch_add(1, Ordering::SeqCst);
    }

    /// Pages whose cursor is a page number, whatever the size.
    async fn numbered(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        let mut all = Vec::new();
        let mut next = PageRequest::default();
        loop {
            let page = self.inner.list_customers(query, &next).await?;
            all.extend(page.records().cloned());
            let Some(cursor) = page.next else { break };
            next = PageRequest::at(cursor);
        }
        let size = request.size.unwrap_or(10) as usize;
        let number: usize = match &request.cursor {
            None => 0,
            Some(cursor) => cursor.open(&self.infos[0], query)?.parse().unwrap_or_default(),
        };
        let items: Vec<_> = all.iter().skip(number * size).take(size).cloned().collect();
        let more = (number + 1) * size < all.len();
        let next = more.then(|| Cursor::tagged(&self.infos[0], query, (number + 1).to_string()));
        Ok(Page::new(items).with_next(next).with_total(all.len() as u64))
    }

    /// Answers the first page where the provider in memory refuses a cursor.
    async fn lenient(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        let answer = self.inner.list_customers(query, request).await;
        let cursor = request.cursor.as_ref().map_or("", Cursor::as_str);
        let tag: serde_json::Value = serde_json::from_str(cursor).unwrap_or_default();
        let tolerated = match self.flaw {
            Flaw::CursorOfAnyText => tag.is_null(),
            Flaw::CursorOfAnyQuery => tag["connection"] == self.infos[0].connection,
            _ => !tag.is_null() && tag["connection"] != self.infos[0].connection,
        };
        match answer {
            Err(error) if error.kind() == ErrorKind::InvalidCursor && tolerated => {
                self.inner.list_customers(query, &PageRequest::default()).await
            }
            answer => answer,
        }
    }

    fn spoil(&self, page: &mut Page<Customer>, query: &CustomerQuery, request: &PageRequest) {
        let each = |page: &mut Page<Customer>, edit: fn(&mut Customer)| {
            page.items.iter_mut().flatten().for_each(edit);
        };
        let first = request.cursor.is_none() && !page.items.is_empty();
        match self.flaw {
            Flaw::SkipsPage if request.cursor.is_none() => page.next = page.ahead.first().cloned(),
            Flaw::CannotReadRecord if first => {
                page.items[0] = Err(ItemError::new("name", "is missing"));
            }
            Flaw::RepeatsId if first => {
                let again = page.items[0].clone();
                page.items.push(again);
                page.on_wire += 1;
            }
            Flaw::DropsTotal => page.total = None,
            Flaw::RepeatsCursor if page.next.is_some() && request.cursor.is_some() => {
                page.next.clone_from(&request.cursor);
            }
            Flaw::MovesTotal if request.cursor.is_some() => page.total = page.total.map(|total| total + 1),
            Flaw::CountsTooFew => page.on_wire = page.on_wire.saturating_sub(1),
            Flaw::AheadOutOfOrder => page.ahead.reverse(),
            Flaw::AheadTooFar => {
                page.ahead = page.ahead.iter().cycle().take(17 * page.ahead.len()).cloned().collect();
            }
            Flaw::SmallPagesLoseRecord if request.size == Some(2) && request.cursor.is_some() => {
                page.items.pop();
            }
            Flaw::UnstableOrder if request.cursor.is_none() && self.odd() => page.items.reverse(),
            Flaw::RawUnasked => each(page, |c| c.raw = Raw::new("{}", &[]).ok()),
            Flaw::RawMissing => each(page, |c| c.raw = None),
            Flaw::SecretInRaw if query.options.raw => {
                each(page, |c| c.raw = Raw::new(&format!("{{\"token\":\"{SECRET}\"}}"), &[]).ok());
            }
            Flaw::EmptyId if first => {
                page.items[0].iter_mut().for_each(|c| c.id = CustomerId::new(""));
            }
            Flaw::StatusInTwoSpellings => {
                each(page, |c| c.status = Some(CustomerStatus::Other("active".to_owned())));
            }
            Flaw::ListsLess => each(page, |c| c.phone = None),
            Flaw::HidesDeleted => {
                page.items.retain(|c| c.as_ref().is_ok_and(|c| c.status != Some(CustomerStatus::Deleted)));
            }
            _ => {}
        }
    }

    fn spoiled(&self, error: Error) -> Error {
        let unnamed = |message: String| {
            Error::new(error.kind(), message).with_delivery(error.delivery()).with_http_status(404)
        };
        match self.flaw {
            Flaw::AnonymousErrors => unnamed(error.message().to_owned()),
            Flaw::ErrorsOfAnotherOperation => error.with_operation(Operation::Verify),
            Flaw::ErrorsOfManyLines => error.with_provider("mem\nory"),
            Flaw::SecretInError => error.with_message(format!("refused token {SECRET}")),
            Flaw::NotFoundWasNotSent => error.with_delivery(Delivery::NotSent),
            _ => error,
        }
    }
}

/// A customer that this account may not see.
pub(crate) const FORBIDDEN: &str = "of-another-partner";

/// How many commands a provider in memory was called with.
pub(crate) fn writes_of(provider: MemoryProvider) -> impl Fn() -> u64 + Send + Sync {
    move || CommandKind::ALL.into_iter().map(|kind| provider.calls(Operation::Execute(kind))).sum()
}

#[async_trait]
impl Provider for Sabotage {
    fn info(&self) -> &ProviderInfo {
        if self.is(Flaw::CallsForItsName) {
            self.call();
        }
        &self.infos[usize::from(self.is(Flaw::ChangesItsMind) && self.odd())]
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&self.inner)
    }

    async fn verify(&self) -> Verification {
        match self.flaw {
            Flaw::FailingCheck => Verification::default()
                .check(Check::passed("token", "valid"))
                .check(Check::failed("customers", Error::new(ErrorKind::PermissionDenied, "no right"))),
            _ => self.inner.verify().await,
        }
    }

    async fn list_customers(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        match self.flaw {
            Flaw::HangsPastDeadline if query.options.deadline.is_some() => std::future::pending().await,
            Flaw::DeadlineIsInternal if query.options.deadline.is_some() => {
                return Err(Error::new(ErrorKind::Internal, "no time")
                    .with_provider("memory")
                    .with_operation(Operation::List(EntityKind::Customer)));
            }
            Flaw::CursorForgetsSize => return self.numbered(query, request).await,
            Flaw::CursorOfAnyText | Flaw::CursorOfAnyQuery | Flaw::CursorOfAnyConnection => {
                return self.lenient(query, request).await;
            }
            Flaw::IgnoresFilter => {
                let mut all = CustomerQuery::default();
                all.options = query.options.clone();
                return self.inner.list_customers(&all, request).await;
            }
            Flaw::FilterAfterCall if query.status.is_some() => {
                return Err(Error::invalid_input("status", "is not a filter")
                    .with_delivery(Delivery::Unknown)
                    .with_provider("memory")
                    .with_operation(Operation::List(EntityKind::Customer)));
            }
            _ => {}
        }
        let running = self.running.fetch_add(1, Ordering::SeqCst);
        if self.is(Flaw::LosesRecordWhenConcurrent) {
            tokio::task::yield_now().await;
        }
        let answer = self.inner.list_customers(query, request).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        let mut page = answer?;
        self.spoil(&mut page, query, request);
        // Eight at once are more than it can take; the four of an ordinary listing are not.
        if self.is(Flaw::LosesRecordWhenConcurrent) && running > 4 {
            page.items.pop();
        }
        Ok(page)
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        if id.as_str() == FORBIDDEN && !self.is(Flaw::ForbiddenIsGone) {
            if self.is(Flaw::ForbiddenIsShown) {
                return Ok(Customer::new(FORBIDDEN, "Of another partner"));
            }
            let refused = Error::new(ErrorKind::PermissionDenied, "this account may not see that customer");
            let refused = refused.with_delivery(Delivery::Rejected).with_provider("memory");
            return Err(self.spoiled(refused.with_operation(Operation::Get(EntityKind::Customer))));
        }
        match self.inner.get_customer(id, options).await {
            Ok(mut customer) => {
                match self.flaw {
                    Flaw::GetLosesField => customer.external_id = None,
                    Flaw::GetsAnother => customer.id = CustomerId::new("another"),
                    Flaw::GetSaysSummary => customer.detail = Detail::Summary,
                    _ => {}
                }
                Ok(customer)
            }
            Err(_) if self.is(Flaw::NotFoundIsEmptyRecord) => Ok(Customer::new(id, "")),
            Err(_) if self.is(Flaw::NoIdIsFirstRecord) && id.as_str().trim().is_empty() => {
                self.inner.get_customer(&CustomerId::new("c0"), options).await
            }
            Err(error) => Err(self.spoiled(error)),
        }
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        request: &PageRequest,
    ) -> Result<Page<Subscription>> {
        let mut page = self.inner.list_subscriptions(query, request).await?;
        for subscription in page.items.iter_mut().flatten() {
            match self.flaw {
                Flaw::DanglingCustomer => subscription.customer = CustomerId::new("nobody"),
                Flaw::PriceWithoutPeriod => {
                    subscription.cost.iter_mut().for_each(|cost| cost.period = None);
                }
                Flaw::ActiveTrial => subscription.trial = Some(true),
                _ => {}
            }
        }
        Ok(page)
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        request: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        let mut page = self.inner.list_invoice_lines(query, request).await?;
        if self.is(Flaw::LosesCredit) {
            let credit = |line: &InvoiceLine| line.kind == InvoiceLineKind::Credit;
            page.items
                .iter_mut()
                .flatten()
                .filter(|line| credit(line))
                .for_each(|line| line.cost = Some(nothing()));
        }
        for line in page.items.iter_mut().flatten() {
            match self.flaw {
                Flaw::LineOnTwoDocuments if line.invoice.as_str() == "i1" => line.id = Some("l0".into()),
                Flaw::LeavesLastDayOut => {
                    line.period = line.period.and_then(|p| Period::new(p.start, day_before(p.end)).ok());
                }
                Flaw::OverlappingMonths => {
                    line.period = line.period.and_then(|p| Period::new(day_before(p.start), p.end).ok());
                }
                _ => {}
            }
        }
        Ok(page)
    }

    async fn list_orders(&self, query: &OrderQuery, request: &PageRequest) -> Result<Page<Order>> {
        if self.is(Flaw::UnsupportedAfterCall) {
            self.call();
            let operation = Operation::List(EntityKind::Order);
            return Err(Error::unsupported(operation, "HTTP 404").with_provider("memory"));
        }
        let mut page = self.inner.list_orders(query, request).await?;
        if self.is(Flaw::HidesNewOrders) {
            // Those that were there from the beginning have short ids.
            let before = page.items.len();
            page.items.retain(|order| order.as_ref().is_ok_and(|order| order.id.as_str().len() <= 2));
            page.on_wire = page.items.len() as u64;
            page.total = page.total.map(|total| total - (before - page.items.len()) as u64);
        }
        Ok(page)
    }

    async fn get_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        if self.is(Flaw::UnsupportedAnswers) {
            return Ok(Order::new(id, "c1"));
        }
        self.inner.get_order(id, options).await
    }

    async fn list_usage(&self, query: &UsageQuery, request: &PageRequest) -> Result<Page<UsageRecord>> {
        if self.is(Flaw::SupportedIsMissing) {
            return Err(
                Error::unsupported(Operation::List(EntityKind::Usage), "later").with_provider("memory")
            );
        }
        self.inner.list_usage(query, request).await
    }

    async fn plan(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        let mut plan = self.inner.plan(command, options).await?;
        match self.flaw {
            Flaw::PlanExecutes => drop(self.inner.execute(command, options).await),
            Flaw::PlanSaysNothing => plan.changes.clear(),
            _ => {}
        }
        Ok(plan)
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let operation = Operation::Execute(command.kind());
        if self.is(Flaw::ExecuteFails) {
            return Err(Error::new(ErrorKind::Unavailable, "down")
                .with_provider("memory")
                .with_operation(operation));
        }
        if let (Flaw::PassesOnceForMany, Command::PlaceOrder(place)) = (self.flaw, command) {
            return self.line_by_line(place, options).await;
        }
        let own_options = WriteOptions::new(options.key.clone());
        let options = match self.flaw {
            Flaw::LayerOfItsOwnOptions => &own_options,
            // It asks, and sends whatever the answer is.
            Flaw::IgnoresGate => {
                let _ = options.sending.pass().await;
                &own_options
            }
            _ => options,
        };
        let mut receipt = match self.inner.execute(command, options).await {
            Err(_) if self.is(Flaw::AcceptsInvalid) => return Ok(Receipt::new(Outcome::Accepted)),
            Err(error) if self.is(Flaw::InvalidIsUnknown) => {
                return Err(error.with_delivery(Delivery::Unknown));
            }
            answer => answer?,
        };
        match self.flaw {
            Flaw::SendsTwice if command.kind() == CommandKind::PlaceOrder => {
                let again = WriteOptions::new(IdempotencyKey::derive("again", [options.key.as_str()]));
                self.inner.execute(command, &again).await?;
            }
            Flaw::ReceiptLies => receipt = receipt.with_line(LineReceipt::new(7, LineOutcome::Rejected)),
            Flaw::PasswordInReceipt => {
                receipt.credentials =
                    Some(Credentials::new("admin@example.com", "first-password".to_owned().into()));
                let mut line = LineReceipt::new(0, LineOutcome::Applied);
                line.violations.push(Violation::new("note", "the password is first-password"));
                receipt.lines = vec![line];
            }
            _ => {}
        }
        Ok(receipt)
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        match self.flaw {
            Flaw::UnsentIsApplied => Ok(Reconciliation::Applied(Receipt::new(Outcome::Applied))),
            Flaw::SentIsNotApplied => Ok(Reconciliation::NotApplied),
            Flaw::JudgesForeignAttempt => {
                let mut own = attempt.clone();
                own.connection.clone_from(&self.infos[0].connection);
                self.inner.reconcile(&own).await
            }
            _ => self.inner.reconcile(attempt).await,
        }
    }

    async fn close(&self) -> Result<()> {
        let times = self.closed.fetch_add(1, Ordering::SeqCst);
        if self.is(Flaw::ClosesOnce) && times > 0 {
            return Err(Error::new(ErrorKind::Internal, "closed already").with_provider("memory"));
        }
        Ok(())
    }
}
