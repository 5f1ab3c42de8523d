//! Which lines the table has.

use crate::baselines::Timer;
use crate::scenario::{Days, Scenario, Who};
use crate::weather::Reports;

/// Budgets that are compared, in requests an hour.
pub const BUDGETS: [u32; 7] = [25, 40, 60, 80, 120, 180, 250];
/// Fair weather in which every play of 30 s is reported afterwards.
pub const REPORTED: Days = Days::Standard(Reports::All);
/// Fair weather in which no skipped play is reported.
pub const OMITTED: Days = Days::Standard(Reports::NoSkips);
/// The program as it comes.
pub const DEFAULT: Who = Who::Airlog(None);
/// What others do.
pub const OTHERS: [Who; 2] = [Who::Other(Timer::Fixed), Who::Other(Timer::AfterTheEnd)];

/// Every line, in the order of the table.
pub fn lines() -> Vec<Scenario> {
    let budgets = |chosen: &[u32]| chosen.iter().map(|limit| Who::Airlog(Some(*limit))).collect::<Vec<_>>();
    let plan = [
        (REPORTED, budgets(&BUDGETS)),
        (OMITTED, budgets(&[80, 250])),
        (Days::Faded, Vec::new()),
        (Days::Broken, Vec::new()),
        (Days::Eventful, Vec::new()),
        (Days::Foul, budgets(&[25, 80, 250])),
        (Days::FourMinutes, budgets(&[25])),
    ];
    let each = |(days, budgets): (Days, Vec<Who>)| {
        let everybody = std::iter::once(DEFAULT).chain(budgets).chain(OTHERS);
        everybody.map(move |who| Scenario { days, who }).collect::<Vec<_>>()
    };
    plan.into_iter().flat_map(each).collect()
}
