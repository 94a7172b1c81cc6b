import { OpenClawError } from "@openclaw/core";
import { nearest } from "@openclaw/core/config";
import type { GatewayClient } from "@openclaw/protocol/client";
import type { SessionRow } from "@openclaw/protocol/schema";

/** The session that a person means: by key, by the end of its key, by label, by id. Fails with `SESSION_UNKNOWN`. */
export async function findSession(client: GatewayClient, wanted: string): Promise<SessionRow> {
  const { sessions } = await client.request("sessions.list", { includeGlobal: true, includeUnknown: true });
  const word = wanted.toLowerCase();
  const matches = [
    sessions.filter(({ key }) => key === wanted),
    sessions.filter(({ label, sessionId }) => sessionId === wanted || label?.toLowerCase() === word),
    sessions.filter(({ key }) => key.endsWith(`:${word}`)),
  ].find((found) => found.length > 0);
  if (matches?.length === 1) return matches[0]!;
  if (matches) {
    throw new OpenClawError({
      code: "SESSION_AMBIGUOUS",
      message: `Several sessions are called "${wanted}": ${matches.map(({ key }) => key).join(", ")}.`,
      hint: "Use the whole key.",
    });
  }
  // Everybody has a main conversation, also before its first message.
  if (word === "main") return { key: "main", kind: "direct", updatedAt: null };
  const meant = nearest(
    wanted,
    sessions.flatMap(({ key, label }) => [key, key.split(":").at(-1) ?? key, ...(label ? [label] : [])]),
  );
  throw new OpenClawError({
    code: "SESSION_UNKNOWN",
    message: `There is no session "${wanted}".`,
    hint: meant ? `Did you mean ${meant}?` : "openclaw sessions lists them.",
  });
}
