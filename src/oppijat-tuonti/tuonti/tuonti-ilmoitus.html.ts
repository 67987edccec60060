/** Subject of the mail that tells of an import whose persons could not all be identified. */
export const ILMOITUS_OTSIKKO = 'Virkailijan opintopolku: oppijoiden tuonti suoritettu';

/**
 * The mail, HTML in Finnish, as it has always been (docs/spec/duplicates-tuonti-yleistunniste.md#10.2). Nothing in it tells of an
 * import or a person.
 * @param linkki address of the user interface where errors are corrected
 */
export function toIlmoitusHtml(linkki: string): string {
  const [otsikko, href] = [escape(ILMOITUS_OTSIKKO), escape(linkki)];
  return `<!doctype html>
<html lang="fi">
    <head>
        <meta charset="utf-8">
        <title>${otsikko}</title>
        <style>
            body {
                background: #F6F4F0;
            }
            .box {
                background: #FFFFFF;
                padding: 1em 2em;
                margin: 2em 4em;
            }
        </style>
    </head>
    <body>
        <div class="box">
            <h3>${otsikko}</h3>
            <p>Hei,</p>
            <p>käynnistämänne oppijoiden tuonnin oppijat on käsitelty, mutta kaikkia ei onnistuttu yksilöimään.</p>
            <p>Voitte korjata virheet käyttöliittymästä: <a href="${href}">${href}</a></p>
        </div>
        <div class="box" style="text-align: right;">
            <img src="http://www.oph.fi/instancedata/prime_product_julkaisu/oph/pics/opetushallitus2.gif" alt="Opetushallitus" />
        </div>
    </body>
</html>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
