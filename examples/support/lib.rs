//! What the examples share: which connections to use, where what must survive is kept, and how to end.
//!
//! With no provider variable in the environment every example runs against the embedded simulator, and
//! says so on stderr. Otherwise it uses the connections that the variables describe.

mod connections;
mod exit;
mod kind;
mod out_file;
mod person;
mod store;
mod tokens;
mod variables;

pub use connections::Connections;
pub use exit::{Exit, Failure};
pub use kind::Kind;
pub use out_file::OutFile;
pub use person::{settlement, this_person};
pub use store::StorePlace;
pub use variables::Variables;

/// The samples of the README and the guides are compiled and run as tests of this package.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../README.md")]
    struct Readme;

    #[doc = include_str!("../../docs/getting-started.md")]
    struct GettingStarted;

    #[doc = include_str!("../../docs/settings.md")]
    struct Settings;

    #[doc = include_str!("../../docs/placing-orders.md")]
    struct PlacingOrders;

    #[doc = include_str!("../../docs/performance.md")]
    struct Performance;

    #[doc = include_str!("../../docs/security.md")]
    struct Security;

    #[doc = include_str!("../../docs/reliability.md")]
    struct Reliability;

    #[doc = include_str!("../../docs/writing-a-provider.md")]
    struct WritingAProvider;

    #[doc = include_str!("../../docs/two-way.md")]
    struct TwoWay;

    #[doc = include_str!("../../docs/sync.md")]
    struct Sync;

    #[doc = include_str!("../../docs/reconcile.md")]
    struct Reconcile;

    #[doc = include_str!("../../docs/streamone.md")]
    struct StreamOne;

    #[doc = include_str!("../../docs/pax8.md")]
    struct Pax8;

    #[doc = include_str!("../../docs/crayon.md")]
    struct Crayon;
}
