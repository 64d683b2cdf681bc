//! The three distributors on loopback: state, seeded data, faults on demand, a record of every request.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use provider_testkit::simulator::{FaultAction, FaultRule, Simulator};
//!
//! let sim = Simulator::start().await?;
//! let pax8 = sim.pax8();
//! pax8.faults()
//!     .add(FaultRule::new("GET", "/v1/companies", FaultAction::Html).once());
//! // Point a client at `pax8.base_url()` with `pax8.client_id()` and `pax8.client_secret()`, then:
//! assert_eq!(pax8.count("GET", "/v1/companies"), 0);
//! # Ok(())
//! # }
//! ```
//!
//! # How a distributor is written
//!
//! - `D: Distributor` is its state. `D::seeded(&Setup)` makes it; `D::routes(handle)` is an axum `Router` whose state is
//!   `Handle<D>`: `handle.world` is the `D`, `handle.frame` the `Frame`. Both are behind `Arc`; `D` does its own locking
//!   (`lock::lock`). What only tests need is an `impl Handle<D>` with `pub fn`s beside the state.
//! - The gate (`gate.rs`) stands around the routes. It records the request, applies faults and the rate limit, brings the
//!   path into the routes' form (`Dialect::routed`) and adds `Date`. Handlers know nothing of it.
//! - `D::DIALECT` says where pages keep rows, totals and cursors, which paths carry credentials, and how a refusal (400)
//!   and a throttled call (429) are worded. Every other error is the distributor's own; `answer::json_answer` makes one.
//!   Handlers return `answer::Answer` (`Result<Response, Stop>`), checks `Result<T, Stop>`; `response.into()` is a `Stop`.
//!   Set `.fallback(..)` and `.method_not_allowed_fallback(..)` on the routes.
//! - Strictness: `Target::new(&method, &uri)` names the request; `Query::read(&frame, &target, &uri, &[names])?`
//!   reads the query and refuses unknown names; `check_members(&frame, &target, at, object, &[names])?` does so
//!   for a JSON object; `frame.refuse(target.refusal(part, name, reason))` for anything else, such as a missing header.
//!   All end in `refused()`. Without strictness unknown names are dropped silently.
//! - `Prng::keyed(seed, "pax8/company", index)` gives one record's values, so that thousands can be made lazily.
//!   `AccessTokens` issues and checks bearer tokens on the simulated clock. `frame.clock.now()` is the only time.

mod answer;
mod builder;
mod clock;
mod connection;
mod crayon;
mod faults;
mod frame;
mod gate;
mod handle;
mod lock;
mod paging;
mod pax8;
mod prng;
mod rate;
mod requests;
mod server;
pub mod streamone;
mod strict;
mod tokens;
mod torn;

use std::io;

pub use builder::SimulatorBuilder;
pub use clock::SimClock;
pub use crayon::{Casing, Crayon, CrayonSeed, Envelope, ErrorForm, LoginFailure, PlacedOrder, TermField};
pub use faults::{FaultAction, FaultId, FaultRule, Faults, Rewriter};
pub use handle::Handle;
pub use pax8::{CommitmentKey, Pax8};
pub use requests::RecordedRequest;
pub use streamone::StreamOne;
pub use strict::{Refusal, RefusedPart};

use server::Server;

/// Crayon Cloud-iQ, Pax8 and StreamOne ION on three loopback ports. Dropping it stops all three.
#[derive(Debug)]
pub struct Simulator {
    crayon: Handle<Crayon>,
    pax8: Handle<Pax8>,
    streamone: Handle<StreamOne>,
    clock: SimClock,
    _servers: [Server; 3],
}

impl Simulator {
    /// Starts a simulator with the default data on free ports.
    ///
    /// # Errors
    ///
    /// The error of the system when no loopback port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings first: seed, number of customers, ports, time.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    /// The Crayon Cloud-iQ side.
    #[must_use]
    pub fn crayon(&self) -> Handle<Crayon> {
        self.crayon.clone()
    }

    /// The Pax8 side.
    #[must_use]
    pub fn pax8(&self) -> Handle<Pax8> {
        self.pax8.clone()
    }

    /// The StreamOne ION side.
    #[must_use]
    pub fn streamone(&self) -> Handle<StreamOne> {
        self.streamone.clone()
    }

    /// The simulated clock.
    #[must_use]
    pub fn clock(&self) -> &SimClock {
        &self.clock
    }

    /// The environment variables that point clients of all three distributors at this simulator.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        let mut variables = self.crayon.env();
        variables.extend(self.pax8.env());
        variables.extend(self.streamone.env());
        variables
    }
}
