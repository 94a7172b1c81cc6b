const FIRST_BLOCK = 64 * 1024;
const LARGEST_BLOCK = 4 * 1024 * 1024;

/**
 * The non-empty lines of a file from its end to its start, reading no more than the caller consumes (in blocks that
 * grow from 64 KB to 4 MB). `offset` is the byte at which the line starts.
 */
export function* linesBackwards(
  read: (position: number, length: number) => Buffer,
  end: number,
): Generator<{ offset: number; line: Buffer }> {
  let position = end;
  let block = FIRST_BLOCK;
  let carry: Buffer[] = [];
  while (position > 0) {
    const length = Math.min(block, position);
    position -= length;
    const bytes = read(position, length);
    let stop = bytes.length;
    for (let at = bytes.lastIndexOf(10); at >= 0; at = at > 0 ? bytes.lastIndexOf(10, at - 1) : -1) {
      const line = Buffer.concat([bytes.subarray(at + 1, stop), ...carry]);
      carry = [];
      stop = at;
      if (line.length > 0) yield { offset: position + at + 1, line };
    }
    carry.unshift(bytes.subarray(0, stop));
    block = Math.min(block * 2, LARGEST_BLOCK);
  }
  const first = Buffer.concat(carry);
  if (first.length > 0) yield { offset: 0, line: first };
}
