//! What a test changes in the data itself: a subscription as it is when something went wrong.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::record::FIXED_PRICE;
use crate::crayon::billing::months;
use crate::crayon::state::Crayon;
use crate::engine::handle::Handle;
use crate::engine::lock::lock;

/// A subscription, as a test changes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubscriptionEdit {
    /// The number of its `SubscriptionStatus`.
    pub status: i64,
    /// Seats.
    pub quantity: i64,
    /// When it was bought.
    pub created_at: DateTime<Utc>,
    /// When its term started.
    pub starts_at: Option<DateTime<Utc>>,
    /// When its term ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// What its customer pays for a seat, where the partner has fixed it.
    pub sales_price: Option<Decimal>,
}

impl Handle<Crayon> {
    /// Changes a subscription behind everybody's back: no rule is asked, nothing is noted, and what was billed until now
    /// stays as it was. False if there is none of this id.
    pub fn edit_subscription(&self, id: i64, edit: impl FnOnce(&mut SubscriptionEdit)) -> bool {
        let state = &mut *lock(&self.world.state);
        let now = self.frame.clock.now();
        state.advance(now);
        months::bill(state, now);
        let Some(row) = state.subscriptions.get_mut(id) else { return false };
        let mut edited = SubscriptionEdit {
            status: row.status,
            quantity: row.quantity,
            created_at: row.created,
            starts_at: row.starts,
            ends_at: row.ends,
            sales_price: (row.price_type == FIXED_PRICE).then_some(row.sales_price),
        };
        edit(&mut edited);
        row.status = edited.status;
        row.quantity = edited.quantity;
        row.created = edited.created_at;
        row.starts = edited.starts_at;
        row.ends = edited.ends_at;
        if let Some(price) = edited.sales_price {
            row.price_type = FIXED_PRICE;
            row.sales_price = price;
        }
        true
    }
}
