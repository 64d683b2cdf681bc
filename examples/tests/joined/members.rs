//! Which member of a typed record is which of the normalised one: written down a second time, by the vendors' words
//! and not by the mappings.

pub(crate) mod crayon;
pub(crate) mod pax8;
pub(crate) mod streamone;

/// What words of a vendor stand for.
type Words = &'static [(&'static str, &'static str)];
