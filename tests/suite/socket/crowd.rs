//! A crowd: whoever comes and goes, in whatever shape they want it, is told each frame once.

use super::follower::Follower;
use crate::house::House;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

const VIEWERS: u64 = 300;
const FRAMES: u64 = 150;
const SHAPES: [&str; 4] =
    ["format=json&view=day", "format=html&view=day", "format=json&view=stream", "format=html&view=stream"];

/// Reads on until the last frame, with breaks.
async fn comes_and_goes(mut follower: Follower, last: u64, mut dice: StdRng) {
    let mut patience = dice.random_range(1..FRAMES);
    while follower.number() < last {
        follower.follows().await;
        patience -= 1;
        if patience == 0 && follower.number() < last {
            follower.takes_a_break(dice.random(), dice.random_ratio(1, 3)).await;
            patience = dice.random_range(20..2 * FRAMES);
        }
    }
    assert!(follower.snapshots > 0, "everything begins with one");
    follower.leaves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn viewers_who_come_and_go_are_told_each_frame_once() {
    let room = rlimit::increase_nofile_limit(u64::MAX).expect("a limit");
    assert!(room > 4 * VIEWERS, "both ends of each socket are here: {room} open files are too few");
    let house = House::with(|config| config.limits.sockets_per_address = None).await;
    let show = house.has_show("ann").await;
    let mut witness = Follower::comes(&house, SHAPES[0], None).await;
    witness.follows().await;
    let last = witness.number() + FRAMES;
    let coming = (0..VIEWERS)
        .zip(SHAPES.iter().cycle())
        .map(async |(seed, shape)| (Follower::comes(&house, shape, None).await, StdRng::seed_from_u64(seed)));
    let crowd = join_all(coming).await.into_iter();
    let crowd = crowd.map(|(follower, dice)| tokio::spawn(comes_and_goes(follower, last, dice)));
    let crowd: Vec<_> = crowd.collect();

    let mut dice = StdRng::seed_from_u64(11);
    while witness.number() < last {
        let burst = dice.random_range(1..=8).min(last - witness.number());
        let event = |number| match number % 3 {
            0 => airlog::hub::Event::TrackAdded { track: show.track("one more") },
            _ => show.stands_at("goes on", i64::try_from(number).expect("few")),
        };
        let events: Vec<_> = (0..burst).map(|at| event(witness.number() + at)).collect();
        show.tells(&events);
        for _ in 0..burst {
            witness.follows().await;
        }
    }
    assert_eq!(witness.snapshots, 1);
    witness.leaves().await;
    for viewer in crowd {
        viewer.await.expect("no panic");
    }
    house.closes().await;
}
