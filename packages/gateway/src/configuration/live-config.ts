import type { Log } from "@openclaw/core";
import type { LoadedConfig } from "@openclaw/core/config";
import type { Configuration } from "./configuration.ts";
import { type ReloadPlan, planReload } from "./reload-plan.ts";

export interface LiveConfigOptions {
  configuration: Configuration;
  log: Log;
  /** Takes over what can be taken over while the gateway runs. The new configuration is already in force. */
  apply(plan: ReloadPlan): void;
  restart(reason: string): void;
}

/** Follows the configuration file: what `gateway.reload.mode` and the reload matrix say about each change. */
export function followConfiguration({ configuration, log, apply, restart }: LiveConfigOptions): void {
  configuration.watch((next: LoadedConfig) => {
    const mode = configuration.current().gateway?.reload?.mode ?? "hybrid";
    const plan = planReload(configuration.current(), next.config);
    const changed = [...plan.live, ...plan.restart];
    if (changed.length === 0 || mode === "off") {
      if (changed.length > 0)
        log.info(
          `the configuration changed (${changed.join(", ")}); gateway.reload.mode is off, so a restart takes it over`,
        );
      return;
    }
    configuration.use(next);
    if (mode === "restart" || (mode === "hybrid" && plan.restart.length > 0)) {
      log.info(`the configuration changed (${changed.join(", ")}): restarting`);
      restart("configuration changed");
      return;
    }
    if (plan.restart.length > 0)
      log.warn(
        `${plan.restart.join(", ")} changed, which needs a restart; gateway.reload.mode is hot, so it waits for one`,
      );
    if (plan.live.length > 0) {
      log.info(`the configuration changed (${plan.live.join(", ")}): taken over`);
      apply(plan);
    }
  });
}
