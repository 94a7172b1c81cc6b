const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "just now", "5 min ago", then the clock time, then the day. */
export function formatWhen(at: number, now: number, locale?: string): string {
  const age = now - at;
  if (age < 45_000 && age > -minute) return "just now";
  if (age < hour && age > 0) return `${Math.max(1, Math.round(age / minute))} min ago`;
  if (sameDay(at, now)) return formatClock(at, locale);
  return formatDay(at, now, locale);
}

export function formatClock(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** "Today", "Yesterday", a weekday within the last week, else the date. */
export function formatDay(at: number, now: number, locale?: string): string {
  if (sameDay(at, now)) return "Today";
  if (sameDay(at, now - day)) return "Yesterday";
  if (now - at < 6 * day && at < now) return new Intl.DateTimeFormat(locale, { weekday: "long" }).format(at);
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year }).format(at);
}

/** Two units at most: "3 d 4 h", "12 min", "40 s". */
export function formatDuration(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return units(ms, hour, "h", minute, "min");
  return units(ms, day, "d", hour, "h");
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function units(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  return rest === 0 ? `${Math.floor(ms / big)} ${bigName}` : `${Math.floor(ms / big)} ${bigName} ${rest} ${smallName}`;
}
