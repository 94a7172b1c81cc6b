import { type AddressInfo, createServer } from "node:net";
import { loadConfig, readOver } from "@openclaw/core/config";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDoctorRoom, type DoctorRoom, HEALTHY } from "../../test/doctor-room.ts";
import { type Probe, probeConfiguration } from "./index.ts";

let room: DoctorRoom;
beforeEach(() => {
  room = createDoctorRoom();
  room.config(HEALTHY);
});
afterEach(() => room.dispose());

async function probe(text: string): Promise<Probe> {
  const configPath = room.paths.configPath;
  const next = await loadConfig({ ...room.options, configPath, readFile: readOver([{ path: configPath, text }]) });
  expect(next.issues).toEqual([]);
  return probeConfiguration({ ...room.options, next });
}
const errors = ({ checks }: Probe) =>
  checks.flatMap(({ findings }) =>
    findings.filter(({ severity }) => severity === "error").map(({ message }) => message),
  );
const withMore = (more: string) => HEALTHY.replace(/ }$/, `, ${more} }`);

test.each([
  ["the same", HEALTHY, "nothing", [], []],
  ["a model", withMore('agents: { defaults: { model: "anthropic/claude-opus-4-5" } }'), "reload", ["agents"], []],
  ["another port", HEALTHY.replace("mode:", "port: 19001, mode:"), "restart", [], ["gateway"]],
  [
    "both",
    HEALTHY.replace("mode:", "port: 19001, mode:").replace(/ }$/, ', ui: { assistant: { name: "A" } } }'),
    "restart",
    ["ui"],
    ["gateway"],
  ],
])("%s: says what is read anew and what restarts", async (_, text, effect, live, restart) => {
  const found = await probe(text);
  expect(found).toMatchObject({ bootable: true, effect, plan: { live, restart } });
});

test("a channel's change names the channel that is opened again", async () => {
  const found = await probe(withMore('channels: { telegram: { botToken: "1:abcdef" } }'));
  expect(found).toMatchObject({
    bootable: true,
    effect: "reload",
    plan: { live: ["channels"], channels: ["telegram"] },
  });
});

test("the mode in force decides, not the one to come", async () => {
  room.config(HEALTHY.replace("mode:", 'reload: { mode: "off" }, mode:'));
  expect(await probe(HEALTHY.replace("mode:", 'port: 19001, reload: { mode: "hybrid" }, mode:'))).toMatchObject({
    effect: "later",
  });
});

test.each([
  ["no mode", '{ gateway: { auth: { token: "a-token-of-twenty-characters" } } }', /does not set gateway\.mode/],
  ["no token", '{ gateway: { mode: "local" } }', /no token/],
  [
    "everybody may reach it with a short one",
    '{ gateway: { mode: "local", bind: "lan", auth: { token: "short" } } }',
    /only 5 characters/,
  ],
  [
    "an address it cannot have",
    HEALTHY.replace("mode:", 'bind: "custom", customBindHost: "192.0.2.1", mode:'),
    /192\.0\.2\.1/,
  ],
])("a gateway would not start: %s", async (_, text, message) => {
  const before = room.tree();
  const found = await probe(text);
  expect(found.bootable).toBe(false);
  expect(errors(found)).toEqual([expect.stringMatching(message)]);
  expect(room.tree()).toBe(before);
});

test("nor on a port that another program has", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  room.options.env = { OPENCLAW_SKIP_LOCAL_MODELS: "1" };
  const found = await probe(HEALTHY.replace("mode:", `port: ${port}, mode:`));
  await new Promise((resolve) => server.close(resolve));
  expect(errors(found)).toEqual([expect.stringContaining(`pid ${process.pid}`)]);
});

test("a channel without token and a model that is none are told, and do not keep it from starting", async () => {
  const found = await probe(
    withMore('channels: { telegram: { allowFrom: [1] } }, agents: { defaults: { model: "anthropic/" } }'),
  );
  expect(found.bootable).toBe(true);
  expect(errors(found)).toEqual([
    expect.stringContaining("no bot token"),
    expect.stringContaining("The model of main"),
  ]);
});
