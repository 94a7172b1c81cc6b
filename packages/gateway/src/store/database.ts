import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OpenClawError } from "@openclaw/core";
import { migrations } from "./migrations.ts";

export interface Database {
  readonly path: string;
  readonly sql: DatabaseSync;
  /** Runs `work` in one transaction; what it throws rolls everything back. Nested calls join the outer one. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the gateway's one SQLite file: inbox, turns, outbox, sessions journal. WAL with `synchronous=FULL`, so that a
 * commit survives power loss and not only a killed process (about 0.3 ms a commit where this was measured).
 */
export function openDatabase(path: string): Database {
  const sql = open(path);
  let depth = 0;
  const begin = sql.prepare("BEGIN IMMEDIATE");
  const commit = sql.prepare("COMMIT");
  const rollback = sql.prepare("ROLLBACK");

  return {
    path,
    sql,
    transaction(work) {
      if (depth > 0) return work();
      begin.run();
      depth++;
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (sql.isTransaction) rollback.run();
        throw asStoreError(error, path);
      } finally {
        depth--;
      }
    },
    close() {
      if (sql.isOpen) sql.close();
    },
  };
}

function open(path: string): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its side files the mode of the main one, so that must be right before they are made.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    const sql = new DatabaseSync(path, { timeout: 5_000 });
    sql.exec(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=1000",
    );
    migrate(sql, path);
    return sql;
  } catch (error) {
    throw asStoreError(error, path);
  }
}

function migrate(sql: DatabaseSync, path: string): void {
  const { user_version: version } = sql.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > migrations.length) {
    throw new OpenClawError({
      code: "STORE_TOO_NEW",
      message: `${path} was written by a newer OpenClaw (store version ${version}, this one knows ${migrations.length}).`,
      hint: "Update OpenClaw, or point OPENCLAW_STATE_DIR at another directory.",
    });
  }
  for (let step = version; step < migrations.length; step++) {
    sql.exec(`BEGIN IMMEDIATE; ${migrations[step]}; PRAGMA user_version=${step + 1}; COMMIT`);
  }
}

/** SQLite's result codes that a person can act on, in words. */
function asStoreError(error: unknown, path: string): unknown {
  if (OpenClawError.is(error)) return error;
  const { errcode: code, code: name } = error as { errcode?: number; code?: string };
  if (name === "EACCES" || name === "EPERM" || name === "EROFS" || name === "ENOTDIR") {
    return new OpenClawError({
      code: "STORE_UNREADABLE",
      message: `${path} cannot be opened (${name}).`,
      hint: "Check that the state directory exists and belongs to you, or point OPENCLAW_STATE_DIR at another one.",
      cause: error,
    });
  }
  if (code === undefined) return error;
  const primary = code & 0xff;
  const known: Record<number, { code: string; what: string; hint: string }> = {
    5: {
      code: "STORE_BUSY",
      what: "is locked by another process",
      hint: "Stop the other gateway that uses this state directory.",
    },
    8: {
      code: "STORE_READONLY",
      what: "cannot be written",
      hint: "Check the owner and permissions of the state directory.",
    },
    10: {
      code: "STORE_IO",
      what: "could not be read or written",
      hint: "Check the disk that holds the state directory.",
    },
    11: {
      code: "STORE_CORRUPT",
      what: "is damaged",
      hint: "Restore it from a backup, or move it away to start with an empty one.",
    },
    13: {
      code: "STORE_FULL",
      what: "cannot grow: the disk is full",
      hint: "Free space on the disk that holds the state directory.",
    },
    14: {
      code: "STORE_UNREADABLE",
      what: "cannot be opened",
      hint: "Check that the state directory exists and belongs to you.",
    },
    26: {
      code: "STORE_CORRUPT",
      what: "is not an OpenClaw store",
      hint: "Move the file away to start with an empty one.",
    },
  };
  const found = known[primary];
  if (!found) return error;
  return new OpenClawError({ code: found.code, message: `${path} ${found.what}.`, hint: found.hint, cause: error });
}
