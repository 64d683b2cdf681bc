//! Invoices, their lines, and what they are grouped by.

use provider_core::Result;
use provider_http::Answer;

use crate::client::CrayonClient;
use crate::model::{Grouping, GroupingFilter, Invoice, InvoiceProfile, InvoiceProfileFilter, OrderItem};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Invoice profiles: what invoices are grouped by, with addresses and references.
    InvoiceProfiles as invoice_profiles {
        /// One page of invoice profiles of an organization.
        get "/api/v1/InvoiceProfiles" => list() query(query: InvoiceProfileFilter, paging: Paging) -> list Listed<InvoiceProfile>;
        /// One invoice profile.
        get "/api/v1/InvoiceProfiles/{id}" => get(id: i64) -> record InvoiceProfile;
        /// Creates an invoice profile.
        post "/api/v1/InvoiceProfiles" => create() body(profile: &InvoiceProfile) -> record InvoiceProfile;
        /// Replaces an invoice profile.
        put "/api/v1/InvoiceProfiles/{id}" => update(id: i64) body(profile: &InvoiceProfile) -> record InvoiceProfile;
        /// Deletes an invoice profile.
        delete "/api/v1/InvoiceProfiles/{id}" => delete(id: i64) -> confirm bool;
    }

    /// Invoices of Crayon to the partner.
    Invoices as invoices {
        /// One page of invoices of an organization.
        get "/api/v1/invoices/{organization}" => list(organization: i64) paged(paging: Paging) -> list Listed<Invoice>;
    }

    /// Orders that were invoiced.
    Orders as orders {
        /// The lines of an invoiced order.
        get "/api/v1/orders/{order}/items" => items(order: &str) with(organization: i64 = "organizationId") -> several Listed<OrderItem>;
    }

    /// Ways to group invoice lines.
    Groupings as groupings {
        /// One page of groupings.
        get "/api/v1/Groupings" => list() query(query: GroupingFilter, paging: Paging) -> list Listed<Grouping>;
        /// One grouping.
        get "/api/v1/Groupings/{id}" => get(id: i64) -> record Grouping;
        /// Creates a grouping.
        post "/api/v1/Groupings" => create() body(grouping: &Grouping) -> record Grouping;
        /// Replaces a grouping.
        put "/api/v1/Groupings/{id}" => update(id: i64) body(grouping: &Grouping) -> record Grouping;
        /// Deletes a grouping.
        delete "/api/v1/Groupings/{id}" => delete(id: i64) -> done ();
    }
}

impl Invoices {
    /// [`list`](Self::list): the answer before it is decoded.
    pub(crate) async fn list_answer(&self, organization: i64, paging: Paging) -> Result<Answer> {
        self.client.answer(invoices::list(organization, paging)?, &self.call).await
    }
}

impl Orders {
    /// [`items`](Self::items): the answer before it is decoded.
    pub(crate) async fn items_answer(&self, order: &str, organization: i64) -> Result<Answer> {
        self.client.answer(orders::items(order, organization)?, &self.call).await
    }
}
