// One import in two consoles: what is done in one shows in the other by itself.

import { csv, Imports } from "../support/imports";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

test("a console follows an import that another one reviews, applies and takes back", async ({ page, context, app }) => {
  const mine = new Imports(page, app.sdkappid);
  await mine.bring(csv("people.csv", [["user_id", "nickname"], ["ming", "赵明远"], ["mei", "梅"]]));
  const other = await context.newPage();
  const theirs = new Imports(other, app.sdkappid);
  await theirs.open();
  await expect(other.getByRole("row").filter({ hasText: "people.csv" })).toContainText("Columns to be chosen");
  const listed = await context.newPage();
  await listed.goto(other.url());
  await hydrated(listed);
  const row = listed.getByRole("row").filter({ hasText: "people.csv" });
  await other.getByRole("link", { name: "people.csv", exact: true }).click();

  await theirs.review();
  await expect(mine.heading("Review")).toBeVisible();
  await mine.expectFigures(2, 0, 0, 0);
  await expect(row).toContainText("To be applied");
  await theirs.button("Apply 2 changes").click();
  await theirs.confirm("Apply 2 changes?", "Apply 2 changes");
  await expect(mine.heading("Import complete")).toBeVisible();
  await expect(row).toContainText("Applied");
  await theirs.button("Undo this import").click();
  await theirs.confirm("Undo this import?", "Undo this import");
  await expect(mine.heading("Import undone")).toBeVisible();
  await expect(row).toContainText("Undone");
});
