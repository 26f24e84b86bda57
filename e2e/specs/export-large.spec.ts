// A large application: exported by the console, and downloaded in two halves that are, together, what the manifest says. With a
// million accounts when ROLLCALL_LARGE_ACCOUNTS says so; filling them takes a minute that not every run should wait for.

import { createHash } from "node:crypto";
import { startDemo } from "../support/server";
import { expect, test as base } from "../support/test";
import { Users } from "../support/users";

const ACCOUNTS = Number(process.env.ROLLCALL_LARGE_ACCOUNTS || 100_000);

// A server of its own, which is filled while the other worker goes on with other tests.
const test = base.extend({
  server: [
    async ({}, use) => {
      const started = await startDemo(ACCOUNTS);
      await use(started);
      await started.stop();
    },
    { scope: "worker", timeout: 600_000 },
  ],
});

/** What comes of the file, piece by piece: its hash, its size, and how many lines of a table it has. */
class Received {
  private readonly hash = createHash("sha256");
  private quoted = false;
  bytes = 0;
  lines = 0;

  take(piece: Buffer): void {
    this.hash.update(piece);
    this.bytes += piece.length;
    for (const byte of piece) {
      if (byte === 0x22) this.quoted = !this.quoted;
      else if (byte === 0x0a && !this.quoted) this.lines += 1;
    }
  }

  sha256(): string {
    return this.hash.digest("hex");
  }
}

test("all accounts of a large application are exported and downloaded in two halves", async ({ page, server, api }) => {
  test.setTimeout(300_000);
  const users = new Users(page, server.sdkappid);
  const { accounts } = await api.app(server.sdkappid);
  expect(accounts).toBe(ACCOUNTS + 1);
  await users.open();
  await users.button("Export all").click();
  const ask = users.dialog("Export accounts");
  await ask.getByLabel("CSV", { exact: true }).check();
  await ask.getByRole("button", { name: "Confirm" }).click();
  const done = users.dialog("Export successful");
  await expect(done).toBeVisible({ timeout: 180_000 });
  await expect(done).toContainText(`${accounts.toLocaleString("en-GB")}, complete`);
  const address = async (name: string) => (await done.getByRole("link", { name, exact: true }).getAttribute("href")) ?? "";
  const [file, proof] = [await address("Download"), await address("Manifest")];
  const manifest = (await (await page.request.get(proof)).json()) as { bytes: number; rows: number; sha256: string };
  expect(manifest.rows).toBe(accounts);

  const received = new Received();
  await page.exposeFunction("take", (base64: string) => received.take(Buffer.from(base64, "base64")));
  const half = Math.floor(manifest.bytes / 2);
  for (const range of [`bytes=0-${half - 1}`, `bytes=${half}-`]) {
    const answer = await page.evaluate(
      async ([file, range, etag]) => {
        const answer = await fetch(file, { credentials: "include", headers: { Range: range, "If-Range": etag } });
        const take = (window as unknown as { take: (base64: string) => Promise<void> }).take;
        const base64 = (blob: Blob) =>
          new Promise<string>((read, failed) => {
            const reader = new FileReader();
            reader.onload = () => read((reader.result as string).split(",", 2)[1] ?? "");
            reader.onerror = () => failed(reader.error);
            reader.readAsDataURL(blob);
          });
        // Piece by piece, as a whole half is too much for one message.
        const body = answer.body!.getReader();
        let pieces: Uint8Array<ArrayBuffer>[] = [];
        for (let size = 0, ended = false; !ended; ) {
          const { value, done } = await body.read();
          ended = done;
          if (value) {
            pieces.push(value);
            size += value.length;
          }
          if (size > 4_000_000 || (ended && size > 0)) {
            await take(await base64(new Blob(pieces)));
            [pieces, size] = [[], 0];
          }
        }
        return { status: answer.status, range: answer.headers.get("Content-Range") };
      },
      [file, range, `"${manifest.sha256}"`],
    );
    const [from, to] = range === `bytes=${half}-` ? [half, manifest.bytes - 1] : [0, half - 1];
    expect(answer).toEqual({ status: 206, range: `bytes ${from}-${to}/${manifest.bytes}` });
    expect(received.bytes).toBe(to + 1);
  }
  // The header is a line, and no row.
  expect(received.lines - 1).toBe(manifest.rows);
  expect(received.sha256()).toBe(manifest.sha256);
});
