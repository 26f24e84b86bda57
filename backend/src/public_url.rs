//! The address under which browsers find the server, and what follows from its scheme: the session cookie's
//! name and attributes, and which origin may change things.

use std::{fmt, net::SocketAddr, str::FromStr};

/// Browsers keep no cookie longer than 400 days; how long a session lives is decided by the server alone.
const COOKIE_SECONDS: u32 = 400 * 24 * 60 * 60;

/// How long a browser says what it has written: a replica that is further behind is broken. After a restored backup the log
/// may be short again, and then this is how long sessions of before read from the primary.
const SEEN_SECONDS: u32 = 24 * 60 * 60;

/// An origin: scheme, host and port, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    host: String,
    port: Option<u16>,
}

/// The text is no `http(s)://host[:port]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use https://host, without a path")]
pub struct InvalidPublicUrl;

impl FromStr for PublicUrl {
    type Err = InvalidPublicUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPublicUrl> {
        let uri: axum::http::Uri = text.parse().map_err(|_| InvalidPublicUrl)?;
        let authority = uri.authority().ok_or(InvalidPublicUrl)?;
        let bare = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@');
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(InvalidPublicUrl),
        };
        if !bare || authority.host().is_empty() {
            return Err(InvalidPublicUrl);
        }
        let usual = if https { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != usual);
        Ok(Self { https, host: authority.host().to_ascii_lowercase(), port })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl PublicUrl {
    /// The plain address of a listening socket.
    pub fn of_socket(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V4(v4) => v4.ip().to_string(),
            SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
        };
        Self { https: false, host, port: Some(address.port()) }
    }

    /// Whether browsers come over TLS.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Whether the host is this machine itself.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(&self.host)
    }

    /// The name of the session cookie. Browsers share cookies between ports, so without TLS the port is in it.
    pub fn cookie_name(&self) -> String {
        self.name_of("session")
    }

    /// The name of the cookie beside it that says what the session has written.
    pub fn seen_cookie_name(&self) -> String {
        self.name_of("seen")
    }

    fn name_of(&self, what: &str) -> String {
        match (self.https, self.port) {
            (true, _) => format!("__Host-rollcall_{what}"),
            (false, port) => format!("rollcall_{what}_{}", port.unwrap_or(80)),
        }
    }

    /// A `Set-Cookie` that begins a session.
    pub fn session_cookie(&self, value: &str) -> String {
        self.set_cookie(&self.cookie_name(), value, COOKIE_SECONDS)
    }

    /// A `Set-Cookie` that ends it.
    pub fn expired_cookie(&self) -> String {
        self.set_cookie(&self.cookie_name(), "", 0)
    }

    /// A `Set-Cookie` that says what the session has written.
    pub fn seen_cookie(&self, value: &str) -> String {
        self.set_cookie(&self.seen_cookie_name(), value, SEEN_SECONDS)
    }

    fn set_cookie(&self, name: &str, value: &str, seconds: u32) -> String {
        let secure = if self.https { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// Whether a host name or address, without port, means this machine.
pub fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_origin_is_taken() {
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "https://example.org/rollcall",
            "https://u@h",
            "http:///x",
        ] {
            assert_eq!(bad.parse::<PublicUrl>(), Err(InvalidPublicUrl), "{bad}");
        }
        let url: PublicUrl = "https://Console.Example.org:443/".parse().unwrap();
        assert_eq!(url.to_string(), "https://console.example.org");
    }

    #[test]
    fn the_cookie_follows_the_scheme() {
        let https: PublicUrl = "https://console.example.org".parse().unwrap();
        assert_eq!(
            https.session_cookie("x"),
            "__Host-rollcall_session=x; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            https.seen_cookie("7"),
            "__Host-rollcall_seen=7; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure"
        );
        let plain = PublicUrl::of_socket(([127, 0, 0, 1], 8080).into());
        assert_eq!(
            plain.expired_cookie(),
            "rollcall_session_8080=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn loopback_is_recognised() {
        for here in ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost"] {
            assert!(here.parse::<PublicUrl>().unwrap().is_loopback(), "{here}");
        }
        assert!(!"http://10.0.0.1".parse::<PublicUrl>().unwrap().is_loopback());
    }
}
