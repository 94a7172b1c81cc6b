import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { OpenClawError } from "@openclaw/core";

/** Reads and decompresses a response. Bytes are counted after decompression, so a small bomb cannot become a large one. */
export async function readBody(
  response: IncomingMessage,
  limits: { maxBytes: number; overflow: "error" | "truncate" },
  host: string,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const source = decode(response);
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = () => {
    response.destroy();
    source.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (size + chunk.length > limits.maxBytes) {
        if (limits.overflow === "error")
          throw new OpenClawError({
            code: "EGRESS_TOO_LARGE",
            message: `The answer of ${host} is larger than ${limits.maxBytes} bytes.`,
            hint: "Fetch a smaller file.",
          });
        chunks.push(chunk.subarray(0, limits.maxBytes - size));
        return { bytes: Buffer.concat(chunks), truncated: true };
      }
      chunks.push(chunk);
      size += chunk.length;
    }
    return { bytes: Buffer.concat(chunks), truncated: false };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (OpenClawError.is(cause)) throw cause;
    throw new OpenClawError({
      code: "EGRESS_FAILED",
      message: `The answer of ${host} broke off or could not be decompressed.`,
      hint: "Try again.",
      cause,
    });
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** One level of encoding, as browsers send; stacked encodings are a way to hide a bomb. */
function decode(response: IncomingMessage): Readable {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase();
  if (!encoding || encoding === "identity") return response;
  const decoder =
    encoding === "gzip" || encoding === "x-gzip"
      ? createGunzip()
      : encoding === "deflate"
        ? createInflate()
        : encoding === "br"
          ? createBrotliDecompress()
          : undefined;
  if (!decoder)
    throw new OpenClawError({
      code: "EGRESS_FAILED",
      message: `The answer is encoded as "${encoding.slice(0, 40)}", which was not asked for.`,
      hint: "Fetch another address.",
    });
  response.once("error", (error) => decoder.destroy(error));
  response.once("aborted", () => decoder.destroy(new Error("connection closed early")));
  return response.pipe(decoder);
}
