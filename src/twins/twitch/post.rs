//! Performing what the world wants to be told: signed POSTs with retries, or frames on open sockets.

use crate::base::clock::Instant;
use crate::twins::letter::Letter;
use crate::twins::shared::{Order, SentLetter, Shared, lock};
use crate::twins::world::{Delivery, Message, Pace, Transport, World};
use std::sync::Arc;
use std::time::Duration;

impl Shared {
    /// Looks at the world or changes it, and sends off whatever messages the change calls for.
    pub(in crate::twins) fn with<T>(self: &Arc<Self>, change: impl FnOnce(&mut World, Instant) -> T) -> T {
        let (answer, deliveries) = self.change(change);
        self.deliver(deliveries);
        answer
    }

    /// Sends off messages: each webhook message in a task of its own.
    pub(in crate::twins) fn deliver(self: &Arc<Self>, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            self.dispatch(delivery);
        }
    }

    /// Sends one letter once; answers with the status and the body.
    pub(in crate::twins) async fn send(
        &self,
        letter: &Letter,
        within: Duration,
    ) -> reqwest::Result<(u16, String)> {
        let post =
            self.http.post(&letter.callback).timeout(within).header("content-type", "application/json");
        let post = letter.headers().into_iter().fold(post, |post, (name, value)| post.header(name, value));
        let answer = match post.body(letter.body.clone()).send().await {
            Ok(answer) => Ok((answer.status().as_u16(), answer.text().await.unwrap_or_default())),
            Err(error) => Err(error),
        };
        let status = answer.as_ref().ok().map(|(status, _)| *status);
        self.keep_letter(SentLetter { letter: letter.clone(), status });
        answer
    }

    /// Waits until no message is on its way.
    pub(in crate::twins) async fn settled(&self) {
        let mut in_flight = self.in_flight.subscribe();
        // The sender lives in `self`, so this cannot fail.
        let _ = in_flight.wait_for(|on_the_way| *on_the_way == 0).await;
    }

    fn dispatch(self: &Arc<Self>, delivery: Delivery) {
        if let Transport::Socket { session_id, .. } = &delivery.subscription.wish.transport {
            if let Some(socket) = lock(&self.sockets).get(session_id) {
                // A socket that is closing misses what is said: nothing is replayed at Twitch either.
                let _ = socket.send(Order::Send(Box::new(delivery)));
            }
            return;
        }
        self.in_flight.send_modify(|on_the_way| *on_the_way += 1);
        let shared = Arc::clone(self);
        self.tasks.spawn(async move {
            tokio::select! {
                () = post(&shared, &delivery) => {}
                () = shared.stop.cancelled() => {}
            }
            shared.in_flight.send_modify(|on_the_way| *on_the_way -= 1);
        });
    }
}

async fn post(shared: &Arc<Shared>, delivery: &Delivery) {
    let Some(letter) = Letter::of(delivery) else { return };
    let (pace, id) = (shared.with(|world, _| world.pace), delivery.subscription.id.clone());
    if let Message::Challenge(challenge) = &delivery.message {
        let answer = shared.send(&letter, pace.delivery_timeout).await;
        let well = answer.is_ok_and(|(status, body)| status == 200 && body == *challenge);
        return shared.with(|world, _| world.confirm(&id, well));
    }
    let reached = insist(shared, letter, pace).await;
    shared.with(|world, _| world.delivered(&id, reached));
}

/// Sends a letter until it is taken with a 2xx, or until patience ends.
async fn insist(shared: &Arc<Shared>, letter: Letter, pace: Pace) -> bool {
    let mut wait = pace.delivery_retry;
    for retry in 0..pace.delivery_tries {
        if retry > 0 {
            tokio::time::sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        let attempt = Letter { retry, ..letter.clone() };
        if matches!(shared.send(&attempt, pace.delivery_timeout).await, Ok((200..300, _))) {
            return true;
        }
    }
    false
}
