import type { IncomingMessage } from "node:http";
import { TransportError } from "./transport-error.ts";

/** Reads an answer's body up to `maxBytes`; a longer one is cut off and refused. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new TransportError({ phase: "exchange", message: `answer cut off: ${String(error)}` });
  }
  if (size <= maxBytes) return Buffer.concat(chunks);
  response.destroy();
  throw new TransportError({ phase: "exchange", message: `answer larger than ${maxBytes} bytes` });
}
