//! Characters that XML cannot hold, as workbooks spell them: `_x000D_` is a carriage return, `_x005F_` an underscore.
//! Source: ECMA-376 part 1, 22.9.2.19 (`ST_Xstring`).

/// Appends text without its escapes. What is almost one stays as it is.
pub(super) fn push_unescaped(mut raw: &str, text: &mut String) {
    while let Some((before, rest)) = raw.split_once("_x") {
        text.push_str(before);
        let code = rest.get(..5).and_then(|code| code.strip_suffix('_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                text.push(character);
                raw = rest.get(5..).unwrap_or_default();
            }
            None => {
                text.push_str("_x");
                raw = rest;
            }
        }
    }
    text.push_str(raw);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_escapes_are_taken() {
        for (raw, text) in [
            ("a_x000D__x000a_b", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00_ _x000D _xD800_ _x", "_x00_ _x000D _xD800_ _x"),
            ("_x00明_", "_x00明_"),
        ] {
            let mut out = String::new();
            push_unescaped(raw, &mut out);
            assert_eq!(out, text);
        }
    }
}
