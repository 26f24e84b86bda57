//! The plans of the statements that ran on this thread, as PostgreSQL's auto_explain tells them to its client and the
//! driver to its log. Nothing in the store knows of it.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};

/// What a connection's URL ends with, so that each of its statements is explained, planned for the values it has.
pub const EXPLAINED: &str = "?options=-c%20session_preload_libraries%3Dauto_explain\
     %20-c%20auto_explain.log_min_duration%3D0%20-c%20auto_explain.log_level%3Dnotice\
     %20-c%20auto_explain.log_format%3Djson%20-c%20plan_cache_mode%3Dforce_custom_plan";

/// A statement and the tables of its plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Plan {
    pub text: String,
    /// Each table or partition that it names, whether or not its turn came.
    pub relations: BTreeSet<String>,
}

/// Gathers plans until it is dropped.
pub struct Plans {
    seen: Arc<Mutex<BTreeSet<Plan>>>,
    _guard: DefaultGuard,
}

impl Plans {
    pub fn gather() -> Self {
        let seen = Arc::<Mutex<BTreeSet<Plan>>>::default();
        let guard = tracing::subscriber::set_default(Notices(seen.clone()));
        Self { seen, _guard: guard }
    }

    /// Each different one that was seen.
    pub fn seen(&self) -> BTreeSet<Plan> {
        self.seen.lock().unwrap().clone()
    }
}

struct Notices(Arc<Mutex<BTreeSet<Plan>>>);

impl Subscriber for Notices {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::postgres::notice"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Notice(&self.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Notice<'a>(&'a Mutex<BTreeSet<Plan>>);

impl Visit for Notice<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message"
            && let Some((_, json)) = value.split_once("plan:\n")
        {
            let explained: Value = serde_json::from_str(json).unwrap();
            let mut plan = Plan {
                text: explained["Query Text"].as_str().unwrap().to_owned(),
                relations: BTreeSet::new(),
            };
            relations(&explained["Plan"], &mut plan.relations);
            self.0.lock().unwrap().insert(plan);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

fn relations(node: &Value, found: &mut BTreeSet<String>) {
    found.extend(node["Relation Name"].as_str().map(str::to_owned));
    for part in node["Plans"].as_array().into_iter().flatten() {
        relations(part, found);
    }
}
