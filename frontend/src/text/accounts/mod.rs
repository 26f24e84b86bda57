//! Sentences of the accounts page: list, filters, forms, deletion and export. The labels that users of the
//! vendor's console know are kept word for word; a test lists them.

mod bulk;
mod export;
mod forms;
mod labels;
mod list;

pub use bulk::*;
pub use export::*;
pub use forms::*;
pub use labels::*;
pub use list::*;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::draft::Field;
    use rollcall_shared::profile::AccountType;

    #[test]
    fn the_labels_that_users_know_are_word_for_word() {
        let labels = [
            TITLE,
            CREATE,
            ACCOUNT_TYPE,
            USERNAME,
            BATCH_DELETE,
            BATCH_EXPORT,
            OPERATION,
            EDIT,
            EXPORT,
            CLICK_HERE,
        ];
        let known = [
            "Account Management",
            "Create account",
            "Account Type",
            "Username",
            "Batch Delete",
            "Batch Export",
            "Operation",
            "Edit",
            "Export",
            "Click here",
        ];
        assert_eq!(labels, known);
        assert_eq!(
            [EXPORT_SUCCESSFUL, DOWNLOAD, crate::text::CONFIRM],
            ["Export successful", "Download", "Confirm"]
        );
        assert_eq!(
            AccountType::ALL.iter().map(|t| account_type(*t)).collect::<Vec<_>>(),
            ["General", "Admin"]
        );
        let fields = [
            "Nickname",
            "Gender",
            "Birth Date",
            "Location",
            "What's Up",
            "Friend Request Verification",
            "Language",
            "Profile Photo",
            "Message settings",
            "Friending",
            "Level",
            "Role",
        ];
        assert_eq!(Field::OWN.map(field), fields);
    }

    #[test]
    fn numbers_stand_in_sentences() {
        assert_eq!(totals(1_284_902, 4), "1,284,902 accounts, 4 of 10 admins.");
        assert_eq!(position(1, 50, true, Some("12,044")), "1–50 of 12,044");
        assert_eq!(position(701, 750, false, None), "about 701–750");
        assert_eq!(matches("1"), "1 match");
        assert_eq!(any_of(TYPE, &["Admin", "General"]), "Type: any of 2");
        assert_eq!(to_correct(1), "1 field to correct");
        assert_eq!(refused(rollcall_shared::job::JobKind::Deletion, 2), "2 accounts were not deleted:");
        assert_eq!(delete_title(Some(1)), "Delete 1 account?");
    }
}
