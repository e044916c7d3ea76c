/* What GMime 3 makes of messages, in the lines that mail_dump.c prints of ours: the oracle of gmime_compare.py.
 *
 *   F name          a message begins
 *   H name value    one header of the message, unfolded and decoded, control bytes as blanks
 *   h name value    one of a part or of a message in it
 *   A local@domain  the first address of From
 *   D seconds       Date since 1970
 *   I id            Message-ID without brackets
 *   P type encoding attachment filename    a leaf
 *   T bytes hash    its text in UTF-8 without carriage returns, when it is plain text, HTML or a report
 *   S bytes hash    what of this text is ASCII
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gmime/gmime.h>

#include "dump_common.h"

static void print_clean(const char *text) {
    for (; text != NULL && *text != '\0'; text++) print_byte(stdout, (uint8_t)*text);
}

/* As bytes, of a part that GMime does not call text: it decodes no charset there, and neither do reports have one. */
static void print_bytes(GMimePart *part) {
    GMimeStream *memory = g_mime_stream_mem_new();
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    struct text_sum sum;
    if (content != NULL) g_mime_data_wrapper_write_to_stream(content, memory);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
    text_sum_begin(&sum);
    text_sum_add(&sum, bytes->data, bytes->len);
    text_sum_print(&sum, stdout);
    g_object_unref(memory);
}

static void print_text(GMimeTextPart *part) {
    struct text_sum sum;
    /* Mail programs take what calls itself ISO-8859-1 or ASCII for windows-1252. */
    const char *charset = g_mime_text_part_get_charset(part);
    if (charset != NULL && (g_ascii_strcasecmp(charset, "iso-8859-1") == 0))
        g_mime_text_part_set_charset(part, "windows-1252");
    char *text = g_mime_text_part_get_text(part);
    text_sum_begin(&sum);
    if (text != NULL) text_sum_add(&sum, text, strlen(text));
    text_sum_print(&sum, stdout);
    g_free(text);
}

static void print_leaf_text(GMimeObject *part) {
    static const char *const texts[] = {"plain", "html", "rfc822-headers"};
    static const char *const reports[] = {"delivery-status", "feedback-report", "disposition-notification",
                                          "global-delivery-status", "global-headers"};
    GMimeContentType *type = g_mime_object_get_content_type(part);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (GMIME_IS_TEXT_PART(part) && g_mime_content_type_is_type(type, "text", texts[i]))
            print_text(GMIME_TEXT_PART(part));
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++)
        if (GMIME_IS_PART(part) && g_mime_content_type_is_type(type, "message", reports[i]))
            print_bytes(GMIME_PART(part));
}

static void print_header(GMimeHeader *header, char mark) {
    const char *raw = g_mime_header_get_raw_value(header);
    char *unfolded = g_mime_utils_header_unfold(raw == NULL ? "" : raw);
    char *value = g_mime_utils_header_decode_text(NULL, unfolded);
    printf("%c ", mark);
    print_clean(g_mime_header_get_name(header));
    putchar(' ');
    print_clean(g_strstrip(value));
    putchar('\n');
    g_free(unfolded);
    g_free(value);
}

static void print_headers(GMimeObject *object, char mark) {
    GMimeHeaderList *headers = object == NULL ? NULL : g_mime_object_get_header_list(object);
    for (int i = 0; headers != NULL && i < g_mime_header_list_get_count(headers); i++)
        print_header(g_mime_header_list_get_header_at(headers, i), mark);
}

/* user: the message's own root, whose headers are the message's. */
static void print_part(GMimeObject *parent, GMimeObject *part, gpointer user) {
    (void)parent;
    if (part != user) print_headers(part, 'h');
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (message == NULL) return;
        print_headers(GMIME_OBJECT(message), 'h');
        g_mime_message_foreach(message, print_part, NULL);
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

/* True when the address was printed. */
static bool print_mailbox(InternetAddress *address) {
    if (!INTERNET_ADDRESS_IS_MAILBOX(address)) return false;
    const char *text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    if (text == NULL || strchr(text, '@') == NULL) return false;
    printf("A ");
    print_clean(text);
    putchar('\n');
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
        printf("I ");
        print_clean(text);
        putchar('\n');
        g_free(text);
    }
}

static void dump(const struct message *in) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)in->bytes, in->len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    if (in->len >= 5 && memcmp(in->bytes, "From ", 5) == 0) g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
    g_mime_parser_set_respect_content_length(parser, FALSE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    printf("F %s\n", in->name);
    if (message != NULL) {
        GMimeObject *root = g_mime_message_get_mime_part(message);
        print_headers(GMIME_OBJECT(message), 'H');
        print_headers(root, 'H');
        print_structured(g_mime_object_get_header_list(GMIME_OBJECT(message)));
        g_mime_message_foreach(message, print_part, root);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

int main(void) {
    static struct message message;
    g_mime_init();
    while (message_read(&message)) dump(&message);
    return 0;
}
