import { html } from './html.js';

it('escapes what is put in, in elements and attributes', () => {
  const bad = `<script>"x" & 'y'</script>`;
  expect(html`<p title="${bad}">${bad}</p>`.text).toBe(
    '<p title="&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;">&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;</p>',
  );
});

it('puts together what it has made, lists included, and leaves out nothing', () => {
  const rows = ['a', '<b>'].map((name) => html`<li>${name}</li>`);
  expect(
    html`<ul>
        ${rows}
      </ul>
      ${null}${undefined}${false}${0}`.text.replace(/\n */g, ''),
  ).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0');
});
