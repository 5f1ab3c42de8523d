//! The floor of a frame's way: one task asks and hands what it heard to another, which writes as many bytes as a frame has;
//! beside as many tasks that only ask as there are streamers.

use crate::options::Options;
use crate::roles::Other;
use crate::tally::Spread;
use crate::{asking, seed, sky};
use anyhow::Context as _;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval};

/// How often it is asked, and how often until it is over: a minute.
const EVERY: Duration = Duration::from_millis(100);
const TIMES: usize = 600;
/// The bytes of a frame.
const FRAME: [u8; 350] = [b'x'; 350];

/// How long it takes from the answer read to the frame in the kernel's hands, in milliseconds.
pub async fn measure(options: &Options) -> anyhow::Result<Spread> {
    let sky = Other::start("sky", options, &[]).await?;
    let mut tasks = Other::start("handing", options, &["--sky".to_owned(), sky.port.to_string()]).await?;
    let took = serde_json::from_str(&tasks.says().await?)?;
    tasks.end().await?;
    sky.end().await?;
    Ok(took)
}

/// Says how long it took, and asks on until this process is ended.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let mut others = asking::begin(options).await?;
    println!("0 0");
    let handing = async {
        println!("{}", serde_json::to_string(&hand_over(options).await?)?);
        std::future::pending().await
    };
    tokio::select! {
        failed = asking::go_on(&mut others) => failed,
        failed = handing => failed,
    }
}

async fn hand_over(options: &Options) -> anyhow::Result<Spread> {
    let (heard, to_write) = mpsc::channel(1);
    let writer = tokio::spawn(write(to_write, sky::sink(options.sky).await?));
    ask(options, heard).await?;
    writer.await??.context("nothing was heard")
}

async fn ask(options: &Options, heard: mpsc::Sender<Instant>) -> anyhow::Result<()> {
    let http = airlog::clients::http_client(asking::MINUTE)?;
    let mut times = interval(EVERY);
    for _ in 0..TIMES {
        times.tick().await;
        let request = http.get(asking::url(options)).bearer_auth(seed::token(sky::STAR));
        request.send().await?.bytes().await?;
        heard.send(Instant::now()).await?;
    }
    Ok(())
}

async fn write(
    mut to_write: mpsc::Receiver<Instant>,
    mut viewer: TcpStream,
) -> anyhow::Result<Option<Spread>> {
    let mut took = Vec::with_capacity(TIMES);
    while let Some(heard) = to_write.recv().await {
        viewer.write_all(&FRAME).await?;
        took.push(heard.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(Spread::of(took))
}
