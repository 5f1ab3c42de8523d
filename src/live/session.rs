//! The actor that follows one live stream: it owns the timer and performs what the rules decide.
//!
//! It is one task, which waits for its timer, for its look and for a word from the registry, and holds nothing but what it
//! must: there may be a hundred thousand. It waits for nothing else: a look runs in a task of its own, so that a stop is
//! immediate however slow Spotify is. A look that panics is a look that learned nothing.

mod perform;

use super::board::Board;
use super::budgets::{Budgets, Seat};
use super::gaps::Gap;
use super::healer::Healer;
use super::ignore::IgnoreRule;
use super::inbox::Inbox;
use super::look::{Eye, Glance};
use super::model::{Ignored, Play, Stream};
use super::rules::{Input, Look, State, Timing, step};
use super::writer::Writer;
use crate::accounts::SpotifyLink;
use crate::base::clock::{Instant, SharedClock};
use crate::base::guard::guarded;
use crate::base::id::UserId;
use crate::base::mishap::{Mishaps, Place};
use crate::hub;
use crate::telemetry::Metrics;
use chrono::TimeDelta;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Sleep;
use tokio_util::task::AbortOnDropHandle;

/// What all sessions share.
#[derive(Debug)]
pub(super) struct Tools {
    pub(super) eye: Eye,
    pub(super) board: Board,
    pub(super) writer: Writer,
    pub(super) budgets: Budgets,
    pub(super) healer: Healer,
    pub(super) clock: SharedClock,
    pub(super) metrics: Metrics,
    pub(super) timing: Timing,
    pub(super) mishaps: Mishaps,
}

/// What one session follows.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    /// Whose stream, by login, for the log.
    pub(super) streamer: String,
    pub(super) stream: Stream,
    pub(super) link: SpotifyLink,
    pub(super) topic: hub::Topic,
    /// The last play of the stream that is known.
    pub(super) last: Option<Play>,
    /// The gap that an earlier session has left open.
    pub(super) gap: Option<Gap>,
    /// What is to be ignored.
    pub(super) rules: Vec<IgnoreRule>,
    /// The last play of the stream that was ignored.
    pub(super) ignored: Option<Ignored>,
    /// When the last pause ended that the streamer asked for, or until when they had everything deleted.
    pub(super) paused_until: Option<Instant>,
}

/// A session under way, in the hands of the registry. It ends with this handle.
pub(super) struct Session {
    inbox: Arc<Inbox<Word>>,
    task: AbortOnDropHandle<()>,
}

/// What a session is told.
#[derive(Debug)]
pub(super) enum Word {
    /// What is to be ignored was changed to this.
    Rules(Vec<IgnoreRule>),
    /// A look beside this session was admitted.
    Admitted,
    /// Nobody is to follow the stream any more.
    Stop,
}

/// Why a session has ended by itself; none when it was stopped. An error when it has failed.
pub(super) type Ending = anyhow::Result<Option<&'static str>>;

impl Session {
    /// Begins a session; `spread` is by how much it comes later after a rest that it shares with others. However it ends,
    /// `ended` is told.
    pub(super) fn begin(
        tools: Arc<Tools>,
        given: Assignment,
        spread: TimeDelta,
        ended: impl FnOnce(Ending) + Send + 'static,
    ) -> Self {
        let inbox = Arc::new(Inbox::new());
        let words = Arc::clone(&inbox);
        // Boxed, because a task has room for each of the futures that it is handed through.
        let mut follower = Box::new(Follower::new(tools, given, spread));
        let task = spawn(async move {
            let following = async move { Ok(follower.follow(&words).await) };
            ended(guarded(following).await);
        });
        Self { inbox, task }
    }

    /// Tells it something. One that has ended does not care.
    pub(super) fn tell(&self, word: Word) {
        self.inbox.push(word);
    }

    /// Waits until it has ended.
    pub(super) async fn ended(self) {
        // Whether it was well or not is told elsewhere.
        let _ = self.task.await;
    }
}

