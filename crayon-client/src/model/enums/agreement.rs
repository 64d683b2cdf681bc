//! Agreements, what is sold under them, and what was reported for them.

numeric_enum! {
    /// What an agreement lets one buy.
    pub enum AgreementType {
        /// Not said.
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
        /// Not said.
        None = 0,
        /// Running.
        Active = 1,
        /// Over, or not begun.
        Inactive = 2,
        /// Both.
        ActiveInactive = 3,
    }

    /// How a price is worked out.
    pub enum PriceCalculationType {
        /// Not said.
        None = 0,
        /// As usual.
        Default = 1,
        /// Select Plus.
        SelectPlus = 2,
        /// Adobe VIP.
        AdobeVip = 3,
        /// MPSA.
        Mpsa = 4,
    }

    /// What kind of thing a product is.
    pub enum ProductTypeDto {
        /// A product.
        Product = 0,
        /// A bundle.
        Bundle = 1,
        /// A service.
        Service = 2,
        /// For internal use.
        Internal = 3,
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
        /// Not said.
        NONE = 0,
        /// Licences.
        LICENSE = 1,
        /// Reporting.
        REPORT = 2,
        /// Cloud.
        CLOUD = 4,
    }
}
