//! The state of the accounts page as its URL holds it: search, filters, sort, page and open dialog. Reading is
//! lenient (an old or mistyped link shows a list, not an error); writing is canonical. No router lives here.

use crate::pages::filter::last_day_end;
use rollcall_shared::list::{LIMIT_DEFAULT, ListQuery, Sort, SortField};

/// The page sizes that the pager offers.
pub const LIMITS: [u32; 4] = [20, 50, 100, 200];

/// The dialog that a link can open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenDialog {
    /// The form of a new account.
    Create,
    /// The form of this account.
    Edit(String),
}

/// What the URL of the accounts page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageUrl {
    /// Filter, sort and cursor. Its `limit` and `count` stay at their defaults, see [`PageUrl::query`].
    pub list: ListQuery,
    /// The page size, if the link names one.
    pub limit: Option<u32>,
    /// The position of the page's first row in the whole list, from 1. Beside a cursor it is only for show.
    pub from: u64,
    /// What the page begins with, of the field that the list is ordered by.
    pub seek: Option<String>,
    /// The dialog that is open.
    pub dialog: Option<OpenDialog>,
}

impl Default for PageUrl {
    fn default() -> Self {
        Self { list: ListQuery::default(), limit: None, from: 1, seek: None, dialog: None }
    }
}

