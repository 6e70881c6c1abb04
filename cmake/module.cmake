# treeproof_module(NAME [PUBLIC targets...] [PRIVATE targets...])
# One library per folder: the .cpp files beside the calling CMakeLists.txt, not those of its subfolders.
add_library(treeproof_options INTERFACE)
target_include_directories(treeproof_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(treeproof_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum -Werror)

function(treeproof_module name)
  cmake_parse_arguments(arg "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE treeproof_options ${arg_PRIVATE})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
  endif()
endfunction()
