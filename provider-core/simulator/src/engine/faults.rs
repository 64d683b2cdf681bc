//! Faults: what goes wrong, for which requests, how often.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::Value;

use super::lock::lock;
use super::requests::path_fits;

/// Changes the JSON of an answer.
pub type Rewriter = Arc<dyn Fn(Value) -> Value + Send + Sync>;

/// What goes wrong with a request.
#[derive(Clone)]
#[non_exhaustive]
pub enum FaultAction {
    /// Answers without handling the request.
    Status {
        /// Status of the answer.
        code: StatusCode,
        /// Extra headers, name and value.
        headers: Vec<(String, String)>,
        /// Body as sent; JSON unless a header says otherwise.
        body: String,
    },
    /// Handles the request, so that a write has taken effect, then answers with this status all the same, as
    /// a gateway does that lost the answer behind it.
    StatusAfter {
        /// Status of the answer.
        code: StatusCode,
        /// Extra headers, name and value.
        headers: Vec<(String, String)>,
    },
    /// Answers 200 with an HTML page, as a proxy or a login wall does, without handling the request.
    Html,
    /// Handles the request, then sends the answer without its body.
    EmptyBody,
    /// Waits on tokio's clock, then goes on.
    Delay(Duration),
    /// Cuts the connection without handling the request.
    DisconnectBefore,
    /// Handles the request, so that a write has taken effect, then cuts the connection without an answer.
    DisconnectAfter,
    /// Handles the request, declares the whole body, sends the first half of it and cuts the connection.
    TornBody,
    /// Sends a body that never ends, without handling the request.
    Endless,
    /// Answers 302 to this address without handling the request.
    Redirect(String),
    /// Answers 429 in the distributor's own form without handling the request.
    RateLimited {
        /// Value of `Retry-After`, rounded up to whole seconds; no header for `None`.
        retry_after: Option<Duration>,
    },
    /// Sends the first cursor that it sees again with every later page. Where pages are numbered it sends the first page
    /// that it sees again, whatever number is asked for.
    RepeatCursor,
    /// Adds this to every total that the page tells.
    LieTotal(i64),
    /// Sends the first row of each page twice.
    DuplicateRows,
    /// Changes the JSON of the answer; an answer that is not JSON passes unchanged.
    Rewrite(Rewriter),
    /// Moves the `Date` header: forward if positive, backward if negative.
    ClockSkew(TimeDelta),
}

impl FaultAction {
    /// A status with a JSON body and no extra header.
    #[must_use]
    pub fn status(code: StatusCode, body: impl Into<String>) -> Self {
        Self::Status { code, headers: Vec::new(), body: body.into() }
    }

    /// A status with one header and no body, after the request was handled.
    #[must_use]
    pub fn status_after(code: StatusCode, header: &str, value: &str) -> Self {
        Self::StatusAfter { code, headers: vec![(header.to_owned(), value.to_owned())] }
    }

    /// A change of the answer's JSON.
    #[must_use]
    pub fn rewrite(change: impl Fn(Value) -> Value + Send + Sync + 'static) -> Self {
        Self::Rewrite(Arc::new(change))
    }
}

impl fmt::Debug for FaultAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { code, .. } => write!(f, "Status({code})"),
            Self::StatusAfter { code, .. } => write!(f, "StatusAfter({code})"),
            Self::Html => f.write_str("Html"),
            Self::EmptyBody => f.write_str("EmptyBody"),
            Self::Delay(by) => write!(f, "Delay({by:?})"),
            Self::DisconnectBefore => f.write_str("DisconnectBefore"),
            Self::DisconnectAfter => f.write_str("DisconnectAfter"),
            Self::TornBody => f.write_str("TornBody"),
            Self::Endless => f.write_str("Endless"),
            Self::Redirect(to) => write!(f, "Redirect({to})"),
            Self::RateLimited { retry_after } => write!(f, "RateLimited({retry_after:?})"),
            Self::RepeatCursor => f.write_str("RepeatCursor"),
            Self::LieTotal(delta) => write!(f, "LieTotal({delta})"),
            Self::DuplicateRows => f.write_str("DuplicateRows"),
            Self::Rewrite(_) => f.write_str("Rewrite"),
            Self::ClockSkew(by) => write!(f, "ClockSkew({by})"),
        }
    }
}

/// Which requests a fault hits, and what it does to them.
///
/// ```
/// use provider_simulator::{FaultAction, FaultRule};
///
/// // The second and third read of any company cut the connection.
/// let rule = FaultRule::new("GET", "/v1/companies/*", FaultAction::DisconnectBefore)
///     .skip(1)
///     .times(2);
/// ```
#[derive(Clone, Debug)]
pub struct FaultRule {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    skip: u64,
    times: Option<u64>,
    actions: Vec<FaultAction>,
}

impl FaultRule {
    /// Hits every request of this method and path; `*` as the method fits any, `*` in the path any text.
    #[must_use]
    pub fn new(method: &str, path: &str, action: FaultAction) -> Self {
        Self {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            query: Vec::new(),
            skip: 0,
            times: None,
            actions: vec![action],
        }
    }

