//! Whoever helps a streamer, in a house whose app has no secret: the streamer hands them the code they need.

use super::public_house_of;
use crate::house::House;
use reqwest::Method;

#[tokio::test]
async fn a_streamer_hands_a_login_code_to_whoever_only_helps_and_to_nobody_else() {
    let house: House = public_house_of(&["ann", "bob"]).await;
    let ann = house.logged_in_by_code("ann", &house.login_code("ann")).await;
    for login in ["mod", "bob"] {
        house.person(login);
        assert_eq!(ann.names(login).await.status, 200);
    }
    let page = ann.opens("/dashboard/team").await.body;
    assert!(page.contains(&house.login_code("mod")), "{page}");
    assert!(!page.contains(&house.login_code("bob")), "bob has his from whoever runs the house: {page}");
    let moderator = house.logged_in_by_code("mod", &house.login_code("mod")).await;
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 200);
    house.closes().await;
}
