"""Writes geometry.json from docs/geometry.md alone: a second implementation of the integer plane.

python3 tests/vectors/geometry.py > tests/vectors/geometry.json
The unit tests of consensus/ledger/geometry hold the C++ code to that file.
"""

import json
import random
from fractions import Fraction
from math import isqrt

R, E2, B, A = 2160612962779783726, 7718094650643697, 4962811132756636116, 821392862831673708
ONE = 1 << 60
HECTARE = 10_000


def product(left, right):
    return (left * right) >> 60


def sine(lat):
    angle = (abs(lat) * R) >> 30
    squared, total = product(angle, angle), ONE
    for k in range(11, 0, -1):
        total = ONE - product(squared, total) // (2 * k * (2 * k + 1))
    return product(angle, total)


def project(position):
    lat, lon = position
    s = sine(lat)
    v, total = product(E2, product(s, s)), 0
    for n in range(7, -1, -1):
        total = ONE * (n + 1) // (2 * n + 1) + product(total, v)
    y = (product(s, total) * B + (1 << 75)) >> 76
    return lon, (y if lat >= 0 else -y)


def scale(lat):
    s = sine(min(abs(lat), 850_000_000))
    squared = product(s, s)
    ratio = ((ONE - squared) << 60) // (ONE - product(E2, squared))
    per_x = (isqrt(ratio << 60) * A) >> 76
    return per_x, (1 << 90) // per_x


def rounded(value, bits):
    size = (abs(value) + (1 << (bits - 1))) >> bits
    return size if value >= 0 else -size


def vector(lat, dx, dy):
    per_x, per_y = scale(lat)
    return rounded(dx * per_x, 40), rounded(dy * per_y, 60)


def edges(rings):
    for ring in rings:
        points = [project(p) for p in ring]
        yield from zip(points, points[1:])


def doubled_area(rings):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in edges(rings))


def area(rings):
    return max(0, (doubled_area(rings) + (1 << 30)) >> 31)


def height(a, b, x):
    return a[1] + Fraction((b[1] - a[1]) * (x - a[0]), b[0] - a[0])


