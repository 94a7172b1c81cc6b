/** A connection that has not proved anything yet. */
interface Candidate {
  /** Client address, as far as it is known. */
  address: string;
  /** Ends the connection at once. */
  evict(): void;
}

export interface AdmissionOptions {
  maxTotal: number;
  maxPerAddress: number;
}

/** Bounds what strangers can hold open. */
export interface Admission {
  readonly size: number;
  /** Takes the candidate in, pushing out another one if need be. The returned function releases the place. */
  admit(candidate: Candidate): () => void;
}

/**
 * A newcomer is never refused: at the limit the oldest candidate of the address that holds most places goes instead.
 * So a crowd that stays silent cannot keep out a client that answers the challenge within milliseconds, not even one
 * from the same address (everybody behind one tunnel has the same).
 */
export function createAdmission({ maxTotal, maxPerAddress }: AdmissionOptions): Admission {
  const byAddress = new Map<string, Set<Candidate>>();
  let size = 0;

  function release(candidate: Candidate): void {
    const group = byAddress.get(candidate.address);
    if (!group?.delete(candidate)) return;
    size -= 1;
    if (group.size === 0) byAddress.delete(candidate.address);
  }

  function evictOldest(group: Set<Candidate> | undefined): void {
    const [oldest] = group ?? [];
    if (!oldest) return;
    release(oldest);
    oldest.evict();
  }

  function largestGroup(): Set<Candidate> | undefined {
    let largest: Set<Candidate> | undefined;
    for (const group of byAddress.values()) if (group.size > (largest?.size ?? 0)) largest = group;
    return largest;
  }

  return {
    get size() {
      return size;
    },
    admit(candidate) {
      if ((byAddress.get(candidate.address)?.size ?? 0) >= maxPerAddress) evictOldest(byAddress.get(candidate.address));
      if (size >= maxTotal) evictOldest(largestGroup());
      const group = byAddress.get(candidate.address) ?? new Set();
      byAddress.set(candidate.address, group.add(candidate));
      size += 1;
      return () => release(candidate);
    },
  };
}
