//! A subscription as it is stored and answered.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::crayon::catalog::offerings::{MICROSOFT, NCE_SEATS, OfferKind};
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::BILLING_CYCLE_ENUM;
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::state::State;

/// Values of `SubscriptionStatus`.
pub(crate) const ACTIVE: i64 = 1;
pub(crate) const SUSPENDED: i64 = 2;
pub(crate) const DELETED: i64 = 4;
pub(crate) const CUSTOMER_CANCELLATION: i64 = 8;
pub(crate) const CONVERTED: i64 = 16;
pub(crate) const EXPIRED: i64 = 32;
pub(crate) const PENDING: i64 = 64;
pub(crate) const CANCELLED: i64 = 128;
pub(crate) const DISABLED: i64 = 256;

/// The statuses that a subscription does not come back from.
pub(crate) const OVER: i64 = DELETED | CUSTOMER_CANCELLATION | CONVERTED | EXPIRED | CANCELLED | DISABLED;

/// How long a new-commerce purchase can be reduced or cancelled.
pub(crate) const CANCELLATION_WINDOW: TimeDelta = TimeDelta::days(7);

/// One subscription. What follows from its id (GUIDs, publisher order) is made when it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: i64,
    pub(crate) tenant: i64,
    /// Place in the catalog.
    pub(crate) variant: usize,
    pub(crate) name: Option<String>,
    pub(crate) quantity: i64,
    pub(crate) status: i64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) starts: Option<DateTime<Utc>>,
    pub(crate) ends: Option<DateTime<Utc>>,
    /// `BillingCycleEnum`.
    pub(crate) cycle: i64,
    pub(crate) auto_renew: Option<bool>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) next_term: Option<NextTerm>,
    pub(crate) markup: Decimal,
    pub(crate) price_type: i64,
    pub(crate) sales_price: Decimal,
    pub(crate) reserved: bool,
    pub(crate) invoice_profile: Option<i64>,
    pub(crate) tags: Option<Json>,
    pub(crate) accept_auto_suspension: Option<bool>,
    pub(crate) auto_suspension: Option<DateTime<Utc>>,
    pub(crate) attestation: Option<bool>,
    /// Not yet known to Microsoft until then.
    pub(crate) pending_until: Option<DateTime<Utc>>,
    /// The subscription that this one is an add-on of.
    pub(crate) parent: Option<i64>,
}

/// What changes when the term ends.
#[derive(Clone, Debug)]
pub(crate) struct NextTerm {
    pub(crate) variant: usize,
    /// `BillingCycleEnum`.
    pub(crate) cycle: i64,
    pub(crate) quantity: i64,
    pub(crate) custom_end: Option<DateTime<Utc>>,
}

/// The subscriptions, also by tenant.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    rows: BTreeMap<i64, Subscription>,
    by_tenant: HashMap<i64, Vec<i64>>,
    addons: HashMap<i64, Vec<i64>>,
}

const FIRST_SUBSCRIPTION: i64 = 610_001;

impl Subscriptions {
    /// Stores a subscription under the next id.
    pub(crate) fn add(&mut self, mut record: Subscription) -> i64 {
        let id = self.rows.last_key_value().map_or(FIRST_SUBSCRIPTION, |(last, _)| last + 1);
        record.id = id;
        match record.parent {
            Some(parent) => self.addons.entry(parent).or_default().push(id),
            None => self.by_tenant.entry(record.tenant).or_default().push(id),
        }
        self.rows.insert(id, record);
        id
    }

    pub(crate) fn get(&self, id: i64) -> Option<&Subscription> {
        self.rows.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Subscription> {
        self.rows.get_mut(&id)
    }

    /// Every subscription, add-ons included.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Subscription> {
        self.rows.values()
    }

    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Subscription> {
        self.rows.values_mut()
    }

    /// Subscriptions that are no add-ons, of one tenant or of all.
    pub(crate) fn listed(&self, tenant: Option<i64>) -> Box<dyn Iterator<Item = &Subscription> + '_> {
        match tenant {
            None => Box::new(self.rows.values().filter(|row| row.parent.is_none())),
            Some(tenant) => {
                let ids = self.by_tenant.get(&tenant).map(Vec::as_slice).unwrap_or_default();
                Box::new(ids.iter().filter_map(|id| self.rows.get(id)))
            }
        }
    }

    fn addons_of(&self, id: i64) -> impl Iterator<Item = &Subscription> {
        let ids = self.addons.get(&id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.rows.get(id))
    }
}

