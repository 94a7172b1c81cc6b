import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { portHolder } from "./port-holder.ts";

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

const listening = (host: string) =>
  new Promise<number>((resolve) => {
    const opened = createServer().listen(0, host, () => resolve((opened.address() as AddressInfo).port));
    server = opened;
  });

test.runIf(process.platform === "linux").each(["127.0.0.1", "0.0.0.0", "::1"])(
  "names the process that listens on %s",
  async (host) => {
    expect(await portHolder(await listening(host))).toMatchObject({ pid: process.pid, name: expect.any(String) });
  },
);

test("nobody holds a port that was given back", async () => {
  const port = await listening("127.0.0.1");
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  expect(await portHolder(port)).toBeUndefined();
});
