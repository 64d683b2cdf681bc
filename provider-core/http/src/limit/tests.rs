#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

mod flight;
mod quota;

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
                while let Ok(mut turn) =
                    limiter.acquire(Priority::Bulk, kind(), until(Deadline::at(end))).await
                {
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
        async move {
            limiter.acquire(Priority::Bulk, kind(), until(Deadline::after(Duration::from_secs(20)))).await
        }
    });
    tokio::task::yield_now().await;
    limiter.throttle(start, Some(Duration::from_secs(30)));
    let refused = waiting.await.unwrap().unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(refused, Refused::TooLong { wait: Duration::from_secs(30), by_distributor: true });
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
