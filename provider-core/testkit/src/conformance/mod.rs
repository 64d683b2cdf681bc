//! The promises that every [`Provider`] makes, examined one by one.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use std::sync::Arc;
//!
//! use provider_core::{Customer, EntityKind, MemoryProvider};
//! use provider_testkit::conformance::{self, Expectations};
//!
//! let provider = MemoryProvider::new("docs").with_customers([
//!     Customer::new("1", "Example Bakery"),
//!     Customer::new("2", "Example Dental"),
//! ]);
//! let report = conformance::suite(
//!     Arc::new(provider),
//!     Expectations::default().count(EntityKind::Customer, 2).proven([EntityKind::Customer]),
//! )
//! .await;
//! println!("{report}");
//! report.assert();
//! # }
//! ```
//!
//! Each case asserts the behaviour that the capabilities declare, or the typed refusal: `Unsupported`,
//! not sent, without a call. Nothing is skipped silently: what cannot be examined is reported as not
//! applicable, with the reason and what would change it. [`Rule`] lists the promises, [`Expectations`]
//! what the suite can be told: the more, the less stays unexamined.
//!
//! The suite reads, and plans what it is given. It carries commands out only with
//! [`Expectations::allow_writes`]; never point that at a distributor that sends invoices. It needs no
//! async runtime of its own, and measures its patience in real time, so that it works under a runtime
//! whose time is paused.

mod announced;
mod commands;
mod connection;
mod context;
mod cursor;
mod deadline;
mod effect;
mod entity;
mod expectations;
mod fields;
mod filter;
mod gate;
mod get;
mod laws;
mod listed;
mod listing;
mod lost;
mod pages;
mod plan;
mod records;
mod refusal;
mod report;
mod rule;
mod verdict;
mod walk;
mod world;
mod write;

use std::sync::Arc;

use provider_core::{
    CommandKind, Customer, Invoice, InvoiceLine, Operation, Order, Product, Provider, Subscription,
    UsageRecord,
};

pub use expectations::Expectations;
pub use report::{Case, CaseStatus, ConformanceReport};
pub use rule::Rule;

use connection::Identity;
use context::Context;
use world::World;

/// Examines every promise.
pub async fn suite(provider: Arc<dyn Provider>, expectations: Expectations) -> ConformanceReport {
    let ctx = Context::new(Arc::clone(&provider), &expectations);
    let identity = Identity::of(&ctx);
    ctx.case(Rule::VerifyChecks, "", connection::verify(&ctx)).await;
    let world = read(&ctx).await;
    examine(&ctx, &world).await;
    laws::examine(&ctx, &world);
    for kind in CommandKind::ALL {
        Box::pin(refusal::writes(&ctx, &world, kind)).await;
        let subject = Operation::Reconcile(kind).to_string();
        ctx.case(Rule::ReconcileForeign, subject, write::foreign(&ctx, &world, kind)).await;
        let subject = Operation::Plan(kind);
        if provider.capabilities().support(subject).is_supported() {
            ctx.case(Rule::Deadline, subject.to_string(), deadline::plan(&ctx, &world, kind)).await;
        }
    }
    ctx.case(Rule::ReadOnly, "", refusal::read_only(&ctx, &world)).await;
    Box::pin(plan::all(&ctx, &world)).await;
    Box::pin(fields::writable(&ctx)).await;
    for kind in CommandKind::ALL {
        let subject = Operation::Execute(kind).to_string();
        ctx.case(Rule::ExecuteInvalid, subject, write::invalid(&ctx, &world, kind)).await;
    }
    Box::pin(write::all(&ctx, &world)).await;
    Box::pin(lost::all(&ctx)).await;
    ctx.case(Rule::Close, "", connection::close(&ctx)).await;
    ctx.note(Rule::Stable, "", identity.stable(&ctx));
    conclude(ctx)
}

/// Examines only what holds between the records: that they form one whole. It lists everything once and writes
/// nothing, so that it can be pointed at any connection.
pub async fn laws(provider: Arc<dyn Provider>, expectations: Expectations) -> ConformanceReport {
    let ctx = Context::new(provider, &expectations);
    let world = Box::pin(read(&ctx)).await;
    laws::examine(&ctx, &world);
    conclude(ctx)
}

/// Examines only what happens to repeated, overlapping and lost commands: each command of the
/// expectations is carried out once through [`Journaled`](provider_core::layer::Journaled) with the journal of
/// the expectations. For whoever writes a [`Journal`](provider_core::journal::Journal).
pub async fn replay(provider: Arc<dyn Provider>, expectations: Expectations) -> ConformanceReport {
    let ctx = Context::new(provider, &expectations);
    let world = Box::pin(read(&ctx)).await;
    Box::pin(write::all(&ctx, &world)).await;
    Box::pin(lost::all(&ctx)).await;
    conclude(ctx)
}

fn conclude(ctx: Context<'_>) -> ConformanceReport {
    let errors = ctx.errors();
    ctx.note(Rule::ErrorsNamed, "", connection::named(&ctx, &errors));
    ctx.note(Rule::ErrorsOneLine, "", connection::one_line(&errors));
    ctx.note(Rule::Secrets, "", connection::secrets(&ctx));
    let info = ctx.provider.info().clone();
    ConformanceReport::new(&info, ctx.into_cases())
}

/// Reads all records. Later kinds may have to be listed by what earlier ones are called.
async fn read(ctx: &Context<'_>) -> World {
    let mut world = World::default();
    Box::pin(entity::read::<Customer>(ctx, &mut world)).await;
    Box::pin(entity::read::<Product>(ctx, &mut world)).await;
    Box::pin(entity::read::<Subscription>(ctx, &mut world)).await;
    Box::pin(entity::read::<Order>(ctx, &mut world)).await;
    Box::pin(entity::read::<Invoice>(ctx, &mut world)).await;
    Box::pin(entity::read::<InvoiceLine>(ctx, &mut world)).await;
    Box::pin(entity::read::<UsageRecord>(ctx, &mut world)).await;
    world
}

async fn examine(ctx: &Context<'_>, world: &World) {
    Box::pin(entity::examine::<Customer>(ctx, world)).await;
    Box::pin(entity::examine::<Product>(ctx, world)).await;
    Box::pin(entity::examine::<Subscription>(ctx, world)).await;
    Box::pin(entity::examine::<Order>(ctx, world)).await;
    Box::pin(entity::examine::<Invoice>(ctx, world)).await;
    Box::pin(entity::examine::<InvoiceLine>(ctx, world)).await;
    Box::pin(entity::examine::<UsageRecord>(ctx, world)).await;
}
