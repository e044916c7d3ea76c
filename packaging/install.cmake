# Where `cmake --install` puts things.  CMakeLists.txt includes this.
# SPDX-License-Identifier: GPL-3.0-or-later
include(GNUInstallDirs)

if(NOT DEFINED MAILSPAN_UNIT_DIR) # where systemd's units go
  set(MAILSPAN_UNIT_DIR lib/systemd/system)
endif()

install(TARGETS mailspan RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# The rules are inside the program; these are to copy and change.
file(GLOB RULES CONFIGURE_DEPENDS rules/*.yaml)
install(FILES ${RULES} DESTINATION ${CMAKE_INSTALL_DATADIR}/mailspan/rules)

file(GLOB PAGES CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md ${PAGES} docs/mailspan.yaml docs/alerts.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/schema DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The unit and the configuration, when they are installed: only then is it known where (`cmake --install build --prefix P`).
# With the prefix /usr the configuration is in /etc/mailspan.  One that is there is somebody's work.  (A package is made in
# a folder of its own, where there is none, and its manager asks before it changes the file.)
string(CONFIGURE [[
block()
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX NORMALIZE)
  set(CMAKE_INSTALL_BINDIR "@CMAKE_INSTALL_BINDIR@")
  set(CMAKE_INSTALL_SYSCONFDIR "@CMAKE_INSTALL_SYSCONFDIR@")
  set(CMAKE_INSTALL_LIBDIR lib) # unused; else it is asked for which processor
  include(GNUInstallDirs)
  set(MAILSPAN_CONFIG_DIR ${CMAKE_INSTALL_FULL_SYSCONFDIR}/mailspan)
  set(MAILSPAN_CONFIG ${MAILSPAN_CONFIG_DIR}/mailspan.yaml)
  set(unit_dir "@MAILSPAN_UNIT_DIR@")
  cmake_path(ABSOLUTE_PATH unit_dir BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX})
  configure_file("@CMAKE_SOURCE_DIR@/packaging/mailspan.service.in" "@CMAKE_BINARY_DIR@/mailspan.service" @ONLY)
  file(INSTALL "@CMAKE_BINARY_DIR@/mailspan.service" DESTINATION ${unit_dir})
  if(NOT EXISTS "$ENV{DESTDIR}${MAILSPAN_CONFIG}")
    file(INSTALL "@CMAKE_SOURCE_DIR@/docs/mailspan.yaml" DESTINATION ${MAILSPAN_CONFIG_DIR})
  else()
    message(STATUS "Kept: $ENV{DESTDIR}${MAILSPAN_CONFIG}")
  endif()
endblock()
]] INSTALL_PLACED @ONLY)
install(CODE "${INSTALL_PLACED}")

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
