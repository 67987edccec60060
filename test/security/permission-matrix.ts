/**
 * Who may do what: what each operation answers to each caller, by whose data it is asked about. This is the table for people
 * and the one that `permissions.spec.ts` tries; nothing in it is computed. `npm run permissions` writes docs/permissions.md from it.
 *
 * Cells: 401: refused; 302: sent to the login; anything else is what an allowed caller gets for the test's persons and bodies.
 * `+`: the answer tells how the person is reached (contact details, municipality); `-`: the person is left out of a list.
 *
 * Rows of an operation: `own` (the caller is the person), `organisation` (the person belongs to the caller's organisation),
 * `turvakielto` (the same person under turvakielto), `other` (of another organisation), or `any` where nobody's data are asked for or
 * it makes no difference. Imports are the caller's own, or those of the organisations.
 */

/** Columns of the matrix: right and organisation of the caller, `-` for none. */
export const CALLERS = {
  anon: null, // without login
  none: '-', // logged in, without rights
  'RP@root': 'OPPIJANUMEROREKISTERI_REKISTERINPITAJA@root', // the superuser
  'RPR@root': 'OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ@root',
  RP: 'OPPIJANUMEROREKISTERI_REKISTERINPITAJA@yliopisto',
  RPR: 'OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ@yliopisto',
  HRU: 'OPPIJANUMEROREKISTERI_HENKILON_RU@yliopisto',
  READ: 'OPPIJANUMEROREKISTERI_READ@yliopisto',
  'HRU@root': 'OPPIJANUMEROREKISTERI_HENKILON_RU@root',
  'READ@root': 'OPPIJANUMEROREKISTERI_READ@root',
  TUONTI: 'OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI@yliopisto',
  TDATA: 'OPPIJANUMEROREKISTERI_TUONTIDATA_READ@yliopisto',
  YT: 'OPPIJANUMEROREKISTERI_YLEISTUNNISTE_LUONTI@yliopisto',
  DUPL: 'OPPIJANUMEROREKISTERI_DUPLICATE_READ@yliopisto',
  DUPN: 'OPPIJANUMEROREKISTERI_DUPLIKAATTINAKYMA@yliopisto',
  PURKU: 'OPPIJANUMEROREKISTERI_YKSILOINNIN_PURKU@yliopisto',
  MANU: 'OPPIJANUMEROREKISTERI_MANUAALINEN_YKSILOINTI@yliopisto',
  VTJ: 'OPPIJANUMEROREKISTERI_VTJ_VERTAILUNAKYMA@yliopisto',
  KOTI: 'OPPIJANUMEROREKISTERI_KOTIKUNTAHISTORIA@yliopisto',
  TKOTI: 'OPPIJANUMEROREKISTERI_TURVAKIELTOKOTIKUNTAHISTORIA@yliopisto',
  EIDAS: 'OPPIJANUMEROREKISTERI_EIDAS_HENKILON_LUONTI@yliopisto',
  PALV: 'KAYTTOOIKEUS_PALVELUKAYTTAJA_CRUD@yliopisto',
  OPHR: 'HENKILONHALLINTA_OPHREKISTERI@yliopisto',
} as const;

export type CallerName = keyof typeof CALLERS;
export const WHOSE = ['own', 'organisation', 'turvakielto', 'other'] as const;
export type Whose = (typeof WHOSE)[number];

