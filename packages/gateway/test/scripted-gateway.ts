import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { resolvePaths } from "@openclaw/core/paths";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import type { ScriptedLlm } from "@openclaw/testkit/llm";
import { type RunningGateway, startGateway } from "../src/gateway.ts";
import { fixedConfiguration } from "./fixed-configuration.ts";

const TOKEN = "secret-token";

/** The gateway in this process over the state directory `dir`, with the scripted model; `config` replaces whole sections. */
export async function startScriptedGateway(dir: string, llm: ScriptedLlm, config: Record<string, unknown> = {}): Promise<RunningGateway> {
  const provider = { baseUrl: llm.baseUrl["openai-completions"], apiKey: "none", api: "openai-completions", models: [{ id: "scripted", name: "Scripted" }] };
  const whole = {
    gateway: { mode: "local", auth: { mode: "token", token: TOKEN } },
    agents: scriptedAgents(dir),
    models: { providers: { scripted: provider } },
    ...config,
  };
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: join(dir, "home"), tmpdir: dir });
  const running = await startGateway({
    configuration: fixedConfiguration(whole, paths, { OPENCLAW_SKIP_LOCAL_MODELS: "1" }),
    log: silentLog,
    logFile: () => join(dir, "log"),
    port: 0,
  });
  await running.channelsReady;
  return running;
}

/** The `agents` section of such a gateway. */
export const scriptedAgents = (dir: string) => ({
  defaults: { model: { primary: "scripted/scripted" }, workspace: join(dir, "workspace"), skipBootstrap: true },
});

export async function connectTo({ port }: RunningGateway): Promise<GatewayClient> {
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: TOKEN,
    client: { id: "test", mode: "test", version: "0", platform: "test" },
    caps: ["tool-events"],
  });
  await client.connect();
  return client;
}
