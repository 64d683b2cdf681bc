//! What the three distributors have in common: a server, the gate in front of it, faults, records, time.
//!
//! # Where things are
//!
//! Every distributor has the same modules:
//!
//! - `engine/` is what its calls have in common. It knows no resource.
//! - `access`, `catalog`, `customer`, `subscription`, `purchase` and `billing` are its resources. In each `record.rs` is what
//!   is kept, `body.rs` how it is read, `json.rs` how it is answered, `rules.rs` what the vendor allows, `calls.rs` the
//!   operations; what has a subject of its own has a file of its own. Records know neither the state nor a call.
//! - `state.rs` is composed of the resources' records. `seed.rs` fills it, `routes.rs` names every call, `handle.rs` is what
//!   tests hold; calls, routes and handle stand above the state.
//!
//! # How a distributor is written
//!
//! - `D: Distributor` is its state. `D::seeded(&Setup)` makes it; `D::routes(handle)` is an axum `Router` whose state is
//!   `Handle<D>`: `handle.world` is the `D`, `handle.frame` the `Frame`. Both are behind `Arc`; `D` does its own locking
//!   (`lock::lock`). What only tests need is an `impl Handle<D>` with `pub fn`s, in `handle.rs`.
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

pub(crate) mod answer;
pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod faults;
pub(crate) mod frame;
pub(crate) mod gate;
pub(crate) mod handle;
pub(crate) mod latency;
pub(crate) mod lock;
pub(crate) mod paging;
pub(crate) mod prng;
pub(crate) mod rate;
pub(crate) mod refusal;
pub(crate) mod requests;
pub(crate) mod server;
pub(crate) mod strict;
pub(crate) mod tokens;
pub(crate) mod torn;
