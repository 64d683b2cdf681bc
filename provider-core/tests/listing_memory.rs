//! Memory of a listing: bounded by the pages in flight, plus the ids that prove completeness.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is a failed test")]

use std::process::Command;
use std::sync::Arc;

use provider_core::{
    Capabilities, Cursor, Customer, CustomerQuery, Page, PageRequest, Provider, ProviderExt, ProviderInfo,
    Result, async_trait,
};

const RECORDS: &str = "LISTING_MEMORY_RECORDS";
const PAGE: u64 = 200;

/// Makes its records as they are asked for, so that only the listing's own memory counts.
#[derive(Debug)]
struct Endless {
    info: ProviderInfo,
    capabilities: Capabilities,
    records: u64,
}

#[async_trait]
impl Provider for Endless {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, _: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        let number: u64 = request.cursor.as_ref().map_or(0, |c| c.as_str().parse().unwrap());
        let range = number * PAGE..((number + 1) * PAGE).min(self.records);
        let customer = |n: u64| Customer::new(format!("6f1d3c52-0a57-4c1e-9d0b-{n:012}"), "Example Bakery");
        let mut page = Page::new(range.map(customer).collect::<Vec<_>>()).with_total(self.records);
        let pages = self.records.div_ceil(PAGE);
        let mut next = (number + 1..pages).map(|n| Cursor::new(n.to_string()));
        page.next = next.next();
        page.ahead = next.take(16).collect();
        Ok(page)
    }
}

/// The most memory that this process ever held, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

fn peak_in_a_process_of_its_own(records: u64) -> u64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_process_that_lists", "--nocapture", "--ignored"])
        .env(RECORDS, records.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.split("peak ").nth(1)).unwrap_or_else(|| panic!("{text}"));
    line.trim().parse().unwrap()
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn a_process_that_lists() {
    let records: u64 = std::env::var(RECORDS).unwrap().parse().unwrap();
    let source = Arc::new(Endless {
        info: ProviderInfo::new("endless", "main"),
        capabilities: Capabilities::default(),
        records,
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut listing = source.customers(CustomerQuery::default()).prefetch(8);
        let report = listing.report();
        while let Some(customer) = listing.next().await {
            customer.unwrap();
        }
        assert!(report.completeness().is_proven());
        assert_eq!(report.records(), records);
    });
    println!("peak {}", peak());
}

#[test]
fn a_million_records_cost_at_most_48_bytes_each() {
    let few = peak_in_a_process_of_its_own(10_000);
    let many = peak_in_a_process_of_its_own(1_000_000);
    let each = many.saturating_sub(few) / 990_000;
    println!("10,000 records: {few} bytes; 1,000,000 records: {many} bytes; {each} bytes a record");
    assert!(each <= 48, "{each} bytes a record");
}
