//! What tests hold of the StreamOne side: credentials, switches, counters.

use std::time::Duration;

use chrono::TimeDelta;

use super::access::tokens::{ExchangeOutcome, TokenExchange};
use super::engine::presentation::{EnumCase, NumberStyle};
use super::purchase::fulfilment::{release, settle};
use super::purchase::record::Order;
use super::state::{State, StreamOne};
use crate::engine::handle::Handle;
use crate::engine::lock::lock;

/// An order as a test sees it, whatever the wire says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderView {
    /// The order's id.
    pub id: String,
    /// The customer's id.
    pub customer: String,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// `NEW`, `CONFIRMED`, `ON_HOLD`, `IN_PROGRESS`, `COMPLETED`, `ERROR` or `CANCELED`.
    pub status: &'static str,
    /// Provider ids of the subscriptions that its items made or changed.
    pub resources: Vec<String>,
}

impl Handle<StreamOne> {
    /// The state, with orders brought up to the simulated present.
    fn present<T>(&self, read: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.world.state);
        settle(&mut state, self.frame.clock.now());
        read(&mut state)
    }

    /// The account that the token belongs to.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.world.account_id
    }

    /// The last refresh token of the first chain, the one an operator would configure. It changes with every use.
    #[must_use]
    pub fn refresh_token(&self) -> String {
        self.present(|state| state.tokens.first_chain().to_owned())
    }

    /// Requests new credentials in the portal: the first token of a new chain.
    #[must_use]
    pub fn issue_refresh_token(&self) -> String {
        self.issue_credentials().1
    }

    /// Requests new credentials in the portal, which shows a live access token and a refresh token, in this order.
    #[must_use]
    pub fn issue_credentials(&self) -> (String, String) {
        let now = self.frame.clock.now();
        let issued = self.present(|state| state.tokens.start_chain(now));
        (issued.access_token, issued.refresh_token)
    }

    /// Ends every access token issued so far: a call with one is answered 401. Refresh tokens stay as they are.
    pub fn expire_access_tokens(&self) {
        self.present(|state| state.tokens.expire_access_tokens());
    }

    /// Whether an exchange of this refresh token would succeed now.
    #[must_use]
    pub fn is_current(&self, refresh_token: &str) -> bool {
        let now = self.frame.clock.now();
        self.present(|state| state.tokens.is_current(refresh_token, now))
    }

    /// Whether a second use of a spent refresh token ends its whole chain, access tokens included. Default: no.
    pub fn set_reuse_revokes_family(&self, revokes: bool) {
        self.present(|state| state.tokens.set_reuse_revokes_family(revokes));
    }

    /// Whether new credentials in the portal end the chains issued before. The vendor does not say; default: no.
    pub fn set_reissue_ends_chains(&self, ends: bool) {
        self.present(|state| state.tokens.set_reissue_ends_chains(ends));
    }

    /// How many refresh tokens were exchanged for a successor.
    #[must_use]
    pub fn rotations(&self) -> u64 {
        self.present(|state| state.tokens.count(ExchangeOutcome::Rotated))
    }

    /// How often a spent refresh token was presented again.
    #[must_use]
    pub fn replays(&self) -> u64 {
        self.present(|state| state.tokens.count(ExchangeOutcome::Replayed))
    }

    /// Everything that was presented at the token endpoint, oldest first, by hash.
    #[must_use]
    pub fn exchanges(&self) -> Vec<TokenExchange> {
        self.present(|state| state.tokens.history().to_vec())
    }

    /// The key of the v1 interface.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.world.api_key
    }

    /// The example secret of the v1 interface.
    #[must_use]
    pub fn api_secret(&self) -> &str {
        &self.world.api_secret
    }

    /// Takes a right from the user's role: v3 paths (below `/api/v3`) that fit `pattern` answer 403. `*` stands for any
    /// text.
    pub fn deny(&self, pattern: &str) {
        self.present(|state| state.denied.push(pattern.to_owned()));
    }

    /// Gives the role all rights back.
    pub fn allow_all(&self) {
        self.present(|state| state.denied.clear());
    }

    /// When an accepted order becomes `CONFIRMED`, `IN_PROGRESS` and `COMPLETED` or `ERROR`, counted from its creation on
    /// the simulated clock. Default 1, 2 and 4 seconds. Orders accepted before keep their plan.
    pub fn set_order_delays(&self, confirmed: Duration, started: Duration, finished: Duration) {
        let delta = |delay| TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX / 4);
        self.present(|state| {
            state.settings.order_confirmed_after = delta(confirmed);
            state.settings.order_started_after = delta(started);
            state.settings.order_finished_after = delta(finished);
        });
    }

    /// Whether new orders wait as `ON_HOLD` until [`release_orders`](Self::release_orders).
    pub fn hold_orders(&self, hold: bool) {
        self.present(|state| state.orders.hold_new = hold);
    }

    /// Lets every order on hold go on.
    pub fn release_orders(&self) {
        let now = self.frame.clock.now();
        self.present(|state| release(state, now));
    }

    /// Makes the next order that finishes end in `ERROR` with this provisioning error. Calls add up.
    pub fn fail_next_order(&self, code: &str, detail: &str) {
        self.present(|state| {
            state.orders.failures.push_back((code.to_owned(), detail.to_owned()));
        });
    }

    /// How long a finished change stays invisible in reads that do not say `refresh=true`. Default none.
    pub fn set_provider_lag(&self, lag: Duration) {
        self.present(|state| {
            state.settings.provider_lag = TimeDelta::from_std(lag).unwrap_or(TimeDelta::MAX / 4);
        });
    }

    /// The largest page that lists paged by token (default 1,000) and by offset (default 5,000) answer; more is cut.
    pub fn set_largest_page(&self, by_token: usize, by_offset: usize) {
        self.present(|state| {
            state.settings.largest_page = by_token.max(1);
            state.settings.largest_offset_page = by_offset.max(1);
        });
    }

    /// Whether subscription lists without `pagination.sortBy` start elsewhere on every call. Default: no.
    pub fn set_unstable_order(&self, unstable: bool) {
        self.present(|state| state.settings.unstable_order = unstable);
    }

    /// How ids, counts and quantities are written.
    pub fn set_number_style(&self, style: NumberStyle) {
        self.present(|state| state.settings.presentation.numbers = style);
    }

    /// How enumerated words are written.
    pub fn set_enum_case(&self, case: EnumCase) {
        self.present(|state| state.settings.presentation.case = case);
    }

    /// Whether empty texts and lists are written out (`"nextPageToken":""`) instead of being left out. Default: left out.
    pub fn set_write_empties(&self, write: bool) {
        self.present(|state| state.settings.presentation.empties = write);
    }

    /// Every order of the account, by id.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderView> {
        self.present(|state| {
            let view = |order: &Order| OrderView {
                id: order.id.to_string(),
                customer: order.customer.to_string(),
                reference: order.reference.clone(),
                status: order.status,
                resources: order.items.iter().filter_map(|item| item.resource_id.clone()).collect(),
            };
            state.orders.all().map(view).collect()
        })
    }

    /// How many customers the account has.
    #[must_use]
    pub fn customer_count(&self) -> usize {
        self.present(|state| state.customers.len())
    }

    /// How many subscriptions the account has, ended ones included.
    #[must_use]
    pub fn subscription_count(&self) -> usize {
        self.present(|state| state.subscriptions.len())
    }

    /// The seats, the status and the renewal setting that the provider has for a subscription, by its provider id.
    #[must_use]
    pub fn subscription(&self, resource_id: &str) -> Option<(u32, &'static str, bool)> {
        self.present(|state| {
            let live = &state.subscriptions.by_resource(resource_id)?.live;
            Some((live.quantity, live.status, live.auto_renew))
        })
    }
}
