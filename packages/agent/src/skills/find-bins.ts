import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Which of these programs can be started: executable files of these names in the directories of `path`. */
export async function findBins(names: readonly string[], path: string, platform: string): Promise<ReadonlySet<string>> {
  const dirs = [...new Set(path.split(delimiter).filter(Boolean))];
  const endings = platform === "win32" ? ["", ".exe", ".cmd", ".bat"] : [""];
  const wanted = [...new Set(names)].filter((name) => /^[\w.+@-]+$/.test(name));
  const found = await Promise.all(
    wanted.map(async (name) => {
      const places = dirs.flatMap((dir) => endings.map((ending) => join(dir, name + ending)));
      for (const place of places) if (await isProgram(place)) return [name];
      return [];
    }),
  );
  return new Set(found.flat());
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
