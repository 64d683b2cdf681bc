//! What a run decides: pure functions of what was read. The engine carries out what they say.

pub(crate) mod base;
pub(crate) mod breaker;
pub(crate) mod command;
pub(crate) mod evidence;
pub(crate) mod map;
pub(crate) mod matching;
pub(crate) mod merge;
pub(crate) mod push;
pub(crate) mod row;
pub(crate) mod setting;
