/*
 * People with an account.  A user name belongs to one person for ever; nobody
 * is deleted, only locked.
 */
#ifndef STORAGE_PEOPLE_H
#define STORAGE_PEOPLE_H

#include "crypto/hash.h"
#include "storage/store.h"

#define PERSON_TEXT_MAX 200u     /* bytes of each text */
#define PERSON_PASSWORD_MAX 128u /* bytes of libsodium's encoded hash */

/* Roles; one person has exactly one (the administrator no business role). */
enum person_role {
	ROLE_NOBODY,
	ROLE_CLERK,         /* VT văn thư */
	ROLE_LEADER,        /* LĐ lãnh đạo */
	ROLE_HEAD,          /* TP trưởng phòng */
	ROLE_STAFF,         /* CV chuyên viên */
	ROLE_ADMINISTRATOR, /* QT quản trị */
	ROLE_COUNT_PEOPLE
};

struct person {
	uint64_t id;
	uint8_t role; /* enum person_role */
	bool locked;
	bool must_change; /* the password was given by somebody else */
	uint16_t unit;
	struct bytes name;      /* user name, lower case */
	struct bytes full_name; /* UTF-8, NFC */
	struct bytes title;     /* "Giám đốc" */
	struct bytes password;  /* Argon2id, encoded */
	uint8_t cert[HASH_LEN]; /* his own certificate; zeros: none */
};

/* Views of the texts live as long as the transaction. */
CHECKED enum fail
people_get(struct txn *txn, uint64_t id, struct person *person);
CHECKED enum fail
people_find(struct txn *txn, struct bytes name, struct person *person);

/* A new person; id is given here.  FAIL_EXISTS: the name is or was taken. */
CHECKED enum fail people_add(struct txn *txn, struct person *person);

/* Replace what is stored of a person; the name cannot change. */
CHECKED enum fail people_put(struct txn *txn, const struct person *person);

typedef enum fail people_visit(void *context, const struct person *person);
CHECKED enum fail
people_each(struct txn *txn, people_visit *visit, void *context);

/* "Văn thư", "Lãnh đạo", … */
const char *person_role_name(enum person_role role);

#endif
