import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";

/** The process that listens on a port. Its parts are unknown when it belongs to another user. */
export interface PortHolder {
  pid?: number;
  name?: string;
}

const LISTEN = "0A";
const ASK_MS = 2000;

/**
 * Who listens on a TCP port of this machine, for error messages; undefined when nobody does or it cannot be told.
 * Reads /proc on Linux and asks `lsof` elsewhere.
 */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  if (process.platform === "linux") return fromProc(port);
  if (process.platform === "win32") return undefined;
  try {
    const { stdout } = await promisify(execFile)("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], {
      timeout: ASK_MS,
    });
    const pid = /^p(\d+)$/m.exec(stdout)?.[1];
    const name = /^c(.+)$/m.exec(stdout)?.[1];
    return pid ? { pid: Number(pid), ...(name ? { name } : {}) } : undefined;
  } catch {
    return undefined;
  }
}

function fromProc(port: number): PortHolder | undefined {
  const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeningInodes(readText(`/proc/net/${table}`), port)));
  if (inodes.size === 0) return undefined;
  for (const pid of names("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const fd of names(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode && inodes.has(inode)) return { pid: Number(pid), name: readText(`/proc/${pid}/comm`).trim() };
    }
  }
  return {};
}

/** Columns of /proc/net/tcp: 1 local address, 3 state, 9 inode (proc(5)). */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .flatMap((columns) => columns[9] ?? []);
}

function names(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
