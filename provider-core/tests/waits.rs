//! A distributor may ask to wait for any time: whoever waits for an order does not, and nothing overflows.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;
use std::time::Duration;

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
