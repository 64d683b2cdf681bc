//! What customers hold: subscriptions, their add-ons, tags, changes and renewals; Azure plans.

pub(crate) mod add_ons;
pub(crate) mod azure;
pub(crate) mod body;
pub(crate) mod calls;
pub(crate) mod conversions;
pub(crate) mod coterminosity;
pub(crate) mod edit;
pub(crate) mod json;
pub(crate) mod links;
pub(crate) mod record;
pub(crate) mod renewal;
pub(crate) mod tags;
pub(crate) mod transitions;
pub(crate) mod update;
