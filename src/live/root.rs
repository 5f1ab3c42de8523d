//! The root of supervision: it starts the registry, and starts it again should it die. Sessions come back by reconcile.

use super::crash::Crash;
use super::registry::{self, Registry};
use crate::base::clock::{Instant, SharedClock};
use ractor::{Actor, ActorProcessingErr, ActorRef, SupervisionEvent};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the registry gets to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// The registry that runs now, for whoever wants to wake it.
#[derive(Debug, Clone, Default)]
pub(super) struct Current(Arc<Mutex<Option<ActorRef<registry::Message>>>>);

impl Current {
    /// Tells the registry; one that is about to start asks and runs a pass anyway.
    pub(super) fn tell(&self, message: registry::Message) {
        if let Some(registry) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            let _ = registry.cast(message);
        }
    }

    fn set(&self, registry: ActorRef<registry::Message>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(registry);
    }
}

/// The actor; `make` builds a registry.
pub(super) struct Root<F> {
    pub(super) make: F,
    pub(super) current: Current,
    pub(super) clock: SharedClock,
}

/// What is remembered of the registries before.
pub(super) struct Memory {
    began: Instant,
    crash: Option<Crash>,
}

/// What the root is told.
#[derive(Debug)]
pub(super) enum Message {
    /// Start a registry.
    Start,
}

impl<F> Actor for Root<F>
where
    F: Fn() -> Registry + Send + Sync + 'static,
{
    type Msg = Message;
    type State = Memory;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Message>, (): ()) -> Result<Memory, ActorProcessingErr> {
        myself.cast(Message::Start)?;
        Ok(Memory { began: self.clock.now(), crash: None })
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        _: Message,
        memory: &mut Memory,
    ) -> Result<(), ActorProcessingErr> {
        memory.began = self.clock.now();
        match Actor::spawn_linked(None, (self.make)(), (), myself.get_cell()).await {
            Ok((registry, _)) => self.current.set(registry),
            Err(error) => self.start_again(&myself, memory, &error.to_string()),
        }
        Ok(())
    }

    async fn post_stop(&self, myself: ActorRef<Message>, _: &mut Memory) -> Result<(), ActorProcessingErr> {
        myself.stop_children_and_wait(None, Some(FAREWELL)).await;
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Message>,
        event: SupervisionEvent,
        memory: &mut Memory,
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorFailed(_, error) = event {
            self.start_again(&myself, memory, &error.to_string());
        }
        Ok(())
    }
}

impl<F> Root<F> {
    /// The registry has failed: a new one comes after a rest.
    fn start_again(&self, myself: &ActorRef<Message>, memory: &mut Memory, reason: &str)
    where
        F: Fn() -> Registry + Send + Sync + 'static,
    {
        let now = self.clock.now();
        let crash = Crash::after(memory.crash.as_ref(), memory.began, now, reason, rand::random());
        tracing::error!(reason, times = crash.times, rests_until = %crash.rests_until, "the registry died; it is started again");
        drop(myself.send_after((crash.rests_until - now).to_std().unwrap_or_default(), || Message::Start));
        memory.crash = Some(crash);
    }
}
