//! Five thousand viewers come at once, and all come back at once after a restart.

use crate::house::House;
use crate::house::viewer::Viewer;
use futures_util::StreamExt as _;
use std::collections::HashSet;

const VIEWERS: usize = 5_000;
/// So many knock at the same time: more than that many waiting connections an operating system turns away by itself.
const ABREAST: usize = 500;
const LOADED: &str = "airlog_days_loaded_total";

/// Everybody comes at once; gives them and all the different lists that they were given.
async fn everybody_comes(house: &House) -> (Vec<Viewer>, HashSet<String>) {
    let coming = (0..VIEWERS).map(async |_| {
        let mut viewer = house.viewer("ann").await;
        let snapshot = viewer.sees("snapshot").await;
        (viewer, snapshot["tracks"].to_string())
    });
    futures_util::stream::iter(coming).buffer_unordered(ABREAST).unzip().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_viewers_come_back_at_once_and_the_day_is_read_once() {
    let room = rlimit::increase_nofile_limit(u64::MAX).expect("a limit");
    assert!(
        room > 2 * VIEWERS as u64 + 500,
        "both ends of each socket are here: {room} open files are too few"
    );
    let mut house = House::with(|config| config.limits.sockets_per_address = None).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    house.plays_noticed("ann", 1).await;
    let list = house.json("/api/v1/streamers/ann/tracks").await["tracks"].to_string();

    let loaded = house.counted(LOADED);
    let (viewers, lists) = everybody_comes(&house).await;
    assert_eq!(lists, HashSet::from([list.clone()]), "everybody has the list");
    assert_eq!(house.counted(LOADED), loaded, "which is in memory");

    house.stops().await;
    drop(viewers);
    house.opens().await;
    let (viewers, lists) = everybody_comes(&house).await;
    assert_eq!(lists, HashSet::from([list]), "and has it again");
    assert_eq!(house.counted(LOADED), 1, "by the new program, once");
    let third = house.plays("ann", 2);
    let told = futures_util::future::join_all(viewers.into_iter().map(async |mut viewer| {
        let name = viewer.sees("track_added").await["track"]["name"].clone();
        viewer.leaves().await;
        name == third
    }));
    assert_eq!(told.await.into_iter().filter(|told| *told).count(), VIEWERS);
    house.closes().await;
}
