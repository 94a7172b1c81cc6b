/** Text of several lines without escapes and other control characters; line breaks and tabs stay. */
export const cleanLines = (text: string): string =>
  text.replaceAll(/(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "");
