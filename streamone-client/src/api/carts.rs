//! Carts (v3). Their paths name no account.

use provider_http::RequestSpec;

use crate::client::StreamOneClient;
use crate::model::{Cart, CartItem, CartItemWrite, CartStatus, CartWrite, Checkout, Order};
use crate::wire::envelope::{Listed, OffsetPage};

/// Which carts of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CartFilter {
    /// With this status. The service insists on one.
    pub status: CartStatus,
    /// `pagination.filter`, whose syntax is not documented.
    pub page_filter: Option<String>,
    /// Sorted by this member. Which ones the service takes is not documented.
    pub sort_by: Option<String>,
    /// Backwards or forwards; the service's own order when not set.
    pub descending: Option<bool>,
    /// `pagination.userId`.
    pub page_user_id: Option<String>,
    /// Which page, and how large.
    pub page: OffsetPage,
}

provider_http::setters! {
    CartFilter {
        /// `pagination.filter`, whose syntax is not documented.
        pub page_filter: Option<String>,
        /// `pagination.userId`.
        pub page_user_id: Option<String>,
    }
}

impl CartFilter {
    /// All carts in this status.
    #[must_use]
    pub const fn new(status: CartStatus) -> Self {
        Self {
            status,
            page_filter: None,
            sort_by: None,
            descending: None,
            page_user_id: None,
            page: OffsetPage::DEFAULT,
        }
    }

    /// Asks for this page.
    #[must_use]
    pub const fn page(mut self, page: OffsetPage) -> Self {
        self.page = page;
        self
    }

    /// Sorted by this member, such as `id`.
    #[must_use]
    pub fn sorted_by(mut self, member: impl Into<String>, descending: bool) -> Self {
        self.sort_by = Some(member.into());
        self.descending = Some(descending);
        self
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let order = self.descending.map(|descending| if descending { "DESC" } else { "ASC" });
        spec.query("status", &self.status)
            .query_opt("pagination.filter", self.page_filter.as_deref())
            .query_opt("pagination.sortBy", self.sort_by.as_deref())
            .query_opt("pagination.sortOrder", order)
            .query_opt("pagination.userId", self.page_user_id.as_deref())
    }
}

provider_http::endpoints! {
    client: StreamOneClient;

    /// Carts. One order does the same with one call.
    Carts as carts {
        /// One page of a customer's carts with one status.
        get "/api/v3/customers/{customerId}/carts" => list(customer: &str = "customerId")
            query(filter: CartFilter, page: OffsetPage) -> page Listed<Cart>;

        /// Creates a cart.
        post "/api/v3/customers/{customerId}/carts" => create(customer: &str = "customerId")
            body(cart: &CartWrite) -> written Cart;

        /// One cart.
        get "/api/v3/customers/{customerId}/carts/{cartId}" =>
            get(customer: &str = "customerId", cart: &str = "cartId") -> fetch Cart;

        /// Changes a cart.
        put "/api/v3/customers/{customerId}/carts/{cartId}" =>
            update(customer: &str = "customerId", id: &str = "cartId") body(cart: &CartWrite) -> written Cart;

        /// Deletes a cart.
        delete "/api/v3/customers/{customerId}/carts/{cartId}" =>
            delete(customer: &str = "customerId", cart: &str = "cartId") -> send ();

        /// The items of a cart. The whole list.
        get "/api/v3/customers/{customerId}/carts/{cartId}/cartItems" =>
            items(customer: &str = "customerId", cart: &str = "cartId") -> page Listed<CartItem>;

        /// Puts an item into a cart.
        post "/api/v3/customers/{customerId}/carts/{cartId}/cartItems" =>
            add_item(customer: &str = "customerId", cart: &str = "cartId") body(item: &CartItemWrite)
            -> written CartItem;

        /// One item.
        get "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}" =>
            item(customer: &str = "customerId", cart: &str = "cartId", item: &str = "itemId") -> fetch CartItem;

        /// Changes an item.
        put "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}" =>
            update_item(customer: &str = "customerId", cart: &str = "cartId", id: &str = "itemId")
            body(item: &CartItemWrite) -> written CartItem;

        /// Removes an item.
        delete "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}" =>
            remove_item(customer: &str = "customerId", cart: &str = "cartId", item: &str = "itemId")
            -> send ();

        /// Places the cart as an order. Sent once.
        post "/api/v3/customers/{customerId}/carts/{cartId}:checkout" =>
            checkout(customer: &str = "customerId", cart: &str = "cartId") body(checkout: &Checkout)
            operation(Execute PlaceOrder) -> written Order;
    }
}
