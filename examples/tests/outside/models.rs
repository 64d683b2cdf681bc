//! Money, terms and periods: exact, in one form, the same after a trip through JSON.

use provider_core::chrono::{DateTime, NaiveDate, Utc};
use provider_core::commitment::MoneyRange;
use provider_core::model::{CustomerStatus, PricePer};
use provider_core::receipt::Credentials;
use provider_core::secrecy::SecretString;
use provider_core::{
    BillingCycle, Currency, Customer, CustomerId, ErrorKind, Outcome, Period, Price, Receipt, Subscription,
    SubscriptionId, Term,
};
use rust_decimal::Decimal;
use serde_json::json;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn eur() -> Currency {
    "EUR".parse().unwrap()
}

#[test]
fn a_price_keeps_every_digit_and_is_written_as_text() {
    let price = Price::new(Decimal::new(1050, 2), Some(eur())).every(Term::YEAR);
    let written = json!({"amount": "10.50", "currency": "EUR", "per": "unit", "period": "P1Y"});
    assert_eq!(serde_json::to_value(&price).unwrap(), written);
    assert_eq!(serde_json::from_value::<Price>(written).unwrap(), price);
    for (text, digits) in [
        (r#"{"amount":10.10}"#, "10.10"),
        (r#"{"amount":"10.10"}"#, "10.10"),
        (r#"{"amount":1234567890123.4567}"#, "1234567890123.4567"),
        (r#"{"amount":-0.005}"#, "-0.005"),
    ] {
        let read: Price = serde_json::from_str(text).unwrap();
        assert_eq!(read.amount.to_string(), digits, "{text}");
        assert_eq!((read.currency, read.per, read.period), (None, PricePer::Unit, None));
    }
    assert!(serde_json::from_str::<Price>(r#"{"amount":"ten"}"#).is_err());
    assert_eq!(price.to_string(), "10.50 EUR per year");
    assert_eq!(price.flat().every(Term::MONTH).to_string(), "10.50 EUR flat per month");
    assert_eq!("eur".parse::<Currency>().unwrap(), eur());
    assert!("E1R".parse::<Currency>().is_err());
}

#[test]
fn money_is_added_within_one_currency_only() {
    let usd: Currency = "USD".parse().unwrap();
    let range = MoneyRange::new(Decimal::new(1260, 1), Decimal::new(105, 1), eur());
    assert_eq!((range.least, range.most), (Decimal::new(105, 1), Decimal::new(1260, 1)));
    let sum = range.checked_add(MoneyRange::exactly(Decimal::ONE, eur())).unwrap();
    assert_eq!((sum.least, sum.most), (Decimal::new(115, 1), Decimal::new(1270, 1)));
    assert_eq!(range.checked_add(MoneyRange::exactly(Decimal::ONE, usd)), None);
    assert_eq!(range.checked_add(MoneyRange::exactly(Decimal::MAX, eur())), None);
    assert_eq!(range.to_string(), "10.5 to 126.0 EUR");
    let written = serde_json::to_value(range).unwrap();
    assert_eq!(written, json!({"least": "10.5", "most": "126.0", "currency": "EUR"}));
    assert_eq!(serde_json::from_value::<MoneyRange>(written).unwrap(), range);
}

#[test]
fn a_term_has_one_spelling_and_ends_on_a_day_that_exists() {
    let year: Term = "P12M".parse().unwrap();
    assert_eq!((year, year.to_string().as_str()), (Term::years(1), "P1Y"));
    assert_eq!(serde_json::to_value(year).unwrap(), "P1Y");
    assert_eq!(serde_json::from_str::<Term>(r#""P36M""#).unwrap(), Term::years(3));
    assert_eq!((Term::months(18).in_months(), Term::days(30).in_days()), (18, 30));
    assert_eq!(Term::days(30).to_string(), "P30D");
    for text in ["", "1Y", "PT1H", "annual"] {
        assert!(text.parse::<Term>().is_err(), "{text}");
    }
    assert_eq!(Term::MONTH.after(at("2026-01-31T10:00:00Z")), Some(at("2026-02-28T10:00:00Z")));
    assert_eq!(Term::YEAR.after(at("2028-02-29T00:00:00Z")), Some(at("2029-02-28T00:00:00Z")));
    assert_eq!(Term::years(u32::MAX).after(at("2026-01-31T10:00:00Z")), None);
}

#[test]
fn a_billing_cycle_is_no_term_and_unknown_ones_are_kept() {
    for (cycle, written, period) in [
        (BillingCycle::Monthly, "monthly", Some(Term::MONTH)),
        (BillingCycle::SemiAnnual, "semi_annual", Some(Term::months(6))),
        (BillingCycle::Triennial, "triennial", Some(Term::years(3))),
        (BillingCycle::OneTime, "one_time", None),
        (BillingCycle::Other("fortnightly".to_owned()), "fortnightly", None),
    ] {
        assert_eq!(cycle.period(), period, "{written}");
        assert_eq!(serde_json::to_value(&cycle).unwrap(), written);
        assert_eq!(serde_json::from_value::<BillingCycle>(written.into()).unwrap(), cycle);
    }
}

#[test]
fn a_period_ends_before_its_end() {
    let march = Period::month(2026, 3).unwrap();
    assert_eq!(Period::inclusive_days(day(2026, 3, 1), day(2026, 3, 31)).unwrap(), march);
    assert_eq!(Period::month_of(day(2026, 3, 17)), march);
    assert_eq!(march.end, Period::month(2026, 4).unwrap().start);
    assert!(march.contains(march.start) && !march.contains(march.end));
    assert_eq!(march.to_string(), "2026-03-01 to 2026-04-01");
    let written = serde_json::to_string(&march).unwrap();
    assert_eq!(serde_json::from_str::<Period>(&written).unwrap(), march);
    let reversed = Period::new(march.end, march.start).unwrap_err();
    assert_eq!(reversed.kind(), ErrorKind::InvalidInput);
    let reversed = json!({"start": "2026-03-02T00:00:00Z", "end": "2026-03-01T00:00:00Z"});
    assert!(serde_json::from_value::<Period>(reversed).is_err());
    assert_eq!(Period::month(2026, 13), None);
}

#[test]
fn ids_and_records_come_back_as_they_were() {
    let id = SubscriptionId::composite(["A-1", "S-1"]);
    assert_eq!((id.as_str(), id.own()), ("A-1/S-1", "S-1"));
    assert_eq!(CustomerId::new("A-1"), CustomerId::from("A-1"));
    let mut customer = Customer::new("A-1", "Example Bakery");
    customer.status = Some(CustomerStatus::Other("under review".to_owned()));
    let written = serde_json::to_value(&customer).unwrap();
    assert_eq!((&written["id"], &written["status"]), (&"A-1".into(), &"under review".into()));
    assert_eq!(serde_json::from_value::<Customer>(written).unwrap(), customer);
    let mut seats = Subscription::new(&id, "A-1", Decimal::new(25, 1));
    seats.cost = Some(Price::new(Decimal::ONE, Some(eur())));
    let written = serde_json::to_value(&seats).unwrap();
    assert_eq!(written["quantity"], "2.5");
    assert_eq!(serde_json::from_value::<Subscription>(written).unwrap(), seats);
}

#[test]
fn a_new_administrators_password_is_handed_out_and_written_nowhere() {
    let mut receipt = Receipt::new(Outcome::Applied).with_customer("A-1");
    receipt.credentials = Some(Credentials::new("admin@example.com", SecretString::from("planted-password")));
    let shown = format!("{receipt:?} {receipt} {}", serde_json::to_string(&receipt).unwrap());
    assert!(!shown.contains("planted-password"), "{shown}");
    assert!(receipt.is_settled());
}
