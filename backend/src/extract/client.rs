//! What a request says about its sender: address, browser, host, credentials. None of it is trusted further than
//! its comment says.

use crate::{secrets::TOKEN_PREFIX, state::AppState};
use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, Request, header},
};
use std::net::SocketAddr;

/// The most bytes of a browser's description that are kept.
const USER_AGENT_MAX: usize = 200;

/// The client's address. With an https public URL a proxy stands before us, and the last `X-Forwarded-For` entry
/// is the one that it wrote; otherwise only the connection counts.
pub fn address(state: &AppState, headers: &HeaderMap, extensions: &Extensions) -> String {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()).and_then(|text| text.rsplit(',').next());
    let parsed = last.and_then(|text| text.trim().parse::<std::net::IpAddr>().ok());
    if let Some(address) = parsed.filter(|_| state.public_url.is_https()) {
        return address.to_string();
    }
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map(|ConnectInfo(peer)| peer.ip().to_string()).unwrap_or_default()
}

/// The browser's own description, cut.
pub fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut text = text.unwrap_or_default().into_owned();
    text.truncate(text.floor_char_boundary(USER_AGENT_MAX));
    text
}

/// The host that the client means, without its port.
pub fn host<B>(request: &Request<B>) -> Option<&str> {
    let header = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let authority = request.uri().authority().map(|authority| authority.as_str()).or(header)?;
    let has_port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    Some(has_port.map_or(authority, |(host, _)| host))
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name && !value.is_empty()).then_some(value)
    })
}

/// What the `Authorization` header holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// There is none.
    Absent,
    /// A token of ours, by its form.
    Token(&'a str),
    /// Something else.
    Other,
}

/// Reads the `Authorization` header.
pub fn authorization(headers: &HeaderMap) -> Authorization<'_> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Authorization::Absent;
    };
    let token = value.to_str().ok().and_then(|text| text.split_once(' ')).and_then(|(scheme, token)| {
        let ours = scheme.eq_ignore_ascii_case("bearer") && token.starts_with(TOKEN_PREFIX);
        ours.then_some(token)
    });
    token.map_or(Authorization::Other, Authorization::Token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(header::COOKIE, "xid=1; id=2; empty=");
        assert_eq!(cookie(&headers, "id"), Some("2"));
        assert_eq!(cookie(&headers, "empty"), None);
        assert_eq!(cookie(&headers, "d"), None);
    }

    #[test]
    fn only_bearer_tokens_of_ours_are_tokens() {
        let read = |value| headers(header::AUTHORIZATION, value);
        assert_eq!(authorization(&read("bearer rc_x")), Authorization::Token("rc_x"));
        assert_eq!(authorization(&read("Bearer sk_x")), Authorization::Other);
        assert_eq!(authorization(&read("Basic rc_x")), Authorization::Other);
        assert_eq!(authorization(&HeaderMap::new()), Authorization::Absent);
    }

    #[test]
    fn the_host_loses_its_port() {
        for (given, host_name) in
            [("a.b:80", "a.b"), ("[::1]:8080", "[::1]"), ("[::1]", "[::1]"), ("a.b", "a.b")]
        {
            let request = Request::builder().header(header::HOST, given).body(()).unwrap();
            assert_eq!(host(&request), Some(host_name));
        }
    }
}
