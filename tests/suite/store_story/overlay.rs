//! Keys of private overlays, and presets.

use super::{Shelf, at, key, people, streamer};
use crate::house::database::on_both;
use airlog::base::id::PresetId;
use airlog::base::seal::SealingKey;
use airlog::base::token;
use airlog::overlay::store as overlays;
use airlog::overlay::{Preset, Source};
use secrecy::ExposeSecret as _;

async fn a_streamer_has_one_key_known_by_its_hash_and_sealed() {
    let shelf = Shelf::filled().await;
    let (db, ann, seal) = (&shelf.db, shelf.ann.id, key());
    assert_eq!(overlays::sealed_key(db, ann).await.expect("an answer"), None);
    let holder = async |hash: &str| overlays::key_holder(db, hash).await.expect("an answer");
    let [first, second] = ["the first key", "the second key"];
    for (secret, second) in [(first, 1), (second, 2)] {
        overlays::put_key(db, &seal, ann, &secret.into(), at(second)).await.expect("kept");
        assert_eq!(holder(&token::hash(secret)).await, Some(ann));
    }
    assert_eq!(holder(&token::hash(first)).await, None, "it is rolled");
    let sealed = overlays::sealed_key(db, ann).await.expect("an answer").expect("a key");
    let open = |seal: &SealingKey| seal.open(&overlays::sealed_for(ann), &sealed);
    assert_eq!(open(&seal).expect("open").expose_secret(), second);
    assert!(open(&SealingKey::random()).is_err());
    assert!(people::remove(db, "ann").await.expect("an answer"));
    assert_eq!(holder(&token::hash(second)).await, None);
    db.close().await;
}

fn preset(name: &str, second: i64) -> Preset {
    Preset {
        id: PresetId::derived(at(0), &[name]),
        name: name.into(),
        source: Source::Tracks,
        query: "theme=light&font=%E5%A4%9C".into(),
        css: ".title::after { content: \"夜 🎧 '\" }".into(),
        updated_at: at(second),
    }
}

async fn presets_are_each_streamers_own_and_each_has_a_name_of_its_own() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let bob = people::add(db, &key(), &streamer("bob", "1002"), at(0)).await.expect("bob").id;
    let (wide, small) = (preset("wide", 1), preset("small", 1));
    let named_wide = Preset { name: "wide".into(), ..small.clone() };
    overlays::add_preset(db, ann, &wide).await.expect("kept");
    let taken = overlays::add_preset(db, ann, &named_wide).await.expect_err("the name is taken");
    assert!(airlog::db::is_refused(&taken), "{taken}");
    overlays::add_preset(db, bob, &named_wide).await.expect("bob may call his so");
    let anns = async |preset: &Preset| {
        let all = overlays::presets(db, ann).await.expect("presets");
        assert_eq!(all.iter().collect::<Vec<_>>(), [preset]);
    };
    anns(&wide).await;

    let changed =
        Preset { source: Source::NowPlaying, css: String::new(), updated_at: at(9), ..wide.clone() };
    assert!(!overlays::change_preset(db, bob, &changed).await.expect("an answer"), "it is not his");
    assert!(overlays::change_preset(db, ann, &changed).await.expect("an answer"));
    anns(&changed).await;
    let found = overlays::preset(db, wide.id).await.expect("an answer").expect("a preset");
    assert_eq!((found.user, found.preset), (ann, changed));

    assert_eq!(overlays::drop_preset(db, bob, wide.id).await.expect("an answer"), None, "it is not his");
    assert_eq!(overlays::drop_preset(db, ann, wide.id).await.expect("an answer").as_deref(), Some("wide"));
    assert!(overlays::preset(db, wide.id).await.expect("an answer").is_none());
    assert!(people::remove(db, "bob").await.expect("an answer"));
    assert!(overlays::preset(db, small.id).await.expect("an answer").is_none(), "it went with him");
    db.close().await;
}

on_both! {
    a_streamer_has_one_key_known_by_its_hash_and_sealed,
    presets_are_each_streamers_own_and_each_has_a_name_of_its_own,
}
