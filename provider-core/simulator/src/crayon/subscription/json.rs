//! A subscription as it is answered.

use super::add_ons;
use super::record::{NextTerm, PENDING, SUSPENDED, Subscription};
use crate::crayon::catalog::offerings::{MICROSOFT, NCE_SEATS, OfferKind};
use crate::crayon::catalog::record::Agreement;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::BILLING_CYCLE_ENUM;
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::state::State;
use crate::engine::prng::Prng;

impl Subscription {
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
            Some(OfferKind::LegacySeat) => add_ons::offers(state).count(),
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
    pub(crate) fn agreement<'a>(&self, state: &'a State) -> Option<&'a Agreement> {
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
    Prng::keyed(0, part_number, 0).hex(12).to_ascii_uppercase()
}
