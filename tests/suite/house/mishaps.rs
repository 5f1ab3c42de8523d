//! Panics where a story wants them.

use airlog::app::Rig;
use airlog::base::mishap::{Mishaps, Place};
use std::sync::{Arc, Mutex};

/// What is to go wrong: a story holds it, a house is rigged with it.
#[derive(Clone, Default)]
pub struct Trouble {
    planned: Arc<Mutex<Vec<Planned>>>,
}

struct Planned {
    place: Place,
    whom: String,
    times: usize,
}

impl Trouble {
    /// The rig of a house in which this goes wrong.
    pub fn rig(&self) -> Rig {
        let planned = Arc::clone(&self.planned);
        Rig { mishaps: Mishaps::by(move |place, whom| strike(&planned, place, whom)), ..Rig::default() }
    }

    /// The next work there for `whom` panics; nobody's name means anybody's.
    pub fn strikes(&self, place: Place, whom: &str) {
        self.strikes_often(place, whom, 1);
    }

    /// So many in a row do.
    pub fn strikes_often(&self, place: Place, whom: &str, times: usize) {
        self.plan(Planned { place, whom: whom.to_owned(), times });
    }

    /// Whether everything that was planned has happened.
    pub fn has_struck(&self) -> bool {
        self.planned.lock().expect("plans").is_empty()
    }

    fn plan(&self, planned: Planned) {
        self.planned.lock().expect("plans").push(planned);
    }
}

fn strike(plans: &Mutex<Vec<Planned>>, place: Place, whom: &str) {
    let mut plans = plans.lock().expect("plans");
    let meant = |plan: &Planned| plan.place == place && (plan.whom.is_empty() || plan.whom == whom);
    let Some(found) = plans.iter().position(meant) else { return };
    let plan = &mut plans[found];
    plan.times -= 1;
    if plan.times == 0 {
        plans.remove(found);
    }
    drop(plans);
    panic!("{whom} was struck at {place:?}, as the story wants");
}
