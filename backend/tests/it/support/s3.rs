//! A small server that speaks S3, for tests: buckets in memory, with what object stores ask for. Signatures are not checked.

use super::START;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use object_store::{ObjectStore, aws::AmazonS3Builder};
use rollcall_backend::places::{Place, S3};
use rollcall_shared::time::Timestamp;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

/// As many keys are in a page of a list, so that lists have several.
const LISTED: usize = 3;
/// The least bytes of every part but the last.
const PART_MIN: usize = 5 * 1024 * 1024;

/// What a server holds.
#[derive(Debug, Default)]
struct Held {
    objects: BTreeMap<String, Bytes>,
    /// By their ids: the key that each will have, and its parts.
    uploads: BTreeMap<String, (String, BTreeMap<u32, Bytes>)>,
    /// How many uploads were completed.
    completed: usize,
    begun: usize,
    refuses: bool,
}

/// A server of its own.
pub struct S3Server {
    url: String,
    held: Arc<Mutex<Held>>,
}

impl S3Server {
    pub async fn start() -> Self {
        let held = Arc::<Mutex<Held>>::default();
        let app =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(Arc::clone(&held));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, held }
    }

    /// How it is reached.
    pub fn access(&self) -> S3 {
        let builder = AmazonS3Builder::new().with_endpoint(&self.url).with_allow_http(true);
        S3::new(builder.with_region("here").with_access_key_id("a").with_secret_access_key("b"))
    }

    /// The files at a place like `s3://bucket/prefix`.
    pub fn files(&self, place: &str) -> Arc<dyn ObjectStore> {
        place.parse::<Place>().unwrap().open(&self.access()).unwrap()
    }

    /// Every key, with its bucket in front.
    pub fn keys(&self) -> Vec<String> {
        self.held.lock().unwrap().objects.keys().cloned().collect()
    }

    /// The bytes of a key.
    pub fn bytes(&self, key: &str) -> Bytes {
        self.held.lock().unwrap().objects[key].clone()
    }

    /// How many files came in parts, and how many such uploads were begun and not ended.
    pub fn uploads(&self) -> (usize, usize) {
        let held = self.held.lock().unwrap();
        (held.completed, held.uploads.len())
    }

    /// Refuses everything from now on, or nothing.
    pub fn refuse(&self, refuses: bool) {
        self.held.lock().unwrap().refuses = refuses;
    }
}

