//! Records of the files of billing statements. Their columns are not documented: what is not found stays `None`.

use provider_core::model::{Denomination, InvoiceId, InvoiceLineKind, Raw};
use provider_core::wire::moment::Moment;
use provider_core::wire::{decimal, unknown};
use provider_core::{Currency, InvoiceLine, ItemError, Period, Price};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::billed;
use crate::map::filled;
use crate::model::ProvisionType;
use crate::wire::Document;

/// A record, and the domain by which its customer can be found where nothing better is told.
pub(crate) struct Record {
    pub(crate) line: InvoiceLine,
    pub(crate) domain: Option<String>,
}

/// A line of a statement. An amount that is there and cannot be read is an error: it is not the same as none. So is a
/// number of units where the amount hangs on it.
pub(crate) fn record(
    wire: &Document,
    raw: Option<Raw>,
    statement: &InvoiceId,
    provision: Option<ProvisionType>,
    fallback: Option<Currency>,
) -> Result<Record, ItemError> {
    let kind = match provision {
        Some(ProvisionType::Usage) => InvoiceLineKind::Usage,
        Some(ProvisionType::OneTime) => InvoiceLineKind::OneTime,
        _ => InvoiceLineKind::Subscription,
    };
    let told = number(wire, &["Amount", "SummedAmount"])?;
    let quantity = match number(wire, &["Quantity"]) {
        Err(_) if told.is_some() => {
            odd(wire, "Quantity");
            None
        }
        read => read?,
    };
    let total = match told {
        Some(total) => Some(total),
        None => {
            number(wire, &["UnitPrice"])?.zip(quantity).and_then(|(price, count)| price.checked_mul(count))
        }
    };
    let mut line =
        InvoiceLine::new(statement.clone(), kind.charged(text(wire, &["ChargeType"]).as_deref(), total));
    line.quantity = quantity;
    line.unit = text(wire, &["Unit"]);
    line.description = text(wire, &["OfferName", "SubscriptionName", "MeterName", "ProductName"]);
    line.sku = text(wire, &["ProductId", "ProductSku"]);
    line.vendor_subscription_id = text(wire, &["SubscriptionId"]);
    let domain = text(wire, &["TenantPrimaryDomain"]);
    line.customer_reference =
        text(wire, &["TenantReference"]).or_else(|| domain.clone()).or_else(|| text(wire, &["CompanyName"]));
    let money = Denomination::of(currency(wire)?.as_deref(), fallback);
    let whole = |amount: Option<Decimal>| -> Option<Price> { amount.map(|amount| money.whole(amount)) };
    line.cost = whole(total);
    line.sale = whole(number(wire, &["ResellerSalesPriceTotal", "ResellerPrice"])?);
    line.period = period(wire);
    line.raw = raw;
    Ok(Record { line, domain })
}

/// The days that a charge is for; of metered ones the month is all that is told.
fn period(wire: &Document) -> Option<Period> {
    let moment = |name: &'static str| {
        let moment = Moment::parse(&text(wire, &[name])?);
        if moment.is_none() {
            odd(wire, name);
        }
        moment
    };
    // One day alone says no time, nor does one that stands for "not set", but the month beside it does.
    billed(moment("ChargeStartDate"), moment("ChargeEndDate")).or_else(|| {
        let whole = |name: &'static str| {
            let read = number(wire, &[name]).inspect_err(|_| odd(wire, name)).ok().flatten()?;
            read.normalize().to_string().parse().ok()
        };
        let year: i64 = whole("PeriodYear")?;
        let month: i64 = whole("PeriodMonth")?;
        Period::month(i32::try_from(year).ok()?, u32::try_from(month).ok()?)
    })
}

/// The first of these members that says something, a number as it reads.
fn text(wire: &Document, names: &[&'static str]) -> Option<String> {
    let read = |name: &&'static str| {
        let json = wire.raw(name)?;
        match serde_json::from_str::<Text>(json) {
            Ok(text) => filled(text.0),
            Err(_) => {
                odd(wire, name);
                None
            }
        }
    };
    names.iter().find_map(read)
}

