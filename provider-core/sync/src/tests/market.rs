//! A distributor that takes commands, and a journal, of a process that may die between any two calls.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::attempt::Baseline;
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal, MemoryJournal, Settlement};
use provider_core::receipt::{Credentials, Fidelity, Judgement, LineOutcome, LineReceipt};
use provider_core::{
    Attempt, Capabilities, Command, CommandKind, Customer, CustomerId, CustomerQuery, Delivery, Error,
    ErrorKind, IdempotencyKey, Operation, Order, OrderId, Outcome, Page, PageRequest, Patch, Plan, Price,
    Provider, ProviderInfo, ReadOptions, Receipt, Reconciliation, Result, Subscription, SubscriptionId,
    SubscriptionQuery, SubscriptionStatus, WriteOptions,
};

use super::crash::{Dying, Fuse};
use super::distributor::Distributor;
use crate::decide::command::units;
use crate::engine::CancelHandle;

/// What goes wrong with a command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DeskFault {
    /// It is lost before it takes effect.
    LostBefore,
    /// It takes effect, and the answer is lost.
    LostAfter,
    /// It is refused, for this member.
    Refused(&'static str),
    /// It is not taken at the moment.
    Throttled,
}

#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// What was carried out, by its key.
    pub(crate) carried: BTreeMap<IdempotencyKey, Receipt>,
    /// How many commands took effect.
    pub(crate) writes: u64,
    pub(crate) faults: VecDeque<DeskFault>,
    /// It keeps no reference: nothing says what came of a lost command.
    pub(crate) forgetful: bool,
    /// It writes telephone numbers in a way of its own.
    pub(crate) normalises: bool,
    /// It makes a tenant for each customer.
    pub(crate) tenants: bool,
    /// A colleague makes the same customer at the same moment.
    pub(crate) colleague: bool,
    /// It takes changes of quantities, and carries them out some day.
    pub(crate) later: bool,
    /// It does not say which customer it has made.
    pub(crate) silent: bool,
    /// It makes none, and answers with this one.
    pub(crate) existing: Option<&'static str>,
    /// Subscriptions are listed, and not there when they are asked for.
    pub(crate) hidden: bool,
    /// The customer of this id is listed, and its own call answers with something else, or refuses.
    pub(crate) unreadable: Option<(&'static str, ErrorKind)>,
    /// Somebody gives a customer this name between the listing and the next look at it.
    pub(crate) meanwhile: Option<String>,
    /// The right to write is withdrawn.
    pub(crate) forbidden: bool,
    /// How many commands have come.
    pub(crate) asked: u64,
    /// Somebody stops the run while so many commands have come.
    pub(crate) stops: Option<(u64, CancelHandle)>,
    /// What a unit costs, as a plan tells it. Without one nothing is planned.
    pub(crate) price: Option<Price>,
    /// It tells that price in a plan, and not what all units cost.
    pub(crate) per_unit: bool,
    next: u64,
}

/// The distributor, with a desk that takes commands.
#[derive(Debug, Clone)]
pub(crate) struct Market {
    pub(crate) shop: Distributor,
    desk: Arc<Mutex<Desk>>,
    capabilities: Capabilities,
    fuse: Fuse,
}

fn violation(field: &str) -> Error {
    Error::invalid_input(field, "is not taken").with_delivery(Delivery::Rejected)
}

fn missing(id: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no `{id}`")).with_delivery(Delivery::Rejected)
}

impl Market {
    pub(crate) fn new() -> Self {
        let shop = Distributor::new();
        let mut builder = shop.capabilities().to_builder();
        for kind in CommandKind::ALL {
            builder = builder
                .native(Operation::Execute(kind))
                .native(Operation::Reconcile(kind))
                .writable(kind, ["*"]);
        }
        let capabilities = builder.build();
        Self { shop, desk: Arc::default(), capabilities, fuse: Fuse::default() }
    }

    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn dying(&self, fuse: &Fuse) -> Self {
        Self { shop: self.shop.dying(fuse), fuse: fuse.clone(), ..self.clone() }
    }

    fn phone(&self, phone: Option<String>) -> Option<String> {
        if self.desk().normalises {
            phone.map(|phone| format!("+{}", phone.trim_start_matches('+')))
        } else {
            phone
        }
    }

