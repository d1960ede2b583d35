/*
 * Every word the console says, a file a page. A second language is a second
 * object of the same shape.
 */
import { shell } from './shell';
import { doors } from './doors';
import { overview } from './overview';
import { findings } from './findings';
import { targets } from './targets';
import { newscan } from './newscan';
import { scans } from './scans';
import { agents } from './agents';
import { keys } from './keys';

export const w = {
	...shell,
	...doors,
	...overview,
	...findings,
	...targets,
	...newscan,
	...scans,
	...agents,
	...keys,
};
