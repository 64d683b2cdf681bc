//! What goes wrong at the distributor, by chance.

use http::StatusCode;
use provider_simulator::{FaultAction, FaultId, FaultRule, Faults, Simulator};
use serde_json::{Value, json};

use crate::connection::Distributor;
use crate::dice::Dice;

impl Distributor {
    pub(crate) fn faults(self, simulator: &Simulator) -> Faults {
        match self {
            Self::Crayon => simulator.crayon().faults().clone(),
            Self::Pax8 => simulator.pax8().faults().clone(),
            Self::StreamOne => simulator.streamone().faults().clone(),
        }
    }

    /// What places orders and changes seats.
    pub(crate) fn writes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Crayon => {
                &[("POST", "/api/v1/subscriptions/new-commerce-orders"), ("PUT", "/api/v1/subscriptions/*")]
            }
            Self::Pax8 => &[("POST", "/v1/orders"), ("PUT", "/v1/subscriptions/*")],
            Self::StreamOne => &[("POST", "/api/v3/accounts/*/customers/*/orders")],
        }
    }

    /// What a lost order is looked for in, with the member that holds the list.
    fn lists(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Crayon => &[
                ("/api/v1/subscriptions", "Items"),
                ("/api/v1/assets/orders", "items"),
                ("/api/v1/subscriptions/*", "Items"),
            ],
            Self::Pax8 => &[("/v1/orders", "content"), ("/v1/subscriptions", "content")],
            Self::StreamOne => &[
                ("/api/v3/accounts/*/customers/*/orders", "orders"),
                ("/api/v3/accounts/*/orders", "orders"),
                ("/api/v3/accounts/*/customers/*/subscriptions/*", "orders"),
            ],
        }
    }
}

/// Every way in which the answer to a write is lost, after it took effect and before.
fn lost(dice: &mut Dice) -> FaultAction {
    let ways: &[fn() -> FaultAction] = &[
        || FaultAction::DisconnectAfter,
        || FaultAction::DisconnectBefore,
        || FaultAction::TornBody,
        || FaultAction::EmptyBody,
        || FaultAction::Html,
        || FaultAction::status_after(StatusCode::SERVICE_UNAVAILABLE, "retry-after", "0"),
        || FaultAction::status_after(StatusCode::TEMPORARY_REDIRECT, "location", "/elsewhere"),
        || FaultAction::status_after(StatusCode::PERMANENT_REDIRECT, "location", "/elsewhere"),
        || FaultAction::status_after(StatusCode::INTERNAL_SERVER_ERROR, "content-type", "text/plain"),
        || FaultAction::status_after(StatusCode::GATEWAY_TIMEOUT, "content-type", "text/plain"),
        || FaultAction::status(StatusCode::BAD_GATEWAY, "<html>"),
        || FaultAction::rewrite(|_| json!({})),
        || FaultAction::rewrite(|_| json!({ "error": "try again" })),
    ];
    dice.pick(ways)()
}

/// Every way in which a list is no list, or half of one.
fn odd(dice: &mut Dice, member: &'static str) -> FaultAction {
    match dice.below(9) {
        0 => FaultAction::rewrite(|_| json!({})),
        1 => FaultAction::rewrite(move |page| changed(page, member, |list| (format!("{member}List"), list))),
        2 => FaultAction::rewrite(move |page| changed(page, member, |_| (member.to_owned(), json!([])))),
        3 => FaultAction::rewrite(|_| json!({ "code": "InternalError", "message": "try again" })),
        4 => FaultAction::rewrite(|_| Value::Null),
        5 => FaultAction::DisconnectBefore,
        6 => FaultAction::TornBody,
        7 => FaultAction::status(StatusCode::SERVICE_UNAVAILABLE, ""),
        _ => FaultAction::Html,
    }
}

fn changed(mut page: Value, member: &str, change: impl FnOnce(Value) -> (String, Value)) -> Value {
    if let Some(members) = page.as_object_mut()
        && let Some(list) = members.remove(member)
    {
        let (name, list) = change(list);
        members.insert(name, list);
    }
    page
}

/// The faults of one round.
#[derive(Debug)]
pub(crate) struct Weather {
    faults: Faults,
    rules: Vec<FaultId>,
}

impl Weather {
    /// Bad for about one in five of so many keys.
    pub(crate) fn bad(distributor: Distributor, simulator: &Simulator, dice: &mut Dice, keys: u64) -> Self {
        let mut weather = Self { faults: distributor.faults(simulator), rules: Vec::new() };
        for _ in 0..1 + keys / 5 {
            let (method, path) = *dice.pick(distributor.writes());
            let rule = FaultRule::new(method, path, lost(dice)).skip(dice.below(keys)).once();
            weather.add(rule);
            let (path, member) = *dice.pick(distributor.lists());
            let action = odd(dice, member);
            let times = 1 + dice.below(3);
            weather.add(FaultRule::new("GET", path, action).skip(dice.below(3 * keys)).times(times));
        }
        if distributor == Distributor::StreamOne {
            simulator.streamone().fail_next_order("MSFT_CR_099", "no credit");
        }
        weather
    }

    pub(crate) fn fair(distributor: Distributor, simulator: &Simulator) -> Self {
        Self { faults: distributor.faults(simulator), rules: Vec::new() }
    }

    /// Does something at the moment between an effect and its answer.
    pub(crate) fn at_effect(
        &mut self,
        write: (&str, &str),
        skip: u64,
        strike: impl Fn() + Send + Sync + 'static,
    ) {
        let action = FaultAction::rewrite(move |answer| {
            strike();
            answer
        });
        self.add(FaultRule::new(write.0, write.1, action).skip(skip).once());
    }

    fn add(&mut self, rule: FaultRule) {
        self.rules.push(self.faults.add(rule));
    }

    /// Ends it, and answers how many requests it hit.
    pub(crate) fn clear(self) -> u64 {
        let hits = self.rules.iter().map(|rule| self.faults.hits(*rule)).sum();
        self.faults.clear();
        hits
    }
}
