//! A show: somebody on air of whom only the story tells viewers, past the heart.

use super::House;
use airlog::base::clock::{Clock as _, ShiftedClock};
use airlog::base::id::{PlayId, StreamId};
use airlog::hub::{Event, NowPlaying, OnAir, Topic, Track, TrackFacts};
use std::sync::Arc;

/// Somebody on air.
pub struct Show {
    topic: Topic,
    clock: Arc<ShiftedClock>,
}

impl House {
    /// Puts a streamer in who is on air as far as viewers know; nobody follows their player.
    pub async fn has_show(&self, login: &str) -> Show {
        let user = self.has_streamer(login).await;
        let topic = self.home().hub.topic(user.id).await.expect("a day").expect("a streamer");
        let now = self.clock.now();
        let stream = OnAir { id: StreamId::random(now), started_at: now };
        topic.publish(&[Event::StreamStarted { stream }], now);
        Show { topic, clock: self.clock.clone() }
    }
}

impl Show {
    /// Tells this: one frame each.
    pub fn tells(&self, events: &[Event]) {
        self.topic.publish(events, self.clock.now());
    }

    /// Says how far into a track of this name the player stands still: one frame, news to everybody.
    pub fn stands_at(&self, name: &str, progress_ms: i64) -> Event {
        let now_playing = NowPlaying { track: self.track(name), is_playing: false, progress_ms };
        Event::NowPlaying { now_playing: Some(now_playing) }
    }

    /// A play of this name that begins now.
    pub fn track(&self, name: &str) -> Track {
        let now = self.clock.now();
        TrackFacts {
            id: PlayId::random(now),
            provider: "spotify",
            provider_id: None,
            uri: "spotify:track:0eGsygTp906u18L0Oimnem".to_owned(),
            name: name.to_owned(),
            artist: "Maren Vale".to_owned(),
            artists: vec!["Maren Vale".to_owned()],
            album: None,
            duration_ms: 201_000,
            started_at: now,
            url: None,
            image_url: None,
            source: "poll",
        }
        .into()
    }
}
