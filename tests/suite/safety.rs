//! What keeps strangers out and secrets in: cookies and headers, limits, pages that run nothing but our own, tokens.

mod https;
mod limits;
mod neighbours;
mod pages;
mod revoked;
mod tokens;

use crate::house::House;
use crate::house::person::Person;
use airlog::config::Allow;
use reqwest::{Response, Url};

async fn house_for_anyone() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

/// Where a browser is sent back to, as a proxy passes it on to us.
fn passed_on(back: &Url) -> String {
    format!("{}?{}", back.path(), back.query().expect("a query"))
}

/// Goes there, says yes, and comes back to us: what we answer to that.
async fn comes_back(person: &Person, path: &str) -> Response {
    let back = person.says_yes(&person.sent_to(path).await).await;
    person.answer(&passed_on(&back)).await
}
