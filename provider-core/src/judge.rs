//! What is known of a write whose answer was lost: what was stored of its steps, and what is read afterwards. And
//! [`Walk`], for every list that a provider reads for itself: one that gets nowhere comes to an end.
//!
//! One answer of a server proves little: gateways answer `{}`, a page may be cut short, a copy may lag
//! behind. So a judgement rests on two readings that agree, and in both of them everything that was known
//! before is still there.

mod lines;
mod reading;
mod walk;

pub use lines::LineFate;
pub use reading::{WholeList, agreed_list, agreed_record};
pub use walk::Walk;

pub use crate::reducible::{Reducible, ReducibleUntil};
