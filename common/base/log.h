#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * log: one line an event, "TIME LEVEL program[pid] words key=value ...", to
 * stderr.
 *
 * Log once, where it is decided what to do, with the ids of the thing. A
 * matched value, a secret or file content is never an argument.
 * Threads: any; a line is one write().
 */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Name shown in each line and the highest level written (default: INFO). */
void log_setup(const char *program, enum log_level level);

/* "error", "warn", "info", "debug" to a level; -1 for any other word. */
int log_level_parse(const char *word);

void log_write(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)

#endif
