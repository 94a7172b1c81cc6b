import { describe, expect, it } from "vitest";
import { parseSkill } from "./parse-skill.ts";
import { readSkillCommand, skillCommands } from "./skill-commands.ts";

function skill(name: string, lines = "") {
  const text = `---\nname: ${name}\ndescription: ${"About it. ".repeat(20)}\n${lines}\n---\n`;
  return parseSkill(text, { filePath: `/skills/${name}/SKILL.md`, source: "openclaw-extra" });
}

describe("commands of skills", () => {
  it("have menu names, numbered where one is taken, and short descriptions", () => {
    const skills = [
      skill("PDF Text"),
      skill("pdf-text"),
      skill("status"),
      skill("x".repeat(50)),
      skill("hidden", "user-invocable: false"),
    ];
    const commands = skillCommands(skills, ["status", "help"]);
    expect(commands.map(({ name }) => name)).toEqual(["pdf_text", "pdf_text_2", "status_2", "x".repeat(32)]);
    for (const { name, description } of commands) {
      expect(name).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(description.length).toBeLessThanOrEqual(100);
    }
  });

  const commands = skillCommands([
    skill("pdf-text"),
    skill("radio", "command-dispatch: tool\ncommand-tool: exec\ncommand-arg-mode: raw"),
  ]);

  it.each([
    ["/pdf_text the bill", "the bill"],
    ["/pdf_text: the bill", "the bill"],
    ["/pdf_text@my_bot the bill", "the bill"],
    ["/skill pdf-text the bill", "the bill"],
    ["/skill PDF_TEXT:  the\nbill ", "the\nbill"],
  ])("read %j", (message, input) => {
    const found = readSkillCommand(message, commands);
    expect(found).toMatchObject({ kind: "prompt", skillName: "pdf-text" });
    expect(found?.kind === "prompt" && found.text).toBe(
      `Follow the skill "pdf-text" (/skills/pdf-text/SKILL.md) for this request.\n\n${input}`,
    );
  });

  it.each(["pdf_text the bill", "/other x", "/skill", "/skill other x", "/skill skill x", "//pdf_text"])(
    "leave %j alone",
    (message) => {
      expect(readSkillCommand(message, commands)).toBeUndefined();
    },
  );

  it("hand the text to a tool without the model where the skill says so", () => {
    expect(readSkillCommand("/radio  play jazz; rm -rf ~", commands)).toEqual({
      kind: "tool",
      skillName: "radio",
      tool: "exec",
      args: { command: "play jazz; rm -rf ~", commandName: "radio", skillName: "radio" },
    });
  });
});
