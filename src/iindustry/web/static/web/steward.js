/* Reviewing pairs by keyboard. The page works without this file; with it the next pair stands ready before the key is pressed.

   A press shows the pair that was fetched ahead at once and posts the answer behind it, one at a time and in order. An answer
   that is refused brings its pair back with the reason. Keys go by their place (event.code): on a Thai layout Y types a vowel. */
(function () {
  "use strict";
  var SWITCH = "ii-review-keys";
  var AHEAD = 2; // pairs that stand ready: one for the press, one for the press after it
  var said = document.getElementById("review-said");
  var keys = document.getElementById("review-keys");
  var toggle = document.getElementById("review-switch");
  if (!document.getElementById("review") || !said || !keys || !toggle) return;

  var ahead = {}; // address -> promise of the panel's HTML
  var sending = Promise.resolve(); // answers go one after another
  var asking = false;

  function panel() { return document.getElementById("review"); }
  function on() { try { return window.localStorage.getItem(SWITCH) !== "off"; } catch (_) { return true; } }

  function ask(address, options, shown) {
    var given = options || {};
    given.headers = { "HX-Request": "true" };
    if (shown) given.headers["X-Review-Shown"] = "yes"; // the next pair stands here already: only say what was done
    given.credentials = "same-origin";
    return fetch(address, given).then(function (answer) {
      return answer.text().then(function (html) { return { ok: answer.ok, html: html }; });
    });
  }

  function fetchAhead() {
    var near = panel().dataset;
    if (near.previous) bring(near.previous, 0);
    if (near.next) bring(near.next, AHEAD - 1);
  }

  function bring(address, more) {
    if (!ahead[address]) {
      ahead[address] = ask(address).then(function (answer) { return answer.ok ? answer.html : null; });
      ahead[address].catch(function () { delete ahead[address]; });
    }
    ahead[address].then(function (html) {
      if (html && panel().dataset.next === address) panel().dataset.ready = "yes";
      var found = more && html && read(html);
      if (found && found.dataset.next) bring(found.dataset.next, more - 1);
    }, function () {});
  }

  function read(html) {
    return new DOMParser().parseFromString(html, "text/html").getElementById("review");
  }

  function show(next, words) {
    panel().replaceWith(next);
    asking = false;
    if (next.dataset.here) window.history.replaceState(null, "", next.dataset.here);
    if (words !== undefined) tell(words, false);
    var wrong = next.querySelector(".govuk-error-summary");
    (wrong || next).focus({ preventScroll: !wrong });
    if (!wrong) window.scrollTo(0, 0);
    fetchAhead();
  }

  function tell(words, wrong) {
    said.textContent = words;
    said.classList.toggle("is-wrong", wrong);
  }

  function mark(name) {
    window.requestAnimationFrame(function () {
      window.setTimeout(function () { performance.measure(name, "review:key"); }, 0); // after the frame is drawn
    });
  }

  function go(address, words) {
    performance.mark("review:key");
    var here = panel();
    (ahead[address] || Promise.resolve(null)).then(function (html) {
      var next = html && read(html);
      if (!next || panel() !== here) { if (!next) window.location.assign(address); return; }
      show(next, words);
      mark("review:shown");
    }, function () { window.location.assign(address); });
  }

  function body(form, button) {
    var filled = new FormData(form);
    if (button && button.name) filled.append(button.name, button.value);
    return new URLSearchParams(filled);
  }

  function judge(form, button) {
    if (panel().dataset.busy) return;
    performance.mark("review:key");
    panel().dataset.busy = "yes";
    var here = panel(), address = form.getAttribute("action"), next = here.dataset.next, filled = body(form, button);
    var ready = Boolean(next && ahead[next]);
    var shown = ready ? ahead[next].then(function (html) {
      var found = html && read(html);
      if (!found || panel() !== here) return false;
      show(found, keys.dataset.saving);
      mark("review:shown");
      return true;
    }, function () { return false; }) : Promise.resolve(false);
    sending = sending.then(function () { return ask(address, { method: "POST", body: filled }, ready); }).then(function (answer) {
      return shown.then(function (was) {
        var found = read(answer.html);
        delete ahead[address];
        if (!found) { window.location.assign(address); return; }
        if (!answer.ok) { show(found); return; }
        if (ready && !was && panel() === here) { window.location.assign(next); return; }
        if (!ready) { show(found, found.dataset.told); mark("review:shown"); return; }
        if (!asking) tell(found.dataset.told, false);
      });
    }).catch(function () { sending = Promise.resolve(); window.location.reload(); });
  }

  function undo() {
    performance.mark("review:key");
    var form = panel().querySelector("form[data-way=undo]");
    var address = form.getAttribute("action"), filled = body(form, null);
    sending = sending.then(function () { return ask(address, { method: "POST", body: filled }); }).then(function (answer) {
      var found = answer.ok && read(answer.html);
      if (!found) { tell(keys.dataset.nothing, true); return; }
      ahead = {};
      show(found, found.dataset.told);
      mark("review:undone");
    }).catch(function () { sending = Promise.resolve(); window.location.reload(); });
  }

  function different(button) {
    var form = button.form, chosen = form.querySelector("input[name=why]:checked"), words = form.querySelector("#reason-words");
    if (chosen || words.value.trim()) { judge(form, button); return; }
    asking = true;
    form.classList.add("is-asking");
    tell(keys.dataset.asks, false);
    form.querySelector("input[name=why]").focus();
  }

  function chosen(digit) {
    var form = document.getElementById("review-no"), input = form && form.querySelector("[data-digit='" + digit + "']");
    if (!input) return;
    input.checked = true;
    judge(form, form.querySelector("button"));
  }

  function leave() {
    asking = false;
    panel().querySelectorAll(".is-asking").forEach(function (one) { one.classList.remove("is-asking"); });
    panel().querySelectorAll("input[name=why]:checked").forEach(function (one) { one.checked = false; });
    tell("", false);
    panel().focus();
  }

  function typing(target) {
    return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!panel().contains(event.target) && !keys.contains(event.target)) return;
    if (event.code === "Escape") { if (asking) leave(); return; }
    if (asking && event.code === "Enter" && event.target.name === "why" && event.target.checked) {
      event.preventDefault();
      judge(event.target.form, event.target.form.querySelector("button"));
      return;
    }
    if (!on() || typing(event.target) || event.repeat) return;
    var digit = asking && /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    var button = panel().querySelector("[data-key='" + event.code + "']");
    if (event.code === "Slash") keys.open = !keys.open;
    else if (digit) chosen(digit[1]);
    else if (!panel().contains(event.target)) return;
    else if (event.code === "KeyZ") undo();
    else if (!button) return;
    else if (event.code === "KeyN") different(button);
    else if (button.form) judge(button.form, button);
    else go(button.getAttribute("href"), "");
    event.preventDefault();
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!panel().contains(form) || !form.dataset.way) return;
    if (event.submitter && event.submitter.name === "speak") return; // the language switch: a whole page
    event.preventDefault();
    if (form.dataset.way === "undo") undo();
    else if (event.submitter && event.submitter.value === "no-match") different(event.submitter);
    else judge(form, event.submitter);
  });

  function setSwitch() {
    toggle.setAttribute("aria-pressed", on() ? "true" : "false");
    document.body.classList.toggle("keys-act", on());
  }
  toggle.addEventListener("click", function () {
    try { window.localStorage.setItem(SWITCH, on() ? "off" : "on"); } catch (_) { return; }
    setSwitch();
  });

  keys.hidden = false;
  setSwitch();
  fetchAhead();
  if (!document.querySelector(".govuk-error-summary")) panel().focus({ preventScroll: true });
})();
