import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startScriptedLlm, type ScriptedLlm, type ScriptedLlmOptions, type WireName } from "@openclaw/testkit/llm";
import { createAgent } from "../src/create-agent.ts";
import type { Agent, AgentEvent, AgentOptions, Turn } from "../src/types.ts";

export interface AgentFixture extends AsyncDisposable {
  llm: ScriptedLlm;
  stateDir: string;
  workspace: string;
  /** An agent whose model is `scripted/one` on the given wire, unless `config` says something else altogether. */
  agent(options?: Omit<Partial<AgentOptions>, "config"> & { api?: WireName; config?: Record<string, unknown> }): Agent;
}

/** A scripted model server, an empty state directory, and agents on them. For tests of this package. */
export async function createAgentFixture(options?: ScriptedLlmOptions): Promise<AgentFixture> {
  const llm = await startScriptedLlm(options);
  const stateDir = mkdtempSync(join(tmpdir(), "agent-"));
  const agents: Agent[] = [];
  return {
    llm,
    stateDir,
    workspace: join(stateDir, "workspace"),
    agent({ api = "openai-completions", config, ...rest } = {}) {
      const provider = { baseUrl: llm.baseUrl[api], apiKey: "test-key", api, models: [{ id: "one" }, { id: "two" }] };
      const agent = createAgent({
        stateDir,
        env: { PATH: process.env["PATH"], OPENCLAW_SKIP_LOCAL_MODELS: "1" },
        config: config ?? {
          agents: { defaults: { model: "scripted/one", skipBootstrap: true } },
          models: { providers: { scripted: provider } },
        },
        ...rest,
      });
      agents.push(agent);
      return agent;
    },
    async [Symbol.asyncDispose]() {
      for (const agent of agents) await agent.close();
      await llm.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Every event of a turn, until its end. */
export async function eventsOf(turn: Turn): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of turn) events.push(event);
  return events;
}

/** What a transcript holds, in short: role or custom type of each entry. */
export function shape(transcript: { branch(): readonly { type: string; message?: { role: string } }[] }): string[] {
  return transcript.branch().flatMap((entry) => (entry.message ? [entry.message.role] : []));
}
