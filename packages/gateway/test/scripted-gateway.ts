import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { loadConfig } from "@openclaw/core/config";
import { resolvePaths } from "@openclaw/core/paths";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import type { ScriptedLlm } from "@openclaw/testkit/llm";
import { type GatewayOptions, type RunningGateway, startGateway } from "../src/gateway.ts";
import { channelManifests } from "../src/manifests/index.ts";
import { fixedConfiguration } from "./fixed-configuration.ts";

const TOKEN = "secret-token";

export interface ScriptedGatewayOptions extends Pick<GatewayOptions, "restart"> {
  /** The configuration also stands in its file, for what reads and changes that. */
  inFile?: boolean;
}

/** The gateway in this process over the state directory `dir`, with the scripted model; `config` replaces whole sections. */
export async function startScriptedGateway(
  dir: string,
  llm: ScriptedLlm,
  config: Record<string, unknown> = {},
  { inFile, restart }: ScriptedGatewayOptions = {},
): Promise<RunningGateway> {
  const provider = {
    baseUrl: llm.baseUrl["openai-completions"],
    apiKey: "none",
    api: "openai-completions",
    models: [{ id: "scripted", name: "Scripted" }],
  };
  const whole = {
    gateway: { mode: "local", auth: { mode: "token", token: TOKEN } },
    agents: scriptedAgents(dir),
    models: { providers: { scripted: provider } },
    ...config,
  };
  const env = { OPENCLAW_STATE_DIR: dir };
  const homedir = join(dir, "home");
  const paths = resolvePaths({ env, homedir, tmpdir: dir });
  const fixed = fixedConfiguration(whole, paths, { OPENCLAW_SKIP_LOCAL_MODELS: "1" });
  const read = () => loadConfig({ env, cwd: dir, homedir, paths, manifests: channelManifests });
  if (inFile) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(paths.configPath, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
  }
  const running = await startGateway({
    configuration: inFile ? { ...fixed, read } : fixed,
    log: silentLog,
    logFile: () => join(dir, "log"),
    port: 0,
    ...(restart ? { restart } : {}),
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
