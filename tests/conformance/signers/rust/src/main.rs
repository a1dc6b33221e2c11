//! A signer in Rust 1.85 or newer; see vectors/README.md for the rule and the protocol.
//! The standard library has no HMAC and no base64, so the crates hmac, sha2 and base64 sign.

use std::io::{self, BufRead, Write};

use base64::{engine::general_purpose::STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{json, Value};
use sha2::Sha256;

/// Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed.
fn sign(method: &str, endpoint: &str, timestamp: &str, secret: &str) -> String {
    let message = format!("{method}\n{endpoint}\n{timestamp}");
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is valid");
    STANDARD.encode(mac.chain_update(message).finalize().into_bytes())
}

fn is_timestamp(text: &str) -> bool {
    text == "0" || (!text.starts_with('0') && is_all(text, u8::is_ascii_digit))
}

fn is_endpoint(text: &str) -> bool {
    text.starts_with('/') && is_all(text, |byte| byte.is_ascii_graphic() && *byte != b'#')
}

fn is_access_key(text: &str) -> bool {
    is_all(text, |byte| {
        byte.is_ascii_graphic() && !b":<>".contains(byte)
    })
}

/// Whether a text has bytes, and all of them are allowed.
fn is_all(text: &str, allowed: impl Fn(&u8) -> bool) -> bool {
    !text.is_empty() && text.as_bytes().iter().all(allowed)
}

fn answer(ask: &Value) -> Value {
    let text = |name: &str| ask[name].as_str().expect("each field is text");
    let (method, endpoint, timestamp) = (text("method"), text("endpoint"), text("timestamp"));
    let (access_key, secret) = (text("access_key"), text("secret"));
    let refused = if !is_all(method, u8::is_ascii_uppercase) {
        "the method is not upper-case letters"
    } else if !is_endpoint(endpoint) {
        "the endpoint is not a slash and visible ASCII without #"
    } else if !is_timestamp(timestamp) {
        "the timestamp is not plain decimal digits"
    } else if secret.is_empty() {
        "the secret is empty"
    } else if !is_access_key(access_key) {
        "the access key is not visible ASCII without colon and angle brackets"
    } else {
        let signature = sign(method, endpoint, timestamp, secret);
        let authorization = format!("Bearer {access_key}:{signature}");
        return json!({"id": ask["id"], "signature": signature, "authorization": authorization});
    };
    json!({"id": ask["id"], "refused": refused})
}

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let ask = serde_json::from_str(&line?)?;
        writeln!(io::stdout(), "{}", answer(&ask))?; // stdout is line-buffered: it sends each line
    }
    Ok(())
}