impl PageUrl {
    /// Reads a query string with or without its question mark. What cannot be understood is left out.
    pub fn parse(query: &str) -> Self {
        let mut url = Self::default();
        let mut kept = form_urlencoded::Serializer::new(String::new());
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            if value.is_empty() || url.take_own(&name, &value) {
                continue;
            }
            let (name, value) = match (name.as_ref(), last_day_end(&value)) {
                ("created_to", Some(end)) => ("created_before".to_owned(), end.to_string()),
                _ => (name.into_owned(), value.into_owned()),
            };
            let single = form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish();
            let repeats = matches!(name.as_str(), "type" | "gender" | "friend_verification" | "friending");
            if name == "count" || ListQuery::parse(&single).is_err() || (!repeats && seen.contains(&name)) {
                continue;
            }
            kept.append_pair(&name, &value);
            seen.push(name);
        }
        url.list = ListQuery::parse(&kept.finish()).unwrap_or_default();
        url.limit = seen.iter().any(|name| name == "limit").then_some(url.list.limit);
        url.list.limit = LIMIT_DEFAULT;
        url
    }

    /// Takes a parameter that the API does not know.
    fn take_own(&mut self, name: &str, value: &str) -> bool {
        match name {
            "dialog" => self.dialog = (value == "create").then_some(OpenDialog::Create),
            "edit" => self.dialog = Some(OpenDialog::Edit(value.to_owned())),
            "from" => self.from = value.parse().unwrap_or(1).max(1),
            "seek" => self.seek = Some(value.to_owned()),
            // A link to the console says it with `from`.
            "offset" => {}
            _ => return false,
        }
        true
    }

    /// The request to the API. The default page size is the operator's.
    pub fn query(&self, default_limit: u32) -> ListQuery {
        let plain = ListQuery { limit: self.limit.unwrap_or(default_limit), ..self.list.clone() };
        if plain.cursor.is_some() {
            return plain;
        }
        match self.seek.as_deref().filter(|seek| plain.sort.is_place(seek)) {
            Some(seek) => ListQuery { seek: Some(seek.to_owned()), ..plain },
            None => ListQuery { offset: (self.from > 1).then(|| self.from - 1), ..plain },
        }
    }

    /// The link to this state.
    pub fn href(&self, path: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(self.list.to_query_string());
        if let Some(limit) = self.limit {
            out.append_pair("limit", &limit.to_string());
        }
        if self.from > 1 {
            out.append_pair("from", &self.from.to_string());
        }
        if let Some(seek) = &self.seek {
            out.append_pair("seek", seek);
        }
        match &self.dialog {
            Some(OpenDialog::Create) => _ = out.append_pair("dialog", "create"),
            Some(OpenDialog::Edit(user_id)) => _ = out.append_pair("edit", user_id),
            None => {}
        }
        let query = out.finish();
        let query = query.trim_start_matches('&');
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same list from its first page. Every change of filter, sort or size starts there, because a cursor
    /// belongs to one list.
    #[must_use]
    pub fn first_page(mut self) -> Self {
        self.list.cursor = None;
        self.from(1)
    }

    /// The same list from its so-manieth row on.
    #[must_use]
    pub fn from(mut self, from: u64) -> Self {
        self.list.cursor = None;
        self.seek = None;
        self.from = from.max(1);
        self
    }

    /// The same list from the first row on that this text or day comes before.
    #[must_use]
    pub fn seeking(self, seek: &str) -> Self {
        Self { seek: Some(seek.to_owned()), ..self.from(1) }
    }

    /// The first page with another search text.
    #[must_use]
    pub fn search(mut self, needle: &str) -> Self {
        needle.clone_into(&mut self.list.filter.q);
        self.first_page()
    }

    /// The first page ordered by this field; the other way round when it is ordered by it already.
    #[must_use]
    pub fn sorted_by(mut self, field: SortField) -> Self {
        let turn = self.list.sort.field == field && !self.list.sort.descending;
        self.list.sort = Sort { field, descending: turn };
        self.first_page()
    }

    /// The first page with this size.
    #[must_use]
    pub fn sized(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self.first_page()
    }

    /// The first page without search and filters.
    #[must_use]
    pub fn unfiltered(mut self) -> Self {
        self.list.filter = Default::default();
        self.first_page()
    }

    /// The page behind this cursor, whose first row is the `from`th.
    #[must_use]
    pub fn at(mut self, cursor: &str, from: u64) -> Self {
        self.seek = None;
        self.list.cursor = Some(cursor.to_owned());
        self.from = from.max(1);
        self
    }

    /// The same list with this dialog open, or none.
    #[must_use]
    pub fn with_dialog(mut self, dialog: Option<OpenDialog>) -> Self {
        self.dialog = dialog;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::profile::{AccountType, Gender};

    #[test]
    fn every_state_survives_its_link() {
        let mut url =
            PageUrl::default().search("明 &=+").sorted_by(SortField::CreatedAt).sized(20).at("c-1", 21);
        url.list.filter.account_type = vec![AccountType::General, AccountType::Admin];
        url.list.filter.created_from = "2026-11-01".parse().ok();
        for dialog in [None, Some(OpenDialog::Create), Some(OpenDialog::Edit("a/b?c#d e".to_owned()))] {
            let url = url.clone().with_dialog(dialog);
            let href = url.href("/apps/1/chat/users");
            let (path, query) = href.split_once('?').unwrap();
            assert_eq!(path, "/apps/1/chat/users");
            assert_eq!(PageUrl::parse(query), url);
        }
    }

    #[test]
    fn the_plain_list_has_a_plain_link() {
        assert_eq!(PageUrl::default().href("/x"), "/x");
        assert_eq!(PageUrl::default().sized(20).href("/x"), "/x?limit=20");
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let url =
            PageUrl::parse("?q=a&type=robot&type=admin&limit=9999&colour=red&sort=&q=b&dialog=x&count=exact");
        assert_eq!(url.list.filter.q, "a");
        assert_eq!(url.list.filter.account_type, [AccountType::Admin]);
        assert_eq!((url.limit, url.dialog), (None, None));
        assert_eq!(url.list.count, rollcall_shared::list::CountMode::None);
    }

    #[test]
    fn a_form_with_empty_fields_reads_like_none() {
        let url = PageUrl::parse("q=&gender=female&created_from=&created_to=");
        assert_eq!(url.list.filter.gender, [Gender::Female]);
        assert_eq!((url.list.filter.created_from, url.list.filter.created_before), (None, None));
    }

    #[test]
    fn the_last_day_of_a_range_is_included() {
        let url = PageUrl::parse("created_from=2026-02-28&created_to=2026-02-28");
        assert_eq!(url.list.filter.created_before.unwrap().to_string(), "2026-03-01T00:00:00.000Z");
    }

    #[test]
    fn sorting_twice_turns_round_and_leaves_the_page() {
        let once = PageUrl::default().at("c", 51).sorted_by(SortField::Nickname);
        assert_eq!(
            (once.list.sort.to_string().as_str(), once.list.cursor.as_deref(), once.from),
            ("nickname", None, 1)
        );
        assert_eq!(once.sorted_by(SortField::Nickname).list.sort.to_string(), "-nickname");
        assert_eq!(PageUrl::default().sorted_by(SortField::UserId).list.sort.to_string(), "-user_id");
    }

    #[test]
    fn a_link_names_a_place_by_cursor_text_or_position() {
        let place = |link: &str| {
            let ListQuery { cursor, offset, seek, .. } = PageUrl::parse(link).query(50);
            (cursor, offset, seek)
        };
        assert_eq!(place("from=101"), (None, Some(100), None));
        assert_eq!(place("from=101&cursor=x"), (Some("x".to_owned()), None, None));
        assert_eq!(place("seek=m&from=101"), (None, None, Some("m".to_owned())));
        // No day: the list from its beginning is better than an error.
        assert_eq!(place("seek=m&sort=created_at"), (None, None, None));
        assert_eq!(PageUrl::parse("seek=m&from=7").first_page(), PageUrl::default());
    }

    #[test]
    fn a_place_has_a_link() {
        assert_eq!(PageUrl::default().from(101).href("/x"), "/x?from=101");
        assert_eq!(PageUrl::default().at("c", 9).seeking("m&m").href("/x"), "/x?seek=m%26m");
    }

    #[test]
    fn the_operators_page_size_is_the_default() {
        assert_eq!(PageUrl::parse("").query(100).limit, 100);
        assert_eq!(PageUrl::parse("limit=20").query(100).limit, 20);
    }
}
