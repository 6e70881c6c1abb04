// Codes, refs and display names out of the names that people write in their files.
// Owns no alphabet (ledger/names.h). Callers: species, plots, trees. Pure, the same everywhere:
// what one file calls a plot or a species, another finds again.
// Source: docs/importing.md "Names".
#pragma once

#include <string>
#include <string_view>

#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"

namespace treeproof::import {

// "KENSINGTON-CEDAR COTTAGE" is "kensington-cedar-cottage": lower case, every run of characters
// outside [a-z0-9._-] one hyphen, none at the ends; the cross of a hybrid is "x". A name that is
// too long, or loses letters of another alphabet, ends in "-" and 8 hex digits of its SHA-256.
// Empty where nothing of it is a letter or digit.
std::string derived_code(std::string_view name, std::size_t chars_max = kRefCharsMax);

// "ACER", "FREEMANI   X" are "Acer freemani x": names in capitals are set as botany does, spaces
// are single. Cut at the 96 bytes of a display name.
std::string display_name(std::string_view genus, std::string_view epithet);

}  // namespace treeproof::import
