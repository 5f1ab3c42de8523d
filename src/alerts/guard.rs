//! Where messages may be sent: an address that a streamer types must not become a way into the network of whoever runs
//! this machine. It is checked when it is stored and again at each connection, so that a name which leads elsewhere by
//! then gains nothing. Nobody is followed to another address.

use super::model::Refusal;
use super::public::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};
use std::fmt;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a message may take to be taken.
const TAKEN_WITHIN: Duration = Duration::from_secs(10);
/// How long a name may take to be found.
const FOUND_WITHIN: Duration = Duration::from_secs(5);
/// No address is longer.
const LONGEST: usize = 1_000;

/// The addresses of a host, as far as anybody knows them.
type Found = Pin<Box<dyn Future<Output = Vec<IpAddr>> + Send>>;

/// Finds the addresses of a host: the system's resolver, unless a test brings its own.
#[derive(Clone)]
pub struct Names(Arc<dyn Fn(String) -> Found + Send + Sync>);

impl Names {
    /// Names that mean what `find` says.
    #[must_use]
    pub fn by(find: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |host| {
            let found = find(&host);
            Box::pin(async move { found })
        }))
    }

    async fn find(&self, host: &str) -> Vec<IpAddr> {
        timeout(FOUND_WITHIN, (self.0)(host.to_owned())).await.unwrap_or_default()
    }
}

impl Default for Names {
    fn default() -> Self {
        Self(Arc::new(|host| {
            Box::pin(async move {
                let found = tokio::net::lookup_host((host.as_str(), 0)).await;
                found.map(|all| all.map(|address| address.ip()).collect()).unwrap_or_default()
            })
        }))
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

/// Knows where messages may be sent.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    names: Names,
    allow_private: bool,
}

impl Guard {
    /// One that lets messages into private networks only if that is allowed.
    #[must_use]
    pub fn new(names: Names, allow_private: bool) -> Self {
        Self { names, allow_private }
    }

    /// An address as somebody typed it.
    ///
    /// # Errors
    /// [`Refusal`] says why nothing is sent there.
    pub async fn admit(&self, text: &str) -> Result<Url, Refusal> {
        let url = Url::parse(text.trim()).map_err(|_| Refusal::NoAddress)?;
        if text.len() > LONGEST || !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::NoAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        self.check(&url).await.map(|()| url)
    }

    /// Whether a message may be sent there now. A name is looked at once more when the connection is made.
    ///
    /// # Errors
    /// [`Refusal::Private`] or [`Refusal::Unknown`].
    pub async fn check(&self, url: &Url) -> Result<(), Refusal> {
        let host = url.host_str().ok_or(Refusal::NoAddress)?;
        match literal(host) {
            Some(address) if self.allow_private || is_public(address) => Ok(()),
            Some(_) => Err(Refusal::Private),
            None => self.addresses(host).await.map(drop),
        }
    }

    /// The client that messages are sent with: it goes nowhere else, whatever an answer says, and past any proxy, which
    /// would look names up by itself.
    ///
    /// # Errors
    /// When the machine's certificate store cannot be read.
    pub fn client(&self) -> reqwest::Result<Client> {
        // An error says that a provider is installed already, which is what we want.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::builder()
            .user_agent(concat!("airlog/", env!("CARGO_PKG_VERSION")))
            .timeout(TAKEN_WITHIN)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(self.clone()))
            .build()
    }

    /// The addresses behind a name that messages may be sent to.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Refusal> {
        let mut found = self.names.find(host).await;
        // What a network makes up for names that have no address of the newer kind stands for the older one.
        found.retain(|address| !is_translated(*address));
        if found.is_empty() {
            return Err(Refusal::Unknown);
        }
        // One that leads into both worlds is up to something.
        let is_fit = self.allow_private || found.iter().all(|address| is_public(*address));
        if is_fit { Ok(found) } else { Err(Refusal::Private) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = guard.addresses(name.as_str()).await?;
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

/// Whether an address stands for one of the older kind (NAT64, RFC 6052).
fn is_translated(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0])
}

/// The address that a host is, if it is no name.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        let find = |host: &str| match host {
            "ntfy.example" => vec![IpAddr::from([93, 184, 216, 34])],
            "inside.example" => vec![IpAddr::from([192, 168, 1, 7])],
            "both.example" => vec![IpAddr::from([93, 184, 216, 34]), IpAddr::from([127, 0, 0, 1])],
            _ => Vec::new(),
        };
        Guard::new(Names::by(find), false)
    }

    #[tokio::test]
    async fn an_address_is_plain_and_leads_into_the_open() {
        for (typed, expected) in [
            ("https://ntfy.example/airlog", Ok(())),
            (" http://ntfy.example:8080/airlog?a=b ", Ok(())),
            ("https://1.1.1.1/hook", Ok(())),
            ("https://[2606:4700:4700::1111]/hook", Ok(())),
            ("", Err(Refusal::NoAddress)),
            ("ntfy.example/airlog", Err(Refusal::NoAddress)),
            ("ftp://ntfy.example/", Err(Refusal::NoAddress)),
            ("file:///etc/passwd", Err(Refusal::NoAddress)),
            ("https://ann:pw@ntfy.example/", Err(Refusal::Credentials)),
            ("https://ann@ntfy.example/", Err(Refusal::Credentials)),
            ("https://nowhere.example/", Err(Refusal::Unknown)),
            ("https://inside.example/", Err(Refusal::Private)),
            ("https://both.example/", Err(Refusal::Private)),
        ] {
            assert_eq!(guard().admit(typed).await.map(drop), expected, "{typed}");
        }
        let long = format!("https://ntfy.example/{}", "a".repeat(LONGEST));
        assert_eq!(guard().admit(&long).await, Err(Refusal::NoAddress));
    }

    #[tokio::test]
    async fn a_private_address_is_one_however_it_is_written() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "0.0.0.0",
            "[::1]",
            "[::ffff:10.0.0.1]",
            "[fe80::1]",
            "169.254.169.254",
        ] {
            let typed = format!("http://{host}/hook");
            assert_eq!(guard().admit(&typed).await, Err(Refusal::Private), "{typed}");
        }
    }

    #[tokio::test]
    async fn where_it_is_allowed_messages_go_into_the_own_network() {
        let open = Guard { allow_private: true, ..guard() };
        for typed in ["http://127.0.0.1:8080/hook", "http://inside.example/", "http://[fd00::1]/"] {
            assert!(open.admit(typed).await.is_ok(), "{typed}");
        }
        assert_eq!(open.admit("http://nowhere.example/").await, Err(Refusal::Unknown));
    }
}
