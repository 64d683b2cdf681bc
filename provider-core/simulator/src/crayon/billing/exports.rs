//! Reports that are generated in the background and downloaded as archives.

use super::record::Export;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::route::{delete, get, post};
use crate::crayon::engine::shape::{date, int, nested, shape};
use crate::crayon::engine::{dates, files};
use crate::crayon::state::{Call, Route};

shape!(TIME_RANGE, "TimeRange", [date("From").required(), date("To").required()]);
shape!(
    LICENSE_REPORT,
    "LicenseReportRequest",
    [
        int("CustomerAccountId").required(),
        nested("TimeRange", &TIME_RANGE).required(),
        int("CloudAccountId").opt(),
        int("InvoiceProfileId").opt(),
    ]
);

pub(crate) const ROUTES: &[Route] = &[
    post("exports/generate-license-report", generate).body(&LICENSE_REPORT),
    get("exports", list),
    get("exports/{id:int}/download", download),
    delete("exports/{id:int}", remove),
];

fn json(call: &Call<'_>, export: &Export) -> Json {
    let ready = export.due <= call.now;
    let url = ready.then(|| format!("{}/api/v1/exports/{}/download", call.base_url, export.id));
    object! {
        "Id": export.id,
        // The states are not documented: these two words are ours.
        "Status": if ready { "Completed" } else { "Processing" },
        "ActionUrl": url,
    }
}

fn generate(call: &mut Call<'_>) -> Outcome {
    let body = std::mem::replace(&mut call.body, Json::Null);
    let organization = call.accessible(body.get("CustomerAccountId").int().unwrap_or_default())?;
    let tenant = body.get("CloudAccountId").int().filter(|id| *id != 0);
    if let Some(tenant) = tenant {
        call.state.tenant(tenant)?;
    }
    let edge = |name: &str| body.get("TimeRange").get(name).text().and_then(dates::read);
    let (Some(from), Some(to)) = (edge("From"), edge("To")) else {
        return Err(ErrorAnswer::nothing_here());
    };
    if from > to {
        return Err(ErrorAnswer::rule("PeriodInvalid", "From must not be after To."));
    }
    let id = call.state.exports.last().map_or(5_001, |last| last.id + 1);
    let export = Export { id, organization, tenant, from, to, due: call.now + call.settings.order_delay };
    let answer = json(call, &export);
    call.state.exports.push(export);
    Ok(Answer::json(answer))
}

/// The one list without a total.
fn list(call: &mut Call<'_>) -> Outcome {
    let rows: Vec<Json> = call.state.exports.iter().map(|export| json(call, export)).collect();
    Ok(Answer::json(object! { "Items": rows }))
}

fn found(call: &Call<'_>) -> Result<Export, ErrorAnswer> {
    let id = call.id("id");
    let export = call.state.exports.iter().find(|export| export.id == id);
    export.cloned().ok_or_else(|| ErrorAnswer::not_found("Export", &id))
}

fn download(call: &mut Call<'_>) -> Outcome {
    let export = found(call)?;
    if export.due > call.now {
        return Err(ErrorAnswer::rule("ExportNotReady", "The export is still being generated."));
    }
    let state = &*call.state;
    let mut rows = vec![["Customer", "Subscription", "Product", "Quantity"].map(str::to_owned).to_vec()];
    let bought = state.subscriptions.all().filter(|row| {
        let owner = state.tenants.get(&row.tenant).map(|tenant| tenant.organization);
        owner == Some(export.organization)
            && export.tenant.is_none_or(|tenant| tenant == row.tenant)
            && row.created < export.to
            && row.ends.is_none_or(|ends| ends >= export.from)
    });
    rows.extend(bought.map(|row| {
        let tenant = state.tenants.get(&row.tenant).and_then(|tenant| tenant.name.clone());
        let product = state.catalog.variant(row.variant).map(|variant| variant.name());
        vec![
            tenant.unwrap_or_default(),
            row.id.to_string(),
            product.unwrap_or_default(),
            row.quantity.to_string(),
        ]
    }));
    let sheet = files::workbook(&rows);
    let archive = files::zip(&[("license-report.xlsx", sheet.as_slice())]);
    Ok(Answer::file(files::ZIP, Some(format!("export-{}.zip", export.id)), archive))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let id = found(call)?.id;
    call.state.exports.retain(|export| export.id != id);
    Ok(Answer::empty())
}
