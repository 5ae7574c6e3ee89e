# tongke_embed_text(target file symbol): makes `file` readable as `extern const char symbol[]`.
function(tongke_embed_text target file symbol)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} content)
  file(CONFIGURE OUTPUT ${out} CONTENT "extern const char @symbol@[];\nconst char @symbol@[] = R\"embedded(@content@)embedded\";\n" @ONLY)
  # The standard promises 64 KiB for a literal; both compilers take what there is.
  set_source_files_properties(${out} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE ${out})
endfunction()
