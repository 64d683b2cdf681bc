#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use super::*;

fn breaker() -> Arc<Breaker> {
    Arc::new(Breaker::new())
}

fn fail(breaker: &Breaker, times: u32) -> Option<PhaseChange> {
    (0..times).fold(None, |last, _| breaker.record(Health::Down, None, Instant::now()).or(last))
}

async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn twenty_samples_and_half_of_them_failures_open_it() {
    let breaker = breaker();
    for _ in 0..10 {
        assert_eq!(breaker.record(Health::Up, None, Instant::now()), None);
    }
    assert_eq!(fail(&breaker, 9), None, "19 samples are too few");
    assert_eq!(fail(&breaker, 1), Some(PhaseChange::Opened(FIRST_REST)));
    assert_eq!(breaker.admit().unwrap_err(), FIRST_REST);
    assert_eq!(breaker.rest(), Some(FIRST_REST));
}

#[tokio::test(start_paused = true)]
async fn fewer_than_half_leave_it_closed() {
    let breaker = breaker();
    for _ in 0..200 {
        breaker.record(Health::Up, None, Instant::now());
        breaker.record(Health::Up, None, Instant::now());
        assert_eq!(breaker.record(Health::Down, None, Instant::now()), None);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_and_throttling_say_nothing_bad() {
    let breaker = breaker();
    for _ in 0..1000 {
        assert_eq!(breaker.record(Health::Silent, None, Instant::now()), None);
    }
    assert_eq!(fail(&breaker, 19), None, "silent ones are no samples");
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_a_minute_is_forgotten() {
    let breaker = breaker();
    fail(&breaker, 19);
    pass(65).await;
    assert_eq!(fail(&breaker, 19), None);
    pass(30).await;
    assert!(fail(&breaker, 1).is_some(), "those of the last minute count");
}

#[tokio::test(start_paused = true)]
async fn one_probe_passes_and_closes_it() {
    let breaker = breaker();
    fail(&breaker, 20);
    pass(5).await;
    let (probe, change) = breaker.admit().unwrap();
    assert_eq!(change, Some(PhaseChange::HalfOpened));
    assert!(breaker.admit().is_err(), "only one");
    assert_eq!(breaker.record(Health::Up, None, Instant::now()), Some(PhaseChange::Closed));
    drop(probe);
    assert!(breaker.admit().is_ok() && breaker.admit().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_given_up_makes_room_for_another() {
    let breaker = breaker();
    fail(&breaker, 20);
    pass(5).await;
    drop(breaker.admit().unwrap());
    let (_probe, change) = breaker.admit().unwrap();
    assert_eq!(change, None, "it was half open already");
}

/// A background read holds its pass while it pauses before its next attempt.
#[tokio::test(start_paused = true)]
async fn a_failed_probe_that_ends_late_makes_no_room_beside_the_next_one() {
    let breaker = breaker();
    fail(&breaker, 20);
    pass(5).await;
    let failed = breaker.admit().unwrap();
    fail(&breaker, 1);
    pass(10).await;
    let _next = breaker.admit().unwrap();
    drop(failed);
    assert!(breaker.admit().is_err(), "only one");
}

#[tokio::test(start_paused = true)]
async fn failed_probes_double_the_rest_up_to_five_minutes() {
    let breaker = breaker();
    fail(&breaker, 20);
    let mut rests = Vec::new();
    for _ in 0..8 {
        pass(300).await;
        let _probe = breaker.admit().unwrap();
        match breaker.record(Health::Down, None, Instant::now()) {
            Some(PhaseChange::Opened(rest)) => rests.push(rest.as_secs()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(rests, [10, 20, 40, 80, 160, 300, 300, 300]);
}

#[tokio::test(start_paused = true)]
async fn it_stays_open_as_long_as_the_distributor_asks() {
    let breaker = breaker();
    fail(&breaker, 19);
    let change = breaker.record(Health::Down, Some(Duration::from_secs(90)), Instant::now());
    assert_eq!(change, Some(PhaseChange::Opened(Duration::from_secs(90))));
}

#[tokio::test(start_paused = true)]
async fn late_answers_change_nothing_while_it_is_open() {
    let breaker = breaker();
    fail(&breaker, 20);
    assert_eq!(breaker.record(Health::Up, None, Instant::now()), None);
    assert_eq!(breaker.record(Health::Down, None, Instant::now()), None);
    assert!(breaker.rest().is_some());
}

/// A call of before may end long after the service has come back.
#[tokio::test(start_paused = true)]
async fn failures_of_calls_that_began_before_it_closed_say_nothing_about_what_came_after() {
    let breaker = breaker();
    let before = Instant::now();
    fail(&breaker, 20);
    pass(5).await;
    let _probe = breaker.admit().unwrap();
    assert_eq!(breaker.record(Health::Down, None, before), None, "the probe has no answer yet");
    assert_eq!(breaker.record(Health::Up, None, Instant::now()), Some(PhaseChange::Closed));
    for _ in 0..100 {
        assert_eq!(breaker.record(Health::Down, None, before), None);
    }
    assert!(breaker.admit().is_ok() && breaker.is_idle());
    assert!(fail(&breaker, 20).is_some(), "those that began since count");
}

#[tokio::test(start_paused = true)]
async fn to_ask_before_the_queue_claims_nothing() {
    let breaker = breaker();
    assert_eq!(breaker.bars(), None);
    fail(&breaker, 20);
    assert_eq!(breaker.bars(), Some(FIRST_REST));
    pass(5).await;
    assert_eq!((breaker.bars(), breaker.bars()), (None, None), "nobody probes yet");
    let probe = breaker.admit().unwrap();
    assert_eq!(breaker.bars(), Some(FIRST_REST));
    drop(probe);
    assert_eq!(breaker.bars(), None);
}
