/* Keeps the console small: what the first page and all of it weigh, gzipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/*
 * Of all pages together it was 90 until those of targets on other hosts came;
 * each of them is fetched when it is opened, and the first page got less.
 */
const FIRST = 40_000;
const ALL = 100_000;
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const size = (file) => gzipSync(readFileSync(file), { level: 9 }).length;

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const entry = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((m) => m[1]);
const scripts = readdirSync(join(dist, 'assets')).filter((f) => f.endsWith('.js'));
const first = entry.reduce((n, f) => n + size(join(dist, f)), 0);
const all = scripts.reduce((n, f) => n + size(join(dist, 'assets', f)), 0);

const lines = [['first page JavaScript', first, FIRST], ['all JavaScript', all, ALL]];
let bad = entry.length === 0;
for (const [name, is, most] of lines) {
	if (is > most) bad = true;
	console.log(`${is > most ? 'fail' : 'pass'} budget: ${name}: `
		+ `${(is / 1000).toFixed(1)} of ${most / 1000} kB gzipped`);
}
if (/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|\sstyle=/i.test(html)) {
	console.log('fail budget: index.html has something inline');
	bad = true;
}
process.exit(bad ? 1 : 0);
