// A chart to zoom into, beside the drawing of the page, which stays. Without this module nothing is missing but the dragging.
// The data are those of /api/v1/channels/{gateway}/{channel}/series: days for a long stretch, quarters of an hour for a short one.
const dayMs = 86_400_000;
const mostQuarterDays = 14;

const start = (root) => {
  const { zoom: address, zone, unit, language, failed, label } = root.dataset;
  const whole = { from: root.dataset.from, to: root.dataset.to };
  const status = root.querySelector("[data-zoom-status]");
  const place = root.querySelector("[data-zoom-chart]");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const format = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const dayOf = format({ year: "numeric", month: "short", day: "numeric" });
  const axisDay = format({ month: "short", day: "numeric" });
  const axisHour = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  let plot = null;
  let shown = null;
  let asked = 0;

  const fetchSeries = async (range) => {
    const days = (Date.parse(range.to) - Date.parse(range.from)) / dayMs;
    const step = days <= mostQuarterDays ? "15m" : "1d";
    const answer = await fetch(`${address}?from=${range.from}&to=${range.to}&step=${step}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }

    const series = await answer.json();
    const length = step === "15m" ? 900 : 86_400;
    const first = series.t0 ? Date.parse(series.t0) / 1000 : 0;
    // What was laid out evenly over a gap is a total, not a measured quarter of an hour: it stays a gap.
    const values = series.values.map((value, index) => (step === "15m" && series.q[index] === "A" ? null : value));
    return { step, times: values.map((_, index) => first + index * length), values };
  };

  const draw = (data) => {
    const isShort = data.step === "15m";
    const options = {
      width: Math.max(280, place.clientWidth),
      height: 260,
      legend: { show: true },
      cursor: { y: false, drag: { x: true, y: false, setScale: false } },
      tzDate: (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), zone),
      scales: { x: { time: true } },
      axes: [
        {
          stroke: colour("--soft"),
          grid: { stroke: colour("--grid"), width: 1 },
          ticks: { stroke: colour("--axis"), width: 1 },
          values: (_, splits) => splits.map((second) => {
            const moment = new Date(second * 1000);
            const hour = axisHour.format(moment);
            return hour === "00:00" || !isShort ? axisDay.format(moment) : hour;
          }),
        },
        { stroke: colour("--soft"), size: 64, grid: { stroke: colour("--grid"), width: 1 }, ticks: { stroke: colour("--axis"), width: 1 } },
      ],
      series: [
        { label: label, value: (_, second) => (second == null ? "–" : isShort ? `${dayOf.format(second * 1000)} ${axisHour.format(second * 1000)}` : dayOf.format(second * 1000)) },
        { label: unit, stroke: colour("--use"), width: 1.6, spanGaps: false, points: { show: data.times.length < 60 }, value: (_, value) => (value == null ? "–" : String(Math.round(value * 1000) / 1000)) },
      ],
      hooks: {
        setSelect: [
          (one) => {
            if (one.select.width < 8) {
              return;
            }

            const from = one.posToVal(one.select.left, "x") * 1000;
            const to = one.posToVal(one.select.left + one.select.width, "x") * 1000;
            one.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            void show({ from: isoDay.format(from), to: isoDay.format(to + dayMs) });
          },
        ],
      },
    };
    plot?.destroy();
    plot = new window.uPlot(options, [data.times, data.values], place);
    plot.over.addEventListener("dblclick", () => void show(whole));
  };

  const show = async (range) => {
    const mine = ++asked;
    try {
      const data = await fetchSeries(range);
      if (mine !== asked) {
        return;
      }

      shown = data;
      draw(data);
      status.textContent = `${dayOf.format(Date.parse(`${range.from}T12:00:00Z`))} – ${dayOf.format(Date.parse(`${range.to}T12:00:00Z`) - dayMs)}`;
    } catch {
      status.textContent = failed;
    }
  };

  // A chart of another width is drawn anew, and of other colours too.
  let width = 0;
  new ResizeObserver(() => {
    if (shown && Math.abs(place.clientWidth - width) > 8) {
      width = place.clientWidth;
      draw(shown);
    }
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => shown && draw(shown));
  root.hidden = false;
  width = place.clientWidth;
  void show(whole);
};

if (window.uPlot) {
  document.querySelectorAll("[data-zoom]").forEach(start);
}