/// What stands for the currency, which has to be a text: what cannot be read is no reason to take another one.
fn currency(wire: &Document) -> Result<Option<String>, ItemError> {
    for name in ["Currency", "CurrencyCode"] {
        let Some(json) = wire.raw(name) else { continue };
        let read = serde_json::from_str::<Text>(json).map_err(|_| ItemError::new(name, "is no currency"))?;
        if let Some(code) = filled(read.0) {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// Says that a member could not be read, which then counts as not told.
fn odd(wire: &Document, name: &'static str) {
    unknown::note(name, wire.raw(name).unwrap_or_default());
}

/// The first of these members that holds a number, which it then has to be.
fn number(wire: &Document, names: &[&str]) -> Result<Option<Decimal>, ItemError> {
    for name in names {
        let Some(json) = wire.raw(name) else { continue };
        let read =
            serde_json::from_str::<Number>(json).map_err(|_| ItemError::new(*name, "is not a number"))?;
        if read.0.is_some() {
            return Ok(read.0);
        }
    }
    Ok(None)
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Text(#[serde(deserialize_with = "provider_core::wire::lenient::text")] Option<String>);

#[derive(Deserialize)]
#[serde(transparent)]
struct Number(#[serde(deserialize_with = "decimal::option::deserialize")] Option<Decimal>);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn read(json: &str, provision: ProvisionType) -> Result<Record, ItemError> {
        let wire: Document = serde_json::from_str(json).unwrap();
        record(&wire, None, &"930001".into(), Some(provision), Some(Currency::new("USD").unwrap()))
    }

    fn period_of(dates: &str) -> Option<String> {
        let record = read(&format!("{{{dates}}}"), ProvisionType::Seat).unwrap();
        record.line.period.map(|period| format!("{} {}", period.start.date_naive(), period.end.date_naive()))
    }

    #[test]
    fn months_that_follow_one_another_touch() {
        for end in ["2026-09-01", "2026-08-31", "2026-08-31T23:59:59", "2026-09-01T00:00:00+02:00"] {
            let start = if end.contains('+') { "2026-08-01T00:00:00+02:00" } else { "2026-08-01" };
            let dates = format!(r#""ChargeStartDate":"{start}","ChargeEndDate":"{end}""#);
            assert_eq!(period_of(&dates).as_deref(), Some("2026-08-01 2026-09-01"), "{end}");
        }
        assert_eq!(
            period_of(r#""PeriodMonth":12,"PeriodYear":"2026""#).as_deref(),
            Some("2026-12-01 2027-01-01")
        );
        assert_eq!(
            period_of(r#""ChargeStartDate":"2026-08-01","PeriodMonth":8,"PeriodYear":2026"#).as_deref(),
            Some("2026-08-01 2026-09-01")
        );
        for unset in ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "soon"] {
            let dates = format!(
                r#""ChargeStartDate":"{unset}","ChargeEndDate":"{unset}","PeriodMonth":8,"PeriodYear":2026"#
            );
            assert_eq!(period_of(&dates).as_deref(), Some("2026-08-01 2026-09-01"), "{unset}");
        }
        for none in [
            r#""PeriodMonth":13,"PeriodYear":2026"#,
            r#""ChargeStartDate":"2026-08-01","PeriodYear":2026"#,
            "",
        ] {
            assert_eq!(period_of(none), None, "{none}");
        }
    }

    #[test]
    fn an_amount_that_cannot_be_read_is_an_error_and_names_its_member() {
        for (json, path) in [
            (r#"{"Amount":"1.234,50"}"#, "Amount"),
            (r#"{"UnitPrice":"3,5","Quantity":2}"#, "UnitPrice"),
            (r#"{"Quantity":"two"}"#, "Quantity"),
            (r#"{"Amount":1,"ResellerPrice":{}}"#, "ResellerPrice"),
        ] {
            assert_eq!(read(json, ProvisionType::Seat).err().unwrap().path, path, "{json}");
        }
        let odd = read(r#"{"Amount":5,"Quantity":"two"}"#, ProvisionType::Seat).unwrap().line;
        assert_eq!((odd.quantity, odd.cost.map(|cost| cost.amount)), (None, Some(5.into())));
        let absent =
            read(r#"{"Amount":null,"SummedAmount":"","Quantity":"2.0"}"#, ProvisionType::Usage).unwrap();
        assert_eq!((absent.line.cost, absent.line.quantity), (None, Some("2.0".parse().unwrap())));
        let made = read(r#"{"UnitPrice":"3.5","Quantity":2}"#, ProvisionType::Seat).unwrap();
        assert_eq!(made.line.cost.unwrap().amount.to_string(), "7.0");
    }

    #[test]
    fn what_the_vendor_says_of_a_line_is_kept() {
        let json = r#"{"ChargeType":"cancelProrate","Amount":-13.55,"Currency":"kr","SubscriptionId":"A-1",
            "TenantReference":"","TenantPrimaryDomain":"example.com","CompanyName":"Example Bakery","ProductId":"P:1"}"#;
        let Record { line, domain } = read(json, ProvisionType::Seat).unwrap();
        assert_eq!(line.kind, InvoiceLineKind::Prorate);
        assert_eq!((line.vendor_subscription_id.as_deref(), line.sku.as_deref()), (Some("A-1"), Some("P:1")));
        assert_eq!(
            (line.customer_reference.as_deref(), domain.as_deref()),
            (Some("example.com"), Some("example.com"))
        );
        let cost = line.cost.unwrap();
        assert_eq!((cost.currency, cost.currency_as_sent.as_deref()), (None, Some("kr")));
        for odd in [r#"["EUR"]"#, r#"{"Code":"EUR"}"#] {
            let unreadable = read(&format!(r#"{{"Amount":1,"Currency":{odd}}}"#), ProvisionType::Seat);
            assert_eq!(unreadable.map(drop).unwrap_err().path, "Currency");
        }
        let plain = |json: &str| read(json, ProvisionType::Usage).unwrap().line;
        assert_eq!(plain(r#"{"SummedAmount":-1}"#).kind, InvoiceLineKind::Credit);
        assert_eq!(plain(r#"{"SummedAmount":1}"#).kind, InvoiceLineKind::Usage);
        assert_eq!(
            plain(r#"{"SummedAmount":1}"#).cost.unwrap().currency,
            Some(Currency::new("USD").unwrap())
        );
    }
}
