// A program that takes a webhook's events, for the length of one test.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An event as it arrived. */
export type Told = { query: URLSearchParams; body: { CallbackCommand: string } & Record<string, unknown> };

/** The program. */
export type Receiver = {
  url: string;
  /** What arrived so far. */
  told: Told[];
  stop: () => Promise<void>;
};

/** Starts one on a free port of this machine. */
export function startReceiver(): Promise<Receiver> {
  const told: Told[] = [];
  const server = createServer(async (request, answer) => {
    const body = JSON.parse(await text(request));
    told.push({ query: new URL(request.url ?? "", "http://receiver").searchParams, body });
    answer.setHeader("content-type", "application/json").end('{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}');
  });
  return new Promise((started) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      const stop = () =>
        new Promise<void>((stopped) => {
          server.closeAllConnections();
          server.close(() => stopped());
        });
      started({ url: `http://127.0.0.1:${port}/hook`, told, stop });
    });
  });
}

/** The signature that a request with this token and time has. */
export function signature(token: string, time: string | null): string {
  return createHash("sha256").update(`${token}${time}`).digest("hex");
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const part of request) all += part;
  return all;
}
