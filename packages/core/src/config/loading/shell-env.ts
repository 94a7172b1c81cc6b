/** Variables by name; an absent one is undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type LoginShell = (options: { env: Environment; timeoutMs: number }) => Promise<Record<string, string>>;

/** Runs `$SHELL -l -c 'env -0'` and reads what it exports. Rejects when it fails or takes longer than `timeoutMs`. */
export const runLoginShell: LoginShell = async ({ env, timeoutMs }) => {
  const { execFile } = await import("node:child_process");
  const shell = env.SHELL?.startsWith("/") ? env.SHELL : "/bin/sh";
  return new Promise((resolve, reject) => {
    const child = execFile(
      shell,
      ["-l", "-c", "command env -0"],
      { env: { ...env }, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: 4 * 1024 * 1024, encoding: "utf8" },
      (error, stdout) => {
        if (error)
          return reject(
            new Error(
              error.killed
                ? `${shell} took longer than ${timeoutMs} ms.`
                : `${shell} failed with code ${error.code ?? "unknown"}.`,
            ),
          );
        resolve(
          Object.fromEntries(
            stdout
              .split("\0")
              .flatMap((line) =>
                line.includes("=") ? [[line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]] : [],
              ),
          ),
        );
      },
    );
    child.stdin?.end();
  });
};
