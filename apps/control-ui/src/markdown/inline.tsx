import type { Token } from "marked";
import type { ReactNode } from "react";
import { isMarked } from "./is-marked.ts";
import { decodeEntities } from "./decode-entities.ts";
import { safeHref } from "./safe-href.ts";

/** Deeper nesting than a person writes is shown as its source. */
export const maxDepth = 20;

export function renderInline(tokens: readonly Token[] | undefined, depth: number): ReactNode[] {
  return (tokens ?? []).map((token, index) => renderOne(token, index, depth));
}

function renderOne(token: Token, key: number, depth: number): ReactNode {
  if (depth > maxDepth || !isMarked(token)) return token.raw;
  switch (token.type) {
    case "text":
      return token.tokens ? renderInline(token.tokens, depth + 1) : decodeEntities(token.text);
    case "escape":
      return token.text;
    case "strong":
      return <strong key={key}>{renderInline(token.tokens, depth + 1)}</strong>;
    case "em":
      return <em key={key}>{renderInline(token.tokens, depth + 1)}</em>;
    case "del":
      return <del key={key}>{renderInline(token.tokens, depth + 1)}</del>;
    case "codespan":
      return (
        <code key={key} dir="auto">
          {token.text}
        </code>
      );
    case "br":
      return <br key={key} />;
    case "link":
      return <Link key={key} address={token.href} label={renderInline(token.tokens, depth + 1)} source={token.raw} />;
    case "image":
      // Never loaded: fetching it would tell a stranger that, and when, this was read.
      return <Link key={key} address={token.href} label={`Image: ${token.text || token.href}`} source={token.raw} />;
    default:
      return token.raw;
  }
}

function Link({ address, label, source }: { address: string; label: ReactNode; source: string }) {
  const href = safeHref(address);
  if (href === undefined) return source;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}
