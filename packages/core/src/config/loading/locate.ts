import type { ConfigPath } from "../path.ts";
import { entryOf, type SourceNode } from "../source/node.ts";
import { lineColumn } from "../source/scan.ts";
import type { SourceDocument } from "./document.ts";
import { includeNames, includePath } from "./include.ts";

export interface Place {
  file: string;
  line: number;
  column: number;
  /** Where the value's text starts and ends, or its key's. */
  start: number;
  end: number;
}

interface Spot {
  document: SourceDocument;
  node: SourceNode;
  keyStart?: number;
  keyEnd?: number;
}

/** Finds where a value of the merged configuration was written, through includes. */
export class Locator {
  readonly #root: SourceDocument;
  readonly #documents: ReadonlyMap<string, SourceDocument>;
  readonly #homedir: string;

  constructor(root: SourceDocument, documents: ReadonlyMap<string, SourceDocument>, homedir: string) {
    this.#root = root;
    this.#documents = documents;
    this.#homedir = homedir;
  }

  /** Undefined when nothing is written there. */
  find(path: ConfigPath, atKey = false): Place | undefined {
    let spots: Spot[] = this.#spread({ document: this.#root, node: this.#root.root });
    for (const step of path) spots = this.#step(spots, step);
    const spot = spots[0];
    return spot && place(spot, atKey);
  }

  /** The nearest ancestor that is written somewhere; at last the start of the first file. */
  findNearest(path: ConfigPath, atKey = false): Place {
    for (let length = path.length; length > 0; length--) {
      const found = this.find(path.slice(0, length), atKey && length === path.length);
      if (found) return found;
    }
    return place({ document: this.#root, node: this.#root.root }, false);
  }

  /** The node itself and, with `$include`, the included roots, the one that counts most first. */
  #spread(spot: Spot, seen: readonly string[] = []): Spot[] {
    const include = spot.node.kind === "object" ? entryOf(spot.node, "$include") : undefined;
    if (!include) return [spot];
    const names = includeNames(include.value) ?? [];
    const included = names.toReversed().flatMap((name): Spot[] => {
      const file = includePath(name, spot.document.file, this.#homedir);
      const document = this.#documents.get(file);
      return document && !seen.includes(file)
        ? this.#spread({ ...spot, document, node: document.root }, [...seen, file])
        : [];
    });
    return [spot, ...included];
  }

  #step(spots: readonly Spot[], step: string | number): Spot[] {
    const lists = spots.filter((spot) => spot.node.kind === "array").toReversed();
    if (lists.length > 0 && typeof step === "number") {
      let index = step;
      for (const spot of lists) {
        const items = spot.node.kind === "array" ? spot.node.items : [];
        if (index < items.length) return this.#spread({ document: spot.document, node: items[index]! });
        index -= items.length;
      }
      return [];
    }
    return spots.flatMap((spot) => {
      const entry = spot.node.kind === "object" ? entryOf(spot.node, String(step)) : undefined;
      return entry
        ? this.#spread({ document: spot.document, node: entry.value, keyStart: entry.keyStart, keyEnd: entry.keyEnd })
        : [];
    });
  }
}

function place({ document, node, keyStart, keyEnd }: Spot, atKey: boolean): Place {
  const start = atKey && keyStart !== undefined ? keyStart : node.start;
  const end = atKey && keyEnd !== undefined ? keyEnd : node.end;
  return { file: document.file, ...lineColumn(document.text, start), start, end };
}
