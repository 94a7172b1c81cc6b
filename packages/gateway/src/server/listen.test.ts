import { silentLog } from "@openclaw/core";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

const options = { headersTimeoutMs: 10_000, log: silentLog };

// Only Linux answers on all of 127.0.0.0/8.
test.runIf(process.platform === "linux")("several addresses share the port that was chosen for the first", async () => {
  const { servers, port, urls } = await listen({ ...options, hosts: ["127.0.0.1", "127.0.0.2"], port: 0 });
  expect(urls).toEqual([`http://127.0.0.1:${port}`, `http://127.0.0.2:${port}`]);
  for (const server of servers) server.close();
});

test("an address that does not exist here is left out, unless it is the only one", async () => {
  const { servers, urls } = await listen({ ...options, hosts: ["127.0.0.1", "192.0.2.1"], port: 0 });
  expect(urls).toHaveLength(1);
  for (const server of servers) server.close();
  await expect(listen({ ...options, hosts: ["192.0.2.1"], port: 0 })).rejects.toMatchObject({
    code: "GATEWAY_LISTEN_FAILED",
  });
});

test("a port in use is named, with the next step", async () => {
  const first = await listen({ ...options, hosts: ["127.0.0.1"], port: 0 });
  await expect(listen({ ...options, hosts: ["127.0.0.1"], port: first.port })).rejects.toMatchObject({
    code: "GATEWAY_PORT_IN_USE",
    message: expect.stringContaining(String(first.port)),
    hint: expect.stringContaining("--port"),
  });
  for (const server of first.servers) server.close();
});