    fn carry_out(&self, command: &Command) -> Result<Receipt> {
        let done = Receipt::new(Outcome::Applied);
        let line = |id: &SubscriptionId| {
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.subscription = Some(id.clone());
            line
        };
        match command {
            Command::CreateCustomer(new) => {
                let existing = self.desk().existing;
                if let Some(id) = existing {
                    return Ok(done.with_customer(id));
                }
                let (number, tenants, colleague) = {
                    let mut desk = self.desk();
                    desk.next += 1;
                    (desk.next, desk.tenants, desk.colleague)
                };
                if colleague {
                    self.shop.customer(&format!("z{number:02}"), &new.name);
                }
                let id = format!("m{number:02}");
                let mut made = Customer::new(&*id, &*new.name);
                made.external_id.clone_from(&new.external_id);
                made.phone = self.phone(new.phone.clone());
                made.address.clone_from(&new.address);
                made.website.clone_from(&new.website);
                self.shop.records().customers.insert(id.clone(), made);
                let mut receipt = if self.desk().silent { done } else { done.with_customer(&*id) };
                if tenants {
                    let password = provider_core::secrecy::SecretString::from("planted-secret-7");
                    receipt.credentials = Some(Credentials::new("admin@example.com", password));
                }
                Ok(receipt)
            }
            Command::UpdateCustomer(update) => {
                let phone = match update.phone.clone() {
                    Patch::Set(phone) => self.phone(Some(phone)).map_or(Patch::Clear, Patch::Set),
                    other => other,
                };
                let mut records = self.shop.records();
                let known = records.customers.get_mut(update.customer.as_str());
                let known = known.ok_or_else(|| missing(&update.customer))?;
                if let Patch::Set(name) = &update.name {
                    known.name.clone_from(name);
                }
                phone.apply_to(&mut known.phone);
                update.website.clone().apply_to(&mut known.website);
                update.address.clone().apply_to(&mut known.address);
                Ok(done.with_customer(&update.customer))
            }
            Command::ChangeQuantity(change) => {
                let later = self.desk().later;
                let mut records = self.shop.records();
                let known = records.subscriptions.get_mut(change.subscription.as_str());
                let known = known.ok_or_else(|| missing(&change.subscription))?;
                if change.expected.is_some() && change.expected != known.quantity {
                    let error = Error::new(ErrorKind::PreconditionFailed, "it has another quantity by now");
                    return Err(error.with_delivery(Delivery::Rejected));
                }
                if later {
                    return Ok(Receipt::new(Outcome::Accepted).with_line(line(&change.subscription)));
                }
                known.quantity = Some(change.quantity);
                Ok(done.with_line(line(&change.subscription)))
            }
            Command::ChangeRenewal(change) => {
                let mut records = self.shop.records();
                let known = records.subscriptions.get_mut(change.subscription.as_str());
                let known = known.ok_or_else(|| missing(&change.subscription))?;
                known.auto_renew = change.auto_renew.or(known.auto_renew);
                Ok(done.with_line(line(&change.subscription)))
            }
            Command::Suspend(suspend) => self.status(&suspend.subscription, SubscriptionStatus::Suspended),
            Command::Resume(resume) => self.status(&resume.subscription, SubscriptionStatus::Active),
            Command::CancelSubscription(cancel) => {
                self.status(&cancel.subscription, SubscriptionStatus::Cancelled)
            }
            Command::PlaceOrder(_) => {
                let mut desk = self.desk();
                desk.next += 1;
                let mut line = LineReceipt::new(0, LineOutcome::Applied);
                line.order = Some(OrderId::new(format!("o{}", desk.next)));
                Ok(done.with_line(line))
            }
            _ => Err(violation("command")),
        }
    }

    fn rename_meanwhile(&self, id: &CustomerId) {
        let name = self.desk().meanwhile.take();
        let mut records = self.shop.records();
        if let (Some(name), Some(known)) = (name, records.customers.get_mut(id.as_str())) {
            known.name = name;
        }
    }

    fn status(&self, id: &SubscriptionId, status: SubscriptionStatus) -> Result<Receipt> {
        let mut records = self.shop.records();
        let known = records.subscriptions.get_mut(id.as_str()).ok_or_else(|| missing(id))?;
        known.status = status;
        let mut line = LineReceipt::new(0, LineOutcome::Applied);
        line.subscription = Some(id.clone());
        Ok(Receipt::new(Outcome::Applied).with_line(line))
    }
}

