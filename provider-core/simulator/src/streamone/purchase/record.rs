//! Orders: the record, the store and the calendar of what happens to them next.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// What an order item does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
}

impl Action {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
        }
    }
}

/// An add-on line of an item.
#[derive(Clone, Debug)]
pub(crate) struct AddOnLine {
    pub(crate) id: String,
    pub(crate) add_on: String,
    pub(crate) plan: String,
    pub(crate) action: Action,
    pub(crate) quantity: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct OrderItem {
    pub(crate) id: u64,
    pub(crate) reference: Option<String>,
    pub(crate) cart_item: Option<u64>,
    pub(crate) action: Action,
    pub(crate) resource_id: Option<String>,
    pub(crate) product: String,
    pub(crate) sku: String,
    pub(crate) plan: String,
    pub(crate) quantity: u32,
    pub(crate) provider: u64,
    pub(crate) price: Decimal,
    pub(crate) status: &'static str,
    pub(crate) customer_po: Option<String>,
    pub(crate) reseller_po: Option<String>,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) add_ons: Vec<AddOnLine>,
    pub(crate) errors: Vec<OrderError>,
}

impl OrderItem {
    /// The value of a provisioning attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(found, _)| found == name)?;
        Some(value)
    }
}

/// A provisioning error, found after the order was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderError {
    pub(crate) code: String,
    pub(crate) detail: String,
    pub(crate) path: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) customer: u64,
    pub(crate) reference: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) cart: Option<u64>,
    pub(crate) items: Vec<OrderItem>,
    pub(crate) errors: Vec<OrderError>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
}

impl Order {
    pub(crate) fn total(&self) -> Decimal {
        self.items.iter().map(|item| item.price * Decimal::from(item.quantity)).sum()
    }

    /// Sets the status of the order and of every item.
    pub(crate) fn advance(&mut self, status: &'static str, item_status: &'static str, at: DateTime<Utc>) {
        self.status = status;
        self.updated = at;
        self.items.iter_mut().for_each(|item| item.status = item_status);
    }
}

/// What happens to an order at a certain time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Confirm,
    Start,
    Finish,
}

/// All orders of the account.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    by_id: BTreeMap<u64, Order>,
    by_customer: HashMap<u64, Vec<u64>>,
    calendar: BTreeSet<(DateTime<Utc>, u64, Stage)>,
    /// Whether new orders wait for approval.
    pub(crate) hold_new: bool,
    /// Provisioning errors that the next orders run into, one each.
    pub(crate) failures: VecDeque<(String, String)>,
}

impl Orders {
    pub(crate) fn get(&self, id: u64) -> Option<&Order> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Order> {
        self.by_id.values()
    }

    pub(crate) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &Order> {
        let ids = self.by_customer.get(&customer).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn insert(&mut self, order: Order) {
        self.by_customer.entry(order.customer).or_default().push(order.id);
        self.by_id.insert(order.id, order);
    }

    pub(crate) fn schedule(&mut self, order: u64, stage: Stage, at: DateTime<Utc>) {
        self.calendar.insert((at, order, stage));
    }

    /// When the next event happens.
    pub(crate) fn next_event(&self) -> Option<DateTime<Utc>> {
        self.calendar.first().map(|(at, ..)| *at)
    }

    /// Takes the earliest event.
    pub(crate) fn take_event(&mut self) -> Option<(DateTime<Utc>, u64, Stage)> {
        self.calendar.pop_first()
    }

    /// Drops what was planned for an order.
    pub(crate) fn unschedule(&mut self, order: u64) {
        self.calendar.retain(|(_, planned, _)| *planned != order);
    }
}
