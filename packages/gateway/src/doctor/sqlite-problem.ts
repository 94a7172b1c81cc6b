import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

export interface SqliteProblem {
  /** End of a sentence that begins with the file's name. */
  what: string;
  /** What is in it is lost; otherwise it only could not be read. */
  damaged: boolean;
}

/** What is wrong with a SQLite file. Writes nothing. */
export async function sqliteProblem(path: string): Promise<SqliteProblem | undefined> {
  try {
    const rows = await ask<{ quick_check: string }>(path, "PRAGMA quick_check(3)");
    const problems = rows.map((row) => row.quick_check).filter((text) => text !== "ok");
    return problems.length > 0 ? { what: `is damaged: ${problems.join("; ")}`, damaged: true } : undefined;
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    // SQLITE_IOERR and SQLITE_CANTOPEN: nothing is known of what is in it.
    if (errcode !== undefined && [10, 14].includes(errcode & 0xff))
      return { what: `cannot be read (${message})`, damaged: false };
    return { what: `is damaged (${message})`, damaged: true };
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
