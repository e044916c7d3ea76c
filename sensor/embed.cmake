# Writes OUTPUT, a C file that holds each of FILES (paths below SOURCE) as bytes.
set(code "/* Made by the build; do not edit. */\n#include \"mailspan/embedded.h\"\n")
set(table "")
set(index 0)
foreach(file ${FILES})
  file(READ ${SOURCE}/${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(APPEND code "static const uint8_t file_${index}[] = {${hex}0};\n")
  string(APPEND table "    {\"${file}\", {file_${index}, ${bytes}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND code "static const struct embedded_file files[] = {\n${table}};\n"
  "const struct embedded_file *embedded_find(const char *name) {\n"
  "    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)\n"
  "        if (strcmp(files[i].name, name) == 0) return &files[i];\n"
  "    return NULL;\n}\n")
file(WRITE ${OUTPUT} "${code}")
