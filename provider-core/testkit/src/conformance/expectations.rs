//! What the suite is told about the provider it examines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::{Journal, MemoryJournal};
use provider_core::{
    Command, CommandKind, CustomerQuery, EntityKind, InvoiceLineQuery, InvoiceQuery, OrderQuery,
    ProductQuery, Provider, Receipt, SubscriptionQuery, UsageQuery,
};
use secrecy::{ExposeSecret, SecretString};

/// How long one case may take unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many pages a walk with small pages takes at most unless told otherwise.
const WALK: usize = 25;

pub(super) type WireCalls = Arc<dyn Fn() -> u64 + Send + Sync>;
type MakeCommand = Arc<dyn Fn(&[Receipt]) -> Option<Command> + Send + Sync>;

/// A command to exercise writes with, perhaps made of what earlier ones gave.
#[derive(Clone)]
pub(super) struct Trial {
    pub(super) kind: CommandKind,
    pub(super) make: MakeCommand,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Queries {
    pub(super) customers: Option<CustomerQuery>,
    pub(super) products: Option<ProductQuery>,
    pub(super) subscriptions: Option<SubscriptionQuery>,
    pub(super) orders: Option<OrderQuery>,
    pub(super) invoices: Option<InvoiceQuery>,
    pub(super) invoice_lines: Option<InvoiceLineQuery>,
    pub(super) usage: Option<UsageQuery>,
}

/// What the suite is told about the provider it examines. Everything is optional; the more is told, the
/// fewer cases are not applicable.
///
/// ```
/// use provider_core::{CommandKind, EntityKind, SuspendSubscription};
/// use provider_testkit::conformance::Expectations;
///
/// let expectations = Expectations::default()
///     .count(EntityKind::Customer, 12)
///     .ended(EntityKind::Customer, "7")
///     .command(SuspendSubscription::new("subscription-1"))
///     .allow_writes()
///     .secret("a-client-secret");
/// # let _ = expectations;
/// ```
#[derive(Clone)]
pub struct Expectations {
    pub(super) counts: BTreeMap<EntityKind, u64>,
    pub(super) proven: BTreeSet<EntityKind>,
    pub(super) ended: BTreeMap<EntityKind, BTreeSet<String>>,
    pub(super) forbidden: BTreeMap<EntityKind, BTreeSet<String>>,
    pub(super) queries: Queries,
    pub(super) trials: Vec<Trial>,
    pub(super) lost: Vec<Command>,
    pub(super) writes: bool,
    pub(super) wire_calls: Option<WireCalls>,
    pub(super) wire_writes: Option<WireCalls>,
    pub(super) secrets: Vec<SecretString>,
    pub(super) other: Option<Arc<dyn Provider>>,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) patience: Duration,
    pub(super) walk: usize,
}

impl Default for Expectations {
    fn default() -> Self {
        Self {
            counts: BTreeMap::new(),
            proven: BTreeSet::new(),
            ended: BTreeMap::new(),
            forbidden: BTreeMap::new(),
            queries: Queries::default(),
            trials: Vec::new(),
            lost: Vec::new(),
            writes: false,
            wire_calls: None,
            wire_writes: None,
            secrets: Vec::new(),
            other: None,
            journal: Arc::new(MemoryJournal::default()),
            patience: PATIENCE,
            walk: WALK,
        }
    }
}

impl fmt::Debug for Expectations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectations")
            .field("counts", &self.counts)
            .field("proven", &self.proven)
            .field("ended", &self.ended)
            .field("forbidden", &self.forbidden)
            .field("queries", &self.queries)
            .field("commands", &self.trials.iter().map(|trial| trial.kind).collect::<Vec<_>>())
            .field("writes", &self.writes)
            .field("secrets", &self.secrets.len())
            .field("other", &self.other)
            .finish_non_exhaustive()
    }
}

