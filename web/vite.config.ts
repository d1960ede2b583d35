import { defineConfig } from 'vitest/config';

/*
 * The master serves dist/ under a content security policy without inline
 * anything, so nothing may be inlined as data: and no polyfill is injected.
 */
export default defineConfig({
	esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
	build: {
		target: 'es2022',
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		chunkSizeWarningLimit: 200,
		reportCompressedSize: false,
	},
	worker: { format: 'es' },
	server: {
		port: 5173,
		proxy: { '/api': { target: 'http://127.0.0.1:8043' } },
	},
	test: {
		environment: 'happy-dom',
		include: ['test/**/*.test.{ts,tsx}'],
		reporters: ['default'],
	},
});
