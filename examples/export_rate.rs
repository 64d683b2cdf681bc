//! How fast an export goes, for people.

use std::time::Duration;

/// How fast it goes over all: records a second, or seconds a record where it is slow.
pub(crate) fn rate(records: u64, elapsed: Duration) -> String {
    #[allow(clippy::cast_precision_loss, reason = "an estimate for people")]
    let a_second = records as f64 / elapsed.as_secs_f64();
    if records == 0 || !a_second.is_finite() {
        String::new()
    } else if a_second >= 10.0 {
        format!("{a_second:.0} records/s")
    } else if a_second >= 1.0 {
        format!("{a_second:.1} records/s")
    } else {
        format!("{:.1} s/record", 1.0 / a_second)
    }
}
