import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Agent, ModelInfo } from "@openclaw/agent";
import { type Inbound, OpenClawError, silentLog } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { createFakeClock } from "@openclaw/testkit";
import { onTestFinished } from "vitest";
import type { RunningAccount } from "../src/channels/running-account.ts";
import { createConfigEditor } from "../src/configuration/config-editor.ts";
import { createConfigOverrides } from "../src/commands/config/config-overrides.ts";
import { type HandledMessage, handleMessage } from "../src/commands/handle-message.ts";
import { createPipeline } from "../src/conversation/pipeline.ts";
import type { GatewayContext } from "../src/gateway-context.ts";
import { createGatewaySessions } from "../src/sessions/gateway-sessions.ts";
import { openStore } from "../src/store/store.ts";
import { createTurnEngine } from "../src/turns/engine.ts";
import { type HeldTurn, createFakeAgent } from "./fake-agent.ts";
import { fixedConfiguration } from "./fixed-configuration.ts";

export const OWNER = "100";
export const STRANGER = "666";
const known: ModelInfo[] = [
  { id: "opus-4", name: "Opus 4", provider: "anthropic", kind: "llm", reasoning: true, contextWindow: 200_000 },
  { id: "gpt-5.2", name: "GPT 5.2", provider: "openai", kind: "llm" },
  { id: "gpt-5.2-mini", name: "GPT 5.2 mini", provider: "openai", kind: "llm" },
  { id: "rules", name: "Rules", provider: "offline", kind: "rules" },
];

interface Said {
  /** The gateway's own answers. */
  replies: string[];
  /** Turns that began. */
  turns: HeldTurn[];
  /** Why the message went no further; undefined when it became a turn or waits as one. */
  reason?: string;
}

interface SayOptions {
  chat?: "direct" | "group";
  from?: string;
  mentioned?: boolean;
  /** Chosen from the platform's menu. */
  native?: boolean;
  rest?: Partial<Inbound>;
}

