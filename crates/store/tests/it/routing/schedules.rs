//! What schedules of exports do, from the first to the last of it.

use crate::{
    schedules::{file, settings},
    support::{at, change},
};
use rollcall_shared::app::SdkAppId;
use rollcall_store::{
    Actor, Store,
    schedules::{Start, Started},
};

/// Makes a schedule, runs it and forgets it.
pub async fn run(store: &Store, app: SdkAppId) {
    let made = store.create_schedule(&change(30), app, &settings("Nightly"), at(40)).await.unwrap().unwrap();
    let (id, expected) = (made.id, (made.created_at, made.version));
    store.update_schedule(&change(31), app, id, expected, &settings("Daily"), at(40)).await.unwrap();
    assert_eq!(store.schedules(app, at(31)).await.unwrap().len(), 2);
    let due = store.due_schedules(at(40), 10).await.unwrap();
    let due = due.iter().find(|due| due.app == app).unwrap();
    let start = Start {
        app,
        id,
        due: Some((due.due_at, at(80))),
        job_id: "run".to_owned(),
        actor: Actor::System,
        now: at(40),
    };
    assert!(matches!(store.start_schedule(&start).await.unwrap(), Started::Job(_)));
    let again = Start { due: None, job_id: "again".to_owned(), ..start };
    assert_eq!(store.start_schedule(&again).await.unwrap(), Started::Busy);
    store.cancel_job(app, "run", at(41)).await.unwrap();
    let Started::Job(_) = store.start_schedule(&again).await.unwrap() else { panic!("it has ended") };
    store.cancel_job(app, "again", at(43)).await.unwrap();
    let kept = file(app, id, "again", 40);
    let retention = settings("Daily").retention;
    assert!(store.keep_schedule_file(&kept, retention).await.unwrap());
    store.surplus_schedule_files(app, id, retention, at(40)).await.unwrap();
    store.old_schedule_files(at(50)).await.unwrap();
    store.jobs_with_files(app, vec!["again".to_owned()]).await.unwrap();
    store.forget_schedule_file(&kept).await.unwrap();
    let found = store.schedule(app, id, at(44)).await.unwrap().unwrap();
    let expected = (found.created_at, found.version);
    store.delete_schedule(&change(45), app, id, expected, 1).await.unwrap();
}
