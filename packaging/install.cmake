# Where `cmake --install` puts things.  CMakeLists.txt includes this.
# SPDX-License-Identifier: GPL-3.0-or-later
include(GNUInstallDirs)

set(MAILSPAN_CONFIG_DIR ${CMAKE_INSTALL_FULL_SYSCONFDIR}/mailspan) # with the prefix /usr that is /etc/mailspan
set(MAILSPAN_CONFIG ${MAILSPAN_CONFIG_DIR}/mailspan.yaml)
if(NOT DEFINED MAILSPAN_UNIT_DIR) # where systemd's units go; not cached, because another prefix may be given later
  set(MAILSPAN_UNIT_DIR ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
endif()

install(TARGETS mailspan RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

configure_file(packaging/mailspan.service.in mailspan.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/mailspan.service DESTINATION ${MAILSPAN_UNIT_DIR})

# The rules are inside the program; these are to copy and change.
file(GLOB RULES CONFIGURE_DEPENDS rules/*.yaml)
install(FILES ${RULES} DESTINATION ${CMAKE_INSTALL_DATADIR}/mailspan/rules)

file(GLOB PAGES CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md ${PAGES} docs/mailspan.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/schema DESTINATION ${CMAKE_INSTALL_DOCDIR})

# A configuration that is there is somebody's work.  (A package is made in a folder of its own, where there is none, and
# its manager asks before it changes the file.)
string(CONFIGURE [[
if(NOT EXISTS "$ENV{DESTDIR}@MAILSPAN_CONFIG@")
  file(INSTALL "@CMAKE_SOURCE_DIR@/docs/mailspan.yaml" DESTINATION "@MAILSPAN_CONFIG_DIR@")
else()
  message(STATUS "Kept: $ENV{DESTDIR}@MAILSPAN_CONFIG@")
endif()
]] INSTALL_CONFIG @ONLY)
install(CODE "${INSTALL_CONFIG}")

# Compressed without name and time (-n): the same source makes the same file.
find_program(GZIP gzip REQUIRED)
function(mailspan_compress file destination)
  get_filename_component(name ${file} NAME)
  set(made ${CMAKE_BINARY_DIR}/compressed/${name}.gz)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/compressed)
  add_custom_command(OUTPUT ${made} COMMAND ${GZIP} -9n < ${file} > ${made} DEPENDS ${file} VERBATIM)
  add_custom_target(compress-${name} ALL DEPENDS ${made})
  install(FILES ${made} DESTINATION ${destination})
endfunction()

# Manual pages.  The options of mailspan.yaml(5) are the program's own table, so the page cannot lag behind it.
set(MAN_PAGE ${CMAKE_BINARY_DIR}/mailspan.yaml.5)
add_custom_command(
  OUTPUT ${MAN_PAGE}
  COMMAND $<TARGET_FILE:mailspan> check --options > options.txt
  COMMAND awk -f ${CMAKE_SOURCE_DIR}/docs/man/options.awk options.txt ${CMAKE_SOURCE_DIR}/docs/man/mailspan.yaml.5.in
          > ${MAN_PAGE}
  DEPENDS mailspan docs/man/mailspan.yaml.5.in docs/man/options.awk VERBATIM)
mailspan_compress(${CMAKE_SOURCE_DIR}/docs/man/mailspan.1 ${CMAKE_INSTALL_MANDIR}/man1)
mailspan_compress(${MAN_PAGE} ${CMAKE_INSTALL_MANDIR}/man5)
