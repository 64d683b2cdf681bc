//! Agreements, and the master data around them.

use crate::client::CrayonClient;
use crate::model::{
    Agreement, AgreementFilter, AgreementReport, Program, ProgramFilter, Publisher, PublisherFilter, Region,
    RegionFilter, RegionList,
};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Agreements: what a partner buys under.
    Agreements as agreements {
        /// One page of agreements.
        get "/api/v1/Agreements" => list() query(query: AgreementFilter, paging: Paging) -> list Listed<Agreement>;
    }

    /// Publishers, such as Microsoft.
    Publishers as publishers {
        /// One page of publishers.
        get "/api/v1/Publishers" => list() query(query: PublisherFilter, paging: Paging) -> list Listed<Publisher>;
        /// One publisher.
        get "/api/v1/Publishers/{id}" => get(id: i64) -> record Publisher;
    }

    /// Programs of publishers.
    Programs as programs {
        /// One page of programs.
        get "/api/v1/Programs" => list() query(query: ProgramFilter, paging: Paging) -> list Listed<Program>;
        /// One program.
        get "/api/v1/Programs/{id}" => get(id: i64) -> record Program;
    }

    /// Countries and regions for addresses.
    Regions as regions {
        /// One page of regions.
        get "/api/v1/Regions" => list() query(query: RegionFilter, paging: Paging) -> list Listed<Region>;
        /// One region, by its code.
        get "/api/v1/Regions/bycode" => get_by_code() with(region_code: &str = "regionCode", region_list: RegionList = "regionList") -> record Region;
    }

    /// What was reported for agreements.
    AgreementReports as agreement_reports {
        /// What was reported in a product container.
        get "/api/v1/AgreementReports/{product_container}" => list(product_container: i64) -> list Listed<AgreementReport>;
        /// Sets what was reported for an agreement.
        put "/api/v1/AgreementReports/{agreement}" => update(agreement: i64) body(report: &AgreementReport) -> record AgreementReport;
    }
}
