import { randomUUID } from "node:crypto";
import { OpenClawError } from "@openclaw/core";
import type { Command, CommandContext } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { addressOptions } from "../../connection/gateway-options.ts";
import { findRequest } from "./find-request.ts";

interface Options extends GatewayOptions {
  channel: string;
  code?: string;
  notify: boolean;
}

const WELCOME = "You are in: write to me whenever you like.";
const CONNECT_MS = 3000;

export const command: Command<Options> = {
  args: "<channel> [code]",
  describe: "Let somebody in; works whether the gateway runs or not, and tells them when it does",
  examples: [["openclaw pairing approve telegram ABCD2345", ""]],
  options: (yargs) =>
    addressOptions(yargs).option("notify", {
      type: "boolean",
      default: true,
      describe: "Tell them (--no-notify: do not)",
    }),
  async run({ channel: first, code, notify, ...options }, context) {
    const { channel, store, request } = findRequest(first, code, context);
    store.approve(request.code);
    const told = notify ? await tell(channel, request.id, options, context) : "not asked to";
    const { terminal, json } = context;
    if (json)
      return terminal.json({
        ok: true,
        channel,
        id: request.id,
        notified: told === undefined,
        ...(told ? { notNotified: told } : {}),
      });
    terminal.out(`${request.id} may now write on ${channel}.`);
    if (notify) terminal.err(told === undefined ? "They were told." : `They were not told (${told}).`);
  },
};

/** Undefined when the message went out, else why not: approval holds either way. */
async function tell(
  channel: string,
  to: string,
  options: GatewayOptions,
  context: CommandContext,
): Promise<string | undefined> {
  try {
    await withGateway(
      options,
      context,
      (client) =>
        client.request("send", { channel, to, message: WELCOME, idempotencyKey: randomUUID() }, { timeoutMs: 15_000 }),
      { connectTimeoutMs: CONNECT_MS },
    );
    return undefined;
  } catch (error) {
    if (!OpenClawError.is(error)) throw error;
    return error.code === "GATEWAY_UNREACHABLE" ? "the gateway does not run" : error.message;
  }
}
