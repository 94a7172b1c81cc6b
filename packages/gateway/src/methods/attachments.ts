import { invalidRequest } from "../server/rpc-error.ts";

/** Largest image a client may send with a message, in decoded bytes. The frame limit usually cuts in first. */
const MAX_BYTES = 5 * 1024 * 1024;

/** Attachments of `chat.send` and `agent` as images for the model: `{type, mimeType, content: <base64>}`. */
export function parseAttachments(attachments: readonly unknown[] | undefined): { data: string; mimeType: string }[] {
  return (attachments ?? []).flatMap((attachment) => {
    const {
      type = "image",
      mimeType,
      content,
    } = (attachment ?? {}) as { type?: string; mimeType?: string; content?: unknown };
    if (content === undefined || content === "") return [];
    // A data URL is what a browser has at hand.
    const data = typeof content === "string" ? content.replace(/^data:[^,]*;base64,/, "") : "";
    if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
      throw invalidRequest(`Error: attachment ${type}: invalid base64 content`);
    }
    if ((data.length * 3) / 4 > MAX_BYTES)
      throw invalidRequest(`Error: attachment ${type}: larger than ${MAX_BYTES} bytes`);
    if (!mimeType?.startsWith("image/"))
      throw invalidRequest(`Error: attachment ${type}: only images are supported, not ${mimeType ?? "unknown"}`);
    return [{ data, mimeType }];
  });
}
