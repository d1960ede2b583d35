#ifndef MODEL_HOLDS_H
#define MODEL_HOLDS_H

/*
 * holds: what a place can hold by its type, as a database declares it. A date
 * may have the digits of an id, but is none.
 */
enum holds {
	HOLDS_ANY,
	HOLDS_FRACTION, /* of floating point, or with decimals */
	HOLDS_TIME,     /* dates, times, spans of time */
	HOLDS_TRUTH,    /* true or false, bits */
	HOLDS_UUID,
	HOLDS_COUNTER, /* numbers that the server gives, one after the other */
	HOLDS__COUNT
};

#endif
