import { ChannelError, type Clock } from "@openclaw/plugin-sdk";
import type { HealthTracker } from "../health-tracker.ts";
import type { MovedChats } from "../state/moved-chats.ts";
import { type ApiSignal, apiSignal } from "../wire/api-signal.ts";
import { refusalOf, toChannelError } from "../wire/channel-error.ts";
import { type Destination, resolveDestination } from "./destination.ts";

export interface CallerOptions {
  token: string;
  clock: Clock;
  health: HealthTracker;
  moved: MovedChats;
  isClosed: () => boolean;
  /** Upper bound for every call, ms. */
  longestMs?: number;
}

interface CallOptions<T> {
  /** For the error, e.g. `sending to 7001`. */
  doing: string;
  target: string;
  signal: AbortSignal;
  timeoutMs?: number;
  run: (to: Destination, signal: ApiSignal) => Promise<T>;
}

/** Makes one outbound call: address, deadline, liveness and the error family, the same for every method. */
export type Caller = <T>(options: CallOptions<T>) => Promise<T>;

/** Longest wait for the answer of a call without a file, ms. The cloud answers in well under a second. */
const TIMEOUT_MS = 30_000;

export function createCaller({ token, clock, health, moved, isClosed, longestMs = Infinity }: CallerOptions): Caller {
  return async ({ doing, target, signal, timeoutMs = TIMEOUT_MS, run }) => {
    if (isClosed()) {
      const message = `${doing}: this Telegram account is closed`;
      throw new ChannelError({ kind: "unavailable", outcome: "not-sent", message });
    }
    const deadline = new AbortController();
    const own = apiSignal(deadline.signal);
    const onAbort = () => deadline.abort();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) deadline.abort();
    const cancel = clock.after(Math.min(timeoutMs, longestMs), onAbort);
    try {
      const to = resolveDestination(target, moved);
      try {
        const result = await run(to, own);
        health.up("outbound");
        return result;
      } catch (error) {
        const migratedTo = refusalOf(error)?.migratedTo;
        if (migratedTo === undefined) throw error;
        // The refused call did nothing, and the platform names the same group's new address.
        await moved.record(to.chatId, migratedTo);
        return await run({ ...to, chatId: migratedTo }, own);
      }
    } catch (error) {
      const failure = toChannelError(error, doing, token);
      if (failure.kind === "unavailable") health.down("outbound", failure.message);
      else if (failure.kind === "auth") health.down("outbound", failure.message);
      // A refusal is an answer: the way out works.
      else if (refusalOf(error) !== undefined) health.up("outbound");
      throw failure;
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  };
}

export const invalid = (message: string): ChannelError =>
  new ChannelError({ kind: "invalid", outcome: "not-sent", message });