def overlap(left, right):
    """The exact common area, rounded half up once; docs/geometry.md bounds how far terms stray."""
    total = Fraction(0)
    for a, b in edges(left):
        for c, d in edges(right):
            west = max(min(a[0], b[0]), min(c[0], d[0]))
            east = min(max(a[0], b[0]), max(c[0], d[0]))
            if west >= east:
                continue
            first = height(a, b, west), height(a, b, east)
            second = height(c, d, west), height(c, d, east)
            gaps = first[0] - second[0], first[1] - second[1]
            lower = min(first[0], second[0]) + min(first[1], second[1])
            term = lower * (east - west)
            if gaps[0] * gaps[1] < 0:
                cut = Fraction(abs(gaps[0]), abs(gaps[0]) + abs(gaps[1]))
                crossing = west + cut * (east - west)
                middle = height(a, b, 0) + (height(a, b, 1) - height(a, b, 0)) * crossing
                term = (min(first[0], second[0]) + middle) * (crossing - west)
                term += (min(first[1], second[1]) + middle) * (east - crossing)
            total += term if (a[0] < b[0]) == (c[0] < d[0]) else -term
    return max(0, (total + (1 << 30)) // (1 << 31))


def square(centre, square_metres):
    lat, lon = centre
    per_x, _ = scale(lat)
    width = ((isqrt(square_metres << 20) << 40) + per_x // 2) // per_x
    height_y = ((square_metres << 30) + width // 2) // width
    middle = max(-850_000_000, min(850_000_000, lat))
    slope = project((middle + 4096, 0))[1] - project((middle - 4096, 0))[1]
    tall = (height_y * 8192 + slope // 2) // slope
    west, south = lon - width // 2, lat - tall // 2
    east, north = west + width, south + tall
    return [[[south, west], [south, east], [north, east], [north, west], [south, west]]]


def comes_within(rings, position, metres):
    """For positions outside: whether a boundary edge comes so near."""
    here, reach = project(position), metres * 1024

    def seen(point):
        return vector(position[0], point[0] - here[0], point[1] - here[1])

    for a, b in edges(rings):
        start, end = seen(a), seen(b)
        east, north = end[0] - start[0], end[1] - start[1]
        along, length = -(start[0] * east + start[1] * north), east**2 + north**2
        nearest = start if along <= 0 else end
        if 0 < along < length:
            if (start[0] * north - start[1] * east) ** 2 <= reach**2 * length:
                return True
        elif nearest[0] ** 2 + nearest[1] ** 2 <= reach**2:
            return True
    return False


def metres_away(rings, position):
    return next(m for m in range(16_385) if comes_within(rings, position, m))


def star(rng, centre, points, reach):
    """A ring around its centre; ascending angles keep it simple and counter-clockwise."""
    circle = [(1000, 0), (809, 588), (309, 951), (-309, 951), (-809, 588),
              (-1000, 0), (-809, -588), (-309, -951), (309, -951), (809, -588)]
    ring = []
    for east, north in circle[:: 10 // points if points in (5, 10) else 1]:
        size = rng.randrange(reach // 2, reach)
        ring.append([centre[0] + north * size // 1000, centre[1] + east * size // 1000])
    return ring + ring[:1]


def box(south, west, north, east):
    return [[south, west], [south, east], [north, east], [north, west], [south, west]]


def outside(rings):
    """Positions beyond every vertex of the outer ring, near and farther off."""
    lats, lons = [p[0] for p in rings[0]], [p[1] for p in rings[0]]
    return [[max(lats) + 70, lons[0]], [min(lats) - 1_000, min(lons) - 1_500],
            [lats[1], max(lons) + 20_000]]


def verdicts():
    outer = box(0, 0, 10_000, 10_000)
    hole = box(2_000, 2_000, 4_000, 4_000)[::-1]
    bow = [[0, 0], [10_000, 10_000], [0, 10_000], [10_000, 1_000], [0, 0]]
    touch = [[0, 0], [0, 9_000], [9_000, 9_000], [0, 4_000], [9_000, 0], [0, 0]]
    spike = [[0, 0], [0, 9_000], [0, 12_000], [0, 11_000], [9_000, 0], [0, 0]]
    plain = {
        "too_many_holes": [outer] + [hole] * 9,
        "too_few_positions": [[[0, 0], [0, 9], [0, 0]]],
        "not_closed": [outer[:-1] + [[1, 1]]],
        "near_pole": [box(849_999_000, 0, 850_000_001, 9_000)],
        "crosses_antimeridian": [box(0, 1_799_990_000, 9_000, 1_800_000_000)],
        "repeated_vertex": [[[0, 0], [0, 9], [9, 9], [0, 9], [0, 0]]],
        "zero_area": [[[5, 0], [5, 9], [5, 4], [5, 0]]],
        "self_intersection": [bow],
        "wrong_winding": [outer[::-1]],
        "hole_outside": [outer, box(20_000, 0, 30_000, 9)[::-1]],
        "holes_cross": [outer, hole, box(3_000, 3_000, 5_000, 5_000)[::-1]],
    }
    cases = [(name, name, rings) for name, rings in plain.items()]
    cases += [
        ("no ring", "too_few_positions", []),
        ("a ring that touches itself", "self_intersection", [touch]),
        ("a spike", "self_intersection", [spike]),
        ("less than half a square metre", "zero_area", [box(0, 0, 6, 6)]),
        ("an edge over more than 180 degrees", "crosses_antimeridian",
         [box(0, -900_000_001, 9_000, 900_000_000)]),
        ("a clockwise hole is asked for", "wrong_winding", [outer, hole[::-1]]),
        ("a hole that touches the outer ring", "hole_outside",
         [outer, [[0, 5_000], [2_000, 4_000], [2_000, 6_000], [0, 5_000]]]),
        ("a hole in a hole", "holes_cross",
         [outer, hole, box(2_500, 2_500, 3_000, 3_000)[::-1]]),
        ("two holes that touch", "holes_cross",
         [outer, hole, box(4_000, 4_000, 5_000, 5_000)[::-1]]),
    ]
    return [{"name": name, "refusal": refusal, "rings": rings} for name, refusal, rings in cases]


def main():
    rng = random.Random(277)
    places = [[lat, lon] for lat in (0, 1, -1, 10**7, 394_567_891, 492_570_000, -337_000_000,
                                     850_000_000, -850_000_000, 900_000_000, -900_000_000)
              for lon in (0, -1_800_000_000, 1_031_234_567)]
    places += [[rng.randrange(-850_000_000, 850_000_001),
                rng.randrange(-1_799_999_999, 1_800_000_000)] for _ in range(64)]
    centres = [[394_500_000, 1_020_000_000], [-12_345_678, 367_000_000],
               [492_500_000, -1_231_000_000], [630_557_566, 270_287_275],
               [-830_000_000, -1_700_000_000], [0, 0]]
    polygons = [[star(rng, c, n, reach)] for c in centres
                for n, reach in ((5, 9_000), (10, 120_000), (10, 9_000_000))]
    polygons += [[box(c[0], c[1], c[0] + 50_000, c[1] + 70_000),
                  box(c[0] + 9_000, c[1] + 9_000, c[0] + 30_000, c[1] + 20_000)[::-1]]
                 for c in centres]
    pairs = []
    for rings in polygons:
        for shift in ([3_000, 2_000], [-20_000, 11_111], [0, 50_000]):
            moved = [[[lat + shift[0], lon + shift[1]] for lat, lon in ring] for ring in rings]
            pairs.append((rings, moved))
    pairs += [(a, b) for a in polygons[:3] for b in polygons[18:19]]
    golden = {
        "projection": [{"position": p, "plane": list(project(p))} for p in places],
        "scale": [{"lat": p[0], "difference": [2**28, -(2**43)],
                   "vector": list(vector(p[0], 2**28, -(2**43)))} for p in places],
        "areas": [{"rings": rings, "m2": area(rings)} for rings in polygons],
        "refusals": verdicts(),
        "reaches": [{"rings": rings, "position": p, "metres": metres_away(rings, p)}
                    for rings in polygons if area(rings) < 1_000 * HECTARE for p in outside(rings)],
        "overlaps": [{"left": a, "right": b, "m2": int(overlap(a, b))} for a, b in pairs],
        "squares": [{"centre": c, "m2": m2, "rings": square(c, m2),
                     "recomputed_m2": area(square(c, m2))}
                    for c in centres for m2 in (1, 100, HECTARE, 4 * HECTARE)],
    }
    tables = []
    for name, table in golden.items():
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in table)
        tables.append(f'"{name}": [\n{rows}\n]')
    print("{\n" + ",\n".join(tables) + "\n}")


main()
