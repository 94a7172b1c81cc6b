import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What is wrong with a SQLite file, as the end of a sentence that begins with its name. Writes nothing. */
export async function sqliteProblem(path: string): Promise<string | undefined> {
  try {
    const rows = await ask<{ quick_check: string }>(path, "PRAGMA quick_check(3)");
    const problems = rows.map((row) => row.quick_check).filter((text) => text !== "ok");
    return problems.length > 0 ? `is damaged: ${problems.join("; ")}` : undefined;
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    // SQLITE_IOERR and SQLITE_CANTOPEN: nothing is known of what is in it.
    if (errcode !== undefined && [10, 14].includes(errcode & 0xff)) return `cannot be read (${message})`;
    return `is damaged (${message})`;
  }
}

/** `PRAGMA user_version` of a whole file. */
export async function readStoreVersion(path: string): Promise<number> {
  const [row] = await ask<{ user_version: number }>(path, "PRAGMA user_version");
  return row?.user_version ?? 0;
}

async function ask<Row>(path: string, statement: string): Promise<Row[]> {
  const { DatabaseSync } = await import("node:sqlite");
  // Opened as usual, even for reading, SQLite makes side files. It does not when told that the file never changes, which
  // holds when nobody has left a log of changes beside it.
  const address = existsSync(`${path}-wal`) ? path : `${pathToFileURL(path).href}?immutable=1`;
  const sql = new DatabaseSync(address, { readOnly: true });
  try {
    return sql.prepare(statement).all() as Row[];
  } finally {
    sql.close();
  }
}
