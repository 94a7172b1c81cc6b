import type { Gate } from "./gate.ts";

export interface ScriptedToolCall {
  /** Default: `call_<n>`, unique within the server. An empty string is sent as it is. */
  id?: string;
  name: string;
  /** An object, or the raw JSON text (for broken JSON). */
  arguments: Record<string, unknown> | string;
}

export interface ScriptedUsage {
  input: number;
  output: number;
  cacheRead?: number;
}

/** What the server answers to one call. */
export type ScriptedReply =
  /** An answer. Each string of `text` is one chunk; a gate between them holds the stream until it is opened. */
  | {
      kind: "answer";
      text?: string | (string | Gate)[];
      thinking?: string;
      toolCalls?: ScriptedToolCall[];
      /** Default: 10 in, 5 out. */
      usage?: ScriptedUsage;
      /** Default: what the content says. `length`: cut off by the token limit. */
      stop?: "stop" | "length";
    }
  /** An HTTP error in the provider's own shape. */
  | { kind: "error"; status: number; message?: string; headers?: Record<string, string> }
  /** 200 with a body that is no answer. Default body: an HTML page. */
  | { kind: "garbage"; body?: string; contentType?: string }
  /** Takes the request and sends nothing, not even headers, until the gate opens; then `then` (default: an empty answer). */
  | { kind: "stall"; gate: Gate; then?: ScriptedReply }
  /** Sends `text`, then destroys the socket. Without text the socket dies before the headers. */
  | { kind: "reset"; text?: string }
  /** Sends thinking and text, then ends the response properly but without the wire's end of an answer. */
  | { kind: "truncated"; text?: string; thinking?: string };

/** An answer of plain text, in one chunk or several. */
export function say(...chunks: (string | Gate)[]): ScriptedReply {
  return { kind: "answer", text: chunks };
}

/** An answer that calls one tool. */
export function callTool(name: string, args: Record<string, unknown> | string = {}, id?: string): ScriptedReply {
  return { kind: "answer", toolCalls: [{ name, arguments: args, ...(id === undefined ? {} : { id }) }] };
}

/** An HTTP error in the shape of the wire that was called. */
export function fail(status: number, message?: string, headers?: Record<string, string>): ScriptedReply {
  return { kind: "error", status, ...(message === undefined ? {} : { message }), ...(headers ? { headers } : {}) };
}
