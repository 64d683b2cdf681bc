//! Pages as large as the account is served them.

use std::sync::Mutex;
use std::time::Duration;

use provider_core::{Cursor, Customer, EntityKind, Error, ErrorKind, Page, PageRequest, Result};
use provider_http::HttpClient;

use crate::scripted::{Reply, Scripted};

const USUAL: u32 = 1_000;

/// A service that refuses pages larger than this, with this status.
struct Service {
    most: u32,
    status: u16,
    asked: Mutex<Vec<Option<u32>>>,
}

impl Service {
    const fn new(most: u32, status: u16) -> Self {
        Self { most, status, asked: Mutex::new(Vec::new()) }
    }

    async fn list(&self, http: &HttpClient, request: PageRequest) -> Result<Page<Customer>> {
        let page = |request: PageRequest| async move {
            let size =
                request.size.or_else(|| request.cursor.as_ref()?.as_str().split_once(':')?.1.parse().ok());
            self.asked.lock().unwrap().push(size);
            if size.is_some_and(|size| size > self.most) {
                let n = self.asked.lock().unwrap().len();
                return Err(
                    Error::new(ErrorKind::InvalidInput, format!("no {n}")).with_http_status(self.status)
                );
            }
            Ok(Page::new(vec![Customer::new("1", "Example Bakery")]))
        };
        let resized = |cursor: &Cursor, size: u32| {
            let (place, _) = cursor.as_str().split_once(':')?;
            (place != "token").then(|| Cursor::new(format!("{place}:{size}")))
        };
        http.largest_page(EntityKind::Customer, &request, USUAL, resized, page).await
    }

    fn asked(&self) -> Vec<Option<u32>> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn client() -> HttpClient {
    Scripted::new(|_, _| Reply::status(200)).client()
}

#[tokio::test(start_paused = true)]
async fn a_refused_size_is_followed_by_a_modest_one_and_remembered() {
    for status in [400, 413, 422] {
        let (http, service) = (client(), Service::new(250, status));
        let first = PageRequest::default;
        service.list(&http, first()).await.unwrap();
        assert_eq!(service.asked(), [Some(USUAL), Some(100)], "{status}");
        service.list(&http, first()).await.unwrap();
        assert_eq!(service.asked(), [Some(100)], "{status}");
        // A service may have had a bad day.
        tokio::time::sleep(Duration::from_secs(3_601)).await;
        service.list(&http, first()).await.unwrap();
        assert_eq!(service.asked(), [Some(USUAL), Some(100)], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_matter_of_the_size_is_told_as_it_was() {
    let (http, service) = (client(), Service::new(0, 400));
    let error = service.list(&http, PageRequest::default()).await.unwrap_err();
    assert_eq!(error.message(), "no 1");
    let (http, service) = (client(), Service::new(0, 403));
    service.list(&http, PageRequest::default()).await.unwrap_err();
    assert_eq!(service.asked(), [Some(USUAL)]);
    service.list(&http, PageRequest::default()).await.unwrap_err();
    assert_eq!(service.asked(), [Some(USUAL)], "nothing was learned");
}

#[tokio::test(start_paused = true)]
async fn a_size_that_somebody_sets_wins() {
    let (http, service) = (client(), Service::new(100, 400));
    http.page_shrank(EntityKind::Customer, 60);
    service.list(&http, PageRequest::default().size(200)).await.unwrap_err();
    assert_eq!(service.asked(), [Some(200)]);
    service.list(&http, PageRequest::default()).await.unwrap();
    assert_eq!(service.asked(), [Some(60)]);
}

/// A listing that is gone on with after the service has become stricter.
#[tokio::test(start_paused = true)]
async fn a_refused_size_in_the_middle_is_followed_by_a_modest_one_at_the_same_place() {
    let (http, service) = (client(), Service::new(250, 400));
    service.list(&http, PageRequest::at(Cursor::new("3000:1000"))).await.unwrap();
    assert_eq!(service.asked(), [Some(1_000), Some(100)]);
    service.list(&http, PageRequest::default()).await.unwrap();
    assert_eq!(service.asked(), [Some(100)], "later listings begin with it");
    // What is no place without its size is told as it was.
    let error = service.list(&http, PageRequest::at(Cursor::new("token:1000"))).await.unwrap_err();
    assert_eq!((error.message(), service.asked()), ("no 1", vec![Some(1_000)]));
}
