//! Whose account is simulated, and how the simulation behaves where the reference leaves it open.

use chrono::TimeDelta;

use super::presentation::Presentation;

/// The person whose credentials are in use; orders and logs name them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
}

pub(crate) const INTEGRATION_USER: User =
    User { id: 77_000, name: "Integration User", email: "api@msp.example.com" };

/// The reseller's own company name.
pub(crate) const PARTNER: &str = "Example MSP";
/// The currency of every price in the simulated account.
pub(crate) const CURRENCY: &str = "USD";

/// How the simulation behaves where the reference leaves it open.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) order_confirmed_after: TimeDelta,
    pub(crate) order_started_after: TimeDelta,
    pub(crate) order_finished_after: TimeDelta,
    /// How long a finished change stays invisible in lists, unless `refresh=true` fetches it.
    pub(crate) provider_lag: TimeDelta,
    /// Largest page of lists paged by token.
    pub(crate) largest_page: usize,
    /// Largest page of lists paged by offset.
    pub(crate) largest_offset_page: usize,
    /// Whether lists without a sort order start elsewhere on every call.
    pub(crate) unstable_order: bool,
    pub(crate) presentation: Presentation,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            order_confirmed_after: TimeDelta::seconds(1),
            order_started_after: TimeDelta::seconds(2),
            order_finished_after: TimeDelta::seconds(4),
            provider_lag: TimeDelta::zero(),
            largest_page: 1_000,
            largest_offset_page: 5_000,
            unstable_order: false,
            presentation: Presentation::default(),
        }
    }
}
