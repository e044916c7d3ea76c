/* What an attachment is a sign of: its name and its type against what its bytes are.
 *
 * What matters of a name is its extension: what Windows opens it with, and so what stands in the lists of mail services
 * that refuse programs.  A name or a type claims something harmless, or claims nothing; content that does harm where
 * the claim says that it cannot is disguised.  What is commonly called by a wrong name is no disguise: Excel's exports
 * that are HTML, Word's that are RTF, text of any kind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/attachment.h"

#include "mailspan/mail.h"

#define EXTENSION_BYTES 20 /* the longest in the table, and one more */
#define BLANKS_MANY 5      /* in a row, in a name: what stands behind them is out of sight */

/* What a name or a type says that the content is. */
#define CLAIM_TEXT 0x01
#define CLAIM_IMAGE 0x02
#define CLAIM_MEDIA 0x04
#define CLAIM_DOCUMENT 0x08
#define CLAIM_PDF 0x10
#define CLAIM_ARCHIVE 0x20
#define CLAIM_HARMLESS (CLAIM_TEXT | CLAIM_IMAGE | CLAIM_MEDIA | CLAIM_DOCUMENT | CLAIM_PDF)

#define NAME_PROGRAM 0x01 /* is run when it is opened */
#define NAME_SOURCE 0x02  /* ... and stands in archives of programs' sources and of web pages */
#define NAME_DOMAIN 0x04  /* ... and ends the names of many that are none */
#define NAME_HTML 0x08
#define NAME_MACRO 0x10

struct extension {
    const char *text; /* small letters; the table is in their order */
    uint8_t claim, signs;
};

