//! The actor that follows one live stream: it owns the timer and performs what the rules decide.
//!
//! It never waits: a look runs in a task of its own and comes back as a message, so that a stop is immediate however
//! slow Spotify is. A look that panics is a look that learned nothing.

use super::board::Board;
use super::budget::{Allowance, Rest};
use super::budgets::{Budgets, Seat};
use super::gaps::Gap;
use super::healer::Healer;
use super::hide::Hide;
use super::ignore::IgnoreRule;
use super::look::{Eye, Glance};
use super::model::{Ignored, Play, Stream};
use super::public;
use super::rules::{Effect, Input, Look, State, Timing, step};
use super::writer::Writer;
use crate::accounts::SpotifyLink;
use crate::base::clock::{Instant, SharedClock};
use crate::base::guard::guarded;
use crate::base::id::UserId;
use crate::base::mishap::{Mishaps, Place};
use crate::hub;
use crate::telemetry::{Learned, Metrics};
use chrono::TimeDelta;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

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
    pub(super) timing: Arc<Timing>,
    pub(super) mishaps: Mishaps,
}

/// What one session follows.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    /// Whose stream, by login, for the log.
    pub(super) streamer: Arc<str>,
    pub(super) stream: Stream,
    pub(super) link: SpotifyLink,
    pub(super) topic: hub::Topic,
    /// The last play of the stream that is known.
    pub(super) last: Option<Play>,
    /// The gap that an earlier session has left open.
    pub(super) gap: Option<Gap>,
    /// The last play of the stream that was ignored.
    pub(super) ignored: Option<Ignored>,
    /// When the last pause ended that the streamer asked for, or until when they had everything deleted.
    pub(super) paused_until: Option<Instant>,
}

/// The actor; its configuration.
pub(super) struct StreamSession {
    /// Whose stream, by login, for the log.
    pub(super) streamer: Arc<str>,
    pub(super) user: UserId,
    pub(super) tools: Arc<Tools>,
    /// By how much this session comes later after a rest that it shares with others.
    pub(super) spread: TimeDelta,
    pub(super) link: SpotifyLink,
    pub(super) topic: hub::Topic,
}

/// What a session is told.
#[derive(Debug)]
pub(super) enum Message {
    /// The timer of this epoch went off.
    Wake(u64),
    /// A look came back.
    Looked(Glance),
    /// What is to be ignored was changed to this.
    Rules(Vec<IgnoreRule>),
    /// A look beside this session was admitted.
    Admitted,
}

/// Its memory: the rules' state, the one timer and the one look. Both end with the session, and when they are replaced.
pub(super) struct Memory {
    rules: State,
    timer: Option<AbortOnDropHandle<()>>,
    look: Option<AbortOnDropHandle<()>>,
    /// The newest play, if ghost mode keeps it back and it is not stored yet.
    kept: Option<hub::Kept>,
    /// Its share of the client id's budget.
    _seat: Seat,
}

impl Actor for StreamSession {
    type Msg = Message;
    type State = Memory;
    /// And what is to be ignored as it begins.
    type Arguments = (Assignment, Vec<IgnoreRule>);

    async fn pre_start(
        &self,
        myself: ActorRef<Message>,
        (given, ignores): (Assignment, Vec<IgnoreRule>),
    ) -> Result<Memory, ActorProcessingErr> {
        let followed_until = given.stream.followed_until;
        self.tools.board.began(given.stream.user_id);
        let rules = State::new(Arc::clone(&self.tools.timing), given.stream, given.last, followed_until)
            .with_gap(given.gap)
            .after_pause(given.paused_until)
            .ignoring(ignores, given.ignored);
        let seat = self.tools.budgets.join(&self.link.client_id);
        let mut memory = Memory { rules, timer: None, look: None, kept: None, _seat: seat };
        let effects = memory.rules.begin(self.tools.clock.now());
        self.perform_all(&myself, &mut memory, effects, None);
        Ok(memory)
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        memory: &mut Memory,
    ) -> Result<(), ActorProcessingErr> {
        self.tools.mishaps.pass(Place::Session, &self.streamer);
        memory.forget_done();
        let learned = message.learned();
        let effects = step(&mut memory.rules, self.input(message), self.tools.clock.now());
        self.perform_all(&myself, memory, effects, learned);
        Ok(())
    }
}

impl StreamSession {
    fn input(&self, message: Message) -> Input {
        let allowance = self.allowance();
        match message {
            Message::Wake(epoch) => Input::Wake { epoch, may_store: self.tools.writer.has_room(), allowance },
            Message::Looked(Glance { look, trouble, .. }) => {
                if look != Look::LinkGone {
                    self.tools.board.looked(self.user, trouble, self.tools.clock.now());
                }
                Input::Looked { look, allowance }
            }
            Message::Rules(rules) => Input::Rules(rules),
            Message::Admitted => Input::Admitted { may_store: self.tools.writer.has_room(), allowance },
        }
    }

    /// After a rest that sessions share they come back one after the other.
    fn allowance(&self) -> Allowance {
        let allowance = self.tools.budgets.allowance(&self.link.client_id);
        Allowance { rests_until: allowance.rests_until.map(|at| at + self.spread), ..allowance }
    }

