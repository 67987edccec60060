import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE =
  'nav.login { display: flex; gap: 1.5em; justify-content: flex-end; padding: .6em 1.5em; font-family: sans-serif }';
/** Of the logo, which Swagger UI draws with a style of its own; another text is a violation that the browser test sees. */
const LOGO_STYLE = '.logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}';
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the page may load and ask: this service alone. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${hashOf(STYLE)} ${hashOf(LOGO_STYLE)}`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Swagger UI with a bar to log in through CAS and out again. Relative addresses count from `/swagger-ui/`. */
export function page({ contextPath, cas }: Config): string {
  const logout = `${cas.login.replace(/login$/, 'logout')}?service=${encodeURIComponent(`${cas.service}/swagger-ui/index.html`)}`;
  return `<!doctype html>
<html lang="fi">
  <head>
    <meta charset="UTF-8">
    <base href="${escape(contextPath)}/swagger-ui/">
    <title>Oppijanumerorekisteri</title>
    <link rel="stylesheet" href="swagger-ui.css">
    <link rel="stylesheet" href="index.css">
    <link rel="icon" type="image/png" href="favicon-32x32.png" sizes="32x32">
    <link rel="icon" type="image/png" href="favicon-16x16.png" sizes="16x16">
    <style>${STYLE}</style>
  </head>
  <body>
    <nav class="login"><a id="login" href="${escape(contextPath)}/login">Kirjaudu sisään</a><a id="logout" href="${escape(logout)}">Kirjaudu ulos</a></nav>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js" charset="UTF-8"></script>
    <script src="swagger-ui-standalone-preset.js" charset="UTF-8"></script>
    <script src="swagger-initializer.js" charset="UTF-8"></script>
  </body>
</html>
`;
}

export function initializer({ contextPath }: Config): string {
  const configUrl = JSON.stringify(`${contextPath}/v3/api-docs/swagger-config`);
  return `window.onload = function () {
  window.ui = SwaggerUIBundle({
    configUrl: ${configUrl},
    dom_id: '#swagger-ui',
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl],
    layout: 'StandaloneLayout',
  });
};
`;
}
