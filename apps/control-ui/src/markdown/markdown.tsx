import { lexer } from "marked";
import type { Token, Tokens } from "marked";
import { createElement, memo } from "react";
import type { ReactNode } from "react";
import { CodeBlock } from "./code-block.tsx";
import { maxDepth, renderInline } from "./inline.tsx";
import { isMarked } from "./is-marked.ts";

/** Longer texts are shown as they are: laying them out would stall the page. */
const maxLength = 200_000;

/**
 * Markdown as React elements, made from the parser's tokens. No HTML string is ever built, so there is nothing to
 * sanitise: HTML in the text is shown as text, pictures are links, and links lead only to web pages and mail.
 */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const tokens = parse(text);
  if (!tokens)
    return (
      <p className="md plain" dir="auto">
        {text}
      </p>
    );
  return (
    <div className="md" dir="auto">
      {tokens.map((token, index) => (
        <Block key={index} token={token} raw={token.raw} />
      ))}
    </div>
  );
});

/** While a text streams in, only its last block changes; `raw` says whether this one did. */
const Block = memo(
  function Block({ token }: { token: Token; raw: string }) {
    return renderBlock(token, 0, 0);
  },
  (before, after) => before.raw === after.raw && before.token.type === after.token.type,
);

function parse(text: string): Token[] | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return lexer(text, { gfm: true, breaks: true });
  } catch {
    // Absurd nesting exhausts the parser's stack.
    return undefined;
  }
}

function renderBlocks(tokens: readonly Token[], depth: number): ReactNode[] {
  return tokens.map((token, index) => renderBlock(token, index, depth));
}

function renderBlock(token: Token, key: number, depth: number): ReactNode {
  if (depth > maxDepth || !isMarked(token)) return <p key={key}>{token.raw}</p>;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "paragraph":
      return (
        <p key={key} dir="auto">
          {renderInline(token.tokens, depth)}
        </p>
      );
    case "text":
      return <span key={key}>{renderInline(token.tokens ?? [token], depth + 1)}</span>;
    case "heading":
      // The page's own headings end at level 2.
      return createElement(
        `h${Math.min(token.depth + 2, 6)}`,
        { key, dir: "auto" },
        ...renderInline(token.tokens, depth),
      );
    case "code":
      return <CodeBlock key={key} text={token.text} language={token.lang?.split(/\s/)[0]} />;
    case "blockquote":
      return (
        <blockquote key={key} dir="auto">
          {renderBlocks(token.tokens, depth + 1)}
        </blockquote>
      );
    case "list":
      return <List key={key} token={token} depth={depth} />;
    case "table":
      return <Table key={key} token={token} depth={depth} />;
    case "hr":
      return <hr key={key} />;
    default:
      return (
        <p key={key} className="plain" dir="auto">
          {token.raw.trimEnd()}
        </p>
      );
  }
}

function List({ token, depth }: { token: Tokens.List; depth: number }) {
  const items = token.items.map((item, index) => (
    <li key={index} className={item.task ? "task" : undefined} dir="auto">
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly disabled aria-label="Task" />}
      {renderBlocks(
        item.tokens.filter((part) => part.type !== "checkbox"),
        depth + 1,
      )}
    </li>
  ));
  return token.ordered ? <ol start={token.start || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ token, depth }: { token: Tokens.Table; depth: number }) {
  return (
    <div className="table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" dir="auto">
                {renderInline(cell.tokens, depth + 1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} dir="auto">
                  {renderInline(cell.tokens, depth + 1)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
