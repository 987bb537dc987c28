// Optional help for pages that already work without it: a live count, a Sign bar, sharing, and small kindnesses in forms.

const number = new Intl.NumberFormat("en-GB");

function each(selector, act) {
  document.querySelectorAll(selector).forEach(act);
}

// The count asks again every 20 to 30 seconds, at a different moment in each browser, and rests while nobody looks.
// It is not a live region: a number that announces itself would talk over the form.
function liveCount(box) {
  const figure = box.querySelector("[data-count-number]");
  const what = box.querySelector("[data-count-what]");
  const next = box.querySelector("[data-count-next]");
  const goalBar = box.querySelector("progress");
  const pause = box.querySelector("[data-count-pause]");
  const goal = Number(box.dataset.goal);
  const idleLimit = 10 * 60 * 1000;
  let shown = Number(box.dataset.count);
  let paused = false;
  let timer = 0;
  let failures = 0;
  let lastTouch = Date.now();

  function show(count) {
    if (count === shown) return;
    shown = count;
    figure.hidden = false;
    figure.parentElement.classList.remove("count__number--none");
    figure.textContent = number.format(count);
    what.textContent = count === 1 ? `person has ${box.dataset.verb}` : `people have ${box.dataset.verb}`;
    goalBar.value = Math.min(100, Math.floor((count / goal) * 100));
    next.textContent = "";
    if (count < goal) {
      const left = document.createElement("strong");
      left.textContent = number.format(goal - count);
      next.append(left, ` to ${number.format(goal)}`);
    } else {
      next.textContent = `${number.format(goal)} reached`;
    }
    each("[data-pledge-target]", (element) => {
      const missing = Number(element.dataset.pledgeTarget) - count;
      element.textContent = missing > 0 ? `${number.format(missing)} more ${missing === 1 ? "is" : "are"} needed.` : "They have.";
    });
    each("[data-signbar-number]", (element) => { element.textContent = number.format(count); });
    box.classList.remove("count--fresh");
    requestAnimationFrame(() => box.classList.add("count--fresh"));
  }

  async function ask() {
    if (paused || document.hidden || Date.now() - lastTouch > idleLimit) { timer = 0; return; }
    try {
      const answer = await fetch(box.dataset.countUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { signature_count: count } = await answer.json();
      if (Number.isInteger(count)) show(count);
      failures = 0;
    } catch {
      failures += 1;
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(ask, (20000 + Math.random() * 10000) * 2 ** Math.min(failures, 4));
  }

  function wake() {
    lastTouch = Date.now();
    if (!timer && !paused && !document.hidden) wait();
  }

  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Let the count run" : "Pause the count";
    clearTimeout(timer);
    timer = 0;
    if (!paused) ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { clearTimeout(timer); timer = 0; } else wake();
  });
  ["pointerdown", "keydown", "scroll"].forEach((kind) => addEventListener(kind, wake, { passive: true }));
  wait();
}

// The bar appears once the whole sheet has gone by, and never lies over whatever has the focus.
function signBar(bar) {
  const sheet = document.querySelector("[data-sign]");
  if (!sheet || !("IntersectionObserver" in window)) return;
  new IntersectionObserver(([entry]) => {
    const gone = !entry.isIntersecting && entry.boundingClientRect.bottom < 0;
    bar.hidden = !gone;
    document.documentElement.classList.toggle("has-signbar", gone);
  }).observe(sheet);
  document.addEventListener("focusin", ({ target }) => {
    if (bar.hidden || bar.contains(target)) return;
    const covered = target.getBoundingClientRect().bottom - bar.getBoundingClientRect().top;
    if (covered > 0) scrollBy(0, covered + 16);
  });
}

function sharing(box) {
  const { shareUrl: url, shareSheet: sheetUrl, shareText: text } = box.dataset;
  const copy = box.querySelector("[data-share-copy]");
  const native = box.querySelector("[data-share-native]");
  const status = box.querySelector("[data-share-status]");
  if (navigator.clipboard) {
    copy.parentElement.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(url);
        status.textContent = "The link is copied.";
      } catch {
        status.textContent = `Copy this link: ${url}`;
      }
    });
  }
  if (navigator.share) {
    native.parentElement.hidden = false;
    native.addEventListener("click", () => navigator.share({ title: document.title, text, url: sheetUrl }).catch(() => {
      status.textContent = "";
    }));
  }
}

