// Search as you type: any substring, any script, from one character on, and never the answer to an older question.

import type { NewAccount } from "../support/api";
import { axe } from "../support/axe";
import { hydrated, painted } from "../support/page";
import { expect, test } from "../support/test";
import { isList, needle } from "../support/users";

const PEOPLE: NewAccount[] = [
  { user_id: "ming.zhao", nickname: "赵明远" },
  { user_id: "mei", nickname: "小明 🌅" },
  { user_id: "elodie-brun", nickname: "Élodie Brun" },
  { user_id: "noor.s", nickname: "نور" },
  { user_id: "ops-BOT", nickname: "ＡＢＣ" },
  { user_id: "percent", nickname: "100% _sure_" },
];

test.beforeEach(({ api, app }) => api.createAccounts(app.sdkappid, PEOPLE));

const NEEDLES: [string, string[]][] = [
  ["明", ["mei", "ming.zhao"]],
  ["明远", ["ming.zhao"]],
  ["ELODIE", ["elodie-brun"]],
  ["élo", ["elodie-brun"]],
  ["نو", ["noor.s"]],
  ["bot", ["ops-BOT"]],
  ["abc", ["ops-BOT"]],
  ["🌅", ["mei"]],
  ["%", ["percent"]],
  ["_s", ["percent"]],
  ["m", ["administrator", "mei", "ming.zhao"]],
];

test("any part of a name is found, in any script and case @smoke", async ({ users, page }) => {
  await users.open();
  for (const [typed, found] of NEEDLES) {
    await users.search.fill(typed);
    await users.expectIds(found);
    await expect(page).toHaveURL((url) => url.searchParams.get("q") === typed);
  }
  await users.search.fill("明");
  await expect(users.row("mei").locator("mark")).toHaveText("明");
  await expect(page.getByText("2 matches")).toBeVisible();
  await axe(page);
});

test("nothing found says so, and leads back", async ({ users, page }) => {
  await users.open();
  await users.search.fill("no such name");
  await expect(page.getByRole("heading", { name: "No account matches" })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(users.search).toHaveValue("");
  await users.expectIds(["administrator", "elodie-brun", "mei", "ming.zhao", "noor.s", "ops-BOT", "percent"]);
});

test("an old answer that comes late is never shown", async ({ users, page }) => {
  await users.open();
  let release = () => {};
  const held = new Promise<void>((open) => (release = open));
  await page.route(
    (url) => url.searchParams.get("q") === "m",
    async (route) => {
      await held;
      await route.fallback();
    },
  );
  const slow = page.waitForRequest((request) => isList(request) && needle(request) === "m");
  await users.search.pressSequentially("m");
  const old = await slow;
  const over = Promise.race(["requestfinished", "requestfailed"].map((end) => page.waitForEvent(end as "requestfailed", (r) => r === old)));
  await users.search.pressSequentially("ing");
  await users.expectIds(["ming.zhao"]);
  release();
  await over;
  await painted(page);
  expect(await users.ids()).toEqual(["ming.zhao"]);
  await expect(users.search).toHaveValue("ming");
});

test("an input method is left in peace until it has composed a word", async ({ users, page, context }) => {
  await users.open();
  const asked: string[] = [];
  page.on("request", (request) => isList(request) && asked.push(needle(request)));
  await users.search.focus();
  const keyboard = await context.newCDPSession(page);
  for (const part of ["m", "mi", "min", "ming"]) {
    await keyboard.send("Input.imeSetComposition", { text: part, selectionStart: part.length, selectionEnd: part.length });
  }
  await keyboard.send("Input.insertText", { text: "明" });
  await users.expectIds(["mei", "ming.zhao"]);
  expect(asked).toEqual(["明"]);
});

test("the URL holds the search: reload, Back and a link lead to it", async ({ users, page }) => {
  await users.open();
  await users.search.fill("明");
  await users.expectIds(["mei", "ming.zhao"]);
  await page.reload();
  await hydrated(page);
  await expect(users.search).toHaveValue("明");
  await users.expectIds(["mei", "ming.zhao"]);
  await users.search.fill("bot");
  await users.expectIds(["ops-BOT"]);
  await users.search.fill("");
  await expect(users.tick("administrator")).toBeVisible();
  await page.goBack();
  await expect(users.search).not.toHaveValue("");
  await users.open("?q=bot");
  await users.expectIds(["ops-BOT"]);
});
