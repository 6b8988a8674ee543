// What typedoc does not do by itself: a navigation in the order of docs/README.md, by titles.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Converter, DefaultTheme, ReflectionKind, Renderer } from "typedoc";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The sections of docs/README.md, with the paths of the pages that each lists. */
const sections = readFileSync(join(root, "docs/README.md"), "utf8")
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf("\n")),
    pages: Array.from(section.matchAll(/^- \[.*?\]\((.*?)\)/gm), ([, path]) => join("docs", path)),
  }));

const documentsOf = (project) => project.getReflectionsByKind(ReflectionKind.Document);

/** Where a page lies in the repository: docs/faq.md. */
const pathOf = (project, page) => relative(root, project.files.getReflectionPath(page));

function titleOf({ text }) {
  const [, title] = /^\s*# (.*)\n/.exec(text) ?? [];
  if (title === undefined) throw new Error(`a page does not begin with a title: ${text.slice(0, 80)}`);
  return title;
}

class Pages extends DefaultTheme {
  buildNavigation(project) {
    const pages = new Map(documentsOf(project).map((page) => [pathOf(project, page), page]));
    const link = (path) => {
      const page = pages.get(path);
      if (!page) throw new Error(`docs/README.md lists ${path}, which is no page`);
      return { text: page.name, path: this.router.getFullUrl(page), kind: page.kind };
    };
    const modules = super.buildNavigation(project).filter(({ kind }) => kind === ReflectionKind.Module);
    return sections.map(({ title, pages }) => {
      const children = pages.map(link);
      if (title === "Reference") children.push(...modules);
      return { text: title, children };
    });
  }
}

/** Names of pages in a docstring, as links. */
function linkPages(parts, pages) {
  return parts.flatMap((part) => {
    if (part.kind !== "text") return [part];
    return part.text.split(/(docs\/[\w/-]+\.md)/).map((text) => {
      const target = pages.get(text);
      return target
        ? { kind: "inline-tag", tag: "@link", text: titleOf(target.content[0]), target }
        : { kind: "text", text };
    });
  });
}

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.renderer.defineTheme("pages", Pages);

  // Entry points are named as they are imported, and pages by their paths.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module))
      module.name = module.name.replace(/^src/, "flatward").replace(/\/index$/, "");
    const pages = new Map(documentsOf(project).map((page) => [pathOf(project, page), page]));
    for (const [path, page] of pages) page.name = path.replace(/^docs\/|\.md$/g, "");
    for (const { comment } of Object.values(project.reflections)) {
      if (!comment) continue;
      comment.summary = linkPages(comment.summary, pages);
      for (const tag of comment.blockTags) tag.content = linkPages(tag.content, pages);
    }
  });

  // Files are named after paths; the navigation has titles.
  app.renderer.on(Renderer.EVENT_BEGIN, ({ project }) => {
    for (const page of documentsOf(project)) page.name = titleOf(page.content[0]);
    const [first] = project.readme;
    first.text = first.text.slice(first.text.indexOf("\n")); // typedoc shows the name itself
  });
}
