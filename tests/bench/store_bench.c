/*
 * store_bench [MATCHES]: CPU time and bytes a match of ingest with everything
 * on (three summaries, folders, indexes, synchronous=FULL), then of the queries
 * that the console asks. Ratios to compare with are in the room's README.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/must.h"
#include "fake/store_world.h"
#include "master/store/q_findings.h"
#include "master/store/q_overview.h"
#include "master/store/q_targets.h"

#define A_BATCH  2000 /* matches */
#define A_FILE   5    /* matches */
#define TARGETS  20
#define A_CHANGE 64 /* folders of one target */

static double
cpu_seconds(void)
{
	struct rusage u;

	must(getrusage(RUSAGE_SELF, &u) == 0);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double
wall_seconds(void)
{
	struct timespec t;

	must(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct load {
	struct store_world w;
	uint64_t agents[TARGETS], tasks[TARGETS], seqs[TARGETS];
	struct batch batch;
	char (*paths)[96];
	uint64_t files;
};

static void
set_up(struct load *l)
{
	world_open(&l->w);
	l->agents[0] = l->w.agent;
	l->tasks[0] = world_scan(&l->w, "/", "");
	for (int i = 1; i < TARGETS; i++) {
		uint64_t target = 0;
		char name[32], group[16];

		snprintf(name, sizeof(name), "host-%02d", i);
		snprintf(group, sizeof(group), "group-%d", i % 5);
		l->agents[i] = world_agent(&l->w, name, group, &target);
		l->tasks[i] = world_task(&l->w, 1, l->agents[i], target);
	}
	batch_init(&l->batch);
	l->batch.objects = calloc(A_BATCH, sizeof(*l->batch.objects));
	l->batch.findings = calloc(A_BATCH, sizeof(*l->batch.findings));
	l->paths = calloc(A_BATCH, sizeof(*l->paths));
	must(l->batch.objects != NULL && l->batch.findings != NULL &&
	     l->paths != NULL);
}

static void
make_match(struct load *l, size_t file, size_t k)
{
	static const char *const types[] = {"card_visa", "email", "us_ssn",
					    "iban"};
	struct batch_finding *f = &l->batch.findings[l->batch.finding_count++];

	*f = (struct batch_finding){.object = (uint32_t)file};
	f->finding =
	    (struct finding){.type = span_str(types[(l->files + k / 3) % 4]),
			     .offset = k * 70,
			     .length = 16,
			     .confidence = 90,
			     .level = 1 + k % 2,
			     .reasons = 7,
			     .masked = span_str("411111******1111"),
			     .context = span_str("customer 4711; card "
						 "411111******1111; 12/29")};
	memcpy(f->fingerprint, &l->files, sizeof(f->fingerprint));
}

static void
make_batch(struct load *l, int target)
{
	l->batch.object_count = l->batch.finding_count = 0;
	l->batch.task = l->tasks[target];
	for (size_t i = 0; i < A_BATCH / A_FILE; i++, l->files++) {
		snprintf(l->paths[i], sizeof(l->paths[i]),
			 "/srv/exports/2025/department-%02" PRIu64
			 "/quarter-%" PRIu64 "/orders-%08" PRIu64 ".sql",
			 l->files / 400 % A_CHANGE, l->files % 4, l->files);
		l->batch.objects[l->batch.object_count++] =
		    (struct object){.path = span_str(l->paths[i]),
				    .size = 40000,
				    .read = 40000,
				    .mtime = 1795300000,
				    .mode = 0100644,
				    .coverage = COVERAGE_FULL};
		for (size_t k = 0; k < A_FILE; k++)
			make_match(l, i, k);
	}
}

static double
give(struct load *l, int target)
{
	struct ingest_key key = {.agent = l->agents[target],
				 .incarnation = {1},
				 .stream = 1,
				 .seq = ++l->seqs[target]};
	struct ingest_result r;
	double before;

	make_batch(l, target);
	before = cpu_seconds();
	must(store_begin(l->w.store) == ST_OK);
	must(ingest_batch(l->w.ingest, &key, &l->batch, l->w.now, &r) == ST_OK);
	must(rollup_flush(l->w.rollup, l->w.now) == ST_OK);
	must(store_commit(l->w.store) == ST_OK);
	return cpu_seconds() - before;
}

static enum status
take_finding(void *arg, const struct finding_row *row)
{
	*(uint64_t *)arg += row->id;
	return ST_OK;
}

static enum status
take_facet(void *arg, const struct facet_row *row)
{
	*(uint64_t *)arg += row->findings;
	return ST_OK;
}

static enum status
take_heat(void *arg, const struct heat_row *row)
{
	*(uint64_t *)arg += row->findings;
	return ST_OK;
}

static enum status
take_target(void *arg, const struct target_row *row)
{
	*(uint64_t *)arg += row->findings;
	return ST_OK;
}

static enum status
take_node(void *arg, const struct node_row *row)
{
	*(uint64_t *)arg += row->findings;
	return ST_OK;
}

/* filter: "key=value key=value"; what: "list", "count", a dimension. */
static void
time_query(struct load *l, const char *what, const char *filter,
	   enum finding_sort sort)
{
	struct filter f = {.count = 0};
	struct finding_page page = {.sort = sort, .limit = 100};
	struct finding_count n;
	char text[256], *word, *rest = NULL;
	uint64_t sum = 0;
	double from;

	snprintf(text, sizeof(text), "%s", filter);
	for (word = strtok_r(text, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');

		must(value != NULL);
		must(filter_add(&f, span_of(word, (size_t)(value - word)),
				span_str(value + 1)) == ST_OK);
	}
	from = wall_seconds();
	if (strcmp(what, "list") == 0)
		must(q_findings_list(l->w.store, &f, &page, take_finding,
				     &sum) == ST_OK);
	else if (strcmp(what, "count") == 0)
		must(q_findings_count(l->w.store, &f, &n) == ST_OK);
	else
		must(q_findings_facet(l->w.store, &f, what, 20, take_facet,
				      &sum) == ST_OK);
	printf("  %8.2f ms  %s %s\n", (wall_seconds() - from) * 1e3, what,
	       filter);
}

static void
time_overview(struct load *l)
{
	struct overview_totals t;
	uint64_t sum = 0;
	struct node_page page = {.limit = 100};
	double from = wall_seconds();

	must(q_overview_totals(l->w.store, 0, 0, &t) == ST_OK);
	must(q_overview_heat(l->w.store, take_heat, &sum) == ST_OK);
	must(q_overview_worst(l->w.store, 7, take_target, &sum) == ST_OK);
	must(q_overview_newest(l->w.store, 5, take_finding, &sum) == ST_OK);
	printf("  %8.2f ms  overview\n", (wall_seconds() - from) * 1e3);
	from = wall_seconds();
	must(q_targets_children(l->w.store, span_str("t:1"), &page, take_node,
				&sum) == ST_OK);
	printf("  %8.2f ms  folders of a target\n",
	       (wall_seconds() - from) * 1e3);
}

int
main(int argc, char **argv)
{
	uint64_t want = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
	struct load l = {.files = 0};
	struct stat st;
	double cpu = 0, wall;
	uint64_t given = 0;

	set_up(&l);
	wall = wall_seconds();
	for (; given < want; given += A_BATCH) {
		cpu += give(&l, (int)(given / A_BATCH % TARGETS));
		if (given % 50000 < A_BATCH)
			must(store_checkpoint(l.w.store) == ST_OK);
	}
	wall = wall_seconds() - wall;
	must(store_checkpoint(l.w.store) == ST_OK);
	must(stat(l.w.file, &st) == 0);
	printf("%" PRIu64 " matches in %" PRIu64 " files, %d targets:\n", given,
	       l.files, TARGETS);
	printf("  %.1f us CPU a match, %.0f matches/s of wall time, %.0f bytes "
	       "a match\n",
	       cpu * 1e6 / (double)given, (double)given / wall,
	       (double)st.st_size / (double)given);
	time_query(&l, "list", "", SORT_RISK);
	time_query(&l, "list", "state=open", SORT_RISK);
	time_query(&l, "list", "type=iban target=3", SORT_RISK);
	time_query(&l, "list", "state=open", SORT_PATH);
	time_query(&l, "list", "q=orders-00000777", SORT_RISK);
	time_query(&l, "count", "state=open risk=critical", SORT_RISK);
	time_query(&l, "count", "q=quarter-3", SORT_RISK);
	time_query(&l, "type", "state=open", SORT_RISK);
	time_query(&l, "target", "state=open", SORT_RISK);
	time_overview(&l);
	printf("  %s\n",
	       world_is_sound(&l.w) ? "summaries = recount" : "NOT SOUND");
	batch_fini(&l.batch);
	free(l.paths);
	world_close(&l.w);
	return 0;
}
