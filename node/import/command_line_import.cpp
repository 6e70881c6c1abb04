#include "node/import/command_line_import.h"

#include <CLI/CLI.hpp>
#include <map>

#include "node/cli/command_line_options.h"
#include "node/import/care_command.h"
#include "node/import/plots_command.h"
#include "node/import/points_command.h"
#include "node/import/redemptions_command.h"
#include "node/import/species_command.h"
#include "node/import/trees_command.h"

namespace treeproof::import {

namespace {

constexpr const char* kRefusedHelp = "A CSV file for what is left out: row, id, reason";
constexpr const char* kVaultKeyHelp = "The vault's key file";
constexpr const char* kMapHelp = "TOML or JSON that says which columns are read";

void add_species(cli::CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<SpeciesOptions>();
  CLI::App& command = line.add(group, "species",
                               "Propose and approve the species of CSV files; without --propose "
                               "only show them",
                               options, import_species);
  command.add_option("FILES", options->files, "Species lists, or files of trees with --map")
      ->required();
  command.add_option("--map", options->map, kMapHelp);
  command.add_option("--habit", options->habit, "Of species without a habit column")
      ->capture_default_str();
  command.add_option("--key", options->key, "The proposing admin's key file");
  command.add_flag("--propose", options->propose, "Sign and send the proposals");
  command.add_option("--approve", options->approve, "Key files of validators' admins");
  command.add_option("--refused", options->refused, kRefusedHelp);
  cli::add_rpc_option(command, options->rpc);
}

// What the features of a GeoJSON file are called, and how large a point is.
void add_properties(CLI::App& command, PropertyNames& properties) {
  command
      .add_option("--name-property", properties.name,
                  "The property that names a plot; empty: the features' ids")
      ->capture_default_str();
  command
      .add_option("--area-property", properties.area,
                  "The property with the area of a point, 4 ha at most")
      ->capture_default_str();
  const std::map<std::string, std::uint64_t> units{{"m2", 1}, {"ha", 10'000}};
  command.add_option("--area-unit", properties.area_unit_m2, "Of that property: m2 or ha")
      ->transform(CLI::CheckedTransformer(units))
      ->default_str("m2");
}

void add_plots(cli::CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<PlotsOptions>();
  CLI::App& command = line.add(group, "plots", "Register the areas of a GeoJSON file as plots",
                               options, import_plots);
  command.add_option("FILE", options->file, "GeoJSON of polygons, and of points with an area")
      ->required();
  add_properties(command, options->properties);
  command.add_option("--country", options->country, "ISO 3166-1, such as CA")->required();
  command.add_option("--layer", options->layer, "canopy, understory, marine or protection")
      ->capture_default_str();
  command.add_option("--capacity", options->capacity, "Stems that each plot can hold")->required();
  command.add_option("--uncertainty", options->uncertainty_m, "Metres that outlines may be off")
      ->capture_default_str();
  command.add_option("--land-right", options->land_right, "Evidence of the land right: org/ref");
  command.add_option("--key", options->key, "The planter's key file");
  command.add_option("--confirm", options->confirm,
                     "A verifier's key file: confirms the capacities in the same run");
  command.add_flag("--plan", options->plan, "Show what would be signed; needs no node");
  command.add_option("--refused", options->refused, kRefusedHelp);
  cli::add_rpc_option(command, options->rpc);
}

void add_where(CLI::App& command, TreesOptions& options) {
  CLI::Option* column =
      command.add_option("--plot-from", options.plot_from, "The column that names a row's plot");
  CLI::Option* one =
      command.add_option("--plot", options.plot, "The ref of the one plot of all rows")
          ->excludes(column);
  command.add_flag("--locate", options.locate, "A row's plot is the one that its position is on")
      ->excludes(column)
      ->excludes(one);
  command.add_flag("--plan", options.plan, "Show what would be signed");
  command.add_option("--areas", options.areas,
                     "With --plan: outlines from a GeoJSON file instead of a node");
  add_properties(command, options.properties);
  command.add_option("--uncertainty", options.uncertainty_m, "Metres, of --areas")
      ->capture_default_str();
  command.add_option("--species", options.species,
                     "With --areas: species lists that count as registered");
}

void add_trees(cli::CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<TreesOptions>();
  CLI::App& command =
      line.add(group, "trees", "Record the trees of CSV files, one batch for each plot", options,
               import_trees);
  command.add_option("FILES", options->files, "CSV files with a header")->required();
  command.add_option("--map", options->map, kMapHelp)->required();
  add_where(command, *options);
  command.add_option("--as", options->as, "inventory (stood before) or plant")
      ->capture_default_str();
  command.add_option("--campaign", options->campaign, "org/ref");
  command.add_option("--pledge", options->pledge, "org/ref, of a planting");
  command.add_option("--method", options->method, "seedling, seed, cutting, coral or none");
  command
      .add_option("--precision", options->precision_m,
                  "Metres, where positions are coarser than measured")
      ->capture_default_str();
  command.add_option("--skip-day", options->skip_day, "The day that stands for no date");
  command.add_option("--ref", options->ref, "Refs are this, a hyphen and the plot's")
      ->capture_default_str();
  command.add_option("--book", options->book,
                     "A CSV file for which tree each id is; ids are not recorded");
  command.add_option("--key", options->key, "The planter's key file");
  command.add_option("--refused", options->refused, kRefusedHelp);
  cli::add_rpc_option(command, options->rpc);
}

using CareCommand = cli::ExitCode (*)(const CareOptions&, cli::Console&);

void add_care(cli::CommandLine& line, CLI::App& group, const char* name, const char* help,
              CareCommand care_command, const char* ref) {
  auto options = std::make_shared<CareOptions>();
  options->ref = ref;
  CLI::App& command = line.add(group, name, help, options, care_command);
  command.add_option("FILES", options->files, "CSV files with a header")->required();
  command.add_option("--map", options->map, kMapHelp)->required();
  command.add_option("--day", options->day, "When, where no column says so: 2014-11-17");
  command.add_option("--cause", options->cause, "Of deaths, where no column says so: felled");
  command
      .add_option("--book", options->books,
                  "A file of import trees --book: rows name trees by their ids")
      ->allow_extra_args(false);
  command.add_option("--of", options->of,
                     "Whose trees are found by their positions; the signer's own otherwise");
  command.add_option("--ref", options->ref, "Refs are this, a hyphen and a hash of the rows")
      ->capture_default_str();
  command.add_option("--key", options->key, "The key file of who saw it");
  command.add_flag("--plan", options->plan, "Show what would be signed");
  command.add_option("--refused", options->refused, kRefusedHelp);
  cli::add_rpc_option(command, options->rpc);
}

void add_redemptions(cli::CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<RedemptionsOptions>();
  CLI::App& command = line.add(group, "redemptions", "Redeem the rows of a platform's books",
                               options, import_redemptions);
  command.add_option("FILES", options->files, "CSV files with a header")->required();
  command.add_option("--map", options->map, kMapHelp)->required();
  command.add_option("--campaign", options->campaign, "org/ref")->required();
  command.add_option("--programme", options->programme, "Whose points: org/ref")->required();
  command.add_option("--species", options->species, "Of all rows, where no column says so");
  command.add_option("--pledge", options->pledge, "org/ref, where no column says so");
  command.add_option("--vault", options->vault, "A folder for the users' references and salts");
  command.add_option("--vault-key", options->vault_key, kVaultKeyHelp);
  command.add_option("--units-max", options->units_max, "Units of one statement")
      ->capture_default_str();
  command.add_option("--ref", options->ref, "Refs are this, a hyphen and a number")
      ->capture_default_str();
  command.add_option("--key", options->key, "The platform's key file");
  command.add_flag("--plan", options->plan, "Show what would be signed; needs no key");
  command.add_option("--refused", options->refused, kRefusedHelp);
  cli::add_rpc_option(command, options->rpc);
}

void add_vault(cli::CommandLine& line) {
  CLI::App& group = line.add_group(
      "vault", "What a platform keeps of its redemptions and a programme of its points");
  auto key = std::make_shared<VaultKeyOptions>();
  line.add(group, "key", "Make a new key for a vault", key, vault_key)
      .add_option("--out", key->out, "The file to write, readable by its owner only")
      ->required();
  auto options = std::make_shared<VaultFindOptions>();
  CLI::App& command = line.add(group, "find", "What opens the commitments of one row of the books",
                               options, vault_find);
  command.add_option("ID", options->id, "The row's id")->required();
  command.add_option("--vault", options->vault, "The vault's folder")->required();
  command.add_option("--vault-key", options->key, kVaultKeyHelp)->required();
}

void add_points(cli::CommandLine& line) {
  CLI::App& group = line.add_group("points", "Whose points were issued, account by account");
  auto root = std::make_shared<PointsRootOptions>();
  CLI::App& rooter = line.add(
      group, "root", "What issue_points says of the accounts of CSV files; salts go to the vault",
      root, points_root);
  rooter.add_option("FILES", root->files, "CSV files with a header")->required();
  rooter.add_option("--map", root->map, kMapHelp)->required();
  rooter.add_option("--issue", root->issue, "org/ref of the issue_points to be")->required();
  rooter.add_option("--vault", root->vault, "A folder for the users' references and salts")
      ->required();
  rooter.add_option("--vault-key", root->vault_key, kVaultKeyHelp)->required();
  rooter.add_option("--refused", root->refused, kRefusedHelp);
  auto prove = std::make_shared<PointsProveOptions>();
  CLI::App& prover =
      line.add(group, "prove", "Write the file that shows a user her points", prove, points_prove);
  prover.add_option("USER", prove->user, "The user, as the files had it")->required();
  prover.add_option("--issue", prove->issue, "org/ref of the issue_points")->required();
  prover.add_option("--vault", prove->vault, "The vault's folder")->required();
  prover.add_option("--vault-key", prove->vault_key, kVaultKeyHelp)->required();
  prover.add_option("--out", prove->out, "The file to write, readable by its owner only")
      ->required();
  auto verify = std::make_shared<PointsVerifyOptions>();
  CLI::App& verifier = line.add(group, "verify",
                                "Check such a file against the record that a node shows. Exit 0 "
                                "holds, 1 does not, 2 could not check",
                                verify, points_verify);
  verifier.add_option("FILE", verify->file, "What `points prove` wrote")->required();
  cli::add_rpc_option(verifier, verify->rpc);
}

}  // namespace

void add_import_commands(cli::CommandLine& line) {
  CLI::App& group = line.add_group("import", "CSV and GeoJSON files into signed statements");
  add_species(line, group);
  add_plots(line, group);
  add_trees(line, group);
  add_redemptions(line, group);
  add_care(line, group, "observations", "Record what was seen of trees, from CSV files",
           import_observations, "seen");
  add_care(line, group, "mortality", "Record the deaths of trees, from CSV files", import_mortality,
           "dead");
  add_points(line);
  add_vault(line);
}

}  // namespace treeproof::import
