#ifndef EXTRACT_MAIL_PSTFOLDER_H
#define EXTRACT_MAIL_PSTFOLDER_H

#include "extract/mail/pstfile.h"

/*
 * pstfolder: the folders of a store that messages were met in: what each is
 * called, with those around it, and how many messages it had so far. At most
 * PST_FOLDERS_MAX are told apart.
 */
#define PST_FOLDERS_MAX 65536
#define PST_PATH_MAX    512
#define PST_HEADS       1024

struct pst_folder {
	uint32_t nid, next;       /* next: of the same head, from 1 */
	uint32_t messages, notes; /* notes: messages that nobody sees */
	char *path;
};

struct pst_folders {
	struct pst *s;
	uint32_t top; /* the folder whose name nobody sees; 0: none */
	uint32_t heads[PST_HEADS];
	struct pst_folder *list;
	size_t count, room;
};

void pst_folders_begin(struct pst_folders *f, struct pst *s);
void pst_folders_end(struct pst_folders *f);
/* Good until the next call; NULL: no memory. */
struct pst_folder *pst_folder(struct pst_folders *f, uint32_t nid);

#endif
