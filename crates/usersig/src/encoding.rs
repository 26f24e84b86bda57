//! The outside of a UserSig: JSON, compressed, as base64 that may stand in a URL.

use crate::{Claims, Error, MAX_INFLATED, MAX_LEN};
use base64::{
    Engine as _,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::io::{Read, Write};

/// Base64 whose padding may be missing: some callers cut it off.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The JSON. Libraries in languages without integers write these as strings.
#[derive(Serialize, Deserialize)]
pub(crate) struct Fields {
    #[serde(rename = "TLS.ver")]
    pub version: String,
    #[serde(rename = "TLS.identifier")]
    pub identifier: String,
    #[serde(rename = "TLS.sdkappid", deserialize_with = "integer")]
    pub sdkappid: i64,
    #[serde(rename = "TLS.expire", deserialize_with = "integer")]
    pub expire: i64,
    #[serde(rename = "TLS.time", deserialize_with = "integer")]
    pub time: i64,
    #[serde(rename = "TLS.userbuf", default, skip_serializing_if = "Option::is_none")]
    pub userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    pub sig: String,
}

impl Fields {
    pub fn of(claims: &Claims, sig: String) -> Self {
        let Claims { sdkappid, identifier, time, expire, userbuf } = claims.clone();
        Self { version: "2.0".to_owned(), identifier, sdkappid, expire, time, userbuf, sig }
    }
}

fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Integer {
        Number(i64),
        Text(String),
    }
    match Integer::deserialize(deserializer)? {
        Integer::Number(number) => Ok(number),
        Integer::Text(text) => text.parse().map_err(D::Error::custom),
    }
}

pub(crate) fn encode(fields: &Fields) -> String {
    #[expect(
        clippy::expect_used,
        reason = "strings and numbers have a JSON form, and memory takes what is written"
    )]
    let packed = {
        let json = serde_json::to_vec(fields).expect("strings and numbers have a JSON form");
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&json).and_then(|()| encoder.finish()).expect("memory takes what is written")
    };
    let swap = |c| match c {
        '+' => '*',
        '/' => '-',
        '=' => '_',
        other => other,
    };
    BASE64.encode(packed).chars().map(swap).collect()
}

/// Reads a UserSig of at most [`MAX_LEN`] bytes that unfolds to at most [`MAX_INFLATED`].
pub(crate) fn decode(text: &str) -> Result<Fields, Error> {
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if text.len() > MAX_LEN {
        return Err(Error::Illegal);
    }
    let swap = |c| match c {
        '*' => '+',
        '-' => '/',
        '_' => '=',
        other => other,
    };
    let standard: String = text.chars().map(swap).collect();
    let packed = BASE64.decode(standard).map_err(|_| Error::Illegal)?;
    let mut json = Vec::new();
    let most = MAX_INFLATED as u64 + 1;
    ZlibDecoder::new(packed.as_slice()).take(most).read_to_end(&mut json).map_err(|_| Error::Illegal)?;
    if json.len() > MAX_INFLATED {
        return Err(Error::Illegal);
    }
    let fields: Fields = serde_json::from_slice(&json).map_err(|_| Error::Illegal)?;
    // A line break would let one signed content be read as another's.
    let plain = |text: &str| !text.chars().any(char::is_control);
    let fine =
        fields.version == "2.0" && plain(&fields.identifier) && fields.userbuf.as_deref().is_none_or(plain);
    fine.then_some(fields).ok_or(Error::Illegal)
}
