// The page of `careplan preview`: takes each state from /events and shows it.
// Everything that comes from files is set as text, never as HTML.
"use strict";

const part = (id) => document.getElementById(id);
const frame = part("handout");
let shown = null;     // the version in the handout's frame
let printed = null;   // the version whose pages were printed
let state = null;

// The token in the address is spent; it need not stay in the history.
history.replaceState(null, "", "/");

function made(tag, name, ...inside) {
  const element = document.createElement(tag);
  element.className = name;
  element.append(...inside);
  return element;
}

// Where the reader is: the first element that reaches into the window, and how far down it stands.
function place() {
  const page = frame.contentDocument;
  const top = [...page.querySelectorAll("h1, h2, h3, h4, p, li, tr, svg")];
  const first = top.find((one) => one.getBoundingClientRect().bottom > 0);
  if (!first) return null;
  const words = first.textContent;
  const alike = top.filter((one) => one.textContent === words);
  return {
    words, nth: alike.indexOf(first), from: first.getBoundingClientRect().top,
    scroll: page.scrollingElement.scrollTop,
  };
}

function scrollTo(place) {
  const page = frame.contentDocument;
  page.scrollingElement.scrollTop = place.scroll;
  if (place.scroll === 0) return;
  const alike = [...page.querySelectorAll("h1, h2, h3, h4, p, li, tr, svg")]
    .filter((one) => one.textContent === place.words);
  const same = alike[Math.min(place.nth, alike.length - 1)];
  if (same) page.scrollingElement.scrollTop += same.getBoundingClientRect().top - place.from;
}

async function swap(version) {
  const answer = await fetch("/handout");
  if (!answer.ok || state.version !== version) return;
  // The frame's own parser: what it reads may have styles of its own, as the handout has.
  const fresh = new frame.contentWindow.DOMParser().parseFromString(await answer.text(), "text/html");
  const page = frame.contentDocument;
  const before = place();
  page.replaceChild(page.adoptNode(fresh.documentElement), page.documentElement);
  shown = version;
  if (before) scrollTo(before);
  frame.dataset.version = version;
}

// A link would fill the frame with a page from elsewhere; one to the web opens beside this page.
function followLinks() {
  frame.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const to = link.getAttribute("href");
    if (to.startsWith("#")) return;
    event.preventDefault();
    if (to.startsWith("https://") || to.startsWith("http://")) window.open(to, "_blank", "noopener,noreferrer");
  });
}

function problemItem(one) {
  const item = made("li", one.level,
    made("p", "place", one.place),
    made("p", "sentence", made("span", "level", `${one.level}: `), one.sentence, ` [${one.code}]`));
  if (one.excerpt) {
    const lines = made("pre", "excerpt", `${one.excerpt}\n`, made("span", "caret", one.caret));
    lines.tabIndex = 0;
    lines.setAttribute("role", "region");
    lines.setAttribute("aria-label", `The line at ${one.place}`);
    item.append(lines);
  }
  return item;
}

function stopItem(one) {
  return made("li", "stop",
    made("p", "rule", one.rule),
    made("p", "sentence", made("span", "level", "stops this plan: "), one.reason),
    made("p", "help", one.help));
}

function ruleItem(one) {
  return made("li", one.action,
    made("p", "rule", one.rule),
    made("p", "sentence", made("span", "level", `${one.action}: `), one.sentence));
}

function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

// Only what has changed is written, so that a screen reader does not read the rest again.
function say(id, words) {
  if (part(id).textContent !== words) part(id).textContent = words;
}

function show() {
  document.title = `${state.subject}: careplan preview`;
  say("subject", state.subject);
  const parts = [];
  const stops = state.stops.length;
  if (stops) parts.push(`${counted(stops, "safety rule")} ${stops === 1 ? "stops" : "stop"} this plan`);
  for (const level of ["problem", "warning", "note"]) {
    const number = state.problems.filter((one) => one.level === level).length;
    if (number) parts.push(counted(number, level));
  }
  const found = parts.length ? `${parts.join(", ")}.` : "No problems.";
  say("count", state.checked ? found : `${parts.length ? found : ""} Looking through the whole library …`.trim());
  part("stops").replaceChildren(...state.stops.map(stopItem));
  part("problems").replaceChildren(...state.problems.map(problemItem));
  // In a long line the place comes into view.
  for (const caret of document.querySelectorAll(".caret")) {
    const end = caret.offsetLeft + caret.offsetWidth;
    caret.parentElement.scrollLeft = Math.max(0, end - caret.parentElement.clientWidth * 0.8);
  }

  part("rules").hidden = !state.rules.length;
  say("rules-count", `(${state.rules.length})`);
  part("rules-list").replaceChildren(...state.rules.map(ruleItem));

  const old = !state.fresh;
  document.querySelector("main").classList.toggle("old", old);
  part("banner").hidden = !old;
  say("banner", state.version
    ? "This is the last version that worked. What keeps the saved one from being made stands under Problems."
    : "There is no version to show yet. What keeps it from being made stands under Problems.");
  const time = new Date().toLocaleTimeString();
  if (!state.fresh) say("status", `Not updated: ${parts[0] ?? "see the problems"}.`);
  else if (state.checked) say("status", `As saved, ${time}. ${found}`);

  part("print").disabled = !state.version;
  if (printed !== null) {
    say("print", printed === state.version ? "Pages are up to date" : "Print again");
    part("print").disabled = printed === state.version;
  }
}

async function print() {
  part("print").disabled = true;
  say("status", "Printing …");
  const answer = await (await fetch("/pages")).json();
  if (answer.problem) {
    say("status", answer.problem);
    part("print").disabled = false;
    return;
  }
  printed = answer.version;
  part("printed").src = `/handout.pdf?version=${printed}`;
  part("printed").hidden = false;
  part("text").hidden = false;
  // Not hidden altogether: it would lose its scroll place.
  frame.classList.add("away");
  part("text").focus();
  show();
  say("status", `${counted(answer.pages, "printed page")}.`);
}

function backToText() {
  frame.classList.remove("away");
  part("printed").hidden = part("text").hidden = true;
  printed = null;
  part("print").disabled = false;
  say("print", "Show printed pages");
  part("print").focus();
}

part("print").addEventListener("click", print);
part("text").addEventListener("click", backToText);

function listen() {
  const events = new EventSource("/events");
  const over = () => {
    events.close();
    say("status", "The preview has ended. Start careplan preview again.");
    part("print").disabled = true;
  };
  events.addEventListener("end", over);
  events.addEventListener("error", over);
  events.addEventListener("message", async (event) => {
    state = JSON.parse(event.data);
    show();
    if (state.version && state.version !== shown) await swap(state.version);
  });
}

frame.addEventListener("load", followLinks);
if (frame.contentDocument?.readyState === "complete") followLinks();
listen();
