/** Wall-clock reading of an instant. `month` 1-12, `weekday` as `Mon`. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const labels = new Map<string, Intl.DateTimeFormat>();

let host: { tz: string | undefined; zone: string } | undefined;

/** The zone of this machine, an IANA name. Asked for at every message, and slow to find out. */
export function hostZone(): string {
  const tz = process.env.TZ;
  if (!host || host.tz !== tz) host = { tz, zone: new Intl.DateTimeFormat().resolvedOptions().timeZone };
  return host.zone;
}

/** True for names that `Intl` knows. */
export function isZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** Reads the clock on the wall of `zone` (IANA; default: this machine's) at an instant in epoch ms. */
export function localTime(instant: number, zone: string = hostZone()): LocalTime {
  const parts = Object.fromEntries(
    formatFor(zone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
  const number = (name: string) => Number(parts[name]);
  return {
    year: number("year"),
    month: number("month"),
    day: number("day"),
    hour: number("hour") % 24,
    minute: number("minute"),
    second: number("second"),
    weekday: parts["weekday"] ?? "",
  };
}

/**
 * The instant at which the wall of `zone` shows this date and hour. Where summer time skips the hour: the first instant
 * after the gap; where it comes twice: the first.
 */
export function instantOf(date: { year: number; month: number; day: number }, hour: number, zone: string): number {
  const wall = Date.UTC(date.year, date.month - 1, date.day, hour);
  const candidates = [offsetAt(wall - 86_400_000, zone), offsetAt(wall + 86_400_000, zone)].map(
    (offset) => wall - offset,
  );
  const exact = candidates.filter((instant) => instant + offsetAt(instant, zone) === wall);
  if (exact.length > 0) return Math.min(...exact);
  // In a gap: walk to the change, which lies between the two readings.
  let [before, after] = [Math.min(...candidates), Math.max(...candidates)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetAt(middle, zone) < wall) before = middle;
    else after = middle;
  }
  return after;
}

/** Short name of the zone at an instant, e.g. `CET`, `UTC`, `GMT+2`. */
export function zoneLabel(instant: number, zone: string): string {
  let format = labels.get(zone);
  if (!format) labels.set(zone, (format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" })));
  return format.formatToParts(instant).find((part) => part.type === "timeZoneName")?.value ?? zone;
}

function offsetAt(instant: number, zone: string): number {
  const { year, month, day, hour, minute, second } = localTime(instant, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      weekday: "short",
    });
    formats.set(zone, format);
  }
  return format;
}
