//! The report endpoints that do not run a report.

use serde_json::{Value, json};

use super::data::{read_body, selection};
use super::record::{MODULES, REPORT, Report};
use crate::streamone::catalog::providers;
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::shape::read_text;
use crate::streamone::engine::wire::empty_object;
use crate::streamone::state::State;

/// `GET /accounts/{a}/reports`: entries without specs.
pub(crate) fn list(state: &State, call: &Call) -> Outcome {
    let module = Query::of(call, &["module"])?.choice("module", MODULES)?;
    let module = module.filter(|module| *module != "REPORTS_MODULE_UNSPECIFIED");
    let reports: Vec<Value> = state
        .reports
        .by_id
        .values()
        .filter(|report| module.is_none_or(|module| report.module == module))
        .map(Report::listed)
        .collect();
    Ok(Answer::json(json!({"reports": reports})))
}

/// `GET /accounts/{a}/reports/{id}`.
pub(crate) fn get(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::of(call, &["includeMetadata"])?.flag("includeMetadata")?;
    let id = state.report(id)?.id;
    if let Some(report) = state.reports.by_id.get_mut(&id) {
        report.accessed = Some(call.now);
    }
    Ok(Answer::json(state.report(&id.to_string())?.full(call.now)))
}

/// `POST /accounts/{a}/reports/{id}`: saves a changed copy under a new id.
pub(crate) fn create(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    let original = state.report(id)?.clone();
    let body = call.optional_json_body(REPORT)?;
    let chosen = selection(&original, &body, call.now)?;
    let text = |name: &str, other: &str| read_text(&body, name).unwrap_or(other).to_owned();
    let range = body.pointer("/specs/dateRangeOption/selectedRange/relativeDateRange");
    let range = range.and_then(Value::as_str).unwrap_or(&original.range).to_owned();
    let made = Report {
        id: state.fresh_id(),
        module: text("reportModule", &original.module),
        category: text("category", &original.category),
        display_name: text("displayName", &original.display_name),
        selected: chosen.columns.iter().map(|column| column.id).collect(),
        range,
        rows_limit: chosen.rows_limit,
        created: call.now,
        accessed: None,
        ..original
    };
    let answer = json!({"reportId": made.id.to_string()});
    state.reports.by_id.insert(made.id, made);
    Ok(Answer::json(answer))
}

/// `DELETE /accounts/{a}/reports/{id}`.
pub(crate) fn delete(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    call.no_body()?;
    let id = state.report(id)?.id;
    state.reports.by_id.remove(&id);
    Ok(Answer::json(empty_object()))
}

/// `POST …/reports/{id}/report`: the specs alone.
pub(crate) fn specs(state: &State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    let report = state.report(id)?;
    read_body(call, report.id)?;
    let full = report.full(call.now);
    Ok(Answer::json(json!({"specs": full.get("specs")})))
}

/// `POST …/reports/{id}/details`: how price and cost come about. The names of the members are not known.
pub(crate) fn details(state: &State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    let report = state.report(id)?;
    read_body(call, report.id)?;
    let step = |name: &str| json!([{"name": name, "currency": CURRENCY}]);
    Ok(Answer::json(json!({"priceSteps": step("List price"), "costSteps": step("Price book")})))
}

/// `GET /accounts/{a}/providers/{p}/refreshCacheEnhanced`.
pub(crate) fn refresh_cache(state: &State, call: &Call, provider: &str) -> Outcome {
    let query = Query::of(call, &["reportId", "billingPeriodStart", "billingPeriodEnd"])?;
    let report = state.report(query.required("reportId")?)?;
    query.moment("billingPeriodStart")?;
    query.moment("billingPeriodEnd")?;
    if provider.parse().ok().and_then(providers::provider).is_none() {
        let name = format!("accounts/{}/cloudProviders/{provider}", state.account);
        return Err(Problem::not_found(&name));
    }
    Ok(Answer::json(json!({"reportIds": [report.id.to_string()]})))
}
