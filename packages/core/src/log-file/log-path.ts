import fs from "node:fs";
import { join } from "node:path";
import { localTime } from "../zoned-time.ts";

const KEEP_MS = 24 * 60 * 60 * 1000;

/** `<dir>/openclaw-YYYY-MM-DD.log` for the local day of an instant. */
export function dailyLogPath(dir: string, now: number): string {
  const { year, month, day } = localTime(now);
  const two = (value: number) => String(value).padStart(2, "0");
  return join(dir, `openclaw-${year}-${two(month)}-${two(day)}.log`);
}

/** Deletes daily logs that nobody wrote to for 24 hours. Returns their names. Never throws. */
export function pruneDailyLogs(dir: string, now: number): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(dir);
  } catch {
    return [];
  }
  return names.filter((name) => {
    if (!/^openclaw-\d{4}-\d\d-\d\d\.log$/.test(name)) return false;
    try {
      const path = join(dir, name);
      if (now - fs.statSync(path).mtimeMs <= KEEP_MS) return false;
      fs.rmSync(path);
      return true;
    } catch {
      return false;
    }
  });
}
