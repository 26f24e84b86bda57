//! Keyset paging: opaque cursors and the arithmetic of pages that were read with one row too many.
//!
//! A list is ordered by a key that is unique, such as `(nickname, user_id)`. A page is read as "the first `n`
//! rows after this key", so the last page costs what the first one does, and rows that come and go elsewhere
//! neither repeat nor hide others.
//!
//! - [`Cursor`] is a key, where it stands, and a direction. As text it is base64url, versioned, and bound to
//!   one list by a [`Binding`]: a cursor of another filter, sort or tenant is an error, not a wrong page.
//! - [`Slice`] takes the rows that were read, one more than the page holds, and says what the page is and
//!   which pages are beside it.
//!
//! The text of a cursor hides nothing and proves nothing: it is readable by whoever cares, and anyone can
//! make one. It only names a place in a list that its reader may see anyway.
//!
//! ```
//! use keyset::{Binding, Cursor, Slice, Value};
//!
//! let list = Binding::new(["tenant 7", "sort=name"]);
//! let key = |row: &&str| vec![Value::from(*row)];
//!
//! // First page of two: three rows were asked for, three came, so there is a next page.
//! let page = Slice::new(vec!["ada", "bob", "cyd"], 2, None, None, key);
//! assert_eq!(page.rows, ["ada", "bob"]);
//! assert!(page.previous.is_none());
//! let text = page.next.unwrap().encode(&list);
//!
//! // The request for the next page: rows whose key is greater than "bob".
//! let cursor = Cursor::decode(&text, &list).unwrap();
//! assert_eq!(cursor.key, [Value::from("bob")]);
//! assert!(Cursor::decode(&text, &Binding::new(["tenant 8", "sort=name"])).is_err());
//! ```

mod cursor;
mod slice;

pub use cursor::{Binding, Cursor, CursorError, Direction, Value};
pub use slice::Slice;
