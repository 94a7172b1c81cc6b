import { randomInt } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { OpenClawError } from "../error.ts";
import { isObject } from "../sessions/plain-object.ts";
import type { NormalizeId } from "./allowlist.ts";

/** Letters and digits that nobody confuses: no I, O, 0, 1. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 8;
const TTL_MS = 60 * 60 * 1000;
const MAX_PENDING = 3;
const MAX_TEXT = 256;

export interface PairingRequest {
  id: string;
  code: string;
  /** ISO 8601. */
  createdAt: string;
  lastSeenAt: string;
  /** What the person calls themselves. Untrusted. */
  meta?: Record<string, string>;
}

export interface PairingStoreOptions {
  /** The `credentials` folder of the state directory. */
  dir: string;
  channel: string;
  clock: Clock;
  /** A whole number in [0, max). Default: cryptographic. */
  random?: (max: number) => number;
  normalize?: NormalizeId;
  /** Told when a file was unreadable and set aside. */
  onProblem?: (sentence: string) => void;
}

export interface PairingStore {
  /**
   * Notes that a stranger wrote. `created`: answer with the code, once. `pending`: they have it already. `full`: three
   * others wait, so stay silent. `refused`: an id that cannot be stored.
   */
  request(person: {
    id: string;
    meta?: Record<string, unknown>;
  }): { status: "created" | "pending"; code: string } | { status: "full" | "refused" };
  /** Requests that have not expired, oldest first. */
  pending(): PairingRequest[];
  /** Moves the request's id to the allow list. Undefined: no such code, or it has expired. Letter case is ignored. */
  approve(code: string): PairingRequest | undefined;
  /** Forgets the request; the person may ask again. Undefined: no such code, or it has expired. */
  reject(code: string): PairingRequest | undefined;
  /** Ids approved so far. Read afresh when the file changed, so that the CLI may approve beside a running gateway. */
  allowFrom(): readonly string[];
  /** True when it was not there before. `*` is never stored. */
  allow(id: string): boolean;
  disallow(id: string): boolean;
}

/** Pairing requests and approvals of one channel, in `<channel>-pairing.json` and `<channel>-allowFrom.json`. */
export function createPairingStore(options: PairingStoreOptions): PairingStore {
  const { dir, clock, random = (max) => randomInt(max), normalize = (id) => id, onProblem = () => {} } = options;
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(options.channel)) {
    throw new OpenClawError({
      code: "CHANNEL_ID_INVALID",
      message: `The channel id ${JSON.stringify(options.channel.slice(0, 64))} cannot name a pairing file.`,
      hint: "Channel ids consist of lower-case letters, digits, `_` and `-`.",
    });
  }
  const requests = listFile(join(dir, `${options.channel}-pairing.json`), "requests", readRequest, {
    clock,
    onProblem,
  });
  const allowed = listFile(join(dir, `${options.channel}-allowFrom.json`), "allowFrom", readId, { clock, onProblem });
  const same = (one: string, other: string) => normalize(one) === normalize(other);

  const pending = () => {
    const now = clock.now();
    return requests.read().filter((request) => now - Date.parse(request.createdAt) < TTL_MS);
  };

  function allow(id: string): boolean {
    const normal = normalize(id.trim());
    if (normal === "" || normal === "*" || allowed.read().some((known) => same(known, id))) return false;
    allowed.write([...allowed.read(), normal]);
    return true;
  }

  const find = (code: string) => pending().find((request) => request.code === code.trim().toUpperCase());
  const drop = (gone: PairingRequest) => requests.write(pending().filter((request) => request.code !== gone.code));

  return {
    request({ id, meta = {} }) {
      if (id.trim() === "" || id.length > MAX_TEXT || id.trim() === "*") return { status: "refused" };
      const waiting = pending();
      const now = new Date(clock.now()).toISOString();
      const known = waiting.find((request) => same(request.id, id));
      if (known) {
        requests.write(waiting.map((request) => (request === known ? { ...request, lastSeenAt: now } : request)));
        return { status: "pending", code: known.code };
      }
      if (waiting.length >= MAX_PENDING) return { status: "full" };
      const code = newCode(random, new Set(waiting.map((request) => request.code)));
      const texts = Object.entries(meta).flatMap(([key, value]) =>
        typeof value === "string" ? [[key, value.slice(0, MAX_TEXT)]] : [],
      );
      const request = {
        id,
        code,
        createdAt: now,
        lastSeenAt: now,
        ...(texts.length > 0 && { meta: Object.fromEntries(texts) }),
      };
      requests.write([...waiting, request]);
      return { status: "created", code };
    },
    pending,
    approve(code) {
      const found = find(code);
      if (!found) return undefined;
      // Allowed first: killed in between, the request is still there and can be approved again.
      allow(found.id);
      drop(found);
      return found;
    },
    reject(code) {
      const found = find(code);
      if (found) drop(found);
      return found;
    },
    allowFrom: () => allowed.read(),
    allow,
    disallow(id) {
      const left = allowed.read().filter((known) => !same(known, id));
      if (left.length === allowed.read().length) return false;
      allowed.write(left);
      return true;
    },
  };
}

