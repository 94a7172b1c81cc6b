import { OpenClawError } from "@openclaw/core";
import type { MethodResult } from "@openclaw/protocol";
import type { GatewayClient } from "@openclaw/protocol/client";
import type { DevicePairRequest, PairedDevice } from "@openclaw/protocol/schema";

type Devices = MethodResult<"device.pair.list">;

/** A waiting request by the beginning of its id or of its device's; without a word, the only one that waits. */
export async function findPending(client: GatewayClient, word: string | undefined): Promise<DevicePairRequest> {
  const { pending } = await client.request("device.pair.list", {});
  return one(
    word,
    pending,
    (row) => [row.requestId, row.deviceId],
    pending.length === 0 ? "No device waits." : "openclaw devices list shows them.",
  );
}

/** A paired device by the beginning of its id, or by its name. */
export async function findPaired(client: GatewayClient, word: string): Promise<PairedDevice> {
  const { paired }: Devices = await client.request("device.pair.list", {});
  return one(word, paired, (row) => [row.deviceId, row.displayName ?? ""], "openclaw devices list shows them.");
}

function one<T>(word: string | undefined, rows: readonly T[], names: (row: T) => string[], hint: string): T {
  const found =
    word === undefined
      ? rows
      : rows.filter((row) =>
          names(row).some((name) => name !== "" && name.toLowerCase().startsWith(word.toLowerCase())),
        );
  if (found.length === 1) return found[0]!;
  throw new OpenClawError({
    code: found.length === 0 ? "DEVICE_UNKNOWN" : "DEVICE_AMBIGUOUS",
    message:
      found.length === 0
        ? word === undefined
          ? "There is nothing to decide."
          : `No device begins with "${word}".`
        : `${found.length} devices fit${word === undefined ? "" : ` "${word}"`}: say which one.`,
    hint,
  });
}
