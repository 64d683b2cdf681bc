//! What single reads of a subscription add.

use crate::wire::record;

record! {
    /// The history of a subscription; only AWS, Sophos, Azure and Google Cloud keep one.
    ActivityLogs {
        /// How many entries there are.
        total_count: count,
        /// The entries. Their ids can repeat.
        items: many(Activity),
    }

    /// One entry of the history.
    Activity {
        /// Its id.
        id: id,
        /// What was done, in words.
        action_type: text,
        /// When.
        action_date: moment,
        /// Such as `succeeded`.
        action_status: text,
        /// The provider's product.
        product_id: text,
        /// The provider's SKU.
        sku_id: text,
        /// The provider's offer.
        offer_id: text,
        /// Seats afterwards.
        quantity: num,
        /// State afterwards.
        subscription_status: text,
        /// Billing cycle afterwards.
        billing_cycle: text,
        /// Commitment afterwards.
        billing_term: text,
        /// Renewal afterwards.
        auto_renew_status: text,
        /// Further details, in words.
        action_details: text,
        /// When it was done.
        completion_date: moment,
        /// Who did it.
        ccp_user_id: id,
        /// Who did it, by name.
        ccp_user_name: text,
        /// Who did it, by address.
        ccp_user_email: text,
        /// For which partner.
        partner_id: id,
    }

    /// A discount or a surcharge.
    PriceAdjustment {
        /// Its name.
        name: text,
        /// What kind it is.
        adjustment_type: text,
        /// How much.
        adjustment_value: num,
        /// How long it lasts.
        duration_type: text,
        /// From when.
        start_date: moment,
        /// Until when.
        end_date: moment,
    }
}
