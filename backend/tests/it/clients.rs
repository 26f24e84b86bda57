//! Clients that are connected: who may, who is online, and how it ends.

use crate::{
    chat_api::Team,
    support::{Server, on_both_engines},
};
use futures::{SinkExt as _, StreamExt as _};
use rollcall_backend::{clients, webhooks};
use rollcall_shared::{app::AppStatus, paths, push::Push};
use serde_json::{Value, json};
use std::{collections::HashSet, net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, protocol::frame::coding::CloseCode},
};

on_both_engines!(
    an_account_is_online_while_a_client_is_connected,
    whoever_proves_nothing_is_refused,
    a_kick_a_deletion_and_a_disabled_application_end_connections,
    a_client_that_falls_silent_is_lost,
    clients_of_a_lost_server_are_offline,
    webhooks_are_told_of_logins_and_ends,
    an_account_has_so_many_connections,
    a_push_reaches_whoever_is_connected_and_others_when_they_connect,
    a_push_that_was_not_received_is_sent_again,
);

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(30);

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A team whose server listens on a port.
struct Place {
    server: Server,
    team: Team,
    address: SocketAddr,
}

impl Place {
    async fn new(server: Server) -> Self {
        let team = Team::new(&server).await;
        team.call("im_open_login_svc/account_import", &json!({"UserID": "ming"})).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = server.app.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { server, team, address }
    }

    fn url(&self, user_id: &str, usersig: &str, more: &str) -> String {
        let app = self.team.app.sdkappid;
        format!("ws://{}/v1/client?sdkappid={app}&identifier={user_id}&usersig={usersig}{more}", self.address)
    }

    /// A client of `ming`, signed in.
    async fn connect(&self, platform: &str) -> Client {
        self.connect_as("ming", platform).await
    }

