import { mkdtempSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callTool, say, startScriptedLlm, type ScriptedLlm, type WireName } from "@openclaw/testkit/llm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAgent } from "./create-agent.ts";
import { createMemoryTranscript } from "./runtime/memory-transcript.ts";
import type { Agent, AgentEvent } from "./types.ts";

let llm: ScriptedLlm;
let stateDir: string;
const agents: Agent[] = [];

beforeEach(async () => {
  llm = await startScriptedLlm();
  stateDir = mkdtempSync(join(tmpdir(), "agent-"));
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.close();
  await llm.close();
});

function agentOn(api: WireName): Agent {
  const agent = createAgent({
    stateDir,
    env: { PATH: process.env["PATH"] },
    config: {
      agents: { defaults: { model: "scripted/one" } },
      models: {
        providers: {
          scripted: { baseUrl: llm.baseUrl[api], apiKey: "test", api, models: [{ id: "one", reasoning: true }] },
        },
      },
    },
  });
  agents.push(agent);
  return agent;
}

for (const api of ["openai-completions", "openai-responses", "anthropic-messages", "google-generative-ai"] as const) {
  test(`${api}: a tool is called, its result goes back, the answer streams and everything is in the transcript`, async () => {
    llm.enqueue(callTool("write", { path: "note.txt", content: "hello" }), say("It is ", "done."));
    const transcript = createMemoryTranscript();
    const turn = agentOn(api).run({ message: { text: "please write" }, transcript });
    const events: AgentEvent[] = [];
    for await (const event of turn) events.push(event);
    const result = await turn.result;
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({
      status: "ok",
      provider: "scripted",
      model: "one",
      payloads: [{ text: "It is done." }],
    });
    expect(result.contextWindow).toBe(200_000);
    expect(result.usage).toMatchObject({ input: 20, output: 10 });
    expect(await readFile(join(stateDir, "workspace", "note.txt"), "utf8")).toBe("hello");
    expect(llm.calls().map((call) => call.wire)).toEqual([api, api]);
    expect(llm.calls()[1]?.toolResults[0]?.text).toContain("Wrote 5 bytes");
    expect(events.flatMap((event) => (event.stream === "assistant" ? [event.data.text] : []))).toEqual([
      "It is ",
      "It is done.",
    ]);
    expect(transcript.branch().map((entry) => entry.message?.role ?? entry["customType"] ?? entry.type)).toEqual([
      "model_change",
      "thinking_level_change",
      "model-snapshot",
      "user",
      "assistant",
      "toolResult",
      "assistant",
    ]);
  });
}
