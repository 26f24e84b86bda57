//! Keys between keys, where nobody counted: as if the rows were spread evenly over what their keys may be. For instants that is
//! nearly so; for texts it is a guess by their first characters, until there are milestones.

use keyset::Value;

/// How many characters, after those that both texts begin with, tell texts apart.
const CHARS: u32 = 2;
/// One more than the last character.
const RADIX: u64 = 0x11_0000;

/// The key at this share of the way from one to another. The share is from 0 to 1.
pub(super) fn between(low: &[Value], high: &[Value], share: f64) -> Vec<Value> {
    let first = match (low.first(), high.first()) {
        (Some(Value::Int(low)), Some(Value::Int(high))) => {
            let way = high.saturating_sub(*low) as f64 * share;
            Value::Int(low.saturating_add(way as i64))
        }
        (Some(Value::Text(low)), Some(Value::Text(high))) => {
            let shared = shared(low, high);
            let (from, to) = (number(low, shared), number(high, shared));
            let way = to.saturating_sub(from) as f64 * share;
            Value::Text(format!("{}{}", &low[..shared], text(from.saturating_add(way as u64))))
        }
        _ => return low.to_vec(),
    };
    vec![first, Value::from("")]
}

/// The share of the way from one key to another at which a key between them stands; the inverse of [`between`].
pub(super) fn share(low: &[Value], high: &[Value], key: &[Value]) -> f64 {
    let (way, whole) = match (low.first(), high.first(), key.first()) {
        (Some(Value::Int(low)), Some(Value::Int(high)), Some(Value::Int(key))) => {
            (key.saturating_sub(*low) as f64, high.saturating_sub(*low) as f64)
        }
        (Some(Value::Text(low)), Some(Value::Text(high)), Some(Value::Text(key))) => {
            let shared = shared(low, high);
            let [low, high, key] = [low, high, key].map(|text| number(text, shared));
            (key.saturating_sub(low) as f64, high.saturating_sub(low) as f64)
        }
        _ => (0.0, 1.0),
    };
    if whole > 0.0 { (way / whole).clamp(0.0, 1.0) } else { 0.0 }
}

/// How many bytes both texts begin with.
fn shared(low: &str, high: &str) -> usize {
    low.chars().zip(high.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// The characters after the shared ones as the digits of a number.
fn number(text: &str, shared: usize) -> u64 {
    let mut rest = text.get(shared..).unwrap_or_default().chars();
    (0..CHARS).fold(0, |number, _| number * RADIX + rest.next().map_or(0, u64::from))
}

/// The text of a number. What is no character becomes the next one that is.
fn text(number: u64) -> String {
    let digits = [number / RADIX, number % RADIX].map(|digit| digit as u32);
    digits
        .into_iter()
        .take_while(|digit| *digit != 0)
        .map(|d| char::from_u32(d).unwrap_or('\u{e000}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Vec<Value> {
        vec![Value::from(text), Value::from("id")]
    }

    #[test]
    fn instants_are_spread_evenly() {
        let at = |millis: i64| vec![Value::Int(millis), Value::from("id")];
        assert_eq!(between(&at(100), &at(300), 0.25)[0], Value::Int(150));
        assert!((share(&at(100), &at(300), &at(150)) - 0.25).abs() < 1e-9);
        assert!(share(&at(5), &at(5), &at(5)).abs() < 1e-9);
    }

    #[test]
    fn texts_are_compared_after_what_they_share() {
        let (low, high) = (key("user_a"), key("user_k"));
        assert_eq!(between(&low, &high, 0.5)[0], Value::from("user_f"));
        assert!((share(&low, &high, &key("user_f")) - 0.5).abs() < 1e-9);
        assert_eq!(between(&key("a"), &key("龘"), 0.0)[0], Value::from("a"));
        let middle = between(&key("\u{d000}"), &key("\u{f000}"), 0.5);
        assert_eq!(middle[0], Value::from("\u{e000}"));
    }
}
