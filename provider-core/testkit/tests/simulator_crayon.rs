//! The Crayon Cloud-iQ side of the simulator, call by call: statuses, bodies, rules and refusals.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod simulator_wire;

#[path = "simulator_crayon/accounts.rs"]
mod accounts;
#[path = "simulator_crayon/billing.rs"]
mod billing;
#[path = "simulator_crayon/catalog.rs"]
mod catalog;
#[path = "simulator_crayon/changes.rs"]
mod changes;
#[path = "simulator_crayon/departures.rs"]
mod departures;
#[path = "simulator_crayon/desk.rs"]
mod desk;
#[path = "simulator_crayon/login.rs"]
mod login;
#[path = "simulator_crayon/orders.rs"]
mod orders;
#[path = "simulator_crayon/schema.rs"]
mod schema;
#[path = "simulator_crayon/subscriptions.rs"]
mod subscriptions;
#[path = "simulator_crayon/tenants.rs"]
mod tenants;
#[path = "simulator_crayon/typed.rs"]
mod typed;
#[path = "simulator_crayon/usage.rs"]
mod usage;
