//! Calls in flight.

use super::*;

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_counted_and_places_given_back() {
    let limiter = limiter(&RateLimit::unlimited().in_flight(2));
    let first = turn(&limiter, Priority::Bulk).await;
    let _second = turn(&limiter, Priority::Bulk).await;
    let refused = limiter
        .acquire(Priority::Bulk, kind(), until(Deadline::after(Duration::from_secs(1))))
        .await
        .unwrap_err();
    assert_eq!(refused, Refused::Late);
    let third = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { turn(&limiter, Priority::Bulk).await.waited }
    });
    tokio::time::sleep(Duration::from_secs(3)).await;
    drop(first);
    assert_eq!(third.await.unwrap(), Duration::from_secs(3));
}

/// Rounds of calls that take all places they may have, each answered after this long. Answers how many went
/// at once in each.
async fn rounds(limiter: &Arc<Limiter>, takes: Duration, rounds: usize) -> Vec<usize> {
    let mut sizes = Vec::new();
    for _ in 0..rounds {
        let mut held = Vec::new();
        while let Ok(turn) =
            tokio::time::timeout(Duration::from_millis(1), turn(limiter, Priority::Bulk)).await
        {
            held.push(turn);
        }
        sizes.push(held.len());
        tokio::time::sleep(takes).await;
        for turn in held {
            turn.slot.answered(Some(10));
        }
        // What is sent next is sent after what was learned.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    sizes
}

#[tokio::test(start_paused = true)]
async fn more_calls_are_in_flight_while_answers_come_and_fewer_when_the_service_complains() {
    let limiter = limiter(&RateLimit::unlimited());
    let quick = Duration::from_millis(40);
    assert_eq!(rounds(&limiter, quick, 4).await, [4, 8, 16, 16]);
    let sent_at = Instant::now();
    tokio::time::sleep(quick).await;
    assert_eq!(limiter.overloaded(sent_at), Some(8));
    assert_eq!(limiter.overloaded(sent_at), None, "a call that was sent before the cut says nothing new");
    // Then more carefully.
    assert_eq!(rounds(&limiter, quick, 3).await, [8, 9, 10]);
    // Answers that take three times as long as they used to.
    let slow = rounds(&limiter, quick * 6, 3).await;
    assert!(slow[2] <= 5, "{slow:?}");
    assert!(rounds(&limiter, quick, 20).await[19] > 8);
}

#[tokio::test(start_paused = true)]
async fn other_requests_that_take_longer_slow_nothing_down() {
    let limiter = limiter(&RateLimit::unlimited());
    rounds(&limiter, Duration::from_millis(40), 3).await;
    let other = CallKind::of(&http::Method::GET, "/v1/reports");
    for _ in 0..20 {
        let mut turn = limiter.acquire(Priority::Bulk, other, until(Deadline::after(FAR))).await.unwrap();
        turn.slot.sent();
        tokio::time::sleep(Duration::from_secs(3)).await;
        turn.slot.answered(None);
    }
    assert_eq!(rounds(&limiter, Duration::from_millis(40), 1).await, [16]);
}

#[tokio::test(start_paused = true)]
async fn large_pages_are_no_slow_small_ones() {
    let limiter = limiter(&RateLimit::unlimited());
    rounds(&limiter, Duration::from_millis(20), 3).await;
    for _ in 0..40 {
        let turn = turn(&limiter, Priority::Bulk).await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        assert_eq!(turn.slot.answered(Some(2 * 1024 * 1024)), None);
    }
    assert_eq!(rounds(&limiter, Duration::from_millis(20), 1).await, [16]);
}

#[tokio::test(start_paused = true)]
async fn the_bodies_in_flight_hold_a_quarter_of_a_gigabyte_at_most() {
    let limiter = limiter(&RateLimit::unlimited().in_flight(16));
    let one = turn(&limiter, Priority::Bulk).await;
    assert_eq!(one.slot.answered(Some(64 * 1024 * 1024)), Some(4));
    drop(one);
    assert_eq!(rounds(&limiter, Duration::from_millis(40), 1).await, [4]);
    // Large pages are forgotten by and by.
    assert_eq!(rounds(&limiter, Duration::from_millis(40), 30).await[29], 16);
}
