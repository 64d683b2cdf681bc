//! The organizations that a connection works in.

use std::collections::HashSet;
use std::sync::Arc;

use provider_core::model::OrganizationId;
use provider_core::{Error, ErrorKind, Result};

use super::Context;
use super::refusal::number;
use crate::client::CrayonClient;
use crate::config::{KIND, variable};
use crate::model::{Organization, SearchFilter};
use crate::wire::Paging;

const PAGE: u32 = 100;

/// All organizations that the user may see.
pub(crate) async fn all(client: &CrayonClient) -> Result<Vec<Organization>> {
    let mut paging = Paging::first(PAGE);
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    loop {
        let page = client.organizations().list(SearchFilter::default().page(paging)).await?;
        let (got, total) = (page.items.len(), page.total_hits);
        let any = add(&mut found, &mut known, page.into_records());
        let more = match total {
            Some(total) => (found.len() as u64) < total,
            None => got == PAGE as usize,
        };
        // A page that brings nothing new ends the list, whatever it declares.
        if !more || !any {
            return Ok(found);
        }
        paging = paging.next();
    }
}

/// Adds those that have not come before, and says whether there were any. A page may be as long as the service likes.
fn add(
    found: &mut Vec<Organization>,
    known: &mut HashSet<i64>,
    page: impl Iterator<Item = Organization>,
) -> bool {
    let before = found.len();
    found.extend(page.filter(|organization| known.insert(organization.id)));
    found.len() > before
}

/// The organizations that the user may see. Found with the first call, and kept.
pub(in crate::provider) async fn visible(cx: &Context) -> Result<Arc<[Organization]>> {
    cx.found
        .organizations
        .get_or_try_init(|| async {
            let found = all(&cx.client).await?;
            if found.is_empty() {
                return Err(Error::new(
                    ErrorKind::PermissionDenied,
                    format!(
                        "the user of {} may see no organization: grant it access in the Cloud-iQ portal under Manage > Users",
                        variable::USERNAME
                    ),
                )
                .with_provider(KIND)
                .for_read());
            }
            Ok(found.into())
        })
        .await
        .cloned()
}

/// The ids of the organizations that this connection works in.
pub(in crate::provider) async fn ids(cx: &Context) -> Result<Vec<i64>> {
    match cx.settings.organization {
        Some(id) => Ok(vec![id]),
        None => Ok(visible(cx).await?.iter().map(|organization| organization.id).collect()),
    }
}

/// An organization that somebody named, if this connection works in it.
pub(in crate::provider) async fn known(cx: &Context, id: &OrganizationId) -> Result<i64> {
    let number = number("organization", id)?;
    let known = ids(cx).await?;
    if known.contains(&number) {
        return Ok(number);
    }
    let known: Vec<String> = known.iter().map(ToString::to_string).collect();
    Err(Error::invalid_input(
        "organization",
        format!("{number} is not an organization of this connection, which works in {}", known.join(", ")),
    ))
}

/// Refuses a record of another organization than the one that this connection is set up for.
pub(in crate::provider) fn within(cx: &Context, field: &str, organization: Option<i64>) -> Result<()> {
    match (cx.settings.organization, organization) {
        (Some(own), Some(other)) if own != other => Err(Error::invalid_input(
            field,
            format!("belongs to organization {other}; this connection works in {own}"),
        )),
        _ => Ok(()),
    }
}

/// The organization that will own a new customer.
pub(in crate::provider) async fn owner(cx: &Context, wanted: Option<&OrganizationId>) -> Result<i64> {
    if let Some(id) = wanted {
        return known(cx, id).await;
    }
    match ids(cx).await?.as_slice() {
        [only] => Ok(*only),
        several => {
            let known: Vec<String> = several.iter().map(ToString::to_string).collect();
            Err(Error::invalid_input(
                "organization",
                format!("name one of {}, or set {}", known.join(", "), variable::ORGANIZATION_ID),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    /// Each was held against all others: a long list took hours.
    #[test]
    fn an_organization_counts_once_however_long_the_list_is() {
        let page = |ids: std::ops::Range<i64>| {
            ids.map(|id| serde_json::from_str(&format!(r#"{{"Id":{},"Name":"x"}}"#, id / 2 + 1)).unwrap())
        };
        let (mut found, mut known) = (Vec::new(), HashSet::new());
        assert!(add(&mut found, &mut known, page(0..100_000)));
        assert!(add(&mut found, &mut known, page(50_000..150_000)));
        assert!(!add(&mut found, &mut known, page(0..150_000)));
        assert_eq!(found.len(), 75_000);
    }
}
