//! Agreements, programs, publishers, regions and reports.

use chrono::{DateTime, Utc};

use super::ObjectReference;
use crate::wire::Paging;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A publisher, such as Microsoft.
    pub struct Publisher {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
    }

    /// A country or region for addresses.
    pub struct Region {
        /// Its code.
        pub code: Option<String>,
        /// Its name.
        pub name: Option<String>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An agreement: what a partner buys under, with the currency of its prices.
    pub struct Agreement {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// Its name.
        pub name: Option<String>,
        /// The currency of its prices.
        pub sales_price_currency_code: Option<String>,
        /// When it begins.
        pub start_date: Option<Moment>,
        /// When it ends.
        pub end_date: Option<Moment>,
        /// Whether it was switched off.
        pub disabled: Option<bool>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The program.
        pub program: Option<ObjectReference>,
        /// Its number.
        pub number: Option<String>,
        /// The customer's number in it.
        pub customer_number: Option<String>,
        /// The agreement above it.
        pub master_agreement: Option<String>,
        /// Whether terms were agreed.
        pub has_terms: Option<bool>,
        /// What it lets one buy.
        pub agreement_type: Option<AgreementType>,
        /// The agreement it belongs to.
        pub parent_agreement_id: Option<i64>,
        /// The agreed level.
        pub commitment_level: Option<Decimal>,
        /// The consumer it is for.
        pub consumer_id: Option<i64>,
    }

    /// A program of a publisher.
    pub struct Program {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// Whether it commits.
        pub is_commitment: Option<bool>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
    }

    /// An agreement in a report.
    pub struct ReportedAgreement {
        /// Its id.
        pub id: Option<i64>,
        /// Its name.
        pub name: Option<String>,
        /// Its number.
        pub agreement_number: Option<String>,
        /// The agreed level.
        pub commitment_level: Option<Decimal>,
        /// Whether that level is the customer's own.
        pub is_custom_commitment: Option<bool>,
    }

    /// What was reported for an agreement.
    pub struct AgreementReport {
        /// The report.
        pub product_container: Option<ObjectReference>,
        /// The agreement.
        pub agreement: Option<ReportedAgreement>,
        /// What was reported.
        pub status: Option<AgreementReportStatus>,
        /// Whether the agreement's term is valid.
        pub has_valid_agreement_term: Option<bool>,
    }
}

numeric_enum! {
    /// What an agreement lets one buy.
    pub enum AgreementType {
        /// Not specified.
        None = 0,
        /// Licences.
        LicenseAgreement = 1,
        /// Open licences.
        OpenAgreement = 2,
        /// A frame agreement.
        FrameAgreement = 3,
        /// Software asset management.
        SamAgreement = 4,
        /// Consulting.
        ConsultingAgreement = 5,
        /// Legacy seats.
        CloudSeatAgreement = 6,
        /// Consumption.
        CloudUsageAgreement = 7,
        /// Reporting.
        ReportingAgreement = 8,
        /// Something else.
        OtherAgreement = 9,
        /// Reserved.
        Reserved1 = 10,
        /// Reserved.
        Reserved2 = 11,
        /// Reserved.
        Reserved3 = 12,
        /// New commerce seats.
        NewCommerceCSPSeats = 13,
    }

    /// Which agreements are listed.
    pub enum AgreementStatus {
        /// Not specified.
        None = 0,
        /// Running.
        Active = 1,
        /// Over, or not begun.
        Inactive = 2,
        /// Both.
        ActiveInactive = 3,
    }

    /// Which list of regions is meant.
    pub enum RegionList {
        /// Not specified.
        None = 0,
        /// Those of Microsoft's CSP programme.
        MicrosoftCsp = 1,
        /// Those of the organization.
        OrganizationSpecific = 2,
    }
}

flags! {
    /// What was reported for an agreement.
    pub struct AgreementReportStatus {
        /// Nothing is said.
        NONE = 0,
        /// Nothing was reported.
        NOT_REPORTED = 1,
        /// It was reported that nothing was used.
        ZERO_USAGE_REPORTED = 2,
        /// Usage was reported.
        USAGE_REPORTED = 4,
    }

    /// What a program is for.
    pub struct ProgramType {
        /// Not specified.
        NONE = 0,
        /// Licences.
        LICENSE = 1,
        /// Reporting.
        REPORT = 2,
        /// Cloud.
        CLOUD = 4,
    }
}

provider_http::query! {
    /// Which agreements are listed.
    pub struct AgreementFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of these organizations.
        pub organization_ids: Vec<i64> = "OrganizationIds",
        /// These.
        pub agreement_ids: Vec<i64> = "AgreementIds",
        /// Of these types.
        pub agreement_types: Vec<AgreementType> = "AgreementTypes",
        /// Of this publisher.
        pub publisher_id: Option<i64> = "PublisherId",
        /// Of these publishers.
        pub publisher_ids: Vec<i64> = "PublisherIds",
        /// Of these programs.
        pub program_ids: Vec<i64> = "ProgramIds",
        /// With these price lists.
        pub pricelist_ids: Vec<i64> = "PricelistIds",
        /// With this status.
        pub status: Option<AgreementStatus> = "Status",
        /// As of this time.
        pub search_date: Option<DateTime<Utc>> = "SearchDate",
        /// That end no earlier.
        pub end_date_from: Option<DateTime<Utc>> = "EndDateFrom",
        /// That end no later.
        pub end_date_to: Option<DateTime<Utc>> = "EndDateTo",
        /// In this currency.
        pub sales_price_currency: Option<String> = "SalesPriceCurrency",
        /// That need a term.
        pub term_required: Option<bool> = "TermRequired",
        /// For trials.
        pub is_trial: Option<bool> = "isTrial",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }

    /// Which publishers are listed.
    pub struct PublisherFilter paged(Paging) {
        /// With these names.
        pub names: Vec<String> = "Names",
        /// Found by this text.
        pub search: Option<String> = "Search",
        /// With programs of this type.
        pub program_type: Option<ProgramType> = "ProgramType",
    }

    /// Which programs are listed.
    pub struct ProgramFilter paged(Paging) {
        /// Of this publisher.
        pub publisher_id: Option<i64> = "PublisherId",
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of this type.
        pub program_type: Option<ProgramType> = "ProgramType",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }

    /// Which regions are listed.
    pub struct RegionFilter paged(Paging) {
        /// Of this list.
        pub region_list: Option<RegionList> = "RegionList",
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }
}
