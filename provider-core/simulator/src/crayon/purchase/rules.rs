//! The rules that every way of buying shares.

use chrono::{DateTime, Utc};

use crate::crayon::catalog::offerings::{AZURE_PLAN_PART, OfferKind};
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::catalog::products::is_subscription;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::state::State;
use crate::crayon::subscription::record::{OVER, Subscription};

/// What somebody wants to buy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) tenant: i64,
    pub(crate) part_number: &'a str,
    /// `BillingCycleEnum`; `None` where the caller left it open.
    pub(crate) cycle: Option<i64>,
    pub(crate) term: Option<&'a str>,
    pub(crate) quantity: i64,
}

/// Why it cannot be bought. The vendor's catalog of codes is not public: these are ours.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) text: String,
}

impl Reason {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

impl From<Reason> for ErrorAnswer {
    fn from(reason: Reason) -> Self {
        Self::rule(reason.code, reason.text)
    }
}

/// The three-year cycle has another number in each of the vendor's two enums.
pub(crate) fn cycle_from_type(cycle: i64) -> i64 {
    if cycle == 5 { 8 } else { cycle }
}

/// Checks consent, part number, term, billing cycle and quantity, and finds the variant and cycle that are meant.
pub(crate) fn check<'a>(state: &'a State, wanted: &Wanted<'_>) -> Result<(Variant<'a>, i64), Reason> {
    let tenant = state
        .tenants
        .get(&wanted.tenant)
        .filter(|tenant| !tenant.removed)
        .ok_or_else(|| Reason::new("CustomerTenantNotFound", "The customer tenant was not found."))?;
    let part_number = wanted.part_number;
    let kind = state.catalog.by_part(part_number).next().map(|variant| variant.offering.kind);
    let kind = kind.filter(|kind| is_subscription(*kind)).ok_or_else(|| {
        Reason::new("PartNumberNotFound", format!("The part number {part_number} is not for sale."))
    })?;
    let consent_needed = matches!(kind, OfferKind::NceSeat | OfferKind::AzurePlan);
    if consent_needed && !tenant.has_customer_agreement() {
        return Err(Reason::new(
            "CustomerAgreementMissing",
            "The Microsoft Customer Agreement of the customer tenant is not recorded.",
        ));
    }
    let variant = state.catalog.find(part_number, wanted.term).ok_or_else(|| {
        Reason::new(
            "TermDurationNotSupported",
            format!("The part number {part_number} is not sold with that term."),
        )
    })?;
    let cycle = match wanted.cycle {
        Some(cycle) => cycle,
        None if kind == OfferKind::NceSeat => {
            return Err(Reason::new("BillingCycleRequired", "A billing cycle is required."));
        }
        None => variant.term.cycles.first().copied().unwrap_or_default(),
    };
    if !variant.term.cycles.contains(&cycle) {
        return Err(Reason::new(
            "BillingCycleNotSupported",
            "The term and billing cycle do not fit together.",
        ));
    }
    check_quantity(&variant, wanted.quantity)?;
    if kind == OfferKind::AzurePlan && has_azure_plan(state, wanted.tenant) {
        return Err(Reason::new("AzurePlanExists", "The customer tenant has an Azure plan."));
    }
    Ok((variant, cycle))
}

/// The seat limits of the product.
pub(crate) fn check_quantity(variant: &Variant<'_>, quantity: i64) -> Result<(), Reason> {
    let offering = variant.offering;
    let most = offering.maximum.unwrap_or(i64::MAX);
    if (offering.minimum..=most).contains(&quantity) {
        return Ok(());
    }
    let limit = offering.maximum.map_or_else(|| "any number".to_owned(), |maximum| maximum.to_string());
    Err(Reason::new(
        "QuantityOutOfRange",
        format!("The quantity must be from {} to {limit}.", offering.minimum),
    ))
}

fn has_azure_plan(state: &State, tenant: i64) -> bool {
    state.subscriptions.listed(Some(tenant)).any(|row| {
        let part = state.catalog.variant(row.variant).map(|variant| variant.offering.part_number.as_ref());
        part == Some(AZURE_PLAN_PART) && row.status & OVER == 0
    })
}

/// Adds the subscription that a purchase makes.
pub(crate) fn fulfil(state: &mut State, record: Subscription, custom_end: Option<DateTime<Utc>>) -> i64 {
    let mut record = record;
    if let Some(end) = custom_end {
        record.ends = Some(end);
    }
    record.invoice_profile = record
        .invoice_profile
        .or_else(|| state.tenants.get(&record.tenant).and_then(|tenant| tenant.invoice_profile));
    let kind = state.catalog.variant(record.variant).map(|variant| variant.offering.kind);
    let id = state.subscriptions.add(record);
    if kind == Some(OfferKind::AzurePlan) {
        state.azure.add_plan(id);
    }
    id
}
