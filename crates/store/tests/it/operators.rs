//! Operators, one-time links, tries and sessions.

use crate::support::{TestDb, at, on_both};
use rollcall_shared::session::Operator;
use rollcall_store::operators::{Attempt, NewSession};

fn session(operator: &Operator, number: u8, begins: i64, ends: i64) -> NewSession {
    NewSession {
        operator: operator.id,
        hash: [number; 32],
        user_agent: "é".repeat(150),
        address: "127.0.0.1".to_owned(),
        now: at(begins),
        expires_at: at(ends),
    }
}

async fn of_fifty_uses_of_a_link_one_wins(db: TestDb) {
    db.store.put_setup_link(&[1; 32], at(0), at(100)).await.unwrap();
    db.store.put_setup_link(&[2; 32], at(1), at(100)).await.unwrap();
    assert!(!db.store.setup_link_valid(&[1; 32], at(1)).await.unwrap(), "a new link ends the old one");
    assert!(db.store.setup_link_valid(&[2; 32], at(99)).await.unwrap());
    assert!(!db.store.setup_link_valid(&[2; 32], at(100)).await.unwrap());
    let late = db.store.use_setup_link(&[2; 32], "late@example.com", "Late", "hash", at(100)).await.unwrap();
    assert_eq!(late, None);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50 {
        let store = db.store.clone();
        tasks.spawn(async move {
            let email = format!("o{number}@example.com");
            store.use_setup_link(&[2; 32], &email, "O", "hash", at(2)).await.unwrap()
        });
    }
    let winners: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(db.store.operators_ready().await.unwrap(), 1);
    let known = db.store.credentials(&winners[0].email.to_uppercase()).await.unwrap().unwrap();
    assert_eq!((&known.operator, known.password_hash.as_str()), (&winners[0], "hash"));
}
on_both!(of_fifty_uses_of_a_link_one_wins);

async fn a_new_password_ends_sessions(db: TestDb) {
    let operator = db.store.put_operator(" Ada@Example.com", "Ada", "one", at(0)).await.unwrap();
    assert_eq!(operator.email, "Ada@Example.com");
    let keep = db.store.begin_session(&session(&operator, 1, 1, 1000)).await.unwrap();
    db.store.begin_session(&session(&operator, 2, 2, 1000)).await.unwrap();
    db.store.change_password(operator.id, "two", keep.id, at(3)).await.unwrap();
    let left = db.store.sessions(operator.id, keep.id, at(3)).await.unwrap();
    assert_eq!(left.iter().map(|s| (s.id, s.current)).collect::<Vec<_>>(), [(keep.id, true)]);
    assert_eq!(left[0].user_agent, "é".repeat(100));
    assert_eq!(db.store.credentials_by_id(operator.id).await.unwrap().unwrap().password_hash, "two");
    let again = db.store.put_operator("ada@example.COM", "Ada L.", "three", at(4)).await.unwrap();
    assert_eq!((again.id, again.name.as_str()), (operator.id, "Ada L."));
    assert_eq!(db.store.sessions(operator.id, 0, at(4)).await.unwrap(), []);
}
on_both!(a_new_password_ends_sessions);

async fn sessions_end_unless_used(db: TestDb) {
    const MINUTE: i64 = 60_000;
    let ada = db.store.put_operator("ada@example.com", "Ada", "x", at(0)).await.unwrap();
    let bob = db.store.put_operator("bob@example.com", "Bob", "x", at(0)).await.unwrap();
    let begun = db.store.begin_session(&session(&ada, 1, 0, 10 * MINUTE)).await.unwrap();
    let ends = |now: i64| {
        let store = db.store.clone();
        async move { store.session(&[1; 32], at(now), at(now + 10 * MINUTE)).await.unwrap().map(|s| s.expires_at) }
    };
    assert_eq!(ends(MINUTE - 1).await, Some(at(10 * MINUTE)), "not noted within the minute");
    assert_eq!(ends(MINUTE).await, Some(at(11 * MINUTE)));
    assert_eq!(ends(11 * MINUTE).await, None);
    db.store.begin_session(&session(&ada, 2, 11 * MINUTE, 12 * MINUTE)).await.unwrap();
    assert_eq!(db.store.sessions(ada.id, 0, at(0)).await.unwrap().len(), 1, "expired ones are removed");
    assert!(!db.store.end_session(ada.id, begun.id).await.unwrap());

    let third = db.store.begin_session(&session(&ada, 3, 11 * MINUTE, 30 * MINUTE)).await.unwrap();
    assert!(!db.store.end_session(bob.id, third.id).await.unwrap(), "it is not Bob's");
    assert!(db.store.end_session(ada.id, third.id).await.unwrap());
    assert!(db.store.session(&[3; 32], at(11 * MINUTE), at(40 * MINUTE)).await.unwrap().is_none());
}
on_both!(sessions_end_unless_used);

