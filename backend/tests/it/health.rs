//! `/healthz` and `/readyz`.

use crate::support::{Server, on_both_engines};

on_both_engines!(a_server_that_stops_is_alive_and_not_ready, a_server_without_its_database_is_not_ready);

async fn a_server_that_stops_is_alive_and_not_ready(server: Server) {
    assert_eq!(server.stranger().get("/healthz").await.text(), "ok\n");
    assert_eq!(server.stranger().get("/readyz").await.text(), "ready\n");
    server.state.draining.cancel();
    assert_eq!(server.stranger().get("/healthz").await.status, 200);
    assert_eq!(server.stranger().get("/readyz").await.status, 503);
}

async fn a_server_without_its_database_is_not_ready(server: Server) {
    server.state.store.close().await;
    assert_eq!(server.stranger().get("/healthz").await.status, 200);
    assert!(server.stranger().get("/readyz").await.status.is_server_error());
}
