import type { ServerResponse } from "node:http";
import type { ScriptedReply } from "./reply.ts";
import type { AnswerWriter, Wire } from "./wire/wire.ts";

/** Sends one scripted reply in the shape of a wire. */
export async function sendReply(
  response: ServerResponse,
  wire: Wire,
  model: string,
  reply: ScriptedReply,
  counter: { toolCalls: number },
): Promise<void> {
  switch (reply.kind) {
    case "error": {
      const message = reply.message ?? `scripted error ${reply.status}`;
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
      response.end(JSON.stringify(wire.errorBody(reply.status, message, reply.headers)));
      return;
    }
    case "garbage":
      response.writeHead(200, { "content-type": reply.contentType ?? "text/html" });
      response.end(reply.body ?? "<html><body>It works!</body></html>");
      return;
    case "stall":
      await reply.gate.opened;
      if (!response.destroyed) await sendReply(response, wire, model, reply.then ?? { kind: "answer" }, counter);
      return;
    case "reset": {
      if (reply.text === undefined) {
        response.destroy();
        return;
      }
      const writer = openStream(response, wire, model);
      // Destroying at once would drop what was just written; the callback runs when it has left.
      response.write(writer.text(reply.text), () => response.destroy());
      return;
    }
    case "truncated": {
      const writer = openStream(response, wire, model);
      response.end(
        (reply.thinking ? writer.thinking(reply.thinking) : "") + (reply.text ? writer.text(reply.text) : ""),
      );
      return;
    }
    case "answer":
      await sendAnswer(response, wire, model, reply, counter);
  }
}

async function sendAnswer(
  response: ServerResponse,
  wire: Wire,
  model: string,
  reply: Extract<ScriptedReply, { kind: "answer" }>,
  counter: { toolCalls: number },
): Promise<void> {
  const writer = openStream(response, wire, model);
  if (reply.thinking) response.write(writer.thinking(reply.thinking));
  const chunks = typeof reply.text === "string" ? [reply.text] : (reply.text ?? []);
  for (const chunk of chunks) {
    if (typeof chunk === "string") {
      if (chunk !== "") response.write(writer.text(chunk));
    } else await chunk.opened;
    if (response.destroyed) return;
  }
  const calls = reply.toolCalls ?? [];
  for (const call of calls) {
    const json = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments);
    response.write(writer.toolCall({ id: call.id ?? `call_${++counter.toolCalls}`, name: call.name, json }));
  }
  const usage = { input: 10, output: 5, cacheRead: 0, ...reply.usage };
  response.end(
    writer.end({ stop: calls.length > 0 && reply.stop === undefined ? "tool" : (reply.stop ?? "stop"), usage }),
  );
}

function openStream(response: ServerResponse, wire: Wire, model: string): AnswerWriter {
  const writer = wire.writer(model);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const begin = writer.begin();
  if (begin) response.write(begin);
  return writer;
}
