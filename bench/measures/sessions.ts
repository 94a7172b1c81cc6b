import { closeSync, linkSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import { type GatewayProcess, startGatewayProcess } from "@openclaw/testkit/gateway-process";
import { startScriptedLlm } from "@openclaw/testkit/llm";
import { builtCommand } from "../command.ts";
import { type Measure, percentile } from "../measure.ts";
import { modelConfig } from "./turns.ts";

const FEW = 10;
const MANY = 10_000;
const LISTINGS = 300;
const SHORT_LINES = 10;
const LONG_BYTES = 100 * 1024 ** 2;
/** Sessions over each transcript; each is opened once, so that every figure is one of a cold open. */
const COLD_OPENS = 16;

/** `sessions.list` with limit 50 over WebSocket, against an installation with ten sessions asked in turn with it. */
export const sessionListing: Measure = {
  name: "listing 10,000 sessions against 10",
  unit: "x ten",
  limit: 2,
  async run() {
    const [few, many] = [
      await startGatewayProcess({ command: builtCommand }),
      await startGatewayProcess({ command: builtCommand }),
    ];
    try {
      const clients = [await withSessions(few, sessionEntries(FEW)), await withSessions(many, sessionEntries(MANY))];
      const times: number[][] = [[], []];
      for (let round = 0; round < LISTINGS; round++) {
        for (const [index, client] of clients.entries()) {
          times[index]?.push(await timed(() => client.request("sessions.list", { limit: 50 })));
        }
      }
      for (const client of clients) await client.close();
      return percentile(times[1] ?? [], 0.5) / percentile(times[0] ?? [], 0.5);
    } finally {
      await few.dispose();
      await many.dispose();
    }
  },
};

export const longHistory = transcriptMeasure("reading a 100 MB transcript against 10 lines", (client, sessionKey) =>
  client.request("chat.history", { sessionKey, limit: SHORT_LINES }),
);

export const longAppend = transcriptMeasure("opening and appending to 100 MB against 10 lines", (client, sessionKey) =>
  client.request("chat.inject", { sessionKey, message: "one more line" }),
);

export const longTurn = transcriptMeasure("a turn on 100 MB against 10 lines", async (client, sessionKey) => {
  const runId = `turn-${sessionKey}`;
  const ended = new Promise<void>((resolve, reject) => {
    const stop = client.on("chat", ({ runId: id, state, errorMessage }) => {
      if (id !== runId || state === "delta") return;
      stop();
      if (state === "final") resolve();
      else reject(new Error(errorMessage ?? state));
    });
  });
  await client.request("chat.send", { sessionKey, message: "hello", idempotencyKey: runId });
  await ended;
});

/** The same work on cold sessions with a long and with a short transcript, in turns; the ratio of the medians. */
function transcriptMeasure(
  name: string,
  work: (client: GatewayClient, sessionKey: string) => Promise<unknown>,
): Measure {
  return {
    name,
    unit: "x ten",
    limit: 2,
    async run() {
      const llm = await startScriptedLlm();
      const gateway = await startGatewayProcess({
        command: builtCommand,
        config: modelConfig(llm.baseUrl["openai-completions"]),
      });
      try {
        const keys = Array.from(
          { length: COLD_OPENS + 2 },
          (_, index) => [`agent:main:short-${index}`, `agent:main:long-${index}`] as const,
        );
        const client = await withSessions(gateway, transcriptEntries(keys.flat(), sessionsDir(gateway)));
        const times = { short: [] as number[], long: [] as number[] };
        for (const [round, [short, long]] of keys.entries()) {
          // Whoever goes first pays for what the last round left behind.
          for (const which of round % 2 === 0 ? (["short", "long"] as const) : (["long", "short"] as const)) {
            const time = await timed(() => work(client, which === "short" ? short : long));
            // The first two warm the code, not the transcripts.
            if (round >= 2) times[which].push(time);
          }
        }
        await client.close();
        return percentile(times.long, 0.5) / percentile(times.short, 0.5);
      } finally {
        await gateway.dispose();
        await llm.close();
      }
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const sessionsDir = ({ stateDir }: GatewayProcess) => join(stateDir, "agents", "main", "sessions");

/** Starts the gateway anew over a `sessions.json` with these entries. */
async function withSessions(gateway: GatewayProcess, entries: Record<string, unknown>): Promise<GatewayClient> {
  await gateway.stop();
  const file = join(sessionsDir(gateway), "sessions.json");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(entries, null, 2), { mode: 0o600 });
  await gateway.start();
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${gateway.port}`,
    token: gateway.token,
    client: { id: "test", mode: "test", version: "0", platform: "bench" },
  });
  await client.connect();
  return client;
}

function sessionEntries(count: number): Record<string, unknown> {
  const now = Date.now();
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `agent:main:telegram:dm:${index}`,
      {
        sessionId: uuid(index),
        updatedAt: now - index * 1000,
        chatType: "direct",
        channel: "telegram",
        lastChannel: "telegram",
        lastTo: String(index),
        deliveryContext: { channel: "telegram", to: String(index), accountId: "default" },
        modelProvider: "scripted",
        model: "scripted",
        inputTokens: 1200,
        outputTokens: 300,
        totalTokens: 1500,
      },
    ]),
  );
}

/** One file of each length; every session has its own name for one of them. */
function transcriptEntries(keys: readonly string[], dir: string): Record<string, unknown> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = { short: join(dir, "short.source"), long: join(dir, "long.source") };
  writeTranscript(files.short, 0);
  writeTranscript(files.long, LONG_BYTES);
  const entries = keys.map((key, index) => {
    const sessionId = uuid(index);
    linkSync(key.includes(":long-") ? files.long : files.short, join(dir, `${sessionId}.jsonl`));
    return [key, { sessionId, updatedAt: Date.now() - index * 1000, sessionFile: join(dir, `${sessionId}.jsonl`) }];
  });
  for (const file of Object.values(files)) rmSync(file);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** `bytes` of a conversation that was compacted since, then ten lines more. */
function writeTranscript(path: string, bytes: number): void {
  const file = openSync(path, "w", 0o600);
  let count = 0;
  let written = 0;
  let buffered: string[] = [];
  const put = (entry: Record<string, unknown>) => {
    const id = (++count).toString(16).padStart(8, "0");
    const parentId = count === 1 ? null : (count - 1).toString(16).padStart(8, "0");
    buffered.push(JSON.stringify({ ...entry, id, parentId, timestamp: "2026-11-20T12:00:00.000Z" }));
    if (buffered.length >= 1000) flush();
    return id;
  };
  const flush = () => {
    if (buffered.length > 0) written += writeSync(file, `${buffered.join("\n")}\n`);
    buffered = [];
  };
  const message = () =>
    put({
      type: "message",
      message:
        count % 2 === 0
          ? {
              role: "user",
              content: [{ type: "text", text: `question ${count} ${"about something ".repeat(40)}` }],
              timestamp: count,
            }
          : {
              role: "assistant",
              content: [{ type: "text", text: `answer ${count} ${"with some detail ".repeat(40)}` }],
              api: "openai-completions",
              provider: "scripted",
              model: "scripted",
              usage: {
                input: 100,
                output: 50,
                cacheRead: 0,
                cacheWrite: 0,
                totalTokens: 150,
                cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
              },
              stopReason: "stop",
              timestamp: count,
            },
    });
  writeSync(
    file,
    `${JSON.stringify({ type: "session", version: 3, id: uuid(0), timestamp: "2026-11-20T12:00:00.000Z", cwd: "/tmp" })}\n`,
  );
  let last = message();
  const full = () => written >= bytes;
  while (!full()) last = message();
  if (bytes > 0)
    put({
      type: "compaction",
      summary: "They talked about many things.",
      firstKeptEntryId: last,
      tokensBefore: 100_000,
    });
  for (let line = 0; line < SHORT_LINES; line++) message();
  flush();
  closeSync(file);
}

const uuid = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
