import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { applyDefaults } from "@openclaw/core/config";
import { resolvePaths } from "@openclaw/core/paths";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { type FakeClock, createFakeClock } from "@openclaw/testkit";
import { createDeliverer } from "../src/delivery/deliverer.ts";
import type { ChannelManager } from "../src/channels/manager.ts";
import { shapeReply } from "../src/delivery/shape-reply.ts";
import { type CrossAgent, createCrossAgent } from "../src/session-tools/cross-agent.ts";
import { type GatewaySessions, createGatewaySessions } from "../src/sessions/gateway-sessions.ts";
import type { Store } from "../src/store/store.ts";
import type { TurnRequest } from "../src/store/turns.ts";
import { type TurnEngine, createTurnEngine } from "../src/turns/engine.ts";
import { placesOf } from "../src/turns/lane-groups.ts";
import { type HeldTurn, createFakeAgent } from "./fake-agent.ts";

/** A process: engine, sessions and session tools over a store, with an agent that answers when the test says so. */
export interface CrossAgentRoom {
  engine: TurnEngine;
  sessions: GatewaySessions;
  crossAgent: CrossAgent;
  clock: FakeClock;
  turns: HeldTurn[];
  /** Turns of a session, oldest first. */
  of(sessionKey: string): HeldTurn[];
  /** Session keys of the events that people's clients got, with how the run ended. */
  ends: string[];
  /** What a tool answers, parsed. */
  call(
    tool: string,
    params: Record<string, unknown>,
    from?: string,
    how?: { id?: string; signal?: AbortSignal },
  ): Promise<Record<string, unknown>>;
}

export function crossAgentRoom(options: {
  dir: string;
  store: Store;
  config?: Record<string, unknown>;
  now?: number;
}): CrossAgentRoom {
  const { dir, store } = options;
  const clock = createFakeClock({ now: options.now });
  const config = applyDefaults(options.config ?? {});
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const { agent, turns } = createFakeAgent();
  const agents = {
    get: async () => agent,
    borrow: async () => ({ agent, release: () => {} }),
    reset: () => {},
    close: async () => {},
  };
  const ends: string[] = [];
  const note =
    (state: string) =>
    ({ displayKey }: { displayKey: string }) =>
      void ends.push(`${displayKey} ${state}`);
  const sessions = createGatewaySessions({ store, paths, config: () => config, agents, clock, log: silentLog });
  const channels = { find: () => undefined } as unknown as ChannelManager;
  const engine = createTurnEngine({
    store,
    deliverer: createDeliverer({
      outbox: store.outbox,
      clock,
      log: silentLog,
      sender: () => undefined,
      onUnknown: () => "report",
      settled: () => {},
    }),
    clock,
    log: silentLog,
    agents,
    sessions,
    broadcast: { event: () => {}, final: note("final"), aborted: note("aborted"), error: note("error") },
    concurrency: (group) => placesOf(group, config),
    progress: () => {},
    shape: (request, result) =>
      shapeReply(request, result, {
        config,
        channels,
        paths,
        log: silentLog,
        streamed: [],
        workplace: async () => ({ dir: paths.workspace }),
      }),
    rules: (request) => crossAgent.rules(request),
    ending: (request, outcome) => crossAgent.ending(request, outcome),
    stopWith: (sessionKey) => crossAgent.stopWith(sessionKey),
  });
  const crossAgent = createCrossAgent({
    config: () => config,
    clock,
    log: silentLog,
    store,
    sessions,
    agents,
    engine,
    stateDir: dir,
  });
  return {
    engine,
    sessions,
    crossAgent,
    clock,
    turns,
    of: (sessionKey) => turns.filter(({ input }) => input.sessionKey === sessionKey),
    ends,
    async call(
      name,
      params,
      from = "agent:main:main",
      { id = `call-${calls++}`, signal = new AbortController().signal } = {},
    ) {
      const tool = crossAgent.tools.find((one) => one.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      const context: ToolContext = {
        toolCallId: id,
        agentId: sessions.agentOf(from),
        sessionKey: from,
        workspace: dir,
        signal,
        update: () => {},
        log: silentLog,
      };
      const { content } = await tool.execute(params, context);
      return JSON.parse(content[0]?.type === "text" ? content[0].text : "null") as Record<string, unknown>;
    },
  };
}

let calls = 0;

/** What a person writes to the main session from Telegram. */
export const question = (runId: string, rest: Partial<TurnRequest> = {}): TurnRequest => ({
  runId,
  sessionKey: "agent:main:main",
  displayKey: "main",
  agentId: "main",
  source: "channel",
  text: `text of ${runId}`,
  body: `text of ${runId}`,
  route: { channel: "telegram", account: "default", target: "1" },
  origin: { provider: "telegram", chatType: "direct" },
  ...rest,
});

/** Lets everything that does not wait for the clock happen. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
