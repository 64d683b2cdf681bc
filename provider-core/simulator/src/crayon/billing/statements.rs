//! Billing statements and their files, invoices and their orders.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Datelike;
use rust_decimal::Decimal;

use super::months;
use super::record::{Line, METERED, Statement};
use super::usage::METERS;
use crate::crayon::customer::record::Tenant;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::PROVISION_TYPE;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::files::{self, File};
use crate::crayon::engine::json::{Casing, Json, object, price};
use crate::crayon::engine::query::{Param, choice, date, int};
use crate::crayon::engine::route::{PAGED, get};
use crate::crayon::state::{Call, Route, State};
use crate::crayon::subscription::record::FIXED_PRICE;

const FILTER: &[Param] = &[
    int("OrganizationId").required(),
    int("InvoiceProfileId"),
    choice("ProvisionType", &PROVISION_TYPE),
    date("From"),
    date("To"),
];

pub(crate) const ROUTES: &[Route] = &[
    get("billingstatements", list).query(FILTER).paged(PAGED),
    get("billingstatements/grouped", list_grouped).query(FILTER).paged(PAGED),
    get("billingstatements/file/{id:int}", workbook),
    get("billingstatements/file/{id:int}/download", download),
    get("billingstatements/{id:int}/reconciliationfile", reconciliation),
    get("billingstatements/{id:int}/reconciliationfile", daily_reconciliation).v2(),
    get("billingstatements/{id:int}/billingrecordsfile", records),
    get("invoices/{organization:int}", invoices).paged(PAGED),
    get("orders/{order:long}/items", order_items).query(&[int("organizationId").required()]),
];

fn statement_json(state: &State, row: &Statement) -> Json {
    object! {
        "Id": row.id,
        "TotalSalesPrice": price(row.total, row.currency.code()),
        "InvoiceProfile": state.directory.profile_reference(Some(row.profile)),
        "Organization": state.organization_reference(row.organization),
        "StartDate": dates::write(row.starts, Form::Offset),
        "EndDate": dates::write(row.ends, Form::Offset),
        "ProvisionType": row.provision,
        "OrderId": row.order_id().to_string(),
    }
}

fn selected<'a>(call: &'a mut Call<'_>) -> Result<Vec<&'a Statement>, ErrorAnswer> {
    let organization = call.organization_filter()?;
    months::bill(call.state, call.now);
    let query = &call.query;
    let same = |wanted: Option<i64>, value: i64| wanted.is_none_or(|wanted| wanted == value);
    let rows = call.state.billing.statements.iter().filter(|row| {
        same(organization, row.organization)
            && same(query.filter("InvoiceProfileId"), row.profile)
            && same(query.filter("ProvisionType"), row.provision)
            && query.date("From").is_none_or(|from| row.ends > from)
            && query.date("To").is_none_or(|to| row.starts < to)
    });
    Ok(rows.collect())
}

fn list(call: &mut Call<'_>) -> Outcome {
    let ids: Vec<i64> = selected(call)?.into_iter().map(|row| row.id).collect();
    page(call, &ids, statement_json)
}

fn list_grouped(call: &mut Call<'_>) -> Outcome {
    let mut rows = selected(call)?;
    rows.sort_by_key(|row| row.group);
    let ids: Vec<i64> = rows.into_iter().map(|row| row.id).collect();
    page(call, &ids, |state, row| {
        let Json::Object(mut members) = statement_json(state, row) else {
            return Json::Null;
        };
        members.insert(0, ("GroupId".into(), Json::from(row.group)));
        Json::Object(members)
    })
}

fn page(call: &Call<'_>, ids: &[i64], render: impl Fn(&State, &Statement) -> Json) -> Outcome {
    let state = &*call.state;
    let find = |id: &i64| state.billing.statements.iter().find(|row| row.id == *id);
    Ok(call.page_of(ids.iter().filter_map(find), |row| render(state, row)))
}

/// The statement of the path, with history written first.
fn found<'a>(call: &'a mut Call<'_>) -> Result<&'a Statement, ErrorAnswer> {
    months::bill(call.state, call.now);
    let id = call.id("id");
    let row = call.state.billing.statements.iter().find(|row| row.id == id);
    row.ok_or_else(|| ErrorAnswer::not_found("BillingStatement", &id))
}