function newCode(random: (max: number) => number, taken: ReadonlySet<string>): string {
  for (;;) {
    const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET.charAt(random(ALPHABET.length))).join("");
    if (!taken.has(code)) return code;
  }
}

/** A file `{version: 1, <field>: [...]}`. What cannot be read counts as an empty list and is kept beside it. */
function listFile<Item>(
  path: string,
  field: string,
  readItem: (value: unknown) => Item | undefined,
  { clock, onProblem }: { clock: Clock; onProblem: (sentence: string) => void },
) {
  let cached: { stamp: string; items: readonly Item[] } | undefined;
  const stampOf = () => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : "";
  };

  function parse(): readonly Item[] {
    let content: unknown;
    try {
      content = JSON.parse(fs.readFileSync(path, "utf8"));
    } catch (error) {
      if (isObject(error) && error["code"] === "ENOENT") return [];
      if (!(error instanceof SyntaxError)) throw error;
    }
    const list = isObject(content) ? content[field] : undefined;
    if (Array.isArray(list)) return list.flatMap((value: unknown) => readItem(value) ?? []);
    const backup = `${path}.bak.${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, "-")}`;
    fs.copyFileSync(path, backup);
    fs.chmodSync(backup, 0o600);
    onProblem(`${path} is unreadable and counts as empty; the file as it was is ${backup}`);
    return [];
  }

  return {
    read(): readonly Item[] {
      const stamp = stampOf();
      if (cached?.stamp !== stamp) cached = { stamp, items: stamp === "" ? [] : parse() };
      return cached.items;
    },
    write(items: readonly Item[]): void {
      fs.mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
      fs.writeFileSync(`${path}.tmp`, `${JSON.stringify({ version: 1, [field]: items }, null, 2)}\n`, {
        mode: 0o600,
        flush: true,
      });
      fs.renameSync(`${path}.tmp`, path);
      cached = { stamp: stampOf(), items };
    },
  };
}

function readId(value: unknown): string | undefined {
  const id = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  return id === "" || id === "*" ? undefined : id;
}

function readRequest(value: unknown): PairingRequest | undefined {
  if (!isObject(value)) return undefined;
  const { id, code, createdAt, lastSeenAt, meta } = value;
  if (typeof id !== "string" || typeof code !== "string" || typeof createdAt !== "string") return undefined;
  const texts = isObject(meta)
    ? Object.entries(meta).filter((pair): pair is [string, string] => typeof pair[1] === "string")
    : [];
  return {
    id,
    code,
    createdAt,
    lastSeenAt: typeof lastSeenAt === "string" ? lastSeenAt : createdAt,
    ...(texts.length > 0 && { meta: Object.fromEntries(texts) }),
  };
}
