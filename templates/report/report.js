"use strict";
(() => {
  const form = document.getElementById("filter");
  let filter = () => {};
  const clear = () => {
    form?.reset();
    filter();
  };
  const unfold = (id) => {
    const target = id && document.getElementById(id);
    // What the filter hides cannot be shown: a link to it clears the filter.
    if (target?.closest("[hidden]")) clear();
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    if (target) target.scrollIntoView();
  };
  const follow = () => unfold(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", follow);
  // A second click on a link changes no hash.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) unfold(link.getAttribute("href").slice(1));
  });
  if (!form) return follow();
  form.hidden = false;
  const byId = (id) => document.getElementById(id);
  const [search, rule, release] = ["search", "rule", "release"].map(byId);
  const findings = [...document.querySelectorAll("details.finding")].map((element) => ({
    element,
    text: element.textContent.toLowerCase().replace(/\s+/g, " "),
    releases: element.dataset.releases.split(" "),
  }));
  filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const checked = [...form.querySelectorAll("input[name=severity]:checked")];
    const severities = new Set(checked.map((box) => box.value));
    let shown = 0;
    for (const { element, text, releases } of findings) {
      const matches = severities.has(element.dataset.severity)
        && (!rule || !rule.value || rule.value === element.dataset.rule)
        && (!release || !release.value || releases.includes(release.value))
        && words.every((word) => text.includes(word));
      element.hidden = !matches;
      shown += matches;
    }
    byId("none").hidden = shown > 0;
    byId("count").textContent = shown === findings.length ? `${shown} shown` : `${shown} of ${findings.length} shown`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("unfold").addEventListener("click", () => {
    const shown = findings.filter(({ element }) => !element.hidden);
    const open = shown.some(({ element }) => !element.open);
    for (const { element } of shown) element.open = open;
    byId("unfold").textContent = open ? "fold all" : "unfold all";
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
    }
  });
  filter();
  follow();
})();
