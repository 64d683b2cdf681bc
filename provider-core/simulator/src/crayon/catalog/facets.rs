//! How many of the matching product rows share a name.

use super::filter::{cycle_names, purchase_unit};
use super::price_list::Variant;
use crate::crayon::engine::json::{Json, object};

#[derive(Debug, Default)]
pub(crate) struct Facets {
    families: Vec<(&'static str, usize)>,
    types: Vec<(&'static str, usize)>,
    units: Vec<(&'static str, usize)>,
    cycles: Vec<(&'static str, usize)>,
    total: usize,
}

fn bump(counts: &mut Vec<(&'static str, usize)>, key: &'static str) {
    match counts.iter_mut().find(|(known, _)| *known == key) {
        Some((_, count)) => *count += 1,
        None => counts.push((key, 1)),
    }
}

fn buckets(counts: &[(&'static str, usize)]) -> Json {
    Json::List(counts.iter().map(|(key, count)| object! { "Key": *key, "DocCount": *count }).collect())
}

impl Facets {
    pub(crate) fn count(&mut self, variant: &Variant<'_>) {
        self.total += 1;
        bump(&mut self.families, variant.offering.family);
        bump(&mut self.types, variant.offering.kind.product_type().1);
        bump(&mut self.units, purchase_unit(variant.offering.kind));
        for cycle in cycle_names(variant) {
            bump(&mut self.cycles, cycle);
        }
    }

    pub(crate) fn json(&self, agreements: Vec<Json>) -> Json {
        let none = || Json::List(Vec::new());
        let programs: &[_] = if self.total == 0 { &[] } else { &[("CSP", self.total)] };
        let publishers = if self.total == 0 {
            Vec::new()
        } else {
            vec![object! { "Key": "Microsoft", "DocCount": self.total, "Programs": buckets(programs) }]
        };
        object! {
            "Agreements": agreements,
            "Publishers": publishers,
            "Pools": none(),
            "OperatingSystems": none(),
            "Offerings": none(),
            "Levels": none(),
            "Languages": none(),
            "LicenseAgreementTypes": none(),
            "LicenseTypes": none(),
            "ProductFamilies": buckets(&self.families),
            "Programs": buckets(programs),
            "ProductTypes": buckets(&self.types),
            "PurchasePeriods": none(),
            "PurchaseUnits": buckets(&self.units),
            "Versions": none(),
            "Regions": none(),
            "ProductCategories": none(),
            "BillingCycles": buckets(&self.cycles),
        }
    }
}
