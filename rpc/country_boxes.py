#!/usr/bin/env python3
"""Writes country_boxes.inc: where the parts of each country lie, in tenths of a degree, rounded outwards.

    python3 rpc/country_boxes.py explorer/node_modules/world-atlas/countries-10m.json \
        /usr/share/iso-codes/json/iso_3166-1.json > rpc/country_boxes.inc

Borders: Natural Earth 4.1.0 (public domain) as world-atlas 2.0.2 redistributes it. Codes: ISO 3166-1 as Debian's iso-codes
lists them. Parts of a country whose boxes come within two degrees of each other share one box.
"""
import json
import math
import sys

GAP = 20  # tenths of a degree


def positions(topology, arc):
    """The positions of an arc in degrees; topojson stores differences on a lattice."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    for dx, dy in topology["arcs"][arc if arc >= 0 else ~arc]:
        x, y = x + dx, y + dy
        yield x * sx + tx, y * sy + ty


def box_of(topology, polygon):
    points = [p for arc in polygon[0] for p in positions(topology, arc)]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    down = lambda v: max(math.floor(v * 10), -1800)
    up = lambda v: min(math.ceil(v * 10), 1800)
    return [down(min(lats)), down(min(lons)), up(max(lats)), up(max(lons))]


def near(a, b):
    return a[0] - GAP <= b[2] and b[0] - GAP <= a[2] and a[1] - GAP <= b[3] and b[1] - GAP <= a[3]


def joined(boxes):
    boxes = sorted(boxes)
    while True:
        pair = next(((i, j) for i in range(len(boxes)) for j in range(i) if near(boxes[i], boxes[j])), None)
        if pair is None:
            return sorted(boxes)
        i, j = pair
        a, b = boxes.pop(i), boxes.pop(j)
        boxes.append([min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])])


def main(atlas, iso):
    topology = json.load(open(atlas))
    alpha = {row["numeric"]: row["alpha_2"] for row in json.load(open(iso))["3166-1"]}
    parts = {}
    for country in topology["objects"]["countries"]["geometries"]:
        code = alpha.get(country.get("id"))
        if code is None:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        parts.setdefault(code, []).extend(box_of(topology, polygon) for polygon in polygons)
    print("// Where the parts of each country lie: {code, south, west, north, east} in tenths of a degree,")
    print("// rounded outwards. Natural Earth 4.1.0 (public domain); written by country_boxes.py.")
    line = ""
    for code in sorted(parts):
        for box in joined(parts[code]):
            row = '{"%s", %d, %d, %d, %d},' % (code, *box)
            if len(line) + len(row) + 1 > 100:
                print(line)
                line = ""
            line += (" " if line else "") + row
    print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
