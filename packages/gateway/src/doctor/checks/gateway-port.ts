import { OpenClawError, silentLog } from "@openclaw/core";
import { portHolder } from "../../installation/port-holder.ts";
import { listen } from "../../server/listen.ts";
import { resolveNetwork } from "../../settings/network.ts";
import { withConfiguration } from "../check.ts";

export const gatewayPort = withConfiguration({
  id: "gateway-port",
  group: "gateway",
  title: "The gateway's port is free, or its own",
  async run({ config, env, paths, owner }) {
    if (config.gateway?.mode === "remote") return [];
    try {
      const { hosts, port } = resolveNetwork(config, { env, defaultPort: paths.defaultPort });
      if (owner && (await portHolder(port))?.pid === owner.pid) return [];
      // Nothing tells as surely whether a port can be listened on as listening for an instant.
      const { servers } = await listen({ hosts, port, headersTimeoutMs: 1_000, log: silentLog });
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      return owner && port !== 0
        ? [
            {
              severity: "info",
              message: `The running gateway (pid ${owner.pid}) does not listen on port ${port}: it was started with another one, or is just starting.`,
            },
          ]
        : [];
    } catch (error) {
      if (!OpenClawError.is(error)) throw error;
      const taken = error.code === "GATEWAY_PORT_IN_USE";
      return [
        {
          severity: owner && taken ? "warning" : "error",
          message: error.message,
          hint: taken
            ? "Stop that program, or choose another port: openclaw config set gateway.port <number>"
            : error.hint,
        },
      ];
    }
  },
});
