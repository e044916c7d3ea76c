/* The keys of messages sent: found newest first while they are there, and with their message's other keys.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../scoring/sent_index.h"

#define SMALLEST (2 * LIMIT_SENT_MAILBOXES) /* keys that the smallest index has room for: as many as are looked at */
_Static_assert(SMALLEST == LIMIT_SENT_LOOKS, "a question that all of them answer finds them all");

static const uint8_t hash_key[16] = "sixteen byte key";

static struct sent_question question(enum sent_kind kind, uint8_t scope, uint64_t hash) {
    return (struct sent_question){.kind = kind, .scope.bytes[15] = scope, .hash = hash};
}

static struct sent_key *first(struct sent_index *index, enum sent_kind kind, uint8_t scope, uint64_t hash) {
    struct sent_question const asked = question(kind, scope, hash);
    struct sent_walk walk = sent_index_walk(index, &asked);
    return sent_index_next(index, &walk);
}

static void add(struct sent_index *index, enum sent_kind kind, uint8_t scope, uint64_t hash, uint32_t entry) {
    struct sent_question const asked = question(kind, scope, hash);
    struct sent_key const key = {.entry = entry};
    sent_index_add(index, &asked, &key);
}

static void each_question_has_its_own_answers(void **state) {
    (void)state;
    struct sent_index *index = sent_index_new(100, hash_key);
    assert_non_null(index);
    assert_null(first(index, SENT_MAILBOX, 1, 7));
    add(index, SENT_MAILBOX, 1, 7, 11);
    add(index, SENT_MESSAGE_ID, 1, 7, 22);
    add(index, SENT_MAILBOX, 2, 7, 33);
    assert_int_equal(first(index, SENT_MAILBOX, 1, 7)->entry, 11);
    assert_int_equal(first(index, SENT_MESSAGE_ID, 1, 7)->entry, 22);
    assert_int_equal(first(index, SENT_MAILBOX, 2, 7)->entry, 33);
    assert_null(first(index, SENT_MAILBOX, 1, 8));
    assert_null(first(index, SENT_EVERYONE, 1, 7));
    sent_index_free(index);
}

/* Beside a list of all that was written: whatever is among the last SMALLEST must come, newest first, and nothing
 * else. */
static void the_last_are_there_and_no_others(void **state) {
    (void)state;
    enum { ROUNDS = 20000, HASHES = 7 };
    static uint64_t written[ROUNDS];
    struct sent_index *index = sent_index_new(1, hash_key);
    uint32_t random = 5;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        random = random * 1664525u + 1013904223u;
        written[i] = 1 + (random >> 16) % HASHES;
        add(index, SENT_MAILBOX, 1, written[i], i);
        uint64_t const asked_hash = 1 + (random >> 24) % HASHES;
        struct sent_question const asked = question(SENT_MAILBOX, 1, asked_hash);
        struct sent_walk walk = sent_index_walk(index, &asked);
        for (uint32_t k = 0; k < SMALLEST && k <= i; k++) {
            if (written[i - k] != asked_hash) continue;
            const struct sent_key *key = sent_index_next(index, &walk);
            assert_non_null(key);
            assert_int_equal(key->entry, i - k);
        }
        assert_null(sent_index_next(index, &walk));
    }
    sent_index_free(index);
}

/* Messages of one to ten keys, one behind the other: entry is the message's number. */
static void keys_of_one_message(void **state) {
    (void)state;
    struct sent_index *index = sent_index_new(64, hash_key);
    uint32_t random = 9;
    for (uint32_t message = 1; message < 5000; message++) {
        random = random * 1664525u + 1013904223u;
        struct sent_key key = {.entry = message, .kept = (random >> 28) % (LIMIT_SENT_MAILBOXES + 1) & 15u};
        for (unsigned place = 0; place <= key.kept; place++) {
            struct sent_question const asked = question(SENT_MAILBOX, 1, message * 100 + place);
            key.place = place & 15u;
            sent_index_add(index, place == 0 && message % 3 == 0 ? NULL : &asked, &key);
        }
        if (message % 3 == 0) assert_null(first(index, SENT_MAILBOX, 1, message * 100)); /* it asked for none */
        for (uint32_t old = message < 40 ? 1 : message - 40; old <= message; old++) {
            for (unsigned place = 1; place <= LIMIT_SENT_MAILBOXES; place++) {
                const struct sent_key *found = first(index, SENT_MAILBOX, 1, old * 100 + place);
                if (found == NULL) continue;
                assert_int_equal(found->entry, old);
                assert_int_equal(found->place, place);
                for (unsigned other = 0; other <= found->kept; other++) {
                    const struct sent_key *sibling = sent_index_of_message(index, found, other);
                    if (other >= place) assert_non_null(sibling); /* the oldest go first */
                    if (sibling == NULL) continue;
                    assert_int_equal(sibling->entry, old);
                    assert_int_equal(sibling->place, other);
                }
                assert_null(sent_index_of_message(index, found, found->kept + 2u));
            }
        }
    }
    sent_index_free(index);
}

static void a_hundred_thousand_of_one_hash(void **state) {
    (void)state;
    struct sent_index *index = sent_index_new(1u << 17, hash_key);
    struct sent_question const asked = question(SENT_MAILBOX, 1, 7);
    for (uint32_t i = 0; i < 100000; i++) add(index, SENT_MAILBOX, 1, 7, i);
    struct sent_walk walk = sent_index_walk(index, &asked);
    unsigned looks = 0;
    while (sent_index_next(index, &walk) != NULL) looks++;
    assert_int_equal(looks, LIMIT_SENT_LOOKS);
    sent_index_free(index);
}

/* A list's post fills its bucket; who shares it must be found behind, and the post all the same. */
static void neighbours_of_a_frequent_one(void **state) {
    (void)state;
    enum { CAPACITY = 256, ROUNDS = 20000, HASHES = 1000, FREQUENT = 1 };
    static uint64_t written[ROUNDS];
    struct sent_index *index = sent_index_new(CAPACITY, hash_key);
    uint32_t random = 3;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        random = random * 1664525u + 1013904223u;
        written[i] = (random >> 30) != 0 ? FREQUENT : 2 + (random >> 16) % HASHES;
        add(index, SENT_MAILBOX, 1, written[i], i);
        for (uint64_t hash = FREQUENT; hash < 2 + HASHES; hash += 1 + (random >> 20) % HASHES) {
            struct sent_question const asked = question(SENT_MAILBOX, 1, hash);
            struct sent_walk walk = sent_index_walk(index, &asked);
            unsigned equal = 0;
            for (uint32_t k = 0; k < CAPACITY && k <= i && equal < LIMIT_SENT_LOOKS; k++) {
                if (written[i - k] != hash) continue;
                const struct sent_key *key = sent_index_next(index, &walk);
                assert_non_null(key);
                assert_int_equal(key->entry, i - k);
                equal++;
            }
            assert_null(sent_index_next(index, &walk));
        }
    }
    sent_index_free(index);
}

static void its_size_is_bounded(void **state) {
    (void)state;
    struct sent_index *index = sent_index_new(LIMIT_SENT_DEFAULT, hash_key);
    assert_true(sent_index_memory_bytes(index) <= LIMIT_SENT_DEFAULT * 36 + 4096);
    sent_index_free(index);
    sent_index_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_question_has_its_own_answers),
        cmocka_unit_test(the_last_are_there_and_no_others),
        cmocka_unit_test(keys_of_one_message),
        cmocka_unit_test(a_hundred_thousand_of_one_hash),
        cmocka_unit_test(neighbours_of_a_frequent_one),
        cmocka_unit_test(its_size_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
