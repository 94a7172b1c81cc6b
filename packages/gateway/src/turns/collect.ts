import { batchText, withSystemEvents } from "@openclaw/core/reply";
import { joinSenders } from "../exec-approvals/sender-access.ts";
import type { SystemEvent } from "../store/system-events.ts";
import type { TurnRequest } from "../store/turns.ts";

/**
 * One turn out of a message, those that queued up behind it in the same chat, and what the session should hear about.
 * Returns `request` itself when there is nothing to fold in.
 */
export function collect(
  request: TurnRequest,
  others: readonly TurnRequest[],
  events: readonly SystemEvent[],
): TurnRequest {
  const all = [request, ...others];
  const dropped = all.flatMap((entry) => entry.dropped?.lines ?? []);
  const droppedCount = all.reduce((sum, entry) => sum + (entry.dropped?.count ?? 0), 0);
  if (others.length === 0 && events.length === 0 && droppedCount === 0) return request;
  const batch = all.map(({ text }) => ({ text, route: "" }));
  const images = all.flatMap((entry) => entry.images ?? []);
  const mail = all.flatMap((entry) => entry.mail ?? []);
  const sender = joinSenders(all.map((entry) => entry.sender));
  return {
    ...request,
    text: withSystemEvents(
      events.map(({ at, text }) => ({ timestamp: at, text })),
      batchText(batch, { dropped, droppedCount }),
    ),
    body: all.map(({ body }) => body).join("\n"),
    // The newest message is the one that is quoted.
    route: all.at(-1)?.route,
    inboxIds: all.flatMap((entry) => entry.inboxIds ?? []),
    ...(images.length > 0 ? { images } : {}),
    ...(mail.length > 0 ? { mail } : {}),
    sender,
  };
}
