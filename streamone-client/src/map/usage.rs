//! Usage: the leaves of billing reports.

use provider_core::model::{Denomination, Raw, UsageKind};
use provider_core::wire::{unknown, words};
use provider_core::{Currency, ItemError, Period, SubscriptionId, UsageRecord};
use provider_http::Keys;
use provider_http::decode::record_from_str;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::said;
use crate::model::{self, BillingCurrencies, BillingEntity, BillingFigures};
use crate::wire::SECRET_MEMBERS;

/// Nodes below nodes below this depth are no billing report.
const DEEPEST: usize = 32;

/// Characters of a text that every record below it repeats. One of some megabytes, above some hundred thousand leaves,
/// would take terabytes.
const LONGEST: usize = 1_000;

/// What the nodes above a leaf say about it.
#[derive(Clone, Default)]
struct Above {
    customer: Option<String>,
    subscription: Option<String>,
    product: Option<String>,
    category: Option<String>,
    name: Option<String>,
    company: Option<String>,
    cost: Option<String>,
    price: Option<String>,
}

/// A subscription as it is listed, and whether it is of licences.
#[derive(Debug, Clone)]
pub(crate) struct Joined {
    pub(crate) id: SubscriptionId,
    pub(crate) kind: Option<UsageKind>,
}

/// Reads the trees of one month's report. What cannot be read stands as its error, and costs nothing beside it.
pub(crate) fn records(
    trees: &[&RawValue],
    currencies: Option<&BillingCurrencies>,
    month: Option<Period>,
    preferred: Option<Currency>,
    keep: bool,
) -> Vec<Result<UsageRecord, ItemError>> {
    let top = Above {
        cost: currencies.and_then(|c| repeated(c.cost_currency.as_ref())),
        price: currencies.and_then(|c| repeated(c.price_currency.as_ref())),
        ..Above::default()
    };
    let mut walk = Walk { month, preferred, keep, found: Vec::new() };
    for (index, tree) in trees.iter().enumerate() {
        let at = format!("data[{index}]");
        match serde_json::from_str::<Node<'_>>(tree.get()) {
            Ok(node) => walk.node(&node, &top, 0, &at),
            Err(_) => walk.found.push(Err(ItemError::new(at, "is no node of a billing report"))),
        }
    }
    walk.found
}

/// A node whose parts are as they came: each is read on its own.
#[derive(Deserialize)]
struct Node<'a> {
    #[serde(borrow, default)]
    entity: Option<&'a RawValue>,
    #[serde(borrow, default)]
    lines: Option<Vec<Node<'a>>>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

impl Node<'_> {
    fn lines(&self) -> &[Self] {
        self.lines.as_deref().unwrap_or_default()
    }

    fn has_figures(&self) -> bool {
        self.data.is_some_and(|data| !is_nothing(data.get()))
    }

    /// Whether any node below has figures. Below the deepest nothing is read.
    fn tells_below(&self, depth: usize) -> bool {
        let below = |line: &Self| line.has_figures() || line.tells_below(depth + 1);
        depth < DEEPEST && self.lines().iter().any(below)
    }

    /// The leaf without the nodes around it.
    fn leaf(&self) -> Option<Raw> {
        let json = |value: Option<&RawValue>| value.map_or("null", RawValue::get).to_owned();
        let leaf = format!(r#"{{"entity":{},"data":{}}}"#, json(self.entity), json(self.data));
        Raw::new(&leaf, SECRET_MEMBERS).ok()
    }
}

/// True for an empty list, which is how PHP writes an object without members.
fn is_nothing(json: &str) -> bool {
    let inside = json.strip_prefix('[').and_then(|json| json.strip_suffix(']'));
    inside.is_some_and(|inside| inside.trim().is_empty())
}

/// A part of a node, where it has one.
fn part<T: DeserializeOwned>(json: Option<&RawValue>, name: &str, at: &str) -> Result<Option<T>, ItemError> {
    let Some(json) = json.map(RawValue::get).filter(|json| !is_nothing(json)) else { return Ok(None) };
    match record_from_str::<T>(json, Keys::Exact) {
        Ok((part, lost)) => {
            for member in lost {
                unknown::note("BillingNode", &format!("{name}.{}", member.path));
            }
            Ok(Some(part))
        }
        Err(error) if error.path == "." => Err(ItemError::new(format!("{at}.{name}"), error.reason)),
        Err(error) => Err(ItemError::new(format!("{at}.{name}.{}", error.path), error.reason)),
    }
}

