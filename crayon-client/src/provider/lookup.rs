//! What other calls need to know first: organizations, publisher, invoice profile, ids as numbers.

use std::fmt::Display;
use std::sync::Arc;

use provider_core::{CustomerId, Error, ErrorKind, OrganizationId, Result, Violation};

use super::CrayonProvider;
use super::listing::List;
use crate::client::CrayonClient;
use crate::config::variable;
use crate::model::{InvoiceProfileQuery, Organization, PublisherQuery, SearchQuery};
use crate::wire::Paging;

/// Microsoft's id in the vendor's documents, for a service that does not list it.
const MICROSOFT: i64 = 2;
const PAGE: u32 = 100;

/// All organizations that the user may see.
pub(crate) async fn organizations(client: &CrayonClient) -> Result<Vec<Organization>> {
    let mut paging = Paging::first(PAGE);
    let mut found: Vec<Organization> = Vec::new();
    loop {
        let page = client.organizations().list(&SearchQuery::default(), paging).await?;
        let got = page.items.len();
        let fresh: Vec<_> =
            page.items.into_iter().filter(|item| !found.iter().any(|known| known.id == item.id)).collect();
        let any = !fresh.is_empty();
        found.extend(fresh);
        let more = match page.total_hits {
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

/// An id as the number that Cloud-iQ uses. Nothing is sent for one that cannot exist.
pub(super) fn number(field: &str, id: impl Display) -> Result<i64> {
    let text = id.to_string();
    match text.trim().parse::<i64>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Error::invalid_input(
            field,
            format!("`{}` is no id of Cloud-iQ, which are whole numbers", text.escape_debug()),
        )),
    }
}

/// Something that does not exist, or that this user may not see, is named by the field that named it.
pub(super) fn missing(field: &str, error: Error) -> Error {
    if error.kind() != ErrorKind::NotFound || !error.violations().is_empty() {
        return error;
    }
    let problem = "Cloud-iQ knows none of this id, or this user may not see it";
    error.with_message(format!("{field}: {problem}")).with_violation(Violation::new(field, problem))
}

impl CrayonProvider {
    /// The organizations that the user may see. Found with the first call, and kept.
    pub(super) async fn organizations(&self, client: &CrayonClient) -> Result<Arc<[Organization]>> {
        self.found
            .get_or_try_init(|| async {
                let found = organizations(client).await?;
                if found.is_empty() {
                    return Err(Error::new(
                        ErrorKind::PermissionDenied,
                        format!(
                            "the user of {} may see no organization: grant it access in the Cloud-iQ portal under Manage > Users",
                            variable::USERNAME
                        ),
                    )
                    .with_provider("crayon")
                    .for_read());
                }
                Ok(found.into())
            })
            .await
            .cloned()
    }

    /// The ids of the organizations that this connection works in.
    pub(super) async fn organization_ids(&self, client: &CrayonClient) -> Result<Vec<i64>> {
        match self.organization {
            Some(id) => Ok(vec![id]),
            None => {
                Ok(self.organizations(client).await?.iter().map(|organization| organization.id).collect())
            }
        }
    }

    /// The lists of a listing: one for each organization, or the one that is asked for.
    pub(super) async fn lists(
        &self,
        client: &CrayonClient,
        wanted: Option<&OrganizationId>,
    ) -> Result<Vec<List>> {
        let ids = match wanted {
            Some(id) => vec![self.known_organization(client, id).await?],
            None => self.organization_ids(client).await?,
        };
        Ok(ids.into_iter().map(|id| List { key: id.to_string(), organization: id }).collect())
    }

    /// An organization that somebody named, if this connection works in it.
    pub(super) async fn known_organization(&self, client: &CrayonClient, id: &OrganizationId) -> Result<i64> {
        let number = number("organization", id)?;
        let known = self.organization_ids(client).await?;
        if known.contains(&number) {
            return Ok(number);
        }
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        Err(Error::invalid_input(
            "organization",
            format!(
                "{number} is not an organization of this connection, which works in {}",
                known.join(", ")
            ),
        ))
    }

    /// Refuses a record of another organization than the one that this connection is set up for.
    pub(super) fn within(&self, field: &str, organization: Option<i64>) -> Result<()> {
        match (self.organization, organization) {
            (Some(own), Some(other)) if own != other => Err(Error::invalid_input(
                field,
                format!("belongs to organization {other}; this connection works in {own}"),
            )),
            _ => Ok(()),
        }
    }

    /// The number of a customer that this connection may change.
    pub(super) async fn own_customer(&self, client: &CrayonClient, id: &CustomerId) -> Result<i64> {
        let number = number("customer", id)?;
        if self.organization.is_some() {
            let tenant = client.customer_tenants().get(number).await?;
            self.within("customer", tenant.organization.map(|organization| organization.id))?;
        }
        Ok(number)
    }

    /// The organization that will own a new customer.
    pub(super) async fn owner(&self, client: &CrayonClient, wanted: Option<&OrganizationId>) -> Result<i64> {
        if let Some(id) = wanted {
            return self.known_organization(client, id).await;
        }
        match self.organization_ids(client).await?.as_slice() {
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

    /// Microsoft's id at Cloud-iQ.
    pub(super) async fn microsoft(&self, client: &CrayonClient) -> Result<i64> {
        let id = self.microsoft.get_or_try_init(|| async {
            let query = PublisherQuery { names: vec!["Microsoft".to_owned()], ..Default::default() };
            let found = client.publishers().list(&query, Paging::first(PAGE)).await?;
            let named =
                |name: &Option<String>| name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case("microsoft"));
            Ok::<_, Error>(found.into_iter().find(|p| named(&p.name)).map_or(MICROSOFT, |p| p.id))
        });
        id.await.copied()
    }

    /// The only invoice profile of an organization, for a customer that names none.
    pub(super) async fn only_invoice_profile(&self, client: &CrayonClient, organization: i64) -> Result<i64> {
        let query = InvoiceProfileQuery { organization_id: Some(organization), ..Default::default() };
        let found = client.invoice_profiles().list(&query, Paging::first(PAGE)).await?;
        match found.items.as_slice() {
            [only] => Ok(only.id),
            several => {
                let known: Vec<String> = several
                    .iter()
                    .map(|profile| {
                        format!("{} ({})", profile.id, profile.name.as_deref().unwrap_or_default())
                    })
                    .collect();
                Err(Error::invalid_input(
                    "invoice_profile",
                    format!("is needed: organization {organization} has {}", known.join(", ")),
                ))
            }
        }
    }
}
