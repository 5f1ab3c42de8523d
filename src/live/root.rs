//! The root of supervision: it starts the registry, and starts it again should it die. Sessions come back by reconcile.

use super::registry::{self, Registry};
use ractor::{Actor, ActorProcessingErr, ActorRef, SupervisionEvent};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a registry that died stays dead.
const REST: Duration = Duration::from_millis(500);
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
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Message>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(myself.cast(Message::Start)?)
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        _: Message,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        let (registry, _) = Actor::spawn_linked(None, (self.make)(), (), myself.get_cell()).await?;
        self.current.set(registry);
        Ok(())
    }

    async fn post_stop(&self, myself: ActorRef<Message>, (): &mut ()) -> Result<(), ActorProcessingErr> {
        myself.stop_children_and_wait(None, Some(FAREWELL)).await;
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Message>,
        event: SupervisionEvent,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorFailed(_, error) = event {
            tracing::error!(%error, "the registry died; it is started again");
            drop(myself.send_after(REST, || Message::Start));
        }
        Ok(())
    }
}
