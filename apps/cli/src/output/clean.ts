/** Text without control characters and escapes: what a stranger wrote cannot move the cursor. Keeps a leading indent. */
export const clean = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, (run) => (/^\u200d+$/.test(run) ? run : " "));
