import { readdirSync } from "node:fs";
import { systemClock } from "@openclaw/core";
import { createPairingStore, type PairingStore } from "@openclaw/core/access";
import { listChannels } from "@openclaw/gateway/installation";
import type { CommandContext } from "../../command-line/command.ts";
import { installationPaths } from "../../installation/installation.ts";

/** The pairing files of a channel; the gateway reads them again when they change, so it need not run. */
export function openPairing(channel: string, context: CommandContext): PairingStore {
  const { credentialsDir } = installationPaths(context);
  return createPairingStore({
    dir: credentialsDir,
    channel,
    clock: systemClock,
    onProblem: (sentence) => context.terminal.err(sentence),
  });
}

/** Channels somebody may have asked to pair on. */
export function pairingChannels(context: CommandContext): string[] {
  const known = listChannels().map(({ id }) => id);
  try {
    const files = readdirSync(installationPaths(context).credentialsDir).flatMap(
      (name) => /^(.+)-pairing\.json$/.exec(name)?.[1] ?? [],
    );
    return [...new Set(files)].toSorted((a, b) => known.indexOf(a) - known.indexOf(b));
  } catch {
    return [];
  }
}
