/* Numbers with their nouns; plurals go through Intl.PluralRules. */
const rules = new Intl.PluralRules('en');
export const number = new Intl.NumberFormat('en');

export type Forms = { one: string; other: string };

/* "1 finding", "2,041 findings" */
export const n = (value: number, forms: Forms): string =>
	`${number.format(value)} ${rules.select(value) === 'one'
		? forms.one : forms.other}`;

export const finding: Forms = { one: 'finding', other: 'findings' };
export const match: Forms = { one: 'match', other: 'matches' };
export const host: Forms = { one: 'host', other: 'hosts' };
export const target: Forms = { one: 'target', other: 'targets' };
export const agent: Forms = { one: 'agent', other: 'agents' };
export const dataType: Forms = { one: 'data type', other: 'data types' };
export const core: Forms = { one: 'core', other: 'cores' };
export const object: Forms = { one: 'object', other: 'objects' };
