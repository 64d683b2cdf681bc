//! What lists can be sorted by.

use std::fmt;

use provider_http::Written;

/// A field and a direction, written `field,asc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sort<F> {
    field: F,
    descending: bool,
}

impl<F> Sort<F> {
    /// In ascending order.
    #[must_use]
    pub const fn ascending(field: F) -> Self {
        Self { field, descending: false }
    }

    /// In descending order.
    #[must_use]
    pub const fn descending(field: F) -> Self {
        Self { field, descending: true }
    }
}

impl<F: fmt::Display> fmt::Display for Sort<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.field, if self.descending { "desc" } else { "asc" })
    }
}

impl<F: fmt::Display> Written for Sort<F> {
    fn written(&self) -> String {
        self.to_string()
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)+ })
            }
        }
    )+};
}

fields! {
    /// What companies are sorted by.
    CompanyField {
        Name = "name",
        City = "city",
        Country = "country",
        StateOrProvince = "stateOrProvince",
        PostalCode = "postalCode",
    }
    /// What products are sorted by.
    ProductField {
        Name = "name",
        Vendor = "vendor",
    }
    /// What subscriptions are sorted by.
    SubscriptionField {
        Quantity = "quantity",
        StartDate = "startDate",
        EndDate = "endDate",
        CreatedDate = "createdDate",
        BillingStart = "billingStart",
        Price = "price",
    }
    /// What usage summaries are sorted by.
    UsageSummaryField {
        ResourceGroup = "resourceGroup",
        CurrentCharges = "currentCharges",
        PartnerTotal = "partnerTotal",
    }
    /// What invoices are sorted by.
    InvoiceField {
        InvoiceDate = "invoiceDate",
        DueDate = "dueDate",
        Status = "status",
        PartnerName = "partnerName",
        Total = "total",
        Balance = "balance",
        CarriedBalance = "carriedBalance",
    }
    /// What quotes are sorted by.
    QuoteField {
        Id = "id",
        Status = "status",
        ClientName = "client.name",
        CreatedBy = "createdBy",
        CreatedOn = "createdOn",
        UpdatedOn = "updatedOn",
        InitialTotal = "totals.initialTotal",
        RecurringTotal = "totals.recurringTotal",
    }
}