/* clang-format off */
static const struct extension extensions[] = {
    {"7z", CLAIM_ARCHIVE, 0}, {"ace", CLAIM_ARCHIVE, 0}, {"ade", 0, NAME_PROGRAM}, {"adp", 0, NAME_PROGRAM},
    {"apk", 0, NAME_PROGRAM}, {"application", 0, NAME_PROGRAM}, {"appref-ms", 0, NAME_PROGRAM},
    {"appx", 0, NAME_PROGRAM}, {"appxbundle", 0, NAME_PROGRAM}, {"arj", CLAIM_ARCHIVE, 0}, {"avi", CLAIM_MEDIA, 0},
    {"bat", 0, NAME_PROGRAM | NAME_SOURCE}, {"bmp", CLAIM_IMAGE, 0}, {"bz2", CLAIM_ARCHIVE, 0},
    {"cab", CLAIM_ARCHIVE, 0}, {"chm", 0, NAME_PROGRAM}, {"cmd", 0, NAME_PROGRAM | NAME_SOURCE},
    {"com", 0, NAME_PROGRAM | NAME_DOMAIN}, {"cpl", 0, NAME_PROGRAM}, {"csv", CLAIM_TEXT, 0},
    {"diagcab", 0, NAME_PROGRAM}, {"dll", 0, NAME_PROGRAM | NAME_SOURCE}, {"dmg", 0, NAME_PROGRAM},
    {"doc", CLAIM_DOCUMENT, 0}, {"docm", CLAIM_DOCUMENT, NAME_MACRO}, {"docx", CLAIM_DOCUMENT, 0},
    {"dot", CLAIM_DOCUMENT, 0}, {"dotm", CLAIM_DOCUMENT, NAME_MACRO}, {"eml", CLAIM_TEXT, 0}, {"exe", 0, NAME_PROGRAM},
    {"gadget", 0, NAME_PROGRAM}, {"gif", CLAIM_IMAGE, 0}, {"gz", CLAIM_ARCHIVE, 0}, {"heic", CLAIM_IMAGE, 0},
    {"hta", 0, NAME_PROGRAM}, {"htm", 0, NAME_HTML}, {"html", 0, NAME_HTML}, {"ics", CLAIM_TEXT, 0},
    {"img", 0, NAME_PROGRAM}, {"iqy", 0, NAME_PROGRAM}, {"iso", 0, NAME_PROGRAM},
    {"jar", 0, NAME_PROGRAM | NAME_SOURCE}, {"jnlp", 0, NAME_PROGRAM}, {"jpeg", CLAIM_IMAGE, 0},
    {"jpg", CLAIM_IMAGE, 0}, {"js", 0, NAME_PROGRAM | NAME_SOURCE}, {"jse", 0, NAME_PROGRAM},
    {"library-ms", 0, NAME_PROGRAM}, {"lnk", 0, NAME_PROGRAM}, {"log", CLAIM_TEXT, 0}, {"lzh", CLAIM_ARCHIVE, 0},
    {"m4a", CLAIM_MEDIA, 0}, {"mde", 0, NAME_PROGRAM}, {"mht", 0, NAME_HTML}, {"mhtml", 0, NAME_HTML},
    {"mov", CLAIM_MEDIA, 0}, {"mp3", CLAIM_MEDIA, 0}, {"mp4", CLAIM_MEDIA, 0}, {"msc", 0, NAME_PROGRAM},
    {"msi", 0, NAME_PROGRAM}, {"msix", 0, NAME_PROGRAM}, {"msp", 0, NAME_PROGRAM}, {"mst", 0, NAME_PROGRAM},
    {"nsh", 0, NAME_PROGRAM}, {"odp", CLAIM_DOCUMENT, 0}, {"ods", CLAIM_DOCUMENT, 0}, {"odt", CLAIM_DOCUMENT, 0},
    {"one", 0, 0}, {"pdf", CLAIM_PDF, 0}, {"pif", 0, NAME_PROGRAM}, {"png", CLAIM_IMAGE, 0},
    {"potm", CLAIM_DOCUMENT, NAME_MACRO}, {"ppam", CLAIM_DOCUMENT, NAME_MACRO},
    {"pps", CLAIM_DOCUMENT, 0}, {"ppsm", CLAIM_DOCUMENT, NAME_MACRO}, {"ppsx", CLAIM_DOCUMENT, 0},
    {"ppt", CLAIM_DOCUMENT, 0}, {"pptm", CLAIM_DOCUMENT, NAME_MACRO}, {"pptx", CLAIM_DOCUMENT, 0},
    {"ps1", 0, NAME_PROGRAM | NAME_SOURCE}, {"rar", CLAIM_ARCHIVE, 0}, {"rdp", 0, NAME_PROGRAM},
    {"reg", 0, NAME_PROGRAM}, {"rtf", CLAIM_DOCUMENT, 0}, {"scf", 0, NAME_PROGRAM}, {"scr", 0, NAME_PROGRAM},
    {"sct", 0, NAME_PROGRAM}, {"search-ms", 0, NAME_PROGRAM}, {"settingcontent-ms", 0, NAME_PROGRAM},
    {"shb", 0, NAME_PROGRAM}, {"shtml", 0, NAME_HTML}, {"slk", 0, NAME_PROGRAM}, {"svg", 0, 0},
    {"sys", 0, NAME_PROGRAM}, {"tar", CLAIM_ARCHIVE, 0}, {"tgz", CLAIM_ARCHIVE, 0}, {"tif", CLAIM_IMAGE, 0},
    {"tiff", CLAIM_IMAGE, 0}, {"txt", CLAIM_TEXT, 0}, {"url", 0, NAME_PROGRAM | NAME_SOURCE},
    {"vb", 0, NAME_PROGRAM | NAME_SOURCE}, {"vbe", 0, NAME_PROGRAM}, {"vbs", 0, NAME_PROGRAM},
    {"vcf", CLAIM_TEXT, 0}, {"vhd", 0, NAME_PROGRAM}, {"vhdx", 0, NAME_PROGRAM}, {"wav", CLAIM_MEDIA, 0},
    {"webp", CLAIM_IMAGE, 0}, {"wmv", CLAIM_MEDIA, 0}, {"wsc", 0, NAME_PROGRAM}, {"wsf", 0, NAME_PROGRAM},
    {"wsh", 0, NAME_PROGRAM}, {"xht", 0, NAME_HTML}, {"xhtml", 0, NAME_HTML}, {"xla", 0, NAME_MACRO},
    {"xlam", CLAIM_DOCUMENT, NAME_MACRO}, {"xll", 0, NAME_PROGRAM}, {"xls", CLAIM_DOCUMENT, 0},
    {"xlsb", CLAIM_DOCUMENT, 0}, {"xlsm", CLAIM_DOCUMENT, NAME_MACRO}, {"xlsx", CLAIM_DOCUMENT, 0},
    {"xltm", CLAIM_DOCUMENT, NAME_MACRO}, {"xz", CLAIM_ARCHIVE, 0}, {"zip", CLAIM_ARCHIVE, 0},
    {"zst", CLAIM_ARCHIVE, 0},
};
/* clang-format on */

/* What types claim; what is not here claims nothing. */
static const struct {
    struct span begin;
    uint8_t claim;
} types[] = {
    {SPAN_LITERAL("image/svg"), 0},
    {SPAN_LITERAL("image/"), CLAIM_IMAGE},
    {SPAN_LITERAL("audio/"), CLAIM_MEDIA},
    {SPAN_LITERAL("video/"), CLAIM_MEDIA},
    {SPAN_LITERAL("application/pdf"), CLAIM_PDF},
    {SPAN_LITERAL("application/msword"), CLAIM_DOCUMENT},
    {SPAN_LITERAL("application/vnd.openxmlformats"), CLAIM_DOCUMENT},
    {SPAN_LITERAL("application/vnd.oasis.opendocument"), CLAIM_DOCUMENT},
};

