import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import { type GatewayProcess, startGatewayProcess } from "@openclaw/testkit/gateway-process";
import { startScriptedLlm } from "@openclaw/testkit/llm";
import { builtCommand } from "../command.ts";
import { type Measure, percentile } from "../measure.ts";

const WARM_UP = 30;
const TURNS = 200;
const SESSIONS = 20;
const TURNS_PER_SESSION = 25;

/** The whole turn over WebSocket with a model that answers at once over HTTP: everything but the thinking. */
export const turnOverhead: Measure = {
  name: "turn over WebSocket, p50",
  unit: "ms",
  limit: 8,
  run: () => withGateway(async (_gateway, client) => percentile(await sequentialTurns(client), 0.5)),
};

export const turnOverheadTail: Measure = {
  name: "turn over WebSocket, p95",
  unit: "ms",
  limit: 20,
  run: () => withGateway(async (_gateway, client) => percentile(await sequentialTurns(client), 0.95)),
};

export const throughput: Measure = {
  name: `turns a second over ${SESSIONS} sessions`,
  unit: "turns/s",
  limit: 100,
  run: () =>
    withGateway(async (_gateway, client) => {
      await sequentialTurns(client, WARM_UP);
      const started = performance.now();
      await Promise.all(
        Array.from({ length: SESSIONS }, async (_, session) => {
          for (let turn = 0; turn < TURNS_PER_SESSION; turn++)
            await runTurn(client, `agent:main:bench-${session}`, `t-${session}-${turn}`);
        }),
      );
      return (SESSIONS * TURNS_PER_SESSION) / ((performance.now() - started) / 1000);
    }),
};

async function sequentialTurns(client: GatewayClient, count = TURNS): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < WARM_UP + count; turn++) {
    const started = performance.now();
    // A few turns a session, so that the growing history does not count.
    await runTurn(client, `agent:main:sequence-${Math.floor(turn / 10)}`, `s-${count}-${turn}`);
    if (turn >= WARM_UP) times.push(performance.now() - started);
  }
  return times;
}

async function runTurn(client: GatewayClient, sessionKey: string, runId: string): Promise<void> {
  const final = new Promise<void>((resolve, reject) => {
    const stop = client.on("chat", ({ runId: id, state, errorMessage }) => {
      if (id !== runId || state === "delta") return;
      stop();
      if (state === "final") resolve();
      else reject(new Error(errorMessage ?? state));
    });
  });
  await client.request("chat.send", { sessionKey, message: "hello", idempotencyKey: runId });
  await final;
}

async function withGateway(work: (gateway: GatewayProcess, client: GatewayClient) => Promise<number>): Promise<number> {
  const llm = await startScriptedLlm();
  const gateway = await startGatewayProcess({
    command: builtCommand,
    config: modelConfig(llm.baseUrl["openai-completions"]),
  });
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${gateway.port}`,
    token: gateway.token,
    client: { id: "test", mode: "test", version: "0", platform: "bench" },
  });
  try {
    await client.connect();
    return await work(gateway, client);
  } finally {
    await client.close();
    await gateway.dispose();
    await llm.close();
  }
}

/** A configuration whose only model is the scripted one. */
export const modelConfig = (baseUrl: string) => ({
  agents: { defaults: { model: { primary: "scripted/scripted" }, maxConcurrent: 8, workspace: "~/workspace" } },
  models: {
    providers: {
      scripted: {
        baseUrl,
        apiKey: "none",
        api: "openai-completions" as const,
        models: [{ id: "scripted", name: "Scripted", contextWindow: 128_000 }],
      },
    },
  },
});
