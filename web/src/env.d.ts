/// <reference types="vite/client" />

/* What we use of Trusted Types; absent in browsers that lack them. */
interface OwnScriptURL {
	toString(): string;
}

declare var trustedTypes: {
	createPolicy(
		name: string,
		rules: { createScriptURL(url: string): string },
	): { createScriptURL(url: string): OwnScriptURL };
} | undefined;
