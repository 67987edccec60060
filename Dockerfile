# The service. The base image brings Node 24, so the project's own copy and the embedded PostgreSQL stay out.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
RUN npx nest build && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS sandbox
WORKDIR /app
ENV NODE_ENV=development
COPY --from=build /app/node_modules node_modules
COPY package.json ./
COPY sandbox sandbox
USER node
EXPOSE 8484
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://localhost:8484/__test/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "sandbox/server.ts", "8484"]

# Last, so that `docker build .` makes the service.
FROM node:24-bookworm-slim AS service
WORKDIR /app
ENV NODE_ENV=production PORT=8080 TZ=UTC
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY migrations migrations
COPY scripts/small-heap.cjs ./
USER node
EXPOSE 8080
# Readiness is the load balancer's question; a process whose database is away must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://localhost:${process.env.PORT}/oppijanumerorekisteri-service/actuator/health/liveness`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["./small-heap.cjs", "dist/bin/main.js"]
