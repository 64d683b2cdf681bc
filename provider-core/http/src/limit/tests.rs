#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use http::HeaderValue;

use super::*;

const FAR: Duration = Duration::from_secs(10_000);

fn kind() -> CallKind {
    CallKind::of(&http::Method::GET, "/v1/records")
}

fn limiter(limit: &RateLimit) -> Arc<Limiter> {
    Arc::new(Limiter::new(limit))
}

fn until(deadline: Deadline) -> Patience {
    Patience::new(deadline, false)
}

/// A turn whose call is sent at once.
async fn turn(limiter: &Arc<Limiter>, priority: Priority) -> Turn {
    let mut turn = limiter.acquire(priority, kind(), until(Deadline::after(FAR))).await.unwrap();
    turn.slot.sent();
    turn
}

/// Makes calls as fast as they may go for this long, and answers when each went.
async fn saturate(limiter: &Arc<Limiter>, callers: usize, length: Duration) -> Vec<Instant> {
    let end = Instant::now() + length;
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let limiter = Arc::clone(limiter);
            tokio::spawn(async move {
                let mut times = Vec::new();
                while let Ok(mut turn) = limiter.acquire(Priority::Bulk, kind(), until(Deadline::at(end))).await {
                    times.push(turn.slot.sent());
                    drop(turn);
                }
                times
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all.sort_unstable();
    all
}

fn most_in_any(times: &[Instant], window: Duration) -> usize {
    times
        .iter()
        .enumerate()
        .map(|(first, start)| times[first..].iter().take_while(|at| **at < *start + window).count())
        .max()
        .unwrap_or_default()
}

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
async fn one_throttled_call_pauses_the_account() {
    let limiter = limiter(&RateLimit::per_minute(6000));
    drop(turn(&limiter, Priority::Bulk).await);
    let start = Instant::now();
    assert_eq!(limiter.throttle(start, Some(Duration::from_secs(7))), Duration::from_secs(7));
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move {
                let turn = turn(&limiter, Priority::Bulk).await;
                (start.elapsed(), turn.by_distributor)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        let (at, by_distributor) = task.await.unwrap();
        assert!(by_distributor);
        times.push(at);
    }
    times.sort_unstable();
    assert!(times[0] >= Duration::from_secs(7), "{:?}", times[0]);
    // After the pause they come one by one: the quiet time earned no burst.
    let together = times.iter().filter(|at| **at < times[0] + Duration::from_millis(9)).count();
    assert_eq!(together, 1);
}

#[tokio::test(start_paused = true)]
async fn interactive_calls_overtake_bulk() {
    let limiter = limiter(&RateLimit::new(10, Duration::from_secs(10)).burst(1));
    drop(turn(&limiter, Priority::Bulk).await);
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for (name, priority) in [
        ("bulk 1", Priority::Bulk),
        ("bulk 2", Priority::Bulk),
        ("person 1", Priority::Interactive),
        ("bulk 3", Priority::Bulk),
        ("person 2", Priority::Interactive),
    ] {
        let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            drop(turn(&limiter, priority).await);
            order.lock().unwrap().push(name);
        }));
        // Each stands in the queue before the next one comes.
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), ["person 1", "person 2", "bulk 1", "bulk 2", "bulk 3"]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_is_refused_at_once_with_its_length() {
    let limiter = limiter(&RateLimit::new(2, Duration::from_secs(60)));
    drop(turn(&limiter, Priority::Interactive).await);
    drop(turn(&limiter, Priority::Interactive).await);
    let start = Instant::now();
    let refused = limiter
        .acquire(Priority::Interactive, kind(), until(Deadline::after(Duration::from_secs(10))))
        .await
        .unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(refused, Refused::TooLong { wait: Duration::from_secs(60), by_distributor: false });

    limiter.throttle(start, Some(Duration::from_secs(300)));
    let refused = limiter
        .acquire(Priority::Interactive, kind(), until(Deadline::after(Duration::from_secs(100))))
        .await
        .unwrap_err();
    assert_eq!(refused, Refused::TooLong { wait: Duration::from_secs(300), by_distributor: true });
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_refused_at_once_when_a_pause_pushes_them_past_their_deadline() {
    let limiter = limiter(&RateLimit::new(1, Duration::from_secs(1)));
    drop(turn(&limiter, Priority::Bulk).await);
    let start = Instant::now();
    let waiting = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire(Priority::Bulk, kind(), until(Deadline::after(Duration::from_secs(20)))).await }
    });
    tokio::task::yield_now().await;
    limiter.throttle(start, Some(Duration::from_secs(30)));
    let refused = waiting.await.unwrap().unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(refused, Refused::TooLong { wait: Duration::from_secs(30), by_distributor: true });
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_counted_and_places_given_back() {
    let limiter = limiter(&RateLimit::unlimited().in_flight(2));
    let first = turn(&limiter, Priority::Bulk).await;
    let _second = turn(&limiter, Priority::Bulk).await;
    let refused =
        limiter.acquire(Priority::Bulk, kind(), until(Deadline::after(Duration::from_secs(1)))).await.unwrap_err();
    assert_eq!(refused, Refused::Late);
    let third = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { turn(&limiter, Priority::Bulk).await.waited }
    });
    tokio::time::sleep(Duration::from_secs(3)).await;
    drop(first);
    assert_eq!(third.await.unwrap(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_gives_up_holds_nobody_up() {
    let limiter = limiter(&RateLimit::unlimited().in_flight(1));
    let first = turn(&limiter, Priority::Bulk).await;
    let gives_up = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { turn(&limiter, Priority::Bulk).await }
    });
    let stays = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { turn(&limiter, Priority::Bulk).await.waited }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    gives_up.abort();
    drop(first);
    assert_eq!(stays.await.unwrap(), Duration::from_secs(1));
    assert!(limiter.is_idle());
}

