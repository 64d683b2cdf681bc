//! Crayon Cloud-iQ, Pax8 and TD SYNNEX StreamOne ION on loopback: with state, seeded data, faults on demand and a record of
//! every request.
//!
//! Point any client at it by base URL; nothing else has to know that it is no distributor:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use provider_simulator::{FaultAction, FaultRule, Simulator};
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
//! - [`Simulator::builder`] sets the seed, the number of customers, the ports, the time and the latency: the same seed
//!   gives the same ids, names and prices, and a [`SimClock`] that stands still moves only when it is told to.
//! - A [`Handle`] is what a test holds of one distributor: its credentials, [`Handle::faults`] to spoil answers,
//!   [`Handle::requests`] and [`Handle::count`] to see what was sent, and the switches of that distributor for what its
//!   documentation leaves open.
//! - [`Simulator::env`] answers the variables that point the clients of this workspace at it.
//! - It knows the wire from the distributors' documentation, never from a client, and refuses what the reference does not
//!   list: an unknown query parameter, a member of the wrong type, a missing header. [`Handle::refused`] tells what.
//!   Started [`lenient`](SimulatorBuilder::lenient) it ignores unknown names as the live services do:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use provider_simulator::Simulator;
//!
//! let sim = Simulator::builder().seed(7).customers(3).lenient().start().await?;
//! assert!(sim.crayon().refused().is_empty());
//! # Ok(())
//! # }
//! ```

mod builder;
mod crayon;
mod engine;
mod pax8;
pub mod streamone;

use std::io;

pub use builder::SimulatorBuilder;
pub use crayon::SubscriptionEdit as CrayonSubscriptionEdit;
pub use crayon::{Casing, Crayon, CrayonSeed, ErrorForm, ListEnvelope, LoginFailure, PlacedOrder, TermField};
pub use engine::clock::SimClock;
pub use engine::faults::{FaultAction, FaultId, FaultRule, Faults, Rewriter};
pub use engine::handle::Handle;
pub use engine::refusal::{Refusal, RefusedPart};
pub use engine::requests::RecordedRequest;
pub use pax8::{CommitmentKey, InvoiceItem, Pax8, SubscriptionEdit};
pub use streamone::StreamOne;

use engine::server::Server;

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

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
