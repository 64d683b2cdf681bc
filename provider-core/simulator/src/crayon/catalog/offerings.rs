//! What is sold: kinds, terms and the fixed offerings of every price list.

use std::borrow::Cow;

use crate::crayon::engine::json::{Json, object, reference};

/// Ids of the publishers and programs that the catalog names.
pub(crate) const MICROSOFT: i64 = 2;
pub(crate) const CSP: i64 = 8;

/// Agreement types of the reference that matter to orders.
pub(crate) const LICENSES: i64 = 1;
pub(crate) const LEGACY_SEATS: i64 = 6;
pub(crate) const USAGE: i64 = 7;
pub(crate) const NCE_SEATS: i64 = 13;

/// What kind of thing an offering is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfferKind {
    NceSeat,
    LegacySeat,
    LegacyAddOn,
    AzurePlan,
    Software,
    Reservation,
}

impl OfferKind {
    /// The type of the agreements that list it.
    pub(crate) fn agreement_type(self) -> i64 {
        match self {
            Self::NceSeat => NCE_SEATS,
            Self::LegacySeat | Self::LegacyAddOn => LEGACY_SEATS,
            Self::AzurePlan | Self::Reservation => USAGE,
            Self::Software => LICENSES,
        }
    }

    /// A `ProvisionType`.
    pub(crate) fn provision_type(self) -> i64 {
        match self {
            Self::NceSeat | Self::LegacySeat | Self::LegacyAddOn => 1,
            Self::AzurePlan => 2,
            Self::Software | Self::Reservation => 3,
        }
    }

    pub(crate) fn product_type(self) -> (i64, &'static str) {
        match self {
            Self::NceSeat | Self::LegacySeat => (5, "Subscription"),
            Self::LegacyAddOn => (6, "Subscription Add-On"),
            Self::AzurePlan => (7, "Azure Plan"),
            Self::Software => (8, "Software"),
            Self::Reservation => (9, "Reservation"),
        }
    }
}

/// One commitment of an offering, with the cycles (`BillingCycleEnum`) it can be paid in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// 0 for none.
    pub(crate) months: i32,
    pub(crate) cycles: &'static [i64],
}

impl Term {
    /// `P1M`, `P1Y` or `P3Y`; `None` for offerings without a commitment.
    pub(crate) fn duration(&self) -> Option<&'static str> {
        match self.months {
            1 => Some("P1M"),
            12 => Some("P1Y"),
            36 => Some("P3Y"),
            _ => None,
        }
    }

    pub(crate) fn words(&self) -> Option<&'static str> {
        match self.months {
            1 => Some("1 month"),
            12 => Some("1 year"),
            36 => Some("3 years"),
            _ => None,
        }
    }
}

pub(crate) const ONE_MONTH: Term = Term { months: 1, cycles: &[1] };
pub(crate) const ONE_YEAR: Term = Term { months: 12, cycles: &[1, 2] };
pub(crate) const THREE_YEARS: Term = Term { months: 36, cycles: &[1, 2, 8] };
const OPEN: Term = Term { months: 0, cycles: &[1, 2] };

/// A product with its part number, before it is multiplied by terms and agreements.
#[derive(Debug)]
pub(crate) struct Offering {
    pub(crate) product_id: i64,
    pub(crate) part_number: Cow<'static, str>,
    pub(crate) name: Cow<'static, str>,
    pub(crate) family: &'static str,
    pub(crate) kind: OfferKind,
    pub(crate) trial: bool,
    pub(crate) minimum: i64,
    pub(crate) maximum: Option<i64>,
    pub(crate) terms: &'static [Term],
    /// Monthly price with a year's commitment, in euro cents.
    pub(crate) cents: i64,
}

impl Offering {
    /// The `ProductReference` of a subscription or product row.
    pub(crate) fn reference(&self) -> Json {
        object! {
            "Id": self.product_id,
            "PartNumber": self.part_number.clone(),
            "PublisherProductId": Json::Null,
            "ItemLegalName": self.name.clone(),
            "ItemName": self.name.clone(),
        }
    }

    /// The family as a reference; its id follows from its place in the list.
    pub(crate) fn family_reference(&self) -> Json {
        let place = FAMILIES.iter().position(|family| *family == self.family).unwrap_or_default();
        reference(11 + i64::try_from(place).unwrap_or_default(), self.family)
    }
}

