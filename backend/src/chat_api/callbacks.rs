//! Requests to webhooks, in the vendor's form: address, signature and bodies. When they are sent, and what becomes of
//! them, is in [`crate::webhooks`].

use super::tags::{Tag, TagValue};
use crate::secrets::hex;
use reqwest::Url;
use rollcall_shared::{app::SdkAppId, profile::ADMINISTRATOR, time::Timestamp};
use rollcall_store::{
    Actor,
    webhooks::{Happened, PendingEvent, StateChange},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Changes that operators made in the console.
pub const CONSOLE: &str = "Web";
/// Changes that programs made.
const PROGRAM: &str = "RESTAPI";
/// The vendor has no command for a test.
const TEST: &str = "Rollcall.CallbackTest";

/// Through what a change was made.
pub const fn platform(actor: &Actor) -> &'static str {
    match actor {
        Actor::Operator(_) | Actor::System => CONSOLE,
        Actor::Token(_) | Actor::Admin(_) => PROGRAM,
    }
}

/// The body that tells of an event.
pub fn body(event: &PendingEvent) -> Value {
    let operator = match &event.created_by {
        // Of an admin that was erased the name is gone.
        Actor::Admin(user_id) if !user_id.is_empty() => user_id,
        Actor::Admin(_) | Actor::Operator(_) | Actor::Token(_) | Actor::System => ADMINISTRATOR,
    };
    let mut body = json!({
        "CallbackCommand": event.event.command(),
        "Operator_Account": operator,
        "EventTime": event.created_at.millis(),
    });
    match &event.happened {
        Happened::StateChanged { user_id, change } => {
            // Nobody operates here but the client itself.
            body.as_object_mut().map(|body| body.remove("Operator_Account"));
            let (action, reason) = match change {
                StateChange::Login => ("Login", "Register"),
                StateChange::Logout => ("Logout", "Unregister"),
                StateChange::Closed => ("Disconnect", "LinkClose"),
                StateChange::Lost => ("Disconnect", "TimeOut"),
            };
            body["Info"] = json!({ "Action": action, "To_Account": user_id, "Reason": reason });
        }
        Happened::Imported(user_ids) | Happened::Deleted(user_ids) => {
            body["AccountList"] = user_ids.iter().map(|id| json!({ "UserID": id })).collect();
        }
        Happened::ProfileChanged { before, after } => {
            body["From_Account"] = json!(after.user_id);
            // A custom field that was emptied is told with an empty text.
            let item = |tag: Tag| {
                let value = tag.value(after).unwrap_or(TagValue::Text(""));
                json!({ "Tag": tag.name(), "Value": value })
            };
            body["ProfileItem"] = Tag::changed(before, after).into_iter().map(item).collect();
        }
    }
    body
}

/// The body of a test.
pub fn test(now: Timestamp) -> Value {
    json!({ "CallbackCommand": TEST, "Operator_Account": ADMINISTRATOR, "EventTime": now.millis() })
}

/// The address of a request: the webhook's own, with what the vendor adds. None if it cannot be read.
pub fn url(
    url: &str,
    app: SdkAppId,
    platform: &str,
    body: &Value,
    signed: Option<(&str, Timestamp)>,
) -> Option<Url> {
    let mut url = Url::parse(url).ok()?;
    let command = body["CallbackCommand"].as_str().unwrap_or_default();
    let mut query = url.query_pairs_mut();
    query.append_pair("SdkAppid", &app.to_string()).append_pair("CallbackCommand", command);
    query.append_pair("contenttype", "json").append_pair("ClientIP", "").append_pair("OptPlatform", platform);
    if let Some((token, now)) = signed {
        let time = now.seconds();
        query.append_pair("Sign", &sign(token, time)).append_pair("RequestTime", &time.to_string());
    }
    drop(query);
    Some(url)
}

/// SHA-256 of token and time, in hex.
fn sign(token: &str, time: i64) -> String {
    hex(&Sha256::digest(format!("{token}{time}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::{account::NewAccount, profile::FriendVerification, webhook::WebhookEvent};

    /// From the vendor's manual.
    #[test]
    fn a_request_is_signed_as_the_vendor_signs() {
        assert_eq!(
            sign("xxxxyyyy", 1_669_872_112),
            "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061"
        );
    }

    #[test]
    fn a_change_tells_the_custom_fields_that_changed() {
        let new = |custom: &[(&str, &str)]| {
            let custom = custom.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let new = NewAccount { custom, ..NewAccount::new("ming") };
            Box::new(new.into_account(Timestamp::from_millis(1), FriendVerification::default()))
        };
        let happened = Happened::ProfileChanged {
            before: new(&[("Hobby", "chess"), ("Same", "x"), ("Team", "Red")]),
            after: new(&[("Hobby", "go"), ("Same", "x")]),
        };
        let event = PendingEvent {
            id: String::new(),
            event: WebhookEvent::ProfileChanged,
            happened,
            created_at: Timestamp::from_millis(2),
            created_by: Actor::System,
            attempts: 0,
        };
        let items = json!([
            { "Tag": "Tag_Profile_Custom_Hobby", "Value": "go" },
            { "Tag": "Tag_Profile_Custom_Team", "Value": "" },
        ]);
        assert_eq!(body(&event)["ProfileItem"], items);
    }

    #[test]
    fn what_an_address_asks_for_stays() {
        let body = test(Timestamp::from_millis(0));
        let signed = Some(("xxxxyyyy", Timestamp::from_millis(1_669_872_112_000)));
        let url = url("https://example.org/hook?key=a%20b", SdkAppId(1_400_000_001), CONSOLE, &body, signed);
        assert_eq!(
            url.unwrap().as_str(),
            "https://example.org/hook?key=a%20b&SdkAppid=1400000001&CallbackCommand=Rollcall.CallbackTest\
             &contenttype=json&ClientIP=&OptPlatform=Web\
             &Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112"
        );
    }
}
