//! A quota of calls in any window.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_thousand_a_minute_are_used_to_98_percent_and_never_exceeded() {
    for callers in [1, 8, 50] {
        let limiter = limiter(&RateLimit::per_minute(1000));
        let times = saturate(&limiter, callers, Duration::from_secs(300)).await;
        let minute = Duration::from_secs(60);
        assert!(most_in_any(&times, minute) <= 1000, "{callers} callers: {}", most_in_any(&times, minute));
        assert!(times.len() >= 5 * 980, "{callers} callers: {}", times.len());
    }
}

#[tokio::test(start_paused = true)]
async fn small_quotas_are_never_exceeded() {
    for (calls, seconds) in [(2, 1), (10, 60), (60, 60), (100, 1), (240, 60)] {
        let window = Duration::from_secs(seconds);
        let limiter = limiter(&RateLimit::new(calls, window));
        let times = saturate(&limiter, 4, window * 5).await;
        assert!(most_in_any(&times, window) <= calls as usize, "{calls} in {seconds} s: {}", times.len());
        assert!(times.len() * 2 >= calls as usize * 5, "{calls} in {seconds} s: {}", times.len());
    }
}

#[tokio::test(start_paused = true)]
async fn the_strictest_client_of_an_account_sets_its_limit() {
    let limiter = limiter(&RateLimit::per_minute(6000).in_flight(8));
    limiter.tighten(&RateLimit::per_minute(60).in_flight(2));
    limiter.tighten(&RateLimit::per_minute(600));
    let times = saturate(&limiter, 3, Duration::from_secs(60)).await;
    assert!(times.len() <= 60, "{}", times.len());
    let _held = (turn(&limiter, Priority::Bulk).await, turn(&limiter, Priority::Bulk).await);
    assert!(limiter.acquire(Priority::Bulk, kind(), until(Deadline::after(FAR))).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn half_of_a_quota_goes_at_once_and_nobody_waits_for_a_window_to_end() {
    let limiter = limiter(&RateLimit::per_minute(1000));
    let start = Instant::now();
    let times = saturate(&limiter, 16, Duration::from_secs(240)).await;
    let at_once = times.iter().filter(|at| **at == start).count();
    assert!((490..=500).contains(&at_once), "{at_once}");
    let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest < Duration::from_millis(250), "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_place_is_free_again_one_window_after_its_answer() {
    let limiter = limiter(&RateLimit::new(10, Duration::from_secs(60)).in_flight(100));
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(turn(&limiter, Priority::Interactive).await);
    }
    for _ in 4..10 {
        drop(turn(&limiter, Priority::Interactive).await);
    }
    // Slow answers: the distributor may have counted each call only just before it answered.
    tokio::time::sleep(Duration::from_secs(90)).await;
    for _ in 4..10 {
        drop(turn(&limiter, Priority::Interactive).await);
    }
    let answered = Instant::now();
    drop(held);
    drop(turn(&limiter, Priority::Interactive).await);
    let waited = answered.elapsed();
    assert!((Duration::from_secs(60)..Duration::from_millis(60_100)).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn answers_that_take_long_never_let_the_distributor_count_too_many() {
    let minute = Duration::from_secs(60);
    for takes in [20, 900, 7_000] {
        let limiter = limiter(&RateLimit::per_minute(1000));
        let end = Instant::now() + minute * 4;
        let callers: Vec<_> = (0..64)
            .map(|caller: u64| {
                let limiter = Arc::clone(&limiter);
                tokio::spawn(async move {
                    let mut counted = Vec::new();
                    while let Ok(turn) =
                        limiter.acquire(Priority::Bulk, kind(), until(Deadline::at(end))).await
                    {
                        let mut turn = turn;
                        turn.slot.sent();
                        // Counted somewhere between sending and answer, differently each time.
                        let before = (caller * 7919 + counted.len() as u64 * 104_729) % takes;
                        tokio::time::sleep(Duration::from_millis(before)).await;
                        counted.push(Instant::now());
                        tokio::time::sleep(Duration::from_millis(takes - before)).await;
                    }
                    counted
                })
            })
            .collect();
        let mut counted = Vec::new();
        for caller in callers {
            counted.extend(caller.await.unwrap());
        }
        counted.sort_unstable();
        assert!(most_in_any(&counted, minute) <= 1000, "{takes} ms: {}", most_in_any(&counted, minute));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_takes_no_place() {
    let limiter = limiter(&RateLimit::new(1, Duration::from_secs(60)));
    let start = Instant::now();
    for _ in 0..5 {
        drop(limiter.acquire(Priority::Bulk, kind(), until(Deadline::after(FAR))).await.unwrap());
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// Interactive calls, one each interval, while bulk readers take all they can get. Answers how long each waited.
async fn waits_beside_bulk(interval: Duration) -> Vec<Duration> {
    let limiter = limiter(&RateLimit::per_minute(1000));
    let bulk = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { saturate(&limiter, 50, Duration::from_secs(600)).await }
    });
    let end = Instant::now() + Duration::from_secs(590);
    let mut waits = Vec::new();
    while Instant::now() < end {
        tokio::time::sleep(interval).await;
        let begun = Instant::now();
        let turn = turn(&limiter, Priority::Interactive).await;
        // A person's call takes its time.
        tokio::time::sleep(Duration::from_millis(20)).await;
        drop(turn);
        waits.push(begun.elapsed());
    }
    let times = bulk.await.unwrap();
    let all = times.len() + waits.len();
    assert!(all >= 9_800, "{all} in ten minutes, with those of people");
    waits.sort_unstable();
    waits
}

#[tokio::test(start_paused = true)]
async fn interactive_calls_wait_less_than_a_second_beside_a_bulk_read_at_the_rate_of_the_reserve() {
    for interval in [3_500, 1_000] {
        let waits = waits_beside_bulk(Duration::from_millis(interval)).await;
        let at = waits[waits.len() * 99 / 100];
        assert!(at < Duration::from_secs(1), "each {interval} ms: {at:?} of {waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn several_processes_share_a_quota() {
    let limiters: Vec<_> = (0..4).map(|_| limiter(&RateLimit::per_minute(1000).share(4))).collect();
    let mut all = Vec::new();
    for limiter in &limiters {
        all.push(saturate(limiter, 8, Duration::from_secs(120)));
    }
    let mut times: Vec<_> = futures_util::future::join_all(all).await.into_iter().flatten().collect();
    times.sort_unstable();
    let most = most_in_any(&times, Duration::from_secs(60));
    assert!((970..=1000).contains(&most), "{most}");
}
