//! Subscriptions and the add-ons inside them.

use futures_util::future::{try_join, try_join_all};
use provider_core::model::Detail;
use provider_core::{
    Error, ItemError, Page, PageRequest, Result, Subscription, SubscriptionId, SubscriptionQuery,
    SubscriptionStatus,
};
use provider_http::Keys;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::context::Context;
use super::context::refusal::number;
use super::page::{self, List, Reader, Yield};
use crate::wire::{Paging, Rows, SECRET_MEMBERS};
use crate::{map, model};

pub(super) async fn list(
    cx: &Context,
    query: &SubscriptionQuery,
    page: &PageRequest,
) -> Result<Page<Subscription>> {
    query.only(&["customer", "status", "organization", "vendor_subscription_id", "search"])?;
    let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
    let trial = (query.status == Some(SubscriptionStatus::Trial)).then_some(true);
    let wanted = query.vendor_subscription_id.as_deref();
    // The subscriptions of one tenant are few enough to look through all of them.
    let searched = wanted.filter(|_| tenant.is_none() && query.search.is_none());
    let filter = model::SubscriptionFilter {
        customer_tenant_id: tenant,
        statuses: Some(statuses(query.status.as_ref())?),
        is_trial: trial,
        search: query.search.clone().or_else(|| searched.map(str::to_owned)),
        ..Default::default()
    };
    let lists = page::lists_of(cx, tenant, query.organization.as_ref()).await?;
    let fits = |subscription: &Subscription| {
        let vendor_fits = wanted.is_none_or(|id| {
            subscription.vendor_subscription_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))
        });
        vendor_fits && query.status.as_ref().is_none_or(|status| *status == subscription.status)
    };
    // What no status of today finds: one count without the filter tells, once for a listing, beside its first page. An
    // add-on in the state that is asked for may stand inside one of these, but no trial does.
    let begins = trial.is_none() && page.cursor.is_none();
    let all = lists.clone();
    let hidden = async { if begins { of_unknown_status(cx, &filter, &all).await } else { Ok(None) } };
    let reader = Reader::new(cx, query, page, lists).nesting();
    let read = reader.read(
        |list, paging| {
            let filter =
                model::SubscriptionFilter { organization_id: Some(list.organization), ..filter.clone() };
            async move { cx.client.subscriptions().list_answer(&filter, paging).await }
        },
        |wire: model::Subscription, raw, _| {
            let (subscription, mut add_ons) =
                map::subscription::subscription(wire, raw, Detail::Summary, cx.settings.currency)?;
            add_ons.retain(|add_on| add_on.as_ref().map_or(true, fits));
            Ok(match (fits(&subscription), add_ons.is_empty()) {
                (true, true) => Yield::One(subscription),
                (true, false) => Yield::Nest(subscription, add_ons),
                (false, true) => Yield::Nothing,
                (false, false) => Yield::Inner(add_ons),
            })
        },
    );
    let (hidden, mut page) = try_join(hidden, read).await?;
    let unread = page.items.iter().any(|item| item.as_ref().is_err_and(holds_add_ons));
    let hidden = hidden
        .or_else(|| searched.map(|_| ADD_ONS_UNSEARCHED.to_owned()))
        .or_else(|| unread.then(|| ADD_ONS_UNREAD.to_owned()));
    page.hidden = hidden.map(Into::into);
    Ok(page)
}

/// Why a search by the publisher's id proves nothing.
const ADD_ONS_UNSEARCHED: &str = "Cloud-iQ's search is known to find subscriptions by name, id and product, not the \
                                  add-ons inside them by the publisher's id; name a customer to look through all";

/// Why a listing with a subscription that cannot be read proves nothing, where others stand inside it.
const ADD_ONS_UNREAD: &str = "a subscription cannot be read, and the add-ons inside it are not listed either";

/// Whether others stand inside a subscription that cannot be read.
fn holds_add_ons(unread: &ItemError) -> bool {
    let record =
        unread.raw.as_ref().and_then(|raw| raw.parse::<Map<String, Value>>().ok()).unwrap_or_default();
    record.iter().any(|(name, inner)| {
        name.eq_ignore_ascii_case("Subscriptions") && inner.as_array().is_some_and(|inner| !inner.is_empty())
    })
}

/// The statuses to ask the service for, as a sum: what it lists without one is not documented, and nothing shall be
/// hidden. An add-on stands inside its subscription, which may be in another status, so all are asked for and told
/// apart here; trials alone are flagged, and add-ons have no such flag.
fn statuses(wanted: Option<&SubscriptionStatus>) -> Result<model::SubscriptionStatus> {
    let Some(wanted) = wanted else { return Ok(model::SubscriptionStatus::ALL) };
    let own = map::subscription::wire_status(wanted).ok_or_else(|| {
        Error::invalid_input("status", format!("Cloud-iQ has no subscriptions that are {wanted}"))
    })?;
    Ok(if *wanted == SubscriptionStatus::Trial { own } else { own | model::SubscriptionStatus::ALL })
}

/// Why a listing may not show everything: more subscriptions are counted without the filter than with it.
async fn of_unknown_status(
    cx: &Context,
    filter: &model::SubscriptionFilter,
    lists: &[List],
) -> Result<Option<String>> {
    let count = |organization: i64, statuses: Option<model::SubscriptionStatus>| {
        let query =
            model::SubscriptionFilter { organization_id: Some(organization), statuses, ..filter.clone() };
        async move {
            let answer = cx.client.subscriptions().list_answer(&query, Paging::first(1)).await?;
            let total = answer.read::<Rows<IgnoredAny>>(Keys::AnyCase)?.beside.total_hits;
            Ok::<_, Error>(total.unwrap_or_default())
        }
    };
    let asked = lists.iter().map(|list| async move {
        let (all, known) =
            try_join(count(list.organization, None), count(list.organization, filter.statuses)).await?;
        Ok::<_, Error>(all.saturating_sub(known))
    });
    let missed = try_join_all(asked).await?.into_iter().fold(0_u64, u64::saturating_add);
    Ok((missed > 0).then(|| {
        format!(
            "{missed} subscriptions have a status that this version does not know, and no filter finds them"
        )
    }))
}

pub(super) async fn get(cx: &Context, id: &SubscriptionId) -> Result<Subscription> {
    let id = number("subscription", id)?;
    let answer = cx.client.subscriptions().get_answer(id).await?;
    let wire: model::Subscription = answer.record(Keys::AnyCase)?;
    let raw = answer.raw(&cx.call(), SECRET_MEMBERS);
    let read =
        answer.listening(|| map::subscription::subscription(wire, raw, Detail::Full, cx.settings.currency));
    read.map(|(subscription, _)| subscription).map_err(|item| answer.unfit(item))
}
