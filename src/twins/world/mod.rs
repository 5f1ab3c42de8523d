//! The World: who streams and what plays, as a pure model. It knows no clock, no network and no tasks; `now` is
//! an argument of whatever depends on the time. What should be told to somebody collects in an outbox.
//!
//! Naming a person who is not there yet adds them, so that no verb can fail for a name.

mod airing;
mod apps;
mod broadcast;
mod calls;
mod catalogue;
mod delivery;
mod devices;
mod events;
mod faults;
mod history;
mod ids;
mod item;
mod linking;
mod listening;
mod pace;
mod person;
mod player;
mod renaming;
mod subscribing;
mod subscription;
mod tokens;
mod troubles;
mod wish;
mod words;

pub use apps::{
    App, Company, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET,
    TWITCH_PUBLIC_CLIENT_ID,
};
pub(in crate::twins) use broadcast::seconds;
pub use broadcast::{Broadcast, BroadcastKind};
pub use calls::Call;
pub use catalogue::{Album, Artist, Catalogue, Cue, Track, TrackRef};
pub use delivery::{Delivery, Message, PostRules};
pub use devices::{DeviceError, DeviceRequest};
pub use faults::{Endpoint, Fault, FaultKind, RetryAfter, Times};
pub use history::{HistoryRules, Page, Stamp, Window};
pub(in crate::twins) use item::local_uri;
pub use item::{Device, Heard, Item, ItemKind, Scene, Sight};
pub use linking::CodeRequest;
pub use pace::Pace;
pub use person::Person;
pub(in crate::twins) use subscription::nanos;
pub use subscription::{Standing, Subscription};
pub use tokens::{Bearer, Code, Grant, Rotation, Stale};
pub use wish::{Refusal, Transport, Wish};

use crate::base::clock::Instant;
use std::collections::HashMap;

/// The twins' pure model of who streams and what plays.
#[derive(Debug, Clone)]
pub struct World {
    /// The invented music.
    pub catalogue: Catalogue,
    /// How long things take.
    pub pace: Pace,
    /// How recently-played behaves.
    pub history_rules: HistoryRules,
    /// What becomes of messages on their way.
    pub post_rules: PostRules,
    ids: ids::Ids,
    seed: u64,
    apps: apps::Apps,
    persons: Vec<Person>,
    spotify: tokens::Tokens,
    twitch: tokens::Tokens,
    devices: devices::Devices,
    subscriptions: subscription::Subscriptions,
    sockets: HashMap<String, Instant>,
    faults: faults::Faults,
    calls: calls::CallLog,
    points: HashMap<(String, Option<String>), (i64, u32)>,
    outbox: Vec<Delivery>,
}

impl World {
    /// An empty world. The same seed makes the same music, the same ids and the same tokens.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            catalogue: Catalogue::invented(seed),
            pace: Pace::default(),
            history_rules: HistoryRules::default(),
            post_rules: PostRules::default(),
            ids: ids::Ids::new(seed),
            seed,
            apps: apps::Apps::default(),
            persons: Vec::new(),
            spotify: tokens::Tokens::new(Company::Spotify),
            twitch: tokens::Tokens::new(Company::Twitch),
            devices: devices::Devices::default(),
            subscriptions: subscription::Subscriptions::default(),
            sockets: HashMap::new(),
            faults: faults::Faults::default(),
            calls: calls::CallLog::default(),
            points: HashMap::new(),
            outbox: Vec::new(),
        }
    }

    /// Adds a person, unless they are there already.
    pub fn add_person(&mut self, login: &str) -> &Person {
        self.person_mut(login)
    }

    /// The person of this login.
    #[must_use]
    pub fn person(&self, login: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.login == login)
    }

    /// The person with this id at Twitch.
    #[must_use]
    pub fn person_by_twitch_id(&self, id: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.twitch_id == id)
    }

    /// Everybody, in the order of their arrival.
    #[must_use]
    pub fn persons(&self) -> &[Person] {
        &self.persons
    }

    /// Takes what should be told to somebody since this was last called.
    pub fn take_deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.outbox)
    }

    fn person_mut(&mut self, login: &str) -> &mut Person {
        let login = person::login_of(login);
        let place = self.persons.iter().position(|person| person.login == login).unwrap_or_else(|| {
            let number = self.persons.len() as u64 + 1;
            let spotify_id = ids::derived(self.seed, &["person", &login], 25).to_lowercase();
            self.persons.push(Person::new(&login, number, spotify_id));
            self.persons.len() - 1
        });
        &mut self.persons[place]
    }

    fn tell(&mut self, subscription: Subscription, message: Message, now: Instant) {
        let message_id = self.next_message_id();
        let copies = self.post_rules.copies_of(&message);
        let delivery = Delivery { message_id, at: now, subscription, message };
        self.outbox.extend(std::iter::repeat_n(delivery, copies));
    }

    /// An id for a message, never given twice.
    pub fn next_message_id(&mut self) -> String {
        let text = self.ids.next(32).to_lowercase();
        format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
    }
}
