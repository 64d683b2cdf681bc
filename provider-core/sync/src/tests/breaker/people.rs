//! Letters on their way: recipients that are refused, servers that are down.

use chrono::Duration;
use provider_core::ErrorKind;

use super::{PEOPLE, Scene, refused};
use crate::engine::RunControl;
use crate::notify::AlertKind;
use crate::report::SyncOutcome;
use crate::store::ConnectionState;
use crate::tests::bases::Base;

#[tokio::test]
async fn a_recipient_that_is_refused_holds_nobody_and_a_server_that_is_down_loses_nothing() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.postman.0.lock().unwrap().refused.insert(PEOPLE[0].into());
        scene.break_with(refused(ErrorKind::ReauthRequired));
        scene.run().await;
        assert_eq!(scene.postman.told(), [(PEOPLE[1].to_owned(), vec![AlertKind::Stopped])].into());
        assert_eq!(scene.status().await.unsent, 0, "one was taken, one is given up");
        scene.run().await;
        assert_eq!(scene.postman.0.lock().unwrap().tries, 2, "nobody tries again what is refused for good");
        // The server falls, and with it nothing is lost.
        scene.postman.0.lock().unwrap().refused.clear();
        scene.postman.0.lock().unwrap().down = true;
        scene.world.shop.records().broken = None;
        scene.world.clock.pass(Duration::days(1));
        assert_eq!(scene.run().await.outcome, SyncOutcome::Completed, "a letter that waits is no failure");
        assert_eq!(scene.status().await.unsent, 2);
        let tries = scene.postman.0.lock().unwrap().tries;
        assert_eq!(tries, 3, "one letter is enough to see that it is down");
        scene.postman.0.lock().unwrap().down = false;
        // Whoever delivers is not the run.
        scene.world.clock.pass(Duration::hours(1));
        assert_eq!(scene.engine().deliver().await.unwrap().sent, 2);
        let told = scene.postman.told();
        assert_eq!(told[PEOPLE[0]], [AlertKind::WorksAgain]);
        assert_eq!(told[PEOPLE[1]], [AlertKind::Stopped, AlertKind::WorksAgain]);
        assert_eq!(scene.status().await.unsent, 0);
    }
}

#[tokio::test]
async fn a_mailbox_that_is_full_is_tried_later_and_nothing_overtakes() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.postman.0.lock().unwrap().postponed.insert(PEOPLE[0].into());
        scene.break_with(refused(ErrorKind::ReauthRequired));
        scene.run().await;
        assert_eq!(scene.postman.told().len(), 1, "the other one has it");
        scene.world.shop.records().broken = None;
        scene.run().await;
        assert_eq!(scene.status().await.state, ConnectionState::Active);
        assert_eq!(scene.postman.told()[PEOPLE[1]], [AlertKind::Stopped, AlertKind::WorksAgain]);
        scene.postman.0.lock().unwrap().postponed.clear();
        scene.run().await;
        let told = scene.postman.told();
        assert_eq!(told[PEOPLE[0]], [AlertKind::Stopped, AlertKind::WorksAgain], "in this order");
    }
}

#[tokio::test]
async fn without_a_postman_letters_wait_for_one() {
    let scene = Scene::on(Base::Memory).await;
    scene.break_with(refused(ErrorKind::ReauthRequired));
    scene.world.clock.pass(Duration::hours(1));
    scene.world.engine().run(&RunControl::default()).await.unwrap();
    assert_eq!(scene.status().await.unsent, 2);
    assert_eq!(scene.engine().deliver().await.unwrap().sent, 2);
}
