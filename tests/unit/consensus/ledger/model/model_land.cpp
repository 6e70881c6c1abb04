// Land: outlines, what they share, and what fits on them. Outlines are rectangles along the
// compass, as good as any for rules about shares; exact areas are the geometry's own tests' matter.
#include <algorithm>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

namespace {

constexpr std::uint64_t kWhole = 1'000'000;

// Stems per hectare.
std::uint64_t densest(const Species& species) {
  if (species.max_stems_per_ha) return *species.max_stems_per_ha;
  switch (species.habit) {
    case Habit::tree:
      return 6'660;
    case Habit::shrub:
    case Habit::bamboo:
      return 10'000;
    case Habit::palm:
      return 2'500;
    case Habit::mangrove:
      return 40'000;
    case Habit::coral:
      return 100'000;
    case Habit::seagrass:
    case Habit::herb:
      return 250'000;
  }
  return 0;
}

// In square degrees of 1e-7, all of one latitude.
std::uint64_t area_of(const Extent& extent) {
  const bool is_void = extent.north <= extent.south || extent.east <= extent.west;
  if (is_void) return 0;
  return std::uint64_t(extent.north - extent.south) * std::uint64_t(extent.east - extent.west);
}

std::uint64_t shared_by(const Extent& one, const Extent& other) {
  return area_of({std::max(one.south, other.south), std::max(one.west, other.west),
                  std::min(one.north, other.north), std::min(one.east, other.east)});
}

}  // namespace

// What stands in the canopy alone is tall, what needs the sea stands in it, and protected land may
// hold anything (docs/adr/0030: shrubs, palms and bamboo fit two layers).
bool Model::fits(Habit habit, Layer layer) {
  const bool in_water = habit == Habit::coral || habit == Habit::seagrass;
  if (layer == Layer::protection) return true;
  if (layer == Layer::marine) return in_water || habit == Habit::mangrove;
  if (in_water) return false;
  if (layer == Layer::canopy) return habit != Habit::herb;
  return habit != Habit::tree && habit != Habit::mangrove;
}

// Of at most `overlap_pair_max_ppm` of the smaller one nobody speaks.
bool Model::do_share(const Extent& one, const Extent& other) const {
  const std::uint64_t smaller = std::min(area_of(one), area_of(other));
  return shared_by(one, other) * kWhole > smaller * books.parameters.at("overlap_pair_max_ppm");
}

bool Model::holds_land(const std::string& plot) const {
  return !books.plots.at(plot).is_closed || live_on(plot) > 0;
}

