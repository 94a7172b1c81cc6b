import { createGatewayClient } from "@openclaw/protocol/client";
import { startGatewayProcess } from "@openclaw/testkit/gateway-process";
import { startTelegramEmulator } from "@openclaw/testkit/telegram";
import { builtCommand } from "../command.ts";
import { type Measure, median, residentBytes } from "../measure.ts";

const RUNS = 9;
/** Time for garbage of the start to go, ms. */
const SETTLE_MS = 4_000;

export const gatewayStart: Measure = {
  name: "gateway start to answering WebSocket",
  unit: "x node",
  limit: 6,
  async run({ nodeMs }) {
    const gateway = await startGatewayProcess({ command: builtCommand });
    try {
      const once = async () => {
        await gateway.stop();
        const started = performance.now();
        const starting = gateway.start();
        await answering(gateway.port);
        const elapsed = performance.now() - started;
        await starting;
        return elapsed;
      };
      return (await median(RUNS, once)) / nodeMs;
    } finally {
      await gateway.dispose();
    }
  },
};

export const idleMemory: Measure = {
  name: "memory, idle, no channel",
  unit: "x node",
  limit: 2.2,
  async run({ nodeRss }) {
    const gateway = await startGatewayProcess({ command: builtCommand });
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      return residentBytes(gateway.pid) / nodeRss;
    } finally {
      await gateway.dispose();
    }
  },
};

export const telegramMemory: Measure = {
  name: "memory, idle, Telegram connected",
  unit: "x node",
  limit: 2.6,
  async run({ nodeRss }) {
    const telegram = await startTelegramEmulator();
    const gateway = await startGatewayProcess({
      command: builtCommand,
      config: { channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot } } },
    });
    try {
      await telegram.waitFor("getUpdates", undefined, 10_000);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      return residentBytes(gateway.pid) / nodeRss;
    } finally {
      await gateway.dispose();
      await telegram.close();
    }
  },
};

/** Resolves when a WebSocket handshake on the port succeeds. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const client = createGatewayClient({
      url: `ws://127.0.0.1:${port}`,
      token: "e2e-token",
      reconnect: false,
      client: { id: "test", mode: "test", version: "0", platform: "bench" },
    });
    try {
      await client.connect();
      await client.request("health", {});
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    } finally {
      await client.close();
    }
  }
}
