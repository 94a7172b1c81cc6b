import type { AssistantMessage, Message, Tool } from "@earendil-works/pi-ai";
import { normalizeContext } from "@earendil-works/pi-ai/utils/transcript";
import { createFakeClock } from "@openclaw/testkit";
import { describe, expect, it } from "vitest";
import { createOfflineProvider } from "./index.ts";

// Friday, 20 November 2026, 14:27 in Paris.
const now = Date.UTC(2026, 10, 20, 13, 27);
const provider = createOfflineProvider({ clock: createFakeClock({ now }), timeZone: "Europe/Paris" });

function tool(name: string, ...parameters: string[]): Tool {
  const properties = Object.fromEntries(parameters.map((parameter) => [parameter, { type: "string" }]));
  return { name, description: `Does ${name}. And more.`, parameters: { type: "object", properties } };
}
const tools = [
  tool("read", "path", "offset"),
  tool("write", "path", "content"),
  tool("edit", "path", "old_text", "new_text"),
  tool("exec", "command"),
  tool("memory_search", "query"),
  tool("memory_get", "path"),
  tool("web_fetch", "url"),
  tool("session_status"),
];

const usage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};
function answered(text: string): AssistantMessage {
  return {
    role: "assistant",
    content: [{ type: "text", text }],
    api: "offline-rules",
    provider: "offline",
    model: "rules",
    usage,
    stopReason: "stop",
    timestamp: now,
  };
}
/** An answer stands already, so the introduction is not in the way. */
const before: Message[] = [{ role: "user", content: "ping", timestamp: now }, answered("The earlier answer.")];

async function ask(
  text: string,
  { available = tools, history = before }: { available?: Tool[]; history?: Message[] } = {},
) {
  const messages: Message[] = [...history, { role: "user", content: text, timestamp: now }];
  const stream = await provider.stream(
    provider.model,
    normalizeContext({ systemPrompt: "", tools: available, messages }),
    {},
  );
  const message = await stream.result();
  expect(message.errorMessage).toBeUndefined();
  const calls = message.content.flatMap((part) =>
    part.type === "toolCall" ? [{ name: part.name, ...part.arguments }] : [],
  );
  return { calls, text: message.content.map((part) => (part.type === "text" ? part.text : "")).join("") };
}

const search = (query: string) => ({ name: "memory_search", query });
const read = (path: string) => ({ name: "read", path });
const exec = (command: string) => ({ name: "exec", command });
const get = (url: string) => ({ name: "web_fetch", url });
const today = read("memory/2026-11-20.md");
const cannot = /^I can't do that offline\. The nearest things I can do:\n- .+\n- .+\n- .+$/;