function errorSummary(box) {
  box.focus();
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const folded = field.closest("details");
    if (folded) folded.open = true;
    (document.querySelector(`label[for="${field.id}"]`) || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// The words change as one types; they are read out only after a pause, and only near the limit.
function characterCount(group) {
  const limit = Number(group.dataset.maxlength);
  const field = group.querySelector("textarea, input");
  const message = group.querySelector(".govuk-character-count__message");
  const spoken = document.createElement("div");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  message.after(spoken);
  let timer = 0;
  function update() {
    const left = limit - field.value.length;
    const words = left >= 0 ? `${number.format(left)} characters left` : `${number.format(-left)} characters too many`;
    message.textContent = words;
    message.classList.toggle("govuk-error-message", left < 0);
    clearTimeout(timer);
    if (left < limit / 5) timer = setTimeout(() => { spoken.textContent = words; }, 1500);
  }
  field.addEventListener("input", update);
  if (field.value) update();
}

// Three presses of Shift within five seconds, or the button: the page is cleared before the next one loads.
function exitThisPage(box) {
  const link = box.querySelector("a");
  const heard = document.createElement("span");
  heard.className = "govuk-visually-hidden";
  heard.setAttribute("role", "status");
  box.append(heard);
  each("[data-exit-keys]", (element) => { element.hidden = false; });
  let presses = 0;
  let combined = false;
  let timer = 0;
  function leave() {
    document.body.classList.add("govuk-exit-this-page-hide-content");
    const cover = document.createElement("div");
    cover.className = "govuk-exit-this-page-overlay";
    cover.setAttribute("role", "alert");
    cover.textContent = "Loading";
    document.body.append(cover);
    document.title = "Loading";
    location.replace(link.href);
  }
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift" && event.shiftKey) combined = true;
  }, true);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return;
    if (combined) { combined = false; return; }
    presses += 1;
    if (presses >= 3) { leave(); return; }
    heard.textContent = presses === 1 ? "Shift, press 2 more times to exit." : "Shift, press 1 more time to exit.";
    clearTimeout(timer);
    timer = setTimeout(() => { presses = 0; heard.textContent = "Exit this page timed out."; }, 5000);
  }, true);
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

// A long list one can type into: the list itself stays, hidden, and is what the form sends.
function typeAhead(select) {
  const options = [...select.options].filter((option) => option.value);
  if (options.length < 30) return;
  const field = document.createElement("input");
  const list = document.createElement("datalist");
  const heard = document.createElement("p");
  list.id = `${select.id}-list`;
  list.append(...options.map((option) => new Option("", option.textContent.trim())));
  field.className = "govuk-input";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.setAttribute("list", list.id);
  if (select.hasAttribute("aria-describedby")) field.setAttribute("aria-describedby", select.getAttribute("aria-describedby"));
  heard.className = "small quiet";
  heard.setAttribute("role", "status");
  const plain = (words) => words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  const names = new Map(options.map((option) => [plain(option.textContent), option]));
  // The whole name, or the beginning or part of only one.
  function meant(typed) {
    if (!typed) return null;
    const whole = names.get(typed);
    if (whole) return whole;
    const near = [...names.keys()].filter((name) => name.includes(typed));
    return near.length === 1 ? names.get(near[0]) : null;
  }
  function choose() {
    const typed = plain(field.value);
    const option = meant(typed);
    select.value = option ? option.value : "";
    heard.textContent = typed && !option ? "Go on typing, or choose from the list." : "";
  }
  if (select.value) field.value = select.selectedOptions[0].textContent.trim();
  field.addEventListener("input", choose);
  field.addEventListener("change", () => {
    choose();
    if (select.value) field.value = select.selectedOptions[0].textContent.trim();
  });
  select.hidden = true;
  select.after(field, list, heard);
  field.id = select.id;
  select.removeAttribute("id");
}