async fn answer(
    State(held): State<Arc<Mutex<Held>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut held = held.lock().unwrap();
    if held.refuses {
        return (StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>").into_response();
    }
    let key = percent_encoding::percent_decode_str(uri.path().trim_start_matches('/'));
    let key = key.decode_utf8().unwrap().into_owned();
    let query: BTreeMap<String, String> =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let asked = |name: &str| query.get(name).cloned();
    match (method.as_str(), asked("uploadId")) {
        ("GET", None) if query.contains_key("list-type") => list(&held, &key, &query),
        ("GET" | "HEAD", None) => get(&held, &key, &headers, method == Method::HEAD),
        ("PUT", Some(id)) => {
            let number = asked("partNumber").unwrap().parse().unwrap();
            held.uploads.get_mut(&id).unwrap().1.insert(number, body);
            [(header::ETAG, format!("\"part-{number}\""))].into_response()
        }
        ("PUT", None) => {
            if headers.contains_key(header::IF_NONE_MATCH) && held.objects.contains_key(&key) {
                return StatusCode::PRECONDITION_FAILED.into_response();
            }
            held.objects.insert(key, body);
            [(header::ETAG, "\"whole\"")].into_response()
        }
        ("POST", None) if query.contains_key("uploads") => {
            held.begun += 1;
            let id = format!("upload-{}", held.begun);
            held.uploads.insert(id.clone(), (key, BTreeMap::new()));
            xml(format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            ))
        }
        ("POST", None) if query.contains_key("delete") => delete(&mut held, &key, &body),
        ("POST", Some(id)) => complete(&mut held, &id, &body),
        ("DELETE", Some(id)) => {
            held.uploads.remove(&id);
            StatusCode::NO_CONTENT.into_response()
        }
        ("DELETE", None) => {
            held.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn xml(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], text).into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response()
}

fn get(held: &Held, key: &str, headers: &HeaderMap, only_head: bool) -> Response {
    let Some(bytes) = held.objects.get(key) else { return missing() };
    let asked = headers.get(header::RANGE).map(|range| range.to_str().unwrap());
    let range = asked.map(|range| {
        let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        match (first.parse::<usize>(), last.parse::<usize>()) {
            (Ok(first), Ok(last)) => first..(last + 1).min(bytes.len()),
            (Ok(first), Err(_)) => first..bytes.len(),
            (Err(_), last) => bytes.len().saturating_sub(last.unwrap())..bytes.len(),
        }
    });
    if range.as_ref().is_some_and(|range| range.start >= bytes.len()) {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    let part = range.clone().map_or_else(|| bytes.clone(), |range| bytes.slice(range));
    let mut response = Response::builder()
        .status(if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
        .header(header::ETAG, "\"whole\"")
        .header(header::LAST_MODIFIED, "Sun, 22 Nov 2026 18:00:00 GMT")
        .header(header::CONTENT_LENGTH, part.len());
    if let Some(range) = range {
        let part = format!("bytes {}-{}/{}", range.start, range.end - 1, bytes.len());
        response = response.header(header::CONTENT_RANGE, part);
    }
    response.body(if only_head { Body::empty() } else { part.into() }).unwrap()
}

/// A page of the keys of a bucket that begin with a prefix.
fn list(held: &Held, bucket: &str, query: &BTreeMap<String, String>) -> Response {
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (bucket, after) = (bucket.trim_end_matches('/'), of("continuation-token"));
    assert_eq!(of("delimiter"), "", "nothing here lists folders");
    let begin = format!("{bucket}/");
    let keys = held.objects.iter().filter_map(|(key, bytes)| Some((key.strip_prefix(&begin)?, bytes.len())));
    let mut keys: Vec<_> =
        keys.filter(|(key, _)| key.starts_with(&of("prefix")) && *key > after.as_str()).collect();
    let more = keys.len() > LISTED;
    keys.truncate(LISTED);
    let modified = Timestamp::from_millis(START);
    let contents = |(key, size): &(&str, usize)| {
        format!(
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>{modified}</LastModified>\
             <ETag>&quot;whole&quot;</ETag></Contents>"
        )
    };
    let mut text: String = keys.iter().map(contents).collect();
    if let Some((last, _)) = keys.last().filter(|_| more) {
        text.push_str(&format!("<NextContinuationToken>{last}</NextContinuationToken>"));
    }
    xml(format!("<ListBucketResult>{text}</ListBucketResult>"))
}

/// What stands between tags of a name, wherever there are some.
fn texts<'a>(body: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    body.split(open.as_str()).skip(1).filter_map(|rest| rest.split(close.as_str()).next()).collect()
}

fn delete(held: &mut Held, bucket: &str, body: &Bytes) -> Response {
    let keys = texts(std::str::from_utf8(body).unwrap(), "Key");
    let mut deleted = String::new();
    for key in keys {
        held.objects.remove(&format!("{}/{key}", bucket.trim_end_matches('/')));
        deleted.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
    }
    xml(format!("<DeleteResult>{deleted}</DeleteResult>"))
}

fn complete(held: &mut Held, id: &str, body: &Bytes) -> Response {
    let Some((key, parts)) = held.uploads.remove(id) else { return missing() };
    let numbers = texts(std::str::from_utf8(body).unwrap(), "PartNumber");
    let parts: Vec<Bytes> = numbers.iter().map(|number| parts[&number.parse().unwrap()].clone()).collect();
    if parts.iter().rev().skip(1).any(|part| part.len() < PART_MIN) {
        return (StatusCode::BAD_REQUEST, "<Error><Code>EntityTooSmall</Code></Error>").into_response();
    }
    held.completed += 1;
    held.objects.insert(key, parts.concat().into());
    xml("<CompleteMultipartUploadResult><ETag>&quot;parts&quot;</ETag></CompleteMultipartUploadResult>"
        .to_owned())
}
