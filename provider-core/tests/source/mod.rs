//! A page source that can do everything that distributors do to their clients.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use provider_core::query::Priority;
use provider_core::{
    Capabilities, Cursor, Customer, CustomerQuery, ItemError, Page, PageRequest, Provider, ProviderInfo,
    Result, async_trait,
};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Page numbers: further pages are known at once.
    Numbered,
    /// Only the next page is known.
    Tokens,
}

type Totals = Box<dyn Fn(usize) -> Option<u64> + Send + Sync>;

pub(crate) struct Source {
    info: ProviderInfo,
    capabilities: Capabilities,
    records: usize,
    shape: Shape,
    total: Totals,
    bad: BTreeSet<usize>,
    dropped: BTreeSet<usize>,
    repeated: BTreeMap<usize, Vec<usize>>,
    shift: Option<(usize, i64)>,
    repeat_cursor: bool,
    delay: Option<Duration>,
    bytes: u64,
    calls: AtomicUsize,
    priorities: Mutex<Vec<Priority>>,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("records", &self.records).finish_non_exhaustive()
    }
}

impl Source {
    pub(crate) fn new(records: usize, shape: Shape) -> Self {
        Self {
            info: ProviderInfo::new("source", "a").with_account("a"),
            capabilities: Capabilities::default(),
            records,
            shape,
            total: Box::new(move |_| Some(records as u64)),
            bad: BTreeSet::new(),
            dropped: BTreeSet::new(),
            repeated: BTreeMap::new(),
            shift: None,
            repeat_cursor: false,
            delay: None,
            bytes: 0,
            calls: AtomicUsize::new(0),
            priorities: Mutex::default(),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    pub(crate) fn declaring(mut self, total: impl Fn(usize) -> Option<u64> + Send + Sync + 'static) -> Self {
        self.total = Box::new(total);
        self
    }

    pub(crate) fn with_bad_record(mut self, at: usize) -> Self {
        self.bad.insert(at);
        self
    }

    /// These records never come, although they are counted.
    pub(crate) fn dropping(mut self, records: BTreeSet<usize>) -> Self {
        self.dropped = records;
        self
    }

    /// Records that come again on a page.
    pub(crate) fn repeating(mut self, again: Vec<(usize, usize)>) -> Self {
        for (page, record) in again {
            self.repeated.entry(page).or_default().push(record);
        }
        self
    }

    /// From this page on, so many records were inserted (or removed, if negative) before the first.
    pub(crate) fn shifting(mut self, from_page: usize, by: i64) -> Self {
        self.shift = Some((from_page, by));
        self
    }

    pub(crate) fn repeating_cursor(mut self) -> Self {
        self.repeat_cursor = true;
        self
    }

    pub(crate) fn slow(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Each answer is so long.
    #[allow(dead_code, reason = "not every test asks")]
    pub(crate) fn weighing(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    pub(crate) fn named(mut self, connection: &str) -> Self {
        self.info.connection = connection.to_owned();
        self
    }

    pub(crate) fn of_account(mut self, account: &str) -> Self {
        self.info = self.info.with_account(account);
        self
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// How each page was asked for, in order.
    #[allow(dead_code, reason = "not every test asks")]
    pub(crate) fn priorities(&self) -> Vec<Priority> {
        self.priorities.lock().unwrap().clone()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Provider for Source {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.priorities.lock().unwrap().push(query.options.priority);
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        self.running.fetch_sub(1, Ordering::SeqCst);
        let size = request.size.unwrap_or(10) as usize;
        let number: usize = request.cursor.as_ref().map_or(0, |c| c.as_str().parse().unwrap());
        let pages = self.records.div_ceil(size).max(1);
        let shift = self.shift.filter(|(from, _)| number >= *from).map_or(0, |(_, by)| by);
        let first = i64::try_from(number * size).unwrap() - shift;
        let items: Vec<std::result::Result<Customer, ItemError>> = (first..)
            .take(size)
            .filter_map(|at| usize::try_from(at).ok())
            .take_while(|at| *at < self.records)
            .filter(|at| !self.dropped.contains(at))
            .chain(self.repeated.get(&number).into_iter().flatten().copied().filter(|at| *at < self.records))
            .map(|at| {
                if self.bad.contains(&at) {
                    Err(ItemError::new("name", "is missing"))
                } else {
                    Ok(Customer::new(at.to_string(), format!("Customer {at}")))
                }
            })
            .collect();
        let mut page = Page::new(items).with_bytes(self.bytes);
        page.total = (self.total)(number);
        let mut next = (number + 1..pages).map(|n| Cursor::new(n.to_string()));
        page.next = next.next();
        if matches!(self.shape, Shape::Numbered) {
            page.ahead = next.take(16).collect();
        }
        if self.repeat_cursor && number == 1 {
            page.next = Some(Cursor::new("1"));
        }
        Ok(page)
    }
}

/// Enough of a runtime for sources that never wait.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}
