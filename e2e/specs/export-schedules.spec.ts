// Scheduled exports: one is made, its next run is seen, it is run now, its file fetched, paused, changed and deleted.

import { readFile } from "node:fs/promises";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { readCsv } from "../support/sheet";
import { expect, test } from "../support/test";

test.beforeEach(({ api, app }) => api.createAccounts(app.sdkappid, [{ user_id: "ming", nickname: "赵明远" }, { user_id: "lan" }]));

test("a schedule is made, run, paused and deleted @smoke", async ({ page, app }) => {
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const panel = page.getByRole("region", { name: "Scheduled exports" });
  await expect(panel.getByText("Nothing is scheduled.")).toBeVisible();
  await panel.getByRole("button", { name: "Add schedule" }).click();

  // What is wrong stands beside its field, and nothing typed is lost.
  const form = page.getByRole("dialog", { name: "Add schedule" });
  await form.getByLabel("Only accounts that this search finds").fill("ming");
  await form.getByLabel("Keep the last files").fill("many");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Enter a name.")).toBeVisible();
  await expect(form.getByText(/Enter a whole number\./)).toBeVisible();
  await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(form.getByLabel("Only accounts that this search finds")).toHaveValue("ming");
  await axe(page);

  await form.getByLabel("Name", { exact: true }).fill("Nightly");
  await form.getByLabel("Keep the last files").fill("3");
  await form.getByLabel("By the clocks of").fill("Asia/Shanghai");
  await form.getByLabel("Runs", { exact: true }).selectOption("As a cron expression says");
  await form.getByLabel("Cron expression").fill("30 9 * *");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText(/Write five fields/)).toBeVisible();
  await form.getByLabel("Cron expression").fill("30 9 * * mon-fri");
  await expect(form.getByText("Next runs:")).toBeVisible();
  await expect(form.getByRole("listitem")).toHaveCount(3);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Schedule saved." })).toBeVisible();
  await expect(form).toBeHidden();

  const row = panel.getByRole("row").filter({ hasText: "Nightly" });
  await expect(row).toContainText("30 9 * * mon-fri, Asia/Shanghai");
  await expect(row).toContainText("Not run yet");
  // 09:30 in Shanghai.
  await expect(row.locator("td").nth(1).locator("time")).toHaveAttribute("datetime", /T01:30:00\.000Z$/);
  await axe(page);

  await row.getByRole("button", { name: "Run now: Nightly" }).click();
  await expect(row.getByText("Done, 1 account")).toBeVisible();
  const downloading = page.waitForEvent("download");
  await row.getByRole("link", { name: /^Download: nightly-/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^nightly-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv$/);
  const rows = readCsv(await readFile(await download.path()));
  expect(rows.slice(1).map((cells) => cells[0])).toEqual(["ming"]);

  await row.getByRole("button", { name: "Pause: Nightly" }).click();
  await expect(row.getByText("Paused")).toBeVisible();
  await row.getByRole("button", { name: "Resume: Nightly" }).click();
  await expect(row.getByText("Paused")).toBeHidden();

  await row.getByRole("button", { name: "Edit: Nightly" }).click();
  const edit = page.getByRole("dialog", { name: "Edit schedule" });
  await expect(edit.getByLabel("Cron expression")).toHaveValue("30 9 * * mon-fri");
  await edit.getByLabel("Name", { exact: true }).fill("Weekly");
  await edit.getByLabel("Runs", { exact: true }).selectOption("On days of the week");
  await edit.getByLabel("Mon", { exact: true }).uncheck();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByText("Choose at least one day.")).toBeVisible();
  await edit.getByLabel("Sat", { exact: true }).check();
  await axe(page);
  await edit.getByRole("button", { name: "Save" }).click();
  const renamed = panel.getByRole("row").filter({ hasText: "Weekly" });
  await expect(renamed).toContainText("Sat at 03:00, Asia/Shanghai");
  await expect(renamed, "what came of the last run is not forgotten").toContainText("Done, 1 account");

  await page.reload();
  await hydrated(page);
  await expect(renamed).toContainText("Done, 1 account");
  await renamed.getByRole("button", { name: "Delete: Weekly" }).click();
  await page.getByRole("dialog", { name: "Delete: Weekly?" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Schedule deleted." })).toBeVisible();
  await expect(panel.getByText("Nothing is scheduled.")).toBeVisible();
});

test("a schedule exports what its filter leaves, and the form shows the filter again", async ({ page, app, api }) => {
  await api.createAccounts(app.sdkappid, [
    { user_id: "hua", gender: "female" },
    { user_id: "feng", gender: "male" },
  ]);
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const panel = page.getByRole("region", { name: "Scheduled exports" });
  await panel.getByRole("button", { name: "Add schedule" }).click();
  const form = page.getByRole("dialog", { name: "Add schedule" });
  await form.getByLabel("Name", { exact: true }).fill("Women");
  await form.getByRole("group", { name: "Gender" }).getByLabel("Female").check();
  await form.getByLabel("Created from").fill("2026-11-20");
  await form.getByLabel("Created until the end of").fill("2026-11-18");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("The end is before the beginning.")).toBeVisible();
  await expect(form.getByLabel("Created until the end of")).toBeFocused();
  await form.getByLabel("Created until the end of").fill("");
  await form.getByRole("button", { name: "Save" }).click();

  const row = panel.getByRole("row").filter({ hasText: "Women" });
  await row.getByRole("button", { name: "Run now: Women" }).click();
  await expect(row.getByText("Done, 1 account")).toBeVisible();
  await row.getByRole("button", { name: "Edit: Women" }).click();
  const edit = page.getByRole("dialog", { name: "Edit schedule" });
  await expect(edit.getByRole("group", { name: "Gender" }).getByLabel("Female")).toBeChecked();
  await expect(edit.getByLabel("Created from")).toHaveValue("2026-11-20");
  await edit.getByRole("group", { name: "Gender" }).getByLabel("Male", { exact: true }).check();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit).toBeHidden();
  await row.getByRole("button", { name: "Run now: Women" }).click();
  await expect(row.getByText("Done, 2 accounts")).toBeVisible();
});

test("of two operators the second learns that the schedule is another one", async ({ page, app, api, clean }) => {
  clean.allow(412);
  const settings = {
    name: "Nightly",
    calendar: { kind: "daily", time: "03:00" },
    export: { format: "csv" },
    retention: { last: 3 },
  };
  const path = `/apps/${app.sdkappid}/export-schedules`;
  await api.call("POST", path, settings);
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const panel = page.getByRole("region", { name: "Scheduled exports" });
  await panel.getByRole("button", { name: "Edit: Nightly" }).click();
  const edit = page.getByRole("dialog", { name: "Edit schedule" });
  await edit.getByLabel("Name", { exact: true }).fill("Mine");
  // Someone else pauses it in another window.
  const other = await page.context().newPage();
  await other.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(other);
  const row = other.getByRole("region", { name: "Scheduled exports" }).getByRole("row").filter({ hasText: "Nightly" });
  await row.getByRole("button", { name: "Pause: Nightly" }).click();
  await expect(row.getByText("Paused")).toBeVisible();

  await edit.getByRole("button", { name: "Save" }).click();
  // What was read anew stands behind the form, which is the same as before.
  await expect(panel.getByText("Paused")).toBeVisible();
  await expect(edit.getByRole("alert")).toContainText("Someone else changed this schedule meanwhile.");
  await expect(edit.getByLabel("Name", { exact: true })).toHaveValue("Mine");
  await edit.getByRole("button", { name: "Cancel" }).click();
  await expect(edit).toBeHidden();
});
