# The Debian package: `./quickstart package`, or by hand
#   cmake -S . -B build -DCMAKE_INSTALL_PREFIX=/usr && cmake --build build && (cd build && cpack -G DEB)
# CMakeLists.txt includes this.
# SPDX-License-Identifier: GPL-3.0-or-later
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  return() # paths stand in the unit and the manual pages: a package of another prefix would not fit together
endif()

set(DEBIAN ${CMAKE_SOURCE_DIR}/packaging/debian)
set(DEBIAN_MADE ${CMAKE_BINARY_DIR}/debian)
set(MAILSPAN_DEBIAN_REVISION 1 CACHE STRING "Debian's part of the package's version")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mailspan)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Mailspan maintainers <mailspan@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${MAILSPAN_DEBIAN_REVISION})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "passive sensor for outgoing mail
Mailspan sits on the mirror (SPAN) port of a hosting network, or reads
recorded captures.  It reassembles the SMTP sessions of the provider's
customers, works out for every message whether it bounced and whether it
looks like spam or comes from a badly set-up server, scores each source over
its last 100 messages, and publishes block events to Redis, where a
controller of edge routers acts on them.
.
It sends nothing towards the mail, keeps no body and no password, and gives
its reasons with every decision.")

# The libraries as the linker took them, so a build with vectorscan wants vectorscan and one with hyperscan that.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, init-system-helpers (>= 1.54), procps") # procps: kill, of the unit's reload
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "redis-server | valkey-server, tcpdump")

file(WRITE ${DEBIAN_MADE}/conffiles "/etc/mailspan/mailspan.yaml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${DEBIAN}/postinst;${DEBIAN}/prerm;${DEBIAN}/postrm;${DEBIAN_MADE}/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# What Debian's policy wants in a package, and nobody else does.
configure_file(${DEBIAN}/changelog.in ${DEBIAN_MADE}/changelog.Debian @ONLY)
mailspan_compress(${DEBIAN_MADE}/changelog.Debian ${CMAKE_INSTALL_DOCDIR})
install(FILES ${DEBIAN}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${DEBIAN}/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME mailspan)

include(CPack)
