//! Enumerations of the partner, quoting and webhook surfaces. Casing differs from surface to surface.

use std::borrow::Cow;

use provider_core::open_enum;
use serde::{Deserialize, Deserializer};

open_enum! {
    /// The state of a company.
    pub enum CompanyStatus {
        /// Can be sold to.
        Active = "Active",
        /// Lacks a primary contact of some type.
        Inactive = "Inactive",
        /// Removed; still listed.
        Deleted = "Deleted",
    }
}

open_enum! {
    /// What a contact is there for.
    pub enum ContactTypeName {
        /// Administers.
        Admin = "Admin",
        /// Pays.
        Billing = "Billing",
        /// Runs the technology.
        Technical = "Technical",
    }
}

open_enum! {
    /// How often one pays, on the partner surface.
    pub enum BillingTerm {
        /// Every month.
        Monthly = "Monthly",
        /// Every year.
        Annual = "Annual",
        /// Every two years.
        TwoYear = "2-Year",
        /// Every three years.
        ThreeYear = "3-Year",
        /// Once.
        OneTime = "One-Time",
        /// Once, in the spelling that some answers have. [`BillingTerm::to_order`] is the one to send.
        OneTimeDigit = "1-Time",
        /// Nothing, while a trial runs.
        Trial = "Trial",
        /// An activation fee.
        Activation = "Activation",
    }
}

impl BillingTerm {
    /// The spelling that orders and filters take.
    #[must_use]
    pub fn to_order(&self) -> Self {
        if *self == Self::OneTimeDigit { Self::OneTime } else { self.clone() }
    }
}

open_enum! {
    /// How a price depends on the quantity.
    pub enum PricingType {
        /// One price.
        Flat = "Flat",
        /// The band of the whole quantity decides.
        Volume = "Volume",
        /// Each unit is priced in its own band.
        Tiered = "Tiered",
        /// A markup on what is consumed.
        MarkUp = "Mark-Up",
    }
}

open_enum! {
    /// What a rate is multiplied by.
    pub enum RateChargeType {
        /// The quantity.
        PerUnit = "Per Unit",
        /// Nothing: it is the price of the band.
        FlatRate = "Flat Rate",
    }
}

open_enum! {
    /// How a provisioning question is answered.
    pub enum ProvisioningValueType {
        /// Free text.
        Input = "Input",
        /// One of the possible values.
        SingleValue = "Single-Value",
        /// Several of the possible values.
        MultiValue = "Multi-Value",
    }
}

open_enum! {
    /// Who placed an order. [`OrderedBy::is_partner`] knows both spellings of the partner.
    pub enum OrderedBy {
        /// The partner, as it is written.
        Partner = "Pax8 Partner",
        /// The partner, as it is read back.
        PartnerRead = "Pax8Partner",
        /// The customer.
        Customer = "Customer",
        /// Pax8 itself.
        Pax8 = "Pax8",
    }
}

impl OrderedBy {
    /// True for the partner, in both spellings.
    #[must_use]
    pub fn is_partner(&self) -> bool {
        matches!(self, Self::Partner | Self::PartnerRead)
    }
}

open_enum! {
    /// The state of a subscription. It does not decide billing; start and end dates do.
    pub enum SubscriptionStatus {
        /// Provisioned.
        Active = "Active",
        /// Gone, final.
        Cancelled = "Cancelled",
        /// Waits for a person at Pax8 or the vendor.
        PendingManual = "PendingManual",
        /// Is being provisioned.
        PendingAutomated = "PendingAutomated",
        /// A cancellation is under way or scheduled.
        PendingCancel = "PendingCancel",
        /// Provisioning answers are missing.
        WaitingForDetails = "WaitingForDetails",
        /// A trial runs.
        Trial = "Trial",
        /// A trial that became paid.
        Converted = "Converted",
        /// An activation product that waits; obsolete.
        PendingActivation = "PendingActivation",
        /// An activation product that was activated; obsolete.
        Activated = "Activated",
    }
}

open_enum! {
    /// The state of an invoice.
    pub enum InvoiceStatus {
        /// To be paid.
        Unpaid = "Unpaid",
        /// Paid.
        Paid = "Paid",
        /// Taken back.
        Void = "Void",
        /// Carried to the next invoice.
        Carried = "Carried",
        /// Nothing is due.
        NothingDue = "Nothing Due",
        /// Replaced by a corrected one.
        Credited = "Credited",
    }
}

open_enum! {
    /// What an invoice item charges for.
    pub enum InvoiceItemType {
        /// A term of a subscription.
        Subscription = "subscription",
        /// A part of a term.
        Prorate = "prorate",
        /// Something bought once.
        OneTime = "one-time",
        /// A rebate.
        Rebate = "rebate",
        /// A payment that came in.
        PaymentCredit = "payment-credit",
        /// A service of Pax8.
        ServiceCharge = "service-charge",
        /// A service given back.
        ServiceCredit = "service-credit",
        /// A credit on the invoice.
        InvoiceCredit = "invoice-credit",
    }
}

