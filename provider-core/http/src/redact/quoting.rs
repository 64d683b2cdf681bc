//! Errors, receipts and checks that may quote a distributor's answer, and so a secret in it.

use provider_core::attempt::Baseline;
use provider_core::receipt::LineReceipt;
use provider_core::{
    Customer, Error, Invoice, InvoiceLine, Order, Page, Plan, Product, Receipt, Reconciliation, Result,
    Subscription, UsageRecord, Verification,
};

/// An error, a receipt or a check that may quote a distributor's answer: every text in it can be edited, so that a
/// secret that the distributor echoed is blanked ([`HttpClient::scrubbed`](crate::HttpClient::scrubbed)).
///
/// The records themselves are data and stay as they are; what is said about them is not.
pub trait Quoting: Sized {
    /// Passes every text through `edit`, which answers the text to show instead or `None` to leave it.
    #[must_use]
    fn edited(self, edit: &dyn Fn(&str) -> Option<String>) -> Self;
}

macro_rules! quoting {
    ($($name:ty),+) => {$(
        impl Quoting for $name {
            fn edited(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
                self.with_texts(edit)
            }
        }
    )+};
}

quoting!(Error, LineReceipt, Plan, Receipt, Reconciliation, Verification);

macro_rules! data {
    ($($name:ty),+) => {$(
        impl Quoting for $name {
            fn edited(self, _edit: &dyn Fn(&str) -> Option<String>) -> Self {
                self
            }
        }
    )+};
}

data!(Baseline, Customer, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord);

/// Records that could not be read were edited when their page was read; what a provider says of one itself is edited
/// here.
impl<T> Quoting for Page<T> {
    fn edited(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        for item in &mut self.items {
            if let Err(bad) = item {
                let raw = bad.raw.take();
                let mut told = bad.clone().with_texts(edit);
                told.raw = raw;
                *bad = told;
            }
        }
        self
    }
}

impl<T: Quoting> Quoting for Option<T> {
    fn edited(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        self.map(|value| value.edited(edit))
    }
}

impl<T: Quoting> Quoting for Result<T> {
    fn edited(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        match self {
            Ok(value) => Ok(value.edited(edit)),
            Err(error) => Err(error.with_texts(edit)),
        }
    }
}
