import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { GatewayClient } from "@openclaw/protocol/client";
import { type ScriptedLlm, startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect } from "vitest";
import type { RunningGateway } from "../src/gateway.ts";
import { connectTo, startScriptedGateway } from "./scripted-gateway.ts";

/** A gateway with a Telegram account and a scripted model, made anew for each test of a file. */
export interface ToolsRig {
  readonly llm: ScriptedLlm;
  readonly telegram: TelegramEmulator;
  /** `telegram`: keys of the account; the rest are sections. The configuration stands in a file as well. */
  gateway(parts?: {
    telegram?: Record<string, unknown>;
    tools?: Record<string, unknown>;
    commands?: Record<string, unknown>;
    messages?: Record<string, unknown>;
  }): Promise<RunningGateway>;
  connect(gateway: RunningGateway): Promise<GatewayClient>;
  dir(): string;
  workspace(): string;
  configPath(): string;
  /** How many turns were accepted so far. */
  turns(): number;
  /** Reasons of the restarts that were asked for. */
  restarts(): string[];
  /** A session's first turn has ended. */
  settled(): Promise<void>;
}

export function createToolsRig(): ToolsRig {
  let dir = "";
  let llm: ScriptedLlm;
  let telegram: TelegramEmulator;
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

  async function connect(gateway: RunningGateway): Promise<GatewayClient> {
    const client = await connectTo(gateway);
    closers.push(() => client.close());
    return client;
  }

  return {
    get llm() {
      return llm;
    },
    get telegram() {
      return telegram;
    },
    async gateway({ telegram: own, ...sections } = {}) {
      const { token: botToken, apiRoot } = telegram;
      const channels = { telegram: { botToken, apiRoot, dmPolicy: "open", allowFrom: ["*"], ...own } };
      const restart = (reason: string) => void restarts.push(reason);
      mkdirSync(join(dir, "workspace"), { recursive: true });
      running = await startScriptedGateway(dir, llm, { channels, ...sections }, { inFile: true, restart });
      closers.push(() => running.stop("stopping"));
      return running;
    },
    connect,
    dir: () => dir,
    workspace: () => join(dir, "workspace"),
    configPath: () => join(dir, "openclaw.json"),
    turns() {
      const database = new DatabaseSync(join(dir, "openclaw.sqlite"), { readOnly: true });
      const { count } = database.prepare("SELECT count(*) AS count FROM turns").get() as { count: number };
      database.close();
      return count;
    },
    restarts: () => restarts,
    async settled() {
      const client = await connect(running);
      const ended = async () =>
        (await client.request("sessions.list", {})).sessions.some(({ totalTokens }) => (totalTokens ?? 0) > 0);
      await expect.poll(ended).toBe(true);
    },
  };
}
