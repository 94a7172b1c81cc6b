// The node-<os>-<cpu> packages publish "os" as a string, which pnpm drops from the lockfile; an array keeps
// one binary per machine instead of three downloads.
const list = (value) => (typeof value === "string" ? [value] : value);

export const hooks = {
  readPackage(pkg) {
    if (/^node-(bin-)?(linux|darwin|win)-/.test(pkg.name ?? "")) {
      if (pkg.os) pkg.os = list(pkg.os);
      if (pkg.cpu) pkg.cpu = list(pkg.cpu);
      if (/-linux-/.test(pkg.name)) pkg.libc = ["glibc"];
    }
    return pkg;
  },
};