/// Wraps a file as the service does, or hands out its bytes to those who ask for them.
fn wrapped(call: &mut Call<'_>, make: impl Fn(&State, &Statement) -> File) -> Outcome {
    let split = call.settings.split_files;
    let bytes_wanted = call.wants_bytes;
    let id = found(call)?.id;
    let state = &*call.state;
    let row =
        state.billing.statements.iter().find(|row| row.id == id).ok_or_else(ErrorAnswer::nothing_here)?;
    let file = make(state, row);
    let file = if split { file.zipped() } else { file };
    if bytes_wanted {
        return Ok(Answer::file(files::OCTETS, Some(file.name), file.bytes));
    }
    Ok(Answer::json(object! {
        "BillingStatement": statement_json(state, row),
        "FileName": file.name,
        "Data": STANDARD.encode(file.bytes),
    }))
}

fn workbook_file(state: &State, row: &Statement) -> File {
    let rows = table(state, row);
    File {
        name: format!("statement-{}.xlsx", row.id),
        content_type: files::XLSX,
        bytes: files::workbook(&rows),
    }
}

fn workbook(call: &mut Call<'_>) -> Outcome {
    wrapped(call, workbook_file)
}

fn download(call: &mut Call<'_>) -> Outcome {
    let split = call.settings.split_files;
    let id = found(call)?.id;
    let state = &*call.state;
    let row =
        state.billing.statements.iter().find(|row| row.id == id).ok_or_else(ErrorAnswer::nothing_here)?;
    let file = workbook_file(state, row);
    let file = if split { file.zipped() } else { file };
    Ok(Answer::file(file.content_type, Some(file.name), file.bytes))
}

fn reconciliation(call: &mut Call<'_>) -> Outcome {
    wrapped(call, |state, row| File {
        name: format!("reconciliation-{}.csv", row.id),
        content_type: files::CSV,
        bytes: files::csv(&table(state, row)),
    })
}

