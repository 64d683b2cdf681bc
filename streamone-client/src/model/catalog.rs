//! Categories, verticals, charges and programs.

use provider_core::records;
use serde::Serialize;

use super::Json;

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A category of the catalog.
    pub struct Category {
        /// Its resource name.
        pub name: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// How many products it has.
        pub count: Option<i64>,
        /// What it is.
        pub description: Option<String>,
        /// The category above it.
        pub parent: Option<String>,
        /// The categories below it.
        pub children: Vec<Json>,
    }

    /// A vertical: an industry that products are made for.
    pub struct Vertical {
        /// Its resource name.
        pub name: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// What it is.
        pub description: Option<String>,
    }

    /// What is charged for a plan.
    pub struct Charge {
        /// Its resource name.
        pub name: Option<String>,
        /// Its name.
        pub charge_name: Option<String>,
        /// The kind of plan.
        pub plan_type: Option<String>,
        /// What the rate applies to.
        pub apply_rate_to: Option<String>,
        /// Rates by quantity.
        pub tiers: Vec<Json>,
        /// ISO 4217 code.
        pub currency: Option<String>,
    }

    /// A program that products can be part of.
    pub struct Program {
        /// Its resource name.
        pub name: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// Its name in assignments.
        pub program_name: Option<String>,
        /// The partner behind it.
        pub partner_name: Option<String>,
    }
}

/// Assigns a program: `PUT /accounts/{account}/products_programs/{program}:batchUpdate`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProgramAssignment {
    /// What is assigned.
    pub product_programs: ProductProgram,
}

/// A program of a partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductProgram {
    /// The program.
    pub program_name: String,
    /// The partner.
    pub partner_name: String,
}

impl ProgramAssignment {
    /// Assigns this program of this partner.
    #[must_use]
    pub fn new(program: impl Into<String>, partner: impl Into<String>) -> Self {
        Self {
            product_programs: ProductProgram { program_name: program.into(), partner_name: partner.into() },
        }
    }
}
