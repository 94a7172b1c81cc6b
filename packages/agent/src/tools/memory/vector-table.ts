import type { MemoryStore } from "./memory-store.ts";

/** Finds the nearest of many vectors. All have the same number of dimensions and length 1. */
export interface VectorTable {
  readonly kind: "memory" | "sqlite-vec";
  set(id: string, vector: Float32Array): void;
  delete(id: string): void;
  /** Nearest first, with the cosine. */
  nearest(query: Float32Array, limit: number): { id: string; cosine: number }[];
  readonly size: number;
}

/** Holds the vectors of the store in one block of memory and compares with each: 5,000 take a few milliseconds. */
export function createVectorTable(store: Pick<MemoryStore, "embeddings">, dims: number): VectorTable {
  const ids: string[] = [];
  const places = new Map<string, number>();
  let block = new Float32Array(dims * 256);

  const table: VectorTable = {
    kind: "memory",
    get size() {
      return ids.length;
    },
    set(id, vector) {
      let place = places.get(id);
      if (place === undefined) {
        place = ids.push(id) - 1;
        places.set(id, place);
        if (ids.length * dims > block.length) {
          const larger = new Float32Array(block.length * 2);
          larger.set(block);
          block = larger;
        }
      }
      block.set(vector.subarray(0, dims), place * dims);
    },
    delete(id) {
      const place = places.get(id);
      if (place === undefined) return;
      // The last one takes the free place.
      const last = ids.pop();
      places.delete(id);
      if (last === undefined || last === id) return;
      block.copyWithin(place * dims, ids.length * dims, (ids.length + 1) * dims);
      ids[place] = last;
      places.set(last, place);
    },
    nearest(query, limit) {
      const best: { place: number; cosine: number }[] = [];
      for (let place = 0; place < ids.length; place++) {
        const cosine = dot(block, place * dims, query, dims);
        const last = best.at(-1);
        if (best.length >= limit && last && cosine <= last.cosine) continue;
        // Few are wanted of many, so hardly any gets this far.
        let at = best.length;
        while (at > 0 && best[at - 1]!.cosine < cosine) at--;
        best.splice(at, 0, { place, cosine });
        if (best.length > limit) best.pop();
      }
      return best.flatMap(({ place, cosine }) => {
        const id = ids[place];
        return id === undefined ? [] : [{ id, cosine }];
      });
    },
  };
  for (const { id, vector } of store.embeddings()) if (vector.length === dims) table.set(id, vector);
  return table;
}

/** Both hold at least `dims` values from there on. */
function dot(block: Float32Array, from: number, query: Float32Array, dims: number): number {
  let sum = 0;
  for (let index = 0; index < dims; index++) sum += block[from + index]! * query[index]!;
  return sum;
}