struct Walk {
    month: Option<Period>,
    preferred: Option<Currency>,
    keep: bool,
    found: Vec<Result<UsageRecord, ItemError>>,
}

impl Walk {
    fn node(&mut self, node: &Node<'_>, above: &Above, depth: usize, at: &str) {
        if depth > DEEPEST {
            self.found.push(Err(ItemError::new(at, "is nested too deeply")));
            return;
        }
        let entity = match part::<BillingEntity>(node.entity, "entity", at) {
            Ok(entity) => entity,
            // Whose it is and in which currency is not known of anything below.
            Err(error) => {
                self.found.push(Err(error));
                return;
            }
        };
        let mut here = above.clone();
        if let Some(entity) = &entity {
            enter(entity, &mut here, depth);
        }
        // Nodes above others repeat the sum of what is below them, where something is told there.
        if node.has_figures() && !node.tells_below(depth) {
            let read = part::<BillingFigures>(node.data, "data", at).map(|figures| {
                let mut record = self.record(entity.as_ref(), &figures.unwrap_or_default(), &here);
                record.raw = if self.keep { node.leaf() } else { None };
                record
            });
            self.found.push(read);
        }
        for (index, line) in node.lines().iter().enumerate() {
            self.node(line, &here, depth + 1, &format!("{at}.lines[{index}]"));
        }
    }

    fn record(&self, entity: Option<&BillingEntity>, figures: &BillingFigures, here: &Above) -> UsageRecord {
        let mut record = UsageRecord::default();
        record.customer = here.customer.as_deref().map(Into::into);
        record.customer_reference.clone_from(&here.company);
        record.kind = kind(entity, figures);
        record.vendor_subscription_id.clone_from(&here.subscription);
        record.category = here.category.clone().or_else(|| here.product.clone());
        let credit = entity.and_then(|entity| said(entity.credit_name.as_ref()));
        record.description = credit.or_else(|| here.name.clone());
        record.quantity = figures.usage;
        record.unit = said(figures.unit.as_ref());
        let whole = |amount: Option<Decimal>, code: &Option<String>| {
            amount.map(|amount| Denomination::of(code.as_deref(), self.preferred).whole(amount))
        };
        record.cost = whole(figures.cost, &here.cost);
        record.sale = whole(figures.price, &here.price);
        record.period = self.month;
        record
    }
}

/// A report mixes what was metered with the licences of subscriptions, whose price is the same money. What is counted
/// tells which it is, as far as it does.
fn kind(entity: Option<&BillingEntity>, figures: &BillingFigures) -> Option<UsageKind> {
    let amount = figures.cost.or(figures.price);
    let given_back = amount.is_some_and(|amount| amount < Decimal::ZERO);
    if given_back || entity.is_some_and(|entity| entity.is_credit == Some(true)) {
        return Some(UsageKind::Credit);
    }
    let metered = entity
        .and_then(|entity| entity.kind.as_deref())
        .is_some_and(|kind| ["meter", "usage_type"].into_iter().any(|word| words::same(word, kind)));
    if metered { Some(UsageKind::Consumption) } else { unit_kind(figures.unit.as_deref()?) }
}

/// Adds what the subscription that a record is about is listed as, and what it tells of the record.
pub(crate) fn join(record: &mut UsageRecord, joined: &Joined) {
    record.subscription = Some(joined.id.clone());
    if record.kind != Some(UsageKind::Credit) {
        record.kind = joined.kind.clone().or_else(|| record.kind.take());
    }
}

/// Licences are counted in licences, seats or users; everything else is a measure.
fn unit_kind(unit: &str) -> Option<UsageKind> {
    let unit = unit.trim().to_ascii_lowercase();
    let of_licences = ["licen", "seat", "user"].into_iter().any(|word| unit.starts_with(word));
    (!unit.is_empty()).then_some(if of_licences { UsageKind::Licence } else { UsageKind::Consumption })
}

