import { expect, test } from "vitest";
import { createAnswerView } from "./answer-view.ts";

function screen(interactive: boolean) {
  const written = { out: "", err: "" };
  const terminal = {
    out: (text: string) => void (written.out += `${text}\n`),
    err: (text: string) => void (written.err += `${text}\n`),
    json: () => {},
    write: (text: string) => void (written.out += text),
    interactive,
    columns: 80,
    style: (_code: string, text: string) => text,
  };
  return { written, view: createAnswerView(terminal, { quiet: false }) };
}

const assistant = (text: string) => ["assistant", { text, delta: "" }] as const;

test("a person sees the text grow, once", () => {
  const { written, view } = screen(true);
  view.event(...assistant("Hel"));
  view.event(...assistant("Hello"));
  view.finish([{ text: "Hello" }]);
  expect(written.out).toBe("Hello\n");
});

test("a pipe gets the whole answer at the end", () => {
  const { written, view } = screen(false);
  view.event(...assistant("Hel"));
  expect(written.out).toBe("");
  view.finish([{ text: "Hello" }, { mediaUrl: "/tmp/a.png" }]);
  expect(written.out).toBe("Hello\n/tmp/a.png\n");
});

test("text before and after a tool stands on lines of its own, the tool on standard error", () => {
  const { written, view } = screen(true);
  view.event(...assistant("Let me look."));
  view.event("tool", { phase: "start", name: "exec", args: { command: "ls -la" } });
  view.event("tool", { phase: "result", name: "exec", isError: true });
  view.event(...assistant("Two files."));
  view.finish([{ text: "Two files." }]);
  expect(written.out).toBe("Let me look.\nTwo files.\n");
  expect(written.err).toBe("· exec ls -la\n· exec failed\n");
});

test("what was streamed and then shaped differently is shown as it was delivered", () => {
  const { written, view } = screen(true);
  view.event(...assistant("[[reply]] done"));
  view.finish([{ text: "done" }]);
  expect(written.out).toBe("[[reply]] done\ndone\n");
});

test("an answer cannot send escapes to the terminal", () => {
  const { written, view } = screen(false);
  view.finish([{ text: "a\u001b]52;c;ZXZpbA==\u0007b\n\tc" }]);
  expect(written.out).toBe("a]52;c;ZXZpbA==b\n\tc\n");
});