const MATRIX = `
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E01 GET /cas/prequel
  any          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
E02 POST /cas/prequel
  any          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
E03 GET /henkilo
  own          302  401  200     200      200  200  200  200  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     200      200  200  200  200  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      200  200  200  200  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      200- 200- 200- 200- 200-     200-      401    401   401  401  401  401   401  401  401  401   401   401  401
E04 GET /henkilo/hakutermi=:hakutermi
  own          302  401  200     200      200  200  200  200  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     200      401  401  200  200  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      401  401  200  200  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      401  401  401  401  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
E05 GET /henkilo/yhteystieto=:arvo/oid
  own          302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      200- 200- 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E06 POST /henkilo/yhteystiedot
  own          302  401  200+    200+     200+ 200+ 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200+ 200+ 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200+ 200+ 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E07 GET /henkilo/current/hasHetu
  any          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
E08 GET /henkilo/henkiloPerusByHetu/:hetu
  own          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
  organisation 302  401  200     200      401  401  200  401  200      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      401  401  200  401  200      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      401  401  401  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E09 POST /henkilo/henkiloPerustietosByHenkiloOidList
  own          302  401  200+    200+     200+ 200+ 200+ 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200- 200- 200+ 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200- 200- 200  401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200- 200- 200- 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
E10 PUT /henkilo
  own          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
  organisation 302  401  200     401      401  401  200  401  200      401       200    401   401  401  401  401   401  401  401  401   401   200  401
  turvakielto  302  401  200     401      401  401  200  401  200      401       200    401   401  401  401  401   401  401  401  401   401   200  401
  other        302  401  200     401      401  401  401  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E11 GET /henkilo/:oid
  own          302  200+ 200+    200+     200+ 200+ 200+ 200+ 200+     200+      200+   200+  200+ 200+ 200+ 200+  200+ 200+ 200+ 200+  200+  200+ 200+
  organisation 302  401  200+    200+     401  401  200+ 200+ 200+     200+      200+   401   401  401  401  401   401  401  401  401   401   200+ 401
  turvakielto  302  401  200+    200+     401  401  200  200  200+     200+      200    401   401  401  401  401   401  401  401  401   401   200  401
  other        302  401  200+    200+     401  401  401  401  200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
E12 HEAD /henkilo/:oid
  own          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
  organisation 302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   200  401
  turvakielto  302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   200  401
  other        302  401  200     200      401  401  401  401  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
E13 DELETE /henkilo/:oid
  own          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     401      200  401  200  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     401      200  401  200  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     401      200  401  401  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E14 DELETE /henkilo/:oid/access
  own          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     401      200  401  200  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     401      200  401  200  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     401      200  401  401  401  200      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E15 GET /henkilo/:oid/master
  own          302  200+ 200+    200+     200+ 200+ 200+ 200+ 200+     200+      200+   200+  200+ 200+ 200+ 200+  200+ 200+ 200+ 200+  200+  200+ 200+
  organisation 302  401  200+    200+     401  401  200+ 200+ 200+     200+      200+   401   401  401  401  401   401  401  401  401   401   200+ 401
  turvakielto  302  401  200+    200+     401  401  200  200  200+     200+      200    401   401  401  401  401   401  401  401  401   401   200  401
  other        302  401  200+    200+     401  401  401  401  200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
E16 GET /henkilo/hetu=:hetu
  own          302  200+ 200+    200+     200+ 200+ 200+ 200+ 200+     200+      200+   200+  200+ 200+ 200+ 200+  200+ 200+ 200+ 200+  200+  200+ 200+
  organisation 302  401  200+    200+     401  401  200+ 200+ 200+     200+      200+   401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     401  401  200  200  200+     200+      200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     401  401  401  401  200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
E17 POST /henkilo
  any          302  401  400     401      400  401  401  401  401      401       401    401   400  401  401  401   401  401  401  401   401   401  401
E18 POST /henkilo/exists
  any          302  401  200     401      200  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
E19 POST /henkilo/henkilotByHenkiloOidList
  own          302  401  200+    200+     200+ 200+ 200+ 200+ 200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200- 200- 200+ 200+ 200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200- 200- 200  200  200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200- 200- 200- 200- 200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
E20 POST /henkilo/masterHenkilosByOidList
  own          302  401  200+    200+     200+ 200+ 200+ 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200- 200- 200+ 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200- 200- 200  401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200- 200- 200- 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E21 GET /henkilo/:oid/passinumerot
  any          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E22 POST /henkilo/:oid/passinumerot
  any          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E23 GET /henkilo/identification
  own          302  200+ 200+    200+     200+ 200+ 200+ 200+ 200+     200+      200+   200+  200+ 200+ 200+ 200+  200+ 200+ 200+ 200+  200+  200+ 200+
  organisation 302  401  200+    200+     401  401  200+ 200+ 200+     200+      200+   401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     401  401  200  200  200+     200+      200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     401  401  401  401  200+     200+      401    401   401  401  401  401   401  401  401  401   401   401  401
E24 GET /henkilo/:oid/identification
  own          302  401  200+    200+     200+ 200+ 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200+ 200+ 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200- 200- 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200+ 200+ 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E25 POST /henkilo/:oid/identification
  own          302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    401      200- 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E26 DELETE /henkilo/:oid/identification/:idpEntityId/*
  own          302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  200+
  organisation 302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  200+
  turvakielto  302  401  200+    401      200- 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  200-
  other        302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  200+
E27 POST /henkilo/:oid/yksiloi
  own          302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  400     401      401  401  401  401  401      401       400    401   401  401  401  401   400  401  401  401   401   401  401
  turvakielto  302  401  400     401      401  401  401  401  401      401       400    401   401  401  401  401   400  401  401  401   401   401  401
  other        302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E28 POST /henkilo/:oid/yksiloihetuton
  own          302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  400     401      401  401  401  401  401      401       400    401   401  401  401  401   400  401  401  401   401   401  401
  turvakielto  302  401  400     401      401  401  401  401  401      401       400    401   401  401  401  401   400  401  401  401   401   401  401
  other        302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E29 POST /henkilo/:oid/purayksilointi
  any          302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E30 PUT /henkilo/:oid/yksilointitiedot
  any          302  401  400     401      400  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E31 GET /henkilo/:oid/yksilointitiedot
  own          302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      401  401  401  401  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
E32 PUT /henkilo/:oid/yksilointitiedot/yliajayksiloimaton
  own          302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  400     401      401  401  401  401  401      401       400    401   401  401  401  401   401  400  401  401   401   401  401
  turvakielto  302  401  400     401      401  401  401  401  401      401       400    401   401  401  401  401   401  400  401  401   401   401  401
  other        302  401  400     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E33 GET /henkilo/yksilointitiedot
  any          302  401  200-    200-     200- 200- 401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E34 GET /henkilo/:oid/slaves
  own          302  200- 200     200      200- 200- 200- 200- 200-     200-      200-   200-  200- 200- 200- 200-  200- 200- 200- 200-  200-  200- 200-
  organisation 302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      401  401  401  401  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
E35 GET /henkilo/:oid/duplicates
  own          302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     200      401  401  401  401  401      401       200    401   401  401  200  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      401  401  401  401  401      401       200    401   401  401  200  401   401  401  401  401   401   401  401
  other        302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E36 GET /henkilo/:oid/hakemukset
  own          302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     401  401  401  401  401      401       200+   401   401  401  200+ 401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     401  401  401  401  401      401       200    401   401  401  200  401   401  401  401  401   401   401  401
  other        302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E37 GET /henkilo/duplikaatit
  own          302  401  200     200      200  200  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200+ 200+ 401  401  401      401       200+   401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200  200  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200+ 200+ 401  401  401      401       200+   401   401  401  401  401   401  401  401  401   401   401  401
E38 POST /henkilo/:oid/link
  own          302  401  404     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  404     401      401  401  401  401  401      401       401    401   401  401  404  401   401  401  401  401   401   401  401
  turvakielto  302  401  404     401      401  401  401  401  401      401       401    401   401  401  404  401   401  401  401  401   401   401  401
  other        302  401  404     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E39 POST /henkilo/:oid/forcelink
  own          302  401  404     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  404     401      401  401  401  401  401      401       401    401   401  401  401  404   401  401  401  401   401   401  401
  turvakielto  302  401  404     401      401  401  401  401  401      401       401    401   401  401  401  404   401  401  401  401   401   401  401
  other        302  401  404     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E40 DELETE /henkilo/:oid/unlink/:slaveOid
  own          302  401  200     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E41 GET /henkilo/:oidHenkilo/asiointiKieli
  own          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
  organisation 302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   200  401
  turvakielto  302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   200  401
  other        302  401  200     200      401  401  401  401  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
E42 GET /henkilo/current/asiointiKieli
  any          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
E43 GET /henkilo/current/omattiedot
  any          302  200  200     200      200  200  200  200  200      200       200    200   200  200  200  200   200  200  200  200   200   200  200
E44 GET /henkilo/:oidHenkilo/omattiedot
  any          302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E45 POST /henkilo/henkiloPerustietosByHenkiloHetuList
  own          302  401  200+    200+     200+ 200+ 200+ 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     200- 200- 200+ 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     200- 200- 200  401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     200- 200- 200- 401  200+     401       401    401   401  401  401  401   401  401  401  401   401   401  401
E46 GET /henkilo/:oid/huoltajat
  own          302  200- 200     200      200- 200- 200- 200- 200-     200-      200-   200-  200- 200- 200- 200-  200- 200- 200- 200-  200-  200- 200-
  organisation 302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   200  401
  turvakielto  302  401  200     200      401  401  200  200  200      200       200    401   401  401  401  401   401  401  401  401   401   200  401
  other        302  401  200     200      401  401  401  401  200      200       401    401   401  401  401  401   401  401  401  401   401   401  401
E47 GET /henkilo/huoltajasuhdemuutokset
  any          302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E48 GET /henkilo/huoltajasuhdemuutokset/alkaen/:at
  any          302  401  200     200      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E49 GET /s2s/oidByHetu/:hetu
  any          302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E50 POST /s2s/oidByEidas
  any          302  401  404     404      404  404  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E51 POST /s2s/duplicateHenkilos
  any          302  401  200     200      200  200  401  401  401      401       401    401   401  200  401  401   401  401  401  401   401   401  401
E52 GET /s2s/changedSince/:at
  any          302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E53 POST /s2s/changedSince/:at
  any          302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E54 POST /s2s/findOrCreateHenkiloPerustieto
  own          302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    401      200+ 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E55 GET /s2s/henkilo/list/:municipal/:birthdate
  own          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     401      200- 401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E56 POST /s2s/henkilo/perustiedotAsAdmin
  any          302  401  200     200      200  200  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E57 POST /s2s/henkilo/kotikuntahistoria
  own          302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  200+ 401   401   401  401
  organisation 302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  200+ 401   401   401  401
  turvakielto  302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  200- 401   401   401  401
  other        302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  200+ 401   401   401  401
E58 POST /s2s/henkilo/kotikuntahistoria/turvakielto
  own          302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  200-  401   401  401
  organisation 302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  200-  401   401  401
  turvakielto  302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  200+  401   401  401
  other        302  401  401     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  200-  401   401  401
E59 POST /oppija
  any          302  401  400     401      400  401  401  401  401      401       400    401   401  401  401  401   401  401  401  401   401   401  401
E60 PUT /oppija
  any          302  401  400     401      400  401  401  401  401      401       400    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E61 GET /oppija/tuonti=:id
  own          302  401  200+    200+     403  403  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     403  403  401  401  401      401       200+   401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     403  403  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     403  403  401  401  401      401       403    401   401  401  401  401   401  401  401  401   401   401  401
E62 POST /oppija/tuonti=:id
  any          302  401  200     401      200  401  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
E63 GET /oppija/tuonti=:id/perustiedot
  any          302  401  200     200      200  200  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
E64 GET /oppija/yhteenveto
  any          302  401  200     200      400  400  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
E65 GET /oppija/tuontikooste
  any          302  401  200     200      200  200  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
E66 GET /oppija/tuontidata/:tuontiId
  own          302  401  200     200      403  403  401  401  401      401       401    200   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200     200      403  403  401  401  401      401       401    200   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200     200      403  403  401  401  401      401       401    200   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200     200      403  403  401  401  401      401       401    403   401  401  401  401   401  401  401  401   401   401  401
E67 GET /oppija/muuttuneet
  own          302  401  200+    200+     400  400  401  401  401      401       200-   401   401  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  200+    200+     400  400  401  401  401      401       200+   401   401  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  200+    200+     400  400  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
  other        302  401  200+    200+     400  400  401  401  401      401       200-   401   401  401  401  401   401  401  401  401   401   401  401
E68 POST /oppija/:henkiloOid/organisaatio
  any          302  401  400     401      400  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E69 PUT /oppija/:henkiloOid/organisaatio/:organisaatioOid
  any          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E70 DELETE /oppija/:henkiloOid/organisaatio/:organisaatioOid
  any          302  401  200     401      200  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
  whose        anon none RP@root RPR@root RP   RPR  HRU  READ HRU@root READ@root TUONTI TDATA YT   DUPL DUPN PURKU MANU VTJ  KOTI TKOTI EIDAS PALV OPHR
E71 GET /yleistunniste/hae/:oid
  any          302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
E72 POST /yleistunniste/hae
  any          302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
E73 PUT /yleistunniste
  any          302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
E74 GET /yleistunniste/tuonti=:id
  own          302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
  organisation 302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
  turvakielto  302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
  other        302  401  401     401      401  401  401  401  401      401       401    401   403  401  401  401   401  401  401  401   401   401  401
E75 POST /yleistunniste/tuonti=:id
  any          302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
E76 GET /yleistunniste/tuonti=:id/perustiedot
  any          302  401  401     401      401  401  401  401  401      401       401    401   200  401  401  401   401  401  401  401   401   401  401
E77 GET /internal/oppijoidentuonti/virheet
  any          302  401  200     200      400  400  401  401  401      401       200    401   401  401  401  401   401  401  401  401   401   401  401
E78 POST /internal/oppijahaku
  any          302  401  200     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E79 GET /internal/tila
  any          302  401  200     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E80 GET /internal/tila/ajo
  any          302  401  200     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
E81 POST /internal/tila/ajo
  any          302  401  403     401      401  401  401  401  401      401       401    401   401  401  401  401   401  401  401  401   401   401  401
`;

