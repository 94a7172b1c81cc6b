import type { Command } from "../../command-line/command.ts";
import { findRequest } from "./find-request.ts";

interface Options {
  channel: string;
  code?: string;
}

export const command: Command<Options> = {
  args: "<channel> [code]",
  describe: "Turn somebody away; they are not told, and may ask again",
  async run({ channel: first, code }, context) {
    const { channel, store, request } = findRequest(first, code, context);
    store.reject(request.code);
    if (context.json) context.terminal.json({ ok: true, channel, id: request.id });
    else context.terminal.out(`${request.id} stays outside on ${channel}.`);
  },
};
