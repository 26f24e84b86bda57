//! Workbooks of other writers: each is read as what it says. How they were made is said in `fixtures/README.md`.

use super::{account, apply, begin, bring, counts, refused, review};
use crate::support::{Server, on_both_engines};
use rollcall_shared::account::Account;
use serde_json::json;

on_both_engines!(calc_is_understood, openpyxl_is_understood, xlsxwriter_is_understood, exceljs_is_understood,);

async fn calc_is_understood(server: Server) {
    understood(&server, include_bytes!("fixtures/calc.xlsx"), 3).await;
}

async fn openpyxl_is_understood(server: Server) {
    // It writes a formula without its value, so the cell is empty until a spreadsheet has computed it.
    understood(&server, include_bytes!("fixtures/openpyxl.xlsx"), 0).await;
}

async fn xlsxwriter_is_understood(server: Server) {
    understood(&server, include_bytes!("fixtures/xlsxwriter.xlsx"), 3).await;
}

async fn exceljs_is_understood(server: Server) {
    understood(&server, include_bytes!("fixtures/exceljs.xlsx"), 3).await;
}

/// Brings the workbook, reviews and applies it, and compares the accounts. `role` is what its formula came to.
async fn understood(server: &Server, workbook: &[u8], role: u32) {
    let (operator, app) = begin(server).await;
    let import = bring(&operator, &app, "users.xlsx", workbook).await;
    let preview = import.preview.as_ref().unwrap();
    assert_eq!((preview.format.as_str(), preview.notice.as_str()), ("XLSX", ""));
    assert_eq!(preview.sheets, ["Users", "Notes"]);
    assert_eq!(
        preview.columns,
        ["user_id", "nickname", "birth_date", "level", "location", "whats_up", "flag", "role"]
    );
    let meant: Vec<String> = preview.mapping.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(meant, ["user_id", "nickname", "birth_date", "level", "location", "whats_up", "role"]);
    let formula = if role == 0 { String::new() } else { role.to_string() };
    assert_eq!(
        preview.sample[0],
        ["007", "赵明远", "1988-05-14", "7", "", "says \"hello\"\nand again", "true", &formula]
    );
    assert_eq!(
        preview.sample[1],
        ["noor.s", "نور", "1990-01-31T13:45:30", "42", "", "bold and plain", "false", "0"]
    );

    let import = review(server, &operator, &app, &import, json!({})).await;
    assert_eq!(counts(&import), (4, 0, 0, 1));
    assert_eq!(refused(&operator, &app, &import).await, ["6 level=1.5 out_of_range"]);
    apply(server, &operator, &app, &import).await;
    let found = async |user_id: &str| {
        let Account { nickname, birth_date, level, location, whats_up, role, .. } =
            account(&operator, &app, user_id).await.unwrap();
        (nickname, birth_date, level, location + &whats_up, role)
    };
    let is = |nickname: &str, birth_date, level, whats_up: &str, role| {
        (nickname.to_owned(), birth_date, level, whats_up.to_owned(), role)
    };
    assert_eq!(found("007").await, is("赵明远", 19_880_514, 7, "says \"hello\"\nand again", role));
    assert_eq!(found("noor.s").await, is("نور", 19_900_131, 42, "bold and plain", 0));
    assert_eq!(found("emoji").await, is("👩‍👩‍👧 🚲", 0, u32::MAX, "<b>&amp;", 0));
    assert_eq!(found("12345").await, is("  spaces  ", 0, 0, "", 0));
}
