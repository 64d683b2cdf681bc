//! Pages whose records take calls of their own: when each is read, and when its time begins.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use provider_core::query::Priority;
use provider_core::{ErrorKind, ReadOptions, Result};
use provider_http::{CallOptions, HttpClient, RateLimit, RequestSpec};
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted};

fn bulk() -> ReadOptions {
    ReadOptions::default().priority(Priority::Bulk)
}

fn client() -> HttpClient {
    Scripted::new(|_, _| Reply::status(200)).client()
}

/// A page that takes so long, and answers the deadline that it was given.
async fn page(http: &HttpClient, options: ReadOptions, takes: Duration) -> Result<Option<Duration>> {
    let read = move |options: ReadOptions| async move {
        tokio::time::sleep(takes).await;
        Ok(options.deadline)
    };
    http.laborious(&options, read).await
}

const LONG: Duration = Duration::from_secs(100);

#[tokio::test(start_paused = true)]
async fn four_are_read_at_a_time_and_their_time_begins_then() {
    let http = client();
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let options = bulk();
    let pages = (0..12).map(|_| {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        http.laborious(&options, move |options| async move {
            assert_eq!(options.deadline, None, "nothing of the default is used up");
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(LONG).await;
            running.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        })
    });
    for page in join_all(pages).await {
        page.unwrap();
    }
    assert_eq!((begun.elapsed().as_secs(), most.load(Ordering::SeqCst)), (300, 4));
}

#[tokio::test(start_paused = true)]
async fn one_that_nobody_looks_at_goes_on_and_holds_nobody_up() {
    let http = client();
    let mut seldom: Vec<_> = (0..4).map(|_| Box::pin(page(&http, bulk(), LONG))).collect();
    for page in &mut seldom {
        assert!(futures_util::poll!(page).is_pending());
    }
    let begun = Instant::now();
    page(&http, bulk(), Duration::ZERO).await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 100);
    let begun = Instant::now();
    for page in seldom {
        page.await.unwrap();
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_person_waits_for_none_and_one_that_is_given_up_makes_room() {
    let http = client();
    let mut others: Vec<_> = (0..4).map(|_| Box::pin(page(&http, bulk(), LONG))).collect();
    for page in &mut others {
        assert!(futures_util::poll!(page).is_pending());
    }
    let begun = Instant::now();
    page(&http, ReadOptions::default(), Duration::ZERO).await.unwrap();
    drop(others.pop());
    page(&http, bulk(), Duration::ZERO).await.unwrap();
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_the_callers_counts_the_wait() {
    let http = client();
    let mut others: Vec<_> = (0..4).map(|_| Box::pin(page(&http, bulk(), LONG))).collect();
    for page in &mut others {
        assert!(futures_util::poll!(page).is_pending());
    }
    let within = |deadline| page(&http, bulk().deadline(deadline), Duration::ZERO);
    let begun = Instant::now();
    let left = within(Duration::from_secs(30)).await.unwrap();
    assert_eq!((begun.elapsed().as_secs(), left), (30, Some(Duration::ZERO)));
    let left = within(Duration::from_secs(150)).await.unwrap().unwrap();
    assert_eq!((begun.elapsed().as_secs(), left.as_secs_f64().round()), (100, 80.0));
}

#[tokio::test(start_paused = true)]
async fn a_background_read_waits_for_its_turn_as_long_as_that_takes() {
    let wire = Scripted::new(|_, _| Reply::status(200).after(Duration::from_secs(25)));
    let http = wire.builder().rate(RateLimit::unlimited().in_flight(1)).build().unwrap();
    let call = CallOptions::default().priority(Priority::Bulk);
    let reads = (0..16).map(|_| http.send(RequestSpec::get("/x"), &call));
    for read in join_all(reads).await {
        read.unwrap();
    }
    // Who sets a deadline means it.
    let within = call.clone().deadline(Duration::from_secs(120));
    let reads = (0..16).map(|_| http.send(RequestSpec::get("/x"), &within));
    let ended: Vec<_> = join_all(reads).await.into_iter().map(|read| read.err().map(|e| e.kind())).collect();
    assert_eq!(ended.iter().filter(|end| end.is_none()).count(), 4);
    assert!(ended.iter().flatten().all(|kind| *kind == ErrorKind::Timeout));
}
