// Lines of latitude and longitude over a Leaflet map, redrawn with every move; the page has no
// tiles.
import L from "leaflet";

const kSteps = [
  30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001,
];
const kLinesWanted = 5;

export class Graticule extends L.LayerGroup {
  override onAdd(map: L.Map): this {
    super.onAdd(map);
    map.on("moveend zoomend resize", this.#draw, this);
    this.#draw();
    return this;
  }

  override onRemove(map: L.Map): this {
    map.off("moveend zoomend resize", this.#draw, this);
    return super.onRemove(map);
  }

  #draw(): void {
    const map = this._map as L.Map | undefined;
    if (!map) return;
    this.clearLayers();
    const bounds = map.getBounds();
    const span = Math.max(
      bounds.getEast() - bounds.getWest(),
      bounds.getNorth() - bounds.getSouth(),
    );
    const step = kSteps.findLast((s) => span / s <= kLinesWanted) ?? kSteps[0]!;
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    for (const lat of multiples(
      Math.max(bounds.getSouth(), -85),
      Math.min(bounds.getNorth(), 85),
      step,
    )) {
      this.#line([
        [lat, bounds.getWest()],
        [lat, bounds.getEast()],
      ]);
      this.#label([lat, bounds.getWest()], degrees(lat, digits, "N", "S"), "graticule-lat");
    }
    for (const lon of multiples(bounds.getWest(), bounds.getEast(), step)) {
      this.#line([
        [bounds.getSouth(), lon],
        [bounds.getNorth(), lon],
      ]);
      this.#label([bounds.getSouth(), lon], degrees(lon, digits, "E", "W"), "graticule-lon");
    }
  }

  #line(ends: L.LatLngExpression[]): void {
    this.addLayer(L.polyline(ends, { className: "graticule", weight: 1, interactive: false }));
  }

  #label(at: L.LatLngExpression, text: string, className: string): void {
    const icon = L.divIcon({
      className: `graticule-label ${className}`,
      html: text,
      iconSize: [0, 0],
    });
    this.addLayer(L.marker(at, { icon, interactive: false, keyboard: false }));
  }

  // Leaflet keeps the map here.
  declare protected _map: L.Map;
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function degrees(value: number, digits: number, plus: string, minus: string): string {
  const wrapped = ((value + 540) % 360) - 180;
  return `${Math.abs(wrapped).toFixed(digits)}° ${wrapped < 0 ? minus : plus}`;
}
