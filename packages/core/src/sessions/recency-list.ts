interface Node {
  key: string;
  time: number;
  newer?: Node | undefined;
  older?: Node | undefined;
}

/** Keys by time, newest first. Touching costs a step unless clocks disagree; reading costs what is read. */
export interface RecencyList {
  touch(key: string, time: number): void;
  delete(key: string): void;
  newestFirst(): Iterable<string>;
}

export function createRecencyList(): RecencyList {
  const nodes = new Map<string, Node>();
  let newest: Node | undefined;

  function unlink(node: Node): void {
    if (node.newer) node.newer.older = node.older;
    else newest = node.older;
    if (node.older) node.older.newer = node.newer;
    node.newer = undefined;
    node.older = undefined;
  }

  return {
    touch(key, time) {
      const known = nodes.get(key);
      if (known) unlink(known);
      const node: Node = known ?? { key, time };
      node.time = time;
      nodes.set(key, node);
      let newer: Node | undefined;
      let older = newest;
      while (older && older.time > time) {
        newer = older;
        older = older.older;
      }
      node.newer = newer;
      node.older = older;
      if (older) older.newer = node;
      if (newer) newer.older = node;
      else newest = node;
    },
    delete(key) {
      const node = nodes.get(key);
      if (node) unlink(node);
      nodes.delete(key);
    },
    *newestFirst() {
      for (let node = newest; node; node = node.older) yield node.key;
    },
  };
}
