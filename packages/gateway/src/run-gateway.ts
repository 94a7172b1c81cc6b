import { type Clock, OpenClawError, systemClock } from "@openclaw/core";
import type { Configuration } from "./configuration/configuration.ts";
import { type GatewayOptions, type RunningGateway, startGateway } from "./gateway.ts";

export interface RunGatewayOptions extends Omit<GatewayOptions, "restart"> {
  /** Told after each start, the first included. */
  started?(gateway: RunningGateway): void;
}

export interface GatewayRun {
  /** The gateway of the moment; another one after each restart. */
  current(): RunningGateway;
  /** Stops it, starts another in its place. */
  restart(reason: string, delayMs?: number): void;
  /** Ends the last gateway; nothing is started any more. */
  stop(): Promise<void>;
  /** Resolves after `stop`; rejects when a restart failed and there was nothing to fall back on. */
  readonly ended: Promise<void>;
}

/**
 * Runs gateways one after the other in this process, so that a restart costs no new one. One that does not start with a
 * configuration is started with the last known good one instead. Rejects when the first does not start at all.
 */
export async function runGateway(options: RunGatewayOptions): Promise<GatewayRun> {
  const { configuration, log } = options;
  const clock: Clock = options.clock ?? systemClock;
  let stopped = false;
  let restarting: Promise<void> | undefined;
  let cancelDelay = () => {};
  let finish: () => void = () => {};
  let abort: (error: unknown) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    abort = reject;
  });
  ended.catch(() => {});

  let current = await startOrFallBack();

  function restart(reason: string, delayMs = 0): void {
    if (stopped) return;
    cancelDelay();
    cancelDelay = clock.after(delayMs, () => {
      restarting ??= replace(reason).finally(() => (restarting = undefined));
    });
  }

  async function replace(reason: string): Promise<void> {
    log.info(`restarting: ${reason}`);
    await current.stop("restarting");
    // What was written last counts, also when the watcher has not seen it yet.
    await useNewest(configuration);
    if (stopped) return;
    try {
      current = await startOrFallBack();
    } catch (error) {
      log.error(`the gateway could not be started again: ${String(error)}`);
      abort(error);
    }
  }

  async function startOrFallBack(): Promise<RunningGateway> {
    try {
      return await start();
    } catch (error) {
      if (!isConfigurationsFault(error) || !(await configuration.fallBack(error))) throw error;
      return start();
    }
  }

  async function start(): Promise<RunningGateway> {
    const gateway = await startGateway({ ...options, restart });
    options.started?.(gateway);
    return gateway;
  }

  return {
    current: () => current,
    restart,
    ended,
    async stop() {
      stopped = true;
      cancelDelay();
      await restarting;
      await current.stop("stopping");
      configuration.close();
      finish();
    },
  };
}

async function useNewest(configuration: Configuration): Promise<void> {
  const newest = await configuration.read();
  if (newest.valid) configuration.use(newest);
}

/** Another configuration would not help against a second gateway, a full disk or a damaged store. */
function isConfigurationsFault(error: unknown): boolean {
  return !(OpenClawError.is(error) && (error.code === "GATEWAY_RUNNING" || error.code.startsWith("STORE_")));
}
