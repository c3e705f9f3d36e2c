// The editor of a demo's code: a text area with line numbers. It is loaded when the reader asks for it.

const INDENT = "    ";

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function button(text, onclick) {
  const element = make("button", { type: "button", class: "tl-button" }, text);
  element.addEventListener("click", onclick);
  return element;
}

export class Editor {
  // on: {name, change(text), run(), back()}
  constructor(text, on) {
    this.numbers = make("div", { class: "tl-lines", "aria-hidden": "true" });
    this.area = make("textarea", {
      class: "tl-source",
      "aria-label": `Source of ${on.name}`,
      "aria-describedby": "tl-editor-help",
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    this.area.value = text;
    const help = make("p", { class: "tl-help", id: "tl-editor-help" });
    help.append("Ctrl+Enter runs it. Tab indents; press Escape first to leave with Tab. Your changes stay in this tab.");
    this.element = make(
      "div",
      { class: "tl-editor" },
      make("div", { class: "tl-sheet" }, this.numbers, this.area),
      help,
      make("div", { class: "tl-toolbar" }, button("Run edited", on.run), button("Back to the original", on.back)),
    );
    this.leaving = false; // after Escape, Tab is for moving on
    this.area.addEventListener("input", () => {
      this.mark(null);
      this.count();
      on.change(this.text);
    });
    this.area.addEventListener("scroll", () => (this.numbers.scrollTop = this.area.scrollTop));
    this.area.addEventListener("blur", () => (this.leaving = false));
    this.area.addEventListener("keydown", (event) => this.key(event, on));
    this.count();
  }

  get text() {
    return this.area.value;
  }

  focus() {
    this.area.focus();
    this.area.setSelectionRange(0, 0);
    this.area.scrollTop = 0;
  }

  key(event, on) {
    const { key, shiftKey } = event;
    if (key === "Escape") {
      this.leaving = true;
    } else if (key === "Tab" && !this.leaving && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.indent(shiftKey);
    } else if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      on.run();
    } else if (key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const line = this.text.slice(this.lineStart(this.area.selectionStart), this.area.selectionStart);
      this.type("\n" + line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? INDENT : ""));
    } else if (key !== "Shift") {
      this.leaving = false;
    }
  }

  lineStart(position) {
    return this.text.lastIndexOf("\n", position - 1) + 1;
  }

  // As if typed, so that the browser's own undo takes it back.
  type(text) {
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.dispatchEvent(new Event("input"));
    }
  }

  // Tab inserts spaces at the cursor, or moves all selected lines; Shift+Tab moves them back.
  indent(back) {
    const { selectionStart: from, selectionEnd: to } = this.area;
    if (from === to && !back) return this.type(INDENT);
    const start = this.lineStart(from);
    const next = this.text.indexOf("\n", Math.max(from, to - 1));
    const end = next < 0 ? this.text.length : next;
    const lines = this.text.slice(start, end).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : line && INDENT + line)).join("\n");
    if (moved === lines.join("\n")) return;
    this.area.setSelectionRange(start, end);
    this.type(moved);
    this.area.setSelectionRange(start, start + moved.length);
  }

  count() {
    const lines = this.text.split("\n").length;
    if (this.numbers.children.length === lines) return;
    this.numbers.replaceChildren(...Array.from({ length: lines }, (_, i) => make("span", {}, String(i + 1))));
    this.area.rows = Math.min(lines + 1, 30);
  }

  // Marks the line of an error; null takes the mark away.
  mark(line) {
    for (const number of this.numbers.children) number.classList.remove("tl-wrong-line");
    this.numbers.children[line - 1]?.classList.add("tl-wrong-line");
  }

  goTo(line) {
    const starts = this.text.split("\n").slice(0, line);
    const end = starts.join("\n").length;
    this.area.focus();
    this.area.setSelectionRange(end - starts.at(-1).length, end);
    const height = this.area.scrollHeight / this.numbers.children.length;
    this.area.scrollTop = Math.max(0, (line - 5) * height);
    this.numbers.scrollTop = this.area.scrollTop;
    this.element.scrollIntoView({ block: "nearest" });
  }
}
