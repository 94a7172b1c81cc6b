import { startGatewayProcess } from "@openclaw/testkit/gateway-process";
import { builtCommand } from "../command.ts";
import { type Measure, median, timeCommand } from "../measure.ts";

const RUNS = 15;

export const versionCommand: Measure = {
  name: "openclaw --version",
  unit: "x node",
  limit: 1.6,
  run: async ({ nodeMs }) => (await median(RUNS, () => timeCommand([...builtCommand, "--version"]))) / nodeMs,
};

export const healthCommand: Measure = {
  name: "openclaw health --json",
  unit: "x node",
  limit: 4,
  async run({ nodeMs }) {
    const gateway = await startGatewayProcess({ command: builtCommand });
    try {
      const env = { ...process.env, OPENCLAW_STATE_DIR: gateway.stateDir };
      return (await median(RUNS, () => timeCommand([...builtCommand, "health", "--json"], env))) / nodeMs;
    } finally {
      await gateway.dispose();
    }
  },
};
