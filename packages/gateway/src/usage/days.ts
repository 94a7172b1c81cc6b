import { lastBoundary } from "@openclaw/core/sessions";

const DAY_MS = 86_400_000;

/** Days of one time zone, written `YYYY-MM-DD`. */
export interface Days {
  of(instant: number): string;
  /** First instant of a day. */
  start(day: string): number;
  /** First instant of the day after. */
  end(day: string): number;
  /** The day so many days earlier. */
  back(day: string, days: number): string;
}

export function createDays(zone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone): Days {
  // Canada writes dates this way.
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  const back = (day: string, days: number) => new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
  // Noon in UTC lies, in every zone, at most 14 hours from that day's noon: walking there finds the right midnight.
  const start = (day: string) => {
    let noon = Date.parse(day) + DAY_MS / 2;
    const found = format.format(noon);
    if (found < day) noon += DAY_MS / 2;
    else if (found > day) noon -= DAY_MS / 2;
    return lastBoundary(noon, 0, zone);
  };
  return { of: (instant) => format.format(instant), start, end: (day) => start(back(day, -1)), back };
}
