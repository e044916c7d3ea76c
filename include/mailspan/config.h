/* The configuration of a sensor: one YAML file, every option of which has a default.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CONFIG_H
#define MAILSPAN_CONFIG_H

#include "mailspan/address.h"
#include "mailspan/problem.h"

#define CONFIG_INTERFACES_MAX 16
#define CONFIG_PREFIXES_MAX 4096
#define CONFIG_TUNNEL_SOURCES_MAX 256 /* looked through for each frame of a tunnel */
#define CONFIG_SCORED_PORTS_MAX 32    /* each event names them all */
#define CONFIG_QUEUES_MAX 64          /* one decoder each */
#define CONFIG_TEXT_BYTES 256
#define CONFIG_USER_BYTES 33            /* useradd(8) allows 32 characters */
#define CONFIG_PATH_BYTES 4096          /* PATH_MAX of Linux */
#define CONFIG_PRIVACY_KEY_BYTES_MIN 16 /* shorter ones can be guessed */

/* Where the time of a frame is taken; pcap-tstamp(7). */
enum timestamp_source { TIMESTAMP_HOST, TIMESTAMP_ADAPTER, TIMESTAMP_ADAPTER_UNSYNCED };
enum privacy_mode { PRIVACY_FULL, PRIVACY_MASKED, PRIVACY_HASHED };

struct config {
    char file[CONFIG_TEXT_BYTES]; /* where it came from; empty: built-in defaults */
    char sensor_id[64];
    unsigned home_network_count;     /* 0: every SMTP client counts as a source */
    struct ip_prefix *home_networks; /* sorted, without those that lie in others */
    uint8_t mail_ports[8192];        /* one bit a port */
    uint8_t scored_ports[8192];      /* whose mail is scored, and which events concern */
    bool any_port;                   /* detect: any_port */
    bool late_any_source;            /* late_bounces: any_source */
    bool libnids;                    /* reassembly: libnids */
    uint64_t flows_max, sources_max, habits_max, evidence_max, sent_max;
    uint32_t text_bytes; /* of a message that are read, decoded */
    uint8_t ipv6_prefix_bits;
    char interfaces[CONFIG_INTERFACES_MAX][32];
    unsigned interface_count;
    unsigned capture_buffer_mib; /* of each queue */
    unsigned capture_queues;     /* of each interface */
    bool capture_filter;         /* filter: ports; else everything is taken */
    enum timestamp_source timestamps;
    unsigned snap_length;
    bool promiscuous;
    bool verify_checksums; /* checksums: verify */
    bool tunnels_auto;     /* tunnels: auto; what that comes to stands below */
    unsigned tunnel_source_count;
    struct ip_prefix tunnel_sources[CONFIG_TUNNEL_SOURCES_MAX]; /* tunnels: any is one prefix of 0 bits */
    /* Paths of rule files, made absolute against the configuration's own folder; empty: the built-in file. */
    char content_rules[CONFIG_TEXT_BYTES], setup_rules[CONFIG_TEXT_BYTES], imported_rules[CONFIG_TEXT_BYTES],
        content_words[CONFIG_TEXT_BYTES], bounce_rules[CONFIG_TEXT_BYTES], bounce_words[CONFIG_TEXT_BYTES],
        policy_rules[CONFIG_TEXT_BYTES];
    char compiled_rules[CONFIG_TEXT_BYTES]; /* their compiled expressions, where somebody keeps them; empty: nowhere */
    enum privacy_mode addresses;            /* local parts of mailboxes */
    enum privacy_mode subjects;
    char privacy_key[CONFIG_TEXT_BYTES]; /* for PRIVACY_HASHED; empty: a random one for this run */
    char redis_url[CONFIG_TEXT_BYTES];   /* redis://[user:password@]host[:port][/db] or unix:///path; empty: none */
    char redis_prefix[64];
    uint64_t redis_stream_max;              /* events kept in the stream */
    char metrics_listen[CONFIG_TEXT_BYTES]; /* 127.0.0.1:9125, [::1]:9125 or unix:///path; empty: nowhere */
    int64_t heartbeat_s;
    char user[CONFIG_USER_BYTES]; /* whom root becomes; empty: mailspan where there is one, else nobody */
};

/* The built-in defaults. */
void config_default(struct config *config);
/* Reads a file over the defaults.  False with *problem filled; *config is then as it was.  *config must hold a
 * configuration already (config_default); what it held is freed. */
bool config_load(struct config *config, const char *path, struct problem *problem);
/* The same in a process of its own: of what the file says, a password perhaps, this one has *config and nothing else.
 */
bool config_load_apart(struct config *config, const char *path, struct problem *problem);
/* The same in two steps, the second of which opens no file: config_parse.  False with *problem filled; else free()
 * source->text.data. */
struct config_source {
    char name[CONFIG_PATH_BYTES];   /* as a person named it */
    char folder[CONFIG_PATH_BYTES]; /* absolute */
    struct span text;
};
bool config_source_read(const char *path, struct config_source *source, struct problem *problem);
/* Reads from memory; name stands in problems, folder is what relative paths start from. */
bool config_parse(struct config *config, const char *name, const char *folder, struct span text,
                  struct problem *problem);
/* Overwrites what is secret. */
void config_free(struct config *config);

/* Whether the address is of the provider's own networks, as all are when none are configured. */
bool config_is_home(const struct config *config, const struct ip_address *ip);

/* One more interface to watch.  False when this is no name or there already; *problem then has no place. */
bool config_add_interface(struct config *config, const char *name, struct problem *problem);

/* A sensor that runs takes some options from a file that was read again, and the others when it is started next.
 * Names the options of one of these kinds that differ, as "ports, limits.flows"; what finds no room is left out.  False
 * when none does. */
bool config_changes(const struct config *a, const struct config *b, bool live, char *text, size_t size);
/* Of those that are not taken from a file that was read again *next gets what the running one has. */
void config_keep_running(struct config *next, const struct config *running);

/* The options one by one, for help and documentation: false when there is no i-th. */
struct option_help {
    const char *path;   /* "capture.buffer_mib" */
    const char *preset; /* its default, as YAML */
    char expected[96];  /* "a whole number from 1 to 2047" */
    const char *help;
    bool live; /* a sensor that runs takes it from a file that was read again */
};
bool config_help(unsigned i, struct option_help *help);

/* redis://[user:password@]host[:port][/db], unix:///path; false when it is neither.  Used by the command line too:
 * the problem has no file and no line, and never repeats the URL, which may hold a password. */
struct redis_target {
    char host[CONFIG_TEXT_BYTES]; /* or the socket's path */
    bool unix_socket;
    uint16_t port;
    unsigned database;
    char user[64], password[128];
};
bool redis_target_parse(const char *url, struct redis_target *target, struct problem *problem);
/* Overwrites user and password: for who only connects, and before a target ends that lay on the stack. */
void redis_target_forget(struct redis_target *target);

/* Where metrics are served: ADDRESS:PORT of loopback, or unix:///path; false when it is neither.  The problem has no
 * file and no line. */
struct metrics_target {
    bool unix_socket;
    struct ip_address ip;
    uint16_t port;
    char path[108]; /* sun_path of unix(7) */
};
bool metrics_target_parse(const char *text, struct metrics_target *target, struct problem *problem);

static inline bool port_is_set(const uint8_t ports[8192], uint16_t port) {
    return (ports[port >> 3] >> (port & 7) & 1) != 0;
}

static inline void port_set(uint8_t ports[8192], uint16_t port) {
    ports[port >> 3] = (uint8_t)(ports[port >> 3] | 1u << (port & 7));
}

#endif
