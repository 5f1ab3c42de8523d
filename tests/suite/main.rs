//! The suite: one binary, each file the stories of one feature, all of them living in a [`house::House`].

mod house;

mod accounts;
mod browser_story;
mod chaos;
mod clock;
mod commands;
mod delay;
mod evening;
mod eventsub_sockets;
mod eventsub_webhooks;
mod gaps;
mod healing;
mod ignoring;
mod logins;
mod migrations;
mod outages;
mod pages;
mod recently_played;
mod restart;
mod resume;
mod retention;
mod schema;
mod secrets;
mod spotify_table;
mod staff;
mod stop;
mod store_story;
mod storm;
mod stream_page;
mod supervision;
mod tracking;
mod viewers;
mod webhooks;
