import { fold } from "../../tools/memory/words.ts";

/** A date without time or zone, as a count of days since 1970-01-01. */
export type Day = number;

const msPerDay = 86_400_000;
const monthNames = "january february march april may june july august september october november december".split(" ");
const frenchMonths = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split(" ");
const weekdayNames = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const frenchWeekdays = "dimanche lundi mardi mercredi jeudi vendredi samedi".split(" ");

export function today(now: number, timeZone: string): Day {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(now);
  return dayOf(...numbers(parts)) ?? Math.floor(now / msPerDay);
}

function numbers(iso: string): [number, number, number] {
  const [year, month, day] = iso.split("-").map(Number);
  return [year ?? 1970, month ?? 1, day ?? 1];
}

/** Undefined for a date that does not exist, such as 30 February. Months count from 1. */
function dayOf(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / msPerDay : undefined;
}

/** `2026-11-20` */
export function isoDay(day: Day): string {
  return new Date(day * msPerDay).toISOString().slice(0, 10);
}

/** `Friday, 20 November 2026` */
export function longDay(day: Day): string {
  const date = new Date(day * msPerDay);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(date);
  return `${format({ weekday: "long" })}, ${format({ day: "numeric", month: "long", year: "numeric" })}`;
}

export type Period = "day" | "week" | "month" | "year";

export function findPeriod(name: string): Period | undefined {
  const key = fold(name);
  const found = Object.entries({
    day: "days? jours?",
    week: "weeks? semaines?",
    month: "months? mois",
    year: "years? ans? annees?",
  }).find(([, names]) => new RegExp(`^(?:${names.replaceAll(" ", "|")})$`).test(key));
  return periods.find((period) => period === found?.[0]);
}
const periods: readonly Period[] = ["day", "week", "month", "year"];

/** Months and years keep the day of the month where it exists, else take the last one. */
export function addPeriod(day: Day, count: number, period: Period): Day {
  if (period === "day") return day + count;
  if (period === "week") return day + count * 7;
  const date = new Date(day * msPerDay);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (period === "year" ? 12 : 1);
  const last = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
  return Date.UTC(Math.floor(months / 12), months % 12, Math.min(date.getUTCDate(), last)) / msPerDay;
}

/** ISO 8601 week. */
export function weekNumber(day: Day): number {
  const thursday = day + 4 - (((day + 3) % 7) + 1);
  const year = new Date(thursday * msPerDay).getUTCFullYear();
  return Math.floor((thursday - Date.UTC(year, 0, 1) / msPerDay) / 7) + 1;
}

const feasts: readonly (readonly [RegExp, month: number, day: number])[] = [
  [/^(?:christmas(?: day)?|xmas|noel)$/, 12, 25],
  [/^christmas eve$/, 12, 24],
  [/^(?:(?:the )?new year(?:'?s day)?|(?:le )?nouvel an|jour de l'an)$/, 1, 1],
  [/^(?:new year'?s eve|silvester)$/, 12, 31],
  [/^(?:halloween)$/, 10, 31],
  [/^(?:valentine'?s day|saint[- ]valentin)$/, 2, 14],
];

/** Reads a date in English or French. Without a year the next such date from `from` on is meant. */
export function parseDay(text: string, from: Day): Day | undefined {
  const key = fold(text)
    .trim()
    .replace(/^(?:on|le|la|l'|the)\s*(?=\S)/, "")
    .replace(/(\d)(?:st|nd|rd|th|er)\b/g, "$1")
    .replace(/\s+(?:of|de)\s+/g, " ");
  const relative: Readonly<Record<string, number>> = {
    today: 0,
    now: 0,
    "aujourd'hui": 0,
    maintenant: 0,
    tomorrow: 1,
    demain: 1,
    yesterday: -1,
    hier: -1,
    "day after tomorrow": 2,
    "apres-demain": 2,
    "day before yesterday": -2,
    "avant-hier": -2,
  };
  const offset = Object.hasOwn(relative, key) ? relative[key] : undefined;
  if (offset !== undefined) return from + offset;

  const weekday = /^(?:(?:next|this|coming) )?(\w+?)(?: prochain)?$/.exec(key)?.[1] ?? "";
  const wanted = Math.max(weekdayNames.indexOf(weekday), frenchWeekdays.indexOf(weekday));
  if (wanted >= 0) return from + ((wanted - ((from + 4) % 7) + 6) % 7) + 1;

  const feast = feasts.find(([pattern]) => pattern.test(key));
  if (feast) return nextYearly(feast[1], feast[2], from);

  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(key);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const numeric = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?$/.exec(key);
  if (numeric) return dated(Number(numeric[3]), Number(numeric[2]), Number(numeric[1]), from);

  const dayFirst = /^(\d{1,2}) ([a-z]+)\.?,?(?: (\d{4}))?$/.exec(key);
  const monthFirst = /^([a-z]+)\.? (\d{1,2}),?(?: (\d{4}))?$/.exec(key);
  const month = findMonth(dayFirst?.[2] ?? monthFirst?.[1] ?? "");
  if (!month) return undefined;
  return dated(Number(dayFirst?.[3] ?? monthFirst?.[3]), month, Number(dayFirst?.[1] ?? monthFirst?.[2]), from);
}

function findMonth(name: string): number | undefined {
  if (name.length < 3) return undefined;
  for (const names of [monthNames, frenchMonths]) {
    const index = names.findIndex((month) => month === name || (month.startsWith(name) && name.length <= 4));
    if (index >= 0) return index + 1;
  }
  return undefined;
}

function dated(year: number, month: number, day: number, from: Day): Day | undefined {
  return year ? dayOf(year, month, day) : nextYearly(month, day, from);
}

/** 29 February waits for a leap year. */
function nextYearly(month: number, day: number, from: Day): Day | undefined {
  const year = new Date(from * msPerDay).getUTCFullYear();
  for (let ahead = 0; ahead <= 8; ahead++) {
    const found = dayOf(year + ahead, month, day);
    if (found !== undefined && found >= from) return found;
  }
  return undefined;
}
