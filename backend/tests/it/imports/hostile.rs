//! Files that mean harm, or that are broken: each gets a sentence, and the server goes on in little time and memory. What readers
//! do with bytes is tested with them (`crates/tabular`); here is what becomes of it.

use super::{announce, begin, bring, counts, refused, review, send};
use crate::support::{Server, on_both_engines};
use rollcall_shared::{
    import::{Import, ImportState, PART_BYTES},
    paths,
};
use serde_json::json;
use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

on_both_engines!(
    workbooks_that_unpack_without_end_are_refused,
    a_line_without_end_is_refused,
    a_fault_in_the_middle_of_the_file_ends_the_review_and_changes_nothing,
    characters_that_no_account_can_have_are_refused,
    formulas_stay_text,
);

const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook whose only sheet has these rows as XML.
fn workbook(rows: impl Fn(&mut dyn FnMut(&str))) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let mut file = |name: &str, text: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    file(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{SHEET}\" xmlns:r=\"{OFFICE}\"><sheets>\
             <sheet name=\"Users\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
        ),
    );
    file(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" \
             Target=\"worksheets/sheet1.xml\"/></Relationships>"
        ),
    );
    file(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    file("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"{SHEET}\"><sheetData>"));
    rows(&mut |text| zip.write_all(text.as_bytes()).unwrap());
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// What the server says of a file that it cannot use, at the look or at the review.
async fn said(server: &Server, name: &str, bytes: &[u8]) -> String {
    let operator = server.operator().await;
    let app = server.create_app(&operator, name).await;
    let import = bring(&operator, &app, name, bytes).await;
    if let Some(problem) = import.problem {
        return problem.detail;
    }
    let body = json!({"mapping": import.preview.unwrap().mapping});
    operator.post(&paths::import_review(app.sdkappid, &import.id), &body).await;
    rollcall_backend::jobs::drain(&server.state).await.unwrap();
    let import: Import = operator.get(&paths::import(app.sdkappid, &import.id)).await.json();
    match import.job.unwrap().error {
        Some(problem) => {
            assert_eq!(import.state, ImportState::Uploaded, "{name}");
            problem.detail
        }
        None => format!("{:?}", import.review.unwrap()),
    }
}

async fn workbooks_that_unpack_without_end_are_refused(server: Server) {
    let header = format!("<row r=\"1\">{}</row>", cell("A1", "user_id"));
    let bomb = workbook(|write| {
        write(&header);
        let long = "x".repeat(30_000);
        (2..5_000).for_each(|row| {
            write(&format!("<row r=\"{row}\">{}</row>", cell(&format!("A{row}"), &long)));
        });
    });
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    let detail = said(&server, "bomb.xlsx", &bomb).await;
    assert!(detail.contains("unpacks"), "{detail}");
    let far = workbook(|write| {
        write(&header);
        write(&format!("<row r=\"1048576\">{}</row>", cell("XFD1048576", "x")));
    });
    let detail = said(&server, "far.xlsx", &far).await;
    assert!(detail.contains("refused: 1"), "{detail}");
}

async fn a_line_without_end_is_refused(server: Server) {
    let (operator, app) = begin(&server).await;
    let parts = 4;
    let whole = vec![b'x'; PART_BYTES as usize];
    let import = announce(&operator, &app, "line.csv", whole.len() * parts).await;
    for part in 0..parts as u64 {
        assert_eq!(send(&operator, &app, &import.id, part, &whole).await.status, 200);
    }
    let import: Import = operator.get(&paths::import(app.sdkappid, &import.id)).await.json();
    assert!(import.problem.unwrap().detail.contains("longer than 128 KiB"));
}

async fn a_fault_in_the_middle_of_the_file_ends_the_review_and_changes_nothing(server: Server) {
    let rows: String = (0..5_000).map(|number| format!("user{number},x\n")).collect();
    let good = format!("user_id,nickname\n{rows}");
    let line = format!("{good}a,{}\n", "y".repeat(200_000));
    let mut mixed = good.clone().into_bytes();
    mixed.extend(b"a,\xff\xfe\n");
    let quote = format!("{good}a,\"never closed\n");
    for (name, bytes, word) in [
        ("line", line.into_bytes(), "line 5002 is longer"),
        ("mixed", mixed, "Line 5002"),
        ("quote", quote.into_bytes(), "never closed"),
    ] {
        let detail = said(&server, name, &bytes).await;
        assert!(detail.contains(word), "{name}: {detail}");
    }
}

async fn characters_that_no_account_can_have_are_refused(server: Server) {
    let (operator, app) = begin(&server).await;
    let file = "user_id,nickname\na\u{0}b,x\nc,y\u{0}z\nd,ok\n";
    let import = bring(&operator, &app, "nul.csv", file.as_bytes()).await;
    let import = review(&server, &operator, &app, &import, json!({})).await;
    assert_eq!(counts(&import), (1, 0, 0, 2));
    assert_eq!(
        refused(&operator, &app, &import).await,
        ["2 user_id=a\u{0}b invalid_character", "3 nickname=y\u{0}z invalid_character"]
    );
}

async fn formulas_stay_text(server: Server) {
    let (operator, app) = begin(&server).await;
    let import =
        bring(&operator, &app, "f.csv", b"user_id,nickname\na,\"=HYPERLINK(\"\"x\"\")\"\nb,'=1\n").await;
    let import = review(&server, &operator, &app, &import, json!({})).await;
    assert_eq!(counts(&import), (2, 0, 0, 0));
    super::apply(&server, &operator, &app, &import).await;
    assert_eq!(super::everyone(&operator, &app).await, ["a =HYPERLINK(\"x\")", "b =1"]);
}
