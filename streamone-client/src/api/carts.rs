//! Carts (v3). Their paths name no account.

use provider_core::{CommandKind, Operation, Result};
use provider_http::RequestSpec;

use super::handle;
use crate::model::{Cart, CartItem, CartItemWrite, CartStatus, CartWrite, Checkout, Order};
use crate::wire::envelope::{self, Listed, OffsetPage};

handle! {
    /// Carts. One order does the same with one call.
    Carts
}

const CARTS: &str = "/api/v3/customers/{customerId}/carts";
const CART: &str = "/api/v3/customers/{customerId}/carts/{cartId}";
const ITEMS: &str = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems";
const ITEM: &str = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}";

fn at(spec: RequestSpec, customer: &str, cart: &str) -> RequestSpec {
    spec.path("customerId", customer).path("cartId", cart)
}

/// Which carts of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CartFilter {
    /// In this state. The service insists on one.
    pub status: CartStatus,
    /// `pagination.filter`, whose syntax is not documented.
    pub page_filter: Option<String>,
    /// Sorted by this member. Which ones the service takes is not documented.
    pub sort_by: Option<String>,
    /// Backwards or forwards; the service's own order when not set.
    pub descending: Option<bool>,
    /// `pagination.userId`.
    pub page_user_id: Option<String>,
}

impl CartFilter {
    /// All carts in this state.
    #[must_use]
    pub const fn new(status: CartStatus) -> Self {
        Self { status, page_filter: None, sort_by: None, descending: None, page_user_id: None }
    }

    /// Sorted by this member, such as `id`.
    #[must_use]
    pub fn sorted_by(mut self, member: impl Into<String>, descending: bool) -> Self {
        self.sort_by = Some(member.into());
        self.descending = Some(descending);
        self
    }
}

impl Carts<'_> {
    /// One page of a customer's carts in one state: `GET /customers/{c}/carts`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list(&self, customer: &str, filter: &CartFilter, page: OffsetPage) -> Result<Listed<Cart>> {
        let order = filter.descending.map(|descending| if descending { "DESC" } else { "ASC" });
        let spec = RequestSpec::get(CARTS)
            .path("customerId", customer)
            .query("status", &filter.status)
            .query("pagination.limit", page.limit)
            .query("pagination.offset", page.offset)
            .query_opt("pagination.filter", filter.page_filter.as_deref())
            .query_opt("pagination.sortBy", filter.sort_by.as_deref())
            .query_opt("pagination.sortOrder", order)
            .query_opt("pagination.userId", filter.page_user_id.as_deref());
        let answer = self.client.send(spec, &self.call).await?;
        envelope::read(self.client.http(), &answer, &self.call, "carts", |cart, _| Ok(cart))
    }

    /// Makes a cart: `POST /customers/{c}/carts`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn create(&self, customer: &str, cart: &CartWrite) -> Result<Cart> {
        let spec = RequestSpec::post(CARTS).path("customerId", customer).json(cart)?;
        self.client.json(spec, &self.call).await
    }

    /// One cart: `GET /customers/{c}/carts/{k}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn get(&self, customer: &str, cart: &str) -> Result<Cart> {
        self.client.json(at(RequestSpec::get(CART), customer, cart), &self.call).await
    }

    /// Changes a cart: `PUT /customers/{c}/carts/{k}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn update(&self, customer: &str, id: &str, cart: &CartWrite) -> Result<Cart> {
        self.client.json(at(RequestSpec::put(CART), customer, id).json(cart)?, &self.call).await
    }

    /// Throws a cart away: `DELETE /customers/{c}/carts/{k}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn delete(&self, customer: &str, cart: &str) -> Result<()> {
        self.client.send(at(RequestSpec::delete(CART), customer, cart), &self.call).await.map(drop)
    }

    /// The items of a cart: `GET /customers/{c}/carts/{k}/cartItems`. The whole list.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn items(&self, customer: &str, cart: &str) -> Result<Listed<CartItem>> {
        let answer = self.client.send(at(RequestSpec::get(ITEMS), customer, cart), &self.call).await?;
        envelope::read(self.client.http(), &answer, &self.call, "cartitems", |item, _| Ok(item))
    }

    /// Puts an item into a cart: `POST /customers/{c}/carts/{k}/cartItems`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn add_item(&self, customer: &str, cart: &str, item: &CartItemWrite) -> Result<CartItem> {
        self.client.json(at(RequestSpec::post(ITEMS), customer, cart).json(item)?, &self.call).await
    }

    /// One item: `GET /customers/{c}/carts/{k}/cartItems/{i}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn item(&self, customer: &str, cart: &str, item: &str) -> Result<CartItem> {
        let spec = at(RequestSpec::get(ITEM), customer, cart).path("itemId", item);
        self.client.json(spec, &self.call).await
    }

    /// Changes an item: `PUT /customers/{c}/carts/{k}/cartItems/{i}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn update_item(
        &self,
        customer: &str,
        cart: &str,
        id: &str,
        item: &CartItemWrite,
    ) -> Result<CartItem> {
        let spec = at(RequestSpec::put(ITEM), customer, cart).path("itemId", id).json(item)?;
        self.client.json(spec, &self.call).await
    }

    /// Takes an item out: `DELETE /customers/{c}/carts/{k}/cartItems/{i}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn remove_item(&self, customer: &str, cart: &str, item: &str) -> Result<()> {
        let spec = at(RequestSpec::delete(ITEM), customer, cart).path("itemId", item);
        self.client.send(spec, &self.call).await.map(drop)
    }

    /// Turns a cart into an order: `POST /customers/{c}/carts/{k}:checkout`. It buys; sent once.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn checkout(&self, customer: &str, cart: &str, checkout: &Checkout) -> Result<Order> {
        let spec =
            at(RequestSpec::post("/api/v3/customers/{customerId}/carts/{cartId}:checkout"), customer, cart)
                .json(checkout)?
                .operation(Operation::Execute(CommandKind::PlaceOrder));
        self.client.json(spec, &self.call).await
    }
}
