//! Subscriptions: reading, buying, changing.

use provider_core::Result;
use provider_http::Answer;

use crate::client::CrayonClient;
use crate::model::{
    ActivationLink, AddOnOffer, BusinessResult, CoterminositySubscriptions, ImmediateChangeOption, Money,
    NamedPriceType, NewAddOn, NewCommerceOrder, NewCommerceOrderResult, NewSubscription,
    NextTermInstructions, Subscription, SubscriptionConversion, SubscriptionFilter, SubscriptionTags,
    SubscriptionTransition, SubscriptionTransitionEligibility, SubscriptionTransitionResponse,
};
use crate::wire::{Document, Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Subscriptions of end customers.
    Subscriptions as subscriptions {
        /// One page of subscriptions.
        get "/api/v1/Subscriptions" => list() query(query: SubscriptionFilter, paging: Paging) -> list Listed<Subscription>;
        /// One subscription with its commitment and price.
        get "/api/v1/Subscriptions/{id}" => get(id: i64) -> record Subscription;
        /// Buys a legacy offer or an Azure plan directly. New commerce is better ordered with
        /// [`order`](Self::order).
        post "/api/v1/Subscriptions" => create() body(subscription: &NewSubscription) -> record Subscription;
        /// Replaces a subscription: send what [`document`](Self::document) answered, edited.
        put "/api/v1/Subscriptions/{id}" => update(id: i64) body(subscription: &Document) -> record Subscription;
        /// Orders a new commerce product. Refusals come with HTTP 200: look at the result.
        post "/api/v1/Subscriptions/new-commerce-orders" => order() body(order: &NewCommerceOrder) -> record NewCommerceOrderResult;
        /// The subscriptions that an order became; empty until it was carried out.
        get "/api/v1/Subscriptions/new-commerce-orders/{order}" => of_order(order: &str) -> list Listed<i64>;
        /// Sets what changes when the term ends. Refusals come with HTTP 200: look at the result.
        post "/api/v1/Subscriptions/{id}/next-term-instructions" => instruct_next_term(id: i64) body(instructions: &NextTermInstructions) -> record BusinessResult;
        /// The end dates that a new term can be aligned with (coterminosity).
        get "/api/v2/Subscriptions/coterminosity" => coterminosity() with(organization: i64 = "OrganizationId", customer_tenant: i64 = "CustomerTenantId", term_duration: &str = "TermDuration", subscription: Option<i64> = "SubscriptionId") -> record CoterminositySubscriptions;
        /// The end dates that a new term can be aligned with (coterminosity), by the older version.
        get "/api/v1/Subscriptions/coterminosity" => coterminosity_v1() with(organization: i64 = "OrganizationId", customer_tenant: i64 = "CustomerTenantId", term_duration: &str = "TermDuration", subscription: Option<i64> = "SubscriptionId") deprecated("the vendor replaced it: use `coterminosity`") -> record CoterminositySubscriptions;
        /// The terms that a subscription could change to at once; empty when it is no longer sold.
        get "/api/v1/Subscriptions/{id}/term-immediate-change-options" => immediate_change_options(id: i64) -> list Listed<ImmediateChangeOption>;
        /// What one unit of a subscription costs today.
        get "/api/v1/Subscriptions/{id}/price" => price(id: i64) -> record Money;
        /// What a subscription could become: `immediate` or `scheduled`.
        get "/api/v1/Subscriptions/{id}/transition-eligibilities/{eligibility_type}" => transition_eligibilities(id: i64, eligibility_type: &str) -> list Listed<SubscriptionTransitionEligibility>;
        /// What a subscription could become, whichever way. In the vendor's file of 2021; later ones ask for the way.
        get "/api/v1/Subscriptions/{id}/transition-eligibilities" => all_transition_eligibilities(id: i64) -> list Listed<SubscriptionTransitionEligibility>;
        /// The transitions of a subscription to other products, with their steps.
        get "/api/v1/Subscriptions/{id}/transitions" => transitions(id: i64) -> list Listed<SubscriptionTransitionResponse>;
        /// Turns a subscription, or a part of it, into another product.
        post "/api/v1/Subscriptions/{id}/transition" => transition(id: i64) body(transition: &SubscriptionTransition) -> record SubscriptionTransitionResponse;
        /// What a legacy subscription could be converted to.
        get "/api/v1/Subscriptions/{subscription}/conversions" => conversions(subscription: i64) -> list Listed<SubscriptionConversion>;
        /// Converts a legacy subscription.
        post "/api/v1/Subscriptions/{subscription}/conversions" => convert(subscription: i64) body(conversion: &SubscriptionConversion) -> record Subscription;
        /// Add-ons that could be bought.
        get "/api/v1/Subscriptions/{subscription}/addon-offers" => add_on_offers(subscription: i64) -> list Listed<AddOnOffer>;
        /// Buys an add-on.
        post "/api/v1/Subscriptions/{subscription}/addons" => add(subscription: i64) body(add_on: &NewAddOn) -> confirm bool;
        /// The partner's own labels.
        get "/api/v1/Subscriptions/{subscription}/tags" => tags(subscription: i64) -> record SubscriptionTags;
        /// Replaces all labels; those that are `None` are deleted.
        post "/api/v1/Subscriptions/{subscription}/tags" => set_tags(subscription: i64) body(tags: &SubscriptionTags) -> confirm bool;
        /// Deletes all labels.
        delete "/api/v1/Subscriptions/{subscription}/tags" => delete_tags(subscription: i64) -> done ();
        /// Where a subscription is activated.
        get "/api/v1/Subscriptions/{id}/activationlink" => activation_link(id: i64) -> record ActivationLink;
        /// Whether reservations may use a subscription.
        get "/api/v1/Subscriptions/{registered}/subscriptionId/{id}" => is_registered_for_reservations(registered: bool, id: i64) -> flag bool;
        /// Sets whether reservations may use a subscription.
        post "/api/v1/Subscriptions/{registered}/subscriptionId/{id}" => register_for_reservations(registered: bool, id: i64) -> confirm bool;
        /// The price types by name.
        get "/api/v1/Subscriptions/subscriptionpricetypes" => price_types() -> list Listed<NamedPriceType>;
    }
}

impl Subscriptions {
    /// The record as JSON, to be edited and sent back whole.
    ///
    /// `get /api/v1/Subscriptions/{id}`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn document(&self, id: i64) -> Result<Document> {
        self.client.json(subscriptions::get(id)?, &self.call).await
    }

    /// [`update`](Self::update) where the answer may be empty and say by its status that it is.
    pub(crate) async fn replace(&self, id: i64, subscription: &Document) -> Result<Option<Subscription>> {
        self.client.written(subscriptions::update(id, subscription)?, &self.call).await
    }

    /// [`list`](Self::list): the answer before it is decoded.
    pub(crate) async fn list_answer(&self, query: &SubscriptionFilter, paging: Paging) -> Result<Answer> {
        self.client.answer(subscriptions::list(query, paging)?, &self.call).await
    }

    /// [`get`](Self::get): the answer before it is decoded.
    pub(crate) async fn get_answer(&self, id: i64) -> Result<Answer> {
        self.client.answer(subscriptions::get(id)?, &self.call).await
    }
}
