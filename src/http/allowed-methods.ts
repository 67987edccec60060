import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';

/** Knows which methods a path has, so that a wrong one is 405 with `Allow` and not 404 (docs/spec/api.md#1.7). */
export class AllowedMethods {
  private readonly router = findMyWay({ maxParamLength: 100_000, caseSensitive: true });
  private readonly methods = new Map<string, Set<string>>();

  /** Learns every route that is declared from now on. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ method, url }) => {
      for (const one of Array.isArray(method) ? method : [method]) this.learn(one, url);
    });
  }

  /** `GET,HEAD,…,OPTIONS` for a known path, null for an unknown one. @param path without query */
  find(path: string): string | null {
    const found = this.router.find('GET', path);
    if (!found) return null;
    const known = this.methods.get((found.store as { pattern: string }).pattern) ?? new Set();
    const order = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
    return [...order.filter((m) => known.has(m)), 'OPTIONS'].join(',');
  }

  /** Every declared route as `METHOD pattern`, for tests. */
  list(): string[] {
    return [...this.methods].flatMap(([pattern, methods]) => [...methods].map((m) => `${m} ${pattern}`)).sort();
  }

  private learn(method: string, pattern: string): void {
    let known = this.methods.get(pattern);
    if (!known) {
      this.methods.set(pattern, (known = new Set()));
      this.router.on('GET', pattern, () => undefined, { pattern });
    }
    known.add(method);
  }
}
