//! Eyes that look at every page that a person can open, on a phone and on a wide screen, light and dark: axe-core finds
//! nothing, nothing sticks out or jumps, nobody else is asked for anything. And hands that walk along them by keyboard.

mod evening;
mod keyboard;
mod live;
mod look;
mod ways_in;

use look::Eyes;

#[tokio::test]
async fn every_page_is_fit_to_be_seen_by_everybody() {
    let Some(mut eyes) = Eyes::open().await else { return };
    evening::is_seen_by(&mut eyes).await;
    ways_in::are_seen_by(&mut eyes).await;
    eyes.close().await;
}