/** Addresses that give no data of persons, and for whom they are. */
export const OTHER_ROUTES: Readonly<Record<string, string>> = {
  'GET /.well-known/oauth-protected-resource': 'everybody',
  'GET /actuator': 'everybody',
  'GET /actuator/health': 'everybody',
  'GET /actuator/health/liveness': 'everybody',
  'GET /actuator/health/readiness': 'everybody',
  'GET /actuator/prometheus': 'everybody',
  'GET /login': 'everybody logged in',
  'GET /swagger-ui.html': 'everybody',
  'GET /swagger-ui/*': 'everybody',
  'GET /v3/api-docs': 'everybody',
  'GET /v3/api-docs.yaml': 'everybody logged in',
  'GET /v3/api-docs/swagger-config': 'everybody',
};

/** Answers of one operation by whose data and by caller. */
export type Row = Readonly<Record<Whose, Readonly<Partial<Record<CallerName, string>>>>> & {
  /** Of docs/spec/api.md, e.g. `E11`. */
  readonly id: string;
};

/** The matrix by `METHOD /path`. @throws Error a line that is none, or a row with too few statuses */
export function readMatrix(): Map<string, Row> {
  const rows = new Map<string, Row>();
  const names = Object.keys(CALLERS) as CallerName[];
  let current: { id?: string } & Partial<Record<Whose, Row[Whose]>> = {};
  for (const line of MATRIX.split('\n')) {
    if (line === '' || line.startsWith('  whose')) continue;
    const operation = /^(E\d\d) (\S+ \S+)$/.exec(line);
    if (operation) {
      rows.set(operation[2]!, (current = { id: operation[1]! }) as Row);
      continue;
    }
    const [, whose, cells] = /^ {2}(any|own|organisation|turvakielto|other) +([\d +-]+)$/.exec(line) ?? [];
    const statuses = cells?.trim().split(/ +/);
    if (statuses?.length !== names.length) throw new Error(`No row of the matrix: ${line}`);
    const row = Object.fromEntries(names.map((name, i) => [name, statuses[i]!]));
    for (const one of whose === 'any' ? WHOSE : [whose as Whose]) current[one] = row;
  }
  return rows;
}
