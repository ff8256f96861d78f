// @vitest-environment node
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { Client, retryAfter } from '../src/api/client';
import { isAbort, Refused, Unavailable } from '../src/api/errors';
import { answer, item, json, serve, type Handler } from './service';

let end: (() => Promise<void>) | undefined;
afterEach(async () => end?.());

const never = new AbortController().signal;

async function client(handler: Handler, change: Partial<ConstructorParameters<typeof Client>[0]> = {}) {
  const { base, close } = await serve(handler);
  end = close;
  return new Client({ base, key: '', lang: 'fr', network: '', ...change });
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

describe('a page of another origin', () => {
  const page = 'https://portal.example';

  it('that is kept from the answers of a service that lives may not ask, and does not ask on', async () => {
    const asked: string[] = [];
    const service = await client(
      (request, response) => {
        asked.push((request.url ?? '').replace(/\?.*/, ''));
        if (request.url === '/healthz') response.end('{}');
        else response.destroy();
      },
      { page },
    );
    const error = await failure(service.search({}, never));
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).status).toBe(403);
    expect(asked).toEqual(['/v1/providers', '/healthz', '/v1/providers']);
  });

  it('whose link broke once has its answer at the second try', async () => {
    let tries = 0;
    const service = await client(
      (request, response) => {
        if (request.url === '/healthz') response.end('{}');
        else if (tries++ === 0) response.destroy();
        else json(response, 200, answer([item('1')]));
      },
      { page },
    );
    expect((await service.search({}, never)).items).toHaveLength(1);
  });

  it('waits for a service that is away', async () => {
    const service = await client((_request, response) => response.destroy(), { page });
    expect(await failure(service.search({}, never))).toBeInstanceOf(Unavailable);
  });
});

describe('a question', () => {
  it('goes out as a simple request: no header of ours, no cookie, no preflight', async () => {
    let asked: IncomingMessage | undefined;
    const service = await client((request, response) => {
      asked = request;
      json(response, 200, answer([item('1')]));
    });
    const { items } = await service.search({ near: 'Goma & Gisenyi', type: 'clinic,hospital' }, never);
    expect(items[0]?.name).toBe('Clinic 1');
    expect(asked?.method).toBe('GET');
    expect(asked?.url).toBe('/v1/providers?near=Goma+%26+Gisenyi&type=clinic%2Chospital&lang=fr');
    for (const header of ['cookie', 'authorization', 'content-type']) expect(asked?.headers).not.toHaveProperty(header);
  });

  it('carries the key and the network of the reader’s plan, unless another network is asked for', async () => {
    const asked: string[] = [];
    const service = await client(
      (request, response) => {
        asked.push(request.url ?? '');
        json(response, 200, answer([]));
      },
      { key: 'pk_1', network: 'essential' },
    );
    await service.search({}, never);
    await service.search({ network: 'worldwide' }, never);
    await service.listing('7', {}, never);
    expect(asked).toEqual([
      '/v1/providers?network=essential&lang=fr&key=pk_1',
      '/v1/providers?network=worldwide&lang=fr&key=pk_1',
      '/v1/providers/7?network=essential&lang=fr&key=pk_1',
    ]);
  });

  it('for the next page follows the link, without counting facets again', async () => {
    let asked = '';
    const service = await client((request, response) => {
      asked = request.url ?? '';
      json(response, 200, answer([]));
    });
    await service.follow('/v1/providers?near=Goma&facets=type&cursor=abc%3D&lang=en&limit=60', never);
    const url = new URL(asked, 'http://x');
    expect(Object.fromEntries(url.searchParams)).toEqual({ near: 'Goma', facets: 'none', cursor: 'abc=', lang: 'fr', limit: '20' });
  });

  it('lies below a path where the service does', async () => {
    let asked = '';
    const { base, close } = await serve((request, response) => {
      asked = request.url ?? '';
      json(response, 200, { items: [] });
    });
    end = close;
    await new Client({ base: `${base}/care/`, key: '', lang: 'en', network: '' }).places('Gom', never);
    expect(asked).toBe('/care/v1/places?q=Gom&limit=7&lang=en');
  });

  it('for the codes is asked once, and again after a failure only', async () => {
    let times = 0;
    const service = await client((_, response) => {
      times++;
      if (times === 1) json(response, 503, {});
      else json(response, 200, { countries: [] });
    });
    await failure(service.codes());
    await Promise.all([service.codes(), service.codes()]);
    await service.codes();
    expect(times).toBe(2);
  });
});

