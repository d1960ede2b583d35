#ifndef DETECT_DECIDE_EVIDENCE_H
#define DETECT_DECIDE_EVIDENCE_H

#include "detect/work.h"

/*
 * evidence: what stands around a stretch and what that does to its score.
 *
 * The points, in one place:
 *   +10 grouped as people write it      -50 part of a longer id
 *                                       -70 part of a longer number
 *   +10 alone in its line or field      -30 in a path, URL or amount
 *   +30 a word of the type is near      -30 a word against it is close
 *   +35 that word is its key or column  -30 no word, and all digits below 6,
 *   +30 its column is full of the type      a date and time, or ungrouped and
 *   +35 a card's month and year follow      made up or beside others as long
 *                                       -30 no word, and few of its column
 *                                         pass as the type
 *                                       -20 no word, but one for another type
 *                                         that is written so, or a blank and a
 *                                         short group of digits before it
 *                                       -55 words of many countries only, and
 *                                         one that such a type has for itself;
 *                                         or letters of another country's VAT
 *                                         before it
 */
#define POINTS_GROUPED 10
#define POINTS_ALONE   10
#define POINTS_WORD    30
#define POINTS_KEY     35
#define POINTS_AGAINST 30
#define POINTS_INSIDE  50
#define POINTS_LONGER  70
#define POINTS_PATH    30
#define POINTS_LOW     30
#define POINTS_LIKE    30
#define POINTS_CHANCE  30
#define POINTS_OTHER   20
/* the most that evidence can add */
#define POINTS_BEST (POINTS_GROUPED + POINTS_ALONE + POINTS_KEY)

/* A letter, digit or _ does not touch it, but for \n, \t, %B, ?31 before it. */
bool evidence_free(struct span text, size_t start, size_t end);

/* Neither digits of a decimal fraction nor an amount go on at its ends. */
bool evidence_whole(struct span text, size_t start, size_t end);

/*
 * Twelve digits or more and none above five: orders of strokes, ratings, codes
 * of a small base. Of cards it is one in two thousand.
 */
bool evidence_low_digits(struct span digits);

/*
 * Six equal digits in a row, or seven that count up or down: numbers that
 * people make up. Of random ones of 16 digits it is one in nine thousand.
 */
#define MADE_UP_SAME  6
#define MADE_UP_STEPS 7
bool evidence_made_up(struct span digits);

/*
 * Twelve or fourteen digits that are a year from 1970 to 2049, month, day,
 * hour, minute and perhaps second: of random ones it is one in five thousand.
 */
bool evidence_stamp(struct span digits);

/*
 * Nothing but blanks lies between it and another number of as many digits,
 * which one that has no check digit of Luhn's is: a column of numbers, of which
 * one in ten has it by chance.
 */
bool evidence_among_others(struct span text, size_t start, size_t end);

/*
 * Alone in its line, in an item of a list, a field of a table or in quotes;
 * brackets around it are no company.
 */
bool evidence_alone(struct span text, size_t start, size_t end);

/* Three blanks on either side: a field of fixed width. */
bool evidence_columned(struct span text, size_t start, size_t end);

/* Points of the bytes at both ends: dashes, paths, amounts. */
void evidence_edges(struct span text, size_t start, size_t end, uint8_t sep,
		    struct verdict *v);

/*
 * Words for and against, near it and at the head of its column. A weak claim
 * (below POINTS_WEAK) believes no word of another line.
 */
#define POINTS_WEAK         35
#define POINTS_WEAK_CHECKED 30 /* of one whose check digit is right */
void evidence_words(struct detect_scratch *s, const struct data_type *t,
		    size_t start, size_t end, struct verdict *v);

/* The same of a stretch that is heard (hear.h). */
void evidence_heard(struct detect_scratch *s, uint16_t type, struct verdict *v);

/* The words near the stretch into s->nearby, once a stretch. */
void evidence_nearby(struct detect_scratch *s, size_t start, size_t end);

/* Runs a chain of checks; false when the value is none. */
bool evidence_chain(const struct check *checks, size_t count, struct span value,
		    struct verdict *v);
/* That of the type. */
bool evidence_checks(const struct data_type *t, struct span value,
		     struct verdict *v);

/* One of the well-known test values of the type. */
bool evidence_test(const struct data_type *t, struct span value);

#endif