    /// Hits only requests with this query parameter.
    #[must_use]
    pub fn when_query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves the first `requests` that fit alone.
    #[must_use]
    pub fn skip(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// Hits at most `requests`; without it there is no end.
    #[must_use]
    pub fn times(mut self, requests: u64) -> Self {
        self.times = Some(requests);
        self
    }

    /// Hits one request only.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Does this too, after what was given before: a delay and then a disconnect, for example.
    #[must_use]
    pub fn then(mut self, action: FaultAction) -> Self {
        self.actions.push(action);
        self
    }

    fn fits(&self, seen: &SeenRequest<'_>, routed: fn(&str) -> String) -> bool {
        (self.method == "*" || self.method == seen.method)
            && (path_fits(&self.path, seen.path) || path_fits(&routed(&self.path), seen.routed_path))
            && self.query.iter().all(|wanted| seen.query.contains(wanted))
    }
}

/// Names a rule that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FaultId(u64);

/// What a rule is compared with.
#[derive(Debug)]
pub(crate) struct SeenRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) routed_path: &'a str,
    pub(crate) query: &'a [(String, String)],
}

/// What a repeating fault remembers between requests.
#[derive(Debug, Default)]
pub(crate) struct FaultMemory {
    pub(crate) cursor: Option<Value>,
    pub(crate) page: Option<Value>,
}

#[derive(Debug)]
struct LiveRule {
    id: FaultId,
    rule: FaultRule,
    seen: u64,
    hits: u64,
    memory: Arc<Mutex<FaultMemory>>,
}

/// One action due for the request at hand.
#[derive(Clone, Debug)]
pub(crate) struct DueFault {
    pub(crate) action: FaultAction,
    pub(crate) memory: Arc<Mutex<FaultMemory>>,
}

#[derive(Debug, Default)]
struct Rules {
    next: u64,
    live: Vec<LiveRule>,
}

/// The faults of one distributor; clones share them.
#[derive(Clone, Debug)]
pub struct Faults {
    rules: Arc<Mutex<Rules>>,
    routed: fn(&str) -> String,
}

impl Faults {
    pub(crate) fn new(routed: fn(&str) -> String) -> Self {
        Self { rules: Arc::default(), routed }
    }

    /// Switches a fault on. Where several fit a request, all their actions happen, in the order the rules were added.
    pub fn add(&self, rule: FaultRule) -> FaultId {
        let mut rules = lock(&self.rules);
        rules.next += 1;
        let id = FaultId(rules.next);
        rules.live.push(LiveRule { id, rule, seen: 0, hits: 0, memory: Arc::default() });
        id
    }

    /// Switches a fault off. False if there is no such fault any more.
    pub fn remove(&self, id: FaultId) -> bool {
        let mut rules = lock(&self.rules);
        let before = rules.live.len();
        rules.live.retain(|live| live.id != id);
        rules.live.len() < before
    }

    /// Switches every fault off.
    pub fn clear(&self) {
        lock(&self.rules).live.clear();
    }

    /// How many requests the fault has hit so far; 0 for one that was removed.
    #[must_use]
    pub fn hits(&self, id: FaultId) -> u64 {
        lock(&self.rules).live.iter().find(|live| live.id == id).map_or(0, |live| live.hits)
    }

    /// Counts the request against every rule that fits and answers the actions that are due.
    pub(crate) fn due(&self, seen: &SeenRequest<'_>) -> Vec<DueFault> {
        let mut due = Vec::new();
        for live in &mut lock(&self.rules).live {
            if !live.rule.fits(seen, self.routed) {
                continue;
            }
            live.seen += 1;
            let over = live.rule.times.is_some_and(|times| live.hits >= times);
            if live.seen <= live.rule.skip || over {
                continue;
            }
            live.hits += 1;
            due.extend(
                live.rule
                    .actions
                    .iter()
                    .map(|action| DueFault { action: action.clone(), memory: Arc::clone(&live.memory) }),
            );
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(faults: &Faults, query: &[(String, String)]) -> usize {
        faults
            .due(&SeenRequest { method: "GET", path: "/v1/things/7", routed_path: "/v1/things/7", query })
            .len()
    }

    #[test]
    fn skip_then_times() {
        let faults = Faults::new(str::to_owned);
        let id = faults.add(FaultRule::new("get", "/v1/things/*", FaultAction::Html).skip(1).times(2));
        let seen: Vec<usize> = (0..5).map(|_| hit(&faults, &[])).collect();
        assert_eq!(seen, [0, 1, 1, 0, 0]);
        assert_eq!(faults.hits(id), 2);
        assert!(faults.remove(id));
        assert!(!faults.remove(id));
    }

    #[test]
    fn query_and_order() {
        let faults = Faults::new(str::to_owned);
        faults.add(FaultRule::new("*", "*", FaultAction::Html).when_query("page", "2"));
        faults.add(FaultRule::new("*", "*", FaultAction::EmptyBody).then(FaultAction::TornBody));
        assert_eq!(hit(&faults, &[]), 2);
        assert_eq!(hit(&faults, &[("page".to_owned(), "2".to_owned())]), 3);
    }
}
