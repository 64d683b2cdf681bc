//! The dates of the next 90 days as a picture: how many there are in each week.

use std::fmt::Write as _;

use provider_core::chrono::{DateTime, TimeDelta, Utc};
use provider_sync::reconcile::{RENEWALS_AHEAD, Upcoming};

use super::html::escaped;

/// Days of a bar.
const WEEK: i64 = 7;
/// Height of the highest bar.
const HEIGHT: usize = 44;

/// The date of something that is coming up.
pub(super) fn date_of(one: &Upcoming) -> Option<DateTime<Utc>> {
    one.guard.deadline.or_else(|| one.guard.renewal.at())
}

/// A bar for each week from now on.
pub(super) fn weeks(out: &mut String, all: &[Upcoming], now: DateTime<Utc>) {
    let mut counts = vec![0_usize; usize::try_from(RENEWALS_AHEAD / WEEK + 1).unwrap_or_default()];
    for at in all.iter().filter_map(date_of) {
        let week = usize::try_from((at - now).num_days().max(0) / WEEK).unwrap_or_default();
        if let Some(count) = counts.get_mut(week) {
            *count += 1;
        }
    }
    let Some(most) = counts.iter().max().copied().filter(|most| *most > 0) else { return };
    out.push_str("<figure><figcaption>Dates by week</figcaption><ol class=\"weeks\">");
    let mut begins = now;
    for count in counts {
        let day = begins.format("%m-%d");
        // A bar that is there is seen.
        let height = if count == 0 { 0 } else { (count * HEIGHT / most).max(3) };
        let label = escaped(&format!("week from {}: {count}", begins.format("%F")));
        let _ = write!(
            out,
            "<li><b>{count}</b><svg width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{label}\">\
             <rect class=\"track\" y=\"{}\" width=\"100%\" height=\"1\"/>\
             <rect y=\"{}\" width=\"100%\" height=\"{height}\" rx=\"2\"/></svg><small>{day}</small></li>",
            HEIGHT - 1,
            HEIGHT - height,
        );
        begins += TimeDelta::days(WEEK);
    }
    out.push_str("</ol></figure>");
}
