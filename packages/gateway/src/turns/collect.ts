import type { SystemEvent } from "../store/system-events.ts";
import type { TurnRequest } from "../store/turns.ts";

/**
 * One turn out of a message, those that queued up behind it in the same chat, and what the session should hear about.
 * Returns `request` itself when there is nothing to fold in.
 */
export function collect(request: TurnRequest, others: readonly TurnRequest[], events: readonly SystemEvent[]): TurnRequest {
  if (others.length === 0 && events.length === 0) return request;
  const all = [request, ...others];
  const last = all.at(-1) ?? request;
  const body =
    others.length === 0
      ? request.text
      : `[Queued messages while agent was busy]\n\n${all.map(({ text }, index) => `---\nQueued #${index + 1}\n${text}`).join("\n\n")}`;
  const system = events.map(({ at, text }) => `System: [${new Date(at).toISOString()}] ${text}`).join("\n");
  const images = all.flatMap((entry) => entry.images ?? []);
  return {
    ...request,
    text: system === "" ? body : `${system}\n\n${body}`,
    body: all.map((entry) => entry.body).join("\n"),
    route: last.route,
    inboxIds: all.flatMap((entry) => entry.inboxIds ?? []),
    ...(images.length > 0 ? { images } : {}),
  };
}