// I6, I7: a new outline, or another one of a plot.
void Model::ask_outline(const std::string& plot, Layer layer, std::uint64_t area,
                        Reasons& against) const {
  const std::uint64_t off =
      area > beside_->square_metres ? area - beside_->square_metres : beside_->square_metres - area;
  if (off * 1'000 > beside_->square_metres) against.insert(Reason::plot_area_mismatch);
  std::vector<std::pair<std::string, Extent>> layers{{plot, beside_->outline}};
  for (const auto& [id, other] : books.plots) {
    if (id == plot || other.layer != layer || !holds_land(id)) continue;
    layers.emplace_back(id, other.outline);
    if (do_share(beside_->outline, other.outline)) against.insert(Reason::plot_overlaps);
  }
  for (const auto& [id, outline] : layers) {
    if (shared_by(outline, beside_->outline) == 0) continue;
    std::uint64_t sum = 0;
    for (const auto& [other, land] : layers) sum += other == id ? 0 : shared_by(outline, land);
    const std::uint64_t most = area_of(outline) * books.parameters.at("overlap_sum_max_ppm");
    if (sum * kWhole > most) against.insert(Reason::plot_overlaps_neighbours);
  }
}

Reasons Model::hear(const Said& said, const Plot& payload) {
  Reasons against;
  if (payload.capacity == 0 || payload.area == 0) against.insert(Reason::empty);
  if (payload.uncertainty_m > 30) against.insert(Reason::uncertainty_too_large);
  if (payload.land_right) {
    const auto title = books.evidence.find(payload.land_right->text);
    const bool fits = title != books.evidence.end() && title->second.org == said.org &&
                      title->second.kind == EvidenceKind::land;
    if (!fits) against.insert(Reason::land_right_unknown);
  }
  ask_outline(said.object(), payload.layer, payload.area, against);
  ask_attachment(payload.geometry, against);
  if (!against.empty()) return against;
  PlotBook plot;
  plot.issuer = plot.holder = said.org;
  plot.area = payload.area;
  plot.capacity = payload.capacity;
  plot.layer = payload.layer;
  plot.outline = beside_->outline;
  plot.geometry = payload.geometry.root;
  plot.statement = said.id;
  books.plots[said.object()] = plot;
  announce(payload.geometry);
  return against;
}

void Model::ask_plot(const Said& said, const std::string& plot, Reasons& against) const {
  const auto found = books.plots.find(plot);
  if (found == books.plots.end()) {
    against.insert(Reason::plot_unknown);
    return;
  }
  if (found->second.holder != said.org) against.insert(Reason::plot_not_own);
  if (found->second.is_closed) against.insert(Reason::plot_closed);
}

Reasons Model::hear(const Said& said, const PlotRevision& payload) {
  Reasons against;
  const std::string& id = payload.plot.text;
  ask_plot(said, id, against);
  if (!books.plots.contains(id)) return against;
  if (payload.area == 0) against.insert(Reason::empty);
  ask_outline(id, books.plots.at(id).layer, payload.area, against);
  ask_attachment(payload.geometry, against);
  PlotBook after = books.plots.at(id);
  after.area = payload.area;
  after.outline = beside_->outline;
  after.geometry = payload.geometry.root;
  ask_space(id, after, {}, against);
  if (!against.empty()) return against;
  books.plots.at(id) = after;
  announce(payload.geometry);
  return {};
}

Reasons Model::hear(const Said& said, const PlotClose& payload) {
  Reasons against;
  ask_plot(said, payload.plot.text, against);
  if (pledged_on(payload.plot.text) > 0) against.insert(Reason::plot_pledged);
  if (against.empty()) books.plots.at(payload.plot.text).is_closed = true;
  return against;
}

// I8 and I9 but for capacity and places: what lives on the land, and more, fits into it.
void Model::ask_space(const std::string& plot, const PlotBook& land, const std::vector<Tree>& more,
                      Reasons& against) const {
  std::vector<const Tree*> all;
  for (const Tree& tree : more) all.push_back(&tree);
  for (const Tree* tree : living_on(plot)) all.push_back(tree);
  std::uint64_t needed = 0;  // in millionths of m2, which lose less than one tree makes up for
  std::uint64_t covered = 0;
  std::set<Habit> habits;
  for (const Tree* tree : all) {
    const auto species = books.species.find(tree->species);
    if (species == books.species.end()) continue;  // refused for itself
    if (!fits(species->second.habit, land.layer)) against.insert(Reason::habit_unfit);
    if (!land.outline.has(tree->place)) against.insert(Reason::tree_outside_plot);
    covered += tree->covers;
    if (tree->is_stem) needed += 10'000 * kWhole / densest(species->second);
    if (tree->takes_land()) habits.insert(species->second.habit);
  }
  const std::uint64_t slack = books.parameters.at("density_slack_ppm");
  // Land that is covered is not free for stems.
  const std::uint64_t taken = needed + covered * kWhole;
  if (taken > land.area * (kWhole + slack)) against.insert(Reason::density_exceeded);
  if (covered > land.area) against.insert(Reason::area_exceeded);
  // One habit stands in one layer of a piece of land.
  for (const auto& [id, other] : books.plots) {
    if (id == plot || other.layer == land.layer || !do_share(land.outline, other.outline)) continue;
    for (const Tree* tree : living_on(id)) {
      const Habit habit = books.species.at(tree->species).habit;
      if (tree->takes_land() && habits.contains(habit)) against.insert(Reason::habit_unfit);
    }
  }
}

std::vector<const Tree*> Model::living_on(const std::string& plot) const {
  std::vector<const Tree*> trees;
  for (const auto& [id, batch] : books.batches) {
    if (batch.plot != plot) continue;
    for (const Tree& tree : batch.trees) {
      if (tree.lives()) trees.push_back(&tree);
    }
  }
  return trees;
}

void Model::ask_room(const std::string& plot, const std::vector<Tree>& more,
                     Reasons& against) const {
  const PlotBook& land = books.plots.at(plot);
  if (live_on(plot) + more.size() > land.confirmed) against.insert(Reason::capacity_exceeded);
  for (const Tree* tree : living_on(plot)) {
    const auto same = [&](const Tree& other) { return other.place == tree->place; };
    if (std::ranges::any_of(more, same)) against.insert(Reason::position_taken);
  }
  ask_space(plot, land, more, against);
}

}  // namespace treeproof::ledger::model
