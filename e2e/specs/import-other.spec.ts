// Importing files that other programs wrote, and our own.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Imports } from "../support/imports";
import { expect, test } from "../support/test";

test("a workbook that LibreOffice wrote is imported, and our own packed export changes nothing", async ({ page, api, app }) => {
  const imports = new Imports(page, app.sdkappid);
  const workbook = await readFile(resolve(__dirname, "../../backend/tests/it/imports/fixtures/calc.xlsx"));
  await imports.bring({ name: "people.xlsx", mimeType: "", buffer: workbook });
  await expect(imports.meaning("birth_date")).toHaveValue("birth_date");
  await expect(imports.meaning("flag")).toHaveValue("");
  await imports.review();
  await imports.expectFigures(4, 0, 0, 1);
  await expect(imports.rows()).toContainText("1.5");
  await imports.button("Apply 4 changes").click();
  await imports.confirm("Apply 4 changes?", "Apply 4 changes");
  await expect(imports.heading("Import complete")).toBeVisible();
  expect(await api.account(app.sdkappid, "007")).toMatchObject({
    nickname: "赵明远", birth_date: 19_880_514, level: 7, role: 3, whats_up: 'says "hello"\nand again',
  });
  expect(await api.account(app.sdkappid, "noor.s")).toMatchObject({ nickname: "نور", birth_date: 19_900_131, whats_up: "bold and plain" });
  expect(await api.account(app.sdkappid, "emoji")).toMatchObject({ nickname: "👩‍👩‍👧 🚲", level: 4_294_967_295 });
  expect((await api.account(app.sdkappid, "12345")).nickname).toBe("  spaces  ");

  const exported = await api.request.fetch(`/api/v1/apps/${app.sdkappid}/export-streams`, {
    method: "POST",
    data: { format: "csv", compression: "gzip" },
  });
  await imports.bring({ name: "people.csv.gz", mimeType: "application/gzip", buffer: await exported.body() });
  await imports.review();
  await imports.expectFigures(0, 0, 5, 0);
});