// The question that the server asks about slips in an address, for one slip, asked while one is still at the field.
function mailHint(box) {
  const field = box.querySelector("input[type='email']");
  const domains = box.dataset.mailDomains.split(" ");
  const real = new Set(box.dataset.mailLookAlikes.split(" "));
  const hint = document.createElement("div");
  hint.className = "mail-hint";
  hint.setAttribute("role", "status");
  box.append(hint);

  // One key too many, one too few, another one, or two that changed places.
  function oneSlip(typed, known) {
    if (typed === known || Math.abs(typed.length - known.length) > 1) return false;
    let at = 0;
    while (at < typed.length && typed[at] === known[at]) at += 1;
    const [rest, other] = [typed.slice(at), known.slice(at)];
    const swapped = rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2);
    return swapped || rest.slice(1) === other.slice(1) || rest.slice(1) === other || rest === other.slice(1);
  }

  function meant(typed) {
    const split = typed.lastIndexOf("@");
    const domain = typed.slice(split + 1).toLowerCase();
    if (split < 1 || domains.includes(domain) || real.has(domain.split(".")[0])) return "";
    const known = domains.find((one) => oneSlip(domain, one));
    return known ? `${typed.slice(0, split)}@${known}` : "";
  }

  function look() {
    const address = meant(field.value.trim());
    hint.textContent = "";
    if (!address) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button--text";
    button.textContent = `Use ${address}`;
    button.addEventListener("click", () => {
      field.value = address;
      field.focus();
      hint.textContent = "Thank you, corrected.";
    });
    hint.append("Is that address right? ", button);
  }

  field.addEventListener("blur", look);
  field.addEventListener("input", () => { hint.textContent = ""; });
}

// A second press of the same button within a second is a slip, not a second signature.
function pressedOnce(form) {
  let last = 0;
  form.addEventListener("submit", (event) => {
    const now = Date.now();
    if (now - last < 1000) event.preventDefault();
    last = now;
  });
}

// While the guard is raised the browser works out a small sum as one types: which number, put after the salt, has this
// SHA-256? It is done a handful at a time, so that the page stays usable; the form goes without it when it is not ready.
function proofOfWork(field) {
  const fresh = 50 * 60 * 1000;
  const handful = 256;
  const encoder = new TextEncoder();
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let begun = false;
  if (!window.crypto || !crypto.subtle) return;

  async function solve({ algorithm, challenge, salt, maxnumber }) {
    for (let from = 0; from <= maxnumber; from += handful) {
      const tried = Array.from({ length: Math.min(handful, maxnumber - from + 1) }, (_, n) => from + n);
      const hashes = await Promise.all(tried.map((n) => crypto.subtle.digest(algorithm, encoder.encode(salt + n))));
      const found = hashes.findIndex((hash) => hex(hash) === challenge);
      if (found >= 0) return from + found;
      await new Promise((resolve) => { setTimeout(resolve); });
    }
    return -1;
  }

  async function prove() {
    try {
      const answer = await fetch(field.dataset.proof, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) return;
      const { algorithm, challenge, salt, signature, maxnumber } = await answer.json();
      const solved = await solve({ algorithm, challenge, salt, maxnumber });
      if (solved >= 0) field.value = btoa(JSON.stringify({ algorithm, challenge, number: solved, salt, signature }));
      setTimeout(prove, fresh);
    } catch {
      field.value = "";
    }
  }

  function begin() {
    if (begun) return;
    begun = true;
    prove();
  }

  if (field.value) begun = true;
  ["focusin", "input"].forEach((kind) => field.form.addEventListener(kind, begin));
  addEventListener("pageshow", (event) => {
    if (event.persisted && begun) { field.value = ""; prove(); }
  });
}

