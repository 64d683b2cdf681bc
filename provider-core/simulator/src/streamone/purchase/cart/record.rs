//! Carts: the records and the store.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::streamone::catalog::record::{Period, Plan, Product, Sku};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::wire::{double, maybe, merge};

/// How a cart or item is paid.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) kind: String,
    pub(crate) card: Option<String>,
}

impl Default for Payment {
    fn default() -> Self {
        Self { kind: "OFFLINE".to_owned(), card: None }
    }
}

impl Payment {
    pub(crate) fn json(&self) -> Value {
        json!({"paymentType": self.kind, "creditCardName": maybe(self.card.as_deref())})
    }
}

/// An add-on of a cart item.
#[derive(Clone, Debug)]
pub(crate) struct CartAddOn {
    pub(crate) plan: String,
    pub(crate) display_name: String,
}

#[derive(Clone, Debug)]
pub(crate) struct CartItem {
    pub(crate) id: u64,
    pub(crate) plan_name: String,
    pub(crate) product: String,
    pub(crate) sku: String,
    pub(crate) plan: String,
    pub(crate) title: String,
    pub(crate) period: Period,
    pub(crate) price: Decimal,
    pub(crate) quantity: u32,
    pub(crate) payment: Payment,
    pub(crate) add_ons: Vec<CartAddOn>,
    pub(crate) checked_out: bool,
}

impl CartItem {
    pub(crate) fn new(id: u64, plan_name: &str, product: &Product, sku: &Sku, plan: &Plan) -> Self {
        Self {
            id,
            plan_name: plan_name.to_owned(),
            product: product.id.clone(),
            sku: sku.id.clone(),
            plan: plan.id.clone(),
            title: sku.display_name.clone(),
            period: plan.period,
            price: plan.list,
            quantity: 1,
            payment: Payment::default(),
            add_ons: Vec::new(),
            checked_out: false,
        }
    }

    /// The record; an amount of zero has no `value`.
    pub(crate) fn json(&self, cart: &Cart, owner: u64) -> Value {
        let amount = |amount: Decimal| {
            let mut money = json!({"currency": CURRENCY});
            if !amount.is_zero() {
                merge(&mut money, json!({"value": double(amount)}));
            }
            money
        };
        let (upfront, recurring, period) = match self.period {
            Period::OneTime => (self.price, Decimal::ZERO, "ONE_TIME"),
            Period::Monthly => (Decimal::ZERO, self.price, "MONTH"),
            Period::Annual => (Decimal::ZERO, self.price, "YEAR"),
        };
        let add_ons: Vec<Value> = self
            .add_ons
            .iter()
            .map(|line| {
                json!({
                    "planId": line.plan,
                    "displayName": line.display_name,
                    "quantity": self.quantity,
                    "quantitySpec": {"minQuantity": 1, "maxQuantity": 10_000},
                })
            })
            .collect();
        json!({
            "name": format!("{}/cartItems/{}", cart.name(), self.id),
            "cartName": cart.name(),
            "userName": maybe(cart.user_name.as_deref()),
            "title": self.title,
            "planName": self.plan_name,
            "period": period,
            "status": if self.checked_out { "ACTIVE" } else { "DRAFT" },
            "payment": self.payment.json(),
            "quantity": self.quantity,
            "upfrontPrice": amount(upfront),
            "recurringPrice": amount(recurring),
            "addOns": add_ons,
            "currencyCode": CURRENCY,
            "paymentSpec": {"offlineAllowed": true, "creditCardsAllowed": false, "immutable": false},
            "checkedOut": if self.checked_out { "SUCCESS" } else { "UNSPECIFIED" },
            "ownerId": owner.to_string(),
            "productType": "PRODUCT",
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Cart {
    pub(crate) id: u64,
    pub(crate) customer: u64,
    pub(crate) display_name: Option<String>,
    pub(crate) user_name: Option<String>,
    pub(crate) payment: Payment,
    pub(crate) status: String,
    pub(crate) currency: String,
    pub(crate) items: Vec<CartItem>,
}

impl Cart {
    /// The resource name; carts live below the customer without an account.
    pub(crate) fn name(&self) -> String {
        format!("customers/{}/carts/{}", self.customer, self.id)
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "name": self.name(),
            "cartDisplayName": maybe(self.display_name.as_deref()),
            "userName": maybe(self.user_name.as_deref()),
            "payment": self.payment.json(),
            "status": self.status,
            "currencyCode": self.currency,
        })
    }

    /// A cart that was checked out does not change any more.
    pub(crate) fn check_open(&self) -> Result<(), Problem> {
        if self.status == "CHECKED_OUT" {
            let message = format!("BAD_REQUEST: cart {} is checked out", self.id);
            return Err(Problem::bad_request(message));
        }
        Ok(())
    }
}

/// All carts, by id.
#[derive(Debug, Default)]
pub(crate) struct Carts {
    by_id: BTreeMap<u64, Cart>,
}

impl Carts {
    /// The cart that a path names by customer and id.
    pub(crate) fn find(&self, (customer, id): (u64, &str)) -> Result<&Cart, Problem> {
        let found = id.parse().ok().and_then(|id| self.by_id.get(&id));
        found
            .filter(|cart| cart.customer == customer)
            .ok_or_else(|| Problem::not_found(&format!("customers/{customer}/carts/{id}")))
    }

    /// The same cart, to change it.
    pub(crate) fn find_mut(&mut self, at: (u64, &str)) -> Result<&mut Cart, Problem> {
        let id = self.find(at)?.id;
        self.by_id.get_mut(&id).ok_or_else(|| Problem::not_found(&format!("customers/{}/carts/{id}", at.0)))
    }

    pub(crate) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &Cart> {
        self.by_id.values().filter(move |cart| cart.customer == customer)
    }

    pub(crate) fn insert(&mut self, cart: Cart) {
        self.by_id.insert(cart.id, cart);
    }

    pub(crate) fn remove(&mut self, id: u64) {
        self.by_id.remove(&id);
    }
}
