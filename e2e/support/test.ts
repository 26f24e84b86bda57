// `test` for every spec: a server, a signed-in browser, an application of the test's own, and the clean-page rules.

import { test as base, expect, request as http } from "@playwright/test";
import { Api, type App } from "./api";
import { Clean } from "./clean";
import { given, startDemo, startEmpty, type OwnServer, type Server } from "./server";
import { Users } from "./users";

type State = Awaited<ReturnType<import("@playwright/test").APIRequestContext["storageState"]>>;

type PerWorker = {
  /** The server under test. */
  server: Server;
  /** The cookies of a signed-in operator. */
  session: State;
};

type PerTest = {
  /** The API as the operator. */
  api: Api;
  /** An application of this test's own, with nobody but `administrator` in it. */
  app: App;
  /** The accounts page of that application; not opened yet. */
  users: Users;
  /** What the browser may complain about. */
  clean: Clean;
  /** A server that nobody has used yet. */
  emptyServer: OwnServer;
};

export const test = base.extend<PerTest, PerWorker>({
  server: [
    async ({}, use) => {
      const running = given();
      if (running) return use(running);
      const started = await startDemo(1_000);
      await use(started);
      await started.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  session: [
    async ({ server }, use) => {
      const context = await http.newContext({ baseURL: server.url });
      await signIn(new Api(context), server.email, server.password);
      await use(await context.storageState());
      await context.dispose();
    },
    { scope: "worker" },
  ],

  baseURL: ({ server }, use) => use(server.url),
  storageState: ({ session }, use) => use(session),

  api: async ({ server, session }, use) => {
    const context = await http.newContext({ baseURL: server.url, storageState: session });
    await use(new Api(context));
    await context.dispose();
  },

  app: async ({ api }, use, info) => use(await api.createApp(info.title.slice(0, 60))),

  users: async ({ page, app }, use) => use(new Users(page, app.sdkappid)),

  clean: [
    async ({ context, server }, use) => {
      const clean = new Clean();
      clean.trust(server.url);
      await clean.watch(context);
      await use(clean);
      clean.check();
    },
    { auto: true },
  ],

  emptyServer: async ({ clean }, use) => {
    const server = await startEmpty();
    clean.trust(server.url);
    await use(server);
    await server.stop();
  },
});

export { expect };

/** Signs in through the API. */
export async function signIn(api: Api, email: string, password: string): Promise<void> {
  await api.call("POST", "/session", { email, password });
}
