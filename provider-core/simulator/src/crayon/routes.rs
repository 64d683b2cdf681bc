//! Every call of the reference, by resource.

use super::state::Route;
use super::{access, billing, catalog, customer, purchase, subscription};

/// Every call, by resource.
pub(crate) static CALLS: &[&[Route]] = &[
    access::organizations::ROUTES,
    access::users::ROUTES,
    access::clients::ROUTES,
    access::activity::ROUTES,
    catalog::agreements::ROUTES,
    catalog::products::ROUTES,
    catalog::master_data::ROUTES,
    customer::calls::ROUTES,
    customer::consumers::ROUTES,
    customer::accounts::ROUTES,
    subscription::calls::ROUTES,
    subscription::tags::ROUTES,
    subscription::add_ons::ROUTES,
    subscription::coterminosity::ROUTES,
    subscription::azure::ROUTES,
    subscription::transitions::ROUTES,
    subscription::conversions::ROUTES,
    subscription::links::ROUTES,
    purchase::orders::ROUTES,
    purchase::requests::ROUTES,
    purchase::scheduled::ROUTES,
    purchase::assets::ROUTES,
    purchase::containers::ROUTES,
    purchase::vendor_orders::ROUTES,
    billing::profiles::ROUTES,
    billing::statements::ROUTES,
    billing::usage::ROUTES,
    billing::usage_files::ROUTES,
    billing::groupings::ROUTES,
    billing::exports::ROUTES,
    billing::resale::ROUTES,
];
