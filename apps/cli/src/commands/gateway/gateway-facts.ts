import { OpenClawError } from "@openclaw/core";
import { type InstanceOwner, instanceOwner, portHolder, type PortHolder } from "@openclaw/gateway/installation";
import type { GatewayClient } from "@openclaw/protocol/client";
import type { CommandContext } from "../../command-line/command.ts";
import { addressOf, type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import type { Installation } from "../../installation/installation.ts";

/** What can be said of a gateway without it having to run. */
export interface GatewayFacts<T> {
  url: string;
  local: boolean;
  reachable: boolean;
  /** The process that holds this installation's lock. */
  owner?: InstanceOwner;
  /** Who has the port, when the gateway does not answer on it. */
  holder?: PortHolder;
  /** Why it was not reached. */
  error?: OpenClawError;
  /** What `ask` got. */
  answer?: T;
}

const CONNECT_MS = 5000;

/** Looks at lock, port and socket; asks the gateway when it answers. Fails only for what is no failure of the gateway. */
export async function gatewayFacts<T>(
  options: GatewayOptions,
  context: CommandContext,
  installation: Installation,
  ask: (client: GatewayClient) => Promise<T>,
): Promise<GatewayFacts<T>> {
  const { url, local } = addressOf(options, context, installation);
  const owner = instanceOwner(installation.paths.lockPath);
  const base = { url, local, ...(owner ? { owner } : {}) };
  try {
    const answer = await withGateway(options, context, ask, {
      mode: "probe",
      scopes: ["operator.admin"],
      connectTimeoutMs: CONNECT_MS,
      installation,
    });
    return { ...base, reachable: true, answer };
  } catch (error) {
    if (!OpenClawError.is(error)) throw error;
    const holder = local ? await portHolder(Number(new URL(url).port)) : undefined;
    return { ...base, reachable: false, error, ...(holder ? { holder } : {}) };
  }
}

/** One sentence: running, not running, or something else. */
export function describeGateway({ url, reachable, owner, holder, error, local }: GatewayFacts<unknown>): string {
  if (reachable) return `running on ${url}${owner && local ? ` (pid ${owner.pid})` : ""}`;
  if (error?.code !== "GATEWAY_UNREACHABLE") return `at ${url}, but: ${error?.message ?? "no answer"}`;
  if (owner && local) return `pid ${owner.pid} holds the lock, but does not answer at ${url}; it may be starting`;
  if (holder?.pid && local) return `not running; ${url} belongs to ${holder.name ?? "a process"} (pid ${holder.pid})`;
  return local ? "not running" : `not reached at ${url}`;
}

/** The facts as `--json` prints them, the answer left out. */
export function factsData({ answer: _answer, error, ...facts }: GatewayFacts<unknown>): Record<string, unknown> {
  return {
    ...facts,
    ...(error
      ? { error: { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) } }
      : {}),
  };
}
