import { OpenClawError } from "@openclaw/core";
import type { Command, CommandContext } from "../command-line/command.ts";
import { exitCodes } from "../command-line/exit-codes.ts";
import { type GatewayOptions, withGateway } from "../connection/gateway-connection.ts";
import { addressOptions } from "../connection/gateway-options.ts";
import { loadInstallation } from "../installation/installation.ts";
import { newestLog } from "../installation/newest-log.ts";
import { formatLogLine } from "../output/log-line.ts";

interface Options extends GatewayOptions {
  follow?: boolean;
  limit: number;
  plain?: boolean;
}

interface Tail {
  file: string;
  cursor: number;
  lines: string[];
  truncated: boolean;
  reset: boolean;
}
type ReadTail = (request: { cursor?: number; limit: number; maxBytes: number }) => Promise<Tail>;

const MAX_BYTES = 250_000;
const MOST_LINES = 5000;
const EVERY_MS = 1000;

export const command: Command<Options> = {
  describe: "Read the gateway's log; when it does not run, the newest log file",
  examples: [
    ["openclaw logs --follow", ""],
    ["openclaw logs --limit 50 --json", "one JSON line for each entry"],
  ],
  options: (yargs) =>
    addressOptions(yargs)
      .option("follow", { alias: "f", type: "boolean", describe: "Go on printing what is added, until Ctrl-C" })
      .option("limit", { alias: "n", type: "number", default: 200, describe: "So many lines" })
      .option("plain", { type: "boolean", describe: "Without colours" }),
  async run({ follow = false, limit, plain = false, ...options }, context) {
    const print = printer(context, plain);
    const wanted = Math.max(1, Math.min(MOST_LINES, Math.floor(limit)));
    try {
      await withGateway(options, context, (client) =>
        show((request) => client.request("logs.tail", request), { follow, limit: wanted, print, context }),
      );
    } catch (error) {
      if (!OpenClawError.is(error) || error.code !== "GATEWAY_UNREACHABLE" || options.url) throw error;
      const file = newestLog(await loadInstallation(context));
      if (file === undefined) throw error;
      context.terminal.err(`The gateway does not run; this is ${file}.`);
      const { tailFile } = await import("@openclaw/gateway/installation");
      await show((request) => tailFile(file, request), { follow, limit: wanted, print, context });
    }
    return exitCodes.ok;
  },
};

interface ShowOptions {
  follow: boolean;
  limit: number;
  print: (line: string) => void;
  context: CommandContext;
}

async function show(read: ReadTail, { follow, limit, print, context }: ShowOptions): Promise<void> {
  const first = await read({ limit, maxBytes: MAX_BYTES });
  for (const line of first.lines) print(line);
  if (!follow) return;
  let { cursor } = first;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    const next = await read({ cursor, limit: MOST_LINES, maxBytes: MAX_BYTES });
    if (next.reset) context.terminal.err("(a new file begins)");
    if (next.truncated) context.terminal.err("(some lines are left out: they came faster than they can be shown)");
    for (const line of next.lines) print(line);
    cursor = next.cursor;
  }
}

function printer({ terminal, json, env }: CommandContext, plain: boolean): (line: string) => void {
  if (json) return (line) => terminal.out(asJson(line));
  const color = terminal.interactive && !plain && !env.NO_COLOR;
  return (line) => terminal.out(formatLogLine(line, { color }));
}

/** Every line is one JSON document, also a damaged one. */
function asJson(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line));
  } catch {
    return JSON.stringify({ raw: line });
  }
}
