import { describe, expect, test } from "vitest";
import { type AddressSources, gatewayAddress, type GatewayOptions } from "./gateway-address.ts";

const at = (options: GatewayOptions, sources: Partial<AddressSources> = {}) =>
  gatewayAddress(options, { gateway: undefined, env: {}, processEnv: {}, defaultPort: 18_789, ...sources });

const local: AddressSources["gateway"] = { mode: "local", port: 19_100, auth: { token: "local-secret" } };

test("without any setting it is the default port of this machine", () => {
  expect(at({})).toMatchObject({ url: "ws://127.0.0.1:18789", local: true });
});

test("the variable's port wins over the configured one", () => {
  expect(at({}, { gateway: local }).url).toBe("ws://127.0.0.1:19100");
  expect(at({}, { gateway: local, env: { OPENCLAW_GATEWAY_PORT: "19200" } }).url).toBe("ws://127.0.0.1:19200");
});

test("flags win over the environment, the environment over the configuration", () => {
  expect(at({ token: "flag" }, { gateway: local, env: { OPENCLAW_GATEWAY_TOKEN: "env" } }).token).toBe("flag");
  expect(at({}, { gateway: local, env: { OPENCLAW_GATEWAY_TOKEN: "env" } }).token).toBe("env");
  expect(at({}, { gateway: local }).token).toBe("local-secret");
});

describe("the local secret", () => {
  test("never goes to an address given by hand", () => {
    expect(at({ url: "wss://elsewhere.example" }, { gateway: local })).toMatchObject({
      token: undefined,
      password: undefined,
      local: false,
    });
  });

  test("never goes to an address from the environment", () => {
    expect(
      at({}, { gateway: local, processEnv: { OPENCLAW_GATEWAY_URL: "wss://elsewhere.example" } }).token,
    ).toBeUndefined();
  });

  test("stays here when a .env file names another address", () => {
    expect(at({}, { gateway: local, env: { OPENCLAW_GATEWAY_URL: "wss://evil.example" } }).url).toBe(
      "ws://127.0.0.1:19100",
    );
  });
});

test("a remote gateway has its own address and token; ws:// without port means 18789", () => {
  const gateway: AddressSources["gateway"] = {
    mode: "remote",
    remote: { url: "ws://10.0.0.5", token: "theirs" },
    auth: { token: "ours" },
  };
  expect(at({}, { gateway })).toMatchObject({
    url: "ws://10.0.0.5:18789/",
    token: "theirs",
    local: false,
    allowInsecure: false,
  });
  expect(at({ url: "wss://h.example" }).url).toBe("wss://h.example/");
});

test("a gateway bound to one address is looked for there", () => {
  expect(at({}, { gateway: { bind: "custom", customBindHost: "192.168.1.10" } }).url).toBe("ws://192.168.1.10:18789");
  expect(at({}, { gateway: { bind: "custom", customBindHost: "0.0.0.0" } }).url).toBe("ws://127.0.0.1:18789");
});

test("the address of the dashboard is understood", () => {
  expect(at({ url: "http://127.0.0.1:19100/" }).url).toBe("ws://127.0.0.1:19100/");
});

test("what is no address is left for the client to refuse", () => {
  expect(at({ url: "nonsense" }).url).toBe("nonsense");
});
