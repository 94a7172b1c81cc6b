import type { Api } from "grammy";
import { ChannelError, type Connection } from "@openclaw/plugin-sdk";
import { apiSignal } from "../wire/api-signal.ts";
import { toChannelError } from "../wire/channel-error.ts";
import { readBody } from "../wire/read-body.ts";
import type { Transport } from "../wire/transport.ts";
import { invalid } from "./caller.ts";

export interface MediaFetcherOptions {
  api: Api;
  transport: Transport;
  apiRoot: string;
  token: string;
}

/** Downloads inbound files. grammY has no call for it: the file's address is made from the same Bot API root. */
export function createMediaFetcher(options: MediaFetcherOptions): NonNullable<Connection["fetchMedia"]> {
  const { api, transport, apiRoot, token } = options;
  return async (media, maxBytes, signal) => {
    const name = media.fileName ?? media.kind;
    const tooLarge = () => invalid(`the file ${name} is larger than ${maxBytes} bytes`);
    if ((media.size ?? 0) > maxBytes) throw tooLarge();
    try {
      const file = await api.getFile(media.ref, apiSignal(signal));
      if ((file.file_size ?? 0) > maxBytes) throw tooLarge();
      const path = file.file_path ?? "";
      // A Bot API server in local mode names paths of its own disk, which we neither have nor trust.
      if (path === "" || path.startsWith("/") || path.split("/").includes(".."))
        throw invalid(`the Bot API server gives no downloadable path for ${name}`);
      const url = `${apiRoot}/file/bot${token}/${path.split("/").map(encodeURIComponent).join("/")}`;
      const response = await transport.open(url, { signal });
      if (response.statusCode !== 200) {
        response.resume();
        const message = `Telegram no longer has the file ${name} (HTTP ${response.statusCode})`;
        throw new ChannelError({ kind: "not-found", outcome: "not-sent", message });
      }
      if (Number(response.headers["content-length"] ?? 0) > maxBytes) {
        response.destroy();
        throw tooLarge();
      }
      const data = new Uint8Array(await readBody(response, maxBytes));
      return media.mimeType === undefined ? { data } : { data, mimeType: media.mimeType };
    } catch (error) {
      throw toChannelError(error, `fetching the file ${name}`, token);
    }
  };
}
