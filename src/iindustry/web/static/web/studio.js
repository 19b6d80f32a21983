// The studio: which conditions stand open is told to the server, so that a redrawn form keeps them open. Nothing else needs it.
document.addEventListener("toggle", (event) => {
  const one = event.target;
  const kept = document.getElementById("open");
  if (!kept || !one.matches || !one.matches("details[data-id]")) return;
  const ids = new Set(kept.value.split(" ").filter(Boolean));
  if (one.open) ids.add(one.dataset.id);
  else ids.delete(one.dataset.id);
  kept.value = [...ids].join(" ");
}, true);
