//! The console's scripts and styles, embedded when the binary was built (feature `embed-console`, see `build.rs`),
//! each also in brotli. The path holds a hash of the contents, so browsers may keep them for ever.

use crate::layers::limits;
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// A file of the bundle.
struct File {
    name: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
}

// Written by build.rs: `HASH` and `FILES`.
include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file, in brotli when the browser takes that. Another hash is another bundle's: 404.
pub async fn serve(Path((hash, name)): Path<(String, String)>, request: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| hash == HASH && file.name == name) else {
        return limits::no_route().await.into_response();
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(file.name)));
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let smaller = file.brotli.len() < file.plain.len();
    if smaller && takes_brotli(&request) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        return (headers, file.brotli).into_response();
    }
    (headers, file.plain).into_response()
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_brotli = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        is_brotli && !refused
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_ask() {
        let takes = |value: &'static str| {
            takes_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("BR;q=0.5"));
        assert!(!takes("gzip") && !takes("br;q=0, gzip") && !takes("brx") && !takes(""));
    }

    #[tokio::test]
    async fn another_bundles_files_are_not_here() {
        let answer = serve(Path(("0".repeat(16), "frontend.js".to_owned())), HeaderMap::new()).await;
        assert_eq!(answer.status(), 404);
    }
}
