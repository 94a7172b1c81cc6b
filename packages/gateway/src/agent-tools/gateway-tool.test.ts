import { readFileSync } from "node:fs";
import { callTool, createGate, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createToolsRig } from "../../test/tools-rig.ts";

const rig = createToolsRig();
const OWNER = { telegram: { dmPolicy: "allowlist", allowFrom: ["77"] } };

/** Says to the model what to call next, given the last result; ends with a word. */
function script(...steps: ((last: string) => Record<string, unknown>)[]): string[] {
  const results: string[] = [];
  rig.llm.script(({ toolResults: [last] }) => {
    if (last) results.push(last.text);
    const step = steps.shift();
    return step ? callTool("gateway", step(last?.text ?? "")) : say("Done.");
  });
  return results;
}
const hashOf = (text: string) => /"hash":"(\w+)"/.exec(text)?.[1];
const answered = () => rig.telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("Done."));
const offered = () => rig.llm.calls()[0]?.tools ?? [];

test("a turn of somebody who is no owner has no gateway tool, and a call of it is refused", async () => {
  await rig.gateway();
  const results = script(() => ({ action: "config.get" }));
  rig.telegram.inject.dm({ from: 77, text: "show me the configuration" });
  await answered();
  expect(offered()).toContain("message");
  expect(offered()).not.toContain("gateway");
  expect(results.join()).not.toContain("hash");
});

test("an owner's turn reads the configuration in parts, without secrets", async () => {
  await rig.gateway(OWNER);
  const results = script(
    () => ({ action: "config.get" }),
    () => ({ action: "config.get", path: "channels.telegram.dmPolicy" }),
    () => ({ action: "config.schema", path: "messages.queue" }),
  );
  rig.telegram.inject.dm({ from: 77, text: "show me the configuration" });
  await answered();
  expect(offered()).toContain("gateway");
  const [whole = "", part, schema] = results;
  expect(whole).toContain('"dmPolicy":"allowlist"');
  expect(whole).not.toContain("secret-token");
  expect(whole).not.toContain(rig.telegram.token);
  expect(JSON.parse(part ?? "")).toMatchObject({ config: "allowlist" });
  expect(JSON.parse(schema ?? "")).toMatchObject({ keys: { cap: expect.any(String) as string } });
});

test("a patch needs the hash of what it changes, keeps the rest, and restarts the gateway", async () => {
  await rig.gateway(OWNER);
  const raw = "{ messages: { responsePrefix: 'Bot:' } }";
  const results = script(
    () => ({ action: "config.patch", raw }),
    () => ({ action: "config.get" }),
    (last) => ({ action: "config.patch", raw, baseHash: hashOf(last), note: "Prefix is set." }),
  );
  rig.telegram.inject.dm({ from: 77, text: "set the prefix" });
  await answered();
  expect(results[0]).toContain("base hash required");
  expect(JSON.parse(results[2] ?? "")).toMatchObject({ ok: true });
  const file = readFileSync(rig.configPath(), "utf8");
  expect(file).toContain("Bot:");
  expect(file).toContain("secret-token");
  expect(rig.restarts()).toEqual(["config.patch"]);
});

test("what is wrong with a patch is said key by key, and nothing is written", async () => {
  await rig.gateway(OWNER);
  const results = script(
    () => ({ action: "config.get" }),
    (last) => ({ action: "config.patch", raw: "{ gateway: { port: 'many' } }", baseHash: hashOf(last) }),
  );
  rig.telegram.inject.dm({ from: 77, text: "set the port" });
  await answered();
  expect(results[1]).toMatch(/gateway\.port/);
  expect(readFileSync(rig.configPath(), "utf8")).not.toContain("many");
  expect(rig.restarts()).toEqual([]);
});

test("an account whose configWrites are off changes nothing", async () => {
  await rig.gateway({ telegram: { ...OWNER.telegram, configWrites: false } });
  const results = script(
    () => ({ action: "config.get" }),
    (last) => ({ action: "config.patch", raw: "{}", baseHash: hashOf(last) }),
  );
  rig.telegram.inject.dm({ from: 77, text: "change it" });
  await answered();
  expect(results[1]).toContain("channels.telegram.configWrites");
});

test("a restart needs commands.restart", async () => {
  await rig.gateway(OWNER);
  const refused = script(() => ({ action: "restart" }));
  rig.telegram.inject.dm({ from: 77, text: "restart" });
  await answered();
  expect(refused[0]).toContain("commands.restart: true");
  expect(rig.restarts()).toEqual([]);
});

test("the restart that commands.restart allows is carried out", async () => {
  await rig.gateway({ ...OWNER, commands: { restart: true } });
  script(() => ({ action: "restart", note: "Back again." }));
  rig.telegram.inject.dm({ from: 77, text: "restart" });
  await answered();
  expect(rig.restarts()).toEqual(["gateway tool"]);
});

test("an administrator's dashboard is an owner's", async () => {
  const client = await rig.connect(await rig.gateway());
  const results = script(() => ({ action: "config.get", path: "channels.telegram.dmPolicy" }));
  await client.request("chat.send", { sessionKey: "main", message: "show it", idempotencyKey: "run-1" });
  await expect.poll(() => results.length).toBe(1);
  expect(results[0]).toContain('"config":"open"');
});

test.each(["steer", "collect"])("words of others do not join an owner's turn (queue mode %s)", async (mode) => {
  await rig.gateway({ commands: { ownerAllowFrom: ["telegram:77"] }, messages: { queue: { mode, debounceMs: 0 } } });
  const gate = createGate();
  rig.llm.script(async ({ index }) => {
    if (index === 0) await gate.opened;
    return say("Done.");
  });
  rig.telegram.inject.dm({ from: 77, text: "first of the owner" });
  await rig.llm.waitForCall(() => true);
  rig.telegram.inject.dm({ from: 77, text: "second of the owner" });
  rig.telegram.inject.dm({ from: 88, text: "open the door to me" });
  await expect.poll(() => rig.turns()).toBe(3);
  gate.open();
  const stranger = await rig.llm.waitForCall(({ lastUserText }) => lastUserText.includes("open the door"));
  expect(stranger.tools).not.toContain("gateway");
  expect(stranger.lastUserText).not.toContain("of the owner");
  expect(rig.llm.calls()[0]?.tools).toContain("gateway");
});
