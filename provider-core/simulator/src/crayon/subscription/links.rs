//! Links into the publishers' portals.

use super::record::{OVER, Subscription};
use crate::crayon::engine::call::Outcome;
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::query::{Param, ints};
use crate::crayon::engine::route::{PAGED, get};
use crate::crayon::state::{Call, Route};

const FILTER: &[Param] = &[ints("SubscriptionIds"), ints("ResellerCustomerIds")];

pub(crate) const ROUTES: &[Route] = &[
    get("managementlinks", list).query(FILTER).paged(PAGED),
    get("managementlinks/grouped", list_grouped).query(FILTER).paged(PAGED),
];

fn selected<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Subscription> {
    let subscriptions = call.query.ints("SubscriptionIds");
    let tenants = call.query.ints("ResellerCustomerIds");
    call.state.subscriptions.listed(None).filter(move |row| {
        row.status & OVER == 0
            && (subscriptions.is_empty() || subscriptions.contains(&row.id))
            && (tenants.is_empty() || tenants.contains(&row.tenant))
    })
}

fn link(call: &Call<'_>, tenant: i64) -> Json {
    let row = call.state.tenants.get(&tenant);
    object! {
        "Link": row.map(|row| format!("https://portal.example.com/{}", row.domain())),
        "Text": "Administration portal",
        "ResellerCustomer": row.map(|row| reference(row.id, row.name.clone())),
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    Ok(call.page_of(selected(call), |row| {
        let subscription = reference(row.id, row.display_name(call.state));
        link(call, row.tenant).with("Subscription", subscription)
    }))
}

fn list_grouped(call: &mut Call<'_>) -> Outcome {
    let mut tenants: Vec<i64> = selected(call).map(|row| row.tenant).collect();
    tenants.sort_unstable();
    tenants.dedup();
    Ok(call.page_of(tenants.into_iter(), |tenant| link(call, tenant)))
}
