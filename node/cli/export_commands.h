// `treeproof export`: documents for other people's tools, page by page from a node.
// Owns no record. Called by main; tests. One thread.
// Source: docs/api.md "Exports"; docs/running.md "Exports".
#pragma once

#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

struct ExportOptions {
  std::string rpc;
  std::string at = "latest";
  std::string org;        // of this holder only
  std::string campaign;   // of this one only
  std::string plot;       // geojson, csv
  std::string out;        // a new file; darwincore: a folder for three
  std::string of;         // darwincore: plantings or visits; both where left out
  std::string report;     // csv: the report's name
  std::string programme;  // csv
  std::string species;    // csv
  std::string year;       // csv
};
ExitCode export_geojson(const ExportOptions& options, Console& console);
// A Darwin Core Archive, unpacked: event.csv, occurrence.csv and meta.xml, all of one height.
ExitCode export_darwincore(const ExportOptions& options, Console& console);
ExitCode export_csv(const ExportOptions& options, Console& console);

}  // namespace treeproof::cli