    async fn connect_as(&self, user_id: &str, platform: &str) -> Client {
        self.server.clock.advance(1_000);
        let url = self.url(user_id, &self.sig(user_id), &format!("&platform={platform}"));
        let (mut client, _) = connect_async(url).await.unwrap();
        let ready: Value =
            serde_json::from_str(client.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
        assert_eq!(ready["type"], "ready");
        client
    }

    /// Sends a push, at this server as the worker does: its name.
    async fn push(&self, random: u32, lifetime: u32) -> String {
        self.server.clock.advance(2_000);
        let text = json!({"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}});
        let body = json!({"MsgRandom": random, "MsgLifeTime": lifetime, "MsgBody": [text]});
        let answer = self.team.call("all_member_push/im_push", &body).await;
        clients::fan_out(&self.server.state, &mut HashSet::new()).await.unwrap();
        answer["TaskId"].as_str().unwrap().to_owned()
    }

    /// To how many accounts a push was sent, and how many have it.
    async fn figures(&self, task_id: &str) -> (u64, u64) {
        clients::note_received(&self.server.state).await;
        let path = paths::push(self.team.app.sdkappid, task_id);
        let push: Push = self.team.operator.get(&path).await.json();
        (push.sent, push.received)
    }

    /// Waits until so many accounts have a push.
    async fn received_by(&self, task_id: &str, count: u64) {
        let waited = tokio::time::timeout(PATIENCE, async {
            while self.figures(task_id).await.1 != count {
                tokio::task::yield_now().await;
            }
        });
        waited.await.unwrap();
    }

    /// A UserSig made now.
    fn sig(&self, user_id: &str) -> String {
        let now = self.server.state.clock.now().seconds();
        usersig::Claims::new(self.team.app.sdkappid.0, user_id, now, 3_600).sign(&self.team.key)
    }

    /// From which platforms `ming` is online.
    async fn platforms(&self) -> Vec<Value> {
        let body = json!({"IsNeedDetail": 1, "To_Account": ["ming"]});
        let answer = self.team.call("openim/query_online_status", &body).await;
        let result = &answer["QueryResult"][0];
        let detail = result["Detail"].as_array().unwrap().clone();
        let status = if detail.is_empty() { "Offline" } else { "Online" };
        assert_eq!((result["Status"].as_str(), result["State"].as_str()), (Some(status), Some(status)));
        detail.into_iter().map(|one| one["Platform"].clone()).collect()
    }

    /// Waits until `ming` is online from so many platforms.
    async fn online_from(&self, count: usize) {
        let (state, app) = (&self.server.state, self.team.app.sdkappid);
        let waited = tokio::time::timeout(PATIENCE, async {
            while state.store.online(app, vec!["ming".to_owned()], state.clock.now()).await.unwrap().len()
                != count
            {
                tokio::task::yield_now().await;
            }
        });
        waited.await.unwrap();
    }
}

/// The code with which a connection is closed.
async fn closed(client: &mut Client) -> u16 {
    loop {
        match client.next().await {
            Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
            Some(Ok(Message::Close(None)) | Err(_)) | None => return 0,
            Some(Ok(_)) => {}
        }
    }
}

async fn an_account_is_online_while_a_client_is_connected(server: Server) {
    let place = Place::new(server).await;
    assert!(place.platforms().await.is_empty());
    let mut phone = place.connect("iPhone").await;
    assert_eq!(place.platforms().await, ["iPhone"]);
    let web = place.connect("").await;
    assert_eq!(place.platforms().await, ["iPhone", "Web"]);
    // One says that it leaves, the other is torn.
    phone.close(None).await.unwrap();
    place.online_from(1).await;
    assert_eq!(place.platforms().await, ["Web"]);
    drop(web);
    place.online_from(0).await;
}

async fn whoever_proves_nothing_is_refused(server: Server) {
    let place = Place::new(server).await;
    let refused = |answer: Result<_, Error>| match answer {
        Err(Error::Http(answer)) => {
            let problem: Value = serde_json::from_slice(answer.body().as_deref().unwrap()).unwrap();
            (answer.status().as_u16(), problem["detail"].as_str().unwrap()[..5].to_owned())
        }
        Ok(_) => panic!("the client was let in"),
        Err(error) => panic!("{error}"),
    };
    let (sig, other) = (place.team.sig("ming"), place.team.sig("administrator"));
    for (user_id, usersig, code) in [
        ("ming", "", "70002"),
        ("ming", "x", "70003"),
        ("ming", other.as_str(), "70013"),
        ("administrator", sig.as_str(), "70013"),
        ("", sig.as_str(), "60004"),
    ] {
        let answer = connect_async(place.url(user_id, usersig, "")).await.map(drop);
        assert_eq!(refused(answer), (401, code.to_owned()), "{user_id}");
    }
    let nobody = place.team.sig("nobody");
    assert_eq!(refused(connect_async(place.url("nobody", &nobody, "")).await.map(drop)).1, "70107");
    // Without a WebSocket there is nothing to stay for.
    let path = place.url("ming", &sig, "").split_once("/v1").unwrap().1.to_owned();
    assert_eq!(place.server.stranger().get(&format!("/v1{path}")).await.refusal().0, 400);
    assert!(place.platforms().await.is_empty());
}

async fn a_kick_a_deletion_and_a_disabled_application_end_connections(server: Server) {
    let place = Place::new(server).await;
    let state = &place.server.state;
    let mut client = place.connect("iPhone").await;
    let old = place.sig("ming");
    place.team.call("im_open_login_svc/kick", &json!({"UserID": "ming"})).await;
    assert!(place.platforms().await.is_empty(), "offline at once");
    clients::end_marked(state).await.unwrap();
    assert_eq!(closed(&mut client).await, 4001);
    assert!(connect_async(place.url("ming", &old, "")).await.is_err(), "the UserSig is void");

    let mut client = place.connect("iPhone").await;
    place.team.permit_deletion().await;
    place.team.call("im_open_login_svc/account_delete", &json!({"DeleteItem": [{"UserID": "ming"}]})).await;
    clients::end_marked(state).await.unwrap();
    assert_eq!(closed(&mut client).await, 4001);

    place.server.clock.advance(1_000);
    place.team.call("im_open_login_svc/account_import", &json!({"UserID": "ming"})).await;
    assert!(place.platforms().await.is_empty(), "a new account is not its predecessor");
    let mut client = place.connect("iPhone").await;
    let path = paths::app(place.team.app.sdkappid);
    let etag = place.team.operator.get(&path).await.header("etag").to_owned();
    let disabled = json!({"status": AppStatus::Disabled});
    assert_eq!(place.team.operator.if_match(&etag).patch(&path, &disabled).await.status, 200);
    clients::beat(state).await.unwrap();
    assert_eq!(closed(&mut client).await, 4001);
}

async fn a_client_that_falls_silent_is_lost(server: Server) {
    let place = Place::new(server).await;
    // It reads nothing, so it answers no ping.
    let silent = place.connect("iPhone").await;
    assert_eq!(place.platforms().await, ["iPhone"]);
    place.online_from(0).await;
    drop(silent);
    // One that reads is heard of, without saying anything.
    let mut talking = place.connect("Web").await;
    for _ in 0..20 {
        assert!(matches!(talking.next().await, Some(Ok(Message::Ping(_)))));
        talking.flush().await.unwrap();
    }
    assert_eq!(place.platforms().await, ["Web"]);
}

async fn clients_of_a_lost_server_are_offline(server: Server) {
    let place = Place::new(server).await;
    let state = &place.server.state;
    let mut client = place.connect("iPhone").await;
    place.server.clock.advance(15_000);
    clients::beat(state).await.unwrap();
    place.server.clock.advance(15_000);
    assert_eq!(place.platforms().await, ["iPhone"], "it said that it lives");
    place.server.clock.advance(15_000);
    assert!(place.platforms().await.is_empty(), "it has not said so for long");
    // Back again, it knows that others have taken it for dead.
    clients::beat(state).await.unwrap();
    assert_eq!(closed(&mut client).await, 1012);
    place.online_from(0).await;
    let _again = place.connect("iPhone").await;
    assert_eq!(place.platforms().await, ["iPhone"]);
}

async fn webhooks_are_told_of_logins_and_ends(server: Server) {
    let place = Place::new(server).await;
    let receiver = crate::webhooks::Receiver::default();
    let settings = json!({"url": receiver.start().await, "events": ["state_changed"]});
    let path = paths::webhook(place.team.app.sdkappid);
    assert_eq!(place.team.operator.put(&path, &settings).await.status, 200);
    let mut client = place.connect("iPhone").await;
    place.server.clock.advance(1);
    client.close(None).await.unwrap();
    place.online_from(0).await;
    let torn = place.connect("iPhone").await;
    place.server.clock.advance(1);
    drop(torn);
    place.online_from(0).await;
    // A server that ends, or dies, does not tell itself; another does for it.
    let _client = place.connect("iPhone").await;
    let store = &place.server.state.store;
    store.server_ends(&place.server.state.clients.server).await.unwrap();
    let now = place.server.state.clock.now().plus_millis(1);
    while store.forget_lost_servers(now, now).await.unwrap() {}
    webhooks::deliver_all(&place.server.state).await.unwrap();
    let told: Vec<Value> = receiver.take_told().into_iter().map(|told| told.body["Info"].clone()).collect();
    let info = |action, reason| json!({"Action": action, "To_Account": "ming", "Reason": reason});
    let expected = [
        info("Login", "Register"),
        info("Logout", "Unregister"),
        info("Login", "Register"),
        info("Disconnect", "LinkClose"),
        info("Login", "Register"),
        info("Disconnect", "TimeOut"),
    ];
    assert_eq!(told, expected);
}

async fn an_account_has_so_many_connections(server: Server) {
    let place = Place::new(server).await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(place.connect("Web").await);
    }
    let one_more = connect_async(place.url("ming", &place.sig("ming"), "")).await;
    assert!(matches!(one_more, Err(Error::Http(answer)) if answer.status() == 409));
    let mut first = open.remove(0);
    first
        .close(Some(tokio_tungstenite::tungstenite::protocol::CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        }))
        .await
        .unwrap();
    place.online_from(19).await;
    open.push(place.connect("Web").await);
}

/// The `random` and name of the next push that a client gets.
async fn next_push(client: &mut Client) -> (u64, String) {
    loop {
        match client.next().await.unwrap().unwrap() {
            Message::Text(text) => {
                let said: Value = serde_json::from_str(&text).unwrap();
                assert_eq!((&said["type"], &said["from"]), (&json!("push"), &json!("administrator")));
                assert_eq!(said["body"][0]["MsgContent"]["Text"], "hi");
                return (said["random"].as_u64().unwrap(), said["task_id"].as_str().unwrap().to_owned());
            }
            Message::Ping(_) => {}
            other => panic!("{other}"),
        }
    }
}

async fn say_received(client: &mut Client, task_id: &str) {
    let said = json!({"type": "received", "task_id": task_id}).to_string();
    client.send(Message::text(said)).await.unwrap();
}

async fn a_push_reaches_whoever_is_connected_and_others_when_they_connect(server: Server) {
    let place = Place::new(server).await;
    let accounts = json!({"Accounts": ["mei", "offline"]});
    place.team.call("im_open_login_svc/multiaccount_import", &accounts).await;
    let mut phone = place.connect("iPhone").await;
    let mut web = place.connect("Web").await;
    let mut mei = place.connect_as("mei", "Web").await;
    let first = place.push(1, 0).await;
    // The connection that was made last has it, and no other.
    assert_eq!(next_push(&mut web).await, (1, first.clone()));
    assert_eq!(next_push(&mut mei).await, (1, first.clone()));
    assert_eq!(place.figures(&first).await, (2, 0));
    say_received(&mut web, &first).await;
    say_received(&mut mei, &first).await;
    say_received(&mut mei, "nonsense").await;
    mei.send(Message::text("{}")).await.unwrap();
    place.received_by(&first, 2).await;
    // Sent once, however often this server looks.
    clients::fan_out(&place.server.state, &mut HashSet::new()).await.unwrap();
    let second = place.push(2, 60).await;
    assert_eq!(next_push(&mut web).await, (2, second.clone()), "nothing came between");
    web.close(None).await.unwrap();
    // It had not said that it has it: the account's other connection gets it now.
    assert_eq!(next_push(&mut phone).await, (2, second.clone()));
    say_received(&mut phone, &second).await;
    assert_eq!(next_push(&mut mei).await, (2, second.clone()));
    say_received(&mut mei, &second).await;
    place.received_by(&second, 2).await;

    // The first was for those online only, the second waits; what is new is not for who comes later.
    let mut late = place.connect_as("offline", "Web").await;
    assert_eq!(next_push(&mut late).await, (2, second.clone()));
    place.team.call("im_open_login_svc/account_import", &json!({"UserID": "new"})).await;
    let mut new = place.connect_as("new", "Web").await;
    let third = place.push(3, 60).await;
    assert_eq!(next_push(&mut new).await, (3, third.clone()));
    assert_eq!(next_push(&mut late).await, (3, third), "never the first, which was over before it came");
    assert_eq!(place.figures(&second).await, (3, 2));
}

async fn a_push_that_was_not_received_is_sent_again(server: Server) {
    let place = Place::new(server).await;
    let task = place.push(1, 60).await;
    let mut client = place.connect("iPhone").await;
    assert_eq!(next_push(&mut client).await, (1, task.clone()));
    drop(client);
    place.online_from(0).await;
    let mut client = place.connect("iPhone").await;
    assert_eq!(next_push(&mut client).await, (1, task.clone()), "nobody said that it arrived");
    say_received(&mut client, &task).await;
    place.received_by(&task, 1).await;
    client.close(None).await.unwrap();
    place.online_from(0).await;

    // It has that one now, so the next thing that it hears is another.
    let mut client = place.connect("iPhone").await;
    let other = place.push(2, 1).await;
    assert_eq!(next_push(&mut client).await, (2, other.clone()));
    assert_eq!(place.figures(&task).await, (1, 1));
    client.close(None).await.unwrap();
    place.online_from(0).await;
    // What is over waits for nobody.
    place.server.clock.advance(2_000);
    let mut client = place.connect("iPhone").await;
    let last = place.push(3, 60).await;
    assert_eq!(next_push(&mut client).await, (3, last));
}
