import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";

const render = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

test("what assistants write becomes elements", () => {
  const html = render(
    "# Title\n\nSome **bold**, *soft* and `code`.\n\n- one\n- [x] two\n\n1. first\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nlet x = 1 < 2;\n```",
  );
  for (const part of [
    "<h3",
    "<strong>bold</strong>",
    "<em>soft</em>",
    '<code dir="auto">code</code>',
    "<li",
    "checkbox",
    '<ol start="1">',
    "<blockquote",
    "<th",
    "let x = 1 &lt; 2;",
  ]) {
    expect(html).toContain(part);
  }
  expect(html).toContain("<span>ts</span>");
});

test("character references are text", () => {
  expect(render("AT&amp;T &lt;b&gt; &#x41; &unknown;")).toContain("AT&amp;T &lt;b&gt; A &amp;unknown;");
});

const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "text <svg/onload=alert(1)> more",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java&#10;script:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:msgbox(1))",
  "[x](file:///etc/passwd)",
  "<javascript:alert(1)>",
  "[x]: javascript:alert(1)\n\n[x]",
  "![x](javascript:alert(1))",
  "![x](https://tracker.example/pixel.png)",
  '[x](https://a.example" onmouseover="alert(1))',
  '```"><script>alert(1)</script>\nx\n```',
  "&lt;script&gt;alert(1)&lt;/script&gt;",
];

test.each(hostile)("hostile text stays text: %s", (text) => {
  const html = render(text);
  const tags = [...html.matchAll(/<([a-z0-9]+)([^>]*)>/g)];
  for (const [, name, attributes] of tags) {
    expect(["div", "p", "a", "span", "figure", "figcaption", "button", "pre", "code", "svg", "path", "rect"]).toContain(
      name,
    );
    expect(attributes).not.toMatch(/\son\w+\s*=(?=[^"]*$)/);
    const href = /href="([^"]*)"/.exec(attributes ?? "")?.[1];
    if (href !== undefined) expect(href).toMatch(/^(?:https?:|mailto:)/);
  }
  expect(html).not.toMatch(/<(?:script|img|iframe)/);
});

test("a link opens apart, without telling the page where it came from", () => {
  expect(render("[docs](https://example.org/a?b=c&d=e)")).toContain(
    '<a href="https://example.org/a?b=c&amp;d=e" target="_blank" rel="noopener noreferrer nofollow">docs</a>',
  );
});

test("absurd nesting and length are shown as they came", () => {
  expect(render("> ".repeat(20_000) + "deep")).toContain("deep");
  expect(render("[".repeat(5_000))).toContain("[[[");
  expect(render("x".repeat(300_000))).toContain("plain");
});
