//! Who sends to webhooks when: one server at a time for an application, and no application at another's cost.

use crate::{
    support::{Server, on_both_engines},
    webhooks::{ALL, IMPORTED, Receiver, create, with_webhook},
};
use axum::{Router, routing::post};
use rollcall_backend::webhooks::{self, deliver_all};
use rollcall_shared::paths;
use serde_json::json;
use std::time::Duration;
use tokio::{net::TcpListener, sync::watch};

on_both_engines!(two_servers_do_not_send_the_same, one_that_has_always_more_to_send_does_not_delay_another,);

async fn two_servers_do_not_send_the_same(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    for n in 0..50 {
        create(&operator, &app, &format!("user-{n}")).await;
    }
    let both = [deliver_all(&server.state), deliver_all(&server.state)];
    futures::future::try_join_all(both).await.unwrap();
    // The one that came too late leaves the rest to the one that sends.
    let ids: Vec<String> =
        receiver.take_told().iter().map(|told| told.body["AccountList"].to_string()).collect();
    let distinct: std::collections::HashSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), distinct.len()), (50, 50));

    // One that died while it sent is followed by another, once its lease has run out.
    create(&operator, &app, "late").await;
    let now = rollcall_backend::clock::Clock::now(&*server.clock);
    let until = now.plus_millis(60_000);
    assert!(server.state.store.claim_webhook(app.sdkappid, now, until).await.unwrap().is_some());
    deliver_all(&server.state).await.unwrap();
    assert!(receiver.take_told().is_empty());
    server.clock.advance(60_000);
    deliver_all(&server.state).await.unwrap();
    assert_eq!(receiver.commands(), [IMPORTED]);
}

async fn one_that_has_always_more_to_send_does_not_delay_another(server: Server) {
    // Whatever the busy one is told makes another event of it, until the other application was told something.
    let operator = server.operator().await;
    let (busy, quiet) =
        (server.create_app(&operator, "Busy").await, server.create_app(&operator, "Quiet").await);
    let (told_busy, mut of_busy) = watch::channel(0);
    let (told_quiet, mut of_quiet) = watch::channel(false);
    let take_busy = {
        let (operator, app, of_quiet) = (operator.clone(), busy.clone(), of_quiet.clone());
        post(async move || {
            let n = *told_busy.borrow() + 1;
            if !*of_quiet.borrow() {
                create(&operator, &app, &format!("user-{n}")).await;
            }
            told_busy.send_replace(n);
        })
    };
    let take_quiet = post(async move || _ = told_quiet.send_replace(true));
    for (app, take) in [(&busy, take_busy), (&quiet, take_quiet)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = json!({"url": format!("http://{}", listener.local_addr().unwrap()), "events": ALL});
        let routes: Router = Router::new().route("/", take);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        assert_eq!(operator.put(&paths::webhook(app.sdkappid), &settings).await.status, 200);
    }
    let sending = tokio::spawn(webhooks::run(server.state.clone()));
    create(&operator, &busy, "user-0").await;
    of_busy.wait_for(|told| *told > 0).await.unwrap();
    create(&operator, &quiet, "ming").await;
    let told = tokio::time::timeout(Duration::from_secs(60), of_quiet.wait_for(|told| *told)).await;
    assert!(told.is_ok(), "the quiet one waits for the busy one");
    server.state.stop.cancel();
    sending.await.unwrap();
}
