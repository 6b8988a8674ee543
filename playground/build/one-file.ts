import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** What a page may do: run what it brings, and nothing else. */
function policyFor(scripts: readonly string[], styles: readonly string[]): string {
  const hashes = (texts: readonly string[]) =>
    texts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`).join(" ");
  return [
    "default-src 'none'",
    `script-src ${hashes(scripts)} 'wasm-unsafe-eval'`,
    `style-src ${hashes(styles)}`,
    "worker-src blob:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Puts script and style into the page itself, allowed by their hashes alone: it then opens from a folder, too. */
export function oneFile(): Plugin {
  return {
    name: "one-file",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("there is no index.html");
      const scripts: string[] = [];
      const styles: string[] = [];
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue;
        if (file.type === "chunk") scripts.push(`\n${file.code.replaceAll("</script", "<\\/script")}`);
        else if (name.endsWith(".css")) styles.push(`\n${file.source}`);
        else throw new Error(`${name} cannot be put into the page`);
        delete bundle[name];
      }
      const policy = `<meta http-equiv="Content-Security-Policy" content="${policyFor(scripts, styles)}" />`;
      const head = [policy, ...styles.map((text) => `<style>${text}</style>`)].join("\n    ");
      const body = scripts.map((text) => `<script type="module">${text}</script>`).join("\n    ");
      page.source = String(page.source)
        .replace(/\s*<script [^>]*src=.*?<\/script>|\s*<link rel="stylesheet".*?>/g, "")
        .replace('<meta charset="utf-8" />', () => `<meta charset="utf-8" />\n    ${head}`)
        .replace("</body>", () => `  ${body}\n  </body>`);
    },
  };
}