/// What the usage of a subscription is, by how it is billed.
pub(crate) fn kind_of(wire: &model::Subscription) -> Option<UsageKind> {
    let billing = wire.subscription_billing_type.as_deref().unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| words::same(word, billing));
    if says(&["license", "licence", "licenses", "licences", "seat", "seats"]) {
        return Some(UsageKind::Licence);
    }
    if says(&["usage", "consumption", "metered", "pay as you go"]) {
        return Some(UsageKind::Consumption);
    }
    // Usage plans have no part number.
    wire.mfg_part_number.as_deref().filter(|number| !number.trim().is_empty()).map(|_| UsageKind::Licence)
}

/// Depth and kinds differ by provider, so a node is taken by what it calls itself; the top one is the
/// customer everywhere.
fn enter(entity: &BillingEntity, here: &mut Above, depth: usize) {
    let id = entity.id.as_ref().filter(|id| id.is_set()).map(ToString::to_string);
    let kind = entity.kind.as_deref().unwrap_or_default();
    let is = |word: &str| words::same(word, kind);
    if depth == 0 {
        here.company = repeated(entity.company.as_ref());
    }
    match () {
        () if depth == 0 || is("customer") => here.customer = id.clone(),
        () if is("subscription") || is("aws_linked_account") => here.subscription = id.clone(),
        () if is("product") => here.product = id.clone(),
        () if is("resource_group") || is("category") => here.category = id.clone(),
        () => {}
    }
    here.cost = repeated(entity.cost_currency.as_ref()).or_else(|| here.cost.take());
    here.price = repeated(entity.price_currency.as_ref()).or_else(|| here.price.take());
    let name = repeated(entity.name.as_ref()).filter(|_| depth > 0).or(id);
    here.name = name.or_else(|| here.name.take());
}

