//! What viewers may cost, in small: allocations, writes, memory and queries, counted rather than timed, so that only what
//! is grossly wrong fails, on any machine.

use crate::house::database::{Database, told_on};
use crate::house::raw::Raw;
use crate::house::show::Show;
use crate::house::station::Station;
use crate::house::{House, eventually};
use airlog::hub::Event;
use allocation_counter::{measure, opt_out};
use futures_util::future::join_all;
use std::net::SocketAddr;
use std::time::Duration;

/// So many come at a time where it is not a storm.
const ABREAST: usize = 20;
const LIVE: &str = "/api/v1/streamers/ann/live";

/// A house in which as many viewers as like may come from one address.
async fn open_house() -> House {
    House::with(|config| {
        config.limits.sockets_per_address = None;
        // Nobody is followed here, so nobody has to be asked who is live.
        config.tracking.reconcile_interval = Duration::from_hours(1);
    })
    .await
}

/// So many come, some at a time, and have seen the snapshot.
async fn audience(addr: SocketAddr, number: usize) -> Vec<Raw> {
    let mut seated = Vec::new();
    while seated.len() < number {
        seated.extend(viewers(addr, ABREAST.min(number - seated.len())).await);
    }
    seated
}

/// So many come at once, and have seen the snapshot.
async fn viewers(addr: SocketAddr, viewers: usize) -> Vec<Raw> {
    let coming = (0..viewers).map(async |_| {
        let mut raw = Raw::connects(addr).await;
        raw.is_let_in(LIVE).await;
        raw.text().await;
        raw
    });
    join_all(coming).await
}

async fn all_leave(viewers: Vec<Raw>) {
    join_all(viewers.into_iter().map(Raw::leaves)).await;
}

fn events(show: &Show, number: usize) -> Vec<Event> {
    (0..number).map(|_| show.stands_at("a song", 1)).collect()
}

/// Tells one event and waits until all have it; how they read is nobody's business here.
async fn tells(show: &Show, event: &Event, viewers: &mut [Raw]) {
    let missing = |viewers: &mut [Raw], told: &mut usize| {
        opt_out(|| *told += viewers.iter_mut().map(Raw::texts_by_now).sum::<usize>());
        *told < viewers.len()
    };
    show.tells(std::slice::from_ref(event));
    let mut told = 0;
    while missing(viewers, &mut told) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_frame_for_one_more_viewer_allocates_next_to_nothing() {
    const FRAMES: u64 = 100;
    const MORE: u64 = 200;
    // Everything on this thread, because that is where allocations are counted.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let house = runtime.block_on(open_house());
    let show = runtime.block_on(house.has_show("ann"));
    let mut seated = runtime.block_on(viewers(house.addr(), 1));
    let events = events(&show, usize::try_from(FRAMES).expect("few"));
    let allocations = |seated: &mut [Raw]| {
        runtime.block_on(tells(&show, &events[0], seated));
        let counted = measure(|| {
            runtime.block_on(async {
                for event in &events {
                    tells(&show, event, seated).await;
                }
            });
        });
        counted.count_total
    };
    let one = allocations(&mut seated);
    seated.extend(runtime.block_on(viewers(house.addr(), usize::try_from(MORE).expect("few"))));
    let many = allocations(&mut seated);
    let deliveries = FRAMES * MORE;
    assert!(many < one + deliveries / 2, "{one} allocations for one viewer, {many} for {MORE} more");
    runtime.block_on(all_leave(seated));
    runtime.block_on(house.closes());
}

/// A counter of the house's, as whoever watches it sees it.
async fn counter(house: &House, name: &str) -> u64 {
    let (_, text) = house.get("/metrics").await;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name}")).parse().expect("a number")
}

#[tokio::test]
async fn a_burst_is_written_in_one_go() {
    const VIEWERS: u64 = 50;
    const FRAMES: u64 = 100;
    const DELIVERIES: &str = "airlog_hub_deliveries_total";
    const WRITES: &str = "airlog_hub_writes_total";
    let house = open_house().await;
    let show = house.has_show("ann").await;
    let mut seated = viewers(house.addr(), usize::try_from(VIEWERS).expect("few")).await;
    let before = (counter(&house, DELIVERIES).await, counter(&house, WRITES).await);
    show.tells(&events(&show, usize::try_from(FRAMES).expect("few")));
    for raw in &mut seated {
        for _ in 0..FRAMES {
            raw.text().await;
        }
    }
    house
        .eventually("all was counted", async || {
            (counter(&house, DELIVERIES).await >= before.0 + VIEWERS * FRAMES).then_some(())
        })
        .await;
    assert_eq!(counter(&house, DELIVERIES).await, before.0 + VIEWERS * FRAMES);
    let writes = counter(&house, WRITES).await - before.1;
    assert!((VIEWERS..=VIEWERS * 3).contains(&writes), "{writes} writes for {VIEWERS} viewers");
    assert_eq!(counter(&house, "airlog_hub_laggards_total").await, 0, "all of them read");
    all_leave(seated).await;
    house.closes().await;
}

#[tokio::test]
async fn a_viewer_who_only_looks_costs_a_few_kilobytes() {
    const FIRST: usize = 100;
    const MORE: usize = 400;
    const MOST: usize = 12 << 10;
    let mut station = Station::built().await;
    station.set("LIMITS__SOCKETS_PER_ADDRESS", 0);
    station.set("LIMITS__REQUESTS_PER_MINUTE", 0);
    station.has_streamer("ann").await;
    let program = station.serves();
    eventually("it serves", async || station.list("ann").await.map(drop)).await;
    // What the first of them have the program set up once and for all is not counted.
    let first = audience(station.addr, FIRST).await;
    let before = program.memory();
    let more = audience(station.addr, MORE).await;
    let each = program.memory().saturating_sub(before) / MORE;
    assert!(each <= MOST, "{each} bytes for each viewer");
    drop((first, more));
    assert_eq!(program.ends_on("TERM").await, Some(0));
    station.twins.stop().await;
}

#[tokio::test]
async fn viewers_who_come_back_at_once_do_not_each_ask_the_database() {
    const VIEWERS: usize = 400;
    let story = async {
        let house = open_house().await;
        let show = house.has_show("ann").await;
        all_leave(viewers(house.addr(), 1).await).await;
        let before = house.passed_to_database();
        let seated = viewers(house.addr(), VIEWERS).await;
        let passed = house.passed_to_database() - before;
        // A question and its answer are two pieces at least, and a connection is tried before it is used.
        assert!(passed < 2 * VIEWERS, "{passed} pieces went to the database and back for {VIEWERS} viewers");
        all_leave(seated).await;
        drop(show);
        house.closes().await;
    };
    // There the way to the database can be watched.
    told_on(Database::Postgres, Box::pin(story)).await;
}
