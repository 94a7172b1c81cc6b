import { expect, test } from "vitest";
import { isHostAllowed } from "./origin.ts";
import { judgePeer } from "./peer.ts";

const asked = (host: string | undefined, bindHosts: string[]) =>
  isHostAllowed(judgePeer({ remoteAddress: "192.168.1.9", headers: { host } }, {}), { bindHosts });

test.each([
  ["192.168.1.5:18789", true],
  ["[fd00::5]:18789", true],
  ["nas", true],
  ["nas.local", true],
  ["gateway.tailnet.ts.net", true],
  ["localhost", true],
  ["evil.example", false],
  ["local.evil.example", false],
  [undefined, false],
])("a listener on all addresses asked for %s: %s", (host, allowed) => {
  expect(asked(host, ["0.0.0.0"])).toBe(allowed);
});

test.each([
  ["192.168.1.5", false],
  ["nas", false],
  ["127.0.0.1", true],
  ["127.8.8.8", true],
])("a loopback listener asked for %s: %s", (host, allowed) => {
  expect(asked(host, ["127.0.0.1", "::1"])).toBe(allowed);
});
