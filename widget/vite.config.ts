/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

// `npm run dev` shows dev/index.html against a running service: API=http://127.0.0.1:8000 npm run dev
const api = process.env.API ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: process.env.VITEST ? '.' : 'dev',
  publicDir: false,
  resolve: { alias: { '/src': new URL('./src', import.meta.url).pathname } },
  server: { host: '127.0.0.1', proxy: { '/v1': api }, fs: { allow: ['..'] } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    // Hours and dates must not depend on where the tests run.
    env: { TZ: 'UTC' },
  },
});