macro_rules! queries {
    ($($(#[$meta:meta])* $name:ident($type:ty);)+) => {
        $( $(#[$meta])* #[must_use] pub fn $name(mut self, query: $type) -> Self {
            self.queries.$name = Some(query);
            self
        } )+
    };
}

impl Expectations {
    /// How many records an entity has, deleted and ended ones included.
    #[must_use]
    pub fn count(mut self, kind: EntityKind, records: u64) -> Self {
        self.counts.insert(kind, records);
        self
    }

    /// The distributor declares a total for these, so their listings must be proven complete.
    #[must_use]
    pub fn proven(mut self, kinds: impl IntoIterator<Item = EntityKind>) -> Self {
        self.proven.extend(kinds);
        self
    }

    /// A record that is deleted, inactive or ended, and must be listed all the same.
    #[must_use]
    pub fn ended(mut self, kind: EntityKind, id: impl Into<String>) -> Self {
        self.ended.entry(kind).or_default().insert(id.into());
        self
    }

    /// A record that exists and that this account may not see: `get` of it has to be refused, and must not say that
    /// there is none.
    #[must_use]
    pub fn forbidden(mut self, kind: EntityKind, id: impl Into<String>) -> Self {
        self.forbidden.entry(kind).or_default().insert(id.into());
        self
    }

    queries! {
        /// Lists customers by this query instead of all.
        customers(CustomerQuery);
        /// Lists products by this query instead of all.
        products(ProductQuery);
        /// Lists subscriptions by this query instead of all.
        subscriptions(SubscriptionQuery);
        /// Lists orders by this query instead of all.
        orders(OrderQuery);
        /// Lists invoices by this query instead of all.
        invoices(InvoiceQuery);
        /// Lists invoice lines by this query. Without one, all are listed, or those of the first invoice
        /// that has any where the provider wants an invoice to be named.
        invoice_lines(InvoiceLineQuery);
        /// Lists usage by this query. Without one, all is listed, or that of the first subscription or
        /// customer that has any where the provider wants one to be named.
        usage(UsageQuery);
    }

    /// A command that can be carried out. Commands are planned, and with
    /// [`allow_writes`](Self::allow_writes) carried out once each, in the order in which they are given:
    /// a suspended subscription can be resumed by the next one.
    #[must_use]
    pub fn command(self, command: impl Into<Command>) -> Self {
        let command = command.into();
        self.command_after(command.kind(), move |_| Some(command.clone()))
    }

    /// A command made of the receipts of those before it, in order. It is asked without receipts first,
    /// and planned with the rest if it can answer.
    #[must_use]
    pub fn command_after(
        mut self,
        kind: CommandKind,
        make: impl Fn(&[Receipt]) -> Option<Command> + Send + Sync + 'static,
    ) -> Self {
        self.trials.push(Trial { kind, make: Arc::new(make) });
        self
    }

    /// A command that is carried out once after all others, and whose answer is thrown away: repeated
    /// with the same key, it must be found out or reported as unknown.
    #[must_use]
    pub fn lost(mut self, command: impl Into<Command>) -> Self {
        self.lost.push(command.into());
        self
    }

    /// Lets the suite carry commands out: the given ones, and ones that must be refused. Never against a
    /// distributor that sends invoices for it.
    #[must_use]
    pub fn allow_writes(mut self) -> Self {
        self.writes = true;
        self
    }

    /// Counts the calls that went over the wire so far, so that a refusal without any can be proven.
    #[must_use]
    pub fn wire_calls(mut self, count: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.wire_calls = Some(Arc::new(count));
        self
    }

    /// Counts the requests that may change something and went over the wire so far, so that each of them can be
    /// proven to have been let through by itself.
    #[must_use]
    pub fn wire_writes(mut self, count: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.wire_writes = Some(Arc::new(count));
        self
    }

    /// A text that must not occur in any record, error or `Debug` output: a password, a token.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        let secret: String = secret.into();
        // An empty text occurs everywhere.
        if !secret.is_empty() {
            self.secrets.push(secret.into());
        }
        self
    }

    /// Another connection of the same kind: its cursors and attempts must mean nothing here.
    #[must_use]
    pub fn other(mut self, other: Arc<dyn Provider>) -> Self {
        self.other = Some(other);
        self
    }

    /// Keeps attempts here instead of in memory, which examines the journal along with the provider.
    #[must_use]
    pub fn journal(mut self, journal: Arc<dyn Journal>) -> Self {
        self.journal = journal;
        self
    }

    /// How long one case may take, in real time; 120 s unless set.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How many pages a walk with small pages takes at most; 25 unless set. A longer walk examines more
    /// and costs more calls.
    #[must_use]
    pub fn walk(mut self, pages: usize) -> Self {
        self.walk = pages.max(2);
        self
    }

    /// The planted secret that occurs in a text, by its number.
    pub(super) fn secret_in(&self, text: &str) -> Option<usize> {
        self.secrets.iter().position(|secret| text.contains(secret.expose_secret()))
    }
}
