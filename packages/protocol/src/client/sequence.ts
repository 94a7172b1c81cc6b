/** A hole in the numbers of broadcast events: those from `expected` up to `received` (exclusive) never came. */
export interface SequenceGap {
  expected: number;
  received: number;
}

/** Follows the gateway's event counter. The first number seen is the start: the counter is older than this socket. */
export function createSequence(): (seq: number) => SequenceGap | undefined {
  let last: number | undefined;
  return (seq) => {
    const expected = last === undefined ? seq : last + 1;
    last = seq;
    return seq === expected ? undefined : { expected, received: seq };
  };
}
