//! Deaths of a process around a stop, around a trial, and between a letter and the memory of it.

use std::collections::BTreeMap;

use chrono::Duration;
use provider_core::ErrorKind;

use super::{PEOPLE, Scene, refused};
use crate::engine::RunControl;
use crate::notify::AlertKind;
use crate::store::ConnectionState;
use crate::tests::bases::Base;
use crate::tests::crash::Fuse;

/// Whatever call a process dies at, before it or after, everybody has each letter: once, and by each death once more at
/// most, under the same name.
async fn assert_told_after_a_death(scene: &Scene, when: &str) {
    let mut copies: BTreeMap<(String, AlertKind), Vec<String>> = BTreeMap::new();
    for letter in scene.postman.taken() {
        copies.entry((letter.recipient.0, letter.about)).or_default().push(letter.id);
    }
    for person in PEOPLE {
        for about in [AlertKind::Stopped, AlertKind::WorksAgain] {
            let ids = copies.remove(&(person.to_owned(), about)).unwrap_or_default();
            assert!(matches!(ids.len(), 1 | 2), "{when}: {person} has {about:?} {} times", ids.len());
            assert!(ids.iter().all(|id| *id == ids[0]), "{when}: one letter has two names: {ids:?}");
        }
    }
    let status = scene.status().await;
    assert_eq!((status.state, status.unsent), (ConnectionState::Active, 0), "{when}: {status:?}");
    scene.world.assert_in_step(when);
}

#[tokio::test]
async fn every_crash_around_a_stop_and_around_a_trial_heals() {
    for base in Base::all() {
        for trial in [false, true] {
            let mut point = 0;
            loop {
                let scene = Scene::on(base).await;
                scene.break_with(refused(ErrorKind::ReauthRequired));
                if trial {
                    scene.run().await;
                    scene.world.shop.records().broken = None;
                }
                scene.world.clock.pass(Duration::hours(1));
                let fuse = Fuse::after(point);
                let _ = scene.dying(&fuse).run(&RunControl::default()).await;
                let lived = fuse.left() > 0;
                // Long enough for what the dead has held, and for a pause.
                scene.run().await;
                scene.world.shop.records().broken = None;
                for _ in 0..3 {
                    scene.run().await;
                }
                let when = format!("a death at {point}, trial {trial}, on {base:?}");
                assert_told_after_a_death(&scene, &when).await;
                if lived {
                    break;
                }
                point += 1;
            }
            assert!((15..200).contains(&point), "{point} points, trial {trial}");
        }
    }
}
