import { afterEach, beforeEach, expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { callTool, fail, say } from "./reply.ts";
import { startScriptedLlm, type ScriptedLlm } from "./scripted-llm.ts";

let llm: ScriptedLlm;
beforeEach(async () => void (llm = await startScriptedLlm()));
afterEach(() => llm.close());

const ask = (text: string, signal?: AbortSignal) =>
  fetch(`${llm.baseUrl["openai-completions"]}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      model: "m",
      messages: [
        { role: "system", content: "sys" },
        { role: "user", content: text },
      ],
      tools: [{ function: { name: "look" } }],
    }),
    ...(signal ? { signal } : {}),
  });

test("without a script the newest user text comes back", async () => {
  expect(await (await ask("hello there")).text()).toContain('"content":"hello there"');
  expect(llm.calls()[0]).toMatchObject({
    index: 0,
    wire: "openai-completions",
    model: "m",
    system: "sys",
    lastUserText: "hello there",
    tools: ["look"],
  });
});

test("queued replies come before the script, each once", async () => {
  llm.script(() => say("from the script"));
  llm.enqueue(say("queued"), callTool("look", { a: 1 }, "id-1"));
  expect(await (await ask("1")).text()).toContain("queued");
  expect(await (await ask("2")).text()).toContain('"id":"id-1"');
  expect(await (await ask("3")).text()).toContain("from the script");
});

test("a gate holds the stream until it is opened", async () => {
  const gate = createGate();
  llm.enqueue(say("before", gate, "after"));
  const response = await ask("x");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!seen.includes("before")) seen += (await reader.read()).value;
  expect(seen).not.toContain("after");
  gate.open();
  for (let next = await reader.read(); !next.done; next = await reader.read()) seen += next.value;
  expect(seen).toContain("after");
  expect(seen).toContain("[DONE]");
});

test("errors have status, headers and the shape of the wire", async () => {
  llm.enqueue(fail(429, "slow down", { "retry-after": "7" }), fail(401));
  const limited = await ask("x");
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(await limited.json()).toMatchObject({ error: { message: "slow down", type: "rate_limit_error" } });
  expect((await ask("x")).status).toBe(401);
});

test("a stall sends nothing until released, and a client that gives up is noticed", async () => {
  const gate = createGate();
  llm.enqueue({ kind: "stall", gate });
  const abort = new AbortController();
  const asked = ask("x", abort.signal);
  const call = await llm.waitForCall();
  abort.abort();
  await expect(asked).rejects.toThrow();
  await expect.poll(() => call.aborted).toBe(true);
  gate.open();
});

test("a reset breaks the connection, a truncation ends it too early", async () => {
  llm.enqueue({ kind: "reset" }, { kind: "reset", text: "half" }, { kind: "truncated", text: "half" });
  await expect(ask("1")).rejects.toThrow();
  await expect((await ask("2")).text()).rejects.toThrow();
  const text = await (await ask("3")).text();
  expect(text).toContain("half");
  expect(text).not.toContain('finish_reason":"stop');
});

test("waitForCall finds past calls, waits for coming ones and says how many there were", async () => {
  await ask("one");
  expect((await llm.waitForCall((call) => call.lastUserText === "one")).index).toBe(0);
  const coming = llm.waitForCall((call) => call.lastUserText === "two");
  await ask("two");
  expect((await coming).index).toBe(1);
  await expect(llm.waitForCall((call) => call.lastUserText === "never", 20)).rejects.toThrow(/2 call\(s\) so far/);
});

test("model lists are those of OpenAI and Ollama, anything else is not found", async () => {
  const get = async (path: string) => (await fetch(llm.url + path)).json() as Promise<unknown>;
  expect(await get("/v1/models")).toMatchObject({ object: "list", data: [{ id: "scripted" }] });
  expect(await get("/api/tags")).toMatchObject({ models: [{ name: "scripted" }] });
  expect((await fetch(`${llm.url}/other`)).status).toBe(404);
  expect(llm.probes().map((probe) => probe.path)).toEqual(["/v1/models", "/api/tags", "/other"]);
});
