//! Starting a simulator.

use std::io;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::Simulator;
use crate::crayon::Crayon;
use crate::engine::clock::SimClock;
use crate::engine::gate::gated;
use crate::engine::handle::{Distributor, Handle, Setup};
use crate::engine::server::{Bound, Server};
use crate::pax8::Pax8;
use crate::streamone::StreamOne;

/// End customers seeded at each distributor unless told otherwise.
const DEFAULT_CUSTOMERS: usize = 25;

/// Settings of a simulator that is to be started.
#[derive(Clone, Debug)]
#[must_use]
pub struct SimulatorBuilder {
    seed: u64,
    customers: usize,
    port: Option<u16>,
    clock: SimClock,
    lenient: bool,
    latency: Duration,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            seed: 1,
            customers: DEFAULT_CUSTOMERS,
            port: None,
            clock: SimClock::system(),
            lenient: false,
            latency: Duration::ZERO,
        }
    }
}

impl SimulatorBuilder {
    /// The same seed gives the same ids, names, quantities and prices; dates follow the clock, and StreamOne's tokens are
    /// new ones with every start. Default 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many end customers each distributor has. Default 25.
    pub fn customers(mut self, customers: usize) -> Self {
        self.customers = customers;
        self
    }

    /// Serves Crayon at this port, Pax8 at the next and StreamOne at the one after. Without it, or with 0, the ports are
    /// free ones that the system picks, and none that the process has had: clients share what they know of an account by
    /// its address.
    pub fn port(mut self, port: u16) -> Self {
        self.port = (port != 0).then_some(port);
        self
    }

    /// Stops simulated time at `now`; [`SimClock::advance`] moves it. Default: the machine's clock.
    pub fn fixed_time(mut self, now: DateTime<Utc>) -> Self {
        self.clock = SimClock::fixed(now);
        self
    }

    /// How long every answer takes, from the arrival of its request; what it costs to make falls inside of it. Default:
    /// as long as that. [`Handle::set_latency`] sets it for one distributor while it runs.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Ignores what the reference does not list, as the live services do: unknown query parameters, unknown members of a
    /// body, a body where none is expected. Wrong types, missing values and unknown paths are refused all the same.
    ///
    /// By default all of it is refused, so that a misspelt name is found. [`Handle::set_strict`] switches one distributor
    /// while it runs.
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Binds the sockets, seeds the data and starts to answer on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// The error of the system when a port cannot be bound, or when [`port`](Self::port) leaves no room for three.
    pub async fn start(self) -> io::Result<Simulator> {
        let (crayon_server, crayon) = self.launch::<Crayon>(0).await?;
        let (pax8_server, pax8) = self.launch::<Pax8>(1).await?;
        let (streamone_server, streamone) = self.launch::<StreamOne>(2).await?;
        Ok(Simulator {
            crayon,
            pax8,
            streamone,
            clock: self.clock,
            _servers: [crayon_server, pax8_server, streamone_server],
        })
    }

    async fn launch<D: Distributor>(&self, place: u16) -> io::Result<(Server, Handle<D>)> {
        let port = match self.port {
            None => 0,
            Some(first) => first.checked_add(place).ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "three ports are needed, counted up from the given one",
                )
            })?,
        };
        let bound = Bound::loopback(port).await?;
        let handle = Handle::<D>::new(&Setup {
            seed: self.seed,
            customers: self.customers,
            clock: self.clock.clone(),
            base_url: bound.origin(),
        });
        handle.set_strict(!self.lenient);
        handle.set_latency(self.latency);
        let routes = D::routes(handle.clone());
        let server = bound.serve(gated(std::sync::Arc::clone(&handle.frame), routes));
        Ok((server, handle))
    }
}