#[tokio::test(start_paused = true)]
async fn complaints_slow_the_account_down_and_calm_speeds_it_up_again() {
    let limiter = limiter(&RateLimit::new(1000, Duration::from_secs(10)).burst(1));
    let before = saturate(&limiter, 1, Duration::from_secs(10)).await.len();
    for _ in 0..20 {
        // One burst of complaints about calls that were out together raises the cost factor once.
        limiter.throttle(Instant::now() - Duration::from_millis(1), Some(Duration::ZERO));
    }
    let slower = saturate(&limiter, 1, Duration::from_secs(10)).await.len();
    let percent = before * 100 / slower;
    assert!((135..150).contains(&percent), "{before} to {slower}");
    tokio::time::sleep(Duration::from_secs(60 * 4)).await;
    drop(turn(&limiter, Priority::Bulk).await);
    let again = saturate(&limiter, 1, Duration::from_secs(10)).await.len();
    assert!(again * 100 >= before * 99, "{before} to {again}");
}

#[tokio::test(start_paused = true)]
async fn without_a_wait_the_pause_doubles_until_a_call_succeeds() {
    let limiter = limiter(&RateLimit::unlimited().first_pause(Duration::from_secs(8)));
    let mut pauses = Vec::new();
    for _ in 0..5 {
        let sent_at = Instant::now();
        tokio::time::sleep(Duration::from_millis(1)).await;
        let pause = limiter.throttle(sent_at, None);
        pauses.push(pause.as_secs());
        tokio::time::sleep(pause).await;
    }
    assert_eq!(pauses, [8, 16, 32, 60, 60]);
    limiter.observe(&HeaderMap::new(), true, 0);
    assert_eq!(limiter.throttle(Instant::now(), None).as_secs(), 8);
}

#[tokio::test(start_paused = true)]
async fn no_answer_pauses_an_account_for_more_than_an_hour() {
    let limiter = limiter(&RateLimit::unlimited());
    assert_eq!(
        limiter.throttle(Instant::now(), Some(Duration::from_secs(u64::from(u32::MAX)))),
        LONGEST_PAUSE
    );
}

