//! Categories, verticals, charges and programs.

use serde::Serialize;

use super::Json;
use crate::wire::record;

record! {
    /// A category of the catalogue.
    Category {
        /// Its resource name.
        name: text,
        /// Its name.
        display_name: text,
        /// How many products it has.
        count: count,
        /// What it is.
        description: text,
        /// The category above it.
        parent: text,
        /// The categories below it.
        children: many(Json),
    }

    /// A line of business.
    Vertical {
        /// Its resource name.
        name: text,
        /// Its name.
        display_name: text,
        /// What it is.
        description: text,
    }

    /// What is charged for a plan.
    Charge {
        /// Its resource name.
        name: text,
        /// Its name.
        charge_name: text,
        /// The kind of plan.
        plan_type: text,
        /// What the rate applies to.
        apply_rate_to: text,
        /// Rates by quantity.
        tiers: many(Json),
        /// ISO 4217 code.
        currency: text,
    }

    /// A program that products can be part of.
    Program {
        /// Its resource name.
        name: text,
        /// Its name.
        display_name: text,
        /// Its name in assignments.
        program_name: text,
        /// The partner behind it.
        partner_name: text,
    }
}

/// Assigns a program: `PUT /accounts/{account}/products_programs/{program}:batchUpdate`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProgramAssignment {
    /// The program.
    pub program_name: String,
    /// The partner.
    pub partner_name: String,
}

impl ProgramAssignment {
    /// Assigns this program of this partner.
    #[must_use]
    pub fn new(program: impl Into<String>, partner: impl Into<String>) -> Self {
        Self { program_name: program.into(), partner_name: partner.into() }
    }
}