pub(crate) const FAMILIES: &[&str] = &[
    "Sample 365",
    "Sample Security",
    "Sample Devices",
    "Sample Data",
    "Sample Voice",
    "Azure",
    "Sample Server",
];

fn fixed(
    kind: OfferKind,
    part_number: &'static str,
    name: &'static str,
    family: &'static str,
    terms: &'static [Term],
    cents: i64,
) -> Offering {
    Offering {
        product_id: 0,
        part_number: Cow::Borrowed(part_number),
        name: Cow::Borrowed(name),
        family,
        kind,
        trial: false,
        minimum: 1,
        maximum: Some(300),
        terms,
        cents,
    }
}

/// The part number of an Azure plan, the one catalog code that the vendor documents by name.
pub(crate) const AZURE_PLAN_PART: &str = "DZH318Z0BPS6:0001";

pub(crate) fn fixed_offerings() -> Vec<Offering> {
    const SEAT: &[Term] = &[ONE_MONTH, ONE_YEAR, THREE_YEARS];
    const YEARLY: &[Term] = &[ONE_MONTH, ONE_YEAR];
    const UPFRONT: &[Term] = &[ONE_YEAR];
    const LEGACY: &[Term] = &[OPEN];
    const METERED: &[Term] = &[Term { months: 0, cycles: &[1] }];
    const ONCE: &[Term] = &[Term { months: 0, cycles: &[4] }];
    const RESERVED: &[Term] = &[Term { months: 12, cycles: &[1, 4] }, Term { months: 36, cycles: &[1, 4] }];
    const TRIAL: &[Term] = &[Term { months: 1, cycles: &[3] }];
    use OfferKind::{AzurePlan, LegacyAddOn, LegacySeat, NceSeat, Reservation, Software};

    let mut packs = fixed(NceSeat, "CFQ7TTC0SMP5:0001", "Sample Starter Pack", "Sample 365", UPFRONT, 310);
    packs.minimum = 5;
    packs.maximum = Some(50);
    let mut mail = fixed(NceSeat, "CFQ7TTC0SMP2:0001", "Sample Mailbox", "Sample 365", YEARLY, 340);
    mail.maximum = None;
    let mut trial =
        fixed(NceSeat, "CFQ7TTC0SMP6:0001", "Sample Business Suite Trial", "Sample 365", TRIAL, 0);
    trial.trial = true;
    trial.maximum = Some(25);
    let mut plan = fixed(AzurePlan, AZURE_PLAN_PART, "Azure plan", "Azure", METERED, 0);
    plan.maximum = Some(1);
    vec![
        fixed(NceSeat, "CFQ7TTC0LH18:0001", "Sample Business Suite", "Sample 365", SEAT, 432),
        mail,
        fixed(NceSeat, "CFQ7TTC0SMP3:0002", "Sample Enterprise Suite", "Sample 365", SEAT, 2_875),
        fixed(NceSeat, "CFQ7TTC0SMP4:0001", "Sample Device Management", "Sample Devices", YEARLY, 615),
        packs,
        trial,
        fixed(
            LegacySeat,
            "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e01",
            "Sample Office (legacy)",
            "Sample 365",
            LEGACY,
            980,
        ),
        fixed(
            LegacySeat,
            "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e02",
            "Sample Archive (legacy)",
            "Sample Data",
            LEGACY,
            145,
        ),
        fixed(
            LegacyAddOn,
            "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e03",
            "Sample Calling Add-on",
            "Sample Voice",
            LEGACY,
            210,
        ),
        fixed(
            LegacyAddOn,
            "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e04",
            "Sample Storage Add-on",
            "Sample Data",
            LEGACY,
            17,
        ),
        plan,
        fixed(
            Reservation,
            "DZH318Z0SMP7:0003",
            "Sample Virtual Machine Reservation",
            "Azure",
            RESERVED,
            5_120,
        ),
        fixed(Software, "DG7GMGF0SMP8:0002", "Sample Server Standard", "Sample Server", ONCE, 91_250),
        fixed(Software, "DG7GMGF0SMP9:0001", "Sample Server Client Access", "Sample Server", ONCE, 3_405),
    ]
}