#[tokio::test(start_paused = true)]
async fn an_exhausted_quota_pauses_before_anyone_runs_into_it() {
    let unix_now = 1_795_000_000;
    for (family, reset) in [("ratelimit", "30"), ("x-ratelimit", "30"), ("x-ratelimit", "1795000030")] {
        let limiter = limiter(&RateLimit::unlimited());
        let mut headers = HeaderMap::new();
        let mut set = |name: &str, value: &str| {
            let name = http::HeaderName::try_from(format!("{family}-{name}")).unwrap();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        };
        set("reset", reset);
        set("remaining", "0");
        limiter.observe(&headers, true, unix_now);
        assert_eq!(turn(&limiter, Priority::Interactive).await.waited, Duration::from_secs(30), "{family}");
        headers
            .insert(http::HeaderName::try_from(format!("{family}-remaining")).unwrap(), "5".parse().unwrap());
        limiter.observe(&headers, true, unix_now);
        assert_eq!(turn(&limiter, Priority::Interactive).await.waited, Duration::ZERO, "{family}");
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
    let limiter = limiter(&RateLimit::new(10, Duration::from_secs(60)));
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
async fn a_background_read_loses_no_time_at_the_own_limit_and_its_time_at_a_pause() {
    let limiter = limiter(&RateLimit::new(1, Duration::from_secs(60)));
    drop(turn(&limiter, Priority::Bulk).await);
    let ten = || Deadline::after(Duration::from_secs(10));
    assert!(limiter.acquire(Priority::Bulk, kind(), until(ten())).await.is_err());
    let unhurried = |deadline| Patience::new(deadline, true);
    let got = limiter.acquire(Priority::Bulk, kind(), unhurried(ten())).await.unwrap();
    assert_eq!((got.waited.as_secs(), got.forgiven.as_secs()), (60, 60));
    drop(got);

    limiter.throttle(Instant::now(), Some(Duration::from_secs(4)));
    let got = limiter.acquire(Priority::Bulk, kind(), unhurried(ten())).await.unwrap();
    assert_eq!((got.waited.as_secs(), got.forgiven.as_secs(), got.by_distributor), (4, 0, true));
    drop(got);
    limiter.throttle(Instant::now(), Some(Duration::from_secs(300)));
    let refused = limiter.acquire(Priority::Bulk, kind(), unhurried(ten())).await.unwrap_err();
    assert_eq!(refused, Refused::TooLong { wait: Duration::from_secs(300), by_distributor: true });
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
    assert!(most_in_any(&times, Duration::from_secs(60)) + 10 <= 1000);
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

#[tokio::test(start_paused = true)]
async fn after_a_complaint_calls_are_spread_for_a_while() {
    let limiter = limiter(&RateLimit::per_minute(600));
    let start = Instant::now();
    let _ = limiter.throttle(start, Some(Duration::ZERO));
    let first = saturate(&limiter, 8, Duration::from_secs(10)).await;
    assert!(first.len() < 100, "spread: {}", first.len());
    tokio::time::sleep(Duration::from_secs(600)).await;
    let later = saturate(&limiter, 8, Duration::from_secs(10)).await;
    assert!(later.len() > 290, "at once: {}", later.len());
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
async fn the_bodies_in_flight_hold_a_quarter_of_a_gigabyte_at_most() {
    let limiter = limiter(&RateLimit::unlimited().in_flight(16));
    let one = turn(&limiter, Priority::Bulk).await;
    assert_eq!(one.slot.answered(Some(64 * 1024 * 1024)), Some(4));
    drop(one);
    assert_eq!(rounds(&limiter, Duration::from_millis(40), 1).await, [4]);
    // Large pages are forgotten by and by.
    assert_eq!(rounds(&limiter, Duration::from_millis(40), 30).await[29], 16);
}
