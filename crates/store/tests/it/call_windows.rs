//! Calls that servers take out of an application's limit.

use crate::support::{TestDb, on_both};
use rollcall_store::call_windows::CallLease;

async fn a_limit_is_given_out_once_whatever_the_clocks_say(db: TestDb) {
    let app = db.app("A").await;
    let lease = async |second: i64, wanted: u32| {
        db.store.lease_calls(CallLease { app, kind: 0, second, wanted, limit: 10 }).await.unwrap()
    };
    if db.is_sqlite() {
        assert_eq!(lease(1_000, 4).await, None, "the only server counts by itself");
        return;
    }
    assert_eq!(
        [lease(1_000, 4).await, lease(1_000, 4).await, lease(1_000, 4).await],
        [Some(4), Some(4), Some(2)]
    );
    assert_eq!(lease(1_000, 4).await, Some(0));
    // A server whose clock is a little behind counts into the same second, not into one of its own.
    assert_eq!(lease(999, 4).await, Some(0));
    assert_eq!(lease(1_001, 4).await, Some(4));
    // One that ran ahead by minutes takes its calls, and does not end those of the others.
    assert_eq!(lease(1_600, 10).await, Some(10));
    assert_eq!(lease(1_002, 4).await, Some(4));
    let other = CallLease { app, kind: 1, second: 1_002, wanted: 10, limit: 10 };
    assert_eq!(db.store.lease_calls(other).await.unwrap(), Some(10), "another kind has a limit of its own");
}
on_both!(a_limit_is_given_out_once_whatever_the_clocks_say);