open_enum! {
    /// The term of an invoice item; spelled differently from [`BillingTerm`].
    pub enum InvoiceItemTerm {
        /// Monthly.
        Monthly = "Monthly",
        /// Annual.
        Annual = "Annual",
        /// Two years.
        TwoYear = "2 Year",
        /// Three years.
        ThreeYear = "3 Year",
        /// Activation.
        Activation = "Activation",
        /// Once.
        OneTime = "One-Time",
        /// Once, in the vendor's other spelling.
        OneTimeLower = "One-time",
        /// Consumption.
        Arrears = "Arrears",
        /// Trial.
        Trial = "Trial",
        /// Rebate.
        Rebate = "Rebate",
    }
}

open_enum! {
    /// How an item was rated: `flat`, `single`, `volume`, `tiered`, `markup`. Casing varies on the wire.
    pub enum RateType {
        /// One price for any quantity.
        Flat = "flat",
        /// One price for any quantity.
        Single = "single",
        /// By volume.
        Volume = "volume",
        /// By tier.
        Tiered = "tiered",
        /// A markup.
        Markup = "markup",
    }
}

/// Reads a rate type without regard to case; one that no casing makes known is noted and kept.
pub(crate) fn rate_type<'de, D: Deserializer<'de>>(d: D) -> Result<Option<RateType>, D::Error> {
    let Some(text) = Option::<Cow<'de, str>>::deserialize(d)? else { return Ok(None) };
    let known = RateType::KNOWN.iter().find(|known| known.as_str().eq_ignore_ascii_case(&text));
    Ok(Some(known.cloned().unwrap_or_else(|| {
        provider_core::wire::unknown::note("RateType", &text);
        RateType::Other(text.into_owned())
    })))
}

open_enum! {
    /// What an item's price is multiplied by.
    pub enum ItemChargeType {
        /// Nothing.
        Flat = "flat",
        /// The quantity.
        Per = "per",
    }
}

open_enum! {
    /// The state of a quote.
    pub enum QuoteStatus {
        /// Being written.
        Draft = "draft",
        /// Given to someone.
        Assigned = "assigned",
        /// Sent.
        Sent = "sent",
        /// Closed.
        Closed = "closed",
        /// Declined.
        Declined = "declined",
        /// Accepted.
        Accepted = "accepted",
        /// The client wants changes.
        ChangesRequested = "changes_requested",
        /// Past its date.
        Expired = "expired",
        /// Waits.
        Pending = "pending",
    }
}

open_enum! {
    /// From whom to whom a quote goes.
    pub enum QuoteIntent {
        /// From the partner to its client.
        PartnerToClient = "PARTNER_TO_CLIENT",
        /// From Pax8 to the partner.
        Pax8ToPartner = "PAX8_TO_PARTNER",
        /// From Pax8 to the partner's client.
        Pax8ToPartnerClient = "PAX8_TO_PARTNER_CLIENT",
    }
}

open_enum! {
    /// Whose quotes are listed.
    pub enum QuoteAccount {
        /// The user's.
        User = "user",
        /// The partner's.
        Partner = "partner",
    }
}

open_enum! {
    /// How often one pays, on the quoting surface: with spaces where the partner surface has hyphens.
    pub enum QuoteBillingTerm {
        /// Every month.
        Monthly = "Monthly",
        /// Every year.
        Annual = "Annual",
        /// A year.
        OneYear = "1 Year",
        /// Two years.
        TwoYear = "2 Year",
        /// Three years.
        ThreeYear = "3 Year",
        /// A trial.
        Trial = "Trial",
        /// An activation fee.
        Activation = "Activation",
        /// Once.
        OneTime = "One-Time",
    }
}

open_enum! {
    /// What varies in a usage-based quote line.
    pub enum UsageBasedType {
        /// The price is flat.
        PriceFlat = "PRICE_FLAT",
        /// The price varies.
        PriceVaries = "PRICE_VARIES",
        /// The quantity varies.
        QuantityVaries = "QTY_VARIES",
    }
}

open_enum! {
    /// How a condition of a webhook filter compares.
    pub enum FilterOperator {
        /// Is one of none but this.
        Equals = "EQUALS",
        /// Is not.
        NotEquals = "NOT_EQUALS",
        /// Is greater.
        GreaterThan = "GREATER_THAN",
        /// Is less.
        LessThan = "LESS_THAN",
        /// Is one of these.
        In = "IN",
        /// Is none of these.
        NotIn = "NOT_IN",
        /// Contains.
        Contains = "CONTAINS",
    }
}

open_enum! {
    /// How a delivery to a webhook ended.
    pub enum WebhookDeliveryStatus {
        /// Not yet tried.
        Pending = "PENDING",
        /// Delivered.
        Success = "SUCCESS",
        /// Given up.
        Failed = "FAILED",
        /// Will be tried again.
        Retrying = "RETRYING",
    }
}

open_enum! {
    /// What a vendor is asked to provision.
    pub enum ProvisionRequestType {
        /// A new subscription.
        NetNew = "NetNew",
        /// A change.
        Update = "Update",
        /// An end.
        Deprovision = "Deprovision",
        /// A trial begins.
        TrialCreate = "TrialCreate",
        /// A trial becomes paid.
        TrialConvert = "TrialConvert",
        /// Another product.
        ChangeProduct = "ChangeProduct",
        /// A partner joins.
        PartnerEnrollment = "PartnerEnrollment",
        /// A term is renewed.
        Renewal = "Renewal",
    }
}

open_enum! {
    /// How provisioning ended.
    pub enum ProvisionOutcome {
        /// Done.
        Success = "Success",
        /// Not done.
        Fail = "Fail",
    }
}
