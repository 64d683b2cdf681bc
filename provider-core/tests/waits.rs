//! A distributor may ask to wait for any time: whoever waits for an order does not, and nothing overflows.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::{
    Capabilities, Error, ErrorKind, Operation, Order, OrderId, Provider, ProviderExt, ProviderInfo,
    ReadOptions, Result, async_trait,
};

#[derive(Debug)]
struct Busy {
    info: ProviderInfo,
    capabilities: Capabilities,
    wait: Duration,
}

#[async_trait]
impl Provider for Busy {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn get_order(&self, _: &OrderId, _: &ReadOptions) -> Result<Order> {
        let operation = Operation::Get(provider_core::EntityKind::Order);
        Err(Error::new(ErrorKind::RateLimited, "too many calls")
            .with_operation(operation)
            .with_retry_after(self.wait))
    }
}

#[tokio::test]
async fn a_wait_past_the_deadline_is_not_made_however_long_it_is() {
    for wait in [Duration::from_secs(3_600), Duration::from_secs(u64::MAX), Duration::MAX] {
        let provider = Arc::new(Busy {
            info: ProviderInfo::new("busy", "main"),
            capabilities: Capabilities::default(),
            wait,
        });
        let error = provider.wait_for_order("7", Duration::from_secs(600)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{wait:?}: {error}");
    }
}

/// A clock that somebody sets back by an hour while one sleeps.
#[derive(Debug)]
struct SetBack(Mutex<DateTime<Utc>>, AtomicU32);

impl Clock for SetBack {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<()> {
        assert!(self.1.fetch_add(1, Ordering::SeqCst) < 100, "it is waited for ever");
        *self.0.lock().unwrap() -= TimeDelta::hours(1);
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_put_the_deadline_off() {
    let provider = Arc::new(Busy {
        info: ProviderInfo::new("busy", "main"),
        capabilities: Capabilities::default(),
        wait: Duration::from_secs(60),
    });
    let clock = SetBack(Mutex::new(DateTime::UNIX_EPOCH), AtomicU32::new(0));
    let error = provider.wait_for_order_with("7", Duration::from_secs(600), &clock).await.unwrap_err();
    assert_eq!((error.kind(), clock.1.load(Ordering::SeqCst)), (ErrorKind::Timeout, 10));
}
