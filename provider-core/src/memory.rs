//! A provider in memory.

use async_trait::async_trait;

use crate::capability::{Capabilities, EntityKind, Operation};
use crate::error::Result;
use crate::info::ProviderInfo;
use crate::model::Customer;
use crate::page::{Cursor, Page, PageRequest};
use crate::provider::Provider;
use crate::query::CustomerQuery;

/// A provider in memory.
#[derive(Debug)]
pub struct MemoryProvider {
    info: ProviderInfo,
    capabilities: Capabilities,
    customers: Vec<Customer>,
}

impl MemoryProvider {
    /// An empty provider.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            info: ProviderInfo::new("memory", name),
            capabilities: Capabilities::builder().native(Operation::List(EntityKind::Customer)).build(),
            customers: Vec::new(),
        }
    }

    /// Adds customers.
    #[must_use]
    pub fn with_customers(mut self, customers: impl IntoIterator<Item = Customer>) -> Self {
        self.customers.extend(customers);
        self
    }
}

#[async_trait]
impl Provider for MemoryProvider {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        let start: usize = match &page.cursor {
            Some(c) => c.open(&self.info, query)?.parse().unwrap_or(0),
            None => 0,
        };
        let size = page.size.unwrap_or(100) as usize;
        let items: Vec<_> = self.customers.iter().skip(start).take(size).cloned().collect();
        let next = start + items.len();
        let mut page = Page::new(items).with_total(self.customers.len() as u64);
        if next < self.customers.len() {
            page.next = Some(Cursor::tagged(&self.info, query, next.to_string()));
        }
        Ok(page)
    }
}
