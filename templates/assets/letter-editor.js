// Optional help for the letter editor: the preview follows what is typed. Without this, the Preview button does the same.

const DEBOUNCE = 400;

function letterEditor(form) {
  const shown = form.querySelector("[data-preview]");
  const said = new Map([...form.querySelectorAll("[data-live]")].map((place) => [place.dataset.live, place]));
  const watched = ["source", "sample", "person"].map((name) => form.elements[name]);
  let timer = 0;
  let asking = null;
  let changed = false;

  // A mistake is said beside its field, with a way to its line.
  function say(name, sentence) {
    const place = said.get(name);
    const field = form.elements[name];
    if (place.firstChild && place.firstChild.textContent === sentence) return;
    place.textContent = "";
    if (!sentence) return;
    const words = document.createElement("span");
    words.textContent = sentence;
    place.append(words);
    const line = /^Line (\d+):/.exec(sentence);
    if (!line) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button--text";
    button.textContent = `Go to line ${line[1]}`;
    button.addEventListener("click", () => goTo(field, Number(line[1])));
    place.append(button);
  }

  function goTo(field, number) {
    const lines = field.value.split("\n");
    const start = lines.slice(0, number - 1).reduce((length, line) => length + line.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[number - 1] || "").length);
    field.scrollTop = (field.scrollHeight / lines.length) * Math.max(0, number - 4);
  }

  async function ask() {
    if (asking) asking.abort();
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await fetch(form.dataset.letterEditor, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        redirect: "manual",
        signal: mine.signal,
      });
      if (answer.status === 422) {
        const { errors } = await answer.json();
        said.forEach((_, name) => say(name, errors[name] || ""));
        shown.classList.add("is-behind");
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      const open = shown.querySelector("details")?.open;
      shown.innerHTML = text;
      if (open) shown.querySelector("details").open = true;
      shown.classList.remove("is-behind");
      said.forEach((_, name) => say(name, ""));
    } catch (error) {
      if (error.name === "AbortError") return;
      shown.classList.add("is-behind");
      say("source", "The preview cannot follow just now. What you have typed is safe here; try Preview in a moment.");
    }
  }

  function later(event) {
    if (event.target.name !== "person") changed = true;
    clearTimeout(timer);
    timer = setTimeout(ask, event.type === "change" ? 0 : DEBOUNCE);
  }

  watched.forEach((field) => field.addEventListener(field.tagName === "SELECT" ? "change" : "input", later));
  form.addEventListener("submit", (event) => {
    if (!event.submitter || !event.submitter.formTarget) changed = false;
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

document.querySelectorAll("[data-letter-editor]").forEach(letterEditor);