/* Claims that content of a class is hidden by. */
static const uint8_t hidden_by[] = {
    [CLASS_PROGRAM] = CLAIM_HARMLESS | CLAIM_ARCHIVE,
    [CLASS_SCRIPT] = CLAIM_IMAGE | CLAIM_MEDIA | CLAIM_DOCUMENT | CLAIM_PDF,
    [CLASS_ARCHIVE] = CLAIM_IMAGE | CLAIM_MEDIA | CLAIM_PDF,
    [CLASS_PACKED] = CLAIM_MEDIA | CLAIM_PDF,
    [CLASS_HTML] = CLAIM_IMAGE | CLAIM_MEDIA | CLAIM_PDF,
    [CLASS_DOCUMENT] = CLAIM_IMAGE | CLAIM_MEDIA,
    [CLASS_NOTEBOOK] = CLAIM_HARMLESS,
    [CLASS_TEXT] = 0,
};

/* --- names -------------------------------------------------------------------------------------------------------- */

static const struct extension *find_extension(struct span text) {
    char lower[EXTENSION_BYTES];
    if (text.len == 0 || text.len >= sizeof lower) return NULL;
    for (size_t i = 0; i < text.len; i++) lower[i] = (char)ascii_lower(text.data[i]);
    lower[text.len] = '\0';
    size_t low = 0, high = sizeof extensions / sizeof extensions[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(lower, extensions[middle].text);
        if (order == 0 && strlen(lower) == text.len) return &extensions[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Without the blanks and dots behind it, which Windows leaves out. */
static struct span without_tail(struct span name) {
    while (name.len > 0 && (ascii_is_space(name.data[name.len - 1]) || name.data[name.len - 1] == '.')) name.len--;
    return name;
}

/* Takes the last extension off *name; NULL when there is none that is known. */
static const struct extension *take_extension(struct span *name) {
    *name = without_tail(*name);
    size_t dot = span_find_last(*name, '.');
    if (dot == name->len) return NULL;
    const struct extension *found = find_extension(span_from(*name, dot + 1));
    *name = span_head(*name, dot);
    return found;
}

/* Letters are written from right to left, or blanks push the end out of sight. */
static bool name_is_forged(struct span name) {
    static const struct span overrides[] = {SPAN_LITERAL("\xE2\x80\xAE"), SPAN_LITERAL("\xE2\x80\xAD")};
    for (size_t i = 0; i < sizeof overrides / sizeof overrides[0]; i++)
        if (name.len > 0 && memmem(name.data, name.len, overrides[i].data, overrides[i].len) != NULL) return true;
    size_t run = 0;
    for (size_t i = 0; i < name.len; i++) {
        run = name.data[i] == ' ' || name.data[i] == '\t' ? run + 1 : 0;
        if (run == BLANKS_MANY) return true;
    }
    return false;
}

bool name_is_program(struct span name, bool first) {
    const struct extension *extension = take_extension(&name);
    if (extension == NULL || (extension->signs & NAME_PROGRAM) == 0) return false;
    return first || (extension->signs & (NAME_SOURCE | NAME_DOMAIN)) == 0;
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

bool part_is_attached(const struct part_info *part) {
    if (part->attachment || part->filename.len > 0) return true;
    return part->kind == PART_IMAGE || part->kind == PART_OTHER || part->kind == PART_MESSAGE;
}

static uint8_t claim_of_type(struct span type) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (span_starts_with(type, types[i].begin)) return types[i].claim;
    return 0;
}

static uint32_t bit(enum attached sign) {
    return UINT32_C(1) << sign;
}

/* What name, type and content say together of what is not seen in any of them alone. */
struct judged {
    const struct part_info *part;
    const struct extension *extension; /* the last one; NULL: none that is known */
    const struct extension *before;    /* the one before that */
    enum content_class class;
};

static bool is_program(const struct judged *judged) {
    if (judged->class == CLASS_PROGRAM || judged->class == CLASS_SCRIPT) return true;
    if (judged->extension == NULL || (judged->extension->signs & NAME_PROGRAM) == 0) return false;
    if ((judged->extension->signs & NAME_DOMAIN) == 0) return true;
    /* example.com is a name of more than programs; those have no signature, and are no text. */
    return judged->class == CLASS_UNKNOWN && judged->part->kind == PART_OTHER;
}

static bool is_html(const struct judged *judged) {
    const struct part_content *content = &judged->part->content;
    if (content->kind == CONTENT_SVG) return (content->signs & CONTENT_ACTIVE) != 0;
    if (judged->extension != NULL && (judged->extension->signs & NAME_HTML) != 0) return true;
    return judged->class == CLASS_HTML || content->kind == CONTENT_HTA || judged->part->kind == PART_HTML;
}

static bool is_disguised(const struct judged *judged) {
    uint8_t claims = claim_of_type(judged->part->type);
    if (judged->extension != NULL) claims |= judged->extension->claim;
    if ((size_t)judged->class < sizeof hidden_by && (claims & hidden_by[judged->class]) != 0) return true;
    bool opens = judged->extension != NULL && (judged->extension->signs & (NAME_PROGRAM | NAME_HTML)) != 0;
    bool claimed_before = judged->before != NULL && (judged->before->claim & CLAIM_HARMLESS) != 0;
    return opens && (claimed_before || name_is_forged(judged->part->filename));
}

static uint32_t archive_signs(const struct judged *judged) {
    const struct part_content *content = &judged->part->content;
    bool const packed = judged->class == CLASS_PACKED;
    bool const named = judged->extension != NULL && judged->extension->claim == CLAIM_ARCHIVE;
    if (judged->class != CLASS_ARCHIVE && !packed && !(named && judged->class == CLASS_UNKNOWN)) return 0;
    uint32_t signs = bit(ATTACHED_ARCHIVE);
    if ((content->signs & CONTENT_ENCRYPTED) != 0) signs |= bit(ATTACHED_ARCHIVE_ENCRYPTED);
    bool inside = packed && judged->before != NULL && (judged->before->signs & NAME_PROGRAM) != 0 &&
                  (judged->before->signs & NAME_DOMAIN) == 0;
    if (inside || (content->signs & CONTENT_PROGRAM_INSIDE) != 0) signs |= bit(ATTACHED_ARCHIVE_EXECUTABLE);
    return signs;
}

static uint32_t document_signs(const struct judged *judged) {
    const struct part_content *content = &judged->part->content;
    uint32_t signs = 0;
    bool const document = judged->class == CLASS_DOCUMENT || judged->class == CLASS_PDF;
    bool const named = judged->extension != NULL && (judged->extension->signs & NAME_MACRO) != 0;
    if (named || (document && (content->signs & CONTENT_MACRO) != 0)) signs |= bit(ATTACHED_MACRO);
    if (document && (content->signs & CONTENT_ENCRYPTED) != 0) signs |= bit(ATTACHED_DOCUMENT_ENCRYPTED);
    if (judged->class != CLASS_PDF) return signs;
    signs |= bit(ATTACHED_PDF);
    return (content->signs & CONTENT_ACTIVE) != 0 ? signs | bit(ATTACHED_PDF_ACTIVE) : signs;
}

#define SQUARE_PIXELS_MIN 100 /* a code that a telephone reads from a screen */
#define SQUARE_PIXELS_MAX 600

static uint32_t image_signs(const struct judged *judged) {
    const struct part_info *part = judged->part;
    unsigned width = part->content.width, height = part->content.height;
    if (part->kind != PART_IMAGE && judged->class != CLASS_IMAGE) return 0;
    uint32_t signs = bit(part->content_id && !part->attachment ? ATTACHED_IMAGE_INLINE : ATTACHED_IMAGE);
    unsigned longer = width > height ? width : height, shorter = width + height - longer;
    bool square = (longer - shorter) * 20 <= longer; /* 5 % for a frame */
    if (square && shorter >= SQUARE_PIXELS_MIN && longer <= SQUARE_PIXELS_MAX) signs |= bit(ATTACHED_IMAGE_SQUARE);
    return signs;
}

uint32_t attachment_signs(const struct part_info *part) {
    if (!part_is_attached(part)) return 0;
    struct span name = part->filename;
    enum content_kind kind = (enum content_kind)part->content.kind;
    struct judged judged = {.part = part, .class = content_class_of(kind)};
    judged.extension = take_extension(&name);
    judged.before = take_extension(&name);
    /* Who opens such an archive under an archive's name does not run it. */
    bool const archive_named = judged.extension != NULL && judged.extension->claim == CLAIM_ARCHIVE;
    if (archive_named && (kind == CONTENT_JAR || kind == CONTENT_APK)) judged.class = CLASS_ARCHIVE;
    uint32_t signs = archive_signs(&judged) | document_signs(&judged) | image_signs(&judged);
    if (is_program(&judged)) signs |= bit(ATTACHED_EXECUTABLE);
    if (is_html(&judged)) signs |= bit(ATTACHED_HTML);
    if (is_disguised(&judged)) signs |= bit(ATTACHED_DISGUISED);
    return signs;
}
