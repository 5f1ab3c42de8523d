//! What it takes to tell viewers: one frame in every shape, a snapshot, the rows of a page.

use crate::evenings::{dusk, play, streams};
use airlog::base::clock::{SharedClock, ShiftedClock};
use airlog::base::id::UserId;
use airlog::hub::{
    Choices, Day, Event, Format, Hub, Listener, LoadDay, Loaded, Loading, Shape, Streamer, Topic, Track,
    TrackFacts, View, markup,
};
use airlog::telemetry::Metrics;
use chrono::TimeDelta;
use chrono_tz::Tz;
use criterion::Criterion;
use std::hint::black_box;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Tracks of a day.
const TRACKS: usize = 60;

pub fn all(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let clock: SharedClock = Arc::new(ShiftedClock::starting_at(dusk() + TimeDelta::hours(3)));
    let hub = Hub::new(OneDay, clock.clone(), Metrics::default());
    let user = streams(1, 0)[0].user_id;
    let topic = runtime.block_on(hub.topic(user)).expect("a day").expect("a streamer");
    told(criterion, &runtime, &topic, &clock);
    for format in [Format::Json, Format::Html] {
        let sentence = format!("a new viewer gets {TRACKS} tracks, {format:?}");
        criterion.bench_function(&sentence, |bencher| {
            let shape = Shape { format, view: View::Day };
            bencher.iter(|| runtime.block_on(Listener::new(topic.subscribe(None, shape)).next()));
        });
    }
    let tracks: Vec<Track> = (0..TRACKS).map(track).collect();
    criterion.bench_function(&format!("the rows of a page with {TRACKS} tracks"), |bencher| {
        bencher.iter(|| tracks.iter().map(markup::row).map(|row| row.len()).sum::<usize>());
    });
}

fn told(criterion: &mut Criterion, runtime: &Runtime, topic: &Topic, clock: &SharedClock) {
    let shapes = [Format::Json, Format::Html]
        .into_iter()
        .flat_map(|format| [View::Day, View::Stream].into_iter().map(move |view| Shape { format, view }));
    let mut viewers: Vec<Listener> =
        shapes.map(|shape| Listener::new(topic.subscribe(None, shape))).collect();
    let mut count = 0;
    criterion.bench_function("a corrected track reaches a viewer of each shape", |bencher| {
        bencher.iter(|| {
            count += 1;
            let name = format!("Slow Harbour, take {count}");
            let track = TrackFacts { name, ..TrackFacts::clone(&track(TRACKS / 2)) }.into();
            topic.publish(&[Event::TrackUpdated { track }], clock.now());
            for viewer in &mut viewers {
                black_box(runtime.block_on(viewer.next()));
            }
        });
    });
}

/// The same day for everybody.
struct OneDay;

impl LoadDay for OneDay {
    fn load(&self, _: UserId) -> Loading<'_, Loaded> {
        Box::pin(async {
            let tracks = (0..TRACKS).map(track).collect();
            let day = Day::empty(streamer(), Tz::UTC, dusk() + TimeDelta::hours(3));
            Ok(Some(Loaded::open(Day { tracks, ..day })))
        })
    }

    fn choices(&self, _: UserId) -> Loading<'_, Choices> {
        Box::pin(async { Ok(None) })
    }
}

fn streamer() -> Streamer {
    Streamer { login: "ann".into(), name: "Ann".into() }
}

fn track(number: usize) -> Track {
    let play = play(&streams(1, 0)[0], 0, number);
    TrackFacts {
        id: play.id,
        provider: "spotify",
        provider_id: play.track.provider_id,
        uri: play.track.uri,
        name: play.track.name,
        artist: play.track.artists.join(", "),
        artists: play.track.artists,
        album: play.track.album,
        duration_ms: play.track.duration_ms,
        started_at: play.started_at,
        url: play.track.url,
        image_url: play.track.image_url,
        source: "poll",
    }
    .into()
}
