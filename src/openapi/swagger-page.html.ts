import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';
import { t, type Kieli } from './tekstit/kieli.model.js';

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE =
  'nav.login { display: flex; gap: 1.5em; justify-content: flex-end; padding: .6em 1.5em; font-family: sans-serif }';
/** Of the logo, which Swagger UI draws with a style of its own; another text is a violation that the browser test sees. */
const LOGO_STYLE = '.logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}';
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the page may load and ask: this service, and tokens of the issuer. */
export const pagePolicy = ({ oauth2 }: Config): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${hashOf(STYLE)} ${hashOf(LOGO_STYLE)}`,
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(oauth2.issuer).origin}`,
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const KIRJAUDU = t('Kirjaudu sisään', 'Log in');
const KIRJAUDU_ULOS = t('Kirjaudu ulos', 'Log out');
/** Each in the language it leads to. */
const TOINEN = t('In English', 'Suomeksi');
const TOISEN_KIELI: Readonly<Record<Kieli, Kieli>> = { fi: 'en', en: 'fi' };

/** Swagger UI with a bar to change the language, to log in through CAS and out again. Relative addresses count from `/swagger-ui/`. */
export function page({ contextPath, cas }: Config, kieli: Kieli): string {
  const logout = `${cas.login.replace(/login$/, 'logout')}?service=${encodeURIComponent(`${cas.service}/swagger-ui/index.html`)}`;
  const other = TOISEN_KIELI[kieli];
  return `<!doctype html>
<html lang="${kieli}">
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
    <nav class="login"><a id="kieli" lang="${other}" hreflang="${other}" href="index.html?lang=${other}">${TOINEN[kieli]}</a><a id="login" href="${escape(contextPath)}/login">${KIRJAUDU[kieli]}</a><a id="logout" href="${escape(logout)}">${KIRJAUDU_ULOS[kieli]}</a></nav>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js" charset="UTF-8"></script>
    <script src="swagger-ui-standalone-preset.js" charset="UTF-8"></script>
    <script src="swagger-initializer.js?lang=${kieli}" charset="UTF-8"></script>
  </body>
</html>
`;
}

export function initializer({ contextPath }: Config, kieli: Kieli): string {
  const configUrl = JSON.stringify(`${contextPath}/v3/api-docs/swagger-config?lang=${kieli}`);
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
