/**
 * What people say when they mean one of these rules, for comparison by meaning. Only rules that need nothing but the
 * wish itself, and change nothing: what is meant is likely, never certain.
 */
export const meanings: Readonly<Record<string, readonly string[]>> = {
  "memory.list": [
    "list my notes",
    "what do you know about me",
    "show me everything I told you",
    "what have you remembered so far",
  ],
  "lists.show": [
    "show my todo list",
    "what do I still have to do",
    "what is left to do today",
    "which tasks are open",
    "what is on my plate",
  ],
  "files.list": [
    "list files",
    "which documents are there",
    "show me the contents of the folder",
    "what is in my workspace",
  ],
  "exact.time": ["what time is it", "tell me the current time", "do you have the time"],
  "status.session": ["show the status of this session", "how are you set up right now", "is everything running"],
  "status.model": ["which model are you", "are you a real AI", "what kind of bot is this"],
  "status.connect": [
    "how do I connect a language model",
    "I want to talk to a real AI",
    "make yourself smarter",
    "where do I put my API key",
  ],
  "status.help": [
    "what can you do",
    "how can you help me",
    "I do not know what to ask",
    "give me some ideas of what to say",
  ],
  "status.tools": ["which tools do you have", "what are you able to use"],
};

/** Asked with the whole text when nothing else understands it. */
export const lastResort = "memory.answer";
