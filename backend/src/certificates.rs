//! Signatures of certificates of erasures: HMAC-SHA256 by a key of its own, which is derived from the master key. What a
//! certificate says is in `rollcall_shared::person`.

use crate::secrets::hex;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rollcall_shared::{app::SdkAppId, person::Certificate};
use sha2::Sha256;

/// What the key is derived for. It never changes: certificates that were given out would no longer be good.
const PURPOSE: &[u8] = b"rollcall certificate of erasure, version 1";
/// The size of a block of SHA-256, to which HMAC fills keys up with zeros.
const BLOCK: usize = 64;

/// Signs certificates.
#[derive(Clone)]
pub struct Signer([u8; 32]);

impl Signer {
    /// With the key that comes of this master key.
    pub fn new(master_key: &[u8; 32]) -> Self {
        Self(mac(master_key, PURPOSE).finalize().into_bytes().into())
    }

    /// The certificate with its signature.
    pub fn sign(&self, certificate: Certificate) -> Certificate {
        let signature = hex(&mac(&self.0, &certificate.signed_bytes()).finalize().into_bytes());
        Certificate { signature, ..certificate }
    }

    /// Whether a JSON value is a certificate that was signed here for this application. Compared in constant time.
    pub fn verifies(&self, app: SdkAppId, certificate: &serde_json::Value) -> bool {
        let Ok(certificate) = serde_json::from_value::<Certificate>(certificate.clone()) else {
            return false;
        };
        let Some(signature) = unhex(&certificate.signature) else { return false };
        let signed = mac(&self.0, &certificate.signed_bytes()).verify_slice(&signature).is_ok();
        signed && certificate.sdkappid == app
    }
}

fn mac(key: &[u8; 32], bytes: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; BLOCK];
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block.into()).chain_update(bytes)
}

/// The bytes of a signature, in lower-case hex.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::{person::Removed, time::Timestamp};
    use serde_json::{Value, json};

    const APP: SdkAppId = SdkAppId(1_400_000_001);

    fn signed() -> Value {
        let certificate = Certificate {
            id: "x".to_owned(),
            sdkappid: APP,
            user_id_sha256: "ab".repeat(32),
            erased_at: Timestamp::from_millis(1),
            erased_by: "operator:1".to_owned(),
            reason: "请求 \"x\"".to_owned(),
            removed: vec![Removed { table: "accounts".to_owned(), rows: 1 }],
            kept: Vec::new(),
            server_version: "1".to_owned(),
            signature: String::new(),
        };
        serde_json::to_value(Signer::new(&[7; 32]).sign(certificate)).unwrap()
    }

    #[test]
    fn a_certificate_is_good_as_it_was_given_out_and_for_its_application() {
        let (signer, certificate) = (Signer::new(&[7; 32]), signed());
        assert!(signer.verifies(APP, &certificate));
        // Neither the order of its fields nor white space matters.
        let reordered: Value =
            serde_json::from_str(&serde_json::to_string_pretty(&certificate).unwrap()).unwrap();
        assert!(signer.verifies(APP, &reordered));
        assert!(!signer.verifies(SdkAppId(1), &certificate));
        assert!(!Signer::new(&[8; 32]).verifies(APP, &certificate), "of another server");
    }

    #[test]
    fn a_changed_certificate_is_not_good() {
        let changes: [fn(&mut Value); 8] = [
            |c| c["reason"] = json!("another"),
            |c| c["removed"][0]["rows"] = json!(2),
            |c| c["kept"] = json!([{ "table": "x", "why": "y" }]),
            |c| c["more"] = json!(1),
            |c| c["signature"] = json!(""),
            |c| c["signature"] = json!("0g"),
            |c| c["signature"] = json!(c["signature"].as_str().unwrap()[1..]),
            |c| *c = json!("certificate"),
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut certificate = signed();
            change(&mut certificate);
            assert!(!Signer::new(&[7; 32]).verifies(APP, &certificate), "{n}");
        }
    }

    /// RFC 4231, test case 2, by the same filling up of a key.
    #[test]
    fn the_signature_is_an_hmac() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let tag = mac(&key, b"what do ya want for nothing?").finalize().into_bytes();
        assert_eq!(hex(&tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
