// A plot's outline and a tree's place on a Leaflet map without tiles: graticule, scale, and the
// world's borders when one zooms out, all from this page's own files.
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useRef } from "preact/hooks";
import bordersUrl from "world-atlas/countries-50m.json?url";
import { Graticule } from "./graticule.ts";
import { useSpeech } from "./language.tsx";
import type { Ring } from "./model.ts";

const kBordersUpToZoom = 9;
const kPointZoom = 17;

interface PlotMapProps {
  rings: Ring[];
  lat: number | null; // 1e-7 degrees
  lon: number | null;
}

export function PlotMap({ rings, lat, lon }: PlotMapProps) {
  const { say, language } = useSpeech();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!frame.current) return undefined;
    const map = L.map(frame.current, {
      minZoom: 2,
      maxZoom: 21,
      worldCopyJump: true,
      zoomSnap: 0.5,
    });
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(map);
    fit(map, draw(map, rings, lat, lon));
    new Graticule().addTo(map);
    const stopBorders = showBorders(map, say("map_borders"));
    return () => {
      stopBorders();
      map.remove();
    };
  }, [JSON.stringify(rings), lat, lon, language]);
  return <div ref={frame} class="map" role="region" aria-label={say("map_label")} />;
}

function draw(
  map: L.Map,
  rings: Ring[],
  lat: number | null,
  lon: number | null,
): L.LatLngBounds | null {
  let bounds: L.LatLngBounds | null = null;
  if (rings.length > 0) {
    const plot = L.polygon(rings, { className: "plot-outline", weight: 2 }).addTo(map);
    bounds = plot.getBounds();
  }
  if (lat !== null && lon !== null) {
    const place = L.latLng(lat / 1e7, lon / 1e7);
    L.circleMarker(place, { className: "tree-place", radius: 8, weight: 3 }).addTo(map);
    bounds = bounds ? bounds.extend(place) : null;
    if (!bounds) map.setView(place, kPointZoom);
  }
  return bounds;
}

function fit(map: L.Map, bounds: L.LatLngBounds | null): void {
  if (bounds) map.fitBounds(bounds, { padding: [32, 32], maxZoom: 18 });
  else if (!hasView(map)) map.setView([20, 60], 2);
}

function hasView(map: L.Map): boolean {
  try {
    map.getCenter();
    return true;
  } catch {
    return false;
  }
}

/** Fetches the borders when they are first wanted; returns what stops that. */
function showBorders(map: L.Map, attribution: string): () => void {
  let layer: L.Layer | null = null;
  let isWanted = true;
  let isAsked = false;
  const update = async () => {
    if (map.getZoom() > kBordersUpToZoom) return void layer?.remove();
    if (layer) return void layer.addTo(map);
    if (isAsked) return;
    isAsked = true;
    const [{ mesh }, response] = await Promise.all([import("topojson-client"), fetch(bordersUrl)]);
    const atlas = await response.json();
    if (!isWanted) return;
    layer = L.geoJSON(mesh(atlas, atlas.objects.countries), {
      style: { className: "borders", weight: 1, interactive: false },
      attribution,
    });
    if (map.getZoom() <= kBordersUpToZoom) layer.addTo(map);
  };
  map.on("zoomend", update);
  void update();
  return () => {
    isWanted = false;
    map.off("zoomend", update);
  };
}