describe('a refusal', () => {
  it('says which parameter was wrong and what is allowed', async () => {
    const problem = {
      type: '/docs#problem-invalid-request',
      title: 'The request cannot be understood',
      detail: 'near: not known',
      errors: [{ parameter: 'near', message: 'not known', allowed: ['Goma'] }],
    };
    const service = await client((_, response) => json(response, 400, problem));
    const error = await failure(service.search({ near: 'Gomma' }, never));
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).message).toBe('near: not known');
    expect((error as Refused).fault('near')?.allowed).toEqual(['Goma']);
    expect((error as Refused).fault('q')).toBeUndefined();
  });

  it('is one too without a problem document', async () => {
    const service = await client((_, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html' });
      response.end('<h1>404</h1>');
    });
    expect(await failure(service.listing('1', {}, never))).toMatchObject({ name: 'Refused', status: 404 });
  });
});

describe('a failure that passes', () => {
  it.each([429, 500, 502, 503, 504])('%i: says when to come back', async (status) => {
    const service = await client((_, response) => json(response, status, {}, { 'Retry-After': '7' }));
    const error = await failure(service.search({}, never));
    expect(error).toMatchObject({ name: 'Unavailable', retryAfterS: 7, busy: status === 429 });
  });

  it('is a link that breaks', async () => {
    const service = await client((request) => request.socket.destroy());
    expect(await failure(service.search({}, never))).toBeInstanceOf(Unavailable);
  });

  it('is an answer that breaks off, or is none of the service’s', async () => {
    const short = await client((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"items": [');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failure(short.search({}, never))).toBeInstanceOf(Unavailable);
    await end?.();
    const portal = await client((_, response) => response.end('<html>Sign in</html>'));
    expect(await failure(portal.search({}, never))).toBeInstanceOf(Unavailable);
  });
});

describe('a question that is no longer wanted', () => {
  it.each(['before it is answered', 'in the middle of the answer'])('ends %s', async (moment) => {
    let closed = false;
    const service = await client((request, response) => {
      request.socket.on('close', () => (closed = true));
      if (moment === 'in the middle of the answer') response.writeHead(200).write('{');
    });
    const wanted = new AbortController();
    const failed = failure(service.search({}, wanted.signal));
    setTimeout(() => wanted.abort(), 50);
    expect(isAbort(await failed)).toBe(true);
    await expect.poll(() => closed).toBe(true);
  });

  it('is not even asked where it was so from the beginning', async () => {
    let times = 0;
    const service = await client(() => times++);
    expect(isAbort(await failure(service.search({}, AbortSignal.abort())))).toBe(true);
    expect(times).toBe(0);
  });
});

it('a report goes out with the key of its attempt', async () => {
  const got: { method: string | undefined; key: unknown; body: unknown }[] = [];
  const service = await client((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      got.push({ method: request.method, key: request.headers['idempotency-key'], body: JSON.parse(body) as unknown });
      json(response, 201, { id: 'x' });
    });
  });
  await service.report('7', { kind: 'closed', text: '' }, 'a1', never);
  expect(got).toEqual([{ method: 'POST', key: 'a1', body: { kind: 'closed', text: '' } }]);
});

describe('the time to wait', () => {
  const headers = (values: Record<string, string>) => new Headers(values);
  it('is given in seconds, as a date, or by an empty rate limit', () => {
    expect(retryAfter(headers({ 'Retry-After': '30' }))).toBe(30);
    expect(retryAfter(headers({ 'Retry-After': 'Wed, 25 Nov 2026 20:00:10 GMT' }), Date.parse('2026-11-25T20:00:00Z'))).toBe(10);
    expect(retryAfter(headers({ 'Retry-After': 'Wed, 25 Nov 2026 19:00:00 GMT' }), Date.parse('2026-11-25T20:00:00Z'))).toBe(0);
    expect(retryAfter(headers({ RateLimit: '"default";r=0;t=42' }))).toBe(42);
  });

  it('is unknown where nothing of use is said', () => {
    expect(retryAfter(headers({}))).toBeNull();
    expect(retryAfter(headers({ 'Retry-After': 'soon' }))).toBeNull();
    expect(retryAfter(headers({ RateLimit: '"default";r=3;t=42' }))).toBeNull();
  });
});