/** Everything between a channel's message and the agent, with a store on disk, one channel `fake` and an agent that waits. */
function openCommandRoom(config: Record<string, unknown> = {}, channel: Record<string, unknown> = {}) {
  const dir = mkdtempSync(join(tmpdir(), "commands-"));
  const clock = createFakeClock({ now: Date.UTC(2026, 10, 20, 12) });
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const store = openStore(paths.databasePath);
  const configuration = fixedConfiguration(config, paths);
  const inForce = configuration.current();
  const configOverrides = createConfigOverrides();
  const fake = createFakeAgent();
  const agent: Agent = {
    ...fake.agent,
    models: () => Promise.resolve(known),
    resolveModel: (reference) => resolveModel(reference),
  };
  const agents = {
    get: () => Promise.resolve(agent),
    borrow: () => Promise.resolve({ agent, release: () => {} }),
    reset: () => {},
    close: () => Promise.resolve(),
  };
  const sessions = createGatewaySessions({ store, paths, config: () => inForce, agents, clock, log: silentLog });
  const account = runningAccount({
    dmPolicy: "allowlist",
    allowFrom: [OWNER],
    groupPolicy: "open",
    groups: { "*": {} },
    ...channel,
  });
  const channels = {
    catalog: [],
    find: (id: string, accountId = "default") => (id === "fake" && accountId === "default" ? account : undefined),
    status: () => [],
  } as unknown as GatewayContext["channels"];
  const replies: string[] = [];
  const deliverer = {
    enqueue: (rows: { message: { text?: string } }[]) => {
      replies.push(...rows.map(({ message }) => message.text ?? ""));
      return [];
    },
  } as unknown as GatewayContext["deliverer"];
  const nothing = () => {};
  const engine = createTurnEngine({
    store,
    agents,
    sessions,
    deliverer,
    broadcast: { event: nothing, final: nothing, aborted: nothing, error: nothing },
    clock,
    log: silentLog,
    concurrency: () => 4,
    shape: () => Promise.resolve({ rows: [], text: undefined }),
    progress: nothing,
  });
  const restarts: string[] = [];
  const context = {
    version: "1.2.3",
    startedAt: clock.now(),
    paths,
    config: () => configOverrides.over(inForce),
    configEditor: createConfigEditor(configuration, clock.now),
    degraded: () => undefined,
    configOverrides,
    restart: (reason: string) => void restarts.push(reason),
    clock,
    log: silentLog,
    store,
    sessions,
    agents,
    engine,
    deliverer,
    channels,
  } as unknown as GatewayContext;
  const pipeline = createPipeline({ context, paths });
  let count = 0;

  return {
    dir,
    paths,
    context,
    restarts,
    directKey: "agent:main:main",
    groupKey: "agent:main:fake:group:g1",
    /** A message through the channel. */
    async say(
      text: string,
      { chat = "direct", from = OWNER, mentioned = false, native = false, rest = {} }: SayOptions = {},
    ): Promise<Said> {
      const [before, turnsBefore] = [replies.length, fake.turns.length];
      const message: Inbound = {
        key: `update:${++count}`,
        kind: "message",
        target: chat === "direct" ? from : "g1",
        chat: { kind: chat, id: chat === "direct" ? from : "g1" },
        sender: { id: from, name: `Person ${from}` },
        messageId: String(count),
        timestamp: clock.now(),
        text,
        mentioned,
        ...(native ? { command: text } : {}),
        ...rest,
      };
      const row = store.inbox.accept("fake", "default", message, clock.now());
      if (!row) throw new Error("the message was not accepted");
      pipeline.take(row);
      const state = await decided(row.id);
      return {
        replies: replies.slice(before),
        turns: fake.turns.slice(turnsBefore),
        ...(state.reason === null ? {} : { reason: state.reason }),
      };
    },
    /** The turns that begin when time goes on. */
    async turnsBegun(ms: number): Promise<HeldTurn[]> {
      const before = fake.turns.length;
      await clock.advance(ms);
      for (let rest = 0; rest < 10; rest++) await new Promise((resolve) => setImmediate(resolve));
      return fake.turns.slice(before);
    },
    /** The same by the dashboard. */
    webchat: (text: string, { owner = true, authorized = true } = {}): Promise<HandledMessage> =>
      handleMessage(context, {
        text,
        sessionKey: "agent:main:main",
        channel: "webchat",
        chatKind: "direct",
        senderId: "operator",
        owner,
        authorized,
        addressed: true,
        typed: false,
      }),
    entry: (chat: "direct" | "group" = "direct") =>
      sessions.entry(chat === "direct" ? "agent:main:main" : "agent:main:fake:group:g1"),
    async close() {
      const stopped = engine.stop(0);
      for (const turn of fake.turns) await turn.finish("");
      await clock.advance(2_000);
      await stopped;
      await sessions.close();
      store.database.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };

  async function decided(id: number): Promise<{ state: string; reason: string | null }> {
    const row = store.database.sql.prepare("SELECT state, reason FROM inbox WHERE id = ?");
    const start = performance.now();
    while (performance.now() - start < 10_000) {
      const found = row.get(id) as { state: string; reason: string | null };
      // A turn begins a moment after its message was decided on.
      if (found.state !== "new") {
        for (let rest = 0; rest < 10; rest++) await new Promise((resolve) => setImmediate(resolve));
        return found;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error("the message was never decided on");
  }
}

type CommandRoom = ReturnType<typeof openCommandRoom>;

async function resolveModel(reference?: string) {
  const [provider = "", model = ""] = (reference ?? "anthropic/opus-4").split("/");
  if (provider === "forbidden")
    throw new OpenClawError({
      code: "MODEL_NOT_ALLOWED",
      message: `${reference} is not one of the models in agents.defaults.models.`,
    });
  return Promise.resolve({
    provider,
    model,
    kind: "llm" as const,
    source: reference ? ("session" as const) : ("config" as const),
    steps: [],
  });
}

function runningAccount(config: Record<string, unknown>): RunningAccount {
  return {
    channel: "fake",
    account: { id: "default", enabled: true, configured: true, config },
    definition: {
      id: "fake",
      apiVersion: 1,
      capabilities: { nativeCommands: true, drafts: false },
      limits: { text: 4_000, caption: 1_000, mediaBytes: 1_000, editIntervalMs: 0 },
      normalizeId: (id: string) => id.toLowerCase(),
    },
    connection: {
      health: () => ({ inbound: { state: "up" }, outbound: { state: "up" }, reconnects: 0, identity: "@my_bot" }),
    },
    starts: 1,
    abort: new AbortController(),
  } as unknown as RunningAccount;
}

const aliases = {
  agents: {
    defaults: {
      models: { "anthropic/opus-4": { alias: "opus" }, "openai/gpt-5.2": { alias: "fast" }, "openai/gpt-5.2-mini": {} },
    },
  },
};
/** Every switch of an administrator's command. */
export const admin = { commands: { config: true, debug: true, restart: true } };

/** A room that is closed with its test: everybody may write in groups, only the owner may give commands. */
export function room(config: Record<string, unknown> = {}, channel: Record<string, unknown> = {}): CommandRoom {
  const opened = openCommandRoom({ ...aliases, ...config }, channel);
  onTestFinished(() => opened.close());
  return opened;
}
