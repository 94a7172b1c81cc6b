import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { loadConfig } from "@openclaw/core/config";
import { type Paths, resolvePaths } from "@openclaw/core/paths";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import { type ScriptedLlm, startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect } from "vitest";
import { type RunningGateway, startGateway } from "../src/gateway.ts";
import { channelManifests } from "../src/manifests/index.ts";
import { fixedConfiguration } from "./fixed-configuration.ts";

interface Parts {
  telegram?: Record<string, unknown>;
  tools?: Record<string, unknown>;
  commands?: Record<string, unknown>;
}

/** A gateway with a Telegram chat and a scripted model, made anew for each test of a file. */
export interface ToolsRig {
  readonly llm: ScriptedLlm;
  readonly telegram: TelegramEmulator;
  /** Its configuration also stands in a file, for what reads and changes that. */
  gateway(parts?: Parts): Promise<RunningGateway>;
  connect(gateway: RunningGateway): Promise<GatewayClient>;
  dir(): string;
  workspace(): string;
  configPath(): string;
  /** Reasons of the restarts that were asked for. */
  restarts(): string[];
  /** The main session's turn has ended. */
  settled(): Promise<void>;
}

export function createToolsRig(): ToolsRig {
  let dir = "";
  let llm: ScriptedLlm;
  let telegram: TelegramEmulator;
  let paths: Paths;
  let running: RunningGateway;
  const restarts: string[] = [];
  const closers: (() => unknown)[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "agent-tools-"));
    restarts.splice(0);
    llm = await startScriptedLlm();
    telegram = await startTelegramEmulator();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    await telegram.close();
    await llm.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function connect({ port }: RunningGateway): Promise<GatewayClient> {
    const client = createGatewayClient({
      url: `ws://127.0.0.1:${port}`,
      token: "secret-token",
      client: { id: "test", mode: "test", version: "0", platform: "test" },
    });
    closers.push(() => client.close());
    await client.connect();
    return client;
  }

  return {
    get llm() {
      return llm;
    },
    get telegram() {
      return telegram;
    },
    async gateway({ telegram: account, tools, commands } = {}) {
      const provider = {
        baseUrl: llm.baseUrl["openai-completions"],
        apiKey: "none",
        api: "openai-completions",
        models: [{ id: "scripted", name: "Scripted" }],
      };
      const config = {
        gateway: { mode: "local", auth: { mode: "token", token: "secret-token" } },
        agents: {
          defaults: { model: { primary: "scripted/scripted" }, workspace: join(dir, "workspace"), skipBootstrap: true },
        },
        models: { providers: { scripted: provider } },
        channels: {
          telegram: {
            botToken: telegram.token,
            apiRoot: telegram.apiRoot,
            dmPolicy: "open",
            allowFrom: ["*"],
            ...account,
          },
        },
        ...(tools ? { tools } : {}),
        ...(commands ? { commands } : {}),
      };
      const env = { OPENCLAW_STATE_DIR: dir };
      paths = resolvePaths({ env, homedir: join(dir, "home"), tmpdir: dir });
      mkdirSync(join(dir, "workspace"), { recursive: true });
      writeFileSync(paths.configPath, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
      const fixed = fixedConfiguration(config, paths, { OPENCLAW_SKIP_LOCAL_MODELS: "1" });
      running = await startGateway({
        configuration: {
          ...fixed,
          read: () => loadConfig({ env, cwd: dir, homedir: join(dir, "home"), paths, manifests: channelManifests }),
        },
        log: silentLog,
        logFile: () => join(dir, "log"),
        port: 0,
        restart: (reason) => void restarts.push(reason),
      });
      closers.push(() => running.stop("stopping"));
      await running.channelsReady;
      return running;
    },
    connect,
    dir: () => dir,
    workspace: () => join(dir, "workspace"),
    configPath: () => paths.configPath,
    restarts: () => restarts,
    async settled() {
      const client = await connect(running);
      const session = async () =>
        (await client.request("sessions.list", {})).sessions.some(({ totalTokens }) => (totalTokens ?? 0) > 0);
      await expect.poll(session).toBe(true);
    },
  };
}
