//! Whoever helps a streamer, in a house whose app has no secret: the streamer hands them the code they need.

use super::public_house_of;
use crate::house::House;
use reqwest::Method;

#[tokio::test]
async fn the_owner_hands_a_login_code_to_whoever_helps_and_no_other_streamer_can() {
    let house: House = public_house_of(&["ann", "bob"]).await;
    let ann = house.logged_in_by_code("ann", &house.code()).await;
    let bob = house.logged_in_by_code("bob", &house.login_code("bob")).await;
    house.person("mod");
    let code = house.login_code("mod");
    for (streamer, is_told) in [(&ann, true), (&bob, false)] {
        assert_eq!(streamer.names("mod").await.status, 200);
        let page = streamer.opens("/dashboard/team").await.body;
        assert_eq!(page.contains(&code), is_told, "{page}");
    }
    let moderator = house.logged_in_by_code("mod", &code).await;
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 200);
    house.closes().await;
}
