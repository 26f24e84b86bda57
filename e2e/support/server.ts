// The server under test: the one that the environment names, or one that is started here on an empty data folder.
// What is done with it lives in the specs.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

/** A running server and how to sign in there. */
export type Server = { url: string; email: string; password: string; sdkappid: number };

/** A server that belongs to the test which started it. */
export type OwnServer = {
  url: string;
  /** The one-time link with which the first operator sets a password. */
  setupLink: string;
  stop: () => Promise<void>;
};

const execute = promisify(execFile);

const PROGRAM = process.env.ROLLCALL_PROGRAM || resolve(__dirname, "../../target/release/rollcall");

/** The server that `cargo xtask test` started, if it did. */
export function given(): Server | undefined {
  const { ROLLCALL_URL: url, ROLLCALL_EMAIL: email, ROLLCALL_PASSWORD: password, ROLLCALL_SDKAPPID: app } = process.env;
  return url && email && password && app ? { url, email, password, sdkappid: Number(app) } : undefined;
}

/** Starts a server with `accounts` demo accounts: for running the tests without `cargo xtask test`, and for those that need many. */
export async function startDemo(accounts: number): Promise<Server & { stop: () => Promise<void> }> {
  const data = folder(accounts);
  const { stdout } = await execute(PROGRAM, ["demo", "--accounts", String(accounts), "--json"], { env: environment(data) });
  const demo = JSON.parse(stdout) as { operator: { email: string; password: string }; app: { sdkappid: number } };
  const server = await serve(data);
  return { url: server.url, ...demo.operator, sdkappid: demo.app.sdkappid, stop: server.stop };
}

/** Starts a server that nobody has used yet. */
export async function startEmpty(): Promise<OwnServer> {
  const server = await serve(mkdtempSync(join(tmpdir(), "rollcall-e2e-")));
  const setupLink = await server.says(/https?:\/\/\S*\/setup\?token=[\w~.-]+/);
  return { url: server.url, setupLink, stop: server.stop };
}

/** An empty data folder. Beside the program if it will be large: elsewhere it may lie in memory, and stay there. */
function folder(accounts: number): string {
  if (accounts < 100_000) return mkdtempSync(join(tmpdir(), "rollcall-e2e-"));
  const data = join(dirname(PROGRAM), "rollcall-e2e-large");
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  return data;
}

async function serve(data: string) {
  const port = await freePort();
  const child = spawn(PROGRAM, ["serve", "--listen", `127.0.0.1:${port}`], { env: environment(data) });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (log += bytes.toString()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await ended(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await ready(url, child);
  } catch (error) {
    await stop();
    throw new Error(`${error}\n${log}`);
  }
  // What it prints may arrive after it answers.
  const says = (wanted: RegExp) =>
    new Promise<string>((found, failed) => {
      const look = () => {
        const match = wanted.exec(log);
        if (match) found(match[0]);
      };
      child.stdout.on("data", look);
      child.once("exit", () => failed(new Error(`the server ended and never said ${wanted}:\n${log}`)));
      look();
    });
  return { url, stop, says };
}

function environment(data: string): NodeJS.ProcessEnv {
  // The server refuses settings that it does not know, and what the tests are told begins with the same word.
  const others = Object.entries(process.env).filter(([name]) => name !== "DATABASE_URL" && !name.startsWith("ROLLCALL_"));
  return { ...Object.fromEntries(others), ROLLCALL_DATA: data, ROLLCALL_WEBHOOKS_TO_PRIVATE_NETWORKS: "true" };
}

async function ready(url: string, child: ChildProcess) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error("the server was not ready within 10 seconds");
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const socket = createServer();
    socket.listen(0, "127.0.0.1", () => {
      const { port } = socket.address() as { port: number };
      socket.close(() => found(port));
    });
  });
}
