//! Parts add up to what is owed: for every body with money in it, and for what it becomes when each of its amounts is
//! another one. What is owed is taken from the wire here, by the vendors' words for it; the records are the readers'.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::library::{self, Body};
use crate::reader::{Kind, Reader, Vendor};
use crate::tables;

/// A sum that holds: the members of the normalised records whose amounts are its parts, and what they have to come to.
struct Sum {
    of: &'static str,
    parts: &'static [&'static str],
    whole: Decimal,
}

fn number(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// The first of these members that is told.
fn first(wire: &Value, members: &[&str]) -> Option<Decimal> {
    members.iter().find_map(|member| number(wire.pointer(&format!("/{member}"))?))
}

fn times(wire: &Value, price: &str) -> Option<Decimal> {
    first(wire, &[price])?.checked_mul(first(wire, &["Quantity"])?)
}

/// What the body says is owed, and of which parts that is the sum.
fn owed(vendor: Vendor, kind: Kind, wire: &Value) -> Vec<Sum> {
    let mut sums = Vec::new();
    let mut add = |of, parts, whole: Option<Decimal>| {
        sums.extend(whole.map(|whole| Sum { of, parts, whole }));
    };
    match (vendor, kind) {
        (Vendor::Crayon, Kind::Line) => {
            add("RowTotal", &["cost"], first(wire, &["RowTotal"]).or_else(|| times(wire, "Price")));
        }
        (Vendor::Crayon, Kind::StatementLine) => {
            let told = first(wire, &["Amount", "SummedAmount"]).or_else(|| times(wire, "UnitPrice"));
            add("Amount", &["cost"], told);
            add(
                "ResellerSalesPriceTotal",
                &["sale"],
                first(wire, &["ResellerSalesPriceTotal", "ResellerPrice"]),
            );
        }
        (Vendor::Crayon, Kind::Invoice) => add("SalesAmount", &["total"], first(wire, &["SalesAmount"])),
        (Vendor::Crayon, Kind::Statement) => {
            add("TotalSalesPrice", &["total"], first(wire, &["TotalSalesPrice/Value"]));
        }
        (Vendor::Crayon, Kind::Usage) => add("Amount", &["cost"], first(wire, &["Amount"])),
        (Vendor::Pax8, Kind::Line) => {
            add("amountDue", &["cost"], first(wire, &["amountDue", "costTotal"]));
            // Services and billing fees, without the tax.
            add("total", &["sale", "fee"], first(wire, &["total", "subTotal"]));
        }
        (Vendor::Pax8, Kind::Invoice) => {
            add("total", &["total"], first(wire, &["total"]));
            add("balance", &["balance"], first(wire, &["balance"]));
        }
        (Vendor::Pax8, Kind::Usage | Kind::UsageLine) => {
            add("partnerTotal", &["cost"], first(wire, &["partnerTotal"]));
            add("currentCharges", &["sale"], first(wire, &["currentCharges"]));
        }
        (Vendor::StreamOne, Kind::Invoice) => add("total", &["total"], first(wire, &["total"])),
        (Vendor::StreamOne, Kind::Order) => add("total", &["total"], first(wire, &["total"])),
        (Vendor::StreamOne, Kind::Usage) => {
            add("cost", &["cost"], told_below(wire, "cost"));
            add("price", &["sale"], told_below(wire, "price"));
        }
        _ => {}
    }
    sums
}

/// What a tree comes to: a node counts where nothing below it tells figures again.
fn told_below(node: &Value, figure: &str) -> Option<Decimal> {
    fn tells(node: &Value) -> bool {
        node["data"].is_object() || lines(node).iter().any(tells)
    }
    fn lines(node: &Value) -> &[Value] {
        node["lines"].as_array().map(Vec::as_slice).unwrap_or_default()
    }
    if !lines(node).iter().any(tells) {
        return number(node["data"].get(figure)?);
    }
    let below: Vec<Decimal> = lines(node).iter().filter_map(|line| told_below(line, figure)).collect();
    (!below.is_empty()).then(|| below.into_iter().sum())
}

/// What the parts come to in the records that were read; `None` where a record tells none of them.
fn sum(records: &[Value], parts: &[&str]) -> Option<Decimal> {
    let mut sum = None;
    for record in records {
        for part in parts {
            if let Some(amount) = number(&record[*part]["amount"]) {
                sum = Some(sum.unwrap_or(Decimal::ZERO) + amount);
            }
        }
    }
    sum
}

/// Which sums do not hold.
fn broken(vendor: Vendor, kind: Kind, wire: &Value, records: &[Value]) -> Vec<String> {
    // ION lists an invoice on both sides, to the reseller and to its customers: each is the whole.
    let sides = vendor == Vendor::StreamOne && kind == Kind::Invoice;
    let sets: Vec<&[Value]> = if sides { records.chunks(1).collect() } else { vec![records] };
    let mut found = Vec::new();
    for Sum { of, parts, whole } in owed(vendor, kind, wire) {
        for records in &sets {
            let told = sum(records, parts);
            if told != Some(whole) {
                found.push(format!("`{of}` is {whole}, and {parts:?} come to {told:?}"));
            }
        }
    }
    found
}

/// The places of all amounts in a body, a figure inside a tree too.
fn amounts(wire: &Value) -> Vec<String> {
    const MONEY: [&str; 17] = [
        "Amount",
        "SummedAmount",
        "UnitPrice",
        "RowTotal",
        "Price",
        "SalesAmount",
        "Value",
        "amountDue",
        "costTotal",
        "total",
        "subTotal",
        "billingFee",
        "balance",
        "partnerTotal",
        "currentCharges",
        "cost",
        "price",
    ];
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, inner) in members {
                    let place = format!("{at}/{name}");
                    if MONEY.contains(&name.as_str()) && number(inner).is_some() {
                        found.push(place);
                    } else {
                        walk(inner, &place, found);
                    }
                }
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, inner)| walk(inner, &format!("{at}/{index}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(wire, "", &mut found);
    found
}

/// The body as it came, and with each of its amounts given back, nothing, another one and left out.
fn variants(wire: &Value) -> Vec<Value> {
    let mut all = vec![wire.clone()];
    for place in amounts(wire) {
        for other in [json!(-50), json!(0), json!("111.10"), Value::Null] {
            let mut changed = wire.clone();
            let was = changed.pointer_mut(&place).unwrap();
            // Where numbers are written as text, they stay so.
            *was = if was.is_string() && other.is_number() { json!(other.to_string()) } else { other };
            all.push(changed);
        }
    }
    all
}

fn records(reader: &Reader, wire: &Value) -> Result<Vec<Value>, String> {
    let read = reader.read(wire);
    match read.refused {
        Some(refused) => Err(refused),
        None => read.records.into_iter().collect(),
    }
}

#[test]
fn parts_add_up_to_what_is_owed() {
    for vendor in [Vendor::Crayon, Vendor::Pax8, Vendor::StreamOne] {
        let (mut bodies, mut read, mut held, mut wrong) = (0, 0, 0, Vec::new());
        let own = tables::records(vendor).into_iter();
        let own =
            own.map(|(kind, record)| Body { kind, record, from: "the records of the tables".to_owned() });
        for Body { kind, record, from } in library::bodies(vendor).into_iter().chain(own) {
            if owed(vendor, kind, &record).is_empty() {
                continue;
            }
            bodies += 1;
            let reader = Reader::new(vendor, kind);
            for wire in variants(&record) {
                match records(&reader, &wire) {
                    Ok(records) => {
                        read += records.len();
                        let found = broken(vendor, kind, &wire, &records);
                        held += owed(vendor, kind, &wire).len().saturating_sub(found.len());
                        wrong
                            .extend(found.into_iter().map(|one| format!("{kind:?} ({from}): {one}: {wire}")));
                    }
                    Err(error) => wrong.push(format!("{kind:?} ({from}): {error}: {wire}")),
                }
            }
        }
        println!("{vendor:?}: {held} sums of {bodies} bodies hold over {read} records");
        assert!(wrong.is_empty(), "{vendor:?}: {} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(5)]);
        assert!(bodies > 0 && held > 4 * bodies, "{vendor:?}: {bodies} bodies, {held} sums");
    }
}

/// A record whose amounts are those of these members of the wire.
fn careless(wire: &Value, from: &[(&str, &str)]) -> Value {
    let amount = |member: &str| {
        wire.get(member).filter(|value| !value.is_null()).map(|value| json!({ "amount": value }))
    };
    let fields = from.iter().filter_map(|(field, member)| Some(((*field).to_owned(), amount(member)?)));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// Each fault that was there once, planted: the credit that is lost, the fee that is counted twice, the sums of a tree
/// counted beside its leaves, the leaf that is passed over.
#[test]
fn what_does_not_add_up_is_found() {
    let line = json!({ "amountDue": -50, "costTotal": 0, "total": 111, "subTotal": 111, "billingFee": 3 });
    let told = |from: &[(&str, &str)]| broken(Vendor::Pax8, Kind::Line, &line, &[careless(&line, from)]);
    let lost = told(&[("cost", "costTotal")]);
    assert!(lost.iter().any(|one| one.contains("amountDue")), "{lost:?}");
    let twice = told(&[("cost", "amountDue"), ("sale", "subTotal"), ("fee", "billingFee")]);
    assert!(twice.len() == 1 && twice[0].contains("114"), "{twice:?}");
    let right = json!({ "cost": { "amount": "-50" }, "sale": { "amount": "108" }, "fee": { "amount": "3" } });
    assert_eq!(broken(Vendor::Pax8, Kind::Line, &line, &[right]), [] as [&str; 0]);

    let leaf = |cost: &str| json!({ "entity": { "type": "sku" }, "data": { "cost": cost } });
    let tree = json!({
        "entity": { "id": "310045", "type": "customer" }, "data": { "cost": "312.50" },
        "lines": [{ "entity": { "type": "subscription" }, "data": { "cost": "312.50" },
            "lines": [leaf("300"), leaf("12.50")] }],
    });
    let read = |amounts: &[&str]| -> Vec<Value> {
        amounts.iter().map(|amount| json!({ "cost": { "amount": amount } })).collect()
    };
    let found = |amounts: &[&str]| broken(Vendor::StreamOne, Kind::Usage, &tree, &read(amounts));
    assert_eq!(found(&["300", "12.50"]), [] as [&str; 0]);
    assert_eq!(found(&["312.50", "312.50", "300", "12.50"]).len(), 1);
    assert_eq!(found(&["300"]).len(), 1);
    assert_eq!(found(&[]).len(), 1);
    // What nothing below tells again is no sum, and is owed.
    let alone = json!({ "data": { "cost": "7" }, "lines": [{ "entity": { "type": "meter" } }] });
    let records = records(&Reader::new(Vendor::StreamOne, Kind::Usage), &alone).unwrap();
    assert_eq!(broken(Vendor::StreamOne, Kind::Usage, &alone, &records), [] as [&str; 0]);
}
