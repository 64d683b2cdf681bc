//! Orders: the record, the store and the calendar of what happens to them next.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// What an order item does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Update,
}

impl Action {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
        }
    }
}

/// An add-on line of an item.
#[derive(Clone, Debug)]
pub(super) struct AddOnLine {
    pub(super) id: String,
    pub(super) add_on: String,
    pub(super) plan: String,
    pub(super) action: Action,
    pub(super) quantity: u32,
}

#[derive(Clone, Debug)]
pub(super) struct OrderItem {
    pub(super) id: u64,
    pub(super) reference: Option<String>,
    pub(super) cart_item: Option<u64>,
    pub(super) action: Action,
    pub(super) resource_id: Option<String>,
    pub(super) product: String,
    pub(super) sku: String,
    pub(super) plan: String,
    pub(super) quantity: u32,
    pub(super) provider: u64,
    pub(super) price: Decimal,
    pub(super) status: &'static str,
    pub(super) customer_po: Option<String>,
    pub(super) reseller_po: Option<String>,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) add_ons: Vec<AddOnLine>,
    pub(super) errors: Vec<OrderError>,
}

impl OrderItem {
    /// The value of a provisioning attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(found, _)| found == name)?;
        Some(value)
    }
}

/// A provisioning error, found after the order was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OrderError {
    pub(super) code: String,
    pub(super) detail: String,
    pub(super) path: String,
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: u64,
    pub(super) customer: u64,
    pub(super) reference: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) status: &'static str,
    pub(super) cart: Option<u64>,
    pub(super) items: Vec<OrderItem>,
    pub(super) errors: Vec<OrderError>,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
}

impl Order {
    pub(super) fn total(&self) -> Decimal {
        self.items.iter().map(|item| item.price * Decimal::from(item.quantity)).sum()
    }

    /// Sets the status of the order and of every item.
    pub(super) fn advance(&mut self, status: &'static str, item_status: &'static str, at: DateTime<Utc>) {
        self.status = status;
        self.updated = at;
        self.items.iter_mut().for_each(|item| item.status = item_status);
    }
}

/// What happens to an order at a certain time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Confirm,
    Start,
    Finish,
}

/// All orders of the account.
#[derive(Debug, Default)]
pub(super) struct Orders {
    by_id: BTreeMap<u64, Order>,
    by_customer: HashMap<u64, Vec<u64>>,
    calendar: BTreeSet<(DateTime<Utc>, u64, Stage)>,
    /// Whether new orders wait for approval.
    pub(super) hold_new: bool,
    /// Provisioning errors that the next orders run into, one each.
    pub(super) failures: VecDeque<(String, String)>,
}

impl Orders {
    pub(super) fn get(&self, id: u64) -> Option<&Order> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Order> {
        self.by_id.values()
    }

    pub(super) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &Order> {
        let ids = self.by_customer.get(&customer).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(super) fn insert(&mut self, order: Order) {
        self.by_customer.entry(order.customer).or_default().push(order.id);
        self.by_id.insert(order.id, order);
    }

    pub(super) fn schedule(&mut self, order: u64, stage: Stage, at: DateTime<Utc>) {
        self.calendar.insert((at, order, stage));
    }

    /// When the next event happens.
    pub(super) fn next_event(&self) -> Option<DateTime<Utc>> {
        self.calendar.first().map(|(at, ..)| *at)
    }

    /// Takes the earliest event.
    pub(super) fn take_event(&mut self) -> Option<(DateTime<Utc>, u64, Stage)> {
        self.calendar.pop_first()
    }

    /// Drops what was planned for an order.
    pub(super) fn unschedule(&mut self, order: u64) {
        self.calendar.retain(|(_, planned, _)| *planned != order);
    }
}