/// What is said, as far as every record can hold it.
fn repeated(text: Option<&String>) -> Option<String> {
    let mut text = said(text)?;
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    text.truncate(end.unwrap_or(text.len()));
    Some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn read(tree: &str) -> Vec<UsageRecord> {
        let tree: Box<RawValue> = serde_json::from_str(tree).unwrap();
        let usd = Some(Currency::new("USD").unwrap());
        let joined = Joined { id: "7/1".into(), kind: Some(UsageKind::Licence) };
        let mut found: Vec<_> =
            records(&[&tree], None, None, usd, false).into_iter().map(Result::unwrap).collect();
        let known = |record: &&mut UsageRecord| record.vendor_subscription_id.as_deref() == Some("S-1");
        found.iter_mut().filter(known).for_each(|record| join(record, &joined));
        found
    }

    #[test]
    fn leaves_alone_are_records_and_say_what_they_count() {
        let figures = r#"{"price":"312.50","cost":"265.62","usage":"25"}"#;
        let found = read(&format!(
            r#"{{"entity":{{"id":"7","type":"customer","company":"Example Bakery"}},"data":{figures},"lines":[
                {{"entity":{{"id":"S-1","type":"subscription","cost_currency":"kr"}},"data":{figures},"lines":[
                    {{"entity":{{"id":"Suite","type":"sku"}},"data":{figures}}}]}},
                {{"entity":{{"id":"S-2","type":"subscription"}},"lines":[
                    {{"entity":{{"id":"Core","type":"meter"}},"data":{{"cost":"1","unit":"hour"}}}},
                    {{"entity":{{"id":"Promo","type":"sku","is_credit":true}},"data":{{"cost":"2"}}}},
                    {{"entity":{{"id":"Odd","type":"sku"}},"data":{{"cost":"3"}}}}]}}]}}"#
        ));
        let kinds: Vec<_> = found.iter().map(|record| record.kind.clone()).collect();
        let expected =
            [Some(UsageKind::Licence), Some(UsageKind::Consumption), Some(UsageKind::Credit), None];
        assert_eq!(kinds, expected);
        assert_eq!(found[0].subscription, Some("7/1".into()));
        assert_eq!(
            (found[1].subscription.clone(), found[1].vendor_subscription_id.as_deref()),
            (None, Some("S-2"))
        );
        assert!(found.iter().all(|record| record.customer_reference.as_deref() == Some("Example Bakery")));
        let cost = found[0].cost.as_ref().unwrap();
        assert_eq!((cost.currency, cost.currency_as_sent.as_deref()), (None, Some("kr")));
        assert_eq!(found[1].cost.as_ref().unwrap().currency, Some(Currency::new("USD").unwrap()));
    }

    #[test]
    fn what_cannot_be_read_costs_its_leaf_alone() {
        let leaf =
            |id: &str, data: &str| format!(r#"{{"entity":{{"id":"{id}","type":"sku"}},"data":{data}}}"#);
        let lines = [
            leaf("a", r#"{"cost":"1"}"#),
            leaf("b", r#"{"cost":"1.234,50"}"#),
            leaf("c", r#""much""#),
            leaf("d", "[]"),
            r#"{"entity":{"id":"e","cost_currency":{}},"data":{"cost":"5"}}"#.to_owned(),
            leaf("f", r#"{"cost":"6","unit":{}}"#),
        ];
        let sums = r#"{"cost":"1.234,50"}"#;
        let tree = format!(r#"{{"entity":{{"id":"7"}},"data":{sums},"lines":[{}]}}"#, lines.join(","));
        let tree: Box<RawValue> = serde_json::from_str(&tree).unwrap();
        let (read, paths): (Vec<_>, Vec<_>) =
            records(&[&tree], None, None, None, false).into_iter().partition(Result::is_ok);
        let read: Vec<_> =
            read.into_iter().flatten().map(|record| record.cost.unwrap().amount.to_string()).collect();
        assert_eq!(read, ["1", "6"]);
        let paths: Vec<_> = paths.into_iter().filter_map(Result::err).map(|error| error.path).collect();
        assert_eq!(
            paths,
            ["data[0].lines[1].data.cost", "data[0].lines[2].data", "data[0].lines[4].entity.cost_currency"]
        );
        let odd: Box<RawValue> = serde_json::from_str(r#"{"lines":7}"#).unwrap();
        assert!(records(&[&odd], None, None, None, false).first().unwrap().is_err());
    }

    /// Copied as they were, they took the memory of their lengths times the number of leaves.
    #[test]
    fn what_every_record_repeats_is_cut_to_a_length() {
        let long = "ä".repeat(1 << 16);
        let leaves = vec![r#"{"data":{"cost":"1"}}"#; 200].join(",");
        let found = read(&format!(
            r#"{{"entity":{{"id":"7","company":"{long}"}},"lines":[{{"entity":{{"id":"{long}","name":"{long}",
                "type":"subscription","cost_currency":"{long}"}},"lines":[{leaves}]}}]}}"#
        ));
        assert_eq!(found.len(), 200);
        let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
        for record in &found {
            assert_eq!((length(&record.customer_reference), length(&record.description)), (1_000, 1_000));
            assert_eq!(record.vendor_subscription_id, None);
            assert!(length(&record.cost.as_ref().unwrap().currency_as_sent) <= 1_000);
        }
    }

    #[test]
    fn an_id_that_says_nothing_is_nobodys() {
        for id in ["\"\"", "\" \"", "0", "null"] {
            let found = read(&format!(
                r#"{{"entity":{{"id":{id},"type":"customer"}},"lines":[
                    {{"entity":{{"id":{id},"type":"subscription"}},"data":{{"cost":"1"}}}}]}}"#
            ));
            assert_eq!(
                (found[0].customer.clone(), found[0].vendor_subscription_id.clone()),
                (None, None),
                "{id}"
            );
        }
    }

    #[test]
    fn what_nothing_below_tells_again_is_a_record() {
        let amounts = |tree: &str| -> Vec<String> {
            read(tree).into_iter().map(|record| record.cost.unwrap().amount.to_string()).collect()
        };
        // Named below, and not told in figures.
        let named =
            r#"{"entity":{"id":"7"},"data":{"cost":"7"},"lines":[{"entity":{"id":"m","type":"meter"}}]}"#;
        assert_eq!(amounts(named), ["7"]);
        // Told again two levels below.
        let deep =
            r#"{"data":{"cost":"7"},"lines":[{"lines":[{"data":{"cost":"4"}},{"data":{"cost":"3"}}]}]}"#;
        assert_eq!(amounts(deep), ["4", "3"]);
        let beside = r#"{"lines":[{"data":{"cost":"1"},"lines":[{}]},{"data":{"cost":"2"}}]}"#;
        assert_eq!(amounts(beside), ["1", "2"]);
    }
}