type Expected = { name: string; [argument: string]: string } | RegExp;
const cases: Record<string, [said: string, expected: Expected][]> = {
  memory: [
    ["remember that the spare key is with Anna", today],
    ["Remember: the wifi password is on the fridge.", today],
    ["please remember that Paul likes tea", today],
    ["don't forget that rent is due on the 3rd", today],
    ["remember to buy milk and eggs", today],
    ["note that the meeting moved", today],
    ["make a note that the plumber comes on Monday", today],
    ["jot down the code 4711", today],
    ["save buy new tyres to my notes", today],
    ["/remember the car is on level 3", today],
    ["Retiens que Paul arrive lundi", today],
    ["note: acheter du pain", today],
    ["souviens-toi que le code est 1234", today],
    [
      "my wifi password is hunter2",
      /^I am not sure that I understood\. Say yes to save “my wifi password is hunter2” to your notes\.$/,
    ],
    ["I prefer window seats", /Say yes to save “I prefer window seats”/],
    ["ma voiture est au garage", /Say yes to save/],
    ["what do I know about Lisbon?", search("Lisbon")],
    ["What did I tell you about the dentist?", search("the dentist")],
    ["find my notes about Lisbon", search("Lisbon")],
    ["search my memory for passport", search("passport")],
    ["do you remember the name of my cat?", search("the name of my cat")],
    ["tell me everything you know about Ada", search("Ada")],
    ["notes on taxes", search("taxes")],
    ["when is Anna's birthday?", search("Anna's birthday")],
    ["what's my wifi password?", search("my wifi password")],
    ["/recall passport", search("passport")],
    ["Que sais-tu sur Lisbonne ?", search("Lisbonne")],
    ["cherche dans mes notes sur le dentiste", search("le dentiste")],
    ["où est mon passeport ?", search("mon passeport")],
    ["who is Paul?", search("Paul")],
    ["list my notes", search("*")],
    ["what do you know about me?", search("*")],
    ["montre mes notes", search("*")],
    ["forget the note about the spare key", search("the spare key")],
    ["delete my notes about Lisbon", search("Lisbon")],
    ["oublie le code du portail", search("le code du portail")],
  ],
  reminders: [
    [
      "remind me to call the dentist tomorrow at 9",
      /can't set reminders yet: there is no scheduler.*Say yes to save “call the dentist tomorrow at 9” to your notes/,
    ],
    ["set a timer for 10 minutes", /can't set reminders/],
    ["in 20 minutes remind me to stretch", /can't set reminders/],
    ["rappelle-moi d'appeler Paul", /can't set reminders/],
  ],
  files: [
    ["list files", exec("ls -1Ap -- .")],
    ["What files do I have?", exec("ls -1Ap -- .")],
    ["show me the files in memory/", exec("ls -1Ap -- memory/")],
    ["list the files in Bob's;rm", exec("ls -1Ap -- 'Bob'\\''s;rm'")],
    ["liste les fichiers", exec("ls -1Ap -- .")],
    ["read notes.txt", read("notes.txt")],
    ["can you open the file docs/plan.md please?", read("docs/plan.md")],
    ["what does trip.md say?", read("trip.md")],
    ['show "my file.txt"', read("my file.txt")],
    ["lis notes.txt", read("notes.txt")],
    ["search for invoice in my files", exec("grep -rniIF --exclude-dir=.git -m 20 -e invoice -- .")],
    ["which files mention O'Brien?", exec("grep -rniIF --exclude-dir=.git -m 20 -e 'O'\\''Brien' -- .")],
    ["find budget in notes.txt", read("notes.txt")],
    ["cherche facture dans mes fichiers", exec("grep -rniIF --exclude-dir=.git -m 20 -e facture -- .")],
    ["find the file named budget", exec("find . -not -path '*/.git/*' -iname '*budget*'")],
    ["write buy milk to shopping.txt", read("shopping.txt")],
    ["create a file plan.md with first draft", read("plan.md")],
    ["append call Paul to notes.txt", read("notes.txt")],
    ["add eggs to shopping.txt", read("shopping.txt")],
    ["écris bonjour dans lettre.txt", read("lettre.txt")],
    ["save that to result.md", read("result.md")],
    ["enregistre ça dans resultat.md", read("resultat.md")],
    ["summarise report.md", read("report.md")],
    ["tl;dr report.md", read("report.md")],
    ["résume rapport.md", read("rapport.md")],
    [
      "summarise that",
      /^Extract of the text above \(sentences taken from it, nothing rewritten\):\n- The earlier answer\.$/,
    ],
  ],
  lists: [
    ["add buy milk and eggs to my todo list", read("TODO.md")],
    ["todo: call the plumber", read("TODO.md")],
    ["add milk to the list", read("TODO.md")],
    ["add eggs to my shopping list", read("lists/shopping.md")],
    ["ajoute du pain à ma liste de courses", read("lists/courses.md")],
    ["show my todo list", read("TODO.md")],
    ["what's on my shopping list?", read("lists/shopping.md")],
    ["what do I have to do today?", read("TODO.md")],
    ["mes tâches", read("TODO.md")],
    ["mark buy milk as done", read("TODO.md")],
    ["tick off eggs on my shopping list", read("lists/shopping.md")],
    ["done 2", read("TODO.md")],
    ["coche pain comme fait", read("TODO.md")],
  ],
  time: [
    ["what time is it?", /^It is 14:27 \(Friday, 20 November 2026, Europe\/Paris, GMT\+1\)\.$/],
    ["time in Tokyo", /^It is 22:27 in Tokyo /],
    ["What's the time in New York right now?", /^It is 08:27 in New York /],
    ["what time is it in india", /^It is 18:57 in india /],
    ["Quelle heure est-il à Lisbonne ?", /^It is 13:27 in Lisbonne /],
    ["time in UTC", /^It is 13:27 in UTC /],
    ["what time is it in Atlantis", /^I don't know the time zone of Atlantis/],
  ],
  dates: [
    ["what day is it?", /^Today is Friday, 20 November 2026\.$/],
    ["what's the date today", /^Today is Friday, 20 November/],
    ["what day is 45 days from today", /^Monday, 4 January 2027 \(2027-01-04\)\.$/],
    ["3 weeks ago", /^Friday, 30 October 2026/],
    ["what date is it in 2 months", /^Wednesday, 20 January 2027/],
    ["what is 1 month after 31 January 2027", /^Sunday, 28 February 2027/],
    ["days until 25 December", /^35 days until Friday, 25 December 2026\.$/],
    ["how many days until christmas?", /^35 days until/],
    ["how long until new year", /^42 days until/],
    ["how many weeks until 25 December", /^5 weeks \(35 days\)/],
    ["how many days between 1 March 2026 and 2026-11-20", /^264 days between/],
    ["days since 1 November 2026", /^19 days since/],
    ["what day of the week is 29 February 2028", /^Tuesday, 29 February 2028/],
    ["what day was 14 July 1789", /^Tuesday, 14 July 1789/],
    ["what week is it", /^It is week 47/],
    ["combien de jours avant noël ?", /^35 days until/],
    ["quel jour sommes-nous ?", /^Today is Friday/],
    ["when is next monday", /^Monday, 23 November 2026/],
  ],
  arithmetic: [
    ["what is 15% of 240", /= 36$/],
    ["2+2", /^2\+2 = 4$/],
    ["calculate (3 + 4) * 12", /= 84$/],
    ["2 + 3 * 4 ^ 2", /= 50$/],
    ["-2^2", /= -4$/],
    ["2^3^2", /= 512$/],
    ["1,234.5 + 1 000", /= 2,234\.5$/],
    ["0.1 + 0.2", /= 0\.3$/],
    ["3,5 * 2", /= 7$/],
    ["240 + 15%", /= 276$/],
    ["20% off 80", /= 64$/],
    ["what percent of 80 is 20", /= 25$/],
    ["square root of 144", /= 12$/],
    ["12 squared", /= 144$/],
    ["5!", /= 120$/],
    ["100 divided by 8 minus 2.5", /= 10$/],
    ["17 mod 5", /= 2$/],
    ["sqrt(2) * sqrt(2)", /= 2$/],
    ["max(3, 7, 5)", /= 7$/],
    ["2^100", /^2\^100 ≈ 1\.2676506e\+30$/],
    ["1 / 0", /no finite value/],
    ["combien font 12 fois 8 ?", /= 96$/],
    ["20 pour cent de 50", /= 10$/],
    ["/calc 7*6", /= 42$/],
  ],
  units: [
    ["convert 10 km to miles", /^10 km = 6\.2137119 mi$/],
    ["72 fahrenheit in celsius", /^72 °F = 22\.222222 °C$/],
    ["what is -40°C in F?", /^-40 °C = -40 °F$/],
    ["how many grams are in 3 ounces?", /^3 oz = 85\.048569 g$/],
    ["how many km is 5 miles", /^5 mi = 8\.04672 km$/],
    ["100 km/h to mph", /^100 km\/h = 62\.137119 mph$/],
    ["2 cups in ml", /^2 cup = 473\.17647 ml$/],
    ["convert 1 GiB to MB", /^1 GiB = 1,073\.7418 MB$/],
    ["90 minutes in hours", /^90 min = 1\.5 h$/],
    ["1 acre in square meters", /^1 acres = 4,046\.8564 m²$/],
    ["convertis 5 kg en livres", /^5 kg = 11\.023113 lb$/],
    ["convert 5 kg to miles", /measure different things/],
    ["convert 10 dollars to euros", /can't convert currencies/],
  ],
  web: [
    ["fetch https://example.com/page", get("https://example.com/page")],
    ["https://example.com", get("https://example.com")],
    ["read https://example.com/a.html.", get("https://example.com/a.html")],
    ["what does example.com say?", get("https://example.com")],
    ["ouvre https://example.com", get("https://example.com")],
    ["summarize https://example.com/news", get("https://example.com/news")],
    ["search the web for rust news", /^Web search isn't available/],
  ],
  shell: [
    ["run `ls -la`", exec("ls -la")],
    ["/run git status && echo hi!", exec("git status && echo hi!")],
    ["$ uname -a", exec("uname -a")],
    ["exécute `date`", exec("date")],
    ["run ls -la", /^I am not sure that I understood\. Say yes to run `ls -la`\.$/],
  ],
  status: [
    ["status", { name: "session_status" }],
    ["what's your status?", { name: "session_status" }],
    ["which model are you?", /`offline\/rules`, a set of fixed rules, not a language model/],
    ["who are you", /not a language model/],
    ["help", /What I can do here:/],
    ["what can you do?", /\*\*Memory\*\*/],
    ["aide", /What I can do here:/],
    ["list your tools", /^Tools of this session:\n- `read`: Does read\.\n/],
    ["how do I connect a model?", /three ways to connect/],
    ["add an API key", /\.env/],
    ["how can I use Ollama", /^Install Ollama/],
    ["switch to claude", /ANTHROPIC_API_KEY/],
    ["connecter un modèle", /three ways/],
    ["here is my key sk-abcdefghijklmnopqrstuvwxyz012345", /^That looks like an API key\. I did not use or save it/],
  ],
  "turns nobody typed": [
    [
      "Read HEARTBEAT.md if it exists (workspace context). Follow it strictly. Do not infer or repeat old tasks from prior chats. If nothing needs attention, reply HEARTBEAT_OK.",
      /^HEARTBEAT_OK$/,
    ],
    ["Write lasting notes to memory/2026-11-20.md; reply with NO_REPLY if there is nothing to store.", /^NO_REPLY$/],
  ],
  talk: [
    ["hello", /^Hello\. I follow fixed rules and can't chat/],
    ["Bonjour !", /^Hello\./],
    ["how are you?", /can't chat/],
    ["thanks", /^👍$/],
    ["yes", /^There is nothing waiting for a yes\.$/],
  ],
  "nothing that the rules know": [
    ["tell me a joke", cannot],
    ["write a poem about the sea", cannot],
    ["what is the meaning of life", cannot],
    ["who won the world cup in 1998", cannot],
    ["translate good morning to Japanese", cannot],
    ["explain quantum computing", cannot],
    ["what do you think about politics", cannot],
    ["remember when we went to Rome?", cannot],
    ["how do I make bread", cannot],
    ["is it going to rain tomorrow", cannot],
    ["read my mind", cannot],
    ["run away with me, darling", cannot],
    ["2026-11-20", cannot],
    ["+33 1 23-45-67", cannot],
    ["42", cannot],
    ["-5", cannot],
    ["e", cannot],
    ["what is the capital of France?", cannot],
    ["I have a meeting tomorrow", cannot],
    ["I am fine", cannot],
    ["convert everyone to love", cannot],
    ["process.exit(1)", cannot],
    ["constructor", cannot],
    ["/frobnicate now", /^I don't know the command \/frobnicate\./],
  ],
};

for (const [group, table] of Object.entries(cases))
  describe(group, () => {
    it.each(table)("%s", async (said, expected) => {
      const { calls, text } = await ask(said);
      if (expected instanceof RegExp) {
        expect(text).toMatch(expected);
        expect(calls).toEqual([]);
      } else {
        expect(calls).toMatchObject([expected]);
        expect(calls).toHaveLength(1);
      }
    });
  });

describe("what the gateway puts around a message", () => {
  it.each([
    "[Fri 2026-11-20 13:27 UTC] read notes.txt",
    "[Telegram Alice id:42 +5m 2026-11-20 13:27 UTC] read notes.txt\n[message_id: 5]",
    "[Telegram Family id:-100123 2026-11-20T13:27Z] Alice: read notes.txt\n[from: Alice (42)]\n[message_id: 7]",
    "[Chat messages since your last reply - for context]\n[Telegram X] Bob: list files\n\n[Current message - respond to this]\n[Telegram X id:-1 2026-11-20 13:27 UTC] Alice: @my_bot read notes.txt\n[from: Alice]",
    "System: [2026-11-20 13:20] Node connected\n\n[Fri 2026-11-20 13:27 UTC] read notes.txt",
    "[Telegram Alice id:42 2026-11-20 13:27 UTC] read notes.txt\n\n[Replying to Bob id:4]\nlist files\n[/Replying]\n[message_id: 5]",
    "[media attached: a.png (image/png)]\nread notes.txt",
  ])("%s", async (said) => {
    expect((await ask(said)).calls).toEqual([read("notes.txt")]);
  });

  it("keeps brackets that the person wrote", async () => {
    expect((await ask("[urgent] read notes.txt")).text).toMatch(cannot);
  });

  it("answers each of several queued messages", async () => {
    const { text } = await ask(
      "[Queued messages while agent was busy]\n\n---\nQueued #1\n[Fri 2026-11-20 13:27 UTC] 2+2\n\n---\nQueued #2\n3*3",
    );
    expect(text).toBe("2+2 = 4\n\n3*3 = 9");
  });
});

describe("long and strange messages", () => {
  it.each([
    ["prose", "The quick brown fox jumps over the lazy dog and runs. ".repeat(2_000)],
    ["separators", "list files and ".repeat(90)],
    ["blanks", `remember${" ".repeat(1_400)}x`],
    ["many blanks", `remember${" ".repeat(50_000)}x`],
    ["brackets", "[Replying to [a 2026-11-20 ".repeat(2_000)],
    ["digits", "1,111".repeat(280)],
    ["parentheses", "(".repeat(1_400)],
    ["prepositions", "write x to x in ".repeat(90)],
  ])("are answered at once: %s", async (_name, said) => {
    const start = performance.now();
    await ask(said);
    // A tenth of this is usual; work that grows with the square of the length takes many times more.
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("are still noted whole", async () => {
    const { calls } = await ask(`remember that ${"word ".repeat(2_000)}`);
    expect(calls).toEqual([today]);
  });
});

describe("tools that policy took away", () => {
  it.each([
    ["read notes.txt", "read", /^That needs the `read` tool, which isn't available in this session\.$/],
    ["list files", "exec", /^That needs the `ls` or `exec` tool/],
    ["what do I know about Rome", "memory_search", /`memory_search` tool, which isn't available/],
    ["fetch https://example.com", "web_fetch", /`web_fetch` tool, which isn't available/],
    ["status", "session_status", /`session_status` tool, which isn't available/],
    ["/run ls", "exec", /`exec` or `bash` tool, which isn't available/],
  ])("%s without %s", async (said, missing, expected) => {
    const { text, calls } = await ask(said, { available: tools.filter(({ name }) => name !== missing) });
    expect(text).toMatch(expected);
    expect(calls).toEqual([]);
  });

  it("are named by help, and offered nowhere", async () => {
    const available = [tool("read", "path")];
    const { text } = await ask("help", { available });
    expect(text).toContain("Read a file");
    expect(text).toMatch(
      /Not available in this session, because the tools for it are missing: remember something, .*run a command/,
    );
    expect(text).not.toContain("run `ls -la`");
    expect((await ask("run away with me", { available })).text).not.toContain("`ls");
  });
});