impl Subscription {
    /// A subscription that starts now and is active.
    pub(crate) fn starting(
        tenant: i64,
        variant: &Variant<'_>,
        quantity: i64,
        cycle: i64,
        at: DateTime<Utc>,
    ) -> Self {
        let nce = variant.offering.kind == OfferKind::NceSeat;
        let starts = dates::day_start(at);
        // Legacy seats renew every year without a commitment.
        let months = if variant.term.months == 0 { 12 } else { variant.term.months };
        let metered = variant.offering.kind == OfferKind::AzurePlan;
        Self {
            id: 0,
            tenant,
            variant: variant.index,
            name: None,
            quantity,
            status: ACTIVE,
            created: at,
            starts: Some(starts),
            ends: (!metered).then(|| term_end(starts, months)),
            cycle,
            auto_renew: nce.then_some(true),
            cancellable_until: nce.then(|| at + CANCELLATION_WINDOW),
            next_term: None,
            markup: Decimal::new(0, 1),
            price_type: 1,
            sales_price: Decimal::new(0, 1),
            reserved: false,
            invoice_profile: None,
            tags: None,
            accept_auto_suspension: None,
            auto_suspension: None,
            attestation: None,
            pending_until: None,
            parent: None,
        }
    }

    pub(crate) fn publisher_id(&self, state: &State) -> String {
        if self.pending_until.is_some() || self.status == PENDING {
            return "Pending".to_owned();
        }
        state.prng("crayon/subscription", self.id).uuid()
    }

    pub(crate) fn is_nce(&self, state: &State) -> bool {
        state
            .catalog
            .variant(self.variant)
            .is_some_and(|variant| variant.offering.kind.agreement_type() == NCE_SEATS)
    }

    /// The friendly name.
    pub(crate) fn display_name(&self, state: &State) -> String {
        let product = || state.catalog.variant(self.variant).map(|variant| variant.offering.name.to_string());
        self.name.clone().or_else(product).unwrap_or_default()
    }

    fn tags(&self) -> Json {
        self.tags.clone().map_or(Json::Null, |tags| tags.with("SubscriptionId", self.id))
    }

    fn order_id(&self, state: &State) -> String {
        state.prng("crayon/order", self.id).hex(12)
    }

    /// The row of a list; [`detailed`](Self::detailed) has more.
    pub(crate) fn json(&self, state: &State) -> Json {
        let variant = state.catalog.variant(self.variant);
        let organization = state.tenants.get(&self.tenant).map_or(0, |tenant| tenant.organization);
        let kind = variant.map(|variant| variant.offering.kind);
        let addon_offers = match kind {
            Some(OfferKind::LegacySeat) => super::add_ons::offers(state).count(),
            _ => 0,
        };
        object! {
            "Id": self.id,
            "PublisherSubscriptionId": self.publisher_id(state),
            "EntitlementId": (kind == Some(OfferKind::AzurePlan))
                .then(|| state.prng("crayon/entitlement", self.id).uuid()),
            "Publisher": reference(MICROSOFT, "Microsoft"),
            "Organization": state.organization_reference(organization),
            "CustomerTenant": object! { "Id": self.tenant },
            "Product": variant.map(|variant| variant.offering.reference()),
            "Quantity": self.quantity,
            "Name": self.display_name(state),
            "Status": self.status,
            "ProvisionType": kind.map_or(0, OfferKind::provision_type),
            "AvailableAddonsCount": addon_offers,
            "Subscriptions": state.subscriptions.addons_of(self.id).map(|row| row.addon_json(state)).collect::<Vec<_>>(),
            "OrderId": self.order_id(state),
            "CreationDate": dates::write(self.created, Form::Local),
            "BillingCycle": self.cycle,
            "Markup": self.markup,
            "IsTrial": variant.is_some_and(|variant| variant.offering.trial),
            "StartDate": dates::write_opt(self.starts, Form::Bare),
            "EndDate": dates::write_opt(self.ends, Form::Bare),
            "PriceType": self.price_type,
            "SalesPrice": self.sales_price,
            "RegisteredForReservedInstance": self.reserved,
            "InvoiceProfile": state.directory.profile_reference(self.invoice_profile),
            "SubscriptionTags": self.tags(),
            "AcceptAutoSuspension": self.accept_auto_suspension,
            "AutoSuspensionDate": dates::write_opt(self.auto_suspension, Form::Zulu),
            "PartNumber": variant
                .filter(|_| matches!(kind, Some(OfferKind::NceSeat | OfferKind::AzurePlan)))
                .map(|variant| variant.offering.part_number.clone()),
            "TermDuration": variant.and_then(|variant| variant.term.duration()),
            "AutoRenewEnabled": self.auto_renew,
            "CancellationAllowedUntilDate": dates::write_opt(self.cancellable_until, Form::Zulu),
            "ScheduledNextTermInstructions": self.next_term.as_ref().map(|next| next.json(state)),
            "MaxEndCustomerQuantity": Json::Null,
        }
    }

