import { DEFAULT_GROUP } from "@openclaw/testkit/telegram";
import { expect, it } from "vitest";
import { connect, never, startEmulator } from "../../test/connect.ts";
import { renderHtml } from "./render-html.ts";

it.each([
  [
    "**b** _i_ ~~s~~ `c<d` ||hidden||",
    "<b>b</b> <i>i</i> <s>s</s> <code>c&lt;d</code> <tg-spoiler>hidden</tg-spoiler>",
  ],
  ["# Title\n\ntext", "<b>Title</b>\n\ntext"],
  ["> quoted\n\nnot", "<blockquote>quoted</blockquote>\n\nnot"],
  ['[x](https://y.z/?a=1&b="2")', '<a href="https://y.z/?a=1&amp;b=&quot;2&quot;">x</a>'],
  ["[x](javascript:alert(1))", "x (javascript:alert(1))"],
  ["```ts\nconst a = 1 < 2;\n```", '<pre><code class="language-ts">const a = 1 &lt; 2;</code></pre>'],
  ['```"><b>\nx\n```', '<pre><code class="language-&quot;&gt;&lt;b&gt;">x</code></pre>'],
  ["<b>not ours</b> & co", "&lt;b&gt;not ours&lt;/b&gt; &amp; co"],
])("%j", (markdown, html) => {
  expect(renderHtml(markdown).html).toBe(html);
});

it("shows tables as the owner wants them", () => {
  const table = "|a|b|\n|-|-|\n|1|2|";
  expect(renderHtml(table).html).toMatch(/^<pre>/);
  expect(renderHtml(table, "bullets").html).toBe("• <b>1</b>: 2");
});

it("arrives as the platform's own entities", async () => {
  const emulator = await startEmulator();
  emulator.inject.group({ text: "/hi" });
  const { connection } = await connect(emulator);
  const text = "**bold _both_** `code` [link](https://x.y)\n\n> quote\n\n```py\nprint()\n```";
  await connection.send(`${DEFAULT_GROUP}`, { id: "1", text }, never);
  const sent = emulator.messages(DEFAULT_GROUP).at(-1);
  expect(sent?.text).toBe("bold both code link\n\nquote\n\nprint()");
  expect(sent?.wire.entities?.map((entity) => entity.type)).toEqual([
    "bold",
    "italic",
    "code",
    "text_link",
    "blockquote",
    "pre",
  ]);
});

it("sends as plain text what grows past the limit when rendered", async () => {
  const emulator = await startEmulator();
  emulator.inject.dm({ text: "hi" });
  const { connection } = await connect(emulator);
  const table = `|${"h".repeat(100)}|b|\n|-|-|\n${"|x|y|\n".repeat(60)}`;
  expect(table.length).toBeLessThan(4000);
  expect(renderHtml(table).length).toBeGreaterThan(4096);
  await connection.send("7001", { id: "1", text: table }, never);
  expect(emulator.messages(7001).at(-1)?.text).toBe(table.trim());
});