async fn parallel_guesses_gain_nothing(db: TestDb) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = db.store.clone();
        tasks.spawn(async move {
            let email = if number % 2 == 0 { "Ada@example.com" } else { "ada@EXAMPLE.com" };
            store.begin_attempt(email, &format!("10.0.0.{number}"), at(0)).await.unwrap()
        });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|a| **a == Attempt::Allowed).count(), 5);
    assert_eq!(answers.iter().filter(|a| **a == Attempt::Wait(at(1000))).count(), 35);
    // Another e-mail from one of the addresses may still try.
    assert_eq!(db.store.begin_attempt("bob@example.com", "10.0.0.1", at(0)).await.unwrap(), Attempt::Allowed);
}
on_both!(parallel_guesses_gain_nothing);

async fn waits_double_up_to_a_quarter_of_an_hour(db: TestDb) {
    let (mut now, mut waits) = (0, Vec::new());
    for number in 0..18 {
        let address = format!("10.0.0.{number}");
        assert_eq!(
            db.store.begin_attempt("ada@example.com", &address, at(now)).await.unwrap(),
            Attempt::Allowed
        );
        if let Attempt::Wait(until) =
            db.store.begin_attempt("ada@example.com", "probe", at(now)).await.unwrap()
        {
            waits.push((until.millis() - at(now).millis()) / 1000);
            now += waits.last().unwrap() * 1000;
        } else {
            // Probes that are let through count; take them back.
            db.store.attempt_succeeded("nobody", "probe").await.unwrap();
        }
    }
    assert!(waits.starts_with(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]), "{waits:?}");
    db.store.attempt_succeeded("ada@example.com", "10.0.0.17").await.unwrap();
    assert_eq!(db.store.begin_attempt("ada@example.com", "probe", at(now)).await.unwrap(), Attempt::Allowed);
}
on_both!(waits_double_up_to_a_quarter_of_an_hour);

async fn an_address_keeps_its_other_failures(db: TestDb) {
    for number in 0..4 {
        let email = format!("o{number}@example.com");
        assert_eq!(db.store.begin_attempt(&email, "10.0.0.1", at(0)).await.unwrap(), Attempt::Allowed);
    }
    assert_eq!(db.store.begin_attempt("ada@example.com", "10.0.0.1", at(0)).await.unwrap(), Attempt::Allowed);
    db.store.attempt_succeeded("ada@example.com", "10.0.0.1").await.unwrap();
    assert_eq!(db.store.begin_attempt("bob@example.com", "10.0.0.1", at(0)).await.unwrap(), Attempt::Allowed);
    let blocked = db.store.begin_attempt("eve@example.com", "10.0.0.1", at(0)).await.unwrap();
    assert_eq!(blocked, Attempt::Wait(at(1000)));
    // Nothing was counted against the e-mail of a try that the address was not let through for, and a day is long.
    for millis in [1000, 24 * 60 * 60 * 1000 + 1000] {
        assert_eq!(
            db.store.begin_attempt("eve@example.com", "10.0.0.1", at(millis)).await.unwrap(),
            Attempt::Allowed
        );
    }
    assert_eq!(
        db.store.begin_attempt("eve@example.com", "10.0.0.1", at(24 * 60 * 60 * 1000 + 1001)).await.unwrap(),
        Attempt::Allowed
    );
}
on_both!(an_address_keeps_its_other_failures);