// A letter in the making. A paragraph moves where it stands instead of by a page load; the words of one's own are
// counted as one types; and what was typed is kept after a few seconds of quiet, so that nothing is lost on a bus.
function letterDraft(form) {
  const quietFor = 3000;
  const said = form.querySelector("[data-draft-status]");
  const spoken = form.querySelector("[data-draft-spoken]");
  const link = form.querySelector("[data-draft-link]");
  const token = form.elements.letter;
  let timer = 0;
  let saving = false;
  let stop = new AbortController();
  let changed = false;
  let leaving = false;

  async function save() {
    if (saving || leaving || !changed) return;
    saving = true;
    changed = false;
    const typed = new URLSearchParams(new FormData(form));
    typed.set("stage", "keep");
    try {
      stop = new AbortController();
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body: typed, headers, signal: stop.signal });
      if (answer.status === 404) { over(); return; }
      if (answer.status === 409) { elsewhere(); return; }
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const kept = await answer.json();
      if (leaving) return;
      token.value = kept.letter;
      form.elements.version.value = kept.version;
      link.querySelector("a").href = `${new URL(form.action).pathname}?letter=${kept.letter}`;
      link.hidden = false;
      begun.keep(form, kept.letter);
      const share = kept.own_share ? ` ${kept.own_share}% of the letter is in your own words.` : "";
      said.textContent = `Saved at ${kept.at}. Kept for seven days, for you alone.${share}`;
      // Heard once, and again after trouble: every few seconds would talk over the writing.
      if (spoken.dataset.saved !== "yes") spoken.textContent = said.textContent;
      spoken.dataset.saved = "yes";
    } catch {
      changed = true;
      if (leaving) return;
      said.textContent = "Not saved just now. What you typed is still on this page.";
      spoken.textContent = said.textContent;
      spoken.dataset.saved = "no";
    } finally {
      saving = false;
    }
    if (changed) wait(quietFor * 4);
  }

  // The letter waits for its writer's yes or is on its way, so only a button changes it.
  function over() {
    said.textContent = "What you type here is no longer kept by itself. Press “Read it once more” to change the letter.";
    spoken.textContent = said.textContent;
  }

  // Another tab or device has saved this letter. What is typed here stays; a button shows both.
  function elsewhere() {
    leaving = true;
    said.textContent = "You have changed this letter in another tab or on another device, so this page no longer saves it by itself. What you typed is still here. Press “Save it and go on later” to see both.";
    spoken.textContent = said.textContent;
  }

  function wait(time) {
    clearTimeout(timer);
    timer = setTimeout(save, time);
  }

  function touched() {
    changed = true;
    wait(quietFor);
  }

  form.addEventListener("input", touched);
  // What the button sends is newer than what is being kept, and must not be overtaken by it.
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    stop.abort();
    begun.forget(form);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
  offerToGoOn(form);
  countOwnWords(form);
  const follow = showSoFar(form);
  moveBlocks(form, () => { touched(); follow(); });
}

// On a wide page the letter stands beside the form and follows what is typed; where it is not shown nothing is asked for.
function showSoFar(form) {
  const beside = document.querySelector("[data-so-far]");
  const shown = beside.querySelector(".writing__sheet");
  const wide = matchMedia("(min-width: 64rem)");
  let timer = 0;
  let asking = new AbortController();
  beside.querySelector("button").hidden = true;

  async function look() {
    if (!wide.matches) return;
    asking.abort();
    asking = new AbortController();
    const typed = new URLSearchParams(new FormData(form));
    typed.set("stage", "look");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, signal: asking.signal });
      if (!answer.ok || answer.redirected) return;
      shown.innerHTML = await answer.text();
    } catch { /* It stands as it was last shown. */ }
  }

  function follow() {
    clearTimeout(timer);
    timer = setTimeout(look, 700);
  }

  form.addEventListener("input", follow);
  form.addEventListener("submit", () => { clearTimeout(timer); asking.abort(); });
  wide.addEventListener("change", follow);
  return follow;
}

// The link to a letter opens it for anybody, so it stands in no address: this tab remembers it until it is closed.
const begun = {
  key: (form) => `letter:${new URL(form.action).pathname}`,
  read(form) { try { return sessionStorage.getItem(this.key(form)); } catch { return null; } },
  keep(form, letter) { try { sessionStorage.setItem(this.key(form), letter); } catch { /* The field still has it. */ } },
  forget(form) { try { sessionStorage.removeItem(this.key(form)); } catch { /* It was never kept. */ } },
};

