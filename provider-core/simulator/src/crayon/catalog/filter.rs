//! The filter of agreement products, the same as a query and as a body.

use chrono::{DateTime, Utc};

use super::offerings::{MICROSOFT, OfferKind};
use super::price_list::Variant;
use super::record::Agreement;
use crate::crayon::engine::dates;
use crate::crayon::engine::enums::{AGREEMENT_TYPE, BILLING_CYCLE_ENUM, SORT_ORDER};
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{Param, choice, choices, date, flag, int, ints, text, texts};
use crate::crayon::engine::table::mentions;

macro_rules! sub_filter {
    ($($prefix:literal),*) => {
        &[
            choices("AgreementTypeIds", &AGREEMENT_TYPE),
            text("Search"),
            int("PriceListId"),
            int("OrganizationId"),
            int("CustomerTenantId"),
            int("AgreementId"),
            flag("IsTrial"),
            ints("AgreementIds"),
            date("SearchDate"),
            text("SortKey"),
            flag("IncludeProductInformation"),
            choice("SortOrder", &SORT_ORDER),
            flag("IgnoreTermBillingCycleCombinationsCheck"),
            $(
                texts(concat!($prefix, ".PartNumbers")),
                ints(concat!($prefix, ".PublisherIds")),
                texts(concat!($prefix, ".PublisherNames")),
                texts(concat!($prefix, ".PoolNames")),
                texts(concat!($prefix, ".OperatingSystemNames")),
                texts(concat!($prefix, ".LevelNames")),
                texts(concat!($prefix, ".LanguageNames")),
                texts(concat!($prefix, ".LicenseAgreementTypeNames")),
                texts(concat!($prefix, ".LicenseTypeNames")),
                texts(concat!($prefix, ".ProductFamilyNames")),
                texts(concat!($prefix, ".ProductTypeNames")),
                texts(concat!($prefix, ".ProgramNames")),
                texts(concat!($prefix, ".OfferingNames")),
                texts(concat!($prefix, ".PurchasePeriodNames")),
                texts(concat!($prefix, ".PurchaseUnitNames")),
                texts(concat!($prefix, ".VersionNames")),
                texts(concat!($prefix, ".RegionNames")),
                texts(concat!($prefix, ".ProductCategoryNames")),
                texts(concat!($prefix, ".CatalogNames")),
                texts(concat!($prefix, ".BillingCycles")),
            )*
        ]
    };
}

/// The query parameters of the filter, page and size aside.
pub(crate) const PARAMS: &[Param] = sub_filter!("Include", "Exclude");

/// What is asked for, read from an `AgreementProductFilter`.
#[derive(Debug)]
pub(crate) struct Filter<'a> {
    asked: &'a Json,
    include: Vec<(&'a str, &'a [Json])>,
    exclude: Vec<(&'a str, &'a [Json])>,
}

/// The lists of a sub-filter that name something: nearly always none of the twenty.
fn named_lists(lists: &Json) -> Vec<(&str, &[Json])> {
    match lists {
        Json::Object(members) => members
            .iter()
            .map(|(name, values)| (name.as_ref(), values.items()))
            .filter(|(_, values)| !values.is_empty())
            .collect(),
        _ => Vec::new(),
    }
}

/// True if the list names the row.
fn names_row(list: &str, wanted: &[Json], variant: &Variant<'_>) -> bool {
    let is = |name: &str| {
        wanted.iter().any(|wanted| wanted.text().is_some_and(|text| text.eq_ignore_ascii_case(name)))
    };
    match list {
        "PartNumbers" => is(&variant.offering.part_number),
        "PublisherIds" => wanted.iter().any(|wanted| wanted.int() == Some(MICROSOFT)),
        "PublisherNames" => is("Microsoft"),
        "ProgramNames" => is("CSP"),
        "ProductFamilyNames" => is(variant.offering.family),
        "ProductTypeNames" => is(variant.offering.kind.product_type().1),
        "PurchaseUnitNames" => is(purchase_unit(variant.offering.kind)),
        "BillingCycles" => cycle_names(variant).any(is),
        _ => false,
    }
}

/// The unit and the family tell rows apart; every other name list of the vendor's catalog is empty here.
pub(crate) fn purchase_unit(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Software | OfferKind::Reservation => "Each",
        _ => "Month(s)",
    }
}

/// The names of the cycles that a variant can be paid in.
pub(crate) fn cycle_names(variant: &Variant<'_>) -> impl Iterator<Item = &'static str> {
    variant.term.cycles.iter().filter_map(|cycle| BILLING_CYCLE_ENUM.name_of(*cycle))
}

impl<'a> Filter<'a> {
    /// Reads the filter; its members carry their documented names.
    pub(crate) fn new(asked: &'a Json) -> Self {
        Self { asked, include: named_lists(asked.get("Include")), exclude: named_lists(asked.get("Exclude")) }
    }

    fn int(&self, name: &str) -> Option<i64> {
        self.asked.get(name).int().filter(|number| *number != 0)
    }

    fn ints(&self, name: &str) -> Vec<i64> {
        self.asked.get(name).items().iter().filter_map(Json::int).filter(|number| *number != 0).collect()
    }

    /// The organization that limits the agreements.
    pub(crate) fn organization(&self) -> Option<i64> {
        self.int("OrganizationId")
    }

    pub(crate) fn tenant(&self) -> Option<i64> {
        self.int("CustomerTenantId")
    }

    pub(crate) fn wants_information(&self) -> bool {
        self.asked.get("IncludeProductInformation").bool() == Some(true)
    }

    pub(crate) fn descending(&self) -> bool {
        self.asked.get("SortOrder").int() == Some(1)
    }

    /// True if rows of the agreement can match.
    pub(crate) fn fits_agreement(
        &self,
        agreement: &Agreement,
        owner: Option<i64>,
        now: DateTime<Utc>,
    ) -> bool {
        let at = self.asked.get("SearchDate").text().and_then(dates::read).unwrap_or(now);
        let mut ids = self.ints("AgreementIds");
        ids.extend(self.int("AgreementId"));
        let kinds = self.ints("AgreementTypeIds");
        agreement.is_active(at)
            && owner.is_none_or(|owner| agreement.organization == owner)
            && (ids.is_empty() || ids.contains(&agreement.id))
            && (kinds.is_empty() || kinds.contains(&agreement.kind))
            && self.int("PriceListId").is_none_or(|list| list == agreement.price_list)
    }

    /// True if the variant matches, whatever the agreement.
    pub(crate) fn fits(&self, variant: &Variant<'_>) -> bool {
        let trial = self.asked.get("IsTrial").bool();
        if trial.is_some_and(|trial| trial != variant.offering.trial) {
            return false;
        }
        let search = self.asked.get("Search").filled();
        if !mentions(search, &[Some(&variant.offering.name), Some(&variant.offering.part_number)]) {
            return false;
        }
        self.include.iter().all(|(list, wanted)| names_row(list, wanted, variant))
            && !self.exclude.iter().any(|(list, wanted)| names_row(list, wanted, variant))
    }
}
