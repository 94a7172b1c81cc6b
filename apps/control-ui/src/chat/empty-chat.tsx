const ideas = [
  "Remember that my bike is in the garage",
  "What is 15% of 240?",
  "What time is it in Tokyo?",
  "List the files in your workspace",
];

/** What to try first. Each of them works with and without a language model. */
export function EmptyChat({
  assistantName,
  offline,
  onTry,
}: {
  assistantName: string;
  offline: boolean;
  onTry: (text: string) => void;
}) {
  return (
    <div className="empty">
      <h2 dir="auto">{assistantName === "Assistant" ? "What can I do for you?" : `${assistantName} is listening`}</h2>
      <p className="muted">
        {offline
          ? "No AI model is connected yet, so answers follow fixed rules. These work:"
          : "Write below, or try one of these:"}
      </p>
      <ul className="ideas">
        {ideas.map((idea) => (
          <li key={idea}>
            <button type="button" onClick={() => onTry(idea)}>
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
