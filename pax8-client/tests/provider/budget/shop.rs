//! A catalog with prices, sold by a distributor that enforces its rate limit.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// A status, how many seconds to wait, and a body.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: String,
}

/// Allows so many calls in any window and answers 429 beyond.
#[derive(Debug)]
pub(crate) struct Shop {
    products: usize,
    calls: usize,
    window: Duration,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    recent: VecDeque<Instant>,
    arrivals: Vec<Instant>,
    refused: Vec<Instant>,
    tokens: usize,
    /// Refuse the call that comes after so many, for so many seconds.
    refuse_after: Option<(usize, u64)>,
}

impl Shop {
    pub(crate) fn new(products: usize, calls: usize, window: Duration) -> Self {
        Self { products, calls, window, book: Mutex::default() }
    }

    /// Refuses the call that comes after so many, whatever the window says, and asks for a pause.
    pub(crate) fn refuse_after(&self, calls: usize, seconds: u64) {
        self.book.lock().unwrap().refuse_after = Some((calls, seconds));
    }

    /// When calls came in, those for tokens aside.
    pub(crate) fn arrivals(&self) -> Vec<Instant> {
        self.book.lock().unwrap().arrivals.clone()
    }

    /// When calls were refused.
    pub(crate) fn refused(&self) -> Vec<Instant> {
        self.book.lock().unwrap().refused.clone()
    }

    /// How many tokens were issued.
    pub(crate) fn tokens(&self) -> usize {
        self.book.lock().unwrap().tokens
    }

    /// The least time that so many calls take.
    pub(crate) fn budget(&self, calls: usize) -> Duration {
        self.window.mul_f64(calls as f64 / self.calls as f64)
    }

    pub(crate) fn answer(&self, path: &str, query: &str) -> Reply {
        let mut book = self.book.lock().unwrap();
        if path == "/v1/token" {
            book.tokens += 1;
            let body = r#"{"access_token":"token","expires_in":86400,"token_type":"Bearer"}"#.to_owned();
            return Reply { status: 200, retry_after: None, body };
        }
        if let Some(seconds) = book.turn_away(self.calls, self.window) {
            let body = r#"{"type":"TOO_MANY_REQUESTS","message":"Slow down","status":429}"#.to_owned();
            return Reply { status: 429, retry_after: Some(seconds), body };
        }
        drop(book);
        Reply { status: 200, retry_after: None, body: self.page(path, query) }
    }

    fn page(&self, path: &str, query: &str) -> String {
        let Some((_, rest)) = path.split_once("/v1/products/") else { return self.products(query) };
        match rest.split_once('/') {
            Some((_, "pricing")) => PRICING.to_owned(),
            Some((_, "dependencies")) => DEPENDENCIES.to_owned(),
            _ => panic!("nobody asked for {path}"),
        }
    }

    /// Every second product needs a commitment, which takes a call more.
    fn products(&self, query: &str) -> String {
        let number = |name: &str| -> usize {
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            pair.unwrap().parse().unwrap()
        };
        let (page, size) = (number("page"), number("size"));
        let rows: Vec<_> = (page * size..self.products.min((page + 1) * size))
            .map(|n| {
                let committed = n.is_multiple_of(2);
                format!(
                    r#"{{"id":"6f1d3c52-0a57-4c1e-9d0b-{n:012}","name":"Product {n}","vendorName":"ExampleSoft","sku":"EXS-{n}","requiresCommitment":{committed}}}"#
                )
            })
            .collect();
        format!(
            r#"{{"content":[{}],"page":{{"size":{size},"totalElements":{},"totalPages":{},"number":{page}}}}}"#,
            rows.join(","),
            self.products,
            self.products.div_ceil(size),
        )
    }
}

impl Book {
    /// Counts a call; seconds to wait for one that comes too soon.
    fn turn_away(&mut self, calls: usize, window: Duration) -> Option<u64> {
        let now = Instant::now();
        self.arrivals.push(now);
        if let Some((after, seconds)) = self.refuse_after
            && self.arrivals.len() > after
        {
            self.refuse_after = None;
            self.refused.push(now);
            return Some(seconds);
        }
        while self.recent.front().is_some_and(|at| *at + window <= now) {
            self.recent.pop_front();
        }
        if self.recent.len() < calls {
            self.recent.push_back(now);
            return None;
        }
        self.refused.push(now);
        let free = self.recent.front().map_or(window, |at| *at + window - now);
        Some(free.as_secs() + 1)
    }
}

const PRICING: &str = r#"{"content":[{"billingTerm":"Monthly","type":"Flat","unitOfMeasurement":"User","rates":[{"partnerBuyRate":21.12,"suggestedRetailPrice":26.4,"startQuantityRange":1,"endQuantityRange":null,"chargeType":"Per Unit"}]}]}"#;
const DEPENDENCIES: &str =
    r#"{"commitmentDependencies":[{"id":"91b0f6a4-3a0e-4d1f-8f57-2a3d1c0be101","term":"1-Year"}]}"#;