function offerToGoOn(form) {
  const letter = begun.read(form);
  if (!letter || (form.elements.letter && form.elements.letter.value)) return;
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  again.className = "note";
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "token", value: letter });
  const words = Object.assign(document.createElement("p"), { textContent: "You have begun a letter in this tab." });
  const button = Object.assign(document.createElement("button"), {
    type: "submit", name: "press", value: "edit", className: "button--text", textContent: "Go on with it",
  });
  again.append(field, words, button);
  again.addEventListener("submit", () => begun.forget(form));
  const head = form.previousElementSibling;
  if (head.classList.contains("stack")) head.append(again); else form.before(again);
}

function countOwnWords(form) {
  const message = form.querySelector("[data-own-words]");
  const wished = Number(message.dataset.wished);
  const spoken = document.createElement("span");
  const first = message.textContent.trim();
  let timer = 0;
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  message.after(spoken);
  function sentence() {
    let words = 0;
    form.querySelectorAll("[data-own] textarea").forEach((field) => {
      words += (field.value.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) || []).length;
    });
    if (words === 0) return first;
    const have = `${number.format(words)} ${words === 1 ? "word" : "words"} of your own so far.`;
    if (wished && words < wished) return `${have} About ${number.format(wished)} make a letter that gets read; fewer are welcome too.`;
    return words < 10 ? have : `${have} That is what gets read.`;
  }
  form.addEventListener("input", (event) => {
    if (!event.target.closest("[data-own]")) return;
    message.textContent = sentence();
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = message.textContent; }, 2500);
  });
}

function moveBlocks(form, touched) {
  const list = form.querySelector("[data-blocks]");
  const said = form.querySelector("[data-moved]");
  const order = form.elements.order;

  // The first has nothing to move above and the last nothing below; a button that has the focus keeps it by hiding last.
  function tidy() {
    const blocks = [...list.children];
    blocks.forEach((block, place) => {
      const [up, down] = ["up", "down"].map((way) => block.querySelector(`button[value^="${way}:"]`));
      if (up) up.hidden = place === 0;
      if (down) down.hidden = place === blocks.length - 1;
    });
    order.value = blocks.map((block) => block.dataset.block).join(" ");
  }

  // Without a script the page is made again with the buttons it needs; here each paragraph has both from the start.
  list.querySelectorAll(".block__moves").forEach((moves) => {
    const block = moves.closest("[data-block]");
    for (const [way, words] of [["up", "Move up"], ["down", "Move down"]]) {
      if (moves.querySelector(`button[value^="${way}:"]`)) continue;
      const button = moves.querySelector("button").cloneNode(true);
      button.value = `${way}:${block.dataset.block}`;
      button.firstChild.textContent = words;
      if (way === "up") moves.prepend(button); else moves.append(button);
    }
  });
  tidy();

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[value^='up:'], button[value^='down:']");
    if (!button) return;
    event.preventDefault();
    const block = button.closest("[data-block]");
    const up = button.value.startsWith("up:");
    if (up) block.previousElementSibling.before(block); else block.nextElementSibling.after(block);
    tidy();
    const place = [...list.children].indexOf(block);
    (button.hidden ? block.querySelector(".block__moves button:not([hidden])") : button).focus();
    said.textContent = `Now paragraph ${place + 1} of ${list.children.length}.`;
    touched();
  });
}

// The link to the letter carries details over; this form also carries the proof that the mailbox has just been met, which
// no address should hold. A new tab gets the link.
function insteadOfLink(form) {
  form.parentElement.querySelector(`a[href^="${form.getAttribute("action")}"]`).addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

// Addresses are copied out of the bar and sent to friends, and that of the thank-you page is its owner's alone: in its
// place stands the campaign's, which is also where Back leads.
function publicAddress(page) {
  history.replaceState(null, "", page.dataset.address);
}

each("[data-count-url]", liveCount);
each("[data-signbar]", signBar);
each("[data-share-url]", sharing);
each("[data-error-summary]", errorSummary);
each("[data-maxlength]", characterCount);
each("[data-exit]", exitThisPage);
each("[data-mail-domains]", mailHint);
each("select[name='constituency']", typeAhead);
each("[data-proof]", proofOfWork);
each("[data-draft]", letterDraft);
each("[data-begun]", offerToGoOn);
each("[data-address]", publicAddress);
each("[data-instead-of-link]", insteadOfLink);
each("form[method='post']", pressedOnce);
