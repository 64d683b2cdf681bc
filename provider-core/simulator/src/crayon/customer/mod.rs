//! Customer tenants, the consumers of what they buy, and their accounts at other clouds.

pub(crate) mod accounts;
pub(crate) mod body;
pub(crate) mod calls;
pub(crate) mod consumers;
pub(crate) mod json;
pub(crate) mod record;