    fn perform_all(
        &self,
        myself: &ActorRef<Message>,
        memory: &mut Memory,
        effects: Vec<Effect>,
        learned: Option<Learned>,
    ) {
        for effect in effects {
            self.perform(myself, memory, effect, learned);
        }
    }

    fn perform(
        &self,
        myself: &ActorRef<Message>,
        memory: &mut Memory,
        effect: Effect,
        learned: Option<Learned>,
    ) {
        match effect {
            Effect::Arm { epoch, at } => memory.arm(myself, epoch, at, self.tools.clock.now()),
            Effect::Look => memory.look = Some(self.look(myself.clone())),
            Effect::TellPlay(play) => memory.kept = self.tell_play(&play, learned),
            Effect::TellNow(now) => {
                let now_playing = now.as_ref().map(public::now_playing);
                drop(self.tell(hub::Event::NowPlaying { now_playing }, learned));
            }
            Effect::Persist(play) => self.persist(play, memory.kept.take()),
            Effect::Ignore(play) => self.tools.writer.push_ignored(play),
            Effect::Gap(gap) => self.gap(gap, learned),
            Effect::Jump(jump) => self.tools.writer.push_jump(jump),
            Effect::Cool(rest) => self.cool(rest),
            Effect::Stop => myself.stop(Some("the Spotify link is lost or gone".to_owned())),
        }
    }

    /// Looks in a task of its own. A look that is given up for a newer one reports no more.
    fn look(&self, myself: ActorRef<Message>) -> AbortOnDropHandle<()> {
        let (tools, link, streamer) = (Arc::clone(&self.tools), self.link.clone(), self.streamer.clone());
        let span = tracing::info_span!("look", %streamer);
        let look = async move {
            tools.mishaps.pass(Place::Look, &streamer);
            Ok(tools.eye.look(&link).await)
        };
        let report = async move {
            let glance = guarded(look).await.unwrap_or_else(|error| {
                tracing::error!(%error, "a look at the player failed");
                Glance::failed()
            });
            // The session may have been stopped meanwhile.
            let _ = myself.cast(Message::Looked(glance));
        };
        spawn(report.instrument(span))
    }

    /// Gives the play if it is not told, because ghost mode keeps it back.
    fn tell_play(&self, play: &Play, learned: Option<Learned>) -> Option<hub::Kept> {
        tracing::info!(streamer = %self.streamer, track = %play.track.name, artists = %play.track.artists.join(", "), "new track");
        self.tools.metrics.play_noticed();
        let added = hub::Event::TrackAdded { track: public::track(play) };
        let kept = self.tell(added, learned).pop();
        self.tools.mishaps.pass(Place::Told, &self.streamer);
        kept
    }

    fn persist(&self, play: Play, kept: Option<hub::Kept>) {
        match kept.filter(|kept| kept.play == play.id) {
            Some(kept) => {
                let hide = Hide::by_ghost(play.user_id, kept.act, self.tools.clock.now());
                self.tools.writer.push_hidden(play, hide);
            }
            None => self.tools.writer.push(play),
        }
    }

    fn tell(&self, event: hub::Event, learned: Option<Learned>) -> Vec<hub::Kept> {
        self.topic.offer(&[event], self.tools.clock.now(), learned)
    }

    /// What a gap that has just closed hides is worth asking for.
    fn gap(&self, gap: Gap, learned: Option<Learned>) {
        drop(self.tell(hub::Event::Gap { gap: public::gap(&gap) }, learned));
        let (stream, hides) = (gap.stream_id, gap.to.is_some() && !gap.healed);
        self.tools.writer.push_gap(gap);
        if hides {
            self.tools.healer.soon(stream);
        }
    }

    fn cool(&self, rest: Rest) {
        let (client_id, Rest { until, limit }) = (&self.link.client_id, rest);
        tracing::warn!(streamer = %self.streamer, %client_id, %until, ?limit, "Spotify asks us to wait");
        self.tools.budgets.rest(client_id, rest);
    }
}

impl Message {
    /// When it was learned what this brings, if Spotify said it.
    fn learned(&self) -> Option<Learned> {
        match self {
            Self::Looked(glance) => glance.learned,
            _ => None,
        }
    }
}

impl Memory {
    /// A task that is done would keep its room until the next one takes its place.
    fn forget_done(&mut self) {
        for task in [&mut self.timer, &mut self.look] {
            task.take_if(|task| task.is_finished());
        }
    }

    /// Arms the one timer, in place of the one that ran.
    fn arm(&mut self, myself: &ActorRef<Message>, epoch: u64, at: Instant, now: Instant) {
        let (wait, myself) = ((at - now).to_std().unwrap_or_default(), myself.clone());
        self.timer = Some(spawn(async move {
            tokio::time::sleep(wait).await;
            let _ = myself.cast(Message::Wake(epoch));
        }));
    }
}

/// Spawns a task that ends when its handle is dropped.
fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> AbortOnDropHandle<T> {
    AbortOnDropHandle::new(tokio::spawn(task))
}
