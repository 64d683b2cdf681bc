//! What is sold: offerings, price lists, the agreements they belong to, publishers and regions.

pub(crate) mod agreements;
pub(crate) mod body;
pub(crate) mod facets;
pub(crate) mod filter;
pub(crate) mod master_data;
pub(crate) mod offerings;
pub(crate) mod price_list;
pub(crate) mod products;
pub(crate) mod publishers;
pub(crate) mod record;
