import type { ChannelsLogoutParams, ChannelsStatusParams } from "@openclaw/protocol/schema";
import type { AccountStatus } from "../channels/account-status.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";

const DEFAULT_PROBE_MS = 8_000;

export function channelMethods(context: GatewayContext): Record<string, MethodHandler> {
  const { channels, clock } = context;

  async function probe(account: AccountStatus, timeoutMs: number): Promise<Record<string, unknown>> {
    const connection = channels.find(account.channel, account.accountId)?.connection;
    if (!connection?.probe) return { ok: false, error: account.lastError ?? "not connected" };
    const startedAt = clock.now();
    try {
      const { identity } = await connection.probe(AbortSignal.timeout(timeoutMs));
      return { ok: true, identity, elapsedMs: clock.now() - startedAt };
    } catch (error) {
      return {
        ok: false,
        error: error instanceof Error ? error.message : String(error),
        elapsedMs: clock.now() - startedAt,
      };
    }
  }

  return {
    "channels.status": async ({ probe: wanted = false, timeoutMs = DEFAULT_PROBE_MS }: ChannelsStatusParams) => {
      const accounts = channels.status();
      const order = [...new Set(accounts.map(({ channel }) => channel))];
      const labels = Object.fromEntries(
        order.map((id) => [id, channels.catalog.find((entry) => entry.id === id)?.label ?? id]),
      );
      const probed = await Promise.all(
        accounts.map(async ({ channel, ...account }) => ({
          channel,
          account: wanted
            ? { ...account, lastProbeAt: clock.now(), probe: await probe({ channel, ...account }, timeoutMs) }
            : account,
        })),
      );
      const of = (id: string) => probed.filter(({ channel }) => channel === id).map(({ account }) => account);
      return {
        ts: clock.now(),
        channelOrder: order,
        channelLabels: labels,
        channelDetailLabels: labels,
        channelSystemImages: {},
        channelMeta: order.map((id) => ({ id, label: labels[id], detailLabel: labels[id] })),
        channels: Object.fromEntries(
          order.map((id) => [
            id,
            { configured: of(id).some((entry) => entry.configured), running: of(id).some((entry) => entry.running) },
          ]),
        ),
        channelAccounts: Object.fromEntries(order.map((id) => [id, of(id)])),
        channelDefaultAccountId: Object.fromEntries(order.map((id) => [id, of(id)[0]?.accountId ?? "default"])),
      };
    },

    "channels.logout": ({ channel, accountId }: ChannelsLogoutParams) => {
      const running = channels.find(channel, accountId || undefined);
      if (!running) throw invalidRequest("invalid channels.logout channel");
      // None of the channels so far holds a login of its own: their credential is the token in the configuration.
      return {
        channel,
        accountId: running.account.id,
        cleared: false,
        envToken: running.account.tokenSource === "env",
      };
    },
  };
}
