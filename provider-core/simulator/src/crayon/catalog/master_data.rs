//! Publishers, programs, regions: lists that nobody changes.

use super::publishers::{PROGRAMS, PUBLISHERS, Program, program_json, publisher_reference};
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::enums::{PROGRAM_TYPE, REGION_LIST};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::query::{choice, int, text, texts};
use crate::crayon::engine::route::{PAGED, get};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    get("publishers", publishers)
        .query(&[texts("Names"), text("Search"), choice("ProgramType", &PROGRAM_TYPE)])
        .paged(PAGED),
    get("publishers/{id:int}", publisher),
    get("programs", programs)
        .query(&[
            int("PublisherId"),
            int("OrganizationId"),
            choice("ProgramType", &PROGRAM_TYPE),
            text("Search"),
        ])
        .paged(PAGED),
    get("programs/{id:int}", program),
    get("regions", regions)
        .query(&[choice("RegionList", &REGION_LIST), int("OrganizationId"), text("Search")])
        .paged(PAGED),
    get("regions/bycode", region).query(&[text("regionCode").required(), choice("regionList", &REGION_LIST)]),
];

fn publishers(call: &mut Call<'_>) -> Outcome {
    let names = call.query.texts("Names");
    let kind = call.query.filter("ProgramType");
    let rows = PUBLISHERS.iter().filter(|(id, name)| {
        (names.is_empty() || names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)))
            && kind.is_none_or(|kind| PROGRAMS.iter().any(|row| row.publisher == *id && row.kind & kind != 0))
            && mentions(call.query.text("Search"), &[Some(name)])
    });
    Ok(call.page_of(rows, |(id, name)| reference(*id, *name)))
}

fn publisher(call: &mut Call<'_>) -> Outcome {
    match publisher_reference(call.id("id")) {
        Json::Null => Err(ErrorAnswer::nothing_here()),
        publisher => Ok(Answer::json(publisher)),
    }
}

fn programs(call: &mut Call<'_>) -> Outcome {
    call.organization_filter()?;
    let publisher = call.query.filter("PublisherId");
    let kind = call.query.filter("ProgramType");
    let rows = PROGRAMS.iter().filter(|row| {
        publisher.is_none_or(|publisher| publisher == row.publisher)
            && kind.is_none_or(|kind| row.kind & kind != 0)
            && mentions(call.query.text("Search"), &[Some(row.name)])
    });
    Ok(call.page_of(rows, Program::json))
}

fn program(call: &mut Call<'_>) -> Outcome {
    match program_json(call.id("id")) {
        Json::Null => Err(ErrorAnswer::nothing_here()),
        program => Ok(Answer::json(program)),
    }
}

/// Countries that customers of the partner may be in.
const REGIONS: &[(&str, &str)] = &[
    ("AE", "United Arab Emirates"),
    ("AR", "Argentina"),
    ("AT", "Austria"),
    ("AU", "Australia"),
    ("BE", "Belgium"),
    ("BG", "Bulgaria"),
    ("BR", "Brazil"),
    ("CA", "Canada"),
    ("CH", "Switzerland"),
    ("CL", "Chile"),
    ("CZ", "Czechia"),
    ("DE", "Germany"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("ES", "Spain"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("GR", "Greece"),
    ("HU", "Hungary"),
    ("IE", "Ireland"),
    ("IN", "India"),
    ("IS", "Iceland"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("LV", "Latvia"),
    ("MX", "Mexico"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("NZ", "New Zealand"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SE", "Sweden"),
    ("SG", "Singapore"),
    ("SI", "Slovenia"),
    ("SK", "Slovakia"),
    ("US", "United States"),
    ("ZA", "South Africa"),
];

/// The organization's own list: where it is established.
const OWN_REGIONS: &[&str] = &["DK", "NO", "SE"];

fn listed(list: Option<i64>, code: &str) -> bool {
    list != Some(2) || OWN_REGIONS.contains(&code)
}

fn regions(call: &mut Call<'_>) -> Outcome {
    call.organization_filter()?;
    let list = call.query.filter("RegionList");
    let rows = REGIONS.iter().filter(|(code, name)| {
        listed(list, code) && mentions(call.query.text("Search"), &[Some(code), Some(name)])
    });
    Ok(call.page_of(rows, |(code, name)| object! { "Code": *code, "Name": *name }))
}

fn region(call: &mut Call<'_>) -> Outcome {
    let wanted = call.query.text("regionCode").unwrap_or_default();
    let list = call.query.filter("regionList");
    let row = REGIONS.iter().find(|(code, _)| code.eq_ignore_ascii_case(wanted) && listed(list, code));
    row.map(|(code, name)| Answer::json(object! { "Code": *code, "Name": *name }))
        .ok_or_else(ErrorAnswer::nothing_here)
}
