import { OpenClawError } from "@openclaw/core";
import { assertLocalMode } from "../../settings/mode.ts";
import { withConfiguration } from "../check.ts";

export const gatewayMode = withConfiguration({
  id: "gateway-mode",
  group: "gateway",
  title: "The configuration says whether a gateway runs here",
  run({ config, loaded, paths, editor }) {
    if (!loaded.exists) return [];
    if (config.gateway?.mode === "remote") {
      return [
        {
          severity: "info",
          message: `This machine uses a gateway elsewhere: ${config.gateway.remote?.url ?? "gateway.remote.url is not set"}.`,
        },
      ];
    }
    try {
      assertLocalMode(config, { configPath: paths.configPath, allowUnconfigured: false });
      return [];
    } catch (error) {
      if (!OpenClawError.is(error)) throw error;
      const apply = async () => void (await editor.write([{ path: ["gateway", "mode"], value: "local" }]));
      return [
        {
          severity: "error",
          message: error.message,
          hint: error.hint,
          fix: { summary: 'Sets gateway.mode to "local".', apply },
        },
      ];
    }
  },
});