/// What follows the stream: what it was given, the rules' state, the one timer and the one look. Both end with the session,
/// and when they are replaced.
struct Follower {
    /// Whose stream, by login, for the log.
    streamer: String,
    user: UserId,
    tools: Arc<Tools>,
    /// By how much this session comes later after a rest that it shares with others.
    spread: TimeDelta,
    link: SpotifyLink,
    topic: hub::Topic,
    rules: State,
    timer: Pin<Box<Sleep>>,
    /// What the timer was armed for; none once it has gone off.
    armed: Option<u64>,
    look: Option<AbortOnDropHandle<Glance>>,
    /// The newest play, if ghost mode keeps it back and it is not stored yet.
    kept: Option<hub::Kept>,
    /// Why it is over.
    over: Option<&'static str>,
    /// Its share of the client id's budget.
    _seat: Seat,
}

impl Follower {
    fn new(tools: Arc<Tools>, given: Assignment, spread: TimeDelta) -> Self {
        let Assignment { streamer, stream, link, topic, last, gap, rules, ignored, paused_until } = given;
        let (user, followed_until) = (stream.user_id, stream.followed_until);
        tools.board.began(user);
        let rules = State::new(tools.timing, stream, last, followed_until)
            .with_gap(gap)
            .after_pause(paused_until)
            .ignoring(rules, ignored);
        let seat = tools.budgets.join(&link.client_id);
        let timer = Box::pin(tokio::time::sleep(Duration::ZERO));
        let (armed, look, kept, over) = (None, None, None, None);
        Self {
            streamer,
            user,
            tools,
            spread,
            link,
            topic,
            rules,
            timer,
            armed,
            look,
            kept,
            over,
            _seat: seat,
        }
    }

    /// Follows until it is over, which it says why, or until it is stopped.
    async fn follow(&mut self, inbox: &Inbox<Word>) -> Option<&'static str> {
        let effects = self.rules.begin(self.tools.clock.now());
        self.perform_all(effects);
        while self.over.is_none() {
            let input = tokio::select! {
                biased;
                word = inbox.next() => match word {
                    Word::Stop => return None,
                    Word::Rules(rules) => Input::Rules(rules),
                    Word::Admitted => Input::Admitted { may_store: self.may_store(), allowance: self.allowance() },
                },
                glance = looked(&mut self.look) => self.looked(glance),
                epoch = gone_off(self.timer.as_mut(), &mut self.armed) => {
                    Input::Wake { epoch, may_store: self.may_store(), allowance: self.allowance() }
                }
            };
            self.tools.mishaps.pass(Place::Session, &self.streamer);
            let effects = step(&mut self.rules, input, self.tools.clock.now());
            self.perform_all(effects);
        }
        self.over
    }

    fn looked(&self, Glance { look, trouble }: Glance) -> Input {
        if look != Look::LinkGone {
            self.tools.board.looked(self.user, trouble, self.tools.clock.now());
        }
        Input::Looked { look, allowance: self.allowance() }
    }

    fn may_store(&self) -> bool {
        self.tools.writer.has_room()
    }
}

/// Waits until the look is back.
async fn looked(look: &mut Option<AbortOnDropHandle<Glance>>) -> Glance {
    let Some(looking) = look else { return std::future::pending().await };
    let glance = looking.await;
    *look = None;
    glance.unwrap_or_else(|error| {
        tracing::error!(%error, "a look at the player failed");
        Glance::failed()
    })
}

/// Waits until the timer goes off, and gives what it was armed for.
async fn gone_off(timer: Pin<&mut Sleep>, armed: &mut Option<u64>) -> u64 {
    let Some(epoch) = *armed else { return std::future::pending().await };
    timer.await;
    *armed = None;
    epoch
}

/// Spawns a task that ends when its handle is dropped.
fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> AbortOnDropHandle<T> {
    AbortOnDropHandle::new(tokio::spawn(task))
}
