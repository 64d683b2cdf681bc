//! What an order line says beyond product, offer and quantity.

use std::collections::BTreeMap;
use std::str::FromStr;

use provider_core::wire::moment::Moment;
use provider_core::{Error, NewOrderLine, Result};

use super::line::field;
use crate::model::{AssetScope, PurchaseRequestLine};

/// The attribute that chooses the end of the first term.
pub(super) const CUSTOM_END: &str = "CustomTermEndDate";

/// The attributes of a line: those that are members of a purchase request's line, and all others, which are
/// answers that the product asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes {
    pub(super) custom_end: Option<Moment>,
    region: Option<String>,
    scope: Option<AssetScope>,
    subscription: Option<i64>,
    attested: Option<bool>,
    answers: BTreeMap<String, String>,
}

impl Attributes {
    pub(super) fn parse(at: usize, line: &NewOrderLine) -> Result<Self> {
        let mut read = Self::default();
        for (name, text) in &line.attributes {
            let wrong =
                |problem: &str| Error::invalid_input(&field(at, &format!("attributes.{name}")), problem);
            match name.as_str() {
                CUSTOM_END => {
                    let end = Moment::parse(text);
                    read.custom_end = Some(end.ok_or_else(|| wrong("is no date"))?);
                }
                "ArmRegionName" => read.region = Some(text.clone()),
                "Scope" => {
                    let known =
                        AssetScope::from_name(text).or_else(|| number(text).map(AssetScope::from_number));
                    read.scope = Some(known.ok_or_else(|| wrong("is Shared, Single or ManagementGroups"))?);
                }
                "SubscriptionId" => {
                    read.subscription = Some(number(text).ok_or_else(|| wrong("is no id of Cloud-iQ"))?);
                }
                "AttestationAccepted" => {
                    read.attested = Some(number(text).ok_or_else(|| wrong("is true or false"))?);
                }
                _ => {
                    read.answers.insert(name.clone(), text.clone());
                }
            }
        }
        Ok(read)
    }

    /// For a product that is not bought by a purchase request: of all attributes it takes the end of the term.
    pub(super) fn only_the_end(at: usize, line: &NewOrderLine, end_too: bool) -> Result<Self> {
        let other = line.attributes.keys().find(|name| !(end_too && *name == CUSTOM_END));
        if let Some(name) = other {
            return Err(Error::invalid_input(
                &field(at, &format!("attributes.{name}")),
                "an order of this product takes no such value",
            ));
        }
        Self::parse(at, line)
    }

    pub(super) fn apply(&self, line: &mut PurchaseRequestLine) {
        line.custom_term_end_date = self.custom_end.map(|end| end.at());
        line.arm_region_name.clone_from(&self.region);
        line.scope = self.scope;
        line.subscription_id = self.subscription;
        line.attestation_accepted = self.attested;
        if !self.answers.is_empty() {
            let answers = self.answers.iter().map(|(key, value)| (key.clone(), Some(value.clone())));
            line.provisioning_context = Some(answers.collect());
        }
    }
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed expectation is a failed test")]

    use super::*;

    fn line(attributes: &[(&str, &str)]) -> NewOrderLine {
        let mut line = NewOrderLine::new("DZH318Z0SMP7:0003", 1);
        line.attributes =
            attributes.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        line
    }

    #[test]
    fn members_and_answers_are_told_apart() {
        let read = Attributes::parse(
            0,
            &line(&[
                ("ArmRegionName", "westeurope"),
                ("Scope", "single"),
                ("SubscriptionId", "610001"),
                ("AttestationAccepted", "true"),
                ("CustomTermEndDate", "2026-12-31"),
                ("domain", "example.com"),
            ]),
        );
        let mut wire = PurchaseRequestLine::default();
        read.unwrap().apply(&mut wire);
        assert_eq!(
            serde_json::to_string(&wire).unwrap(),
            r#"{"SubscriptionId":610001,"ArmRegionName":"westeurope","Scope":2,"ProvisioningContext":{"domain":"example.com"},"AttestationAccepted":true,"CustomTermEndDate":"2026-12-31T00:00:00Z"}"#
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (name, text) in [
            ("Scope", "galaxy"),
            ("SubscriptionId", "x"),
            ("AttestationAccepted", "maybe"),
            ("CustomTermEndDate", "soon"),
        ] {
            let error = Attributes::parse(3, &line(&[(name, text)])).unwrap_err();
            assert_eq!(error.violations()[0].field, format!("lines[3].attributes.{name}"));
        }
        assert!(Attributes::only_the_end(0, &line(&[("CustomTermEndDate", "2026-12-31")]), true).is_ok());
        for refused in [line(&[("CustomTermEndDate", "2026-12-31")]), line(&[("domain", "example.com")])] {
            assert!(Attributes::only_the_end(0, &refused, false).is_err());
        }
    }
}
