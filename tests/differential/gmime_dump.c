/* What GMime 3 makes of messages, in the lines that mail_dump.c prints of ours: the oracle of gmime_compare.py.
 *
 *   F path          a message begins
 *   H name value    one header of the message, unfolded and decoded, control bytes as blanks
 *   A local@domain  the first address of From
 *   D seconds       Date since 1970
 *   I id            Message-ID without brackets
 *   P type encoding attachment filename    a leaf
 *   T bytes hash    its text in UTF-8 without carriage returns (FNV-1a, 64 bits), when it is text/plain or text/html
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gmime/gmime.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool show_text;

static void print_clean(const char *text) {
    for (; text != NULL && *text != '\0'; text++) putchar((unsigned char)*text < ' ' ? ' ' : *text);
}

static void print_text(const char *text, size_t len) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325), bytes = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\r') continue;
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
        bytes++;
        if (show_text) putchar(text[i]);
    }
    printf("T %" PRIu64 " %016" PRIx64 "\n", bytes, hash);
}

static void print_leaf_text(GMimeObject *part) {
    if (!GMIME_IS_TEXT_PART(part)) return;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    if (!g_mime_content_type_is_type(type, "text", "plain") && !g_mime_content_type_is_type(type, "text", "html"))
        return;
    /* Mail programs take what calls itself ISO-8859-1 or ASCII for windows-1252. */
    const char *charset = g_mime_text_part_get_charset(GMIME_TEXT_PART(part));
    if (charset != NULL && (g_ascii_strcasecmp(charset, "iso-8859-1") == 0))
        g_mime_text_part_set_charset(GMIME_TEXT_PART(part), "windows-1252");
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    print_text(text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
    g_free(text);
}

static void print_part(GMimeObject *parent, GMimeObject *part, gpointer user) {
    (void)parent;
    (void)user;
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (message != NULL) g_mime_message_foreach(message, print_part, NULL);
        return;
    }
    if (GMIME_IS_MULTIPART(part)) return; /* foreach goes into it */
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
    char *lower = g_ascii_strdown(type, -1);
    const char *encoding = GMIME_IS_PART(part)
                               ? g_mime_content_encoding_to_string(g_mime_part_get_content_encoding(GMIME_PART(part)))
                               : NULL;
    const char *disposition = g_mime_object_get_disposition(part);
    bool attachment = disposition != NULL && g_ascii_strcasecmp(disposition, "attachment") == 0;
    printf("P %s %s %d ", lower, encoding == NULL ? "-" : encoding, attachment);
    print_clean(GMIME_IS_PART(part) ? g_mime_part_get_filename(GMIME_PART(part)) : NULL);
    putchar('\n');
    g_free(type);
    g_free(lower);
    print_leaf_text(part);
}

static void print_header(GMimeHeader *header) {
    const char *raw = g_mime_header_get_raw_value(header);
    char *unfolded = g_mime_utils_header_unfold(raw == NULL ? "" : raw);
    char *value = g_mime_utils_header_decode_text(NULL, unfolded);
    printf("H %s ", g_mime_header_get_name(header));
    print_clean(g_strstrip(value));
    putchar('\n');
    g_free(unfolded);
    g_free(value);
}

/* True when the address was printed. */
static bool print_mailbox(InternetAddress *address) {
    if (!INTERNET_ADDRESS_IS_MAILBOX(address)) return false;
    const char *text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    if (text == NULL || strchr(text, '@') == NULL) return false;
    printf("A %s\n", text);
    return true;
}

static bool print_members(InternetAddress *group) {
    if (!INTERNET_ADDRESS_IS_GROUP(group)) return false;
    InternetAddressList *members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(group));
    for (int i = 0; members != NULL && i < internet_address_list_length(members); i++)
        if (print_mailbox(internet_address_list_get_address(members, i))) return true;
    return false;
}

static void print_from(const char *raw) {
    InternetAddressList *list = internet_address_list_parse(NULL, raw);
    for (int i = 0; list != NULL && i < internet_address_list_length(list); i++) {
        InternetAddress *address = internet_address_list_get_address(list, i);
        if (print_mailbox(address) || print_members(address)) break;
    }
    if (list != NULL) g_object_unref(list);
}

static void print_structured(GMimeHeaderList *headers) {
    GMimeHeader *from = g_mime_header_list_get_header(headers, "From");
    GMimeHeader *date = g_mime_header_list_get_header(headers, "Date");
    GMimeHeader *id = g_mime_header_list_get_header(headers, "Message-ID");
    if (from != NULL) print_from(g_mime_header_get_raw_value(from));
    if (date != NULL) {
        GDateTime *time = g_mime_utils_header_decode_date(g_mime_header_get_raw_value(date));
        if (time != NULL) {
            printf("D %" G_GINT64_FORMAT "\n", g_date_time_to_unix(time));
            g_date_time_unref(time);
        }
    }
    if (id != NULL) {
        char *text = g_mime_utils_decode_message_id(g_mime_header_get_raw_value(id));
        printf("I %s\n", text == NULL ? "" : text);
        g_free(text);
    }
}

static void dump(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return;
    GMimeStream *stream = g_mime_stream_file_new(file);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    char head[5] = "";
    if (fread(head, 1, 5, file) == 5 && memcmp(head, "From ", 5) == 0)
        g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
    rewind(file);
    g_mime_parser_set_respect_content_length(parser, FALSE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    printf("F %s\n", path);
    if (message != NULL) {
        GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
        for (int i = 0; i < g_mime_header_list_get_count(headers); i++)
            print_header(g_mime_header_list_get_header_at(headers, i));
        GMimeObject *root = g_mime_message_get_mime_part(message);
        GMimeHeaderList *mime = root == NULL ? NULL : g_mime_object_get_header_list(root);
        for (int i = 0; mime != NULL && i < g_mime_header_list_get_count(mime); i++)
            print_header(g_mime_header_list_get_header_at(mime, i));
        print_structured(headers);
        g_mime_message_foreach(message, print_part, NULL);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

/* gmime_dump [-t] FILE...; "-" as the only file: their names come on standard input */
int main(int argc, char **argv) {
    g_mime_init();
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "-t") == 0) {
        show_text = true;
        first = 2;
    }
    if (argc == first + 1 && strcmp(argv[first], "-") == 0) {
        char path[4096];
        while (fgets(path, sizeof path, stdin) != NULL) {
            path[strcspn(path, "\n")] = '\0';
            dump(path);
        }
        return 0;
    }
    for (int i = first; i < argc; i++) dump(argv[i]);
    return 0;
}