#[async_trait]
impl Provider for Market {
    fn info(&self) -> &ProviderInfo {
        self.shop.info()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        self.shop.list_customers(query, page).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        if let Some((_, kind)) = self.desk().unreadable.filter(|(known, _)| *known == id.as_str()) {
            return Err(Error::new(kind, "not this one").with_delivery(Delivery::Rejected).for_read());
        }
        self.rename_meanwhile(id);
        self.shop.get_customer(id, options).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.shop.list_subscriptions(query, page).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        if self.desk().hidden {
            return Err(Error::new(ErrorKind::NotFound, "there is none").for_read());
        }
        self.shop.get_subscription(id, options).await
    }

    async fn get_order(&self, id: &OrderId, _: &ReadOptions) -> Result<Order> {
        if id.as_str().starts_with('o') {
            return Ok(Order::new(id, "c00"));
        }
        Err(Error::new(ErrorKind::NotFound, "there is none").for_read())
    }

    async fn plan(&self, command: &Command, _: &WriteOptions) -> Result<Plan> {
        self.fuse.provider()?;
        let Some(price) = self.desk().price.clone() else {
            return Err(Error::new(ErrorKind::Unsupported, "nothing is planned here"));
        };
        let mut plan = Plan::new(Fidelity::Native);
        let whole = Price::new(price.amount * units(command, None), price.currency).flat();
        plan.cost = Some(if self.desk().per_unit { price } else { whole });
        Ok(plan)
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        options.sending.pass().await?;
        self.fuse.provider()?;
        let lost = Error::new(ErrorKind::Transport, "the answer was lost").with_delivery(Delivery::Unknown);
        let (fault, forbidden) = {
            let mut desk = self.desk();
            desk.asked += 1;
            if let Some((at, run)) = &desk.stops
                && *at == desk.asked
            {
                run.cancel();
            }
            (desk.faults.pop_front(), desk.forbidden)
        };
        if forbidden {
            let error = Error::new(ErrorKind::PermissionDenied, "the API client may not write");
            return Err(error.with_delivery(Delivery::Rejected));
        }
        match fault {
            Some(DeskFault::LostBefore) => return Err(lost),
            Some(DeskFault::Refused(field)) => return Err(violation(field)),
            Some(DeskFault::Throttled) => {
                let error = Error::new(ErrorKind::RateLimited, "later");
                return Err(error.with_delivery(Delivery::Rejected));
            }
            _ => {}
        }
        let receipt = self.carry_out(command)?;
        {
            let mut desk = self.desk();
            desk.writes += 1;
            let doubled = desk.carried.insert(options.key.clone(), receipt.clone());
            assert!(doubled.is_none(), "{} was carried out twice", options.key);
        }
        // Nobody hears of it any more.
        self.fuse.provider().map_err(|error| error.with_delivery(Delivery::Unknown))?;
        if fault == Some(DeskFault::LostAfter) { Err(lost) } else { Ok(receipt) }
    }

    async fn baseline(&self, _: &Command) -> Result<Option<Baseline>> {
        self.fuse.provider()?;
        Ok(None)
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        self.fuse.provider()?;
        let desk = self.desk();
        if desk.forgetful {
            return Ok(Reconciliation::undetermined("this distributor keeps no reference"));
        }
        Ok(match desk.carried.get(&attempt.key) {
            Some(receipt) => Reconciliation::Applied(receipt.clone().judged_by(Judgement::Reference)),
            None => Reconciliation::NotApplied,
        })
    }
}

macro_rules! journal_calls {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl Journal for Dying<MemoryJournal> {
            $(
                async fn $name(&self, $($argument: $type),*) -> Result<$answer> {
                    self.fuse.provider()?;
                    let answer = self.inner.$name($($argument),*).await?;
                    self.fuse.provider()?;
                    Ok(answer)
                }
            )+
        }
    };
}

journal_calls! {
    begin(attempt: &Attempt, ttl: Duration) -> Begin;
    arm(attempt: &Attempt, fence: Fence, ttl: Duration) -> ();
    finish(attempt: &Attempt, fence: Fence, receipt: &Receipt) -> ();
    release(attempt: &Attempt, fence: Fence) -> ();
    leave_open(attempt: &Attempt, fence: Fence) -> ();
    open_attempts(account: Option<&AccountKey>) -> Vec<Attempt>;
    settle(key: &IdempotencyKey, settlement: Settlement, who: &str) -> ();
    forget(before: DateTime<Utc>) -> u64;
    move_account(from: &AccountKey, to: &AccountKey) -> u64;
}
