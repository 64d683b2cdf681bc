//! What tests hold of the Crayon side: credentials, switches, records of what was bought.

use std::time::Duration;

use rust_decimal::Decimal;

use super::access::record::FOREIGN_ORGANIZATION;
use super::billing::months;
use super::engine::failure::ErrorForm;
use super::engine::json::Casing;
use super::engine::settings::{ListEnvelope, LoginFailure, Settings, TermField};
use super::purchase::record::Order;
use super::seed::CrayonSeed;
use super::state::{Crayon, State};
use crate::engine::handle::Handle;
use crate::engine::lock::lock;

/// A new-commerce order that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlacedOrder {
    /// The order's GUID.
    pub id: String,
    /// Customer tenant.
    pub tenant: i64,
    /// `ProductId:SkuId`.
    pub part_number: String,
    /// Seats.
    pub quantity: i64,
    /// The subscription it became; `None` while it is being processed.
    pub subscription: Option<i64>,
}

impl Handle<Crayon> {
    /// The client id of the API client.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.world.credentials.client_id
    }

    /// The example secret of the API client.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.world.credentials.client_secret
    }

    /// The name of the API user.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.world.credentials.username
    }

    /// The example password of the API user.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.world.credentials.password
    }

    /// Drops the data and seeds it anew; tokens, switches and counters stay.
    pub fn reseed(&self, seed: &CrayonSeed) {
        let mut state = State::seeded(self.world.seed, self.frame.clock.now(), seed);
        let started = state.started;
        state.directory.add_own_client(&self.world.credentials.client_id, started);
        *lock(&self.world.state) = state;
    }

    fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut lock(&self.world.settings));
    }

    /// Writes the members of every answer in that casing. Resources that are documented in camelCase always are.
    pub fn set_casing(&self, casing: Casing) {
        self.set(|settings| settings.casing = casing);
    }

    /// Wraps lists that way.
    pub fn set_envelope(&self, envelope: ListEnvelope) {
        self.set(|settings| settings.envelope = envelope);
    }

    /// Words errors that way. Errors that never have a body stay without one.
    pub fn set_error_form(&self, form: ErrorForm) {
        self.set(|settings| settings.error_form = form);
    }

    /// Answers refused logins that way.
    pub fn set_login_failure(&self, form: LoginFailure) {
        self.set(|settings| settings.login_failure = form);
    }

    /// Tells the commitment term of product rows there.
    pub fn set_term_field(&self, field: TermField) {
        self.set(|settings| settings.term_field = field);
    }

    /// How long new tokens live on the simulated clock. Default an hour.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.set(|settings| settings.token_lifetime = lifetime);
    }

    /// How long a new-commerce order takes on the simulated clock. Default two seconds.
    pub fn set_order_delay(&self, delay: Duration) {
        self.set(|settings| settings.order_delay = delay);
    }

    /// How long an Azure plan or subscription takes on the simulated clock. Default two seconds.
    pub fn set_azure_delay(&self, delay: Duration) {
        self.set(|settings| settings.azure_delay = delay);
    }

    /// Whether files arrive as ZIP archives, as the service does with large ones. Default no.
    pub fn set_split_files(&self, split: bool) {
        self.set(|settings| settings.split_files = split);
    }

    /// Whether a suspended subscription can be set to active again. The docs contradict themselves; default yes.
    pub fn set_resume_allowed(&self, allowed: bool) {
        self.set(|settings| settings.resume_allowed = allowed);
    }

    /// Moves the simulated clock past the lifetime of every token issued so far.
    ///
    /// Everything else that follows the clock moves too; [`revoke_tokens`](Self::revoke_tokens) leaves it alone.
    pub fn expire_tokens(&self) {
        let lifetime = lock(&self.world.settings).token_lifetime;
        self.frame.clock.advance(lifetime);
    }

    /// Refuses every token issued so far with 401.
    pub fn revoke_tokens(&self) {
        self.world.tokens.revoke_all();
    }

    /// The organizations that the user has access to, the parent first.
    #[must_use]
    pub fn organization_ids(&self) -> Vec<i64> {
        lock(&self.world.state).organizations.iter().map(|organization| organization.id).collect()
    }

    /// An organization that exists, without access for the user.
    #[must_use]
    pub fn foreign_organization_id(&self) -> i64 {
        FOREIGN_ORGANIZATION
    }

    /// The customer tenants, in the order they were made.
    #[must_use]
    pub fn tenant_ids(&self) -> Vec<i64> {
        lock(&self.world.state).tenants.keys().copied().collect()
    }

    /// The new-commerce orders that were accepted, oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<PlacedOrder> {
        let mut state = lock(&self.world.state);
        state.advance(self.frame.clock.now());
        let state = &*state;
        let row = |order: &Order| PlacedOrder {
            id: order.id.clone(),
            tenant: order.tenant,
            part_number: state
                .catalog
                .variant(order.variant)
                .map(|v| v.offering.part_number.to_string())
                .unwrap_or_default(),
            quantity: order.quantity,
            subscription: order.subscription,
        };
        state.orders.rows().iter().map(row).collect()
    }

    /// How often anything was bought, through whichever call: tests count doubled orders with it.
    #[must_use]
    pub fn purchases(&self) -> u64 {
        lock(&self.world.state).orders.count()
    }

    /// Seats and status (as its number) of a subscription.
    #[must_use]
    pub fn subscription(&self, id: i64) -> Option<(i64, i64)> {
        let mut state = lock(&self.world.state);
        state.advance(self.frame.clock.now());
        state.subscriptions.get(id).map(|row| (row.quantity, row.status))
    }

    /// What all statements of the organization so far add up to, in its currency.
    #[must_use]
    pub fn billed(&self, organization: i64) -> Decimal {
        let mut state = lock(&self.world.state);
        months::bill(&mut state, self.frame.clock.now());
        state
            .billing
            .statements
            .iter()
            .filter(|row| row.organization == organization)
            .map(|row| row.total)
            .sum()
    }
}