    /// The `SubscriptionDetailed`.
    pub(crate) fn detailed(&self, state: &State) -> Json {
        let agreement = self.agreement(state);
        let variant = state.catalog.variant(self.variant);
        let pricing = agreement.zip(variant).map(|(agreement, variant)| {
            object! {
                "CurrencyCode": agreement.currency.code(),
                "PurchasePrice": variant.price(agreement.currency),
                "RecommendedRetailPrice": variant.retail(agreement.currency),
            }
        });
        let reasons = if self.status == SUSPENDED { r#"["CustomerSuspended"]"# } else { "[]" };
        self.json(state)
            .with("EffectiveStartDate", dates::write(self.starts.unwrap_or(self.created), Form::Zulu))
            .with("CommitmentEndDate", dates::write(self.ends.unwrap_or_else(dates::never), Form::Zulu))
            .with("SuspensionReasons", reasons)
            .with("OriginalAgreementId", agreement.map(|agreement| agreement.id))
            .with("Pricing", pricing)
            .with("AttestationAccepted", self.attestation)
    }

    /// The `SubscriptionAddOn` inside its parent.
    fn addon_json(&self, state: &State) -> Json {
        let variant = state.catalog.variant(self.variant);
        let tenant = state.tenants.get(&self.tenant);
        object! {
            "Id": self.id,
            "PublisherSubscriptionId": self.publisher_id(state),
            "PublisherCustomerId": tenant.map(|tenant| tenant.directory_id(state)),
            "Name": self.display_name(state),
            "Status": self.status,
            "Quantity": self.quantity,
            "Organization": tenant.map(|tenant| state.organization_reference(tenant.organization)),
            "OrderId": self.order_id(state),
            "CreationDate": dates::write(self.created, Form::Local),
            "Product": variant.map(|variant| variant.offering.reference()),
            "Publisher": reference(MICROSOFT, "Microsoft"),
            "Markup": self.markup,
            "SubscriptionTags": self.tags(),
            "TermDuration": variant.and_then(|variant| variant.term.duration()),
            "AutoRenewEnabled": self.auto_renew,
            "CancellationAllowedUntilDate": dates::write_opt(self.cancellable_until, Form::Zulu),
        }
    }

    /// The agreement whose price list it was bought from.
    pub(crate) fn agreement<'a>(
        &self,
        state: &'a State,
    ) -> Option<&'a crate::crayon::catalog::agreements::Agreement> {
        let organization = state.tenants.get(&self.tenant)?.organization;
        let kind = state.catalog.variant(self.variant)?.offering.kind.agreement_type();
        state
            .agreements
            .iter()
            .rev()
            .find(|row| row.organization == organization && row.kind == kind && !row.disabled)
    }
}

impl NextTerm {
    fn json(&self, state: &State) -> Json {
        let variant = state.catalog.variant(self.variant);
        let part_number = variant.map(|variant| variant.offering.part_number.to_string()).unwrap_or_default();
        let (product, sku) = part_number.split_once(':').unwrap_or((part_number.as_str(), ""));
        object! {
            "Product": object! {
                "ProductId": product.to_owned(),
                "SkuId": sku.to_owned(),
                "AvailabilityId": availability_id(&part_number),
                // The one place where a cycle is told by name.
                "BillingCycle": BILLING_CYCLE_ENUM.name_of(self.cycle),
                "TermDuration": variant.and_then(|variant| variant.term.duration()),
            },
            "Quantity": self.quantity,
            "CustomTermEndDate": dates::write_opt(self.custom_end, Form::Zulu),
        }
    }
}

/// The third part of a catalog item id.
pub(crate) fn availability_id(part_number: &str) -> String {
    crate::engine::prng::Prng::keyed(0, part_number, 0).hex(12).to_ascii_uppercase()
}

/// The last second of a term.
pub(crate) fn term_end(starts: DateTime<Utc>, months: i32) -> DateTime<Utc> {
    dates::add_months(starts, months) - TimeDelta::seconds(1)
}
