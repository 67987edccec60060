/** Rights of OPPIJANUMEROREKISTERI, as käyttöoikeuspalvelu names them. */
export type Oikeus =
  | 'DUPLICATE_READ'
  | 'DUPLIKAATTINAKYMA'
  | 'HENKILON_RU'
  | 'KOTIKUNTAHISTORIA'
  | 'MANUAALINEN_YKSILOINTI'
  | 'OPPIJOIDENTUONTI'
  | 'READ'
  | 'REKISTERINPITAJA'
  | 'REKISTERINPITAJA_READ'
  | 'TUONTIDATA_READ'
  | 'TURVAKIELTOKOTIKUNTAHISTORIA'
  | 'VTJ_VERTAILUNAKYMA'
  | 'YKSILOINNIN_PURKU'
  | 'YLEISTUNNISTE_LUONTI';

/** Rights by service, e.g. `{ OPPIJANUMEROREKISTERI: ['READ'] }`: one of them is enough. */
export type PalveluRoolit = Readonly<Record<string, readonly string[]>>;

/** One of these rights of OPPIJANUMEROREKISTERI. */
export const onr = (...oikeudet: readonly Oikeus[]): PalveluRoolit => ({ OPPIJANUMEROREKISTERI: oikeudet });

/** Over a person whom the caller reads. */
export const READ_RIGHTS = onr('READ', 'HENKILON_RU');
/** Over a person or a service user whom the caller reads. */
export const READ_RIGHTS_WITH_SERVICE_USERS: PalveluRoolit = { ...READ_RIGHTS, KAYTTOOIKEUS: ['PALVELUKAYTTAJA_CRUD'] };
/** Over a person or a service user whom the caller changes. */
export const UPDATE_RIGHTS: PalveluRoolit = { KAYTTOOIKEUS: ['PALVELUKAYTTAJA_CRUD'], ...onr('HENKILON_RU') };