/// The second version tells metered charges day by day.
fn daily_reconciliation(call: &mut Call<'_>) -> Outcome {
    wrapped(call, |state, row| {
        let mut rows = vec![
            ["Date", "SubscriptionId", "Description", "Quantity", "UnitPrice", "Amount", "Currency"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for line in &row.lines {
            let days = if row.provision == METERED { line.quantity } else { 1 };
            let quantity = line.quantity / days.max(1);
            for day in 0..days {
                let date = row.starts + chrono::TimeDelta::days(day);
                rows.push(vec![
                    date.date_naive().to_string(),
                    line.subscription.to_string(),
                    description(state, line),
                    quantity.to_string(),
                    line.unit_price.to_string(),
                    (line.unit_price * Decimal::from(quantity)).to_string(),
                    row.currency.code().to_owned(),
                ]);
            }
        }
        File {
            name: format!("reconciliation-v2-{}.csv", row.id),
            content_type: files::CSV,
            bytes: files::csv(&rows),
        }
    })
}

fn records(call: &mut Call<'_>) -> Outcome {
    wrapped(call, |state, row| {
        let records = row.lines.iter().map(|line| record(state, row, line)).collect();
        File {
            name: format!("billingrecords-{}.json", row.id),
            content_type: files::JSON,
            bytes: Json::List(records).to_bytes(Casing::Pascal),
        }
    })
}

/// What a charge is for.
fn description(state: &State, line: &Line) -> String {
    match line.meter.and_then(|(_, meter)| METERS.get(meter)) {
        Some(meter) => format!("{} - {}", meter.category, meter.name),
        None => state.catalog.variant(line.variant).map(|variant| variant.name()).unwrap_or_default(),
    }
}

fn record(state: &State, row: &Statement, line: &Line) -> Json {
    let tenant = state.tenants.get(&line.tenant);
    let variant = state.catalog.variant(line.variant);
    let mut record = object! {
        "OrganizationName": state.organization(row.organization).map(|organization| organization.name),
        "PeriodMonth": i64::from(row.starts.month()),
        "PeriodYear": i64::from(row.starts.year()),
        "CompanyName": tenant.and_then(|tenant| tenant.name.clone()),
        "TenantReference": tenant.and_then(|tenant| tenant.reference.clone()),
        "TenantPrimaryDomain": tenant.map(Tenant::domain),
        "ProductId": variant.map(|variant| variant.offering.part_number.clone()),
        "Publisher": "Microsoft",
        "UnitPrice": line.unit_price,
        "Quantity": line.quantity,
        "Unit": if line.meter.is_some() { "1 Day" } else { "Month(s)" },
        "Currency": row.currency.code(),
    };
    match line.meter.and_then(|(_, meter)| METERS.get(meter)) {
        Some(meter) => {
            record.set("MeterName", meter.name);
            record.set("Category", meter.category);
            record.set("Subcategory", meter.subcategory);
            record.set("SummedAmount", line.amount());
        }
        None => {
            let subscription = state.subscriptions.get(line.subscription);
            record.set("SubscriptionId", subscription.map(|row| row.publisher_id(state)));
            record.set("SubscriptionName", subscription.map(|row| row.display_name(state)));
            record.set("OfferName", variant.map(|variant| variant.name()));
            record.set("ChargeType", line.charge);
            record.set("ChargeStartDate", dates::write(row.starts, Form::Bare));
            record.set("ChargeEndDate", dates::write(row.ends, Form::Bare));
            record.set("Amount", line.amount());
            // What the customer pays is told where the partner has fixed it.
            if let Some(row) = subscription.filter(|row| row.price_type == FIXED_PRICE) {
                record.set("ResellerSalesUnitPrice", row.sales_price);
                record.set("ResellerSalesPriceTotal", row.sales_price * Decimal::from(line.quantity));
            }
        }
    }
    record
}

fn table(state: &State, row: &Statement) -> Vec<Vec<String>> {
    let header =
        ["Period", "Company", "SubscriptionId", "Description", "Quantity", "UnitPrice", "Amount", "Currency"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(row.lines.iter().map(|line| {
        vec![
            row.starts.format("%Y-%m").to_string(),
            state.tenants.get(&line.tenant).and_then(|tenant| tenant.name.clone()).unwrap_or_default(),
            line.subscription.to_string(),
            description(state, line),
            line.quantity.to_string(),
            line.unit_price.to_string(),
            line.amount().to_string(),
            row.currency.code().to_owned(),
        ]
    }));
    rows
}

fn invoices(call: &mut Call<'_>) -> Outcome {
    let organization = call.accessible(call.id("organization"))?;
    months::bill(call.state, call.now);
    let state = &*call.state;
    let owner = state.organization(organization);
    let rows = state
        .billing
        .statements
        .iter()
        .filter(|row| row.organization == organization && row.invoiced_on() <= call.now);
    Ok(call.page_of(rows, |row| {
        let (account, name) =
            (owner.and_then(|owner| owner.account).unwrap_or("C-100201"), owner.map(|owner| owner.name));
        object! {
            "InvoiceId": row.invoice_id().to_string(),
            "OrderId": row.order_id().to_string(),
            "SalesCurrencyCode": row.currency.code(),
            "SalesAmount": row.total,
            "InvoiceCustomerId": account,
            "InvoiceCustomerName": name,
            "OrderCustomerId": account,
            "OrderCustomerName": name,
            "CustomerReference": "PO-9",
            "CustomerRequisition": "",
            "InvoiceDate": dates::write(row.invoiced_on(), Form::Zulu),
        }
    }))
}

fn order_items(call: &mut Call<'_>) -> Outcome {
    let organization = call.accessible(call.query.int("organizationId").unwrap_or_default())?;
    months::bill(call.state, call.now);
    let order = call.id("order");
    let state = &*call.state;
    let row = state
        .billing
        .statements
        .iter()
        .find(|row| row.order_id() == order && row.organization == organization);
    let row = row.ok_or_else(ErrorAnswer::nothing_here)?;
    // One item for each product or meter and unit price.
    let mut items: Vec<(String, String, Decimal, i64)> = Vec::new();
    for line in &row.lines {
        let sku = state.catalog.variant(line.variant).map(|variant| variant.offering.part_number.to_string());
        let key = (sku.unwrap_or_default(), description(state, line), line.unit_price);
        match items.iter_mut().find(|item| (item.0 == key.0) && item.1 == key.1 && item.2 == key.2) {
            Some(item) => item.3 += line.quantity,
            None => items.push((key.0, key.1, key.2, line.quantity)),
        }
    }
    let items = items.into_iter().map(|(sku, description, unit_price, quantity)| {
        object! {
            "SkuValue": sku,
            "LineDescription": description,
            "Price": unit_price,
            "CurrencyCode": row.currency.code(),
            "RowTotal": unit_price * Decimal::from(quantity),
            "Quantity": quantity,
        }
    });
    Ok(call.plain_list(items.collect()))
}
